/* Outcomes by name or question, confirmed by their values: recommendation on 0 to 10 (NPS), satisfaction
 * (CSAT), effort (CES), an index, yes or no. Several that differ only in their number are a battery of
 * questions, none of which is the outcome. */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/str.h"
#include "service/record/propose/private.h"
#include "words.gen.h"

#define ROWS_MIN 10 /* rows that are no chance */

/* How many columns are called so up to their trailing number: by their questions, where they have one ("Q4"
 * and "Q5" of different ones are no battery). */
static size_t battery_size(const struct mg_propose *p, const struct mg_propose_column *column)
{
    const char *name = mg_propose_shown(column);
    size_t stem = strlen(name), n = 0;
    while (stem && isdigit((unsigned char)name[stem - 1]))
        stem--;
    if (!name[stem])
        return 1;
    for (size_t i = 0; i < p->n; i++) {
        const char *other = mg_propose_shown(&p->columns[i]);
        n += strncmp(other, name, stem) == 0 && other[stem] &&
             strspn(other + stem, "0123456789") == strlen(other + stem);
    }
    return n;
}

/* Which words speak for a kind of rating; NULL: any number of them are outcomes. */
static const struct mg_words *words_of(enum mg_outcome_kind kind)
{
    return kind == MG_OUTCOME_NPS    ? &mg_words_nps
           : kind == MG_OUTCOME_CES  ? &mg_words_ces
           : kind == MG_OUTCOME_CSAT ? &mg_words_csat
                                     : NULL;
}

/* Ratings that speak of a kind. One or two are outcomes, more are a battery of what people are satisfied
 * with, of which only the one about the whole is an outcome. */
static void count_ratings(const struct mg_propose *p, size_t *ret_counts)
{
    for (enum mg_outcome_kind kind = MG_OUTCOME_NPS; kind <= MG_OUTCOME_CES; kind++) {
        ret_counts[kind] = 0;
        for (size_t i = 0; i < p->n; i++)
            ret_counts[kind] += p->columns[i].rating && mg_propose_says(&p->columns[i], words_of(kind));
    }
}

/* The word for a good answer among the values; whole ones, long samples are cut for show. */
static const char *positive_of(const struct mg_column_info *info)
{
    for (size_t i = 0; i < info->n_samples; i++)
        if (mg_words_is(&mg_words_positive, info->samples[i]))
            return info->samples[i];
    return NULL;
}

static const char *first_whole(const struct mg_column_info *info)
{
    for (size_t i = 0; i < info->n_samples; i++)
        if (strlen(info->samples[i]) < MG_SAMPLE_BYTES && mg_study_column_fits(info->samples[i]))
            return info->samples[i];
    return NULL;
}

/* The highest answer; codes for no answer aside. */
static double highest(const struct mg_propose_column *c)
{
    for (size_t i = c->n_values; i-- > 0;)
        if (!mg_propose_far_code(c->values[i].value))
            return c->values[i].value;
    return NAN;
}

/* Whether answers go to 10, or nearly: few give a 10. */
static bool is_to_ten(const struct mg_propose_column *c)
{
    return highest(c) >= 8 && highest(c) <= 10;
}

/* Two answers in words, of which one is good. */
static bool is_binary(const struct mg_propose_column *c)
{
    bool words = c->info->type == MG_TYPE_TEXT || c->info->type == MG_TYPE_BOOLEAN;
    bool asked = mg_propose_says(c, &mg_words_csat) || mg_propose_says(c, &mg_words_nps) ||
                 mg_propose_says(c, &mg_words_again);
    return c->info->n_distinct == 2 && words && asked &&
           (positive_of(c->info) || (mg_propose_says(c, &mg_words_csat) && first_whole(c->info)));
}

/* Whole numbers that nobody shares with another number the rows. */
static bool counts_rows(const struct mg_propose_column *c)
{
    const struct mg_column_info *info = c->info;
    return !c->continuous && info->n > ROWS_MIN && info->n_distinct == info->n;
}

static bool kind_of(const struct mg_propose_column *c, enum mg_outcome_kind *ret)
{
    bool answers = c->rating && !c->dummy;
    if (answers && !c->continuous && is_to_ten(c) && mg_propose_says(c, &mg_words_nps))
        return *ret = MG_OUTCOME_NPS, true;
    if (answers && mg_propose_says(c, &mg_words_ces))
        return *ret = MG_OUTCOME_CES, true;
    if (answers && mg_propose_says(c, &mg_words_csat))
        return *ret = MG_OUTCOME_CSAT, true;
    if (answers && mg_propose_says(c, &mg_words_index) && !counts_rows(c))
        return *ret = MG_OUTCOME_INDEX, true;
    return is_binary(c) ? (*ret = MG_OUTCOME_BINARY, true) : false;
}

static struct mg_text label_of(const struct mg_propose_column *c)
{
    const char *shown = mg_propose_shown(c);
    return mg_propose_text_in(mg_study_column_fits(shown) ? shown : c->info->name);
}

/* Of three steps the two highest would be nearly all: only the highest means satisfied. */
static void set_top(struct mg_propose *p, struct mg_outcome *outcome)
{
    const struct mg_scale *scale = &outcome->scale;
    if (outcome->kind != MG_OUTCOME_CSAT || scale->step != 1 || scale->max - scale->min != 2)
        return;
    outcome->has_top = true;
    outcome->top = scale->max;
    mg_propose_note(
        p, MG_TEXT("“%s” has three answers: only %g counts as satisfied; for the two highest set top to %g."),
        outcome->column, outcome->top, outcome->top - 1);
}

/* What asks for the effort is bad where it is high. */
static void set_effort(struct mg_propose *p, const struct mg_propose_column *c, struct mg_outcome *outcome)
{
    bool down = c->direction == MG_DIRECTION_DOWN; /* 1 is the easiest */
    if (outcome->kind != MG_OUTCOME_CES || (!down && !mg_propose_says(c, &mg_words_effort)))
        return;
    outcome->effort = true;
    mg_propose_note(p,
                    MG_TEXT("“%s”: a high answer is read as much effort; if it means that it was easy, set "
                            "high_means to easy."),
                    outcome->column);
}

/* Only effort has a word for it in a study (`high_means`). */
static bool runs_down(const struct mg_propose_column *c, enum mg_outcome_kind kind)
{
    return c->direction == MG_DIRECTION_DOWN && kind != MG_OUTCOME_CES && kind != MG_OUTCOME_BINARY;
}

static void leave_out(struct mg_propose *p, size_t column)
{
    mg_propose_take(p, column, MG_PROPOSED_IGNORED, MG_CONFIDENCE_MIDDLE,
                    mg_propose_say(p, MG_TEXT("its lowest number is the best answer")));
    mg_propose_note(
        p,
        MG_TEXT("“%s” counts the other way round, its lowest number is the best answer: no study can "
                "turn an outcome, so it is left out. Turn its answers round in the file."),
        p->columns[column].info->name);
}

static void add_outcome(struct mg_propose *p, size_t column, enum mg_outcome_kind kind,
                        struct mg_outcome *outcome)
{
    static const char *const kinds[] = {MG_TEXT("Net Promoter Score (NPS)"), MG_TEXT("satisfaction (CSAT)"),
                                        MG_TEXT("customer effort (CES)"), MG_TEXT("satisfaction index"),
                                        MG_TEXT("satisfied or not")};
    const struct mg_propose_column *c = &p->columns[column];
    *outcome = (struct mg_outcome){.code = c->info->name,
                                   .label = label_of(c),
                                   .kind = kind,
                                   .column = c->info->name,
                                   .scale = {0, 1, 1}};
    mg_propose_take(p, column, MG_PROPOSED_OUTCOME, MG_CONFIDENCE_HIGH,
                    mg_propose_say(p, MG_TEXT("name or question, and values")));
    if (kind == MG_OUTCOME_BINARY) {
        outcome->positive = positive_of(c->info);
        outcome->positive = outcome->positive ? outcome->positive : first_whole(c->info);
    } else if (kind == MG_OUTCOME_NPS) {
        outcome->scale = c->row->scale = (struct mg_scale){0, 10, 1};
    } else {
        struct mg_verdict verdict = mg_propose_scale(p, &column, 1);
        outcome->scale = c->row->scale = verdict.scale;
        c->row->other = verdict.other;
    }
    set_top(p, outcome);
    set_effort(p, c, outcome);
    mg_propose_note(p, MG_TEXT("Outcome “%s”: %s."), outcome->column, mg_tr(p->lang, kinds[kind]));
}

int mg_propose_outcomes(struct mg_propose *p)
{
    struct mg_outcome *outcomes = mg_arena_array(p->arena, MG_STUDY_PARTS_MAX, sizeof *outcomes);
    size_t counts[MG_OUTCOME_CES + 1];
    if (!outcomes)
        return MG_E_NO_MEMORY;
    count_ratings(p, counts);
    for (size_t i = 0; i < p->n && p->study->n_outcomes < MG_STUDY_PARTS_MAX; i++) {
        const struct mg_propose_column *c = &p->columns[i];
        enum mg_outcome_kind kind;
        if (c->taken || c->unusable || strlen(c->info->name) > MG_PROPOSE_CODE || !kind_of(c, &kind) ||
            battery_size(p, c) >= MG_PROPOSE_BATTERY)
            continue;
        if (words_of(kind) && counts[kind] >= MG_PROPOSE_BATTERY && !mg_propose_says(c, &mg_words_overall))
            continue;
        if (kind != MG_OUTCOME_BINARY && kind != MG_OUTCOME_NPS && !mg_propose_scale(p, &i, 1).holds)
            continue;
        if (runs_down(c, kind))
            leave_out(p, i);
        else
            add_outcome(p, i, kind, &outcomes[p->study->n_outcomes++]);
    }
    p->study->outcomes = outcomes;
    return 0;
}
