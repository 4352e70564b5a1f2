/* Clocks and RFC 3339 times. Civil-date arithmetic after Howard Hinnant, "chrono-compatible low-level date
 * algorithms" (days_from_civil), so that no time zone database or libc locale is involved. */
#include "base/clock.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t read_system(const struct mg_clock *clock)
{
    (void)clock;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t read_fixed(const struct mg_clock *clock)
{
    return clock->fixed_us;
}

struct mg_clock mg_clock_system(void)
{
    return (struct mg_clock){.now_us = read_system};
}

struct mg_clock mg_clock_fixed(int64_t us)
{
    return (struct mg_clock){.now_us = read_fixed, .fixed_us = us};
}

int64_t mg_now(const struct mg_clock *clock)
{
    return clock->now_us(clock);
}

double mg_clock_elapsed(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

int64_t mg_civil_days(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void mg_time_format(int64_t us, char ret_text[32])
{
    int64_t seconds = us / 1000000 - (us % 1000000 < 0);
    int64_t days = seconds / 86400 - (seconds % 86400 < 0);
    int64_t rest = seconds - days * 86400;
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t day_of_era = z - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t mp = (5 * day_of_year + 2) / 153;
    int day = (int)(day_of_year - (153 * mp + 2) / 5 + 1);
    int month = (int)(mp < 10 ? mp + 3 : mp - 9);
    int64_t year = year_of_era + era * 400 + (month <= 2);
    snprintf(ret_text, 32, "%04d-%02d-%02dT%02d:%02d:%02dZ", (int)(year % 10000), month % 100, day % 100,
             (int)(rest / 3600 % 24), (int)(rest / 60 % 60), (int)(rest % 60));
}

/* Reads exactly n digits at *cursor; -1 when there are fewer. */
static int take_digits(const char **cursor, int n)
{
    int value = 0;
    for (int i = 0; i < n; i++, (*cursor)++) {
        if (!isdigit((unsigned char)**cursor))
            return -1;
        value = value * 10 + (**cursor - '0');
    }
    return value;
}

static int take_offset(const char **cursor, int *ret_minutes)
{
    *ret_minutes = 0;
    if (**cursor == 'Z' || **cursor == 'z') {
        (*cursor)++;
        return 0;
    }
    if (**cursor != '+' && **cursor != '-')
        return 0;
    int sign = *(*cursor)++ == '-' ? -1 : 1;
    int hours = take_digits(cursor, 2);
    if (**cursor == ':')
        (*cursor)++;
    int minutes = take_digits(cursor, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
        return -1;
    *ret_minutes = sign * (hours * 60 + minutes);
    return 0;
}

/* "13:40[:00[.ffffff]][offset]" into microseconds of the day, offset applied. */
static int take_time(const char **cursor, int64_t *ret_us)
{
    int hour = take_digits(cursor, 2), minute = -1, second = 0, offset = 0;
    if (hour < 0 || hour > 23 || *(*cursor)++ != ':')
        return -1;
    minute = take_digits(cursor, 2);
    if (minute < 0 || minute > 59)
        return -1;
    if (**cursor == ':') {
        (*cursor)++;
        second = take_digits(cursor, 2);
        if (second < 0 || second > 60)
            return -1;
    }
    int64_t micros = 0;
    if (**cursor == '.') {
        (*cursor)++;
        int64_t unit = 100000;
        for (; isdigit((unsigned char)**cursor); (*cursor)++, unit /= 10)
            micros += unit * (**cursor - '0');
    }
    if (take_offset(cursor, &offset) < 0)
        return -1;
    *ret_us = ((int64_t)hour * 3600 + minute * 60 + second - (int64_t)offset * 60) * 1000000 + micros;
    return 0;
}

int mg_civil_month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

int mg_time_parse(const char *text, int64_t *ret_us)
{
    const char *cursor = text;
    int year = take_digits(&cursor, 4);
    if (year < 0 || *cursor != '-')
        return -1;
    cursor++;
    int month = take_digits(&cursor, 2);
    if (month < 1 || month > 12 || *cursor != '-')
        return -1;
    cursor++;
    int day = take_digits(&cursor, 2);
    if (day < 1 || day > mg_civil_month_days(year, month))
        return -1;
    int64_t time_us = 0;
    if (*cursor == 'T' || *cursor == 't' || *cursor == ' ') {
        cursor++;
        if (take_time(&cursor, &time_us) < 0)
            return -1;
    }
    if (*cursor)
        return -1;
    *ret_us = mg_civil_days(year, month, day) * 86400 * 1000000 + time_us;
    return 0;
}
