/* A highest value that may stand for "don't know": it lies above a usual scale that is otherwise full (0 or 1
 * to 5, 7 or 10), with a number between that nobody answered (1 to 5 and 7), or where no scale goes on (10
 * and 11), or given twice as often as the one below though most answers lie further down (1 to 5 and 6).
 * Pure. */
#ifndef MG_COLUMN_CODE_ABOVE_H
#define MG_COLUMN_CODE_ABOVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mg_value_count {
    double value;
    int64_t n;
};

/* `values` ascending and different, the whole ones. *ret_end: the highest answer below. Of fewer than 30
 * answers nothing is said. */
bool mg_column_code_above(const struct mg_value_count *values, size_t n, double *ret_end);

#endif
