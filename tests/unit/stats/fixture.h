/* What the estimators' tests share: comparing numbers, moments by the plainest possible loop (so that the
 * estimators are tested against something that doesn't share code with the fast accumulation), and simulated
 * answers. */
#ifndef TESTS_STATS_FIXTURE_H
#define TESTS_STATS_FIXTURE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/rng.h"
#include "stats/moments/moments.h"

#define NEAR(actual, expected, tolerance)                                                                    \
    near_at((actual), (expected), (tolerance), #actual, __FILE__, __LINE__)

/* Fails unless |actual − expected| ≤ tolerance; NaN equals NaN. */
void near_at(double actual, double expected, double tolerance, const char *what, const char *file, int line);

struct mg_arena *fresh_arena(void);

/* Moments of k columns (column-major, NaN missing). weights NULL: 1; power 2 gives the moments of w². Origins
 * are `origin`. Weighted ones have buckets, row r in bucket r % 256. */
struct mg_moments *moments_of(struct mg_arena *arena, const double *values, size_t rows, size_t k,
                              const double *weights, int power, double origin);

/* Gives them buckets of all pairs; row r is in bucket bucket[r], NULL: r % 256. */
void add_buckets(struct mg_arena *arena, struct mg_moments *m, const double *values, size_t rows,
                 const double *weights, const uint8_t *bucket);

/* An answer from 1 to 7: a normal of this mean and SD, rounded and cut off. */
double answer(struct mg_rng *rng, double mean, double sd);

#endif
