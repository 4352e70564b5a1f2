/* Files as they come: dialects, names, types, compression, scans, counts, and what is wrong with them. */
#include "sample.h"

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

static void assert_scan(const struct mg_source *source, const char *expected)
{
    struct dump dump = {0};
    struct mg_error error = {0};
    if (engine->scan(column, source, NULL, 0, NULL, 0, 0, dump_batch, &dump, &error))
        fail_msg("%s", error.message);
    assert_string_equal(dump.text, expected);
}

static void assert_names(const struct mg_source *source, const char *expected)
{
    char names[512] = "";
    struct mg_arena *arena = mg_arena_new(16 << 20);
    struct mg_source_info info;
    struct mg_error error = {0};
    if (engine->describe(column, arena, source, &info, &error))
        fail_msg("%s", error.message);
    for (size_t c = 0; c < info.n_columns; c++) {
        strcat(names, c ? "|" : "");
        strcat(names, info.columns[c].name);
    }
    assert_string_equal(names, expected);
    mg_arena_free(arena);
}

static void dialects_are_found(void **state)
{
    (void)state;
    static const struct {
        const char *text, *names, *rows;
    } cases[] = {
        {"a,b\n1,x\n2,y\n", "a|b", "1|x\n2|y\n"},
        {"a;b\n1,5;x\n2,5;y\n", "a|b", "1,5|x\n2,5|y\n"},
        {"a\tb\n1\tx,y\n", "a|b", "1|x,y\n"},
        {"a|b\n1|\n", "a|b", "1|~\n"},
        {"a,b\r\n1,x\r\n", "a|b", "1|x\n"},
        {"\xef\xbb\xbf编号,姓名\n1,张\n", "编号|姓名", "1|张\n"},
        {"a,b\n1,\"x \"\"y\"\", z\nw\"\n", "a|b", "1|x \"y\", z\nw\n"},
        {"only\n1\n2\n", "only", "1\n2\n"},
        {"a,A,a,\n1,2,3,4\n", "a|A_2|a_3|column4", "1|2|3|4\n"},
        {"\"a\nb\",c\n1,2\n", "a\nb|c", "1|2\n"},
        {"a,b\n1,2", "a|b", "1|2\n"},
        {"a,b\n", "a|b", ""},
        {"a,b", "a|b", ""},
        {"=cmd()|' /C calc'!A0,b\n=1+1,2\n", "=cmd()|' /C calc'!A0|b", "=1+1|2\n"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct mg_source source = {.path = write_text(cases[i].text)};
        assert_names(&source, cases[i].names);
        assert_scan(&source, cases[i].rows);
    }
}

static void a_given_dialect_is_kept(void **state)
{
    (void)state;
    struct mg_source source = {.path = write_text("1;2,3\n4;5,6\n"), .delimiter = ',', .no_header = true};
    assert_names(&source, "column1|column2");
    assert_scan(&source, "1;2|3\n4;5|6\n");
    source = (struct mg_source){.path = write_text("a,b\n'1,1',2\n"), .quote = '\''};
    assert_scan(&source, "1,1|2\n");
}

static void bad_lines_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t n;
        enum mg_file_format format;
        int code;
        const char *line, *word;
    } cases[] = {
        {"a,b\n1,2\n3\n", 0, MG_FILE_CSV, MG_E_INVALID, ":3", "1 cells"},
        {"a,b\n1,2\n3,4,5\n6,7\n", 0, MG_FILE_CSV, MG_E_INVALID, ":3", "3 cells"},
        {"a,b\n1,2\n3,\"4\n5,6\n", 0, MG_FILE_CSV, MG_E_INVALID, ":3", "quote"},
        {"a,b\n1,2\n3,\xff\xfe\n", 0, MG_FILE_CSV, MG_E_INVALID, ":3", "UTF-8"},
        {"", 0, MG_FILE_CSV, MG_E_INVALID, "", "empty"},
        {"{\"a\":1}\n", 0, MG_FILE_JSONL, MG_E_UNSUPPORTED, "", "format"},
        {"PAR1 this is none PAR1", 0, MG_FILE_PARQUET, MG_E_INVALID, "", "Parquet"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct dump dump = {0};
        struct mg_error error = {0};
        struct mg_source source = {.path = write_text(cases[i].text), .format = cases[i].format};
        int rc = engine->scan(column, &source, NULL, 0, NULL, 0, 0, dump_batch, &dump, &error);
        if (rc != cases[i].code || !strstr(error.field, cases[i].line) ||
            !strstr(error.message, cases[i].word))
            fail_msg("case %zu: %d %s [%s]", i, rc, error.message, error.field);
        assert_null(strstr(error.message, "/proc/"));
        assert_null(strchr(error.message, '\n'));
    }
}

static void a_bad_line_far_down_stops_every_call(void **state)
{
    (void)state;
    static char text[400000];
    size_t n = (size_t)snprintf(text, sizeof(text), "a,b\n");
    for (int i = 0; i < 40000; i++)
        n += (size_t)snprintf(text + n, sizeof(text) - n, i == 39000 ? "1,2,3\n" : "%d,%d\n", i % 7, i % 5);
    struct mg_source source = {.path = write_text(text)};
    struct mg_arena *arena = mg_arena_new(16 << 20);
    struct mg_source_info info;
    struct mg_error error = {0};
    assert_int_equal(engine->describe(column, arena, &source, &info, &error), MG_E_INVALID);
    assert_non_null(strstr(error.field, ":39002"));
    mg_arena_free(arena);
}

/* A megabyte in one cell passes; more than the engine's line limit is an error, not a crash. */
static void huge_fields(void **state)
{
    (void)state;
    for (size_t size = 1000000; size <= 9000000; size += 8000000) {
        char *text = malloc(size + 16);
        struct dump dump = {0};
        struct mg_error error = {0};
        memcpy(text, "a,b\n1,", 6);
        memset(text + 6, 'x', size);
        memcpy(text + 6 + size, "\n2,y\n", 5);
        struct mg_source source = {.path = write_file("file", text, size + 11)};
        int rc = engine->scan(column, &source, NULL, 0, NULL, 0, 0, dump_batch, &dump, &error);
        assert_int_equal(rc, size > 2000000 ? MG_E_LIMIT : 0);
        assert_true(rc ? error.message[0] != 0 : dump.rows == 2);
        free(text);
    }
}

static void nul_bytes_do_no_harm(void **state)
{
    (void)state;
    struct dump dump = {0};
    struct mg_error error = {0};
    struct mg_source source = {.path = write_file("file", "a,b\n1,\0x\n2,y\n", 14)};
    int rc = engine->scan(column, &source, NULL, 0, NULL, 0, 0, dump_batch, &dump, &error);
    assert_true(rc == 0 ? dump.rows == 2 : error.message[0] != 0);
}

static void a_missing_file_and_a_folder_are_errors(void **state)
{
    (void)state;
    struct dump dump = {0};
    struct mg_error error = {0};
    struct mg_source source = {.path = "/nowhere/at all.csv"};
    assert_int_equal(engine->scan(column, &source, NULL, 0, NULL, 0, 0, dump_batch, &dump, &error),
                     MG_E_NOT_FOUND);
    assert_non_null(strstr(error.message, "/nowhere/at all.csv"));
    source.path = folder;
    assert_int_equal(engine->scan(column, &source, NULL, 0, NULL, 0, 0, dump_batch, &dump, &error),
                     MG_E_INVALID);
}

static void types_are_told_from_content(void **state)
{
    (void)state;
    struct mg_arena *arena = mg_arena_new(16 << 20);
    struct mg_source_info info;
    struct mg_error error = {0};
    struct mg_source source = {
        .path = write_text("i,f,t,d,b,none\n1,1.5,x,2026-01-18,true,\nNA,2,y,2026-01-19 10:00:00,FALSE,\n"
                           "1,inf,NA,2026-02-01T00:00:00Z,true,\n")};
    if (engine->describe(column, arena, &source, &info, &error))
        fail_msg("%s", error.message);
    static const enum mg_column_type types[] = {MG_TYPE_INTEGER, MG_TYPE_NUMBER,  MG_TYPE_TEXT,
                                                MG_TYPE_TIME,    MG_TYPE_BOOLEAN, MG_TYPE_TEXT};
    assert_int_equal((int)info.rows, 3);
    for (size_t c = 0; c < 6; c++)
        assert_int_equal((int)info.columns[c].type, (int)types[c]);
    assert_int_equal((int)info.columns[0].n, 2);
    assert_int_equal((int)info.columns[0].n_missing, 1);
    assert_int_equal((int)info.columns[0].n_distinct, 1);
    assert_int_equal((int)info.columns[0].n_samples, 1);
    assert_string_equal(info.columns[0].samples[0], "1");
    assert_true(info.columns[1].min == 1.5 && info.columns[1].max == 2);
    assert_true(isnan(info.columns[2].min));
    assert_int_equal((int)info.columns[5].n_missing, 3);
    mg_arena_free(arena);
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
    struct mg_source source = {.path = path, .format = MG_FILE_PARQUET};
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
    struct mg_source source = {.path =
                                   write_text("a,b,w\n10,x,1\n9,x,2\n10,x,0.5\n9,,1\n10,x,-4\n10,x,NA\n")};
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
    engine->close(column);
    snprintf(path, sizeof(path), "%s/file", folder);
    unlink(path);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dialects_are_found),
        cmocka_unit_test(a_given_dialect_is_kept),
        cmocka_unit_test(bad_lines_are_named),
        cmocka_unit_test(a_bad_line_far_down_stops_every_call),
        cmocka_unit_test(huge_fields),
        cmocka_unit_test(nul_bytes_do_no_harm),
        cmocka_unit_test(a_missing_file_and_a_folder_are_errors),
        cmocka_unit_test(types_are_told_from_content),
        cmocka_unit_test(scans_keep_order_limit_and_stop),
        cmocka_unit_test(counts_are_joint_and_weighted),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
