/* See preview_roles.h. */
#include "service/listen/preview_roles.h"

#include <string.h>

#include "base/str.h"

static const char *cut(const struct mg_ctx *ctx, const char *text, size_t most)
{
    char *copy = mg_arena_alloc(ctx->arena, most + 4);
    if (copy)
        mg_str_cut(text, strlen(text), most, copy);
    return copy;
}

int mg_preview_told(const struct mg_ctx *ctx, const struct mg_source_info *info, size_t most,
                    struct mg_wire_preview_column *columns, struct mg_error *error)
{
    for (size_t i = 0; i < info->n_columns; i++) {
        const struct mg_column_info *c = &info->columns[i];
        const char **values = mg_arena_array(ctx->arena, c->n_not_understood_shown, sizeof *values);
        columns[i].not_understood = c->n_not_understood;
        columns[i].not_understood_values = values;
        columns[i].n_not_understood_values = c->n_not_understood_shown;
        columns[i].label = c->label ? cut(ctx, c->label, most) : NULL;
        if (!values || (c->label && !columns[i].label))
            return mg_fail_memory(error);
        for (size_t v = 0; v < c->n_not_understood_shown; v++)
            if (!(values[v] = cut(ctx, c->not_understood[v], most)))
                return mg_fail_memory(error);
    }
    return 0;
}

static void set_scales(const struct mg_proposal_column *row, struct mg_wire_preview_column *column)
{
    column->has_scale_min = column->has_scale_max = column->has_scale_step = row->scale.max > row->scale.min;
    column->scale_min = row->scale.min;
    column->scale_max = row->scale.max;
    column->scale_step = row->scale.step;
    column->has_other_min = column->has_other_max = row->other.max > row->other.min;
    column->other_min = row->other.min;
    column->other_max = row->other.max;
}

static const char **names_of(const struct mg_ctx *ctx, const struct mg_source_info *info,
                             const size_t *columns, size_t n)
{
    const char **names = mg_arena_array(ctx->arena, n, sizeof *names);
    for (size_t i = 0; i < n && names; i++)
        names[i] = info->columns[columns[i]].name;
    return names;
}

static int set_role(const struct mg_ctx *ctx, const struct mg_source_info *info,
                    const struct mg_proposal_column *row, struct mg_wire_preview_column *column,
                    struct mg_error *error)
{
    column->has_role = mg_wire_column_role_parse(mg_proposal_role_name(row->role), &column->role);
    column->reason = mg_text_in(&row->reason, ctx->lang, NULL);
    column->has_confidence =
        column->reason && mg_wire_confidence_parse(mg_confidence_name(row->confidence), &column->confidence);
    column->partner = row->partner == SIZE_MAX ? NULL : info->columns[row->partner].name;
    column->item = row->item;
    set_scales(row, column);
    column->candidates = names_of(ctx, info, row->candidates, row->n_candidates);
    column->n_candidates = row->n_candidates;
    return column->candidates ? 0 : mg_fail_memory(error);
}

static int set_warnings(const struct mg_ctx *ctx, const struct mg_source_info *info,
                        const struct mg_proposal *proposal, struct mg_wire_preview *ret,
                        struct mg_error *error)
{
    struct mg_wire_preview_warning *warnings =
        mg_arena_array(ctx->arena, proposal->n_warnings, sizeof *warnings);
    if (!warnings)
        return mg_fail_memory(error);
    for (size_t i = 0; i < proposal->n_warnings; i++) {
        const struct mg_proposal_warning *warning = &proposal->warnings[i];
        if (mg_wire_preview_warning_code_parse(warning->code, &warnings[i].code))
            warnings[i].text = mg_text_in(&warning->text, ctx->lang, "");
        warnings[i].columns = names_of(ctx, info, warning->columns, warning->n_columns);
        warnings[i].n_columns = warning->n_columns;
        if (!warnings[i].columns)
            return mg_fail_memory(error);
    }
    ret->warnings = warnings;
    ret->n_warnings = proposal->n_warnings;
    return 0;
}

int mg_preview_roles(const struct mg_ctx *ctx, const struct mg_source_info *info,
                     const struct mg_proposal *proposal, struct mg_wire_preview_column *columns,
                     struct mg_wire_preview *ret, struct mg_error *error)
{
    int rc = 0;
    for (size_t i = 0; i < info->n_columns && !rc; i++)
        rc = set_role(ctx, info, &proposal->columns[i], &columns[i], error);
    return rc ? rc : set_warnings(ctx, info, proposal, ret, error);
}
