/* Those who left questions out, by hand; and what is not shown of few. */
#include "service/measure/fixture.h"

#define STUDY(rest)                                                                                          \
    "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},\"items\":[{\"code\":\"a\",\"perception\":\"P1\"},{"   \
    "\"code\":"                                                                                              \
    "\"b\",\"perception\":\"P2\"},{\"code\":\"c\",\"expectation\":\"E3\",\"perception\":\"P3\"}],"           \
    "\"outcomes\":[{\"code\":"                                                                               \
    "\"n\",\"kind\":\"nps\",\"column\":\"N\"}]" rest "}"
#define HEAD "g,w,P1,P2,E3,P3,N\n"
/* Six who answered a (others' mean 6 or 5, outcome 9 or 8) and six who didn't (2 or 3, outcome 2 or 1). */
#define ANSWERED "x,1,7,6,7,6,9\nx,1,7,5,7,5,8\nx,1,7,6,7,6,9\nx,1,6,5,7,5,8\nx,1,6,6,7,6,9\nx,1,6,5,7,5,8\n"
#define ABSENT "y,1,,2,7,2,2\ny,1,,3,7,3,1\ny,1,,2,7,2,2\ny,1,,3,7,3,1\ny,1,9,2,7,2,2\ny,1,,3,7,3,1\n"

static struct mg_wire_nonresponse compare(struct fixture *f)
{
    struct mg_wire_nonresponse ret;
    SUCCEEDS(mg_measure_nonresponse(&f->ctx, &f->request, &ret, &f->error));
    return ret;
}

static const struct mg_wire_nonresponse_row *find(const struct mg_wire_nonresponse *r, const char *code,
                                                  const char *criterion)
{
    for (size_t i = 0; i < r->n_rows; i++)
        if (strcmp(r->rows[i].code, code) == 0 && strcmp(r->rows[i].criterion, criterion) == 0)
            return &r->rows[i];
    return NULL;
}

/* An answer off the scale (9) is none: its row is among those who left the item out. Under the listwise rule
 * too. */
static void those_who_left_an_item_out(void **state)
{
    struct fixture *f = *state;
    for (int listwise = 0; listwise < 2; listwise++) {
        given(f, listwise ? STUDY(",\"missing\":{\"rule\":\"listwise\"}") : STUDY(""), HEAD ANSWERED ABSENT);
        const struct mg_wire_nonresponse r = compare(f);
        assert_int_equal(r.n_rows, 2); /* only a was left out */
        const struct mg_wire_nonresponse_row *mean = find(&r, "a", "perception"), *nps = find(&r, "a", "n");
        assert_true(mean && nps && mean->answered == 6 && mean->absent == 6);
        assert_near(mean->mean_answered, 5.5);
        assert_near(mean->mean_absent, 2.5);
        assert_near(mean->difference.value, -3);
        assert_near(nps->difference.value, 1.5 - 8.5);
        assert_true(mean->significant && nps->significant && mean->p_holm >= mean->p);
        assert_true(strstr(r.finding.en, "left a out") != NULL);
    }
}

static void those_who_left_an_outcome_out(void **state)
{
    struct fixture *f = *state;
    given(f, STUDY(""),
          HEAD ANSWERED "y,1,3,2,7,2,\ny,1,2,3,7,3,\ny,1,2,2,7,2,\ny,1,3,3,7,3,NA\ny,1,2,2,7,2,11\n");
    const struct mg_wire_nonresponse r = compare(f);
    const struct mg_wire_nonresponse_row *row = find(&r, "n", "perception");
    assert_int_equal(r.n_rows, 1);
    assert_int_equal(row->kind, MG_WIRE_NONRESPONSE_ROW_KIND_OUTCOME);
    assert_int_equal(row->absent, 5);
    assert_near(row->mean_answered, (6.5 + 5.5 + 5.5) / 3);
    assert_string_equal(row->criterion_label.en, "Mean of all items");
}

static void few_are_not_shown(void **state)
{
    struct fixture *f = *state;
    given(f, STUDY(""), HEAD ANSWERED "y,1,,2,7,2,2\ny,1,,3,7,3,1\ny,1,,2,7,2,2\ny,1,,3,7,3,1\n");
    const struct mg_wire_nonresponse r = compare(f);
    assert_int_equal(r.n_rows, 0);
    assert_non_null(strstr(r.finding.en, "Too few people"));
}

static void no_difference_is_said(void **state)
{
    struct fixture *f = *state;
    given(f, STUDY(""),
          HEAD ANSWERED
          "x,1,,6,7,6,9\nx,1,,5,7,5,8\nx,1,,6,7,6,9\nx,1,,5,7,5,8\nx,1,,6,7,6,9\nx,1,,5,7,5,8\n");
    const struct mg_wire_nonresponse r = compare(f);
    assert_near(find(&r, "a", "perception")->difference.value, 0);
    assert_non_null(strstr(r.finding.en, "not seen to differ"));
}

#define CUSTOMERS(rest)                                                                                      \
    "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},\"customer\":\"c\",\"items\":[{\"code\":\"a\","        \
    "\"perception\":"                                                                                        \
    "\"P1\"},{\"code\":\"b\",\"perception\":\"P2\"}]" rest "}"

/* Whoever answers everything three times says it once: the interval is that of people. */
static void people_asked_thrice_are_no_more_people(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_nonresponse_row row[2];
    for (int times = 0; times < 2; times++) {
        struct mg_buf csv;
        mg_buf_init(&csv, 1 << 16);
        mg_buf_puts(&csv, "c,P1,P2\n");
        for (int i = 0; i < 24; i++)
            for (int t = 0; t < (times ? 3 : 1); t++)
                mg_buf_printf(&csv, "%d,%s,%d\n", i, i % 2 ? "" : "5", i % 2 ? 2 + i % 3 : 5 + i % 3);
        given(f, CUSTOMERS(""), csv.data);
        mg_buf_done(&csv);
        const struct mg_wire_nonresponse r = compare(f);
        row[times] = *find(&r, "a", "perception");
    }
    assert_near(row[1].difference.value, row[0].difference.value);
    assert_int_equal(row[1].absent, 36);
    double once = row[0].difference.high - row[0].difference.low,
           thrice = row[1].difference.high - row[1].difference.low;
    assert_true(thrice > 0.97 * once && thrice < 1.05 * once); /* of rows it would be 0.56 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(those_who_left_an_item_out),
        TEST(those_who_left_an_outcome_out),
        TEST(few_are_not_shown),
        TEST(no_difference_is_said),
        TEST(people_asked_thrice_are_no_more_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
