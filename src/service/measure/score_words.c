/* One row a formula: what it is called and in what it is measured; sentences where they need numbers. */
#include "service/measure/score_words.h"

#include <math.h>
#include <string.h>

#include "wire/say.h"

struct words {
    const char *formula, *name;
    enum mg_wire_score_unit unit;
};

static const struct words table[] = {
    {MG_SCORE_NPS, MG_TEXT("Net Promoter Score (NPS)"), MG_WIRE_SCORE_UNIT_POINTS},
    {MG_SCORE_CSAT_TOP2, MG_TEXT("Satisfied share (CSAT, top-2 box)"), MG_WIRE_SCORE_UNIT_PERCENT},
    {MG_SCORE_CSAT_TOP, MG_TEXT("Satisfied share (CSAT, top box)"), MG_WIRE_SCORE_UNIT_PERCENT},
    {MG_SCORE_CSAT_MEAN, MG_TEXT("Mean satisfaction (CSAT)"), MG_WIRE_SCORE_UNIT_SCALE},
    {MG_SCORE_CES_MEAN, MG_TEXT("Customer effort (CES)"), MG_WIRE_SCORE_UNIT_SCALE},
    {MG_SCORE_INDEX, MG_TEXT("Index (0–100)"), MG_WIRE_SCORE_UNIT_INDEX},
    {MG_SCORE_SHARE, MG_TEXT("Share"), MG_WIRE_SCORE_UNIT_PERCENT},
};

static struct mg_score_rule rule_of(const struct mg_outcome *outcome, const char *formula, double from)
{
    bool share = outcome->kind == MG_OUTCOME_BINARY;
    return (struct mg_score_rule){.formula = formula,
                                  .min = share ? 0 : outcome->scale.min,
                                  .max = share ? 1 : outcome->scale.max,
                                  .from = from};
}

struct mg_score_rule mg_score_top_rule(const struct mg_outcome *outcome)
{
    static const char *const names[2][2] = {{MG_SCORE_CES_TOP, MG_SCORE_CES_TOP2},
                                            {MG_SCORE_CSAT_TOP, MG_SCORE_CSAT_TOP2}};
    bool csat = outcome->kind == MG_OUTCOME_CSAT;
    double from = NAN;
    if (outcome->kind == MG_OUTCOME_NPS)
        return rule_of(outcome, MG_SCORE_NPS, NAN);
    enum mg_top_box box = csat || (outcome->kind == MG_OUTCOME_CES && !outcome->effort)
                              ? mg_outcome_top_box(outcome, &from)
                              : MG_TOP_BOX_UNKNOWN;
    return rule_of(outcome, box == MG_TOP_BOX_UNKNOWN ? NULL : names[csat][box == MG_TOP_BOX_TWO], from);
}

struct mg_score_rule mg_score_rule(const struct mg_outcome *outcome)
{
    static const char *const means[] = {[MG_OUTCOME_CSAT] = MG_SCORE_CSAT_MEAN,
                                        [MG_OUTCOME_CES] = MG_SCORE_CES_MEAN,
                                        [MG_OUTCOME_INDEX] = MG_SCORE_INDEX,
                                        [MG_OUTCOME_BINARY] = MG_SCORE_SHARE};
    const struct mg_score_rule top = mg_score_top_rule(outcome);
    return top.formula && outcome->kind != MG_OUTCOME_CES ? top : rule_of(outcome, means[outcome->kind], NAN);
}

static const struct words *find(const char *formula)
{
    size_t i = 0;
    while (strcmp(table[i].formula, formula) != 0) /* mg_score_rule names no other */
        i++;
    return &table[i];
}

static struct mg_wire_text name_of(struct mg_arena *arena, const struct mg_outcome *outcome,
                                   const struct words *words)
{
    struct mg_wire_text name = {.en = words->name, .zh_cn = mg_tr(MG_LANG_ZH, words->name)};
    if (outcome->kind == MG_OUTCOME_CES)
        return outcome->effort ? mg_wire_say(arena, NULL, "Customer effort (CES; high is hard)")
                               : mg_wire_say(arena, NULL, "Customer effort (CES; high is easy)");
    return name;
}

static struct mg_wire_text definition_of(struct mg_arena *arena, const struct mg_outcome *outcome,
                                         const char *formula)
{
    double low = outcome->scale.min, high = outcome->scale.max, from = high;
    struct mg_wire_text positive = {.en = outcome->positive, .zh_cn = outcome->positive};
    if (outcome->kind == MG_OUTCOME_NPS)
        return mg_wire_say(arena, NULL,
                           "100 × (share of 9–10 − share of 0–6), from −100 to 100; higher is better.");
    if (outcome->kind == MG_OUTCOME_INDEX)
        return mg_wire_say(arena, NULL, "100 × (mean − %g)/(%g − %g), from 0 to 100; higher is better.", low,
                           high, low);
    if (outcome->kind == MG_OUTCOME_BINARY)
        return positive.en ? mg_wire_say(arena, &positive, "Percent of answers that are “{}”.")
                           : mg_wire_say(arena, NULL, "Percent of answers that are 1.");
    if (outcome->kind == MG_OUTCOME_CES)
        return outcome->effort
                   ? mg_wire_say(arena, NULL,
                                 "Mean on %g to %g, where high means much effort; lower is better.", low,
                                 high)
                   : mg_wire_say(arena, NULL,
                                 "Mean on %g to %g, where high means that it was easy; higher is better.",
                                 low, high);
    if (strcmp(formula, MG_SCORE_CSAT_MEAN) == 0)
        return mg_wire_say(arena, NULL, "Mean on %g to %g; higher is better.", low, high);
    mg_outcome_top_box(outcome, &from);
    return mg_wire_say(arena, NULL, "Percent of answers from %g to %g, on %g to %g; higher is better.", from,
                       high, low, high);
}

void mg_score_describe(struct mg_arena *arena, const struct mg_outcome *outcome, struct mg_wire_score *score)
{
    const struct words *words = find(mg_score_rule(outcome).formula);
    struct mg_wire_text *texts = mg_arena_array(arena, 2, sizeof *texts);
    struct mg_wire_scale *scale = mg_arena_alloc(arena, sizeof *scale);
    double from;
    score->formula = words->formula;
    score->unit = words->unit;
    score->has_better = outcome->kind != MG_OUTCOME_BINARY;
    score->better = outcome->effort ? MG_WIRE_SCORE_BETTER_LOWER : MG_WIRE_SCORE_BETTER_HIGHER;
    score->has_top_from =
        outcome->kind == MG_OUTCOME_CSAT && mg_outcome_top_box(outcome, &from) != MG_TOP_BOX_UNKNOWN;
    if (score->has_top_from)
        score->top_from = from;
    if (!texts || !scale)
        return; /* the arena is full: what is made of it next fails */
    *scale = (struct mg_wire_scale){.min = outcome->scale.min, .max = outcome->scale.max};
    texts[0] = name_of(arena, outcome, words);
    texts[1] = definition_of(arena, outcome, words->formula);
    score->scale = scale;
    score->name = &texts[0];
    score->definition = &texts[1];
}

/* Why there is no interval, or none that tells anything; NULL: there is one. */
static const char *why_wide(const struct mg_score *stat, enum mg_lang lang)
{
    if (stat->df < 1) /* of an SE from weights or people */
        return mg_tr(lang, "The weights leave hardly more than one response: an interval tells nothing.");
    return isfinite(stat->low) ? NULL : mg_tr(lang, "Every answer is the same: no interval can be given.");
}

const char *mg_score_note(struct mg_arena *arena, const struct mg_wire_score *score,
                          const struct mg_score *stat, enum mg_lang lang)
{
    const char *none = why_wide(stat, lang);
    if (strcmp(score->formula, MG_SCORE_CSAT_MEAN) != 0)
        return none;
    const char *open = mg_tr(lang, "The mean, because on this scale the study has to say which answers "
                                   "count as satisfied (“top”).");
    return none ? mg_arena_printf(arena, "%s %s", open, none) : open;
}

void mg_score_describe_kpi(const struct mg_wire_score *score, struct mg_wire_kpi *kpi)
{
    static const enum mg_wire_kpi_unit units[] = {[MG_WIRE_SCORE_UNIT_POINTS] = MG_WIRE_KPI_UNIT_POINTS,
                                                  [MG_WIRE_SCORE_UNIT_PERCENT] = MG_WIRE_KPI_UNIT_PERCENT,
                                                  [MG_WIRE_SCORE_UNIT_SCALE] = MG_WIRE_KPI_UNIT_SCALE,
                                                  [MG_WIRE_SCORE_UNIT_INDEX] = MG_WIRE_KPI_UNIT_INDEX};
    kpi->formula = score->formula;
    kpi->name = score->name;
    kpi->definition = score->definition;
    kpi->scale = score->scale;
    kpi->unit = units[score->unit], kpi->has_unit = true;
    kpi->has_better = score->has_better;
    kpi->better =
        score->better == MG_WIRE_SCORE_BETTER_LOWER ? MG_WIRE_KPI_BETTER_LOWER : MG_WIRE_KPI_BETTER_HIGHER;
}
