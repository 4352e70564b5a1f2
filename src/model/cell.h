/* What is said of the cells of a column. */
#ifndef MG_MODEL_CELL_H
#define MG_MODEL_CELL_H

#include <stdint.h>

/* What a value means. */
struct mg_cell_label {
    const char *text;
    double value; /* NaN: means no answer */
};

/* How the cells of a column are read. */
enum mg_cell_kind { MG_CELLS_TEXT, MG_CELLS_NUMBER, MG_CELLS_TIME, MG_CELLS_CHOICES };

/* A different text of a column, and how often it is there. */
struct mg_cell_count {
    const char *text;
    int64_t n;
};

#endif
