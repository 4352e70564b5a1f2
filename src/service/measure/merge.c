/* The cells of rows that go are kept packed, and every row that stays is written into a part of the engine,
 * which becomes the table. One reading of the source does where every row goes into a later one, as when
 * expectations stand before their perceptions; else the cells are collected in a reading before. */
#include "service/measure/merge.h"

#include <string.h>

#include "column/table.h"

#define BATCH_BYTES ((size_t)256 << 20) /* most of one batch of rows */

struct merging {
    const struct mg_columns *columns;
    struct mg_arena *arena;
    const struct mg_merge *merge;
    const char **names;
    const char **filling; /* of a row that stays: the packed cells that go into it; NULL */
    bool kept;            /* the cells of all rows that go were collected */
};

static bool goes(const struct mg_merge *merge, size_t row)
{
    return merge->into[row] != MG_MERGE_STAYS;
}

/* Cells one after another: a byte 1 and the text, or a byte 2 where there is none, each ended by a zero. */
static const char *pack_cells(struct mg_arena *arena, const char *const *cells, size_t n)
{
    size_t size = 0;
    for (size_t c = 0; c < n; c++)
        size += 2 + (cells[c] ? strlen(cells[c]) : 0);
    char *packed = mg_arena_alloc(arena, size + 1), *at = packed;
    for (size_t c = 0; packed && c < n; c++) {
        size_t length = cells[c] ? strlen(cells[c]) : 0;
        *at++ = cells[c] ? 1 : 2;
        if (length)
            memcpy(at, cells[c], length);
        at += length + 1;
    }
    return packed;
}

static bool is_open(const struct mg_answer_rule *rule, const char *cell)
{
    double number;
    return !cell || (rule && mg_answer_of_text(rule, cell, &number) != MG_ANSWER_GIVEN);
}

/* Fills what is open among the cells from packed ones. */
static void fill_cells(const struct mg_merge *merge, const char *packed, const char **cells, size_t n)
{
    for (size_t c = 0; c < n; c++) {
        if (*packed == 1 && is_open(merge->rules[c], cells[c]))
            cells[c] = packed + 1;
        packed += strlen(packed) + 1;
    }
}

static int keep_rows(void *user, const struct mg_row_batch *batch, struct mg_error *error)
{
    struct merging *m = user;
    for (size_t r = 0; r < batch->n_rows; r++) {
        size_t row = (size_t)batch->first_row + r;
        if (row >= m->merge->n_rows || !goes(m->merge, row))
            continue;
        const char *packed = pack_cells(m->arena, batch->cells + r * batch->n_columns, batch->n_columns);
        if (!packed)
            return mg_fail_memory(error);
        m->filling[m->merge->into[row]] = packed;
    }
    return 0;
}

/* The batch's rows that stay, filled; they belong to `arena` and borrow the batch's texts. */
static int fill_rows(const struct merging *m, const struct mg_row_batch *batch, struct mg_arena *arena,
                     struct mg_table_row **ret_rows, size_t *ret_n, struct mg_error *error)
{
    size_t n = batch->n_columns, kept = 0;
    struct mg_table_row *rows = mg_arena_array(arena, batch->n_rows, sizeof *rows);
    const char **cells = mg_arena_array(arena, batch->n_rows * n, sizeof *cells);
    if (!rows || !cells)
        return mg_fail_memory(error);
    memcpy(cells, batch->cells, batch->n_rows * n * sizeof *cells);
    for (size_t r = 0; r < batch->n_rows; r++) {
        size_t row = (size_t)batch->first_row + r;
        if (row >= m->merge->n_rows || goes(m->merge, row))
            continue;
        if (m->filling[row])
            fill_cells(m->merge, m->filling[row], cells + r * n, n);
        const char *id = mg_arena_printf(arena, "%zu", row);
        if (!id)
            return mg_fail_memory(error);
        rows[kept++] = (struct mg_table_row){.id = id, .sequence = 1, .cells = cells + r * n};
    }
    *ret_rows = rows;
    *ret_n = kept;
    return 0;
}

static int write_rows(void *user, const struct mg_row_batch *batch, struct mg_error *error)
{
    struct merging *m = user;
    struct mg_table_row *rows = NULL;
    size_t n = 0;
    struct mg_arena *arena = mg_arena_new(BATCH_BYTES);
    int rc = arena ? 0 : mg_fail_memory(error);
    if (!rc && !m->kept)
        rc = keep_rows(m, batch, error);
    if (!rc)
        rc = fill_rows(m, batch, arena, &rows, &n, error);
    if (!rc)
        rc = mg_columns_part_add(m->columns, m->merge->table,
                                 &(struct mg_table_batch){m->names, batch->n_columns, rows, n}, error);
    mg_arena_free(arena);
    return rc;
}

/* A part with the source's columns. Times stay the texts that they are. */
static int begin_part(struct merging *m, struct mg_error *error)
{
    const struct mg_merge *merge = m->merge;
    struct mg_table_column *list = mg_arena_array(m->arena, merge->n_columns, sizeof *list);
    m->names = mg_arena_array(m->arena, merge->n_columns, sizeof *m->names);
    if (!list || !m->names)
        return mg_fail_memory(error);
    for (size_t c = 0; c < merge->n_columns; c++) {
        const struct mg_column_info *column = &merge->columns[c];
        m->names[c] = column->name;
        list[c] = (struct mg_table_column){column->name,
                                           column->type == MG_TYPE_TIME ? MG_TYPE_TEXT : column->type};
    }
    return mg_columns_part_begin(m->columns, merge->table, list, merge->n_columns, error);
}

static bool goes_back(const struct mg_merge *merge)
{
    for (size_t i = 0; i < merge->n_rows; i++)
        if (goes(merge, i) && merge->into[i] < i)
            return true;
    return false;
}

int mg_measure_merge(const struct mg_columns *columns, struct mg_arena *arena, const struct mg_merge *merge,
                     struct mg_error *error)
{
    struct merging m = {.columns = columns,
                        .arena = arena,
                        .merge = merge,
                        .kept = goes_back(merge),
                        .filling = mg_arena_array(arena, merge->n_rows, sizeof *m.filling)};
    if (!m.filling)
        return mg_fail_memory(error);
    int rc = begin_part(&m, error);
    if (!rc && m.kept)
        rc = mg_columns_scan(columns, &merge->source, NULL, 0, NULL, 0, 0, keep_rows, &m, error);
    if (!rc)
        rc = mg_columns_scan(columns, &merge->source, NULL, 0, NULL, 0, 0, write_rows, &m, error);
    return rc ? rc : mg_columns_part_replace(columns, merge->table, merge->table, 1, error);
}
