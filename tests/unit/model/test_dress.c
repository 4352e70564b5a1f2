/* What stands around a number, and what is no such thing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "model/dress.h"

#define NONE (-1)

static const struct {
    const char *text;
    int kind; /* NONE: it is none */
    double value;
    const char *around;
} cases[] = {
    {"6分", MG_DRESS_UNIT, 6, "分"},
    {"6 分", MG_DRESS_UNIT, 6, "分"},
    {" 6分 ", MG_DRESS_UNIT, 6, "分"},
    {"-2 %", MG_DRESS_UNIT, -2, "%"},
    {"+2%", MG_DRESS_UNIT, 2, "%"},
    {"3,5 %", MG_DRESS_UNIT, 3.5, "%"},
    {"$5", MG_DRESS_UNIT, 5, "$"},
    {"5分（满意）", MG_DRESS_LABEL, 5, "满意"},
    {"5分 满意", MG_DRESS_LABEL, 5, "满意"},
    {"5 - Agree", MG_DRESS_LABEL, 5, "agree"},
    {"5=agree", MG_DRESS_LABEL, 5, "agree"},
    {"5 agree", MG_DRESS_LABEL, 5, "agree"},
    {"5) agree", MG_DRESS_LABEL, 5, "agree"},
    {"(5) agree", MG_DRESS_LABEL, 5, "agree"},
    {"(5)agree", MG_DRESS_LABEL, 5, "agree"},
    {"【5】同意", MG_DRESS_LABEL, 5, "同意"},
    {"5（agree）", MG_DRESS_LABEL, 5, "agree"},
    {"5同意", MG_DRESS_LABEL, 5, "同意"},
    {"agree (5)", MG_DRESS_LABEL, 5, "agree"},
    {"agree - 5", MG_DRESS_LABEL, 5, "agree"},
    {"agree: 5", MG_DRESS_LABEL, 5, "agree"},
    {"非常同意（7）", MG_DRESS_LABEL, 7, "非常同意"},
    {"同意=5分", MG_DRESS_LABEL, 5, "同意"},
    {"同意 5分", MG_DRESS_LABEL, 5, "同意"},
    {"5/7", MG_DRESS_SHARE, 5, "7"},
    {"5 / 7", MG_DRESS_SHARE, 5, "7"},
    {"8 out of 10", MG_DRESS_SHARE, 8, "10"},
    {"5 von 7", MG_DRESS_SHARE, 5, "7"},
    {"5/100", MG_DRESS_SHARE, 5, "100"},
    {"5/1000", NONE, 0, ""}, /* more digits than a scale has */
    {"5/7x", NONE, 0, ""},
    {"5/x7", NONE, 0, ""},
    {"5 of 7 people", NONE, 0, ""},
    {"5/", NONE, 0, ""},
    {"5", NONE, 0, ""},
    {"", NONE, 0, ""},
    {"agree", NONE, 0, ""},
    {"5agree", NONE, 0, ""},
    {"(5 agree", NONE, 0, ""},
    {"18-24", NONE, 0, ""},
    {"Ward 5", NONE, 0, ""},
    {"COVID-19", NONE, 0, ""},
    {"agree - 5x", NONE, 0, ""},
    {"agree 5 or 6", NONE, 0, ""},
    {"2026-01-18", NONE, 0, ""},
    {"-", NONE, 0, ""},
    {"（）", NONE, 0, ""},
};

static void tables_of_texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct mg_dress dress = {0};
        bool is = mg_dress_find(cases[i].text, strlen(cases[i].text), &dress);
        if (is != (cases[i].kind != NONE) ||
            (is && ((int)dress.kind != cases[i].kind || dress.numeral.value != cases[i].value ||
                    strcmp(dress.around, cases[i].around) != 0)))
            fail_msg("“%s”: %d, kind %d, %g, “%s”", cases[i].text, is, (int)dress.kind, dress.numeral.value,
                     dress.around);
    }
}

/* No byte behind the text is looked at. */
static void the_text_ends_where_it_is_said(void **state)
{
    (void)state;
    struct mg_dress dress;
    assert_true(mg_dress_find("5 agree not", 7, &dress));
    assert_string_equal(dress.around, "agree");
    assert_true(mg_dress_find("5/77", 3, &dress));
    assert_string_equal(dress.around, "7");
    assert_false(mg_dress_find("5分", 1, &dress));
}

static void long_texts_are_none(void **state)
{
    (void)state;
    struct mg_dress dress;
    char text[MG_FOLD_BYTES + 40];
    memset(text, 'x', sizeof text);
    memcpy(text, "5 - ", 4);
    assert_false(mg_dress_find(text, sizeof text, &dress));
    assert_true(mg_dress_find(text, 40, &dress));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_of_texts),
        cmocka_unit_test(the_text_ends_where_it_is_said),
        cmocka_unit_test(long_texts_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
