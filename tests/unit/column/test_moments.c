/* Moments out of files against a naive loop over the same answers. */
#include "sheets_of_files.h"

static const struct mg_column_engine *const engine = &mg_column_duckdb;
static struct sample *sample;

/* 1–7; "it's" is reversed; 满意度 has 4 as a missing code. */
static const struct mg_moments_column scales[SAMPLE_ANSWERS] = {
    {.low = 1, .high = 7},
    {.low = 1, .high = 7},
    {.low = 1, .high = 7},
    {.low = 1, .high = 7, .reverse = true},
    {.low = 1, .high = 7, .missing = {4}, .n_missing = 1},
};
static const uint16_t expected_columns[] = {0, 2}, perceived_columns[] = {1, 3};
static const struct mg_moments_score scores[] = {
    {.columns = expected_columns, .partners = perceived_columns, .n = 2, .min_answered = 1},
    {.columns = perceived_columns, .partners = expected_columns, .n = 2, .min_answered = 2},
};
#define K (SAMPLE_ANSWERS + 2)

static const struct mg_moments_spec spec = {
    .columns = scales, .n_columns = SAMPLE_ANSWERS, .scores = scores, .n_scores = 2};

/* ---- The naive way ---- */

static double answer(int c, int r)
{
    double v = sample->answers[c][r];
    if (!(v >= 1 && v <= 7) || (c == 4 && v == 4))
        return NAN;
    return c == 3 ? 8 - v : v;
}

static void naive_row(int r, double v[K])
{
    for (int c = 0; c < SAMPLE_ANSWERS; c++)
        v[c] = answer(c, r);
    bool first = !isnan(v[0]) && !isnan(v[1]), second = !isnan(v[2]) && !isnan(v[3]);
    double n = first + second;
    v[5] = n >= 1 ? ((first ? v[0] : 0) + (second ? v[2] : 0)) / n : NAN;
    v[6] = n >= 2 ? (v[1] + v[3]) / 2 : NAN;
}

struct naive {
    double count[K][K], weight[K][K], sum[K][K], sq[K][K], xx[K][K], rows;
};

typedef bool keep_row(int r, void *user);

static void naive_moments(const double *origin, bool weighted, int power, keep_row *keep, void *user,
                          struct naive *m)
{
    memset(m, 0, sizeof(*m));
    for (int r = 0; r < SAMPLE_ROWS; r++) {
        double v[K], w = weighted ? sample->weight[r] : 1;
        if (!(w > 0) || (keep && !keep(r, user)))
            continue;
        w = power == 2 ? w * w : w;
        naive_row(r, v);
        m->rows++;
        for (int i = 0; i < K; i++)
            for (int j = 0; j < K; j++) {
                if (isnan(v[i]) || isnan(v[j]))
                    continue;
                double x = v[i] - origin[i], y = v[j] - origin[j];
                m->count[i][j]++;
                m->weight[i][j] += w;
                m->sum[i][j] += w * x;
                m->sq[i][j] += w * x * x;
                m->xx[i][j] += w * x * y;
            }
    }
}

static void assert_near(double got, double expected, const char *what)
{
    if (!(fabs(got - expected) <= 1e-12 * (fabs(expected) + 1000)))
        fail_msg("%s: %.17g instead of %.17g", what, got, expected);
}

static void assert_same(const struct mg_moments *m, const struct naive *n)
{
    assert_int_equal((int)m->k, K);
    assert_near(m->rows, n->rows, "rows");
    for (int i = 0; i < K; i++)
        for (int j = 0; j < K; j++) {
            int at = i * K + j;
            assert_near(m->count[at], n->count[i][j], "count");
            assert_near(m->weight[at], n->weight[i][j], "weight");
            assert_near(m->sum[at], n->sum[i][j], "sum");
            assert_near(m->sq[at], n->sq[i][j], "sq");
            assert_near(m->xx[at], n->xx[i][j], "xx");
        }
}

/* ---- Helpers ---- */

static struct mg_column *open_engine(int threads)
{
    struct mg_column *column = NULL;
    assert_int_equal(engine->open(NULL, threads, &column, NULL), 0);
    return column;
}

static struct mg_moments_request request_on(bool format)
{
    return (struct mg_moments_request){
        .source = sample_source(sample, format), .spec = &spec, .columns = sample_names, .max_groups = 100};
}

static struct mg_moments_result run(struct mg_column *column, struct mg_arena *arena,
                                    const struct mg_moments_request *request)
{
    struct mg_moments_result result = {0};
    struct mg_error error = {0};
    if (engine->moments(column, arena, request, &result, &error))
        fail_msg("%s", error.message);
    return result;
}

static const bool formats[] = {false, true}; /* Parquet? */

/* ---- Tests ---- */

static void every_format_agrees_with_the_naive_loop(void **state)
{
    (void)state;
    struct mg_column *column = open_engine(2);
    for (size_t f = 0; f < ARRAY_LEN(formats); f++)
        for (int weighted = 0; weighted < 2; weighted++) {
            struct mg_arena *arena = mg_arena_new(64 << 20);
            struct mg_moments_request request = request_on(formats[f]);
            struct naive naive;
            request.weight = weighted ? "weight" : NULL;
            struct mg_moments_result result = run(column, arena, &request);
            assert_int_equal((int)result.n_groups, 1);
            naive_moments(result.groups[0].moments->origin, weighted, 1, NULL, NULL, &naive);
            assert_same(result.groups[0].moments, &naive);
            assert_true((result.groups[0].moments_squared != NULL) == weighted);
            if (weighted) {
                naive_moments(result.groups[0].moments->origin, true, 2, NULL, NULL, &naive);
                assert_same(result.groups[0].moments_squared, &naive);
            }
            mg_arena_free(arena);
        }
    engine->close(column);
}

static void out_of_range_is_counted_even_beyond_smallint(void **state)
{
    (void)state;
    char path[128], sql[512];
    struct mg_column *column = open_engine(2);
    struct mg_arena *arena = mg_arena_new(64 << 20);
    static const char *const names[] = {"x"};
    const struct mg_moments_spec one = {.columns = scales, .n_columns = 1};

    snprintf(path, sizeof(path), "%s/wide.parquet", sample->folder);
    snprintf(sql, sizeof(sql),
             "COPY (SELECT CAST(CASE WHEN i %% 1000 = 5 THEN 99999 WHEN i %% 1000 = 6 THEN 8 ELSE 1 + i %% 7 "
             "END AS INTEGER) AS x "
             "FROM range(10000) t(i)) TO '%s' (FORMAT parquet)",
             path);
    sample_sql(sql);
    struct mg_moments_request request = {.source = {.path = path}, .spec = &one, .columns = names};
    struct mg_moments_result result = run(column, arena, &request);
    assert_true(result.groups[0].moments->out_of_range[0] == 20);
    assert_true(mg_moments_count(result.groups[0].moments, 0, 0) == 9980);
    unlink(path);
    mg_arena_free(arena);
    engine->close(column);
}

static bool in_group(int r, void *user)
{
    const int *wanted = user; /* region, wave */
    return (wanted[0] < 0 || sample->region[r] == wanted[0]) &&
           (wanted[1] < 0 || sample->wave[r] == wanted[1]);
}

static int region_index(const char *text)
{
    for (int i = 0; i < 4; i++)
        if (mg_str_equal(sample_regions[i], text))
            return i;
    return -2;
}

static void groups_are_split_and_sorted_by_value(void **state)
{
    (void)state;
    static const char *const by[] = {"wave", "region"};
    struct mg_column *column = open_engine(2);
    for (size_t f = 0; f < ARRAY_LEN(formats); f++) {
        struct mg_arena *arena = mg_arena_new(64 << 20);
        struct mg_moments_request request = request_on(formats[f]);
        request.by = by;
        request.n_by = 2;
        struct mg_moments_result result = run(column, arena, &request);
        assert_int_equal((int)result.n_groups, 48);
        for (size_t g = 0; g < result.n_groups; g++) {
            struct naive naive;
            int wanted[2] = {region_index(result.groups[g].keys[1]), atoi(result.groups[g].keys[0])};
            assert_int_equal(wanted[1], (int)g / 4 + 1); /* 2 before 10 */
            naive_moments(result.groups[g].moments->origin, false, 1, in_group, wanted, &naive);
            assert_same(result.groups[g].moments, &naive);
        }
        assert_null(result.groups[3].keys[1]); /* missing comes last */
        mg_arena_free(arena);
    }
    engine->close(column);
}

static void too_many_groups_is_an_error(void **state)
{
    (void)state;
    static const char *const by[] = {"wave"};
    struct mg_column *column = open_engine(2);
    for (size_t most = 1; most < 12; most += 5) {
        struct mg_arena *arena = mg_arena_new(64 << 20);
        struct mg_moments_request request = request_on(MG_FILE_PARQUET);
        struct mg_moments_result result;
        struct mg_error error = {0};
        request.by = by;
        request.n_by = 1;
        request.max_groups = most;
        assert_int_equal(engine->moments(column, arena, &request, &result, &error), MG_E_LIMIT);
        assert_non_null(strstr(error.message, "groups"));
        mg_arena_free(arena);
    }
    engine->close(column);
}

/* Buckets partition the rows, don't depend on threads, and are all used. */
static void buckets_partition_the_rows(void **state)
{
    (void)state;
    for (size_t f = 0; f < ARRAY_LEN(formats); f++) {
        struct mg_moments_result results[2];
        struct mg_arena *arena = mg_arena_new(256 << 20);
        for (int t = 0; t < 2; t++) {
            struct mg_column *column = open_engine(1 + 3 * t);
            struct mg_moments_request request = request_on(formats[f]);
            struct naive naive;
            request.buckets = 16;
            results[t] = run(column, arena, &request);
            assert_int_equal((int)results[t].n_groups, 16);
            struct mg_moments *total = mg_moments_new(arena, K, false);
            memcpy(total->origin, results[t].groups[0].moments->origin, K * sizeof(double));
            for (size_t g = 0; g < 16; g++) {
                assert_int_equal((int)results[t].groups[g].bucket, (int)g);
                assert_true(results[t].groups[g].moments->rows > SAMPLE_ROWS / 16 / 2);
                mg_moments_merge(total, results[t].groups[g].moments);
            }
            naive_moments(total->origin, false, 1, NULL, NULL, &naive);
            assert_same(total, &naive);
            engine->close(column);
        }
        for (size_t g = 0; g < 16; g++)
            assert_memory_equal(results[0].groups[g].moments->count, results[1].groups[g].moments->count,
                                K * K * sizeof(double));
        mg_arena_free(arena);
    }
}

/* Rows with the same region share a bucket, those without one are spread by row. */
static void buckets_hold_what_belongs_together(void **state)
{
    (void)state;
    static const char *const by[] = {"region"};
    struct mg_column *column = open_engine(2);
    for (size_t f = 0; f < ARRAY_LEN(formats); f++) {
        struct mg_arena *arena = mg_arena_new(64 << 20);
        struct mg_moments_request request = request_on(formats[f]);
        request.by = by, request.n_by = 1, request.bucket_by = "region", request.buckets = 16;
        struct mg_moments_result result = run(column, arena, &request);
        size_t groups[2] = {0}; /* with a region, without */
        for (size_t g = 0; g < result.n_groups; g++)
            groups[!result.groups[g].keys[0]]++;
        assert_int_equal(groups[0], 3);
        assert_int_equal(groups[1], 16);
        mg_arena_free(arena);
    }
    engine->close(column);
}

static size_t filled(const struct mg_moments *m)
{
    size_t n = 0;
    for (size_t g = 0; g < m->buckets->n; g++)
        n += mg_moments_sums(m, g, 0).weight > 0;
    return n;
}

/* The same of the buckets of links: group by group, and against a naive loop in all. */
static void links_are_summed_by_what_belongs_together(void **state)
{
    (void)state;
    static const char *const by[] = {"region"};
    static const struct mg_moments_link links[] = {{1, 1}, {1, 2}};
    struct mg_moments_spec linked = spec;
    linked.links = links, linked.n_links = 2, linked.n_buckets = 256;
    struct mg_column *column = open_engine(2);
    for (int own = 0; own < 2; own++) {
        struct mg_arena *arena = mg_arena_new(256 << 20);
        struct mg_moments_request request = request_on(MG_FILE_PARQUET);
        request.spec = &linked, request.by = by, request.n_by = 1;
        request.bucket_by = own ? "region" : NULL;
        struct mg_moments_result result = run(column, arena, &request);
        assert_int_equal((int)result.n_groups, 4);
        for (size_t g = 0; g < 4; g++) {
            const struct mg_moments *m = result.groups[g].moments;
            double count = 0, sum = 0;
            for (size_t b = 0; b < 256; b++) {
                count += mg_moments_sums(m, b, 1).weight;
                sum += mg_moments_sums(m, b, 1).b;
            }
            assert_near(count, mg_moments_count(m, 1, 2), "rows of a link");
            assert_near(sum / count + m->origin[2], mg_moments_mean(m, 2, 1), "mean of a link");
            if (own && result.groups[g].keys[0])
                assert_int_equal((int)filled(m), 1);
            else
                assert_true(filled(m) > 200);
        }
        mg_arena_free(arena);
    }
    engine->close(column);
}

static bool kept_by_except(int r, void *user)
{
    const bool *filtered = user;
    bool all = sample->region[r] == 1 && sample->wave[r] >= 3 && sample->wave[r] <= 5;
    return !all && (!*filtered || sample->wave[r] <= 9);
}

/* What meets all conditions is left out; a missing region meets none. */
static void except_leaves_out_what_meets_all(void **state)
{
    (void)state;
    static const char *const south[] = {"south"};
    const struct mg_filter except[] = {
        {.column = "region", .op = MG_FILTER_IN, .values = south, .n_values = 1},
        {.column = "wave", .op = MG_FILTER_BETWEEN, .low = 3, .high = 5}};
    const struct mg_filter filter = {.column = "wave", .op = MG_FILTER_BETWEEN, .low = -INFINITY, .high = 9};
    struct mg_column *column = open_engine(2);
    for (size_t f = 0; f < ARRAY_LEN(formats); f++)
        for (int i = 0; i < 2; i++) {
            bool filtered = i;
            struct mg_arena *arena = mg_arena_new(64 << 20);
            struct mg_moments_request request = request_on(formats[f]);
            struct naive naive;
            request.filters = &filter, request.n_filters = filtered;
            request.except = except, request.n_except = ARRAY_LEN(except);
            struct mg_moments_result result = run(column, arena, &request);
            naive_moments(result.groups[0].moments->origin, false, 1, kept_by_except, &filtered, &naive);
            assert_true(naive.rows < SAMPLE_ROWS && naive.rows > SAMPLE_ROWS / 2);
            assert_same(result.groups[0].moments, &naive);
            mg_arena_free(arena);
        }
    engine->close(column);
}

/* Missing values are none of the different ones. */
static void different_values_are_counted(void **state)
{
    (void)state;
    static const char *const some[] = {"south", "north"};
    const struct mg_filter filters[] = {
        {.column = "region", .op = MG_FILTER_IN, .values = some, .n_values = 2},
        {.column = "wave", .op = MG_FILTER_BETWEEN, .low = 3, .high = 5}};
    int64_t without = 0, kept = 0;
    for (int r = 0; r < SAMPLE_ROWS; r++) {
        without += sample->region[r] == 3;
        kept += sample->region[r] < 2 && sample->wave[r] >= 3 && sample->wave[r] <= 5;
    }
    struct mg_column *column = open_engine(2);
    for (size_t f = 0; f < ARRAY_LEN(formats); f++) {
        struct mg_arena *arena = mg_arena_new(64 << 20);
        const struct mg_source source = sample_source(sample, formats[f]);
        struct mg_distinct d;
        struct mg_error error = {0};
        assert_int_equal(engine->distinct(column, arena, &source, "region", NULL, 0, &d, &error), 0);
        assert_true(d.rows == SAMPLE_ROWS && d.present == SAMPLE_ROWS - without && d.distinct == 3);
        assert_int_equal(engine->distinct(column, arena, &source, "wave", NULL, 0, &d, &error), 0);
        assert_true(d.rows == SAMPLE_ROWS && d.present == SAMPLE_ROWS && d.distinct == 12);
        assert_int_equal(engine->distinct(column, arena, &source, "region", filters, 2, &d, &error), 0);
        assert_true(d.rows == kept && d.present == kept && d.distinct == 2);
        assert_int_equal(engine->distinct(column, arena, &source, "regoin", NULL, 0, &d, &error),
                         MG_E_NOT_FOUND);
        mg_arena_free(arena);
    }
    engine->close(column);
}

static bool kept_by_filters(int r, void *user)
{
    (void)user;
    double p1 = sample->answers[1][r];
    return sample->region[r] != 0 && sample->wave[r] >= 3 && sample->wave[r] <= 9 && sample->wave[r] != 5 &&
           sample->region[r] != 3 && !isnan(p1);
}

static void filters_hold_together(void **state)
{
    (void)state;
    static const char *const waves[] = {"5"}, *const regions[] = {"西区", "south",
                                                                  "no such '\"; DROP TABLE x; --"};
    const struct mg_filter filters[] = {
        {.column = "region", .op = MG_FILTER_IN, .values = regions, .n_values = 3},
        {.column = "wave", .op = MG_FILTER_BETWEEN, .low = 3, .high = 9},
        {.column = "wave", .op = MG_FILTER_BETWEEN, .low = -INFINITY, .high = INFINITY},
        {.column = "wave", .op = MG_FILTER_NOT_IN, .values = waves, .n_values = 1},
        {.column = "P1", .op = MG_FILTER_BETWEEN, .low = -INFINITY, .high = INFINITY},
    };
    struct mg_column *column = open_engine(2);
    for (size_t f = 0; f < ARRAY_LEN(formats); f++) {
        struct mg_arena *arena = mg_arena_new(64 << 20);
        struct mg_moments_request request = request_on(formats[f]);
        struct naive naive;
        request.filters = filters;
        request.n_filters = ARRAY_LEN(filters);
        struct mg_moments_result result = run(column, arena, &request);
        naive_moments(result.groups[0].moments->origin, false, 1, kept_by_filters, NULL, &naive);
        assert_true(naive.rows > 500);
        assert_same(result.groups[0].moments, &naive);
        mg_arena_free(arena);
    }
    engine->close(column);
}

static void missing_and_present_split_the_rows(void **state)
{
    (void)state;
    struct mg_column *column = open_engine(2);
    for (size_t f = 0; f < ARRAY_LEN(formats); f++) {
        double rows[2];
        struct mg_arena *arena = mg_arena_new(64 << 20);
        for (int i = 0; i < 2; i++) {
            const struct mg_filter filter = {.column = "region",
                                             .op = i ? MG_FILTER_MISSING : MG_FILTER_PRESENT};
            struct mg_moments_request request = request_on(formats[f]);
            request.filters = &filter;
            request.n_filters = 1;
            rows[i] = run(column, arena, &request).groups[0].moments->rows;
        }
        double missing = 0;
        for (int r = 0; r < SAMPLE_ROWS; r++)
            missing += sample->region[r] == 3;
        assert_true(rows[1] == missing && rows[0] == SAMPLE_ROWS - missing);
        mg_arena_free(arena);
    }
    engine->close(column);
}

/* Whole answers: not a bit changes; scores: 1e-12. */
static void threads_change_nothing(void **state)
{
    (void)state;
    struct mg_arena *arena = mg_arena_new(64 << 20);
    static const int threads[] = {1, 2, 4};
    const struct mg_moments *first = NULL;
    for (size_t t = 0; t < ARRAY_LEN(threads); t++) {
        struct mg_column *column = open_engine(threads[t]);
        struct mg_moments_request request = request_on(MG_FILE_PARQUET);
        const struct mg_moments *m = run(column, arena, &request).groups[0].moments;
        first = first ? first : m;
        for (size_t i = 0; i < K; i++)
            for (size_t j = 0; j < K; j++) {
                bool whole =
                    i > 0 && i < SAMPLE_ANSWERS && j > 0 && j < SAMPLE_ANSWERS; /* E1 has fractions */
                double tolerance = whole ? 0 : 1e-12;
                size_t at = i * K + j;
                assert_true(m->count[at] == first->count[at]);
                assert_true(fabs(m->sum[at] - first->sum[at]) <= tolerance * (fabs(m->sum[at]) + 1));
                assert_true(fabs(m->xx[at] - first->xx[at]) <= tolerance * (fabs(m->xx[at]) + 1));
                assert_true(fabs(m->sq[at] - first->sq[at]) <= tolerance * (fabs(m->sq[at]) + 1));
            }
        engine->close(column);
    }
    mg_arena_free(arena);
}

static void text_counts_as_one_or_zero(void **state)
{
    (void)state;
    static const struct mg_moments_column binary = {.low = 0, .high = 1};
    static const struct mg_moments_spec one = {.columns = &binary, .n_columns = 1};
    static const char *const names[] = {"region"}, *const positive[] = {"西区"};
    struct mg_column *column = open_engine(2);
    for (size_t f = 0; f < ARRAY_LEN(formats); f++) {
        struct mg_arena *arena = mg_arena_new(64 << 20);
        const struct mg_moments_request request = {.source = sample_source(sample, formats[f]),
                                                   .spec = &one,
                                                   .columns = names,
                                                   .positive = positive};
        const struct mg_moments *m = run(column, arena, &request).groups[0].moments;
        double ones = 0, n = 0;
        for (int r = 0; r < SAMPLE_ROWS; r++) {
            ones += sample->region[r] == 2;
            n += sample->region[r] != 3;
        }
        assert_true(mg_moments_count(m, 0, 0) == n);
        assert_near(mg_moments_mean(m, 0, 0), ones / n, "share");
        mg_arena_free(arena);
    }
    engine->close(column);
}

static void no_rows_and_one_row_and_constants(void **state)
{
    (void)state;
    static const char *const contents[] = {"x,y\n", "x,y\n3,4\n", "x,y\n3,4.2\n3,4.2\n3,4.2\n"};
    static const char *const names[] = {"x", "y"}, *const by[] = {"x"};
    const struct mg_moments_spec two = {.columns = scales, .n_columns = 2};
    char path[128];
    struct mg_column *column = open_engine(2);
    snprintf(path, sizeof(path), "%s/small.csv", sample->folder);
    for (size_t i = 0; i < ARRAY_LEN(contents); i++) {
        struct mg_arena *arena = mg_arena_new(64 << 20);
        FILE *file = fopen(path, "w");
        fputs(contents[i], file);
        fclose(file);
        struct mg_moments_request request = {.source = sheet_source(path), .spec = &two, .columns = names};
        struct mg_moments_result result = run(column, arena, &request);
        const struct mg_moments *m = result.groups[0].moments;
        assert_int_equal((int)result.n_groups, 1);
        assert_true(m->rows == (double)(i == 2 ? 3 : i));
        assert_true(i ? mg_moments_mean(m, 0, 0) == 3 : isnan(mg_moments_mean(m, 0, 0)));
        assert_true(i == 2 ? mg_moments_var(m, 1, 1) == 0 : isnan(mg_moments_var(m, 1, 1)));
        assert_true(isnan(mg_moments_cor(m, 0, 1)));
        request.by = by;
        request.n_by = 1;
        assert_int_equal((int)run(column, arena, &request).n_groups, i > 0);
        unlink(path);
        mg_arena_free(arena);
    }
    engine->close(column);
}

static void an_unknown_column_is_named_with_its_neighbours(void **state)
{
    (void)state;
    static const char *const names[] = {"E1", "P2", "weigth", "x\"); DROP TABLE y; --", ""};
    struct mg_column *column = open_engine(1);
    struct mg_arena *arena = mg_arena_new(64 << 20);
    for (int i = 1; i < 5; i++) {
        const char *wrong[SAMPLE_ANSWERS];
        struct mg_moments_request request = request_on(MG_FILE_PARQUET);
        struct mg_moments_result result;
        struct mg_error error = {0};
        memcpy(wrong, sample_names, sizeof(wrong));
        wrong[2] = names[i];
        request.columns = wrong;
        assert_int_equal(engine->moments(column, arena, &request, &result, &error), MG_E_NOT_FOUND);
        assert_non_null(strstr(error.message, names[i]));
        assert_string_equal(error.field, names[i]);
        if (i == 1)
            assert_non_null(strstr(error.hint, "P1"));
        if (i == 2)
            assert_non_null(strstr(error.hint, "weight"));
    }
    mg_arena_free(arena);
    engine->close(column);
}

static void the_matrix_holds_the_rows_in_order(void **state)
{
    (void)state;
    struct mg_column *column = open_engine(2);
    for (size_t f = 0; f < ARRAY_LEN(formats); f++) {
        struct mg_arena *arena = mg_arena_new(64 << 20);
        struct mg_moments_request request = request_on(formats[f]);
        struct mg_error error = {0};
        double *values;
        size_t rows;
        request.weight = "weight";
        assert_int_equal(engine->matrix(column, arena, &request, SAMPLE_ROWS, &values, &rows, &error), 0);
        assert_int_equal((int)rows, SAMPLE_ROWS);
        for (int c = 0; c < SAMPLE_ANSWERS; c++)
            for (int r = 0; r < SAMPLE_ROWS; r++) {
                double got = values[(size_t)c * rows + (size_t)r], expected = answer(c, r);
                assert_true(isnan(expected) ? isnan(got) : got == expected);
            }
        for (int r = 0; r < SAMPLE_ROWS; r++) {
            double got = values[SAMPLE_ANSWERS * rows + (size_t)r];
            assert_true(isnan(sample->weight[r]) ? isnan(got) : got == sample->weight[r]);
        }
        assert_int_equal(engine->matrix(column, arena, &request, 100, &values, &rows, &error), MG_E_LIMIT);
        mg_arena_free(arena);
    }
    engine->close(column);
}

static int set_up(void **state)
{
    (void)state;
    sample = sample_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    sheets_close();
    sample_free(sample);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_agrees_with_the_naive_loop),
        cmocka_unit_test(out_of_range_is_counted_even_beyond_smallint),
        cmocka_unit_test(groups_are_split_and_sorted_by_value),
        cmocka_unit_test(too_many_groups_is_an_error),
        cmocka_unit_test(buckets_partition_the_rows),
        cmocka_unit_test(buckets_hold_what_belongs_together),
        cmocka_unit_test(links_are_summed_by_what_belongs_together),
        cmocka_unit_test(except_leaves_out_what_meets_all),
        cmocka_unit_test(different_values_are_counted),
        cmocka_unit_test(filters_hold_together),
        cmocka_unit_test(missing_and_present_split_the_rows),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(text_counts_as_one_or_zero),
        cmocka_unit_test(no_rows_and_one_row_and_constants),
        cmocka_unit_test(an_unknown_column_is_named_with_its_neighbours),
        cmocka_unit_test(the_matrix_holds_the_rows_in_order),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
