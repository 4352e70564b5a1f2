/* What columns are called: a name that a study can use, and the question's words as label; see shape.h.
 *
 * One header row: its cell is the name; a text longer than a name becomes the label, and a name is made of
 * its leading code ("Q3", "1、", "E01.") or, without one, of the column's number. Several rows: codes above
 * texts (Qualtrics) or texts above codes are names and labels; else the rows are groups and what is in them
 * (SurveyMonkey, merged cells): a group is carried to the right over empty cells, and both together make the
 * label and, where short enough, the name. Names as they stand in the file come first, so that a made one
 * never takes another column's name. */
#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "base/names.h"
#include "base/str.h"
#include "exchange/note.h"
#include "exchange/shape_private.h"

#define WIDER_MIN 2 /* rows */
#include "model/words.h"

#include "shape_words.gen.h"
#include "words.gen.h"

#define NOTED_MAX 5 /* columns of which each is said how it is called */
#define CODE_BYTES_MAX 24
#define CODE_TEXT_MAX 40 /* of a code before a text, with what is in brackets */

enum layout { ONE_ROW, CODE_AND_TEXT, NAMES_ABOVE, NAMES_BELOW, GROUPS };

struct header {
    struct mg_shape_table *table;
    struct mg_shape *shape;
    const char **cells[MG_SHAPE_HEADERS_MAX]; /* by row, n_columns each, cleaned */
    size_t n_rows, n;
    struct mg_shape_column *columns;
    struct mg_names names;
    int *next; /* the number to try for the next column of the same name, by the place of the first */
    size_t made, noted, more;
    size_t first_made;
};

/* --- how many columns --- */

static size_t last_filled(const struct mg_shape_row *row)
{
    size_t n = row->n;
    while (n > 0 && mg_cell_is_blank(mg_shape_cell(row, n - 1)))
        n--;
    return n;
}

/* Behind the header's own width: a row with a cell too many is no column. */
static bool is_wider(const struct mg_shape *shape, size_t there, size_t rows)
{
    return shape->header_rows ? there >= WIDER_MIN && there * 5 >= rows * 4 : there > 0 && there * 2 >= rows;
}

/* Up to the last column with a name; behind it one that is filled, in the header's own width once, else in
 * nearly every row. */
static size_t count_columns(const struct mg_shape_table *table, const struct mg_shape *shape)
{
    size_t named = 0, wide = 0;
    for (size_t r = 0; r < shape->header_rows; r++) {
        size_t filled = last_filled(&shape->header[r]);
        named = filled > named ? filled : named;
        wide = shape->header[r].n > wide ? shape->header[r].n : wide;
    }
    for (size_t i = table->width; i > named; i--) {
        size_t there = 0;
        for (size_t r = 0; r < table->n_body; r++)
            there += shape->header_rows ? !mg_cell_is_blank(mg_shape_cell(table->body[r], i - 1))
                                        : i <= table->body[r]->n;
        if (i <= wide ? there > 0 : is_wider(shape, there, table->n_body))
            return i;
    }
    if (named == 0 && shape->header_rows == 0 && table->n_rows > shape->title_rows)
        return table->rows[shape->title_rows].n; /* one row only */
    return named;
}

static bool has_row_names(const struct mg_shape_table *table, const struct mg_shape *shape)
{
    return shape->header_rows == 1 && table->n_body >= WIDER_MIN &&
           mg_row_misses_names(table, &shape->header[0]) &&
           !mg_words_is(&mg_words_id, mg_shape_cell(&shape->header[0], 0));
}

/* --- the header's cells --- */

/* Each group over what belongs to it: an empty cell takes the one to its left where the row below goes on. */
static void carry(const struct header *header, size_t r)
{
    for (size_t i = 1; i < header->n; i++) {
        bool goes_on = false;
        for (size_t below = r + 1; below < header->n_rows; below++)
            goes_on |= *header->cells[below][i] != '\0';
        if (!*header->cells[r][i] && goes_on)
            header->cells[r][i] = header->cells[r][i - 1];
    }
}

static bool take_cells(struct header *header)
{
    struct mg_arena *arena = header->table->arena;
    for (size_t r = 0; r < header->shape->header_rows; r++) {
        const struct mg_shape_row *row = &header->shape->header[r];
        const char **cells = mg_arena_array(arena, header->n + 1, sizeof *cells);
        for (size_t i = 0; cells && i < header->n; i++) {
            const char *text =
                i == 0 && header->shape->row_names ? "" : mg_shape_cell(row, i - header->shape->row_names);
            if (!(cells[i] = mg_cell_clean(arena, text)))
                return false;
        }
        if (!cells)
            return false;
        header->cells[header->n_rows++] = cells;
    }
    return true;
}

/* --- layout --- */

static bool is_code(const char *text)
{
    size_t n = strlen(text);
    for (size_t i = 0; i < n; i++)
        if (!isalnum((unsigned char)text[i]) && !strchr("_.-[]#", text[i]))
            return false;
    return n > 0 && n <= 40;
}

/* The row names nearly all columns, each otherwise, in a form that can be a name. `ret_codes`: all are codes.
 */
static bool can_name(const struct header *header, size_t r, bool *ret_codes)
{
    struct mg_names seen;
    size_t filled = 0, codes = 0;
    if (!mg_names_init(&seen, header->table->arena, header->n, true))
        return false;
    for (size_t i = 0; i < header->n; i++) {
        const char *text = header->cells[r][i];
        if (!*text)
            continue;
        if (mg_names_find(&seen, text) != SIZE_MAX || strlen(text) > MG_SHAPE_NAME_MAX)
            return false;
        mg_names_add(&seen, text);
        filled++;
        codes += is_code(text);
    }
    *ret_codes = codes * 10 >= filled * 7;
    return filled * 10 >= header->n * 9;
}

/* Bytes of the code in "E1[SQ001]. What do you expect?", with the brackets and without the point; 0: there is
 * none. */
static size_t code_bytes(const char *text)
{
    size_t n = 0;
    while (isalnum((unsigned char)text[n]) || text[n] == '_')
        n++;
    for (size_t end = n; text[end] == '['; n = ++end) {
        end += strcspn(text + end, "] ");
        if (text[end] != ']')
            return 0;
    }
    return isalpha((unsigned char)*text) && n <= CODE_TEXT_MAX && text[n] == '.' && text[n + 1] == ' ' ? n
                                                                                                       : 0;
}

/* Nearly every cell is a code and a text, as LimeSurvey writes them. */
static bool has_codes_and_texts(const struct header *header)
{
    size_t n = 0;
    for (size_t i = 0; header->n_rows && i < header->n; i++)
        n += code_bytes(header->cells[0][i]) > 0;
    return n >= 2 && n * 10 >= header->n * 9;
}

static enum layout find_layout(const struct header *header)
{
    bool codes_above = false, codes_below = false;
    if (header->n_rows < 2)
        return has_codes_and_texts(header) ? CODE_AND_TEXT : ONE_ROW;
    bool above = can_name(header, 0, &codes_above),
         below = can_name(header, header->n_rows - 1, &codes_below);
    if (above && (codes_above || !codes_below))
        return NAMES_ABOVE;
    return below && codes_below ? NAMES_BELOW : GROUPS;
}

/* The texts of rows from..to of a column, without repeats, with `between`. */
static const char *joined(const struct header *header, size_t i, size_t from, size_t to, const char *between)
{
    struct mg_buf text;
    const char *before = "";
    mg_buf_init(&text, (MG_SHAPE_LABEL_MAX + 16) * MG_SHAPE_HEADERS_MAX);
    for (size_t r = from; r < to; r++) {
        const char *cell = header->cells[r][i];
        bool adds = *cell && strcmp(cell, before) != 0 && !(r > 0 && mg_words_is(&mg_words_one_answer, cell));
        if (!adds)
            continue;
        mg_buf_printf(&text, "%s%s", text.len ? between : "", cell);
        before = cell;
    }
    const char *copy = mg_cell_clean(header->table->arena, text.len ? text.data : "");
    mg_buf_done(&text);
    return copy;
}

/* What a column's name would be, and its label. */
static bool take_texts(const struct header *header, enum layout layout, size_t i, const char **ret_name,
                       const char **ret_label)
{
    size_t n = header->n_rows;
    const char *name = "", *label = "";
    if (layout == NAMES_ABOVE || layout == NAMES_BELOW) {
        bool above = layout == NAMES_ABOVE;
        name = header->cells[above ? 0 : n - 1][i];
        label = joined(header, i, above, n - !above, " - ");
    } else if (layout == CODE_AND_TEXT && code_bytes(header->cells[0][i]) > 0) {
        size_t code = code_bytes(header->cells[0][i]);
        name = mg_arena_strndup(header->table->arena, header->cells[0][i], code);
        label = header->cells[0][i] + code + 2;
    } else if (n > 0) {
        label = joined(header, i, 0, n, " - ");
        name = layout == GROUPS ? joined(header, i, 0, n, "_") : label;
    }
    *ret_name = name;
    *ret_label = label;
    return name && label;
}

/* --- names --- */

static const char *skip_any(const char *text, const char *const *marks, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (mg_str_starts(text, marks[i]))
            return text + strlen(marks[i]);
    return NULL;
}

/* The code that a question begins with: "Q3. …", "E01：…", "[Q12] …" as they stand, "1、…", "(2) …", "第3题"
 * with a q. */
static bool leading_code(const char *text, char ret_code[CODE_BYTES_MAX])
{
    static const char *const opening[] = {"(", "[", "（", "【", "第"};
    static const char *const closing[] = {".", "、", ")", "]", "）", "】", "：", ":", "．", "题", "。"};
    const char *from = skip_any(text, opening, ARRAY_LEN(opening)), *end;
    from = from ? from : text;
    for (end = from; isalpha((unsigned char)*end) && end - from < 4; end++)
        ;
    size_t letters = (size_t)(end - from), digits = 0;
    for (; isdigit((unsigned char)*end) && digits < 4; end++)
        digits++;
    if (letters)
        while (*end && strchr("_-", *end) && isdigit((unsigned char)end[1]) &&
               end - from < CODE_BYTES_MAX - 4)
            end += 1 + strspn(end + 1, "0123456789");
    if (!digits || end - from >= CODE_BYTES_MAX - 1 || isdigit((unsigned char)*end))
        return false;
    const char *behind = skip_any(end, closing, ARRAY_LEN(closing));
    bool decimal = behind && end[0] == '.' && isdigit((unsigned char)*behind); /* "3.5 stars": a number */
    if (decimal || (!behind && !(letters && *end == ' ')))
        return false;
    size_t n = 0;
    if (!letters)
        ret_code[n++] = 'q';
    memcpy(ret_code + n, from, (size_t)(end - from));
    ret_code[n + (size_t)(end - from)] = '\0';
    return true;
}

/* Takes the name for column i, or one with a number behind it that is free. */
static bool give_name(struct header *header, size_t i, const char *wanted)
{
    const char *name = wanted;
    size_t first = mg_names_find(&header->names, wanted);
    while (name && mg_names_find(&header->names, name) != SIZE_MAX) {
        header->next[first] = header->next[first] ? header->next[first] + 1 : 2;
        name = mg_arena_printf(header->table->arena, "%s_%d", wanted, header->next[first]);
    }
    if (!name)
        return false;
    mg_names_add(&header->names, name);
    header->columns[i].name = name;
    return true;
}

static bool note_name(struct header *header, size_t i)
{
    const struct mg_shape_column *column = &header->columns[i];
    struct mg_shape_table *table = header->table;
    if (header->n_rows == 0)
        return true;
    if (header->noted == NOTED_MAX) {
        header->more++;
        return true;
    }
    header->noted++;
    struct mg_text *note = &table->notes[table->n_notes++];
    if (!*column->given)
        return mg_note_make(table->arena, note, MG_TEXT("Column %zu has no name; it is called “%s” here."),
                            i + 1, column->name);
    return mg_note_make(table->arena, note,
                        MG_TEXT("Column %zu is named “%.80s” like one before it; it is called “%.90s” here."),
                        i + 1, column->given, column->name);
}

/* The name of a column whose text is too long for one. `counted`: how often each leading code stands in the
 * header. */
static const char *made_name(struct header *header, size_t i, const struct mg_names *codes,
                             const int *counted, int *used)
{
    struct mg_arena *arena = header->table->arena;
    char code[CODE_BYTES_MAX];
    if (!leading_code(header->columns[i].given, code))
        return mg_arena_printf(arena, "q%zu", i + 1);
    size_t place = mg_names_find(codes, code);
    if (counted[place] == 1)
        return mg_arena_strdup(arena, code);
    return mg_arena_printf(arena, "%s_%d", code, ++used[place]);
}

static bool make_names(struct header *header)
{
    struct mg_arena *arena = header->table->arena;
    struct mg_names codes;
    int *counted = mg_arena_array(arena, header->n + 1, sizeof *counted);
    int *used = mg_arena_array(arena, header->n + 1, sizeof *used);
    if (!counted || !used || !mg_names_init(&codes, arena, header->n, true))
        return false;
    for (size_t i = 0; i < header->n; i++) {
        char code[CODE_BYTES_MAX];
        if (!leading_code(header->columns[i].given, code))
            continue;
        size_t place = mg_names_find(&codes, code);
        const char *copy = place == SIZE_MAX ? mg_arena_strdup(arena, code) : "";
        if (!copy)
            return false;
        if (place == SIZE_MAX) {
            place = codes.n;
            mg_names_add(&codes, copy);
        }
        counted[place]++;
    }
    for (size_t i = 0; i < header->n; i++) {
        if (header->columns[i].name || strlen(header->columns[i].given) <= MG_SHAPE_NAME_MAX)
            continue;
        const char *name = made_name(header, i, &codes, counted, used);
        if (!name || !give_name(header, i, name))
            return false;
        header->first_made = header->made++ ? header->first_made : i;
    }
    return true;
}

/* Names that stand in the file and are there for the first time; the others wait. */
static bool take_names(struct header *header)
{
    enum layout layout = find_layout(header);
    for (size_t i = 0; i < header->n; i++) {
        struct mg_shape_column *column = &header->columns[i];
        const char *name, *label;
        if (!take_texts(header, layout, i, &name, &label))
            return false;
        column->given = *name ? name : label;
        column->label = *label && strcmp(label, name) != 0 ? label : NULL;
        bool usable = *name && strlen(name) <= MG_SHAPE_NAME_MAX;
        if (usable && mg_names_find(&header->names, name) == SIZE_MAX && !give_name(header, i, name))
            return false;
        if (!usable && *column->given && !column->label)
            column->label = column->given;
    }
    return true;
}

static bool name_rest(struct header *header)
{
    for (size_t i = 0; i < header->n; i++) {
        if (header->columns[i].name)
            continue;
        const char *given = header->columns[i].given;
        const char *wanted = *given ? given : mg_arena_printf(header->table->arena, "column_%zu", i + 1);
        if (!wanted || !give_name(header, i, wanted) || !note_name(header, i))
            return false;
    }
    return true;
}

static bool note_names(struct header *header)
{
    struct mg_shape_table *table = header->table;
    const struct mg_shape_column *first = &header->columns[header->first_made];
    if (header->more &&
        !mg_note_make(table->arena, &table->notes[table->n_notes++],
                      MG_TEXT("More columns that got a name of their own: %zu."), header->more))
        return false;
    return header->made == 0 || mg_note_make(table->arena, &table->notes[table->n_notes++],
                                             MG_TEXT("Columns whose long texts became labels: %zu; the first "
                                                     "is called “%s” here, for “%.120s”."),
                                             header->made, first->name, first->given);
}

/* --- the tool --- */

static void find_tool(struct header *header)
{
    struct mg_tool_cells top[MG_SHAPE_HEADERS_MAX], rows[MG_SHAPE_BODY_MAX];
    struct mg_shape_table *table = header->table;
    for (size_t r = 0; r < header->n_rows; r++)
        top[r] = (struct mg_tool_cells){header->cells[r], header->n};
    for (size_t r = 0; r < table->n_body; r++)
        rows[r] = (struct mg_tool_cells){table->body[r]->cells, table->body[r]->n};
    header->shape->tool = mg_tool_find(top, header->n_rows, rows, table->n_body);
    for (size_t i = 0; i < header->n; i++)
        for (size_t r = 0; r < header->n_rows && header->columns[i].meaning == MG_TOOL_ANSWER; r++)
            header->columns[i].meaning = mg_tool_column(header->shape->tool.tool, header->cells[r][i]);
}

bool mg_names_make(struct mg_shape_table *table, struct mg_shape *shape)
{
    struct header header = {.table = table, .shape = shape};
    shape->row_names = has_row_names(table, shape);
    header.n = count_columns(table, shape);
    header.columns = mg_arena_array(table->arena, header.n + 1, sizeof *header.columns);
    header.next = mg_arena_array(table->arena, header.n + 1, sizeof *header.next);
    if (!header.columns || !header.next || !mg_names_init(&header.names, table->arena, header.n, true) ||
        !take_cells(&header))
        return false;
    for (size_t r = 0; r + 1 < header.n_rows; r++)
        carry(&header, r);
    find_tool(&header);
    while (header.n_rows > 1 && mg_row_is_import_id(&shape->header[header.n_rows - 1]))
        header.n_rows--;
    bool done = take_names(&header) && make_names(&header) && name_rest(&header) && note_names(&header);
    shape->columns = header.columns;
    shape->n_columns = header.n;
    return done;
}
