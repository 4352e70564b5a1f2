/* The bootstrap needs rows: the engine hands over the item columns, the scores of dimensions and the like are
 * formed here by the same rule as in the moments (mean of what is answered, with partners, if enough is). */
#include "service/measure/resample.h"

#include <math.h>
#include <string.h>

#include "column/file.h"
#include "stats/resample/bootstrap.h"

#define STEP ((size_t)50) /* replicates between two looks at whether to stop */

/* The rows that can be resampled, as pairs of variables. */
struct targets {
    struct mg_row **rows;
    struct mg_pair *pairs;
    size_t n;
    struct mg_row *overall; /* weighted overall: its own column pair */
};

static bool resamplable(const struct mg_row *row)
{
    return row->wire.gap && !(row->stat.flags & (MG_GAP_UNPAIRED | MG_GAP_OVERLAP | MG_GAP_SINGLE)) &&
           row->part->e != MG_PART_NONE && row->part->p != MG_PART_NONE;
}

static int collect(struct mg_arena *arena, struct mg_row_set *const *sets, size_t n_sets,
                   struct mg_row *overall, struct targets *ret, struct mg_error *error)
{
    size_t most = 1;
    for (size_t s = 0; s < n_sets; s++)
        most += sets[s]->n;
    *ret = (struct targets){.rows = mg_arena_array(arena, most, sizeof(struct mg_row *)),
                            .pairs = mg_arena_array(arena, most, sizeof(struct mg_pair)),
                            .overall = overall};
    if (!ret->rows || !ret->pairs)
        return mg_fail_memory(error);
    for (size_t s = 0; s <= n_sets; s++)
        for (size_t i = 0; i < (s < n_sets ? sets[s]->n : 1); i++) {
            struct mg_row *row = s < n_sets ? &sets[s]->rows[i] : overall;
            if (!resamplable(row))
                continue;
            ret->rows[ret->n] = row;
            ret->pairs[ret->n++] = (struct mg_pair){row->part->e, row->part->p};
        }
    return 0;
}

/* The mean of the answered ones among a score's columns in one row; NaN when too few. */
static double score_of_row(const struct mg_moments_score *score, const double *values, size_t rows,
                           size_t row)
{
    double sum = 0;
    size_t n = 0;
    for (size_t j = 0; j < score->n; j++) {
        double value = values[score->columns[j] * rows + row];
        bool partnered = !score->partners || score->partners[j] == UINT16_MAX ||
                         !isnan(values[score->partners[j] * rows + row]);
        if (isnan(value) || !partnered)
            continue;
        sum += value;
        n++;
    }
    return n > 0 && n >= score->min_answered ? sum / (double)n : NAN;
}

/* The dimensions' scores of one side, weighted; NaN where a dimension is missing. */
static double weighted_of_row(const struct mg_plan *plan, bool perception, const double *values, size_t rows,
                              size_t row)
{
    double sum = 0, shares = 0;
    for (size_t d = 0; d < plan->n_dimensions; d++) {
        const struct mg_part *part = &plan->dimensions[d];
        if (part->e == MG_PART_NONE || part->p == MG_PART_NONE)
            continue;
        sum += part->share * values[(perception ? part->p : part->e) * rows + row];
        shares += part->share;
    }
    return sum / shares;
}

/* Item columns as the engine gives them (raw, the weights last) → all variables of the plan, and the weighted
 * whole last. */
static double *all_variables(struct mg_arena *arena, const struct mg_plan *plan, const double *raw,
                             size_t rows)
{
    size_t k = mg_plan_variables(plan), n = plan->spec.n_columns;
    double *values = mg_arena_array(arena, rows ? rows : 1, (k + 2) * sizeof *values);
    if (!values)
        return NULL;
    memcpy(values, raw, n * rows * sizeof *values);
    for (size_t s = 0; s < plan->spec.n_scores; s++)
        for (size_t row = 0; row < rows; row++)
            values[(n + s) * rows + row] = score_of_row(&plan->spec.scores[s], values, rows, row);
    for (size_t side = 0; plan->weighted_overall && side < 2; side++)
        for (size_t row = 0; row < rows; row++)
            values[(k + side) * rows + row] = weighted_of_row(plan, side == 1, values, rows, row);
    return values;
}

static int load_matrix(struct mg_ctx *ctx, const struct mg_measure_request *request,
                       const struct mg_plan *plan, struct mg_matrix *ret, struct mg_error *error)
{
    const struct mg_filter *filters;
    size_t n_filters, n = plan->spec.n_columns, rows = 0;
    int rc = mg_pass_filters(ctx->arena, request, &filters, &n_filters, error);
    if (rc)
        return rc;
    struct mg_moments_request matrix = mg_pass_request(request, plan, filters, n_filters);
    const char *weight = matrix.weight;
    struct mg_moments_column *columns = mg_arena_array(ctx->arena, n + 1, sizeof *columns);
    const char **names = mg_arena_array(ctx->arena, n + 1, sizeof *names);
    const char **positive = mg_arena_array(ctx->arena, n + 1, sizeof *positive);
    if (!columns || !names || !positive)
        return mg_fail_memory(error);
    memcpy(columns, plan->spec.columns, n * sizeof *columns);
    memcpy(names, plan->columns, n * sizeof *names);
    memcpy(positive, plan->positive, n * sizeof *positive);
    columns[n] = (struct mg_moments_column){.low = -INFINITY, .high = INFINITY};
    names[n] = weight;
    struct mg_moments_spec spec = {.columns = columns, .n_columns = n + (weight ? 1 : 0)};
    matrix.spec = &spec;
    matrix.columns = names;
    matrix.positive = positive;
    matrix.weight = NULL;
    double *raw;
    rc = mg_columns_matrix(&ctx->columns, ctx->arena, &matrix, MG_MEASURE_BOOT_ROWS_MAX, &raw, &rows, error);
    if (rc)
        return rc;
    *ret = (struct mg_matrix){.value = all_variables(ctx->arena, plan, raw, rows),
                              .weight = weight ? raw + n * rows : NULL,
                              .rows = rows,
                              .columns = mg_plan_variables(plan) + 2};
    return ret->value ? 0 : mg_fail_memory(error);
}

/* The interval of every target from its replicates. */
static int set_intervals(const struct mg_row_context *context, struct mg_ctx *ctx,
                         const struct mg_gap_request *request, const struct targets *targets,
                         const struct mg_matrix *data, const double *values, struct mg_error *error)
{
    size_t boot = (size_t)request->boot;
    double *sorted = mg_arena_array(ctx->arena, boot, sizeof *sorted);
    if (!sorted)
        return mg_fail_memory(error);
    for (size_t i = 0; i < targets->n; i++) {
        struct mg_bootstrap result;
        int rc = mg_stop_check(ctx->stop, error);
        if (rc)
            return rc;
        rc = mg_bootstrap_bca(data, &targets->pairs[i], values + i, boot, targets->n,
                              mg_measure_level(&request->base), sorted, &result, error);
        if (rc && rc != MG_E_INESTIMABLE)
            return rc;
        /* The weighted whole is resampled over the people who answered every dimension; where the others move
         * the estimate, their interval isn't this one. */
        if (!rc && fabs(result.estimate - targets->rows[i]->stat.gap) > 1e-9) {
            targets->rows[i]->wire.note =
                mg_tr(ctx->lang, "A t interval: not everybody answered every dimension.");
            continue;
        }
        mg_row_set_interval(context, targets->rows[i], rc ? NAN : result.low, rc ? NAN : result.high);
    }
    return 0;
}

static int bootstrap(const struct mg_row_context *context, struct mg_ctx *ctx,
                     const struct mg_gap_request *request, const struct targets *targets,
                     struct mg_error *error)
{
    const struct mg_plan *plan = context->plan;
    struct mg_matrix data;
    int rc = load_matrix(ctx, &request->base, plan, &data, error);
    if (rc || data.rows == 0 || targets->n == 0)
        return rc;
    size_t k = mg_plan_variables(plan), boot = (size_t)request->boot;
    for (size_t i = 0; i < targets->n; i++)
        if (targets->rows[i] == targets->overall && plan->weighted_overall)
            targets->pairs[i] = (struct mg_pair){k, k + 1};
    double *values = mg_arena_array(ctx->arena, boot, targets->n * sizeof *values);
    uint32_t *work = mg_arena_array(ctx->arena, data.rows, sizeof *work);
    if (!values || !work)
        return mg_fail_memory(error);
    for (size_t from = 0; from < boot && !rc; from += STEP) {
        size_t to = from + STEP < boot ? from + STEP : boot;
        mg_bootstrap_gaps(&data, targets->pairs, targets->n, request->seed, from, to, work,
                          values + from * targets->n);
        rc = mg_stop_check(ctx->stop, error);
    }
    return rc ? rc : set_intervals(context, ctx, request, targets, &data, values, error);
}

int mg_resample_intervals(const struct mg_row_context *context, struct mg_ctx *ctx,
                          const struct mg_gap_request *request, struct mg_row_set *const *sets, size_t n_sets,
                          struct mg_row *overall, struct mg_error *error)
{
    struct targets targets;
    int rc = collect(ctx->arena, sets, n_sets, overall, &targets, error);
    return rc ? rc : bootstrap(context, ctx, request, &targets, error);
}
