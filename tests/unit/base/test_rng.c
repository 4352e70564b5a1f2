/* Random numbers: the generator against the vectors its authors publish (Random123, kat_vectors, philox4x32
 * with 10 rounds), then that streams, ranges and shapes are what the header says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "base/rng.h"
#include "base/str.h"

static void matches_the_known_answers(void **state)
{
    (void)state;
    static const uint32_t known[][10] = {/* counter ×4, key ×2, answer ×4 */
                                         {0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
                                         {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff,
                                          0xffffffff, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
                                         {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822,
                                          0x299f31d0, 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}};
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        const uint32_t *k = known[i];
        struct mg_rng rng = mg_rng_init((uint64_t)k[5] << 32 | k[4], (uint64_t)k[3] << 32 | k[2]);
        rng.position = (uint64_t)k[1] << 32 | k[0];
        assert_int_equal(mg_rng_u64(&rng), (uint64_t)k[7] << 32 | k[6]);
        assert_int_equal(mg_rng_u64(&rng), (uint64_t)k[9] << 32 | k[8]);
    }
}

static void same_seed_same_numbers_other_stream_others(void **state)
{
    (void)state;
    struct mg_rng a = mg_rng_init(1, 2), b = mg_rng_init(1, 2), c = mg_rng_init(1, 3), d = mg_rng_init(2, 2);
    for (int i = 0; i < 1000; i++) {
        uint64_t value = mg_rng_u64(&a);
        assert_int_equal(mg_rng_u64(&b), value);
        assert_true(mg_rng_u64(&c) != value && mg_rng_u64(&d) != value);
    }
}

/* Neighbouring streams are uncorrelated: z-scores of 400 correlations look like z-scores. */
static void streams_are_independent(void **state)
{
    (void)state;
    enum { N = 500, STREAMS = 400 };
    double squares = 0, largest = 0;
    for (uint64_t s = 0; s < STREAMS; s++) {
        struct mg_rng a = mg_rng_init(7, s), b = mg_rng_init(7, s + 1);
        double sum = 0;
        for (int i = 0; i < N; i++)
            sum += (mg_rng_uniform(&a) - .5) * (mg_rng_uniform(&b) - .5) * 12;
        squares += sum * sum / N / STREAMS;
        largest = fmax(largest, fabs(sum) / sqrt(N));
    }
    assert_true(squares > 0.75 && squares < 1.25 && largest < 4.5);
}

static void below_is_even_and_in_range(void **state)
{
    (void)state;
    struct mg_rng rng = mg_rng_init(3, 0);
    double counts[7] = {0}, chi = 0;
    for (int i = 0; i < 70000; i++) {
        uint64_t value = mg_rng_below(&rng, 7);
        assert_true(value < 7);
        counts[value]++;
    }
    for (int i = 0; i < 7; i++)
        chi += (counts[i] - 10000) * (counts[i] - 10000) / 10000;
    assert_true(chi < 22.5); /* χ² with 6 df: p = .001 */
    assert_int_equal(mg_rng_below(&rng, 1), 0);
    for (int i = 0; i < 100; i++)
        assert_true(mg_rng_below(&rng, (UINT64_C(1) << 63) + 1) <= UINT64_C(1) << 63);
}

static void shapes_have_their_moments(void **state)
{
    (void)state;
    enum { N = 200000 };
    struct mg_rng rng = mg_rng_init(4, 0);
    double u = 0, u2 = 0, z = 0, z2 = 0, z4 = 0;
    for (int i = 0; i < N; i++) {
        double uniform = mg_rng_uniform(&rng), normal = mg_rng_normal(&rng);
        assert_true(uniform >= 0 && uniform < 1 && isfinite(normal));
        u += uniform / N;
        u2 += uniform * uniform / N;
        z += normal / N;
        z2 += normal * normal / N;
        z4 += pow(normal, 4) / N;
    }
    assert_true(fabs(u - .5) < .004 && fabs(u2 - 1. / 3) < .004);
    assert_true(fabs(z) < .012 && fabs(z2 - 1) < .015 && fabs(z4 - 3) < .12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_the_known_answers),
        cmocka_unit_test(same_seed_same_numbers_other_stream_others),
        cmocka_unit_test(streams_are_independent),
        cmocka_unit_test(below_is_even_and_in_range),
        cmocka_unit_test(shapes_have_their_moments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
