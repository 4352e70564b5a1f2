/* Numbers as people read them. */
#include "base/format.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MINUS "\xE2\x88\x92"        /* U+2212 */
#define NARROW_SPACE "\xE2\x80\xAF" /* U+202F */
#define OPEN "\xE2\x80\xB9"         /* U+2039 */
#define CLOSE "\xE2\x80\xBA"        /* U+203A */

void mg_format_number(double value, int decimals, bool plus, char ret_text[MG_NUMBER_BYTES])
{
    ret_text[0] = '\0';
    if (!isfinite(value))
        return;
    char digits[40];
    snprintf(digits, sizeof digits, fabs(value) < 1e15 ? "%.*f" : "%.*e", decimals, fabs(value));
    bool zero = strspn(digits, "0.") == strlen(digits);
    const char *sign = zero ? "" : value < 0 ? MINUS : plus ? "+" : "";
    snprintf(ret_text, MG_NUMBER_BYTES, "%s%s", sign, digits);
}

void mg_format_count(int64_t value, char ret_text[MG_NUMBER_BYTES])
{
    char digits[24];
    snprintf(digits, sizeof digits, "%lld", (long long)(value < 0 ? -value : value));
    size_t n = strlen(digits), used = 0;
    if (value < 0)
        used += (size_t)snprintf(ret_text, MG_NUMBER_BYTES, MINUS);
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            used += (size_t)snprintf(ret_text + used, MG_NUMBER_BYTES - used, NARROW_SPACE);
        ret_text[used++] = digits[i];
    }
    ret_text[used] = '\0';
}

/* Whether the number that ends before `end` is 1, and not the last digit of 21 or 0.1. */
static bool is_one(const char *text, const char *end)
{
    size_t spaced = (size_t)(end - text);
    if (spaced < 2 || end[-1] != ' ' || end[-2] != '1')
        return false;
    return spaced == 2 || !strchr("0123456789.,\xAF", end[-3]);
}

void mg_format_counts(char *text)
{
    char *to = text;
    for (const char *from = text; *from;) {
        const char *middle, *close;
        bool open = strncmp(from, OPEN, strlen(OPEN)) == 0 && to > text + 1 && to[-1] == ' ' &&
                    strchr("0123456789", to[-2]);
        if (!open || !(close = strstr(from, CLOSE)) || !(middle = strchr(from, '|')) || middle > close) {
            *to++ = *from++;
            continue;
        }
        bool one = is_one(text, to);
        const char *word = one ? from + strlen(OPEN) : middle + 1, *end = one ? middle : close;
        memmove(to, word, (size_t)(end - word));
        to += end - word;
        from = close + strlen(CLOSE);
    }
    *to = '\0';
}

void mg_format_p(double p, char ret_text[MG_NUMBER_BYTES])
{
    ret_text[0] = '\0';
    if (isfinite(p))
        snprintf(ret_text, MG_NUMBER_BYTES, p < 0.001 ? "<0.001" : "%.3f", p);
}
