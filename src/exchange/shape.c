/* Where a table begins and ends; see shape.h.
 *
 * 1. The body: the last rows of those given, at most MG_SHAPE_BODY_MAX, but for sparse ones and totals. They
 * tell what each column holds (numbers, digits, words that recur).
 * 2. From above, blank and sparse rows are titles, until a row comes that fills as much as the body does. A
 * sparse row directly above it whose cells stand over several columns is a row of groups, and belongs to the
 * header.
 * 3. That row is compared with the body cell by cell: as many cells alike as unlike, and it is data: there is
 * no header.
 * 4. Else it is the header's first row, and so are the next ones while they are clearly unlike the body.
 * 5. With the body now known to begin below the header, from the end up: totals, means, notes (shape_foot.c).
 */
#include "exchange/shape.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "exchange/note.h"
#include "exchange/shape_private.h"

#define DISTINCT_ROWS 60 /* of the body, compared with each other */
#define BODY_FROM_MAX 40 /* titles and header never reach so far */
#define FOOT_DOUBTFUL 10
#define DATE_BYTES_MIN 6
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

/* Qualtrics' third row. */
static bool is_import_id(const struct mg_shape_row *row)
{
    size_t there = 0;
    for (size_t i = 0; i < row->n; i++)
        there += mg_str_starts(mg_shape_cell(row, i), IMPORT_ID);
    return there > 0 && there * 2 >= mg_row_filled(row);
}

static void find_body(struct mg_shape_table *table, size_t from, size_t to)
{
    table->n_body = 0;
    table->typical = median_filled(table->rows + from, to - from);
    for (size_t i = to; i > from && table->n_body < MG_SHAPE_BODY_MAX; i--) {
        const struct mg_shape_row *row = &table->rows[i - 1];
        size_t filled = mg_row_filled(row);
        if (filled > 0 && filled * 2 >= table->typical && !mg_row_has_foot_word(row) && !is_import_id(row))
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
    column->recurring =
        column->filled >= 4 && texts * 2 <= (column->filled < looked_at ? column->filled : looked_at);
}

static void describe_body(struct mg_shape_table *table, size_t from, size_t to)
{
    find_body(table, from, to);
    for (size_t i = 0; i < table->width; i++)
        describe_column(table, i);
}

/* Before the header is known: the lower half, as no header takes more of a file worth its name. */
static bool describe_lower_half(struct mg_shape_table *table)
{
    size_t n = table->n_rows, half = n >= 4 ? n / 2 : n >= 2 ? n - 1 : n;
    for (size_t r = 0; r < n; r++)
        table->width = table->rows[r].n > table->width ? table->rows[r].n : table->width;
    table->columns = mg_arena_array(table->arena, table->width + 1, sizeof *table->columns);
    if (table->columns)
        describe_body(table, half < BODY_FROM_MAX ? half : BODY_FROM_MAX, n);
    return table->columns != NULL;
}

/* --- rows against the body --- */

bool mg_body_has(const struct mg_shape_table *table, size_t column, const char *text,
                 const struct mg_shape_row *but)
{
    for (size_t r = 0; r < table->n_body; r++)
        if (table->body[r] != but && strcmp(text, mg_shape_cell(table->body[r], column)) == 0)
            return true;
    return false;
}

/* +1: like the column; −1: unlike; 0: says nothing. */
static int compare_cell(const struct mg_shape_table *table, const struct mg_shape_row *row, size_t i,
                        const char *text)
{
    enum mg_cell_class class = mg_cell_classify(text);
    if (class == MG_CLASS_EMPTY || class == MG_CLASS_MISSING || i >= table->width ||
        !table->columns[i].filled)
        return 0;
    const struct mg_shape_profile *column = &table->columns[i];
    if (column->main == MG_CLASS_NUMBER)
        return class == MG_CLASS_NUMBER ? 1 : -1;
    if (mg_body_has(table, i, text, row))
        return 1;
    if (column->recurring)
        return -1;
    if (column->main == MG_CLASS_WORDS || column->main == MG_CLASS_EMPTY)
        return 0;
    return class != column->main ? -1 : strlen(text) * 2 > column->longest;
}

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

static struct mg_likeness compare(const struct mg_shape_table *table, const struct mg_shape_row *row,
                                  size_t shift)
{
    struct mg_likeness likeness = {0};
    for (size_t i = 0; i < row->n; i++) {
        int compared = compare_cell(table, row, i + shift, mg_shape_cell(row, i));
        likeness.like += compared > 0;
        likeness.unlike += compared < 0;
    }
    return likeness;
}

struct mg_likeness mg_row_compare(const struct mg_shape_table *table, const struct mg_shape_row *row)
{
    return compare(table, row, 0);
}

bool mg_row_misses_names(const struct mg_shape_table *table, const struct mg_shape_row *row)
{
    for (size_t r = 0; r < table->n_body; r++)
        if (table->body[r]->n != row->n + 1)
            return false;
    return table->n_body > 0 && row->n > 0 && table->columns[0].distinct;
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
    struct mg_likeness likeness = compare(table, row, shift);
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

/* Fills nearly as many cells as the body's rows do. */
static bool is_dense(const struct mg_shape_table *table, size_t filled)
{
    return filled > 0 && filled * 5 >= table->typical * 3;
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

/* A sparse row whose words stand over several columns of the row below, as merged cells do. */
static bool is_group_row(const struct mg_shape_row *row, const struct mg_shape_row *below)
{
    size_t first = mg_row_nth(row, 0), filled = mg_row_filled(row), covered = 0;
    if (filled == 0 || (filled == 1 && (first == 0 || mg_cell_is_blank(mg_shape_cell(below, 0)))))
        return false;
    if (mg_row_nth(row, filled - 1) == first + filled - 1 && first == 0 && filled <= 2)
        return false; /* the first cells of the row and no others: a title */
    for (size_t i = first; i < below->n; i++) {
        enum mg_cell_class class = mg_cell_classify(mg_shape_cell(row, i));
        if (class == MG_CLASS_NUMBER || class == MG_CLASS_CODE)
            return false;
        covered += class == MG_CLASS_EMPTY && !mg_cell_is_blank(mg_shape_cell(below, i));
    }
    return covered > 0;
}

/* The first row that is no title; n_rows: there is none. */
static size_t skip_titles(const struct mg_shape_table *table)
{
    size_t most = MG_SHAPE_TITLES_MAX + MG_SHAPE_HEADERS_MAX;
    size_t r = 0;
    while (r < table->n_rows && r < most &&
           (!is_dense(table, mg_row_filled(&table->rows[r])) || is_name_and_value(table, r)))
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
    return likeness.unlike > likeness.like * 4 && likeness.unlike * 10 >= filled * 3;
}

struct top {
    size_t titles, headers;
};

/* What the rows above a body without a header are: those that are unlike it. */
static struct top without_header(const struct mg_shape_table *table, size_t data)
{
    const struct mg_shape_row *above = data ? &table->rows[data - 1] : NULL;
    if (above && mg_row_filled(above) >= 2 && !is_name_and_value(table, data - 1) &&
        mg_row_compare(table, above).unlike > mg_row_compare(table, above).like)
        return (struct top){data - 1, 1}; /* a header that names only some of its columns */
    while (data > 0 && mg_row_filled(&table->rows[data - 1]) > 0 &&
           mg_row_compare(table, &table->rows[data - 1]).unlike == 0)
        data--;
    return (struct top){data, 0};
}

static size_t count_header(const struct mg_shape_table *table, size_t from, size_t at)
{
    size_t most = table->n_rows - from < MG_SHAPE_HEADERS_MAX ? table->n_rows - from : MG_SHAPE_HEADERS_MAX;
    for (size_t n = 1; n <= most; n++)
        if (is_import_id(&table->rows[from + n - 1]))
            return n;
    while (at + 1 - from < most && goes_on(table, &table->rows[at + 1]))
        at++;
    return at + 1 - from;
}

static struct top find_top(const struct mg_shape_table *table)
{
    size_t at = skip_titles(table), from = at;
    if (at == table->n_rows)
        return (struct top){at, 0};
    if (is_data(table, &table->rows[at]))
        return without_header(table, at);
    while (from > 0 && at - from < MG_SHAPE_HEADERS_MAX - 2 &&
           is_group_row(&table->rows[from - 1], &table->rows[from]))
        from--;
    return (struct top){from, count_header(table, from, at)};
}

static struct top told_top(const struct mg_shape_table *table, const struct mg_shape_options *options)
{
    struct top top = find_top(table);
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

/* --- the whole --- */

/* Without the rows at the end that may turn out to be none, so that they are compared with others. */
static void describe_data(struct mg_shape_table *table, size_t from)
{
    size_t left = table->n_rows - from, doubtful = left / 3 < FOOT_DOUBTFUL ? left / 3 : FOOT_DOUBTFUL;
    describe_body(table, from, table->n_rows - doubtful);
}

static bool note_titles(struct mg_shape_table *table, struct mg_shape *shape)
{
    struct mg_buf text;
    mg_buf_init(&text, MG_SHAPE_LABEL_MAX * 4);
    for (size_t r = 0; r < shape->title_rows; r++)
        for (size_t i = 0; i < table->rows[r].n; i++)
            if (!mg_cell_is_blank(mg_shape_cell(&table->rows[r], i)))
                mg_buf_printf(&text, "%s%.*s", text.len ? " " : "", MG_SHAPE_LABEL_MAX,
                              mg_shape_cell(&table->rows[r], i));
    if (text.len)
        shape->title = mg_cell_clean(table->arena, text.data);
    bool there = text.len == 0 || shape->title;
    mg_buf_done(&text);
    if (there && shape->title)
        there = mg_note_make(table->arena, &table->notes[table->n_notes++],
                             MG_TEXT("%zu rows above the header are no data and were left out: “%.120s”."),
                             shape->title_rows, shape->title);
    return there;
}

static bool note_header(struct mg_shape_table *table, const struct mg_shape *shape)
{
    if (shape->header_rows > 1)
        return mg_note_make(table->arena, &table->notes[table->n_notes++],
                            MG_TEXT("The header takes %zu rows; their texts became the columns' labels."),
                            shape->header_rows);
    if (shape->header_rows == 0 && shape->n_columns > 0)
        return mg_note_make(
            table->arena, &table->notes[table->n_notes++],
            MG_TEXT("The first row looks like data, so the columns are called column_1 to column_%zu."),
            shape->n_columns);
    return true;
}

static bool note_foot(struct mg_shape_table *table, const struct mg_shape *shape,
                      const struct mg_shape_row *last, size_t n_last)
{
    for (size_t r = n_last - shape->foot_rows; r < n_last; r++) {
        const char *text = mg_shape_cell(&last[r], mg_row_nth(&last[r], 0));
        if (!*text)
            continue;
        const char *clean = mg_cell_clean(table->arena, text);
        return clean &&
               mg_note_make(
                   table->arena, &table->notes[table->n_notes++],
                   MG_TEXT("%zu rows at the end are totals or notes and were left out, from line %lld "
                           "on: “%.80s”."),
                   shape->foot_rows, (long long)last[r].line, clean);
    }
    return true;
}

/* A copy, as the rows may be gone when somebody asks for repeats. */
static bool keep_header(struct mg_shape_table *table, struct mg_shape *shape)
{
    struct mg_shape_row *kept = mg_arena_array(table->arena, shape->header_rows + 1, sizeof *kept);
    for (size_t r = 0; kept && r < shape->header_rows; r++) {
        const struct mg_shape_row *row = &table->rows[shape->title_rows + r];
        const char **cells = mg_arena_array(table->arena, row->n + 1, sizeof *cells);
        for (size_t i = 0; cells && i < row->n; i++)
            if (!(cells[i] = mg_arena_strdup(table->arena, mg_shape_cell(row, i))))
                return false;
        if (!cells)
            return false;
        kept[r] = (struct mg_shape_row){cells, row->n, row->line};
    }
    shape->header = kept;
    return kept != NULL;
}

static int64_t line_before_data(const struct mg_shape_table *table, const struct mg_shape *shape)
{
    size_t above = shape->title_rows + shape->header_rows;
    return above ? table->rows[above - 1].line : INT64_MIN;
}

static bool find_shape(struct mg_shape_table *table, const struct mg_shape_row *last, size_t n_last,
                       const struct mg_shape_options *options, struct mg_shape *shape)
{
    if (!describe_lower_half(table))
        return false;
    struct top top = told_top(table, options);
    shape->title_rows = top.titles;
    shape->header_rows = top.headers;
    describe_data(table, top.titles + top.headers);
    shape->foot_rows = options->foot_told ? (options->foot_rows < n_last ? options->foot_rows : n_last)
                                          : mg_foot_find(table, last, n_last, line_before_data(table, shape));
    return keep_header(table, shape) && note_titles(table, shape) && mg_names_make(table, shape) &&
           note_header(table, shape) && note_foot(table, shape, last, n_last);
}

int mg_shape_find(struct mg_arena *arena, const struct mg_shape_row *first, size_t n_first,
                  const struct mg_shape_row *last, size_t n_last, const struct mg_shape_options *options,
                  struct mg_shape *ret_shape, struct mg_error *error)
{
    static const struct mg_shape_options find_out = {0};
    struct mg_shape_table table = {
        .arena = arena,
        .rows = first,
        .n_rows = n_first < MG_SHAPE_FIRST_MAX ? n_first : MG_SHAPE_FIRST_MAX,
        .notes = mg_arena_array(arena, MG_SHAPE_NOTES_MAX, sizeof *table.notes),
    };
    struct mg_shape shape = {0};
    size_t skip = n_last > MG_SHAPE_LAST_MAX ? n_last - MG_SHAPE_LAST_MAX : 0;
    if (!table.notes)
        return mg_fail_memory(error);
    if (!find_shape(&table, n_last ? last + skip : last, n_last - skip, options ? options : &find_out,
                    &shape))
        return mg_fail_memory(error);
    shape.notes = table.notes;
    shape.n_notes = table.n_notes;
    *ret_shape = shape;
    return 0;
}

/* --- repeats --- */

static bool equals(const struct mg_shape_row *header, const char *const *cells, size_t n)
{
    size_t most = n > header->n ? n : header->n;
    for (size_t i = 0; i < most; i++) {
        const char *a = mg_shape_cell(header, i), *b = i < n && cells[i] ? cells[i] : "";
        if (strcmp(a, b) != 0)
            return false;
    }
    return true;
}

bool mg_shape_is_repeat(const struct mg_shape *shape, const char *const *cells, size_t n)
{
    bool blank = true;
    for (size_t r = 0; r < shape->header_rows; r++)
        if (equals(&shape->header[r], cells, n))
            return true;
    for (size_t i = 0; i < n && blank; i++)
        blank = !cells[i] || mg_cell_is_blank(cells[i]);
    return blank;
}
