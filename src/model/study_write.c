/* Writes a study as the file that reads back equal: keys in schema order, defaults left out. */
#include <math.h>
#include <stdlib.h>

#include "model/jsontext.h"
#include "model/study.h"

#define LAYOUT_WIDTH 140

static void put_optional(struct mg_json_writer *out, const char *key, const char *text)
{
    if (text)
        mg_json_key_string(out, key, text);
}

static void put_text(struct mg_json_writer *out, const char *key, const struct mg_text *text)
{
    if (!text->en && !text->zh)
        return;
    mg_json_key(out, key);
    mg_json_open(out, '{');
    put_optional(out, "en", text->en);
    put_optional(out, "zh-CN", text->zh);
    mg_json_close(out, '}');
}

static void put_scale(struct mg_json_writer *out, const char *key, const struct mg_scale *scale)
{
    if (!(scale->max > scale->min))
        return;
    mg_json_key(out, key);
    mg_json_open(out, '{');
    mg_json_key_number(out, "min", scale->min);
    mg_json_key_number(out, "max", scale->max);
    if (scale->step != 1)
        mg_json_key_number(out, "step", scale->step);
    mg_json_close(out, '}');
}

static bool same_scale(const struct mg_scale *a, const struct mg_scale *b)
{
    return a->min == b->min && a->max == b->max && a->step == b->step;
}

static void put_missing(struct mg_json_writer *out, const struct mg_study *study)
{
    mg_json_key(out, "missing");
    mg_json_open(out, '{');
    mg_json_key_string(out, "rule", study->missing_rule == MG_MISSING_LISTWISE ? "listwise" : "pairwise");
    if (study->n_missing_codes) {
        mg_json_key(out, "codes");
        mg_json_open(out, '[');
        for (size_t i = 0; i < study->n_missing_codes; i++)
            mg_json_number(out, study->missing_codes[i]);
        mg_json_close(out, ']');
    }
    mg_json_key_number(out, "min_answered", study->min_answered);
    mg_json_close(out, '}');
}

static void put_dimensions(struct mg_json_writer *out, const struct mg_study *study)
{
    mg_json_key(out, "dimensions");
    mg_json_open(out, '[');
    for (size_t i = 0; i < study->n_dimensions; i++) {
        const struct mg_dimension *dimension = &study->dimensions[i];
        mg_json_open(out, '{');
        mg_json_key_string(out, "code", dimension->code);
        put_text(out, "label", &dimension->label);
        if (dimension->weight > 0)
            mg_json_key_number(out, "weight", dimension->weight);
        if (!isnan(dimension->truth))
            mg_json_key_number(out, "truth", dimension->truth);
        mg_json_close(out, '}');
    }
    mg_json_close(out, ']');
}

static void put_touchpoints(struct mg_json_writer *out, const struct mg_study *study)
{
    mg_json_key(out, "touchpoints");
    mg_json_open(out, '[');
    for (size_t i = 0; i < study->n_touchpoints; i++) {
        mg_json_open(out, '{');
        mg_json_key_string(out, "code", study->touchpoints[i].code);
        put_text(out, "label", &study->touchpoints[i].label);
        mg_json_key_string(out, "stage", mg_stage_name(study->touchpoints[i].stage));
        mg_json_close(out, '}');
    }
    mg_json_close(out, ']');
}

static void put_item(struct mg_json_writer *out, const struct mg_study *study, const struct mg_item *item)
{
    const struct mg_scale *usual =
        study->importance_scale.max > study->importance_scale.min ? &study->importance_scale : &item->scale;
    const struct mg_scale *expected = mg_item_expectation_scale(item);
    const struct mg_scale *usual_expected = study->expectation_scale.max > study->expectation_scale.min
                                                ? &study->expectation_scale
                                                : &item->scale;
    mg_json_open(out, '{');
    mg_json_key_string(out, "code", item->code);
    put_text(out, "label", &item->label);
    if (item->dimension < study->n_dimensions)
        mg_json_key_string(out, "dimension", study->dimensions[item->dimension].code);
    if (item->touchpoint < study->n_touchpoints)
        mg_json_key_string(out, "touchpoint", study->touchpoints[item->touchpoint].code);
    put_optional(out, "expectation", item->expectation);
    put_optional(out, "perception", item->perception);
    put_optional(out, "adequate", item->adequate);
    put_optional(out, "importance", item->importance);
    if (!same_scale(&item->scale, &study->scale))
        put_scale(out, "scale", &item->scale);
    if (!same_scale(&item->importance_scale, usual))
        put_scale(out, "importance_scale", &item->importance_scale);
    if ((item->expectation || item->adequate) && !same_scale(expected, usual_expected))
        put_scale(out, "expectation_scale", expected);
    if (item->reverse)
        mg_json_key_bool(out, "reverse", true);
    if (!isnan(item->truth))
        mg_json_key_number(out, "truth", item->truth);
    mg_json_close(out, '}');
}

static void put_outcomes(struct mg_json_writer *out, const struct mg_study *study)
{
    mg_json_key(out, "outcomes");
    mg_json_open(out, '[');
    for (size_t i = 0; i < study->n_outcomes; i++) {
        const struct mg_outcome *outcome = &study->outcomes[i];
        bool fixed = outcome->kind == MG_OUTCOME_NPS || outcome->kind == MG_OUTCOME_BINARY;
        mg_json_open(out, '{');
        mg_json_key_string(out, "code", outcome->code);
        put_text(out, "label", &outcome->label);
        mg_json_key_string(out, "kind", mg_outcome_kind_name(outcome->kind));
        mg_json_key_string(out, "column", outcome->column);
        if (!fixed)
            put_scale(out, "scale", &outcome->scale);
        put_optional(out, "positive", outcome->positive);
        if (outcome->has_top)
            mg_json_key_number(out, "top", outcome->top);
        if (outcome->effort)
            mg_json_key_string(out, "high_means", "effort");
        mg_json_close(out, '}');
    }
    mg_json_close(out, ']');
}

static void put_groups(struct mg_json_writer *out, const struct mg_study *study)
{
    mg_json_key(out, "groups");
    mg_json_open(out, '[');
    for (size_t i = 0; i < study->n_groups; i++) {
        mg_json_open(out, '{');
        mg_json_key_string(out, "code", study->groups[i].code);
        put_text(out, "label", &study->groups[i].label);
        mg_json_key_string(out, "column", study->groups[i].column);
        mg_json_close(out, '}');
    }
    mg_json_close(out, ']');
}

static void put_events(struct mg_json_writer *out, const struct mg_study *study)
{
    mg_json_key(out, "events");
    mg_json_open(out, '[');
    for (size_t i = 0; i < study->n_events; i++) {
        mg_json_open(out, '{');
        mg_json_key_string(out, "wave", study->events[i].wave);
        put_text(out, "label", &study->events[i].label);
        mg_json_close(out, '}');
    }
    mg_json_close(out, ']');
}

static void put_study(struct mg_json_writer *out, const struct mg_study *study)
{
    mg_json_open(out, '{');
    mg_json_key_string(out, "study", study->code);
    put_text(out, "title", &study->title);
    if (study->simulated)
        mg_json_key_bool(out, "simulated", true);
    put_scale(out, "scale", &study->scale);
    put_scale(out, "importance_scale", &study->importance_scale);
    put_scale(out, "expectation_scale", &study->expectation_scale);
    mg_json_key_string(out, "expectation_kind",
                       study->expectation_kind == MG_EXPECT_PREDICTED ? "predicted" : "desired");
    if (study->margin != MG_STUDY_MARGIN)
        mg_json_key_number(out, "margin", study->margin);
    if (study->overall == MG_OVERALL_DIMENSIONS)
        mg_json_key_string(out, "overall", "dimensions");
    put_missing(out, study);
    if (study->n_dimensions)
        put_dimensions(out, study);
    if (study->n_touchpoints)
        put_touchpoints(out, study);
    mg_json_key(out, "items");
    mg_json_open(out, '[');
    for (size_t i = 0; i < study->n_items; i++)
        put_item(out, study, &study->items[i]);
    mg_json_close(out, ']');
    if (study->n_outcomes)
        put_outcomes(out, study);
    if (study->n_groups)
        put_groups(out, study);
    if (study->n_events)
        put_events(out, study);
    put_optional(out, "wave", study->wave);
    put_optional(out, "weight", study->weight);
    put_optional(out, "customer", study->customer);
    put_optional(out, "episode", study->episode);
    put_optional(out, "time", study->time);
    put_optional(out, "id", study->id);
    if (study->window > 0)
        mg_json_key_number(out, "window", study->window);
    mg_json_close(out, '}');
}

void mg_study_write(const struct mg_study *study, struct mg_buf *out)
{
    struct mg_buf compact;
    mg_buf_init(&compact, MG_STUDY_BYTES_MAX);
    struct mg_json_writer writer = mg_json_writer(&compact);
    put_study(&writer, study);
    if (compact.failed)
        out->failed = true;
    else
        mg_jsontext_layout(compact.data, LAYOUT_WIDTH, out);
    mg_buf_done(&compact);
}
