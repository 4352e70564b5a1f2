/* Pairs: which expectation belongs to which perception where a customer gave the two in different answers.
 *
 * An answer with both sides is a pair already, one with neither is none; both are passed over. For the
 * halves that are left, in this order:
 *
 *   1. the same episode of the same customer,
 *   2. the same episode, where one of the two doesn't say which customer,
 *   3. the same customer, where not both name an episode, within the window.
 *
 * Perceptions choose in the order of their times; each takes the latest expectation not after it that nobody
 * has taken, so an expectation is used once. An expectation of the same moment counts as before. Where one of
 * the halves that share an episode or a customer has no time, the order of the answers stands in for the
 * times of all of them, and an episode then pairs in whichever order its halves stand: it says itself that
 * they belong together. A perception that comes before its customer's expectation is not paired.
 *
 * Of a customer the latest expectation alone is looked at: an older one isn't taken because the latest lies
 * outside the window. The window holds where both have a time; an episode needs none. */
#ifndef MG_MODEL_PAIR_H
#define MG_MODEL_PAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

#define MG_PAIR_NO_TIME INT64_MIN
#define MG_PAIR_NOBODY SIZE_MAX
#define MG_PAIR_WINDOW_DAYS 180.0 /* unless the study says otherwise: half a year, a heating season */
#define MG_PAIR_WINDOW_DAYS_MAX 36500.0

/* An answer; its place among the others is its order. */
struct mg_pair_answer {
    const char *episode, *customer; /* NULL or empty: not known */
    int64_t at_us;                  /* MG_PAIR_NO_TIME: not known */
    bool expectation, perception;   /* the sides it has */
};

struct mg_pair_counts {
    size_t by_episode, by_customer;               /* pairs */
    size_t expectations_alone, perceptions_alone; /* halves that found no partner */
};

/* ret_partner[i]: the other half of answer i, MG_PAIR_NOBODY where there is none; n of them, the caller's.
 * Time grows as n log n, whatever is repeated how often. MG_E_NO_MEMORY: the arena is full. */
MG_CHECKED int mg_pair_find(struct mg_arena *arena, const struct mg_pair_answer *answers, size_t n,
                            double window_days, size_t *ret_partner, struct mg_pair_counts *ret_counts,
                            struct mg_error *error);

#endif
