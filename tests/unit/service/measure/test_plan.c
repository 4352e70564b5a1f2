/* Study → columns and scores. */
#include <math.h>

#include "base/str.h"
#include "service/measure/plan.h"
#include "study.h"

static const char mixed[] =
    "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},\"missing\":{\"codes\":[99],\"min_answered\":0.6},"
    "\"dimensions\":[{\"code\":\"a\",\"weight\":3},{\"code\":\"b\",\"weight\":1}],\"touchpoints\":[{\"code\":"
    "\"t\"}],"
    "\"items\":[{\"code\":\"1\",\"dimension\":\"a\",\"touchpoint\":\"t\",\"expectation\":\"E1\","
    "\"perception\":\"P1\",\"adequate\":\"A1\"},"
    "{\"code\":\"2\",\"dimension\":\"a\",\"expectation\":\"E2\",\"perception\":\"P2\",\"reverse\":true},"
    "{\"code\":\"3\",\"dimension\":\"b\",\"perception\":\"P3\"}],"
    "\"outcomes\":[{\"code\":\"x\",\"kind\":\"index\",\"column\":\"O\"},{\"code\":\"y\",\"kind\":\"csat\","
    "\"column\":\"O\"},"
    "{\"code\":\"z\",\"kind\":\"binary\",\"column\":\"O\",\"positive\":\"yes\"}]}";

static void scores_take_pairs_with_their_partners(void **state)
{
    (void)state;
    struct mg_plan *plan;
    assert_int_equal(mg_plan_new(arena, parse(mixed), MG_PLAN_CELLS | MG_PLAN_OUTCOMES, &plan, NULL), 0);
    const struct mg_part *a = &plan->dimensions[0], *b = &plan->dimensions[1];
    size_t n = plan->spec.n_columns;
    const struct mg_moments_score *e = &plan->spec.scores[a->e - n], *p = &plan->spec.scores[a->p - n];
    assert_int_equal(e->n, 2);
    assert_int_equal(e->min_answered, 2); /* 0.6 of 2, up */
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(e->columns[i], plan->items[i].e);
        assert_int_equal(e->partners[i], plan->items[i].p);
        assert_int_equal(p->partners[i], plan->items[i].e);
    }
    assert_true(b->e == MG_PART_NONE && b->p != MG_PART_NONE);     /* perceptions alone stand */
    assert_int_equal(plan->spec.scores[plan->overall.p - n].n, 2); /* the pairs only */
    assert_int_equal(plan->n_cells, 1);
    assert_string_equal(plan->cells[0].code, "t/a");
    /* b has no gap, and so no share in that of the whole */
    assert_true(plan->weighted_overall && a->share == 1 && isnan(b->share));
}

static void columns_carry_scale_codes_and_reversal(void **state)
{
    (void)state;
    struct mg_plan *plan;
    assert_int_equal(mg_plan_new(arena, parse(mixed), MG_PLAN_OUTCOMES, &plan, NULL), 0);
    const struct mg_moments_column *column = &plan->spec.columns[plan->items[1].e];
    assert_true(column->low == 1 && column->high == 7 && column->reverse);
    assert_int_equal(column->n_missing, 1);
    assert_true(column->missing[0] == 99);
    /* Two outcomes of one column and scale share a variable; the binary one reads it as text. */
    assert_int_equal(plan->outcomes[0], plan->outcomes[1]);
    assert_true(plan->outcomes[2] != plan->outcomes[0]);
    assert_string_equal(plan->positive[plan->outcomes[2]], "yes");
    assert_int_equal(plan->spec.columns[plan->outcomes[0]].n_missing, 1); /* off its scale */
    assert_true(column->step == 1);
    assert_int_equal(plan->n_cells, 0); /* not asked for */
}

static void unpaired_scores_have_no_partners(void **state)
{
    (void)state;
    struct mg_plan *plan;
    assert_int_equal(mg_plan_new(arena, parse(mixed), MG_PLAN_UNPAIRED, &plan, NULL), 0);
    const struct mg_moments_score *e = &plan->spec.scores[plan->dimensions[0].e - plan->spec.n_columns];
    assert_int_equal(e->partners[0], UINT16_MAX);
}

static void mixed_scales_make_no_score(void **state)
{
    (void)state;
    struct mg_plan *plan;
    const struct mg_study *study = parse(
        "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},\"items\":[{\"code\":\"1\",\"perception\":\"P1\"},"
        "{\"code\":\"2\",\"perception\":\"P2\",\"scale\":{\"min\":0,\"max\":10}}]}");
    assert_int_equal(mg_plan_new(arena, study, 0, &plan, NULL), 0);
    assert_true(plan->overall.mixed_scales && plan->overall.p == MG_PART_NONE);
    assert_int_equal(mg_plan_variables(plan), 2);
}

/* Its numbers are the item's: the same variables, no scores. */
static void a_part_of_one_item_is_that_item(void **state)
{
    (void)state;
    struct mg_plan *plan;
    const struct mg_study *study = parse(
        "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},\"dimensions\":[{\"code\":\"d\"}],"
        "\"touchpoints\":[{\"code\":\"a\"},{\"code\":\"b\"}],\"items\":[{\"code\":\"1\",\"dimension\":\"d\","
        "\"touchpoint\":\"a\",\"expectation\":\"E1\",\"perception\":\"P1\",\"adequate\":\"A1\"},"
        "{\"code\":\"2\",\"touchpoint\":\"b\",\"expectation\":\"E2\",\"perception\":\"P2\"},"
        "{\"code\":\"3\",\"touchpoint\":\"b\",\"expectation\":\"E3\",\"perception\":\"P3\"}]}");
    assert_int_equal(mg_plan_new(arena, study, MG_PLAN_ALONE, &plan, NULL), 0);
    const struct mg_part *item = &plan->items[0], *one = &plan->touchpoints[0], *two = &plan->touchpoints[1];
    assert_true(one->e == item->e && one->p == item->p && one->adequate == item->adequate);
    assert_true(one->e_alone == item->e && one->p_alone == item->p);
    assert_true(mg_plan_is_answers(plan, one) && !mg_plan_is_answers(plan, two));
    assert_true(two->e >= plan->spec.n_columns);
    assert_int_equal(mg_study_scores_needed(study), plan->spec.n_scores);
    assert_true(plan->dimensions[0].e >=
                plan->spec.n_columns); /* over those with both sides, as all dimensions */
}

/* Two items each; a cell of one is that item. */
static void too_many_cells_are_left_out_and_said(void **state)
{
    (void)state;
    struct mg_buf text;
    mg_buf_init(&text, 1 << 20);
    mg_buf_puts(&text, "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},\"dimensions\":[");
    for (int i = 0; i < 25; i++)
        mg_buf_printf(&text, "%s{\"code\":\"d%d\"}", i ? "," : "", i);
    mg_buf_puts(&text, "],\"touchpoints\":[");
    for (int i = 0; i < 4; i++)
        mg_buf_printf(&text, "%s{\"code\":\"t%d\"}", i ? "," : "", i);
    mg_buf_puts(&text, "],\"items\":[");
    for (int i = 0; i < 200; i++)
        mg_buf_printf(
            &text,
            "%s{\"code\":\"%d\",\"dimension\":\"d%d\",\"touchpoint\":\"t%d\",\"expectation\":\"E%d\","
            "\"perception\":\"P%d\"}",
            i ? "," : "", i, i / 2 % 25, i / 50, i, i);
    mg_buf_puts(&text, "]}");
    struct mg_plan *plan;
    assert_int_equal(mg_plan_new(arena, parse(text.data), MG_PLAN_CELLS, &plan, NULL), 0);
    assert_true(plan->cells_left_out && plan->n_cells == 0);
    assert_int_equal(plan->n_dimensions, 25);
    assert_true(plan->spec.n_scores <= MG_MOMENTS_SCORES_MAX);
    mg_buf_done(&text);
}

static bool together(const struct mg_plan *plan, size_t i, size_t j)
{
    for (size_t s = 0; s < plan->spec.n_sets; s++) {
        const struct mg_moments_set *set = &plan->spec.sets[s];
        bool has_i = false, has_j = false;
        for (size_t v = 0; v < set->n; v++) {
            has_i = has_i || set->variables[v] == i;
            has_j = has_j || set->variables[v] == j;
        }
        if (has_i && has_j)
            return true;
    }
    return false;
}

static bool is_top(const struct mg_plan *plan, size_t v)
{
    for (size_t i = 0; i < plan->study->n_outcomes; i++)
        if (plan->tops[i] == v)
            return true;
    return false;
}

/* Every variable has its variance; the sides of a part and the dimensions' scores have each other; items and
 * outcomes only where reliability or drivers ask for them. */
static void sets_hold_what_estimators_look_at(void **state)
{
    (void)state;
    static const unsigned options[] = {0, MG_PLAN_RELIABILITY, MG_PLAN_DRIVERS};
    const struct mg_study *study = parse(mixed);
    for (size_t o = 0; o < ARRAY_LEN(options); o++) {
        struct mg_plan *plan;
        assert_int_equal(
            mg_plan_new(arena, study, MG_PLAN_CELLS | MG_PLAN_OUTCOMES | options[o], &plan, NULL), 0);
        const struct mg_part *items = plan->items, *d = plan->dimensions;
        size_t n = plan->spec.n_columns, all = mg_plan_variables(plan);
        if (options[o] == MG_PLAN_RELIABILITY)
            all -= 2;                    /* the differences of two items: the last */
        for (size_t v = 0; v < all; v++) /* not of mirrors */
            assert_true(together(plan, v, v) == (v < plan->n_answers || v >= n || is_top(plan, v)));
        assert_true(together(plan, items[0].e, items[0].p));
        assert_true(together(plan, items[0].adequate, items[0].p));
        assert_true(together(plan, plan->overall.e, plan->overall.p));
        assert_true(together(plan, plan->cells[0].p, plan->cells[0].adequate));
        assert_true(together(plan, d[0].e, d[1].p));
        bool reliability = options[o] == MG_PLAN_RELIABILITY, drivers = options[o] == MG_PLAN_DRIVERS;
        assert_false(together(plan, items[0].e, items[1].p));
        assert_true(together(plan, items[0].e, items[1].e) == reliability);
        assert_true((items[0].difference != MG_PART_NONE) == reliability);
        assert_true(!reliability || together(plan, items[0].difference, items[1].difference));
        assert_true(together(plan, items[0].p, items[2].p) == (reliability || drivers));
        assert_true(together(plan, items[2].p, plan->outcomes[0]) == drivers);
        assert_true(together(plan, d[1].p, plan->outcomes[2]) == drivers);
    }
}

/* mg_study_accept counts as the plan does. */
static void the_study_knows_what_its_plan_needs(void **state)
{
    (void)state;
    static const char same[] =
        "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},\"dimensions\":[{\"code\":\"a\"},{\"code\":\"b\"}],"
        "\"touchpoints\":[{\"code\":\"t\"},{\"code\":\"unused\"}],\"items\":["
        "{\"code\":\"1\",\"dimension\":\"a\",\"touchpoint\":\"t\",\"expectation\":\"E1\",\"perception\":"
        "\"P1\","
        "\"adequate\":\"A1\",\"importance\":\"I\"},"
        "{\"code\":\"2\",\"dimension\":\"b\",\"expectation\":\"E2\",\"importance\":\"I\"}],"
        "\"outcomes\":[{\"code\":\"x\",\"kind\":\"index\",\"column\":\"O\"},"
        "{\"code\":\"y\",\"kind\":\"csat\",\"column\":\"O\"}]}";
    const char *const texts[] = {mixed, same};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct mg_plan *plan;
        const struct mg_study *study = parse(texts[i]);
        assert_int_equal(
            mg_plan_new(arena, study, MG_PLAN_IMPORTANCE | MG_PLAN_OUTCOMES | MG_PLAN_ALONE, &plan, NULL), 0);
        assert_int_equal(plan->spec.n_columns, mg_study_columns_needed(study));
        assert_int_equal(plan->spec.n_scores, mg_study_scores_needed(study));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scores_take_pairs_with_their_partners),
        cmocka_unit_test(columns_carry_scale_codes_and_reversal),
        cmocka_unit_test(unpaired_scores_have_no_partners),
        cmocka_unit_test(mixed_scales_make_no_score),
        cmocka_unit_test(a_part_of_one_item_is_that_item),
        cmocka_unit_test(too_many_cells_are_left_out_and_said),
        cmocka_unit_test(the_study_knows_what_its_plan_needs),
        cmocka_unit_test(sets_hold_what_estimators_look_at),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
