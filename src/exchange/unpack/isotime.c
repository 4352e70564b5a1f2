/* Days and milliseconds as text; see isotime.h. The calendar is Howard Hinnant's civil_from_days. */
#include "exchange/unpack/isotime.h"

#include <stdio.h>

size_t mg_iso_date(int64_t day, char ret_text[11])
{
    day += 719468;
    int64_t era = day / 146097, of_era = day - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;
    unsigned date = (unsigned)(of_year - (153 * month + 2) / 5 + 1) % 100;
    unsigned number = (unsigned)(month < 10 ? month + 3 : month - 9) % 100;
    unsigned whole_year = (unsigned)(year + era * 400 + (number <= 2)) % 10000;
    return (size_t)snprintf(ret_text, 11, "%04u-%02u-%02u", whole_year, number, date);
}

size_t mg_iso_clock(int64_t ms, char ret_text[25])
{
    int n = snprintf(ret_text, 20, "%02lld:%02d:%02d", (long long)(ms / 3600000) % 10000000000,
                     (int)(ms / 60000 % 60), (int)(ms / 1000 % 60));
    if (ms % 1000)
        n += snprintf(ret_text + n, 5, ".%03d", (int)(ms % 1000));
    return (size_t)n;
}

size_t mg_iso_time(int64_t ms, char ret_text[36])
{
    int64_t day = ms / MG_ISO_DAY_MS - (ms % MG_ISO_DAY_MS < 0);
    if (day < MG_ISO_DAY_MIN || day > MG_ISO_DAY_MAX)
        return 0;
    size_t n = mg_iso_date(day, ret_text);
    ret_text[n++] = ' ';
    return n + mg_iso_clock(ms - day * MG_ISO_DAY_MS, ret_text + n);
}

int64_t mg_iso_month(int64_t month)
{
    int64_t year = 1970 + month / 12 - (month % 12 < 0), of_year = (month % 12 + 12) % 12;
    /* days from civil: March is the first month of its year */
    int64_t from_march = (of_year + 10) % 12, y = year - (of_year < 2), era = y / 400, of_era = y - era * 400;
    int64_t day = (153 * from_march + 2) / 5 + of_era * 365 + of_era / 4 - of_era / 100;
    return era * 146097 + day - 719468;
}
