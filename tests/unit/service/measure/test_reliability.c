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
    char *text = calloc(ROWS + 2, 64), *at = text + sprintf(text, "E1,P1,E2,P2,E3,P3\n");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(differences_come_from_one_set_of_rows),
        TEST(what_is_off_the_scale_counts_once),
        TEST(each_alpha_has_an_interval),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
