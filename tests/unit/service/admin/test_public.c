/* Nothing of the server's folders goes out, in either language. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"
#include "service/admin/public.h"

static void paths_of_the_data_folder_become_dots(void **state)
{
    (void)state;
    static const struct {
        const char *folder, *text, *public;
    } cases[] = {
        {"/srv/mg", "/srv/mg/uploads/01A.part: No space left on device.", "…: No space left on device."},
        {"/srv/mg", "/srv/mg/a, then “/srv/mg/b c” and /srv/mg: no.", "…, then “… c” and …: no."},
        {"/srv/mg", "The upload can't be kept in /srv/mg/uploads/01A.", "The upload can't be kept in …."},
        {"/srv/mg", "文件“/srv/mg/x”打不开", "文件“…”打不开"},
        {"/srv/mg", "/srv/mgr/x and a/srv/mg/x stay.", "/srv/mgr/x and a/srv/mg/x stay."},
        {"d", "d/record.sqlite: is bad, and the word d too, not “and/or”.",
         "…: is bad, and the word d too, not “and/or”."},
        {"/srv/mg", "Nothing of it here.", "Nothing of it here."},
        {NULL, "/srv/mg/x", "/srv/mg/x"},
    };
    struct mg_ctx ctx = {.arena = mg_arena_new(1 << 16)};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        ctx.data_dir = cases[i].folder;
        assert_string_equal(mg_public_text(&ctx, cases[i].text), cases[i].public);
    }
    assert_null(mg_public_text(&ctx, NULL));
    mg_arena_free(ctx.arena);
}

static void a_kept_message_is_public_in_both_languages(void **state)
{
    (void)state;
    struct mg_ctx ctx = {.arena = mg_arena_new(1 << 16), .data_dir = "/srv/mg"};
    const struct mg_both kept = {"/srv/mg/x: is full.", "/srv/mg/x 满了。"};
    assert_string_equal(mg_public_message(&ctx, kept), "…: is full.");
    ctx.lang = MG_LANG_ZH;
    assert_string_equal(mg_public_message(&ctx, kept), "… 满了。");
    assert_null(mg_public_message(&ctx, (struct mg_both){"", ""}));
    mg_arena_free(ctx.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(paths_of_the_data_folder_become_dots),
                                       cmocka_unit_test(a_kept_message_is_public_in_both_languages)};
    return cmocka_run_group_tests_name("public", tests, NULL, NULL);
}
