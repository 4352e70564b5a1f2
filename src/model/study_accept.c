/* What a study must be before it is kept; see study.h. The numbers are those of service/measure/plan.c, which
 * makes the columns and scores of a report: a column counts once for each way in which it is read, and a part
 * of several items has a score for each of its sides. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "model/study.h"

#define CODE_BYTES 60                   /* of one made from a file's name */
#define ALONE (MG_STUDY_SCORES_MAX / 2) /* scores beyond which parts get none of single sides */

/* ---- how much a report needs ---- */

struct use {
    const char *column, *positive;
    struct mg_scale scale, onto; /* onto: of what is rescaled */
    bool reverse;
    double top; /* of a top box beside the answers: its lowest; else 0 */
};

struct uses {
    struct use list[4 * MG_STUDY_ITEMS_MAX + 2 * MG_STUDY_PARTS_MAX];
    size_t n;
};

static bool same_use(const struct use *a, const struct use *b)
{
    return strcmp(a->column, b->column) == 0 && a->scale.min == b->scale.min &&
           a->scale.max == b->scale.max && a->scale.step == b->scale.step && a->reverse == b->reverse &&
           a->onto.min == b->onto.min && a->onto.max == b->onto.max && a->top == b->top &&
           mg_str_equal(a->positive, b->positive);
}

static void add_use(struct uses *uses, struct use use, const char *column)
{
    use.column = column;
    for (size_t i = 0; column && i < uses->n; i++)
        if (same_use(&uses->list[i], &use))
            return;
    if (column)
        uses->list[uses->n++] = use;
}

/* NPS, csat and ces where high is good are read a second time, as what of the top box an answer reaches. */
static double top_of(const struct mg_outcome *outcome)
{
    double from = 0;
    if (outcome->kind == MG_OUTCOME_NPS)
        return 7;
    if (outcome->kind == MG_OUTCOME_CSAT || (outcome->kind == MG_OUTCOME_CES && !outcome->effort))
        mg_outcome_top_box(outcome, &from);
    return from;
}

size_t mg_study_columns_needed(const struct mg_study *study)
{
    struct uses uses = {.n = 0};
    for (size_t i = 0; i < study->n_items; i++) {
        const struct mg_item *item = &study->items[i];
        struct use perceived = {.scale = item->scale, .reverse = item->reverse};
        struct use expected = {.scale = *mg_item_expectation_scale(item), .reverse = item->reverse};
        if (mg_item_is_rescaled(item))
            expected.onto = item->scale;
        add_use(&uses, expected, item->expectation);
        add_use(&uses, perceived, item->perception);
        add_use(&uses, expected, item->adequate);
        add_use(&uses, (struct use){.scale = item->importance_scale}, item->importance);
    }
    for (size_t i = 0; i < study->n_outcomes; i++) {
        const struct mg_outcome *outcome = &study->outcomes[i];
        add_use(&uses, (struct use){.positive = outcome->positive, .scale = outcome->scale}, outcome->column);
        if (top_of(outcome) > 0)
            add_use(&uses, (struct use){.scale = outcome->scale, .top = top_of(outcome)}, outcome->column);
    }
    return uses.n;
}

static bool belongs(const struct mg_item *item, size_t dimension, size_t touchpoint)
{
    return (dimension == SIZE_MAX || item->dimension == dimension) &&
           (touchpoint == SIZE_MAX || item->touchpoint == touchpoint);
}

/* Items of a part, and the scale that they share. */
struct common {
    const struct mg_scale *scale;
    bool mixed; /* they share none */
    size_t n;
};

static void join(struct common *common, const struct mg_scale *scale)
{
    if (common->n++ == 0)
        common->scale = scale;
    common->mixed = common->mixed || common->scale->min != scale->min || common->scale->max != scale->max;
}

/* Scores of a part, `made` of others being there already. */
static size_t scores_of(const struct mg_study *study, size_t dimension, size_t touchpoint, size_t made)
{
    size_t n = 0;
    struct common pairs = {0}, perceived = {0}, expected = {0}, adequate = {0};
    for (size_t i = 0; i < study->n_items; i++) {
        const struct mg_item *item = &study->items[i];
        if (!belongs(item, dimension, touchpoint))
            continue;
        n++;
        if (item->expectation && item->perception)
            join(&pairs, &item->scale);
        if (item->perception)
            join(&perceived, &item->scale);
        if (item->expectation)
            join(&expected, &item->scale);
        if (item->adequate && item->perception)
            join(&adequate, &item->scale);
    }
    const struct common *common = pairs.n ? &pairs : perceived.n ? &perceived : &expected;
    if (n == 0 || common->mixed)
        return 0; /* no common score */
    if (n == 1 && (dimension == SIZE_MAX || touchpoint != SIZE_MAX))
        return 0; /* the part is that item; a dimension has scores of its own */
    bool zone = adequate.n > 0;
    join(&adequate, common->scale);
    size_t scores = 1 + (pairs.n ? 1 : 0) + (zone && !adequate.mixed ? 1 : 0);
    return scores + (pairs.n && made + scores < ALONE ? 2 : 0);
}

size_t mg_study_scores_needed(const struct mg_study *study)
{
    size_t n = scores_of(study, SIZE_MAX, SIZE_MAX, 0) + mg_study_has_gap(study);
    for (size_t d = 0; d < study->n_dimensions; d++)
        n += scores_of(study, d, SIZE_MAX, n);
    for (size_t t = 0; t < study->n_touchpoints; t++)
        n += scores_of(study, SIZE_MAX, t, n);
    return n;
}

static int accept_size(const struct mg_study *study, struct mg_error *error)
{
    size_t columns = mg_study_columns_needed(study), scores = mg_study_scores_needed(study);
    if (columns > MG_STUDY_COLUMNS_MAX) {
        mg_fail(error, MG_E_LIMIT, "The items and outcomes need %zu columns at once; a report can read %d.",
                columns, MG_STUDY_COLUMNS_MAX);
        mg_fail_hint(error, "Split the study in two, or leave out adequate levels and importances.");
    } else if (scores > MG_STUDY_SCORES_MAX) {
        mg_fail(error, MG_E_LIMIT,
                "The dimensions and touchpoints need %zu scores at once; a report can make %d.", scores,
                MG_STUDY_SCORES_MAX);
        mg_fail_hint(error,
                     "Put the items into fewer dimensions and touchpoints, or split the study in two.");
    } else {
        return 0;
    }
    mg_fail_at(error, columns > MG_STUDY_COLUMNS_MAX ? "/items" : "/dimensions");
    return MG_E_LIMIT;
}

/* ---- scales, waves ---- */

static bool scale_fits(const struct mg_scale *scale)
{
    double range = scale->max - scale->min;
    return isfinite(range) && scale->step <= range;
}

/* `where`: of the part whose scale it is. A scale that isn't given has no range and no step. */
static int accept_scale(const struct mg_scale *scale, const char *where, size_t i, const char *key,
                        struct mg_error *error)
{
    if (scale->max == scale->min || scale_fits(scale))
        return 0;
    mg_fail(error, MG_E_INVALID, "The scale's step %g doesn't fit between its ends %g and %g.", scale->step,
            scale->min, scale->max);
    if (*where)
        mg_fail_at(error, "%s/%zu/%s", where, i, key);
    else
        mg_fail_at(error, "/%s", key);
    return MG_E_INVALID;
}

static int accept_scales(const struct mg_study *study, struct mg_error *error)
{
    int rc = accept_scale(&study->scale, "", 0, "scale", error);
    if (!rc)
        rc = accept_scale(&study->importance_scale, "", 0, "importance_scale", error);
    if (!rc)
        rc = accept_scale(&study->expectation_scale, "", 0, "expectation_scale", error);
    for (size_t i = 0; i < study->n_items && !rc; i++)
        rc = accept_scale(&study->items[i].scale, "/items", i, "scale", error);
    for (size_t i = 0; i < study->n_items && !rc; i++)
        rc = accept_scale(&study->items[i].expectation_scale, "/items", i, "expectation_scale", error);
    for (size_t i = 0; i < study->n_items && !rc; i++)
        rc = accept_scale(&study->items[i].importance_scale, "/items", i, "importance_scale", error);
    for (size_t i = 0; i < study->n_outcomes && !rc; i++)
        rc = accept_scale(&study->outcomes[i].scale, "/outcomes", i, "scale", error);
    return rc;
}

bool mg_study_wave_fits(const char *wave)
{
    bool blank = true;
    for (const char *p = wave; *p; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7F)
            return false;
        blank = blank && *p == ' ';
    }
    return !blank && strcmp(wave, "*") != 0;
}

int mg_study_check_wave(const char *wave, struct mg_error *error)
{
    if (!wave || mg_study_wave_fits(wave))
        return 0;
    mg_fail(error, MG_E_INVALID, "A wave can't be called “%s”.", wave);
    mg_fail_hint(error, "“*” stands for all waves; give it a name of its own, such as 2026-02.");
    mg_fail_at(error, "/wave");
    return MG_E_INVALID;
}

int mg_study_accept(const struct mg_study *study, struct mg_error *error)
{
    int rc = 0;
    for (size_t i = 0; i < study->n_events && !rc; i++) {
        rc = mg_study_check_wave(study->events[i].wave, error);
        if (rc)
            mg_fail_at(error, "/events/%zu/wave", i);
    }
    if (!rc)
        rc = accept_scales(study, error);
    return rc ? rc : accept_size(study, error);
}

/* ---- codes ---- */

/* The bytes of the blank of another script that begins here; 0: none. */
static size_t foreign_blank(const char *p)
{
    static const char *const blanks[] = {"\u00A0", "\u1680", "\u2028", "\u2029",
                                         "\u202F", "\u205F", "\u3000", "\uFEFF"};
    for (size_t i = 0; i < ARRAY_LEN(blanks); i++)
        if (strncmp(p, blanks[i], strlen(blanks[i])) == 0)
            return strlen(blanks[i]);
    bool general = strncmp(p, "\xE2\x80", 2) == 0 && (unsigned char)p[2] <= 0x8F; /* U+2000 to U+200F */
    return general ? 3 : 0;
}

static bool code_letter(const char *p)
{
    unsigned char c = (unsigned char)*p;
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-_.", c) ||
           (c >= 0x80 && foreign_blank(p) == 0);
}

bool mg_study_code_fits(const char *code)
{
    for (const char *p = code; *p; p++)
        if (!code_letter(p))
            return false;
    return *code != '\0';
}

int mg_study_check_code(const char *code, struct mg_error *error)
{
    if (mg_study_code_fits(code))
        return 0;
    mg_fail(error, MG_E_INVALID, "A study's code is made of letters, digits, “-”, “_” and “.”: “%s” is not.",
            code);
    mg_fail_hint(error, "What people read is the title: that may be anything.");
    mg_fail_at(error, "/study");
    return MG_E_INVALID;
}

const char *mg_study_code_of(struct mg_arena *arena, const char *file_name)
{
    char *code =
        mg_arena_strndup(arena, file_name, mg_utf8_cut(file_name, strcspn(file_name, "."), CODE_BYTES));
    size_t n = 0;
    for (const char *p = code; p && *p; p++) {
        size_t blank = foreign_blank(p);
        code[n++] = blank || !code_letter(p) ? '-' : *p;
        p += blank ? blank - 1 : 0;
    }
    if (code)
        code[n] = '\0';
    return n ? code : "study";
}
