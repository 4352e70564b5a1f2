/* Which columns are the two halves of a question: by words wherever they stand and in every language, by
 * stems that repeat, by likeness, by place; with how sure it is; and what is no pair though it looks like
 * one. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "columns.h"

#define FIVE "1|2|3|4|5"

static const struct mg_proposal_column *row_of(const struct mg_proposal *proposal, const struct given *given,
                                               const char *name)
{
    size_t i = 0;
    while (strcmp(given[i].name, name) != 0)
        i++;
    return &proposal->columns[i];
}

static const struct mg_proposal_warning *warning_of(const struct mg_proposal *proposal, const char *code)
{
    for (size_t i = 0; i < proposal->n_warnings; i++)
        if (strcmp(proposal->warnings[i].code, code) == 0)
            return &proposal->warnings[i];
    return NULL;
}

/* Two pairs, the first two and the last two columns crossed: e1, e2, p1, p2. */
static void expect_pairs(const struct given given[4], enum mg_confidence least)
{
    struct mg_proposal proposal = propose(given, 4, MG_LANG_EN);
    if (proposal.study.n_items != 2)
        fail_msg("%s, %s: %zu items, not 2", given[0].name, given[0].label, proposal.study.n_items);
    const struct mg_study *study = accepted(&proposal);
    for (size_t i = 0; i < 2; i++) {
        if (!mg_str_equal(study->items[i].expectation, given[i].name) ||
            !mg_str_equal(study->items[i].perception, given[i + 2].name))
            fail_msg("%s goes with %s", given[i].name, study->items[i].perception);
        assert_int_equal(proposal.columns[i].role, MG_PROPOSED_EXPECTATION);
        assert_int_equal(proposal.columns[i].partner, i + 2);
        assert_int_equal(proposal.columns[i + 2].partner, i);
        if (proposal.columns[i].confidence < least)
            fail_msg("%s: confidence %d", given[i].name, proposal.columns[i].confidence);
        assert_non_null(proposal.columns[i].reason.en);
        assert_non_null(proposal.columns[i].reason.zh);
    }
}

static void words_stand_anywhere_in_every_language(void **state)
{
    (void)state;
    static const char *const cases[][4] = {
        {"exp_wait", "exp_staff", "per_wait", "per_staff"},
        {"wait_e", "staff_e", "wait_p", "staff_p"},
        {"e_1", "e_2", "p_1", "p_2"},
        {"Q1E", "Q2E", "Q1P", "Q2P"},
        {"expWait", "expStaff", "perWait", "perStaff"},
        {"Waiting time (expected)", "Staff (expected)", "Waiting time (perceived)", "Staff (perceived)"},
        {"[Expectation] wait", "[Expectation] staff", "[Experience] wait", "[Experience] staff"},
        {"expectations/wait", "expectations/staff", "perceptions/wait", "perceptions/staff"},
        {"Expectation [Heating is reliable]", "Expectation [Bills are clear]",
         "Perception [Heating is reliable]", "Perception [Bills are clear]"},
        {"1、室温达标—期望", "2、账单清楚—期望", "23、室温达标—实际感受", "24、账单清楚—实际感受"},
        {"期望：室温", "期望：账单", "感知：室温", "感知：账单"},
        {"室温（期望值）", "账单（期望值）", "室温（实际值）", "账单（实际值）"},
        {"室溫－預期", "帳單－預期", "室溫－實際感受", "帳單－實際感受"},
        {"待ち時間（期待）", "対応（期待）", "待ち時間（実際）", "対応（実際）"},
        {"대기 시간 (기대)", "직원 (기대)", "대기 시간 (실제)", "직원 (실제)"},
        {"Erwartung: Wartezeit", "Erwartung: Personal", "Wahrnehmung: Wartezeit", "Wahrnehmung: Personal"},
        {"Heizung erwartet", "Personal erwartet", "Heizung tatsächlich", "Personal tatsächlich"},
        {"Chauffage (attendu)", "Personnel (attendu)", "Chauffage (perçu)", "Personnel (perçu)"},
        {"Expectativa: tiempo de espera", "Expectativa: personal", "Percepción: tiempo de espera",
         "Percepción: personal"},
        {"Expectativa - calor", "Expectativa - conta", "Percepção - calor", "Percepção - conta"},
        {"Harapan: pemanas", "Harapan: staf", "Kenyataan: pemanas", "Kenyataan: staf"},
        {"wait desired", "staff desired", "wait actual", "staff actual"},
        {"Ｅ１", "Ｅ２", "Ｐ１", "Ｐ２"},
        {"Was erwarten Sie von uns: Heizung", "Was erwarten Sie von uns: Personal",
         "Was haben Sie erlebt: Heizung", "Was haben Sie erlebt: Personal"},
        {"E[SQ001]", "E[SQ002]", "P[SQ001]", "P[SQ002]"},
        {"A_exp_1", "B_exp_1", "A_per_1", "B_per_1"},
        {"NPS study: expected wait", "NPS study: expected help", "NPS study: perceived wait",
         "NPS study: perceived help"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct given given[] = {{cases[i][0], 'i', SEVEN},
                                      {cases[i][1], 'i', SEVEN},
                                      {cases[i][2], 'i', SEVEN},
                                      {cases[i][3], 'i', SEVEN}};
        expect_pairs(given, MG_CONFIDENCE_HIGH);
    }
}

/* Less sure: listed to be looked at. */
static void middling_evidence_is_listed(void **state)
{
    (void)state;
    static const char *const cases[][4] = {
        {"pre_exp_1", "pre_exp_2", "post_per_1", "post_per_2"},
        {"expected wait", "expected staff", "wait", "staff"},
        {"Erwartung[SQ001]", "Erwartung[SQ002]", "Erleben[SQ001]", "Erleben[SQ002]"},
        {"Excellent banks should have modern equipment", "Excellent banks should keep promises",
         "XYZ bank has modern equipment", "XYZ bank keeps its promises"},
        {"¿Qué esperaba de la calefacción?", "¿Qué esperaba de la factura?",
         "¿Qué recibió de la calefacción?", "¿Qué recibió de la factura?"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct given given[] = {{cases[i][0], 'i', SEVEN},
                                      {cases[i][1], 'i', SEVEN},
                                      {cases[i][2], 'i', SEVEN},
                                      {cases[i][3], 'i', SEVEN}};
        expect_pairs(given, MG_CONFIDENCE_MIDDLE);
        struct mg_proposal proposal = propose(given, 4, MG_LANG_EN);
        if (proposal.columns[0].confidence != MG_CONFIDENCE_MIDDLE)
            fail_msg("%s is sure", cases[i][0]);
    }
}

/* A matrix whose first column alone has the question: its number tells the others. */
static void a_matrix_has_its_question_once(void **state)
{
    (void)state;
    static const struct given given[] = {{"2、您对以下方面的期望程度—室温达标", 'i', SEVEN},
                                         {"2、账单清楚", 'i', SEVEN},
                                         {"3、您对以下方面的实际感受—室温达标", 'i', SEVEN},
                                         {"3、账单清楚", 'i', SEVEN},
                                         {"4、账单清楚", 'i', SEVEN}};
    expect_pairs(given, MG_CONFIDENCE_HIGH);
    struct mg_proposal proposal = propose(given, 5, MG_LANG_EN);
    assert_int_equal(proposal.columns[4].partner, SIZE_MAX);
    assert_string_equal(proposal.study.items[1].code, "账单清楚");
}

/* Importance and satisfaction without expectations: items with both, called by what is their own. */
static void importance_joins_what_was_perceived(void **state)
{
    (void)state;
    static const struct given given[] = {{"How important are these? [Price]", 'i', FIVE},
                                         {"How important are these? [Staff]", 'i', FIVE},
                                         {"How important are these? [Speed]", 'i', FIVE},
                                         {"How satisfied are you with these? [Price]", 'i', SEVEN},
                                         {"How satisfied are you with these? [Staff]", 'i', SEVEN},
                                         {"How satisfied are you with these? [Speed]", 'i', SEVEN},
                                         {"Overall, how satisfied are you?", 'i', FIVE}};
    struct mg_proposal proposal = propose(given, ARRAY_LEN(given), MG_LANG_EN);
    const struct mg_study *study = accepted(&proposal);
    assert_int_equal(study->n_items, 3);
    assert_string_equal(study->items[1].code, "Staff");
    assert_string_equal(study->items[1].perception, given[4].name);
    assert_string_equal(study->items[1].importance, given[1].name);
    assert_true(study->items[1].importance_scale.max == 5 && study->scale.max == 7);
    assert_int_equal(study->n_outcomes, 1);
    assert_string_equal(study->outcomes[0].column, given[6].name);
    assert_null(warning_of(&proposal, "pair_uncertain"));
}

/* Importances that only resemble their pair. */
static void importance_joins_by_likeness(void **state)
{
    (void)state;
    static const struct given given[] = {
        {"期望：室温达到标准", 'i', SEVEN},      {"期望：账单写得清楚", 'i', SEVEN},
        {"感知：室温达到标准", 'i', SEVEN},      {"感知：账单写得清楚", 'i', SEVEN},
        {"您觉得账单写得清楚重要吗", 'i', FIVE}, {"您觉得室温达到标准重要吗", 'i', FIVE}};
    struct mg_proposal proposal = propose(given, 6, MG_LANG_EN);
    const struct mg_study *study = accepted(&proposal);
    assert_string_equal(study->items[0].importance, given[5].name);
    assert_string_equal(study->items[1].importance, given[4].name);
    assert_int_equal(proposal.columns[4].confidence, MG_CONFIDENCE_MIDDLE);
}

/* Two batteries numbered alike that say nothing: no pairs, but candidates. */
static void twin_batteries_are_candidates(void **state)
{
    (void)state;
    static const struct given given[] = {{"Q1_1", 'i', SEVEN}, {"Q1_2", 'i', SEVEN}, {"Q1_3", 'i', SEVEN},
                                         {"Q2_1", 'i', SEVEN}, {"Q2_2", 'i', SEVEN}, {"Q2_3", 'i', SEVEN}};
    struct mg_proposal proposal = propose(given, 6, MG_LANG_EN);
    assert_int_equal(accepted(&proposal)->n_items, 6);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(proposal.columns[i].partner, SIZE_MAX);
        assert_int_equal(proposal.columns[i].n_candidates, 1);
        assert_int_equal(proposal.columns[i].candidates[0], i + 3);
    }
    assert_int_equal(warning_of(&proposal, "pair_uncertain")->n_columns, 3);
}

/* The same ratings asked twice, nobody says which are the expectations: in two sets, or in turns. */
static void ratings_asked_twice_are_candidates(void **state)
{
    (void)state;
    static const struct {
        const char *names[6];
        size_t apart, step; /* 0: no twins */
    } cases[] = {
        {{"Speed", "Price", "Staff", "Speed2", "Price2", "Staff2"}, 3, 1},
        {{"1a", "1b", "2a", "2b", "3a", "3b"}, 1, 2},
        {{"Speed - before", "Price - before", "Staff - before", "Speed - after", "Price - after",
          "Staff - after"},
         3,
         1},
        {{"Excellent firms are quick", "Excellent firms are fair", "Excellent firms are kind",
          "Firm X are quick", "Firm X are fair", "Firm X are kind"},
         3,
         1},
        {{"速度前", "价格前", "态度前", "速度后", "价格后", "态度后"}, 3, 1},
        {{"q1", "q2", "q3", "q11", "q12", "q13"}, 0, 0}, /* one row of numbers */
        {{"Speed", "Price", "Staff", "Rooms", "Meals", "Noise"}, 0, 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct given given[6] = {{NULL, 'i', SEVEN}};
        for (size_t c = 0; c < 6; c++)
            given[c] = (struct given){cases[i].names[c], 'i', SEVEN};
        struct mg_proposal proposal = propose(given, 6, MG_LANG_EN);
        assert_int_equal(accepted(&proposal)->n_items, 6);
        for (size_t k = 0; k < 3; k++) {
            const struct mg_proposal_column *row = &proposal.columns[k * cases[i].step];
            if (row->n_candidates != (cases[i].step ? 1u : 0u) ||
                (cases[i].step && row->candidates[0] != k * cases[i].step + cases[i].apart))
                fail_msg("%s: %zu candidates", cases[i].names[0], row->n_candidates);
        }
    }
}

/* The names say nothing, the questions do. */
static void labels_are_evidence(void **state)
{
    (void)state;
    static const char *const cases[][4] = {
        {"What do you expect? - Heating is reliable", "What do you expect? - Bills are clear",
         "What did you get? - Heating is reliable", "What did you get? - Bills are clear"},
        {"Q3 In general: what do you expect? [Heating]", "Q3 In general: what do you expect? [Bills]",
         "Q4 In general: how was it? [Heating]", "Q4 In general: how was it? [Bills]"},
        {"What do you expect: heating", "What do you expect: bills", "How was it: heating",
         "How was it: bills"},
        {"When you think of our firm as a whole, what do you expect of heating?",
         "When you think of our firm as a whole, what do you expect of billing?",
         "When you look at our firm as a whole, how was heating?",
         "When you look at our firm as a whole, how was billing?"},
        {"您的期望是？ [供暖稳定]", "您的期望是？ [账单清楚]", "您的感受是？ [供暖稳定]",
         "您的感受是？ [账单清楚]"},
        {"How warm do you expect your flat to be in winter?",
         "How clear do you expect the monthly bill to be?", "How warm was your flat in winter?",
         "How clear was the monthly bill?"},
        {"您期望家里冬天的室温有多高", "您期望每月账单有多清楚", "您家里冬天的室温实际有多高",
         "您每月账单实际有多清楚"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct given given[] = {{"V1", 'i', SEVEN, cases[i][0]},
                                      {"V2", 'i', SEVEN, cases[i][1]},
                                      {"V3", 'i', SEVEN, cases[i][2]},
                                      {"V4", 'i', SEVEN, cases[i][3]}};
        expect_pairs(given, MG_CONFIDENCE_MIDDLE);
    }
}

/* Item by item under two questions: the label is the item, in its language; codes are short. */
static void items_are_called_by_what_the_halves_share(void **state)
{
    (void)state;
    static const struct given given[] = {
        {"V1", 'i', SEVEN, "What do you expect? - Heating is reliable in the whole flat", NULL},
        {"V2", 'i', SEVEN, "您的期望？—账单", NULL},
        {"V3", 'i', SEVEN, "What did you get? - Heating is reliable in the whole flat", NULL},
        {"V4", 'i', SEVEN, "您的感受？—账单", NULL}};
    struct mg_proposal proposal = propose(given, 4, MG_LANG_EN);
    const struct mg_study *study = accepted(&proposal);
    assert_int_equal(study->n_items, 2);
    assert_string_equal(study->items[0].code, "i1");
    assert_string_equal(study->items[0].label.en, "Heating is reliable in the whole flat");
    assert_string_equal(study->items[1].code, "账单");
    assert_string_equal(study->items[1].label.zh, "账单");
    assert_string_equal(proposal.columns[0].item, "i1");
    static const struct given numbered[] = {{"E_1", 'i', SEVEN, "What do you expect? - Heating is reliable"},
                                            {"P_1", 'i', SEVEN, "What did you get? - Heating is reliable"}};
    proposal = propose(numbered, 2, MG_LANG_EN);
    assert_string_equal(accepted(&proposal)->items[0].code, "1");
    assert_string_equal(proposal.study.items[0].label.en, "Heating is reliable");
}

static void what_only_looks_like_an_expectation(void **state)
{
    (void)state;
    static const struct {
        struct given given;
        bool warned;
    } cases[] = {
        {{"service", 'i', SEVEN}, false},
        {{"Expected delivery date", 't', "2026-01-02|2026-01-03|…"}, true},
        {{"experience", 'i', "0|3|12|25|40|7|8|9|13|14|15|16|…"}, false},
        {{"期望薪资", 'i', "5000|8000|12000"}, true},
        {{"What should we do better?", 't', "a|b|…"}, false},
        {{"Prices should be lower", 'i', SEVEN}, true},
        {{"life expectancy", 'i', SEVEN}, false},
        {{"temps d'attente", 'i', SEVEN}, false},
        {{"tiempo de espera", 'i', SEVEN}, false},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct given given[] = {PAIR, cases[i].given};
        struct mg_proposal proposal = propose(given, 3, MG_LANG_EN);
        assert_int_equal(accepted(&proposal)->n_items, 1);
        assert_int_equal(proposal.columns[2].partner, SIZE_MAX);
        const struct mg_proposal_warning *warning = warning_of(&proposal, "expectation_unplaced");
        if (!!warning != cases[i].warned)
            fail_msg("%s: %s", cases[i].given.name, warning ? "a warning" : "silence");
        if (warning) {
            assert_int_equal(warning->n_columns, 1);
            assert_int_equal(warning->columns[0], 2);
            assert_non_null(strstr(warning->text.zh, cases[i].given.name));
        }
    }
}

/* What several questions have in common says nothing of which belongs to which. */
static void shared_parts_pair_nothing(void **state)
{
    (void)state;
    static const struct given given[] = {{"V1", 'i', SEVEN, "Winter: what do you expect? - heating at night"},
                                         {"V2", 'i', SEVEN, "Winter: what do you expect? - clear bills"},
                                         {"V3", 'i', SEVEN, "Winter: what did you get? - polite staff"},
                                         {"V4", 'i', SEVEN, "Winter: what did you get? - quick repairs"},
                                         {"V5", 'i', SEVEN, "Winter: what did you get? - fair prices"}};
    struct mg_proposal proposal = propose(given, 5, MG_LANG_EN);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(proposal.columns[i].partner, SIZE_MAX);
    assert_int_equal(warning_of(&proposal, "expectation_unplaced")->n_columns, 2);
}

/* A questionnaire of sections A to P isn't one of expectations E and perceptions P. */
static void letters_of_sections_are_no_sides(void **state)
{
    (void)state;
    static const struct given given[] = {{"B1", 'i', FIVE}, {"B2", 'i', FIVE}, {"B3", 'i', FIVE},
                                         {"C1", 'i', FIVE}, {"C2", 'i', FIVE}, {"C3", 'i', FIVE},
                                         {"E1", 'i', FIVE}, {"E2", 'i', FIVE}, {"E3", 'i', FIVE},
                                         {"P1", 'i', FIVE}, {"P2", 'i', FIVE}, {"P3", 'i', FIVE}};
    struct mg_proposal proposal = propose(given, ARRAY_LEN(given), MG_LANG_EN);
    const struct mg_study *study = accepted(&proposal);
    assert_int_equal(study->n_items, 12);
    assert_null(study->items[6].expectation);
    const struct mg_proposal_column *e1 = row_of(&proposal, given, "E1");
    assert_int_equal(e1->n_candidates, 1);
    assert_int_equal(e1->candidates[0], 9);
    assert_non_null(warning_of(&proposal, "pair_uncertain"));
}

/* As many perceptions as expectations side by side, with nothing else in common, are paired in order and
 * listed; a block that says nothing is only a candidate. */
static void places_count_where_the_blocks_say_what_they_are(void **state)
{
    (void)state;
    static const struct given said[] = {
        {"期望一", 'i', SEVEN}, {"期望二", 'i', SEVEN}, {"感知甲", 'i', SEVEN}, {"感知乙", 'i', SEVEN}};
    expect_pairs(said, MG_CONFIDENCE_MIDDLE);
    static const struct given unsaid[] = {
        {"期望一", 'i', SEVEN}, {"期望二", 'i', SEVEN}, {"甲", 'i', SEVEN}, {"乙", 'i', SEVEN}};
    struct mg_proposal proposal = propose(unsaid, 4, MG_LANG_EN);
    assert_int_equal(proposal.columns[0].partner, SIZE_MAX);
    assert_int_equal(proposal.columns[0].n_candidates, 1);
    assert_int_equal(proposal.columns[0].candidates[0], 2);
    assert_int_equal(warning_of(&proposal, "expectation_unplaced")->n_columns, 2);
    static const struct given others[] = {{"Expected noise", 'i', SEVEN},
                                          {"Expected price", 'i', SEVEN},
                                          {"Actual parking", 'i', SEVEN},
                                          {"Actual waiting", 'i', SEVEN}};
    proposal = propose(others, 4, MG_LANG_EN);
    assert_int_equal(proposal.columns[0].partner, SIZE_MAX);
    assert_int_equal(proposal.columns[0].candidates[0], 2);
    assert_int_equal(warning_of(&proposal, "expectation_unplaced")->n_columns, 2);
}

static void adequate_importance_and_satisfaction(void **state)
{
    (void)state;
    static const struct given given[] = {{"期望：室温", 'i', SEVEN},
                                         {"感知：室温", 'i', SEVEN},
                                         {"最低可接受：室温", 'i', SEVEN},
                                         {"重要性：室温", 'i', FIVE},
                                         {"满意度：室温", 'i', FIVE}};
    struct mg_proposal proposal = propose(given, 5, MG_LANG_EN);
    const struct mg_item *item = &accepted(&proposal)->items[0];
    assert_string_equal(item->adequate, given[2].name);
    assert_string_equal(item->importance, given[3].name);
    assert_int_equal(proposal.columns[2].role, MG_PROPOSED_ADEQUATE);
    assert_int_equal(proposal.columns[3].role, MG_PROPOSED_IMPORTANCE);
    assert_true(item->importance_scale.max == 5 && item->scale.max == 7);
    static const struct given instead[] = {{"期望：室温", 'i', SEVEN}, {"满意度：室温", 'i', SEVEN}};
    proposal = propose(instead, 2, MG_LANG_EN);
    assert_string_equal(accepted(&proposal)->items[0].perception, instead[1].name);
    assert_int_equal(proposal.columns[0].confidence, MG_CONFIDENCE_MIDDLE);
    static const struct given whole[] = {
        PAIR, {"Overall expectation", 'i', SEVEN}, {"Overall satisfaction", 'i', SEVEN}};
    proposal = propose(whole, 4, MG_LANG_EN);
    assert_int_equal(proposal.columns[3].role, MG_PROPOSED_OUTCOME);
}

/* What speaks of expectations and has no partner is said, whatever else becomes of it. */
static void expectations_without_a_partner_are_said(void **state)
{
    (void)state;
    static const struct given given[] = {PAIR, {"期望：价格", 'i', SEVEN}};
    struct mg_proposal proposal = propose(given, 3, MG_LANG_ZH);
    const struct mg_proposal_warning *warning = warning_of(&proposal, "expectation_unplaced");
    assert_non_null(warning);
    assert_string_equal(warning->text.zh, "提到期望却没有配对的列：1（期望：价格）。");
    static const struct given alone[] = {
        {"Expected heat", 'i', SEVEN}, {"Expected bills", 'i', SEVEN}, {"Expected staff", 'i', SEVEN}};
    proposal = propose(alone, 3, MG_LANG_EN);
    assert_int_equal(accepted(&proposal)->n_items, 3);
    assert_string_equal(proposal.study.items[0].expectation, "Expected heat");
    assert_null(proposal.study.items[0].perception);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* the forms below */
static void put_name(char *ret, size_t size, const char *form, const char *side, const char *item)
{
    snprintf(ret, size, form, side, item);
}
#pragma GCC diagnostic pop

/* All four columns of an item, in every language and order, with words beside the side's that say no more. */
static void all_four_columns_in_every_language(void **state)
{
    (void)state;
    static const char *const sides[][4] = {
        {"Expected level", "Perceived level", "Minimum acceptable level", "Importance"},
        {"期望水平", "实际感受", "可接受的最低水平", "重要程度"},
        {"期望", "感受", "最低可接受", "重要性"},
        {"期待する水準", "実際の評価", "最低限の水準", "重要性"},
        {"기대수준", "지각수준", "최소허용수준", "중요도"},
        {"기대", "체감", "최소 수용", "중요도"},
        {"Erwartung", "Wahrnehmung", "Mindestniveau", "Wichtigkeit"},
        {"Niveau souhaité", "Niveau perçu", "Niveau minimal acceptable", "Importance"},
        {"Expectativa", "Percepción", "Mínimo aceptable", "Importancia"},
        {"Nível desejado", "Nível percebido", "Nível adequado", "Importância"},
        {"Ekspektasi", "Kenyataan", "Tingkat memadai", "Tingkat kepentingan"},
    };
    static const char *const forms[] = {"%2$s_%1$s", "%2$s %1$s", "%1$s: %2$s", "%2$s (%1$s)", "%1$s [%2$s]"};
    static const char *const items[] = {"价格", "Waerme"};
    for (size_t l = 0; l < ARRAY_LEN(sides); l++)
        for (size_t f = 0; f < 2 * ARRAY_LEN(forms); f++) {
            char names[8][120];
            struct given given[8];
            for (size_t i = 0; i < 8; i++) { /* side by side, or item by item */
                size_t side = f % 2 ? i / 2 : i % 4, item = f % 2 ? i % 2 : i / 4;
                put_name(names[i], sizeof names[i], forms[f / 2], sides[l][side], items[item]);
                given[i] = (struct given){names[i], 'i', "1|2|3|4|5|6|7"};
            }
            struct mg_proposal proposal = propose(given, 8, MG_LANG_EN);
            if (proposal.study.n_items != 2)
                fail_msg("%s: %zu items", names[0], proposal.study.n_items);
            for (size_t k = 0; k < 2; k++) {
                const struct mg_item *item = &proposal.study.items[k];
                const char *const columns[] = {item->expectation, item->perception, item->adequate,
                                               item->importance};
                for (size_t side = 0; side < 4; side++)
                    if (!mg_str_equal(columns[side], names[f % 2 ? 2 * side + k : 4 * k + side]))
                        fail_msg("%s: %s", names[f % 2 ? 2 * side + k : 4 * k + side],
                                 columns[side] ? columns[side] : "none");
            }
        }
}

/* What a wider look makes alike isn't taken for one another. */
static void words_that_say_no_more_never_undo_a_stem(void **state)
{
    (void)state;
    static const struct given given[] = {
        {"Service expected", 'i', "1|2|3|4|5|6|7"},        {"Service level expected", 'i', "1|2|3|4|5|6|7"},
        {"Service level perceived", 'i', "1|2|3|4|5|6|7"}, {"Service perceived", 'i', "1|2|3|4|5|6|7"},
        {"Service level adequate", 'i', "1|2|3|4|5|6|7"},  {"Service adequate", 'i', "1|2|3|4|5|6|7"}};
    struct mg_proposal proposal = propose(given, 6, MG_LANG_EN);
    assert_int_equal(proposal.study.n_items, 2);
    assert_string_equal(proposal.study.items[0].perception, "Service perceived");
    assert_string_equal(proposal.study.items[0].adequate, "Service adequate");
    assert_string_equal(proposal.study.items[1].perception, "Service level perceived");
    assert_string_equal(proposal.study.items[1].adequate, "Service level adequate");
}

/* A label that only one half has labels the other one as well, so it doesn't say its own side. */
static void labels_of_items_say_no_side(void **state)
{
    (void)state;
    static const struct given given[] = {
        {.name = "E1", .type = 'i', .values = "1|2|3|4|5|6|7", .label = "期望 E1"},
        {.name = "E2", .type = 'i', .values = "1|2|3|4|5|6|7", .label = "期望 E2"},
        {.name = "P1", .type = 'i', .values = "1|2|3|4|5|6|7", .label = "感知 P1"},
        {.name = "P2", .type = 'i', .values = "1|2|3|4|5|6|7", .label = "感知 P2"}};
    struct mg_proposal proposal = propose(given, 4, MG_LANG_ZH);
    assert_int_equal(proposal.study.n_items, 2);
    assert_string_equal(mg_text_in(&proposal.study.items[0].label, MG_LANG_ZH, ""), "P1");
    assert_string_equal(mg_text_in(&proposal.study.items[1].label, MG_LANG_ZH, ""), "P2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_of_items_say_no_side),
        cmocka_unit_test(all_four_columns_in_every_language),
        cmocka_unit_test(words_that_say_no_more_never_undo_a_stem),
        cmocka_unit_test(words_stand_anywhere_in_every_language),
        cmocka_unit_test(labels_are_evidence),
        cmocka_unit_test(middling_evidence_is_listed),
        cmocka_unit_test(a_matrix_has_its_question_once),
        cmocka_unit_test(importance_joins_what_was_perceived),
        cmocka_unit_test(importance_joins_by_likeness),
        cmocka_unit_test(twin_batteries_are_candidates),
        cmocka_unit_test(ratings_asked_twice_are_candidates),
        cmocka_unit_test(items_are_called_by_what_the_halves_share),
        cmocka_unit_test(what_only_looks_like_an_expectation),
        cmocka_unit_test(shared_parts_pair_nothing),
        cmocka_unit_test(letters_of_sections_are_no_sides),
        cmocka_unit_test(places_count_where_the_blocks_say_what_they_are),
        cmocka_unit_test(adequate_importance_and_satisfaction),
        cmocka_unit_test(expectations_without_a_partner_are_said),
    };
    return cmocka_run_group_tests_name("propose_pairs", tests, set_up, tear_down);
}
