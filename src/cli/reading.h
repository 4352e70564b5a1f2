/* How a file is to be read, as options that every command on a file has. What isn't given is found out. */
#ifndef MG_CLI_READING_H
#define MG_CLI_READING_H

#include "cli/args.h"
#include "service/measure/file.h"

extern const char *const mg_reading_orders[]; /* "ymd", … */
extern const char *const mg_reading_marks[];  /* "point", "comma" */

/* Rows of an option table. */
#define MG_READING_OPTIONS                                                                                   \
    {.name = "encoding", .value = "NAME", .summary = "The file's encoding (UTF-8, GB18030, …)"},             \
        {.name = "delimiter", .value = "CHAR", .summary = "What parts the cells of a text file"},            \
        {.name = "title-rows", .value = "N", .summary = "Rows above the header"},                            \
        {.name = "header-rows", .value = "N", .summary = "Rows of the header; 0: there is none"},            \
        {.name = "foot-rows", .value = "N", .summary = "Rows at the end that are no answers"},               \
        {.name = "sheet", .value = "NAME", .summary = "Sheet of a workbook; else the first with a table"},   \
        {.name = "date-order",                                                                               \
         .value = "ORDER",                                                                                   \
         .summary = "Of dates whose order can't be known: dmy is 01/02 in February",                         \
         .choices = mg_reading_orders},                                                                      \
        {.name = "decimal",                                                                                  \
         .value = "MARK",                                                                                    \
         .summary = "Decimal mark where it can't be known: is 1,234 above a thousand?",                      \
         .choices = mg_reading_marks},                                                                       \
    {                                                                                                        \
        .name = "all-rows", .summary = "Keep unfinished answers, previews and tests of a survey tool"        \
    }

/* Sets what was given; MG_E_INVALID says which option can't be. Borrows from the arguments. */
MG_CHECKED int mg_reading_of_args(const struct mg_args *args, struct mg_exchange_options *ret_options,
                                  struct mg_error *error);

#endif
