/* JSONL out: one object a line, a key a column, null for what is missing. */
#include <errno.h>
#include <math.h>

#include "base/json.h"
#include "exchange/out/private.h"

#define FLUSH_AT ((size_t)1 << 16)
#define ROW_BYTES_MAX ((size_t)256 << 20)

struct jsonl {
    FILE *file;
    struct mg_buf buf;
};

static int begin_jsonl(struct mg_out *out, struct mg_error *error)
{
    struct jsonl *jsonl = out->own = mg_arena_alloc(out->arena, sizeof *jsonl);
    if (!jsonl)
        return mg_fail_memory(error);
    mg_buf_init(&jsonl->buf, ROW_BYTES_MAX);
    return mg_out_file_open(out, &jsonl->file, error);
}

static int flush(struct jsonl *jsonl, struct mg_error *error)
{
    if (jsonl->buf.failed)
        return mg_fail_memory(error);
    if (jsonl->buf.len && fwrite(jsonl->buf.data, 1, jsonl->buf.len, jsonl->file) != jsonl->buf.len)
        return mg_out_failed(errno, error);
    mg_buf_reset(&jsonl->buf);
    return 0;
}

static void put_cell(struct mg_json_writer *json, const struct mg_out_column *column,
                     const struct mg_out_cell *cell)
{
    char scratch[MG_OUT_TIME_SIZE];
    bool truth = column->type == MG_TYPE_BOOLEAN && (cell->number == 0 || cell->number == 1);
    mg_json_key(json, column->name);
    if (cell->kind != MG_OUT_NUMBER)
        mg_json_string(json, mg_out_cell_text(cell, scratch));
    else if (truth)
        mg_json_bool(json, cell->number == 1);
    else
        mg_json_number(json, cell->number);
}

static int row_jsonl(struct mg_out *out, const struct mg_out_cell *cells, struct mg_error *error)
{
    struct jsonl *jsonl = out->own;
    struct mg_json_writer json = mg_json_writer(&jsonl->buf);
    mg_json_open(&json, '{');
    for (size_t c = 0; c < out->n; c++)
        put_cell(&json, &out->columns[c], &cells[c]);
    mg_json_close(&json, '}');
    mg_buf_putc(&jsonl->buf, '\n');
    return jsonl->buf.len >= FLUSH_AT || jsonl->buf.failed ? flush(jsonl, error) : 0;
}

static int end_jsonl(struct mg_out *out, struct mg_error *error)
{
    struct jsonl *jsonl = out->own;
    int rc = flush(jsonl, error);
    FILE *file = jsonl->file;
    jsonl->file = NULL;
    if (fclose(file) != 0 && rc == 0)
        rc = mg_out_failed(errno, error);
    mg_out_lose_labels(out, "JSONL");
    return rc;
}

static void drop_jsonl(struct mg_out *out)
{
    struct jsonl *jsonl = out->own;
    if (!jsonl)
        return;
    if (jsonl->file)
        fclose(jsonl->file);
    mg_buf_done(&jsonl->buf);
}

const struct mg_out_kind_of_file mg_out_jsonl = {.name = "jsonl",
                                                 .ending = ".jsonl",
                                                 .media = "application/x-ndjson",
                                                 .rows_max = INT64_MAX,
                                                 .begin = begin_jsonl,
                                                 .row = row_jsonl,
                                                 .end = end_jsonl,
                                                 .drop = drop_jsonl};
