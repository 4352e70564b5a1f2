/* A table's first and last rows as they stand in the file, for somebody who says which of them are titles,
 * header or foot. What the shape made of them plays no part: rows are counted as the shape counts them
 * (shape.h), ragged ones too.
 *
 * The last rows are looked for in the last two parts, whose bytes are read once more: where each of the last
 * ones begins stands in a ring. */
#include <string.h>

#include "base/str.h"
#include "exchange/private.h"

/* The first rows of a range, as many as there is room for. */
struct rows {
    struct mg_exchange_end_row *rows;
    size_t n;
};

static struct mg_csv_range text_of(const struct mg_exchange_private *own)
{
    return (struct mg_csv_range){.fd = own->fd,
                                 .name = own->name,
                                 .delimiter = own->delimiter,
                                 .records = own->records,
                                 .from = own->begin,
                                 .to = own->text_bytes,
                                 .end = own->text_bytes,
                                 .line = own->begin_line};
}

static int keep(struct mg_arena *arena, const struct mg_csv_row *row, int64_t above, size_t cell_bytes,
                struct mg_exchange_end_row *ret_row, struct mg_error *error)
{
    const char **cells = mg_arena_array(arena, row->n, sizeof *cells);
    if (!cells)
        return mg_fail_memory(error);
    for (size_t i = 0; i < row->n; i++) {
        size_t n = row->sizes[i] < cell_bytes ? row->sizes[i] : cell_bytes;
        char *cell = n ? mg_arena_alloc(arena, n + 4) : NULL;
        if (n && !cell)
            return mg_fail_memory(error);
        if (cell)
            mg_str_cut(row->cells[i], row->sizes[i], cell_bytes, cell);
        cells[i] = cell;
    }
    *ret_row = (struct mg_exchange_end_row){row->line - above, cells, row->n};
    return 0;
}

static int read_rows(struct mg_exchange *x, struct mg_arena *arena, const struct mg_csv_range *range,
                     size_t cell_bytes, struct rows *rows, struct mg_error *error)
{
    struct mg_csv_reader *reader = mg_csv_reader_new(range);
    struct mg_csv_row row;
    int rc = reader ? 0 : mg_fail_memory(error);
    while (!rc && rows->n < MG_EXCHANGE_END_ROWS && (rc = mg_csv_reader_next(reader, &row, error)) == 1)
        rc = keep(arena, &row, x->own->above, cell_bytes, &rows->rows[rows->n++], error);
    mg_csv_reader_free(reader);
    return rc;
}

/* Leaves of the range its last rows. */
static int find_last(struct mg_exchange *x, struct mg_csv_range *range, struct mg_error *error)
{
    int64_t offsets[MG_EXCHANGE_END_ROWS], lines[MG_EXCHANGE_END_ROWS];
    struct mg_csv_row row;
    struct mg_csv_reader *reader = mg_csv_reader_new(range);
    size_t n = 0;
    int rc = reader ? 0 : mg_fail_memory(error);
    while (!rc && (rc = mg_csv_reader_next(reader, &row, error)) == 1) {
        offsets[n % MG_EXCHANGE_END_ROWS] = row.offset;
        lines[n++ % MG_EXCHANGE_END_ROWS] = row.line;
        rc = n % 64 ? 0 : mg_stop_check(x->own->stop, error);
    }
    mg_csv_reader_free(reader);
    if (!rc && n) {
        size_t oldest = n < MG_EXCHANGE_END_ROWS ? 0 : n % MG_EXCHANGE_END_ROWS;
        range->from = offsets[oldest];
        range->line = lines[oldest];
    }
    return rc;
}

/* From the beginning of the last part but one on: the last may be short. */
static int read_last(struct mg_exchange *x, struct mg_arena *arena, size_t cell_bytes, struct rows *rows,
                     struct mg_error *error)
{
    const struct mg_parts *parts = &x->own->parts;
    struct mg_csv_range range = text_of(x->own);
    if (parts->n > 2) {
        range.from = parts->marks[parts->n - 2].offset;
        range.line = parts->marks[parts->n - 2].line;
    }
    int rc = find_last(x, &range, error);
    return rc ? rc : read_rows(x, arena, &range, cell_bytes, rows, error);
}

int mg_exchange_ends(struct mg_exchange *x, struct mg_arena *arena, size_t cell_bytes,
                     struct mg_exchange_ends *ret_ends, struct mg_error *error)
{
    struct mg_exchange_ends ends = {0};
    struct mg_exchange_end_row *rows = mg_arena_array(arena, 2 * (size_t)MG_EXCHANGE_END_ROWS, sizeof *rows);
    int rc = rows ? mg_exchange_text(x, error) : mg_fail_memory(error);
    if (!rc && !x->own->made && x->own->fd >= 0) {
        struct rows first = {rows, 0}, last = {rows + MG_EXCHANGE_END_ROWS, 0};
        const struct mg_csv_range text = text_of(x->own);
        rc = read_rows(x, arena, &text, cell_bytes, &first, error);
        if (!rc)
            rc = read_last(x, arena, cell_bytes, &last, error);
        ends = (struct mg_exchange_ends){first.rows, first.n, last.rows, last.n};
    }
    if (!rc)
        *ret_ends = ends;
    return rc;
}
