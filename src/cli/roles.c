/* See roles.h. */
#include "cli/roles.h"

/* “○ E1 ● P1: 1”, or one column and its role. */
static void put_who(enum mg_lang lang, const struct mg_source_info *info, const struct mg_proposal *proposal,
                    size_t at, struct mg_buf *out)
{
    static const char *const roles[] = {
        MG_TEXT("left out"),   MG_TEXT("expectation"),   MG_TEXT("perception"), MG_TEXT("adequate level"),
        MG_TEXT("importance"), MG_TEXT("outcome"),       MG_TEXT("group"),      MG_TEXT("wave"),
        MG_TEXT("weight"),     MG_TEXT("customer"),      MG_TEXT("episode"),    MG_TEXT("id"),
        MG_TEXT("time"),       MG_TEXT("duration"),      MG_TEXT("status"),     MG_TEXT("personal data"),
        MG_TEXT("choice"),     MG_TEXT("written answer")};
    const struct mg_proposal_column *row = &proposal->columns[at];
    if (row->partner == SIZE_MAX)
        mg_buf_printf(out, "  %s: %s", info->columns[at].name, mg_tr(lang, roles[row->role]));
    else
        mg_buf_printf(out, "  ○ %s  ● %s:", info->columns[at].name, info->columns[row->partner].name);
    if (row->item)
        mg_buf_printf(out, " %s", row->item);
}

/* A line a pair or column: who, on which scale, how sure, and why. */
static void put_role(enum mg_lang lang, const struct mg_source_info *info, const struct mg_proposal *proposal,
                     size_t at, struct mg_buf *out)
{
    static const char *const sure[] = {MG_TEXT("not sure"), MG_TEXT("fairly sure"), MG_TEXT("sure")};
    const struct mg_proposal_column *row = &proposal->columns[at];
    put_who(lang, info, proposal, at, out);
    if (row->scale.max > row->scale.min)
        mg_buf_printf(out, ", %g…%g", row->scale.min, row->scale.max);
    if (row->other.max > row->other.min)
        mg_buf_printf(out, mg_tr(lang, " (or %g…%g)"), row->other.min, row->other.max);
    mg_buf_printf(out, " — %s: %s", mg_tr(lang, sure[row->confidence]), mg_text_in(&row->reason, lang, ""));
    for (size_t i = 0; i < row->n_candidates; i++)
        mg_buf_printf(out, "%s%s", i ? ", " : mg_tr(lang, "; could go with "),
                      info->columns[row->candidates[i]].name);
    mg_buf_putc(out, '\n');
}

/* Its line is that of the expectation. */
static bool is_second_half(const struct mg_proposal_column *row)
{
    return row->role == MG_PROPOSED_PERCEPTION && row->partner != SIZE_MAX;
}

void mg_cli_put_roles(enum mg_lang lang, const struct mg_source_info *info,
                      const struct mg_proposal *proposal, struct mg_buf *out)
{
    for (size_t i = 0; i < info->n_columns; i++)
        if (proposal->columns[i].reason.en && !is_second_half(&proposal->columns[i]))
            put_role(lang, info, proposal, i, out);
    for (size_t i = 0; i < proposal->n_warnings; i++)
        mg_buf_printf(out, "%s\n", mg_text_in(&proposal->warnings[i].text, lang, ""));
}
