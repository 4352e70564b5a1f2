/* Parquet out, by the column engine: rows go into a text file of ours, which the engine copies, typed, once
 * all are there. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/scratch.h"
#include "column/file.h"
#include "exchange/csv_writer.h"
#include "exchange/out/private.h"
#include "exchange/temporary.h"

#define FLUSH_AT ((size_t)1 << 16)
#define ROW_BYTES_MAX ((size_t)64 << 20)
#define WHOLE_MOST 9e15 /* beyond, doubles skip whole numbers */

struct parquet {
    char *csv; /* path of the text */
    FILE *file;
    struct mg_buf buf;
    size_t longest; /* bytes of a row */
};

static int begin_parquet(struct mg_out *out, struct mg_error *error)
{
    struct parquet *parquet = out->own = mg_arena_alloc(out->arena, sizeof *parquet);
    if (!parquet)
        return mg_fail_memory(error);
    mg_buf_init(&parquet->buf, ROW_BYTES_MAX + FLUSH_AT);
    const struct mg_columns *columns = out->options.columns;
    if (!columns || !columns->column)
        return mg_fail(error, MG_E_UNSUPPORTED, "A Parquet file can't be written without the column engine.");
    char *csv = mg_arena_printf(out->arena, "%s/mindgap-XXXXXX", out->options.temp_dir);
    int fd = csv ? mg_scratch_make(csv) : -1;
    if (fd < 0)
        return csv ? mg_temporary_failed(error) : mg_fail_memory(error);
    parquet->csv = csv;
    parquet->file = fdopen(fd, "wb");
    if (!parquet->file)
        close(fd);
    return parquet->file ? 0 : mg_fail_memory(error);
}

static int flush(struct parquet *parquet, struct mg_error *error)
{
    if (parquet->buf.failed)
        return mg_fail_memory(error);
    if (parquet->buf.len && fwrite(parquet->buf.data, 1, parquet->buf.len, parquet->file) != parquet->buf.len)
        return mg_temporary_failed(error);
    mg_buf_reset(&parquet->buf);
    return 0;
}

static bool is_of_type(enum mg_column_type type, const struct mg_out_cell *cell)
{
    if (type == MG_TYPE_TEXT)
        return true;
    return cell->kind == (type == MG_TYPE_TIME ? MG_OUT_TIME : MG_OUT_NUMBER) && isfinite(cell->number);
}

static void put_cell(struct mg_buf *buf, const struct mg_out_column *column, const struct mg_out_cell *cell)
{
    char scratch[MG_OUT_TIME_SIZE];
    if (!is_of_type(column->type, cell))
        return;
    if (column->type == MG_TYPE_TIME) {
        mg_out_time_text(cell->number, scratch);
        scratch[strcspn(scratch, "T")] = ' ';
        mg_buf_add(buf, scratch, strlen(scratch) - 1); /* without its Z */
        return;
    }
    const char *text = mg_out_cell_text(cell, scratch);
    if (text)
        mg_csv_write_exact(buf, text, strlen(text));
}

static int row_parquet(struct mg_out *out, const struct mg_out_cell *cells, struct mg_error *error)
{
    struct parquet *parquet = out->own;
    size_t before = parquet->buf.len;
    for (size_t c = 0; c < out->n; c++) {
        if (c)
            mg_buf_putc(&parquet->buf, ',');
        put_cell(&parquet->buf, &out->columns[c], &cells[c]);
    }
    mg_buf_putc(&parquet->buf, '\n');
    size_t n = parquet->buf.len - before;
    if (parquet->buf.failed || n > ROW_BYTES_MAX)
        return mg_fail(error, MG_E_LIMIT, "Row %lld holds more than %zu MiB of text.",
                       (long long)out->rows + 1, ROW_BYTES_MAX >> 20);
    parquet->longest = n > parquet->longest ? n : parquet->longest;
    return parquet->buf.len >= FLUSH_AT ? flush(parquet, error) : 0;
}

/* What holds all that was in the column. */
static enum mg_parquet_type type_of(const struct mg_out_column *column, const struct mg_out_facts *facts)
{
    bool whole = !facts->fractions && fabs(facts->low) < WHOLE_MOST && fabs(facts->high) < WHOLE_MOST;
    switch (column->type) {
    case MG_TYPE_TEXT:
        return MG_PARQUET_TEXT;
    case MG_TYPE_TIME:
        return facts->clock ? MG_PARQUET_TIME : MG_PARQUET_DAY;
    case MG_TYPE_BOOLEAN:
        if (whole && facts->low >= 0 && facts->high <= 1)
            return MG_PARQUET_BOOLEAN;
        break;
    case MG_TYPE_INTEGER:
    case MG_TYPE_NUMBER:
        break;
    }
    return whole && column->type != MG_TYPE_NUMBER ? MG_PARQUET_INTEGER : MG_PARQUET_NUMBER;
}

static int copy(const struct mg_out *out, const struct parquet *parquet, struct mg_error *error)
{
    struct mg_parquet_column *columns = mg_arena_array(out->arena, out->n, sizeof *columns);
    if (!columns)
        return mg_fail_memory(error);
    for (size_t c = 0; c < out->n; c++)
        columns[c] =
            (struct mg_parquet_column){out->columns[c].name, type_of(&out->columns[c], &out->facts[c])};
    struct mg_parquet request = {.csv = parquet->csv,
                                 .longest = parquet->longest,
                                 .path = out->path,
                                 .columns = columns,
                                 .n_columns = out->n,
                                 .stop = out->options.stop};
    return mg_columns_parquet(out->options.columns, &request, error);
}

static void say_losses(struct mg_out *out)
{
    mg_out_lose_labels(out, "Parquet");
    for (size_t c = 0; c < out->n; c++)
        if (out->facts[c].n_strange)
            mg_out_lose(
                out,
                MG_TEXT(
                    "“%.80s”: %lld ‹cell is|cells are› empty; what stood there isn't of the column's type."),
                out->columns[c].name, (long long)out->facts[c].n_strange);
}

static int end_parquet(struct mg_out *out, struct mg_error *error)
{
    struct parquet *parquet = out->own;
    int rc = flush(parquet, error);
    FILE *file = parquet->file;
    parquet->file = NULL;
    rc = mg_temporary_close(file, rc, error);
    if (rc == 0)
        rc = copy(out, parquet, error);
    if (rc == 0)
        say_losses(out);
    return rc;
}

static void drop_parquet(struct mg_out *out)
{
    struct parquet *parquet = out->own;
    if (!parquet)
        return;
    if (parquet->file)
        fclose(parquet->file);
    if (parquet->csv)
        mg_scratch_remove(parquet->csv);
    mg_buf_done(&parquet->buf);
}

const struct mg_out_kind_of_file mg_out_parquet = {.name = "parquet",
                                                   .ending = ".parquet",
                                                   .media = "application/vnd.apache.parquet",
                                                   .rows_max = INT64_MAX,
                                                   .begin = begin_parquet,
                                                   .row = row_parquet,
                                                   .end = end_parquet,
                                                   .drop = drop_parquet};
