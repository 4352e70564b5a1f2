/* See say.h. */
#include "wire/say.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/format.h"
#include "base/str.h"

#define SENTENCE_MAX ((size_t)64 * 1024)

/* Whether a Chinese character begins at `p`. */
static bool is_han(const char *p)
{
    return (unsigned char)p[0] >= 0xE4 && (unsigned char)p[0] <= 0xE9;
}

static bool is_latin(char c)
{
    return c > ' ' && c <= '~';
}

/* The format with "{}" replaced, with a space between Chinese and Latin; what stands for it is no format. */
static void fill_in(struct mg_buf *out, const char *format, const char *of)
{
    const char *place = of ? strstr(format, "{}") : NULL;
    if (!place) {
        mg_buf_puts(out, format);
        return;
    }
    mg_buf_add(out, format, (size_t)(place - format));
    mg_buf_puts(out, place - format >= 3 && is_han(place - 3) && is_latin(*of) ? " " : "");
    for (const char *p = of; *p; p++)
        mg_buf_add(out, *p == '%' ? "%%" : p, *p == '%' ? 2 : 1);
    mg_buf_puts(out, is_han(place + 2) && *of && is_latin(of[strlen(of) - 1]) ? " " : "");
    mg_buf_puts(out, place + 2);
}

/* ---- thousands ---- */

#define OPEN '\x01' /* around a whole number, until its thousands stand apart */
#define CLOSE '\x02'

/* Length of the conversion of a whole number at `p`; 0: there is none. */
static size_t whole_number(const char *p)
{
    static const char *const conversions[] = {"%d", "%zu", "%lld", "%.0f"};
    for (size_t i = 0; i < ARRAY_LEN(conversions); i++)
        if (strncmp(p, conversions[i], strlen(conversions[i])) == 0)
            return strlen(conversions[i]);
    return 0;
}

/* The format with marks around its whole numbers. */
static void mark_numbers(struct mg_buf *out, const char *format)
{
    for (const char *p = format; *p;) {
        size_t whole = whole_number(p), n = whole ? whole : p[0] == '%' && p[1] == '%' ? 2 : 1;
        if (whole)
            mg_buf_putc(out, OPEN);
        mg_buf_add(out, p, n);
        if (whole)
            mg_buf_putc(out, CLOSE);
        p += n;
    }
}

/* "12406" between the marks becomes "12 406" with a narrow space. */
static char *group_digits(struct mg_arena *arena, const char *text)
{
    struct mg_buf out;
    mg_buf_init(&out, SENTENCE_MAX);
    for (const char *p = text; *p; p++) {
        char *end, count[MG_NUMBER_BYTES];
        long long value = *p == OPEN ? strtoll(p + 1, &end, 10) : 0;
        if (*p == OPEN && end > p + 1 && *end == CLOSE) {
            mg_format_count(value, count);
            mg_buf_puts(&out, count);
            p = end;
        } else if (*p != OPEN && *p != CLOSE) { /* marks are no text, of whoever they are */
            mg_buf_putc(&out, *p);
        }
    }
    char *grouped = out.failed ? NULL : mg_arena_strndup(arena, out.data ? out.data : "", out.len);
    mg_buf_done(&out);
    return grouped;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* the caller's literal, translated */
static char *say(struct mg_arena *arena, const char *format, const char *of, va_list args)
{
    struct mg_buf whole, marked;
    char *text = NULL;
    mg_buf_init(&whole, SENTENCE_MAX);
    mg_buf_init(&marked, SENTENCE_MAX);
    fill_in(&whole, format, of);
    if (!whole.failed)
        mark_numbers(&marked, whole.data);
    va_list again;
    va_copy(again, args);
    int n = whole.failed || marked.failed ? -1 : vsnprintf(NULL, 0, marked.data, again);
    va_end(again);
    if (n >= 0 && (text = mg_arena_alloc(arena, (size_t)n + 1))) {
        vsnprintf(text, (size_t)n + 1, marked.data, args);
        text = group_digits(arena, text);
    }
    mg_buf_done(&whole);
    mg_buf_done(&marked);
    return text;
}
#pragma GCC diagnostic pop

struct mg_wire_text mg_wire_say(struct mg_arena *arena, const struct mg_wire_text *of, const char *format,
                                ...)
{
    struct mg_wire_text both;
    va_list args;
    va_start(args, format);
    char *en = say(arena, format, of ? of->en : NULL, args);
    va_end(args);
    if (en)
        mg_format_counts(en);
    both.en = en;
    va_start(args, format);
    both.zh_cn = say(arena, mg_tr(MG_LANG_ZH, format), of ? of->zh_cn : NULL, args);
    va_end(args);
    return both;
}
