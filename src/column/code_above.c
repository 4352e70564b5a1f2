/* See code_above.h. */
#include "column/code_above.h"

#define ENOUGH 30    /* answers from which a scale shows */
#define OFTEN 2      /* times as often as the one below: it doesn't follow the rest */
#define LONGEST 10.0 /* highest answer of usual scales */
#define APART_MIN 3  /* answers that are no chance */

static bool is_usual_end(double value)
{
    return value == 5 || value == 7 || value == LONGEST;
}

/* Every number from 0 or 1 up to the last of them. */
static bool is_full(const struct mg_value_count *values, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (values[i].value != values[i - 1].value + 1)
            return false;
    return values[0].value == 0 || values[0].value == 1;
}

static bool is_steep(const struct mg_value_count *values, size_t n)
{
    const struct mg_value_count *last = &values[n - 1], *below = &values[n - 2];
    size_t mode = 0;
    for (size_t i = 1; i < n; i++)
        mode = values[i].n > values[mode].n ? i : mode;
    return last->n >= APART_MIN && last->n >= OFTEN * below->n && mode < n - 2;
}

bool mg_column_code_above(const struct mg_value_count *values, size_t n, double *ret_end)
{
    int64_t all = 0;
    for (size_t i = 0; i < n; i++)
        all += values[i].n;
    if (n < 5 || all < ENOUGH || !is_full(values, n - 1) || !is_usual_end(values[n - 2].value))
        return false;
    bool hole = values[n - 1].value - values[n - 2].value > 1;
    if (!hole && values[n - 2].value < LONGEST && !is_steep(values, n))
        return false;
    *ret_end = values[n - 2].value;
    return true;
}
