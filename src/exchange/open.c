/* Opening a file for analysis and import; see exchange.h.
 *
 * A file goes through up to three steps, each of which may leave a temporary file for the next: unpack gzip →
 * convert to UTF-8 → JSONL to CSV. The steps that a file doesn't need are skipped, so a UTF-8 CSV is only
 * read, once for its encoding and once for its rows; with its profile, not at all. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/names.h"
#include "base/scratch.h"
#include "base/str.h"
#include "column/file.h"
#include "exchange/note.h"
#include "exchange/private.h"
#include "exchange/sniff.h"
#include "exchange/temporary.h"
#include "exchange/unpack/unpack.h"

#define ARENA_BYTES ((size_t)256 << 20)

/* A new empty temporary file; it becomes the current text once the step succeeded. */
int mg_exchange_temp(const struct mg_exchange *x, const char **ret_path, struct mg_error *error)
{
    struct mg_exchange_private *own = x->own;
    char *path = mg_arena_printf(own->arena, "%s/mindgap-XXXXXX", own->temp_dir);
    int fd = path ? mg_scratch_make(path) : -1;
    if (fd < 0)
        return mg_temporary_failed(error);
    close(fd);
    own->temps[own->n_temps++] = path;
    *ret_path = path;
    return 0;
}

/* Of an archive the one file in it, which is no archive itself. */
static int unpack(const struct mg_exchange *x, enum mg_sniffed *ret_format, struct mg_error *error)
{
    struct mg_exchange_private *own = x->own;
    struct mg_unpack_options options = {.max_bytes = own->max_bytes, .stop = own->stop};
    const char *temp = NULL;
    int rc = mg_exchange_temp(x, &temp, error);
    if (!rc)
        rc = own->packed == MG_SNIFF_ZIP ? mg_unpack_zip(own->path, own->name, &options, temp, error)
                                         : mg_unpack_gzip(own->path, own->name, &options, temp, error);
    if (!rc)
        rc = mg_sniff_format(temp, own->name, ret_format, error);
    if (!rc && (*ret_format == MG_SNIFF_GZIP || *ret_format == MG_SNIFF_ZIP))
        rc = mg_fail(error, MG_E_UNSUPPORTED, "%s is packed twice.", own->name);
    own->path = temp;
    return rc;
}

/* What the user says, else what the bytes say. */
static int find_encoding(struct mg_exchange *x, const char *wanted, struct mg_error *error)
{
    struct mg_exchange_private *own = x->own;
    struct mg_encoding found;
    int rc = mg_encoding_detect(own->path, own->name, own->stop, &found, error);
    own->encoding = found;
    if (!rc && wanted && *wanted) {
        rc = mg_encoding_named(wanted, &own->encoding, error);
        own->encoding.zeros = strncmp(own->encoding.name, "UTF-", 4) == 0 ? 0 : found.zeros;
        if (!rc && strcmp(own->encoding.name, found.name) == 0)
            own->encoding = found; /* knows the mark, and whether there is anything to do */
    }
    if (!rc && !own->encoding.plain && strcmp(own->encoding.name, "UTF-8") != 0)
        mg_note_add(x->own->arena, x->own->notes, &x->n_notes, MG_EXCHANGE_NOTES_MAX,
                    MG_TEXT("The file is encoded in %s; it was converted to UTF-8."), own->encoding.name);
    if (!rc && own->encoding.zeros)
        mg_note_add(x->own->arena, x->own->notes, &x->n_notes, MG_EXCHANGE_NOTES_MAX,
                    MG_TEXT("NUL bytes in the text: %lld; they were left out."),
                    (long long)own->encoding.zeros);
    x->encoding = own->encoding.name;
    return rc;
}

static int to_utf8(const struct mg_exchange *x, struct mg_error *error)
{
    struct mg_exchange_private *own = x->own;
    const char *temp = NULL;
    if (own->encoding.plain)
        return 0;
    int rc = mg_exchange_temp(x, &temp, error);
    if (!rc)
        rc = mg_encoding_convert(own->path, own->name, own->encoding, temp, own->max_bytes * 2, own->stop,
                                 error);
    own->path = temp;
    return rc;
}

static int from_json(const struct mg_exchange *x, struct mg_unpacked *ret_unpacked, struct mg_error *error)
{
    struct mg_exchange_private *own = x->own;
    struct mg_unpack_options options = {.max_bytes = own->max_bytes, .stop = own->stop};
    const char *temp = NULL;
    int rc = mg_exchange_temp(x, &temp, error);
    if (!rc)
        rc = mg_unpack_json(own->path, own->name, &options, temp, own->arena, ret_unpacked, error);
    own->path = temp;
    own->delimiter = ',';
    return rc;
}

/* A file that isn't text becomes a text of ours. */
static int from_binary(const struct mg_exchange *x, const struct mg_exchange_options *given,
                       enum mg_sniffed format, struct mg_unpacked *ret_unpacked, struct mg_error *error)
{
    static mg_unpack *const unpackers[] = {
        [MG_SNIFF_XLSX] = mg_unpack_xlsx,       [MG_SNIFF_SAV] = mg_unpack_sav,
        [MG_SNIFF_DTA] = mg_unpack_dta,         [MG_SNIFF_SAS] = mg_unpack_sas,
        [MG_SNIFF_PARQUET] = mg_unpack_parquet,
    };
    struct mg_exchange_private *own = x->own;
    struct mg_unpack_options options = {.max_bytes = own->max_bytes,
                                        .stop = own->stop,
                                        .columns = given->columns,
                                        .sheet = given->sheet,
                                        .encoding = given->encoding};
    const char *temp = NULL;
    int rc = mg_exchange_temp(x, &temp, error);
    if (!rc)
        rc = unpackers[format](own->path, own->name, &options, temp, own->arena, ret_unpacked, error);
    own->path = temp;
    own->delimiter = ',';
    own->encoding = (struct mg_encoding){.name = "UTF-8", .plain = true};
    return rc;
}

/* What the format itself says goes beside what is found out of the text. */
static void take_unpacked(struct mg_exchange *x, const struct mg_unpacked *unpacked)
{
    x->format = unpacked->format;
    x->own->records = true;
    x->own->above = unpacked->above;
    x->own->names_first = unpacked->names_first;
    x->own->made = !unpacked->names_first && (unpacked->above > 0 || unpacked->n_told > 0);
    x->sheets = unpacked->sheets;
    x->n_sheets = unpacked->n_sheets;
    x->sheet = unpacked->sheet;
    x->told = unpacked->told;
    x->n_told = unpacked->n_told;
    for (size_t i = 0; i < unpacked->n_notes && x->n_notes < MG_EXCHANGE_NOTES_MAX; i++)
        x->own->notes[x->n_notes++] = unpacked->notes[i];
}

/* A line that says what parts the cells, as Excel reads and writes it: "sep=;". */
static bool take_sep_line(struct mg_exchange_private *own, const char *text)
{
    static const char mark[] = "sep=";
    const char *delimiter = text + sizeof mark - 1;
    if (strncasecmp(text, mark, sizeof mark - 1) != 0 || !*delimiter || strchr("\"\r\n", *delimiter))
        return false;
    size_t end = strspn(delimiter + 1, "\r");
    if (delimiter[1 + end] && delimiter[1 + end] != '\n')
        return false;
    own->delimiter = *delimiter;
    own->begin = delimiter + 1 + end - text + (delimiter[1 + end] == '\n');
    own->begin_line = 2;
    return true;
}

static int find_delimiter(struct mg_exchange *x, char delimiter, struct mg_error *error)
{
    struct mg_sniff_text text;
    int rc = mg_sniff_read(x->own->path, x->own->name, &text, error);
    if (rc)
        return rc;
    x->own->records = mg_sniff_is_json(&text);
    if (!x->own->records && !take_sep_line(x->own, text.text))
        x->own->delimiter = mg_sniff_delimiter(&text);
    if (!x->own->records)
        x->delimiter = x->own->delimiter = delimiter ? delimiter : x->own->delimiter;
    free(text.text);
    return 0;
}

/* Temporary files that nothing reads any more. */
static void drop_unused_temps(const struct mg_exchange *x)
{
    for (size_t i = 0; i < x->own->n_temps; i++)
        if (*x->own->temps[i] && x->own->temps[i] != x->own->path) {
            mg_scratch_remove(x->own->temps[i]);
            x->own->temps[i] = "";
        }
}

/* What is read from here on: whoever removes or replaces the file meanwhile, it is the same. */
static int open_text(const struct mg_exchange *x, struct mg_error *error)
{
    struct mg_exchange_private *own = x->own;
    FILE *file;
    int rc = mg_file_open(own->path, own->name, &file, error);
    if (rc)
        return rc;
    own->fd = fcntl(fileno(file), F_DUPFD_CLOEXEC, 0);
    fclose(file);
    struct stat st;
    if (own->fd < 0 || fstat(own->fd, &st) != 0)
        return mg_fail(error, MG_E_IO, "%s can't be read.", own->name);
    own->text_bytes = st.st_size;
    return 0;
}

int mg_exchange_text(struct mg_exchange *x, struct mg_error *error)
{
    struct mg_exchange_private *own = x->own;
    const char *given = own->path;
    enum mg_sniffed format;
    if (!own->raw)
        return 0;
    int rc = own->packed ? unpack(x, &format, error) : 0;
    if (!rc)
        rc = to_utf8(x, error);
    struct mg_unpacked known;
    if (!rc && own->records)
        rc = from_json(x, &known, error);
    if (!rc)
        rc = open_text(x, error);
    if (rc)
        own->path = given;
    own->raw = rc != 0;
    drop_unused_temps(x);
    own->n_temps = rc ? 0 : own->n_temps;
    return rc ? rc : mg_table_header(x, error);
}

static void note_irregular(struct mg_exchange *x)
{
    char lines[120] = "";
    for (size_t i = 0, used = 0; i < x->n_bad_listed && i < 8; i++)
        used += (size_t)snprintf(lines + used, sizeof lines - used, "%s%lld", i ? ", " : "",
                                 (long long)x->bad[i].line);
    const char *more = x->n_bad > 8 ? ", …" : "";
    if (x->format == MG_FILE_JSON)
        mg_note_add(x->own->arena, x->own->notes, &x->n_notes, MG_EXCHANGE_NOTES_MAX,
                    MG_TEXT("%lld records are no JSON objects and were left out: line %s%s."),
                    (long long)x->n_bad, lines, more);
    else if (x->format == MG_FILE_JSONL)
        mg_note_add(x->own->arena, x->own->notes, &x->n_notes, MG_EXCHANGE_NOTES_MAX,
                    MG_TEXT("%lld lines are no JSON objects and were left out: line %s%s."),
                    (long long)x->n_bad, lines, more);
    else
        mg_note_add(x->own->arena, x->own->notes, &x->n_notes, MG_EXCHANGE_NOTES_MAX,
                    MG_TEXT("%lld rows don't have the header's %zu cells (or have broken quotes) "
                            "and were left out: line %s%s."),
                    (long long)x->n_bad, x->n_columns, lines, more);
}

/* --- the whole --- */

static struct mg_exchange *exchange_new(const char *path, const struct mg_exchange_options *options)
{
    struct mg_arena *arena = mg_arena_new(ARENA_BYTES);
    struct mg_exchange *x = arena ? mg_arena_alloc(arena, sizeof *x) : NULL;
    struct mg_exchange_private *own = x ? mg_arena_alloc(arena, sizeof *own) : NULL;
    if (own) {
        own->notes = mg_arena_array(arena, MG_EXCHANGE_NOTES_MAX, sizeof *own->notes);
        own->bad = mg_arena_array(arena, MG_EXCHANGE_BAD_LISTED, sizeof *own->bad);
        own->path = mg_arena_strdup(arena, path);
        own->name = mg_arena_strdup(arena, options->name ? options->name : path);
        own->temp_dir = mg_arena_strdup(arena, options->temp_dir ? options->temp_dir : "/tmp");
    }
    if (!own || !own->notes || !own->bad || !own->path || !own->name || !own->temp_dir) {
        mg_arena_free(arena);
        return NULL;
    }
    own->arena = arena;
    own->fd = -1;
    own->begin_line = 1;
    own->keep_all = options->keep_all;
    own->words_stay = options->words_stay;
    own->stop = options->stop;
    own->max_bytes = options->max_bytes > 0 ? options->max_bytes : MG_EXCHANGE_BYTES_MAX;
    x->own = own;
    x->notes = own->notes;
    x->bad = own->bad;
    return x;
}

static int find_text(struct mg_exchange *x, const struct mg_exchange_options *options,
                     struct mg_unpacked *ret_unpacked, struct mg_error *error)
{
    int rc = find_encoding(x, options->encoding, error);
    if (!rc)
        rc = to_utf8(x, error);
    if (!rc)
        rc = find_delimiter(x, options->delimiter, error);
    if (!rc && x->own->records)
        rc = from_json(x, ret_unpacked, error);
    return rc;
}

/* Reads the file for the first time. */
static int find_out(struct mg_exchange *x, const struct mg_exchange_options *options, enum mg_sniffed format,
                    struct mg_error *error)
{
    struct mg_unpacked unpacked;
    x->searched = true;
    x->own->records = format != MG_SNIFF_TEXT;
    int rc = format == MG_SNIFF_TEXT ? find_text(x, options, &unpacked, error)
                                     : from_binary(x, options, format, &unpacked, error);
    if (!rc && x->own->records)
        take_unpacked(x, &unpacked);
    if (!rc)
        rc = open_text(x, error);
    if (!rc)
        rc = mg_table_find(x, options, error);
    if (!rc && x->n_bad)
        note_irregular(x);
    return rc;
}

/* Whether the profile tells all of this file; what the user says stands above it, unless it was made so. */
static bool is_known(struct mg_exchange *x, const struct mg_exchange_options *options)
{
    const struct mg_shape_options *shape = &options->shape;
    bool told = (options->encoding && *options->encoding) || options->delimiter || shape->titles_told ||
                shape->headers_told || shape->foot_told || options->keep_all || options->sheet ||
                options->n_corrections || options->order_told || options->decimal;
    x->own->raw = options->profile && (!told || options->profile_told) &&
                  mg_exchange_profile_take(x, options->profile, told);
    return x->own->raw;
}

static int open_any(struct mg_exchange *x, const struct mg_exchange_options *options, struct mg_error *error)
{
    struct mg_exchange_private *own = x->own;
    enum mg_sniffed format;
    int rc = mg_sniff_format(own->path, own->name, &format, error);
    if (!rc)
        rc = mg_file_size(own->path, &own->bytes, error);
    if (!rc && own->bytes > own->max_bytes)
        rc = mg_fail(error, MG_E_LIMIT, "%s is larger than the %lld bytes allowed.", own->name,
                     (long long)own->max_bytes);
    x->gzipped = format == MG_SNIFF_GZIP;
    own->packed = x->gzipped || format == MG_SNIFF_ZIP ? format : MG_SNIFF_TEXT;
    if (!rc && (own->packed || format == MG_SNIFF_TEXT) && is_known(x, options))
        return 0;
    if (!rc && own->packed)
        rc = unpack(x, &format, error);
    return rc ? rc : find_out(x, options, format, error);
}

int mg_exchange_open(const char *path, const struct mg_exchange_options *options,
                     struct mg_exchange **ret_exchange, struct mg_error *error)
{
    static const struct mg_exchange_options defaults = {0};
    if (!options)
        options = &defaults;
    struct mg_exchange *x = exchange_new(path, options);
    if (!x)
        return mg_fail_memory(error);
    int rc = open_any(x, options, error);
    if (rc) {
        mg_exchange_close(x);
        return rc;
    }
    drop_unused_temps(x);
    *ret_exchange = x;
    return 0;
}

void mg_exchange_close(struct mg_exchange *exchange)
{
    if (!exchange)
        return;
    if (exchange->own->fd >= 0)
        close(exchange->own->fd);
    for (size_t i = 0; i < exchange->own->n_temps; i++)
        if (*exchange->own->temps[i])
            mg_scratch_remove(exchange->own->temps[i]);
    mg_arena_free(exchange->own->arena);
}
