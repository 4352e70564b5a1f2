/* See note.h. */
#include "exchange/note.h"

#include <stdarg.h>

#include "base/err.h"

#define NOTE_BYTES 600

bool mg_note_make(struct mg_arena *arena, struct mg_text *ret_text, const char *format, ...)
{
    char text[NOTE_BYTES];
    const char *copies[2];
    for (enum mg_lang lang = MG_LANG_EN; lang <= MG_LANG_ZH; lang++) {
        va_list args;
        va_start(args, format);
        mg_tr_format(text, sizeof text, lang, format, args);
        va_end(args);
        copies[lang] = mg_arena_strdup(arena, text);
    }
    *ret_text = (struct mg_text){copies[MG_LANG_EN], copies[MG_LANG_ZH]};
    return copies[MG_LANG_EN] && copies[MG_LANG_ZH];
}
