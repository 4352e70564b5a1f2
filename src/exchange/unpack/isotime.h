/* Days and milliseconds as ISO text. */
#ifndef MG_EXCHANGE_UNPACK_ISOTIME_H
#define MG_EXCHANGE_UNPACK_ISOTIME_H

#include <stddef.h>
#include <stdint.h>

#define MG_ISO_DAY_MS 86400000
#define MG_ISO_DAY_MIN (-719162) /* 0001-01-01, from 1970-01-01 on */
#define MG_ISO_DAY_MAX 2932896   /* 9999-12-31 */

/* "2026-01-08" of a day between those; "13:40:00", "25:10:00.250" of no negative time. They return the bytes,
 * 10, and at most 24. */
size_t mg_iso_date(int64_t day, char ret_text[11]);
size_t mg_iso_clock(int64_t ms, char ret_text[25]);
/* "2026-01-08 13:40:00" of milliseconds since 1970; 0: beyond those days. */
size_t mg_iso_time(int64_t ms, char ret_text[36]);
/* The day on which a month begins, counted from 1970-01. */
int64_t mg_iso_month(int64_t month);

#endif
