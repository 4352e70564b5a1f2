/* See last_flips.h. */
#include "service/listen/last_flips.h"

#include <math.h>
#include <stdlib.h>

#define FLIP_LEAST 0.12  /* of d: nearer to the middle a mean says nothing of direction */
#define FLIP_NEAR 0.2    /* of |2d|: how far from −d it may have come down */
#define FLIP_CLEARLY 3.0 /* times as far from where the others' δ leads */
#define HALF_BETTER 0.25 /* of the squares that a common δ leaves */
#define HALF_SPREAD                                                                                          \
    0.03                 /* root mean square that a common δ leaves: below, the columns are too much alike  \
                          */
#define ANSWERS_LEAST 20 /* of a column, then and now */
#define COLUMNS_LEAST 3  /* of a half that is judged as a whole */
#define MOVES_MAX 1024   /* a study reads fewer columns */

static double length(const struct mg_last_move *move)
{
    return move->high - move->low;
}

static double off_middle(const struct mg_last_move *move, double mean)
{
    return (mean - (move->low + move->high) / 2) / length(move);
}

static bool counts(const struct mg_last_move *move)
{
    return length(move) > 0 && isfinite(move->before) && isfinite(move->now) &&
           move->n_before >= ANSWERS_LEAST && move->n_now >= ANSWERS_LEAST;
}

static double shift(const struct mg_last_move *move)
{
    return off_middle(move, move->now) - off_middle(move, move->before);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The middle one of the shifts of all others, of the column's half where that has enough; NAN: there are
 * none.
 */
static double shift_of_others(const struct mg_last_move *moves, size_t n, size_t of)
{
    double shifts[MOVES_MAX];
    size_t in_half = 0, found = 0;
    for (size_t i = 0; i < n; i++)
        in_half += counts(&moves[i]) && moves[i].half == moves[of].half;
    bool half_only = in_half >= COLUMNS_LEAST;
    for (size_t i = 0; i < n && found < MOVES_MAX; i++)
        if (i != of && counts(&moves[i]) && (!half_only || moves[i].half == moves[of].half))
            shifts[found++] = shift(&moves[i]);
    if (found == 0)
        return NAN;
    qsort(shifts, found, sizeof *shifts, by_size);
    return (shifts[(found - 1) / 2] + shifts[found / 2]) / 2;
}

/* One column among others that weren't. */
static bool is_turned(const struct mg_last_move *moves, size_t n, size_t at)
{
    const struct mg_last_move *move = &moves[at];
    if (!counts(move))
        return false;
    double before = off_middle(move, move->before), now = off_middle(move, move->now);
    double off_mirror = fabs(now + before), others = shift_of_others(moves, n, at);
    const struct mg_last_move *partner = move->partner < n ? &moves[move->partner] : NULL;
    bool partner_went = partner && counts(partner) && fabs(shift(partner)) > fabs(now - before) / 2;
    return fabs(before) >= FLIP_LEAST && off_mirror <= FLIP_NEAR * fabs(2 * before) && isfinite(others) &&
           fabs(now - before - others) > FLIP_CLEARLY * off_mirror &&
           fabs(now - before - others) > fabs(before) && !partner_went;
}

/* All columns of a half. */
static bool is_half_turned(const struct mg_last_move *moves, size_t n, size_t half)
{
    double mirror = 0, common = 0, mean = 0, squares = 0;
    size_t found = 0;
    for (size_t i = 0; i < n; i++)
        if (counts(&moves[i]) && moves[i].half == half) {
            double before = off_middle(&moves[i], moves[i].before);
            mean += shift(&moves[i]);
            mirror += pow(before + off_middle(&moves[i], moves[i].now), 2);
            squares += before * before;
            found++;
        }
    if (found < COLUMNS_LEAST)
        return false;
    mean /= (double)found;
    for (size_t i = 0; i < n; i++)
        if (counts(&moves[i]) && moves[i].half == half)
            common += pow(shift(&moves[i]) - mean, 2);
    return mirror < HALF_BETTER * common && sqrt(common / (double)found) >= HALF_SPREAD &&
           sqrt(squares / (double)found) >= HALF_SPREAD;
}

void mg_last_find_flips(struct mg_last_move *moves, size_t n)
{
    for (size_t i = 0; i < n; i++) /* by the means alone: none of them looks at what was found */
        moves[i].flipped =
            is_turned(moves, n, i) || (counts(&moves[i]) && is_half_turned(moves, n, moves[i].half));
}
