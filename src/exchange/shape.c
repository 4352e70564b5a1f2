/* The shape of a table; see shape.h.
 *
 * 1. The body is guessed (shape_body.c): the lower half of the rows given tells what each column holds.
 * 2. Titles and header are what is unlike it (shape_header.c).
 * 3. Below the header, the body is described again, and rows at the end are compared with it (shape_foot.c).
 * 4. The header's cells become names and labels (shape_names.c), and tell the tool (tool.c). */
#include "exchange/shape.h"

#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "exchange/note.h"
#include "exchange/shape_private.h"

#define FOOT_DOUBTFUL                                                                                        \
    10 /* rows at the end that may turn out to be none, so that they are compared with others */

/* --- notes --- */

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
                             MG_TEXT("Rows left out above the header: %zu, “%.120s”."), shape->title_rows,
                             shape->title);
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
                   MG_TEXT("Rows left out at the end, as totals or notes: %zu, from line %lld on, “%.80s”."),
                   shape->foot_rows, (long long)last[r].line, clean);
    }
    return true;
}

/* --- the whole --- */

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
    if (!mg_body_guess(table))
        return false;
    struct mg_shape_top top = mg_top_find(table, options);
    shape->title_rows = top.titles;
    shape->header_rows = top.headers;
    size_t data = top.titles + top.headers, left = table->n_rows - data;
    mg_body_describe(table, data, table->n_rows - (left / 3 < FOOT_DOUBTFUL ? left / 3 : FOOT_DOUBTFUL));
    shape->foot_rows = options->foot_told ? (options->foot_rows < n_last ? options->foot_rows : n_last)
                                          : mg_foot_find(table, last, n_last, line_before_data(table, shape));
    shape->totals = mg_foot_keep(table);
    return shape->totals && keep_header(table, shape) && note_titles(table, shape) &&
           mg_names_make(table, shape) && note_header(table, shape) && note_foot(table, shape, last, n_last);
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

/* The header of an export that was put behind another one has its byte-order mark before it, and then its
 * quotes are no quotes. */
static const char *without_mark(const char *text, size_t *ret_n)
{
    bool marked = mg_str_starts(text, "\xEF\xBB\xBF");
    text += marked ? 3 : 0;
    *ret_n = strlen(text);
    if (!marked || *ret_n < 2 || text[0] != '"' || text[*ret_n - 1] != '"')
        return text;
    *ret_n -= 2;
    return text + 1;
}

static bool same_text(const char *a, const char *b)
{
    size_t n_a, n_b;
    if (strcmp(a, b) == 0)
        return true;
    a = without_mark(a, &n_a);
    b = without_mark(b, &n_b);
    return n_a == n_b && memcmp(a, b, n_a) == 0;
}

static bool equals(const struct mg_shape_row *header, const char *const *cells, size_t n)
{
    size_t most = n > header->n ? n : header->n;
    for (size_t i = 0; i < most; i++) {
        const char *a = mg_shape_cell(header, i), *b = i < n && cells[i] ? cells[i] : "";
        if (!same_text(a, b))
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
    return blank || mg_foot_is_subtotal(shape->totals, &(struct mg_shape_row){cells, n, 0});
}
