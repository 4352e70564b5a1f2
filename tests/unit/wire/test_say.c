/* One sentence, both languages, from one format. */
#include "wire/say.h"

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
    struct mg_wire_text text =
        mg_wire_say(arena, NULL, "%s ‹response|responses›; %g%% intervals", "1 204", 95.0);
    assert_string_equal(text.en, "1 204 responses; 95% intervals");
    assert_string_equal(text.zh_cn, "1 204 份答卷；区间均为 95%");
    text = mg_wire_say(arena, NULL, "%s ‹response|responses›; %g%% intervals", "1", 95.0);
    assert_string_equal(text.en, "1 response; 95% intervals");
    assert_string_equal(text.zh_cn, "1 份答卷；区间均为 95%");
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
        cmocka_unit_test(a_full_arena_gives_no_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
