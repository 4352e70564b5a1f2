/* See note.h. */
#include "exchange/note.h"

#include <stdarg.h>

#include "base/err.h"

#define NOTE_BYTES 600

static bool make(struct mg_arena *arena, struct mg_text *ret_text, const char *format, va_list args)
{
    char text[NOTE_BYTES];
    const char *copies[2];
    for (enum mg_lang lang = MG_LANG_EN; lang <= MG_LANG_ZH; lang++) {
        va_list again;
        va_copy(again, args);
        mg_tr_format(text, sizeof text, lang, format, again);
        va_end(again);
        copies[lang] = mg_arena_strdup(arena, text);
    }
    *ret_text = (struct mg_text){copies[MG_LANG_EN], copies[MG_LANG_ZH]};
    return copies[MG_LANG_EN] && copies[MG_LANG_ZH];
}

bool mg_note_make(struct mg_arena *arena, struct mg_text *ret_text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    bool made = make(arena, ret_text, format, args);
    va_end(args);
    return made;
}

void mg_note_add(struct mg_arena *arena, struct mg_text *list, size_t *n, size_t most, const char *format,
                 ...)
{
    if (*n == most)
        return;
    va_list args;
    va_start(args, format);
    *n += make(arena, &list[*n], format, args);
    va_end(args);
}
