/* Those who answered against those who didn't; see nonresponse.h for what is compared. Rows that can't be
 * told apart by five people on each side are left out of the list and of Holm's correction. The listwise rule
 * is put aside: it would leave only people who answered everything. */
#include "service/measure/nonresponse.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "service/measure/row.h"
#include "stats/dist/holm.h"
#include "stats/gap/absent.h"
#include "wire/say.h"

#define PERCEPTION "perception" /* what is compared, where it isn't an outcome */

struct comparing {
    struct mg_ctx *ctx;
    const struct mg_measure_request *request;
    struct mg_nonresponse_plan plan;
    struct mg_pass pass;
    struct mg_wire_nonresponse_row *rows;
    size_t n_rows;
};

static int run(struct comparing *c, struct mg_error *error)
{
    struct mg_study *study = mg_arena_alloc(c->ctx->arena, sizeof *study);
    struct mg_measure_request request = *c->request;
    if (!study)
        return mg_fail_memory(error);
    *study = *c->request->study;
    study->missing_rule = MG_MISSING_PAIRWISE;
    request.study = study;
    struct mg_distinct people;
    unsigned buckets;
    int rc = mg_pass_buckets(c->ctx, &request, &buckets, &people, error);
    if (!rc)
        rc = mg_nonresponse_plan(c->ctx->arena, study, buckets, &c->plan, error);
    if (!rc)
        rc = mg_pass_run(c->ctx, &request, &c->plan.pass, NULL, 0, 0, &c->pass, error);
    if (!rc && mg_people_in(c->pass.m) < mg_measure_k(c->request))
        rc = mg_fail(error, MG_E_INESTIMABLE, "There are fewer than %g respondents, too few to show.",
                     mg_measure_k(c->request));
    return rc ? rc : mg_pass_add_outside(c->ctx, &request, &c->plan.pass, NULL, 0, &c->pass, error);
}

static struct mg_wire_text criterion_of(struct mg_arena *arena, const struct mg_nonresponse_pair *pair)
{
    if (pair->criterion)
        return mg_wire_text_of(&pair->criterion_label, pair->criterion);
    return pair->outcome ? mg_wire_say(arena, NULL, "Mean of all items")
                         : mg_wire_say(arena, NULL, "Mean of the other items");
}

static void put_row(struct comparing *c, const struct mg_nonresponse_pair *pair, const struct mg_absent *a)
{
    struct mg_arena *arena = c->ctx->arena;
    const struct mg_gap_stat *s = &a->stat;
    c->rows[c->n_rows++] = (struct mg_wire_nonresponse_row){
        .code = pair->code,
        .label = mg_wire_text_of(&pair->label, pair->code),
        .kind = pair->outcome ? MG_WIRE_NONRESPONSE_ROW_KIND_OUTCOME : MG_WIRE_NONRESPONSE_ROW_KIND_ITEM,
        .criterion = pair->criterion ? pair->criterion : PERCEPTION,
        .criterion_label = criterion_of(arena, pair),
        .answered = (int64_t)a->answered,
        .absent = (int64_t)a->absent,
        .mean_answered = s->mean_e,
        .mean_absent = s->mean_p,
        .difference = {.value = s->gap, .low = s->low, .high = s->high},
        .p = s->p,
        .p_holm = NAN,
    };
}

/* A pair's people, those who answered x and those who didn't: of these, buckets that have more rows with y
 * than with both. */
static double count_answered(const void *user, const struct mg_moments *m)
{
    const struct mg_nonresponse_pair *pair = user;
    return mg_people_with(m, pair->y, pair->x);
}

static double count_absent(const void *user, const struct mg_moments *m)
{
    const struct mg_nonresponse_pair *pair = user;
    double rows = mg_moments_count(m, pair->y, pair->y) - mg_moments_count(m, pair->y, pair->x), buckets = 0;
    if (!m->buckets)
        return rows;
    size_t all = mg_moments_link(m, pair->y, pair->y), both = mg_moments_link(m, pair->y, pair->x);
    for (size_t g = 0; g < m->buckets->n; g++)
        buckets +=
            mg_moments_sums_without(mg_moments_sums(m, g, all), mg_moments_sums(m, g, both)).weight > 0;
    return buckets < MG_PEOPLE_BUCKETS_FULL ? fmin(rows, buckets) : rows;
}

/* Whether enough people stand on both sides, and on both sides of what the filters leave out. */
static bool is_shown(const struct comparing *c, const struct mg_nonresponse_pair *pair)
{
    const struct mg_people people = {
        .m = c->pass.m, .outside = c->pass.outside, .few = mg_measure_k(c->request)};
    return fmin(count_answered(pair, people.m), count_absent(pair, people.m)) >= people.few &&
           !mg_people_told(&people, count_answered, pair) && !mg_people_told(&people, count_absent, pair);
}

static int compare_all(struct comparing *c, struct mg_error *error)
{
    c->rows = mg_arena_array(c->ctx->arena, c->plan.n_pairs + 1, sizeof *c->rows);
    if (!c->rows)
        return mg_fail_memory(error);
    for (size_t i = 0; i < c->plan.n_pairs; i++) {
        const struct mg_nonresponse_pair *pair = &c->plan.pairs[i];
        struct mg_absent a;
        int rc = mg_gap_absent(c->pass.m, pair->y, pair->x, mg_measure_level(c->request), &a, error);
        if (rc && rc != MG_E_INESTIMABLE)
            return rc;
        if (!rc && is_shown(c, pair))
            put_row(c, pair, &a);
    }
    return 0;
}

static int by_p(const void *a, const void *b)
{
    const struct mg_wire_nonresponse_row *x = a, *y = b;
    if (isnan(x->p) || isnan(y->p))
        return isnan(x->p) - isnan(y->p);
    return (x->p > y->p) - (x->p < y->p);
}

static int correct(struct comparing *c, struct mg_error *error)
{
    double *p = mg_arena_array(c->ctx->arena, 2 * c->n_rows + 1, sizeof *p);
    if (!p)
        return mg_fail_memory(error);
    qsort(c->rows, c->n_rows, sizeof *c->rows, by_p);
    for (size_t i = 0; i < c->n_rows; i++)
        p[i] = c->rows[i].p;
    mg_holm(p, c->n_rows, p + c->n_rows);
    for (size_t i = 0; i < c->n_rows; i++) {
        c->rows[i].p_holm = p[c->n_rows + i];
        c->rows[i].significant = c->rows[i].p_holm < 1 - mg_measure_level(c->request);
    }
    return 0;
}

static struct mg_wire_text finding_of(const struct comparing *c)
{
    struct mg_arena *arena = c->ctx->arena;
    const struct mg_wire_nonresponse_row *first = c->rows;
    if (c->n_rows == 0)
        return mg_wire_say(arena, NULL,
                           "Too few people left a question out to compare them with those who answered.");
    if (!first->significant)
        return mg_wire_say(
            arena, NULL,
            "Those who left a question out are not seen to differ from those who answered it (%zu "
            "‹comparison|comparisons›).",
            c->n_rows);
    if (strcmp(first->criterion, PERCEPTION) != 0)
        return mg_wire_say(
            arena, &first->label,
            "Those who left {} out differ from those who answered it: its numbers may not hold for "
            "everybody.");
    if (first->difference.value < 0)
        return mg_wire_say(
            arena, &first->label,
            "Those who left {} out rate the rest lower than those who answered it: the answers to it may be "
            "too good.");
    return mg_wire_say(
        arena, &first->label,
        "Those who left {} out rate the rest higher than those who answered it: the answers to it may be "
        "too bad.");
}

int mg_measure_nonresponse(struct mg_ctx *ctx, const struct mg_measure_request *request,
                           struct mg_wire_nonresponse *ret, struct mg_error *error)
{
    struct comparing c = {.ctx = ctx, .request = request};
    int rc = run(&c, error);
    if (!rc)
        rc = compare_all(&c, error);
    if (!rc)
        rc = correct(&c, error);
    if (rc)
        return rc;
    *ret = (struct mg_wire_nonresponse){.study = request->study->code,
                                        .ci = mg_measure_level(request),
                                        .n = (int64_t)c.pass.m->rows,
                                        .finding = finding_of(&c),
                                        .rows = c.rows,
                                        .n_rows = c.n_rows};
    return 0;
}
