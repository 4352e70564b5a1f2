/* What .sav and .dta have in common; see stat.h. */
#include "exchange/out/stat.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

#define FILE_BUFFER ((size_t)1 << 18)
#define LABEL_BYTES 512

/* ---- the file ---- */

static ssize_t write_bytes(const void *bytes, size_t n, void *user)
{
    struct mg_out_stat *stat = user;
    if (fwrite(bytes, 1, n, stat->file) == n)
        return (ssize_t)n;
    stat->write_errno = errno;
    return -1;
}

int mg_out_stat_result(const struct mg_out_stat *stat, readstat_error_t why, struct mg_error *error)
{
    if (why == READSTAT_OK)
        return 0;
    if (why == READSTAT_ERROR_MALLOC)
        return mg_fail_memory(error);
    if (why == READSTAT_ERROR_WRITE)
        return mg_out_failed(stat->write_errno, error);
    return mg_fail(error, MG_E_UNSUPPORTED, "The file could not be written: %s.",
                   readstat_error_message(why));
}

static enum mg_out_stat_kind kind_of(const struct mg_out_column *column, const struct mg_out_facts *facts)
{
    if (column->type == MG_TYPE_TEXT)
        return MG_OUT_STAT_TEXT;
    if (column->type != MG_TYPE_TIME)
        return MG_OUT_STAT_NUMBER;
    return facts->clock ? MG_OUT_STAT_CLOCK : MG_OUT_STAT_DAY;
}

int mg_out_stat_new(struct mg_out *out, const struct mg_out_stat_limits *limits,
                    struct mg_out_stat **ret_stat, struct mg_error *error)
{
    struct mg_out_stat *stat = out->own = mg_arena_alloc(out->arena, sizeof *stat);
    if (!stat)
        return mg_fail_memory(error);
    stat->columns = mg_arena_array(out->arena, out->n, sizeof *stat->columns);
    stat->cut = mg_arena_alloc(out->arena, limits->text + 1);
    stat->buffer = mg_arena_alloc(out->arena, FILE_BUFFER);
    if (!stat->columns || !stat->cut || !stat->buffer)
        return mg_fail_memory(error);
    int rc = mg_out_file_open(out, &stat->file, error);
    if (rc)
        return rc;
    setvbuf(stat->file, stat->buffer, _IOFBF, FILE_BUFFER);
    stat->writer = readstat_writer_init();
    if (!stat->writer)
        return mg_fail_memory(error);
    readstat_set_data_writer(stat->writer, write_bytes);
    for (size_t c = 0; c < out->n; c++) {
        size_t longest = out->facts[c].longest;
        stat->columns[c].kind = kind_of(&out->columns[c], &out->facts[c]);
        stat->columns[c].width = longest == 0 ? 1 : longest > limits->text ? limits->text : longest;
    }
    *ret_stat = stat;
    return 0;
}

void mg_out_stat_drop(struct mg_out *out)
{
    struct mg_out_stat *stat = out->own;
    if (!stat)
        return;
    if (stat->writer)
        readstat_writer_free(stat->writer);
    if (stat->file)
        fclose(stat->file);
}

/* ---- labels ---- */

/* Bytes of the longest prefix of whole characters within both limits. */
static size_t fit(const char *text, size_t bytes, size_t characters)
{
    const char *at = text;
    for (size_t i = 0; i < characters && *at; i++) {
        const char *from = at;
        mg_utf8_next(&at);
        if ((size_t)(at - text) > bytes)
            return (size_t)(from - text);
    }
    return (size_t)(at - text);
}

void mg_out_stat_label(struct mg_out *out, const struct mg_out_stat_limits *limits, size_t column,
                       const char *name)
{
    const struct mg_out_stat *stat = out->own;
    const struct mg_out_column *from = &out->columns[column];
    const char *label = mg_out_label(out, from);
    bool renamed = strcmp(name, from->name) != 0, both = renamed && *label && strcmp(label, from->name) != 0;
    const char *text = both      ? mg_arena_printf(out->arena, "%s: %s", from->name, label)
                       : *label  ? label
                       : renamed ? from->name
                                 : "";
    char cut[LABEL_BYTES];
    if (!text)
        text = label;
    size_t n = fit(text, limits->label, limits->label_characters);
    memcpy(cut, text, n);
    cut[n] = '\0';
    if (text[n])
        mg_out_lose(out, MG_TEXT("The label of “%.80s” is cut; one of %s holds %zu characters."), from->name,
                    limits->name, limits->label_characters);
    readstat_variable_set_label(stat->columns[column].variable, cut);
}

const char *mg_out_stat_value_label(const struct mg_out_stat_limits *limits, const char *text, char *scratch,
                                    size_t *n_cut)
{
    size_t n = strlen(text), kept = mg_utf8_cut(text, n, limits->value_label);
    *n_cut += kept < n;
    memcpy(scratch, text, kept);
    scratch[kept] = '\0';
    return scratch;
}

size_t mg_out_stat_same_labels(const struct mg_out *out, size_t column)
{
    const struct mg_out_column *columns = out->columns;
    for (size_t c = 0; c < column; c++)
        if (columns[c].labels == columns[column].labels && columns[c].n_labels == columns[column].n_labels &&
            columns[c].codes == columns[column].codes && columns[c].n_codes == columns[column].n_codes)
            return c;
    return column;
}

bool mg_out_stat_label_again(const struct mg_out_column *column, size_t i)
{
    for (size_t before = 0; before < i; before++)
        if (column->labels[before].value == column->labels[i].value)
            return true;
    return false;
}

/* ---- cells ---- */

int mg_out_stat_missing(struct mg_out *out, size_t column, struct mg_error *error)
{
    const struct mg_out_stat *stat = out->own;
    return mg_out_stat_result(
        stat, readstat_insert_missing_value(stat->writer, stat->columns[column].variable), error);
}

int mg_out_stat_text(struct mg_out *out, size_t column, const struct mg_out_cell *cell,
                     struct mg_error *error)
{
    struct mg_out_stat *stat = out->own;
    struct mg_out_stat_column *to = &stat->columns[column];
    char scratch[MG_OUT_TIME_SIZE];
    const char *text = mg_out_cell_text(cell, scratch);
    size_t n = text ? strlen(text) : 0;
    if (n > to->width) {
        n = mg_utf8_cut(text, n, to->width);
        memcpy(stat->cut, text, n);
        stat->cut[n] = '\0';
        text = stat->cut;
        out->facts[column].n_changed++;
    }
    if (n == 0)
        return mg_out_stat_missing(out, column, error);
    return mg_out_stat_result(stat, readstat_insert_string_value(stat->writer, to->variable, text), error);
}

bool mg_out_stat_number(struct mg_out *out, size_t column, const struct mg_out_cell *cell, double *ret_number)
{
    const struct mg_out_stat *stat = out->own;
    bool time = stat->columns[column].kind != MG_OUT_STAT_NUMBER;
    bool fits = cell->kind == (time ? MG_OUT_TIME : MG_OUT_NUMBER);
    if (cell->kind == MG_OUT_MISSING || (cell->kind == MG_OUT_TEXT && (!cell->text || !*cell->text)))
        return false;
    if (fits && fabs(cell->number) < MG_OUT_STAT_NUMBER_MAX) {
        *ret_number = cell->number;
        return true;
    }
    out->facts[column].n_changed += fits;
    return false;
}

/* ---- the end ---- */

static void say_losses(struct mg_out *out, const struct mg_out_stat_limits *limits)
{
    const struct mg_out_stat *stat = out->own;
    for (size_t c = 0; c < out->n; c++) {
        const struct mg_out_facts *facts = &out->facts[c];
        const char *name = out->columns[c].name;
        if (facts->n_strange)
            mg_out_lose(
                out,
                MG_TEXT(
                    "“%.80s”: %lld ‹cell is|cells are› empty; what stood there isn't of the column's type."),
                name, (long long)facts->n_strange);
        if (!facts->n_changed)
            continue;
        if (stat->columns[c].kind == MG_OUT_STAT_TEXT)
            mg_out_lose(out, MG_TEXT("“%.80s”: %lld ‹text is|texts are› cut; %s holds %zu bytes."), name,
                        (long long)facts->n_changed, limits->name, limits->text);
        else
            mg_out_lose(out,
                        MG_TEXT("“%.80s”: %lld ‹cell|cells› %s can't hold as they were: numbers beyond its "
                                "range are empty, times rounded."),
                        name, (long long)facts->n_changed, limits->name);
    }
}

int mg_out_stat_end(struct mg_out *out, const struct mg_out_stat_limits *limits, struct mg_error *error)
{
    struct mg_out_stat *stat = out->own;
    int rc = mg_out_stat_result(stat, readstat_end_writing(stat->writer), error);
    FILE *file = stat->file;
    stat->file = NULL;
    if (fclose(file) != 0 && rc == 0)
        rc = mg_out_failed(errno, error);
    say_losses(out, limits);
    return rc;
}
