/* JSON to CSV; see unpack.h. It is read twice: once for the union of keys, once to write. */
#include <string.h>

#include "base/names.h"
#include "exchange/csv_reader.h"
#include "exchange/note.h"
#include "exchange/unpack/json_flat.h"
#include "exchange/unpack/json_stream.h"
#include "exchange/unpack/rowtext.h"
#include "exchange/unpack/unpack.h"

#define KEYS_BYTES_MAX ((size_t)64 << 20)

/* What the record being written has of a column. */
struct cell {
    int64_t record; /* the number of the record it is of */
    size_t at, n;   /* in `values` */
};

struct json {
    struct mg_json_stream stream;
    struct mg_json_flattener flattener;
    struct mg_arena *arena; /* of the keys */
    struct mg_names names;
    bool *filled;   /* by column: some record has a value there */
    size_t hint;    /* where the next key most likely is */
    bool unknown;   /* the record has a key that isn't there yet */
    bool crowded;   /* two records share a line */
    int64_t number; /* of the record */
    struct cell *cells;
    struct mg_buf values;
    struct mg_rowtext rows;
    struct mg_error *error; /* and rc: of a walk that was ended */
    int rc;
};

static size_t find_key(struct json *j, const char *path)
{
    size_t at = j->hint < j->names.n && strcmp(j->names.names[j->hint], path) == 0
                    ? j->hint
                    : mg_names_find(&j->names, path);
    j->hint = at == SIZE_MAX ? j->hint : at + 1;
    return at;
}

/* --- keys --- */

static bool look_at_key(void *user, const char *path, size_t n_path, const char *text, size_t n, bool filled)
{
    struct json *j = user;
    (void)n_path, (void)text, (void)n;
    size_t at = find_key(j, path);
    if (at == SIZE_MAX)
        j->unknown = true;
    else
        j->filled[at] |= filled;
    return true;
}

static bool add_key(void *user, const char *path, size_t n_path, const char *text, size_t n, bool filled)
{
    struct json *j = user;
    (void)text, (void)n;
    size_t at = find_key(j, path);
    if (at == SIZE_MAX) {
        at = j->names.n;
        const char *copy = NULL;
        if (at == MG_CSV_COLUMNS_MAX)
            j->rc = mg_fail(j->error, MG_E_LIMIT, "%s has more than %d different keys.", j->stream.name,
                            MG_CSV_COLUMNS_MAX);
        else if (n_path > MG_COLUMN_NAME_MAX)
            j->rc = mg_fail(j->error, MG_E_LIMIT, "%s: a name at line %lld is longer than %d bytes.",
                            j->stream.name, (long long)j->stream.record_line, MG_COLUMN_NAME_MAX);
        else if (!(copy = mg_arena_strdup(j->arena, path)))
            j->rc = mg_fail_memory(j->error);
        if (j->rc)
            return false;
        mg_names_add(&j->names, copy);
    }
    j->filled[at] |= filled;
    return true;
}

static enum mg_json_flat flatten(struct json *j, mg_json_leaf *leaf)
{
    j->flattener.leaf = leaf;
    j->hint = 0;
    return mg_json_flatten(&j->flattener, j->stream.record.data, j->stream.record.len);
}

/* Keys of a record that is broken are none. */
static int collect_keys(struct json *j, struct mg_error *error)
{
    int rc;
    int64_t last_line = 0;
    while ((rc = mg_json_stream_next(&j->stream, error)) == 1) {
        j->number++;
        j->crowded |= j->stream.record_line == last_line;
        last_line = j->stream.record_line;
        j->unknown = false;
        if (flatten(j, look_at_key) == MG_FLAT_DONE && j->unknown && flatten(j, add_key) == MG_FLAT_STOPPED)
            return j->rc;
    }
    if (rc || j->names.n)
        return rc;
    mg_fail(error, MG_E_INVALID, "%s holds no JSON object with keys.", j->stream.name);
    mg_fail_hint_text(error, MG_JSON_RECORDS_HINT);
    return MG_E_INVALID;
}

/* Whether the column, which no record fills, is an object or list in other records. */
static bool is_parent(const struct mg_names *names, const char *name)
{
    size_t n = strlen(name);
    for (size_t i = 0; i < names->n; i++)
        if (strncmp(names->names[i], name, n) == 0 && names->names[i][n] == '.')
            return true;
    return false;
}

/* An empty list in one record and {…} in another are no column of their own. */
static int drop_parents(struct json *j, struct mg_error *error)
{
    struct mg_names kept;
    if (!mg_names_init(&kept, j->arena, MG_CSV_COLUMNS_MAX, false))
        return mg_fail_memory(error);
    for (size_t i = 0; i < j->names.n; i++)
        if (j->filled[i] || !is_parent(&j->names, j->names.names[i]))
            mg_names_add(&kept, j->names.names[i]);
    j->names = kept;
    return 0;
}

/* --- rows --- */

static int fail_changed(const struct json *j, struct mg_error *error)
{
    mg_fail(error, MG_E_INVALID, "%s changed while it was read.", j->stream.name);
    mg_fail_hint(error, "Wait until the file is written, then read it again.");
    return MG_E_INVALID;
}

/* A key that comes twice ends the walk: there is no telling which counts. */
static bool take_cell(void *user, const char *path, size_t n_path, const char *text, size_t n, bool filled)
{
    struct json *j = user;
    (void)n_path;
    size_t at = find_key(j, path);
    if (at == SIZE_MAX) {
        j->unknown |= filled;
        return true;
    }
    struct cell *cell = &j->cells[at];
    if (cell->record == j->number)
        return false;
    *cell = (struct cell){j->number, j->values.len, n};
    mg_buf_add(&j->values, text, n);
    return !j->values.failed;
}

static void write_cells(struct json *j)
{
    for (size_t i = 0; i < j->names.n; i++) {
        const struct cell *cell = &j->cells[i];
        if (cell->record == j->number && cell->n)
            mg_rowtext_text(&j->rows, j->values.data + cell->at, cell->n);
        else
            mg_rowtext_empty(&j->rows);
    }
    mg_rowtext_end_row(&j->rows);
}

static void write_broken(struct json *j)
{
    for (size_t i = 0; i < j->names.n; i++)
        mg_rowtext_empty(&j->rows);
    mg_rowtext_text(&j->rows, "!", 1);
    mg_rowtext_end_row(&j->rows);
}

static int write_record(struct json *j, struct mg_error *error)
{
    while (!j->crowded && j->rows.lines < j->stream.record_line)
        mg_rowtext_blank(&j->rows);
    mg_buf_reset(&j->values);
    mg_buf_add(&j->values, "", 0);
    j->number++;
    j->unknown = false;
    if (flatten(j, take_cell) != MG_FLAT_DONE)
        write_broken(j);
    else if (j->unknown) /* all keys were collected before */
        return fail_changed(j, error);
    else
        write_cells(j);
    return 0;
}

static int write_records(struct json *j, struct mg_error *error)
{
    int64_t records = j->number;
    j->number = 0;
    for (size_t i = 0; i < j->names.n; i++)
        mg_rowtext_text(&j->rows, j->names.names[i], strlen(j->names.names[i]));
    mg_rowtext_end_row(&j->rows);
    mg_json_stream_rewind(&j->stream);
    int rc;
    while ((rc = mg_json_stream_next(&j->stream, error)) == 1) {
        rc = write_record(j, error);
        if (rc || mg_rowtext_failed(&j->rows))
            return rc;
    }
    return rc || j->number == records ? rc : fail_changed(j, error);
}

/* --- the whole --- */

static int begin(struct json *j, struct mg_error *error)
{
    j->arena = mg_arena_new(KEYS_BYTES_MAX);
    if (!j->arena || !mg_names_init(&j->names, j->arena, MG_CSV_COLUMNS_MAX, false))
        return mg_fail_memory(error);
    j->filled = mg_arena_array(j->arena, MG_CSV_COLUMNS_MAX, sizeof *j->filled);
    j->cells = mg_arena_array(j->arena, MG_CSV_COLUMNS_MAX, sizeof *j->cells);
    mg_buf_init(&j->flattener.path, 2 * MG_JSON_RECORD_MAX); /* of keys in the record, and their dots */
    mg_buf_init(&j->flattener.text, MG_JSON_RECORD_MAX);
    mg_buf_init(&j->values, 2 * MG_JSON_RECORD_MAX);
    j->flattener.user = j;
    j->error = error;
    return j->filled && j->cells ? 0 : mg_fail_memory(error);
}

static void end(struct json *j)
{
    mg_json_stream_close(&j->stream);
    mg_buf_done(&j->flattener.path);
    mg_buf_done(&j->flattener.text);
    mg_buf_done(&j->values);
    mg_arena_free(j->arena);
}

static void describe(const struct json *j, struct mg_arena *arena, struct mg_unpacked *ret)
{
    *ret = (struct mg_unpacked){.format = j->stream.layout == MG_JSON_LINES ? MG_FILE_JSONL : MG_FILE_JSON,
                                .counted = j->crowded ? MG_COUNTED_RECORDS : MG_COUNTED_LINES,
                                .above = 1};
    if (j->stream.layout == MG_JSON_WRAPPED)
        mg_note_add(arena, ret->notes, &ret->n_notes, MG_UNPACK_NOTES_MAX,
                    MG_TEXT("The records are the list “%.80s” of the file."), j->stream.list.data);
    if (j->stream.layout == MG_JSON_WRAPPED && j->stream.n_lists > 1)
        mg_note_add(arena, ret->notes, &ret->n_notes, MG_UNPACK_NOTES_MAX,
                    MG_TEXT("The file holds %zu lists; the others were not read."), j->stream.n_lists);
    if (j->crowded)
        mg_note_add(arena, ret->notes, &ret->n_notes, MG_UNPACK_NOTES_MAX,
                    MG_TEXT("Several records stand on one line: “line 3” means the third record."));
}

int mg_unpack_json(const char *from, const char *name, const struct mg_unpack_options *options,
                   const char *to, struct mg_arena *arena, struct mg_unpacked *ret_unpacked,
                   struct mg_error *error)
{
    struct json j = {0};
    int rc = begin(&j, error);
    if (!rc)
        rc = mg_json_stream_open(&j.stream, from, name, options->stop, error);
    if (!rc)
        rc = collect_keys(&j, error);
    if (!rc)
        rc = drop_parents(&j, error);
    if (!rc)
        rc = mg_rowtext_open(&j.rows, to, options->max_bytes, error);
    if (!rc)
        rc = write_records(&j, error);
    rc = mg_rowtext_close(&j.rows, name, rc, error);
    if (!rc)
        describe(&j, arena, ret_unpacked);
    end(&j);
    return rc;
}
