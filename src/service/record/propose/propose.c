/* Columns → study: runs the steps; see private.h for them. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "service/record/propose/private.h"

#define LEFT_OUT_SHOWN 8

const char *mg_proposal_role_name(enum mg_proposal_role role)
{
    static const char *const names[] = {
        [MG_PROPOSED_IGNORED] = "ignored",
        [MG_PROPOSED_EXPECTATION] = "expectation",
        [MG_PROPOSED_PERCEPTION] = "perception",
        [MG_PROPOSED_ADEQUATE] = "adequate",
        [MG_PROPOSED_IMPORTANCE] = "importance",
        [MG_PROPOSED_OUTCOME] = "outcome",
        [MG_PROPOSED_GROUP] = "group",
        [MG_PROPOSED_WAVE] = "wave",
        [MG_PROPOSED_WEIGHT] = "weight",
        [MG_PROPOSED_CUSTOMER] = "customer",
        [MG_PROPOSED_EPISODE] = "episode",
        [MG_PROPOSED_ID] = "id",
        [MG_PROPOSED_TIME] = "time",
        [MG_PROPOSED_DURATION] = "duration",
        [MG_PROPOSED_STATUS] = "status",
        [MG_PROPOSED_PERSONAL] = "personal",
        [MG_PROPOSED_CHOICE] = "choice",
        [MG_PROPOSED_TEXT] = "text",
    };
    return names[role];
}

const char *mg_confidence_name(enum mg_confidence confidence)
{
    static const char *const names[] = {"low", "middle", "high"};
    return names[confidence];
}

/* ---- what steps use ---- */

void mg_propose_note(struct mg_propose *p, const char *format, ...)
{
    char text[600];
    va_list args;
    va_start(args, format);
    mg_tr_format(text, sizeof text, p->lang, format, args);
    va_end(args);
    const char *note = mg_arena_strdup(p->arena, text);
    if (note && p->own->n_notes < MG_PROPOSE_NOTES)
        p->notes[p->own->n_notes++] = note;
}

struct mg_text mg_propose_say(struct mg_propose *p, const char *format, ...)
{
    char text[600];
    const char *copies[2];
    for (enum mg_lang lang = MG_LANG_EN; lang <= MG_LANG_ZH; lang++) {
        va_list args;
        va_start(args, format);
        mg_tr_format(text, sizeof text, lang, format, args);
        va_end(args);
        copies[lang] = mg_arena_strdup(p->arena, text);
    }
    return (struct mg_text){copies[MG_LANG_EN], copies[MG_LANG_ZH]};
}

void mg_propose_take(struct mg_propose *p, size_t column, enum mg_proposal_role role,
                     enum mg_confidence confidence, struct mg_text reason)
{
    struct mg_propose_column *c = &p->columns[column];
    c->taken = true;
    c->row->role = role;
    c->row->confidence = confidence;
    c->row->reason = reason;
}

const char *mg_propose_shown(const struct mg_propose_column *column)
{
    return column->label.n ? column->info->label : column->info->name;
}

/* Whether a name is written in Chinese: its characters, and no letters of Japan. */
static bool is_chinese(const char *name)
{
    bool found = false;
    for (uint32_t c; (c = mg_utf8_next(&name));) {
        if (c >= 0x3041 && c <= 0x30FF)
            return false;
        found = found || (c >= 0x3400 && c <= 0x9FFF);
    }
    return found;
}

struct mg_text mg_propose_text_in(const char *text)
{
    return is_chinese(text) ? (struct mg_text){.zh = text} : (struct mg_text){.en = text};
}

/* ---- the whole ---- */

/* Whether most of the file's names are. */
static bool speaks_chinese(const struct mg_propose *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++)
        n += is_chinese(mg_propose_shown(&p->columns[i]));
    return 2 * n > p->n;
}

/* Whether a study can name the column: its name fits, and none before it differs only in case. */
static bool is_usable(const struct mg_source_info *info, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (mg_str_equal_nocase(info->columns[i].name, info->columns[at].name))
            return false;
    return mg_study_column_fits(info->columns[at].name);
}

static void note_left_out(struct mg_propose *p)
{
    char list[400] = "";
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++) {
        const char *name = p->columns[i].info->name;
        enum mg_proposal_role role = p->columns[i].row->role;
        bool part = role >= MG_PROPOSED_EXPECTATION && role <= MG_PROPOSED_WEIGHT;
        part = part || name == p->study->customer || name == p->study->episode || name == p->study->id ||
               name == p->study->time;
        if (part)
            continue;
        size_t used = strlen(list);
        if (n < LEFT_OUT_SHOWN && used + strlen(name) + 3 < sizeof list)
            snprintf(list + used, sizeof list - used, "%s%s", n ? ", " : "", name);
        n++;
    }
    if (n == 1)
        mg_propose_note(p, MG_TEXT("1 column is left out: %s."), list);
    else if (n)
        mg_propose_note(p, MG_TEXT("%zu columns are left out: %s%s."), n, list,
                        n > LEFT_OUT_SHOWN ? ", …" : "");
    if (p->study->n_items && p->study->n_dimensions == 0)
        mg_propose_note(p,
                        MG_TEXT("Dimensions and touchpoints can't be guessed: add them to get their gaps."));
}

static int begin(struct mg_propose *p, const char *code)
{
    struct mg_proposal_column *rows = mg_arena_array(p->arena, p->n + 1, sizeof *rows);
    p->columns = mg_arena_array(p->arena, p->n + 1, sizeof *p->columns);
    p->notes = mg_arena_array(p->arena, MG_PROPOSE_NOTES, sizeof *p->notes);
    p->items = mg_arena_array(p->arena, MG_STUDY_ITEMS_MAX, sizeof *p->items);
    p->pairs = mg_arena_array(p->arena, MG_STUDY_ITEMS_MAX, sizeof *p->pairs);
    if (!rows || !p->columns || !p->notes || !p->items || !p->pairs)
        return MG_E_NO_MEMORY;
    for (size_t i = 0; i < p->n; i++) {
        rows[i].partner = SIZE_MAX;
        p->columns[i].info = &p->info->columns[i];
        p->columns[i].row = &rows[i];
        p->columns[i].unusable = !is_usable(p->info, i);
    }
    *p->study =
        (struct mg_study){.code = code, .min_answered = 0.5, .margin = MG_STUDY_MARGIN, .items = p->items};
    p->own->columns = rows;
    p->own->notes = p->notes;
    return 0;
}

static int look_at_columns(struct mg_propose *p)
{
    int rc = mg_propose_stems(p);
    if (!rc)
        rc = mg_propose_facts(p);
    if (rc)
        return rc;
    p->study->title = is_chinese(p->study->code) || speaks_chinese(p)
                          ? (struct mg_text){.zh = p->study->code}
                          : (struct mg_text){.en = p->study->code};
    mg_propose_find_sections(p);
    mg_propose_compared(p);
    mg_propose_choices(p);
    return 0;
}

typedef int step(struct mg_propose *p);

static int give_roles(struct mg_propose *p)
{
    mg_propose_personal(p);
    int rc = mg_propose_outcomes(p);
    if (rc)
        return rc;
    mg_propose_specials(p);
    return 0;
}

static int finish(struct mg_propose *p)
{
    note_left_out(p);
    return mg_propose_warnings(p);
}

static int propose(struct mg_arena *arena, const char *code, const struct mg_source_info *info,
                   enum mg_lang lang, bool rescale, struct mg_proposal *ret_proposal, struct mg_error *error)
{
    static step *const steps[] = {look_at_columns,  mg_propose_pairs,  give_roles, mg_propose_items,
                                  mg_propose_codes, mg_propose_groups, finish};
    struct mg_proposal *own = mg_arena_alloc(arena, sizeof *own);
    struct mg_propose *p = mg_arena_alloc(arena, sizeof *p);
    if (!own || !p)
        return mg_fail_memory(error);
    *p = (struct mg_propose){.arena = arena,
                             .info = info,
                             .lang = lang,
                             .n = info->n_columns,
                             .own = own,
                             .study = &own->study,
                             .rescale = rescale};
    int rc = begin(p, code);
    for (size_t i = 0; i < ARRAY_LEN(steps) && !rc; i++)
        rc = steps[i](p);
    if (rc)
        return mg_fail_memory(error);
    *ret_proposal = *own;
    return 0;
}

int mg_record_propose(struct mg_arena *arena, const char *code, const struct mg_source_info *info,
                      enum mg_lang lang, struct mg_proposal *ret_proposal, struct mg_error *error)
{
    return propose(arena, code, info, lang, false, ret_proposal, error);
}

int mg_record_propose_rescaled(struct mg_arena *arena, const char *code, const struct mg_source_info *info,
                               enum mg_lang lang, struct mg_proposal *ret_proposal, struct mg_error *error)
{
    return propose(arena, code, info, lang, true, ret_proposal, error);
}
