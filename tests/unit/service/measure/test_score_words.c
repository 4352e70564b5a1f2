/* What scores say of themselves: by which rule each outcome is scored, in what unit, which way is good. */
#include "service/measure/fixture.h"

#include "service/measure/score_words.h"

struct row {
    struct mg_outcome outcome;
    const char *formula, *top; /* top NULL: no share beside it */
    double from;               /* of the shares; NaN: not asked */
    enum mg_wire_score_unit unit;
    const char *definition, *zh;
};

#define SCALE(low, high) .scale = {.min = low, .max = high, .step = 1}

static const struct row rows[] = {
    {{.kind = MG_OUTCOME_NPS, SCALE(0, 10)},
     MG_SCORE_NPS,
     MG_SCORE_NPS,
     NAN,
     MG_WIRE_SCORE_UNIT_POINTS,
     "share of 9–10",
     "9–10"},
    {{.kind = MG_OUTCOME_CSAT, SCALE(1, 5)},
     MG_SCORE_CSAT_TOP2,
     MG_SCORE_CSAT_TOP2,
     4,
     MG_WIRE_SCORE_UNIT_PERCENT,
     "Percent of answers from 4 to 5, on 1 to 5",
     "4"},
    {{.kind = MG_OUTCOME_CSAT, SCALE(1, 10), .has_top = true, .top = 9},
     MG_SCORE_CSAT_TOP,
     MG_SCORE_CSAT_TOP,
     9,
     MG_WIRE_SCORE_UNIT_PERCENT,
     "from 9 to 10, on 1 to 10",
     "9"},
    {{.kind = MG_OUTCOME_CSAT, SCALE(0, 1)},
     MG_SCORE_CSAT_MEAN,
     NULL,
     NAN,
     MG_WIRE_SCORE_UNIT_SCALE,
     "Mean on 0 to 1",
     "0"},
    {{.kind = MG_OUTCOME_CES, SCALE(1, 7)},
     MG_SCORE_CES_MEAN,
     MG_SCORE_CES_TOP2,
     6,
     MG_WIRE_SCORE_UNIT_SCALE,
     "high means that it was easy; higher is better",
     "1"},
    {{.kind = MG_OUTCOME_CES, SCALE(1, 7), .effort = true},
     MG_SCORE_CES_MEAN,
     NULL,
     NAN,
     MG_WIRE_SCORE_UNIT_SCALE,
     "high means much effort; lower is better",
     "1"},
    {{.kind = MG_OUTCOME_INDEX, SCALE(1, 7)},
     MG_SCORE_INDEX,
     NULL,
     NAN,
     MG_WIRE_SCORE_UNIT_INDEX,
     "100 × (mean − 1)/(7 − 1)",
     "100"},
    {{.kind = MG_OUTCOME_BINARY, SCALE(0, 1), .positive = "yes"},
     MG_SCORE_SHARE,
     NULL,
     NAN,
     MG_WIRE_SCORE_UNIT_PERCENT,
     "answers that are “yes”",
     "yes"},
    {{.kind = MG_OUTCOME_BINARY, SCALE(0, 1)},
     MG_SCORE_SHARE,
     NULL,
     NAN,
     MG_WIRE_SCORE_UNIT_PERCENT,
     "answers that are 1.",
     "1"},
};

static void each_outcome_has_its_rule_and_says_it(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct row *r = &rows[i];
        const struct mg_score_rule rule = mg_score_rule(&r->outcome), top = mg_score_top_rule(&r->outcome);
        struct mg_wire_score score = {0};
        struct mg_wire_kpi kpi = {0};
        assert_string_equal(rule.formula, r->formula);
        assert_true(!top.formula == !r->top && (!r->top || strcmp(top.formula, r->top) == 0));
        assert_true(isnan(r->from) ? isnan(top.from) : top.from == r->from);
        mg_score_describe(f->ctx.arena, &r->outcome, &score);
        assert_string_equal(score.formula, r->formula);
        assert_int_equal(score.unit, r->unit);
        assert_int_equal(score.has_better, r->outcome.kind != MG_OUTCOME_BINARY); /* yes may be bad */
        assert_int_equal(score.better,
                         r->outcome.effort ? MG_WIRE_SCORE_BETTER_LOWER : MG_WIRE_SCORE_BETTER_HIGHER);
        if (!strstr(score.definition->en, r->definition) || !strstr(score.definition->zh_cn, r->zh))
            fail_msg("row %zu: %s / %s", i, score.definition->en, score.definition->zh_cn);
        assert_int_equal(score.has_top_from, r->outcome.kind == MG_OUTCOME_CSAT && !isnan(r->from));
        assert_true(score.scale->min == r->outcome.scale.min && score.scale->max == r->outcome.scale.max);
        mg_score_describe_kpi(&score, &kpi);
        assert_string_equal(kpi.formula, r->formula);
        assert_true(kpi.has_unit && kpi.has_better == score.has_better);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_outcome_has_its_rule_and_says_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
