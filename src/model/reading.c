/* Readings as JSON. See cell.h. A table of members says how each is read; a reading that is read is one that
 * mg_reading_write could have written. */
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "model/cell.h"
#include "model/labels.h"

static const char *const kinds[MG_CELL_KINDS] = {"text", "number", "time", "choices"};
static const char *const orders[MG_DATE_ORDERS] = {"ymd", "dmy", "mdy", "excel", "unix"};

/* --- writing --- */

static void write_mark(struct mg_json_writer *out, const char *key, char mark)
{
    mg_json_key_string(out, key, (char[]){mark, '\0'});
}

static void write_labels(struct mg_json_writer *out, const struct mg_reading *reading)
{
    mg_json_key(out, "labels");
    mg_json_open(out, '[');
    for (size_t i = 0; i < reading->n_labels; i++) {
        mg_json_open(out, '{');
        mg_json_key_string(out, "text", reading->labels[i].text);
        mg_json_key_number(out, "value", reading->labels[i].value); /* NAN: null */
        mg_json_close(out, '}');
    }
    mg_json_close(out, ']');
}

static void write_codes(struct mg_json_writer *out, const struct mg_reading *reading)
{
    mg_json_key(out, "codes");
    mg_json_open(out, '[');
    for (size_t i = 0; i < reading->n_codes; i++)
        mg_json_number(out, reading->codes[i]);
    mg_json_close(out, ']');
}

void mg_reading_write(const struct mg_reading *reading, struct mg_buf *buf)
{
    struct mg_json_writer out = mg_json_writer(buf);
    mg_json_open(&out, '{');
    mg_json_key_string(&out, "kind", kinds[reading->kind]);
    if (reading->decimal == ',')
        write_mark(&out, "decimal", ',');
    if (reading->thousands)
        write_mark(&out, "thousands", reading->thousands);
    if (reading->dressed)
        mg_json_key_bool(&out, "dressed", true);
    if (reading->scale_family)
        mg_json_key_string(&out, "family", reading->scale_family);
    if (reading->reversed_map)
        mg_json_key_bool(&out, "reversed", true);
    if (reading->n_labels)
        write_labels(&out, reading);
    if (reading->n_codes)
        write_codes(&out, reading);
    if (reading->missing_low < reading->missing_high) { /* null: without end */
        mg_json_key_number(&out, "missing_low", reading->missing_low);
        mg_json_key_number(&out, "missing_high", reading->missing_high);
    }
    if (reading->order != MG_DATE_YMD)
        mg_json_key_string(&out, "order", orders[reading->order]);
    if (*reading->choice_mark)
        mg_json_key_string(&out, "mark", reading->choice_mark);
    mg_json_close(&out, '}');
}

/* --- reading --- */

struct parser {
    struct mg_arena *arena;
    struct mg_reading *reading;
    struct mg_error *error;
};

static int refuse(struct parser *p, const char *where)
{
    int rc = mg_fail(p->error, MG_E_INVALID, "No reading of a column has this value here.");
    mg_fail_at(p->error, "/%s", where);
    return rc;
}

static int place_in(const json_t *value, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n && json_is_string(value); i++)
        if (strcmp(json_string_value(value), names[i]) == 0)
            return (int)i;
    return -1;
}

/* A text of at most `most` bytes without a NUL in it. */
static const char *text_of(const json_t *value, size_t most)
{
    const char *text = json_string_value(value);
    size_t n = json_string_length(value);
    return text && n > 0 && n <= most && strlen(text) == n ? text : NULL;
}

static int parse_kind(struct parser *p, const json_t *value)
{
    int at = place_in(value, kinds, ARRAY_LEN(kinds));
    if (at < 0)
        return refuse(p, "kind");
    p->reading->kind = (enum mg_cell_kind)at;
    return 0;
}

static int parse_order(struct parser *p, const json_t *value)
{
    int at = place_in(value, orders, ARRAY_LEN(orders));
    if (at < 0)
        return refuse(p, "order");
    p->reading->order = (enum mg_date_order)at;
    return 0;
}

static int parse_decimal(struct parser *p, const json_t *value)
{
    static const char *const marks[] = {".", ","};
    int at = place_in(value, marks, ARRAY_LEN(marks));
    if (at < 0)
        return refuse(p, "decimal");
    p->reading->decimal = *marks[at];
    return 0;
}

static int parse_thousands(struct parser *p, const json_t *value)
{
    static const char *const marks[] = {",", ".", " ", "'"};
    int at = place_in(value, marks, ARRAY_LEN(marks));
    if (at < 0)
        return refuse(p, "thousands");
    p->reading->thousands = *marks[at];
    return 0;
}

static int parse_dressed(struct parser *p, const json_t *value)
{
    p->reading->dressed = json_is_true(value);
    return json_is_boolean(value) ? 0 : refuse(p, "dressed");
}

static int parse_reversed(struct parser *p, const json_t *value)
{
    p->reading->reversed_map = json_is_true(value);
    return json_is_boolean(value) ? 0 : refuse(p, "reversed");
}

static int parse_family(struct parser *p, const json_t *value)
{
    const char *text = text_of(value, 64);
    if (!text)
        return refuse(p, "family");
    p->reading->scale_family = mg_arena_strdup(p->arena, text);
    return p->reading->scale_family ? 0 : mg_fail_memory(p->error);
}

static int parse_mark(struct parser *p, const json_t *value)
{
    const char *text = text_of(value, sizeof p->reading->choice_mark - 1);
    if (!text)
        return refuse(p, "mark");
    strcpy(p->reading->choice_mark, text);
    return 0;
}

static int too_many(struct parser *p, const char *where, int most)
{
    int rc = mg_fail(p->error, MG_E_LIMIT, "A column's reading has at most %d of these.", most);
    mg_fail_at(p->error, "/%s", where);
    return rc;
}

static int parse_label(struct parser *p, const json_t *value, struct mg_cell_label *ret)
{
    const json_t *number = json_object_get(value, "value");
    const char *text = text_of(json_object_get(value, "text"), MG_READING_TEXT_MAX);
    if (!text || json_object_size(value) != 2 || !(json_is_number(number) || json_is_null(number)))
        return refuse(p, "labels");
    ret->text = mg_arena_strdup(p->arena, text);
    ret->value = json_is_null(number) ? NAN : json_number_value(number);
    return ret->text ? 0 : mg_fail_memory(p->error);
}

static int parse_labels(struct parser *p, const json_t *value)
{
    size_t n = json_array_size(value);
    if (!json_is_array(value))
        return refuse(p, "labels");
    if (n > MG_READING_LABELS_MAX)
        return too_many(p, "labels", MG_READING_LABELS_MAX);
    struct mg_cell_label *labels = mg_arena_array(p->arena, n + 1, sizeof *labels);
    int rc = labels ? 0 : mg_fail_memory(p->error);
    for (size_t i = 0; i < n && !rc; i++)
        rc = parse_label(p, json_array_get(value, i), &labels[i]);
    p->reading->labels = labels;
    p->reading->n_labels = rc ? 0 : n;
    return rc;
}

static int parse_codes(struct parser *p, const json_t *value)
{
    size_t n = json_array_size(value);
    if (!json_is_array(value))
        return refuse(p, "codes");
    if (n > MG_READING_CODES_MAX)
        return too_many(p, "codes", MG_READING_CODES_MAX);
    double *codes = mg_arena_array(p->arena, n + 1, sizeof *codes);
    if (!codes)
        return mg_fail_memory(p->error);
    for (size_t i = 0; i < n; i++) {
        if (!json_is_number(json_array_get(value, i)))
            return refuse(p, "codes");
        codes[i] = json_number_value(json_array_get(value, i));
    }
    p->reading->codes = codes;
    p->reading->n_codes = n;
    return 0;
}

static int parse_low(struct parser *p, const json_t *value)
{
    p->reading->missing_low = json_is_null(value) ? -INFINITY : json_number_value(value);
    return json_is_null(value) || json_is_number(value) ? 0 : refuse(p, "missing_low");
}

static int parse_high(struct parser *p, const json_t *value)
{
    p->reading->missing_high = json_is_null(value) ? INFINITY : json_number_value(value);
    return json_is_null(value) || json_is_number(value) ? 0 : refuse(p, "missing_high");
}

static const struct member {
    const char *key;
    int (*parse)(struct parser *p, const json_t *value);
} members[] = {
    {"kind", parse_kind},       {"decimal", parse_decimal},   {"thousands", parse_thousands},
    {"dressed", parse_dressed}, {"family", parse_family},     {"reversed", parse_reversed},
    {"labels", parse_labels},   {"codes", parse_codes},       {"missing_low", parse_low},
    {"order", parse_order},     {"missing_high", parse_high}, {"mark", parse_mark},
};

static int parse_member(struct parser *p, const char *key, const json_t *value)
{
    for (size_t i = 0; i < ARRAY_LEN(members); i++)
        if (strcmp(key, members[i].key) == 0)
            return members[i].parse(p, value);
    int rc = mg_fail(p->error, MG_E_INVALID, "A column's reading has no such member.");
    mg_fail_at(p->error, "/%.64s", key);
    return rc;
}

/* What members say together. */
static int check(struct parser *p)
{
    const struct mg_reading *reading = p->reading;
    if (reading->thousands == reading->decimal)
        return refuse(p, "thousands");
    if ((reading->kind == MG_CELLS_CHOICES) != (*reading->choice_mark != '\0'))
        return refuse(p, "mark");
    return reading->missing_low > reading->missing_high ? refuse(p, "missing_high") : 0;
}

int mg_reading_parse(struct mg_arena *arena, const json_t *json, struct mg_reading *ret,
                     struct mg_error *error)
{
    struct mg_reading reading = {.decimal = '.'};
    struct parser p = {arena, &reading, error};
    const char *key;
    json_t *value;
    int rc = json_is_string(json_object_get(json, "kind")) ? 0 : refuse(&p, "kind");
    json_object_foreach((json_t *)json, key, value)
    {
        if (!rc)
            rc = parse_member(&p, key, value);
    }
    if (!rc)
        rc = check(&p);
    if (!rc && reading.n_labels) {
        reading.index = mg_label_index_new(arena, reading.labels, reading.n_labels);
        rc = reading.index ? 0 : mg_fail_memory(error);
    }
    if (!rc)
        *ret = reading;
    return rc;
}
