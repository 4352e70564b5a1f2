/* Dates and times as people and tools write them, in the languages of words/labels/.
 *
 *   2026-01-08T13:40:00.123+08:00   2026/1/8 13:40   20260108   20260108134000   2026年1月8日 下午1:40
 * 2026. 1. 8 오후 1:40 8.1.2026 13:40   1/8/2026 1:40 PM   8 Jan 2026   Jan 8, 2026   8. Januar 2026   Thu,
 * 08 Jan 2026 13:40:00 GMT
 *
 * What begins with a year or names its month means one day in whatever order a column is; "1/8/2026" is a day
 * of the column's order: evidence of the whole column says which (evidence.h). Two digits of a year: 70 to 99
 * are of the last century. A time without a zone is taken as UTC; zones are Z, UTC, GMT, an offset, or a name
 * whose offset is known and one. Serial days (EXCEL) and seconds (UNIX) only in columns of that order. */
#ifndef MG_MODEL_DATES_H
#define MG_MODEL_DATES_H

#include "model/cell.h"

#define MG_DATE_BYTES 80 /* longer texts are none */

/* Microseconds since 1970, UTC; false: no date in that order. The text is trimmed here. */
bool mg_date_read(const char *text, size_t n, enum mg_date_order order, int64_t *ret_us);

#endif
