/* Sentences about what was unpacked; see unpack.h. */
#include <stdarg.h>

#include "exchange/unpack/unpack.h"

void mg_unpack_note(struct mg_unpacked *unpacked, struct mg_arena *arena, const char *format, ...)
{
    char text[600];
    const char *copies[2];
    if (unpacked->n_notes == MG_UNPACK_NOTES_MAX)
        return;
    for (enum mg_lang lang = MG_LANG_EN; lang <= MG_LANG_ZH; lang++) {
        va_list args;
        va_start(args, format);
        mg_tr_format(text, sizeof text, lang, format, args);
        va_end(args);
        copies[lang] = mg_arena_strdup(arena, text);
    }
    if (copies[MG_LANG_EN] && copies[MG_LANG_ZH])
        unpacked->notes[unpacked->n_notes++] = (struct mg_text){copies[MG_LANG_EN], copies[MG_LANG_ZH]};
}
