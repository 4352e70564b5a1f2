/* Collinear sets from one sweep over the correlations.
 *
 * A driver whose pivot is next to nothing when its turn comes follows from earlier ones: the column of the
 * half-swept matrix says from which. It is left out and the sweep goes on, so that every relation is found.
 * What was swept holds the inverse: its diagonal the VIF, its other entries the partial correlations. Sets
 * are kept as a driver's "first of my set", joined by relabelling (p is small). */
#include "stats/drivers/collinear.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define TIED 0.5 /* partial correlation that makes two drivers one set */

void mg_collinear_sweep(double *a, size_t side, size_t k)
{
    double pivot = a[k * side + k];
    for (size_t i = 0; i < side; i++) {
        if (i == k)
            continue;
        double factor = a[i * side + k] / pivot;
        for (size_t j = 0; j < side; j++)
            a[i * side + j] -= j == k ? 0 : factor * a[k * side + j];
        a[i * side + k] = -factor;
    }
    for (size_t j = 0; j < side; j++)
        a[k * side + j] = j == k ? 1 / pivot : a[k * side + j] / pivot;
}

static void join(size_t *first, size_t p, size_t i, size_t j)
{
    size_t from = first[i] > first[j] ? first[i] : first[j], to = first[i] > first[j] ? first[j] : first[i];
    for (size_t k = 0; k < p; k++)
        if (first[k] == from)
            first[k] = to;
}

static double partial(const double *a, size_t side, size_t i, size_t j)
{
    return fabs(a[i * side + j]) / sqrt(a[i * side + i] * a[j * side + j]);
}

/* `out`: drivers that were left out of the sweep. Joins what is nearly collinear. */
static void join_near(const double *a, size_t p, size_t side, const bool *out, size_t *first)
{
    for (size_t i = 0; i < p; i++) {
        if (out[i] || a[i * side + i] <= MG_COLLINEAR_VIF)
            continue;
        size_t closest = i;
        for (size_t j = 0; j < p; j++) {
            if (j == i || out[j])
                continue;
            if (closest == i || partial(a, side, i, j) > partial(a, side, i, closest))
                closest = j;
            if (partial(a, side, i, j) >= TIED)
                join(first, p, i, j);
        }
        join(first, p, i, closest);
    }
}

/* From "first of my set" to numbered sets; a set of one is none. */
static void number_sets(size_t *first, size_t p, const bool *exact, struct mg_collinear *ret)
{
    ret->n = 0;
    for (size_t i = 0; i < p; i++) {
        size_t members = 0;
        for (size_t j = i; j < p; j++)
            members += first[j] == i;
        ret->set[i] = MG_COLLINEAR_NONE;
        if (first[i] != i) {
            ret->set[i] = ret->set[first[i]];
        } else if (members > 1) {
            ret->exact[ret->n] = false;
            ret->set[i] = ret->n++;
        }
        if (exact[i] && ret->set[i] != MG_COLLINEAR_NONE)
            ret->exact[ret->set[i]] = true;
    }
}

#define MOST 128

void mg_collinear_find(const double *r, size_t p, size_t side, double *work, struct mg_collinear *ret)
{
    size_t first[MOST];
    bool out[MOST] = {false};
    memcpy(work, r, side * side * sizeof *work);
    for (size_t k = 0; k < p; k++)
        first[k] = k;
    for (size_t k = 0; k < p; k++) {
        out[k] = work[k * side + k] < MG_COLLINEAR_EXACT;
        for (size_t j = 0; out[k] && j < k; j++)
            if (!out[j] && fabs(work[j * side + k]) >= 1e-6)
                join(first, p, j, k);
        if (!out[k])
            mg_collinear_sweep(work, side, k);
    }
    join_near(work, p, side, out, first);
    number_sets(first, p, out, ret);
}
