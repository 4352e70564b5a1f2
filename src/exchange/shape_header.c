/* Where the header begins and how many rows it takes; see shape.h.
 *
 * 1. From above, blank and sparse rows are titles, until a row comes that fills as much as the body does. A
 * sparse row directly above it whose cells stand over several columns is a row of groups, and belongs to the
 * header.
 * 2. That row is compared with the body cell by cell: as many cells alike as unlike, and it is data: there is
 * no header.
 * 3. Else it is the header's first row, and so are the next ones while they are clearly unlike the body.
 * Where they end in Qualtrics' row of ImportIds, all up to it are. */
#include <string.h>

#include "base/str.h"
#include "exchange/shape_private.h"

#define DATE_BYTES_MIN 6
#define ROWS_AFTER_MIN 6 /* from the header's first row on, to tell what the second is by those after it */

/* --- data or not --- */

/* Numbers that count on from one cell to the next ("1", "2", "3", or years), beside words: names of columns.
 */
static size_t counting_numbers(const struct mg_shape_row *row)
{
    size_t n = 0, words = 0;
    double before = 0;
    bool fraction = false;
    for (size_t i = 0; i < row->n; i++) {
        const char *text = mg_shape_cell(row, i);
        enum mg_cell_class class = mg_cell_classify(text);
        words += class == MG_CLASS_WORDS;
        if (class != MG_CLASS_NUMBER)
            continue;
        double number = mg_cell_number(text, &fraction);
        if (n++ > 0 && number != before + 1)
            return 0;
        before = number;
    }
    return n >= 3 && words > 0 ? n : 0;
}

static bool mostly_numbers(const struct mg_shape_row *row)
{
    size_t numbers = 0;
    for (size_t i = 0; i < row->n; i++)
        numbers += mg_cell_classify(mg_shape_cell(row, i)) == MG_CLASS_NUMBER;
    return numbers * 2 > mg_row_filled(row);
}

static bool is_data_at(const struct mg_shape_table *table, const struct mg_shape_row *row, size_t shift)
{
    struct mg_likeness likeness = mg_row_compare_at(table, row, shift);
    size_t counting = counting_numbers(row);
    if (likeness.like + likeness.unlike == 0)
        return mostly_numbers(row);
    likeness.like -= counting < likeness.like ? counting : likeness.like;
    return likeness.like >= likeness.unlike && likeness.like > 0;
}

static bool is_data(const struct mg_shape_table *table, const struct mg_shape_row *row)
{
    return is_data_at(table, row, 0) && (!mg_row_misses_names(table, row) || is_data_at(table, row, 1));
}

/* --- the top --- */

/* The cell is empty, or repeats the words to its left: both are what merged cells look like. */
static bool is_carried(const struct mg_shape_row *row, size_t i)
{
    const char *text = mg_shape_cell(row, i);
    return mg_cell_is_blank(text) || (i > 0 && strcmp(text, mg_shape_cell(row, i - 1)) == 0 &&
                                      mg_cell_classify(text) == MG_CLASS_WORDS);
}

static size_t count_cells(const struct mg_shape_row *row)
{
    size_t n = 0;
    for (size_t i = 0; i < row->n; i++)
        n += !is_carried(row, i);
    return n;
}

/* Fills nearly as many cells as the body's rows do. */
static bool is_dense(const struct mg_shape_table *table, const struct mg_shape_row *row)
{
    size_t n = count_cells(row);
    return n > 0 && n * 5 >= table->typical * 3;
}

/* "Survey: | Customers 2026", "Exported | 2026-01-08": a title in two cells. */
static bool is_name_and_value(const struct mg_shape_table *table, size_t r)
{
    const struct mg_shape_row *row = &table->rows[r];
    size_t filled = mg_row_filled(row);
    if (filled > 2 || filled >= table->typical || r + 1 >= table->n_rows ||
        mg_row_filled(&table->rows[r + 1]) <= filled)
        return false;
    const char *name = mg_shape_cell(row, mg_row_nth(row, 0));
    enum mg_cell_class value = mg_cell_classify(mg_shape_cell(row, mg_row_nth(row, 1)));
    return mg_str_ends(name, ":") || mg_str_ends(name, "：") || value == MG_CLASS_NUMBER ||
           (value == MG_CLASS_CODE && strlen(mg_shape_cell(row, mg_row_nth(row, 1))) >= DATE_BYTES_MIN);
}

static size_t last_cell(const struct mg_shape_row *row)
{
    size_t i = row->n;
    while (i > 0 && is_carried(row, i - 1))
        i--;
    return i ? i - 1 : 0;
}

/* A sparse row whose words stand over several columns of the row below, as merged cells do. Cells that only
 * begin the row are a title, unless they go down into the row below. */
static bool is_group_row(const struct mg_shape_row *row, const struct mg_shape_row *below)
{
    size_t first = mg_row_nth(row, 0), cells = count_cells(row);
    const char *below_first = mg_shape_cell(below, 0);
    bool goes_down = mg_cell_is_blank(below_first) || strcmp(below_first, mg_shape_cell(row, 0)) == 0;
    if (cells == 0 || (cells == 1 && first > 0 && goes_down))
        return false;
    if (first == 0 && last_cell(row) == cells - 1 && (cells == 1 || !goes_down))
        return false;
    for (size_t i = first; i < row->n; i++) {
        enum mg_cell_class class = mg_cell_classify(mg_shape_cell(row, i));
        if (class == MG_CLASS_NUMBER || class == MG_CLASS_CODE)
            return false;
    }
    return true;
}

/* The first row that is no title; n_rows: there is none. */
static size_t skip_titles(const struct mg_shape_table *table)
{
    size_t most = MG_SHAPE_TITLES_MAX + MG_SHAPE_HEADERS_MAX;
    size_t r = 0;
    while (r < table->n_rows && r < most &&
           (!is_dense(table, &table->rows[r]) || is_name_and_value(table, r)))
        r++;
    if (r < table->n_rows && r < most)
        return r;
    for (r = 0; r < table->n_rows && mg_row_filled(&table->rows[r]) == 0;)
        r++;
    return r;
}

/* Clearly no data: words over numbers, and next to nothing that is like the body. */
static bool goes_on(const struct mg_shape_table *table, const struct mg_shape_row *row)
{
    struct mg_likeness likeness = mg_row_compare(table, row);
    size_t filled = mg_row_filled(row);
    return likeness.unlike > likeness.like * 4 && likeness.unlike * 10 >= filled * 3 &&
           (likeness.unlike >= 2 || filled == 1);
}

/* What the rows above a body without a header are: those that are unlike it. */
static struct mg_shape_top without_header(const struct mg_shape_table *table, size_t data)
{
    const struct mg_shape_row *above = data ? &table->rows[data - 1] : NULL;
    if (above && mg_row_filled(above) >= 2 && !is_name_and_value(table, data - 1) &&
        mg_row_compare(table, above).unlike > mg_row_compare(table, above).like)
        return (struct mg_shape_top){data - 1, 1}; /* a header that names only some of its columns */
    while (data > 0 && mg_row_filled(&table->rows[data - 1]) > 0 &&
           mg_row_compare(table, &table->rows[data - 1]).unlike == 0)
        data--;
    return (struct mg_shape_top){data, 0};
}

/* Words below the gaps of the row above, and nothing below what stands alone there: choices below their
 * question, as SurveyMonkey writes them. Tells a header by itself, however few answers there are. */
static bool fills_gaps(const struct mg_shape_row *above, const struct mg_shape_row *row)
{
    size_t filled = 0;
    if (mg_cell_is_blank(mg_shape_cell(above, 0)) || !mg_cell_is_blank(mg_shape_cell(row, 0)))
        return false;
    for (size_t i = 0; i < row->n; i++) {
        enum mg_cell_class class = mg_cell_classify(mg_shape_cell(row, i));
        if (class != MG_CLASS_WORDS && class != MG_CLASS_EMPTY)
            return false;
        filled += class == MG_CLASS_WORDS && mg_cell_is_blank(mg_shape_cell(above, i));
    }
    return filled > 0;
}

static size_t count_header(struct mg_shape_table *table, size_t from, size_t at)
{
    size_t most = table->n_rows - from < MG_SHAPE_HEADERS_MAX ? table->n_rows - from : MG_SHAPE_HEADERS_MAX;
    for (size_t n = 1; n <= most; n++)
        if (mg_row_is_import_id(&table->rows[from + n - 1]))
            return n;
    if (table->n_rows >= at + ROWS_AFTER_MIN)
        mg_body_describe(table, at + 2, table->n_rows);
    while (at + 1 - from < most &&
           (fills_gaps(&table->rows[at], &table->rows[at + 1]) || goes_on(table, &table->rows[at + 1])))
        at++;
    return at + 1 - from;
}

static struct mg_shape_top find_top(struct mg_shape_table *table)
{
    size_t at = skip_titles(table), from = at;
    if (at == table->n_rows)
        return (struct mg_shape_top){at, 0};
    if (is_data(table, &table->rows[at]))
        return without_header(table, at);
    while (from > 0 && at - from < MG_SHAPE_HEADERS_MAX - 2 &&
           is_group_row(&table->rows[from - 1], &table->rows[from]))
        from--;
    return (struct mg_shape_top){from, count_header(table, from, at)};
}

struct mg_shape_top mg_top_find(struct mg_shape_table *table, const struct mg_shape_options *options)
{
    struct mg_shape_top top = find_top(table);
    if (options->titles_told) {
        top.titles = options->title_rows < table->n_rows ? options->title_rows : table->n_rows;
        top.headers = top.titles == table->n_rows || is_data(table, &table->rows[top.titles])
                          ? 0
                          : count_header(table, top.titles, top.titles);
    }
    if (options->headers_told) {
        size_t left = table->n_rows - top.titles;
        size_t told =
            options->header_rows == MG_SHAPE_SOME ? (top.headers ? top.headers : 1) : options->header_rows;
        top.headers = told < left ? told : left;
        top.headers = top.headers < MG_SHAPE_HEADERS_MAX ? top.headers : MG_SHAPE_HEADERS_MAX;
    }
    return top;
}
