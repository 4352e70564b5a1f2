/* The rule for answers: what a text or a number is. That the engine reads columns by the same rule is tested
 * in column/test_answers.c. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "model/answer.h"

static const double codes[] = {0, 99};
static const struct mg_study study = {.missing_codes = codes, .n_missing_codes = 2};
static const struct mg_scale seven = {1, 7, 1}, slider = {0, 10, 0}, tenths = {0, 1, 0.1};

struct answer_case {
    const struct mg_scale *scale;
    const char *text;
    enum mg_answer answer;
    double number;
};

static void an_items_answers(void **state)
{
    (void)state;
    static const struct answer_case cases[] = {
        {&seven, "7", MG_ANSWER_GIVEN, 7},
        {&seven, " 4.0 ", MG_ANSWER_GIVEN, 4},
        {&seven, "3.7", MG_ANSWER_OFF_STEP, 0},
        {&seven, "8", MG_ANSWER_OFF_SCALE, 0},
        {&seven, "0", MG_ANSWER_MISSING, 0},
        {&seven, "99", MG_ANSWER_MISSING, 0},
        {&seven, NULL, MG_ANSWER_MISSING, 0},
        {&seven, "  ", MG_ANSWER_MISSING, 0},
        {&seven, "n/a", MG_ANSWER_MISSING, 0},
        {&seven, "-", MG_ANSWER_MISSING, 0},
        {&seven, "don't know", MG_ANSWER_MISSING, 0},
        {&seven, "不清楚", MG_ANSWER_MISSING, 0},
        {&seven, "７", MG_ANSWER_GIVEN, 7},
        {&seven, "3,7", MG_ANSWER_NO_NUMBER, 0},
        {&seven, "6分", MG_ANSWER_NO_NUMBER, 0},
        {&seven, "seven", MG_ANSWER_NO_NUMBER, 0},
        {&seven, "inf", MG_ANSWER_NO_NUMBER, 0},
        {&slider, "5.47", MG_ANSWER_GIVEN, 5.47},
        {&slider, "0", MG_ANSWER_MISSING, 0}, /* on the scale, but a code */
        {&slider, "10.1", MG_ANSWER_OFF_SCALE, 0},
        {&tenths, "0.3", MG_ANSWER_GIVEN, 0.3},
        {&tenths, "0.25", MG_ANSWER_OFF_STEP, 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct mg_answer_rule rule = mg_answer_rule_of_item(&study, cases[i].scale, false);
        double number = 0;
        enum mg_answer answer = mg_answer_of_text(&rule, cases[i].text, &number);
        if (answer != cases[i].answer || number != cases[i].number)
            fail_msg("“%s”: %d, %g", cases[i].text ? cases[i].text : "", (int)answer, number);
        assert_true(mg_answer_is_stray(answer) == (mg_answer_reason(answer) != NULL));
    }
}

/* Marks for no value hold in any column; words for no answer are texts where texts belong. */
static void what_is_blank(void **state)
{
    (void)state;
    static const char *const blank[] = {"", "  ", "NA", " n/a ", "-", "—", "NULL", "(跳过)", "\xc2\xa0"};
    static const char *const texts[] = {"don't know", "不清楚", "no", "0", "none", "a"};
    for (size_t i = 0; i < ARRAY_LEN(blank); i++)
        assert_true(mg_answer_is_blank(blank[i]));
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        assert_false(mg_answer_is_blank(texts[i]));
}

static void an_outcomes_codes_lie_off_its_scale(void **state)
{
    (void)state;
    const struct mg_outcome nps = {.scale = {0, 10, 1}};
    const struct mg_answer_rule rule = mg_answer_rule_of_outcome(&study, &nps);
    double number = -1;
    assert_int_equal(mg_answer_of_number(&rule, 0, &number), MG_ANSWER_GIVEN);
    assert_true(number == 0);
    assert_int_equal(mg_answer_of_number(&rule, 99, &number), MG_ANSWER_MISSING);
    assert_int_equal(mg_answer_of_number(&rule, 11, &number), MG_ANSWER_OFF_SCALE);
}

static void reversal_turns_answers_only(void **state)
{
    (void)state;
    const struct mg_answer_rule rule = mg_answer_rule_of_item(&study, &seven, true);
    double number;
    assert_int_equal(mg_answer_of_number(&rule, 2, &number), MG_ANSWER_GIVEN);
    assert_true(number == 6);
    assert_int_equal(mg_answer_of_number(&rule, 99, &number),
                     MG_ANSWER_MISSING); /* the code as it is written */
}

static void weights(void **state)
{
    (void)state;
    assert_true(mg_weight_holds(1e-9) && mg_weight_holds(MG_WEIGHT_MAX));
    assert_false(mg_weight_holds(0) || mg_weight_holds(-1) || mg_weight_holds(2e9) || mg_weight_holds(NAN) ||
                 mg_weight_holds(INFINITY));
}

static void reasons_are_sentences_of_both_languages(void **state)
{
    (void)state;
    char en[200], zh[200];
    for (enum mg_answer a = MG_ANSWER_NO_NUMBER; a < MG_ANSWERS; a++) {
        mg_answer_explain(a, &seven, MG_LANG_EN, en, sizeof en);
        mg_answer_explain(a, &seven, MG_LANG_ZH, zh, sizeof zh);
        assert_true(strlen(en) > 10 && strcmp(en, zh) != 0);
    }
}

static void what_was_expected_on_another_scale(void **state)
{
    (void)state;
    const struct mg_item item = {.expectation = "E", .scale = {1, 7, 1}, .expectation_scale = {0, 4, 1}};
    static const struct {
        const char *text;
        enum mg_answer answer;
        double number, mirrored;
    } cases[] = {
        {"4", MG_ANSWER_GIVEN, 7, 1},     {"1", MG_ANSWER_GIVEN, 2.5, 5.5},  {"2", MG_ANSWER_GIVEN, 4, 4},
        {"5", MG_ANSWER_OFF_SCALE, 0, 0}, {"2.5", MG_ANSWER_OFF_STEP, 0, 0}, {"99", MG_ANSWER_MISSING, 0, 0},
        {"0", MG_ANSWER_MISSING, 0, 0}, /* a code wherever it lies */
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        for (int mirrored = 0; mirrored <= 1; mirrored++) {
            const struct mg_answer_rule rule = mg_answer_rule_of_expectation(&study, &item, mirrored);
            double number = 0;
            assert_int_equal(mg_answer_of_text(&rule, cases[i].text, &number), cases[i].answer);
            assert_true(number == (mirrored ? cases[i].mirrored : cases[i].number));
        }
}

static void what_was_expected_on_the_same_scale(void **state)
{
    (void)state;
    const struct mg_item plain = {.expectation = "E", .scale = {1, 7, 1}};
    const struct mg_item halves = {.expectation = "E", .scale = {1, 7, 1}, .expectation_scale = {1, 7, 0.5}};
    const struct mg_item alone = {.perception = "P", .scale = {1, 7, 1}, .expectation_scale = {1, 5, 1}};
    double number = 0;
    assert_false(mg_item_is_rescaled(&plain) || mg_item_is_rescaled(&halves) || mg_item_is_rescaled(&alone));
    struct mg_answer_rule rule = mg_answer_rule_of_expectation(&study, &plain, false);
    assert_int_equal(mg_answer_of_number(&rule, 3, &number), MG_ANSWER_GIVEN);
    assert_true(number == 3);
    rule = mg_answer_rule_of_expectation(&study, &halves, false); /* finer steps, the same ends */
    assert_int_equal(mg_answer_of_number(&rule, 3.5, &number), MG_ANSWER_GIVEN);
    assert_true(number == 3.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_expected_on_another_scale),
        cmocka_unit_test(what_was_expected_on_the_same_scale),
        cmocka_unit_test(an_items_answers),
        cmocka_unit_test(what_is_blank),
        cmocka_unit_test(an_outcomes_codes_lie_off_its_scale),
        cmocka_unit_test(reversal_turns_answers_only),
        cmocka_unit_test(weights),
        cmocka_unit_test(reasons_are_sentences_of_both_languages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
