/* Columns → a study: what role each column gets, by name and by what is in it; and that whatever is proposed
 * is a study. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Behind what names a parameter so. */
#include "columns.h"

static void sides_are_told_by_affixes(void **state)
{
    (void)state;
    static const struct {
        const char *e, *p, *code;
    } cases[] = {
        {"E01", "P01", "01"},
        {"exp_wait", "perc_wait", "wait"},
        {"Wait expected", "Wait actual", "Wait"},
        {"期望_室温", "感知_室温", "室温"},
        {"室温期望", "室温实际", "室温"},
        {"expect_1", "per_1", "1"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct given given[] = {{cases[i].e, 'i', SEVEN}, {cases[i].p, 'i', SEVEN}};
        struct mg_proposal proposal = propose(given, 2, MG_LANG_EN);
        if (proposal.study.n_items != 1)
            fail_msg("%s and %s make %zu items", cases[i].e, cases[i].p, proposal.study.n_items);
        const struct mg_item *item = &accepted(&proposal)->items[0];
        assert_string_equal(item->code, cases[i].code);
        assert_string_equal(item->expectation, cases[i].e);
        assert_string_equal(item->perception, cases[i].p);
    }
}

static void words_that_only_begin_alike_are_no_sides(void **state)
{
    (void)state;
    static const struct given given[] = {
        {"east", 'i', SEVEN}, {"past", 'i', SEVEN}, {"experience", 'i', SEVEN}};
    struct mg_proposal proposal = propose(given, 3, MG_LANG_EN);
    assert_int_equal(proposal.study.n_items, 3); /* a battery of ratings, no pairs */
    assert_null(proposal.study.items[0].expectation);
    assert_true(says(&proposal, "3 ratings are taken as perceptions"));
}

static void adequate_and_importance_join_their_item(void **state)
{
    (void)state;
    static const struct given given[] = {
        PAIR, {"A1", 'i', "1|2|3|4|5"}, {"imp_1", 'i', "0|3|5|8|10"}, {"I9", 'i', SEVEN}};
    struct mg_proposal proposal = propose(given, 5, MG_LANG_EN);
    const struct mg_item *item = &accepted(&proposal)->items[0];
    assert_string_equal(item->adequate, "A1");
    assert_string_equal(item->importance, "imp_1");
    assert_true(item->scale.min == 1 && item->scale.max == 7);
    assert_true(item->importance_scale.min == 0 && item->importance_scale.max == 10);
    assert_true(says(&proposal, "I9")); /* has no partner: left out, and said */
}

static void scales_hold_what_is_there(void **state)
{
    (void)state;
    static const struct {
        const char *values;
        double min, max;
    } cases[] = {{"1|2|3|4", 1, 4}, {"2|3|5", 1, 5},      {"1|2|6", 1, 7},
                 {"3|9", 1, 10},    {"0|5|10", 0, 10},    {"0|1|2|3", 0, 3},
                 {"1|11", 1, 11},   {"1|2|3|5|99", 1, 5}, {"1|2|3|5|-9|98", 1, 5}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct given given[] = {{"E1", 'i', cases[i].values}, {"P1", 'i', cases[i].values}};
        struct mg_proposal proposal = propose(given, 2, MG_LANG_EN);
        const struct mg_study *study = accepted(&proposal);
        if (study->scale.min != cases[i].min || study->scale.max != cases[i].max)
            fail_msg("%s: %g to %g", cases[i].values, study->scale.min, study->scale.max);
    }
}

/* What is rare and stands apart is no reason for a longer scale; what hangs together, or is common, is one.
 */
static void a_scale_is_not_made_by_mistakes(void **state)
{
    (void)state;
    static const struct {
        const char *values;
        double max;
    } cases[] = {{"1|2|3|4|5|6|7|9*2", 7},   {"1|2|3|4|5|6|7|9*8", 10}, {"1|2|3|4|5|6|7|8*1|9*1", 10},
                 {"1|2|3|4|5|55*1|33*1", 5}, {"1|2|3|4|5|6*1", 7},      {"1|2|3|4|5|7|10*3|99", 7}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct given given[] = {{"E1", 'i', cases[i].values}, {"P1", 'i', "2|3|4"}};
        struct mg_proposal proposal = propose(given, 2, MG_LANG_EN);
        const struct mg_study *study = accepted(&proposal);
        if (study->scale.max != cases[i].max)
            fail_msg("%s: to %g", cases[i].values, study->scale.max);
    }
    const struct given given[] = {{"E1", 'i', "5|6|7|9*1"}, {"P1", 'i', "5|6|7"}, {"nps", 'i', "0|5|8|10*1"}};
    struct mg_proposal proposal = propose(given, 3, MG_LANG_EN);
    assert_true(
        says(&proposal, "“E1” holds values beyond the scale, such as 9: they are rare and don't count."));
    assert_int_equal(proposal.study.n_outcomes, 1);
    assert_true(proposal.study.outcomes[0].kind == MG_OUTCOME_NPS);
}

static void codes_for_no_answer_are_kept_and_said(void **state)
{
    (void)state;
    static const struct given given[] = {
        {"E1", 'i', "1|2|3|5|7|99"}, {"P1", 'i', "1|2|3|7|-9"}, {"x", 'i', "88|1"}};
    struct mg_proposal proposal = propose(given, 3, MG_LANG_EN);
    const struct mg_study *study = accepted(&proposal);
    assert_int_equal(study->n_missing_codes, 2); /* not the 88 of a column that isn't used */
    assert_true(study->missing_codes[0] == 99 && study->missing_codes[1] == -9);
    assert_true(says(&proposal, "99 is taken as “no answer”."));
}

static void what_cannot_be_a_rating(void **state)
{
    (void)state;
    static const char *const values[] = {"4",       "1.5|2.5|300", "1|2|x", "-3|2|5",
                                         "0|12|13", "1|2|3|…",     "0|1",   ""};
    for (size_t i = 0; i < ARRAY_LEN(values); i++) {
        const struct given given[] = {{"E1", 'n', values[i]}, {"P1", 'i', SEVEN}};
        if (propose(given, 2, MG_LANG_EN).study.n_items != 0)
            fail_msg("“%s” became a rating", values[i]);
    }
}

static void outcomes_by_name_and_values(void **state)
{
    (void)state;
    static const struct {
        struct given given;
        enum mg_outcome_kind kind;
        const char *positive;
    } cases[] = {
        {{"recommend", 'i', "0|5|9|10"}, MG_OUTCOME_NPS, NULL},
        {{"Overall satisfaction", 'i', "1|2|3|4|5"}, MG_OUTCOME_CSAT, NULL},
        {{"推荐", 'i', "0|10"}, MG_OUTCOME_NPS, NULL},
        {{"effort_score", 'i', SEVEN}, MG_OUTCOME_CES, NULL},
        {{"How easy was it?", 'i', SEVEN}, MG_OUTCOME_CES, NULL},
        {{"satisfaction", 't', "dissatisfied|satisfied"}, MG_OUTCOME_BINARY, "satisfied"},
        {{"是否满意", 't', "否|是"}, MG_OUTCOME_BINARY, "是"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct given given[] = {PAIR, cases[i].given};
        struct mg_proposal proposal = propose(given, 3, MG_LANG_EN);
        const struct mg_study *study = accepted(&proposal);
        if (study->n_outcomes != 1 || study->outcomes[0].kind != cases[i].kind)
            fail_msg("%s: %zu outcomes", cases[i].given.name, study->n_outcomes);
        assert_true(mg_str_equal(study->outcomes[0].positive, cases[i].positive));
    }
    /* A rating of 1 to 5 can't be an NPS; services aren't CES. */
    const struct given none[] = {PAIR, {"nps", 'i', "1|2|3|4|5"}, {"services", 'i', SEVEN}};
    assert_int_equal(propose(none, 4, MG_LANG_EN).study.n_outcomes, 0);
}

static bool is_effort(const char *name)
{
    const struct given given[] = {PAIR, {name, 'i', SEVEN}};
    struct mg_proposal proposal = propose(given, 3, MG_LANG_EN);
    const struct mg_study *study = accepted(&proposal);
    assert_int_equal(study->n_outcomes, 1);
    assert_int_equal(study->outcomes[0].kind, MG_OUTCOME_CES);
    return study->outcomes[0].effort;
}

static void much_effort_is_bad(void **state)
{
    (void)state;
    assert_true(is_effort("How much effort did it take?"));
    assert_true(is_effort("办事费力程度"));
    assert_false(is_effort("How easy was it?"));
    assert_false(is_effort("办事轻松"));
    assert_false(is_effort("customer effort score")); /* a name of the measure, of either direction */
}

static void the_words_of_special_columns(void **state)
{
    (void)state;
    static const struct {
        const char *names[6]; /* wave, weight, customer, id, time, episode */
    } cases[] = {{{"wave", "weight", "customer_id", "id", "timestamp", "episode"}},
                 {{"期次", "权重", "客户号", "编号", "提交时间", "经历"}},
                 {{"Quarter", "WT", "CID", "Respondent", "answered_at", "Episode_ID"}}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *const *n = cases[i].names;
        const struct given given[] = {PAIR,
                                      {n[0], 't', "a|b"},
                                      {n[1], 'n', "0.5|1.5|…"},
                                      {n[2], 't', "x|y|…"},
                                      {n[3], 't', "1|2|…"},
                                      {n[4], 't', "2026-01-01|…"},
                                      {n[5], 't', "r1|r2|…"}};
        struct mg_proposal proposal = propose(given, 8, MG_LANG_EN);
        const struct mg_study *study = accepted(&proposal);
        const char *found[] = {study->wave, study->weight, study->customer,
                               study->id,   study->time,   study->episode};
        for (size_t k = 0; k < 6; k++)
            if (!mg_str_equal(found[k], n[k]))
                fail_msg("%s isn't recognised", n[k]);
    }
    const struct given words[] = {PAIR, {"weight", 't', "heavy|light"}};
    struct mg_proposal none = propose(words, 3, MG_LANG_EN);
    assert_null(none.study.weight); /* no numbers, no weights */
    assert_true(says(&none, "“weight” holds hardly any numbers"));
    const struct given mixed[] = {PAIR, {"权重", 't', "0.5|1.5|0|-1|abc|…"}};
    struct mg_proposal most = propose(mixed, 3, MG_LANG_EN);
    assert_string_equal(accepted(&most)->weight, "权重"); /* the rest are bad cells */
    assert_true(says(&most, "“权重” is the weight column"));
    assert_false(says(&most, "left out: 权重"));
    assert_int_equal(most.study.n_missing_codes, 0);
    const struct given signs[] = {PAIR, {"weight", 'i', "1|2|0|-1"}};
    assert_int_equal(propose(signs, 3, MG_LANG_EN).study.n_missing_codes,
                     0); /* a weight of −1 is no answer's code */
}

/* One cell of words among the numbers doesn't unmake a pair: it is a bad cell. */
static void a_bad_cell_leaves_the_pair(void **state)
{
    (void)state;
    static const struct given given[] = {
        {"E1", 't', "7|6|5|x"}, {"P1", 'i', SEVEN}, {"region", 't', "1st|2|north"}};
    struct mg_proposal proposal = propose(given, 3, MG_LANG_EN);
    const struct mg_study *study = accepted(&proposal);
    assert_int_equal(study->n_items, 1);
    assert_string_equal(study->items[0].expectation, "E1");
    assert_int_equal(study->n_groups, 1);
}

/* Names are in whatever language they are, and so is the title; kinds are in the reader's. */
static void names_have_their_language(void **state)
{
    (void)state;
    static const struct given given[] = {
        {"期望_室温", 'i', SEVEN}, {"感知_室温", 'i', SEVEN}, {"总体满意", 'i', "1|2|3|4|5"}};
    struct mg_proposal proposal = propose(given, 3, MG_LANG_ZH);
    const struct mg_study *study = accepted(&proposal);
    assert_null(study->title.en);
    assert_non_null(study->title.zh);
    assert_string_equal(study->items[0].label.zh, "室温");
    assert_string_equal(study->outcomes[0].label.zh, "总体满意");
    assert_null(study->outcomes[0].label.en);
    assert_true(says(&proposal, "结果变量“总体满意”：满意率（CSAT）。"));
    static const struct given english[] = {PAIR};
    assert_null(propose(english, 2, MG_LANG_ZH).study.title.zh);
}

/* Each sentence is in one language, but for the names of the columns. */
static void notes_are_in_the_readers_language(void **state)
{
    (void)state;
    static const struct given given[] = {PAIR,
                                         {"期次", 't', "a|b"},
                                         {"权重", 'n', "1|2|…"},
                                         {"客户号", 't', "x|y|…"},
                                         {"编号", 't', "1|2|…"},
                                         {"时间", 't', "1|2|…"},
                                         {"经历", 't', "1|2|…"},
                                         {"区", 't', "东|西"}};
    struct mg_proposal proposal = propose(given, 9, MG_LANG_ZH);
    static const char *const english[] = {"wave", "weight", "customer", "id ", "time", "episode", "column"};
    for (size_t i = 0; i < ARRAY_LEN(english); i++)
        assert_false(says(&proposal, english[i]));
    assert_true(says(&proposal, "“期次”"));
}

static void groups_are_words_that_repeat(void **state)
{
    (void)state;
    static const struct given given[] = {PAIR,
                                         {"region", 't', "north|south"},
                                         {"one", 't', "same"},
                                         {"comment", 't', "a|b|…"},
                                         {"number", 'i', "1|2"}};
    struct mg_proposal proposal = propose(given, 6, MG_LANG_EN);
    const struct mg_study *study = accepted(&proposal);
    assert_int_equal(study->n_groups, 1);
    assert_string_equal(study->groups[0].column, "region");
    assert_true(says(&proposal, "one, comment, number"));
}

static void names_that_people_write(void **state)
{
    (void)state;
    static const struct given given[] = {{"1. How \"warm\" (expected)", 'i', SEVEN},
                                         {"1. How \"warm\" (perceived)", 'i', SEVEN},
                                         {"E1", 'i', SEVEN},
                                         {"P1", 'i', SEVEN},
                                         {"e1", 'i', SEVEN},
                                         {"p1", 'i', SEVEN},
                                         {"Region", 't', "a|b"},
                                         {"region", 't', "a|b"},
                                         {"a/b\\c", 't', "a|b"},
                                         {"wave", 't', "a|b"},
                                         {"💡", 't', "a|b"},
                                         {" lead", 't', "a|b"},
                                         {"nps", 'i', "0|9|10"},
                                         {"NPS", 'i', "0|9|10"}};
    struct mg_proposal proposal = propose(given, ARRAY_LEN(given), MG_LANG_EN);
    const struct mg_study *study = accepted(&proposal);
    assert_true(study->n_items >= 1);
    assert_int_equal(study->n_outcomes, 1);
    assert_string_equal(study->wave, "wave");
}

static void nothing_to_propose(void **state)
{
    (void)state;
    static const struct given given[] = {{"name", 't', "a|b|…"}, {"x", 'i', SEVEN}, {"y", 'i', "1|2|3|4|5"}};
    struct mg_proposal proposal = propose(given, 3, MG_LANG_EN);
    assert_int_equal(proposal.study.n_items, 0);
    assert_int_equal(propose(given, 0, MG_LANG_EN).study.n_items, 0);
}

/* Half points and sliders are meant; one fraction among whole numbers isn't. Fractions without a partner are
 * no ratings. */
static void fractions_make_a_continuous_scale(void **state)
{
    (void)state;
    static const struct given slider[] = {{"E1", 'n', "7|6.5|6|5.5|5|4.5"},
                                          {"P1", 'n', "4.1|4.2|5.3|6.9|1.2|2|3|…"},
                                          {"csat", 'n', "1|1.5|2|2.5|3|5"},
                                          {"w", 'n', "0.5|1.5|1|…"}};
    struct mg_proposal p = propose(slider, ARRAY_LEN(slider), MG_LANG_EN);
    const struct mg_study *study = accepted(&p);
    assert_int_equal(study->n_items, 1);
    assert_true(study->scale.min == 1 && study->scale.max == 7 && study->scale.step == 0);
    assert_true(study->outcomes[0].scale.max == 5 && study->outcomes[0].scale.step == 0);
    assert_string_equal(study->weight, "w");
    assert_true(says(&p, "no steps (step 0)"));
    static const struct given slip[] = {
        {"E1", 'n', "7|6|5|4|3|2|1|3.7"}, {"P1", 'i', SEVEN}, {"nps", 'n', "9|10|8|7|0|5|6|3|1|2|4|5.47"}};
    p = propose(slip, ARRAY_LEN(slip), MG_LANG_EN);
    study = accepted(&p);
    assert_true(study->n_items == 1 && study->scale.step == 1 && study->n_outcomes == 1);
    assert_int_equal(study->outcomes[0].kind, MG_OUTCOME_NPS);
    assert_false(says(&p, "step 0"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fractions_make_a_continuous_scale),
        cmocka_unit_test(sides_are_told_by_affixes),
        cmocka_unit_test(words_that_only_begin_alike_are_no_sides),
        cmocka_unit_test(adequate_and_importance_join_their_item),
        cmocka_unit_test(scales_hold_what_is_there),
        cmocka_unit_test(a_scale_is_not_made_by_mistakes),
        cmocka_unit_test(codes_for_no_answer_are_kept_and_said),
        cmocka_unit_test(what_cannot_be_a_rating),
        cmocka_unit_test(outcomes_by_name_and_values),
        cmocka_unit_test(much_effort_is_bad),
        cmocka_unit_test(the_words_of_special_columns),
        cmocka_unit_test(names_have_their_language),
        cmocka_unit_test(a_bad_cell_leaves_the_pair),
        cmocka_unit_test(notes_are_in_the_readers_language),
        cmocka_unit_test(groups_are_words_that_repeat),
        cmocka_unit_test(names_that_people_write),
        cmocka_unit_test(nothing_to_propose),
    };
    return cmocka_run_group_tests_name("propose", tests, set_up, tear_down);
}
