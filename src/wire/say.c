/* See say.h. */
#include "wire/say.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/format.h"

#define SENTENCE_MAX ((size_t)64 * 1024)

/* The format with "{}" replaced; what stands for it is no format. */
static void fill_in(struct mg_buf *out, const char *format, const char *of)
{
    const char *place = of ? strstr(format, "{}") : NULL;
    if (!place) {
        mg_buf_puts(out, format);
        return;
    }
    mg_buf_add(out, format, (size_t)(place - format));
    for (const char *p = of; *p; p++)
        mg_buf_add(out, *p == '%' ? "%%" : p, *p == '%' ? 2 : 1);
    mg_buf_puts(out, place + 2);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* the caller's literal, translated */
static char *say(struct mg_arena *arena, const char *format, const char *of, va_list args)
{
    struct mg_buf whole;
    va_list again;
    char *text = NULL;
    mg_buf_init(&whole, SENTENCE_MAX);
    fill_in(&whole, format, of);
    va_copy(again, args);
    int n = whole.failed ? -1 : vsnprintf(NULL, 0, whole.data, again);
    va_end(again);
    if (n >= 0 && (text = mg_arena_alloc(arena, (size_t)n + 1)))
        vsnprintf(text, (size_t)n + 1, whole.data, args);
    mg_buf_done(&whole);
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
