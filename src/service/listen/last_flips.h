/* Whether columns of numbers are answered the other way round now, from their means of last time and of now.
 *
 * On a scale from low to high let d be the mean's distance from the middle, as a share of the scale's length.
 * A column that was turned round goes from d to −d; answers that changed go from d to d + δ, with a δ that
 * the other columns of its half have too. So
 *   - one column among others is turned round where |d| is at least FLIP_LEAST, it came down near −d, and it
 * is much nearer to that than to where the others' δ would have brought it, while its partner stayed;
 *   - a whole half is, where −d says much better what became of all of its columns than any common δ: who was
 *     above the others is below them now by as much. Of fewer than three columns that can't be said.
 * An honest fall, of all columns alike, leaves their order as it was and so is neither. What can't be told
 * apart from means is a single column whose answers fell alone, exactly to the mirror: it is named, and a
 * person looks at it. */
#ifndef MG_SERVICE_LISTEN_LAST_FLIPS_H
#define MG_SERVICE_LISTEN_LAST_FLIPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mg_last_move {
    double before, now; /* means */
    double low, high;   /* of the scale */
    int64_t n_before, n_now;
    size_t half;    /* columns of the same half have the same number */
    size_t partner; /* the move of the item's other half; SIZE_MAX: none */
    bool flipped;   /* found */
};

/* Sets `flipped` of those that are. */
void mg_last_find_flips(struct mg_last_move *moves, size_t n);

#endif
