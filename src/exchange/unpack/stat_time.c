/* Times of the statistics programs; see stat_time.h. SPSS counts seconds from 1582-10-14, Stata and SAS days,
 * seconds or milliseconds from 1960-01-01. */
#include "exchange/unpack/stat_time.h"

#include <math.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "exchange/unpack/isotime.h"

#define DAY_1582 (-141428)
#define DAY_1960 (-3653)
#define MONTH_1960 (-120)
#define SIZE_MAX_MS 1e15 /* beyond all years */

struct row {
    const char *name;
    enum mg_stat_shown shown;
};

/* Letters up to a digit, a point or the end. */
static enum mg_stat_shown find(const struct row *rows, size_t n, const char *format)
{
    size_t length = strcspn(format, "0123456789.");
    for (size_t i = 0; i < n; i++)
        if (strlen(rows[i].name) == length && strncasecmp(rows[i].name, format, length) == 0)
            return rows[i].shown;
    return MG_STAT_NUMBER;
}

enum mg_stat_shown mg_stat_shown_by_spss(const char *format)
{
    static const struct row rows[] = {
        {"DATE", MG_STAT_DAYS_1582},      {"ADATE", MG_STAT_DAYS_1582}, {"EDATE", MG_STAT_DAYS_1582},
        {"JDATE", MG_STAT_DAYS_1582},     {"SDATE", MG_STAT_DAYS_1582}, {"QYR", MG_STAT_DAYS_1582},
        {"MOYR", MG_STAT_DAYS_1582},      {"WKYR", MG_STAT_DAYS_1582},  {"DATETIME", MG_STAT_SECONDS_1582},
        {"YMDHMS", MG_STAT_SECONDS_1582}, {"TIME", MG_STAT_CLOCK},      {"DTIME", MG_STAT_CLOCK},
        {"MTIME", MG_STAT_CLOCK},
    };
    return find(rows, ARRAY_LEN(rows), format);
}

enum mg_stat_shown mg_stat_shown_by_sas(const char *format)
{
    static const struct row rows[] = {
        {"DATE", MG_STAT_DAYS_1960},
        {"DAY", MG_STAT_DAYS_1960},
        {"DDMMYY", MG_STAT_DAYS_1960},
        {"DDMMYYB", MG_STAT_DAYS_1960},
        {"DDMMYYC", MG_STAT_DAYS_1960},
        {"DDMMYYD", MG_STAT_DAYS_1960},
        {"DDMMYYN", MG_STAT_DAYS_1960},
        {"DDMMYYP", MG_STAT_DAYS_1960},
        {"DDMMYYS", MG_STAT_DAYS_1960},
        {"MMDDYY", MG_STAT_DAYS_1960},
        {"MMDDYYB", MG_STAT_DAYS_1960},
        {"MMDDYYC", MG_STAT_DAYS_1960},
        {"MMDDYYD", MG_STAT_DAYS_1960},
        {"MMDDYYN", MG_STAT_DAYS_1960},
        {"MMDDYYP", MG_STAT_DAYS_1960},
        {"MMDDYYS", MG_STAT_DAYS_1960},
        {"YYMMDD", MG_STAT_DAYS_1960},
        {"YYMMDDB", MG_STAT_DAYS_1960},
        {"YYMMDDC", MG_STAT_DAYS_1960},
        {"YYMMDDD", MG_STAT_DAYS_1960},
        {"YYMMDDN", MG_STAT_DAYS_1960},
        {"YYMMDDP", MG_STAT_DAYS_1960},
        {"YYMMDDS", MG_STAT_DAYS_1960},
        {"E8601DA", MG_STAT_DAYS_1960},
        {"B8601DA", MG_STAT_DAYS_1960},
        {"IS8601DA", MG_STAT_DAYS_1960},
        {"WEEKDATE", MG_STAT_DAYS_1960},
        {"WEEKDATX", MG_STAT_DAYS_1960},
        {"WORDDATE", MG_STAT_DAYS_1960},
        {"WORDDATX", MG_STAT_DAYS_1960},
        {"NLDATE", MG_STAT_DAYS_1960},
        {"MONYY", MG_STAT_DAYS_1960},
        {"YYMON", MG_STAT_DAYS_1960},
        {"JULIAN", MG_STAT_DAYS_1960},
        {"MINGUO", MG_STAT_DAYS_1960},
        {"DATETIME", MG_STAT_SECONDS_1960},
        {"DATEAMPM", MG_STAT_SECONDS_1960},
        {"MDYAMPM", MG_STAT_SECONDS_1960},
        {"NLDATM", MG_STAT_SECONDS_1960},
        {"TIME", MG_STAT_CLOCK},
        {"HHMM", MG_STAT_CLOCK},
        {"TOD", MG_STAT_CLOCK},
        {"TIMEAMPM", MG_STAT_CLOCK},
        {"MMSS", MG_STAT_CLOCK},
    };
    /* "E8601DT" and its like have digits in their names */
    static const char *const iso_seconds[] = {"E8601DT", "B8601DT", "IS8601DT", "E8601DZ", "B8601DZ"};
    static const char *const iso_days[] = {"E8601DA", "B8601DA", "IS8601DA"};
    for (size_t i = 0; i < ARRAY_LEN(iso_seconds); i++)
        if (strncasecmp(format, iso_seconds[i], strlen(iso_seconds[i])) == 0)
            return MG_STAT_SECONDS_1960;
    for (size_t i = 0; i < ARRAY_LEN(iso_days); i++)
        if (strncasecmp(format, iso_days[i], strlen(iso_days[i])) == 0)
            return MG_STAT_DAYS_1960;
    return find(rows, ARRAY_LEN(rows), format);
}

enum mg_stat_shown mg_stat_shown_by_stata(const char *format)
{
    static const char letters[] = "dcCwmqh";
    static const enum mg_stat_shown shown[] = {MG_STAT_DAYS_1960,  MG_STAT_MS_1960,     MG_STAT_MS_1960,
                                               MG_STAT_WEEKS_1960, MG_STAT_MONTHS_1960, MG_STAT_QUARTERS_1960,
                                               MG_STAT_HALVES_1960};
    format += *format == '%';
    format += *format == '-';
    if (*format == 'd') /* the older way */
        return MG_STAT_DAYS_1960;
    const char *letter = *format == 't' && format[1] ? strchr(letters, format[1]) : NULL;
    return letter ? shown[letter - letters] : MG_STAT_NUMBER;
}

static size_t put_day(double day, char *text)
{
    if (!(day >= MG_ISO_DAY_MIN && day <= MG_ISO_DAY_MAX))
        return 0;
    return mg_iso_date((int64_t)floor(day), text);
}

static size_t put_time(double ms, char *text)
{
    return fabs(ms) < SIZE_MAX_MS ? mg_iso_time((int64_t)llround(ms), text) : 0;
}

static size_t put_months(double months, char *text)
{
    if (!(fabs(months) < 200000))
        return 0;
    return put_day((double)mg_iso_month((int64_t)floor(months) + MONTH_1960), text);
}

/* Stata's years have 52 weeks, the last of eight or nine days. */
static size_t put_week(double week, char *text)
{
    if (!(fabs(week) < 600000))
        return 0;
    int64_t whole = (int64_t)floor(week), year = whole / 52 - (whole % 52 < 0), left = whole - year * 52;
    return put_day((double)(mg_iso_month(year * 12 + MONTH_1960) + 7 * left), text);
}

size_t mg_stat_time(double value, enum mg_stat_shown shown, char ret_text[36])
{
    switch (shown) {
    case MG_STAT_SECONDS_1582:
        return put_time(value * 1000 + (double)DAY_1582 * MG_ISO_DAY_MS, ret_text);
    case MG_STAT_DAYS_1582:
        return put_day(floor(value / 86400) + DAY_1582, ret_text);
    case MG_STAT_CLOCK:
        return value >= 0 && value < 1e9 ? mg_iso_clock((int64_t)llround(value * 1000), ret_text) : 0;
    case MG_STAT_DAYS_1960:
        return put_day(value + DAY_1960, ret_text);
    case MG_STAT_SECONDS_1960:
        return put_time(value * 1000 + (double)DAY_1960 * MG_ISO_DAY_MS, ret_text);
    case MG_STAT_MS_1960:
        return put_time(value + (double)DAY_1960 * MG_ISO_DAY_MS, ret_text);
    case MG_STAT_WEEKS_1960:
        return put_week(value, ret_text);
    case MG_STAT_MONTHS_1960:
        return put_months(value, ret_text);
    case MG_STAT_QUARTERS_1960:
        return put_months(value * 3, ret_text);
    case MG_STAT_HALVES_1960:
        return put_months(value * 6, ret_text);
    case MG_STAT_NUMBER:
        break;
    }
    return 0;
}
