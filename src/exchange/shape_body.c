/* What the rows below a header hold; see shape_private.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "exchange/shape_private.h"

#define DISTINCT_ROWS 60 /* of the body, compared with each other */
#define RECURRING_MIN 6  /* cells, of fewer none recurs */
#define TOTALS_SHARE 3   /* one of so many rows may be a total */
#define BODY_FROM_MAX 40 /* titles and header never reach so far */
#define IMPORT_ID "{\"ImportId\""

/* --- the body --- */

static int by_size(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

static size_t median_filled(const struct mg_shape_row *rows, size_t n)
{
    size_t filled[MG_SHAPE_FIRST_MAX], count = 0;
    for (size_t i = 0; i < n; i++)
        if ((filled[count] = mg_row_filled(&rows[i])) > 0)
            count++;
    qsort(filled, count, sizeof *filled, by_size);
    return count ? filled[count / 2] : 0;
}

bool mg_row_is_import_id(const struct mg_shape_row *row)
{
    size_t there = 0;
    for (size_t i = 0; i < row->n; i++)
        there += mg_str_starts(mg_shape_cell(row, i), IMPORT_ID);
    return there > 0 && there * 2 >= mg_row_filled(row);
}

/* Words for totals that stand in so many rows are names. */
static bool have_totals(const struct mg_shape_table *table, size_t from, size_t to)
{
    size_t n = 0;
    for (size_t r = from; r < to; r++)
        n += mg_row_has_foot_word(&table->rows[r]);
    return n > 0 && n * TOTALS_SHARE <= to - from;
}

/* Without sparse rows, totals and notes. */
static void find_body(struct mg_shape_table *table, size_t from, size_t to)
{
    bool totals = have_totals(table, from, to);
    table->n_body = 0;
    table->typical = median_filled(table->rows + from, to - from);
    while (to > from && (mg_row_filled(&table->rows[to - 1]) * 2 < table->typical ||
                         mg_row_has_foot_word(&table->rows[to - 1])))
        to--;
    for (size_t r = to; r > from && table->n_body < MG_SHAPE_BODY_MAX; r--) {
        const struct mg_shape_row *row = &table->rows[r - 1];
        size_t filled = mg_row_filled(row);
        if (filled > 0 && filled * 2 >= table->typical && !(totals && mg_row_has_foot_word(row)))
            table->body[table->n_body++] = row;
    }
}

static void count_cell(struct mg_shape_profile *column, const char *text)
{
    enum mg_cell_class class = mg_cell_classify(text);
    size_t bytes = strlen(text);
    bool fraction = false;
    column->classes[class]++;
    column->filled += class != MG_CLASS_EMPTY;
    column->longest = bytes > column->longest ? bytes : column->longest;
    if (class == MG_CLASS_NUMBER) {
        double number = mg_cell_number(text, &fraction);
        column->max = number > column->max ? number : column->max;
        column->whole &= !fraction;
    }
}

/* How many texts of the column aren't there in a row before. */
static size_t count_texts(const struct mg_shape_table *table, size_t i)
{
    size_t different = 0, n = table->n_body < DISTINCT_ROWS ? table->n_body : DISTINCT_ROWS;
    for (size_t r = 0; r < n; r++) {
        const char *text = mg_shape_cell(table->body[r], i);
        bool seen = *text == '\0';
        for (size_t before = 0; before < r && !seen; before++)
            seen = strcmp(text, mg_shape_cell(table->body[before], i)) == 0;
        different += !seen;
    }
    return different;
}

static void describe_column(struct mg_shape_table *table, size_t i)
{
    struct mg_shape_profile *column = &table->columns[i];
    size_t looked_at = table->n_body < DISTINCT_ROWS ? table->n_body : DISTINCT_ROWS;
    *column = (struct mg_shape_profile){.whole = true, .max = -INFINITY};
    for (size_t r = 0; r < table->n_body; r++)
        count_cell(column, mg_shape_cell(table->body[r], i));
    size_t said = column->filled - column->classes[MG_CLASS_MISSING];
    for (enum mg_cell_class class = MG_CLASS_NUMBER; class < MG_CLASSES; class ++)
        if (class != MG_CLASS_MISSING && said > 0 && column->classes[class] * 10 >= said * 7)
            column->main = class;
    size_t texts = count_texts(table, i);
    column->distinct = texts == looked_at && column->filled == table->n_body;
    column->recurring = column->filled >= RECURRING_MIN &&
                        texts * 2 <= (column->filled < looked_at ? column->filled : looked_at);
}

void mg_body_describe(struct mg_shape_table *table, size_t from, size_t to)
{
    find_body(table, from, to);
    for (size_t i = 0; i < table->width; i++)
        describe_column(table, i);
}

bool mg_body_guess(struct mg_shape_table *table)
{
    size_t n = table->n_rows, half = n >= 4 ? n / 2 : n >= 2 ? n - 1 : n;
    for (size_t r = 0; r < n; r++)
        table->width = table->rows[r].n > table->width ? table->rows[r].n : table->width;
    table->columns = mg_arena_array(table->arena, table->width + 1, sizeof *table->columns);
    if (table->columns)
        mg_body_describe(table, half < BODY_FROM_MAX ? half : BODY_FROM_MAX, n);
    return table->columns != NULL;
}

/* --- rows against the body --- */

static bool same_cells(const struct mg_shape_row *a, const struct mg_shape_row *b)
{
    for (size_t i = 0; i < a->n || i < b->n; i++)
        if (strcmp(mg_shape_cell(a, i), mg_shape_cell(b, i)) != 0)
            return false;
    return true;
}

/* A header that is repeated further down, where several exports are put together, must not look like data for
 * that; where half of all rows are the same, they are answers. */
void mg_body_others(const struct mg_shape_table *table, const struct mg_shape_row *row,
                    struct mg_body_others *ret_others)
{
    size_t n = 0;
    for (size_t r = 0; r < table->n_body; r++)
        if (!same_cells(table->body[r], row))
            ret_others->rows[n++] = table->body[r];
    if (n * 2 >= table->n_body) {
        ret_others->n = n;
        return;
    }
    for (ret_others->n = n = 0; n < table->n_body; n++)
        if (table->body[n] != row)
            ret_others->rows[ret_others->n++] = table->body[n];
}

bool mg_body_has(const struct mg_body_others *others, size_t column, const char *text)
{
    for (size_t r = 0; r < others->n; r++)
        if (strcmp(text, mg_shape_cell(others->rows[r], column)) == 0)
            return true;
    return false;
}

/* +1: like the column; −1: unlike; 0: says nothing. */
static int compare_cell(const struct mg_shape_table *table, const struct mg_body_others *others, size_t i,
                        const char *text)
{
    enum mg_cell_class class = mg_cell_classify(text);
    if (class == MG_CLASS_EMPTY || class == MG_CLASS_MISSING || i >= table->width ||
        !table->columns[i].filled)
        return 0;
    const struct mg_shape_profile *column = &table->columns[i];
    if (column->main == MG_CLASS_NUMBER)
        return class == MG_CLASS_NUMBER ? 1 : -1;
    if (mg_body_has(others, i, text))
        return 1;
    if (column->recurring)
        return -1;
    if (column->main == MG_CLASS_WORDS || column->main == MG_CLASS_EMPTY)
        return 0;
    return class != column->main ? -1 : strlen(text) * 2 > column->longest;
}

struct mg_likeness mg_row_compare_at(const struct mg_shape_table *table, const struct mg_shape_row *row,
                                     size_t shift)
{
    struct mg_likeness likeness = {0};
    struct mg_body_others others;
    mg_body_others(table, row, &others);
    for (size_t i = 0; i < row->n; i++) {
        int compared = compare_cell(table, &others, i + shift, mg_shape_cell(row, i));
        likeness.like += compared > 0;
        likeness.unlike += compared < 0;
    }
    return likeness;
}

struct mg_likeness mg_row_compare(const struct mg_shape_table *table, const struct mg_shape_row *row)
{
    return mg_row_compare_at(table, row, 0);
}

bool mg_row_misses_names(const struct mg_shape_table *table, const struct mg_shape_row *row)
{
    for (size_t r = 0; r < table->n_body; r++)
        if (table->body[r]->n != row->n + 1)
            return false;
    return table->n_body > 0 && row->n > 0 && table->columns[0].distinct;
}
