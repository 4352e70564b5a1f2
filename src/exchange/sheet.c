/* The sheet that a file is (column/sheet.h), and its rows one after another. */
#include <stdlib.h>
#include <string.h>

#include "column/file.h"
#include "exchange/private.h"

#define ROWS_BETWEEN_LOOKS 64

/* A part being read. */
struct mg_sheet_part {
    const struct mg_exchange *x;
    struct mg_csv_reader *reader;
    int64_t number; /* of the last row that was given */
};

/* The rows that begin in the part; of part n_parts, none. */
static struct mg_csv_reader *open_reader(const struct mg_exchange *x, size_t part)
{
    const struct mg_exchange_private *own = x->own;
    const struct mg_part_mark *mark = &own->parts.marks[part];
    const struct mg_csv_range range = {.fd = own->fd,
                                       .name = own->name,
                                       .delimiter = own->delimiter,
                                       .records = own->records,
                                       .from = mark[0].offset,
                                       .to = mark[1].offset,
                                       .end = own->text_bytes,
                                       .line = mark[0].line};
    return mg_csv_reader_new(&range);
}

static int open_part(const void *file, size_t part, struct mg_sheet_part **ret_part, struct mg_error *error)
{
    const struct mg_exchange *x = file;
    struct mg_sheet_part *opened = malloc(sizeof *opened);
    struct mg_csv_reader *reader = opened ? open_reader(x, part) : NULL;
    if (!reader) {
        free(opened);
        return mg_fail_memory(error);
    }
    *opened = (struct mg_sheet_part){x, reader, x->own->parts.marks[part].row};
    *ret_part = opened;
    return 0;
}

static void close_part(struct mg_sheet_part *part)
{
    mg_csv_reader_free(part->reader);
    free(part);
}

static int next_row(struct mg_sheet_part *part, struct mg_sheet_row *ret_row, struct mg_error *error)
{
    struct mg_csv_row row;
    int rc;
    do
        rc = mg_csv_reader_next(part->reader, &row, error);
    while (rc == 1 && (mg_table_judge(part->x, &row) || mg_parts_is_bad(&row, part->x->n_columns)));
    if (rc == 1)
        *ret_row = (struct mg_sheet_row){.number = ++part->number,
                                         .line = row.line - part->x->own->above,
                                         .cells = (const char *const *)row.cells,
                                         .sizes = row.sizes};
    return rc;
}

int mg_exchange_source(struct mg_exchange *x, struct mg_source *ret_source, struct mg_error *error)
{
    struct mg_exchange_private *own = x->own;
    *ret_source = (struct mg_source){.path = own->path, .name = own->name, .stop = own->stop};
    int rc = mg_exchange_text(x, error);
    own->sheet = (struct mg_sheet){.columns = x->columns,
                                   .aliases = x->given,
                                   .n_columns = x->n_columns,
                                   .readings = x->readings,
                                   .rows = x->rows,
                                   .n_parts = own->parts.n,
                                   .file = x,
                                   .open = open_part,
                                   .next = next_row,
                                   .close = close_part};
    ret_source->sheet = &own->sheet;
    return rc;
}

/* --- rows one after another --- */

static int hand_rows(const struct mg_exchange *x, struct mg_csv_reader *reader, mg_exchange_sink *sink,
                     void *user, struct mg_error *error)
{
    struct mg_csv_row row;
    size_t number = 0;
    int rc;
    while ((rc = mg_csv_reader_next(reader, &row, error)) == 1) {
        if (mg_table_judge(x, &row))
            continue;
        bool bad = mg_parts_is_bad(&row, x->n_columns);
        const struct mg_exchange_row out = {.line = row.line - x->own->above,
                                            .bad = bad,
                                            .n_cells = bad ? row.n : x->n_columns,
                                            .cells = (const char *const *)row.cells,
                                            .sizes = row.sizes};
        rc = sink(user, &out, error);
        if (!rc && ++number % ROWS_BETWEEN_LOOKS == 0)
            rc = mg_stop_check(x->own->stop, error);
        if (rc)
            break;
    }
    return rc;
}

int mg_exchange_each(struct mg_exchange *x, mg_exchange_sink *sink, void *user, struct mg_error *error)
{
    int rc = mg_exchange_text(x, error);
    for (size_t part = 0; part < x->own->parts.n && !rc; part++) {
        struct mg_csv_reader *reader = open_reader(x, part);
        rc = reader ? hand_rows(x, reader, sink, user, error) : mg_fail_memory(error);
        mg_csv_reader_free(reader);
    }
    return rc;
}
