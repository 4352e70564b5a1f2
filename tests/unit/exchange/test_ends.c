/* The first and last rows as they stand: counted as the shape counts them, ragged ones too, with their lines.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "exchange/exchange.h"

static char folder[] = "/tmp/mg-ends-XXXXXX";
static char path[256];

static struct mg_exchange *open_text(const char *text, int64_t part_bytes)
{
    struct mg_exchange_options options = {.name = "data.csv", .temp_dir = folder, .part_bytes = part_bytes};
    struct mg_exchange *x = NULL;
    struct mg_error error = {0};
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    if (mg_exchange_open(path, &options, &x, &error) != 0)
        fail_msg("%s", error.message);
    return x;
}

static void put(struct mg_buf *out, const struct mg_exchange_end_row *rows, size_t n)
{
    for (size_t r = 0; r < n; r++) {
        mg_buf_printf(out, "%lld:", (long long)rows[r].line);
        for (size_t i = 0; i < rows[r].n_cells; i++)
            mg_buf_printf(out, "%s%s", i ? "|" : "", rows[r].cells[i] ? rows[r].cells[i] : "-");
        mg_buf_putc(out, ';');
    }
}

static void assert_ends(struct mg_exchange *x, size_t cell_bytes, const char *first, const char *last)
{
    struct mg_arena *arena = mg_arena_new((size_t)1 << 20);
    struct mg_exchange_ends ends;
    struct mg_error error = {0};
    struct mg_buf text;
    if (mg_exchange_ends(x, arena, cell_bytes, &ends, &error) != 0)
        fail_msg("%s", error.message);
    mg_buf_init(&text, 1 << 16);
    put(&text, ends.first, ends.n_first);
    assert_string_equal(text.data, first);
    mg_buf_done(&text);
    mg_buf_init(&text, 1 << 16);
    put(&text, ends.last, ends.n_last);
    assert_string_equal(text.data, last);
    mg_buf_done(&text);
    mg_arena_free(arena);
    mg_exchange_close(x);
}

static void titles_ragged_rows_and_foot_stand_with_their_lines(void **state)
{
    (void)state;
    struct mg_exchange *x =
        open_text("Survey 2025\n\nid,E1,P1\n1,6,5\n2,7\n3,,4\n4,5,5\n5,6,6\nmean,6,5\n", 0);
    assert_int_equal(x->title_rows, 1);
    assert_int_equal(x->header_rows, 1);
    static const char all[] = "1:Survey 2025;3:id|E1|P1;4:1|6|5;5:2|7;6:3|-|4;7:4|5|5;8:5|6|6;9:mean|6|5;";
    assert_ends(x, 200, all, all);
}

static void long_cells_are_cut_at_whole_characters(void **state)
{
    (void)state;
    static const char cut[] = "1:id|维…;2:1|a;3:2|b;";
    assert_ends(open_text("id,维修及时吗\n1,a\n2,b\n", 0), 4, cut, cut);
}

/* However the file was read in parts. */
static void of_a_long_file_the_last_rows_are_the_last(void **state)
{
    (void)state;
    static const int64_t parts[] = {0, 200, 300};
    for (size_t p = 0; p < sizeof parts / sizeof *parts; p++) {
        struct mg_buf text, first, last;
        mg_buf_init(&text, 1 << 16);
        mg_buf_init(&first, 1 << 16);
        mg_buf_init(&last, 1 << 16);
        mg_buf_printf(&text, "id,E1\n");
        mg_buf_printf(&first, "1:id|E1;");
        for (int i = 1; i <= 200; i++) {
            mg_buf_printf(&text, "%d,%d\n", i, 1 + i % 7);
            if (i < MG_EXCHANGE_END_ROWS)
                mg_buf_printf(&first, "%d:%d|%d;", i + 1, i, 1 + i % 7);
            if (i > 200 - MG_EXCHANGE_END_ROWS)
                mg_buf_printf(&last, "%d:%d|%d;", i + 1, i, 1 + i % 7);
        }
        assert_ends(open_text(text.data, parts[p]), 200, first.data, last.data);
        mg_buf_done(&text);
        mg_buf_done(&first);
        mg_buf_done(&last);
    }
}

static int set_up(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/file", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(titles_ragged_rows_and_foot_stand_with_their_lines),
        cmocka_unit_test(long_cells_are_cut_at_whole_characters),
        cmocka_unit_test(of_a_long_file_the_last_rows_are_the_last),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
