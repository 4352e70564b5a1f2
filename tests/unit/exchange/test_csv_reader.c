/* The reader of CSV text: cells, quotes, line ends and lines of rows, wherever the window ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/str.h"
#include "exchange/csv_reader.h"

/* Rows as "line:cell|cell\n", malformed ones with "!" behind the line. */
static void dump(struct mg_csv_reader *reader, char *ret_text, size_t size)
{
    struct mg_csv_row row;
    struct mg_error error = {0};
    size_t used = 0;
    int rc;
    *ret_text = '\0';
    assert_non_null(reader);
    while ((rc = mg_csv_reader_next(reader, &row, &error)) == 1) {
        used += (size_t)snprintf(ret_text + used, size - used, "%lld%s:", (long long)row.line,
                                 row.malformed ? "!" : "");
        for (size_t i = 0; i < row.n; i++) {
            assert_int_equal(strlen(row.cells[i]), row.sizes[i]);
            used += (size_t)snprintf(ret_text + used, size - used, "%s%s", row.cells[i],
                                     i + 1 < row.n ? "|" : "\n");
        }
    }
    if (rc < 0)
        snprintf(ret_text + used, size - used, "%s [%s]", error.message, error.field);
    mg_csv_reader_free(reader);
}

static void rows_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *text, *rows;
    } cases[] = {
        {"a,b\n1,2\n", "1:a|b\n2:1|2\n"},
        {"a,b\r\n1,2\r\n", "1:a|b\n2:1|2\n"},
        {"a,b\r1,2\r", "1:a|b\n2:1|2\n"},
        {"a,b\n1,2", "1:a|b\n2:1|2\n"},
        {"a,b\r\n1,2\r", "1:a|b\n2:1|2\n"},
        {"a,\n,\n", "1:a|\n2:|\n"},
        {"\n\na\n\r\n\nb\n", "3:a\n6:b\n"},
        {"\"a\nb\",c\nd,e\n", "1:a\nb|c\n3:d|e\n"},
        {"\"a\r\nb\",c\r\nd,e\r\n", "1:a\r\nb|c\n3:d|e\n"},
        {"\"\",\"\"\"\",\"a\"\"b\"\n", "1:|\"|a\"b\n"},
        {"\"a\"", "1:a\n"},
        {"5\" pipe,a\"\"b\n", "1:5\" pipe|a\"\"b\n"},
        {"\"a\"b,c\n", "1!:ab|c\n"},
        {"\"a\" \"b\",c\n", "1!:a \"b\"|c\n"},
        {"", ""},
        {"\n\r\n", ""},
        {"a\n\"b", "1:a\n ends inside a quoted cell of the row that begins at line 2. [, line 2]"},
        {"a\n\"b\"\"", "1:a\n ends inside a quoted cell of the row that begins at line 2. [, line 2]"},
    };
    char text[400];
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        dump(mg_csv_reader_of_text(cases[i].text, strlen(cases[i].text), ','), text, sizeof text);
        assert_string_equal(text, cases[i].rows);
    }
}

/* A text in a file that is removed at once. */
static int file_of(const char *text, size_t n)
{
    char path[] = "/tmp/mg-csv-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    unlink(path);
    assert_int_equal(write(fd, text, n), (int)n);
    return fd;
}

static struct mg_csv_range range_of(int fd, size_t n)
{
    return (struct mg_csv_range){
        .fd = fd, .name = "x.csv", .delimiter = ',', .to = (int64_t)n, .end = (int64_t)n, .line = 1};
}

/* Whatever stands at the window's end: a quote, a doubled one, half a CRLF. */
static void windows_end_anywhere(void **state)
{
    (void)state;
    static const char tail[] = "\",\"x\"\"y\nz\",q\r\n1,2,3\r\n";
    const size_t window = (size_t)256 * 1024;
    char *text = malloc(window + 100), *seen = malloc(window + 400);
    for (size_t shift = 0; shift < sizeof tail + 4; shift++) {
        size_t filling = window - shift;
        text[0] = '"';
        memset(text + 1, 'a', filling);
        memcpy(text + 1 + filling, tail, sizeof tail);
        size_t n = 1 + filling + sizeof tail - 1;
        int fd = file_of(text, n);
        const struct mg_csv_range range = range_of(fd, n);
        dump(mg_csv_reader_new(&range), seen, window + 400);
        assert_int_equal(strspn(seen + 2, "a"), filling);
        assert_string_equal(seen + 2 + filling, "|x\"y\nz|q\n3:1|2|3\n");
        close(fd);
    }
    free(text);
    free(seen);
}

static void a_range_holds_the_rows_that_begin_in_it(void **state)
{
    (void)state;
    static const char text[] = "a,b\n1,\"x\ny\"\n2,z\n3,w\n";
    int fd = file_of(text, sizeof text - 1);
    struct mg_csv_range range = range_of(fd, sizeof text - 1);
    char seen[200];
    range.from = 4;
    range.line = 2;
    range.to = 6; /* within the row that begins at 4 */
    dump(mg_csv_reader_new(&range), seen, sizeof seen);
    assert_string_equal(seen, "2:1|x\ny\n");
    range.to = 13;
    dump(mg_csv_reader_new(&range), seen, sizeof seen);
    assert_string_equal(seen, "2:1|x\ny\n4:2|z\n");
    close(fd);
}

static void what_goes_wrong_names_the_line(void **state)
{
    (void)state;
    char seen[400], *many = malloc(20000);
    int fd = file_of("a\nb\n\"c\nd\",\0e\n", 14);
    struct mg_csv_range range = range_of(fd, 14);
    dump(mg_csv_reader_new(&range), seen, sizeof seen);
    assert_string_equal(seen,
                        "1:a\n2:b\nx.csv: line 4 holds a NUL byte, so this is no text file. [x.csv, line 4]");
    range.end = range.to = 40; /* it was longer */
    range.from = 12;
    dump(mg_csv_reader_new(&range), seen, sizeof seen);
    assert_non_null(strstr(seen, "x.csv has become shorter while it was read."));
    close(fd);
    memset(many, ',', 5000);
    dump(mg_csv_reader_of_text(many, 5000, ','), seen, sizeof seen);
    assert_non_null(strstr(seen, "line 1 has more than 4096 cells."));
    free(many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_told_apart),
        cmocka_unit_test(windows_end_anywhere),
        cmocka_unit_test(a_range_holds_the_rows_that_begin_in_it),
        cmocka_unit_test(what_goes_wrong_names_the_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
