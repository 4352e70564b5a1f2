/* A file's profile: what opening it found out, as JSON; see exchange.h. It is read back as if anybody could
 * have written it: what doesn't fit makes the file be searched again. */
#include <string.h>

#include "base/json.h"
#include "base/names.h"
#include "exchange/private.h"

#define VERSION 4 /* 4: shape, readings, parts, NUL bytes */
#define PROFILE_BYTES_MAX ((size_t)32 << 20)
#define ROWS_MAX MG_EXCHANGE_BYTES_MAX /* each takes a byte at least */

/* --- writing --- */

static void put_text(struct mg_json_writer *out, const char *key, const char *text)
{
    mg_json_key(out, key);
    mg_json_string(out, text);
}

static void put_reading(struct mg_json_writer *out, const struct mg_reading *reading)
{
    struct mg_buf text;
    mg_buf_init(&text, PROFILE_BYTES_MAX);
    mg_reading_write(reading, &text);
    mg_json_key(out, "reading");
    mg_json_raw(out, text.failed || !text.data ? "{}" : text.data);
    mg_buf_done(&text);
}

static void put_columns(struct mg_json_writer *out, const struct mg_exchange *x)
{
    mg_json_key(out, "columns");
    mg_json_open(out, '[');
    for (size_t i = 0; i < x->n_columns; i++) {
        mg_json_open(out, '{');
        put_text(out, "name", x->columns[i]);
        if (x->labels[i])
            put_text(out, "label", x->labels[i]);
        if (x->given[i])
            put_text(out, "given", x->given[i]);
        mg_json_key_int(out, "meaning", (int64_t)x->meanings[i]);
        put_reading(out, &x->readings[i]);
        if (x->facts)
            mg_profile_put_facts(out, &x->facts[i]);
        mg_json_close(out, '}');
    }
    mg_json_close(out, ']');
}

static void put_parts(struct mg_json_writer *out, const struct mg_parts *parts)
{
    mg_json_key(out, "parts");
    mg_json_open(out, '[');
    for (size_t i = 0; i <= parts->n; i++) {
        mg_json_int(out, parts->marks[i].offset);
        mg_json_int(out, parts->marks[i].line);
        mg_json_int(out, parts->marks[i].row);
    }
    mg_json_close(out, ']');
}

static void put_left_out(struct mg_json_writer *out, const struct mg_exchange *x)
{
    mg_json_key(out, "left_out");
    mg_json_open(out, '[');
    for (size_t i = 0; i < MG_LEFT_OUT_KINDS; i++)
        mg_json_int(out, x->left_out[i]);
    mg_json_close(out, ']');
}

static void put_bad(struct mg_json_writer *out, const struct mg_exchange *x)
{
    mg_json_key_int(out, "bad", x->n_bad);
    mg_json_key(out, "bad_listed");
    mg_json_open(out, '[');
    for (size_t i = 0; i < x->n_bad_listed; i++) {
        mg_json_int(out, x->bad[i].line);
        mg_json_int(out, (int64_t)x->bad[i].n_cells);
    }
    mg_json_close(out, ']');
}

static void put_notes(struct mg_json_writer *out, const struct mg_exchange *x)
{
    mg_json_key(out, "notes");
    mg_json_open(out, '[');
    for (size_t i = 0; i < x->n_notes; i++) {
        mg_json_string(out, x->notes[i].en);
        mg_json_string(out, x->notes[i].zh);
    }
    mg_json_close(out, ']');
}

void mg_exchange_profile(const struct mg_exchange *x, struct mg_buf *buf)
{
    const struct mg_exchange_private *own = x->own;
    if (x->format == MG_FILE_PARQUET || x->format >= MG_FILE_XLSX)
        return;
    struct mg_json_writer out = mg_json_writer(buf);
    mg_json_open(&out, '{');
    mg_json_key_int(&out, "profile", VERSION);
    mg_json_key_int(&out, "bytes", own->bytes);
    put_text(&out, "encoding", own->encoding.name);
    mg_json_key_int(&out, "mark", (int64_t)own->encoding.bom);
    mg_json_key_bool(&out, "plain", own->encoding.plain);
    mg_json_key_int(&out, "zeros", own->encoding.zeros);
    mg_json_key_bool(&out, "records", own->records);
    mg_json_key_int(&out, "format", (int64_t)x->format);
    mg_json_key_int(&out, "above", own->above);
    mg_json_key_int(&out, "delimiter", own->delimiter);
    mg_json_key_bool(&out, "made", own->made);
    mg_json_key_int(&out, "begin", own->begin);
    mg_json_key_int(&out, "begin_line", own->begin_line);
    mg_json_key_int(&out, "title_rows", (int64_t)x->title_rows);
    mg_json_key_int(&out, "header_rows", (int64_t)x->header_rows);
    mg_json_key_int(&out, "foot_rows", (int64_t)x->foot_rows);
    put_text(&out, "tool", x->tool ? x->tool->code : "");
    mg_json_key_int(&out, "rows", x->rows);
    put_columns(&out, x);
    put_parts(&out, &own->parts);
    put_left_out(&out, x);
    put_bad(&out, x);
    put_notes(&out, x);
    mg_json_close(&out, '}');
}

/* --- reading --- */

static bool is_between(const json_t *json, json_int_t low, json_int_t high)
{
    return json_is_integer(json) && json_integer_value(json) >= low && json_integer_value(json) <= high;
}

/* Where the columns' parts go; each has a place per column. */
struct columns {
    const char **labels, **given;
    enum mg_tool_meaning *meanings;
    struct mg_reading *readings;
    struct mg_cell_facts *facts;
    bool lack_facts; /* one of them has none: they are made when they are asked for */
};

/* A text that may be left out; false: it is there and is none. */
static bool take_text(struct mg_arena *arena, const json_t *from, const char *key, const char **ret_text)
{
    const json_t *text = json_object_get(from, key);
    *ret_text = mg_arena_strdup(arena, json_string_value(text));
    return !text || *ret_text;
}

static bool take_column(struct mg_arena *arena, const json_t *from, struct columns *columns, size_t i,
                        const char **ret_name)
{
    const json_t *meaning = json_object_get(from, "meaning"), *facts = json_object_get(from, "facts");
    *ret_name = mg_arena_strdup(arena, json_string_value(json_object_get(from, "name")));
    if (!*ret_name || !**ret_name || strlen(*ret_name) > MG_COLUMN_NAME_MAX ||
        !take_text(arena, from, "label", &columns->labels[i]) ||
        !take_text(arena, from, "given", &columns->given[i]) || !is_between(meaning, 0, MG_TOOL_DEVICE))
        return false;
    columns->meanings[i] = (enum mg_tool_meaning)json_integer_value(meaning);
    columns->lack_facts |= !facts;
    if (facts && !mg_profile_take_facts(arena, facts, &columns->facts[i]))
        return false;
    return mg_reading_parse(arena, json_object_get(from, "reading"), &columns->readings[i], NULL) == 0;
}

/* As an opening makes them: no two alike, none empty, none too long. */
static bool take_columns(struct mg_exchange *x, const json_t *from)
{
    struct mg_arena *arena = x->own->arena;
    struct mg_names names;
    size_t n = json_array_size(from);
    struct columns columns = {.labels = mg_arena_array(arena, n, sizeof *columns.labels),
                              .given = mg_arena_array(arena, n, sizeof *columns.given),
                              .meanings = mg_arena_array(arena, n, sizeof *columns.meanings),
                              .readings = mg_arena_array(arena, n, sizeof *columns.readings),
                              .facts = mg_arena_array(arena, n, sizeof *columns.facts)};
    if (!n || n > MG_COLUMN_COLUMNS_MAX || !columns.labels || !columns.given || !columns.meanings ||
        !columns.readings || !columns.facts || !mg_names_init(&names, arena, n, true))
        return false;
    for (size_t i = 0; i < n; i++) {
        const char *name;
        if (!take_column(arena, json_array_get(from, i), &columns, i, &name) ||
            mg_names_find(&names, name) != SIZE_MAX)
            return false;
        mg_names_add(&names, name);
    }
    x->columns = names.names;
    x->labels = columns.labels;
    x->given = columns.given;
    x->meanings = columns.meanings;
    x->readings = columns.readings;
    x->facts = columns.lack_facts ? NULL : columns.facts;
    x->n_columns = n;
    return true;
}

/* Rising, as a reading by parts makes them. */
static bool take_parts(struct mg_exchange *x, const json_t *from)
{
    size_t n = json_array_size(from);
    struct mg_part_mark *marks = mg_arena_array(x->own->arena, n / 3 + 1, sizeof *marks);
    struct mg_part_mark before = {0};
    if (n < 3 || n % 3 || n / 3 - 1 > MG_PARTS_MAX || !marks)
        return false;
    for (size_t i = 0; i < n; i += 3) {
        const json_t *offset = json_array_get(from, i), *line = json_array_get(from, i + 1);
        const json_t *row = json_array_get(from, i + 2);
        if (!is_between(offset, before.offset, MG_EXCHANGE_BYTES_MAX * 2) ||
            !is_between(line, before.line, ROWS_MAX) || !is_between(row, before.row, ROWS_MAX))
            return false;
        before = marks[i / 3] = (struct mg_part_mark){json_integer_value(offset), json_integer_value(line),
                                                      json_integer_value(row)};
    }
    x->own->parts = (struct mg_parts){marks, n / 3 - 1};
    return true;
}

static bool take_left_out(struct mg_exchange *x, const json_t *from)
{
    if (json_array_size(from) != MG_LEFT_OUT_KINDS)
        return false;
    for (size_t i = 0; i < MG_LEFT_OUT_KINDS; i++) {
        const json_t *n = json_array_get(from, i);
        if (!is_between(n, 0, ROWS_MAX))
            return false;
        x->left_out[i] = json_integer_value(n);
    }
    return true;
}

static bool take_bad(struct mg_exchange *x, const json_t *from)
{
    size_t n = json_array_size(from);
    if (!json_is_array(from) || n % 2 || n / 2 > MG_EXCHANGE_BAD_LISTED)
        return false;
    for (size_t i = 0; i < n; i += 2) {
        const json_t *line = json_array_get(from, i), *cells = json_array_get(from, i + 1);
        if (!is_between(line, 1, ROWS_MAX) || !is_between(cells, 0, MG_CSV_COLUMNS_MAX))
            return false;
        x->own->bad[i / 2] =
            (struct mg_exchange_bad_row){json_integer_value(line), (size_t)json_integer_value(cells)};
    }
    x->n_bad_listed = n / 2;
    return true;
}

static bool take_notes(struct mg_exchange *x, const json_t *from)
{
    size_t n = json_array_size(from);
    if (!json_is_array(from) || n % 2 || n / 2 > MG_EXCHANGE_NOTES_MAX)
        return false;
    for (size_t i = 0; i < n; i += 2) {
        const char *en = mg_arena_strdup(x->own->arena, json_string_value(json_array_get(from, i)));
        const char *zh = mg_arena_strdup(x->own->arena, json_string_value(json_array_get(from, i + 1)));
        if (!en || !zh)
            return false;
        x->own->notes[i / 2] = (struct mg_text){en, zh};
    }
    x->n_notes = n / 2;
    return true;
}

/* What a reader of cells tells apart itself can't part them. */
static bool is_delimiter(int c)
{
    return c > 0 && c < 128 && !strchr("\"\r\n", c);
}

/* The numbers of a profile. */
struct numbers {
    json_int_t version, bytes, mark, zeros, rows, bad, format, begin, begin_line, above, titles, headers,
        feet;
    int plain, records, made, delimiter;
};

static bool are_possible(const struct mg_exchange *x, const struct numbers *n)
{
    return n->version == VERSION && n->bytes == x->own->bytes && n->rows >= 0 && n->rows <= ROWS_MAX &&
           n->bad >= 0 && n->bad <= ROWS_MAX && n->mark >= 0 && n->mark <= 4 && is_delimiter(n->delimiter) &&
           n->format >= 0 && n->format < MG_FILE_FORMATS && n->format != MG_FILE_PARQUET && n->begin >= 0 &&
           n->begin <= 16 && n->begin_line >= 1 && n->begin_line <= 2 && n->above >= 0 &&
           n->above <= MG_SHAPE_TITLES_MAX && n->titles >= 0 && n->titles <= MG_SHAPE_FIRST_MAX &&
           n->headers >= 0 && n->headers <= MG_SHAPE_FIRST_MAX && n->feet >= 0 && n->feet <= ROWS_MAX;
}

static void take_numbers(struct mg_exchange *x, const struct numbers *n)
{
    x->own->records = n->records;
    x->own->made = n->made;
    x->own->delimiter = (char)n->delimiter;
    x->own->begin = n->begin;
    x->own->begin_line = n->begin_line;
    x->own->above = n->above;
    x->format = (enum mg_file_format)n->format;
    x->delimiter = n->records ? '\0' : (char)n->delimiter;
    x->title_rows = (size_t)n->titles;
    x->header_rows = (size_t)n->headers;
    x->foot_rows = (size_t)n->feet;
    x->rows = n->rows;
    x->n_bad = n->bad;
}

static bool take_all(struct mg_exchange *x, json_t *json)
{
    const char *encoding = NULL, *tool = NULL;
    struct numbers n = {0};
    json_t *columns, *parts, *left_out, *bad_listed, *notes;
    if (json_unpack(
            json,
            "{s:I,s:I,s:s,s:I,s:b,s:I,s:b,s:i,s:I,s:b,s:I,s:I,s:I,s:I,s:I,s:I,s:s,s:I,s:o,s:o,s:o,s:I,s:o,"
            "s:o}",
            "profile", &n.version, "bytes", &n.bytes, "encoding", &encoding, "mark", &n.mark, "plain",
            &n.plain, "zeros", &n.zeros, "records", &n.records, "delimiter", &n.delimiter, "format",
            &n.format, "made", &n.made, "begin", &n.begin, "begin_line", &n.begin_line, "above", &n.above,
            "title_rows", &n.titles, "header_rows", &n.headers, "foot_rows", &n.feet, "tool", &tool, "rows",
            &n.rows, "columns", &columns, "parts", &parts, "left_out", &left_out, "bad", &n.bad, "bad_listed",
            &bad_listed, "notes", &notes) != 0)
        return false;
    struct mg_encoding named;
    if (!are_possible(x, &n) || mg_encoding_named(encoding, &named, NULL) || !take_columns(x, columns) ||
        !take_parts(x, parts) || x->own->parts.marks[x->own->parts.n].row != n.rows ||
        !take_left_out(x, left_out) || !take_bad(x, bad_listed) || !take_notes(x, notes) ||
        n.bad < (json_int_t)x->n_bad_listed)
        return false;
    encoding = mg_arena_strdup(x->own->arena, encoding);
    x->tool = mg_tool_of_code(tool);
    if (!encoding || (*tool && !x->tool))
        return false;
    x->own->encoding = (struct mg_encoding){encoding, (size_t)n.mark, n.plain, n.zeros};
    x->encoding = encoding;
    take_numbers(x, &n);
    return true;
}

/* Forgets what was taken. */
static void drop(struct mg_exchange *x)
{
    const struct mg_exchange fresh = {.gzipped = x->gzipped, .notes = x->notes, .bad = x->bad, .own = x->own};
    *x = fresh;
    x->own->encoding = (struct mg_encoding){0};
    x->own->records = x->own->made = false;
    x->own->delimiter = '\0';
    x->own->begin = x->own->above = 0;
    x->own->begin_line = 1;
    x->own->parts = (struct mg_parts){0};
}

bool mg_exchange_profile_take(struct mg_exchange *x, const char *profile, bool needs_facts)
{
    json_t *json = mg_json_parse(profile, strlen(profile), PROFILE_BYTES_MAX, NULL);
    bool taken = json && take_all(x, json) && (x->facts || !needs_facts);
    json_decref(json);
    if (!taken)
        drop(x);
    return taken;
}
