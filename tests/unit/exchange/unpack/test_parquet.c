/* Parquet becomes the text of a CSV file of the same content: every type's values, nested ones, the same
 * columns, readings and facts; and everything that is wrong with such files. DuckDB writes them here. */
#include <dirent.h>
#include <duckdb.h>
#include <math.h>

#include "column/engine.h"
#include "unpacked.h"

static struct mg_columns engine;

static void run_sql(const char *sql)
{
    duckdb_database database;
    duckdb_connection connection;
    duckdb_result result;
    assert_int_equal(duckdb_open(NULL, &database), DuckDBSuccess);
    assert_int_equal(duckdb_connect(database, &connection), DuckDBSuccess);
    if (duckdb_query(connection, sql, &result) != DuckDBSuccess)
        fail_msg("%s", duckdb_result_error(&result));
    duckdb_destroy_result(&result);
    duckdb_disconnect(&connection);
    duckdb_close(&database);
}

static void make(const char *select, const char *options)
{
    struct mg_buf sql;
    mg_buf_init(&sql, (size_t)4 << 20);
    mg_buf_printf(&sql, "COPY (%s) TO '%s' (FORMAT parquet%s)", select, from, options);
    run_sql(sql.data);
    mg_buf_done(&sql);
}

static int unpack_most(int64_t max_bytes)
{
    struct mg_unpack_options options = {.max_bytes = max_bytes, .columns = &engine};
    error = (struct mg_error){0};
    return mg_unpack_parquet(from, "answers.parquet", &options, to, arena, &unpacked, &error);
}

static void assert_unpacks(const char *select, const char *csv)
{
    make(select, "");
    if (unpack_most((int64_t)1 << 30))
        fail_msg("%s", error.message);
    assert_text(csv);
}

/* --- values --- */

static void every_type_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *text;
    } rows[] = {
        {"5::TINYINT", "5"},
        {"200::UTINYINT", "200"},
        {"-300::SMALLINT", "-300"},
        {"65535::USMALLINT", "65535"},
        {"-70000::INTEGER", "-70000"},
        {"4294967295::UINTEGER", "4294967295"},
        {"9007199254740991::BIGINT", "9007199254740991"},
        {"(-9223372036854775807)::BIGINT", "-9223372036854775807"},
        {"18446744073709551615::UBIGINT", "18446744073709551615"},
        {"0.1::FLOAT", "0.1"},
        {"16777216::FLOAT", "16777216"},
        {"5.0::DOUBLE", "5"},
        {"0.30000000000000004::DOUBLE", "0.30000000000000004"},
        {"1e300::DOUBLE", "1e+300"},
        {"'nan'::DOUBLE", ""},
        {"'-inf'::DOUBLE", ""},
        {"'nan'::FLOAT", ""},
        {"5.00::DECIMAL(9,2)", "5"},
        {"-0.50::DECIMAL(9,2)", "-0.5"},
        {"100::DECIMAL(9,0)", "100"},
        {"12345678901234567890.12::DECIMAL(30,2)", "12345678901234567890.12"},
        {"true", "true"},
        {"false", "false"},
        {"DATE '2026-01-08'", "2026-01-08"},
        {"TIMESTAMP '2026-01-08 13:40:00'", "2026-01-08 13:40:00"},
        {"TIMESTAMPTZ '2026-01-08 13:40:00+08'", "2026-01-08 05:40:00+00"},
        {"TIMESTAMP_NS '2026-01-08 13:40:00.25'", "2026-01-08 13:40:00.25"},
        {"TIME '13:40:00'", "13:40:00"},
        {"'期望, \"高\"'", "\"期望, \"\"高\"\"\""},
        {"' a '", "\" a \""},
        {"E'two\\nlines'", "\"two\nlines\""},
        {"''", ""},
        {"NULL::INTEGER", ""},
        {"NULL::VARCHAR", ""},
        {"encode('期望')", "期望"},
        {"'\\xFF\\x01'::BLOB", "\\xFF\\x01"},
        {"'low'::ENUM('low', 'high')", "low"},
        {"['a', 'b']", "a;b"},
        {"[1, 2, 3]", "1;2;3"},
        {"[]::INTEGER[]", ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char select[300], csv[300];
        snprintf(select, sizeof select, "SELECT 1 AS id, %s AS v", rows[i].sql);
        snprintf(csv, sizeof csv, "id,v\n1,%s\n", rows[i].text);
        assert_unpacks(select, csv);
    }
    assert_int_equal(unpacked.format, MG_FILE_PARQUET);
    assert_int_equal(unpacked.above, 1);
    assert_int_equal(unpacked.n_told, 0);
}

static void nested_values_have_dotted_names(void **state)
{
    (void)state;
    assert_unpacks(
        "SELECT 1 AS id, {'E1': 7, 'it''s \"x\"': {'b': 'y', 'c': NULL::INTEGER}} AS q, "
        "[{'a': 1}] AS l, MAP {'k': 2} AS m UNION ALL SELECT 2, NULL, NULL, NULL ORDER BY 1",
        "id,q.E1,\"q.it's \"\"x\"\".b\",\"q.it's \"\"x\"\".c\",l,m\n1,7,y,,[{'a': 1}],{k=2}\n2,,,,,\n");
}

static void rows_stay_in_order_and_one_empty_cell_is_a_row(void **state)
{
    (void)state;
    assert_unpacks("SELECT CASE WHEN i % 2 = 0 THEN i END AS v FROM range(5) t(i)",
                   "v\n0\n\"\"\n2\n\"\"\n4\n");
    assert_unpacks("SELECT 1 AS id WHERE false", "id\n");
    make("SELECT i AS id, 'text ' || i AS t FROM range(300000) t(i)", ", ROW_GROUP_SIZE 2048");
    assert_int_equal(unpack_most((int64_t)1 << 30), 0);
    FILE *file = fopen(to, "r");
    char line[64], expected[64];
    assert_non_null(fgets(line, sizeof line, file));
    for (int i = 0; fgets(line, sizeof line, file); i++) {
        snprintf(expected, sizeof expected, "%d,text %d\n", i, i);
        assert_string_equal(line, expected);
    }
    fclose(file);
}

/* --- the same as a CSV file --- */

static struct mg_exchange *open_path(const char *path)
{
    struct mg_exchange_options options = {.temp_dir = folder, .columns = &engine};
    struct mg_exchange *x;
    error = (struct mg_error){0};
    if (mg_exchange_open(path, &options, &x, &error))
        fail_msg("%s: %s", path, error.message);
    return x;
}

static void assert_same_reading(const struct mg_reading *a, const struct mg_reading *b, const char *where)
{
    struct mg_buf texts[2];
    for (int i = 0; i < 2; i++) {
        mg_buf_init(&texts[i], (size_t)1 << 20);
        mg_reading_write(i ? b : a, &texts[i]);
    }
    if (strcmp(texts[0].data, texts[1].data) != 0)
        fail_msg("%s: %s, %s", where, texts[0].data, texts[1].data);
    for (int i = 0; i < 2; i++)
        mg_buf_done(&texts[i]);
}

/* Zones of times aren't kept by Parquet: their values are compared as they are read. */
static void assert_same_facts(const struct mg_cell_facts *a, const struct mg_cell_facts *b, bool time,
                              const char *where)
{
    if (a->n != b->n || a->n_missing != b->n_missing || a->n_not_understood != b->n_not_understood ||
        a->n_distinct != b->n_distinct || a->n_values != b->n_values || a->whole != b->whole)
        fail_msg("%s: facts", where);
    for (size_t i = 0; i < a->n_values && !time; i++)
        if (strcmp(a->values[i].text, b->values[i].text) != 0 || a->values[i].n != b->values[i].n)
            fail_msg("%s: %s, %s", where, a->values[i].text, b->values[i].text);
    assert_true((isnan(a->min) && isnan(b->min)) || (a->min == b->min && a->max == b->max));
}

/* What DuckDB calls a column without a name is its own affair. */
static bool is_named(const char *name)
{
    return !mg_str_starts(name, "column_");
}

static void assert_same_table(const struct mg_exchange *a, const struct mg_exchange *b, const char *name)
{
    char where[400];
    assert_int_equal(a->n_columns, b->n_columns);
    if (a->rows != b->rows || a->header_rows != b->header_rows || a->foot_rows != b->foot_rows ||
        a->tool != b->tool || a->n_bad != b->n_bad)
        fail_msg("%s: shape", name);
    for (size_t c = 0; c < a->n_columns; c++) {
        snprintf(where, sizeof where, "%s, %s", name, a->columns[c]);
        if (is_named(a->columns[c]))
            assert_string_equal(a->columns[c], b->columns[c]);
        if (a->labels[c] || b->labels[c])
            assert_string_equal(a->labels[c], b->labels[c]);
        assert_same_reading(&a->readings[c], &b->readings[c], where);
        assert_same_facts(&a->facts[c], &b->facts[c], a->readings[c].kind == MG_CELLS_TIME, where);
    }
    assert_memory_equal(a->left_out, b->left_out, sizeof a->left_out);
}

static void compare_with(const char *csv, const char *how)
{
    char select[1000];
    snprintf(select, sizeof select, "FROM read_csv('%s'%s)", csv, how);
    make(select, "");
    struct mg_exchange *a = open_path(csv), *b = open_path(from);
    assert_int_equal(b->format, MG_FILE_PARQUET);
    assert_same_table(a, b, csv);
    mg_exchange_close(a);
    mg_exchange_close(b);
}

/* The files that are kept beside the project, where they are. */
static void compare_shared(void)
{
    char path[800], files[400];
    snprintf(files, sizeof files, "%s/data/files", getenv("MG_SHARED"));
    DIR *dir = opendir(files);
    int n = 0;
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        if (!strstr(entry->d_name, ".csv"))
            continue;
        snprintf(path, sizeof path, "%s/%s", files, entry->d_name);
        compare_with(path, "");
        compare_with(path, ", all_varchar = true");
        n++;
    }
    assert_true(!dir || n >= 18);
    if (dir)
        closedir(dir);
}

static void a_file_reads_as_its_csv_does(void **state)
{
    (void)state;
    char path[800];
    snprintf(path, sizeof path, "%s/own.csv", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("id,E1,P1,word,at,note\n", file);
    for (int i = 0; i < 60; i++)
        fprintf(file, "R%d,%d,%s,%s,2026-01-%02d,%s\n", i, i % 7 + 1, i % 9 ? "4.5" : "n/a",
                i % 3 ? "Agree" : "Strongly disagree", i % 28 + 1, i % 2 ? "so so" : "");
    fclose(file);
    compare_with(path, "");
    compare_with(path, ", all_varchar = true");
    assert_int_equal(unlink(path), 0);
    compare_shared();
}

/* A name that looks like an answer is a name all the same; rows of a header and of a foot are known. */
static void the_first_row_is_names(void **state)
{
    (void)state;
    make("SELECT i % 7 + 1 AS \"1\", i % 5 + 1 AS \"2\", i % 3 AS \"3\" FROM range(40) t(i)", "");
    struct mg_exchange *x = open_path(from);
    assert_int_equal(x->rows, 40);
    assert_int_equal(x->header_rows, 1);
    assert_int_equal(x->n_bad, 0);
    mg_exchange_close(x);
}

static void corrections_and_words_count(void **state)
{
    (void)state;
    const struct mg_exchange_correction told = {.column = "v", .kind_told = true, .kind = MG_CELLS_TEXT};
    struct mg_exchange_options options = {
        .temp_dir = folder, .columns = &engine, .corrections = &told, .n_corrections = 1};
    struct mg_exchange *x;
    make("SELECT i AS id, CASE i % 3 WHEN 0 THEN '很满意' WHEN 1 THEN '一般' ELSE '很不满意' END AS w, "
         "i % 7 + 1 AS v FROM range(60) t(i)",
         "");
    assert_int_equal(mg_exchange_open(from, &options, &x, &error), 0);
    assert_int_equal(x->readings[1].kind, MG_CELLS_NUMBER);
    assert_true(x->readings[1].n_labels >= 3);
    assert_int_equal(x->readings[2].kind, MG_CELLS_TEXT);
    mg_exchange_close(x);
}

/* --- what is wrong --- */

static void damage_is_said(void **state)
{
    (void)state;
    static unsigned char bytes[1 << 16];
    make("SELECT i % 7 AS \"E1\", 'text ' || i AS t FROM range(120) t(i)", "");
    FILE *file = fopen(from, "rb");
    size_t n = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_true(n > 500 && n < sizeof bytes);
    for (size_t kept = 4; kept < n; kept += 7) {
        struct mg_exchange_options options = {
            .name = "answers.parquet", .temp_dir = folder, .columns = &engine};
        struct mg_exchange *x;
        write_bytes(bytes, kept);
        error = (struct mg_error){0};
        assert_said(mg_exchange_open(from, &options, &x, &error), MG_E_INVALID, "answers.parquet");
        assert_true(*error.hint);
        assert_said(unpack_most(1 << 20), MG_E_INVALID, "damaged");
    }
}

static void an_encrypted_file_says_so(void **state)
{
    (void)state;
    write_bytes("PARE the rest is noise\0\0\0\0PARE", 30);
    struct mg_exchange_options options = {.name = "answers.parquet", .temp_dir = folder, .columns = &engine};
    struct mg_exchange *x;
    assert_said(mg_exchange_open(from, &options, &x, &error), MG_E_UNSUPPORTED, "encrypted");
    assert_said(unpack_most(1 << 20), MG_E_UNSUPPORTED, "encrypted");
}

static void limits_are_said(void **state)
{
    (void)state;
    make("SELECT 1 AS a, 2 AS b FROM range(600000)", "");
    unlink(to);
    assert_said(unpack_most(1 << 20), MG_E_LIMIT, "1048576 bytes");
    assert_int_equal(access(to, F_OK), -1); /* refused before a byte of it was written */
    make("SELECT repeat('x', 3000) AS a FROM range(1000)", "");
    assert_said(unpack_most(1 << 20), MG_E_LIMIT, "1048576 bytes");
    char full[] = "/dev/full";
    struct mg_unpack_options options = {.max_bytes = (int64_t)1 << 30, .columns = &engine};
    make("SELECT i FROM range(300000) t(i)", "");
    assert_said(mg_unpack_parquet(from, "answers.parquet", &options, full, arena, &unpacked, &error),
                MG_E_FULL, "full");
    options.columns = NULL;
    assert_said(mg_unpack_parquet(from, "answers.parquet", &options, to, arena, &unpacked, &error),
                MG_E_UNSUPPORTED, "column engine");
}

static void wide(size_t columns, int rows)
{
    struct mg_buf select;
    mg_buf_init(&select, (size_t)4 << 20);
    for (size_t c = 0; c < columns; c++)
        mg_buf_printf(&select, "%s((i + %zu) %% 7 + 1)::DOUBLE AS q%zu", c ? ", " : "SELECT ", c, c);
    mg_buf_printf(&select, " FROM range(%d) t(i)", rows);
    make(select.data, "");
    mg_buf_done(&select);
}

static void a_wide_file_is_read(void **state)
{
    (void)state;
    wide(MG_COLUMN_COLUMNS_MAX, 5000);
    if (unpack_most((int64_t)1 << 30))
        fail_msg("%s", error.message);
    assert_true(mg_str_starts(unpacked_text(), "q0,q1,q2,"));
    wide(MG_COLUMN_COLUMNS_MAX + 1, 1);
    assert_said(unpack_most((int64_t)1 << 30), MG_E_LIMIT, "4096 columns");
}

static int open_engine(void **state)
{
    int rc = set_up(state);
    return rc ? rc : mg_columns_open(&mg_column_duckdb, NULL, 2, &engine, NULL);
}

static int close_all(void **state)
{
    mg_columns_close(&engine);
    return tear_down(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_is_read),
        cmocka_unit_test(nested_values_have_dotted_names),
        cmocka_unit_test(rows_stay_in_order_and_one_empty_cell_is_a_row),
        cmocka_unit_test(a_file_reads_as_its_csv_does),
        cmocka_unit_test(the_first_row_is_names),
        cmocka_unit_test(corrections_and_words_count),
        cmocka_unit_test(damage_is_said),
        cmocka_unit_test(an_encrypted_file_says_so),
        cmocka_unit_test(limits_are_said),
        cmocka_unit_test(a_wide_file_is_read),
    };
    return cmocka_run_group_tests(tests, open_engine, close_all);
}
