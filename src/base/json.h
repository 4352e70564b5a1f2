/* JSON in and out. Reading is jansson behind limits; writing goes straight into a buffer.
 *
 * mg_json_parse's result is a jansson value owned by the caller (json_decref); the typed getters borrow from
 * it. */
#ifndef MG_BASE_JSON_H
#define MG_BASE_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* Parses one JSON value of at most `limit` bytes; rejects duplicate keys, NULs, trailing text and nesting
 * deeper than 2048 (jansson's). On failure says line and column and returns NULL. */
json_t *mg_json_parse(const char *text, size_t n, size_t limit, struct mg_error *error);

/* Writer: commas and escapes are its business. Invalid UTF-8 is written as U+FFFD. Non-finite numbers as
 * null. */
struct mg_json_writer {
    struct mg_buf *buf;
    bool need_comma;
};

struct mg_json_writer mg_json_writer(struct mg_buf *buf);
void mg_json_open(struct mg_json_writer *out, char bracket);  /* '{' or '[' */
void mg_json_close(struct mg_json_writer *out, char bracket); /* '}' or ']' */
void mg_json_key(struct mg_json_writer *out, const char *key);
void mg_json_string(struct mg_json_writer *out, const char *text); /* NULL writes null */
void mg_json_number(struct mg_json_writer *out, double value);     /* shortest text that reads back equal */
void mg_json_int(struct mg_json_writer *out, int64_t value);
void mg_json_bool(struct mg_json_writer *out, bool value);
void mg_json_null(struct mg_json_writer *out);
/* Text that is JSON already, as it stands. */
void mg_json_raw(struct mg_json_writer *out, const char *json);
/* A parsed value; NULL writes null. */
void mg_json_tree(struct mg_json_writer *out, const json_t *value);

void mg_json_key_string(struct mg_json_writer *out, const char *key, const char *text);
void mg_json_key_number(struct mg_json_writer *out, const char *key, double value);
void mg_json_key_int(struct mg_json_writer *out, const char *key, int64_t value);
void mg_json_key_bool(struct mg_json_writer *out, const char *key, bool value);

/* Shortest decimal text of a finite double that reads back equal. */
void mg_format_double(double value, char ret_text[32]);

#endif
