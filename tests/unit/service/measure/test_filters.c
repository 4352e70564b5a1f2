/* Filters as people write them, and the natural order of waves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "service/measure/measure.h"

/* Behind what names a parameter so. */
#include "arena.h"

static const struct mg_grouping groups[] = {{.code = "region", .column = "col_region"},
                                            {.code = "类别", .column = "k"}};
static const struct mg_study study = {.groups = groups, .n_groups = 2, .wave = "w"};
static const struct mg_measure_request base = {.study = &study};

/* A table of responses keeps waves under a name of its own, and --wave names another column. */
static void waves_are_those_of_the_request(void **state)
{
    (void)state;
    const struct mg_study none = {0};
    const struct mg_measure_request table = {.study = &study, .wave_column = "_wave"};
    const struct mg_measure_request unnamed = {.study = &none, .wave_column = "_wave"};
    const char *text = "wave=2";
    const struct mg_filter *f;
    size_t n;
    assert_int_equal(mg_measure_filters_of_query(arena, &table, "wave:2,3", &f, &n, NULL), 0);
    assert_string_equal(f[0].column, "_wave");
    assert_int_equal(f[0].n_values, 2);
    assert_int_equal(mg_measure_filters_of_query(arena, &unnamed, "wave:2", &f, &n, NULL), 0);
    assert_string_equal(f[0].column, "_wave");
    assert_int_equal(mg_measure_filters_of_options(arena, &table, &text, 1, &f, &n, NULL), 0);
    assert_string_equal(f[0].column, "_wave");
}

static void options_name_groups_waves_and_columns(void **state)
{
    (void)state;
    const char *texts[] = {"region=north,south", "wave=2", "other=\"a,b\",\"say \"\"hi\"\"\",c", "x="};
    const struct mg_filter *f;
    size_t n;
    assert_int_equal(mg_measure_filters_of_options(arena, &base, texts, 4, &f, &n, NULL), 0);
    assert_int_equal(n, 4);
    assert_string_equal(f[0].column, "col_region");
    assert_int_equal(f[0].n_values, 2);
    assert_string_equal(f[0].values[1], "south");
    assert_string_equal(f[1].column, "w");
    assert_string_equal(f[2].column, "other");
    assert_int_equal(f[2].n_values, 3);
    assert_string_equal(f[2].values[0], "a,b");
    assert_string_equal(f[2].values[1], "say \"hi\"");
    assert_string_equal(f[3].values[0], "");
}

static void malformed_options_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"region", "=x", "region=\"north", "region=\"a\"b"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct mg_error error = {0};
        const struct mg_filter *f;
        size_t n;
        assert_int_equal(mg_measure_filters_of_options(arena, &base, &bad[i], 1, &f, &n, &error),
                         MG_E_INVALID);
        assert_string_equal(error.field, "filter");
        assert_non_null(strstr(error.hint, "COLUMN=VALUE"));
    }
}

static void queries_are_decoded_and_know_only_groups(void **state)
{
    (void)state;
    const struct mg_filter *f;
    size_t n;
    struct mg_error error = {0};
    assert_int_equal(
        mg_measure_filters_of_query(arena, &base, "region:a%2Cb,c;%E7%B1%BB%E5%88%AB:x%3Ay", &f, &n, &error),
        0);
    assert_int_equal(n, 2);
    assert_string_equal(f[0].values[0], "a,b");
    assert_string_equal(f[0].values[1], "c");
    assert_string_equal(f[1].column, "k");
    assert_string_equal(f[1].values[0], "x:y");
    assert_int_equal(mg_measure_filters_of_query(arena, &base, NULL, &f, &n, &error), 0);
    assert_int_equal(n, 0);
    static const char *const bad[] = {"region",     "region:",    ":x",      "region:%zz",
                                      "region:%00", "region:%FF", "phone:1", "region:a;phone:2"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_int_equal(mg_measure_filters_of_query(arena, &base, bad[i], &f, &n, &error), MG_E_INVALID);
}

static void eight_filters_at_most_equal_ones_are_one(void **state)
{
    (void)state;
    const struct mg_filter *f;
    size_t n;
    struct mg_error error = {0};
    const char *eight = "region:a;region:b;region:c;region:d;region:e;region:f;region:g;region:a,b";
    const char *again = mg_arena_printf(arena, "%s;region:a;region:a,b", eight);
    assert_int_equal(mg_measure_filters_of_query(arena, &base, again, &f, &n, &error), 0);
    assert_int_equal(n, 8);
    assert_int_equal(f[7].n_values, 2);
    again = mg_arena_printf(arena, "%s;region:b,a", eight);
    assert_int_equal(mg_measure_filters_of_query(arena, &base, again, &f, &n, &error), MG_E_LIMIT);
    assert_string_equal(error.field, "filter");
}

static void waves_sort_as_people_number_them(void **state)
{
    (void)state;
    static const char *const order[] = {NULL,      "",   "2",    "007", "7",     "10",    "2025-9",
                                        "2025-10", "W2", "W02x", "W10", "第2期", "第10期"};
    for (size_t i = 0; i < ARRAY_LEN(order); i++)
        for (size_t j = 0; j < ARRAY_LEN(order); j++) {
            int got = mg_measure_natural_order(order[i], order[j]);
            if ((got > 0) - (got < 0) != (i > j) - (i < j))
                fail_msg("%s and %s: %d", order[i] ? order[i] : "-", order[j] ? order[j] : "-", got);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waves_are_those_of_the_request),
        cmocka_unit_test(options_name_groups_waves_and_columns),
        cmocka_unit_test(malformed_options_are_refused),
        cmocka_unit_test(queries_are_decoded_and_know_only_groups),
        cmocka_unit_test(eight_filters_at_most_equal_ones_are_one),
        cmocka_unit_test(waves_sort_as_people_number_them),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
