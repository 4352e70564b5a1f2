/* Small tables for tests: lines of cells with | between, "^" for a line break inside a cell; and files of
 * MG_SHARED. */
#ifndef MG_TESTS_TABLE_H
#define MG_TESTS_TABLE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "exchange/csv_reader.h"
#include "exchange/shape.h"

#define TABLE_ROWS_MAX 4000

struct table {
    struct mg_arena *arena;
    struct mg_shape_row rows[TABLE_ROWS_MAX];
    size_t n;
};

static inline void table_add(struct table *table, char *const *cells, size_t n, int64_t line)
{
    const char **copy = mg_arena_array(table->arena, n + 1, sizeof *copy);
    assert_true(table->n < TABLE_ROWS_MAX);
    for (size_t i = 0; i < n; i++)
        copy[i] = mg_arena_strdup(table->arena, cells[i]);
    table->rows[table->n++] = (struct mg_shape_row){copy, n, line};
}

static inline struct table *table_of(const char *text)
{
    struct mg_arena *arena = mg_arena_new((size_t)64 << 20);
    struct table *table = mg_arena_alloc(arena, sizeof *table);
    table->arena = arena;
    char *rest = mg_arena_strdup(arena, text), *line;
    for (int64_t number = 1; (line = strsep(&rest, "\n")) && (rest || *line); number++) {
        char *cells[600], *cell;
        size_t n = 0;
        while ((cell = strsep(&line, "|"))) {
            for (char *at = cell; (at = strchr(at, '^'));)
                *at = '\n';
            cells[n++] = cell;
        }
        table_add(table, cells, n, number);
    }
    return table;
}

/* NULL, and a line that says so, where the file isn't there. */
static inline struct table *table_of_file(const char *name, char delimiter)
{
    char path[500];
    const char *shared = getenv("MG_SHARED");
    snprintf(path, sizeof path, "%s/data/files/%s", shared ? shared : ".", name);
    FILE *file = fopen(path, "r");
    if (!file) {
        print_message("skipped: no %s\n", path);
        return NULL;
    }
    struct mg_buf text;
    mg_buf_init(&text, (size_t)64 << 20);
    assert_int_equal(mg_file_read(path, &text, NULL), 0);
    fclose(file);
    struct mg_csv_reader *reader = mg_csv_reader_of_text(text.data, text.len, delimiter);
    mg_buf_done(&text);
    struct table *table = table_of("");
    struct mg_csv_row row;
    struct mg_error error = {0};
    int rc;
    while ((rc = mg_csv_reader_next(reader, &row, &error)) == 1)
        table_add(table, row.cells, row.n, row.line);
    assert_int_equal(rc, 0);
    mg_csv_reader_free(reader);
    return table;
}

static inline void table_done(struct table *table)
{
    mg_arena_free(table->arena);
}

static inline struct mg_shape table_shape_as(struct table *table, const struct mg_shape_options *options)
{
    struct mg_shape shape;
    struct mg_error error = {0};
    size_t n_first = table->n < MG_SHAPE_FIRST_MAX ? table->n : MG_SHAPE_FIRST_MAX;
    size_t n_last = table->n < MG_SHAPE_LAST_MAX ? table->n : MG_SHAPE_LAST_MAX;
    assert_int_equal(mg_shape_find(table->arena, table->rows, n_first, table->rows + table->n - n_last,
                                   n_last, options, &shape, &error),
                     0);
    return shape;
}

static inline struct mg_shape table_shape(struct table *table)
{
    return table_shape_as(table, NULL);
}

#endif
