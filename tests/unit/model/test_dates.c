/* Dates as they are written: tables of text and time, and which order a column has. */
#include <math.h>

#include "base/clock.h"
#include "base/str.h"
#include "model/dates.h"
#include "model/decided.h"

struct date_case {
    enum mg_date_order order;
    const char *text, *utc; /* NULL: no date */
};

#define EIGHTH "2026-01-08T00:00:00Z"
#define AT_1340 "2026-01-08T13:40:00Z"

static const struct date_case cases[] = {
    {MG_DATE_YMD, "2026-01-08", EIGHTH},
    {MG_DATE_YMD, "2026-01-08T13:40:00Z", AT_1340},
    {MG_DATE_YMD, "2026-01-08 13:40", AT_1340},
    {MG_DATE_YMD, "2026-01-08T13:40:00.123+08:00", "2026-01-08T05:40:00Z"},
    {MG_DATE_YMD, "2026-01-08T13:40:00+0800", "2026-01-08T05:40:00Z"},
    {MG_DATE_YMD, "2026-01-08T13:40:00,5-05", "2026-01-08T18:40:00Z"},
    {MG_DATE_YMD, "2026-01-08T19:10:00+05:30", AT_1340}, /* zones of half and quarter hours */
    {MG_DATE_YMD, "2026-01-08T19:25:00+0545", AT_1340},
    {MG_DATE_YMD, "2026-01-08T10:10:00-03:30", AT_1340},
    {MG_DATE_YMD, "2026-01-08T10:10:00-03:60", NULL},
    {MG_DATE_YMD, "2026-01-08T13:40:00+16:00", NULL},
    {MG_DATE_YMD, "2026-01-08 12:40 AM", "2026-01-08T00:40:00Z"},
    {MG_DATE_YMD, "2026-01-08 12:40 PM", "2026-01-08T12:40:00Z"},
    {MG_DATE_YMD, "2026-01-08 13:40 PM", AT_1340},
    {MG_DATE_YMD, "2026-01-08 13:40 AM", NULL},
    {MG_DATE_YMD, "2026-01-08 24:00", NULL},
    {MG_DATE_YMD, "2026-01-08 13:60", NULL},
    {MG_DATE_YMD, "2026/1/8 13:40", AT_1340},
    {MG_DATE_YMD, "2026/1/8 13:40:59", "2026-01-08T13:40:59Z"},
    {MG_DATE_YMD, "2026.1.8", EIGHTH},
    {MG_DATE_YMD, "2026. 1. 8.", EIGHTH},
    {MG_DATE_YMD, "2026. 1. 8 오후 1:40:00", AT_1340},
    {MG_DATE_YMD, "2026년 1월 8일 오후 1시 40분", AT_1340},
    {MG_DATE_YMD, "2026年1月8日", EIGHTH},
    {MG_DATE_YMD, "2026年1月8日 下午1:40", AT_1340},
    {MG_DATE_YMD, "2026年01月08日13时40分", AT_1340},
    {MG_DATE_YMD, "2026年1月8日 13時40分00秒", AT_1340},
    {MG_DATE_YMD, "2026年1月8日 星期四 13:40", AT_1340},
    {MG_DATE_YMD, "2026年1月8日(木) 午後1:40", AT_1340},
    {MG_DATE_YMD, "2026/1/8 下午 1:40:00 [GMT+8]", NULL},
    {MG_DATE_YMD, "2026/1/8 下午 1:40:00 GMT+8", "2026-01-08T05:40:00Z"},
    {MG_DATE_YMD, "2026/01/08 1:40:00 PM GMT+9", "2026-01-08T04:40:00Z"},
    {MG_DATE_YMD, "２０２６／１／８　１３：４０", AT_1340},
    {MG_DATE_YMD, "20260108", EIGHTH},
    {MG_DATE_YMD, "20260108134000", AT_1340},
    {MG_DATE_YMD, "20260108T134000", NULL},
    {MG_DATE_YMD, "8 Jan 2026", EIGHTH},
    {MG_DATE_YMD, "8-Jan-26", EIGHTH},
    {MG_DATE_YMD, "08 January 2026 at 1:40 pm", AT_1340},
    {MG_DATE_YMD, "Jan 8, 2026", EIGHTH},
    {MG_DATE_YMD, "Jan 8 2026 13:40", AT_1340},
    {MG_DATE_YMD, "January 8th, 2026 1:40 p.m.", AT_1340},
    {MG_DATE_YMD, "Jan 8, 2026 @ 1:40", NULL},
    {MG_DATE_YMD, "Thu, 08 Jan 2026 13:40:00 GMT", AT_1340},
    {MG_DATE_YMD, "Thu Jan 08 2026 13:40:00 GMT+0800 (China Standard Time)", "2026-01-08T05:40:00Z"},
    {MG_DATE_YMD, "2026-01-08T13:40:00+01:00[Europe/Berlin]", "2026-01-08T12:40:00Z"},
    {MG_DATE_YMD, "2026-01-08 13:40:00 UTC", AT_1340},
    {MG_DATE_YMD, "2026-01-08 13:40 CST", NULL}, /* China's or Chicago's */
    {MG_DATE_YMD, "8. Januar 2026", EIGHTH},
    {MG_DATE_YMD, "8. März 2026 um 13:40 Uhr", "2026-03-08T13:40:00Z"},
    {MG_DATE_YMD, "8 janvier 2026 à 13h40", AT_1340},
    {MG_DATE_YMD, "1er février 2026", NULL},
    {MG_DATE_YMD, "8 févr. 2026", "2026-02-08T00:00:00Z"},
    {MG_DATE_YMD, "8 de enero de 2026", EIGHTH},
    {MG_DATE_YMD, "8 de março de 2026", "2026-03-08T00:00:00Z"},
    {MG_DATE_YMD, "8 Agustus 2026", "2026-08-08T00:00:00Z"},
    {MG_DATE_YMD, "1/8/2026", NULL},
    {MG_DATE_YMD, "8.1.2026", NULL},
    {MG_DATE_DMY, "8.1.2026", EIGHTH},
    {MG_DATE_DMY, "8.1.2026 13:40", AT_1340},
    {MG_DATE_DMY, "08.01.26", EIGHTH},
    {MG_DATE_DMY, "08.01.2026, 13.40 Uhr", AT_1340},
    {MG_DATE_DMY, "8. 1. 2026", EIGHTH},
    {MG_DATE_DMY, "08/01/2026 13:40:00", AT_1340},
    {MG_DATE_DMY, "08-01-2026", EIGHTH},
    {MG_DATE_DMY, "13/1/2026", "2026-01-13T00:00:00Z"},
    {MG_DATE_DMY, "1/13/2026", NULL},
    {MG_DATE_DMY, "2026-01-08", EIGHTH},
    {MG_DATE_DMY, "1/2/70", "1970-02-01T00:00:00Z"},
    {MG_DATE_MDY, "1/8/2026 1:40 PM", AT_1340},
    {MG_DATE_MDY, "1/8/2026 13:40", AT_1340},
    {MG_DATE_MDY, "01/08/26 01:40:00 pm", AT_1340},
    {MG_DATE_MDY, "1/8/2026 12:05 AM", "2026-01-08T00:05:00Z"},
    {MG_DATE_MDY, "1/8/2026 12:05 PM", "2026-01-08T12:05:00Z"},
    {MG_DATE_MDY, "13/1/2026", NULL},
    {MG_DATE_YMD, "2026-02-29", NULL},
    {MG_DATE_YMD, "2024-02-29", "2024-02-29T00:00:00Z"},
    {MG_DATE_YMD, "2026-13-01", NULL},
    {MG_DATE_YMD, "2026-01-08 25:00", NULL},
    {MG_DATE_YMD, "2026-01-08 13:60", NULL},
    {MG_DATE_YMD, "2026-01-08x", NULL},
    {MG_DATE_YMD, "13:40", NULL},
    {MG_DATE_YMD, "2026", NULL},
    {MG_DATE_YMD, "2026-01", NULL},
    {MG_DATE_YMD, "99999999", NULL},
    {MG_DATE_YMD, "8 Blah 2026", NULL},
    {MG_DATE_YMD, "May", NULL},
    {MG_DATE_YMD, "13800138000", NULL},
    {MG_DATE_EXCEL, "46030", EIGHTH},
    {MG_DATE_EXCEL, "46030.569444444445", "2026-01-08T13:40:00Z"},
    {MG_DATE_UNIX, "1767879600", AT_1340},
    {MG_DATE_UNIX, "1767879600123", AT_1340},
    {MG_DATE_UNIX, "yesterday", NULL},
};

static void dates_as_they_are_written(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t us = 0;
        char text[32];
        bool date = mg_date_read(cases[i].text, strlen(cases[i].text), cases[i].order, &us);
        mg_time_format(us, text);
        if (date != (cases[i].utc != NULL) || (date && strcmp(text, cases[i].utc) != 0))
            fail_msg("“%s” is %s", cases[i].text, date ? text : "no date");
    }
    int64_t us;
    assert_true(mg_date_read("2026-01-08T13:40:00.123+08:00", 29, MG_DATE_YMD, &us) &&
                us % 1000000 == 123000);
}

struct order_case {
    const char *columns[2];
    enum mg_cell_kind kind;
    enum mg_date_order order;
    bool open;
    int64_t n_not_understood;
};

/* Of the first column. */
static void a_columns_order(void **state)
{
    (void)state;
    static const struct order_case orders[] = {
        {{"13/1/2026|2/1/2026"}, MG_CELLS_TIME, MG_DATE_DMY, false, 0},
        {{"1/13/2026|2/1/2026|"}, MG_CELLS_TIME, MG_DATE_MDY, false, 0},
        {{"1/8/2026|2/1/2026"}, MG_CELLS_TIME, MG_DATE_YMD, true, 2},
        {{"1/8/2026|2/1/2026", "13/1/2026|1/1/2026"},
         MG_CELLS_TIME,
         MG_DATE_DMY,
         false,
         0}, /* the other column says it */
        {{"2026-01-08|2026/1/9 13:40"}, MG_CELLS_TIME, MG_DATE_YMD, false, 0},
        {{"8 Jan 2026|9 Feb 2026"}, MG_CELLS_TIME, MG_DATE_YMD, false, 0},
        {{"20260108|20260109|"}, MG_CELLS_TIME, MG_DATE_YMD, false, 0},
        {{"20260108|20260199|20261399"}, MG_CELLS_NUMBER, MG_DATE_YMD, false, 0},
        {{"12:30|13:40"}, MG_CELLS_TEXT, MG_DATE_YMD, false, 0},
        {{"46030|46031"}, MG_CELLS_NUMBER, MG_DATE_YMD, false, 0},
        {{"1/13/2026|13/1/2026|13/2/2026|13/3/2026"}, MG_CELLS_TIME, MG_DATE_DMY, false, 1},
    };
    for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
        const struct order_case *o = &orders[i];
        struct decided d = decide(o->columns[1] ? 2 : 1, o->columns, NULL);
        if (d.reading[0].kind != o->kind || d.reading[0].order != o->order ||
            d.facts[0].date_order_open != o->open || d.facts[0].n_not_understood != o->n_not_understood)
            fail_msg("“%s”: kind %d, order %d, open %d, %lld not understood", o->columns[0],
                     (int)d.reading[0].kind, (int)d.reading[0].order, d.facts[0].date_order_open,
                     (long long)d.facts[0].n_not_understood);
        mg_arena_free(d.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_as_they_are_written),
        cmocka_unit_test(a_columns_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
