/* Numbers that a spreadsheet shows as times, or per cent. */
#ifndef MG_EXCHANGE_UNPACK_XLSX_TIME_H
#define MG_EXCHANGE_UNPACK_XLSX_TIME_H

#include <stdbool.h>
#include <stddef.h>

enum mg_xlsx_shown {
    MG_SHOWN_NUMBER = 0,
    MG_SHOWN_DATE = 1,
    MG_SHOWN_TIME = 2,
    MG_SHOWN_BOTH = 3,
    MG_SHOWN_SPAN = 4,    /* hours beyond a day */
    MG_SHOWN_PERCENT = 8, /* 0.85 as "85%" */
};

/* What a format code makes of a number ("yyyy-mm-dd", "[h]:mm", "0.00"). */
enum mg_xlsx_shown mg_xlsx_shown_by(const char *format);
/* The same of a built-in format. */
enum mg_xlsx_shown mg_xlsx_shown_builtin(unsigned id);

/* The time as ISO text: "2026-01-08", "2026-01-08 13:40:00", with milliseconds where there are any,
 * "13:40:00", "25:10:00"; returns its bytes. 0: the number is no such time (before 1900, beyond 9999). */
size_t mg_xlsx_time(double days, enum mg_xlsx_shown shown, bool from_1904, char ret_text[40]);

#endif
