/* See fold.h. A character is looked at once and becomes one of ours or stays; tools/gen/words.py folds the
 * word lists by the same rule, and a test holds the two together. */
#include "model/fold.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/str.h"

#define DROPPED 0 /* a character of no width */

static bool is_wide_space(uint32_t c)
{
    return c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 ||
           c == 0x202f || c == 0x205f || c == 0x3000;
}

static bool is_zero_width(uint32_t c)
{
    return (c >= 0x200b && c <= 0x200f) || c == 0x2060 || c == 0xfeff || c == 0xad ||
           (c >= 0x202a && c <= 0x202e);
}

/* Width, spaces, dashes and apostrophes. */
static uint32_t narrow(uint32_t c)
{
    if (c >= 0xff01 && c <= 0xff5e)
        return c - 0xfee0;
    if (is_wide_space(c) || (c >= '\t' && c <= '\r'))
        return ' ';
    if (is_zero_width(c))
        return DROPPED;
    if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212)
        return '-';
    if (c == 0x2018 || c == 0x2019 || c == 0x201b || c == 0x2bc || c == '`' || c == 0xb4)
        return '\'';
    return c;
}

/* Whether the bytes are UTF-8 that mg_utf8_next may walk: no NUL, short enough. */
static bool is_walkable(const char *text, size_t n)
{
    return n < MG_FOLD_BYTES && !memchr(text, '\0', n) && mg_utf8_valid(text, n);
}

static size_t put_utf8(char *to, uint32_t c)
{
    if (c < 0x80)
        return to[0] = (char)c, 1;
    if (c < 0x800)
        return to[0] = (char)(0xc0 | c >> 6), to[1] = (char)(0x80 | (c & 63)), 2;
    if (c < 0x10000)
        return to[0] = (char)(0xe0 | c >> 12), to[1] = (char)(0x80 | (c >> 6 & 63)),
               to[2] = (char)(0x80 | (c & 63)), 3;
    to[0] = (char)(0xf0 | c >> 18);
    to[1] = (char)(0x80 | (c >> 12 & 63));
    to[2] = (char)(0x80 | (c >> 6 & 63));
    to[3] = (char)(0x80 | (c & 63));
    return 4;
}

/* Bytes of the white space that the text begins with, or (back) ends with; 0: none. */
static size_t space_at(const char *text, size_t n, bool back)
{
    unsigned char c = (unsigned char)(back ? text[n - 1] : text[0]);
    if (c < 0x80)
        return c == ' ' || (c >= '\t' && c <= '\r');
    for (size_t bytes = 2; bytes <= 3 && bytes <= n; bytes++) {
        char one[4] = {0};
        memcpy(one, back ? text + n - bytes : text, bytes);
        const char *cursor = one;
        uint32_t found = mg_utf8_valid(one, bytes) ? mg_utf8_next(&cursor) : 'x';
        if (cursor == one + bytes && (is_wide_space(found) || is_zero_width(found)))
            return bytes;
    }
    return 0;
}

void mg_fold_trim(const char **text, size_t *n)
{
    for (size_t space; *n > 0 && (space = space_at(*text, *n, false));)
        *text += space, *n -= space;
    for (size_t space; *n > 0 && (space = space_at(*text, *n, true));)
        *n -= space;
}

size_t mg_fold_width(const char *text, size_t n, char ret_text[MG_FOLD_BYTES])
{
    char copy[MG_FOLD_BYTES];
    size_t len = 0;
    mg_fold_trim(&text, &n);
    if (!is_walkable(text, n))
        return MG_FOLD_TOO_LONG;
    memcpy(copy, text, n);
    copy[n] = '\0';
    for (const char *cursor = copy; *cursor;) {
        uint32_t c = narrow(mg_utf8_next(&cursor)); /* never longer than what it stands for */
        if (c != DROPPED)
            len += put_utf8(ret_text + len, c);
    }
    ret_text[len] = '\0';
    return len;
}

/* The bare letters of U+00C0 to U+00FF, and of a few beyond; NULL: another character. */
static const char *bare_letters(uint32_t c)
{
    static const char *const latin[64] = {
        "a", "a", "a", "a", "a", "a", "ae", "c",  "e", "e", "e", "e", "i", "i", "i",  "i",
        "d", "n", "o", "o", "o", "o", "o",  NULL, "o", "u", "u", "u", "u", "y", "th", "ss",
        "a", "a", "a", "a", "a", "a", "ae", "c",  "e", "e", "e", "e", "i", "i", "i",  "i",
        "d", "n", "o", "o", "o", "o", "o",  NULL, "o", "u", "u", "u", "u", "y", "th", "y"};
    if (c >= 0xc0 && c <= 0xff)
        return latin[c - 0xc0];
    return c == 0x152 || c == 0x153 ? "oe" : NULL;
}

/* Characters that don't count inside a word. */
static bool is_skipped(uint32_t c)
{
    return c == ' ' || c == '-' || c == ',' || c == '\'' || c == '"' || c == 0x3001 ||
           (c >= 0x201a && c <= 0x201f) || c == 0xab || c == 0xbb || (c >= 0x300c && c <= 0x300f) ||
           (c >= 0x300 && c <= 0x36f);
}

/* Characters that don't count at its ends. */
static bool is_end(uint32_t c)
{
    return (c < 0x80 && ispunct((int)c)) || c == 0x2026 || c == 0x3002 || c == 0xb7 || c == 0x2022 ||
           c == 0x30fb || c == 0xbf || c == 0xa1 || (c >= 0x3008 && c <= 0x3011) ||
           (c >= 0x3014 && c <= 0x301b);
}

size_t mg_fold_word(const char *text, size_t n, char ret_text[MG_FOLD_BYTES])
{
    char narrowed[MG_FOLD_BYTES], word[2 * MG_FOLD_BYTES]; /* "æ" is as long as "ae": no letter grows */
    size_t width = mg_fold_width(text, n, narrowed), len = 0, last = 0;
    if (width == MG_FOLD_TOO_LONG)
        return width;
    for (const char *cursor = narrowed; *cursor;) {
        uint32_t c = mg_utf8_next(&cursor);
        if (is_skipped(c) || (len == 0 && is_end(c)))
            continue;
        const char *bare = bare_letters(c);
        for (; bare && *bare; bare++)
            word[len++] = *bare;
        if (!bare_letters(c))
            len += put_utf8(word + len, c < 0x80 ? (uint32_t)tolower((int)c) : c);
        last = is_end(c) ? last : len;
    }
    memcpy(ret_text, last ? word : narrowed, last ? last : width);
    len = last ? last : width;
    ret_text[len] = '\0';
    return len;
}
