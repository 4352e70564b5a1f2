/* Sheets and Parquet files: their cells, the order of rows, types, counts, and what is wrong with them. */
#include "sheets_of_files.h"

static const struct mg_column_engine *const engine = &mg_column_duckdb;
static struct mg_column *column;
static char folder[64];

static const char *write_file(const char *name, const void *bytes, size_t n)
{
    static char path[128];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal((int)fwrite(bytes, 1, n, file), (int)n);
    fclose(file);
    return path;
}

static const char *write_text(const char *text)
{
    return write_file("file", text, strlen(text));
}

/* All cells of a scan as "a|b\n", missing as "~". */
struct dump {
    char text[8192];
    int64_t rows;
};

static int dump_batch(void *user, const struct mg_row_batch *batch, struct mg_error *error)
{
    struct dump *dump = user;
    (void)error;
    assert_int_equal((int)batch->first_row, (int)dump->rows);
    dump->rows += (int64_t)batch->n_rows;
    for (size_t r = 0; r < batch->n_rows; r++)
        for (size_t c = 0; c < batch->n_columns; c++) {
            const char *cell = batch->cells[r * batch->n_columns + c];
            size_t used = strlen(dump->text);
            if (used < sizeof(dump->text) - 64)
                snprintf(dump->text + used, sizeof(dump->text) - used, "%.40s%s", cell ? cell : "~",
                         c + 1 < batch->n_columns ? "|" : "\n");
        }
    return 0;
}

static int count_in_order(void *user, const struct mg_row_batch *batch, struct mg_error *error)
{
    size_t *rows = user;
    (void)error;
    for (size_t r = 0; r < batch->n_rows; r++)
        assert_int_equal(atoi(batch->cells[r * batch->n_columns]), (int)(*rows)++);
    return 0;
}

static void assert_scan(const struct mg_source *source, const char *expected)
{
    struct dump dump = {0};
    struct mg_error error = {0};
    if (engine->scan(column, source, NULL, 0, NULL, 0, 0, dump_batch, &dump, &error))
        fail_msg("%s", error.message);
    assert_string_equal(dump.text, expected);
}

static void cells_come_as_they_are(void **state)
{
    (void)state;
    static const struct {
        const char *text, *rows;
    } cases[] = {
        {"a;b\n1,5;x\n2,5;y\n", "1,5|x\n2,5|y\n"},
        {"a|b\n1|\n2|z\n", "1|~\n2|z\n"},
        {"a,b\n1,\"x \"\"y\"\", z\nw\"\n2,v\n", "1|x \"y\", z\nw\n2|v\n"},
        {"a,b\n", ""},
        {"=cmd()|' /C calc'!A0,b\n=1+1,2\n=1,3\n", "=1+1|2\n=1|3\n"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct mg_source source = sheet_source(write_text(cases[i].text));
        assert_scan(&source, cases[i].rows);
    }
}

/* By the reading of the whole column: the last row tells that days come first. */
static void times_are_written_in_one_way(void **state)
{
    (void)state;
    struct mg_source source =
        sheet_source(write_text("day,x\n1/2/2026 13:40,5\n3/2/2026,6\n25/12/2025,7\n,8\n"));
    assert_scan(&source, "2026-02-01T13:40:00Z|5\n2026-02-03T00:00:00Z|6\n2025-12-25T00:00:00Z|7\n~|8\n");
}

/* Of a file in many parts, which several threads read. */
static void rows_of_a_sheet_keep_their_order(void **state)
{
    (void)state;
    static char text[400000];
    size_t n = (size_t)snprintf(text, sizeof(text), "i,j\n"), rows = 0;
    for (int i = 0; i < 30000; i++)
        n += (size_t)snprintf(text + n, sizeof(text) - n, "%d,%d\n", i, i % 5);
    struct mg_source source = sheet_source(write_text(text));
    assert_true(source.sheet->n_parts > 50);
    assert_int_equal(engine->scan(column, &source, NULL, 0, NULL, 0, 0, count_in_order, &rows, NULL), 0);
    assert_int_equal((int)rows, 30000);
}

/* What goes wrong in the middle of a sheet ends every call with the reader's own words. */
static void a_file_cut_meanwhile_stops_every_call(void **state)
{
    (void)state;
    static char text[400000];
    size_t n = (size_t)snprintf(text, sizeof(text), "a,b\n");
    for (int i = 0; i < 40000; i++)
        n += (size_t)snprintf(text + n, sizeof(text) - n, "%d,%d\n", i % 7, i % 5);
    const char *path = write_text(text);
    struct mg_source source = sheet_source(path);
    struct mg_arena *arena = mg_arena_new(16 << 20);
    struct mg_source_info info;
    struct mg_error error = {0};
    assert_int_equal(truncate(path, 100000), 0);
    assert_int_equal(engine->describe(column, arena, &source, &info, &error), MG_E_INVALID);
    assert_non_null(strstr(error.message, "has become shorter"));
    mg_arena_free(arena);
}

/* A megabyte in one cell passes. */
static void huge_fields(void **state)
{
    (void)state;
    const size_t size = 1000000;
    char *text = malloc(size + 16);
    struct dump dump = {0};
    memcpy(text, "a,b\n1,", 6);
    memset(text + 6, 'x', size);
    memcpy(text + 6 + size, "\n2,y\n", 5);
    struct mg_source source = sheet_source(write_file("file", text, size + 11));
    assert_int_equal(engine->scan(column, &source, NULL, 0, NULL, 0, 0, dump_batch, &dump, NULL), 0);
    assert_int_equal((int)dump.rows, 2);
    free(text);
}

static void what_is_no_parquet_is_said(void **state)
{
    (void)state;
    struct dump dump = {0};
    struct mg_error error = {0};
    struct mg_source source = {.path = write_text("PAR1 this is none PAR1")};
    assert_int_equal(engine->scan(column, &source, NULL, 0, NULL, 0, 0, dump_batch, &dump, &error),
                     MG_E_INVALID);
    assert_non_null(strstr(error.message, "Parquet"));
    assert_null(strstr(error.message, "/proc/"));
}

static void a_missing_file_and_a_folder_are_errors(void **state)
{
    (void)state;
    struct dump dump = {0};
    struct mg_error error = {0};
    struct mg_source source = {.path = "/nowhere/at all.parquet"};
    assert_int_equal(engine->scan(column, &source, NULL, 0, NULL, 0, 0, dump_batch, &dump, &error),
                     MG_E_NOT_FOUND);
    assert_non_null(strstr(error.message, "/nowhere/at all.parquet"));
    source.path = folder;
    assert_int_equal(engine->scan(column, &source, NULL, 0, NULL, 0, 0, dump_batch, &dump, &error),
                     MG_E_INVALID);
}

static int stop(void *user, const struct mg_row_batch *batch, struct mg_error *error)
{
    (void)batch;
    (*(int *)user)++;
    return mg_fail(error, MG_E_CANCELLED, "The analysis was stopped.");
}

static void scans_keep_order_limit_and_stop(void **state)
{
    (void)state;
    char path[128], sql[512];
    int calls = 0;
    struct mg_error error = {0};
    struct dump dump = {0};
    snprintf(path, sizeof(path), "%s/order.parquet", folder);
    snprintf(sql, sizeof(sql),
             "COPY (SELECT i, i / 4.0 AS q FROM range(300000) t(i)) TO '%s' (FORMAT parquet)", path);
    sample_sql(sql);
    struct mg_source source = {.path = path};
    static const char *const names[] = {"q", "i"};
    assert_int_equal(engine->scan(column, &source, names, 2, NULL, 0, 6, dump_batch, &dump, &error), 0);
    assert_string_equal(dump.text, "0|0\n0.25|1\n0.5|2\n0.75|3\n1|4\n1.25|5\n");
    assert_int_equal(engine->scan(column, &source, NULL, 0, NULL, 0, 0, stop, &calls, &error),
                     MG_E_CANCELLED);
    assert_int_equal(calls, 1);
    dump = (struct dump){0};
    assert_int_equal(engine->scan(column, &source, NULL, 0, NULL, 0, 0, dump_batch, &dump, &error), 0);
    assert_int_equal((int)dump.rows, 300000);
    unlink(path);
}

static void counts_are_joint_and_weighted(void **state)
{
    (void)state;
    static const char *const names[] = {"a", "b"};
    struct mg_arena *arena = mg_arena_new(16 << 20);
    struct mg_source source =
        sheet_source(write_text("a,b,w\n10,x,1\n9,x,2\n10,x,0.5\n9,,1\n10,x,-4\n10,x,NA\n"));
    struct mg_count *counts;
    struct mg_error error = {0};
    size_t n;
    assert_int_equal(engine->counts(column, arena, &source, names, 2, "w", NULL, 0, 10, &counts, &n, &error),
                     0);
    assert_int_equal((int)n, 3);
    assert_string_equal(counts[0].keys[0], "9");
    assert_string_equal(counts[0].keys[1], "x");
    assert_null(counts[1].keys[1]);
    assert_true(counts[2].n == 2 && counts[2].weight == 1.5);
    assert_int_equal(engine->counts(column, arena, &source, names, 2, NULL, NULL, 0, 10, &counts, &n, &error),
                     0);
    assert_true(n == 3 && counts[2].n == 4 && counts[2].weight == 4);
    assert_int_equal(engine->counts(column, arena, &source, names, 2, NULL, NULL, 0, 2, &counts, &n, &error),
                     MG_E_LIMIT);
    mg_arena_free(arena);
}

static int set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/mindgap-files-XXXXXX");
    assert_non_null(mkdtemp(folder));
    return engine->open(NULL, 2, &column, NULL);
}

static int tear_down(void **state)
{
    char path[128];
    (void)state;
    sheets_close();
    engine->close(column);
    snprintf(path, sizeof(path), "%s/file", folder);
    unlink(path);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_come_as_they_are),
        cmocka_unit_test(times_are_written_in_one_way),
        cmocka_unit_test(rows_of_a_sheet_keep_their_order),
        cmocka_unit_test(a_file_cut_meanwhile_stops_every_call),
        cmocka_unit_test(huge_fields),
        cmocka_unit_test(what_is_no_parquet_is_said),
        cmocka_unit_test(a_missing_file_and_a_folder_are_errors),
        cmocka_unit_test(scans_keep_order_limit_and_stop),
        cmocka_unit_test(counts_are_joint_and_weighted),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
