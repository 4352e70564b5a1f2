/* The column engine's view of a file: the text itself where it is regular, else a regular copy (one header,
 * unique names, every row as wide as the header, one kind of line end), because the engine's CSV reader must
 * not meet anything that it would guess about differently. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "exchange/csv_writer.h"
#include "exchange/private.h"
#include "exchange/temporary.h"

#define COPY_CHUNK ((size_t)256 * 1024)

struct copy {
    FILE *file;
    struct mg_buf out;
};

static int copy_row(struct copy *copy, const char *const *cells, size_t n, struct mg_error *error)
{
    for (size_t i = 0; i < n; i++) {
        if (i)
            mg_buf_putc(&copy->out, ',');
        if (n == 1 && !*cells[i])
            mg_buf_puts(&copy->out, "\"\"");
        mg_csv_write_exact(&copy->out, cells[i], strlen(cells[i]));
    }
    mg_buf_putc(&copy->out, '\n');
    if (copy->out.len < COPY_CHUNK)
        return 0;
    size_t n_bytes = copy->out.len;
    size_t written = copy->out.failed ? 0 : fwrite(copy->out.data, 1, n_bytes, copy->file);
    mg_buf_reset(&copy->out);
    return written == n_bytes ? 0 : mg_temporary_failed(error);
}

static int copy_sink(void *user, const struct mg_exchange_row *row, struct mg_error *error)
{
    return row->bad ? 0 : copy_row(user, row->cells, row->n_cells, error);
}

static int write_copy(const struct mg_exchange *x, struct copy *copy, struct mg_error *error)
{
    int rc = copy_row(copy, x->columns, x->n_columns, error);
    if (!rc)
        rc = mg_exchange_each(x, copy_sink, copy, error);
    size_t left = copy->out.len;
    bool whole = !copy->out.failed && (left == 0 || fwrite(copy->out.data, 1, left, copy->file) == left);
    return rc || whole ? rc : mg_temporary_failed(error);
}

static int regular_copy(struct mg_exchange *x, struct mg_error *error)
{
    const char *temp = NULL;
    struct copy copy;
    int rc = mg_exchange_temp(x, &temp, error);
    if (!rc)
        rc = mg_temporary_open(temp, &copy.file, error);
    if (rc)
        return rc;
    mg_buf_init(&copy.out, COPY_CHUNK + 3 * MG_CSV_LINE_MAX);
    rc = write_copy(x, &copy, error);
    rc = mg_temporary_close(copy.file, rc, error);
    mg_buf_done(&copy.out);
    if (!rc)
        x->own->regular = temp;
    return rc;
}

int mg_exchange_source(struct mg_exchange *x, struct mg_source *ret_source, struct mg_error *error)
{
    struct mg_exchange_private *own = x->own;
    struct mg_source source = {.path = own->path, .name = own->name, .stop = own->stop};
    if (x->format == MG_FILE_PARQUET) {
        source.format = MG_FILE_PARQUET;
        *ret_source = source;
        return 0;
    }
    int rc = mg_exchange_text(x, error);
    if (!rc && own->irregular && !own->regular)
        rc = regular_copy(x, error);
    if (rc)
        return rc;
    source.format = MG_FILE_CSV;
    source.quote = '"';
    source.delimiter = own->regular ? ',' : own->delimiter;
    source.path = own->regular ? own->regular : own->path;
    *ret_source = source;
    return 0;
}
