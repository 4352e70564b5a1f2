/* SPSS .sav out: numbers as they are, texts at their longest, dates as dates, labels, up to three codes for
 * no answer. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "exchange/out/names.h"
#include "exchange/out/stat.h"

#define EPOCH_SECONDS 12219379200.0 /* from 14 October 1582 to 1970 */
#define SPLIT_BEYOND 255            /* bytes of a text that SPSS keeps in one piece */
/* Longer ones are kept in parts, each a variable whose name ReadStat ends in one of 0–9 and A–Z: with more
 * parts names repeat, and R's foreign no longer opens the file. */
#define PART_BYTES 252
#define PARTS_MAX 36
#define CODES_MAX 3
#define TITLE_BYTES 64

static const struct mg_out_stat_limits limits = {.name = "SPSS",
                                                 .text = PARTS_MAX * PART_BYTES,
                                                 .label = 255,
                                                 .label_characters = 255,
                                                 .value_label = 120};

/* ---- the head ---- */

static void set_format(readstat_variable_t *variable, enum mg_out_stat_kind kind,
                       const struct mg_out_facts *facts)
{
    if (kind == MG_OUT_STAT_DAY)
        readstat_variable_set_format(variable, "SDATE10");
    else if (kind == MG_OUT_STAT_CLOCK)
        readstat_variable_set_format(variable, "DATETIME20");
    else if (kind == MG_OUT_STAT_NUMBER && !facts->fractions)
        readstat_variable_set_format(variable,
                                     fabs(facts->low) < 1e7 && fabs(facts->high) < 1e7 ? "F8.0" : "F20.0");
}

static void add_labels(struct mg_out *out, size_t c, readstat_label_set_t **sets)
{
    struct mg_out_stat *stat = out->own;
    const struct mg_out_column *column = &out->columns[c];
    size_t same = mg_out_stat_same_labels(out, c), n_cut = 0;
    if (!sets[same]) {
        char name[32], text[121];
        snprintf(name, sizeof name, "labels%zu", c + 1);
        sets[same] = readstat_add_label_set(stat->writer, READSTAT_TYPE_DOUBLE, name);
        for (size_t i = 0; i < column->n_labels && sets[same]; i++)
            if (isfinite(column->labels[i].value) && !mg_out_stat_label_again(column, i))
                readstat_label_double_value(
                    sets[same], column->labels[i].value,
                    mg_out_stat_value_label(&limits, column->labels[i].text, text, &n_cut));
    }
    if (sets[same])
        readstat_variable_set_label_set(stat->columns[c].variable, sets[same]);
    if (n_cut)
        mg_out_lose(out, MG_TEXT("“%.80s”: %zu ‹label|labels› of values cut; one of %s holds %zu bytes."),
                    column->name, n_cut, limits.name, limits.value_label);
}

/* Three, or a range and one. */
static void add_codes(struct mg_out *out, size_t c)
{
    const struct mg_out_stat *stat = out->own;
    const struct mg_out_column *column = &out->columns[c];
    bool range = mg_out_has_range(column);
    size_t most = range ? 1 : CODES_MAX;
    if (range)
        readstat_variable_add_missing_double_range(stat->columns[c].variable, column->missing_low,
                                                   column->missing_high);
    for (size_t i = 0; i < column->n_codes && i < most; i++)
        readstat_variable_add_missing_double_value(stat->columns[c].variable, column->codes[i]);
    if (column->n_codes > most)
        mg_out_lose(out,
                    MG_TEXT("“%.80s”: of its %zu codes for no answer SPSS declares only %zu; the others are "
                            "plain numbers there."),
                    column->name, column->n_codes, most);
}

static int add_variable(struct mg_out *out, size_t c, const char *name, readstat_label_set_t **sets,
                        struct mg_error *error)
{
    struct mg_out_stat *stat = out->own;
    struct mg_out_stat_column *to = &stat->columns[c];
    bool text = to->kind == MG_OUT_STAT_TEXT;
    to->variable = readstat_add_variable(
        stat->writer, name, text ? READSTAT_TYPE_STRING : READSTAT_TYPE_DOUBLE, text ? to->width : 0);
    if (!to->variable)
        return mg_fail_memory(error);
    mg_out_stat_label(out, &limits, c, name);
    set_format(to->variable, to->kind, &out->facts[c]);
    bool labelled = to->kind == MG_OUT_STAT_NUMBER && out->columns[c].n_labels > 0;
    readstat_variable_set_measure(to->variable, text       ? READSTAT_MEASURE_NOMINAL
                                                : labelled ? READSTAT_MEASURE_ORDINAL
                                                           : READSTAT_MEASURE_SCALE);
    if (labelled)
        add_labels(out, c, sets);
    if (to->kind == MG_OUT_STAT_NUMBER)
        add_codes(out, c);
    return 0;
}

static int make_names(struct mg_out *out, const struct mg_out_stat *stat, const char ***ret_names,
                      struct mg_error *error)
{
    bool *split = mg_arena_array(out->arena, out->n, sizeof *split);
    if (!split)
        return mg_fail_memory(error);
    for (size_t c = 0; c < out->n; c++)
        split[c] = stat->columns[c].kind == MG_OUT_STAT_TEXT && stat->columns[c].width > SPLIT_BEYOND;
    return mg_out_names_sav(out->arena, out->columns, split, out->n, ret_names, error);
}

static int begin_sav(struct mg_out *out, struct mg_error *error)
{
    struct mg_out_stat *stat;
    const char **names = NULL, *title = out->options.title ? out->options.title : "";
    char cut[TITLE_BYTES + 1] = "";
    readstat_label_set_t **sets = mg_arena_array(out->arena, out->n, sizeof *sets);
    int rc = sets ? mg_out_stat_new(out, &limits, &stat, error) : mg_fail_memory(error);
    if (rc == 0)
        rc = make_names(out, stat, &names, error);
    for (size_t c = 0; c < out->n && rc == 0; c++)
        rc = add_variable(out, c, names[c], sets, error);
    if (rc)
        return rc;
    memcpy(cut, title, mg_utf8_cut(title, strlen(title), TITLE_BYTES));
    readstat_writer_set_file_label(stat->writer, cut);
    readstat_writer_set_compression(stat->writer, READSTAT_COMPRESS_ROWS);
    return mg_out_stat_result(stat, readstat_begin_writing_sav(stat->writer, stat, (long)out->rows), error);
}

/* ---- rows ---- */

static double as_spss(enum mg_out_stat_kind kind, double number)
{
    return kind == MG_OUT_STAT_NUMBER ? number : number / 1e6 + EPOCH_SECONDS;
}

static int row_sav(struct mg_out *out, const struct mg_out_cell *cells, struct mg_error *error)
{
    struct mg_out_stat *stat = out->own;
    double number;
    int rc = mg_out_stat_result(stat, readstat_begin_row(stat->writer), error);
    for (size_t c = 0; c < out->n && rc == 0; c++) {
        const struct mg_out_stat_column *to = &stat->columns[c];
        if (to->kind == MG_OUT_STAT_TEXT)
            rc = mg_out_stat_text(out, c, &cells[c], error);
        else if (mg_out_stat_number(out, c, &cells[c], &number))
            rc = mg_out_stat_result(
                stat, readstat_insert_double_value(stat->writer, to->variable, as_spss(to->kind, number)),
                error);
        else
            rc = mg_out_stat_missing(out, c, error);
    }
    return rc ? rc : mg_out_stat_result(stat, readstat_end_row(stat->writer), error);
}

static int end_sav(struct mg_out *out, struct mg_error *error)
{
    return mg_out_stat_end(out, &limits, error);
}

const struct mg_out_kind_of_file mg_out_sav = {.name = "sav",
                                               .ending = ".sav",
                                               .media = "application/x-spss-sav",
                                               .rows_max = INT32_MAX,
                                               .columns_first = true,
                                               .begin = begin_sav,
                                               .row = row_sav,
                                               .end = end_sav,
                                               .drop = mg_out_stat_drop};
