/* The byte buffer: growth, its cap, failure that sticks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

static void appends_and_terminates(void **state)
{
    (void)state;
    struct mg_buf buf;
    mg_buf_init(&buf, 1000);
    mg_buf_puts(&buf, "gap ");
    mg_buf_putc(&buf, '=');
    mg_buf_printf(&buf, " %.2f", -1.5);
    mg_buf_add(&buf, "\0x", 2);
    assert_int_equal(buf.len, 13);
    assert_memory_equal(buf.data, "gap = -1.50\0x", 14);
    assert_int_equal(buf.data[buf.len], '\0');
    assert_false(buf.failed);
    mg_buf_done(&buf);
}

static void grows_up_to_its_limit_and_no_further(void **state)
{
    (void)state;
    struct mg_buf buf;
    mg_buf_init(&buf, 5000);
    for (int i = 0; i < 5000; i++)
        mg_buf_putc(&buf, (char)('a' + i % 26));
    assert_false(buf.failed);
    assert_int_equal(buf.len, 5000);
    for (int i = 0; i < 5000; i++)
        assert_int_equal(buf.data[i], 'a' + i % 26);
    mg_buf_putc(&buf, '!');
    assert_true(buf.failed);
    assert_int_equal(buf.len, 5000);
    mg_buf_done(&buf);
}

static void failure_sticks_until_reset(void **state)
{
    (void)state;
    struct mg_buf buf;
    size_t n = 7;
    mg_buf_init(&buf, 4);
    mg_buf_puts(&buf, "abc");
    mg_buf_puts(&buf, "de");
    mg_buf_puts(&buf, "f"); /* would fit, but the text would have a hole */
    assert_true(buf.failed);
    assert_string_equal(buf.data, "abc");
    mg_buf_reset(&buf);
    assert_string_equal(buf.data, "");
    mg_buf_printf(&buf, "%d", 1234);
    assert_false(buf.failed);
    mg_buf_printf(&buf, "%d", 5);
    assert_null(mg_buf_take(&buf, &n));
    assert_int_equal(n, 7);
    mg_buf_add(&buf, "", (size_t)-1); /* an absurd size is a failure, not an overflow */
    assert_true(buf.failed);
    mg_buf_done(&buf);
}

static void take_hands_over_and_starts_anew(void **state)
{
    (void)state;
    struct mg_buf buf;
    size_t n = 7;
    mg_buf_init(&buf, 10);
    char *empty = mg_buf_take(&buf, &n);
    assert_string_equal(empty, "");
    assert_int_equal(n, 0);
    free(empty);
    mg_buf_puts(&buf, "期望");
    char *text = mg_buf_take(&buf, &n);
    assert_string_equal(text, "期望");
    assert_int_equal(n, 6);
    free(text);
    mg_buf_puts(&buf, "again");
    assert_string_equal(buf.data, "again");
    mg_buf_done(&buf);
    mg_buf_done(&buf);
    mg_buf_done(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appends_and_terminates),
        cmocka_unit_test(grows_up_to_its_limit_and_no_further),
        cmocka_unit_test(failure_sticks_until_reset),
        cmocka_unit_test(take_hands_over_and_starts_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
