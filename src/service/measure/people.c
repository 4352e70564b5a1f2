#include "service/measure/people.h"

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

/* Buckets that have a row of the link. */
static double buckets_of(const struct mg_moments *m, size_t link)
{
    double buckets = 0;
    for (size_t g = 0; g < m->buckets->n; g++)
        buckets += mg_moments_sums(m, g, link).weight > 0;
    return buckets;
}

/* Most buckets that any link of variable i has. */
static double buckets_with(const struct mg_moments *m, size_t i)
{
    double most = 0;
    for (size_t l = 0; l < m->buckets->n_links; l++)
        if (m->buckets->links[l].a == i || m->buckets->links[l].b == i)
            most = fmax(most, buckets_of(m, l));
    return most;
}

double mg_people_with(const struct mg_moments *m, size_t i, size_t j)
{
    double rows = mg_moments_count(m, i, j), buckets = 0;
    size_t link = m->buckets ? mg_moments_link(m, i, j) : SIZE_MAX;
    if (link != SIZE_MAX)
        buckets = buckets_of(m, link);
    else if (m->buckets && i == j)
        buckets = buckets_with(m, i);
    else if (m->buckets)
        buckets = fmin(mg_people_with(m, i, i), mg_people_with(m, j, j));
    if (link == SIZE_MAX && buckets == 0) /* no link knows of it */
        return fmin(rows, mg_people_in(m));
    return buckets < MG_PEOPLE_BUCKETS_FULL ? fmin(rows, buckets) : rows;
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

static bool is_few(double people, double few)
{
    return people > 0 && people < few;
}

bool mg_people_told(const struct mg_people *people, double (*count)(const void *, const struct mg_moments *),
                    const void *user)
{
    bool told = false;
    for (size_t o = 0; people->outside && o < people->outside->n && !told; o++)
        told = people->outside->m[o] && is_few(count(user, people->outside->m[o]), people->few);
    return told;
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

size_t mg_people_hide_also(const double *people, size_t n, double few)
{
    double hidden = 0;
    size_t least = SIZE_MAX;
    for (size_t g = 0; g < n; g++) {
        if (people[g] < few)
            hidden += people[g];
        else if (least == SIZE_MAX || people[g] < people[least])
            least = g;
    }
    return hidden > 0 && hidden < few ? least : SIZE_MAX;
}
