/* What is said of the cells of a column. */
#ifndef MG_MODEL_CELL_H
#define MG_MODEL_CELL_H

/* What a value means. */
struct mg_cell_label {
    const char *text;
    double value; /* NaN: means no answer */
};

#endif
