/* Values, weights and repeated ids of CSV and Parquet files and of tables. */
#include "sheets_of_files.h"

static struct mg_columns columns = {.engine = &mg_column_duckdb};
static char folder[] = "/tmp/mindgap-defects-XXXXXX", csv[96], parquet[96];

static const char text[] = "id,x,w\n7,5,1\n8,9,0\n7,5,1\n9,9,-2\n8,0,\n7,,nan\n,3.5,1e10\n,3.5,1\n";

static int make_files(void **state)
{
    (void)state;
    char sql[512];
    assert_non_null(mkdtemp(folder));
    snprintf(csv, sizeof csv, "%s/a.csv", folder);
    snprintf(parquet, sizeof parquet, "%s/a.parquet", folder);
    FILE *file = fopen(csv, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    snprintf(sql, sizeof sql,
             "COPY (SELECT id, x, TRY_CAST(w AS DOUBLE) AS w FROM read_csv('%s', header = true, auto_detect "
             "= false, "
             "columns = {'id': 'INTEGER', 'x': 'DOUBLE', 'w': 'VARCHAR'})) TO '%s' (FORMAT parquet)",
             csv, parquet);
    sample_sql(sql);
    return mg_columns_open(&mg_column_duckdb, NULL, 2, &columns, NULL);
}

static int remove_files(void **state)
{
    (void)state;
    sheets_close();
    mg_columns_close(&columns);
    unlink(csv);
    unlink(parquet);
    return rmdir(folder);
}

static struct mg_source source_of(int i)
{
    return i ? (struct mg_source){.path = parquet} : sheet_source(csv);
}

static void values_have_their_first_row(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct mg_arena *arena = mg_arena_new(1 << 20);
        const struct mg_source source = source_of(i);
        const struct mg_filter outside = {
            .column = "x", .op = MG_FILTER_OUTSIDE, .low = 1, .high = 7, .step = 1};
        struct mg_column_value *values;
        size_t n;
        assert_int_equal(mg_columns_values(&columns, arena, &source, "x", &outside, 1, 10, &values, &n, NULL),
                         0);
        assert_int_equal(n, 3);
        assert_true(values[0].n == 2 && values[0].row == 2 && values[1].n == 2 && values[1].row == 7);
        assert_string_equal(values[0].text, "9");
        assert_string_equal(values[1].text, "3.5");
        assert_string_equal(values[2].text, "0");
        assert_int_equal(mg_columns_values(&columns, arena, &source, "x", NULL, 0, 2, &values, &n, NULL), 0);
        assert_int_equal(n, 2);
        mg_arena_free(arena);
    }
}

static void weights_are_told_apart(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct mg_arena *arena = mg_arena_new(1 << 20);
        const struct mg_source source = source_of(i);
        struct mg_weight_counts w;
        assert_int_equal(mg_columns_weights(&columns, arena, &source, "w", NULL, 0, &w, NULL), 0);
        assert_int_equal(w.rows, 8);
        assert_true(w.zero == 1 && w.negative == 1);
        assert_true(w.missing == 2 && w.no_number == 1); /* NaN is missing, 1e10 too much */
        mg_arena_free(arena);
    }
}

static void ids_that_repeat(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct mg_arena *arena = mg_arena_new(1 << 20);
        const struct mg_source source = source_of(i);
        struct mg_repeats r;
        assert_int_equal(mg_columns_repeats(&columns, arena, &source, "id", 1, &r, NULL), 0);
        assert_true(r.ids == 2 && r.rows == 5 && r.alike == 1 && r.n_first == 1);
        assert_string_equal(r.first[0].id, "7");
        assert_string_equal(r.first[0].rows, "1, 3, 6");
        assert_int_equal(mg_columns_repeats(&columns, arena, &source, "none", 1, &r, NULL), MG_E_NOT_FOUND);
        mg_arena_free(arena);
    }
}

static void a_table_has_no_row_numbers(void **state)
{
    (void)state;
    struct mg_arena *arena = mg_arena_new(1 << 20);
    static const struct mg_table_column list[] = {{"x", MG_TYPE_INTEGER}};
    static const char *const names[] = {"x"};
    const char *cells[] = {"9"};
    const struct mg_table_row row = {.id = "a", .sequence = 1, .cells = cells};
    const struct mg_table_batch batch = {names, 1, &row, 1};
    const struct mg_source source = {.table = "t"};
    struct mg_column_value *values;
    size_t n;
    assert_int_equal(mg_columns_table_ensure(&columns, "t", list, 1, NULL), 0);
    assert_int_equal(mg_columns_table_apply(&columns, "t", &batch, 1, NULL), 0);
    assert_int_equal(mg_columns_values(&columns, arena, &source, "x", NULL, 0, 10, &values, &n, NULL), 0);
    assert_true(n == 1 && values[0].row == -1);
    mg_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_have_their_first_row),
        cmocka_unit_test(weights_are_told_apart),
        cmocka_unit_test(ids_that_repeat),
        cmocka_unit_test(a_table_has_no_row_numbers),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
