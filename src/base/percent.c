#include "base/percent.h"

#include <ctype.h>
#include <string.h>

#include "base/str.h"

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool mg_percent_decode(char *text)
{
    char *out = text;
    for (const char *in = text; *in; in++) {
        if (*in != '%') {
            *out++ = *in;
            continue;
        }
        int high = hex(in[1]), low = high < 0 ? -1 : hex(in[2]);
        if (low < 0 || (high == 0 && low == 0))
            return false;
        *out++ = (char)(high << 4 | low);
        in += 2;
    }
    *out = '\0';
    return mg_utf8_valid(text, (size_t)(out - text));
}

const char *mg_percent_encode(struct mg_arena *arena, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";
    char *out = mg_arena_array(arena, strlen(text) + 1, 3), *to = out;
    for (const char *p = text; out && *p; p++) {
        unsigned char c = (unsigned char)*p;
        if (c < 0x80 && (isalnum(c) || strchr("-._~", c))) {
            *to++ = *p;
            continue;
        }
        *to++ = '%';
        *to++ = digits[c >> 4];
        *to++ = digits[c & 15];
    }
    return out;
}
