/* See edit.h. Both documents as fields (service/record/fields.h): what a column is called, and its rule.
 * Weight, wave, customer and time are kept apart from the answers, under names of the record. */
#include "service/measure/edit.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "column/file.h"
#include "service/listen/columns.h"
#include "service/record/load.h"
#include "service/record/study.h"

#define PROPERTIES 4 /* of a response: weight, wave, customer, time */

struct edit {
    const struct mg_ctx *ctx;
    const struct mg_record_study *old;
    struct mg_fields fields; /* of the new document */
    struct mg_wire_study_loss *losses;
    size_t n;
};

static struct mg_source source_of(const struct edit *e)
{
    struct mg_source source = mg_record_source(e->old);
    source.stop = e->ctx->stop;
    return source;
}

static bool same_scale(const struct mg_scale *a, const struct mg_scale *b)
{
    return a->min == b->min && a->max == b->max && a->step == b->step;
}

static bool same_rule(const struct mg_field *a, const struct mg_field *b)
{
    const struct mg_answer_rule *x = &a->rule, *y = &b->rule;
    bool text = a->type == MG_TYPE_TEXT && b->type == MG_TYPE_TEXT;
    return text ||
           ((a->type == MG_TYPE_TEXT) == (b->type == MG_TYPE_TEXT) && same_scale(&x->scale, &y->scale) &&
            x->answers_first == y->answers_first && x->n_codes == y->n_codes &&
            (x->n_codes == 0 || memcmp(x->codes, y->codes, x->n_codes * sizeof *x->codes) == 0));
}

/* As an answer to the field; `field` NULL: nothing asks for it. */
static bool counts(const struct mg_field *field, const char *value)
{
    double ignored;
    if (!field)
        return false;
    return field->type == MG_TYPE_TEXT ? !mg_answer_is_blank(value)
                                       : mg_answer_of_text(&field->rule, value, &ignored) == MG_ANSWER_GIVEN;
}

struct counting {
    const struct mg_field *old, *now;
    struct mg_wire_study_loss *loss;
};

static void count_value(const struct counting *c, const char *value, int64_t n)
{
    if (!counts(c->old, value))
        return;
    c->loss->answers += n;
    c->loss->lost += counts(c->now, value) ? 0 : n;
}

static int count_batch(void *user, const struct mg_row_batch *batch, struct mg_error *error)
{
    (void)error;
    for (size_t r = 0; r < batch->n_rows; r++)
        if (batch->cells[r * batch->n_columns])
            count_value(user, batch->cells[r * batch->n_columns], 1);
    return 0;
}

/* How many answers count by the old rule, and how many of these not by the new one: value by value, where
 * there are not too many, else row by row. */
static int count_lost(const struct edit *e, const struct mg_field *old, const struct mg_field *now,
                      struct mg_wire_study_loss *loss, struct mg_error *error)
{
    const struct mg_source source = source_of(e);
    struct counting counting = {old, now, loss};
    struct mg_column_value *values;
    size_t n = 0;
    int rc = mg_columns_values(&e->ctx->columns, e->ctx->arena, &source, old->column, NULL, 0,
                               MG_EDIT_VALUES_MAX + 1, &values, &n, error);
    if (!rc && n > MG_EDIT_VALUES_MAX)
        return mg_columns_scan(&e->ctx->columns, &source, &old->column, 1, NULL, 0, 0, count_batch, &counting,
                               error);
    for (size_t i = 0; i < n && !rc; i++)
        if (values[i].text)
            count_value(&counting, values[i].text, values[i].n);
    return rc;
}

static void add(struct edit *e, const struct mg_wire_study_loss *loss)
{
    e->losses[e->n++] = *loss;
}

static int compare_field(struct edit *e, const struct mg_field *old, struct mg_error *error)
{
    size_t at = mg_fields_find(&e->fields, old->column, strlen(old->column), 0);
    const struct mg_field *now = at == SIZE_MAX ? NULL : &e->fields.fields[at];
    struct mg_wire_study_loss loss = {.column = old->column,
                                      .kind = now ? MG_WIRE_STUDY_LOSS_KIND_OFF_SCALE
                                                  : MG_WIRE_STUDY_LOSS_KIND_DROPPED};
    if (now && same_rule(old, now))
        return 0;
    int rc = count_lost(e, old, now, &loss, error);
    if (rc || loss.lost == 0)
        return rc;
    struct mg_wire_scale *scale = now ? mg_arena_alloc(e->ctx->arena, sizeof *scale) : NULL;
    if (now && !scale)
        return mg_fail_memory(error);
    if (scale)
        *scale = (struct mg_wire_scale){.min = now->rule.scale.min, .max = now->rule.scale.max};
    loss.scale = scale;
    add(e, &loss);
    return 0;
}

static bool is_of_weights(const struct mg_wire_study_loss *loss)
{
    return loss->kind == MG_WIRE_STUDY_LOSS_KIND_WEIGHTED || loss->kind == MG_WIRE_STUDY_LOSS_KIND_UNWEIGHTED;
}

/* What changes every number first, then most lost. */
static int by_loss(const void *a, const void *b)
{
    const struct mg_wire_study_loss *x = a, *y = b;
    int order = is_of_weights(y) - is_of_weights(x);
    order = order ? order : (x->lost < y->lost) - (x->lost > y->lost);
    return order ? order : strcmp(x->column, y->column);
}

/* Columns that nothing has asked for before; said where answers are there that lack them. */
static void add_empty(struct edit *e)
{
    const struct mg_fields *old = &e->old->fields;
    for (size_t i = 0; i < e->fields.n; i++) {
        const char *column = e->fields.fields[i].column;
        if (mg_fields_find(old, column, strlen(column), 0) == SIZE_MAX)
            add(e, &(struct mg_wire_study_loss){.column = column, .kind = MG_WIRE_STUDY_LOSS_KIND_EMPTY});
    }
}

/* ---- weight, wave, customer, time ---- */

/* Reports become weighted, or weighted no longer. */
static int compare_weight(struct edit *e, const char *old, const char *now, struct mg_error *error)
{
    const struct mg_source source = source_of(e);
    struct mg_weight_counts n;
    int rc =
        mg_columns_weights(&e->ctx->columns, e->ctx->arena, &source, MG_RECORD_WEIGHT, NULL, 0, &n, error);
    if (rc)
        return rc;
    struct mg_wire_study_loss loss = {.column = now ? now : old,
                                      .kind = now ? MG_WIRE_STUDY_LOSS_KIND_WEIGHTED
                                                  : MG_WIRE_STUDY_LOSS_KIND_UNWEIGHTED,
                                      .answers = n.rows};
    if (now)
        loss.lost = n.missing + n.zero + n.negative + n.no_number;
    add(e, &loss);
    return 0;
}

/* Responses keep what the import of their day read; `kept` is the column of the record that holds it. */
static int compare_property(struct edit *e, const char *old, const char *now,
                            enum mg_wire_study_loss_role role, const char *kept, struct mg_error *error)
{
    const struct mg_source source = source_of(e);
    struct mg_distinct n;
    if (mg_str_equal(old, now))
        return 0;
    if (role == MG_WIRE_STUDY_LOSS_ROLE_WEIGHT && !(old && now))
        return compare_weight(e, old, now, error);
    int rc = mg_columns_distinct(&e->ctx->columns, e->ctx->arena, &source, kept, NULL, 0, &n, error);
    if (rc)
        return rc;
    add(e, &(struct mg_wire_study_loss){.column = now ? now : old,
                                        .kind = now ? MG_WIRE_STUDY_LOSS_KIND_LATER
                                                    : MG_WIRE_STUDY_LOSS_KIND_NO_LONGER,
                                        .role = role,
                                        .has_role = true,
                                        .answers = n.rows,
                                        .lost = now ? n.rows - n.present : 0});
    return 0;
}

static int compare_properties(struct edit *e, struct mg_error *error)
{
    const struct mg_study *a = e->old->study, *b = e->fields.study;
    const struct {
        const char *old, *now;
        enum mg_wire_study_loss_role role;
        const char *kept;
    } properties[] = {
        {a->weight, b->weight, MG_WIRE_STUDY_LOSS_ROLE_WEIGHT, MG_RECORD_WEIGHT},
        {a->wave, b->wave, MG_WIRE_STUDY_LOSS_ROLE_WAVE, MG_RECORD_WAVE},
        {a->customer, b->customer, MG_WIRE_STUDY_LOSS_ROLE_CUSTOMER, MG_RECORD_CUSTOMER},
        {a->time, b->time, MG_WIRE_STUDY_LOSS_ROLE_TIME, MG_RECORD_AT},
    };
    _Static_assert(ARRAY_LEN(properties) == PROPERTIES, "room for a line each");
    int rc = 0;
    for (size_t i = 0; i < ARRAY_LEN(properties) && !rc; i++)
        rc = compare_property(e, properties[i].old, properties[i].now, properties[i].role, properties[i].kept,
                              error);
    return rc;
}

static int compare_all(struct edit *e, struct mg_error *error)
{
    const struct mg_fields *old = &e->old->fields;
    int rc = 0;
    for (size_t i = 0; i < old->n && !rc; i++)
        rc = compare_field(e, &old->fields[i], error);
    if (!rc)
        add_empty(e);
    return rc ? rc : compare_properties(e, error);
}

static int has_answers(const struct edit *e, bool *ret, struct mg_error *error)
{
    const struct mg_source source = source_of(e);
    struct mg_distinct n;
    int rc = mg_columns_distinct(&e->ctx->columns, e->ctx->arena, &source, MG_RECORD_AT, NULL, 0, &n, error);
    *ret = !rc && n.rows > 0;
    return rc;
}

int mg_measure_edit_check(const struct mg_ctx *ctx, const char *id, const struct mg_wire_study_edit *edit,
                          struct mg_wire_study_check *ret, struct mg_error *error)
{
    struct edit e = {.ctx = ctx};
    const struct mg_study *study;
    bool answered = false;
    int rc = mg_record_study_load(ctx, id, &e.old, error);
    if (!rc)
        rc = mg_record_study_of_edit(ctx, edit, &study, error);
    if (!rc)
        rc = mg_fields_of(ctx->arena, study, &e.fields, error);
    if (!rc)
        rc = mg_listen_columns_ready(ctx, id, error);
    e.losses =
        rc ? NULL : mg_arena_array(ctx->arena, e.old->fields.n + e.fields.n + PROPERTIES, sizeof *e.losses);
    if (!rc)
        rc = e.losses ? has_answers(&e, &answered, error) : mg_fail_memory(error);
    if (!rc && answered)
        rc = compare_all(&e, error);
    if (rc)
        return rc;
    qsort(e.losses, e.n, sizeof *e.losses, by_loss);
    size_t shown = e.n < MG_EDIT_LOSSES_MAX ? e.n : MG_EDIT_LOSSES_MAX;
    *ret =
        (struct mg_wire_study_check){.losses = e.losses, .n_losses = shown, .more = (int64_t)(e.n - shown)};
    return 0;
}
