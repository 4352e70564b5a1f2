/* A small CSV reader for the shared data sets: a header line, comma separated, "quoted" text with "" inside;
 * numbers as doubles, anything else NaN beside its text. Not for the program: that reads files through the
 * column engine. */
#ifndef TESTS_STATS_CSV_H
#define TESTS_STATS_CSV_H

#include <stddef.h>

struct csv {
    size_t rows, columns;
    char **names;  /* columns */
    double *value; /* column-major; NaN where the cell is no number */
    char **text;   /* column-major */
};

/* Reads $MG_SHARED/data/<name>. Skips the calling test with a printed reason where the shared data aren't
 * there; fails it when the file is malformed. */
struct csv *csv_read(const char *name);
void csv_free(struct csv *csv);
/* The column's values (rows); fails the test when there is no such column. */
const double *csv_column(const struct csv *csv, const char *name);
char **csv_text(const struct csv *csv, const char *name);

#endif
