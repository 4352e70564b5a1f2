/* One rule for answers: what model/answer.h says of a text is what the engine makes of the same cell, in
 * moments, matrices and filters. */
#include "sheets_of_files.h"

#include "model/answer.h"

static const char *const texts[] = {
    "1",     "7",      "0",    "8",        "3.7",          "5.47",
    "2.5",   "-1",     "-9",   "99",       "99.0",         "1e0",
    "0.7e1", "+5",     " 4 ",  "NA",       "n/a",          "NaN",
    "nan",   "-",      ".",    "null",     "abc",          "3,7",
    "5%",    "inf",    "-inf", "Infinity", "7.0000000001", "0x5",
    "1_0",   "true",   "",     "   ",      "10",           "9",
    "0.1",   "0.3",    "5.",   ".5",       "1e999",        "7 points",
    "１",    "５．５", "−2",   "不清楚",   "don't know",   "k. A.",
    "6分",   "1,234",
};

static const double codes[] = {99, -9};

static const struct mg_answer_rule rules[] = {
    {.scale = {1, 7, 1}, .codes = codes, .n_codes = 2},
    {.scale = {1, 7, 1}, .codes = codes, .n_codes = 2, .reverse = true},
    {.scale = {0, 10, 1}, .codes = codes, .n_codes = 2, .answers_first = true},
    {.scale = {0, 10, 0}, .codes = codes, .n_codes = 1},
    {.scale = {0, 10, 0.1}},
    {.scale = {1, 7, 2}, .reverse = true},
    {.scale = {0.5, 7.5, 1}},
};

static struct mg_columns columns = {.engine = &mg_column_duckdb};
static char folder[] = "/tmp/mindgap-answers-XXXXXX", path[96];
static const char *const name = "x";

static int make_file(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/a.csv", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "x,y\n");
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        fprintf(file, "\"%s\",%zu\n", texts[i], i);
    fclose(file);
    return mg_columns_open(&mg_column_duckdb, NULL, 2, &columns, NULL);
}

static int remove_file(void **state)
{
    (void)state;
    sheets_close();
    mg_columns_close(&columns);
    unlink(path);
    return rmdir(folder);
}

static struct mg_moments_column column_of(const struct mg_answer_rule *rule)
{
    struct mg_moments_column column = {
        .low = rule->scale.min, .high = rule->scale.max, .step = rule->scale.step, .reverse = rule->reverse};
    for (size_t i = 0; i < rule->n_codes; i++)
        column.missing[column.n_missing++] = rule->codes[i];
    return column;
}

static void the_engine_reads_answers_by_the_rule(void **state)
{
    (void)state;
    for (size_t k = 0; k < ARRAY_LEN(rules); k++) {
        struct mg_arena *arena = mg_arena_new(16 << 20);
        const struct mg_moments_column column = column_of(&rules[k]);
        const struct mg_moments_spec spec = {.columns = &column, .n_columns = 1};
        const struct mg_moments_request request = {
            .source = sheet_source(path), .spec = &spec, .columns = &name};
        struct mg_moments_result result;
        double *values, stray = 0, given = 0;
        size_t rows;
        assert_int_equal(mg_columns_matrix(&columns, arena, &request, 1000, &values, &rows, NULL), 0);
        assert_int_equal(rows, ARRAY_LEN(texts));
        for (size_t i = 0; i < rows; i++) {
            double number = NAN;
            enum mg_answer answer = mg_answer_of_text(&rules[k], texts[i], &number);
            stray += mg_answer_is_stray(answer);
            given += answer == MG_ANSWER_GIVEN;
            if (!(values[i] == number || (isnan(values[i]) && isnan(number))))
                fail_msg("rule %zu, “%s”: the engine has %g, the model %g", k, texts[i], values[i], number);
        }
        assert_int_equal(mg_columns_moments(&columns, arena, &request, &result, NULL), 0);
        assert_true(result.groups[0].moments->out_of_range[0] == stray);
        assert_true(mg_moments_count(result.groups[0].moments, 0, 0) == given);
        mg_arena_free(arena);
    }
}

static int count_rows(void *user, const struct mg_row_batch *batch, struct mg_error *error)
{
    (void)error;
    *(size_t *)user += batch->n_rows;
    return 0;
}

/* Listwise, rows are chosen by filters: an answer on the scale and its steps. */
static void filters_keep_what_the_rule_gives(void **state)
{
    (void)state;
    for (size_t k = 0; k < ARRAY_LEN(rules); k++) {
        const struct mg_scale *scale = &rules[k].scale;
        const struct mg_filter filter = {.column = name,
                                         .op = MG_FILTER_BETWEEN,
                                         .low = scale->min,
                                         .high = scale->max,
                                         .step = scale->step};
        const struct mg_source source = sheet_source(path);
        size_t kept = 0, given = 0;
        for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
            double number;
            given += mg_answer_of_text(&rules[k], texts[i], &number) == MG_ANSWER_GIVEN;
        }
        assert_int_equal(mg_columns_scan(&columns, &source, &name, 1, &filter, 1, 0, count_rows, &kept, NULL),
                         0);
        assert_int_equal(kept, given);
    }
}

/* A binary outcome with a positive text: the words for no answer and the codes are missing, the rest is 0. */
static void positive_texts_leave_missing_ones_out(void **state)
{
    (void)state;
    static const char *const positive = "true";
    struct mg_arena *arena = mg_arena_new(16 << 20);
    const struct mg_moments_column column = {.low = 0, .high = 1, .missing = {99, -9}, .n_missing = 2};
    const struct mg_moments_spec spec = {.columns = &column, .n_columns = 1};
    const struct mg_moments_request request = {
        .source = sheet_source(path), .spec = &spec, .columns = &name, .positive = &positive};
    double *values;
    size_t rows;
    assert_int_equal(mg_columns_matrix(&columns, arena, &request, 1000, &values, &rows, NULL), 0);
    for (size_t i = 0; i < rows; i++) {
        const struct mg_answer_rule rule = {.codes = codes, .n_codes = 2};
        double number;
        bool missing = mg_answer_of_text(&rule, texts[i], &number) == MG_ANSWER_MISSING;
        if (isnan(values[i]) != missing || (!missing && values[i] != (strcmp(texts[i], positive) == 0)))
            fail_msg("“%s” is %g", texts[i], values[i]);
    }
    mg_arena_free(arena);
}

static void weights_are_read_by_the_rule(void **state)
{
    (void)state;
    struct mg_arena *arena = mg_arena_new(16 << 20);
    const struct mg_source source = sheet_source(path);
    struct mg_count *counts;
    size_t n;
    double total = 0, expected = 0;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        static const struct mg_answer_rule any = {0};
        double weight = 0;
        bool number = mg_answer_of_text(&any, texts[i], &weight) == MG_ANSWER_GIVEN;
        expected += number && mg_weight_holds(weight) ? weight : 0;
    }
    assert_int_equal(
        mg_columns_counts(&columns, arena, &source, &name, 1, name, NULL, 0, 100, &counts, &n, NULL), 0);
    for (size_t i = 0; i < n; i++)
        total += counts[i].weight;
    assert_true(fabs(total - expected) < 1e-9);
    mg_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_engine_reads_answers_by_the_rule),
        cmocka_unit_test(filters_keep_what_the_rule_gives),
        cmocka_unit_test(positive_texts_leave_missing_ones_out),
        cmocka_unit_test(weights_are_read_by_the_rule),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
