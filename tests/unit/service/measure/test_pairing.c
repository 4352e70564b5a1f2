/* Rows with one side only become rows with both: which cells the merged row has, when nothing is touched, and
 * what a report says about it. The rule itself is tested beside model/pair.c. */
#include "fixture.h"

#include "service/measure/pairing.h"

#define STUDY(more)                                                                                          \
    "{\"study\": \"s\", \"scale\": {\"min\": 1, \"max\": 7}, \"missing\": {\"codes\": [9]}, "                \
    "\"customer\": \"cust\", \"time\": \"at\", "                                                             \
    "\"outcomes\": [{\"code\": \"nps\", \"kind\": \"nps\", \"column\": \"nps\"}], "                          \
    "\"items\": [{\"code\": \"i\", \"expectation\": \"E\", \"perception\": \"P\"}, "                         \
    "{\"code\": \"j\", \"expectation\": \"F\", \"perception\": \"Q\"}]" more "}"

#define BEFORE_AFTER                                                                                         \
    "cust,at,wave,region,nps,E,P,F,Q\n"                                                                      \
    "a,2026-01-03,pre,north,,6,,7,\n"                                                                        \
    "a,2026-01-09,post,,9,,4,,5\n"                                                                           \
    "b,2026-01-09,post,south,3,,5,,\n"                                                                       \
    "b,2026-01-03,pre,,10,7,,,\n"                                                                            \
    "c,2026-01-03,pre,east,,5,,6,\n"                                                                         \
    "d,2026-01-09,post,east,8,,4,,6\n"                                                                       \
    "e,2026-01-05,both,west,7,6,5,5,5\n"

static void pair_rows(struct fixture *f)
{
    SUCCEEDS(mg_measure_pair_rows(&f->ctx, &f->request, &f->error));
}

static int put_rows(void *user, const struct mg_row_batch *batch, struct mg_error *error)
{
    (void)error;
    for (size_t i = 0; i < batch->n_rows * batch->n_columns; i++) {
        bool last = (i + 1) % batch->n_columns == 0;
        mg_buf_printf(user, "%s%s", batch->cells[i] ? batch->cells[i] : "", last ? "\n" : ",");
    }
    return 0;
}

/* The rows of the request's source, as they would stand in a file. */
static const char *rows_of(struct fixture *f)
{
    struct mg_buf out;
    mg_buf_init(&out, (size_t)1 << 20);
    SUCCEEDS(
        mg_columns_scan(&f->ctx.columns, &f->request.source, NULL, 0, NULL, 0, 0, put_rows, &out, &f->error));
    const char *text = mg_arena_strdup(f->ctx.arena, out.data ? out.data : "");
    mg_buf_done(&out);
    return text;
}

static void the_perceptions_row_leads(void **state)
{
    struct fixture *f = *state;
    given(f, STUDY(""), BEFORE_AFTER);
    pair_rows(f);
    assert_string_equal(rows_of(f), "a,2026-01-09,post,north,9,6,4,7,5\n"
                                    "b,2026-01-09,post,south,3,7,5,,\n"
                                    "c,2026-01-03,pre,east,,5,,6,\n"
                                    "d,2026-01-09,post,east,8,,4,,6\n"
                                    "e,2026-01-05,both,west,7,6,5,5,5\n");
    const struct mg_pair_counts *n = &f->request.pairing->counts;
    assert_int_equal(n->by_episode, 0);
    assert_int_equal(n->by_customer, 2);
    assert_int_equal(n->expectations_alone, 1);
    assert_int_equal(n->perceptions_alone, 1);
    assert_int_equal(f->request.pairing->untimed, 0);
}

/* (4 − 6) + (5 − 7) + (5 − 6) over three; without pairs only e's row has both. */
static void gaps_are_those_of_the_pairs(void **state)
{
    struct fixture *f = *state;
    given(f, STUDY(""), BEFORE_AFTER);
    pair_rows(f);
    struct mg_wire_gap_report report = gaps(f);
    const struct mg_wire_gap_row *i = row_of(report.items, report.n_items, "i");
    assert_int_equal(i->n, 3);
    assert_near(i->gap->value, -5.0 / 3);
    assert_int_equal(report.rows, 5);
    assert_non_null(report.pairing);
    assert_int_equal(report.pairing->by_customer, 2);
    assert_int_equal(report.pairing->expectations_alone, 1);
    assert_true(has_note(&report, "0 by episode and 2 by customer; 1 expectation and 1 perception"));
    assert_false(has_note(&report, "order of rows"));
}

static void rows_with_both_sides_are_left_alone(void **state)
{
    struct fixture *f = *state;
    given(f, STUDY(""), "cust,at,nps,E,P,F,Q\na,1,9,6,4,7,5\na,2,9,6,4,,5\nb,3,9,6,,7,5\n");
    struct mg_source before = f->request.source;
    pair_rows(f);
    assert_null(f->request.pairing);
    assert_memory_equal(&before, &f->request.source, sizeof before);
    assert_null(gaps(f).pairing);
}

/* Both sides are asked, but nobody says of whom. */
static void without_customers_there_is_nothing_to_pair(void **state)
{
    struct fixture *f = *state;
    given(f, STUDY(""), "who,at,nps,E,P,F,Q\na,1,9,6,,7,\na,2,9,,4,,5\n");
    pair_rows(f);
    assert_null(f->request.pairing);
}

static void no_partner_is_said(void **state)
{
    struct fixture *f = *state;
    given(f, STUDY(""), "cust,nps,E,P,F,Q\na,9,6,,7,\na,8,5,,7,\nb,9,,4,,5\nc,9,,4,,5\nd,9,,3,,5\n");
    pair_rows(f);
    assert_null(f->request.source.table);
    struct mg_wire_gap_report report = gaps(f);
    assert_int_equal(report.pairing->by_customer, 0);
    assert_true(has_note(&report, "2 expectations and 3 perceptions stayed alone"));
    assert_true(has_note(&report, "Of these rows 5 have no time"));
}

/* 9 is no answer, 8 is off the scale: both rows of a are halves, and the 8 gives way to the 6 before it. NA
 * names nobody. */
static void only_answers_make_a_side(void **state)
{
    struct fixture *f = *state;
    given(f, STUDY(""), "cust,nps,E,P,F,Q\na,1,6,9,7,\na,2,8,4,,5\nNA,3,6,,7,\nNA,4,,4,,5\n");
    pair_rows(f);
    assert_int_equal(f->request.pairing->counts.by_customer, 1);
    assert_string_equal(rows_of(f), "a,2,6,4,7,5\nNA,3,6,,7,\nNA,4,,4,,5\n");
}

static void an_episode_is_taken_where_the_file_has_one(void **state)
{
    struct fixture *f = *state;
    static const char csv[] = "cust,Episode,at,nps,E,P,F,Q\n"
                              "a,r1,2026-01-01,,6,,7,\n"
                              "a,r2,2026-01-02,,5,,4,\n"
                              "a,r1,2026-01-03,9,,4,,5\n";
    given(f, STUDY(""), csv);
    pair_rows(f);
    assert_int_equal(f->request.pairing->counts.by_episode, 1);
    assert_string_equal(rows_of(f), "a,r2,2026-01-02,,5,,4,\na,r1,2026-01-03,9,6,4,7,5\n");
}

static void the_studys_episode_and_window_count(void **state)
{
    struct fixture *f = *state;
    static const char csv[] = "cust,visit,at,nps,E,P,F,Q\n"
                              "a,r1,2026-01-01,,6,,7,\n"
                              "b,,2026-01-01,,5,,4,\n"
                              "b,,2026-01-20,9,,4,,5\n"
                              "a,r1,2026-01-20,9,,4,,5\n";
    given(f, STUDY(", \"episode\": \"visit\", \"window\": 10"), csv);
    pair_rows(f);
    assert_int_equal(f->request.pairing->counts.by_episode, 1);
    assert_int_equal(f->request.pairing->counts.by_customer, 0);
    given(f, STUDY(", \"episode\": \"visit\", \"window\": 20"), csv);
    pair_rows(f);
    assert_int_equal(f->request.pairing->counts.by_customer, 1);
}

/* The table is read as the file was: weights, filters, groups by any column. */
static void filters_see_the_merged_rows(void **state)
{
    struct fixture *f = *state;
    given(f, STUDY(", \"groups\": [{\"column\": \"region\"}]"), BEFORE_AFTER);
    pair_rows(f);
    static const char *const post[] = {"post"};
    const struct mg_filter filter = {.column = "wave", .op = MG_FILTER_IN, .values = post, .n_values = 1};
    f->request.filters = &filter;
    f->request.n_filters = 1;
    f->request.k = 1;
    struct mg_wire_gap_report report = gaps(f);
    assert_int_equal(report.rows, 3);
    assert_int_equal(row_of(report.items, report.n_items, "i")->n, 2);
}

/* More rows than one batch of the reader, partners far apart. */
static void given_many(struct fixture *f)
{
    struct mg_buf csv;
    mg_buf_init(&csv, (size_t)16 << 20);
    mg_buf_puts(&csv, "cust,nps,E,P,F,Q\n");
    for (int i = 0; i < 6000; i++)
        mg_buf_printf(&csv, "c%d,,%d,,%d,\n", i, 1 + i % 7, 1 + i % 5);
    for (int i = 0; i < 6000; i++)
        mg_buf_printf(&csv, "c%d,%d,,%d,,%d\n", i, i % 11, 1 + i % 7, 1 + i % 5);
    given(f, STUDY(""), csv.data);
    mg_buf_done(&csv);
}

static void many_rows_meet(void **state)
{
    struct fixture *f = *state;
    given_many(f);
    pair_rows(f);
    assert_int_equal(f->request.pairing->counts.by_customer, 6000);
    struct mg_wire_gap_report report = gaps(f);
    assert_int_equal(report.rows, 6000);
    const struct mg_wire_gap_row *i = row_of(report.items, report.n_items, "i");
    assert_int_equal(i->n, 6000);
    assert_near(i->gap->value, 0);
}

/* Wherever memory ends, the sentence says what for and what to do, and the rows are as they were. */
static void no_more_memory_than_allowed(void **state)
{
    struct fixture *f = *state;
    given_many(f);
    for (size_t bytes = (size_t)1 << 18; bytes <= (size_t)1 << 21; bytes *= 2) {
        f->request.pairing_bytes = bytes;
        int rc = mg_measure_pair_rows(&f->ctx, &f->request, &f->error);
        if (rc == 0)
            break;
        assert_int_equal(rc, MG_E_LIMIT);
        assert_non_null(strstr(f->error.message, "more memory than allowed"));
        assert_non_null(strstr(f->error.hint, "ids of customers"));
        assert_null(f->request.source.table);
        assert_true(bytes < (size_t)1 << 21);
    }
    assert_non_null(f->request.pairing);
}

/* ../shared/data/numbers: made by others, with what is right. */
static void the_shared_example(void **state)
{
    struct fixture *f = *state;
    char path[500];
    struct mg_measure_file file;
    snprintf(path, sizeof path, "%s/data/numbers/link.csv", getenv("MG_SHARED") ? getenv("MG_SHARED") : "");
    if (access(path, R_OK))
        skip();
    given(f,
          "{\"study\": \"l\", \"scale\": {\"min\": 1, \"max\": 7}, \"customer\": \"cust\", \"items\": "
          "[{\"code\": \"i0\", \"expectation\": \"E0\", \"perception\": \"P0\"}, "
          "{\"code\": \"i1\", \"expectation\": \"E1\", \"perception\": \"P1\"}]}",
          "x\n");
    SUCCEEDS(mg_measure_open_file(&f->ctx, path, NULL, &file, &f->error));
    f->request.source = file.source;
    pair_rows(f);
    struct mg_wire_gap_report report = gaps(f);
    const struct mg_wire_gap_row *i = row_of(report.items, report.n_items, "i0");
    assert_int_equal(i->n, 100);
    assert_near(i->gap->value, -1.25);
    assert_near(i->t, -8.40917865872082);
    assert_true(fabs(i->gap->low - -1.54494854) < 1e-5 && fabs(i->gap->high - -0.95505146) < 1e-5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_perceptions_row_leads),
        TEST(gaps_are_those_of_the_pairs),
        TEST(rows_with_both_sides_are_left_alone),
        TEST(without_customers_there_is_nothing_to_pair),
        TEST(no_partner_is_said),
        TEST(only_answers_make_a_side),
        TEST(an_episode_is_taken_where_the_file_has_one),
        TEST(the_studys_episode_and_window_count),
        TEST(filters_see_the_merged_rows),
        TEST(many_rows_meet),
        TEST(no_more_memory_than_allowed),
        TEST(the_shared_example),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
