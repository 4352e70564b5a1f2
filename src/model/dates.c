/* See dates.h. A recursive descent over the narrowed text: weekday, date, then time and zone. Each taker
 * moves the cursor past what it has taken and leaves it where it was when it has taken nothing. */
#include "model/dates.h"

#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/str.h"
#include "model/fold.h"
#include "model/labels.h"
#include "model/numeral.h"

#define SECOND ((int64_t)1000000)
#define DAY (86400 * SECOND)

struct day {
    int year, month, day;
};

static void skip_spaces(const char **p)
{
    while (**p == ' ')
        ++*p;
}

static bool skip_text(const char **p, const char *text)
{
    if (!mg_str_starts(*p, text))
        return false;
    *p += strlen(text);
    return true;
}

/* Digits at the cursor, at most `most`; how many there were, 0 where there are more than that. */
static int take_number(const char **p, int most, int *ret)
{
    int n = 0, value = 0;
    for (; n <= most && isdigit((unsigned char)(*p)[n]); n++)
        value = n < most ? value * 10 + ((*p)[n] - '0') : value;
    if (n == 0 || n > most)
        return 0;
    *p += n;
    *ret = value;
    return n;
}

/* A word of letters (ASCII with dots, and all beyond ASCII) that the list has; its place, 0: none. Of CJK,
 * which writes without spaces, the longest beginning that is listed. */
static unsigned take_word(const char **p, enum mg_label_list list)
{
    char folded[MG_FOLD_BYTES];
    size_t n = 0, word = 0;
    while (isalpha((unsigned char)(*p)[n]) || (unsigned char)(*p)[n] >= 0x80 || (n && (*p)[n] == '.') ||
           (n && (*p)[n] == '-' && isalpha((unsigned char)(*p)[n + 1]) && list == MG_LIST_WEEKDAY))
        n++;
    for (word = n; word > 0; word--) {
        bool cuts = word < n && (unsigned char)(*p)[word - 1] < 0x80 && isalpha((unsigned char)(*p)[word]);
        unsigned place =
            cuts || mg_fold_word(*p, word, folded) == MG_FOLD_TOO_LONG ? 0 : mg_labels_place(list, folded);
        if (place) {
            *p += word;
            return place;
        }
    }
    return 0;
}

/* What may stand between the parts: spaces, commas, dots, "of", "at", 的. */
static void skip_between(const char **p)
{
    const char *before;
    do {
        before = *p;
        *p += strspn(*p, " ,");
        take_word(p, MG_LIST_JOINT);
    } while (*p != before);
}

static bool is_day(const struct day *day)
{
    return day->year >= 1000 && day->year < 3000 && day->month >= 1 && day->month <= 12 && day->day >= 1 &&
           day->day <= mg_civil_month_days(day->year, day->month);
}

static int full_year(int year, int digits)
{
    return digits == 2 ? year + (year >= 70 ? 1900 : 2000) : digits == 4 ? year : 0;
}

/* One of the marks between numbers of a date, with spaces around a dot: its character; '\0': none. */
static char take_mark(const char **p)
{
    static const char *const wide[] = {"年", "月", "년", "월"};
    const char *at = *p;
    skip_spaces(&at);
    for (size_t i = 0; i < ARRAY_LEN(wide); i++)
        if (skip_text(&at, wide[i]))
            return skip_spaces(&at), *p = at, 'c';
    if (!*at || !strchr("-/.", *at))
        return '\0';
    char mark = *at++;
    if (mark == '.')
        skip_spaces(&at);
    *p = at;
    return mark;
}

/* 20260108, and more digits for a time: 20260108134000. */
static bool take_compact(const char **p, struct day *ret, int64_t *ret_time)
{
    size_t n = strspn(*p, "0123456789");
    int part[7] = {0};
    const char *at = *p;
    if (n != 8 && n != 12 && n != 14)
        return false;
    for (size_t i = 0; i < n / 2; i++, at += 2)
        part[i] = (at[0] - '0') * 10 + (at[1] - '0');
    *ret = (struct day){part[0] * 100 + part[1], part[2], part[3]};
    *ret_time = (part[4] * 3600 + part[5] * 60 + part[6]) * SECOND;
    *p = at;
    return is_day(ret) && part[4] < 24 && part[5] < 60 && part[6] < 60;
}

/* Three numbers; of two with one between them in front, the order says which. */
static bool take_numbers(const char **p, enum mg_date_order order, struct day *ret)
{
    int a = 0, b = 0, c = 0;
    const char *at = *p;
    int first = take_number(&at, 4, &a);
    char mark = first ? take_mark(&at) : '\0';
    if (!mark || !take_number(&at, 2, &b) || take_mark(&at) != mark)
        return false;
    int last = take_number(&at, 4, &c);
    if (first == 4)
        *ret = (struct day){last && last <= 2 ? a : 0, b, c};
    else if (first > 2 || (order != MG_DATE_DMY && order != MG_DATE_MDY))
        return false;
    else
        *ret = (struct day){full_year(c, last), order == MG_DATE_DMY ? b : a, order == MG_DATE_DMY ? a : b};
    skip_text(&at, "日");
    skip_text(&at, "일");
    if (mark == '.' && *at == '.')
        at++;
    *p = at;
    return is_day(ret);
}

static void skip_marks(const char **p)
{
    *p += strspn(*p, "-./");
    skip_between(p);
}

/* 8 Jan 2026, 8. Januar 2026, 8-Jan-26, Jan 8, 2026. */
static bool take_named(const char **p, struct day *ret)
{
    const char *at = *p;
    int year = 0;
    bool day_first = take_number(&at, 2, &ret->day) > 0;
    skip_marks(&at);
    ret->month = (int)take_word(&at, MG_LIST_MONTH);
    skip_marks(&at);
    if (!ret->month || (!day_first && !take_number(&at, 2, &ret->day)))
        return false;
    skip_marks(&at);
    int digits = take_number(&at, 4, &year);
    ret->year = full_year(year, digits);
    *p = at;
    return is_day(ret);
}

/* One of the marks between the numbers of a time. */
static bool skip_time_mark(const char **p, const char *plain, const char *const wide[4])
{
    for (size_t i = 0; i < 4; i++)
        if (skip_text(p, wide[i]))
            return skip_spaces(p), true;
    if (!**p || !strchr(plain, **p) || !isdigit((unsigned char)(*p)[1]))
        return false;
    ++*p;
    return true;
}

static int64_t take_fraction(const char **p)
{
    int64_t micros = 0, unit = SECOND / 10;
    if ((**p != '.' && **p != ',') || !isdigit((unsigned char)(*p)[1]))
        return 0;
    for (++*p; isdigit((unsigned char)**p); ++*p, unit /= 10)
        micros += unit * (**p - '0');
    return micros;
}

/* "13:40", "1:40:00.123 pm", "下午1:40", "13時40分", "13h40". */
static bool take_clock(const char **p, int64_t *ret)
{
    static const char *const hours[] = {"时", "時", "시", "點"}, *const minutes[] = {"分", "분", "分钟",
                                                                                     "分鐘"};
    int hour = 0, minute = 0, second = 0;
    const char *at = *p;
    unsigned half = take_word(&at, MG_LIST_HALF_DAY);
    skip_spaces(&at);
    if (!take_number(&at, 2, &hour) || !skip_time_mark(&at, ":.hH", hours) || !take_number(&at, 2, &minute))
        return false;
    if (skip_time_mark(&at, ":.", minutes) && take_number(&at, 2, &second)) {
        skip_text(&at, "秒");
        skip_text(&at, "초");
    }
    int64_t micros = take_fraction(&at);
    skip_spaces(&at);
    half = half ? half : take_word(&at, MG_LIST_HALF_DAY);
    if (hour > 23 || minute > 59 || second > 60 || (half && hour > 12 && half == 1))
        return false;
    hour = half == 1 && hour == 12 ? 0 : half == 2 && hour < 12 ? hour + 12 : hour;
    *ret = ((int64_t)hour * 3600 + minute * 60 + second) * SECOND + micros;
    *p = at;
    return true;
}

/* +08:00, +0800, -5; in minutes. */
static bool take_offset(const char **p, int *ret_minutes)
{
    const char *at = *p;
    int sign = *at == '-' ? -1 : *at == '+' ? 1 : 0, hours = 0, minutes = 0;
    at += sign != 0;
    int digits = sign ? take_number(&at, 4, &hours) : 0;
    if (digits > 2) {
        minutes = hours % 100;
        hours /= 100;
    } else if (digits && *at == ':') {
        at++;
        digits = take_number(&at, 2, &minutes);
    }
    if (!digits || hours > 15 || minutes > 59)
        return false;
    *ret_minutes = sign * (hours * 60 + minutes);
    *p = at;
    return true;
}

/* A zone's name that has one meaning. */
static bool take_zone_name(const char **p, int *ret_minutes)
{
    static const struct {
        const char *name;
        int minutes;
    } zones[] = {{"UTC", 0},    {"GMT", 0},    {"Z", 0},      {"CEST", 120}, {"CET", 60},   {"EST", -300},
                 {"EDT", -240}, {"CDT", -300}, {"MST", -420}, {"MDT", -360}, {"PST", -480}, {"PDT", -420},
                 {"JST", 540},  {"KST", 540},  {"WIB", 420},  {"HKT", 480},  {"BRT", -180}, {"WET", 0},
                 {"WEST", 60},  {"MEZ", 60},   {"MESZ", 120}};
    size_t n = 0;
    while (isalpha((unsigned char)(*p)[n]))
        n++;
    for (size_t i = 0; i < ARRAY_LEN(zones); i++)
        if (strlen(zones[i].name) == n && strncasecmp(zones[i].name, *p, n) == 0) {
            *ret_minutes = zones[i].minutes;
            *p += n;
            return true;
        }
    return false;
}

/* A zone behind a time, and its name in brackets behind an offset; true also where there is none. */
static bool take_zone(const char **p, int *ret_minutes)
{
    *ret_minutes = 0;
    skip_spaces(p);
    bool named = take_zone_name(p, ret_minutes);
    int more = 0;
    if ((!named || *ret_minutes == 0) && take_offset(p, &more))
        named = true, *ret_minutes = more;
    skip_spaces(p);
    char close = **p == '(' ? ')' : '[' == **p ? ']' : '\0';
    const char *end = named && close ? strchr(*p, close) : NULL;
    *p = end ? end + 1 : *p;
    return true;
}

/* "(四)", "(Thu)", "星期四" behind a date. */
static void skip_weekday(const char **p)
{
    const char *at = *p, *end;
    skip_spaces(&at);
    if (*at == '(' && (end = strchr(at, ')')) && end - at <= 16 &&
        strcspn(at, "0123456789") >= (size_t)(end - at))
        *p = end + 1;
    else if (take_word(&at, MG_LIST_WEEKDAY))
        *p = at;
}

static bool take_rest(const char *p, int64_t *ret_time)
{
    int minutes = 0;
    int64_t clock = 0;
    skip_weekday(&p);
    if (!*p)
        return true;
    p += p[0] == '-' && p[1] == ' '; /* "8 Jan 2026 - 13:40" */
    skip_between(&p);
    if (!take_clock(&p, &clock) || !take_zone(&p, &minutes))
        return false;
    skip_between(&p); /* "Uhr" */
    *ret_time = clock - (int64_t)minutes * 60 * SECOND;
    return !*p;
}

static bool read_serial(const char *text, size_t n, enum mg_date_order order, int64_t *ret_us)
{
    struct mg_numeral numeral;
    double number;
    if (!mg_numeral_scan(text, n, &numeral) || !mg_numeral_value(&numeral, '.', '\0', &number))
        return false;
    double size = fabs(number);
    double seconds = order == MG_DATE_EXCEL ? (number - 25569) * 86400
                     : size >= 1e14         ? number / 1e6
                     : size >= 1e11         ? number / 1e3
                                            : number;
    if (!(fabs(seconds) < 4e10)) /* within some 1,200 years */
        return false;
    *ret_us = llround(seconds * 1e6);
    return true;
}

bool mg_date_read(const char *text, size_t n, enum mg_date_order order, int64_t *ret_us)
{
    char narrow[MG_FOLD_BYTES];
    struct day day = {0};
    int64_t time = 0;
    if (order == MG_DATE_EXCEL || order == MG_DATE_UNIX)
        return read_serial(text, n, order, ret_us);
    mg_fold_trim(&text, &n);
    if (n < 6 || n > MG_DATE_BYTES || mg_fold_width(text, n, narrow) == MG_FOLD_TOO_LONG ||
        !strpbrk(narrow, "0123456789"))
        return false;
    const char *p = narrow;
    bool weekday = take_word(&p, MG_LIST_WEEKDAY) > 0;
    if (weekday)
        skip_marks(&p);
    bool compact = take_compact(&p, &day, &time);
    if (!compact && !take_numbers(&p, order, &day) && !take_named(&p, &day))
        return false;
    if (time ? *p != '\0' : !take_rest(p, &time))
        return false;
    *ret_us = mg_civil_days(day.year, day.month, day.day) * DAY + time;
    return true;
}
