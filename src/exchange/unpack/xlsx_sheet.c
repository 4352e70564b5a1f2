/* Cells of a sheet; see xlsx_sheet.h. A row's cells are gathered by place, then written: they may come with
 * gaps, and without saying where they are. */
#include "exchange/unpack/xlsx_sheet.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "exchange/csv_reader.h"

#define PERCENT_PLACES 1e10
#define TOLD_WIDTH_MAX 512 /* what a sheet says of its width is believed up to this */
#define ROW_BYTES_MAX MG_CSV_LINE_MAX

enum kind { NUMBER, SHARED, TEXT, BOOLEAN, ERROR };

/* A cell's text, in `texts` or, where `shared` isn't NULL, in the table. */
struct cell {
    const char *shared;
    size_t at, n;
};

struct reader {
    const struct mg_xlsx_book *book;
    const struct mg_xlsx_strings *strings;
    const struct mg_xlsx_shape *known;
    struct mg_xlsx_shape *shape;
    struct mg_rowtext *to;
    size_t pad;           /* columns that a row has at least */
    int64_t row;          /* the current one, from 1; 0: before the first */
    size_t column, width; /* of the current cell, from 0; the row's */
    enum kind kind;
    unsigned char shown;
    bool in_value;
    struct mg_xlsx_text text;
    struct mg_buf value, texts;
    struct cell cells[MG_CSV_COLUMNS_MAX];
    char *held[MG_CSV_COLUMNS_MAX]; /* values of merged cells that go on below; malloc'd */
};

/* --- places --- */

/* "AB12" → 27 and 11; false: it is no place. */
static bool place_of(const char *text, size_t *ret_column, int64_t *ret_row)
{
    size_t column = 0;
    int64_t row = 0;
    const char *p = text;
    for (; *p >= 'A' && *p <= 'Z' && column < 100000; p++)
        column = column * 26 + (size_t)(*p - 'A' + 1);
    for (; *p >= '0' && *p <= '9' && row <= MG_XLSX_ROWS_MAX; p++)
        row = row * 10 + (*p - '0');
    if (*p || column == 0 || row == 0)
        return false;
    *ret_column = column - 1;
    *ret_row = row - 1;
    return true;
}

static bool range_of(const char *text, struct mg_xlsx_merged *ret_range)
{
    char first[32];
    const char *colon = text ? strchr(text, ':') : NULL;
    size_t column, last_column;
    int64_t row, last_row;
    if (!colon || (size_t)(colon - text) >= sizeof first)
        return false;
    memcpy(first, text, (size_t)(colon - text));
    first[colon - text] = '\0';
    if (!place_of(first, &column, &row) || !place_of(colon + 1, &last_column, &last_row) ||
        last_column < column || last_row < row)
        return false;
    *ret_range =
        (struct mg_xlsx_merged){(uint32_t)row, (uint32_t)column, (uint32_t)last_row, (uint32_t)last_column};
    return true;
}

/* --- values --- */

/* Where a limit is broken. */
static int fail_place(const struct reader *r, struct mg_error *error)
{
    mg_fail_at(error, "%s, row %lld", r->book->zip->name, (long long)r->row);
    return MG_E_LIMIT;
}

static int set_cell(struct reader *r, const char *shared, const char *text, size_t n, struct mg_error *error)
{
    if (n == 0)
        return 0;
    if (r->column >= MG_CSV_COLUMNS_MAX) {
        mg_fail(error, MG_E_LIMIT, "%s has values in more than %d columns.", r->book->zip->name,
                MG_CSV_COLUMNS_MAX);
        return fail_place(r, error);
    }
    struct cell *cell = &r->cells[r->column];
    *cell = (struct cell){shared, r->texts.len, n};
    if (!shared)
        mg_buf_add(&r->texts, text, n);
    if (r->texts.failed) {
        mg_fail(error, MG_E_LIMIT, "%s: row %lld is longer than %zu MiB.", r->book->zip->name,
                (long long)r->row, ROW_BYTES_MAX >> 20);
        return fail_place(r, error);
    }
    r->width = r->width > r->column + 1 ? r->width : r->column + 1;
    return 0;
}

/* As it is shown, without the digits that only binary fractions have. */
static int set_percent(struct reader *r, double value, struct mg_error *error)
{
    char text[48];
    size_t n = mg_rowtext_format(round(value * 100 * PERCENT_PLACES) / PERCENT_PLACES, text);
    text[n] = '%';
    return set_cell(r, NULL, text, n + 1, error);
}

/* Digits alone stay; what a program wrote with 17 digits gets its shortest text. */
static int set_number(struct reader *r, const char *text, size_t n, struct mg_error *error)
{
    char short_text[40];
    double value;
    bool whole = n <= 15 && strspn(text, "0123456789") == n;
    if (whole && !r->shown)
        return set_cell(r, NULL, text, n, error);
    if (!mg_parse_double(text, &value))
        return set_cell(r, NULL, text, n, error);
    if (r->shown == MG_SHOWN_PERCENT)
        return set_percent(r, value, error);
    size_t length = r->shown ? mg_xlsx_time(value, r->shown, r->book->from_1904, short_text) : 0;
    if (!length)
        length = mg_rowtext_format(value, short_text);
    return set_cell(r, NULL, short_text, length, error);
}

static int set_shared(struct reader *r, const char *text, struct mg_error *error)
{
    int64_t number;
    size_t n = 0;
    const char *shared =
        mg_parse_int(text, &number) && number >= 0 ? mg_xlsx_string(r->strings, (size_t)number, &n) : NULL;
    return shared ? set_cell(r, shared, NULL, n, error) : mg_xlsx_fail(r->book->zip, error);
}

static int close_cell(struct reader *r, struct mg_error *error)
{
    mg_buf_add(&r->value, "", 0);
    if (r->value.failed) {
        mg_fail(error, MG_E_LIMIT, "%s: a cell in row %lld is larger than %zu bytes.", r->book->zip->name,
                (long long)r->row, MG_CSV_FIELD_MAX);
        return fail_place(r, error);
    }
    const char *text = r->value.data;
    size_t n = r->value.len;
    if (n == 0)
        return 0;
    switch (r->kind) {
    case NUMBER:
        return set_number(r, text, n, error);
    case SHARED:
        return set_shared(r, text, error);
    case BOOLEAN:
        return set_cell(r, NULL, *text == '1' ? "TRUE" : "FALSE", *text == '1' ? 4 : 5, error);
    case ERROR:
        r->shape->errors++;
        return 0;
    case TEXT:
        break;
    }
    return set_cell(r, NULL, text, mg_xlsx_text_unescape(r->value.data, n), error);
}

/* --- merged cells --- */

/* The values of merged cells of the header go to all their places: from the left, and from above. */
static int spread_merged(struct reader *r, struct mg_error *error)
{
    const struct mg_xlsx_shape *known = r->known;
    uint32_t row = (uint32_t)(r->row - 1);
    for (size_t i = 0; i < known->n_merged; i++) {
        const struct mg_xlsx_merged *merged = &known->merged[i];
        if (row < merged->row || row > merged->last_row)
            continue;
        struct cell *first = &r->cells[merged->column];
        char **held = &r->held[merged->column];
        if (row == merged->row && first->n) {
            free(*held);
            const char *text = first->shared ? first->shared : r->texts.data + first->at;
            *held = strndup(text, first->n);
            if (!*held)
                return mg_fail_memory(error);
        }
        int rc = 0;
        size_t end = merged->last_column < known->width ? merged->last_column + 1 : known->width;
        for (r->column = merged->column; *held && r->column < end && !rc; r->column++)
            rc = r->cells[r->column].n ? 0 : set_cell(r, NULL, *held, strlen(*held), error);
        if (rc)
            return rc;
        if (row == merged->last_row) {
            free(*held);
            *held = NULL;
        }
    }
    return 0;
}

static int take_merged(struct reader *r, const char **attributes)
{
    struct mg_xlsx_merged merged;
    struct mg_xlsx_shape *shape = r->shape;
    if (range_of(mg_xlsx_attribute(attributes, "ref"), &merged) && merged.last_row < MG_XLSX_HEADER_ROWS &&
        merged.last_column < MG_CSV_COLUMNS_MAX && shape->n_merged < MG_XLSX_MERGED_MAX)
        shape->merged[shape->n_merged++] = merged;
    return 0;
}

/* --- rows --- */

static void write_cells(struct reader *r)
{
    size_t width = r->width > r->pad ? r->width : r->pad, filled = 0;
    for (size_t i = 0; i < width; i++) {
        struct cell *cell = &r->cells[i];
        if (!cell->n)
            mg_rowtext_empty(r->to);
        else
            mg_rowtext_text(r->to, cell->shared ? cell->shared : r->texts.data + cell->at, cell->n);
        filled += cell->n > 0;
        cell->n = 0;
    }
    mg_rowtext_end_row(r->to);
    r->shape->ragged |= width > r->pad && r->shape->rows > 0;
    r->pad = width;
    if (r->row <= MG_XLSX_HEADER_ROWS)
        r->shape->filled[r->row - 1] = filled;
    r->shape->width = r->shape->width > r->width ? r->shape->width : r->width;
    r->shape->rows++;
}

static int close_row(struct reader *r, struct mg_error *error)
{
    int rc = r->known && r->row <= 2 * MG_XLSX_HEADER_ROWS ? spread_merged(r, error) : 0;
    if (rc || r->width == 0)
        return rc;
    while (r->to->lines < r->row - 1)
        mg_rowtext_blank(r->to);
    write_cells(r);
    return 0;
}

static int open_row(struct reader *r, const char **attributes, struct mg_error *error)
{
    int64_t row = r->row + 1;
    const char *told = mg_xlsx_attribute(attributes, "r");
    if (told && (!mg_parse_int(told, &row) || row <= r->row || row > MG_XLSX_ROWS_MAX))
        return mg_xlsx_fail(r->book->zip, error);
    r->row = row;
    r->column = r->width = 0;
    mg_buf_reset(&r->texts);
    mg_buf_add(&r->texts, "", 0);
    return 0;
}

static enum kind kind_of(const char *type)
{
    static const struct {
        const char *type;
        enum kind kind;
    } kinds[] = {{"n", NUMBER}, {"s", SHARED},  {"str", TEXT}, {"inlineStr", TEXT},
                 {"d", TEXT},   {"b", BOOLEAN}, {"e", ERROR}};
    for (size_t i = 0; type && i < ARRAY_LEN(kinds); i++)
        if (strcmp(type, kinds[i].type) == 0)
            return kinds[i].kind;
    return NUMBER;
}

static int open_cell(struct reader *r, const char **attributes, struct mg_error *error)
{
    const char *place = NULL, *type = NULL, *style = NULL;
    int64_t row, number = 0;
    for (; *attributes; attributes += 2) {
        if (strcmp(*attributes, "r") == 0)
            place = attributes[1];
        else if (strcmp(*attributes, "t") == 0)
            type = attributes[1];
        else if (strcmp(*attributes, "s") == 0)
            style = attributes[1];
    }
    if (place && (!place_of(place, &r->column, &row) || row != r->row - 1))
        return mg_xlsx_fail(r->book->zip, error);
    r->kind = kind_of(type);
    bool styled = style && mg_parse_int(style, &number) && number >= 0 && (size_t)number < r->book->n_styles;
    r->shown = styled ? r->book->shown[number] : 0;
    mg_buf_reset(&r->value);
    return 0;
}

/* What the sheet says of its size, where that is no lie about emptiness. */
static void take_dimension(struct reader *r, const char **attributes)
{
    struct mg_xlsx_merged range;
    if (range_of(mg_xlsx_attribute(attributes, "ref"), &range) && range.last_column < TOLD_WIDTH_MAX &&
        range.last_column + 1 > r->pad)
        r->pad = range.last_column + 1;
}

/* --- elements --- */

static int start(void *user, const char *name, const char **attributes, struct mg_error *error)
{
    struct reader *r = user;
    if (strcmp(name, "c") == 0)
        return open_cell(r, attributes, error);
    if (strcmp(name, "v") == 0)
        r->in_value = true;
    else if (strcmp(name, "row") == 0)
        return open_row(r, attributes, error);
    else if (strcmp(name, "mergeCell") == 0)
        return take_merged(r, attributes);
    else if (strcmp(name, "dimension") == 0 && !r->known)
        take_dimension(r, attributes);
    else
        mg_xlsx_text_start(&r->text, name);
    return 0;
}

static int end(void *user, const char *name, struct mg_error *error)
{
    struct reader *r = user;
    if (strcmp(name, "v") == 0) {
        r->in_value = false;
    } else if (strcmp(name, "c") == 0) {
        int rc = close_cell(r, error);
        r->column++;
        return rc;
    } else if (strcmp(name, "row") == 0) {
        int rc = close_row(r, error);
        return rc ? rc : mg_rowtext_failed(r->to) ? MG_E_IO : 0;
    } else {
        mg_xlsx_text_end(&r->text, name);
    }
    return 0;
}

static int text(void *user, const char *bytes, size_t n, struct mg_error *error)
{
    struct reader *r = user;
    (void)error;
    if (r->in_value)
        mg_buf_add(&r->value, bytes, n);
    else
        mg_xlsx_text_add(&r->text, bytes, n);
    return 0;
}

/* --- the whole --- */

/* Leaves of the merged cells those of the header: its rows end with the last that has cells merged across
 * columns beside others; down they may go one row further. What stands alone in its row is a title. */
static void keep_header(struct mg_xlsx_shape *shape)
{
    size_t kept = 0;
    uint32_t header = 0;
    for (size_t i = 0; i < shape->n_merged; i++) {
        const struct mg_xlsx_merged *merged = &shape->merged[i];
        bool across = merged->last_column > merged->column && shape->filled[merged->row] > 1;
        if (across && merged->last_row + 1 > header)
            header = merged->last_row + 1;
    }
    for (size_t i = 0; i < shape->n_merged; i++) {
        const struct mg_xlsx_merged *merged = &shape->merged[i];
        if (merged->row < header && merged->last_row <= header && shape->filled[merged->row] > 1)
            shape->merged[kept++] = *merged;
    }
    shape->n_merged = kept;
}

int mg_xlsx_sheet_read(const struct mg_xlsx_book *book, const struct mg_xlsx_strings *strings, int64_t entry,
                       const struct mg_xlsx_shape *known, struct mg_rowtext *to, struct mg_stop *stop,
                       struct mg_xlsx_shape *ret_shape, struct mg_error *error)
{
    struct reader *r = calloc(1, sizeof *r);
    if (!r)
        return mg_fail_memory(error);
    struct mg_xlsx_handler handler = {start, end, text, r};
    memset(ret_shape, 0, sizeof *ret_shape);
    r->book = book;
    r->strings = strings;
    r->known = known;
    r->shape = ret_shape;
    r->to = to;
    r->pad = known ? known->width : 0;
    r->text.to = &r->value;
    mg_buf_init(&r->value, MG_CSV_FIELD_MAX);
    mg_buf_init(&r->texts, ROW_BYTES_MAX);
    int rc = mg_xlsx_read(book->zip, entry, &handler, stop, error);
    keep_header(ret_shape);
    mg_buf_done(&r->value);
    mg_buf_done(&r->texts);
    for (size_t i = 0; i < MG_CSV_COLUMNS_MAX; i++)
        free(r->held[i]);
    free(r);
    return rc;
}
