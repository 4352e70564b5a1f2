/* CSV out: UTF-8 with a byte order mark, RFC 4180, safe against formula injection (csv_writer.h). */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/buf.h"
#include "exchange/csv_writer.h"
#include "exchange/out/private.h"

#define FLUSH_AT ((size_t)1 << 16)
#define ROW_BYTES_MAX ((size_t)256 << 20)

struct csv {
    FILE *file;
    struct mg_buf buf;
    struct mg_csv_writer writer;
    int64_t n_defused;
};

static int flush(struct csv *csv, struct mg_error *error)
{
    if (csv->buf.failed)
        return mg_fail_memory(error);
    size_t n = fwrite(csv->buf.data, 1, csv->buf.len, csv->file);
    if (n != csv->buf.len)
        return mg_out_failed(errno, error);
    mg_buf_reset(&csv->buf);
    return 0;
}

static int begin_csv(struct mg_out *out, struct mg_error *error)
{
    struct csv *csv = out->own = mg_arena_alloc(out->arena, sizeof *csv);
    if (!csv)
        return mg_fail_memory(error);
    mg_buf_init(&csv->buf, ROW_BYTES_MAX);
    csv->writer = mg_csv_writer(&csv->buf);
    int rc = mg_out_file_open(out, &csv->file, error);
    if (rc)
        return rc;
    mg_csv_write_mark(&csv->writer);
    for (size_t c = 0; c < out->n; c++)
        mg_csv_write_text(&csv->writer, out->columns[c].name);
    mg_csv_end_row(&csv->writer);
    return 0;
}

static int row_csv(struct mg_out *out, const struct mg_out_cell *cells, struct mg_error *error)
{
    struct csv *csv = out->own;
    char scratch[MG_OUT_TIME_SIZE];
    for (size_t c = 0; c < out->n; c++) {
        const char *text = mg_out_cell_text(&cells[c], scratch);
        csv->n_defused += text && mg_csv_is_formula(text);
        mg_csv_write_text(&csv->writer, text);
    }
    mg_csv_end_row(&csv->writer);
    return csv->buf.len >= FLUSH_AT || csv->buf.failed ? flush(csv, error) : 0;
}

static int end_csv(struct mg_out *out, struct mg_error *error)
{
    struct csv *csv = out->own;
    int rc = flush(csv, error);
    FILE *file = csv->file;
    csv->file = NULL;
    if (fclose(file) != 0 && rc == 0)
        rc = mg_out_failed(errno, error);
    mg_out_lose_labels(out, "CSV");
    if (csv->n_defused)
        mg_out_lose(
            out,
            MG_TEXT(
                "An apostrophe was put before %lld ‹text|texts› that a spreadsheet would run as a formula."),
            (long long)csv->n_defused);
    return rc;
}

static void drop_csv(struct mg_out *out)
{
    struct csv *csv = out->own;
    if (!csv)
        return;
    if (csv->file)
        fclose(csv->file);
    mg_buf_done(&csv->buf);
}

const struct mg_out_kind_of_file mg_out_csv = {.name = "csv",
                                               .ending = ".csv",
                                               .media = "text/csv; charset=utf-8",
                                               .rows_max = INT64_MAX,
                                               .begin = begin_csv,
                                               .row = row_csv,
                                               .end = end_csv,
                                               .drop = drop_csv};
