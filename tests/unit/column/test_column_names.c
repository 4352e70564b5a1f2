/* What columns are called makes no difference: every query on columns with hostile names (SQL's words, the
 * names that our queries use inside, quotes, control characters, other scripts) finds what it finds under
 * plain names, in CSV, Parquet and tables. */
#include "sheets_of_files.h"

#define ROWS 210
#define ROLES 4 /* perception, expectation, weight, group */

static const struct mg_column_engine *const engine = &mg_column_duckdb;
static struct mg_column *column;
static char folder[64];

static const char *const plain[ROLES] = {"PERCEIVED", "EXPECTED", "WEIGHTS", "AREA"};

static const char *const hostile[] = {"w",
                                      "k0",
                                      "k1",
                                      "n",
                                      "m",
                                      "b",
                                      "g0",
                                      "v0",
                                      "v1",
                                      "c0",
                                      "c1",
                                      "C2",
                                      "c3",
                                      "source",
                                      "bucket",
                                      "row_number",
                                      "file_row_number",
                                      "filename",
                                      "rowid",
                                      "row",
                                      "#row",
                                      "_id",
                                      "_seq",
                                      "_ID",
                                      "__id",
                                      "__Seq",
                                      "t",
                                      "s",
                                      "x",
                                      "select",
                                      "FROM",
                                      "null",
                                      "NULL",
                                      "true",
                                      "order",
                                      "group",
                                      "count",
                                      "count(*)",
                                      "*",
                                      "mg_moments",
                                      "mg_stage",
                                      "struct_pack",
                                      "isfinite",
                                      "columns",
                                      "values",
                                      "default",
                                      "$1",
                                      "?",
                                      ":a",
                                      "@a",
                                      "1",
                                      "-1",
                                      "1.5",
                                      "a.b",
                                      "a;b",
                                      "a'b",
                                      "''",
                                      "a\"b",
                                      "\"",
                                      "\"\"",
                                      "a\\b",
                                      "\\",
                                      "--",
                                      "/* a",
                                      "*/",
                                      "a\nb",
                                      "\r\n",
                                      "\t|",
                                      "\x01",
                                      "\x7f",
                                      ",",
                                      "a b",
                                      "期望",
                                      "満足度",
                                      "é",
                                      "e\xcc\x81",
                                      "\xf0\x9f\x98\x80",
                                      "İ",
                                      "ß",
                                      "a\xe2\x80\xae",
                                      "E'\\x41'",
                                      "{}",
                                      "[]",
                                      "()",
                                      "::INT"};

static void answers_of(int row, char cells[ROLES][16])
{
    snprintf(cells[0], 16, "%d", row % 7 + 1);
    snprintf(cells[1], 16, "%d", row % 5 + 2);
    snprintf(cells[2], 16, "%g", row % 4 * 0.5);
    snprintf(cells[3], 16, "%s", row % 3 == 0 ? "north" : row % 3 == 1 ? "south" : "西");
}

static void put_quoted(FILE *file, const char *text, char mark)
{
    fputc(mark, file);
    for (; *text; text++) {
        if (*text == mark)
            fputc(mark, file);
        fputc(*text, file);
    }
    fputc(mark, file);
}

static struct mg_source csv_of(const char *const names[ROLES])
{
    static char path[96];
    snprintf(path, sizeof path, "%s/names.csv", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (int c = 0; c < ROLES; c++) {
        put_quoted(file, names[c], '"');
        fputc(c + 1 < ROLES ? ',' : '\n', file);
    }
    for (int r = 0; r < ROWS; r++) {
        char cells[ROLES][16];
        answers_of(r, cells);
        fprintf(file, "%s,%s,%s,%s\n", cells[0], cells[1], cells[2], cells[3]);
    }
    fclose(file);
    return sheet_source(path);
}

static struct mg_source parquet_of(const char *const names[ROLES])
{
    static char path[96];
    static const char *const expressions[ROLES] = {
        "(r % 7 + 1)::TINYINT", "(r % 5 + 2)::INTEGER", "(r % 4) * 0.5::DOUBLE",
        "CASE r % 3 WHEN 0 THEN 'north' WHEN 1 THEN 'south' ELSE '西' END"};
    char *sql;
    size_t size;
    snprintf(path, sizeof path, "%s/names.parquet", folder);
    FILE *text = open_memstream(&sql, &size);
    for (int c = 0; c < ROLES; c++) {
        fprintf(text, "%s%s AS ", c ? ", " : "COPY (SELECT ", expressions[c]);
        put_quoted(text, names[c], '"');
    }
    fprintf(text, " FROM range(%d) t(r)) TO '%s' (FORMAT parquet)", ROWS, path);
    fclose(text);
    sample_sql(sql);
    free(sql);
    return (struct mg_source){.path = path};
}

static struct mg_source table_of(const char *const names[ROLES])
{
    static const enum mg_column_type types[ROLES] = {MG_TYPE_INTEGER, MG_TYPE_INTEGER, MG_TYPE_NUMBER,
                                                     MG_TYPE_TEXT};
    static char cells[ROWS][ROLES][16], ids[ROWS][16];
    static const char *pointers[ROWS][ROLES];
    struct mg_table_column columns[ROLES];
    struct mg_table_row rows[ROWS];
    struct mg_error error = {0};
    for (int c = 0; c < ROLES; c++)
        columns[c] = (struct mg_table_column){names[c], types[c]};
    for (int r = 0; r < ROWS; r++) {
        answers_of(r, cells[r]);
        snprintf(ids[r], sizeof ids[r], "id%d", r);
        for (int c = 0; c < ROLES; c++)
            pointers[r][c] = cells[r][c];
        rows[r] = (struct mg_table_row){.id = ids[r], .sequence = r + 1, .cells = pointers[r]};
    }
    if (engine->table_drop(column, "answers", &error) ||
        engine->table_ensure(column, "answers", columns, ROLES, &error) ||
        engine->table_apply(column, "answers", &(struct mg_table_batch){names, ROLES, rows, ROWS}, ROWS,
                            &error))
        fail_msg("%s %s %s %s: %s", names[0], names[1], names[2], names[3], error.message);
    return (struct mg_source){.table = "answers"};
}

/* ---- Everything that can be asked, as one text ---- */

struct answer {
    FILE *out;
    struct mg_arena *arena;
    struct mg_source source;
    const char *const *names;
};

static void check(int rc, const struct mg_error *error, const struct answer *answer)
{
    if (rc)
        fail_msg("%s | %s | %s | %s: %s", answer->names[0], answer->names[1], answer->names[2],
                 answer->names[3], error->message);
}

static void ask_moments(struct answer *answer, unsigned buckets, const struct mg_filter *filters,
                        size_t n_filters)
{
    static const struct mg_moments_column scales[2] = {{.low = 1, .high = 7}, {.low = 1, .high = 7}};
    static const struct mg_moments_spec spec = {.columns = scales, .n_columns = 2};
    struct mg_error error = {0};
    struct mg_moments_result result;
    struct mg_moments_request request = {.source = answer->source,
                                         .spec = &spec,
                                         .columns = answer->names,
                                         .weight = answer->names[2],
                                         .by = answer->names + 3,
                                         .n_by = 1,
                                         .buckets = buckets,
                                         .filters = filters,
                                         .n_filters = n_filters};
    double n = 0, sum = 0;
    check(engine->moments(column, answer->arena, &request, &result, &error), &error, answer);
    for (size_t g = 0; g < result.n_groups; g++) {
        const struct mg_moments *m = result.groups[g].moments;
        n += mg_moments_count(m, 0, 1);
        sum += mg_moments_weight(m, 0, 1) * mg_moments_mean(m, 0, 1);
        if (buckets == 0)
            fprintf(answer->out, "%s %g %.9g;", result.groups[g].keys[0], mg_moments_count(m, 0, 0),
                    mg_moments_cov(m, 0, 1));
    }
    fprintf(answer->out, "moments %g %.9g\n", n, sum);
}

static void ask_counts(struct answer *answer, const char *weight)
{
    struct mg_error error = {0};
    struct mg_count *counts;
    size_t n;
    const char *const names[] = {answer->names[3], answer->names[0]};
    check(engine->counts(column, answer->arena, &answer->source, names, 2, weight, NULL, 0, 100, &counts, &n,
                         &error),
          &error, answer);
    for (size_t i = 0; i < n; i++)
        fprintf(answer->out, "%s/%s %d %g;", counts[i].keys[0], counts[i].keys[1], (int)counts[i].n,
                counts[i].weight);
    fputc('\n', answer->out);
}

static void ask_matrix(struct answer *answer, const struct mg_filter *filters, size_t n_filters)
{
    static const struct mg_moments_column scales[2] = {{.low = 1, .high = 7},
                                                       {.low = 1, .high = 7, .reverse = true}};
    static const struct mg_moments_spec spec = {.columns = scales, .n_columns = 2};
    struct mg_error error = {0};
    struct mg_moments_request request = {.source = answer->source,
                                         .spec = &spec,
                                         .columns = answer->names,
                                         .weight = answer->names[2],
                                         .filters = filters,
                                         .n_filters = n_filters};
    double *values, sums[3] = {0};
    size_t rows;
    check(engine->matrix(column, answer->arena, &request, 1000, &values, &rows, &error), &error, answer);
    for (size_t c = 0; c < 3; c++)
        for (size_t r = 0; r < rows; r++)
            sums[c] += values[c * rows + r] * (double)(values[r] + 1);
    fprintf(answer->out, "matrix %zu %g %g %g\n", rows, sums[0], sums[1], sums[2]);
}

static int sum_cells(void *user, const struct mg_row_batch *batch, struct mg_error *error)
{
    struct answer *answer = user;
    (void)error;
    for (size_t r = 0; r < batch->n_rows; r++)
        for (size_t c = 0; c < batch->n_columns; c++)
            fprintf(answer->out, "%s%s", batch->cells[r * batch->n_columns + c],
                    c + 1 < batch->n_columns ? "|" : ";");
    return 0;
}

static void ask_rows(struct answer *answer, const struct mg_filter *filters, size_t n_filters)
{
    struct mg_error error = {0};
    struct mg_source_info info;
    check(engine->scan(column, &answer->source, answer->names, ROLES, filters, n_filters, 0, sum_cells,
                       answer, &error),
          &error, answer);
    check(engine->scan(column, &answer->source, NULL, 0, NULL, 0, 0, sum_cells, answer, &error), &error,
          answer);
    check(engine->describe(column, answer->arena, &answer->source, &info, &error), &error, answer);
    assert_int_equal(info.n_columns, ROLES);
    for (size_t c = 0; c < ROLES; c++) {
        assert_string_equal(info.columns[c].name, answer->names[c]);
        fprintf(answer->out, "%d %d %d %g %g %s;", (int)info.columns[c].type, (int)info.columns[c].n,
                (int)info.columns[c].n_distinct, info.columns[c].min, info.columns[c].max,
                info.columns[c].samples[0]);
    }
    check(engine->names(column, answer->arena, &answer->source, &info, &error), &error, answer);
    assert_int_equal((int)info.rows, ROWS);
    assert_string_equal(info.columns[1].name, answer->names[1]);
}

static char *ask_everything(struct mg_source source, const char *const names[ROLES])
{
    static const char *const some[] = {"north", "西"}, *const numbers[] = {"3", "4.0"};
    char *text;
    size_t size;
    struct answer answer = {.out = open_memstream(&text, &size),
                            .arena = mg_arena_new((size_t)64 << 20),
                            .source = source,
                            .names = names};
    const struct mg_filter filters[] = {
        {.column = names[3], .op = MG_FILTER_IN, .values = some, .n_values = 2},
        {.column = names[0], .op = MG_FILTER_NOT_IN, .values = numbers, .n_values = 2},
        {.column = names[1], .op = MG_FILTER_BETWEEN, .low = 2, .high = 5},
        {.column = names[2], .op = MG_FILTER_PRESENT},
    };
    ask_moments(&answer, 0, NULL, 0);
    ask_moments(&answer, 4, NULL, 0);
    ask_moments(&answer, 0, filters, ARRAY_LEN(filters));
    ask_counts(&answer, NULL);
    ask_counts(&answer, names[2]);
    ask_matrix(&answer, filters, ARRAY_LEN(filters));
    ask_rows(&answer, filters, ARRAY_LEN(filters));
    fclose(answer.out);
    mg_arena_free(answer.arena);
    return text;
}

/* ---- Tests ---- */

static bool alike(const char *const names[ROLES])
{
    for (int i = 0; i < ROLES; i++)
        for (int j = 0; j < i; j++)
            if (mg_str_equal_nocase(names[i], names[j]))
                return true;
    return false;
}

/* What a header's cell loses when it becomes a name: control characters and marks that can't be seen. */
static bool is_cleaned(const char *name)
{
    for (const char *c = name; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return true;
    return strstr(name, "\xe2\x80\xae") != NULL;
}

/* Each name in some role; in a file those that stay as they are. */
static void names_make_no_difference(struct mg_source (*source_of)(const char *const names[ROLES]),
                                     bool trims)
{
    char *expected = ask_everything(source_of(plain), plain);
    for (size_t i = trims; i < ARRAY_LEN(hostile); i += 2) {
        const char *names[ROLES];
        for (size_t c = 0; c < ROLES; c++)
            names[c] = hostile[(i + c * (i % 5 + 1)) % ARRAY_LEN(hostile)];
        bool blank = false;
        for (size_t c = 0; c < ROLES; c++)
            blank |= is_cleaned(names[c]);
        if (alike(names) || (trims && blank))
            continue;
        char *got = ask_everything(source_of(names), names);
        if (strcmp(got, expected) != 0)
            fail_msg("%s | %s | %s | %s:\n%s\ninstead of\n%s", names[0], names[1], names[2], names[3], got,
                     expected);
        free(got);
    }
    free(expected);
}

static void names_in_csv_make_no_difference(void **state)
{
    (void)state;
    names_make_no_difference(csv_of, true);
}

static void names_in_parquet_make_no_difference(void **state)
{
    (void)state;
    names_make_no_difference(parquet_of, false);
}

static void names_in_tables_make_no_difference(void **state)
{
    (void)state;
    names_make_no_difference(table_of, false);
}

/* The case that was seen: weights, and a perception called w. */
static void a_perception_called_w_is_not_its_weight(void **state)
{
    (void)state;
    static const char *const names[ROLES] = {"w", "k0", "weight", "n"};
    char *expected = ask_everything(parquet_of(plain), plain),
         *got = ask_everything(parquet_of(names), names);
    assert_string_equal(got, expected);
    free(expected);
    free(got);
}

static void a_name_too_long_is_said(void **state)
{
    (void)state;
    char *name = malloc(65537);
    memset(name, 'n', 65536);
    name[65536] = '\0';
    const char *const names[ROLES] = {name, "b", "c", "d"};
    const struct mg_source source = parquet_of(names);
    struct mg_arena *arena = mg_arena_new((size_t)64 << 20);
    struct mg_source_info info;
    struct mg_error error = {0};
    assert_int_equal(engine->describe(column, arena, &source, &info, &error), MG_E_LIMIT);
    assert_non_null(strstr(error.message, "4000 bytes"));
    assert_true(*error.hint);
    mg_arena_free(arena);
    free(name);
}

static int set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/mindgap-names-XXXXXX");
    assert_non_null(mkdtemp(folder));
    return engine->open(NULL, 2, &column, NULL);
}

static int tear_down(void **state)
{
    char path[96];
    (void)state;
    sheets_close();
    engine->close(column);
    snprintf(path, sizeof path, "%s/names.csv", folder);
    unlink(path);
    snprintf(path, sizeof path, "%s/names.parquet", folder);
    unlink(path);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_in_csv_make_no_difference),
        cmocka_unit_test(names_in_parquet_make_no_difference),
        cmocka_unit_test(names_in_tables_make_no_difference),
        cmocka_unit_test(a_perception_called_w_is_not_its_weight),
        cmocka_unit_test(a_name_too_long_is_said),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
