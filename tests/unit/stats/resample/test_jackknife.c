/* The delete-a-group jackknife of means against leaving out each group by a plain loop. */
#include "stats/fixture.h"

#include <string.h>

#include "base/str.h"
#include "stats/resample/jackknife.h"

#define ROWS 12

/* Two columns and their buckets: 0 … 4, of unequal size; y is missing in the whole of bucket 2. */
static const double answers[2 * ROWS] = {5, 6, 7,   4, 6,   6,   2, 7, 3, NAN, 5, 6,
                                         4, 6, NAN, 3, NAN, NAN, 3, 5, 2, 4,   4, NAN};
static const uint8_t bucket[ROWS] = {0, 0, 2, 1, 2, 2, 3, 3, 1, 4, 4, 0};
static const double weights[ROWS] = {1, 2, 1, 0.5, 1, 3, 1, 1, 2, 1, 1.5, 1};

static struct mg_moments *moments(struct mg_arena *arena, const double *weight, const uint8_t *in)
{
    struct mg_moments *m = moments_of(arena, answers, ROWS, 2, NULL, 1, 4);
    add_buckets(arena, m, answers, ROWS, weight, in);
    return m;
}

/* Mean of column i over the rows that have j too and aren't in bucket `but`; NaN: there are none. */
static double naive_mean(size_t i, size_t j, const double *weight, int but)
{
    double sum = 0, all = 0;
    for (size_t r = 0; r < ROWS; r++) {
        double x = answers[i * ROWS + r], w = weight ? weight[r] : 1;
        if (bucket[r] == but || isnan(x) || isnan(answers[j * ROWS + r]))
            continue;
        sum += w * x;
        all += w;
    }
    return sum / all;
}

/* (Σw)²/Σw² of the buckets' weights, less 1. */
static double naive_df(size_t i, size_t j, const double *weight)
{
    double sum = 0, squares = 0;
    for (int g = 0; g < 5; g++) {
        double own = 0;
        for (size_t r = 0; r < ROWS; r++)
            if (bucket[r] == g && !isnan(answers[i * ROWS + r]) && !isnan(answers[j * ROWS + r]))
                own += weight ? weight[r] : 1;
        sum += own;
        squares += own * own;
    }
    return sum * sum / squares - 1;
}

static double naive_se(const double *left_out, size_t n)
{
    double mean = 0, squares = 0;
    for (size_t g = 0; g < n; g++)
        mean += left_out[g] / (double)n;
    for (size_t g = 0; g < n; g++)
        squares += pow(left_out[g] - mean, 2);
    return sqrt((double)(n - 1) / (double)n * squares);
}

static void a_mean_leaves_out_each_bucket(void **state)
{
    (void)state;
    struct mg_arena *arena = fresh_arena();
    for (int weighted = 0; weighted < 2; weighted++) {
        const double *weight = weighted ? weights : NULL;
        struct mg_jackknife_sum sum;
        double left_out[5];
        mg_jackknife_begin(&sum);
        assert_int_equal(mg_jackknife_add(&sum, moments(arena, weight, bucket), 0, 0, 1, NULL), 0);
        for (int g = 0; g < 5; g++)
            left_out[g] = naive_mean(0, 0, weight, g);
        NEAR(sum.estimate + 4, naive_mean(0, 0, weight, -1), 1e-13);
        NEAR(mg_jackknife_se(&sum), naive_se(left_out, 5), 1e-13);
        NEAR(mg_jackknife_groups(&sum), 5, 0);
        NEAR(sum.df, naive_df(0, 0, weight), 1e-12);
    }
    mg_arena_free(arena);
}

/* A row a bucket: s/√n and n − 1. */
static void rows_apart_give_the_usual_error(void **state)
{
    (void)state;
    struct mg_arena *arena = fresh_arena();
    const struct mg_moments *m = moments(arena, NULL, NULL);
    struct mg_jackknife_sum sum;
    mg_jackknife_begin(&sum);
    assert_int_equal(mg_jackknife_add(&sum, m, 0, 0, 1, NULL), 0);
    NEAR(mg_jackknife_se(&sum), sqrt(mg_moments_var(m, 0, 0) / 11), 1e-13);
    NEAR(sum.df, 10, 1e-12);
    mg_arena_free(arena);
}

/* y − x, each over its own rows. Bucket 2 has no y: leaving it out leaves y's mean as it is. */
static void a_difference_of_two_means(void **state)
{
    (void)state;
    struct mg_arena *arena = fresh_arena();
    const struct mg_moments *m = moments(arena, NULL, bucket);
    struct mg_jackknife_sum sum;
    double left_out[5];
    mg_jackknife_begin(&sum);
    assert_int_equal(mg_jackknife_add(&sum, m, 1, 1, 1, NULL), 0);
    assert_int_equal(mg_jackknife_add(&sum, m, 0, 0, -1, NULL), 0);
    for (int g = 0; g < 5; g++)
        left_out[g] = naive_mean(1, 1, NULL, g) - naive_mean(0, 0, NULL, g);
    NEAR(left_out[2] + naive_mean(0, 0, NULL, 2), naive_mean(1, 1, NULL, -1), 0);
    NEAR(sum.estimate, naive_mean(1, 1, NULL, -1) - naive_mean(0, 0, NULL, -1), 1e-13);
    NEAR(mg_jackknife_se(&sum), naive_se(left_out, 5), 1e-13);
    NEAR(sum.df, fmin(naive_df(0, 0, NULL), naive_df(1, 1, NULL)), 1e-12);
    mg_arena_free(arena);
}

/* Over the rows that have both, either side of the link. Only four buckets are there. */
static void of_rows_with_both(void **state)
{
    (void)state;
    struct mg_arena *arena = fresh_arena();
    const struct mg_moments *m = moments(arena, weights, bucket);
    static const int there[] = {0, 1, 3, 4};
    for (size_t i = 0; i < 2; i++) {
        struct mg_jackknife_sum sum;
        double left_out[4];
        mg_jackknife_begin(&sum);
        assert_int_equal(mg_jackknife_add(&sum, m, i, 1 - i, 1, NULL), 0);
        for (size_t g = 0; g < 4; g++)
            left_out[g] = naive_mean(i, 1 - i, weights, there[g]);
        NEAR(sum.estimate + 4, naive_mean(i, 1 - i, weights, -1), 1e-13);
        NEAR(mg_jackknife_groups(&sum), 4, 0);
        NEAR(mg_jackknife_se(&sum), naive_se(left_out, 4), 1e-13);
        NEAR(sum.df, naive_df(i, 1 - i, weights), 1e-12);
    }
    mg_arena_free(arena);
}

/* Rounding is no spread. */
static void equal_answers_have_no_error(void **state)
{
    (void)state;
    struct mg_arena *arena = fresh_arena();
    static const double same[] = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
    static const double weight[] = {0.3, 0.7, 1.1, 0.9, 0.2, 1.3, 3};
    struct mg_moments *m = moments_of(arena, same, ARRAY_LEN(same), 1, weight, 1, 3.3);
    struct mg_jackknife_sum sum;
    mg_jackknife_begin(&sum);
    assert_int_equal(mg_jackknife_add(&sum, m, 0, 0, 1, NULL), 0);
    assert_true(mg_jackknife_se(&sum) == 0);
    mg_arena_free(arena);
}

static void without_a_link_or_with_one_bucket_there_is_none(void **state)
{
    (void)state;
    struct mg_arena *arena = fresh_arena();
    static const uint8_t one[ROWS] = {0};
    struct mg_jackknife_sum sum;
    struct mg_error error = {0};
    mg_jackknife_begin(&sum);
    assert_int_equal(mg_jackknife_add(&sum, moments(arena, NULL, one), 0, 0, 1, &error), MG_E_INESTIMABLE);
    assert_non_null(strstr(error.message, "one person"));
    struct mg_moments *m = moments(arena, NULL, bucket);
    m->buckets->n_links = 1; /* of x alone */
    assert_int_equal(mg_jackknife_add(&sum, m, 0, 1, 1, &error), MG_E_INVALID);
    assert_int_equal(mg_jackknife_add(&sum, m, 0, 0, 1, &error), 0);
    mg_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mean_leaves_out_each_bucket),
        cmocka_unit_test(rows_apart_give_the_usual_error),
        cmocka_unit_test(a_difference_of_two_means),
        cmocka_unit_test(of_rows_with_both),
        cmocka_unit_test(equal_answers_have_no_error),
        cmocka_unit_test(without_a_link_or_with_one_bucket_there_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
