/* Reliability in a report: differences from one set of rows, intervals, and when an item is called reversed.
 */
#include "service/measure/fixture.h"

#define HEAD "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},\"items\":["
#define ITEM(code, rest)                                                                                     \
    "{\"code\":\"" code "\",\"expectation\":\"E" code "\",\"perception\":\"P" code "\"" rest "}"
#define ROWS 60

/* Answers 1–7 of the test's own making; 0: not answered. Columns E1 P1 E2 P2 E3 P3. */
static void make(int values[ROWS][6], int missing)
{
    unsigned seed = 11;
    for (int r = 0; r < ROWS; r++) {
        seed = seed * 1103515245u + 12345u;
        int person = (int)(seed >> 16) % 3;
        for (int c = 0; c < 6; c++) {
            seed = seed * 1103515245u + 12345u;
            values[r][c] = 1 + person + (int)(seed >> 16) % 5;
            if (missing && (int)(seed >> 21) % missing == 0)
                values[r][c] = 0;
        }
    }
}

static char *text_of(int values[ROWS][6])
{
    char *text = calloc(ROWS + 2, 64), *at = text;
    if (!text)
        abort();
    at += sprintf(text, "E1,P1,E2,P2,E3,P3\n");
    for (int r = 0; r < ROWS; r++) {
        for (int c = 0; c < 6; c++)
            at += values[r][c] ? sprintf(at, c < 5 ? "%d," : "%d\n", values[r][c])
                               : sprintf(at, c < 5 ? "," : "\n");
    }
    return text;
}

/* Covariance of the differences of items i and j over the rows that have both. */
static double covariance(int values[ROWS][6], int i, int j, int sign_j)
{
    double n = 0, sx = 0, sy = 0, sxy = 0;
    for (int r = 0; r < ROWS; r++) {
        const int *v = values[r];
        if (!v[2 * i] || !v[2 * i + 1] || !v[2 * j] || !v[2 * j + 1])
            continue;
        double x = v[2 * i + 1] - v[2 * i], y = sign_j * (v[2 * j + 1] - v[2 * j]);
        n++, sx += x, sy += y, sxy += x * y;
    }
    return (sxy - sx * sy / n) / (n - 1);
}

/* α from those covariances; item 3 turned round by `sign`. */
static double alpha_by_hand(int values[ROWS][6], int sign)
{
    double trace = 0, sum = 0;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            int s = (i == 2) != (j == 2) ? sign : 1;
            double c = covariance(values, i, j, s);
            sum += c;
            trace += i == j ? c : 0;
        }
    return 1.5 * (1 - trace / sum);
}

static void differences_come_from_one_set_of_rows(void **state)
{
    struct fixture *f = *state;
    int values[ROWS][6];
    for (int missing = 0; missing <= 8; missing += 8) {
        make(values, missing);
        char *text = text_of(values);
        given(f, HEAD ITEM("1", "") "," ITEM("2", "") "," ITEM("3", "") "]}", text);
        const struct mg_wire_gap_report r = gaps(f);
        assert_near(r.reliability[0].alpha_difference, alpha_by_hand(values, 1));
        given(f, HEAD ITEM("1", "") "," ITEM("2", "") "," ITEM("3", ",\"reverse\":true") "]}", text);
        assert_near(gaps(f).reliability[0].alpha_difference, alpha_by_hand(values, -1));
        free(text);
        assert_true(r.reliability[0].n_difference <= r.reliability[0].n);
        assert_int_equal(r.out_of_range, 0);
    }
}

/* An answer off its scale counts once, though expectations are read twice. */
static void what_is_off_the_scale_counts_once(void **state)
{
    struct fixture *f = *state;
    given(f, HEAD ITEM("1", "") "," ITEM("2", "") "]}",
          "E1,P1,E2,P2\n9,1,2,3\n6,2,4,4\n7,3,5,8\n5,4,4,2\n6,2,3,3\n");
    assert_int_equal(gaps(f).out_of_range, 2);
}

static void each_alpha_has_an_interval(void **state)
{
    struct fixture *f = *state;
    int values[ROWS][6];
    make(values, 8);
    char *text = text_of(values);
    given(f, HEAD ITEM("1", "") "," ITEM("2", "") "," ITEM("3", "") "]}", text);
    struct mg_wire_reliability r = gaps(f).reliability[0];
    free(text);
    const struct mg_wire_estimate *const all[] = {r.interval_expectation, r.interval_perception,
                                                  r.interval_difference};
    for (size_t i = 0; i < 3; i++)
        assert_true(all[i]->low < all[i]->value && all[i]->value < all[i]->high && all[i]->high < 1);
    assert_near(r.interval_perception->value, r.alpha_perception);
    assert_true(r.n_expectation < ROWS && r.n_difference < r.n_expectation);
}

#define TWO HEAD ITEM("1", "") "," ITEM("2", "") "]}"

static struct mg_wire_reliability first_of(struct fixture *f)
{
    const struct mg_wire_gap_report report = gaps(f);
    assert_true(report.n_reliability > 0);
    return report.reliability[0];
}

static void assert_says(const struct mg_wire_reliability *r, const char *words)
{
    if (!r->note || !strstr(r->note, words))
        fail_msg("“%s” doesn't say “%s”", r->note ? r->note : "", words);
}

static void nine_people_have_no_reliability(void **state)
{
    struct fixture *f = *state;
    const char *rows =
        "E1,P1,E2,P2\n6,5,7,4\n7,3,6,3\n5,2,5,2\n6,6,7,5\n7,4,6,4\n5,3,6,3\n6,2,5,3\n7,5,7,6\n4,3,5,2\n";
    given(f, TWO, rows);
    struct mg_wire_reliability r = first_of(f);
    assert_int_equal(r.n, 9);
    assert_int_equal(r.items, 2);
    assert_false(r.has_alpha_expectation || r.has_alpha_perception || r.has_alpha_difference ||
                 r.has_r_difference);
    assert_null(r.interval_perception);
    assert_string_equal(r.note,
                        "α E, α P, α P−E, r_D: Reliability takes 10 people at least, and more than items "
                        "(2); these answers tell as much as 9 people's.");
    given(f, TWO, mg_arena_printf(f->ctx.arena, "%s5,4,6,6\n", rows));
    r = first_of(f);
    assert_true(r.has_alpha_expectation && r.has_alpha_perception && r.has_alpha_difference &&
                r.has_r_difference);
    assert_int_equal(r.n_r_difference, 10);
    assert_null(r.note);
}

/* Of ten people eleven items' covariances are singular. */
static void reliability_takes_more_people_than_items(void **state)
{
    struct fixture *f = *state;
    struct mg_buf study, csv;
    mg_buf_init(&study, 8192);
    mg_buf_init(&csv, 8192);
    mg_buf_puts(&study, HEAD);
    for (int i = 0; i < 11; i++) {
        mg_buf_printf(&study, "%s{\"code\":\"i%d\",\"perception\":\"P%d\"}", i ? "," : "", i, i);
        mg_buf_printf(&csv, "%sP%d", i ? "," : "", i);
    }
    mg_buf_puts(&study, "]}");
    for (int row = 0; row < 11; row++) {
        for (int i = 0; i < 11; i++)
            mg_buf_printf(&csv, "%s%d", i ? "," : "\n", 1 + (row * row + 3 * i * row + row / 3) % 7);
        if (row == 9) {
            given(f, study.data, mg_arena_printf(f->ctx.arena, "%s\n", csv.data));
            struct mg_wire_reliability r = first_of(f);
            assert_false(r.has_alpha_perception);
            assert_says(&r, "more than items (11); these answers tell as much as 10 people's");
        }
    }
    mg_buf_done(&study);
    mg_buf_done(&csv);
}

/* One customer's thirty rows are one person's. */
static void rows_of_one_customer_are_one_person(void **state)
{
    struct fixture *f = *state;
    int values[ROWS][6];
    make(values, 0);
    struct mg_buf csv;
    mg_buf_init(&csv, 8192);
    mg_buf_puts(&csv, "c,E1,P1,E2,P2\n");
    for (int r = 0; r < 30; r++)
        mg_buf_printf(&csv, "x,%d,%d,%d,%d\n", values[r][0], values[r][1], values[r][2], values[r][3]);
    given(f,
          "{\"study\":\"s\",\"customer\":\"c\",\"scale\":{\"min\":1,\"max\":7},\"items\":[" ITEM(
              "1", "") "," ITEM("2", "") "]}",
          csv.data);
    struct mg_wire_reliability r = first_of(f);
    mg_buf_done(&csv);
    assert_false(r.has_alpha_expectation || r.has_alpha_perception || r.has_alpha_difference ||
                 r.has_r_difference);
    assert_says(&r, "these answers tell as much as");
}

static void a_constant_item_is_named(void **state)
{
    struct fixture *f = *state;
    given(f, TWO, repeated(f, "E1,P1,E2,P2\n", "7,1,7,1\n7,3,6,2\n7,2,6,%d\n", 7));
    struct mg_wire_reliability r = first_of(f);
    assert_false(r.has_alpha_expectation);
    assert_says(&r, "α E (1): Every answer to an item is the same");
    assert_says(&r, "r_D: The reliability of P − E needs the reliabilities");
    given(f, TWO, repeated(f, "E1,P1,E2,P2\n", "7,2,7,2\n7,2,6,2\n7,2,6,%d\n", 7));
    r = first_of(f);
    assert_false(r.has_alpha_perception);
    assert_int_equal(r.n, 21); /* they did answer */
}

static void sides_of_different_people_say_so(void **state)
{
    struct fixture *f = *state;
    const char *csv = repeated(f, "E1,P1,E2,P2\n", "7,,6,\n5,,5,\n,2,,%d\n,3,,5\n,6,,3\n6,,7,\n", 6);
    given(f, TWO, csv);
    struct mg_wire_reliability r = first_of(f);
    assert_true(r.has_alpha_expectation && r.has_alpha_perception);
    assert_false(r.has_alpha_difference || r.has_r_difference);
    assert_says(&r, "α P−E: Expectations and perceptions come from different people.");
    assert_says(&r, "r_D: Nobody answered both sides");
}

/* From two people r_D would be whatever ±1 makes of it. */
static void two_pairs_are_no_r_d(void **state)
{
    struct fixture *f = *state;
    const char *csv = repeated(f, "E1,P1,E2,P2\n", "7,,6,\n5,,5,\n,2,,%d\n,3,,5\n,6,,3\n6,,7,\n", 6);
    given(f, TWO, mg_arena_printf(f->ctx.arena, "%s7,3,6,2\n5,4,6,5\n", csv));
    struct mg_wire_reliability r = first_of(f);
    assert_true(r.has_alpha_expectation && r.has_alpha_perception);
    assert_false(r.has_r_difference);
    assert_int_equal(r.n_r_difference, 2);
    assert_says(&r, "these answers tell as much as 2 people's");
}

/* Whose gaps are hidden by a filter has no α either, though twelve people perceived. */
static void of_a_hidden_gap_there_is_no_alpha(void **state)
{
    struct fixture *f = *state;
    const char *csv = repeated(f, "g,E1,P1,E2,P2\n", "a,,2,,%d\na,,3,,5\nb,6,3,5,4\nb,7,5,6,6\n", 6);
    given(f,
          "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},\"groups\":[{\"column\":\"g\"}],\"items\":[" ITEM(
              "1", "") "," ITEM("2", "") "]}",
          mg_arena_printf(f->ctx.arena, "%sa,7,3,6,2\na,5,4,6,5\n", csv));
    const char *const values[] = {"a"};
    const struct mg_filter filter = {.column = "g", .op = MG_FILTER_IN, .values = values, .n_values = 1};
    f->request.filters = &filter;
    f->request.n_filters = 1;
    const struct mg_wire_gap_report report = gaps(f);
    assert_null(report.overall.gap);
    assert_false(report.reliability[0].has_alpha_perception);
    assert_string_equal(report.reliability[0].note, "too few respondents to show");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(differences_come_from_one_set_of_rows),
        TEST(what_is_off_the_scale_counts_once),
        TEST(each_alpha_has_an_interval),
        TEST(nine_people_have_no_reliability),
        TEST(reliability_takes_more_people_than_items),
        TEST(rows_of_one_customer_are_one_person),
        TEST(a_constant_item_is_named),
        TEST(sides_of_different_people_say_so),
        TEST(two_pairs_are_no_r_d),
        TEST(of_a_hidden_gap_there_is_no_alpha),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
