/* Decimal commas: 3,5 for 3.5, as spreadsheets in much of the world write it.
 *
 * Only where a comma doesn't part the cells, and a column at a time: all but one in OTHERS_SHARE of its cells
 * that hold anything are numbers, and one at least has the comma. Lists of choices ("1,3" beside "1,2,4") so
 * stay what they are; a list that never has more than two can't be told apart, so that the file's notes say
 * what is read how. What has both marks ("1.234,5") is no number. */
#include <string.h>

#include "base/str.h"
#include "exchange/private.h"
#include "model/answer.h"

#define OTHERS_SHARE 10

struct mg_decimal_count {
    int64_t commas, numbers, others;
};

/* The comma of a number that has one, between digits, and no other mark; NULL: the cell is none. */
static char *comma_of(char *cell)
{
    char *p = cell + strspn(cell, " \t");
    p += *p == '-' || *p == '+';
    size_t whole = strspn(p, "0123456789");
    char *comma = p + whole;
    if (!whole || *comma != ',')
        return NULL;
    size_t part = strspn(comma + 1, "0123456789");
    const char *end = comma + 1 + part;
    return part && !end[strspn(end, " \t")] ? comma : NULL;
}

int mg_decimals_begin(struct mg_exchange *x, struct mg_error *error)
{
    struct mg_exchange_private *own = x->own;
    own->decimal = mg_arena_array(own->arena, x->n_columns, sizeof *own->decimal);
    if (!own->decimal)
        return mg_fail_memory(error);
    if (own->records || own->delimiter == ',')
        return 0;
    own->counted = mg_arena_array(own->arena, x->n_columns, sizeof *own->counted);
    return own->counted ? 0 : mg_fail_memory(error);
}

void mg_decimals_count(struct mg_exchange *x, char *const *cells)
{
    double number;
    for (size_t i = 0; i < x->n_columns && x->own->counted; i++) {
        struct mg_decimal_count *count = &x->own->counted[i];
        if (comma_of(cells[i]))
            count->commas++;
        else if (mg_parse_double(cells[i], &number))
            count->numbers++;
        else
            count->others += !mg_answer_is_blank(cells[i]);
    }
}

size_t mg_decimals_end(struct mg_exchange *x)
{
    size_t n = 0;
    for (size_t i = 0; i < x->n_columns && x->own->counted; i++) {
        const struct mg_decimal_count *c = &x->own->counted[i];
        bool most = OTHERS_SHARE * c->others <= c->commas + c->numbers + c->others;
        x->own->decimal[i] = c->commas > 0 && most;
        n += x->own->decimal[i];
    }
    x->own->counted = NULL;
    return n;
}

void mg_decimals_mend(const struct mg_exchange *x, char *const *cells)
{
    for (size_t i = 0; i < x->n_columns; i++) {
        char *comma = x->own->decimal[i] ? comma_of(cells[i]) : NULL;
        if (comma)
            *comma = '.';
    }
}
