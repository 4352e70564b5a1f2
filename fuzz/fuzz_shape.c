/* Any bytes as a table: lines of cells with | between; the first byte says what the user says.
 *
 * Invariants: rows of the header are rows of the file, those at the foot come after it; names are unique, not
 * empty and of bounded length, also under ASCII case; all sentences are there in both languages; each header
 * row is a repeat of itself; looking twice finds the same. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "exchange/shape.h"
#include "fuzz.h"

#define ROWS_MAX 400
#define CELLS_MAX 4000

struct table {
    struct mg_shape_row rows[ROWS_MAX];
    const char *cells[CELLS_MAX];
    size_t n_rows, n_cells;
};

static void take_line(struct table *table, char *line, int64_t number)
{
    struct mg_shape_row row = {.cells = table->cells + table->n_cells, .line = number};
    for (char *cell; (cell = strsep(&line, "|")) && table->n_cells < CELLS_MAX; row.n++)
        table->cells[table->n_cells++] = strcmp(cell, "\\N") == 0 ? NULL : cell;
    table->rows[table->n_rows++] = row;
}

static void check_columns(const struct mg_shape *shape)
{
    for (size_t i = 0; i < shape->n_columns; i++) {
        const struct mg_shape_column *column = &shape->columns[i];
        assert(*column->name && strlen(column->name) <= MG_SHAPE_NAME_MAX + 12);
        assert(!column->label || (*column->label && strlen(column->label) <= MG_SHAPE_LABEL_MAX + 3));
        assert(column->given && strlen(column->given) <= MG_SHAPE_LABEL_MAX + 3);
        assert(mg_tool_meaning_name(column->meaning));
        for (size_t j = 0; j < i && j < 100; j++)
            assert(!mg_str_equal_nocase(column->name, shape->columns[j].name));
    }
}

static void check(const struct table *table, const struct mg_shape *shape, size_t n_first, size_t n_last,
                  const struct mg_shape_options *options)
{
    size_t above = shape->title_rows + shape->header_rows;
    assert(above <= n_first && shape->header_rows <= MG_SHAPE_HEADERS_MAX && shape->foot_rows <= n_last);
    if (above && shape->foot_rows && !options->foot_told)
        assert(table->rows[table->n_rows - shape->foot_rows].line > table->rows[above - 1].line);
    check_columns(shape);
    assert(shape->n_notes <= MG_SHAPE_NOTES_MAX);
    for (size_t i = 0; i < shape->n_notes; i++)
        assert(shape->notes[i].en && shape->notes[i].zh);
    for (size_t r = 0; r < shape->header_rows; r++)
        assert(mg_shape_is_repeat(shape, shape->header[r].cells, shape->header[r].n));
    assert(shape->tool.tool == NULL || (shape->tool.score >= MG_TOOL_SCORE_MIN && shape->tool.n_signs >= 2));
}

static struct mg_shape_options options_of(uint8_t byte)
{
    return (struct mg_shape_options){
        .titles_told = byte & 1,
        .headers_told = byte & 2,
        .foot_told = byte & 4,
        .title_rows = byte >> 5,
        .header_rows = byte & 8 ? MG_SHAPE_SOME : byte >> 4,
        .foot_rows = byte >> 3,
    };
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct table table;
    if (size == 0)
        return 0;
    struct mg_shape_options options = options_of(*data);
    char *text = strndup((const char *)data + 1, size - 1), *rest = text;
    struct mg_arena *arena = mg_arena_new((size_t)64 << 20);
    if (!text || !arena)
        abort();
    table.n_rows = table.n_cells = 0;
    for (char *line; (line = strsep(&rest, "\n")) && table.n_rows < ROWS_MAX && table.n_cells < CELLS_MAX;)
        take_line(&table, line, (int64_t)table.n_rows + 1);
    size_t n_first = table.n_rows < MG_SHAPE_FIRST_MAX ? table.n_rows : MG_SHAPE_FIRST_MAX;
    size_t n_last = table.n_rows < MG_SHAPE_LAST_MAX ? table.n_rows : MG_SHAPE_LAST_MAX;
    struct mg_shape shape, again;
    struct mg_error error = {0};
    const struct mg_shape_row *last = table.rows + table.n_rows - n_last;
    if (mg_shape_find(arena, table.rows, n_first, last, n_last, &options, &shape, &error))
        abort();
    check(&table, &shape, n_first, n_last, &options);
    if (mg_shape_find(arena, table.rows, n_first, last, n_last, &options, &again, &error))
        abort();
    assert(again.n_columns == shape.n_columns && again.header_rows == shape.header_rows &&
           again.foot_rows == shape.foot_rows && again.tool.tool == shape.tool.tool);
    mg_arena_free(arena);
    free(text);
    return 0;
}
