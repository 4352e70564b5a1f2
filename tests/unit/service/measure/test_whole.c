/* Who stands behind the overall figures, why others don't, and what of it is said. */
#include "service/measure/fixture.h"

#define HEAD "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},"
#define ITEM(code, part)                                                                                     \
    "{\"code\":\"" code "\",\"dimension\":\"" part "\",\"expectation\":\"E" code                             \
    "\",\"perception\":\"P" code "\"}"
#define PARTS(a, b)                                                                                          \
    "\"dimensions\":[{\"code\":\"a\",\"label\":{\"en\":\"Warmth\"}" a "},{\"code\":\"b\"" b "}],"
#define THREE "\"items\":[" ITEM("1", "a") "," ITEM("2", "a") "," ITEM("3", "b") "]}"
#define COLUMNS "E1,P1,E2,P2,E3,P3\n"

/* Three of item 3 only and four of items 1 and 2: seven responses stand behind the weighted whole. */
static void n_of_a_weighted_whole_is_whoever_has_a_pair(void **state)
{
    struct fixture *f = *state;
    given(f, HEAD PARTS(",\"weight\":1", ",\"weight\":1") THREE,
          COLUMNS "6,5,6,4,,\n7,6,5,5,,\n6,5,7,5,,\n5,4,6,6,,\n,,,,6,4\n,,,,7,3\n,,,,5,4\n");
    struct mg_wire_gap_report r = gaps(f);
    assert_int_equal(r.overall.n, 7);
    assert_int_equal(r.overall.n_both, 7);
    assert_int_equal(row_of(r.dimensions, 2, "a")->n, 4);
    assert_true(
        has_note(&r, "The overall figures rest on 7 responses with a pair, each dimension in them on those "
                     "with enough of its own: 3 to 4."));
    assert_false(has_note(&r, "each response's own mean"));
    const struct mg_wire_overview o = overview(f);
    assert_non_null(strstr(o.basis.en, "7 responses, 7 of them with both expectation and perception;"));
    assert_int_equal(o.kpis[0].n, 7);
}

/* Two of three items are asked for; by items the mean of each response's mean isn't the sum of the parts. */
static void who_answered_too_little_for_the_whole(void **state)
{
    struct fixture *f = *state;
    given(f, HEAD PARTS("", "") THREE,
          COLUMNS "6,5,6,4,6,1\n7,6,5,5,7,2\n6,5,7,5,,\n5,4,6,6,,\n,,,,6,4\n,,,,7,3\n,,,,5,4\n");
    struct mg_wire_gap_report r = gaps(f);
    assert_int_equal(r.overall.n, 4);
    assert_true(
        has_note(&r, "The overall figures rest on 4 of 7 responses with a pair: those with pairs of at least "
                     "2 of the 3 items."));
    double sum = 0;
    for (size_t i = 0; i < 2; i++)
        sum += r.dimensions[i].weight * r.dimensions[i].gap->value;
    assert_true(fabs(sum - r.overall.gap->value) > 0.1);
    assert_true(has_note(&r, "The overall gap is the mean of each response's own mean"));
    assert_non_null(strstr(overview(f).basis.en,
                           "7 responses, 7 of them with both expectation and perception; the "
                           "overall figures are those of 4 with both of at least 2 of the 3 "
                           "items;"));
}

static void complete_answers_need_no_such_notes(void **state)
{
    struct fixture *f = *state;
    for (int weighted = 0; weighted < 2; weighted++) {
        given(f, weighted ? HEAD PARTS(",\"weight\":3", ",\"weight\":1") THREE : HEAD PARTS("", "") THREE,
              COLUMNS "6,5,6,4,6,1\n7,6,5,5,7,2\n6,5,7,5,5,4\n5,4,6,6,6,3\n6,4,6,5,7,5\n");
        struct mg_wire_gap_report r = gaps(f);
        assert_int_equal(r.overall.n, 5);
        assert_false(has_note(&r, "The overall figures rest on"));
        assert_false(has_note(&r, "each response's own mean"));
    }
}

/* Nobody of group y was asked about dimension a: its whole is blank, and the row says so. */
static void a_dimension_that_nobody_answered_is_named(void **state)
{
    struct fixture *f = *state;
    given(f, HEAD PARTS(",\"weight\":3", ",\"weight\":1") "\"groups\":[{\"column\":\"g\"}]," THREE,
          "g," COLUMNS "x,6,5,6,4,6,1\nx,7,6,5,5,7,2\nx,6,5,7,5,5,4\nx,5,4,6,6,6,3\nx,6,4,6,5,7,5\n"
          "y,,,,,6,1\ny,,,,,7,2\ny,,,,,5,4\ny,,,,,6,3\ny,,,,,7,5\n");
    struct mg_wire_gap_report r = gaps_by(f, "g");
    const struct mg_wire_gap_row *overall = r.groups[1].overall;
    assert_null(overall->gap);
    assert_string_equal(overall->note,
                        "Fewer than two answered “Warmth”, which makes 75% of the overall figures: there "
                        "are none.");
    assert_non_null(row_of(r.groups[1].dimensions, 2, "b")->gap);
}

/* Expectation of one item and perception of the other are no pair of the part that both belong to. */
static void a_pair_is_of_one_item(void **state)
{
    struct fixture *f = *state;
    given(f, HEAD "\"missing\":{\"min_answered\":0.5}," PARTS("", "") THREE,
          COLUMNS "6,5,,,,\n,,7,5,,\n6,,,5,,\n,4,6,,,\n6,4,6,5,7,5\n7,5,,,6,4\n");
    struct mg_wire_gap_report r = gaps(f);
    assert_int_equal(row_of(r.dimensions, 2, "a")->n, 4);
    assert_int_equal(row_of(r.dimensions, 2, "a")->n_both, 4);
    assert_near(row_of(r.dimensions, 2, "a")->gap->value, (-1 - 2 - 1.5 - 2) / 4);
}

/* Three customers with two responses, one of which counts by its weight, and a response without a weight. */
static void weights_that_are_left_out_hide_no_design_effect(void **state)
{
    struct fixture *f = *state;
    given(f, HEAD "\"weight\":\"w\",\"customer\":\"c\"," PARTS("", "") THREE,
          "c,w," COLUMNS
          "a,1,6,5,6,4,6,1\na,3,7,6,5,5,7,2\nb,2,6,5,7,5,5,4\nb,1,5,4,6,6,6,3\nd,1,6,4,6,5,7,5\n"
          "e,0,6,4,6,5,7,5\nf,,6,4,6,5,7,5\n");
    struct mg_wire_gap_report r = gaps(f);
    assert_int_equal(r.weights_left_out->rows, 2);
    assert_true(has_note(&r, "The 5 responses come from 3 customers"));
    assert_true(
        has_note(&r, "Weighted: design effect 1.25, so that 5 responses say as much as 4 without weights"));
    assert_true(has_note(&r, "customers with several responses, leave fewer than 30"));
    assert_int_equal(r.people, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(n_of_a_weighted_whole_is_whoever_has_a_pair),
        TEST(who_answered_too_little_for_the_whole),
        TEST(complete_answers_need_no_such_notes),
        TEST(a_dimension_that_nobody_answered_is_named),
        TEST(a_pair_is_of_one_item),
        TEST(weights_that_are_left_out_hide_no_design_effect),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
