/* CSV out: quoting and formula injection. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"
#include "exchange/csv_writer.h"

static void cells_are_quoted_and_defused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *written;
    } cases[] = {
        {"plain", "plain"},
        {"a,b", "\"a,b\""},
        {"say \"x\"", "\"say \"\"x\"\"\""},
        {"=1+1", "\"'=1+1\""},
        {"+cmd", "\"'+cmd\""},
        {"-cmd|x", "\"'-cmd|x\""},
        {"@SUM(A1)", "\"'@SUM(A1)\""},
        {"\t=1", "\"'\t=1\""},
        {"\r=1", "\"'\r=1\""},
        {"\n=1", "\"'\n=1\""},
        {"＝1+1", "\"'＝1+1\""},
        {"＋1", "\"'＋1\""},
        {"－1+1", "\"'－1+1\""},
        {"＠SUM(A1)", "\"'＠SUM(A1)\""},
        {"＃1", "＃1"},
        {"好＝1", "好＝1"},
        {"-1.5", "-1.5"},
        {"+3", "+3"},
        {"two\nlines", "\"two\nlines\""},
        {"", ""},
        {"=\"x\"", "\"'=\"\"x\"\"\""},
        {NULL, ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct mg_buf buf;
        mg_buf_init(&buf, 1000);
        struct mg_csv_writer out = mg_csv_writer(&buf);
        mg_csv_write_text(&out, cases[i].text);
        mg_buf_puts(&buf, "");
        assert_string_equal(buf.data, cases[i].written);
        mg_buf_done(&buf);
    }
}

static void rows_have_commas_between_and_line_ends_after(void **state)
{
    (void)state;
    struct mg_buf buf;
    mg_buf_init(&buf, 1000);
    struct mg_csv_writer out = mg_csv_writer(&buf);
    mg_csv_write_mark(&out);
    mg_csv_write_text(&out, "行");
    mg_csv_write_number(&out, -0.1);
    mg_csv_end_row(&out);
    mg_csv_write_text(&out, NULL);
    mg_csv_write_number(&out, 0.0 / 0.0);
    mg_csv_end_row(&out);
    assert_string_equal(buf.data, "\xEF\xBB\xBF行,-0.1\r\n,\r\n");
    mg_buf_done(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_quoted_and_defused),
        cmocka_unit_test(rows_have_commas_between_and_line_ends_after),
    };
    return cmocka_run_group_tests_name("exchange/csv_writer", tests, NULL, NULL);
}
