/* Parquet, whose rows the column engine reads; see unpack.h.
 *
 * The text is that of a CSV file of the same content, so that every reading is found as there: what the file
 * says of its types is in the cells already. Its columns' names are the first row and may be followed by more
 * of a header, as programs that turn tables into Parquet leave it in. */
#include "base/file.h"
#include "exchange/unpack/rowtext.h"
#include "exchange/unpack/unpack.h"

#define ROWS_BETWEEN_LOOKS 1024
/* Columns of few values pack far better than rows do: a small file may become so much text. */
#define TEXT_FLOOR ((int64_t)1 << 30)

struct parquet {
    const char *name, *to;
    const struct mg_unpack_options *options;
    int64_t most, number;
    struct mg_rowtext rows;
};

/* A cell takes a byte at least. */
static int begin(void *user, int64_t rows, size_t n_columns, struct mg_error *error)
{
    struct parquet *p = user;
    if (n_columns && rows > p->most / (int64_t)n_columns)
        return mg_fail(error, MG_E_LIMIT, "%s holds more than the %lld bytes of text allowed.", p->name,
                       (long long)p->most);
    return mg_rowtext_open(&p->rows, p->to, p->most, error);
}

static void text(void *user, const char *cell, size_t n)
{
    mg_rowtext_text(&((struct parquet *)user)->rows, cell, n);
}

static void number(void *user, double value)
{
    mg_rowtext_number(&((struct parquet *)user)->rows, value);
}

static int end_row(void *user, struct mg_error *error)
{
    struct parquet *p = user;
    mg_rowtext_end_row(&p->rows);
    if (mg_rowtext_failed(&p->rows))
        return MG_E_IO; /* said by closing */
    return ++p->number % ROWS_BETWEEN_LOOKS ? 0 : mg_stop_check(p->options->stop, error);
}

static int find_most(struct parquet *p, const char *from, struct mg_error *error)
{
    int64_t bytes;
    int rc = mg_file_size(from, &bytes, error);
    int64_t most = rc ? 0 : mg_unpack_most_bytes(bytes, p->options->max_bytes);
    p->most = most > TEXT_FLOOR ? most : TEXT_FLOOR;
    if (p->most > p->options->max_bytes)
        p->most = p->options->max_bytes;
    return rc;
}

int mg_unpack_parquet(const char *from, const char *name, const struct mg_unpack_options *options,
                      const char *to, struct mg_arena *arena, struct mg_unpacked *ret_unpacked,
                      struct mg_error *error)
{
    (void)arena;
    struct parquet p = {.name = name, .to = to, .options = options};
    const struct mg_parquet_reader reader = {&p, begin, text, number, end_row};
    const struct mg_source source = {.path = from, .name = name, .stop = options->stop};
    if (!options->columns || !options->columns->column)
        return mg_fail(error, MG_E_UNSUPPORTED, "A Parquet file can't be read without the column engine.");
    int rc = find_most(&p, from, error);
    if (!rc)
        rc = mg_columns_parquet_read(options->columns, &source, &reader, error);
    rc = mg_rowtext_close(&p.rows, name, mg_rowtext_failed(&p.rows) ? 0 : rc, error);
    if (!rc)
        *ret_unpacked = (struct mg_unpacked){
            .format = MG_FILE_PARQUET, .counted = MG_COUNTED_CASES, .above = 1, .names_first = true};
    return rc;
}
