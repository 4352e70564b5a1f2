/* A file's profile: what opening it found out, as JSON; see exchange.h. It is read back as if anybody could
 * have written it: what doesn't fit makes the file be searched again. */
#include <string.h>

#include "base/json.h"
#include "base/names.h"
#include "exchange/private.h"

#define VERSION 3 /* 2: decimal commas; 3: JSON in other layouts than lines */
#define PROFILE_BYTES_MAX ((size_t)32 << 20)
#define ROWS_MAX MG_EXCHANGE_BYTES_MAX /* each takes a byte at least */

/* --- writing --- */

static void put_text(struct mg_json_writer *out, const char *key, const char *text)
{
    mg_json_key(out, key);
    mg_json_string(out, text);
}

static void put_columns(struct mg_json_writer *out, const struct mg_exchange *x)
{
    mg_json_key(out, "columns");
    mg_json_open(out, '[');
    for (size_t i = 0; i < x->n_columns; i++)
        mg_json_string(out, x->columns[i]);
    mg_json_close(out, ']');
}

static void put_decimals(struct mg_json_writer *out, const struct mg_exchange *x)
{
    mg_json_key(out, "decimals");
    mg_json_open(out, '[');
    for (size_t i = 0; i < x->n_columns; i++)
        if (x->own->decimal[i])
            mg_json_int(out, (int64_t)i);
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
    mg_json_key_bool(&out, "records", own->records);
    mg_json_key_int(&out, "format", x->format);
    mg_json_key_int(&out, "above", own->above);
    mg_json_key_int(&out, "delimiter", own->delimiter);
    mg_json_key_bool(&out, "header", x->header);
    mg_json_key_bool(&out, "irregular", own->irregular);
    mg_json_key_int(&out, "rows", x->rows);
    put_columns(&out, x);
    put_decimals(&out, x);
    put_bad(&out, x);
    put_notes(&out, x);
    mg_json_close(&out, '}');
}

/* --- reading --- */

/* As an opening makes them: no two alike, none empty, none too long. */
static bool take_columns(struct mg_exchange *x, const json_t *from)
{
    struct mg_names names;
    size_t n = json_array_size(from);
    if (!n || n > MG_COLUMN_COLUMNS_MAX || !mg_names_init(&names, x->own->arena, n, true))
        return false;
    for (size_t i = 0; i < n; i++) {
        const char *name = mg_arena_strdup(x->own->arena, json_string_value(json_array_get(from, i)));
        if (!name || !*name || strlen(name) > MG_COLUMN_NAME_MAX || mg_names_find(&names, name) != SIZE_MAX)
            return false;
        mg_names_add(&names, name);
    }
    x->columns = names.names;
    x->n_columns = n;
    return true;
}

static bool is_between(const json_t *json, json_int_t low, json_int_t high)
{
    return json_is_integer(json) && json_integer_value(json) >= low && json_integer_value(json) <= high;
}

static bool take_decimals(struct mg_exchange *x, const json_t *from)
{
    size_t n = json_array_size(from);
    x->own->decimal = mg_arena_array(x->own->arena, x->n_columns, sizeof *x->own->decimal);
    if (!json_is_array(from) || !x->own->decimal)
        return false;
    for (size_t i = 0; i < n; i++) {
        const json_t *column = json_array_get(from, i);
        if (!is_between(column, 0, (json_int_t)x->n_columns - 1))
            return false;
        x->own->decimal[json_integer_value(column)] = true;
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

static bool is_format(int format, bool records)
{
    return records ? format == MG_FILE_JSONL || format == MG_FILE_JSON : format == MG_FILE_CSV;
}

static bool take_all(struct mg_exchange *x, json_t *json)
{
    const char *encoding = NULL;
    json_int_t version = 0, bytes = -1, mark = 0, rows = 0, bad = 0, above = 0;
    int plain = 0, records = 0, header = 0, irregular = 0, delimiter = 0, format = 0;
    json_t *columns, *decimals, *bad_listed, *notes;
    if (json_unpack(json, "{s:I,s:I,s:s,s:I,s:b,s:b,s:i,s:I,s:i,s:b,s:b,s:I,s:o,s:o,s:I,s:o,s:o}", "profile",
                    &version, "bytes", &bytes, "encoding", &encoding, "mark", &mark, "plain", &plain,
                    "records", &records, "format", &format, "above", &above, "delimiter", &delimiter,
                    "header", &header, "irregular", &irregular, "rows", &rows, "columns", &columns,
                    "decimals", &decimals, "bad", &bad, "bad_listed", &bad_listed, "notes", &notes) != 0)
        return false;
    struct mg_encoding named;
    if (version != VERSION || bytes != x->own->bytes || rows < 0 || rows > ROWS_MAX || bad < 0 ||
        bad > ROWS_MAX || !is_format(format, records) || above < 0 || above > 1 || mark < 0 || mark > 4 ||
        !is_delimiter(delimiter) || mg_encoding_named(encoding, &named, NULL) || !take_columns(x, columns) ||
        !take_decimals(x, decimals) || !take_bad(x, bad_listed) || !take_notes(x, notes) ||
        bad < (json_int_t)x->n_bad_listed)
        return false;
    encoding = mg_arena_strdup(x->own->arena, encoding);
    if (!encoding)
        return false;
    x->own->encoding = (struct mg_encoding){encoding, (size_t)mark, plain};
    x->encoding = encoding;
    x->own->records = records;
    x->own->delimiter = (char)delimiter;
    x->own->irregular = irregular;
    x->own->above = above;
    x->format = (enum mg_file_format)format;
    x->delimiter = records ? '\0' : (char)delimiter;
    x->header = header;
    x->rows = rows;
    x->n_bad = bad;
    return true;
}

/* Forgets what was taken. */
static void drop(struct mg_exchange *x)
{
    x->own->encoding = (struct mg_encoding){0};
    x->own->records = x->own->irregular = x->header = false;
    x->own->delimiter = x->delimiter = '\0';
    x->encoding = NULL;
    x->format = MG_FILE_CSV;
    x->own->decimal = NULL;
    x->own->above = 0;
    x->columns = NULL;
    x->rows = x->n_bad = 0;
    x->n_notes = x->n_bad_listed = x->n_columns = 0;
}

bool mg_exchange_profile_take(struct mg_exchange *x, const char *profile)
{
    json_t *json = mg_json_parse(profile, strlen(profile), PROFILE_BYTES_MAX, NULL);
    bool taken = json && take_all(x, json);
    json_decref(json);
    if (!taken)
        drop(x);
    return taken;
}
