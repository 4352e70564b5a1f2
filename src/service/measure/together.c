/* Of all pairs of a plan's variables the estimators look at few, and summing the others would cost most of a
 * pass:
 *
 *     a part's row          its expectation, perception, adequate level and importance
 *     the weighted whole    the scores of all dimensions, with their adequate levels (with weights
 *                           nothing: buckets tell how the dimensions vary together)
 *     an outcome            itself
 *     reliability           all items' expectations and perceptions; their differences
 *     drivers               all items' perceptions and the outcomes; the dimensions' and the outcomes
 *
 * With buckets, each mean that is estimated is a link: a part's two sides together where they are pairs, else
 * one by one. */
#include "service/measure/together.h"

struct sets {
    struct mg_moments_set *set;
    uint16_t *variables; /* of all sets, one after another */
    struct mg_moments_link *link;
    size_t n, n_variables, n_links;
};

static void begin(struct sets *all)
{
    all->set[all->n++] = (struct mg_moments_set){.variables = all->variables + all->n_variables};
}

static void add(struct sets *all, size_t variable)
{
    if (variable == MG_PART_NONE)
        return;
    all->variables[all->n_variables++] = (uint16_t)variable;
    all->set[all->n - 1].n++;
}

static void add_rows(struct sets *all, const struct mg_part *parts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        begin(all);
        add(all, parts[i].e);
        add(all, parts[i].p);
        add(all, parts[i].adequate);
        add(all, parts[i].importance);
        begin(all);
        add(all, parts[i].e_alone);
        add(all, parts[i].p_alone);
    }
}

static void add_both_sides(struct sets *all, const struct mg_part *parts, size_t n)
{
    begin(all);
    for (size_t i = 0; i < n; i++)
        add(all, parts[i].e);
    begin(all);
    for (size_t i = 0; i < n; i++)
        add(all, parts[i].p);
}

static void add_differences(struct sets *all, const struct mg_part *items, size_t n)
{
    begin(all);
    for (size_t i = 0; i < n; i++)
        add(all, items[i].difference);
}

static void add_whole(struct sets *all, const struct mg_part *dimensions, size_t n)
{
    begin(all);
    for (size_t i = 0; i < n; i++) {
        add(all, dimensions[i].e);
        add(all, dimensions[i].p);
        add(all, dimensions[i].adequate);
    }
}

static void add_drivers(struct sets *all, const struct mg_plan *plan, const struct mg_part *parts, size_t n)
{
    begin(all);
    for (size_t i = 0; i < n; i++)
        add(all, parts[i].p);
    for (size_t i = 0; i < plan->study->n_outcomes; i++)
        add(all, plan->outcomes[i]);
}

static void add_all(struct sets *all, const struct mg_plan *plan)
{
    if (plan->options & MG_PLAN_RELIABILITY) {
        add_both_sides(all, plan->items, plan->n_items);
        add_differences(all, plan->items, plan->n_items);
    }
    if (plan->options & MG_PLAN_DRIVERS) {
        add_drivers(all, plan, plan->items, plan->n_items);
        add_drivers(all, plan, plan->dimensions, plan->n_dimensions);
    }
    if (plan->weighted_overall && !(plan->options & MG_PLAN_WEIGHTED))
        add_whole(all, plan->dimensions, plan->n_dimensions);
    begin(all);
    add(all, plan->any_pair);
    add_rows(all, &plan->overall, 1);
    add_rows(all, plan->items, plan->n_items);
    add_rows(all, plan->dimensions, plan->n_dimensions);
    add_rows(all, plan->touchpoints, plan->n_touchpoints);
    add_rows(all, plan->cells, plan->n_cells);
    for (size_t i = 0; i < plan->study->n_outcomes; i++) {
        begin(all);
        add(all, plan->outcomes[i]);
        begin(all);
        add(all, plan->tops[i]);
    }
}

/* ---- Links ---- */

static void add_link(struct sets *all, size_t a, size_t b)
{
    if (a == MG_PART_NONE || b == MG_PART_NONE)
        return;
    for (size_t l = 0; l < all->n_links; l++)
        if (all->link[l].a == a && all->link[l].b == b)
            return;
    all->link[all->n_links++] = (struct mg_moments_link){(uint16_t)a, (uint16_t)b};
}

static void link_rows(struct sets *all, const struct mg_plan *plan, const struct mg_part *parts, size_t n)
{
    bool pairs = !(plan->options & MG_PLAN_UNPAIRED), alone = plan->options & MG_PLAN_ALONE;
    for (size_t i = 0; i < n; i++) {
        const struct mg_part *part = &parts[i];
        bool both = pairs && part->e != MG_PART_NONE && part->p != MG_PART_NONE;
        if (both)
            add_link(all, part->e, part->p);
        if (!both || alone) {
            add_link(all, part->e, part->e);
            add_link(all, part->p, part->p);
        }
        add_link(all, part->e_alone, part->e_alone);
        add_link(all, part->p_alone, part->p_alone);
        add_link(all, part->adequate, part->p);
        add_link(all, part->importance, part->importance);
    }
}

static void link_all(struct sets *all, const struct mg_plan *plan)
{
    link_rows(all, plan, &plan->overall, 1);
    link_rows(all, plan, plan->items, plan->n_items);
    for (size_t i = 0; i < plan->n_items; i++) /* of who answered both, where they aren't what is estimated */
        add_link(all, plan->items[i].e, plan->items[i].p);
    link_rows(all, plan, plan->dimensions, plan->n_dimensions);
    link_rows(all, plan, plan->touchpoints, plan->n_touchpoints);
    link_rows(all, plan, plan->cells, plan->n_cells);
    for (size_t i = 0; i < plan->study->n_outcomes; i++) {
        add_link(all, plan->outcomes[i], plan->outcomes[i]);
        add_link(all, plan->tops[i], plan->tops[i]);
    }
}

int mg_plan_put_together(struct mg_plan *plan, struct mg_arena *arena, struct mg_error *error)
{
    size_t parts = 1 + plan->n_items + plan->n_dimensions + plan->n_touchpoints + plan->n_cells;
    size_t outcomes = plan->study->n_outcomes;
    struct sets all = {
        .set = mg_arena_array(arena, 7 + 2 * parts + 2 * outcomes, sizeof *all.set),
        /* a row's four variables; at most six more as a member of larger sets; outcomes in three sets and
         * one of their top boxes */
        .variables = mg_arena_array(arena, 1 + 12 * parts + 4 * outcomes, sizeof *all.variables),
        .link = mg_arena_array(arena, 8 * parts + 2 * outcomes, sizeof *all.link),
    };
    if (!all.set || !all.variables || !all.link)
        return mg_fail_memory(error);
    add_all(&all, plan);
    plan->spec.sets = all.set;
    plan->spec.n_sets = all.n;
    link_all(&all, plan);
    plan->links = all.link;
    plan->n_links = all.n_links;
    if (plan->options & MG_PLAN_BUCKETS)
        mg_plan_keep_buckets(plan);
    return 0;
}
