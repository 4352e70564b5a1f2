/* Walks JSON text that a parser has accepted already, so it needs to know only strings, brackets and commas.
 *
 * The line finder descends one pointer segment at a time and skips the siblings before it; the layout printer
 * asks of each container whether it fits on the rest of its line. */
#include "model/jsontext.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

static const char *skip_space(const char *p, const char *end)
{
    while (p < end && strchr(" \t\r\n", *p))
        p++;
    return p;
}

/* Past the string that opens at p. */
static const char *skip_string(const char *p, const char *end)
{
    for (p++; p < end && *p != '"'; p++)
        if (*p == '\\')
            p++;
    return p < end ? p + 1 : end;
}

/* Past the value that starts at p. */
static const char *skip_value(const char *p, const char *end)
{
    int depth = 0;
    while (p < end) {
        if (*p == '"') {
            p = skip_string(p, end);
        } else if (*p == '{' || *p == '[') {
            depth++;
            p++;
        } else if (*p == '}' || *p == ']') {
            depth--;
            p++;
        } else {
            while (p < end && !strchr(depth ? "\"{}[]" : ",}] \t\r\n", *p))
                p++;
        }
        if (depth == 0)
            break;
    }
    return p;
}

/* Finds the member `name` of the object at p: where its key stands, and *ret_value where its value does.
 * NULL: none. */
static const char *find_member(const char *p, const char *end, const char *name, size_t n,
                               const char **ret_value)
{
    for (p = skip_space(p + 1, end); p < end && *p == '"'; p = skip_space(p + 1, end)) {
        const char *key = p;
        p = skip_string(p, end);
        bool same = (size_t)(p - key) == n + 2 && memcmp(key + 1, name, n) == 0;
        p = skip_space(skip_space(p, end) + 1, end); /* past the colon */
        if (same) {
            *ret_value = p;
            return key;
        }
        p = skip_space(skip_value(p, end), end);
        if (p < end && *p == '}')
            return NULL;
    }
    return NULL;
}

static const char *find_element(const char *p, const char *end, const char *name)
{
    size_t index = (size_t)strtoul(name, NULL, 10);
    p = skip_space(p + 1, end);
    for (size_t i = 0; i < index && p < end; i++) {
        p = skip_space(skip_value(p, end), end);
        if (p >= end || *p != ',')
            return NULL;
        p = skip_space(p + 1, end);
    }
    return p < end && *p != ']' ? p : NULL;
}

int mg_jsontext_line(const char *text, size_t n, const char *pointer)
{
    const char *end = text + n;
    const char *value = skip_space(text, end), *at = value;
    while (*pointer == '/' && value < end) {
        const char *name = pointer + 1;
        size_t length = strcspn(name, "/");
        const char *next = NULL, *found = NULL;
        if (*value == '{')
            found = find_member(value, end, name, length, &next);
        else if (*value == '[')
            found = next = find_element(value, end, name);
        if (!found)
            break;
        at = found;
        value = next;
        pointer = name + length;
    }
    int line = 1;
    for (const char *p = text; p < at; p++)
        line += *p == '\n';
    return line;
}

static void new_line(struct mg_buf *out, int depth)
{
    mg_buf_printf(out, "\n%*s", 2 * depth, "");
}

/* The characters from p to after on one line: a space behind each comma and colon outside of strings. */
static void put_flat(struct mg_buf *out, const char *p, const char *after)
{
    while (p < after) {
        if (*p == '"') {
            const char *rest = skip_string(p, after);
            mg_buf_add(out, p, (size_t)(rest - p));
            p = rest;
        } else {
            if (!strchr(" \t\r\n", *p))
                mg_buf_putc(out, *p);
            if (*p == ',' || *p == ':')
                mg_buf_putc(out, ' ');
            p++;
        }
    }
}

static bool fits(const char *p, const char *after, int room)
{
    size_t n = (size_t)(after - p);
    if (n > 4096)
        return false;
    char copy[4097];
    memcpy(copy, p, n);
    copy[n] = '\0';
    int commas = 0;
    for (size_t i = 0; i < n; i++)
        commas += copy[i] == ',' || copy[i] == ':';
    return mg_utf8_width(copy) + commas <= room;
}

static const char *put_value(struct mg_buf *out, const char *p, const char *end, int depth, int width,
                             int used)
{
    const char *after = skip_value(p, end);
    if ((*p != '{' && *p != '[') || fits(p, after, width - used)) {
        put_flat(out, p, after);
        return after;
    }
    char open = *p;
    mg_buf_putc(out, open);
    for (p = skip_space(p + 1, end); p < end && *p != '}' && *p != ']'; p = skip_space(p, end)) {
        new_line(out, depth + 1);
        int column = 2 * (depth + 1);
        if (open == '{') {
            const char *key_end = skip_string(p, end);
            mg_buf_add(out, p, (size_t)(key_end - p));
            mg_buf_puts(out, ": ");
            column += (int)(key_end - p) + 2;
            p = skip_space(skip_space(key_end, end) + 1, end);
        }
        p = skip_space(put_value(out, p, end, depth + 1, width, column), end);
        if (p < end && *p == ',') {
            mg_buf_putc(out, ',');
            p++;
        }
    }
    new_line(out, depth);
    mg_buf_putc(out, open == '{' ? '}' : ']');
    return after;
}

void mg_jsontext_layout(const char *json, int width, struct mg_buf *out)
{
    const char *end = json + strlen(json);
    put_value(out, skip_space(json, end), end, 0, width, 0);
    mg_buf_putc(out, '\n');
}
