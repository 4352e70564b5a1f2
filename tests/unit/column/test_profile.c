/* Profiles of columns: types from values, ranges, how many different ones, which are the most frequent, and
 * memory. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arena.h"
#include "base/str.h"
#include "column/profile.h"
#include "memory.h"

static void text(struct mg_profile *profile, size_t c, const char *value)
{
    if (value && *value)
        mg_profile_text(profile, c, value, strlen(value));
    else
        mg_profile_missing(profile, c);
}

static struct mg_column_info finish(const struct mg_profile *profile, size_t c, enum mg_column_type type)
{
    struct mg_column_info info;
    struct mg_error error = {0};
    if (mg_profile_finish(profile, c, arena, "q", type, &info, &error))
        fail_msg("%s", error.message);
    return info;
}

/* Values apart by '|'. */
static struct mg_column_info profile_of(const char *values)
{
    struct mg_profile *profile = mg_profile_new(1);
    char *copy = mg_arena_strdup(arena, values);
    for (char *value; (value = strsep(&copy, "|"));)
        text(profile, 0, value);
    struct mg_column_info info = finish(profile, 0, MG_TYPE_TEXT);
    mg_profile_free(profile);
    return info;
}

static void types_are_what_all_values_speak_for(void **state)
{
    (void)state;
    static const struct {
        const char *values;
        enum mg_column_type type;
        int64_t n, missing, distinct;
    } cases[] = {
        {"1|2|2|", MG_TYPE_INTEGER, 3, 1, 2},
        {"1|1.0|NA|-|01", MG_TYPE_INTEGER, 3, 2, 1},
        {" 7 |7", MG_TYPE_INTEGER, 2, 0, 1},
        {"1.5|2|inf", MG_TYPE_NUMBER, 3, 0, 3},
        {"1|2|x", MG_TYPE_TEXT, 3, 0, 3},
        {"NA|N/A", MG_TYPE_TEXT, 2, 0, 2},
        {"na|NA|Null|null|.", MG_TYPE_TEXT, 5, 0, 3}, /* a word in any case is one */
        {"5|na|Na|-", MG_TYPE_INTEGER, 1, 3, 1},
        {"|", MG_TYPE_TEXT, 0, 2, 0},
        {"2026-01-18|2026-01-18T10:00:00Z|2026-02-01 09:30:00", MG_TYPE_TIME, 3, 0, 3},
        {"2026-01-18|2026-13-18", MG_TYPE_TEXT, 2, 0, 2},
        {"true|FALSE|True", MG_TYPE_BOOLEAN, 3, 0, 3},
        {"true|yes", MG_TYPE_TEXT, 2, 0, 2},
        {"0x10|1_000|1e5", MG_TYPE_TEXT, 3, 0, 3},
        {"满意|不满意|满意", MG_TYPE_TEXT, 3, 0, 2},
        {"abcdefg|abcdefgh|abcdefgi|abcdefgh", MG_TYPE_TEXT, 4, 0, 3},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct mg_column_info info = profile_of(cases[i].values);
        if (info.type != cases[i].type || info.n != cases[i].n || info.n_missing != cases[i].missing ||
            info.n_distinct != cases[i].distinct)
            fail_msg("%s: type %d, n %d, missing %d, distinct %d", cases[i].values, (int)info.type,
                     (int)info.n, (int)info.n_missing, (int)info.n_distinct);
    }
}

static void ranges_leave_out_what_is_no_number(void **state)
{
    (void)state;
    struct mg_column_info info = profile_of("3|-2.5|NA|inf|1e2");
    assert_true(info.min == -2.5 && info.max == 100);
    info = profile_of("3|x");
    assert_true(isnan(info.min) && isnan(info.max));
}

static void typed_columns_keep_their_type(void **state)
{
    (void)state;
    struct mg_profile *profile = mg_profile_new(3);
    for (int64_t i = 0; i < 10; i++) {
        mg_profile_integer(profile, 0, INT64_MAX - i % 2);
        mg_profile_number(profile, 1, i % 2 ? 0.5 : -0.0);
        text(profile, 2, "2026-01-01");
    }
    struct mg_column_info info = finish(profile, 0, MG_TYPE_INTEGER);
    assert_int_equal((int)info.n_distinct, 2);
    assert_string_equal(info.samples[0], "9223372036854775807");
    info = finish(profile, 1, MG_TYPE_NUMBER);
    assert_string_equal(info.samples[0], "0");
    assert_string_equal(info.samples[1], "0.5");
    assert_true(info.min == 0 && info.max == 0.5);
    assert_int_equal((int)finish(profile, 2, MG_TYPE_TIME).type, (int)MG_TYPE_TIME);
    mg_profile_free(profile);
}

static void samples_come_by_frequency(void **state)
{
    (void)state;
    struct mg_column_info info = profile_of("b|a|c|c|a|c|NA|NA|NA|NA");
    static const char *const order[] = {"NA", "c", "a", "b"};
    assert_int_equal(info.n_samples, 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(info.samples[i], order[i]);
    info = profile_of("2|1|1|NA|NA|NA");
    assert_int_equal(info.n_samples, 2);
    assert_string_equal(info.samples[0], "1");
}

/* 60,000 values that come once hide neither the frequent ones nor the first. */
static void frequent_values_survive_many_others(void **state)
{
    (void)state;
    struct mg_profile *profile = mg_profile_new(1);
    char value[32];
    for (int i = 0; i < 60000; i++) {
        snprintf(value, sizeof value, "customer %d", i);
        text(profile, 0, value);
        if (i > 1000 && i % 3 == 0)
            text(profile, 0, i % 2 ? "often, and long" : "often");
    }
    struct mg_column_info info = finish(profile, 0, MG_TYPE_TEXT);
    assert_int_equal(info.n_samples, 12);
    bool often = !strcmp(info.samples[0], "often") || !strcmp(info.samples[1], "often");
    bool longer = !strcmp(info.samples[0], "often, and long") || !strcmp(info.samples[1], "often, and long");
    assert_true(often && longer);
    mg_profile_free(profile);
}

static void long_samples_are_cut(void **state)
{
    (void)state;
    char value[1000];
    memset(value, 'x', sizeof value - 1);
    value[sizeof value - 1] = '\0';
    struct mg_column_info info = profile_of(value);
    assert_int_equal(strlen(info.samples[0]), MG_SAMPLE_BYTES + 3);
    assert_true(mg_str_ends(info.samples[0], "x…"));
}

static int64_t different(size_t columns, int64_t values)
{
    struct mg_profile *profile = mg_profile_new(columns);
    for (int64_t i = 0; i < values * 2; i++)
        mg_profile_integer(profile, 0, (i % values) * 1000);
    int64_t n = finish(profile, 0, MG_TYPE_INTEGER).n_distinct;
    mg_profile_free(profile);
    return n;
}

static void different_values_are_exact_up_to_the_bound(void **state)
{
    (void)state;
    assert_int_equal((int)different(16, 131071), 131071);
    assert_int_equal((int)different(200, 8191), 8191);
    assert_int_equal((int)different(4096, 511), 511);
}

/* Within four standard errors. */
static void beyond_the_bound_they_are_estimated(void **state)
{
    (void)state;
    double many = (double)different(1, 1000000), wide = (double)different(4096, 100000);
    assert_true(fabs(many / 1e6 - 1) < 4 * 1.2 / sqrt(131072));
    assert_true(fabs(wide / 1e5 - 1) < 4 * 1.2 / sqrt(512));
}

/* The worst case of 4,096 columns: each full of different long texts. */
static void memory_is_what_the_header_says(void **state)
{
    (void)state;
    char value[64];
    forget_peak();
    long before = peak_mb();
    struct mg_profile *profile = mg_profile_new(MG_COLUMN_COLUMNS_MAX);
    for (int r = 0; r < 2000; r++) {
        snprintf(value, sizeof value, "a text that is new in every row %d", r);
        for (size_t c = 0; c < MG_COLUMN_COLUMNS_MAX; c++)
            text(profile, c, value);
    }
    long used = peak_mb() - before;
    mg_profile_free(profile);
    if (MEMORY_IS_OURS && used > 64)
        fail_msg("%ld MiB", used);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_are_what_all_values_speak_for),
        cmocka_unit_test(ranges_leave_out_what_is_no_number),
        cmocka_unit_test(typed_columns_keep_their_type),
        cmocka_unit_test(samples_come_by_frequency),
        cmocka_unit_test(frequent_values_survive_many_others),
        cmocka_unit_test(long_samples_are_cut),
        cmocka_unit_test(different_values_are_exact_up_to_the_bound),
        cmocka_unit_test(beyond_the_bound_they_are_estimated),
        cmocka_unit_test(memory_is_what_the_header_says),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
