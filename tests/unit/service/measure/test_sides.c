/* Reports on one side, one person, equal answers and no rows say what is true of them. */
#include "service/measure/fixture.h"

#include "service/measure/finding.h"

#define ITEM(code, e, p) "{\"code\":\"" code "\"" e p "}"
#define E(column) ",\"expectation\":\"" column "\""
#define P(column) ",\"perception\":\"" column "\""
#define STUDY(items, rest) "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},\"items\":[" items "]" rest "}"
#define BOTH STUDY(ITEM("a", E("E1"), P("P1")) "," ITEM("b", E("E2"), P("P2")), "")
#define HEAD "E1,P1,E2,P2,w\n"

static struct mg_wire_text finding(struct fixture *f, const struct mg_wire_gap_report *r)
{
    return mg_finding_of_rows(f->ctx.arena, r->items, r->n_items, NULL);
}

struct side_case {
    const char *study, *answers, *note, *finding;
};

static void one_side_is_said(void **state)
{
    struct fixture *f = *state;
    static const struct side_case cases[] = {
        {STUDY(ITEM("a", E("E1"), "") "," ITEM("b", E("E2"), ""), ""), HEAD "5,,7,,\n4,,6,,\n6,,7,,\n",
         "Only expectations were asked: there are no gaps.",
         "The highest expectation is b with 6.7; there are no perceptions to compare it with."},
        {STUDY(ITEM("a", "", P("P1")) "," ITEM("b", "", P("P2")), ""), HEAD ",5,,3,\n,4,,3,\n",
         "Only perceptions were asked: performance scores (SERVPERF), no gaps.",
         "The lowest rating is b with 3.0; there are no expectations to compare it with."},
        {STUDY(ITEM("a", E("E1"), "") "," ITEM("b", "", P("P2")), ""), HEAD "5,,,3,\n4,,,2,\n",
         "No item has both an expectation and a perception: there are no gaps.",
         "The lowest rating is b with 2.5; there are no expectations to compare it with."},
        {BOTH, HEAD "5,,7,,\n4,,6,,\n", "Nobody answered a perception: there are only expectations, no gaps.",
         "The highest expectation is b with 6.5; there are no perceptions to compare it with."},
        {BOTH, HEAD ",5,,7,\n,4,,6,\n",
         "Nobody answered an expectation: there are only perceptions, no gaps.",
         "The lowest rating is a with 4.5; there are no expectations to compare it with."},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        given(f, cases[i].study, cases[i].answers);
        const struct mg_wire_gap_report r = gaps(f);
        if (!has_note(&r, cases[i].note))
            fail_msg("case %zu lacks “%s”", i, cases[i].note);
        assert_string_equal(finding(f, &r).en, cases[i].finding);
    }
}

static void one_person_is_too_few_for_a_gap(void **state)
{
    struct fixture *f = *state;
    given(f, BOTH, HEAD "7,5,6,4,\n");
    const struct mg_wire_gap_report r = gaps(f);
    assert_string_equal(finding(f, &r).en,
                        "Too few people for a gap: at b 6.0 is expected and 4.0 perceived.");
    assert_null(r.items[0].gap);
    assert_non_null(r.items[0].note);
    assert_false(has_note(&r, "Nobody answered"));
}

static void equal_answers_are_said(void **state)
{
    struct fixture *f = *state;
    given(f, BOTH, HEAD "7,5,6,6,\n7,5,6,6,\n7,5,6,6,\n7,5,6,6,\n7,5,6,6,\n");
    struct mg_wire_gap_report r = gaps(f);
    assert_string_equal(finding(f, &r).en,
                        "The largest gap is at a, the same for everybody: 7.0 expected and 5.0 perceived.");
    assert_non_null(strstr(r.items[0].note, "Every difference is the same"));
    given(f, BOTH, HEAD "7,7,6,6,\n7,7,6,6,\n");
    r = gaps(f);
    assert_string_equal(finding(f, &r).en, "Nothing falls short: a is rated just as it is expected, 7.0.");
}

static void no_rows_have_their_reason(void **state)
{
    struct fixture *f = *state;
    static const char *const nobody = "9";
    const struct mg_filter filter = {.column = "E1", .op = MG_FILTER_IN, .values = &nobody, .n_values = 1};
    struct mg_wire_gap_report r;
    for (int i = 0; i < 3; i++) {
        static const char *const why[] = {"the file has a header but no rows.", "the filters leave nothing.",
                                          "not one of the 2 rows has a weight that counts."};
        given(f, BOTH, i == 0 ? HEAD : HEAD "7,5,6,4,0\n6,5,6,4,\n");
        struct mg_gap_request request = {.base = f->request};
        request.base.filters = &filter;
        request.base.n_filters = i == 1;
        request.base.weight = i == 2 ? "w" : NULL;
        assert_int_equal(mg_measure_gaps(&f->ctx, &request, &r, &f->error), MG_E_INESTIMABLE);
        assert_non_null(strstr(f->error.message, why[i]));
        assert_string_equal(f->error.field, i == 2 ? "/weight" : "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_side_is_said),
        TEST(one_person_is_too_few_for_a_gap),
        TEST(equal_answers_are_said),
        TEST(no_rows_have_their_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
