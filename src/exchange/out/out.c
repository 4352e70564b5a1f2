/* The one writer of all formats: facts of the columns, limits, the report; see out.h. */
#include "exchange/out/out.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/format.h"
#include "base/json.h"
#include "base/str.h"
#include "column/file.h"
#include "exchange/out/private.h"

#define ROWS_BETWEEN_LOOKS 64
#define SENTENCE_MAX 600

static const struct mg_out_kind_of_file *const kinds[] = {
    [MG_OUT_CSV] = &mg_out_csv, [MG_OUT_XLSX] = &mg_out_xlsx,   [MG_OUT_SAV] = &mg_out_sav,
    [MG_OUT_DTA] = &mg_out_dta, [MG_OUT_JSONL] = &mg_out_jsonl, [MG_OUT_PARQUET] = &mg_out_parquet,
};

/* ---- formats ---- */

const char *mg_out_name(enum mg_out_format format)
{
    return kinds[format]->name;
}

const char *mg_out_ending(enum mg_out_format format)
{
    return kinds[format]->ending;
}

const char *mg_out_media(enum mg_out_format format)
{
    return kinds[format]->media;
}

bool mg_out_by_name(const char *name, enum mg_out_format *ret_format)
{
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (mg_str_equal_nocase(kinds[i]->name, name)) {
            *ret_format = (enum mg_out_format)i;
            return true;
        }
    return false;
}

int mg_out_by_ending(const char *path, enum mg_out_format *ret_format, struct mg_error *error)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
    if (dot && mg_out_by_name(dot + 1, ret_format))
        return 0;
    mg_fail(error, MG_E_UNSUPPORTED, "The name %s doesn't say what kind of file to write.", name);
    mg_fail_hint(error, "Let it end in .csv, .xlsx, .sav, .dta, .jsonl or .parquet.");
    return MG_E_UNSUPPORTED;
}

/* ---- the report ---- */

static struct mg_text in_both(struct mg_arena *arena, const char *format, va_list args)
{
    const char *copies[2] = {0};
    for (enum mg_lang lang = MG_LANG_EN; lang <= MG_LANG_ZH; lang++) {
        char text[SENTENCE_MAX];
        va_list again;
        va_copy(again, args);
        mg_tr_format(text, sizeof text, lang, format, again);
        va_end(again);
        mg_format_counts(text);
        copies[lang] = mg_arena_strdup(arena, text);
    }
    return (struct mg_text){copies[MG_LANG_EN], copies[MG_LANG_ZH]};
}

__attribute__((format(printf, 2, 3))) static struct mg_text sentence(struct mg_arena *arena,
                                                                     const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct mg_text text = in_both(arena, format, args);
    va_end(args);
    return text;
}

void mg_out_lose(struct mg_out *out, const char *format, ...)
{
    if (out->n_losses + 1 >= MG_OUT_LOSSES_MAX) {
        out->n_more++;
        return;
    }
    va_list args;
    va_start(args, format);
    out->losses[out->n_losses++] = in_both(out->arena, format, args);
    va_end(args);
}

bool mg_out_has_range(const struct mg_out_column *column)
{
    return column->missing_low < column->missing_high;
}

void mg_out_lose_labels(struct mg_out *out, const char *name)
{
    size_t labels = 0, values = 0, codes = 0;
    for (size_t c = 0; c < out->n; c++) {
        labels += *mg_out_label(out, &out->columns[c]) != '\0';
        values += out->columns[c].n_labels > 0;
        codes += out->columns[c].n_codes > 0 || mg_out_has_range(&out->columns[c]);
    }
    if (labels)
        mg_out_lose(out,
                    MG_TEXT("%s keeps no labels of columns: those of %zu ‹column|columns› aren't in it."),
                    name, labels);
    if (values)
        mg_out_lose(out, MG_TEXT("%s keeps no labels of values: those of %zu ‹column|columns› aren't in it."),
                    name, values);
    if (codes)
        mg_out_lose(out,
                    MG_TEXT("%s doesn't say which numbers are no answers: they are plain numbers in %zu "
                            "‹column|columns›."),
                    name, codes);
}

/* ---- cells ---- */

void mg_out_time_text(double us, char ret_text[MG_OUT_TIME_SIZE])
{
    double seconds = floor(us / 1e6);
    int fraction = (int)(us - seconds * 1e6);
    char whole[32];
    mg_time_format((int64_t)(seconds * 1e6), whole);
    if (fraction == 0) {
        snprintf(ret_text, MG_OUT_TIME_SIZE, "%s", whole);
        return;
    }
    whole[strcspn(whole, "Z")] = '\0';
    size_t n = (size_t)snprintf(ret_text, MG_OUT_TIME_SIZE, "%s.%06d", whole, fraction);
    while (ret_text[n - 1] == '0')
        n--;
    ret_text[n] = 'Z';
    ret_text[n + 1] = '\0';
}

const char *mg_out_cell_text(const struct mg_out_cell *cell, char scratch[MG_OUT_TIME_SIZE])
{
    switch (cell->kind) {
    case MG_OUT_TEXT:
        return cell->text && *cell->text ? cell->text : NULL;
    case MG_OUT_TIME:
        if (cell->text)
            return cell->text;
        if (!isfinite(cell->number))
            return NULL;
        mg_out_time_text(cell->number, scratch);
        return scratch;
    case MG_OUT_NUMBER:
        if (!isfinite(cell->number))
            return NULL;
        mg_format_double(cell->number, scratch);
        return scratch;
    case MG_OUT_MISSING:
        break;
    }
    return NULL;
}

const char *mg_out_label(const struct mg_out *out, const struct mg_out_column *column)
{
    return mg_text_in(&column->label, out->options.lang, "");
}

static bool is_missing(const struct mg_out_cell *cell)
{
    if (cell->kind == MG_OUT_TEXT)
        return !cell->text || !*cell->text;
    return cell->kind == MG_OUT_MISSING || !isfinite(cell->number);
}

static void note_number(struct mg_out_facts *facts, double number)
{
    facts->low = facts->n_numbers == 0 || number < facts->low ? number : facts->low;
    facts->high = facts->n_numbers == 0 || number > facts->high ? number : facts->high;
    facts->fractions |= number != floor(number);
    facts->n_numbers++;
}

static void note_cell(const struct mg_out_column *column, struct mg_out_facts *facts,
                      const struct mg_out_cell *cell)
{
    if (is_missing(cell)) {
        facts->n_missing++;
        return;
    }
    if (column->type == MG_TYPE_TEXT) {
        char scratch[MG_OUT_TIME_SIZE];
        size_t n = strlen(mg_out_cell_text(cell, scratch));
        facts->longest = n > facts->longest ? n : facts->longest;
    }
    bool time = column->type == MG_TYPE_TIME, text = column->type == MG_TYPE_TEXT;
    facts->n_strange += !text && (cell->kind == MG_OUT_TEXT || (cell->kind == MG_OUT_TIME) != time);
    if (cell->kind == MG_OUT_NUMBER)
        note_number(facts, cell->number);
    facts->n_texts += cell->kind == MG_OUT_TEXT;
    if (cell->kind != MG_OUT_TIME)
        return;
    facts->n_times++;
    facts->clock |= fmod(cell->number, MG_OUT_DAY_US) != 0;
}

/* ---- the file ---- */

int mg_out_failed(int why, struct mg_error *error)
{
    if (why == ENOSPC || why == EDQUOT)
        return mg_file_fail("", why, error);
    return mg_fail(error, MG_E_IO, "The file could not be written.");
}

int mg_out_file_open(const struct mg_out *out, FILE **ret_file, struct mg_error *error)
{
    *ret_file = fopen(out->path, "wbe");
    return *ret_file ? 0 : mg_out_failed(errno, error);
}

static struct mg_out *out_new(struct mg_arena *arena, enum mg_out_format format, const char *path,
                              const struct mg_out_column *columns, size_t n,
                              const struct mg_out_options *options)
{
    struct mg_out *out = mg_arena_alloc(arena, sizeof *out);
    struct mg_out_facts *facts = mg_arena_array(arena, n, sizeof *facts);
    struct mg_text *losses = mg_arena_array(arena, MG_OUT_LOSSES_MAX, sizeof *losses);
    const char *copy = mg_arena_strdup(arena, path);
    if (!out || !facts || !losses || !copy)
        return NULL;
    *out = (struct mg_out){.kind = kinds[format],
                           .arena = arena,
                           .path = copy,
                           .columns = columns,
                           .n = n,
                           .facts = facts,
                           .losses = losses};
    if (options)
        out->options = *options;
    if (!out->options.temp_dir)
        out->options.temp_dir = "/tmp";
    return out;
}

static int begin(struct mg_out *out, struct mg_error *error)
{
    out->begun = true;
    return out->kind->begin(out, error);
}

int mg_out_open(struct mg_arena *arena, enum mg_out_format format, const char *path,
                const struct mg_out_column *columns, size_t n, const struct mg_out_options *options,
                struct mg_out **ret_out, struct mg_error *error)
{
    if (n == 0 || n > MG_COLUMN_COLUMNS_MAX)
        return mg_fail(error, MG_E_LIMIT, "A file of %zu columns can't be written; 1 to %d are allowed.", n,
                       MG_COLUMN_COLUMNS_MAX);
    struct mg_out *out = out_new(arena, format, path, columns, n, options);
    if (!out)
        return mg_fail_memory(error);
    int rc = out->kind->columns_first ? mg_out_spool_new(out->options.temp_dir, n, &out->spool, error)
                                      : begin(out, error);
    if (rc) {
        mg_out_drop(out);
        return rc;
    }
    *ret_out = out;
    return 0;
}

int mg_out_row(struct mg_out *out, const struct mg_out_cell *cells, struct mg_error *error)
{
    if (out->rows == out->kind->rows_max) {
        mg_fail(error, MG_E_LIMIT, "A %s file holds at most %lld rows, and there are more.",
                out->kind->ending, (long long)out->kind->rows_max);
        mg_fail_hint(error, "Write another format (CSV, JSONL and Parquet hold any number), or fewer rows.");
        return MG_E_LIMIT;
    }
    for (size_t c = 0; c < out->n; c++)
        note_cell(&out->columns[c], &out->facts[c], &cells[c]);
    int rc = out->spool ? mg_out_spool_add(out->spool, cells, error) : out->kind->row(out, cells, error);
    if (rc == 0 && ++out->rows % ROWS_BETWEEN_LOOKS == 0)
        rc = mg_stop_check(out->options.stop, error);
    return rc;
}

/* The rows that were kept back. */
static int write_spooled(struct mg_out *out, struct mg_error *error)
{
    const struct mg_out_cell *cells;
    int64_t row = 0;
    int rc = begin(out, error);
    if (rc == 0)
        rc = mg_out_spool_rewind(out->spool, error);
    while (rc == 0 && (rc = mg_out_spool_next(out->spool, &cells, error)) == 1) {
        rc = out->kind->row(out, cells, error);
        if (rc == 0 && ++row % ROWS_BETWEEN_LOOKS == 0)
            rc = mg_stop_check(out->options.stop, error);
    }
    return rc;
}

static void finish(struct mg_out *out)
{
    if (out->begun && out->kind->drop)
        out->kind->drop(out);
    mg_out_spool_free(out->spool);
}

int mg_out_close(struct mg_out *out, struct mg_out_report *ret_report, struct mg_error *error)
{
    int rc = out->spool ? write_spooled(out, error) : 0;
    if (rc == 0)
        rc = out->kind->end(out, error);
    if (rc) {
        mg_out_drop(out);
        return rc;
    }
    finish(out);
    if (out->n_more)
        out->losses[out->n_losses++] = sentence(
            out->arena, MG_TEXT("%zu more columns hold something that this format doesn't."), out->n_more);
    *ret_report = (struct mg_out_report){.rows = out->rows, .losses = out->losses, .n_losses = out->n_losses};
    return 0;
}

void mg_out_drop(struct mg_out *out)
{
    if (!out)
        return;
    finish(out);
    unlink(out->path);
}
