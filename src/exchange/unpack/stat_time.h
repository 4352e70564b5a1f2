/* Numbers that SPSS, Stata and SAS show as times. */
#ifndef MG_EXCHANGE_UNPACK_STAT_TIME_H
#define MG_EXCHANGE_UNPACK_STAT_TIME_H

#include <stddef.h>

/* How the numbers of a column count, by its format. */
enum mg_stat_shown {
    MG_STAT_NUMBER,
    MG_STAT_SECONDS_1582, /* SPSS: a date and time; */
    MG_STAT_DAYS_1582,    /* a date, also in seconds */
    MG_STAT_CLOCK,        /* seconds of a day, or a span */
    MG_STAT_DAYS_1960,    /* Stata, SAS */
    MG_STAT_SECONDS_1960, /* SAS */
    MG_STAT_MS_1960,      /* Stata; and its weeks, months, quarters and halves of years */
    MG_STAT_WEEKS_1960,
    MG_STAT_MONTHS_1960,
    MG_STAT_QUARTERS_1960,
    MG_STAT_HALVES_1960,
};

enum mg_stat_shown mg_stat_shown_by_spss(const char *format);  /* "DATETIME20", "F8.2" */
enum mg_stat_shown mg_stat_shown_by_stata(const char *format); /* "%td", "%tcHH:MM" */
enum mg_stat_shown mg_stat_shown_by_sas(const char *format);   /* "DATE9.", "YYMMDD" */

/* ISO text, and its bytes; 0: the number is no such time in the years 1 to 9999. */
size_t mg_stat_time(double value, enum mg_stat_shown shown, char ret_text[36]);

#endif
