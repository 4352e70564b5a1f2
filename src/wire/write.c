/* Writes any wire type: one walk over its field table. */
#include "wire/wire.h"

size_t mg_wire_item_size(const struct mg_wire_field *field)
{
    switch (field->kind) {
    case MG_WIRE_INTEGER:
        return sizeof(int64_t);
    case MG_WIRE_NUMBER:
        return sizeof(double);
    case MG_WIRE_BOOLEAN:
        return sizeof(bool);
    case MG_WIRE_ENUM:
        return sizeof(int);
    case MG_WIRE_OBJECT:
        return field->type->size;
    default:
        return sizeof(const char *);
    }
}

static const char *text_at(const void *at)
{
    return *(const char *const *)at;
}

static void write_one(struct mg_json_writer *out, const struct mg_wire_field *field, const void *at)
{
    switch (field->kind) {
    case MG_WIRE_TEXT:
        mg_json_string(out, text_at(at));
        break;
    case MG_WIRE_INTEGER:
        mg_json_int(out, *(const int64_t *)at);
        break;
    case MG_WIRE_NUMBER:
        mg_json_number(out, *(const double *)at);
        break;
    case MG_WIRE_BOOLEAN:
        mg_json_bool(out, *(const bool *)at);
        break;
    case MG_WIRE_ENUM: {
        unsigned index = *(const unsigned *)at;
        mg_json_string(out, index < field->values->n ? field->values->texts[index] : NULL);
        break;
    }
    case MG_WIRE_OBJECT:
        mg_wire_write(out, field->type, at);
        break;
    case MG_WIRE_JSON:
    case MG_WIRE_JSON_MAP:
        mg_json_raw(out, text_at(at) ? text_at(at) : "null");
        break;
    case MG_WIRE_LENT:
        mg_json_tree(out, *(const json_t *const *)at);
        break;
    }
}

static void write_array(struct mg_json_writer *out, const struct mg_wire_field *field, const char *value)
{
    const char *items = text_at(value + field->at);
    size_t n = *(const size_t *)(value + field->n_at), size = mg_wire_item_size(field);
    mg_json_open(out, '[');
    for (size_t i = 0; i < n; i++)
        write_one(out, field, items + i * size);
    mg_json_close(out, ']');
}

/* An object by value is always there; what has a has_ member says so itself; the rest are pointers. */
static bool is_present(const struct mg_wire_field *field, const char *value)
{
    if (field->has_at != MG_WIRE_NOWHERE)
        return *(const bool *)(value + field->has_at);
    if (field->flags & MG_WIRE_ARRAY)
        return (field->flags & MG_WIRE_REQUIRED && !(field->flags & MG_WIRE_NULLABLE)) ||
               text_at(value + field->at);
    if (field->kind == MG_WIRE_OBJECT)
        return !(field->flags & MG_WIRE_POINTER) || text_at(value + field->at);
    if (field->kind == MG_WIRE_TEXT || field->kind == MG_WIRE_JSON || field->kind == MG_WIRE_JSON_MAP ||
        field->kind == MG_WIRE_LENT)
        return text_at(value + field->at) != NULL;
    return true;
}

static void write_field(struct mg_json_writer *out, const struct mg_wire_field *field, const char *value)
{
    if (field->flags & MG_WIRE_ARRAY)
        write_array(out, field, value);
    else if (field->flags & MG_WIRE_POINTER)
        mg_wire_write(out, field->type, text_at(value + field->at));
    else
        write_one(out, field, value + field->at);
}

void mg_wire_write(struct mg_json_writer *out, const struct mg_wire_type *type, const void *value)
{
    if (type->bare) {
        write_field(out, &type->fields[0], value);
        return;
    }
    mg_json_open(out, '{');
    for (size_t i = 0; i < type->n_fields; i++) {
        const struct mg_wire_field *field = &type->fields[i];
        bool present = is_present(field, value);
        if (!present && !(field->flags & MG_WIRE_REQUIRED))
            continue;
        mg_json_key(out, field->name);
        if (present)
            write_field(out, field, value);
        else
            mg_json_null(out);
    }
    mg_json_close(out, '}');
}
