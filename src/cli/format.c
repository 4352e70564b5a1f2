/* Padding and labels. */
#include "cli/format.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"

void mg_format_pad(struct mg_buf *out, const char *text, int columns, enum mg_align align)
{
    int width = mg_utf8_width(text);
    if (width > columns) {
        size_t fit = mg_utf8_fit(text, columns - 1);
        char cut[512];
        snprintf(cut, sizeof cut, "%.*s", (int)(fit < sizeof cut ? fit : sizeof cut - 1), text);
        mg_buf_printf(out, "%s…%*s", cut, columns - 1 - mg_utf8_width(cut), "");
        return;
    }
    if (align == MG_ALIGN_RIGHT)
        mg_buf_printf(out, "%*s%s", columns - width, "", text);
    else
        mg_buf_printf(out, "%s%*s", text, columns - width, "");
}

const char *mg_format_label(const struct mg_wire_text *text, enum mg_lang lang)
{
    const char *own = lang == MG_LANG_ZH ? text->zh_cn : text->en;
    const char *other = lang == MG_LANG_ZH ? text->en : text->zh_cn;
    return own ? own : other ? other : "";
}
