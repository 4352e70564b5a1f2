/* See last_profile.h. */
#include "service/listen/last_profile.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/json.h"
#include "base/str.h"

#define VERSION 1

void mg_last_hash(const char *name, char ret_text[17])
{
    snprintf(ret_text, 17, "%016" PRIx64, mg_hash_text(MG_HASH_START, name));
}

/* --- of a file --- */

/* Texts with the numbers that they count as; none where there are too many to be compared. */
static int take_labels(struct mg_arena *arena, const struct mg_reading *reading,
                       struct mg_last_column *column, struct mg_error *error)
{
    if (reading->kind != MG_CELLS_NUMBER || reading->n_labels > MG_LAST_LABELS_MAX)
        return 0;
    struct mg_cell_label *labels = mg_arena_array(arena, reading->n_labels, sizeof *labels);
    if (!labels)
        return mg_fail_memory(error);
    for (size_t i = 0; i < reading->n_labels; i++)
        if (strlen(reading->labels[i].text) <= MG_LAST_LABEL_BYTES && isfinite(reading->labels[i].value)) {
            char *text = mg_arena_strdup(arena, reading->labels[i].text);
            if (!text)
                return mg_fail_memory(error);
            labels[column->n_labels++] = (struct mg_cell_label){text, reading->labels[i].value};
        }
    column->labels = labels;
    return 0;
}

/* The mean where all different texts are counted, which those of ratings are. Of fewer than
 * MG_LAST_ANSWERS_LEAST nothing: it would be what somebody answered. */
static void take_numbers(const struct mg_reading *reading, const struct mg_cell_facts *facts,
                         const struct mg_field *field, struct mg_last_column *column)
{
    double sum = 0, number;
    int64_t n = 0;
    if (reading->kind != MG_CELLS_NUMBER || column->n < MG_LAST_ANSWERS_LEAST)
        return;
    if (!facts->values_complete) {
        column->min = facts->min;
        column->max = facts->max;
    }
    for (size_t i = 0; i < facts->n_values && facts->values_complete; i++) {
        const struct mg_cell_count *value = &facts->values[i];
        if (mg_cell_read(reading, value->text, strlen(value->text), &number) != MG_READ_VALUE ||
            mg_answer_is_code(&field->rule, number))
            continue;
        column->min = fmin(column->min, number); /* of NAN and a number: the number */
        column->max = fmax(column->max, number);
        sum += number * (double)value->n;
        n += value->n;
    }
    if (n >= MG_LAST_ANSWERS_LEAST)
        column->mean = sum / (double)n;
    else if (facts->values_complete)
        column->min = column->max = NAN;
}

static const char *kind_name(enum mg_cell_kind kind)
{
    static const char *const names[MG_CELL_KINDS] = {"text", "number", "time", "choices"};
    return names[kind];
}

static const char *cut(struct mg_arena *arena, const char *text)
{
    size_t n = strlen(text);
    char *copy = mg_arena_alloc(arena, (n < MG_LAST_QUESTION_BYTES ? n : MG_LAST_QUESTION_BYTES) + 4);
    if (copy)
        mg_str_cut(text, n, MG_LAST_QUESTION_BYTES, copy);
    return copy;
}

int mg_last_column_of(struct mg_arena *arena, const struct mg_exchange *file, size_t column,
                      const struct mg_field *field, struct mg_last_column *ret, struct mg_error *error)
{
    struct mg_last_column found = {.name = file->columns[column],
                                   .given = file->given[column],
                                   .target = field ? field->column : NULL,
                                   .min = NAN,
                                   .max = NAN,
                                   .mean = NAN};
    found.label = file->labels[column] ? cut(arena, file->labels[column]) : NULL;
    if (file->labels[column] && !found.label)
        return mg_fail_memory(error);
    const struct mg_reading *reading = file->readings ? &file->readings[column] : NULL;
    const struct mg_cell_facts *facts = file->facts ? &file->facts[column] : NULL;
    bool numbers = field && field->type != MG_TYPE_TEXT && reading && facts;
    int rc = numbers ? take_labels(arena, reading, &found, error) : 0;
    found.kind = reading ? kind_name(reading->kind) : NULL;
    found.n = facts ? facts->n - facts->n_missing : 0;
    if (numbers)
        take_numbers(reading, facts, field, &found);
    *ret = found;
    return rc;
}

/* What somebody told, but for columns that the study didn't take. */
static int take_reading(struct mg_arena *arena, const struct mg_last_profile *profile,
                        const struct mg_wire_reading *from, const struct mg_wire_reading **ret,
                        struct mg_error *error)
{
    struct mg_wire_reading *reading = mg_arena_alloc(arena, sizeof *reading);
    struct mg_wire_reading_column *columns = mg_arena_array(arena, from->n_columns, sizeof *columns);
    if (!reading || !columns)
        return mg_fail_memory(error);
    *reading = *from;
    reading->columns = columns;
    reading->n_columns = 0;
    for (size_t i = 0; i < from->n_columns; i++)
        for (size_t c = 0; c < profile->n_columns; c++)
            if (strcmp(from->columns[i].column, profile->columns[c].name) == 0) {
                columns[reading->n_columns++] = from->columns[i];
                break;
            }
    *ret = reading;
    return 0;
}

static bool is_taken(const struct mg_target *target)
{
    return target->field != SIZE_MAX || target->wave || target->weight || target->customer || target->time;
}

int mg_last_profile_of(struct mg_arena *arena, const struct mg_import_source *source,
                       const struct mg_wire_reading *reading, struct mg_last_profile *ret,
                       struct mg_error *error)
{
    const struct mg_fields *fields = &source->study->fields;
    struct mg_last_profile profile = {0};
    struct mg_last_column *columns = mg_arena_array(arena, source->n_columns, sizeof *columns);
    const char **others = mg_arena_array(arena, source->n_columns, sizeof *others);
    int rc = columns && others ? 0 : mg_fail_memory(error);
    for (size_t i = 0; i < source->n_columns && !rc; i++) {
        const struct mg_target *target = &source->targets[i];
        char hash[17];
        if (is_taken(target)) {
            const struct mg_field *field = target->field == SIZE_MAX ? NULL : &fields->fields[target->field];
            rc = mg_last_column_of(arena, source->file, i, field, &columns[profile.n_columns++], error);
            continue;
        }
        mg_last_hash(source->columns[i], hash);
        others[profile.n_others] = mg_arena_strdup(arena, hash);
        rc = others[profile.n_others++] ? 0 : mg_fail_memory(error);
    }
    profile.columns = columns;
    profile.others = others;
    if (!rc && reading)
        rc = take_reading(arena, &profile, reading, &profile.reading, error);
    if (!rc)
        *ret = profile;
    return rc;
}

/* --- writing --- */

static void put_text(struct mg_json_writer *out, const char *key, const char *text)
{
    if (text)
        mg_json_key_string(out, key, text);
}

static void put_number(struct mg_json_writer *out, const char *key, double number)
{
    if (!isnan(number))
        mg_json_key_number(out, key, number);
}

static void put_column(struct mg_json_writer *out, const struct mg_last_column *column)
{
    mg_json_open(out, '{');
    mg_json_key_string(out, "name", column->name);
    put_text(out, "given", column->given);
    put_text(out, "label", column->label);
    put_text(out, "target", column->target);
    put_text(out, "kind", column->kind);
    mg_json_key_int(out, "n", column->n);
    put_number(out, "min", column->min);
    put_number(out, "max", column->max);
    put_number(out, "mean", column->mean);
    mg_json_key(out, "labels");
    mg_json_open(out, '[');
    for (size_t i = 0; i < column->n_labels; i++) {
        mg_json_string(out, column->labels[i].text);
        mg_json_number(out, column->labels[i].value);
    }
    mg_json_close(out, ']');
    mg_json_close(out, '}');
}

void mg_last_profile_write(const struct mg_last_profile *profile, struct mg_buf *buf)
{
    struct mg_json_writer out = mg_json_writer(buf);
    mg_json_open(&out, '{');
    mg_json_key_int(&out, "version", VERSION);
    mg_json_key(&out, "columns");
    mg_json_open(&out, '[');
    for (size_t i = 0; i < profile->n_columns; i++)
        put_column(&out, &profile->columns[i]);
    mg_json_close(&out, ']');
    mg_json_key(&out, "others");
    mg_json_open(&out, '[');
    for (size_t i = 0; i < profile->n_others; i++)
        mg_json_string(&out, profile->others[i]);
    mg_json_close(&out, ']');
    if (profile->reading) {
        mg_json_key(&out, "reading");
        mg_wire_write_reading(&out, profile->reading);
    }
    mg_json_close(&out, '}');
}

/* --- reading --- */

static const char *text_of(struct mg_arena *arena, const json_t *from, const char *key)
{
    return mg_arena_strdup(arena, json_string_value(json_object_get(from, key)));
}

static double number_of(const json_t *from, const char *key)
{
    const json_t *number = json_object_get(from, key);
    return json_is_number(number) ? json_number_value(number) : NAN;
}

static bool parse_labels(struct mg_arena *arena, const json_t *from, struct mg_last_column *column)
{
    size_t n = json_array_size(from) / 2;
    struct mg_cell_label *labels = mg_arena_array(arena, n, sizeof *labels);
    for (size_t i = 0; i < n && labels; i++) {
        labels[i].text = mg_arena_strdup(arena, json_string_value(json_array_get(from, 2 * i)));
        labels[i].value = json_number_value(json_array_get(from, 2 * i + 1));
        if (!labels[i].text)
            return false;
    }
    column->labels = labels;
    column->n_labels = n;
    return labels;
}

static bool parse_columns(struct mg_arena *arena, const json_t *from, struct mg_last_profile *profile)
{
    size_t n = json_array_size(from);
    struct mg_last_column *columns = mg_arena_array(arena, n, sizeof *columns);
    for (size_t i = 0; i < n && columns; i++) {
        const json_t *one = json_array_get(from, i);
        columns[i] = (struct mg_last_column){.name = text_of(arena, one, "name"),
                                             .given = text_of(arena, one, "given"),
                                             .label = text_of(arena, one, "label"),
                                             .target = text_of(arena, one, "target"),
                                             .kind = text_of(arena, one, "kind"),
                                             .n = json_integer_value(json_object_get(one, "n")),
                                             .min = number_of(one, "min"),
                                             .max = number_of(one, "max"),
                                             .mean = number_of(one, "mean")};
        if (!columns[i].name || !parse_labels(arena, json_object_get(one, "labels"), &columns[i]))
            return false;
    }
    profile->columns = columns;
    profile->n_columns = n;
    return columns && json_is_array(from);
}

static bool parse_others(struct mg_arena *arena, const json_t *from, struct mg_last_profile *profile)
{
    size_t n = json_array_size(from);
    const char **others = mg_arena_array(arena, n, sizeof *others);
    for (size_t i = 0; i < n && others; i++)
        if (!(others[i] = mg_arena_strdup(arena, json_string_value(json_array_get(from, i)))))
            return false;
    profile->others = others;
    profile->n_others = n;
    return others && json_is_array(from);
}

static int parse_reading(struct mg_arena *arena, const json_t *from, struct mg_last_profile *profile,
                         struct mg_error *error)
{
    struct mg_wire_reading *reading = mg_arena_alloc(arena, sizeof *reading);
    int rc =
        reading ? mg_wire_read(arena, &mg_wire_type_reading, from, reading, error) : mg_fail_memory(error);
    profile->reading = reading;
    return rc;
}

int mg_last_profile_parse(struct mg_arena *arena, const char *text, struct mg_last_profile *ret,
                          struct mg_error *error)
{
    struct mg_last_profile profile = {0};
    json_t *json = mg_json_parse(text, strlen(text), MG_LAST_BYTES_MAX, error);
    if (!json)
        return MG_E_INVALID;
    const json_t *reading = json_object_get(json, "reading");
    int rc = 0;
    if (json_integer_value(json_object_get(json, "version")) != VERSION ||
        !parse_columns(arena, json_object_get(json, "columns"), &profile) ||
        !parse_others(arena, json_object_get(json, "others"), &profile))
        rc = mg_fail(error, MG_E_INVALID, "What is kept of the last import can't be read.");
    if (!rc && reading)
        rc = parse_reading(arena, reading, &profile, error);
    json_decref(json);
    if (!rc)
        *ret = profile;
    return rc;
}
