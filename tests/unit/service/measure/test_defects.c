/* What is wrong with the answers is counted, listed and said, and no report ends for it. */
#include "service/measure/fixture.h"

#include "service/measure/defects.h"

#define STUDY(rest)                                                                                          \
    "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7}," rest                                                 \
    "\"items\":[{\"code\":\"a\",\"expectation\":\"E\",\"perception\":\"P\"}],\"outcomes\":[{\"code\":\"n\"," \
    "\"kind\":\"nps\",\"column\":\"N\"}]}"

/* 3.7 lies between the steps, 12 and 8 beyond the scale, abc is no number; NA, - and 99 are missing. */
static const char answers[] =
    "E,P,N\n7,3.7,9\n6,5,5.47\n5,4,0\nNA,3.7,10\n6,abc,-\n7,99,9\n12,6,8\n8,6,11\n6,5,9\n";

static const struct mg_wire_stray *stray_of(const struct mg_wire_gap_report *r, const char *column)
{
    for (size_t i = 0; i < r->n_strays; i++)
        if (strcmp(r->strays[i].column, column) == 0)
            return &r->strays[i];
    fail_msg("no strays of %s", column);
    return NULL;
}

static void strays_are_counted_and_listed(void **state)
{
    struct fixture *f = *state;
    for (int listwise = 0; listwise < 2; listwise++) {
        given(f,
              listwise ? STUDY("\"missing\":{\"rule\":\"listwise\",\"codes\":[99]},")
                       : STUDY("\"missing\":{\"codes\":[99]},"),
              answers);
        const struct mg_wire_gap_report r = gaps(f);
        assert_int_equal(r.out_of_range, 7);
        assert_int_equal(r.n_strays, 3);
        assert_string_equal(r.strays[0].column, "P"); /* most first */
        const struct mg_wire_stray *p = stray_of(&r, "P"), *e = stray_of(&r, "E"), *n = stray_of(&r, "N");
        assert_true(p->n == 3 && e->n == 2 && n->n == 2);
        assert_near(p->share, 3.0 / 8);
        assert_int_equal(p->n_examples, 2);
        assert_string_equal(p->examples[0].value, "3.7");
        assert_true(p->examples[0].n == 2 && p->examples[0].row == 1);
        assert_non_null(strstr(p->examples[0].reason.en, "between the steps"));
        assert_string_equal(p->examples[1].value, "abc");
        assert_int_equal(p->examples[1].row, 5);
        assert_non_null(strstr(p->examples[1].reason.en, "not a number"));
        assert_non_null(strstr(e->examples[0].reason.en, "scale from 1 to 7"));
        assert_string_equal(n->examples[0].value, "5.47");
        assert_true(has_note(
            &r, "“P”: values that are no answers and count as missing: 3 (3.7 × 2, from row 1; abc"));
        assert_int_equal(r.items[0].n_both, 3);
        assert_int_equal(r.scores[0].n, listwise ? 2 : 6);
    }
}

static void a_step_of_zero_allows_fractions(void **state)
{
    struct fixture *f = *state;
    given(f,
          "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7,\"step\":0},\"items\":[{\"code\":\"a\","
          "\"expectation\":\"E\","
          "\"perception\":\"P\"}]}",
          "E,P\n7,3.7\n6,5.25\n5,4\n7.5,4\n");
    const struct mg_wire_gap_report r = gaps(f);
    assert_int_equal(r.out_of_range, 1);
    assert_int_equal(r.items[0].n, 3);
    assert_near(r.items[0].gap->value, (3.7 + 5.25 + 4 - 18) / 3);
}

static void many_strays_mean_a_wrong_scale(void **state)
{
    struct fixture *f = *state;
    given(f, STUDY(""), "E,P,N\n10,5,9\n9,5,9\n8,5,9\n10,5,9\n9,5,9\n5,5,9\n5,4,9\n6,8,9\n");
    const struct mg_wire_gap_report r = gaps(f);
    assert_true(has_note(&r, "“E”: 62% of what was answered doesn't fit the scale"));
    const struct mg_wire_overview o = overview(f); /* says the same, and nothing of the one error */
    assert_int_equal(o.n_warnings, 1);
    assert_non_null(strstr(o.warnings[0].en, "“E”: 62% of what was answered doesn't fit the scale"));
    assert_false(has_note(&r, "“P”: 13%")); /* one typing error is none */
}

/* Two whole rows, one row a kind of weight. Rows without one add no strays. */
static void weights_that_dont_count_are_said(void **state)
{
    struct fixture *f = *state;
    given(f, STUDY("\"weight\":\"w\","),
          "E,P,N,w\n7,5,9,2\n6,5,9,1\n6,4,9,0\n6,4,9,-1\n6,4,9,\n6,4,9,NA\n6,4,9,x\n6,9,9,2e9\n6,6,9,1.5\n");
    const struct mg_wire_gap_report r = gaps(f);
    assert_int_equal(r.rows, 3);
    assert_int_equal(r.n_strays, 0);
    const struct mg_wire_weights_left_out *w = r.weights_left_out;
    assert_non_null(w);
    assert_true(w->rows == 6 && w->zero == 1 && w->negative == 1 && w->missing == 2 && w->no_number == 2);
    assert_true(
        has_note(&r, "Rows left out for their weight: 6 of 9 (missing 2, zero 1, negative 1, no number 2)."));
    const struct mg_wire_overview o = overview(f);
    assert_int_equal(o.weights_left_out->rows, 6);
    assert_non_null(strstr(o.basis.en, " · Rows left out for their weight: 6 of 9"));
    given(f, STUDY("\"weight\":\"w\","), "E,P,N,w\n7,5,9,2\n6,5,9,1\n");
    assert_null(gaps(f).weights_left_out);
    assert_null(overview(f).weights_left_out);
}

static void repeated_ids_are_said(void **state)
{
    struct fixture *f = *state;
    given(f, STUDY("\"id\":\"id\","),
          "id,E,P,N\na,7,5,9\nb,6,5,9\na,7,5,9\n,6,4,9\n,6,4,9\nNA,6,4,9\nNA,6,4,9\nb,5,5,9\nb,6,5,9\nc,6,4,"
          "9\n");
    const struct mg_wire_gap_report r = gaps(f);
    const struct mg_wire_repeats *d = r.repeats;
    assert_non_null(d);
    assert_int_equal(r.rows, 10); /* every row counts */
    assert_true(d->ids == 2 && d->rows == 5 && d->alike == 2 && d->n_examples == 2);
    assert_string_equal(d->examples[0].id, "a");
    assert_string_equal(d->examples[0].rows, "1, 3");
    assert_string_equal(d->examples[1].rows, "2, 8, 9");
    assert_true(
        has_note(&r, "“id” has ids more than once: 2, in 5 rows (a in rows 1, 3; b in rows 2, 8, 9)"));
    assert_true(has_note(&r, "in every cell: 2; they count again."));
    given(f, STUDY("\"id\":\"id\","), "id,E,P,N\na,7,5,9\nb,6,5,9\n");
    assert_null(gaps(f).repeats);
}

static void a_check_needs_no_report(void **state)
{
    struct fixture *f = *state;
    struct mg_defects found;
    given(f, STUDY("\"id\":\"E\","), answers);
    SUCCEEDS(mg_defects_check(&f->ctx, &f->request, &found, &f->error));
    assert_true(found.out_of_range == 8 && found.n_strays == 3 && found.repeats->ids == 2);
    assert_int_equal(found.n_notes, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(strays_are_counted_and_listed),  TEST(a_step_of_zero_allows_fractions),
        TEST(many_strays_mean_a_wrong_scale), TEST(weights_that_dont_count_are_said),
        TEST(repeated_ids_are_said),          TEST(a_check_needs_no_report),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
