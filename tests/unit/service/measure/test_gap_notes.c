/* Notes of the gap report with names in them: parts that stand outside the whole, groups that differ. */
#include "service/measure/two_items.h"

/* Which groups differ, and by how much; of two that don't, how far it could be. */
static void groups_that_differ_are_named(void **state)
{
    struct fixture *f = *state;
    static const char study[] = HEAD "\"items\":[" ITEM_1 "]," TAIL;
    given(f, study,
          "w,g,E1,P1\n1,a,6,5\n1,a,7,6\n1,a,7,5\n1,a,6,4\n1,a,5,4\n1,a,7,5\n"
          "1,b,6,3\n1,b,7,3\n1,b,6,3\n1,b,7,3\n1,b,5,2\n1,b,6,2\n"
          "1,c,6,4\n1,c,7,4\n1,c,6,3\n1,c,7,5\n1,c,5,2\n1,c,6,4\n");
    struct mg_wire_gap_report r = gaps_by(f, "g");
    assert_true(r.groups[0].overall->differs && r.groups[1].overall->differs &&
                !r.groups[2].overall->differs);
    assert_true(has_note(&r, "all others together: a +1.50, b −1.50 (2 of 3; Holm"));
    given(f, study,
          "w,g,E1,P1\n1,a,6,5\n1,a,7,5\n1,a,5,5\n1,a,6,5\n1,a,7,6\n"
          "1,b,6,5\n1,b,7,5\n1,b,5,5\n1,b,6,5\n1,b,7,6\n");
    r = gaps_by(f, "g");
    assert_true(has_note(&r, "two groups are not seen to differ: “a” less the other, "));
    assert_true(has_note(&r, "; p = 1.000)."));
}

/* Weight of its own, but only perceptions: the whole is that of the others, and says so. */
static void a_dimension_without_a_gap_is_named(void **state)
{
    struct fixture *f = *state;
    given(f,
          HEAD "\"dimensions\":[{\"code\":\"a\",\"label\":{\"en\":\"Care\"},\"weight\":50},{\"code\":\"b\","
               "\"weight\":50}],"
               "\"items\":[{\"code\":\"1\",\"dimension\":\"a\",\"perception\":\"P1\"},{\"code\":\"2\","
               "\"dimension\":\"b\","
               "\"expectation\":\"E2\",\"perception\":\"P2\"}]," TAIL,
          by_hand);
    struct mg_wire_gap_report r = gaps(f);
    assert_near(r.overall.gap->value, -0.2);
    assert_true(has_note(&r, "Not part of the overall figures, for no item there asks both expectation and "
                             "perception: Care. The other dimensions"));
}

/* Item 1 of pairs; item 2 has two pairs, and six people more on each side. */
static void an_item_of_two_samples_beside_pairs_is_named(void **state)
{
    struct fixture *f = *state;
    given(
        f, two_items,
        "w,g,E1,P1,E2,P2\n1,a,6,5,7,\n1,a,7,5,6,\n1,a,5,5,7,\n1,a,6,5,5,\n1,a,7,6,6,\n1,a,6,5,7,\n"
        "1,a,6,5,,4\n1,a,7,5,,4\n1,a,5,5,,5\n1,a,6,5,,4\n1,a,7,6,,3\n1,a,6,5,,4\n1,a,6,5,6,4\n1,a,6,5,6,5\n");
    struct mg_wire_gap_report r = gaps(f);
    assert_int_equal(r.design, MG_WIRE_GAP_REPORT_DESIGN_PAIRED);
    assert_true(has_note(&r, "Gaps of two samples, since most people answered one side only"));
    assert_true(has_note(&r, "which are of pairs: Bills."));
    given(f, two_items, by_hand);
    r = gaps(f);
    assert_false(has_note(&r, "two samples") || has_note(&r, "Not part of the overall"));
}

/* 40 rows of weight 1 and one of a million: its answers are all there is, so no interval, and nothing is the
 * same for everybody. */
static void one_huge_weight_has_no_interval(void **state)
{
    struct fixture *f = *state;
    given(f, HEAD "\"items\":[" ITEM_1 "],\"weight\":\"k\"," TAIL,
          repeated(f, "m,w,g,k,E1,P1\n0,1,a,1000000,6,4\n", "%d,1,a,1,6,5\n0,1,a,1,7,5\n", 20));
    struct mg_wire_gap_report r = gaps(f);
    const struct mg_wire_gap_row *rows[] = {&r.overall, &r.items[0]};
    for (size_t i = 0; i < 2; i++) {
        assert_true(fabs(rows[i]->gap->value + 2) < 1e-3);
        assert_true(isnan(rows[i]->gap->low) && isnan(rows[i]->t) && isnan(rows[i]->p));
        assert_true(isnan(rows[i]->expectation->high) && isnan(rows[i]->perception->low));
        assert_int_equal(rows[i]->verdict, MG_WIRE_VERDICT_UNKNOWN);
        assert_non_null(strstr(rows[i]->note, "hardly more than one response"));
        assert_false(rows[i]->significant);
    }
    f->request.wave = NULL;
    assert_non_null(strstr(overview(f).finding.en, "No gap is certain yet; the largest is at Repair"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(groups_that_differ_are_named),
        TEST(a_dimension_without_a_gap_is_named),
        TEST(one_huge_weight_has_no_interval),
        TEST(an_item_of_two_samples_beside_pairs_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
