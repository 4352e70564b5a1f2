/* Rows kept back in a temporary file that has no name, until all are there. A row is its length and its
 * cells; a cell is a byte of its kind and its value. */
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "exchange/out/private.h"
#include "exchange/temporary.h"

#define ROW_BYTES_MAX ((size_t)64 << 20)
#define FILE_BUFFER ((size_t)1 << 18)

enum kept { KEPT_MISSING, KEPT_SMALL, KEPT_NUMBER, KEPT_TIME, KEPT_TEXT };

struct mg_out_spool {
    FILE *file;
    char *buffer;
    struct mg_buf row;
    size_t n;
    struct mg_out_cell *cells;
    int64_t rows, read;
};

void mg_out_spool_free(struct mg_out_spool *spool)
{
    if (!spool)
        return;
    if (spool->file)
        fclose(spool->file);
    free(spool->buffer);
    free(spool->cells);
    mg_buf_done(&spool->row);
    free(spool);
}

static FILE *open_nameless(const char *temp_dir)
{
    char path[4096];
    if ((size_t)snprintf(path, sizeof path, "%s/mindgap-XXXXXX", temp_dir) >= sizeof path)
        return NULL;
    int fd = mkstemp(path);
    if (fd < 0)
        return NULL;
    unlink(path);
    FILE *file = fdopen(fd, "w+b");
    if (!file)
        close(fd);
    return file;
}

int mg_out_spool_new(const char *temp_dir, size_t n_columns, struct mg_out_spool **ret_spool,
                     struct mg_error *error)
{
    struct mg_out_spool *spool = calloc(1, sizeof *spool);
    if (!spool)
        return mg_fail_memory(error);
    spool->n = n_columns;
    mg_buf_init(&spool->row, ROW_BYTES_MAX);
    spool->buffer = malloc(FILE_BUFFER);
    spool->cells = calloc(n_columns, sizeof *spool->cells);
    spool->file = open_nameless(temp_dir);
    int rc = spool->buffer && spool->cells ? 0 : mg_fail_memory(error);
    if (rc == 0 && !spool->file)
        rc = mg_temporary_failed(error);
    if (rc) {
        mg_out_spool_free(spool);
        return rc;
    }
    setvbuf(spool->file, spool->buffer, _IOFBF, FILE_BUFFER);
    *ret_spool = spool;
    return 0;
}

static void keep_double(struct mg_buf *row, enum kept kept, double value)
{
    mg_buf_putc(row, (char)kept);
    mg_buf_add(row, &value, sizeof value);
}

static void keep_cell(struct mg_buf *row, const struct mg_out_cell *cell)
{
    double number = cell->number;
    if (cell->kind == MG_OUT_TEXT && cell->text) {
        uint32_t n = (uint32_t)strlen(cell->text);
        mg_buf_putc(row, KEPT_TEXT);
        mg_buf_add(row, &n, sizeof n);
        mg_buf_add(row, cell->text, n + 1);
    } else if (cell->kind == MG_OUT_TIME && isfinite(number)) {
        keep_double(row, KEPT_TIME, number);
    } else if (cell->kind != MG_OUT_NUMBER || !isfinite(number)) {
        mg_buf_putc(row, KEPT_MISSING);
    } else if (number >= -128 && number <= 127 && number == floor(number)) {
        mg_buf_putc(row, KEPT_SMALL);
        mg_buf_putc(row, (char)(int8_t)number);
    } else {
        keep_double(row, KEPT_NUMBER, number);
    }
}

int mg_out_spool_add(struct mg_out_spool *spool, const struct mg_out_cell *cells, struct mg_error *error)
{
    mg_buf_reset(&spool->row);
    for (size_t c = 0; c < spool->n; c++)
        keep_cell(&spool->row, &cells[c]);
    if (spool->row.failed)
        return mg_fail(error, MG_E_LIMIT, "Row %lld holds more than %zu MiB of text.",
                       (long long)spool->rows + 1, ROW_BYTES_MAX >> 20);
    uint32_t n = (uint32_t)spool->row.len;
    if (fwrite(&n, sizeof n, 1, spool->file) != 1 || fwrite(spool->row.data, 1, n, spool->file) != n)
        return mg_temporary_failed(error);
    spool->rows++;
    return 0;
}

int mg_out_spool_rewind(struct mg_out_spool *spool, struct mg_error *error)
{
    if (fflush(spool->file) != 0 || fseeko(spool->file, 0, SEEK_SET) != 0)
        return mg_temporary_failed(error);
    spool->read = 0;
    return 0;
}

static const char *take_cell(const char *at, struct mg_out_cell *ret_cell)
{
    enum kept kept = (enum kept) * at++;
    uint32_t n;
    *ret_cell = (struct mg_out_cell){.kind = MG_OUT_MISSING};
    switch (kept) {
    case KEPT_MISSING:
        return at;
    case KEPT_SMALL:
        *ret_cell = (struct mg_out_cell){.kind = MG_OUT_NUMBER, .number = (int8_t)*at};
        return at + 1;
    case KEPT_NUMBER:
    case KEPT_TIME:
        ret_cell->kind = kept == KEPT_TIME ? MG_OUT_TIME : MG_OUT_NUMBER;
        memcpy(&ret_cell->number, at, sizeof ret_cell->number);
        return at + sizeof ret_cell->number;
    case KEPT_TEXT:
        break;
    }
    memcpy(&n, at, sizeof n);
    *ret_cell = (struct mg_out_cell){.kind = MG_OUT_TEXT, .text = at + sizeof n};
    return at + sizeof n + n + 1;
}

int mg_out_spool_next(struct mg_out_spool *spool, const struct mg_out_cell **ret_cells,
                      struct mg_error *error)
{
    uint32_t n;
    if (spool->read == spool->rows)
        return 0;
    if (fread(&n, sizeof n, 1, spool->file) != 1)
        return mg_fail(error, MG_E_IO, "A temporary file can't be read.");
    mg_buf_reset(&spool->row);
    while (spool->row.len < n && !spool->row.failed) {
        char part[8192];
        size_t left = n - spool->row.len, m = left < sizeof part ? left : sizeof part;
        if (fread(part, 1, m, spool->file) != m)
            return mg_fail(error, MG_E_IO, "A temporary file can't be read.");
        mg_buf_add(&spool->row, part, m);
    }
    if (spool->row.failed)
        return mg_fail_memory(error);
    const char *at = spool->row.data;
    for (size_t c = 0; c < spool->n; c++)
        at = take_cell(at, &spool->cells[c]);
    spool->read++;
    *ret_cells = spool->cells;
    return 1;
}
