/* Wire types: what travels as JSON between client and server, described by const tables that tools/gen/api.py
 * makes from spec/openapi (wire.gen.h). One writer and one reader work on every type.
 *
 * Conventions of the generated structs, all zero-initialisable:
 *   - text: const char *, NULL: absent or null
 *   - number: double; a nullable one is null when it is not finite
 *   - integer, boolean, enum: the value; optional or nullable ones have a has_<name> beside it
 *     (so have optional numbers)
 *   - object: by value when required, else a pointer (NULL: absent or null)
 *   - array: pointer and n_<name>; an optional one is absent when the pointer is NULL
 *   - free-form: const char *, the JSON text
 *   - free-form that is only read (x-lend): const json_t *, borrowed from what was parsed
 *
 * Writing: an absent optional field leaves its key out; an absent required nullable one writes null. */
#ifndef MG_WIRE_WIRE_H
#define MG_WIRE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/json.h"

enum mg_wire_kind {
    MG_WIRE_TEXT,
    MG_WIRE_INTEGER,
    MG_WIRE_NUMBER,
    MG_WIRE_BOOLEAN,
    MG_WIRE_ENUM,
    MG_WIRE_OBJECT,
    MG_WIRE_JSON,     /* any value, kept as JSON text */
    MG_WIRE_JSON_MAP, /* an object with free keys, kept as JSON text */
    MG_WIRE_LENT,     /* the same, borrowed as it was parsed: it isn't copied for who reads it once */
};

enum mg_wire_format {
    MG_WIRE_FORMAT_NONE,
    MG_WIRE_FORMAT_EMAIL,
    MG_WIRE_FORMAT_ULID,
    MG_WIRE_FORMAT_DATE_TIME,
    MG_WIRE_FORMAT_DATE,
};

enum mg_wire_flag {
    MG_WIRE_REQUIRED = 1,
    MG_WIRE_NULLABLE = 2,
    MG_WIRE_ARRAY = 4,
    MG_WIRE_POINTER = 8,         /* an object held by pointer */
    MG_WIRE_NULLABLE_ITEMS = 16, /* the array may hold nulls (text, numbers) */
    MG_WIRE_OVER = 32,           /* greater than `low`, not equal */
    MG_WIRE_COMMA = 64,          /* a query parameter: one text, values between commas */
};

#define MG_WIRE_NOWHERE SIZE_MAX

struct mg_wire_enum {
    const char *const *texts; /* index = the C enum's value */
    size_t n;
};

struct mg_wire_field {
    const char *name;
    enum mg_wire_kind kind;
    unsigned flags;                 /* enum mg_wire_flag */
    size_t at, has_at, n_at;        /* offsets; MG_WIRE_NOWHERE: no such member */
    double low, high;               /* bounds of a number, ∓INFINITY: none */
    size_t least, most;             /* code points of a text */
    size_t least_items, most_items; /* of an array */
    enum mg_wire_format format;
    const struct mg_wire_enum *values; /* MG_WIRE_ENUM */
    const struct mg_wire_type *type;   /* MG_WIRE_OBJECT */
    const char *fallback;              /* JSON text taken where the key is absent; NULL: none */
};

struct mg_wire_type {
    const char *name;
    size_t size;
    const struct mg_wire_field *fields;
    size_t n_fields;
    bool bare; /* the value is its only field, an array, without a key */
    bool open; /* unknown keys are ignored rather than refused */
};

void mg_wire_write(struct mg_json_writer *out, const struct mg_wire_type *type, const void *value);

/* Checks `json` and fills `ret_value` (type->size bytes). Everything it points to is copied into the arena,
 * except what is lent: `json` must live as long as that is looked at.
 * MG_E_INVALID names the field as a JSON pointer and the rule it breaks; `ret_value` is then undefined. */
MG_CHECKED int mg_wire_read(struct mg_arena *arena, const struct mg_wire_type *type, const json_t *json,
                            void *ret_value, struct mg_error *error);

/* The same for query parameters, given as texts. `get(user, name, i)` is the i-th value of a parameter, or
 * NULL. Parameters that the type lacks are for the caller to refuse. */
typedef const char *mg_wire_get(void *user, const char *name, size_t i);
MG_CHECKED int mg_wire_read_query(struct mg_arena *arena, const struct mg_wire_type *type, mg_wire_get *get,
                                  void *user, void *ret_value, struct mg_error *error);

/* Bytes of one value of the field, or of one entry of its array. */
size_t mg_wire_item_size(const struct mg_wire_field *field);

/* Index of the text; -1 when it is none of them. */
int mg_wire_enum_find(const struct mg_wire_enum *values, const char *text);

#endif
