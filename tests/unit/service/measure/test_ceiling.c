/* The share of expectations at the top of the scale: of items and parts, weighted, by group, reversed items
 * too. */
#include "service/measure/fixture.h"

#define STUDY(rest)                                                                                          \
    "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},\"dimensions\":[{\"code\":\"d\"}],\"items\":[{"        \
    "\"code\":\"a\","                                                                                        \
    "\"dimension\":\"d\",\"expectation\":\"E1\",\"perception\":\"P1\"},{\"code\":\"b\",\"dimension\":\"d\"," \
    "\"expectation\":\"E2\",\"perception\":\"P2\",\"reverse\":true}],\"groups\":[{\"column\":\"g\"}]" rest   \
    "}"

/* a: of ten answers six are 7, 8 is none; b: reversed, of eleven two are 1. */
static const char answers[] =
    "g,w,E1,P1,E2,P2\n"
    "x,1,7,5,1,3\nx,1,7,5,2,3\nx,1,7,5,2,3\nx,1,7,5,2,3\nx,1,6,5,2,3\n"
    "y,1,5,5,1,3\ny,1,7,5,3,3\ny,1,7,5,3,3\ny,4,6,5,3,3\ny,1,8,5,3,3\ny,1,6,5,3,3\n";

static const struct mg_wire_gap_row *item(const struct mg_wire_gap_report *r, const char *code)
{
    return row_of(r->items, r->n_items, code);
}

static void shares_of_answers(void **state)
{
    struct fixture *f = *state;
    given(f, STUDY(""), answers);
    const struct mg_wire_gap_report r = gaps(f);
    assert_near(item(&r, "a")->expectation_at_top, 6.0 / 10);
    assert_near(item(&r, "b")->expectation_at_top, 2.0 / 11);
    assert_near(r.dimensions[0].expectation_at_top, 8.0 / 21);
    assert_near(r.overall.expectation_at_top, 8.0 / 21);
    assert_true(has_note(&r, "no perception can exceed them: a 60%."));
}

static void shares_of_weights_and_groups(void **state)
{
    struct fixture *f = *state;
    given(f, STUDY(",\"weight\":\"w\""), answers);
    const struct mg_wire_gap_report r = gaps_by(f, "g");
    assert_near(item(&r, "a")->expectation_at_top, 6.0 / 13);
    assert_near(row_of(r.groups[0].items, 2, "a")->expectation_at_top, 4.0 / 5);
    assert_near(row_of(r.groups[1].items, 2, "a")->expectation_at_top, 2.0 / 8);
    assert_near(row_of(r.groups[1].items, 2, "b")->expectation_at_top, 1.0 / 9);
    assert_near(r.groups[0].overall->expectation_at_top, 5.0 / 10);
}

static void nothing_is_said_of_few_and_of_perceptions(void **state)
{
    struct fixture *f = *state;
    given(f, STUDY(""), "g,w,E1,P1,E2,P2\nx,1,7,5,4,3\nx,1,4,5,4,3\nx,1,5,5,4,3\n");
    struct mg_wire_gap_report r = gaps(f);
    assert_false(has_note(&r, "at the top of the scale"));
    assert_near(item(&r, "b")->expectation_at_top, 0);
    given(f,
          "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},\"items\":[{\"code\":\"a\",\"perception\":\"P1\"}"
          "]}",
          answers);
    r = gaps(f);
    assert_false(r.items[0].has_expectation_at_top);
}

/* A code for no answer stands where the top of the scale would be: nobody can be there. */
static void a_missing_code_at_the_top_is_no_ceiling(void **state)
{
    struct fixture *f = *state;
    given(f, STUDY(",\"missing\":{\"codes\":[7]}"), answers);
    const struct mg_wire_gap_report r = gaps(f);
    assert_false(item(&r, "a")->has_expectation_at_top);
    assert_near(item(&r, "b")->expectation_at_top, 2.0 / 11); /* reversed: its top is a 1 */
    assert_false(has_note(&r, "no perception can exceed"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(shares_of_answers),
        TEST(shares_of_weights_and_groups),
        TEST(nothing_is_said_of_few_and_of_perceptions),
        TEST(a_missing_code_at_the_top_is_no_ceiling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
