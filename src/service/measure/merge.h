/* Rows of a source put into other rows of it, as a table of the engine.
 *
 * A row that goes into another is gone; the other keeps its own cells and has those filled that are empty or,
 * in a column of answers, no answer. In memory lie the cells of the rows that go, each as long as its text
 * and two bytes. */
#ifndef MG_SERVICE_MEASURE_MERGE_H
#define MG_SERVICE_MEASURE_MERGE_H

#include "column/file.h"
#include "model/answer.h"

#define MG_MERGE_STAYS SIZE_MAX

struct mg_merge {
    struct mg_source source;
    const struct mg_column_info *columns; /* of the source: names and types */
    size_t n_columns;
    const struct mg_answer_rule *const *rules; /* n_columns: of columns of answers; NULL: any text stays */
    const size_t *into; /* n_rows: the row that this one goes into, a row that stays; MG_MERGE_STAYS */
    size_t n_rows;
    const char *table; /* made anew */
};

/* What it needs for the while is taken from `arena`. */
MG_CHECKED int mg_measure_merge(const struct mg_columns *columns, struct mg_arena *arena,
                                const struct mg_merge *merge, struct mg_error *error);

#endif
