/* UTF-8 decoding, terminal width, and strict number parsing. */
#include "base/str.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Bytes of the sequence that `lead` opens and the smallest code point it may encode; 0 for no lead byte. */
static int sequence_length(unsigned char lead, uint32_t *ret_min)
{
    if (lead < 0x80)
        return *ret_min = 0, 1;
    if (lead >= 0xC2 && lead < 0xE0)
        return *ret_min = 0x80, 2;
    if (lead >= 0xE0 && lead < 0xF0)
        return *ret_min = 0x800, 3;
    if (lead >= 0xF0 && lead < 0xF5)
        return *ret_min = 0x10000, 4;
    return 0;
}

/* Decodes one sequence of at most n bytes; returns its length, or 0 when malformed. */
static int decode(const unsigned char *text, size_t n, uint32_t *ret_point)
{
    uint32_t min = 0;
    int length = sequence_length(text[0], &min);
    if (length == 0 || (size_t)length > n)
        return 0;
    uint32_t point = length == 1 ? text[0] : text[0] & (0x7Fu >> length);
    for (int i = 1; i < length; i++) {
        if ((text[i] & 0xC0) != 0x80)
            return 0;
        point = point << 6 | (text[i] & 0x3F);
    }
    if (point < min || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
        return 0;
    *ret_point = point;
    return length;
}

bool mg_utf8_valid(const char *text, size_t n)
{
    const unsigned char *p = (const unsigned char *)text;
    for (size_t i = 0; i < n;) {
        uint32_t point;
        int length = decode(p + i, n - i, &point);
        if (length == 0)
            return false;
        i += (size_t)length;
    }
    return true;
}

uint32_t mg_utf8_next(const char **cursor)
{
    const unsigned char *p = (const unsigned char *)*cursor;
    if (*p == 0)
        return 0;
    uint32_t point;
    int length = decode(p, strnlen(*cursor, 4), &point);
    *cursor += length ? length : 1;
    return length ? point : 0xFFFD;
}

size_t mg_utf8_length(const char *text)
{
    size_t n = 0;
    while (mg_utf8_next(&text))
        n++;
    return n;
}

/* Unicode East_Asian_Width W and F, in the blocks that occur in running text, and zero-width marks. */
static int point_width(uint32_t c)
{
    static const struct {
        uint32_t first, last;
        int width;
    } ranges[] = {
        {0x0300, 0x036F, 0},   {0x200B, 0x200F, 0},   {0x20D0, 0x20F0, 0}, {0xFE00, 0xFE0F, 0},
        {0x1100, 0x115F, 2},   {0x2E80, 0x303E, 2},   {0x3041, 0x33FF, 2}, {0x3400, 0x4DBF, 2},
        {0x4E00, 0x9FFF, 2},   {0xA000, 0xA4CF, 2},   {0xAC00, 0xD7A3, 2}, {0xF900, 0xFAFF, 2},
        {0xFE30, 0xFE6F, 2},   {0xFF00, 0xFF60, 2},   {0xFFE0, 0xFFE6, 2}, {0x1F300, 0x1F64F, 2},
        {0x1F900, 0x1F9FF, 2}, {0x20000, 0x3FFFD, 2},
    };
    for (size_t i = 0; i < ARRAY_LEN(ranges); i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return ranges[i].width;
    return 1;
}

int mg_utf8_width(const char *text)
{
    int width = 0;
    for (uint32_t c; (c = mg_utf8_next(&text));)
        width += point_width(c);
    return width;
}

size_t mg_utf8_fit(const char *text, int columns)
{
    const char *cursor = text, *end = text;
    int width = 0;
    for (uint32_t c; (c = mg_utf8_next(&cursor));) {
        width += point_width(c);
        if (width > columns)
            break;
        end = cursor;
    }
    return (size_t)(end - text);
}

size_t mg_utf8_cut(const char *text, size_t n, size_t most)
{
    if (n <= most)
        return n;
    while (most > 0 && ((unsigned char)text[most] & 0xC0) == 0x80)
        most--;
    return most;
}

bool mg_str_cut(const char *text, size_t n, size_t most, char *ret_text)
{
    bool cut = n > most;
    size_t kept = mg_utf8_cut(text, n, most);
    memcpy(ret_text, text, kept);
    memcpy(ret_text + kept, "…", cut ? 4 : 0);
    ret_text[kept + (cut ? 3 : 0)] = '\0';
    return cut;
}

char *mg_str_plain(char *text)
{
    for (unsigned char *c = (unsigned char *)text; c && *c; c++) {
        bool second = c[0] == 0xC2 && c[1] >= 0x80 && c[1] < 0xA0; /* U+0080–U+009F */
        if (*c < 0x20 || *c == 0x7F || second)
            *c = '?';
        if (second)
            *++c = '?';
    }
    return text;
}

bool mg_str_equal(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

bool mg_str_all_equal(const char *const *a, const char *const *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!mg_str_equal(a[i], b[i]))
            return false;
    return true;
}

bool mg_str_equal_nocase(const char *a, const char *b)
{
    return a && b ? strcasecmp(a, b) == 0 : a == b;
}

bool mg_str_starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool mg_str_ends(const char *text, const char *suffix)
{
    size_t n = strlen(text), m = strlen(suffix);
    return n >= m && memcmp(text + n - m, suffix, m) == 0;
}

bool mg_str_has_empty_part(const char *text, char separator)
{
    for (const char *part = text;; part++) {
        const char *end = strchr(part, separator);
        if (end == part || !*part)
            return true;
        if (!end)
            return false;
        part = end;
    }
}

#define DISTANCE_MAX 64

/* ASCII case ignored. */
static bool same(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

size_t mg_str_distance(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b);
    if (n > DISTANCE_MAX || m > DISTANCE_MAX)
        return DISTANCE_MAX;
    size_t rows[3][DISTANCE_MAX + 1];
    for (size_t j = 0; j <= m; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t *now = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t best = above[j - 1] + !same(a[i - 1], b[j - 1]);
            best = above[j] + 1 < best ? above[j] + 1 : best;
            best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
            if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]) &&
                two_above[j - 2] + 1 < best)
                best = two_above[j - 2] + 1;
            now[j] = best;
        }
    }
    return rows[n % 3][m];
}

bool mg_parse_double(const char *text, double *ret)
{
    /* Only digits, sign, point and exponent: strtod alone would take hex, inf and nan. */
    if (!*text || text[strspn(text, "0123456789+-.eE")])
        return false;
    char *end;
    errno = 0;
    double value = strtod(text, &end);
    if (*end || end == text || !isfinite(value))
        return false;
    *ret = value;
    return true;
}

bool mg_parse_int(const char *text, int64_t *ret)
{
    char *end;
    if (!*text || text[strspn(text, "0123456789+-")])
        return false;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (*end || end == text || errno)
        return false;
    *ret = value;
    return true;
}
