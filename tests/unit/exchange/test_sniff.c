/* Files of other programs are told by how they begin, and tables are not mistaken for them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/str.h"
#include "exchange/exchange.h"

static char folder[] = "/tmp/mg-sniff-XXXXXX";
static char path[256];

static void write_bytes(const void *bytes, size_t n)
{
    snprintf(path, sizeof path, "%s/file", folder);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    fclose(file);
}

static int open_path(struct mg_exchange **ret, struct mg_error *error)
{
    struct mg_exchange_options options = {.name = "data.csv", .temp_dir = folder};
    return mg_exchange_open(path, &options, ret, error);
}

static void assert_refused(int code, const char *part, const char *other)
{
    struct mg_exchange *x = NULL;
    struct mg_error error = {0};
    assert_int_equal(open_path(&x, &error), code);
    if (!strstr(error.message, part) || (other && !strstr(error.message, other)))
        fail_msg("message is: %s", error.message);
}

static void assert_table(const char *text)
{
    struct mg_exchange *x;
    struct mg_error error = {0};
    write_bytes(text, strlen(text));
    if (open_path(&x, &error))
        fail_msg("%s", error.message);
    assert_int_equal(x->rows, 2);
    mg_exchange_close(x);
}

static void other_formats_are_named(void **state)
{
    (void)state;
    write_bytes("PAR1 and then nothing", 21);
    assert_refused(MG_E_INVALID, "Parquet", "missing");
    write_bytes("PK\x03\x04 xlsx", 9);
    assert_refused(MG_E_INVALID, "damaged zip", NULL);
    write_bytes("%PDF-1.7", 8);
    assert_refused(MG_E_UNSUPPORTED, "PDF", NULL);
    static const struct {
        const char *bytes, *said;
    } others[] = {{"<html><table>", "HTML"},
                  {"\xEF\xBB\xBF\n <!doctype HTML>", "HTML"},
                  {"\n\n<TABLE border=1>", "HTML"},
                  {"<meta charset=utf-8>", "HTML"},
                  {"MIME-Version: 1.0\r\n", "HTML"},
                  {"<?xml version='1.0'?>", "XML"},
                  {"{\\rtf1\\ansi}", "RTF"},
                  {"\x89PNG\r\n\x1A\n", "PNG"},
                  {"\xFF\xD8\xFF\xE0", "JPEG"},
                  {"GIF89a,,", "GIF"},
                  {"SQLite format 3", "SQLite"},
                  {"RDX3\nX\n", "R (.rda)"},
                  {"ARROW1", "Arrow"},
                  {"ID;PWXL;N;E\n", "SYLK"}};
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        write_bytes(others[i].bytes, strlen(others[i].bytes));
        assert_refused(MG_E_UNSUPPORTED, others[i].said, NULL);
    }
    /* and what is a table all the same */
    assert_table("ID;Product;Score\n1;a;5\n2;b;4\n");
    assert_table("<b>Q1</b>,<i>Q2</i>\n1,2\n3,4\n");
    assert_table("[1] How fast?,[2] How kind?\n1,2\n3,4\n");
    snprintf(path, sizeof path, "%s/absent", folder);
    assert_refused(MG_E_NOT_FOUND, "data.csv", NULL);
}

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "%s/file", folder);
    unlink(path);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(other_formats_are_named)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
