/* gzip and JSONL to plain files; see unpack.h. JSONL is read twice: once for the union of keys, once to
 * write. */
#include "exchange/unpack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "exchange/csv_reader.h"
#include "exchange/csv_writer.h"

#define CHUNK ((unsigned)128 * 1024)

static int fail_gzip(const char *name, int problem, struct mg_error *error)
{
    if (problem == Z_BUF_ERROR)
        mg_fail(error, MG_E_INVALID, "%s is a gzip file whose end is missing.", name);
    else
        mg_fail(error, MG_E_INVALID, "%s is a damaged gzip file.", name);
    mg_fail_hint(error, "The file was cut off; copy or export it again.");
    return MG_E_INVALID;
}

static int inflate_into(gzFile in, FILE *out, const char *name, int64_t max_bytes, struct mg_error *error)
{
    int64_t total = 0;
    char *chunk = malloc(CHUNK);
    int status = chunk ? 0 : mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
    int n = 1;
    while (!status && (n = gzread(in, chunk, CHUNK)) > 0) {
        total += n;
        if (total > max_bytes)
            status = mg_fail(error, MG_E_LIMIT, "%s is larger than the %lld bytes allowed.", name,
                             (long long)max_bytes);
        else if (fwrite(chunk, 1, (size_t)n, out) != (size_t)n)
            status = mg_fail(error, MG_E_IO, "A temporary file can't be written: %s.", name);
    }
    free(chunk);
    int problem = Z_OK;
    gzerror(in, &problem);
    if (!status && (n < 0 || problem == Z_BUF_ERROR))
        status = fail_gzip(name, problem, error);
    return status;
}

int mg_unpack_gzip(const char *from, const char *name, const char *to, int64_t max_bytes,
                   struct mg_error *error)
{
    gzFile in = gzopen(from, "rb");
    FILE *out = fopen(to, "wb");
    int status = 0;
    if (!in)
        status = mg_fail(error, MG_E_IO, "%s can't be read.", name);
    else if (!out)
        status = mg_fail(error, MG_E_IO, "A temporary file can't be written: %s.", to);
    else
        status = inflate_into(in, out, name, max_bytes, error);
    if (in)
        gzclose(in);
    if (out && fclose(out) != 0 && !status)
        status = mg_fail(error, MG_E_IO, "A temporary file can't be written: %s.", to);
    return status;
}

/* --- JSONL --- */

struct keys {
    struct mg_arena *arena;
    const char **names;
    size_t n;
};

struct jsonl {
    const char *name;
    FILE *from, *to;
    struct mg_buf line, out;
    int64_t line_number;
    struct keys keys;
};

/* 1: a line in `line` without its end; 0: the end of the file. */
static int read_line(struct jsonl *j, struct mg_error *error)
{
    mg_buf_reset(&j->line);
    int c = getc_unlocked(j->from);
    if (c == EOF)
        return 0;
    j->line_number++;
    for (; c != EOF && c != '\n'; c = getc_unlocked(j->from))
        mg_buf_putc(&j->line, (char)c);
    mg_buf_add(&j->line, "", 0);
    if (!j->line.failed)
        return 1;
    mg_fail(error, MG_E_LIMIT, "%s: line %lld is longer than %zu MiB.", j->name, (long long)j->line_number,
            MG_CSV_LINE_MAX >> 20);
    mg_fail_at(error, "%s, line %lld", j->name, (long long)j->line_number);
    return MG_E_LIMIT;
}

static bool is_blank(const struct mg_buf *line)
{
    return strspn(line->data, " \t\r") == line->len;
}

/* The object on the line, or NULL when it is none. */
static json_t *parse_line(const struct mg_buf *line)
{
    json_t *value = mg_json_parse(line->data, line->len, MG_CSV_LINE_MAX, NULL);
    if (json_is_object(value))
        return value;
    json_decref(value);
    return NULL;
}

/* Index of a key; searched from `guess`, since objects mostly repeat the order of the first. */
static size_t find_key(const struct keys *keys, const char *name, size_t guess)
{
    for (size_t i = 0; i < keys->n; i++) {
        size_t at = (guess + i) % keys->n;
        if (strcmp(keys->names[at], name) == 0)
            return at;
    }
    return SIZE_MAX;
}

static int add_keys(struct jsonl *j, json_t *object, struct mg_error *error)
{
    const char *name;
    json_t *value;
    size_t guess = 0;
    json_object_foreach(object, name, value)
    {
        size_t at = find_key(&j->keys, name, guess);
        if (at == SIZE_MAX) {
            if (j->keys.n == MG_CSV_COLUMNS_MAX)
                return mg_fail(error, MG_E_LIMIT, "%s has more than %d different keys.", j->name,
                               MG_CSV_COLUMNS_MAX);
            at = j->keys.n++;
            j->keys.names[at] = mg_arena_strdup(j->keys.arena, name);
            if (!j->keys.names[at])
                return mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
        }
        guess = at + 1;
    }
    return 0;
}

static int collect_keys(struct jsonl *j, struct mg_error *error)
{
    int status;
    while ((status = read_line(j, error)) == 1) {
        json_t *object = is_blank(&j->line) ? NULL : parse_line(&j->line);
        status = object ? add_keys(j, object, error) : 0;
        json_decref(object);
        if (status)
            return status;
    }
    if (!status && j->keys.n == 0)
        return mg_fail(error, MG_E_INVALID, "%s holds no JSON object with keys.", j->name);
    return status;
}

static void write_value(struct mg_buf *out, const json_t *value)
{
    char number[32];
    char *text = NULL;
    if (!value || json_is_null(value))
        return;
    if (json_is_string(value)) {
        mg_csv_write_exact(out, json_string_value(value), json_string_length(value));
    } else if (json_is_real(value)) {
        mg_format_double(json_real_value(value), number);
        mg_buf_puts(out, number);
    } else if ((text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY))) {
        mg_csv_write_exact(out, text, strlen(text));
        free(text);
    }
}

static void write_record(struct jsonl *j, json_t *object)
{
    for (size_t i = 0; i < j->keys.n; i++) {
        size_t before = j->out.len;
        if (object)
            write_value(&j->out, json_object_get(object, j->keys.names[i]));
        if (j->keys.n == 1 && j->out.len == before)
            mg_buf_puts(&j->out, "\"\""); /* else the row would be a blank line */
        if (i + 1 < j->keys.n)
            mg_buf_putc(&j->out, ',');
    }
    if (!object)
        mg_buf_puts(&j->out, ",!");
}

static int flush(struct jsonl *j, size_t above, struct mg_error *error)
{
    if (j->out.failed)
        return mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
    if (j->out.len <= above)
        return 0;
    size_t written = fwrite(j->out.data, 1, j->out.len, j->to);
    bool whole = written == j->out.len;
    mg_buf_reset(&j->out);
    return whole ? 0 : mg_fail(error, MG_E_IO, "A temporary file can't be written: %s.", j->name);
}

static int write_records(struct jsonl *j, struct mg_error *error)
{
    for (size_t i = 0; i < j->keys.n; i++) {
        if (i)
            mg_buf_putc(&j->out, ',');
        mg_csv_write_exact(&j->out, j->keys.names[i], strlen(j->keys.names[i]));
    }
    mg_buf_putc(&j->out, '\n');
    rewind(j->from);
    int status;
    while ((status = read_line(j, error)) == 1) {
        if (!is_blank(&j->line)) {
            json_t *object = parse_line(&j->line);
            write_record(j, object);
            json_decref(object);
        }
        mg_buf_putc(&j->out, '\n');
        if ((status = flush(j, CHUNK, error)))
            return status;
    }
    return status ? status : flush(j, 0, error);
}

int mg_unpack_jsonl(const char *from, const char *name, const char *to, struct mg_error *error)
{
    struct jsonl j = {.name = name, .from = fopen(from, "rb"), .to = fopen(to, "wb")};
    mg_buf_init(&j.line, MG_CSV_LINE_MAX);
    mg_buf_init(&j.out, 4 * MG_CSV_LINE_MAX);
    j.keys.arena = mg_arena_new((size_t)64 << 20);
    j.keys.names = j.keys.arena ? mg_arena_array(j.keys.arena, MG_CSV_COLUMNS_MAX, sizeof(char *)) : NULL;
    int status = 0;
    if (!j.from || !j.to)
        status = mg_fail(error, MG_E_IO, "%s can't be read.", name);
    else if (!j.keys.names)
        status = mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
    else if ((status = collect_keys(&j, error)) == 0)
        status = write_records(&j, error);
    if (j.from)
        fclose(j.from);
    if (j.to && fclose(j.to) != 0 && !status)
        status = mg_fail(error, MG_E_IO, "A temporary file can't be written: %s.", to);
    mg_arena_free(j.keys.arena);
    mg_buf_done(&j.line);
    mg_buf_done(&j.out);
    return status;
}
