/* gzip and JSONL to plain files; see unpack.h. JSONL is read twice: once for the union of keys, once to
 * write. */
#include "exchange/unpack.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "base/names.h"
#include "base/str.h"
#include "exchange/csv_reader.h"
#include "exchange/csv_writer.h"
#include "exchange/exchange.h"
#include "exchange/temporary.h"

#define LINES_BETWEEN_LOOKS 64 /* whether somebody asks to stop */
#define CHUNK ((unsigned)128 * 1024)
/* A tree of JSON takes up to 100 times its text ("[[],[],…"): 100 MiB for the longest line. */
#define LINE_MAX_BYTES ((size_t)1 << 20)

static int fail_gzip(const char *name, int problem, struct mg_error *error)
{
    if (problem == Z_BUF_ERROR)
        mg_fail(error, MG_E_INVALID, "%s is a gzip file whose end is missing.", name);
    else
        mg_fail(error, MG_E_INVALID, "%s is a damaged gzip file.", name);
    mg_fail_hint(error, "The file was cut off; copy or export it again.");
    return MG_E_INVALID;
}

/* What a packed file may unpack to. */
static int64_t most_bytes(int64_t packed, int64_t max_bytes)
{
    int64_t most = packed < max_bytes / MG_EXCHANGE_RATIO_MAX ? packed * MG_EXCHANGE_RATIO_MAX : max_bytes;
    most = most > MG_EXCHANGE_RATIO_FLOOR ? most : MG_EXCHANGE_RATIO_FLOOR;
    return most < max_bytes ? most : max_bytes;
}

static int fail_size(const char *name, int64_t most, int64_t max_bytes, struct mg_error *error)
{
    if (most == max_bytes)
        return mg_fail(error, MG_E_LIMIT, "%s is larger than the %lld bytes allowed.", name,
                       (long long)max_bytes);
    mg_fail(error, MG_E_LIMIT, "%s unpacks to more than %d times its size.", name, MG_EXCHANGE_RATIO_MAX);
    mg_fail_hint(error, "Unpack the file yourself if it is what you mean to read.");
    return MG_E_LIMIT;
}

static int inflate_into(gzFile in, FILE *out, const char *name, int64_t most, int64_t max_bytes,
                        struct mg_stop *stop, struct mg_error *error)
{
    int64_t total = 0;
    char *chunk = malloc(CHUNK);
    int rc = chunk ? 0 : mg_fail_memory(error);
    int n = 1;
    while (!rc && (n = gzread(in, chunk, CHUNK)) > 0) {
        total += n;
        if (total > most)
            rc = fail_size(name, most, max_bytes, error);
        else if (fwrite(chunk, 1, (size_t)n, out) != (size_t)n)
            rc = mg_temporary_failed(error);
        else
            rc = mg_stop_check(stop, error);
    }
    free(chunk);
    int problem = Z_OK;
    gzerror(in, &problem);
    if (!rc && (n < 0 || problem == Z_BUF_ERROR))
        rc = fail_gzip(name, problem, error);
    return rc;
}

/* Opened as a regular file, handed over to zlib. */
static int open_packed(const char *path, const char *name, gzFile *ret_in, int64_t *ret_size,
                       struct mg_error *error)
{
    FILE *file;
    struct stat info;
    int rc = mg_file_open(path, name, &file, error);
    if (rc)
        return rc;
    int fd = fstat(fileno(file), &info) ? -1 : fcntl(fileno(file), F_DUPFD_CLOEXEC, 0);
    fclose(file);
    *ret_in = fd < 0 ? NULL : gzdopen(fd, "rb");
    if (!*ret_in && fd >= 0)
        close(fd);
    *ret_size = info.st_size;
    return *ret_in ? 0 : mg_fail(error, MG_E_IO, "%s can't be read.", name);
}

int mg_unpack_gzip(const char *from, const char *name, const char *to, int64_t max_bytes,
                   struct mg_stop *stop, struct mg_error *error)
{
    gzFile in;
    FILE *out = NULL;
    int64_t size;
    int rc = open_packed(from, name, &in, &size, error);
    if (rc)
        return rc;
    rc = mg_temporary_open(to, &out, error);
    if (!rc)
        rc = inflate_into(in, out, name, most_bytes(size, max_bytes), max_bytes, stop, error);
    gzclose(in);
    return mg_temporary_close(out, rc, error);
}

/* --- JSONL --- */

struct keys {
    struct mg_arena *arena;
    struct mg_names names;
};

struct jsonl {
    const char *name;
    FILE *from, *to;
    struct mg_buf line, out;
    int64_t line_number;
    struct keys keys;
    struct mg_stop *stop;
};

/* 1: a line in `line` without its end; 0: the end of the file. */
static int read_line(struct jsonl *j, struct mg_error *error)
{
    mg_buf_reset(&j->line);
    int c = getc_unlocked(j->from);
    if (c == EOF)
        return 0;
    int rc = j->line_number++ % LINES_BETWEEN_LOOKS == 0 ? mg_stop_check(j->stop, error) : 0;
    if (rc)
        return rc;
    for (; c != EOF && c != '\n' && !j->line.failed; c = getc_unlocked(j->from))
        mg_buf_putc(&j->line, (char)c);
    mg_buf_add(&j->line, "", 0);
    if (!j->line.failed)
        return 1;
    mg_fail(error, MG_E_LIMIT, "%s: line %lld is longer than %zu MiB.", j->name, (long long)j->line_number,
            LINE_MAX_BYTES >> 20);
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
    json_t *value = mg_json_parse(line->data, line->len, LINE_MAX_BYTES, NULL);
    if (json_is_object(value))
        return value;
    json_decref(value);
    return NULL;
}

static int add_keys(struct jsonl *j, json_t *object, struct mg_error *error)
{
    const char *name;
    json_t *value;
    struct mg_names *names = &j->keys.names;
    json_object_foreach(object, name, value)
    {
        if (mg_names_find(names, name) != SIZE_MAX)
            continue;
        if (names->n == MG_CSV_COLUMNS_MAX)
            return mg_fail(error, MG_E_LIMIT, "%s has more than %d different keys.", j->name,
                           MG_CSV_COLUMNS_MAX);
        const char *copy = mg_arena_strdup(j->keys.arena, name);
        if (!copy)
            return mg_fail_memory(error);
        mg_names_add(names, copy);
    }
    return 0;
}

static int collect_keys(struct jsonl *j, struct mg_error *error)
{
    int rc;
    while ((rc = read_line(j, error)) == 1) {
        json_t *object = is_blank(&j->line) ? NULL : parse_line(&j->line);
        rc = object ? add_keys(j, object, error) : 0;
        json_decref(object);
        if (rc)
            return rc;
    }
    if (!rc && j->keys.names.n == 0)
        return mg_fail(error, MG_E_INVALID, "%s holds no JSON object with keys.", j->name);
    return rc;
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
    for (size_t i = 0; i < j->keys.names.n; i++) {
        size_t before = j->out.len;
        if (object)
            write_value(&j->out, json_object_get(object, j->keys.names.names[i]));
        if (j->keys.names.n == 1 && j->out.len == before)
            mg_buf_puts(&j->out, "\"\""); /* else the row would be a blank line */
        if (i + 1 < j->keys.names.n)
            mg_buf_putc(&j->out, ',');
    }
    if (!object)
        mg_buf_puts(&j->out, ",!");
}

static int flush(struct jsonl *j, size_t above, struct mg_error *error)
{
    if (j->out.failed)
        return mg_fail_memory(error);
    if (j->out.len <= above)
        return 0;
    size_t written = fwrite(j->out.data, 1, j->out.len, j->to);
    bool whole = written == j->out.len;
    mg_buf_reset(&j->out);
    return whole ? 0 : mg_temporary_failed(error);
}

static int write_records(struct jsonl *j, struct mg_error *error)
{
    for (size_t i = 0; i < j->keys.names.n; i++) {
        if (i)
            mg_buf_putc(&j->out, ',');
        mg_csv_write_exact(&j->out, j->keys.names.names[i], strlen(j->keys.names.names[i]));
    }
    mg_buf_putc(&j->out, '\n');
    rewind(j->from);
    int rc;
    while ((rc = read_line(j, error)) == 1) {
        if (!is_blank(&j->line)) {
            json_t *object = parse_line(&j->line);
            write_record(j, object);
            json_decref(object);
        }
        mg_buf_putc(&j->out, '\n');
        if ((rc = flush(j, CHUNK, error)))
            return rc;
    }
    return rc ? rc : flush(j, 0, error);
}

int mg_unpack_jsonl(const char *from, const char *name, const char *to, struct mg_stop *stop,
                    struct mg_error *error)
{
    struct jsonl j = {.name = name, .stop = stop};
    mg_buf_init(&j.line, LINE_MAX_BYTES);
    mg_buf_init(&j.out,
                CHUNK + 8 * LINE_MAX_BYTES); /* a line of escapes and quotes grows when it is written */
    j.keys.arena = mg_arena_new((size_t)64 << 20);
    bool ready = j.keys.arena && mg_names_init(&j.keys.names, j.keys.arena, MG_CSV_COLUMNS_MAX, false);
    int rc = ready ? 0 : mg_fail_memory(error);
    if (!rc)
        rc = mg_file_open(from, name, &j.from, error);
    if (!rc)
        rc = mg_temporary_open(to, &j.to, error);
    if (!rc)
        rc = collect_keys(&j, error);
    if (!rc)
        rc = write_records(&j, error);
    if (j.from)
        fclose(j.from);
    rc = mg_temporary_close(j.to, rc, error);
    mg_arena_free(j.keys.arena);
    mg_buf_done(&j.line);
    mg_buf_done(&j.out);
    return rc;
}
