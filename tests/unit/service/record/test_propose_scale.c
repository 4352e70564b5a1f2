/* Scales and codes for no answer, from labels and from all columns of a battery together; what is no rating:
 * ticked choices, ranks, persons; halves on different scales. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "columns.h"

static bool warns(const struct mg_proposal *proposal, const char *code)
{
    for (size_t i = 0; i < proposal->n_warnings; i++)
        if (strcmp(proposal->warnings[i].code, code) == 0)
            return true;
    return false;
}

static bool has_code(const struct mg_study *study, double code)
{
    for (size_t i = 0; i < study->n_missing_codes; i++)
        if (study->missing_codes[i] == code)
            return true;
    return false;
}

/* Two pairs with these values on all four columns but the last, which has `last`. */
static void scales_are_those_of_the_battery(void **state)
{
    (void)state;
    static const struct {
        const char *values, *last;
        double min, max, code; /* code 0.5: none */
    } cases[] = {
        {"1|2|3|4|5|6|7", "1|2|3|4", 1, 7, 0.5},
        {"1|2|3|4|5|6", "1|2|3", 1, 6, 0.5},
        {"1|2|3", "1|2|3", 1, 3, 0.5},
        {"1|2|3|4|5", "2|3|4", 1, 5, 0.5},
        {"0|1|2|3|4|5|6|7|8|9|10", "3|4|5", 0, 10, 0.5},
        {"1|2|3|4|5|6|7|8|9|10", "1|2|3|4|5", 1, 10, 0.5},
        {"-2|-1|0|1|2", "-1|0|1", -2, 2, 0.5},
        {"-3|-2|-1|0|1|2|3", "0|1|2|3", -3, 3, 0.5},
        {"1|2|3|4|5|6|7|9*10", "1|2|3", 1, 7, 9},
        {"1|2|3|4|5|8*10", "1|2|3", 1, 5, 8},
        {"1|2|3|4|5|8*10|9*10", "1|2|3", 1, 5, 8},
        {"0*10|1|2|3|4|5|6|7", "1|2|3", 1, 7, 0},
        {"0*10|4|5|6", "1|2|3|4|5|6", 1, 6, 0},
        {"-1*10|1|2|3|4|5", "1|2|3", 1, 5, -1},
        {"-1*10|0|1|2|3|4|5|6|7|8|10", "1|2|3", 0, 10, -1},
        {"1|2|3|4|5|88*20|99*20", "1|2|3", 1, 5, 99},
        {"-99*20|1|2|3|4|5", "1|2|3", 1, 5, -99},
        {"-3*60|1|2|3|4|5", "1|2|3", 1, 5, -3},
        {"-3*10|-2*10|1|2|3|4|5|6|7", "1|2|3", 1, 7, -2},
        {"-2|-1|1|2", "-1|1|2", -2, 2, 0.5},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *v = cases[i].values;
        const struct given given[] = {
            {"E1", 'i', v}, {"E2", 'i', v}, {"P1", 'i', v}, {"P2", 'i', cases[i].last}};
        struct mg_proposal proposal = propose(given, 4, MG_LANG_EN);
        const struct mg_study *study = accepted(&proposal);
        if (study->n_items != 2 || study->scale.min != cases[i].min || study->scale.max != cases[i].max)
            fail_msg("%s: %zu items on %g to %g", v, study->n_items, study->scale.min, study->scale.max);
        if (cases[i].code != 0.5 && !has_code(study, cases[i].code))
            fail_msg("%s: %g isn't a code", v, cases[i].code);
        if (cases[i].code == 0.5 && study->n_missing_codes)
            fail_msg("%s: %g is a code", v, study->missing_codes[0]);
        for (size_t c = 0; c < 4; c++)
            assert_true(proposal.columns[c].scale.max == cases[i].max);
    }
}

/* Where another scale fits as well, both are said. */
static void two_that_fit_are_both_said(void **state)
{
    (void)state;
    static const struct {
        const char *values;
        double max, other_min, other_max;
    } cases[] = {
        {"1*9|2*9|3*9|4*9|5*9|6*9", 6, 1, 7},
        {"0*9|1|2|3|4|5", 5, 0, 5},
        {"1*9|2*9|3*9|4*9", 4, 1, 5},
        {"1|2|3|4|5|6|7|8*30", 8, 1, 7},
        {"1*9|2*9|3*9|4*9|5*9|6*9|7*9|8*9", 10, 1, 7},
        {"1|2|3|4|5|6|7|8|9", 9, 1, 10},
        {"1|2|3|4*20|5*5|6*15", 6, 1, 5}, /* 6 may be no answer on 1 to 5 */
        {"0|1|2|3|4|5|6|7|8|9|10|11*30", 11, 0, 10},
        {"1|2|3|4|5|7*40", 7, 1, 5},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct given given[] = {{"E1", 'i', cases[i].values}, {"P1", 'i', cases[i].values}};
        struct mg_proposal proposal = propose(given, 2, MG_LANG_EN);
        const struct mg_proposal_column *row = &proposal.columns[0];
        if (row->scale.max != cases[i].max || row->other.min != cases[i].other_min ||
            row->other.max != cases[i].other_max)
            fail_msg("%s: %g, or %g to %g", cases[i].values, row->scale.max, row->other.min, row->other.max);
        assert_int_equal(row->confidence, MG_CONFIDENCE_MIDDLE);
        assert_true(warns(&proposal, "scale_fits_two"));
    }
    static const struct given ten[] = {{"E1", 'i', "1|2|3|4|5|6|7|8|9|10"}, {"P1", 'i', "1|2|3|4|5"}};
    struct mg_proposal proposal = propose(ten, 2, MG_LANG_EN);
    assert_true(warns(&proposal, "scales_differ") || proposal.columns[1].other.max == 5);
}

/* A 9 that is an answer of importance is no code of the study, though none of its items. */
static void codes_are_no_answers_elsewhere(void **state)
{
    (void)state;
    static const struct given given[] = {{"E1", 'i', "1|2|3|4|5|6|7|9*9"},
                                         {"P1", 'i', "1|2|3|4|5|6|7|9*9"},
                                         {"I1", 'i', "0|1|2|3|4|5|6|7|8|9|10"}};
    struct mg_proposal with = propose(given, 3, MG_LANG_EN), without = propose(given, 2, MG_LANG_EN);
    assert_true(with.study.scale.max == 7 && with.study.importance_scale.max == 10);
    assert_false(has_code(&with.study, 9));
    assert_true(has_code(&without.study, 9));
}

#define DOWN "1=very satisfied|2=satisfied|4=dissatisfied|5=very dissatisfied"
#define UP "1=very dissatisfied|2=dissatisfied|4=satisfied|5=very satisfied"
#define FIVE "1|2|3|4|5"

/* Where 1 is the best answer, an item is reversed, and an outcome left out: no study can turn it. */
static void labels_that_run_down_are_turned(void **state)
{
    (void)state;
    const struct given given[] = {
        {"E1", 'i', FIVE, NULL, DOWN},
        {"P1", 'i', FIVE, NULL, DOWN},
        {"E2", 'i', FIVE, NULL, UP},
        {"P2", 'i', FIVE, NULL, UP},
        {"E3", 'i', FIVE, NULL, UP},
        {"P3", 'i', FIVE, NULL, DOWN},
        {"E4", 'i', FIVE},
        {"P4", 'i', FIVE, "Heat (1 = very satisfied, 5 = very dissatisfied)"},
        {"sat", 'i', FIVE, "Overall satisfaction (1 = very satisfied, 5 = very dissatisfied)"},
        {"ces", 'i', FIVE, "How easy was it? (1 = strongly agree, 5 = strongly disagree)"},
    };
    struct mg_proposal proposal = propose(given, ARRAY_LEN(given), MG_LANG_EN);
    const struct mg_study *study = accepted(&proposal);
    assert_int_equal(study->n_items, 4);
    assert_true(study->items[0].reverse && study->items[0].expectation);
    assert_false(study->items[1].reverse);
    assert_true(study->items[2].reverse && !study->items[2].expectation); /* its halves run apart */
    assert_true(study->items[3].reverse && study->items[3].expectation);
    assert_true(says(&proposal, "3 items count the other way round: 1 is the best answer"));
    assert_true(says(&proposal, "“E3” and “P3” count in opposite directions"));
    assert_true(says(&proposal, "“sat” counts the other way round"));
    assert_int_equal(study->n_outcomes, 1);
    assert_true(study->outcomes[0].kind == MG_OUTCOME_CES && study->outcomes[0].effort);
    assert_true(warns(&proposal, "runs_the_other_way"));
    proposal = propose(given + 2, 2, MG_LANG_EN);
    assert_false(warns(&proposal, "runs_the_other_way"));
}

/* −1 and 0 are no codes where one half lies around 0 and the other goes beyond its end. */
static void a_half_around_zero_keeps_its_answers(void **state)
{
    (void)state;
    static const struct given given[] = {{"E1", 'i', "-1|0|1|2|3"}, {"P1", 'i', "1|2|3|4|5|6|7"}};
    struct mg_proposal proposal = propose(given, 2, MG_LANG_EN);
    const struct mg_study *study = accepted(&proposal);
    assert_int_equal(study->n_missing_codes, 0);
    assert_true(warns(&proposal, "scales_differ"));
    assert_true(proposal.columns[0].scale.min == -3 && proposal.columns[0].scale.max == 3);
}

/* "Better than expected" is both halves in one: never an expectation. */
static void comparisons_with_expectations_are_no_half(void **state)
{
    (void)state;
    static const char words[] =
        "1=Much worse than expected|2=Worse than expected|3=As expected|4=Better than expected";
    static const struct given given[] = {{"Heat compared with what you expected", 'i', FIVE},
                                         {"响应与预期相比", 'i', FIVE},
                                         {"Expectations: staff", 'i', FIVE, NULL, words},
                                         {"Expected app", 'i', FIVE},
                                         {"Perceived app", 'i', FIVE}};
    struct mg_proposal proposal = propose(given, ARRAY_LEN(given), MG_LANG_EN);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(proposal.columns[i].role, MG_PROPOSED_IGNORED);
    assert_int_equal(accepted(&proposal)->n_items, 1);
    assert_true(warns(&proposal, "compares_with_expected"));
    assert_false(warns(&proposal, "expectation_unplaced"));
}

/* One or two ratings are items where their names say which half they are. */
static void a_few_ratings_are_items_by_their_names(void **state)
{
    (void)state;
    static const struct given given[] = {
        {"Perceived heat", 'i', FIVE}, {"Perceived bill", 'i', FIVE}, {"Heat", 'i', FIVE}};
    struct mg_proposal proposal = propose(given, 2, MG_LANG_EN);
    assert_int_equal(accepted(&proposal)->n_items, 2);
    assert_string_equal(proposal.study.items[0].perception, "Perceived heat");
    proposal = propose(given, 1, MG_LANG_EN);
    assert_int_equal(accepted(&proposal)->n_items, 1);
    proposal = propose(given + 2, 1, MG_LANG_EN);
    assert_int_equal(proposal.study.n_items, 0);
}

static void labels_declare_the_scale(void **state)
{
    (void)state;
    static const char labels[] = "1=very bad|4=so so|7=very good|9=don't know";
    static const char blank[] = "0=never|1=rarely|4=always|=not applicable";
    const struct given given[] = {{"E1", 'i', "4|5|6|9*5", NULL, labels},
                                  {"P1", 'i', "2|3|4|9*5", NULL, labels},
                                  {"E2", 'i', "1|2|3|4", NULL, blank},
                                  {"P2", 'i', "0|1|2|3", NULL, blank}};
    struct mg_proposal proposal = propose(given, 4, MG_LANG_EN);
    const struct mg_study *study = accepted(&proposal);
    assert_int_equal(study->n_items, 2);
    assert_true(study->items[0].scale.min == 1 && study->items[0].scale.max == 7);
    assert_true(study->items[1].scale.min == 0 && study->items[1].scale.max == 4);
    assert_true(has_code(study, 9));
    assert_int_equal(proposal.columns[0].confidence, MG_CONFIDENCE_HIGH);
    const struct given words[] = {{"E1", 't', "bad|good|fine", NULL, "1=bad|2=fine|3=good"},
                                  {"P1", 't', "bad|good|fine", NULL, "1=bad|2=fine|3=good"}};
    proposal = propose(words, 2, MG_LANG_EN);
    assert_int_equal(proposal.study.n_items, 1);
    assert_true(proposal.study.scale.max == 3);
}

/* No number is made of halves on different scales before somebody decides. */
static void halves_on_different_scales_are_not_compared(void **state)
{
    (void)state;
    static const struct given given[] = {{"E1", 'i', "0|1|2|3|4|5|6|7|8|9|10"},
                                         {"E2", 'i', "0|1|2|3|4|5|6|7|8|9|10"},
                                         {"P1", 'i', "1|2|3|4|5"},
                                         {"P2", 'i', "1|2|3|4|5"}};
    struct mg_proposal proposal = propose(given, 4, MG_LANG_EN);
    const struct mg_study *study = accepted(&proposal);
    assert_int_equal(study->n_items, 4);
    for (size_t i = 0; i < 2; i++) {
        assert_null(study->items[i].expectation);
        assert_string_equal(study->items[i].perception, i ? "P2" : "P1");
        assert_null(study->items[2 + i].perception);
        assert_string_equal(study->items[2 + i].expectation, i ? "E2" : "E1");
        assert_true(study->items[2 + i].scale.min == 0 && study->items[2 + i].scale.max == 10);
        assert_string_equal(study->items[2 + i].code, i ? "2_expected" : "1_expected");
        assert_string_equal(proposal.columns[i].item, study->items[2 + i].code);
    }
    assert_true(study->scale.max == 5);
    assert_int_equal(proposal.columns[0].partner, 2);
    assert_int_equal(proposal.columns[0].role, MG_PROPOSED_EXPECTATION);
    assert_int_equal(proposal.columns[0].confidence, MG_CONFIDENCE_MIDDLE);
    assert_true(proposal.columns[0].scale.max == 10);
    assert_true(warns(&proposal, "scales_differ"));
    assert_non_null(strstr(proposal.columns[0].reason.en, "different scales: 0 to 10"));
    /* Nor are those that no scale holds together. */
    static const struct given mixed[] = {{"E1", 'i', "-4|-2|0|1|4"}, {"P1", 'i', "1|2|9|10"}};
    proposal = propose(mixed, 2, MG_LANG_EN);
    assert_null(accepted(&proposal)->items[0].expectation);
    assert_true(warns(&proposal, "scales_differ"));
}

static struct mg_proposal propose_rescaled(const struct given *given, size_t n)
{
    struct mg_source_info info = described(given, n);
    struct mg_proposal proposal;
    struct mg_error error = {0};
    if (mg_record_propose_rescaled(arena, "s", &info, MG_LANG_EN, &proposal, &error))
        fail_msg("%s", error.message);
    return proposal;
}

/* Once somebody has: one item, read on both scales; the adequate level goes with the expectation, if it is on
 * its scale. */
static void halves_on_different_scales_are_compared_by_choice(void **state)
{
    (void)state;
    static const struct given given[] = {{"E1", 'i', "0|1|2|3|4|5|6|7|8|9|10|99*4"},
                                         {"P1", 'i', "1|2|3|4|5|8*3"},
                                         {"Minimum 1", 'i', "0|1|2|3|4|5|6|7|8|9|10"},
                                         {"E2", 'i', "0|1|2|3|4|5|6|7|8|9|10|99*4"},
                                         {"P2", 'i', "1|2|3|4|5|8*3"}};
    struct mg_proposal proposal = propose_rescaled(given, 5);
    const struct mg_study *study = accepted(&proposal);
    assert_int_equal(study->n_items, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct mg_item *item = &study->items[i];
        assert_string_equal(item->expectation, i ? "E2" : "E1");
        assert_string_equal(item->perception, i ? "P2" : "P1");
        assert_true(item->scale.min == 1 && item->scale.max == 5);
        assert_true(item->expectation_scale.min == 0 && item->expectation_scale.max == 10);
        assert_true(mg_item_is_rescaled(item));
    }
    assert_false(warns(&proposal, "scales_differ"));
    assert_true(has_code(study, 99));
    assert_false(has_code(study, 8)); /* an answer to the expectations */
    struct mg_proposal apart = propose(given, 5, MG_LANG_EN);
    assert_int_equal(apart.study.n_items, 4);
    assert_null(apart.study.items[0].adequate);
    bool adequate = study->items[0].adequate != NULL;
    assert_true(adequate == (apart.study.items[2].adequate != NULL));
    assert_true(adequate);
}

/* Of 1 to 5 and 1 to 7 it needs many answers to several items, with some at the top of the shorter one. */
static void scales_that_nearly_agree(void **state)
{
    (void)state;
    static const struct {
        const char *perceived;
        size_t pairs;
        bool apart;
    } cases[] = {{"1|2|3|4|5", 2, true},
                 {"1|2|3|4|5", 1, false},
                 {"1|2|3|4|5*9", 2, false},
                 {"1*9|2*9|3*9|4*9|5*9", 2, false}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct given given[] = {{"E1", 'i', SEVEN},
                                      {"P1", 'i', cases[i].perceived},
                                      {"E2", 'i', SEVEN},
                                      {"P2", 'i', cases[i].perceived}};
        struct mg_proposal proposal = propose(given, 2 * cases[i].pairs, MG_LANG_EN);
        if (warns(&proposal, "scales_differ") != cases[i].apart)
            fail_msg("%s: %s", cases[i].perceived, cases[i].apart ? "taken together" : "apart");
    }
}

static void sliders(void **state)
{
    (void)state;
    static const char many[] = "10|20|30|40|50|60|70|80|90|100|0|35|…";
    const struct given given[] = {{"expected heat", 'i', many},
                                  {"actual heat", 'i', many},
                                  {"age", 'i', "18|19|20|33|44|55|66|21|22|23|24|80|…"}};
    struct mg_proposal proposal = propose(given, 3, MG_LANG_EN);
    const struct mg_study *study = accepted(&proposal);
    assert_int_equal(study->n_items, 1);
    assert_true(study->scale.min == 0 && study->scale.max == 100);
    const struct given ages[] = {{"a", 'i', "18|19|20|33|44|55|66|21|22|23|24|80|…"},
                                 {"b", 'i', "18|19|20|33|44|55|66|21|22|23|24|70|…"},
                                 {"c", 'i', "18|19|20|33|44|55|66|21|22|23|24|60|…"}};
    assert_int_equal(propose(ages, 3, MG_LANG_EN).study.n_items, 0);
}

static void ticked_choices_and_ranks_are_no_ratings(void **state)
{
    (void)state;
    static const struct given choices[] = {{"q/a", 'i', "0|1"},
                                           {"q/b", 'i', "0|1"},
                                           {"q/c", 'i', "0|1"},
                                           {"r_1", 'i', "0|1"},
                                           {"r_2", 'i', "0|1"}};
    struct mg_proposal proposal = propose(choices, 5, MG_LANG_EN);
    assert_int_equal(proposal.study.n_items, 0);
    assert_int_equal(proposal.study.n_missing_codes, 0);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(proposal.columns[i].role, MG_PROPOSED_CHOICE);
    static const struct given ranks[] = {{"rank_1", 'i', "1*50|2*30|3*20|4*100"},
                                         {"rank_2", 'i', "1*50|2*70|3*70|4*10"},
                                         {"rank_3", 'i', "1*60|2*60|3*60|4*20"},
                                         {"rank_4", 'i', "1*40|2*40|3*50|4*70"}};
    proposal = propose(ranks, 4, MG_LANG_EN);
    assert_int_equal(proposal.study.n_items, 0);
    assert_int_equal(proposal.columns[3].role, MG_PROPOSED_CHOICE);
    static const struct given ratings[] = {{"rate_1", 'i', "1*51|2*30|3*20|4*100"},
                                           {"rate_2", 'i', "1*50|2*70|3*70|4*10"},
                                           {"rate_3", 'i', "1*60|2*60|3*60|4*20"},
                                           {"rate_4", 'i', "1*40|2*40|3*50|4*70"}};
    assert_int_equal(propose(ratings, 4, MG_LANG_EN).study.n_items, 4);
}

static void persons_are_no_group(void **state)
{
    (void)state;
    static const struct given given[] = {PAIR,
                                         {"手机号", 't', "13800138000|13900139000"},
                                         {"contact 2", 't', "a@b.cn|c@d.org"},
                                         {"IPAddress", 't', "10.0.0.1|10.0.0.2"},
                                         {"x", 't', "192.168.1.1|10.0.0.2"},
                                         {"身份", 't', "11010519491231002X|110105194912310021"},
                                         {"LocationLatitude", 'n', "39.9042|31.2304|…"},
                                         {"姓名", 't', "张三|李四"},
                                         {"Work e-mail", 't', "hidden|shown"},
                                         {"Region", 't', "1.5.2|2"}};
    struct mg_proposal proposal = propose(given, ARRAY_LEN(given), MG_LANG_EN);
    for (size_t i = 2; i < ARRAY_LEN(given) - 1; i++)
        if (proposal.columns[i].role != MG_PROPOSED_PERSONAL)
            fail_msg("%s is %s", given[i].name, mg_proposal_role_name(proposal.columns[i].role));
    assert_int_equal(proposal.study.n_groups, 1);
    /* Numbers are a group where the name says so. */
    static const struct given coded[] = {
        PAIR, {"性别", 'i', "1|2"}, {"shoes", 'i', "1|2"}, {"Region", 'i', "11|12|31"}};
    struct mg_proposal groups = propose(coded, 5, MG_LANG_EN);
    assert_int_equal(groups.study.n_groups, 2);
    assert_int_equal(groups.columns[2].role, MG_PROPOSED_GROUP);
    assert_int_equal(groups.columns[4].role, MG_PROPOSED_GROUP);
    /* Answers about a phone are answers. */
    static const struct given asked[] = {PAIR, {"satisfaction with phone service", 'i', "1|2|3|4|5"}};
    assert_int_equal(propose(asked, 3, MG_LANG_EN).columns[2].role, MG_PROPOSED_OUTCOME);
}

static void outcomes_in_every_language(void **state)
{
    (void)state;
    static const struct {
        const char *name, *label, *values;
        enum mg_outcome_kind kind;
        double max;
    } cases[] = {
        {"Q9", "How likely are you to recommend us?", "0|5|9|10", MG_OUTCOME_NPS, 10},
        {"您向朋友推荐的可能性", NULL, "0|5|9|10", MG_OUTCOME_NPS, 10},
        {"おすすめ度", NULL, "0|5|9|10", MG_OUTCOME_NPS, 10},
        {"추천 의향", NULL, "0|5|9|10", MG_OUTCOME_NPS, 10},
        {"nps", NULL, "0|3|7|9", MG_OUTCOME_NPS, 10},
        {"nps_score", NULL, "0|3|7|9|99*9", MG_OUTCOME_NPS, 10},
        {"Weiterempfehlung", NULL, "0|5|9|10", MG_OUTCOME_NPS, 10},
        {"recomendaría", NULL, "0|5|9|10", MG_OUTCOME_NPS, 10},
        {"Zufriedenheit", NULL, "1|2|3|4|5", MG_OUTCOME_CSAT, 5},
        {"satisfaction", NULL, "1|2|3", MG_OUTCOME_CSAT, 3},
        {"整体满意度", NULL, "1|2|3|4|5|6|7", MG_OUTCOME_CSAT, 7},
        {"満足度", NULL, "1|2|3|4|5", MG_OUTCOME_CSAT, 5},
        {"Satisfação geral", NULL, "1|2|3|4|5", MG_OUTCOME_CSAT, 5},
        {"kepuasan", NULL, "1|2|3|4|5", MG_OUTCOME_CSAT, 5},
        {"办事费力程度", NULL, "1|2|3|4|5|6|7", MG_OUTCOME_CES, 7},
        {"满意度指数", NULL, "1|2|3|4|5", MG_OUTCOME_CSAT, 5},
        {"综合得分", NULL, "10|20|30|40|50|60|70|80|90|100|0|35|…", MG_OUTCOME_INDEX, 100},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct given given[] = {PAIR, {cases[i].name, 'i', cases[i].values, cases[i].label, NULL}};
        struct mg_proposal proposal = propose(given, 3, MG_LANG_EN);
        const struct mg_study *study = accepted(&proposal);
        if (study->n_outcomes != 1 || study->outcomes[0].kind != cases[i].kind ||
            study->outcomes[0].scale.max != cases[i].max)
            fail_msg("%s: %zu outcomes", cases[i].name, study->n_outcomes);
        bool chinese = strcmp(cases[i].name, "综合得分") == 0 || strcmp(cases[i].name, "整体满意度") == 0;
        assert_true(!chinese || study->outcomes[0].label.zh);
        assert_true(strcmp(cases[i].name, "おすすめ度") != 0 || study->outcomes[0].label.en);
        /* Of three answers only the best is satisfied. */
        assert_int_equal(study->outcomes[0].has_top, cases[i].max == 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scales_are_those_of_the_battery),
        cmocka_unit_test(two_that_fit_are_both_said),
        cmocka_unit_test(codes_are_no_answers_elsewhere),
        cmocka_unit_test(labels_declare_the_scale),
        cmocka_unit_test(labels_that_run_down_are_turned),
        cmocka_unit_test(a_half_around_zero_keeps_its_answers),
        cmocka_unit_test(comparisons_with_expectations_are_no_half),
        cmocka_unit_test(a_few_ratings_are_items_by_their_names),
        cmocka_unit_test(halves_on_different_scales_are_not_compared),
        cmocka_unit_test(halves_on_different_scales_are_compared_by_choice),
        cmocka_unit_test(scales_that_nearly_agree),
        cmocka_unit_test(sliders),
        cmocka_unit_test(ticked_choices_and_ranks_are_no_ratings),
        cmocka_unit_test(persons_are_no_group),
        cmocka_unit_test(outcomes_in_every_language),
    };
    return cmocka_run_group_tests_name("propose_scale", tests, set_up, tear_down);
}
