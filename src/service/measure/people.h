/* Who stands behind a number, and whether it may be shown: the one place where reports ask.
 *
 * k counts people: customers at least, as far as buckets tell, else rows (docs/methods/gaps.md, "Who is
 * shown"). What a filter leaves out must be nobody or at least as many, else the whole less the filtered
 * would tell of them:
 *
 *     all rows ──┬── those the request selects: m ───── people behind a number < few ────▶ hidden
 *                └── those it leaves out: outside ───── 0 < people < few ────────────────▶ hidden
 *                    (together, and of several filters what each alone leaves out) */
#ifndef MG_SERVICE_MEASURE_PEOPLE_H
#define MG_SERVICE_MEASURE_PEOPLE_H

#include "service/measure/plan.h"

#define MG_PEOPLE_BUCKETS_FULL 128 /* from here on people share buckets, and the rows say more */

/* Moments of what the request's filters and wave leave out. */
struct mg_outside {
    const struct mg_moments **m; /* n; NULL: nobody of this group */
    size_t n;
};

struct mg_people {
    const struct mg_moments *m;
    const struct mg_outside *outside; /* NULL: nothing is left out */
    double few;                       /* what fewer people said isn't shown; 0: m is everybody, all is */
};

/* People in the rows. */
double mg_people_in(const struct mg_moments *m);
/* People who answered both variables (i = j: the one). Where buckets know a variable only together with
 * others it is those who answered both, so many at least. */
double mg_people_with(const struct mg_moments *m, size_t i, size_t j);
/* People behind a part's gap, or behind the side that there is. */
double mg_people_of_part(const struct mg_plan *plan, const struct mg_moments *m, const struct mg_part *part);

/* Whether what those say who answered both variables may be shown; what nobody answered may. */
bool mg_people_enough(const struct mg_people *people, size_t i, size_t j);
/* The same of a number made of all pairs of the variables: people of each, rows of each pair. */
bool mg_people_enough_all(const struct mg_people *people, const size_t *variables, size_t n);
/* Whether what is left out would be told by a number of which `count` gives the people. */
bool mg_people_told(const struct mg_people *people, double (*count)(const void *, const struct mg_moments *),
                    const void *user);

/* Groups of so many people (fewer than `few`: hidden) and their whole are told. The one to hide besides, so
 * that the hidden can't be told by subtraction: the smallest of the others. SIZE_MAX: none need be. */
size_t mg_people_hide_also(const double *people, size_t n, double few);

#endif
