/* Errors, their translation, and the log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

#include "base/err.h"
#include "base/json.h"
#include "base/log.h"
#include "base/str.h"

static void fills_the_callers_struct_and_returns_the_code(void **state)
{
    (void)state;
    struct mg_error error = {0};
    assert_int_equal(mg_fail(&error, MG_E_LIMIT, "The path is longer than %d bytes.", 7), MG_E_LIMIT);
    assert_int_equal(error.code, MG_E_LIMIT);
    assert_string_equal(error.message, "The path is longer than 7 bytes.");
    mg_fail_at(&error, "line %d", 3);
    mg_fail_hint(&error, "Try %s.", "another");
    assert_string_equal(error.field, "line 3");
    assert_string_equal(error.hint, "Try another.");
    mg_fail(&error, MG_E_IO, "next"); /* a new failure forgets where the old one was */
    assert_string_equal(error.field, "");
    assert_string_equal(error.hint, "");
    assert_int_equal(mg_fail(NULL, MG_E_BUSY, "nobody listens"), MG_E_BUSY);
    mg_fail_at(NULL, "nowhere");
    mg_fail_hint(NULL, "none");
}

static void speaks_the_callers_language(void **state)
{
    (void)state;
    struct mg_error error = {.lang = MG_LANG_ZH};
    mg_fail(&error, MG_E_LIMIT, "The path is longer than %d bytes.", 7);
    assert_non_null(strstr(error.message, "路径"));
    assert_non_null(strstr(error.message, "7"));
    assert_string_equal(mg_tr(MG_LANG_EN, "The path is longer than %d bytes."),
                        "The path is longer than %d bytes.");
    assert_string_equal(mg_tr(MG_LANG_ZH, "a text without translation"), "a text without translation");
}

/* Cut-off messages stay valid UTF-8, wherever the cut falls. */
static void long_texts_are_cut_between_characters(void **state)
{
    (void)state;
    char text[1000];
    for (size_t shift = 0; shift < 4; shift++) {
        struct mg_error error = {0};
        memset(text, 'x', shift);
        for (size_t i = shift; i + 3 < sizeof text; i += 3)
            memcpy(text + i, "差", 4);
        mg_fail(&error, MG_E_INVALID, "%s", text);
        mg_fail_at(&error, "%s", text);
        assert_true(strlen(error.message) > sizeof error.message - 5);
        assert_true(mg_utf8_valid(error.message, strlen(error.message)));
        assert_true(mg_utf8_valid(error.field, strlen(error.field)));
    }
}

static void every_code_has_a_name(void **state)
{
    (void)state;
    assert_string_equal(mg_err_name(0), "ok");
    assert_string_equal(mg_err_name(MG_E_INVALID), "invalid");
    assert_string_equal(mg_err_name(MG_E_INESTIMABLE), "inestimable");
    assert_string_equal(mg_err_name(MG_E_UNSUPPORTED), "unsupported");
    assert_string_equal(mg_err_name(MG_E_FULL), "full");
    assert_string_equal(mg_err_name(MG_E_DAMAGED), "damaged");
    assert_string_equal(mg_err_name(MG_E_CHANGED), "changed");
    assert_string_equal(mg_err_name(MG_E_TAKEN), "taken");
    assert_string_equal(mg_err_name(-19), "unknown");
    assert_string_equal(mg_err_name(1), "unknown");
}

static void the_log_is_one_json_object_a_line(void **state)
{
    (void)state;
    char *text = NULL;
    size_t n = 0;
    FILE *stream = open_memstream(&text, &n);
    struct mg_log log = {.stream = stream, .level = MG_LOG_INFO, .clock = mg_clock_fixed(1768743600000000)};
    mg_log_write(&log, MG_LOG_DEBUG, "test.quiet", "not written");
    mg_log_write(&log, MG_LOG_WARN, "test.loud", "two\nlines and \"%s\"", "quotes");
    fclose(stream);
    assert_int_equal(text[n - 1], '\n');
    assert_ptr_equal(strchr(text, '\n'), text + n - 1);
    json_t *record = mg_json_parse(text, n, 10000, NULL);
    assert_string_equal(json_string_value(json_object_get(record, "at")), "2026-01-18T13:40:00Z");
    assert_string_equal(json_string_value(json_object_get(record, "level")), "warn");
    assert_string_equal(json_string_value(json_object_get(record, "event")), "test.loud");
    assert_string_equal(json_string_value(json_object_get(record, "message")), "two\nlines and \"quotes\"");
    json_decref(record);
    free(text);
    log.stream = NULL;
    mg_log_write(&log, MG_LOG_ERROR, "test.nowhere", "fine");
    mg_log_write(NULL, MG_LOG_ERROR, "test.nowhere", "fine");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_the_callers_struct_and_returns_the_code),
        cmocka_unit_test(speaks_the_callers_language),
        cmocka_unit_test(long_texts_are_cut_between_characters),
        cmocka_unit_test(every_code_has_a_name),
        cmocka_unit_test(the_log_is_one_json_object_a_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
