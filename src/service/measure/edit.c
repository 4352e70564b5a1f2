/* See edit.h. Both documents as fields (service/record/fields.h): what a column is called, and its rule. */
#include "service/measure/edit.h"

#include <stdlib.h>
#include <string.h>

#include "column/file.h"
#include "service/listen/columns.h"
#include "service/record/load.h"
#include "service/record/study.h"

struct edit {
    const struct mg_ctx *ctx;
    const struct mg_record_study *old;
    struct mg_fields fields; /* of the new document */
    struct mg_wire_study_loss *losses;
    size_t n;
};

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

/* How many answers count by the old rule, and how many of these not by the new one. */
static int count_lost(const struct edit *e, const struct mg_field *old, const struct mg_field *now,
                      struct mg_wire_study_loss *loss, struct mg_error *error)
{
    const struct mg_source source = mg_record_source(e->old);
    struct mg_column_value *values;
    size_t n = 0;
    int rc = mg_columns_values(&e->ctx->columns, e->ctx->arena, &source, old->column, NULL, 0,
                               MG_EDIT_VALUES_MAX, &values, &n, error);
    for (size_t i = 0; i < n && !rc; i++) {
        if (!counts(old, values[i].text))
            continue;
        loss->answers += values[i].n;
        loss->lost += counts(now, values[i].text) ? 0 : values[i].n;
    }
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

/* Most lost first. */
static int by_loss(const void *a, const void *b)
{
    const struct mg_wire_study_loss *x = a, *y = b;
    int order = (x->lost < y->lost) - (x->lost > y->lost);
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

static int compare_all(struct edit *e, struct mg_error *error)
{
    const struct mg_fields *old = &e->old->fields;
    int rc = 0;
    for (size_t i = 0; i < old->n && !rc; i++)
        rc = compare_field(e, &old->fields[i], error);
    if (!rc)
        add_empty(e);
    return rc;
}

static int has_answers(const struct edit *e, bool *ret, struct mg_error *error)
{
    const struct mg_source source = mg_record_source(e->old);
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
    e.losses = rc ? NULL : mg_arena_array(ctx->arena, e.old->fields.n + e.fields.n + 1, sizeof *e.losses);
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
