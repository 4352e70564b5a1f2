/* How the answers to an item are spread, and what one can filter by: counted by hand. */
#include "service/measure/fixture.h"

#define HEAD "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},\"missing\":{\"codes\":[7]},"
#define ITEM_1 "{\"code\":\"1\",\"expectation\":\"E1\",\"perception\":\"P1\"}"
#define TAIL "\"groups\":[{\"column\":\"g\"}],\"wave\":\"w\"}"
static const char one_item[] = HEAD "\"items\":[" ITEM_1 "]," TAIL;

static struct mg_wire_distribution distribution(struct fixture *f)
{
    struct mg_wire_distribution d;
    SUCCEEDS(mg_measure_distribution(&f->ctx, &f->request, "1", &d, &f->error));
    return d;
}

static void assert_counts(const struct mg_wire_value_count *counts, size_t n, const char *expected)
{
    char text[400] = "";
    size_t at = 0;
    for (size_t i = 0; i < n; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, "%s%g:%d/%.3g", i ? " " : "", counts[i].value,
                               (int)counts[i].n, counts[i].share);
    assert_string_equal(text, expected);
}

/* 7 is a code, 9 is off the scale, x no number; a difference needs both sides. */
static void by_hand(void **state)
{
    struct fixture *f = *state;
    given(f, one_item,
          "w,g,E1,P1\n1,a,6,5\n1,a,6,4\n1,a,7,4\n1,a,5,9\n1,a,5,5\n1,a,x,5\n1,a,6,5\n1,a,6,4\n2,a,6,4\n");
    struct mg_wire_distribution d = distribution(f);
    assert_counts(d.expectation, d.n_expectation, "5:2/0.286 6:5/0.714");
    assert_counts(d.perception, d.n_perception, "4:4/0.5 5:4/0.5");
    assert_counts(d.difference, d.n_difference, "-2:3/0.5 -1:2/0.333 0:1/0.167");
    assert_near(d.row.gap->value, -8.0 / 6);
    /* Six less the five of wave 1 would tell of the one of wave 2. */
    assert_int_equal(d.n_trend, 2);
    assert_true(d.trend[0].n == 8 && !d.trend[0].gap && !d.trend[0].expectation && !d.trend[0].perception);
    f->request.wave = "1";
    d = distribution(f);
    assert_true(d.trend[1].n == 1 && !d.trend[1].gap && !d.trend[1].expectation);
    /* Wave 2 is what the choice of wave 1 leaves out, in the row and in the trend. */
    assert_null(d.row.gap);
    assert_null(d.trend[0].gap);
    assert_int_equal(d.n_expectation + d.n_perception + d.n_difference, 0);
}

static void reversed(void **state)
{
    struct fixture *f = *state;
    given(
        f,
        "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},\"items\":[{\"code\":\"1\",\"expectation\":\"E1\","
        "\"perception\":\"P1\",\"reverse\":true}]}",
        "E1,P1\n1,3\n1,3\n2,3\n2,2\n1,2\n");
    struct mg_wire_distribution d = distribution(f);
    assert_counts(d.expectation, d.n_expectation, "6:2/0.4 7:3/0.6");
    assert_counts(d.difference, d.n_difference, "-2:2/0.4 -1:2/0.4 0:1/0.2");
}

static void one_side_only(void **state)
{
    struct fixture *f = *state;
    given(f,
          "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},\"items\":[{\"code\":\"1\",\"expectation\":"
          "\"E1\"}]}",
          "E1\n6\n6\n5\n7\n6\n");
    struct mg_wire_distribution d = distribution(f);
    assert_counts(d.expectation, d.n_expectation, "5:1/0.2 6:3/0.6 7:1/0.2");
    assert_true(d.n_perception == 0 && d.n_difference == 0);
    assert_near(d.row.expectation->value, 6);
}

/* The bars are of the same people, with the same weights, as the mean beside them. */
static void weighted(void **state)
{
    struct fixture *f = *state;
    given(f, HEAD "\"items\":[" ITEM_1 "],\"weight\":\"k\"," TAIL,
          "k,w,g,E1,P1\n3,1,a,6,5\n3,1,a,6,4\n1,1,a,5,4\n1,1,a,5,5\n2,1,a,5,4\n0,1,a,5,1\n,1,a,5,1\n");
    struct mg_wire_distribution d = distribution(f);
    assert_counts(d.expectation, d.n_expectation, "5:3/0.4 6:2/0.6");
    double mean = 0;
    for (size_t i = 0; i < d.n_difference; i++)
        mean += d.difference[i].value * d.difference[i].share;
    assert_near(d.row.gap->value, mean);
}

/* Six people, two of whom answered: their answers aren't shown, here or in the trend. */
static void what_few_answered(void **state)
{
    struct fixture *f = *state;
    given(f, one_item, "w,g,E1,P1\n1,a,6,5\n1,a,6,4\n1,a,,4\n1,a,,4\n1,a,,5\n1,a,,5\n");
    struct mg_wire_distribution d = distribution(f);
    assert_true(d.n_expectation == 0 && d.n_difference == 0);
    assert_null(d.row.gap);
    assert_string_equal(d.row.note, "too few respondents to show");
    assert_null(d.trend[0].gap);
    assert_counts(d.perception, d.n_perception, "4:3/0.5 5:3/0.5"); /* six said this */
}

static void answers_of_many_values(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_distribution d;
    struct mg_buf csv;
    mg_buf_init(&csv, 1 << 20);
    mg_buf_puts(&csv, "E1,P1\n");
    for (int i = 0; i < 600; i++)
        mg_buf_printf(&csv, "%.2f,%.2f\n", 1 + i / 100.0, 7 - i / 100.0);
    given(f, "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7,\"step\":0},\"items\":[" ITEM_1 "]}", csv.data);
    mg_buf_done(&csv);
    assert_int_equal(mg_measure_distribution(&f->ctx, &f->request, "1", &d, &f->error), MG_E_LIMIT);
    assert_non_null(strstr(f->error.message, "different answers"));
}

static void refusals(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_distribution d;
    given(f, one_item, "w,g,E1,P1\n1,a,6,5\n1,a,6,4\n1,a,6,4\n1,a,5,4\n");
    assert_int_equal(mg_measure_distribution(&f->ctx, &f->request, "1", &d, &f->error), MG_E_INESTIMABLE);
    assert_int_equal(mg_measure_distribution(&f->ctx, &f->request, "2", &d, &f->error), MG_E_NOT_FOUND);
}

/* ---- Facets ---- */

static struct mg_wire_facets facets(struct fixture *f)
{
    struct mg_wire_facets ret;
    SUCCEEDS(mg_measure_facets(&f->ctx, &f->request, &ret, &f->error));
    return ret;
}

static void values_by_frequency_and_waves_in_order(void **state)
{
    struct fixture *f = *state;
    given(f, one_item, "w,g,E1,P1\nW10,b,6,5\nW2,a,6,4\nW2,c,6,4\n,c,5,4\nW2,,5,4\n");
    struct mg_wire_facets r = facets(f);
    assert_int_equal(r.n_waves, 2);
    assert_string_equal(r.waves[0].value, "W2");
    assert_int_equal(r.waves[0].n, 3);
    assert_int_equal(r.groups[0].n_values, 3);
    assert_string_equal(r.groups[0].label.en, "g");
    f->request.all_waves = true;
    r = facets(f);
    assert_string_equal(r.groups[0].values[0].value, "c");
    assert_string_equal(r.groups[0].values[1].value, "a");
    assert_int_equal(r.groups[0].values[0].n, 2);
}

/* What is counted beside a value is what choosing it leaves on the screen; a value of another wave can still
 * be taken back. */
static void values_are_counted_in_their_wave(void **state)
{
    struct fixture *f = *state;
    given(f, one_item, "w,g,E1,P1\nW10,b,6,5\nW2,a,6,4\nW2,c,6,4\nW2,c,5,4\nW10,c,5,4\nW10,b,5,4\n");
    struct mg_wire_facets r = facets(f); /* of W10 */
    const struct mg_wire_facet_value *values = r.groups[0].values;
    assert_int_equal(r.groups[0].n_values, 3);
    assert_string_equal(values[0].value, "b");
    assert_int_equal(values[0].n, 2);
    assert_int_equal(values[1].n, 1);
    assert_string_equal(values[2].value, "a");
    assert_int_equal(values[2].n, 0);
    f->request.wave = "W2";
    values = facets(f).groups[0].values;
    assert_string_equal(values[0].value, "c");
    assert_int_equal(values[0].n, 2);
    assert_int_equal(values[1].n + values[2].n, 1);
}

static void a_hundred_of_each(void **state)
{
    struct fixture *f = *state;
    given(f, one_item, repeated(f, "w,g,E1,P1\n", "%d,x,6,5\n", 130));
    struct mg_wire_facets r = facets(f);
    assert_int_equal(r.n_waves, 100);
    assert_string_equal(r.waves[99].value, "129"); /* the newest stay */
    given(f, one_item, repeated(f, "w,g,E1,P1\n", "1,%d,6,5\n", 130));
    assert_int_equal(facets(f).groups[0].n_values, 100);
}

/* A column of numbers, one a person, is no group one could choose from; the others are shown all the same. */
static void too_many_values_to_list(void **state)
{
    struct fixture *f = *state;
    given(f, one_item, repeated(f, "w,g,E1,P1\n", "1,%d,6,5\n", 20001));
    struct mg_wire_facets r = facets(f);
    assert_int_equal(r.n_waves, 1);
    assert_int_equal(r.n_groups, 1);
    assert_int_equal(r.groups[0].n_values, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(by_hand),
        TEST(reversed),
        TEST(one_side_only),
        TEST(weighted),
        TEST(what_few_answered),
        TEST(answers_of_many_values),
        TEST(refusals),
        TEST(values_by_frequency_and_waves_in_order),
        TEST(a_hundred_of_each),
        TEST(too_many_values_to_list),
        TEST(values_are_counted_in_their_wave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
