/* What a study must be before it is kept, and that no more is asked of one that was kept before. */

#include "base/buf.h"
#include "study.h"

static void scales_that_hold_no_step_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *more, *where;
    } bad[] = {
        {"\"scale\":{\"min\":1,\"max\":7,\"step\":1e300}", "/scale"},
        {"\"scale\":{\"min\":-1e308,\"max\":1e308,\"step\":0}", "/scale"},
        {"\"scale\":{\"min\":1,\"max\":7},\"outcomes\":[{\"code\":\"o\",\"kind\":\"index\",\"column\":\"o\","
         "\"scale\":{\"min\":0,\"max\":1,\"step\":1e12}}]",
         "/outcomes/0/scale"},
        {"\"scale\":{\"min\":1,\"max\":7},\"events\":[{\"wave\":\"*\",\"label\":\"x\"}]", "/events/0/wave"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct mg_error error = {0};
        const struct mg_study *study = parse(mg_arena_printf(
            arena, "{\"study\":\"s\",%s,\"items\":[{\"code\":\"a\",\"perception\":\"P\"}]}", bad[i].more));
        assert_int_equal(mg_study_accept(study, &error), MG_E_INVALID);
        assert_string_equal(error.field, bad[i].where);
    }
    assert_int_equal(mg_study_accept(parse("{\"study\":\"s\",\"scale\":{\"min\":0,\"max\":1},\"items\":["
                                           "{\"code\":\"a\",\"perception\":\"P\"}]}"),
                                     NULL),
                     0);
}

/* `items` of four columns each and `outcomes`, in a dimension and a touchpoint each up to `parts`. */
static const struct mg_study *large(int items, int outcomes, int parts)
{
    struct mg_buf text;
    mg_buf_init(&text, MG_STUDY_BYTES_MAX);
    mg_buf_printf(&text, "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},\"dimensions\":[");
    for (int i = 0; i < parts; i++)
        mg_buf_printf(&text, "%s{\"code\":\"d%d\"}", i ? "," : "", i);
    mg_buf_printf(&text, "],\"touchpoints\":[");
    for (int i = 0; i < parts; i++)
        mg_buf_printf(&text, "%s{\"code\":\"t%d\"}", i ? "," : "", i);
    mg_buf_printf(&text, "],\"items\":[");
    for (int i = 0; i < items; i++)
        mg_buf_printf(
            &text,
            "%s{\"code\":\"i%d\",\"dimension\":\"d%d\",\"touchpoint\":\"t%d\",\"expectation\":\"E%d\","
            "\"perception\":\"P%d\",\"adequate\":\"A%d\",\"importance\":\"I%d\"}",
            i ? "," : "", i, i % parts, i % parts, i, i, i, i);
    mg_buf_printf(&text, "],\"outcomes\":[");
    for (int i = 0; i < outcomes; i++)
        mg_buf_printf(&text, "%s{\"code\":\"o%d\",\"kind\":\"nps\",\"column\":\"O%d\"}", i ? "," : "", i, i);
    mg_buf_printf(&text, "]}");
    const struct mg_study *study = parse(text.data);
    mg_buf_done(&text);
    return study;
}

static void more_than_a_report_can_hold_is_refused_with_its_number(void **state)
{
    (void)state;
    struct mg_error error = {0};
    assert_int_equal(mg_study_columns_needed(large(128, 3, 1)), 518);
    assert_int_equal(mg_study_accept(large(128, 3, 1), &error), MG_E_LIMIT);
    assert_non_null(strstr(error.message, "518"));
    assert_non_null(strstr(error.message, "512"));
    assert_string_equal(error.field, "/items");
    assert_int_equal(mg_study_accept(large(127, 2, 1), &error), 0);
    assert_int_equal(mg_study_accept(large(120, 0, 60), &error), MG_E_LIMIT);
    assert_string_equal(error.field, "/dimensions");
    assert_true(*error.hint != '\0');
    assert_int_equal(mg_study_accept(large(120, 0, 20), &error), 0);
}

static void codes_and_waves(void **state)
{
    (void)state;
    static const char *const good[] = {"kiosk-2025", "a_b.c", "供热", "é"};
    static const char *const bad[] = {"",    "a b",  "坏 代码",  "坏\u3000代码", "a/b",
                                      "a?b", "a\tb", "a\u00a0b", "a\u2003b"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(mg_study_code_fits(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(mg_study_code_fits(bad[i]));
    assert_string_equal(mg_study_code_of(arena, "kiosk 2025.csv"), "kiosk-2025");
    assert_string_equal(mg_study_code_of(arena, "坏\u3000代码(1).csv"), "坏-代码-1-");
    assert_string_equal(mg_study_code_of(arena, ".csv"), "study");
    assert_true(mg_study_wave_fits("2026 春") && mg_study_wave_fits("**"));
    assert_false(mg_study_wave_fits("*") || mg_study_wave_fits(" ") || mg_study_wave_fits("") ||
                 mg_study_wave_fits("a\x01"));
}

static void columns_come_with_their_place_and_what_is_like_them(void **state)
{
    (void)state;
    const struct mg_study_column *columns;
    struct mg_error error = {0};
    size_t n;
    static const char *const names[] = {"W", "id", "E1", "P1", "P2"};
    assert_int_equal(mg_study_columns(arena, large(1, 1, 1), &columns, &n, NULL), 0);
    assert_int_equal(n, 5);
    assert_string_equal(columns[1].column, "P0");
    assert_string_equal(columns[1].where, "/items/0/perception");
    assert_string_equal(columns[4].where, "/outcomes/0/column");
    assert_int_equal(mg_study_lacks(&columns[1], names, 5, &error), MG_E_INVALID);
    assert_string_equal(error.field, "/items/0/perception");
    assert_non_null(strstr(error.message, "P0"));
    assert_non_null(strstr(error.hint, ": P1, P2, "));
    assert_int_equal(mg_study_lacks(&columns[1], names, 0, &error), MG_E_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(scales_that_hold_no_step_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(more_than_a_report_can_hold_is_refused_with_its_number, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(codes_and_waves, set_up, tear_down),
        cmocka_unit_test_setup_teardown(columns_come_with_their_place_and_what_is_like_them, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
