/* Serial days as times; see xlsx_time.h. Day 1 is 1900-01-01, and day 60 the 29th of February that the year
 * 1900 didn't have; or day 0 is 1904-01-01. */
#include "exchange/unpack/xlsx_time.h"

#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "exchange/unpack/isotime.h"

#define DAY_MS 86400000
#define DAYS_MAX 2958465 /* 9999-12-31 */
#define DAYS_1904 1462   /* from 1900-01-00 to 1904-01-01 */

/* The next letter of a format code's first part that stands for itself; *ret_span: it stood in brackets as
 * hours, minutes or seconds do. '\0': the end. */
static char next_letter(const char **cursor, bool *ret_span)
{
    const char *p = *cursor;
    *ret_span = false;
    char found = '\0';
    while (*p && *p != ';' && !found) {
        if (*p == '"') {
            const char *end = strchr(p + 1, '"');
            p = end ? end + 1 : p + strlen(p);
        } else if (*p == '\\' || *p == '_' || *p == '*') {
            p += p[1] ? 2 : 1;
        } else if (*p == '[') {
            const char *end = strchr(p, ']');
            *ret_span =
                end && strchr("hHmMsS", p[1]) && p[1] && strspn(p + 1, "hHmMsS") == (size_t)(end - p - 1);
            found = *ret_span ? (char)tolower((unsigned char)p[1]) : '\0';
            p = end ? end + 1 : p + strlen(p);
        } else {
            found = isalpha((unsigned char)*p) ? (char)tolower((unsigned char)*p) : *p;
            p++;
        }
    }
    *cursor = p;
    return found;
}

enum mg_xlsx_shown mg_xlsx_shown_by(const char *format)
{
    bool span = false, date = false, time = false, months = false, percent = false;
    char last = '\0', c; /* the last letter of a part of a time */
    if (strncasecmp(format, "General", 7) == 0)
        return MG_SHOWN_NUMBER;
    for (bool in_brackets; (c = next_letter(&format, &in_brackets));) {
        span |= in_brackets;
        percent |= c == '%';
        if (strchr("0#?", c)) /* a number; but "ss.000" is a time of milliseconds */
            last = last == 's' ? last : '0';
        else if (c == 'y' || c == 'd' || (c == 'e' && last != '0'))
            date = true;
        else if (c == 'h' || c == 's')
            time = true;
        else if (c == 'm')
            months |= last != 'h' && last != 'm'; /* behind hours they are minutes */
        if (c == 's' && last == 'm' && !date)
            months = false; /* "mm:ss" */
        last = strchr("yedhms", c) ? c : last;
    }
    date |= months && !time;
    if (percent && !span && !date && !time)
        return MG_SHOWN_PERCENT;
    return span ? MG_SHOWN_SPAN
                : (enum mg_xlsx_shown)((date ? MG_SHOWN_DATE : 0) | (time ? MG_SHOWN_TIME : 0));
}

enum mg_xlsx_shown mg_xlsx_shown_builtin(unsigned id)
{
    if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || id == 45 || id == 47 || id == 55 || id == 56)
        return MG_SHOWN_TIME;
    if (id == 22)
        return MG_SHOWN_BOTH;
    if (id == 46)
        return MG_SHOWN_SPAN;
    if (id == 9 || id == 10)
        return MG_SHOWN_PERCENT;
    bool date = (id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 54) ||
                id == 57 || id == 58;
    return date ? MG_SHOWN_DATE : MG_SHOWN_NUMBER;
}

size_t mg_xlsx_time(double days, enum mg_xlsx_shown shown, bool from_1904, char ret_text[40])
{
    if (!(days >= 0 && days < DAYS_MAX + 1.0))
        return 0;
    int64_t ms = (int64_t)llround(days * DAY_MS), day = ms / DAY_MS, left = ms % DAY_MS;
    if (shown == MG_SHOWN_SPAN)
        return mg_iso_clock(ms, ret_text);
    if (shown == MG_SHOWN_TIME && day == 0)
        return mg_iso_clock(left, ret_text);
    day += from_1904 ? DAYS_1904 : 0;
    if (day > DAYS_MAX || day == 0)
        return 0;
    size_t n = mg_iso_date(day - 25569 + (day < 60), ret_text);
    if (shown == MG_SHOWN_DATE && left == 0)
        return n;
    ret_text[n++] = ' ';
    return n + mg_iso_clock(left, ret_text + n);
}
