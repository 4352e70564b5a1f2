/* Errors and the translation lookup behind them. The message table is generated from po/ by
 * tools/gen/messages.py: sorted by the English text, searched by bisection. */
#include "base/err.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "messages.gen.h"

static int compare_message(const void *key, const void *entry)
{
    return strcmp(key, ((const struct mg_message *)entry)->english);
}

const char *mg_tr(enum mg_lang lang, const char *english)
{
    if (lang != MG_LANG_ZH)
        return english;
    const struct mg_message *found =
        bsearch(english, mg_messages_zh, mg_messages_zh_count, sizeof mg_messages_zh[0], compare_message);
    return found ? found->translated : english;
}

#pragma GCC diagnostic push
/* tools/gen/messages.py checks that specifiers agree */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void format_into(char *target, size_t size, const char *format, va_list args)
{
    assert(format); /* keeps the sanitizers' null paths out of gcc's format check */
    vsnprintf(target, size, format, args);
    /* A cut in the middle of a UTF-8 sequence would make the text invalid: drop the torn tail. */
    size_t end = strlen(target);
    if (end + 1 < size)
        return;
    size_t start = end;
    while (start > 0 && ((unsigned char)target[start - 1] & 0xC0) == 0x80)
        start--;
    if (start > 0 && ((unsigned char)target[start - 1] & 0x80))
        target[start - 1] = '\0';
}
#pragma GCC diagnostic pop

void mg_tr_format(char *ret_text, size_t size, enum mg_lang lang, const char *format, va_list args)
{
    format_into(ret_text, size, mg_tr(lang, format), args);
}

static enum mg_lang other(enum mg_lang lang)
{
    return lang == MG_LANG_ZH ? MG_LANG_EN : MG_LANG_ZH;
}

struct mg_both mg_error_both(const struct mg_error *error)
{
    return error->lang == MG_LANG_ZH ? (struct mg_both){error->in_other, error->message}
                                     : (struct mg_both){error->message, error->in_other};
}

struct mg_both mg_tr_both(const char *english)
{
    return (struct mg_both){english, mg_tr(MG_LANG_ZH, english)};
}

static void begin(struct mg_error *error, enum mg_err code)
{
    error->code = code;
    error->field[0] = '\0';
    error->hint[0] = '\0';
}

int mg_fail(struct mg_error *error, enum mg_err code, const char *format, ...)
{
    if (!error)
        return code;
    begin(error, code);
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    format_into(error->message, sizeof error->message, mg_tr(error->lang, format), args);
    format_into(error->in_other, sizeof error->in_other, mg_tr(other(error->lang), format), again);
    va_end(again);
    va_end(args);
    return code;
}

int mg_fail_text(struct mg_error *error, enum mg_err code, const char *english)
{
    if (!error)
        return code;
    begin(error, code);
    snprintf(error->message, sizeof error->message, "%s", mg_tr(error->lang, english));
    snprintf(error->in_other, sizeof error->in_other, "%s", mg_tr(other(error->lang), english));
    return code;
}

int mg_fail_memory(struct mg_error *error)
{
    return mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
}

void mg_fail_at(struct mg_error *error, const char *format, ...)
{
    if (!error)
        return;
    va_list args;
    va_start(args, format);
    format_into(error->field, sizeof error->field, format, args);
    va_end(args);
}

void mg_fail_hint_text(struct mg_error *error, const char *english)
{
    if (error)
        snprintf(error->hint, sizeof error->hint, "%s", mg_tr(error->lang, english));
}

void mg_fail_hint(struct mg_error *error, const char *format, ...)
{
    if (!error)
        return;
    va_list args;
    va_start(args, format);
    format_into(error->hint, sizeof error->hint, mg_tr(error->lang, format), args);
    va_end(args);
}

const char *mg_err_name(int code)
{
    static const char *const names[] = {
        "ok",          "invalid", "not_found", "conflict", "unauthenticated", "forbidden", "limit",
        "throttled",   "busy",    "no_memory", "io",       "engine",          "cancelled", "inestimable",
        "unsupported", "full",    "damaged",   "changed",  "taken",
    };
    int index = -code;
    return index >= 0 && index < (int)(sizeof names / sizeof names[0]) ? names[index] : "unknown";
}
