/* One sentence, both languages, from one format. */
#include "wire/say.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void both_languages_come_from_one_call(void **state)
{
    struct mg_arena *arena = mg_arena_new(1 << 16);
    (void)state;
    struct mg_wire_text text = mg_wire_say(arena, NULL, "%s ‹response|responses›", "1 204");
    assert_string_equal(text.en, "1 204 responses");
    assert_string_equal(text.zh_cn, "1 204 份答卷");
    text = mg_wire_say(arena, NULL, "%s ‹response|responses›", "1");
    assert_string_equal(text.en, "1 response");
    assert_string_equal(text.zh_cn, "1 份答卷");
    text = mg_wire_say(arena, NULL, "Not translated: %d", 7);
    assert_string_equal(text.zh_cn, "Not translated: 7");
    mg_arena_free(arena);
}

static void what_it_is_about_is_named_in_each(void **state)
{
    struct mg_arena *arena = mg_arena_new(1 << 16);
    const struct mg_wire_text of = {"100 %s {} %n", "准时率 50%"};
    (void)state;
    struct mg_wire_text text = mg_wire_say(arena, &of, "{}: the rating rose from %.2f to %.2f.", 3.5, 4.25);
    assert_string_equal(
        text.en, "100 %s {} %n: the rating rose from 3.50 to 4.25."); /* no format, whatever it holds */
    assert_string_equal(text.zh_cn, "准时率 50%：评分由 3.50 上升到 4.25。");
    mg_arena_free(arena);
}

/* However the number is given; what is a name, a share or part of a text stays as it is. */
static void thousands_stand_apart(void **state)
{
    struct mg_arena *arena = mg_arena_new(1 << 16);
    const struct mg_wire_text of = {"row 12345 %d %.0f", "第 12345 %zu"};
    (void)state;
    struct mg_wire_text text = mg_wire_say(arena, &of, "{}: %d, %zu, %lld, %.0f, %.2f, %s, %g‹x|y›", 28707,
                                           (size_t)4837, -12406LL, 3711.0, 1234.5, "2026", 1234.0);
    assert_string_equal(
        text.en, "row 12345 %d %.0f: 28\u202f707, 4\u202f837, \u221212\u202f406, 3\u202f711, 1234.50, 2026, "
                 "1234‹x|y›");
    assert_string_equal(
        text.zh_cn, "第 12345 %zu: 28\u202f707, 4\u202f837, \u221212\u202f406, 3\u202f711, 1234.50, 2026, "
                    "1234‹x|y›");
    text = mg_wire_say(arena, NULL, "%.0f ‹row|rows›; %.0f%%", 2001.0, 999.0);
    assert_string_equal(text.en, "2\u202f001 rows; 999%");
    text = mg_wire_say(arena, NULL, "%.0f, 100%%d and %s", (double)NAN, "\x01\x02 7");
    assert_string_equal(text.en, "nan, 100%d and  7");
    mg_arena_free(arena);
}

static void latin_names_stand_apart_from_chinese(void **state)
{
    struct mg_arena *arena = mg_arena_new(1 << 16);
    const struct mg_wire_text code = {"i0", "i0"}, name = {"Heat", "供暖"};
    (void)state;
    const char *format = "The lowest rating is {} with %.1f; there are no expectations to compare it with.";
    assert_string_equal(mg_wire_say(arena, &code, format, 3.5).zh_cn,
                        "评分最低的是 i0，3.5；没有可以对照的期望。");
    assert_string_equal(mg_wire_say(arena, &name, format, 3.5).zh_cn,
                        "评分最低的是供暖，3.5；没有可以对照的期望。");
    assert_string_equal(mg_wire_say(arena, &code,
                                    "Too few people for a gap: at {} %.1f is expected and %.1f perceived.",
                                    6.0, 4.0)
                            .zh_cn,
                        "人数太少，算不出差距：i0 的期望为 6.0，感知为 4.0。");
    mg_arena_free(arena);
}

static void a_full_arena_gives_no_text(void **state)
{
    struct mg_arena *arena = mg_arena_new(64);
    char label[4096];
    (void)state;
    memset(label, 'x', sizeof label - 1);
    label[sizeof label - 1] = '\0';
    const struct mg_wire_text of = {label, label};
    struct mg_wire_text text = mg_wire_say(arena, &of, "{}: the rating rose from %.2f to %.2f.", 3.5, 4.25);
    assert_null(text.en);
    assert_null(text.zh_cn);
    mg_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_languages_come_from_one_call),
        cmocka_unit_test(what_it_is_about_is_named_in_each),
        cmocka_unit_test(latin_names_stand_apart_from_chinese),
        cmocka_unit_test(thousands_stand_apart),
        cmocka_unit_test(a_full_arena_gives_no_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
