#include "service/measure/people.h"

#include <assert.h>
#include <math.h>

#include "service/measure/pass.h"

double mg_people_in(const struct mg_moments *m)
{
    double people = 0;
    for (size_t g = 0; m->buckets && g < m->buckets->n; g++)
        for (size_t l = 0; l < m->buckets->n_links; l++)
            if (mg_moments_sums(m, g, l).weight > 0) {
                people++;
                break;
            }
    return m->buckets && people < MG_PEOPLE_BUCKETS_FULL ? fmin(m->rows, people) : m->rows;
}

/* Buckets that have a row of the link, in any of n moments. */
static double buckets_of(const struct mg_moments *const *m, size_t n, size_t link)
{
    double buckets = 0;
    for (size_t g = 0; g < m[0]->buckets->n; g++) {
        bool has = false;
        for (size_t i = 0; i < n && !has; i++)
            has = mg_moments_sums(m[i], g, link).weight > 0;
        buckets += has;
    }
    return buckets;
}

/* Most buckets that any link of variable i has. */
static double buckets_with(const struct mg_moments *const *m, size_t n, size_t i)
{
    const struct mg_moments_buckets *b = m[0]->buckets;
    double most = 0;
    for (size_t l = 0; l < b->n_links; l++)
        if (b->links[l].a == i || b->links[l].b == i)
            most = fmax(most, buckets_of(m, n, l));
    return most;
}

/* Of n moments of one shape, whose people may be the same. */
static double people_with(const struct mg_moments *const *m, size_t n, size_t i, size_t j)
{
    double rows = 0, buckets = 0;
    for (size_t g = 0; g < n; g++)
        rows += mg_moments_count(m[g], i, j);
    if (n == 0 || !m[0]->buckets)
        return rows;
    size_t link = mg_moments_link(m[0], i, j);
    if (link != SIZE_MAX)
        buckets = buckets_of(m, n, link);
    else if (i == j)
        buckets = buckets_with(m, n, i);
    else
        buckets = fmin(people_with(m, n, i, i), people_with(m, n, j, j));
    if (link == SIZE_MAX && buckets == 0 && n == 1) /* no link knows of it */
        return fmin(rows, mg_people_in(m[0]));
    return buckets < MG_PEOPLE_BUCKETS_FULL ? fmin(rows, buckets) : rows;
}

double mg_people_with(const struct mg_moments *m, size_t i, size_t j)
{
    return people_with(&m, 1, i, j);
}

static double people_of_side(const struct mg_moments *m, size_t i)
{
    return i == MG_PART_NONE ? 0 : mg_people_with(m, i, i);
}

double mg_people_of_part(const struct mg_plan *plan, const struct mg_moments *m, const struct mg_part *part)
{
    double e = people_of_side(m, part->e), p = people_of_side(m, part->p);
    if (e == 0 && p == 0)
        return fmax(people_of_side(m, part->e_alone), people_of_side(m, part->p_alone));
    if (e == 0 || p == 0)
        return fmax(e, p);
    double both = mg_people_with(m, part->e, part->p);
    bool samples = plan->options & MG_PLAN_UNPAIRED || both == 0 ||
                   (mg_plan_is_answers(plan, part) && mg_pass_overlaps(e, p, both));
    return samples ? fmin(e, p) : both;
}

const char *mg_people_hidden(enum mg_hidden why, enum mg_lang lang)
{
    return why == MG_HIDDEN_FEW ? mg_tr(lang, "too few respondents to show")
                                : mg_tr(lang, "not shown, so that a few others can't be worked out from it");
}

static bool is_few(double people, double few)
{
    return people > 0 && people < few;
}

static bool is_any_few(const struct mg_outside *out, double (*count)(const void *, const struct mg_moments *),
                       const void *user, double few)
{
    bool any = false;
    for (size_t o = 0; out && o < out->n && !any; o++)
        any = out->m[o] && is_few(count(user, out->m[o]), few);
    return any;
}

bool mg_people_told(const struct mg_people *people, double (*count)(const void *, const struct mg_moments *),
                    const void *user)
{
    const struct mg_outside *out = people->outside;
    if (is_any_few(out, count, user, people->few))
        return true;
    double rest = out && out->rest ? count(user, out->rest) : NAN;
    return is_few(rest, people->few) || (rest == 0 && is_any_few(out->table, count, user, people->few));
}

static double count_with(const void *user, const struct mg_moments *m)
{
    const size_t *pair = user;
    return mg_people_with(m, pair[0], pair[1]);
}

bool mg_people_enough(const struct mg_people *people, size_t i, size_t j)
{
    const size_t pair[2] = {i, j};
    return mg_people_with(people->m, i, j) >= people->few && !mg_people_told(people, count_with, pair);
}

/* Rows of the pair that has fewest, but not none: where there are none there is nothing to tell. */
struct all {
    const size_t *variables;
    size_t n;
};

static double count_fewest(const void *user, const struct mg_moments *m)
{
    const struct all *all = user;
    double fewest = INFINITY;
    for (size_t i = 0; i < all->n; i++) {
        size_t a = all->variables[i];
        double people = mg_people_with(m, a, a);
        fewest = people > 0 ? fmin(fewest, people) : fewest;
        for (size_t j = 0; j < i; j++) {
            double rows = mg_moments_count(m, a, all->variables[j]);
            fewest = rows > 0 ? fmin(fewest, rows) : fewest;
        }
    }
    return isfinite(fewest) ? fewest : 0;
}

bool mg_people_enough_all(const struct mg_people *people, const size_t *variables, size_t n)
{
    const struct all all = {variables, n};
    return count_fewest(&all, people->m) >= people->few && !mg_people_told(people, count_fewest, &all);
}

/* The smallest group that is told and has somebody; SIZE_MAX: none. */
static size_t least_told(const struct mg_people_table *t, const bool *hidden)
{
    double fewest = INFINITY;
    size_t least = SIZE_MAX;
    for (size_t g = 0; g < t->n; g++) {
        double people = hidden[g] ? 0 : mg_people_with(t->groups[g].moments, t->i, t->j);
        if (people > 0 && people < fewest)
            fewest = people, least = g;
    }
    return least;
}

bool mg_people_hide_also(const struct mg_people_table *t, bool *hidden)
{
    const struct mg_moments *untold[MG_MEASURE_GROUPS_MAX];
    size_t n = 0, more;
    bool any = false;
    assert(t->n <= MG_MEASURE_GROUPS_MAX);
    for (size_t g = 0; g < t->n; g++)
        if (hidden[g])
            untold[n++] = t->groups[g].moments;
    while (is_few(people_with(untold, n, t->i, t->j), t->few) && (more = least_told(t, hidden)) != SIZE_MAX) {
        hidden[more] = any = true;
        untold[n++] = t->groups[more].moments;
    }
    return any;
}
