/* Lookups in a study, and the names its enums have in the file. */
#include "model/study.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "model/pair.h"

const char *mg_text_in(const struct mg_text *text, enum mg_lang lang, const char *fallback)
{
    const char *own = lang == MG_LANG_ZH ? text->zh : text->en;
    const char *other = lang == MG_LANG_ZH ? text->en : text->zh;
    return own ? own : other ? other : fallback;
}

const char *mg_outcome_kind_name(enum mg_outcome_kind kind)
{
    static const char *const names[] = {"nps", "csat", "ces", "index", "binary"};
    return names[kind];
}

const char *mg_stage_name(enum mg_stage stage)
{
    static const char *const names[] = {"before", "during", "after"};
    return names[stage];
}

double mg_study_window(const struct mg_study *study)
{
    return study->window > 0 ? study->window : MG_PAIR_WINDOW_DAYS;
}

size_t mg_study_least(const struct mg_study *study, size_t n)
{
    size_t least = (size_t)ceil(study->min_answered * (double)n - 1e-9);
    return least ? least : 1;
}

bool mg_study_has_gap(const struct mg_study *study)
{
    for (size_t i = 0; i < study->n_items; i++)
        if (study->items[i].expectation && study->items[i].perception)
            return true;
    return false;
}

size_t mg_study_find_dimension(const struct mg_study *study, const char *code)
{
    for (size_t i = 0; i < study->n_dimensions; i++)
        if (mg_str_equal(study->dimensions[i].code, code))
            return i;
    return SIZE_MAX;
}

size_t mg_study_find_touchpoint(const struct mg_study *study, const char *code)
{
    for (size_t i = 0; i < study->n_touchpoints; i++)
        if (mg_str_equal(study->touchpoints[i].code, code))
            return i;
    return SIZE_MAX;
}

size_t mg_study_find_item(const struct mg_study *study, const char *code)
{
    for (size_t i = 0; i < study->n_items; i++)
        if (mg_str_equal(study->items[i].code, code))
            return i;
    return SIZE_MAX;
}

size_t mg_study_find_outcome(const struct mg_study *study, const char *code)
{
    for (size_t i = 0; i < study->n_outcomes; i++)
        if (mg_str_equal(study->outcomes[i].code, code))
            return i;
    return SIZE_MAX;
}

const struct mg_grouping *mg_study_find_group(const struct mg_study *study, const char *code)
{
    for (size_t i = 0; i < study->n_groups; i++)
        if (mg_str_equal(study->groups[i].code, code))
            return &study->groups[i];
    return NULL;
}

const struct mg_scale *mg_item_expectation_scale(const struct mg_item *item)
{
    const struct mg_scale *own = &item->expectation_scale;
    return own->max > own->min ? own : &item->scale;
}

bool mg_item_is_rescaled(const struct mg_item *item)
{
    const struct mg_scale *from = mg_item_expectation_scale(item);
    return (item->expectation || item->adequate) &&
           (from->min != item->scale.min || from->max != item->scale.max);
}

bool mg_study_column_fits(const char *name)
{
    size_t n = strlen(name);
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)name[i] < 0x20)
            return false;
    return n > 0 && n <= MG_STUDY_COLUMN_BYTES_MAX;
}

enum mg_top_box mg_outcome_top_box(const struct mg_outcome *outcome, double *ret_from)
{
    const struct mg_scale *scale = &outcome->scale;
    double steps = scale->max - scale->min;
    if (outcome->has_top) {
        *ret_from = outcome->top;
        return MG_TOP_BOX_GIVEN;
    }
    if (scale->step != 1 || steps < 3 || steps > 6)
        return MG_TOP_BOX_UNKNOWN;
    *ret_from = scale->max - 1;
    return MG_TOP_BOX_TWO;
}
