/* Files of SPSS, Stata and SAS to CSV by ReadStat; see unpack.h.
 *
 * The library calls back: for the file, for each column, for each value row by row, and for the labels of
 * values, which come before the rows or behind them. What is told of the columns is put together at the end.
 * A callback that fails keeps its error in `rc` and ends the reading.
 *
 * Old files don't say their encoding, or say a wrong one. Where texts can't be in it, or it isn't said, the
 * file is read as its bytes are, with all that it tells as further rows, whose encoding is found out as that
 * of any text; then the file is read again with it. */
#include <fcntl.h>
#include <math.h>
#include <readstat.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/names.h"
#include "base/str.h"
#include "exchange/csv_reader.h"
#include "exchange/encoding.h"
#include "exchange/note.h"
#include "exchange/unpack/rowtext.h"
#include "exchange/unpack/stat_time.h"
#include "exchange/unpack/unpack.h"

#define CODES_MAX 64
#define RELEASE_6 108              /* of Stata's files: their first byte */
#define STATA_WHOLE_MAX 2147483620 /* whole numbers above it are its ways to be missing */
#define WORK_BYTES_MAX ((size_t)64 << 20)
#define TEXTS_BYTES_MAX ((size_t)1 << 20) /* told ones that are looked at for their encoding */

struct label_set {
    size_t n, room;
    struct mg_cell_label *labels;
};

struct column {
    bool text;
    enum mg_stat_shown shown;
    size_t set; /* of labels; SIZE_MAX: none */
};

struct reading {
    const char *name;
    const struct mg_unpack_options *options;
    const struct format *format;
    struct mg_arena *arena; /* of what is told */
    struct mg_arena *work;  /* of what is needed to read */
    int fd;
    int64_t size, at;
    size_t asked, got; /* bytes of the last read, or of a step beyond the end */
    struct mg_told *told;
    struct column *columns;
    size_t n_columns;
    struct mg_names set_names;
    size_t set_name_bytes; /* most of a name, in Stata's */
    struct label_set *sets;
    size_t n_labels, labelled_texts;
    struct mg_rowtext rows;
    bool headed;         /* the header was written */
    bool raw;            /* texts come as their bytes are */
    bool foreign;        /* and some aren't ASCII */
    bool wrong;          /* a text isn't in the encoding of the file */
    struct mg_buf texts; /* raw ones that are told, a line each */
    unsigned looks;
    int rc;
    struct mg_error *error;
};

struct format {
    enum mg_file_format format;
    const char *program; /* for messages */
    enum mg_stat_shown (*shown_by)(const char *format);
    readstat_error_t (*parse)(readstat_parser_t *parser, const char *path, void *user);
};

static const struct format formats[] = {
    {MG_FILE_SAV, "SPSS", mg_stat_shown_by_spss, readstat_parse_sav},
    {MG_FILE_DTA, "Stata", mg_stat_shown_by_stata, readstat_parse_dta},
    {MG_FILE_SAS, "SAS", mg_stat_shown_by_sas, readstat_parse_sas7bdat},
};

/* --- the file's bytes --- */

/* It was opened before, as a regular file. */
static int on_open(const char *path, void *user)
{
    struct reading *r = user;
    (void)path;
    r->at = 0;
    return r->fd;
}

static int on_close(void *user)
{
    (void)user;
    return 0;
}

static readstat_off_t on_seek(readstat_off_t offset, readstat_io_flags_t whence, void *user)
{
    struct reading *r = user;
    int64_t from = whence == READSTAT_SEEK_SET ? 0 : whence == READSTAT_SEEK_CUR ? r->at : r->size;
    if (offset < -from || offset > r->size - from) {
        r->asked = SIZE_MAX;
        r->got = 0;
        return -1;
    }
    r->at = from + offset;
    return r->at;
}

static ssize_t on_read(void *bytes, size_t n, void *user)
{
    struct reading *r = user;
    ssize_t got = pread(r->fd, bytes, n, r->at);
    r->asked = n;
    r->got = got > 0 ? (size_t)got : 0;
    r->at += (int64_t)r->got;
    return got;
}

static bool is_of_release_6(const struct reading *r)
{
    char first = '\0';
    return r->format->format == MG_FILE_DTA && pread(r->fd, &first, 1, 0) == 1 && first == RELEASE_6;
}

/* Where the labels of Stata's files are cut off the library takes those before them, and says nothing. Newer
 * files have a mark at the end; older ones end where the size of the next labels would stand, but those of
 * release 6, whose labels the library misreads. */
static bool is_cut(const struct reading *r)
{
    static const char mark[] = "</stata_dta>";
    char first = '\0', end[sizeof mark - 1];
    if (r->format->format != MG_FILE_DTA || pread(r->fd, &first, 1, 0) != 1 || first == RELEASE_6)
        return false;
    if (first != '<')
        return r->got < r->asked && (r->got > 0 || r->asked > sizeof(int32_t));
    int64_t n = (int64_t)sizeof end;
    return pread(r->fd, end, sizeof end, r->size - n) != n || memcmp(end, mark, sizeof end) != 0;
}

static readstat_error_t on_update(long size, readstat_progress_handler progress, void *user, void *io)
{
    (void)size, (void)progress, (void)user, (void)io;
    return READSTAT_OK;
}

/* --- failures --- */

static int fail_code(const struct reading *r, readstat_error_t code, struct mg_error *error)
{
    switch (code) {
    case READSTAT_ERROR_UNSUPPORTED_CHARSET:
        mg_fail(error, MG_E_UNSUPPORTED, "%s is written in an encoding that isn't known here.", r->name);
        mg_fail_hint(error, "Say its encoding, or save it anew as Unicode.");
        return MG_E_UNSUPPORTED;
    case READSTAT_ERROR_CONVERT:
    case READSTAT_ERROR_CONVERT_BAD_STRING:
    case READSTAT_ERROR_CONVERT_SHORT_STRING:
    case READSTAT_ERROR_CONVERT_LONG_STRING:
        mg_fail(error, MG_E_INVALID, "%s holds texts that are wrong in the encoding that it says it has.",
                r->name);
        mg_fail_hint(error, "Say its encoding, or save it anew as Unicode.");
        return MG_E_INVALID;
    case READSTAT_ERROR_UNSUPPORTED_FILE_FORMAT_VERSION:
    case READSTAT_ERROR_UNSUPPORTED_COMPRESSION:
        mg_fail(error, MG_E_UNSUPPORTED, "%s is of a version of %s that can't be read here.", r->name,
                r->format->program);
        mg_fail_hint(error, "Save it in another version, or as CSV (UTF-8).");
        return MG_E_UNSUPPORTED;
    default:
        mg_fail(error, MG_E_INVALID, "%s is a damaged file of %s.", r->name, r->format->program);
        mg_fail_hint(error, "The file was cut off; copy or export it again.");
        return MG_E_INVALID;
    }
}

/* --- columns --- */

static int stop_with(struct reading *r, int rc)
{
    r->rc = rc;
    return rc ? READSTAT_HANDLER_ABORT : READSTAT_HANDLER_OK;
}

static bool is_ascii(const char *text, size_t n)
{
    unsigned char all = 0;
    for (size_t i = 0; i < n; i++)
        all |= (unsigned char)text[i];
    return all < 0x80;
}

/* A text that is told, kept. One of the library's fixed size may be cut in the middle of a character. NULL:
 * memory is out. */
static const char *keep_text(struct reading *r, const char *text)
{
    size_t n = strlen(text), cut = n;
    if (r->raw && !is_ascii(text, n)) {
        r->foreign = true;
        mg_buf_printf(&r->texts, "%s\n", text);
    }
    while (cut > 0 && n - cut < 4 && !mg_utf8_valid(text, cut))
        cut--;
    bool valid = mg_utf8_valid(text, cut);
    r->wrong |= !valid;
    return mg_arena_strndup(r->arena, text, valid ? cut : 0);
}

/* Names of sets in Stata's files fill their place, and aren't terminated then; so long it is by version. */
static int on_metadata(readstat_metadata_t *metadata, void *user)
{
    struct reading *r = user;
    int version = readstat_get_file_format_version(metadata);
    r->set_name_bytes = version < 110 ? 9 : version < 118 ? 33 : 129;
    return READSTAT_HANDLER_OK;
}

/* The place of the set of that name, which is added if it is new; SIZE_MAX: memory is out. */
static size_t set_of(struct reading *r, const char *name)
{
    bool stata = r->format->format == MG_FILE_DTA;
    const char *copy =
        mg_arena_strndup(r->work, name, stata ? strnlen(name, r->set_name_bytes) : strlen(name));
    size_t at = copy ? mg_names_find(&r->set_names, copy) : SIZE_MAX;
    if (copy && at == SIZE_MAX && r->set_names.n < r->set_names.most) {
        at = r->set_names.n;
        mg_names_add(&r->set_names, copy);
    }
    return at;
}

static int take_codes(struct reading *r, struct mg_told *told, const readstat_variable_t *variable)
{
    double codes[CODES_MAX];
    int n = readstat_variable_get_missing_ranges_count(variable);

    for (int i = 0; i < n && i < CODES_MAX; i++) {
        double low = readstat_double_value(readstat_variable_get_missing_range_lo(variable, i));
        double high = readstat_double_value(readstat_variable_get_missing_range_hi(variable, i));
        if (low == high) {
            codes[told->n_codes++] = low;
        } else {
            told->missing_low = low;
            told->missing_high = high;
        }
    }
    if (!told->n_codes)
        return 0;
    double *kept = mg_arena_array(r->arena, told->n_codes, sizeof *kept);
    if (!kept)
        return mg_fail_memory(r->error);
    memcpy(kept, codes, told->n_codes * sizeof *kept);
    told->codes = kept;
    return 0;
}

static int take_column(struct reading *r, const readstat_variable_t *variable, const char *set)
{
    if (r->n_columns == MG_CSV_COLUMNS_MAX)
        return mg_fail(r->error, MG_E_LIMIT, "%s has values in more than %d columns.", r->name,
                       MG_CSV_COLUMNS_MAX);
    struct mg_told *told = &r->told[r->n_columns];
    struct column *column = &r->columns[r->n_columns++];
    const char *name = readstat_variable_get_name(variable);
    const char *format = readstat_variable_get_format(variable),
               *label = readstat_variable_get_label(variable);
    column->text = readstat_variable_get_type_class(variable) == READSTAT_TYPE_CLASS_STRING;
    column->shown = format && !column->text ? r->format->shown_by(format) : MG_STAT_NUMBER;
    column->set = set && *set ? set_of(r, set) : SIZE_MAX;
    told->name = keep_text(r, name ? name : "");
    told->label = label && *label ? keep_text(r, label) : NULL;
    told->time = column->shown != MG_STAT_NUMBER && column->shown != MG_STAT_CLOCK;
    told->number = !column->text && column->shown == MG_STAT_NUMBER;
    told->missing_low = told->missing_high = NAN;
    if (!told->name || (label && *label && !told->label) || (set && *set && column->set == SIZE_MAX))
        return mg_fail_memory(r->error);
    return column->text ? 0 : take_codes(r, told, variable);
}

static int on_variable(int index, readstat_variable_t *variable, const char *set, void *user)
{
    struct reading *r = user;
    (void)index;
    return stop_with(r, take_column(r, variable, set));
}

/* --- labels of values --- */

static int add_label(struct reading *r, const char *set_name, double value, const char *label)
{
    size_t at = set_of(r, set_name);
    const char *text = keep_text(r, label);
    if (at == SIZE_MAX || !text)
        return mg_fail_memory(r->error);
    struct label_set *set = &r->sets[at];
    if (r->n_labels == MG_STAT_LABELS_MAX)
        return mg_fail(r->error, MG_E_LIMIT, "%s has more than %d labels of values.", r->name,
                       MG_STAT_LABELS_MAX);
    if (set->n == set->room) {
        size_t room = set->room ? set->room * 2 : 16;
        struct mg_cell_label *grown = mg_arena_array(r->arena, room, sizeof *grown);
        if (!grown)
            return mg_fail_memory(r->error);
        if (set->n)
            memcpy(grown, set->labels, set->n * sizeof *grown);
        set->labels = grown;
        set->room = room;
    }
    set->labels[set->n++] = (struct mg_cell_label){text, value};
    r->n_labels++;
    return 0;
}

/* Labels of texts and of the ways to be missing aren't kept: there is no number that they would name. */
static int on_label(const char *set, readstat_value_t value, const char *label, void *user)
{
    struct reading *r = user;
    if (readstat_value_type_class(value) == READSTAT_TYPE_CLASS_STRING) {
        r->labelled_texts++;
        return READSTAT_HANDLER_OK;
    }
    double number = readstat_double_value(value);
    bool missing = readstat_value_is_tagged_missing(value) || readstat_value_is_system_missing(value) ||
                   (r->format->format == MG_FILE_DTA && number > STATA_WHOLE_MAX);
    return !missing && isfinite(number) && label ? stop_with(r, add_label(r, set, number, label))
                                                 : READSTAT_HANDLER_OK;
}

/* --- rows --- */

static void write_header(struct reading *r)
{
    for (size_t i = 0; i < r->n_columns; i++)
        mg_rowtext_text(&r->rows, r->told[i].name, strlen(r->told[i].name));
    mg_rowtext_end_row(&r->rows);
    r->headed = true;
}

static double number_of(const readstat_value_t *value)
{
    return value->type == READSTAT_TYPE_DOUBLE ? value->v.double_value : readstat_double_value(*value);
}

static void write_number(struct reading *r, double number, enum mg_stat_shown shown)
{
    char text[36];
    size_t n = shown && isfinite(number) ? mg_stat_time(number, shown, text) : 0;
    if (n)
        mg_rowtext_text(&r->rows, text, n);
    else
        mg_rowtext_number(&r->rows, number);
}

static void write_text(struct reading *r, const char *text)
{
    size_t n = strlen(text);
    bool ascii = is_ascii(text, n);
    r->foreign |= !ascii;
    r->wrong |= !ascii && !mg_utf8_valid(text, n);
    mg_rowtext_text(&r->rows, text, n);
}

/* What is missing in itself (".", ".a") is empty; what is declared to be missing stays, and is told. */
static void write_value(struct reading *r, const struct column *column, const readstat_value_t *value)
{
    if (value->is_system_missing || value->is_tagged_missing) {
        mg_rowtext_empty(&r->rows);
    } else if (column->text) {
        const char *text = readstat_string_value(*value);
        write_text(r, text ? text : "");
    } else {
        write_number(r, number_of(value), column->shown);
    }
}

static int on_value(int row, readstat_variable_t *variable, readstat_value_t value, void *user)
{
    struct reading *r = user;
    size_t at = (size_t)variable->index;
    (void)row;
    if (at >= r->n_columns || at != r->rows.cells) /* each row has all its values, in order */
        return stop_with(r, fail_code(r, READSTAT_ERROR_PARSE, r->error));
    if (!r->headed)
        write_header(r);
    r->told[at].n_tagged += value.is_tagged_missing != 0;
    write_value(r, &r->columns[at], &value);
    if (at + 1 < r->n_columns)
        return READSTAT_HANDLER_OK;
    mg_rowtext_end_row(&r->rows);
    if (++r->looks % 1024 == 0)
        r->rc = mg_stop_check(r->options->stop, r->error);
    bool over = r->rc || mg_rowtext_failed(&r->rows) || (r->wrong && !r->raw);
    return over ? READSTAT_HANDLER_ABORT : READSTAT_HANDLER_OK;
}

/* --- the whole --- */

static bool is_conversion(readstat_error_t code)
{
    return code >= READSTAT_ERROR_CONVERT && code <= READSTAT_ERROR_CONVERT_LONG_STRING;
}

static readstat_parser_t *new_parser(const struct reading *r, const char *encoding)
{
    readstat_parser_t *parser = readstat_parser_init();
    if (!parser)
        return NULL;
    readstat_set_open_handler(parser, on_open);
    readstat_set_close_handler(parser, on_close);
    readstat_set_seek_handler(parser, on_seek);
    readstat_set_read_handler(parser, on_read);
    readstat_set_update_handler(parser, on_update);
    readstat_set_io_ctx(parser, (void *)r);
    readstat_set_metadata_handler(parser, on_metadata);
    readstat_set_variable_handler(parser, on_variable);
    readstat_set_value_handler(parser, on_value);
    readstat_set_value_label_handler(parser, on_label);
    if (r->raw)
        readstat_set_handler_character_encoding(parser, NULL);
    else if (encoding && *encoding)
        readstat_set_file_character_encoding(parser, encoding);
    return parser;
}

/* Room for what is told and needed, as if nothing had been read. */
static int begin(struct reading *r, const char *to, struct mg_error *error)
{
    int64_t most = mg_unpack_most_bytes(r->size, r->options->max_bytes);
    r->n_columns = r->n_labels = r->labelled_texts = 0;
    r->headed = r->foreign = r->wrong = false;
    r->rc = 0;
    r->rows = (struct mg_rowtext){0};
    mg_arena_free(r->work);
    r->work = mg_arena_new(WORK_BYTES_MAX);
    r->told = mg_arena_array(r->arena, MG_CSV_COLUMNS_MAX, sizeof *r->told);
    r->columns = r->work ? mg_arena_array(r->work, MG_CSV_COLUMNS_MAX, sizeof *r->columns) : NULL;
    r->sets = r->work ? mg_arena_array(r->work, MG_STAT_SETS_MAX, sizeof *r->sets) : NULL;
    if (!r->told || !r->columns || !r->sets ||
        !mg_names_init(&r->set_names, r->work, MG_STAT_SETS_MAX, false))
        return mg_fail_memory(error);
    return mg_rowtext_open(&r->rows, to, most, error);
}

/* Reads the file once; r->wrong: it failed since a text isn't in its encoding. */
static int read_once(struct reading *r, const char *to, const char *encoding, struct mg_error *error)
{
    readstat_error_t code = READSTAT_OK;
    int rc = begin(r, to, error);
    readstat_parser_t *parser = rc ? NULL : new_parser(r, encoding);
    if (!rc && !parser)
        rc = mg_fail_memory(error);
    if (!rc) {
        code = r->format->parse(parser, "", r);
        code = code == READSTAT_OK && is_cut(r) ? READSTAT_ERROR_READ : code;
        rc = r->rc;
    }
    if (parser)
        readstat_parser_free(parser);
    bool failed = mg_rowtext_failed(&r->rows); /* said by closing */
    r->wrong = !rc && !failed && !r->raw && (r->wrong || is_conversion(code));
    if (r->wrong)
        rc = fail_code(r, READSTAT_ERROR_CONVERT, error);
    else if (!rc && !failed && (code != READSTAT_OK || !r->n_columns))
        rc = fail_code(r, code ? code : READSTAT_ERROR_PARSE, error);
    else if (!rc && !r->headed)
        write_header(r);
    if (!rc && r->raw && r->texts.len)
        mg_rowtext_text(&r->rows, r->texts.data, r->texts.len);
    return mg_rowtext_close(&r->rows, r->name, rc, error);
}

/* Finds the encoding out; *ret_encoding: "" where all is ASCII, and the file was read. */
static int find_encoding(struct reading *r, const char *to, const char **ret_encoding, struct mg_error *error)
{
    struct mg_encoding found;
    r->raw = true;
    int rc = read_once(r, to, NULL, error);
    r->raw = false;
    *ret_encoding = "";
    if (!rc && r->foreign) {
        rc = mg_encoding_detect(to, r->name, r->options->stop, &found, error);
        *ret_encoding = rc ? "" : found.name;
    }
    return rc;
}

/* Stata's files of before version 118 don't say their encoding. */
static bool says_encoding(const struct reading *r)
{
    static const char mark[] = "<stata_dta><header><release>";
    char head[sizeof mark + 3] = "";
    if (r->format->format != MG_FILE_DTA)
        return true;
    ssize_t n = pread(r->fd, head, sizeof head - 1, 0);
    return n > 0 && memcmp(head, mark, sizeof mark - 1) == 0 && strcmp(head + sizeof mark - 1, "118") >= 0;
}

static int read_any(struct reading *r, const char *to, const char **ret_guessed, struct mg_error *error)
{
    const char *told = r->options->encoding;
    bool given = told && *told;
    int rc = MG_E_INVALID;
    *ret_guessed = "";
    if (given || says_encoding(r)) {
        rc = read_once(r, to, told, error);
        if (!rc || given || !r->wrong)
            return rc;
    }
    if (error) /* it is no failure yet */
        *error = (struct mg_error){.lang = error->lang};
    rc = find_encoding(r, to, ret_guessed, error);
    return !rc && **ret_guessed ? read_once(r, to, *ret_guessed, error) : rc;
}

static void describe(struct reading *r, const char *guessed, struct mg_unpacked *ret)
{
    for (size_t i = 0; i < r->n_columns; i++) {
        const struct label_set *set = r->columns[i].set == SIZE_MAX ? NULL : &r->sets[r->columns[i].set];
        if (set && set->n && !r->columns[i].text) {
            r->told[i].labels = set->labels;
            r->told[i].n_labels = set->n;
        }
    }
    *ret = (struct mg_unpacked){.format = r->format->format,
                                .counted = MG_COUNTED_CASES,
                                .above = 1,
                                .told = r->told,
                                .n_told = r->n_columns};
    if (*guessed)
        mg_note_add(r->arena, ret->notes, &ret->n_notes, MG_UNPACK_NOTES_MAX,
                    MG_TEXT("The texts of the file were read as %s."), guessed);
    if (is_of_release_6(r))
        mg_note_add(r->arena, ret->notes, &ret->n_notes, MG_UNPACK_NOTES_MAX,
                    MG_TEXT("Labels of values can't be read from a file of Stata 6; the numbers stay."));
    if (r->labelled_texts)
        mg_note_add(r->arena, ret->notes, &ret->n_notes, MG_UNPACK_NOTES_MAX,
                    MG_TEXT("Labels of texts (such as “m” for “male”) are left out; the texts stay."));
}

static int open_file(struct reading *r, const char *from, struct mg_error *error)
{
    FILE *file;
    struct stat info;
    int rc = mg_file_open(from, r->name, &file, error);
    if (rc)
        return rc;
    r->fd = fstat(fileno(file), &info) ? -1 : fcntl(fileno(file), F_DUPFD_CLOEXEC, 0);
    r->size = info.st_size;
    fclose(file);
    return r->fd < 0 ? mg_fail(error, MG_E_IO, "%s can't be read.", r->name) : 0;
}

static int unpack(const struct format *format, const char *from, const char *name,
                  const struct mg_unpack_options *options, const char *to, struct mg_arena *arena,
                  struct mg_unpacked *ret_unpacked, struct mg_error *error)
{
    struct reading r = {
        .name = name, .options = options, .format = format, .arena = arena, .fd = -1, .error = error};
    const char *guessed = "";
    mg_buf_init(&r.texts, TEXTS_BYTES_MAX);
    int rc = open_file(&r, from, error);
    if (!rc)
        rc = read_any(&r, to, &guessed, error);
    if (!rc)
        describe(&r, guessed, ret_unpacked);
    if (r.fd >= 0)
        close(r.fd);
    mg_buf_done(&r.texts);
    mg_arena_free(r.work);
    return rc;
}

int mg_unpack_sav(const char *from, const char *name, const struct mg_unpack_options *options, const char *to,
                  struct mg_arena *arena, struct mg_unpacked *ret_unpacked, struct mg_error *error)
{
    return unpack(&formats[0], from, name, options, to, arena, ret_unpacked, error);
}

int mg_unpack_dta(const char *from, const char *name, const struct mg_unpack_options *options, const char *to,
                  struct mg_arena *arena, struct mg_unpacked *ret_unpacked, struct mg_error *error)
{
    return unpack(&formats[1], from, name, options, to, arena, ret_unpacked, error);
}

int mg_unpack_sas(const char *from, const char *name, const struct mg_unpack_options *options, const char *to,
                  struct mg_arena *arena, struct mg_unpacked *ret_unpacked, struct mg_error *error)
{
    return unpack(&formats[2], from, name, options, to, arena, ret_unpacked, error);
}
