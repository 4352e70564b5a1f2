/* Reads any wire type: one walk over its field table beside the JSON value. The place inside the value is a
 * chain of stack frames, turned into a JSON pointer only when something is wrong. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/ulid.h"
#include "wire/wire.h"

struct place {
    const struct place *parent;
    const char *key; /* NULL: an array index */
    size_t index;
};

struct reader {
    struct mg_arena *arena;
    struct mg_error *error;
};

/* RFC 6901: "~" and "/" inside a key are escaped. */
static void add_key(struct mg_buf *pointer, const char *key)
{
    for (; *key; key++) {
        if (*key == '~')
            mg_buf_puts(pointer, "~0");
        else if (*key == '/')
            mg_buf_puts(pointer, "~1");
        else
            mg_buf_putc(pointer, *key);
    }
}

static void add_place(struct mg_buf *pointer, const struct place *place)
{
    if (!place)
        return;
    add_place(pointer, place->parent);
    mg_buf_putc(pointer, '/');
    if (place->key)
        add_key(pointer, place->key);
    else
        mg_buf_printf(pointer, "%zu", place->index);
}

static int blame(struct reader *reader, const struct place *place)
{
    struct mg_buf pointer;
    mg_buf_init(&pointer, sizeof reader->error->field - 1);
    add_place(&pointer, place);
    mg_fail_at(reader->error, "%s", pointer.data ? pointer.data : "");
    mg_buf_done(&pointer);
    return MG_E_INVALID;
}

/* The field's name in messages: the nearest key. */
static const char *called(const struct place *place)
{
    while (place && !place->key)
        place = place->parent;
    return place ? place->key : "/";
}

static int no_memory(struct reader *reader)
{
    return mg_fail(reader->error, MG_E_LIMIT, "The request needs more memory than one request may have.");
}

static bool looks_like_email(const char *text)
{
    const char *at = strchr(text, '@');
    if (!at || at == text || strchr(at + 1, '@') || strpbrk(text, " \t\r\n<>\"(),;:\\"))
        return false;
    const char *dot = strrchr(at, '.');
    return dot && dot > at + 1 && dot[1] && !strstr(at, "..");
}

static bool looks_like_date(const char *text)
{
    int64_t us;
    return strlen(text) == 10 && mg_time_parse(text, &us) == 0;
}

static int check_format(struct reader *reader, const struct mg_wire_field *field, const struct place *place,
                        const char *text)
{
    int64_t us;
    switch (field->format) {
    case MG_WIRE_FORMAT_EMAIL:
        if (!looks_like_email(text)) {
            mg_fail(reader->error, MG_E_INVALID, "“%s” must be an e-mail address such as name@example.com.",
                    called(place));
            return blame(reader, place);
        }
        break;
    case MG_WIRE_FORMAT_ULID:
        if (!mg_ulid_valid(text)) {
            mg_fail(reader->error, MG_E_INVALID, "“%s” must be an id of 26 characters (ULID).",
                    called(place));
            return blame(reader, place);
        }
        break;
    case MG_WIRE_FORMAT_DATE_TIME:
        if (strlen(text) < 16 || mg_time_parse(text, &us)) {
            mg_fail(reader->error, MG_E_INVALID, "“%s” must be a time such as 2026-01-18T13:40:00Z.",
                    called(place));
            return blame(reader, place);
        }
        break;
    case MG_WIRE_FORMAT_DATE:
        if (!looks_like_date(text)) {
            mg_fail(reader->error, MG_E_INVALID, "“%s” must be a date such as 2026-01-18.", called(place));
            return blame(reader, place);
        }
        break;
    case MG_WIRE_FORMAT_NONE:
        break;
    }
    return 0;
}

static int read_text(struct reader *reader, const struct mg_wire_field *field, const struct place *place,
                     const json_t *json, void *at)
{
    if (!json_is_string(json)) {
        mg_fail(reader->error, MG_E_INVALID, "“%s” must be a text.", called(place));
        return blame(reader, place);
    }
    const char *text = json_string_value(json);
    size_t length = mg_utf8_length(text);
    if (length < field->least) {
        mg_fail(reader->error, MG_E_INVALID, "“%s” must have at least %zu characters.", called(place),
                field->least);
        return blame(reader, place);
    }
    if (length > field->most) {
        mg_fail(reader->error, MG_E_INVALID, "“%s” may have at most %zu characters.", called(place),
                field->most);
        return blame(reader, place);
    }
    int rc = check_format(reader, field, place, text);
    if (rc)
        return rc;
    char *copy = mg_arena_strdup(reader->arena, text);
    *(const char **)at = copy;
    return copy ? 0 : no_memory(reader);
}

static int check_bounds(struct reader *reader, const struct mg_wire_field *field, const struct place *place,
                        double value)
{
    char bound[32];
    if (value < field->low || (field->flags & MG_WIRE_OVER && value <= field->low)) {
        mg_format_double(field->low, bound);
        if (field->flags & MG_WIRE_OVER)
            mg_fail(reader->error, MG_E_INVALID, "“%s” must be more than %s.", called(place), bound);
        else
            mg_fail(reader->error, MG_E_INVALID, "“%s” must be at least %s.", called(place), bound);
        return blame(reader, place);
    }
    if (value > field->high) {
        mg_format_double(field->high, bound);
        mg_fail(reader->error, MG_E_INVALID, "“%s” may be at most %s.", called(place), bound);
        return blame(reader, place);
    }
    return 0;
}

/* 5.0 counts as a whole number, as JSON Schema has it. */
static int read_integer(struct reader *reader, const struct mg_wire_field *field, const struct place *place,
                        const json_t *json, void *at)
{
    double value = json_number_value(json);
    if (!json_is_number(json) ||
        (json_is_real(json) && (value != trunc(value) || fabs(value) > 9007199254740992.0))) {
        mg_fail(reader->error, MG_E_INVALID, "“%s” must be a whole number.", called(place));
        return blame(reader, place);
    }
    *(int64_t *)at = json_is_integer(json) ? (int64_t)json_integer_value(json) : (int64_t)value;
    return check_bounds(reader, field, place, value);
}

static int read_number(struct reader *reader, const struct mg_wire_field *field, const struct place *place,
                       const json_t *json, void *at)
{
    if (!json_is_number(json)) {
        mg_fail(reader->error, MG_E_INVALID, "“%s” must be a number.", called(place));
        return blame(reader, place);
    }
    *(double *)at = json_number_value(json);
    return check_bounds(reader, field, place, json_number_value(json));
}

static int read_boolean(struct reader *reader, const struct place *place, const json_t *json, void *at)
{
    if (!json_is_boolean(json)) {
        mg_fail(reader->error, MG_E_INVALID, "“%s” must be true or false.", called(place));
        return blame(reader, place);
    }
    *(bool *)at = json_is_true(json);
    return 0;
}

int mg_wire_enum_find(const struct mg_wire_enum *values, const char *text)
{
    for (size_t i = 0; text && i < values->n; i++)
        if (strcmp(values->texts[i], text) == 0)
            return (int)i;
    return -1;
}

static int read_enum(struct reader *reader, const struct mg_wire_field *field, const struct place *place,
                     const json_t *json, void *at)
{
    int index = mg_wire_enum_find(field->values, json_string_value(json));
    if (index >= 0) {
        *(int *)at = index;
        return 0;
    }
    struct mg_buf list;
    mg_buf_init(&list, 400);
    for (size_t i = 0; i < field->values->n; i++)
        mg_buf_printf(&list, "%s%s", i ? ", " : "", field->values->texts[i]);
    mg_fail(reader->error, MG_E_INVALID, "“%s” must be one of: %s.", called(place),
            list.data ? list.data : "");
    mg_buf_done(&list);
    return blame(reader, place);
}

static int read_json(struct reader *reader, const struct mg_wire_field *field, const struct place *place,
                     const json_t *json, void *at)
{
    if (field->kind != MG_WIRE_JSON && !json_is_object(json)) {
        mg_fail(reader->error, MG_E_INVALID, "“%s” must be an object.", called(place));
        return blame(reader, place);
    }
    if (field->kind == MG_WIRE_LENT) {
        *(const json_t **)at = json;
        return 0;
    }
    char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
    if (!text || mg_arena_defer(reader->arena, free, text))
        return no_memory(reader);
    *(const char **)at = text;
    return 0;
}

static int read_value(struct reader *reader, const struct mg_wire_type *type, const struct place *place,
                      const json_t *json, void *value);

static int read_one(struct reader *reader, const struct mg_wire_field *field, const struct place *place,
                    const json_t *json, void *at)
{
    switch (field->kind) {
    case MG_WIRE_TEXT:
        return read_text(reader, field, place, json, at);
    case MG_WIRE_INTEGER:
        return read_integer(reader, field, place, json, at);
    case MG_WIRE_NUMBER:
        return read_number(reader, field, place, json, at);
    case MG_WIRE_BOOLEAN:
        return read_boolean(reader, place, json, at);
    case MG_WIRE_ENUM:
        return read_enum(reader, field, place, json, at);
    case MG_WIRE_OBJECT:
        return read_value(reader, field->type, place, json, at);
    default:
        return read_json(reader, field, place, json, at);
    }
}

/* A null inside an array that may hold them: NULL text or NaN. */
static bool read_null_item(const struct mg_wire_field *field, const json_t *json, void *at)
{
    if (!json_is_null(json) || !(field->flags & MG_WIRE_NULLABLE_ITEMS))
        return false;
    if (field->kind == MG_WIRE_NUMBER)
        *(double *)at = NAN;
    return true;
}

static int check_items(struct reader *reader, const struct mg_wire_field *field, const struct place *place,
                       size_t n)
{
    if (n < field->least_items) {
        mg_fail(reader->error, MG_E_INVALID, "“%s” must have at least %zu entries.", called(place),
                field->least_items);
        return blame(reader, place);
    }
    if (n > field->most_items) {
        mg_fail(reader->error, MG_E_INVALID, "“%s” may have at most %zu entries.", called(place),
                field->most_items);
        return blame(reader, place);
    }
    return 0;
}

static int read_array(struct reader *reader, const struct mg_wire_field *field, const struct place *place,
                      const json_t *json, char *value)
{
    if (!json_is_array(json)) {
        mg_fail(reader->error, MG_E_INVALID, "“%s” must be a list.", called(place));
        return blame(reader, place);
    }
    size_t n = json_array_size(json), size = mg_wire_item_size(field);
    int rc = check_items(reader, field, place, n);
    if (rc)
        return rc;
    char *items = mg_arena_array(reader->arena, n ? n : 1, size);
    if (!items)
        return no_memory(reader);
    for (size_t i = 0; i < n && !rc; i++) {
        struct place item = {.parent = place, .index = i};
        if (!read_null_item(field, json_array_get(json, i), items + i * size))
            rc = read_one(reader, field, &item, json_array_get(json, i), items + i * size);
    }
    *(char **)(value + field->at) = items;
    *(size_t *)(value + field->n_at) = n;
    return rc;
}

static int read_pointer(struct reader *reader, const struct mg_wire_field *field, const struct place *place,
                        const json_t *json, char *value)
{
    void *object = mg_arena_alloc(reader->arena, field->type->size);
    if (!object)
        return no_memory(reader);
    *(void **)(value + field->at) = object;
    return read_value(reader, field->type, place, json, object);
}

static int read_present(struct reader *reader, const struct mg_wire_field *field, const struct place *place,
                        const json_t *json, char *value)
{
    if (field->has_at != MG_WIRE_NOWHERE)
        *(bool *)(value + field->has_at) = true;
    if (field->flags & MG_WIRE_ARRAY)
        return read_array(reader, field, place, json, value);
    if (field->flags & MG_WIRE_POINTER)
        return read_pointer(reader, field, place, json, value);
    return read_one(reader, field, place, json, value + field->at);
}

static int read_fallback(struct reader *reader, const struct mg_wire_field *field, const struct place *place,
                         char *value)
{
    json_t *json =
        mg_json_parse(field->fallback, strlen(field->fallback), strlen(field->fallback), reader->error);
    int rc = json ? read_present(reader, field, place, json, value) : MG_E_INVALID;
    json_decref(json);
    return rc;
}

static int read_field(struct reader *reader, const struct mg_wire_field *field, const struct place *parent,
                      const json_t *object, char *value)
{
    struct place place = {.parent = parent, .key = field->name};
    const json_t *json = json_object_get(object, field->name);
    if (json_is_null(json) && field->flags & MG_WIRE_NULLABLE) {
        if (field->kind == MG_WIRE_NUMBER && !(field->flags & MG_WIRE_ARRAY))
            *(double *)(value + field->at) = NAN;
        return 0;
    }
    if (json)
        return read_present(reader, field, &place, json, value);
    if (field->fallback)
        return read_fallback(reader, field, &place, value);
    if (!(field->flags & MG_WIRE_REQUIRED))
        return 0;
    mg_fail(reader->error, MG_E_INVALID, "“%s” is missing.", field->name);
    return blame(reader, &place);
}

static bool knows(const struct mg_wire_type *type, const char *key)
{
    for (size_t i = 0; i < type->n_fields; i++)
        if (strcmp(type->fields[i].name, key) == 0)
            return true;
    return false;
}

static int refuse_unknown(struct reader *reader, const struct mg_wire_type *type, const struct place *parent,
                          const json_t *object)
{
    if (type->open)
        return 0;
    for (void *it = json_object_iter((json_t *)object); it;
         it = json_object_iter_next((json_t *)object, it)) {
        const char *key = json_object_iter_key(it);
        if (knows(type, key))
            continue;
        struct place place = {.parent = parent, .key = key};
        mg_fail(reader->error, MG_E_INVALID, "There is no field “%.80s” here.", key);
        return blame(reader, &place);
    }
    return 0;
}

static int read_value(struct reader *reader, const struct mg_wire_type *type, const struct place *place,
                      const json_t *json, void *value)
{
    memset(value, 0, type->size);
    if (type->bare)
        return read_present(reader, &type->fields[0], place, json, value);
    if (!json_is_object(json)) {
        mg_fail(reader->error, MG_E_INVALID, "“%s” must be an object.", called(place));
        return blame(reader, place);
    }
    int rc = refuse_unknown(reader, type, place, json);
    for (size_t i = 0; i < type->n_fields && !rc; i++)
        rc = read_field(reader, &type->fields[i], place, json, value);
    return rc;
}

int mg_wire_read(struct mg_arena *arena, const struct mg_wire_type *type, const json_t *json, void *ret_value,
                 struct mg_error *error)
{
    struct mg_error unused = {0};
    struct reader reader = {.arena = arena, .error = error ? error : &unused};
    return read_value(&reader, type, NULL, json, ret_value);
}

/* A query text as the JSON value its field asks for; as a text where it is none, so that the reader says what
 * it should be. */
static json_t *query_value(const struct mg_wire_field *field, const char *text)
{
    int64_t integer;
    double number;
    if (field->kind == MG_WIRE_INTEGER && mg_parse_int(text, &integer))
        return json_integer(integer);
    if (field->kind == MG_WIRE_NUMBER && mg_parse_double(text, &number))
        return json_real(number);
    if (field->kind == MG_WIRE_BOOLEAN && (!strcmp(text, "true") || !strcmp(text, "false")))
        return json_boolean(text[0] == 't');
    return json_string(text);
}

/* "a,b,c": an empty text is an empty list. */
static void split_commas(const struct mg_wire_field *field, json_t *array, const char *text)
{
    while (*text) {
        size_t n = strcspn(text, ",");
        json_t *part = json_stringn(text, n);
        if (part && field->kind != MG_WIRE_TEXT && field->kind != MG_WIRE_ENUM) {
            json_t *typed = query_value(field, json_string_value(part));
            json_decref(part);
            part = typed;
        }
        json_array_append_new(array, part);
        text += n + (text[n] == ',');
    }
}

static json_t *query_array(const struct mg_wire_field *field, mg_wire_get *get, void *user)
{
    json_t *array = json_array();
    const char *text;
    for (size_t i = 0; array && (text = get(user, field->name, i)); i++) {
        if (field->flags & MG_WIRE_COMMA)
            split_commas(field, array, text);
        else
            json_array_append_new(array, query_value(field, text));
    }
    return array;
}

int mg_wire_read_query(struct mg_arena *arena, const struct mg_wire_type *type, mg_wire_get *get, void *user,
                       void *ret_value, struct mg_error *error)
{
    json_t *object = json_object();
    for (size_t i = 0; object && i < type->n_fields; i++) {
        const struct mg_wire_field *field = &type->fields[i];
        const char *text = get(user, field->name, 0);
        if (!text)
            continue;
        bool array = field->flags & MG_WIRE_ARRAY;
        json_object_set_new(object, field->name,
                            array ? query_array(field, get, user) : query_value(field, text));
    }
    int rc = object ? mg_wire_read(arena, type, object, ret_value, error) : mg_fail_memory(error);
    json_decref(object);
    return rc;
}
