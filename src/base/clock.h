/* The clock is handed in, never read from below main.c, so that tests can set it. Times are UTC microseconds
 * since 1970. */
#ifndef MG_BASE_CLOCK_H
#define MG_BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

struct mg_clock {
    int64_t (*now_us)(const struct mg_clock *clock);
    int64_t fixed_us; /* for mg_clock_fixed */
};

struct mg_clock mg_clock_system(void);
struct mg_clock mg_clock_fixed(int64_t us);
int64_t mg_now(const struct mg_clock *clock);

/* Monotonic seconds, for measuring durations only. */
double mg_clock_elapsed(void);

/* "2026-01-18T13:40:00Z" (21 bytes with the terminator) and back; -1 when the text is no such time. Also
 * reads "2026-01-18" and "2026-01-18 13:40[:00[.ffffff]]" (taken as UTC) and numeric offsets. */
void mg_time_format(int64_t us, char ret_text[32]);
int mg_time_parse(const char *text, int64_t *ret_us);

/* Days since 1970 of a date, and how many its month (1 to 12) has. */
int64_t mg_civil_days(int64_t year, int month, int day);
int mg_civil_month_days(int year, int month);

#endif
