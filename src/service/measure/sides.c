/* See sides.h. Asked is what the study says, answered what the moments hold. */
#include "service/measure/sides.h"

#include "column/file.h"
#include "wire/say.h"

struct sides {
    bool e, p;
};

static struct sides asked(const struct mg_plan *plan)
{
    struct sides s = {0};
    for (size_t i = 0; i < plan->n_items; i++) {
        s.e = s.e || plan->items[i].e != MG_PART_NONE;
        s.p = s.p || plan->items[i].p != MG_PART_NONE;
    }
    return s;
}

static struct sides answered(const struct mg_plan *plan, const struct mg_moments *m)
{
    struct sides s = {0};
    for (size_t i = 0; i < plan->n_items; i++) {
        size_t e = plan->items[i].e, p = plan->items[i].p;
        s.e = s.e || (e != MG_PART_NONE && mg_moments_count(m, e, e) > 0);
        s.p = s.p || (p != MG_PART_NONE && mg_moments_count(m, p, p) > 0);
    }
    return s;
}

/* Both sides are there, but no item has both of them. */
static bool meets_nowhere(const struct mg_plan *plan)
{
    for (size_t i = 0; i < plan->n_items; i++)
        if (plan->items[i].e != MG_PART_NONE && plan->items[i].p != MG_PART_NONE)
            return false;
    return true;
}

bool mg_sides_note(struct mg_arena *arena, const struct mg_plan *plan, const struct mg_moments *m,
                   struct mg_wire_text *ret)
{
    struct sides want = asked(plan), have = answered(plan, m);
    if (!want.e)
        *ret =
            mg_wire_say(arena, NULL, "Only perceptions were asked: performance scores (SERVPERF), no gaps.");
    else if (!want.p)
        *ret = mg_wire_say(arena, NULL, "Only expectations were asked: there are no gaps.");
    else if (meets_nowhere(plan))
        *ret =
            mg_wire_say(arena, NULL, "No item has both an expectation and a perception: there are no gaps.");
    else if (have.e && !have.p)
        *ret =
            mg_wire_say(arena, NULL, "Nobody answered a perception: there are only expectations, no gaps.");
    else if (have.p && !have.e)
        *ret =
            mg_wire_say(arena, NULL, "Nobody answered an expectation: there are only perceptions, no gaps.");
    else
        return false;
    return true;
}

/* The place in the study's document that leaves nothing: told apart from answers that aren't there yet. */
static int fail_setting(struct mg_error *error, const char *place, int rc)
{
    mg_fail_at(error, "%s", place);
    return rc;
}

int mg_sides_fail_empty(struct mg_ctx *ctx, const struct mg_measure_request *request, struct mg_error *error)
{
    const char *weight = mg_measure_weight(request);
    struct mg_weight_counts counts = {0};
    const struct mg_filter *filters;
    size_t n_filters;
    int rc = mg_pass_filters(ctx->arena, request, &filters, &n_filters, error);
    if (!rc && weight)
        rc = mg_columns_weights(&ctx->columns, ctx->arena, &request->source, weight, filters, n_filters,
                                &counts, error);
    if (rc)
        return rc;
    if (counts.rows)
        return fail_setting(error, "/weight",
                            mg_fail(error, MG_E_INESTIMABLE,
                                    "No row is left: not one of the %lld rows has a weight that counts.",
                                    (long long)counts.rows));
    if (n_filters && !request->n_filters && !request->wave)
        return fail_setting(error, "/missing",
                            mg_fail(error, MG_E_INESTIMABLE,
                                    "No row is left: none has every expectation and perception (listwise)."));
    if (n_filters)
        return mg_fail(error, MG_E_INESTIMABLE, "No row is left: the filters leave nothing.");
    if (request->source.table)
        return mg_fail(error, MG_E_INESTIMABLE, "There are no answers yet.");
    return mg_fail(error, MG_E_INESTIMABLE, "No row is left: the file has a header but no rows.");
}
