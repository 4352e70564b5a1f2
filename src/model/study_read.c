/* Reads a study file: JSON behind tables of keys.
 *
 * Every object of the file has a table of struct field (key, required, reader, offset), in schema order;
 * spec/study.schema.json says the same and a test compares the two. Members are read in table order, not in
 * file order, so that items may name dimensions and touchpoints wherever these stand. `where` holds the JSON
 * pointer of what is being read; the first failure adds it and its line to the error. */
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "model/jsontext.h"
#include "model/pair.h"
#include "model/study.h"

#define CODE_BYTES_MAX 64
#define TEXT_BYTES_MAX 2000

struct reader {
    struct mg_arena *arena;
    const char *text;
    size_t n;
    char where[160];
    struct mg_study *study;
    struct mg_error *error;
};

typedef int read_value(struct reader *r, const json_t *json, void *ret);

struct field {
    const char *key;
    bool required;
    read_value *read;
    size_t at;
};

/* Adds line and pointer to the error just filled. */
static int fail_here(struct reader *r, int rc)
{
    mg_fail_at(r->error, "line %d, %s", mg_jsontext_line(r->text, r->n, r->where),
               *r->where ? r->where : "/");
    return rc;
}

/* Moves `where` down by a key or an index; returns the length to go back to. */
static size_t enter(struct reader *r, const char *key, size_t index)
{
    size_t n = strlen(r->where);
    if (key)
        snprintf(r->where + n, sizeof r->where - n, "/%.64s", key);
    else
        snprintf(r->where + n, sizeof r->where - n, "/%zu", index);
    return n;
}

static void leave(struct reader *r, size_t n)
{
    r->where[n] = '\0';
}

static int expected(struct reader *r, const char *what)
{
    return fail_here(
        r, mg_fail(r->error, MG_E_INVALID, "The study has the wrong kind of value: %s is wanted.", what));
}

/* ---- scalars ---- */

static int read_bounded(struct reader *r, const json_t *json, size_t most, const char **ret)
{
    if (!json_is_string(json))
        return expected(r, mg_tr(r->error->lang, "a text"));
    const char *text = json_string_value(json);
    size_t n = json_string_length(json);
    if (n == 0 || n > most)
        return fail_here(r,
                         mg_fail(r->error, MG_E_INVALID, "A text of 1 to %zu bytes is wanted here.", most));
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)text[i] < 0x20)
            return fail_here(r, mg_fail(r->error, MG_E_INVALID, "The text holds a control character."));
    *ret = mg_arena_strndup(r->arena, text, n);
    return *ret ? 0 : mg_fail_memory(r->error);
}

static int read_code(struct reader *r, const json_t *json, void *ret)
{
    return read_bounded(r, json, CODE_BYTES_MAX, ret);
}

static int read_column(struct reader *r, const json_t *json, void *ret)
{
    return read_bounded(r, json, MG_STUDY_COLUMN_BYTES_MAX, ret);
}

static int read_number(struct reader *r, const json_t *json, void *ret)
{
    if (!json_is_number(json))
        return expected(r, mg_tr(r->error->lang, "a number"));
    *(double *)ret = json_number_value(json) + 0.0; /* no negative zero */
    return 0;
}

static int read_bool(struct reader *r, const json_t *json, void *ret)
{
    if (!json_is_boolean(json))
        return expected(r, "true / false");
    *(bool *)ret = json_is_true(json);
    return 0;
}

/* Index of the text among `names`; the message lists them. */
static int read_choice(struct reader *r, const json_t *json, const char *const *names, size_t n, int *ret)
{
    char list[160] = "";
    for (size_t i = 0; i < n; i++) {
        if (json_is_string(json) && strcmp(json_string_value(json), names[i]) == 0) {
            *ret = (int)i;
            return 0;
        }
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "", names[i]);
    }
    return fail_here(r, mg_fail(r->error, MG_E_INVALID, "One of these is wanted here: %s.", list));
}

static int read_stage(struct reader *r, const json_t *json, void *ret)
{
    static const char *const names[] = {"before", "during", "after"};
    int value = 0, rc = read_choice(r, json, names, ARRAY_LEN(names), &value);
    *(enum mg_stage *)ret = (enum mg_stage)value;
    return rc;
}

static int read_outcome_kind(struct reader *r, const json_t *json, void *ret)
{
    static const char *const names[] = {"nps", "csat", "ces", "index", "binary"};
    int value = 0, rc = read_choice(r, json, names, ARRAY_LEN(names), &value);
    *(enum mg_outcome_kind *)ret = (enum mg_outcome_kind)value;
    return rc;
}

static int read_direction(struct reader *r, const json_t *json, void *ret)
{
    static const char *const names[] = {"easy", "effort"};
    int value = 0, rc = read_choice(r, json, names, ARRAY_LEN(names), &value);
    *(bool *)ret = value == 1;
    return rc;
}

static int read_expectation_kind(struct reader *r, const json_t *json, void *ret)
{
    static const char *const names[] = {"desired", "predicted"};
    int value = 0, rc = read_choice(r, json, names, ARRAY_LEN(names), &value);
    *(enum mg_expectation_kind *)ret = (enum mg_expectation_kind)value;
    return rc;
}

static int read_missing_rule(struct reader *r, const json_t *json, void *ret)
{
    static const char *const names[] = {"pairwise", "listwise"};
    int value = 0, rc = read_choice(r, json, names, ARRAY_LEN(names), &value);
    *(enum mg_missing_rule *)ret = (enum mg_missing_rule)value;
    return rc;
}

static int read_overall(struct reader *r, const json_t *json, void *ret)
{
    static const char *const names[] = {"items", "dimensions"};
    int value = 0, rc = read_choice(r, json, names, ARRAY_LEN(names), &value);
    *(enum mg_overall_rule *)ret = (enum mg_overall_rule)value;
    return rc;
}

/* ---- objects and arrays ---- */

static int unknown_key(struct reader *r, const struct field *fields, size_t n, const char *key)
{
    size_t best = n, distance = 4;
    for (size_t i = 0; i < n; i++) {
        size_t d = mg_str_distance(key, fields[i].key);
        if (d < distance) {
            distance = d;
            best = i;
        }
    }
    int rc = mg_fail(r->error, MG_E_INVALID, "The study has an unknown key “%.60s”.", key);
    if (best < n)
        mg_fail_hint(r->error, "Did you mean “%s”?", fields[best].key);
    enter(r, key, 0);
    return fail_here(r, rc);
}

static int read_object(struct reader *r, const json_t *json, const struct field *fields, size_t n, void *ret)
{
    if (!json_is_object(json))
        return expected(r, mg_tr(r->error->lang, "an object {…}"));
    for (void *it = json_object_iter((json_t *)json); it; it = json_object_iter_next((json_t *)json, it)) {
        const char *key = json_object_iter_key(it);
        size_t i = 0;
        while (i < n && strcmp(fields[i].key, key) != 0)
            i++;
        if (i == n)
            return unknown_key(r, fields, n, key);
    }
    for (size_t i = 0; i < n; i++) {
        const json_t *value = json_object_get(json, fields[i].key);
        if (!value && fields[i].required)
            return fail_here(r,
                             mg_fail(r->error, MG_E_INVALID, "The key “%s” is missing here.", fields[i].key));
        if (!value)
            continue;
        size_t back = enter(r, fields[i].key, 0);
        int rc = fields[i].read(r, value, (char *)ret + fields[i].at);
        if (rc)
            return rc;
        leave(r, back);
    }
    return 0;
}

/* Reads every element with `read` into a new array of `size`-byte elements. */
static int read_array(struct reader *r, const json_t *json, size_t most, size_t size, read_value *read,
                      const void **ret_array, size_t *ret_n)
{
    if (!json_is_array(json))
        return expected(r, mg_tr(r->error->lang, "an array […]"));
    size_t n = json_array_size(json);
    if (n > most)
        return fail_here(
            r, mg_fail(r->error, MG_E_LIMIT, "There are %zu entries; at most %zu are allowed.", n, most));
    char *array = mg_arena_array(r->arena, n ? n : 1, size);
    if (!array)
        return mg_fail_memory(r->error);
    for (size_t i = 0; i < n; i++) {
        size_t back = enter(r, NULL, i);
        int rc = read(r, json_array_get(json, i), array + i * size);
        if (rc)
            return rc;
        leave(r, back);
    }
    *ret_array = array;
    *ret_n = n;
    return 0;
}

static int read_label_text(struct reader *r, const json_t *json, void *ret)
{
    return read_bounded(r, json, TEXT_BYTES_MAX, ret);
}

/* "text" (the same in both languages) or {"en": …, "zh-CN": …}. */
static int read_text(struct reader *r, const json_t *json, void *ret)
{
    static const struct field fields[] = {
        {"en", false, read_label_text, offsetof(struct mg_text, en)},
        {"zh-CN", false, read_label_text, offsetof(struct mg_text, zh)},
    };
    if (json_is_string(json))
        return read_label_text(r, json, &((struct mg_text *)ret)->en);
    return read_object(r, json, fields, ARRAY_LEN(fields), ret);
}

static int read_scale(struct reader *r, const json_t *json, void *ret)
{
    static const struct field fields[] = {
        {"min", true, read_number, offsetof(struct mg_scale, min)},
        {"max", true, read_number, offsetof(struct mg_scale, max)},
        {"step", false, read_number, offsetof(struct mg_scale, step)},
    };
    struct mg_scale *scale = ret;
    scale->step = 1;
    int rc = read_object(r, json, fields, ARRAY_LEN(fields), scale);
    if (rc)
        return rc;
    if (!(scale->min < scale->max) || scale->step < 0)
        return fail_here(
            r, mg_fail(r->error, MG_E_INVALID, "A scale needs min below max and a step of 0 or more."));
    if (scale->step == 0)
        return 0;
    double points = (scale->max - scale->min) / scale->step + 1;
    if (points > MG_SCALE_POINTS_MAX || fabs(points - round(points)) > 1e-9)
        return fail_here(r,
                         mg_fail(r->error, MG_E_INVALID,
                                 "A scale has 2 to %d points that its step reaches exactly; this one has %g. "
                                 "A continuous scale has step 0.",
                                 MG_SCALE_POINTS_MAX, points));
    return 0;
}

static int read_missing_codes(struct reader *r, const json_t *json, void *ret)
{
    (void)ret;
    const void *codes = NULL;
    int rc = read_array(r, json, MG_STUDY_CODES_MAX, sizeof(double), read_number, &codes,
                        &r->study->n_missing_codes);
    r->study->missing_codes = rc ? NULL : codes;
    return rc;
}

static int read_min_answered(struct reader *r, const json_t *json, void *ret)
{
    int rc = read_number(r, json, ret);
    if (!rc && !(r->study->min_answered >= 0 && r->study->min_answered <= 1))
        return fail_here(r, mg_fail(r->error, MG_E_INVALID, "A share from 0 to 1 is wanted here."));
    return rc;
}

static int read_missing(struct reader *r, const json_t *json, void *ret)
{
    static const struct field fields[] = {
        {"rule", false, read_missing_rule, offsetof(struct mg_study, missing_rule)},
        {"codes", false, read_missing_codes, 0},
        {"min_answered", false, read_min_answered, offsetof(struct mg_study, min_answered)},
    };
    (void)ret;
    return read_object(r, json, fields, ARRAY_LEN(fields), r->study);
}

static int read_margin(struct reader *r, const json_t *json, void *ret)
{
    int rc = read_number(r, json, ret);
    if (!rc && !(r->study->margin > 0 && r->study->margin <= 10))
        return fail_here(r, mg_fail(r->error, MG_E_INVALID,
                                    "A number of standard deviations above 0 and up to 10 is wanted here."));
    return rc;
}

static int duplicate(struct reader *r, const char *what)
{
    return fail_here(r, mg_fail(r->error, MG_E_INVALID, "“%s” stands here for the second time.", what));
}

static int read_dimension_weight(struct reader *r, const json_t *json, void *ret)
{
    int rc = read_number(r, json, ret);
    if (!rc && !(*(double *)ret > 0 && *(double *)ret <= 1e6))
        return fail_here(r, mg_fail(r->error, MG_E_INVALID, "A weight must be above 0."));
    return rc;
}

static int read_window(struct reader *r, const json_t *json, void *ret)
{
    int rc = read_number(r, json, ret);
    if (!rc && !(*(double *)ret > 0 && *(double *)ret <= MG_PAIR_WINDOW_DAYS_MAX))
        return fail_here(r, mg_fail(r->error, MG_E_INVALID,
                                    "The window is a number of days above 0, at most %g.",
                                    MG_PAIR_WINDOW_DAYS_MAX));
    return rc;
}

static int read_dimension(struct reader *r, const json_t *json, void *ret)
{
    static const struct field fields[] = {
        {"code", true, read_code, offsetof(struct mg_dimension, code)},
        {"label", false, read_text, offsetof(struct mg_dimension, label)},
        {"weight", false, read_dimension_weight, offsetof(struct mg_dimension, weight)},
        {"truth", false, read_number, offsetof(struct mg_dimension, truth)},
    };
    ((struct mg_dimension *)ret)->truth = NAN;
    return read_object(r, json, fields, ARRAY_LEN(fields), ret);
}

static int read_touchpoint(struct reader *r, const json_t *json, void *ret)
{
    static const struct field fields[] = {
        {"code", true, read_code, offsetof(struct mg_touchpoint, code)},
        {"label", false, read_text, offsetof(struct mg_touchpoint, label)},
        {"stage", false, read_stage, offsetof(struct mg_touchpoint, stage)},
    };
    ((struct mg_touchpoint *)ret)->stage = MG_STAGE_DURING;
    return read_object(r, json, fields, ARRAY_LEN(fields), ret);
}

static int read_dimension_code(struct reader *r, const json_t *json, void *ret)
{
    const char *code;
    int rc = read_code(r, json, &code);
    if (rc)
        return rc;
    *(size_t *)ret = mg_study_find_dimension(r->study, code);
    if (*(size_t *)ret == SIZE_MAX)
        return fail_here(r, mg_fail(r->error, MG_E_INVALID,
                                    "There is no dimension “%s” among the study's dimensions.", code));
    return 0;
}

static int read_touchpoint_code(struct reader *r, const json_t *json, void *ret)
{
    const char *code;
    int rc = read_code(r, json, &code);
    if (rc)
        return rc;
    *(size_t *)ret = mg_study_find_touchpoint(r->study, code);
    if (*(size_t *)ret == SIZE_MAX)
        return fail_here(r, mg_fail(r->error, MG_E_INVALID,
                                    "There is no touchpoint “%s” among the study's touchpoints.", code));
    return 0;
}

static bool has_scale(const struct mg_scale *scale)
{
    return scale->max > scale->min;
}

static bool same_scale(const struct mg_scale *a, const struct mg_scale *b)
{
    return a->min == b->min && a->max == b->max && a->step == b->step;
}

/* The item's, else the study's; none where it says no more than the item's scale. */
static int take_expectation_scale(struct reader *r, struct mg_item *item)
{
    bool asked = item->expectation || item->adequate;
    if (has_scale(&item->expectation_scale) && !asked)
        return fail_here(r, mg_fail(r->error, MG_E_INVALID,
                                    "Item “%s” has a scale of its expectation, but no column for it.",
                                    item->code));
    if (!has_scale(&item->expectation_scale) && asked)
        item->expectation_scale = r->study->expectation_scale;
    if (same_scale(&item->expectation_scale, &item->scale))
        item->expectation_scale = (struct mg_scale){0};
    return 0;
}

static int take_scales(struct reader *r, struct mg_item *item)
{
    if (!has_scale(&item->scale)) {
        if (!has_scale(&r->study->scale))
            return fail_here(
                r, mg_fail(r->error, MG_E_INVALID, "Item “%s” has no scale, nor has the study.", item->code));
        item->scale = r->study->scale;
    }
    if (!has_scale(&item->importance_scale))
        item->importance_scale =
            has_scale(&r->study->importance_scale) ? r->study->importance_scale : item->scale;
    return take_expectation_scale(r, item);
}

static int read_item(struct reader *r, const json_t *json, void *ret)
{
    static const struct field fields[] = {
        {"code", true, read_code, offsetof(struct mg_item, code)},
        {"label", false, read_text, offsetof(struct mg_item, label)},
        {"dimension", false, read_dimension_code, offsetof(struct mg_item, dimension)},
        {"touchpoint", false, read_touchpoint_code, offsetof(struct mg_item, touchpoint)},
        {"expectation", false, read_column, offsetof(struct mg_item, expectation)},
        {"perception", false, read_column, offsetof(struct mg_item, perception)},
        {"adequate", false, read_column, offsetof(struct mg_item, adequate)},
        {"importance", false, read_column, offsetof(struct mg_item, importance)},
        {"scale", false, read_scale, offsetof(struct mg_item, scale)},
        {"importance_scale", false, read_scale, offsetof(struct mg_item, importance_scale)},
        {"expectation_scale", false, read_scale, offsetof(struct mg_item, expectation_scale)},
        {"reverse", false, read_bool, offsetof(struct mg_item, reverse)},
        {"truth", false, read_number, offsetof(struct mg_item, truth)},
    };
    struct mg_item *item = ret;
    *item = (struct mg_item){.dimension = SIZE_MAX, .touchpoint = SIZE_MAX, .truth = NAN};
    int rc = read_object(r, json, fields, ARRAY_LEN(fields), item);
    if (rc)
        return rc;
    if (!item->expectation && !item->perception)
        return fail_here(r, mg_fail(r->error, MG_E_INVALID,
                                    "Item “%s” needs a column for its perception, its expectation or both.",
                                    item->code));
    return take_scales(r, item);
}

/* The scale an outcome has unless its entry says otherwise; none for csat, ces and index without a study
 * scale. */
static struct mg_scale usual_scale(const struct mg_study *study, enum mg_outcome_kind kind)
{
    if (kind == MG_OUTCOME_NPS)
        return (struct mg_scale){0, 10, 1};
    if (kind == MG_OUTCOME_BINARY)
        return (struct mg_scale){0, 1, 1};
    return study->scale;
}

/* A top box belongs to CSAT and CES and lies on the scale, above its lowest answer; a direction to CES. */
static int check_box(struct reader *r, const json_t *json, const struct mg_outcome *outcome)
{
    bool ces = outcome->kind == MG_OUTCOME_CES;
    if (json_object_get(json, "high_means") && !ces)
        return fail_here(
            r, mg_fail(r->error, MG_E_INVALID, "Only a ces outcome says what a high answer means."));
    if (!outcome->has_top)
        return 0;
    if (outcome->kind != MG_OUTCOME_CSAT && !ces)
        return fail_here(r, mg_fail(r->error, MG_E_INVALID, "Only csat and ces outcomes have a top box."));
    if (!(outcome->top > outcome->scale.min && outcome->top <= outcome->scale.max))
        return fail_here(
            r, mg_fail(r->error, MG_E_INVALID,
                       "The top box begins above the scale's minimum %g and not above its maximum %g.",
                       outcome->scale.min, outcome->scale.max));
    return 0;
}

static int read_outcome(struct reader *r, const json_t *json, void *ret)
{
    static const struct field fields[] = {
        {"code", true, read_code, offsetof(struct mg_outcome, code)},
        {"label", false, read_text, offsetof(struct mg_outcome, label)},
        {"kind", true, read_outcome_kind, offsetof(struct mg_outcome, kind)},
        {"column", true, read_column, offsetof(struct mg_outcome, column)},
        {"scale", false, read_scale, offsetof(struct mg_outcome, scale)},
        {"positive", false, read_column, offsetof(struct mg_outcome, positive)},
        {"top", false, read_number, offsetof(struct mg_outcome, top)},
        {"high_means", false, read_direction, offsetof(struct mg_outcome, effort)},
    };
    struct mg_outcome *outcome = ret;
    int rc = read_object(r, json, fields, ARRAY_LEN(fields), outcome);
    if (rc)
        return rc;
    outcome->has_top = json_object_get(json, "top") != NULL;
    if (!has_scale(&outcome->scale))
        outcome->scale = usual_scale(r->study, outcome->kind);
    if (!has_scale(&outcome->scale))
        return fail_here(r, mg_fail(r->error, MG_E_INVALID, "Outcome “%s” has no scale, nor has the study.",
                                    outcome->code));
    const struct mg_scale *scale = &outcome->scale;
    if (outcome->kind == MG_OUTCOME_NPS && (scale->min != 0 || scale->max != 10 || scale->step != 1))
        return fail_here(
            r, mg_fail(r->error, MG_E_INVALID, "The net promoter score is defined on 0 to 10 only."));
    if (outcome->kind == MG_OUTCOME_BINARY && (scale->min != 0 || scale->max != 1))
        return fail_here(
            r, mg_fail(r->error, MG_E_INVALID, "A binary outcome is 0 or 1, or names its positive text."));
    if (outcome->positive && outcome->kind != MG_OUTCOME_BINARY)
        return fail_here(r, mg_fail(r->error, MG_E_INVALID, "Only a binary outcome has a positive text."));
    return check_box(r, json, outcome);
}

static int read_group(struct reader *r, const json_t *json, void *ret)
{
    static const struct field fields[] = {
        {"code", false, read_code, offsetof(struct mg_grouping, code)},
        {"label", false, read_text, offsetof(struct mg_grouping, label)},
        {"column", true, read_column, offsetof(struct mg_grouping, column)},
    };
    struct mg_grouping *group = ret;
    int rc = read_object(r, json, fields, ARRAY_LEN(fields), group);
    if (!rc && !group->code)
        group->code = group->column;
    if (!rc && strcmp(group->code, "wave") == 0)
        return fail_here(r, mg_fail(r->error, MG_E_INVALID,
                                    "“wave” is kept for the study's waves; give the group another code."));
    return rc;
}

static int read_event(struct reader *r, const json_t *json, void *ret)
{
    static const struct field fields[] = {
        {"wave", true, read_column, offsetof(struct mg_study_event, wave)},
        {"label", true, read_text, offsetof(struct mg_study_event, label)},
    };
    return read_object(r, json, fields, ARRAY_LEN(fields), ret);
}

/* ---- the study's arrays; all elements begin with their code ---- */

static int check_codes(struct reader *r, const void *array, size_t n, size_t size)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) {
            const char *a = *(const char *const *)((const char *)array + i * size);
            const char *b = *(const char *const *)((const char *)array + j * size);
            if (strcmp(a, b) == 0) {
                enter(r, NULL, i);
                return duplicate(r, a);
            }
        }
    return 0;
}

_Static_assert(offsetof(struct mg_dimension, code) == 0 && offsetof(struct mg_touchpoint, code) == 0 &&
                   offsetof(struct mg_item, code) == 0 && offsetof(struct mg_outcome, code) == 0 &&
                   offsetof(struct mg_grouping, code) == 0,
               "check_codes reads the code at offset 0");

static int read_coded(struct reader *r, const json_t *json, size_t most, size_t size, read_value *read,
                      const void **ret_array, size_t *ret_n)
{
    int rc = read_array(r, json, most, size, read, ret_array, ret_n);
    return rc ? rc : check_codes(r, *ret_array, *ret_n, size);
}

static int read_dimensions(struct reader *r, const json_t *json, void *ret)
{
    (void)ret;
    const void *array = NULL;
    size_t n = 0;
    int rc = read_coded(r, json, MG_STUDY_PARTS_MAX, sizeof(struct mg_dimension), read_dimension, &array, &n);
    if (rc)
        return rc;
    r->study->dimensions = array;
    r->study->n_dimensions = n;
    size_t weighted = 0;
    for (size_t i = 0; i < n; i++)
        weighted += r->study->dimensions[i].weight > 0;
    if (weighted != 0 && weighted != n)
        return fail_here(r,
                         mg_fail(r->error, MG_E_INVALID, "Either all dimensions have a weight or none has."));
    return 0;
}

static int read_touchpoints(struct reader *r, const json_t *json, void *ret)
{
    (void)ret;
    const void *array = NULL;
    int rc = read_coded(r, json, MG_STUDY_PARTS_MAX, sizeof(struct mg_touchpoint), read_touchpoint, &array,
                        &r->study->n_touchpoints);
    r->study->touchpoints = rc ? NULL : array;
    return rc;
}

/* A column answers one question: it can't be the perception of one item and the expectation of another. */
static int check_item_columns(struct reader *r)
{
    const char *seen[3 * MG_STUDY_ITEMS_MAX];
    size_t n = 0;
    for (size_t i = 0; i < r->study->n_items; i++) {
        const struct mg_item *item = &r->study->items[i];
        const struct {
            const char *key, *column;
        } sides[] = {{"expectation", item->expectation},
                     {"perception", item->perception},
                     {"adequate", item->adequate}};
        for (size_t s = 0; s < ARRAY_LEN(sides); s++) {
            if (!sides[s].column)
                continue;
            for (size_t j = 0; j < n; j++)
                if (strcmp(seen[j], sides[s].column) == 0) {
                    enter(r, NULL, i);
                    enter(r, sides[s].key, 0);
                    return duplicate(r, sides[s].column);
                }
            seen[n++] = sides[s].column;
        }
    }
    if (n > MG_STUDY_COLUMNS_MAX)
        return fail_here(r,
                         mg_fail(r->error, MG_E_LIMIT, "The items use %zu columns; at most %d are allowed.",
                                 n, MG_STUDY_COLUMNS_MAX));
    return 0;
}

static int read_items(struct reader *r, const json_t *json, void *ret)
{
    (void)ret;
    const void *array = NULL;
    size_t n = 0;
    int rc = read_coded(r, json, MG_STUDY_ITEMS_MAX, sizeof(struct mg_item), read_item, &array, &n);
    if (rc)
        return rc;
    if (n == 0)
        return fail_here(r, mg_fail(r->error, MG_E_INVALID, "A study needs at least one item."));
    r->study->items = array;
    r->study->n_items = n;
    return check_item_columns(r);
}

static int read_outcomes(struct reader *r, const json_t *json, void *ret)
{
    (void)ret;
    const void *array = NULL;
    int rc = read_coded(r, json, MG_STUDY_PARTS_MAX, sizeof(struct mg_outcome), read_outcome, &array,
                        &r->study->n_outcomes);
    r->study->outcomes = rc ? NULL : array;
    return rc;
}

static int read_groups(struct reader *r, const json_t *json, void *ret)
{
    (void)ret;
    const void *array = NULL;
    int rc = read_coded(r, json, MG_STUDY_PARTS_MAX, sizeof(struct mg_grouping), read_group, &array,
                        &r->study->n_groups);
    r->study->groups = rc ? NULL : array;
    return rc;
}

static int read_events(struct reader *r, const json_t *json, void *ret)
{
    (void)ret;
    const void *array = NULL;
    int rc = read_array(r, json, MG_STUDY_PARTS_MAX, sizeof(struct mg_study_event), read_event, &array,
                        &r->study->n_events);
    r->study->events = rc ? NULL : array;
    return rc;
}

static const struct field study_fields[] = {
    {"study", true, read_code, offsetof(struct mg_study, code)},
    {"title", false, read_text, offsetof(struct mg_study, title)},
    {"simulated", false, read_bool, offsetof(struct mg_study, simulated)},
    {"scale", false, read_scale, offsetof(struct mg_study, scale)},
    {"importance_scale", false, read_scale, offsetof(struct mg_study, importance_scale)},
    {"expectation_scale", false, read_scale, offsetof(struct mg_study, expectation_scale)},
    {"expectation_kind", false, read_expectation_kind, offsetof(struct mg_study, expectation_kind)},
    {"margin", false, read_margin, offsetof(struct mg_study, margin)},
    {"overall", false, read_overall, offsetof(struct mg_study, overall)},
    {"missing", false, read_missing, 0},
    {"dimensions", false, read_dimensions, 0},
    {"touchpoints", false, read_touchpoints, 0},
    {"items", true, read_items, 0},
    {"outcomes", false, read_outcomes, 0},
    {"groups", false, read_groups, 0},
    {"events", false, read_events, 0},
    {"wave", false, read_column, offsetof(struct mg_study, wave)},
    {"weight", false, read_column, offsetof(struct mg_study, weight)},
    {"customer", false, read_column, offsetof(struct mg_study, customer)},
    {"episode", false, read_column, offsetof(struct mg_study, episode)},
    {"time", false, read_column, offsetof(struct mg_study, time)},
    {"id", false, read_column, offsetof(struct mg_study, id)},
    {"window", false, read_window, offsetof(struct mg_study, window)},
};

int mg_study_parse(struct mg_arena *arena, const char *text, size_t n, const struct mg_study **ret_study,
                   struct mg_error *error)
{
    struct mg_error own = {0};
    struct reader r = {.arena = arena, .text = text, .n = n, .error = error ? error : &own};
    json_t *json = mg_json_parse(text, n, MG_STUDY_BYTES_MAX, r.error);
    if (!json)
        return r.error->code;
    int rc = MG_E_NO_MEMORY;
    struct mg_study *study = mg_arena_alloc(arena, sizeof *study);
    if (!study) {
        mg_fail_memory(r.error);
        goto out;
    }
    study->min_answered = 0.5;
    study->margin = MG_STUDY_MARGIN;
    r.study = study;
    rc = read_object(&r, json, study_fields, ARRAY_LEN(study_fields), study);
    if (rc == 0)
        *ret_study = study;
out:
    json_decref(json);
    return rc;
}
