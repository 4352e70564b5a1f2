/* CSV and JSONL out, and what every format has in common: kinds of cells, limits, the report, a full disk. */
#include <sys/stat.h>

#include "base/said.h"
#include "sheet.h"

static const struct mg_cell_label satisfied[] = {{"bad", 1}, {"good", 5}};
static const double codes[] = {99};
static const struct mg_out_column columns[] = {
    {.name = "id", .type = MG_TYPE_TEXT},
    {.name = "满意",
     .label = {"Satisfied", "满意吗"},
     .type = MG_TYPE_INTEGER,
     .labels = satisfied,
     .n_labels = 2,
     .codes = codes,
     .n_codes = 1},
    {.name = "at", .type = MG_TYPE_TIME},
    {.name = "yes", .type = MG_TYPE_BOOLEAN},
};

static void csv_is_safe_and_says_what_it_loses(void **state)
{
    (void)state;
    struct mg_out_cell cells[] = {
        text("=1+1"),
        number(5),
        moment(1768743600250000.0),
        number(1),
        text("a,\"b\"\nc"),
        missing,
        {.kind = MG_OUT_TIME, .number = 0, .text = "1/1/1970"},
        number(0),
        text(""),
        number(-0.1),
        moment(-1500000),
        number(NAN),
    };
    struct mg_out_report report = write_sheet(MG_OUT_CSV, columns, 4, cells, 3);
    char *written = content();
    assert_string_equal(written, "\xEF\xBB\xBFid,满意,at,yes\r\n"
                                 "\"'=1+1\",5,2026-01-18T13:40:00.25Z,1\r\n"
                                 "\"a,\"\"b\"\"\nc\",,1/1/1970,0\r\n"
                                 ",-0.1,1969-12-31T23:59:58.5Z,\r\n");
    free(written);
    assert_true(loses(&report, "CSV keeps no labels of columns: those of 1 column aren't"));
    assert_true(loses(&report, "labels of values: those of 1 column"));
    assert_true(loses(&report, "no answers: they are plain numbers in 1 column"));
    assert_true(loses(&report, "An apostrophe was put before 1 text that"));
    assert_int_equal(report.n_losses, 4);
}

static void jsonl_keeps_types(void **state)
{
    (void)state;
    struct mg_out_cell cells[] = {
        text("=1 \"x\"\n"), number(2.5), moment(0), number(1), missing, missing, missing, missing};
    struct mg_out_report report = write_sheet(MG_OUT_JSONL, columns, 4, cells, 2);
    char *written = content();
    assert_string_equal(
        written, "{\"id\":\"=1 \\\"x\\\"\\n\",\"满意\":2.5,\"at\":\"1970-01-01T00:00:00Z\",\"yes\":true}\n"
                 "{\"id\":null,\"满意\":null,\"at\":null,\"yes\":null}\n");
    free(written);
    assert_int_equal(report.n_losses, 3);
}

static void formats_are_known_by_name_and_ending(void **state)
{
    (void)state;
    enum mg_out_format format;
    struct mg_error error = {0};
    assert_int_equal(mg_out_by_ending("/a.b/Table.XLSX", &format, &error), 0);
    assert_int_equal(format, MG_OUT_XLSX);
    assert_true(mg_out_by_name("jsonl", &format));
    assert_int_equal(format, MG_OUT_JSONL);
    assert_false(mg_out_by_name("xls", &format));
    assert_int_equal(mg_out_by_ending("/a.csv/table", &format, &error), MG_E_UNSUPPORTED);
    assert_non_null(strstr(error.message, "table"));
    assert_non_null(strstr(error.hint, ".parquet"));
}

static void a_full_disk_is_said_and_leaves_nothing(void **state)
{
    (void)state;
    static const enum mg_out_format formats[] = {MG_OUT_CSV, MG_OUT_JSONL, MG_OUT_XLSX};
    char name[] = "/tmp/mg-said-XXXXXX";
    int said = mkstemp(name), kept = dup(STDERR_FILENO);
    mg_said_filter();
    dup2(said, STDERR_FILENO);
    for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
        struct mg_out *out = NULL;
        struct mg_error error = {0};
        char link[300];
        struct mg_out_cell cell = text("some text");
        struct mg_out_options options = {.temp_dir = folder};
        snprintf(link, sizeof link, "%s/full", folder);
        assert_int_equal(symlink("/dev/full", link), 0);
        int rc = mg_out_open(arena, formats[i], link, columns, 1, &options, &out, &error);
        for (int r = 0; r < 50000 && rc == 0; r++)
            rc = mg_out_row(out, &cell, &error);
        struct mg_out_report report;
        if (rc)
            mg_out_drop(out);
        else
            rc = mg_out_close(out, &report, &error);
        assert_int_equal(rc, MG_E_FULL);
        assert_int_equal(access(link, F_OK), -1);
    }
    dup2(kept, STDERR_FILENO);
    struct stat info;
    assert_int_equal(fstat(said, &info), 0);
    assert_int_equal(info.st_size, 0); /* a library prints what it returns */
    close(said);
    close(kept);
    unlink(name);
}

static void a_stop_ends_it(void **state)
{
    (void)state;
    struct mg_stop stop;
    mg_stop_init(&stop);
    mg_stop_ask(&stop, MG_STOP_CANCELLED);
    struct mg_out_options options = {.temp_dir = folder, .stop = &stop};
    struct mg_out *out = NULL;
    struct mg_error error = {0};
    struct mg_out_cell cell = number(1);
    snprintf(path, sizeof path, "%s/stopped.csv", folder);
    assert_int_equal(mg_out_open(arena, MG_OUT_CSV, path, columns, 1, &options, &out, &error), 0);
    int rc = 0;
    for (int r = 0; r < 64 && rc == 0; r++)
        rc = mg_out_row(out, &cell, &error);
    assert_int_equal(rc, MG_E_CANCELLED);
    mg_out_drop(out);
    assert_false(mg_file_exists(path));
    mg_stop_done(&stop);
}

static void no_columns_and_too_many_are_refused(void **state)
{
    (void)state;
    struct mg_out *out = NULL;
    struct mg_error error = {0};
    assert_int_equal(mg_out_open(arena, MG_OUT_CSV, "/tmp/none", columns, 0, NULL, &out, &error), MG_E_LIMIT);
    assert_int_equal(mg_out_open(arena, MG_OUT_CSV, "/tmp/none", columns, 4097, NULL, &out, &error),
                     MG_E_LIMIT);
    assert_non_null(strstr(error.message, "4097"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(csv_is_safe_and_says_what_it_loses, set_up, tear_down),
        cmocka_unit_test_setup_teardown(jsonl_keeps_types, set_up, tear_down),
        cmocka_unit_test_setup_teardown(formats_are_known_by_name_and_ending, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_full_disk_is_said_and_leaves_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_stop_ends_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_columns_and_too_many_are_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
