/* Who stands behind a number, and whether it may be shown: the one place where reports ask.
 *
 * k counts people: customers at least, as far as buckets tell, else rows (docs/methods/gaps.md, "Who is
 * shown"). What a filter leaves out must be nobody or at least as many, else the whole less the filtered
 * would tell of them:
 *
 *     all rows ──┬── those the request selects: m ───── people behind a number < few ────▶ hidden
 *                └── those it leaves out: outside ───── 0 < people < few ────────────────▶ hidden
 *                    (together, and of several filters what each alone leaves out; a group of a
 *                     table, a wave in a trend, is a filter too) */
#ifndef MG_SERVICE_MEASURE_PEOPLE_H
#define MG_SERVICE_MEASURE_PEOPLE_H

#include "column/file.h"
#include "service/measure/plan.h"

#define MG_PEOPLE_BUCKETS_FULL 128 /* from here on people share buckets, and the rows say more */

/* Moments of what the request's filters and wave leave out; of a group of a table also what the group itself
 * leaves out, as a filter for it would. */
struct mg_outside {
    const struct mg_moments **m; /* n; NULL: nobody of this group */
    size_t n;
    const struct mg_moments *rest; /* of a group: the other rows of the table; NULL: it is no group */
    /* What the filters leave out of the table: asked where nobody is in the rest, so that the group is the
     * table. NULL: nothing. */
    const struct mg_outside *table;
};

struct mg_people {
    const struct mg_moments *m;
    const struct mg_outside *outside; /* NULL: nothing is left out */
    double few;                       /* what fewer people said isn't shown; 0: m is everybody, all is */
};

/* Why a number isn't shown. */
enum mg_hidden {
    MG_HIDDEN_FEW,       /* too few people stand behind it */
    MG_HIDDEN_FOR_OTHERS /* it would tell of few others */
};
/* The same in words. */
const char *mg_people_hidden(enum mg_hidden why, enum mg_lang lang);

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

/* A number of a table that is given in total and by group: those who answered both variables stand behind it.
 */
struct mg_people_table {
    const struct mg_moments_group *groups; /* n, at most MG_MEASURE_GROUPS_MAX */
    size_t n, i, j;
    double few;
};

/* The total less the groups that are told tells of the hidden together: these must be nobody or at least
 * `few`, each person counted once however many groups they are in. As long as they are not, hides the
 * smallest of the others that has somebody; true: has hidden one at least. */
bool mg_people_hide_also(const struct mg_people_table *table, bool *hidden);

#endif
