/* The table in a text: its shape from the first and last rows, then every cell once, for what the columns
 * hold.
 *
 *   first rows ─┐
 *               ├─ shape.h ─▶ where data begin and end, names ─▶ parts.h ─▶ counts, evidence ─▶ readings
 *   last rows ──┘
 *
 * The last rows are read from a guess of where a row begins. It is checked once all rows are known: where it
 * was wrong, the reading is done again from the right place. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "exchange/note.h"
#include "exchange/private.h"
#include "model/fold.h"

#define SCRATCH_BYTES ((size_t)192 << 20)
#define FIRST_BYTES ((size_t)8 << 20) /* of the first rows' cells, after which no more are looked at */
#define CELL_SHOWN (MG_SHAPE_LABEL_MAX + 100)
#define TAIL_BYTES ((int64_t)1 << 20) /* of the end, in which the last rows are looked for */

/* Rows kept for the shape, with where they begin. */
struct kept {
    struct mg_shape_row rows[MG_SHAPE_FIRST_MAX];
    int64_t offsets[MG_SHAPE_FIRST_MAX + 1]; /* and of what follows the last */
    int64_t lines[MG_SHAPE_FIRST_MAX + 1];
    size_t n;
};

struct search {
    struct mg_exchange *x;
    const struct mg_exchange_options *options;
    struct mg_arena *scratch;
    struct mg_csv_range text; /* all of it */
    struct kept first, last;
    int64_t tail, tail_line; /* where reading the last rows began; its line, 0 while it isn't known */
    struct mg_parts_found found;
};

/* --- first and last rows --- */

static struct mg_csv_range range_of(const struct mg_exchange *x)
{
    const struct mg_exchange_private *own = x->own;
    return (struct mg_csv_range){.fd = own->fd,
                                 .name = own->name,
                                 .delimiter = own->delimiter,
                                 .records = own->records,
                                 .from = own->begin,
                                 .to = own->text_bytes,
                                 .end = own->text_bytes,
                                 .line = own->begin_line};
}

static int keep_row(struct search *search, const struct mg_csv_row *row, struct kept *kept, size_t *bytes,
                    struct mg_error *error)
{
    const char **cells = mg_arena_array(search->scratch, row->n, sizeof *cells);
    if (!cells)
        return mg_fail_memory(error);
    for (size_t i = 0; i < row->n; i++) {
        size_t n = mg_utf8_cut(row->cells[i], row->sizes[i], CELL_SHOWN);
        cells[i] = mg_arena_strndup(search->scratch, row->cells[i], n);
        if (!cells[i])
            return mg_fail_memory(error);
        *bytes += n + 1;
    }
    kept->offsets[kept->n] = row->offset;
    kept->lines[kept->n] = row->line;
    kept->rows[kept->n++] = (struct mg_shape_row){cells, row->n, row->line - search->x->own->above};
    return 0;
}

static int keep_rows(struct search *search, const struct mg_csv_range *range, size_t most, struct kept *kept,
                     struct mg_error *error)
{
    struct mg_csv_row row;
    struct mg_csv_reader *reader = mg_csv_reader_new(range);
    size_t bytes = 0;
    int rc = reader ? 0 : mg_fail_memory(error);
    kept->n = 0;
    while (!rc && kept->n < most && bytes < FIRST_BYTES &&
           (rc = mg_csv_reader_next(reader, &row, error)) == 1)
        rc = keep_row(search, &row, kept, &bytes, error);
    if (reader) {
        kept->offsets[kept->n] = mg_csv_reader_offset(reader);
        kept->lines[kept->n] = mg_csv_reader_line(reader);
    }
    mg_csv_reader_free(reader);
    return rc;
}

/* Where the last rows begin, the oldest of them first overwritten. */
static int find_last(struct search *search, const struct mg_csv_range *all, struct mg_csv_range *ret_range,
                     struct mg_error *error)
{
    int64_t offsets[MG_SHAPE_LAST_MAX] = {0}, lines[MG_SHAPE_LAST_MAX] = {0};
    struct mg_csv_row row;
    struct mg_csv_reader *reader = mg_csv_reader_new(all);
    size_t n = 0;
    int rc = reader ? 0 : mg_fail_memory(error);
    while (!rc && (rc = mg_csv_reader_next(reader, &row, error)) == 1) {
        offsets[n % MG_SHAPE_LAST_MAX] = row.offset;
        lines[n++ % MG_SHAPE_LAST_MAX] = row.line;
        rc = n % 64 ? 0 : mg_stop_check(search->x->own->stop, error);
    }
    mg_csv_reader_free(reader);
    size_t oldest = n < MG_SHAPE_LAST_MAX ? 0 : n % MG_SHAPE_LAST_MAX;
    *ret_range = *all;
    ret_range->from = offsets[oldest];
    ret_range->line = lines[oldest];
    return rc;
}

/* What can't be read from a guess is no error: the reading of all rows tells. */
static int keep_last(struct search *search, struct mg_error *error)
{
    struct mg_csv_range range = search->text;
    struct mg_error ignored = {0};
    search->last.n = 0;
    range.from = search->tail;
    range.line = search->tail_line;
    int rc = find_last(search, &range, &range, &ignored);
    if (!rc && range.from >= search->tail)
        rc = keep_rows(search, &range, MG_SHAPE_LAST_MAX, &search->last, &ignored);
    return rc == MG_E_NO_MEMORY ? mg_fail_memory(error) : mg_stop_check(search->x->own->stop, error);
}

/* --- shape --- */

static int take_columns(struct mg_exchange *x, const struct mg_shape *shape, struct mg_error *error)
{
    struct mg_arena *arena = x->own->arena;
    const char **names = mg_arena_array(arena, shape->n_columns, sizeof *names);
    const char **labels = mg_arena_array(arena, shape->n_columns, sizeof *labels);
    const char **given = mg_arena_array(arena, shape->n_columns, sizeof *given);
    enum mg_tool_meaning *meanings = mg_arena_array(arena, shape->n_columns, sizeof *meanings);
    if (!names || !labels || !given || !meanings)
        return mg_fail_memory(error);
    for (size_t i = 0; i < shape->n_columns; i++) {
        const struct mg_told *told = i < x->n_told ? &x->told[i] : NULL;
        names[i] = shape->columns[i].name;
        labels[i] = told && told->label ? told->label : shape->columns[i].label;
        bool other = *shape->columns[i].given && strcmp(shape->columns[i].given, names[i]) != 0;
        given[i] = other ? shape->columns[i].given : NULL;
        meanings[i] = shape->columns[i].meaning;
    }
    x->columns = names;
    x->labels = labels;
    x->given = given;
    x->meanings = meanings;
    x->n_columns = shape->n_columns;
    return 0;
}

static int find_shape(struct search *search, struct mg_shape *ret_shape, struct mg_error *error)
{
    struct mg_exchange *x = search->x;
    struct mg_shape_options told = search->options->shape;
    if (x->own->made) /* a text of ours: one row of names, no more */
        told = (struct mg_shape_options){
            .titles_told = true, .headers_told = true, .foot_told = true, .header_rows = 1};
    if (x->own->names_first && !told.headers_told) {
        told.titles_told = told.headers_told = true;
        told.header_rows = MG_SHAPE_SOME;
    }
    int rc = mg_shape_find(x->own->arena, search->first.rows, search->first.n, search->last.rows,
                           search->last.n, &told, ret_shape, error);
    if (!rc && ret_shape->n_columns == 0)
        rc = mg_fail(error, MG_E_INVALID, "%s is empty.", x->own->name);
    if (!rc)
        rc = take_columns(x, ret_shape, error);
    x->title_rows = ret_shape->title_rows;
    x->header_rows = ret_shape->header_rows;
    x->foot_rows = ret_shape->foot_rows;
    x->tool = ret_shape->tool.tool;
    return rc;
}

/* --- rows that are no answers --- */

int mg_table_judge(const void *user, const struct mg_csv_row *row)
{
    const struct mg_exchange *x = user;
    const char *const *cells = (const char *const *)row->cells;
    if (mg_shape_is_repeat(&x->own->shape, cells, row->n))
        return MG_LEFT_OUT_REPEAT;
    if (!x->tool || x->own->keep_all || row->n < x->n_columns)
        return 0;
    enum mg_tool_verdict verdict = mg_tool_judge_row(x->tool, x->meanings, cells, x->n_columns);
    return verdict >= MG_TOOL_UNFINISHED ? (int)verdict : 0;
}

/* --- all rows --- */

/* What the format says, where it says it of every column. */
static const struct mg_told *told_of(const struct mg_exchange *x)
{
    return x->n_told == x->n_columns ? x->told : NULL;
}

static int read_parts(struct search *search, struct mg_error *error)
{
    struct mg_exchange *x = search->x;
    size_t above = x->title_rows + x->header_rows;
    struct mg_parts_plan plan = {.text = search->text,
                                 .part_bytes = search->options->part_bytes,
                                 .n_columns = x->n_columns,
                                 .told = told_of(x),
                                 .judge = mg_table_judge,
                                 .user = x,
                                 .stop = x->own->stop};
    above = above < search->first.n ? above : search->first.n;
    plan.text.from = search->first.offsets[above];
    plan.text.line = search->first.lines[above];
    if (x->foot_rows > 0 && x->foot_rows <= search->last.n)
        plan.text.to = search->last.offsets[search->last.n - x->foot_rows];
    mg_evidence_free(search->found.evidence);
    return mg_parts_read(x->own->arena, &plan, &search->found, error);
}

/* The mark at or before an offset. */
static const struct mg_part_mark *mark_before(const struct mg_parts *parts, int64_t offset)
{
    const struct mg_part_mark *mark = parts->marks;
    for (size_t i = 0; i <= parts->n && parts->marks[i].offset <= offset; i++)
        mark = &parts->marks[i];
    return mark;
}

/* Whether the last rows were read from where a row begins; else from where to read them. And the line of it.
 */
static int check_tail(const struct search *search, int64_t *ret_from, int64_t *ret_line,
                      struct mg_error *error)
{
    const struct mg_part_mark *mark = mark_before(&search->found.parts, search->tail);
    struct mg_csv_range range = search->text;
    struct mg_csv_row row;
    range.from = mark->offset;
    range.line = mark->line;
    range.to = search->tail;
    *ret_from = search->tail;
    *ret_line = search->tail_line;
    if (search->tail <= search->found.parts.marks->offset)
        return 0;
    struct mg_csv_reader *reader = mg_csv_reader_new(&range);
    int rc = reader ? 0 : mg_fail_memory(error);
    while (!rc && (rc = mg_csv_reader_next(reader, &row, error)) == 1)
        rc = mg_stop_check(search->x->own->stop, error);
    bool right = !rc && mg_csv_reader_offset(reader) == search->tail;
    *ret_from = right ? search->tail : mark->offset;
    *ret_line = right ? mg_csv_reader_line(reader) : mark->line;
    mg_csv_reader_free(reader);
    return rc;
}

/* Shape, then rows; once more where the last rows weren't the last rows. */
static int search_rows(struct search *search, struct mg_error *error)
{
    for (;;) {
        int64_t from, line;
        int rc = keep_last(search, error);
        if (!rc)
            rc = find_shape(search, &search->x->own->shape, error);
        if (!rc)
            rc = read_parts(search, error);
        if (!rc)
            rc = check_tail(search, &from, &line, error);
        bool right = rc || from == search->tail;
        search->tail_line = rc ? 0 : line;
        if (right)
            return rc;
        search->tail = from;
    }
}

/* Rows at the foot are told by their line, which is known last. */
static int search_table(struct search *search, struct mg_error *error)
{
    bool known = search->tail_line > 0;
    int rc = search_rows(search, error);
    if (!rc && !known && search->x->foot_rows > 0)
        rc = keep_last(search, error);
    if (!rc && !known && search->x->foot_rows > 0)
        rc = find_shape(search, &search->x->own->shape, error);
    return rc;
}

/* --- what was found --- */

static int take_found(struct search *search, struct mg_error *error)
{
    struct mg_exchange *x = search->x;
    struct mg_exchange_private *own = x->own;
    struct mg_reading *readings = mg_arena_array(own->arena, x->n_columns, sizeof *readings);
    struct mg_cell_facts *facts = mg_arena_array(own->arena, x->n_columns, sizeof *facts);
    if (!readings || !facts)
        return mg_fail_memory(error);
    own->parts = search->found.parts;
    x->rows = search->found.rows;
    x->n_bad = search->found.n_bad;
    x->n_bad_listed = search->found.n_bad_listed;
    for (size_t i = 0; i < x->n_bad_listed; i++) {
        own->bad[i] = search->found.bad[i];
        own->bad[i].line -= own->above;
    }
    memcpy(x->left_out, search->found.left_out, sizeof x->left_out);
    int rc = mg_evidence_decide(search->found.evidence, own->arena, told_of(x), readings, facts, error);
    for (size_t i = 0; x->readings && i < x->n_columns; i++) /* whose words a profile knows */
        readings[i].scale_family = x->readings[i].scale_family;
    x->readings = readings;
    x->facts = facts;
    if (!rc && search->options)
        rc = mg_correct_columns(x, search->options, search->found.evidence, readings, facts, error);
    return rc;
}

/* --- notes --- */

static void add_note(struct mg_exchange *x, const struct mg_text *note)
{
    if (x->n_notes < MG_EXCHANGE_NOTES_MAX)
        x->own->notes[x->n_notes++] = *note;
}

/* The first column with the property, and how many have it. */
static size_t count_columns(const struct mg_exchange *x, bool (*has)(const struct mg_exchange *, size_t),
                            size_t *ret_first)
{
    size_t n = 0;
    for (size_t c = x->n_columns; c-- > 0;)
        if (has(x, c)) {
            *ret_first = c;
            n++;
        }
    return n;
}

static bool has_comma(const struct mg_exchange *x, size_t c)
{
    const struct mg_cell_facts *facts = &x->facts[c];
    return x->readings[c].kind == MG_CELLS_NUMBER && x->readings[c].decimal == ',' && !facts->whole;
}

static bool has_words(const struct mg_exchange *x, size_t c)
{
    return x->readings[c].scale_family && x->readings[c].n_labels > 0;
}

static bool has_not_understood(const struct mg_exchange *x, size_t c)
{
    return x->facts[c].n_not_understood > 0;
}

static bool has_open_dates(const struct mg_exchange *x, size_t c)
{
    return x->facts[c].date_order_open;
}

static bool is_given(const struct mg_cell_facts *facts, const char *text)
{
    for (size_t i = 0; i < facts->n_values; i++)
        if (strcmp(facts->values[i].text, text) == 0)
            return true;
    return false;
}

/* Two answers of the column, more than two ways of writing one, that are the same number: the later one's
 * place among the labels; 0: there are none. */
static size_t find_shared(const struct mg_exchange *x, size_t c)
{
    const struct mg_reading *reading = &x->readings[c];
    char a[MG_FOLD_BYTES], b[MG_FOLD_BYTES];
    for (size_t i = 1; i < reading->n_labels && has_words(x, c); i++) {
        const struct mg_cell_label *label = &reading->labels[i], *before = label - 1;
        if (label->value == before->value && is_given(&x->facts[c], label->text) &&
            is_given(&x->facts[c], before->text) &&
            mg_fold_word(label->text, strlen(label->text), a) != MG_FOLD_TOO_LONG &&
            mg_fold_word(before->text, strlen(before->text), b) != MG_FOLD_TOO_LONG && strcmp(a, b) != 0)
            return i;
    }
    return 0;
}

static bool has_shared(const struct mg_exchange *x, size_t c)
{
    return find_shared(x, c) > 0;
}

/* Answers that count as the same number, and may be steps of their own. */
static bool say_shared(struct mg_exchange *x, struct mg_text *ret, size_t *used)
{
    size_t first = 0, n = count_columns(x, has_shared, &first);
    if (n == 0)
        return true;
    const struct mg_cell_label *label = &x->readings[first].labels[find_shared(x, first)];
    ++*used;
    return mg_note_make(
        x->own->arena, ret,
        MG_TEXT("Columns in which two answers count as the same number: %zu, the first “%s” (“%s” "
                "and “%s” are both %g); if they are different steps, say what each is worth."),
        n, x->columns[first], label[-1].text, label->text, label->value);
}

static bool say_words(const struct mg_exchange *x, struct mg_text *ret, size_t *used)
{
    size_t first = 0, n = count_columns(x, has_words, &first);
    if (n == 0)
        return true;
    const struct mg_cell_label *label = &x->readings[first].labels[0];
    (*used)++;
    return mg_note_make(
        x->own->arena, ret,
        MG_TEXT("Columns whose answers in words are read as numbers: %zu, the first “%s” (“%s” is %g)."), n,
        x->columns[first], label->text, label->value);
}

/* Not those of which the file itself has numbers. */
static bool has_words_alone(const struct mg_exchange *x, size_t c)
{
    return has_words(x, c) && !(c < x->n_told && x->told[c].number);
}

static bool say_words_stay(const struct mg_exchange *x, struct mg_text *ret, size_t *used)
{
    size_t first = 0, n = count_columns(x, has_words_alone, &first);
    if (n == 0)
        return true;
    (*used)++;
    return mg_note_make(
        x->own->arena, ret,
        MG_TEXT("Columns of answers in words: %zu, the first “%s”; they are written as words."), n,
        x->columns[first]);
}

static bool has_tagged(const struct mg_exchange *x, size_t c)
{
    return c < x->n_told && x->told[c].n_tagged > 0;
}

static bool say_tagged(const struct mg_exchange *x, struct mg_text *ret, size_t *used)
{
    size_t first = 0, n = count_columns(x, has_tagged, &first);
    if (n == 0)
        return true;
    (*used)++;
    return mg_note_make(
        x->own->arena, ret,
        MG_TEXT("Columns with Stata's .a to .z: %zu, the first “%s” (in %lld of its cells); they are "
                "empty, "
                "and what each of them stands for isn't kept."),
        n, x->columns[first], (long long)x->told[first].n_tagged);
}

/* How cells are read, where it isn't plainly. */
static int note_readings(struct mg_exchange *x, struct mg_error *error)
{
    struct mg_arena *arena = x->own->arena;
    struct mg_text said[6];
    size_t first = 0, used = 0, n = count_columns(x, has_comma, &first);
    bool good = true;
    if (n)
        good &= mg_note_make(arena, &said[used++],
                             MG_TEXT("Columns with decimal commas: %zu, the first “%s”; 3,5 is read as 3.5."),
                             n, x->columns[first]);
    good &= x->own->words_stay ? say_words_stay(x, &said[used], &used) : say_words(x, &said[used], &used);
    if (!x->own->words_stay)
        good &= say_shared(x, &said[used], &used);
    good &= say_tagged(x, &said[used], &used);
    n = count_columns(x, has_open_dates, &first);
    if (n)
        good &=
            mg_note_make(arena, &said[used++],
                         MG_TEXT("Columns of dates in which days and months can't be told apart: %zu, the "
                                 "first “%s”; they aren't read as times."),
                         n, x->columns[first]);
    n = count_columns(x, has_not_understood, &first);
    if (n)
        good &= mg_note_make(
            arena, &said[used++],
            MG_TEXT("Columns with cells that weren't understood: %zu, the first “%s” (%lld, such as “%s”)."),
            n, x->columns[first], (long long)x->facts[first].n_not_understood,
            x->facts[first].n_shown ? x->facts[first].not_understood[0] : "");
    for (size_t i = 0; i < used && good; i++)
        add_note(x, &said[i]);
    return good ? 0 : mg_fail_memory(error);
}

static int note_rows(struct mg_exchange *x, struct mg_error *error)
{
    const struct mg_shape *shape = &x->own->shape;
    struct mg_text said;
    for (size_t i = 0; i < shape->n_notes; i++)
        add_note(x, &shape->notes[i]);
    int64_t repeats = x->left_out[MG_LEFT_OUT_REPEAT];
    if (repeats > 0 &&
        !mg_note_make(x->own->arena, &said,
                      MG_TEXT("Rows left out that are blank, repeat the header or are subtotals: %lld."),
                      (long long)repeats))
        return mg_fail_memory(error);
    if (repeats > 0)
        add_note(x, &said);
    if (!x->tool)
        return 0;
    int rc = mg_tool_say(x->tool, x->left_out, x->own->arena, &said, error);
    if (!rc)
        add_note(x, &said);
    return rc;
}

/* --- the whole --- */

int mg_table_find(struct mg_exchange *x, const struct mg_exchange_options *options, struct mg_error *error)
{
    struct search *search = calloc(1, sizeof *search);
    struct mg_arena *scratch = mg_arena_new(SCRATCH_BYTES);
    int rc = search && scratch ? 0 : mg_fail_memory(error);
    if (!rc) {
        *search = (struct search){.x = x, .options = options, .scratch = scratch, .text = range_of(x)};
        rc = keep_rows(search, &search->text, MG_SHAPE_FIRST_MAX, &search->first, error);
    }
    if (!rc) {
        bool short_text = search->text.to - search->text.from <= TAIL_BYTES;
        search->tail =
            short_text ? search->text.from : mg_parts_guess(&search->text, search->text.to - TAIL_BYTES);
        search->tail_line = short_text ? search->text.line : 0;
        rc = search_table(search, error);
    }
    if (!rc)
        rc = take_found(search, error);
    if (!rc)
        rc = note_rows(x, error);
    if (!rc)
        rc = note_readings(x, error);
    if (search)
        mg_evidence_free(search->found.evidence);
    free(search);
    mg_arena_free(scratch);
    return rc;
}

/* --- of a file that is known --- */

int mg_table_header(struct mg_exchange *x, struct mg_error *error)
{
    struct search *search = calloc(1, sizeof *search);
    struct mg_arena *scratch = mg_arena_new(SCRATCH_BYTES);
    const struct mg_shape_options told = {.titles_told = true,
                                          .headers_told = true,
                                          .foot_told = true,
                                          .title_rows = x->title_rows,
                                          .header_rows = x->header_rows};
    int rc = search && scratch ? 0 : mg_fail_memory(error);
    if (!rc) {
        *search = (struct search){.x = x, .scratch = scratch, .text = range_of(x)};
        rc = keep_rows(search, &search->text, x->title_rows + x->header_rows + 1, &search->first, error);
    }
    if (!rc)
        rc = mg_shape_find(x->own->arena, search->first.rows, search->first.n, NULL, 0, &told, &x->own->shape,
                           error);
    free(search);
    mg_arena_free(scratch);
    return rc;
}

/* What the readings say, as if the format had told it. */
static int tell_readings(struct mg_exchange *x, struct mg_error *error)
{
    struct mg_told *told = mg_arena_array(x->own->arena, x->n_columns, sizeof *told);
    for (size_t c = 0; told && c < x->n_columns; c++) {
        const struct mg_reading *reading = &x->readings[c];
        told[c] = (struct mg_told){.labels = reading->labels,
                                   .n_labels = reading->n_labels,
                                   .codes = reading->codes,
                                   .n_codes = reading->n_codes,
                                   .missing_low = reading->missing_low,
                                   .missing_high = reading->missing_high};
    }
    x->told = told;
    x->n_told = x->n_columns;
    return told ? 0 : mg_fail_memory(error);
}

int mg_table_facts(struct mg_exchange *x, struct mg_error *error)
{
    struct search *search = calloc(1, sizeof *search);
    if (!search)
        return mg_fail_memory(error);
    int rc = mg_exchange_text(x, error);
    if (!rc)
        rc = tell_readings(x, error);
    const struct mg_parts *parts = &x->own->parts;
    *search = (struct search){.x = x, .text = range_of(x)};
    struct mg_parts_plan plan = {.text = search->text,
                                 .n_columns = x->n_columns,
                                 .told = told_of(x),
                                 .judge = mg_table_judge,
                                 .user = x,
                                 .stop = x->own->stop};
    plan.text.from = parts->marks[0].offset;
    plan.text.line = parts->marks[0].line;
    plan.text.to = parts->marks[parts->n].offset;
    if (!rc)
        rc = mg_parts_read(x->own->arena, &plan, &search->found, error);
    if (!rc)
        rc = take_found(search, error);
    mg_evidence_free(search->found.evidence);
    free(search);
    return rc;
}
