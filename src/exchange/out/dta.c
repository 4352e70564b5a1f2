/* Stata .dta out (version 118, UTF-8): numbers in the smallest type that holds them all, codes for no answer
 * as Stata's own .a to .z, dates as dates, labels. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "exchange/out/names.h"
#include "exchange/out/stat.h"

#define VERSION 118
#define EPOCH_DAYS 3653 /* from 1960 to 1970 */
#define MS_A_DAY 86400000.0
#define CODES_MAX 26
#define TITLE_CHARACTERS 80

static const struct mg_out_stat_limits limits = {
    .name = "Stata", .text = 2045, .label = 320, .label_characters = 80, .value_label = 32000};

/* ---- the head ---- */

static bool within(const struct mg_out_facts *facts, double low, double high)
{
    return !facts->fractions && facts->low >= low && facts->high <= high;
}

/* Whole numbers of Stata end before the type's own end, where its kinds of missing begin. */
static readstat_type_t type_of(const struct mg_out_stat_column *column, const struct mg_out_facts *facts)
{
    if (column->kind == MG_OUT_STAT_TEXT)
        return READSTAT_TYPE_STRING;
    if (column->kind == MG_OUT_STAT_DAY)
        return READSTAT_TYPE_INT32;
    if (column->kind == MG_OUT_STAT_CLOCK)
        return READSTAT_TYPE_DOUBLE;
    if (within(facts, -127, 100))
        return READSTAT_TYPE_INT8;
    if (within(facts, -32767, 32740))
        return READSTAT_TYPE_INT16;
    return within(facts, -2147483647, 2147483620) ? READSTAT_TYPE_INT32 : READSTAT_TYPE_DOUBLE;
}

/* Place of the number among the codes for no answer; CODES_MAX: it is none. */
static size_t code_of(const struct mg_out_column *column, double number)
{
    for (size_t i = 0; i < column->n_codes && i < CODES_MAX; i++)
        if (column->codes[i] == number)
            return i;
    return CODES_MAX;
}

static bool is_long(double value)
{
    return value == floor(value) && fabs(value) <= 2147483620;
}

struct counts {
    size_t cut, left_out;
};

static void fill_set(const struct mg_out_column *column, readstat_label_set_t *set, char *scratch,
                     struct counts *counts)
{
    bool named[CODES_MAX] = {false};
    for (size_t i = 0; i < column->n_labels; i++) {
        double value = column->labels[i].value;
        size_t code = code_of(column, value);
        if (!isfinite(value) || mg_out_stat_label_again(column, i))
            continue;
        const char *text = mg_out_stat_value_label(&limits, column->labels[i].text, scratch, &counts->cut);
        if (code < CODES_MAX)
            readstat_label_tagged_value(set, (char)('a' + code), text);
        else if (is_long(value))
            readstat_label_int32_value(set, (int32_t)value, text);
        else
            counts->left_out++;
        if (code < CODES_MAX)
            named[code] = true;
    }
    for (size_t i = 0; i < column->n_codes && i < CODES_MAX; i++) {
        char number[32];
        mg_format_double(column->codes[i], number);
        if (!named[i])
            readstat_label_tagged_value(set, (char)('a' + i), number);
    }
}

static int add_labels(struct mg_out *out, size_t c, readstat_label_set_t **sets, struct mg_error *error)
{
    struct mg_out_stat *stat = out->own;
    const struct mg_out_column *column = &out->columns[c];
    size_t same = mg_out_stat_same_labels(out, c);
    struct counts counts = {0};
    if (!sets[same]) {
        char name[32], *scratch = malloc(limits.value_label + 1);
        snprintf(name, sizeof name, "labels%zu", c + 1);
        sets[same] = scratch ? readstat_add_label_set(stat->writer, READSTAT_TYPE_INT32, name) : NULL;
        if (sets[same])
            fill_set(column, sets[same], scratch, &counts);
        free(scratch);
        if (!sets[same])
            return mg_fail_memory(error);
    }
    readstat_variable_set_label_set(stat->columns[c].variable, sets[same]);
    if (counts.cut)
        mg_out_lose(out, MG_TEXT("“%.80s”: %zu ‹label|labels› of values cut; one of %s holds %zu bytes."),
                    column->name, counts.cut, limits.name, limits.value_label);
    if (counts.left_out)
        mg_out_lose(
            out, MG_TEXT("“%.80s”: %zu ‹label|labels› of values left out; Stata labels whole numbers only."),
            column->name, counts.left_out);
    return 0;
}

static int add_variable(struct mg_out *out, size_t c, const char *name, readstat_label_set_t **sets,
                        struct mg_error *error)
{
    struct mg_out_stat *stat = out->own;
    struct mg_out_stat_column *to = &stat->columns[c];
    const struct mg_out_column *column = &out->columns[c];
    to->variable = readstat_add_variable(stat->writer, name, type_of(to, &out->facts[c]),
                                         to->kind == MG_OUT_STAT_TEXT ? to->width : 0);
    if (!to->variable)
        return mg_fail_memory(error);
    mg_out_stat_label(out, &limits, c, name);
    if (to->kind == MG_OUT_STAT_DAY || to->kind == MG_OUT_STAT_CLOCK)
        readstat_variable_set_format(to->variable, to->kind == MG_OUT_STAT_DAY ? "%td" : "%tc");
    if (column->n_codes > CODES_MAX)
        mg_out_lose(out,
                    MG_TEXT("“%.80s”: of its %zu codes for no answer Stata declares only %d; the others are "
                            "plain numbers there."),
                    column->name, column->n_codes, CODES_MAX);
    if (mg_out_has_range(column))
        mg_out_lose(out,
                    MG_TEXT("“%.80s”: Stata declares no range of numbers for no answer; %g to %g are plain "
                            "numbers there."),
                    column->name, column->missing_low, column->missing_high);
    bool labelled = to->kind == MG_OUT_STAT_NUMBER && column->n_labels + column->n_codes > 0;
    return labelled ? add_labels(out, c, sets, error) : 0;
}

static int begin_dta(struct mg_out *out, struct mg_error *error)
{
    struct mg_out_stat *stat;
    const char **names = NULL, *title = out->options.title ? out->options.title : "";
    char cut[TITLE_CHARACTERS + 1] = "";
    readstat_label_set_t **sets = mg_arena_array(out->arena, out->n, sizeof *sets);
    int rc = sets ? mg_out_stat_new(out, &limits, &stat, error) : mg_fail_memory(error);
    if (rc == 0)
        rc = mg_out_names_dta(out->arena, out->columns, out->n, &names, error);
    for (size_t c = 0; c < out->n && rc == 0; c++)
        rc = add_variable(out, c, names[c], sets, error);
    if (rc)
        return rc;
    memcpy(cut, title, mg_utf8_cut(title, strlen(title), TITLE_CHARACTERS));
    readstat_writer_set_file_label(stat->writer, cut);
    readstat_writer_set_file_format_version(stat->writer, VERSION);
    return mg_out_stat_result(stat, readstat_begin_writing_dta(stat->writer, stat, (long)out->rows), error);
}

/* ---- rows ---- */

static readstat_error_t insert(readstat_writer_t *writer, const readstat_variable_t *variable, double number)
{
    switch (readstat_variable_get_type(variable)) {
    case READSTAT_TYPE_INT8:
        return readstat_insert_int8_value(writer, variable, (int8_t)number);
    case READSTAT_TYPE_INT16:
        return readstat_insert_int16_value(writer, variable, (int16_t)number);
    case READSTAT_TYPE_INT32:
        return readstat_insert_int32_value(writer, variable, (int32_t)number);
    default:
        return readstat_insert_double_value(writer, variable, number);
    }
}

/* In Stata's days or milliseconds. */
static double as_stata(struct mg_out *out, size_t c, enum mg_out_stat_kind kind, double us)
{
    if (kind == MG_OUT_STAT_DAY)
        return us / MG_OUT_DAY_US + EPOCH_DAYS;
    out->facts[c].n_changed += fmod(us, 1000) != 0;
    return floor(us / 1000) + EPOCH_DAYS * MS_A_DAY;
}

static int put_number(struct mg_out *out, size_t c, double number, struct mg_error *error)
{
    struct mg_out_stat *stat = out->own;
    const struct mg_out_stat_column *to = &stat->columns[c];
    size_t code = to->kind == MG_OUT_STAT_NUMBER ? code_of(&out->columns[c], number) : CODES_MAX;
    readstat_error_t why =
        code < CODES_MAX
            ? readstat_insert_tagged_missing_value(stat->writer, to->variable, (char)('a' + code))
            : insert(stat->writer, to->variable,
                     to->kind == MG_OUT_STAT_NUMBER ? number : as_stata(out, c, to->kind, number));
    return mg_out_stat_result(stat, why, error);
}

static int row_dta(struct mg_out *out, const struct mg_out_cell *cells, struct mg_error *error)
{
    struct mg_out_stat *stat = out->own;
    double number;
    int rc = mg_out_stat_result(stat, readstat_begin_row(stat->writer), error);
    for (size_t c = 0; c < out->n && rc == 0; c++) {
        if (stat->columns[c].kind == MG_OUT_STAT_TEXT)
            rc = mg_out_stat_text(out, c, &cells[c], error);
        else if (mg_out_stat_number(out, c, &cells[c], &number))
            rc = put_number(out, c, number, error);
        else
            rc = mg_out_stat_missing(out, c, error);
    }
    return rc ? rc : mg_out_stat_result(stat, readstat_end_row(stat->writer), error);
}

static int end_dta(struct mg_out *out, struct mg_error *error)
{
    return mg_out_stat_end(out, &limits, error);
}

const struct mg_out_kind_of_file mg_out_dta = {.name = "dta",
                                               .ending = ".dta",
                                               .media = "application/x-stata-dta",
                                               .rows_max = INT32_MAX,
                                               .columns_first = true,
                                               .begin = begin_dta,
                                               .row = row_dta,
                                               .end = end_dta,
                                               .drop = mg_out_stat_drop};
