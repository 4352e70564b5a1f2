/* Two things about JSON as text that a parser's values can't tell: on which line something stands, and how to
 * lay it out for people. Both take text that is valid JSON. */
#ifndef MG_MODEL_JSONTEXT_H
#define MG_MODEL_JSONTEXT_H

#include <stddef.h>

#include "base/buf.h"

/* The 1-based line of the member or element that a JSON pointer ("/items/3/scale") names: of its key for
 * members. The line of the nearest enclosing value where the pointer leads nowhere. */
int mg_jsontext_line(const char *text, size_t n, const char *pointer);

/* Two-space indent; objects and arrays that fit within `width` columns stay on one line. */
void mg_jsontext_layout(const char *json, int width, struct mg_buf *out);

#endif
