/* Outcome scores by hand: each kind, with weights, by group, and what can't be estimated. */
#include "service/measure/fixture.h"

#define STUDY(outcomes, rest)                                                                                \
    "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},\"missing\":{\"codes\":[0]},\"items\":[{\"code\":"     \
    "\"1\","                                                                                                 \
    "\"perception\":\"P\"}],\"groups\":[{\"column\":\"g\"}],\"outcomes\":[" outcomes "]" rest "}"
#define NPS "{\"code\":\"n\",\"kind\":\"nps\",\"column\":\"N\"}"

/* Promoters 9, 10, 9; passive 8; detractors 0, 6. A code of the items (0) is an answer here; 11 and x are
 * none. */
static void nps(void **state)
{
    struct fixture *f = *state;
    given(f, STUDY(NPS, ""), "P,g,N\n5,a,9\n5,a,10\n5,a,9\n5,a,8\n5,b,0\n5,b,6\n5,b,11\n5,b,x\n5,b,\n");
    struct mg_wire_score s = gaps(f).scores[0];
    assert_int_equal(s.n, 6);
    assert_near(s.estimate.value, 100.0 * (3 - 2) / 6);
    assert_near(s.top, 0.5);
    assert_near(s.bottom, 2.0 / 6);
    assert_near(s.mean, 42.0 / 6);
    assert_null(s.note);
}

/* 3 of weight for promoters, 1 for the passive, 2 for detractors: (3 − 2)/6; with weights of 1 it would be 0.
 */
static void weighted_nps(void **state)
{
    struct fixture *f = *state;
    given(f, STUDY(NPS, ",\"weight\":\"k\""),
          "P,g,N,k\n5,a,9,2\n5,a,10,1\n5,a,8,1\n5,a,3,1.5\n5,a,6,0.5\n5,a,0,0\n5,a,0,-1\n");
    struct mg_wire_score s = gaps(f).scores[0];
    assert_int_equal(s.n, 5);
    assert_near(s.estimate.value, 100.0 / 6);
    assert_near(s.top, 0.5);
    assert_near(s.bottom, 2.0 / 6);
    assert_near(s.mean, (18 + 10 + 8 + 4.5 + 3) / 6);
}

static void the_other_kinds(void **state)
{
    struct fixture *f = *state;
    given(f,
          STUDY("{\"code\":\"c\",\"kind\":\"csat\",\"column\":\"C\",\"scale\":{\"min\":1,\"max\":5}},"
                "{\"code\":\"e\",\"kind\":\"ces\",\"column\":\"P\"},{\"code\":\"i\",\"kind\":\"index\","
                "\"column\":\"P\"},"
                "{\"code\":\"b\",\"kind\":\"binary\",\"column\":\"B\",\"positive\":\"yes\"}",
                ""),
          "P,g,C,B\n7,a,5,yes\n6,a,4,no\n5,a,3,no\n4,a,2,maybe\n3,a,1,\n");
    const struct mg_wire_gap_report r = gaps(f);
    assert_near(r.scores[0].estimate.value, 40); /* 4 and 5 of five */
    assert_near(r.scores[0].mean, 3);
    assert_near(r.scores[1].estimate.value, 5); /* the mean */
    assert_near(r.scores[1].top, 0.4);          /* 6 and 7 */
    assert_near(r.scores[2].estimate.value, 100 * (5 - 1) / 6.0);
    assert_near(r.scores[3].estimate.value, 25); /* one of four; any other text is a no */
    assert_int_equal(r.scores[3].n, 4);
}

/* Five times the same answer: no interval, and the reason; NPS has one all the same (adjusted Wald). */
static void a_score_without_spread_says_why_it_has_no_interval(void **state)
{
    struct fixture *f = *state;
    given(f,
          STUDY("{\"code\":\"i\",\"kind\":\"index\",\"column\":\"P\"},{\"code\":\"c\",\"kind\":\"csat\","
                "\"column\":\"C\",\"scale\":{\"min\":0,\"max\":10}}," NPS,
                ""),
          "P,g,C,N\n5,a,8,9\n5,a,8,9\n5,a,8,9\n5,a,8,9\n5,a,8,9\n");
    const struct mg_wire_gap_report r = gaps(f);
    assert_false(isfinite(r.scores[0].estimate.low));
    assert_string_equal(r.scores[0].note, "Every answer is the same: no interval can be given.");
    assert_non_null(strstr(r.scores[1].note, "(“top”). Every answer is the same"));
    assert_true(isfinite(r.scores[2].estimate.low));
    assert_null(r.scores[2].note);
}

#define CSAT(rest) "{\"code\":\"c\",\"kind\":\"csat\",\"column\":\"N\"" rest "}"
#define TEN ",\"scale\":{\"min\":0,\"max\":10}"

/* The two highest of 4 to 7 steps are satisfied. On 0 to 10 and on 0 to 1 (where the two highest are all of
 * it) the study has to say: until then the mean is shown under its own name. */
/* The answers differ, but only one of them counts. */
static void one_huge_weight_is_said(void **state)
{
    struct fixture *f = *state;
    given(f, STUDY(NPS ",{\"code\":\"i\",\"kind\":\"index\",\"column\":\"P\"}", ",\"weight\":\"k\""),
          repeated(f, "m,P,g,N,k\n0,5,a,9,1000000\n", "%d,3,a,4,1\n", 40));
    struct mg_wire_gap_report r = gaps(f);
    for (size_t i = 0; i < 2; i++) {
        assert_non_null(r.scores[i].note);
        assert_string_equal(r.scores[i].note,
                            "The weights leave hardly more than one response: an interval tells nothing.");
    }
}

static void a_satisfied_share_needs_a_box(void **state)
{
    struct fixture *f = *state;
    static const char rows[] = "P,g,N\n5,a,1\n5,a,7\n5,a,6\n5,a,5\n";
    given(f, STUDY(CSAT(""), ""), rows);
    struct mg_wire_score s = gaps(f).scores[0];
    assert_string_equal(s.formula, "csat-top2-1");
    assert_near(s.estimate.value, 50);
    assert_near(s.top_from, 6);
    assert_int_equal(s.unit, MG_WIRE_SCORE_UNIT_PERCENT);
    assert_int_equal(s.better, MG_WIRE_SCORE_BETTER_HIGHER);
    assert_string_equal(s.name->en, "Satisfied share (CSAT, top-2 box)");
    assert_string_equal(s.definition->en, "Percent of answers from 6 to 7, on 1 to 7; higher is better.");
    given(f, STUDY(CSAT(TEN), ""), rows);
    s = gaps(f).scores[0];
    assert_string_equal(s.formula, "csat-mean-1");
    assert_near(s.estimate.value, 19.0 / 4);
    assert_false(s.has_top || s.has_top_from);
    assert_int_equal(s.unit, MG_WIRE_SCORE_UNIT_SCALE);
    assert_non_null(strstr(s.note, "“top”"));
    given(f, STUDY(CSAT(TEN ",\"top\":6"), ""), rows);
    s = gaps(f).scores[0];
    assert_string_equal(s.formula, "csat-top-1");
    assert_near(s.estimate.value, 50);
    assert_null(s.note);
    given(f, STUDY(CSAT(",\"scale\":{\"min\":0,\"max\":1}"), ""), "P,g,N\n5,a,0\n5,a,1\n5,a,0\n");
    s = gaps(f).scores[0];
    assert_string_equal(s.formula, "csat-mean-1");
    assert_near(s.estimate.value, 1.0 / 3);
}

/* Is 7 easy or hard? The study says; else easy. */
static void effort_has_a_direction(void **state)
{
    struct fixture *f = *state;
    static const char rows[] = "P,g,N\n5,a,1\n5,a,7\n5,a,6\n5,a,5\n";
    given(f, STUDY("{\"code\":\"c\",\"kind\":\"ces\",\"column\":\"N\"}", ""), rows);
    struct mg_wire_score s = gaps(f).scores[0];
    assert_int_equal(s.better, MG_WIRE_SCORE_BETTER_HIGHER);
    assert_string_equal(s.name->en, "Customer effort (CES; high is easy)");
    assert_near(s.top, 0.5);
    given(f, STUDY("{\"code\":\"c\",\"kind\":\"ces\",\"column\":\"N\",\"high_means\":\"effort\"}", ""), rows);
    s = gaps(f).scores[0];
    assert_int_equal(s.better, MG_WIRE_SCORE_BETTER_LOWER);
    assert_string_equal(s.name->en, "Customer effort (CES; high is hard)");
    assert_non_null(strstr(s.definition->en, "lower is better"));
    assert_false(s.has_top);
}

static void groups_have_their_own(void **state)
{
    struct fixture *f = *state;
    given(f, STUDY(NPS, ""),
          "P,g,N\n5,b,9\n5,b,9\n5,b,9\n5,b,9\n5,b,0\n5,a,0\n5,a,0\n5,a,0\n5,a,9\n5,a,7\n5,,9\n5,,9\n5,,9\n5,,"
          "9\n5,,9\n");
    const struct mg_wire_gap_report r = gaps_by(f, "g");
    assert_null(r.groups[0].keys[0].value);
    assert_near(r.groups[0].scores[0].estimate.value, 100);
    assert_near(r.groups[1].scores[0].estimate.value, -40);
    assert_near(r.groups[2].scores[0].estimate.value, 60);
    assert_near(r.scores[0].estimate.value, 100.0 * (10 - 4) / 15);
}

static void nobody_and_one(void **state)
{
    struct fixture *f = *state;
    given(f, STUDY(NPS, ""), "P,g,N\n5,a,\n5,a,x\n");
    struct mg_wire_score s = gaps(f).scores[0];
    assert_true(s.n == 0 && isnan(s.estimate.value) && s.note && !s.has_top && !s.has_mean);
    given(f, STUDY(NPS, ""), "P,g,N\n5,a,9\n5,a,\n");
    s = gaps(f).scores[0];
    assert_true(s.n == 1 && s.estimate.value == 100 && s.estimate.low < -40 && s.estimate.high == 100);
}

/* 9.5 of 10 is no answer to that question: the others make the score, and the report counts it. */
static void answers_off_the_step_are_none(void **state)
{
    struct fixture *f = *state;
    given(f, STUDY(NPS, ""), "P,g,N\n5,a,9\n6,a,9.5\n5,a,0\n");
    const struct mg_wire_gap_report r = gaps(f);
    assert_int_equal(r.scores[0].n, 2);
    assert_near(r.scores[0].estimate.value, 0);
    assert_null(r.scores[0].note);
    assert_int_equal(r.out_of_range, 1);
    assert_near(r.items[0].perception->value, 16.0 / 3);
}

/* As many different answers as decimals make. */
static void a_top_box_of_decimals(void **state)
{
    struct fixture *f = *state;
    struct mg_buf csv;
    mg_buf_init(&csv, 1 << 16);
    mg_buf_puts(&csv, "P,g,N\n");
    for (int i = 0; i <= 200; i++)
        mg_buf_printf(&csv, "5,a,%.2f\n", i / 20.0);
    given(f,
          STUDY("{\"code\":\"c\",\"kind\":\"csat\",\"column\":\"N\",\"scale\":{\"min\":0,\"max\":10,\"step\":"
                "0},\"top\":9}",
                ""),
          csv.data);
    mg_buf_done(&csv);
    struct mg_wire_score s = gaps(f).scores[0];
    assert_string_equal(s.formula, "csat-top-1");
    assert_int_equal(s.n, 201);
    assert_near(s.estimate.value, 100 * 21 / 201.0);
}

/* A weight of its own for each of 200,001 people, in 256 buckets. Half say 10, half 0: 0, with everybody's
 * weight nearly 1. */
static void as_many_weights_as_people(void **state)
{
    struct fixture *f = *state;
    struct mg_buf csv;
    mg_buf_init(&csv, 16 << 20);
    mg_buf_puts(&csv, "P,g,N,k\n");
    for (int i = 0; i <= 200000; i++)
        mg_buf_printf(&csv, "%d,a,%d,1.%06d\n", 4 + i % 2, i % 2 ? 10 : 0, i);
    given(f, STUDY(NPS, ",\"weight\":\"k\""), csv.data);
    mg_buf_done(&csv);
    struct mg_wire_score s = gaps(f).scores[0];
    assert_int_equal(s.n, 200001);
    assert_true(fabs(s.estimate.value) < 0.01);
    assert_null(s.note);
    /* SE of ±100: 100 · √(Σw²)/Σw; the weights are even between 1 and 1.2: Σw²/n = 1.2133, (Σw/n)² = 1.21 */
    double half = 1.959963985 * 100 * sqrt(1.2133333 / 1.21 / 200001);
    assert_true(fabs((s.estimate.high - s.estimate.low) / 2 / half - 1) <
                0.15); /* a jackknife of 256 varies */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nps),
        TEST(weighted_nps),
        TEST(the_other_kinds),
        TEST(a_score_without_spread_says_why_it_has_no_interval),
        TEST(one_huge_weight_is_said),
        TEST(a_satisfied_share_needs_a_box),
        TEST(effort_has_a_direction),
        TEST(groups_have_their_own),
        TEST(nobody_and_one),
        TEST(answers_off_the_step_are_none),
        TEST(a_top_box_of_decimals),
        TEST(as_many_weights_as_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
