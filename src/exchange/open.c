/* Opening a file for analysis and import; see exchange.h.
 *
 * A file goes through up to three steps, each of which may leave a temporary file for the next: unpack gzip →
 * convert to UTF-8 → JSONL to CSV. The steps that a file doesn't need are skipped, so a UTF-8 CSV is only
 * read, once for its encoding and once for its rows; with its profile, not at all. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/names.h"
#include "base/str.h"
#include "column/file.h"
#include "exchange/private.h"
#include "exchange/sniff.h"
#include "exchange/temporary.h"
#include "exchange/unpack/unpack.h"

#define NAMES_BYTES_MAX ((size_t)64 << 20)
#define ROWS_BETWEEN_LOOKS 64

/* In both languages; `format` is marked with MG_TEXT. */
__attribute__((format(printf, 2, 3))) static void add_note(struct mg_exchange *x, const char *format, ...)
{
    char text[600];
    const char *copies[2];
    if (x->n_notes == MG_EXCHANGE_NOTES_MAX)
        return;
    for (enum mg_lang lang = MG_LANG_EN; lang <= MG_LANG_ZH; lang++) {
        va_list args;
        va_start(args, format);
        mg_tr_format(text, sizeof text, lang, format, args);
        va_end(args);
        copies[lang] = mg_arena_strdup(x->own->arena, text);
    }
    if (copies[MG_LANG_EN] && copies[MG_LANG_ZH])
        x->own->notes[x->n_notes++] = (struct mg_text){copies[MG_LANG_EN], copies[MG_LANG_ZH]};
}

/* A new empty temporary file; it becomes the current text once the step succeeded. */
int mg_exchange_temp(const struct mg_exchange *x, const char **ret_path, struct mg_error *error)
{
    struct mg_exchange_private *own = x->own;
    char *path = mg_arena_printf(own->arena, "%s/mindgap-XXXXXX", own->temp_dir);
    int fd = path ? mkstemp(path) : -1;
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
        if (!rc && strcmp(own->encoding.name, found.name) == 0)
            own->encoding = found; /* knows the mark, and whether there is anything to do */
    }
    if (!rc && !own->encoding.plain && strcmp(own->encoding.name, "UTF-8") != 0)
        add_note(x, MG_TEXT("The file is encoded in %s; it was converted to UTF-8."), own->encoding.name);
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
        [MG_SNIFF_XLSX] = mg_unpack_xlsx,
        [MG_SNIFF_SAV] = mg_unpack_sav,
        [MG_SNIFF_DTA] = mg_unpack_dta,
        [MG_SNIFF_SAS] = mg_unpack_sas,
    };
    struct mg_exchange_private *own = x->own;
    struct mg_unpack_options options = {
        .max_bytes = own->max_bytes, .stop = own->stop, .sheet = given->sheet, .encoding = given->encoding};
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
    x->sheets = unpacked->sheets;
    x->n_sheets = unpacked->n_sheets;
    x->sheet = unpacked->sheet;
    x->told = unpacked->told;
    x->n_told = unpacked->n_told;
    for (size_t i = 0; i < unpacked->n_notes && x->n_notes < MG_EXCHANGE_NOTES_MAX; i++)
        x->own->notes[x->n_notes++] = unpacked->notes[i];
}

static int find_shape(struct mg_exchange *x, char delimiter, struct mg_error *error)
{
    struct mg_sniff_text text;
    int rc = mg_sniff_read(x->own->path, x->own->name, &text, error);
    if (rc)
        return rc;
    x->own->records = mg_sniff_is_json(&text);
    if (!x->own->records)
        x->delimiter = x->own->delimiter = delimiter ? delimiter : mg_sniff_delimiter(&text);
    free(text.text);
    return 0;
}

/* --- header --- */

/* The header's names so far; `next` is the number to try by place of the first of a name, so that thousands
 * of equal names take no longer than others. */
struct header {
    struct mg_names names;
    int *next;
};

static const char *trimmed(struct mg_exchange *x, const char *cell)
{
    const char *from = cell + strspn(cell, " \t\r\n");
    size_t n = strlen(from);
    while (n > 0 && strchr(" \t\r\n", from[n - 1]))
        n--;
    x->own->irregular |= n != strlen(cell);
    return mg_arena_strndup(x->own->arena, from, n);
}

/* The name of column i: as given where it can be, else made up or numbered, with a note. */
static const char *unique_name(struct mg_exchange *x, struct header *header, size_t i, const char *given)
{
    struct mg_exchange_private *own = x->own;
    const char *name = *given ? given : mg_arena_printf(own->arena, "column_%zu", i + 1), *wanted = name;
    size_t first = name ? mg_names_find(&header->names, name) : SIZE_MAX;
    while (name && mg_names_find(&header->names, name) != SIZE_MAX) {
        header->next[first] = header->next[first] ? header->next[first] + 1 : 2;
        name = mg_arena_printf(own->arena, "%s_%d", wanted, header->next[first]);
    }
    if (!name || strcmp(name, given) == 0)
        return name;
    own->irregular = true;
    if (x->header && *given)
        add_note(x, MG_TEXT("Column %zu is named “%.80s” like one before it; it is called “%.90s” here."),
                 i + 1, given, name);
    else if (x->header)
        add_note(x, MG_TEXT("Column %zu has no name; it is called “%s” here."), i + 1, name);
    return name;
}

static int take_names(struct mg_exchange *x, const struct mg_csv_row *row, size_t n, struct mg_error *error)
{
    struct mg_arena *arena = x->own->arena;
    struct header header = {.next = mg_arena_array(arena, n, sizeof *header.next)};
    if (!header.next || !mg_names_init(&header.names, arena, n, true))
        return mg_fail_memory(error);
    for (size_t i = 0; i < n; i++) {
        const char *given = x->header ? trimmed(x, row->cells[i]) : "";
        if (given && strlen(given) > MG_COLUMN_NAME_MAX) {
            mg_fail(error, MG_E_LIMIT, "The name of column %zu is longer than the %d bytes allowed.", i + 1,
                    MG_COLUMN_NAME_MAX);
            mg_fail_hint(error, "Give the column a short name.");
            return MG_E_LIMIT;
        }
        const char *name = given ? unique_name(x, &header, i, given) : NULL;
        if (!name)
            return mg_fail_memory(error);
        mg_names_add(&header.names, name);
    }
    x->columns = header.names.names;
    x->n_columns = n;
    return 0;
}

static int take_header(struct mg_exchange *x, const struct mg_csv_row *row, enum mg_exchange_header header,
                       struct mg_error *error)
{
    struct mg_exchange_private *own = x->own;
    x->header = header == MG_HEADER_FIND_OUT ? own->above > 0 || mg_sniff_is_header(row->cells, row->n)
                                             : header == MG_HEADER_PRESENT;
    size_t n = row->n;
    while (x->header && n > 1 && row->cells[n - 1][0] == '\0') /* a delimiter at the end of every line */
        n--;
    own->irregular |= n < row->n || !x->header;
    int rc = take_names(x, row, n, error);
    if (rc)
        return rc;
    if (!x->header)
        add_note(x,
                 MG_TEXT("The first row looks like data, so the columns are called column_1 to column_%zu."),
                 n);
    return 0;
}

/* Temporary files that nothing reads any more. */
static void drop_unused_temps(const struct mg_exchange *x)
{
    for (size_t i = 0; i < x->own->n_temps; i++)
        if (*x->own->temps[i] && x->own->temps[i] != x->own->path) {
            unlink(x->own->temps[i]);
            x->own->temps[i] = "";
        }
}

int mg_exchange_text(const struct mg_exchange *x, struct mg_error *error)
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
    if (rc)
        own->path = given;
    own->raw = rc != 0;
    drop_unused_temps(x);
    own->n_temps = rc ? 0 : own->n_temps;
    return rc;
}

/* --- rows --- */

static int open_reader(const struct mg_exchange *x, struct mg_csv_reader **ret_reader, struct mg_error *error)
{
    FILE *file;
    int rc = mg_exchange_text(x, error);
    if (!rc)
        rc = mg_file_open(x->own->path, x->own->name, &file, error);
    if (rc)
        return rc;
    *ret_reader = mg_csv_reader_new(file, x->own->name, x->own->delimiter, x->own->records);
    return *ret_reader ? 0 : mg_fail_memory(error);
}

static bool is_bad(const struct mg_exchange *x, const struct mg_csv_row *row)
{
    if (row->malformed || row->n < x->n_columns)
        return true;
    for (size_t i = x->n_columns; i < row->n; i++)
        if (row->sizes[i] > 0)
            return true;
    return false;
}

static void note_bad(struct mg_exchange *x, const struct mg_csv_row *row)
{
    x->n_bad++;
    if (x->n_bad_listed == MG_EXCHANGE_BAD_LISTED)
        return;
    size_t n_cells = x->own->records || row->malformed ? 0 : row->n;
    x->own->bad[x->n_bad_listed++] = (struct mg_exchange_bad_row){row->line - x->own->above, n_cells};
}

/* Now and then: does somebody ask to stop? */
static int look_up(const struct mg_exchange *x, size_t *number, struct mg_error *error)
{
    return ++*number % ROWS_BETWEEN_LOOKS ? 0 : mg_stop_check(x->own->stop, error);
}

static int count_rows(struct mg_exchange *x, enum mg_exchange_header header, struct mg_error *error)
{
    struct mg_csv_reader *reader = NULL;
    struct mg_csv_row row;
    int rc = open_reader(x, &reader, error);
    if (rc)
        return rc;
    rc = mg_csv_reader_next(reader, &row, error);
    if (rc == 1)
        rc = take_header(x, &row, header, error);
    if (!rc)
        rc = mg_decimals_begin(x, error);
    bool pending = !x->header; /* the first row is data */
    size_t number = 0;
    while (!rc && (pending || (rc = mg_csv_reader_next(reader, &row, error)) == 1)) {
        pending = false;
        rc = look_up(x, &number, error);
        bool bad = is_bad(x, &row);
        if (bad)
            note_bad(x, &row);
        else
            mg_decimals_count(x, row.cells);
        x->rows += !bad;
        x->own->irregular |= row.n != x->n_columns;
    }
    struct mg_csv_traits traits = mg_csv_reader_traits(reader);
    x->own->irregular |= x->n_bad > 0 || traits.stray_quotes || traits.mixed_line_ends ||
                         (traits.blank_lines && !x->own->records);
    mg_csv_reader_free(reader);
    x->own->irregular |= mg_decimals_end(x) > 0;
    return rc;
}

static void note_decimals(struct mg_exchange *x)
{
    const char *first = NULL;
    size_t n = 0;
    for (size_t i = 0; i < x->n_columns; i++) {
        first = x->own->decimal[i] && !n ? x->columns[i] : first;
        n += x->own->decimal[i];
    }
    if (n == 1)
        add_note(x, MG_TEXT("“%s” holds decimal commas: 3,5 is read as 3.5."), first);
    else if (n)
        add_note(x, MG_TEXT("%zu columns hold decimal commas, the first “%s”: 3,5 is read as 3.5."), n,
                 first);
}

static void note_irregular(struct mg_exchange *x)
{
    char lines[120] = "";
    for (size_t i = 0, used = 0; i < x->n_bad_listed && i < 8; i++)
        used += (size_t)snprintf(lines + used, sizeof lines - used, "%s%lld", i ? ", " : "",
                                 (long long)x->bad[i].line);
    const char *more = x->n_bad > 8 ? ", …" : "";
    if (x->format == MG_FILE_JSON)
        add_note(x, MG_TEXT("%lld records are no JSON objects and were left out: line %s%s."),
                 (long long)x->n_bad, lines, more);
    else if (x->format == MG_FILE_JSONL)
        add_note(x, MG_TEXT("%lld lines are no JSON objects and were left out: line %s%s."),
                 (long long)x->n_bad, lines, more);
    else
        add_note(x,
                 MG_TEXT("%lld rows don't have the header's %zu cells (or have broken quotes) "
                         "and were left out: line %s%s."),
                 (long long)x->n_bad, x->n_columns, lines, more);
}

/* --- the whole --- */

static struct mg_exchange *exchange_new(const char *path, const struct mg_exchange_options *options)
{
    struct mg_arena *arena = mg_arena_new(NAMES_BYTES_MAX);
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
        rc = find_shape(x, options->delimiter, error);
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
        rc = count_rows(x, options->header, error);
    if (!rc && x->n_bad)
        note_irregular(x);
    if (!rc)
        note_decimals(x);
    return rc;
}

/* Whether the profile tells all of this file; what the user says stands above it. */
static bool is_known(struct mg_exchange *x, const struct mg_exchange_options *options)
{
    bool told = (options->encoding && *options->encoding) || options->delimiter || options->header;
    x->own->raw = options->profile && !told && mg_exchange_profile_take(x, options->profile);
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
    if (rc)
        return rc;
    if (format != MG_SNIFF_PARQUET)
        return find_out(x, options, format, error);
    x->format = MG_FILE_PARQUET;
    x->header = true;
    x->rows = -1;
    return 0;
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
    for (size_t i = 0; i < exchange->own->n_temps; i++)
        if (*exchange->own->temps[i])
            unlink(exchange->own->temps[i]);
    mg_arena_free(exchange->own->arena);
}

int mg_exchange_each(const struct mg_exchange *exchange, mg_exchange_sink *sink, void *user,
                     struct mg_error *error)
{
    if (exchange->format == MG_FILE_PARQUET)
        return mg_fail(error, MG_E_UNSUPPORTED, "%s can't be read row by row.", exchange->own->name);
    struct mg_csv_reader *reader = NULL;
    struct mg_csv_row row;
    size_t number = 0;
    int rc = open_reader(exchange, &reader, error);
    if (!rc && exchange->header && (rc = mg_csv_reader_next(reader, &row, error)) > 0)
        rc = 0;
    while (!rc && (rc = mg_csv_reader_next(reader, &row, error)) == 1) {
        bool bad = is_bad(exchange, &row);
        if (!bad)
            mg_decimals_mend(exchange, row.cells);
        struct mg_exchange_row out = {.line = row.line - exchange->own->above,
                                      .bad = bad,
                                      .n_cells = bad ? row.n : exchange->n_columns,
                                      .cells = (const char *const *)row.cells};
        rc = sink(user, &out, error);
        if (!rc)
            rc = look_up(exchange, &number, error);
    }
    mg_csv_reader_free(reader);
    return rc;
}
