/* What somebody says of columns, put over what their cells say; see private.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "exchange/private.h"
#include "model/labels.h"

#define SHOWN_BYTES 96 /* of a cell that isn't understood, as evidence.h keeps them */

static size_t find_column(const struct mg_exchange *x, const char *name)
{
    for (size_t i = 0; i < x->n_columns; i++)
        if (strcmp(x->columns[i], name) == 0)
            return i;
    return SIZE_MAX;
}

/* --- readings --- */

/* 5 for 1, by the least and the greatest of them. */
static void flip(struct mg_cell_label *labels, size_t n)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        low = fmin(low, labels[i].value);
        high = fmax(high, labels[i].value);
    }
    for (size_t i = 0; i < n; i++)
        labels[i].value = low + high - labels[i].value; /* of NAN: NAN */
}

/* Whether the text is a numeral in the reading's marks, and of what. */
static bool is_number(const struct mg_reading *reading, const char *text, double *ret)
{
    struct mg_reading plain = mg_reading_plain();
    plain.decimal = reading->decimal ? reading->decimal : plain.decimal;
    return mg_cell_read(&plain, text, strlen(text), ret) == MG_READ_VALUE;
}

/* Where the label stands that reads like this one, or its place behind the last. */
static size_t place_of(const struct mg_cell_label *labels, size_t n, const char *text)
{
    struct mg_reading one = {.kind = MG_CELLS_NUMBER, .decimal = '.', .n_labels = 1};
    double value;
    for (size_t i = 0; i < n; i++) {
        one.labels = &labels[i];
        if (strcmp(labels[i].text, text) == 0 || mg_labels_find(&one, text, strlen(text), &value))
            return i;
    }
    return n;
}

/* A number is an answer, or none. */
static int take_code(double *codes, size_t *n, double number, double value, struct mg_error *error)
{
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++)
        if (codes[i] != number)
            codes[kept++] = codes[i];
    if (isnan(value))
        codes[kept++] = number;
    else if (value != number)
        return mg_fail(error, MG_E_INVALID, "The answer %g is a number: it counts as that, or as no answer.",
                       number);
    *n = kept;
    return 0;
}

static int take_labels(struct mg_arena *arena, const struct mg_exchange_correction *told,
                       struct mg_reading *reading, struct mg_error *error)
{
    size_t n = reading->n_labels, n_codes = reading->n_codes;
    struct mg_cell_label *labels = mg_arena_array(arena, n + told->n_labels, sizeof *labels);
    double *codes = mg_arena_array(arena, n_codes + told->n_labels, sizeof *codes);
    int rc = 0;
    if (!labels || !codes)
        return mg_fail_memory(error);
    if (n)
        memcpy(labels, reading->labels, n * sizeof *labels);
    if (n_codes)
        memcpy(codes, reading->codes, n_codes * sizeof *codes);
    if (told->flipped)
        flip(labels, n);
    for (size_t i = 0; i < told->n_labels && !rc; i++) {
        double number;
        if (is_number(reading, told->labels[i].text, &number)) {
            rc = take_code(codes, &n_codes, number, told->labels[i].value, error);
            continue;
        }
        size_t at = place_of(labels, n, told->labels[i].text);
        n += at == n;
        labels[at].text = mg_arena_strdup(arena, told->labels[i].text);
        labels[at].value = told->labels[i].value;
        if (!labels[at].text)
            rc = mg_fail_memory(error);
    }
    reading->labels = labels;
    reading->n_labels = n;
    reading->codes = codes;
    reading->n_codes = n_codes;
    reading->reversed_map ^= told->flipped;
    reading->index = n ? mg_label_index_new(arena, labels, n) : NULL;
    return rc || !n || reading->index ? rc : mg_fail_memory(error);
}

static int correct_reading(struct mg_arena *arena, const struct mg_exchange_correction *told,
                           struct mg_reading *reading, struct mg_error *error)
{
    if (told->kind_told)
        reading->kind = told->kind;
    else if (told->n_labels)
        reading->kind = MG_CELLS_NUMBER;
    if (told->order_told)
        reading->order = told->order;
    if (told->decimal) {
        reading->decimal = told->decimal;
        if (!reading->thousands || reading->thousands == told->decimal)
            reading->thousands = told->decimal == '.' ? ',' : '.';
    }
    return told->n_labels || told->flipped ? take_labels(arena, told, reading, error) : 0;
}

/* --- facts --- */

/* Columns whose cells are looked at once more. */
struct recount {
    const struct mg_exchange *x;
    const size_t *columns;
    size_t n;
    struct mg_cell_facts *facts;
    int64_t row;
};

static bool is_listed(const struct mg_cell_facts *facts, const char *text, size_t n)
{
    for (size_t i = 0; i < facts->n_shown; i++)
        if (strlen(facts->not_understood[i]) == n && memcmp(facts->not_understood[i], text, n) == 0)
            return true;
    return false;
}

static int list_cell(struct recount *count, struct mg_cell_facts *facts, const char *text, size_t n,
                     struct mg_error *error)
{
    n = mg_utf8_cut(text, n, SHOWN_BYTES);
    facts->n_not_understood++;
    if (facts->n_shown == MG_EVIDENCE_SHOWN || is_listed(facts, text, n))
        return 0;
    facts->not_understood_row[facts->n_shown] = count->row;
    facts->not_understood[facts->n_shown] = mg_arena_strndup(count->x->own->arena, text, n);
    return facts->not_understood[facts->n_shown++] ? 0 : mg_fail_memory(error);
}

static int count_cell(struct recount *count, size_t column, const char *text, size_t n,
                      struct mg_error *error)
{
    struct mg_cell_facts *facts = &count->facts[column];
    double number;
    facts->n++;
    switch (mg_cell_read(&count->x->readings[column], text, n, &number)) {
    case MG_READ_MISSING:
        facts->n_missing++;
        return 0;
    case MG_READ_NOT_UNDERSTOOD:
        return list_cell(count, facts, text, n, error);
    default:
        facts->min = fmin(facts->min, number); /* fmin and fmax pass over NAN */
        facts->max = fmax(facts->max, number);
        facts->whole &= isnan(number) || number == floor(number);
        return 0;
    }
}

static int count_row(void *user, const struct mg_exchange_row *row, struct mg_error *error)
{
    struct recount *count = user;
    int rc = 0;
    if (row->bad)
        return 0;
    count->row++;
    for (size_t i = 0; i < count->n && !rc; i++)
        rc = count_cell(count, count->columns[i], row->cells[count->columns[i]],
                        row->sizes[count->columns[i]], error);
    return rc;
}

static int recount(struct mg_exchange *x, const size_t *columns, size_t n, struct mg_cell_facts *facts,
                   struct mg_error *error)
{
    struct recount count = {.x = x, .columns = columns, .n = n, .facts = facts};
    for (size_t i = 0; i < n; i++) {
        struct mg_cell_facts *of = &facts[columns[i]];
        *of = (struct mg_cell_facts){.min = NAN,
                                     .max = NAN,
                                     .whole = true,
                                     .values = of->values,
                                     .n_values = of->n_values,
                                     .n_distinct = of->n_distinct,
                                     .date_order_open = of->date_order_open,
                                     .decimal_open = of->decimal_open};
    }
    return n ? mg_exchange_each(x, count_row, &count, error) : 0;
}

/* What is being put over the readings of an opening. */
struct correction {
    struct mg_exchange *x;
    const struct mg_evidence *evidence;
    struct mg_reading *readings;
    struct mg_cell_facts *facts;
    size_t *again, n_again; /* columns to be counted once more */
};

/* Once for all that is said of it. */
static void count_again(struct correction *c, size_t at)
{
    for (size_t i = 0; i < c->n_again; i++)
        if (c->again[i] == at)
            return;
    c->again[c->n_again++] = at;
}

static int correct_column(struct correction *c, size_t at, const struct mg_exchange_correction *told,
                          struct mg_error *error)
{
    struct mg_arena *arena = c->x->own->arena;
    struct mg_reading *reading = &c->readings[at];
    struct mg_cell_facts *facts = &c->facts[at];
    bool dates_open = facts->date_order_open && !told->order_told;
    bool marks_open = facts->decimal_open && !told->decimal;
    int rc = correct_reading(arena, told, reading, error);
    int counted = rc ? 0 : mg_evidence_facts(c->evidence, at, arena, reading, facts, NULL);
    if (counted == MG_E_UNSUPPORTED)
        count_again(c, at);
    else if (counted)
        rc = mg_fail_memory(error);
    facts->date_order_open = dates_open && reading->kind == MG_CELLS_TIME;
    facts->decimal_open = marks_open && reading->kind == MG_CELLS_NUMBER;
    return rc;
}

static int correct_named(struct correction *c, const struct mg_exchange_options *options,
                         struct mg_error *error)
{
    int rc = 0;
    for (size_t i = 0; i < options->n_corrections && !rc; i++) {
        const struct mg_exchange_correction *told = &options->corrections[i];
        size_t at = find_column(c->x, told->column);
        if (at == SIZE_MAX && options->corrections_of_others)
            continue;
        rc = at == SIZE_MAX
                 ? mg_fail(error, MG_E_INVALID, "The file has no column “%.100s” to correct.", told->column)
                 : correct_column(c, at, told, error);
        if (rc)
            mg_fail_at(error, "columns/%zu", i);
    }
    return rc;
}

/* What is told for all columns in which it can't be known. */
static int settle_open(struct correction *c, const struct mg_exchange_options *options,
                       struct mg_error *error)
{
    int rc = 0;
    for (size_t i = 0; i < c->x->n_columns && !rc; i++) {
        const struct mg_exchange_correction told = {
            .order_told = options->order_told && c->facts[i].date_order_open,
            .order = options->order,
            .decimal = c->facts[i].decimal_open ? options->decimal : '\0'};
        if (told.order_told || told.decimal)
            rc = correct_column(c, i, &told, error);
    }
    return rc;
}

int mg_correct_columns(struct mg_exchange *x, const struct mg_exchange_options *options,
                       const struct mg_evidence *evidence, struct mg_reading *readings,
                       struct mg_cell_facts *facts, struct mg_error *error)
{
    struct correction c = {x, evidence, readings, facts, NULL, 0};
    c.again = mg_arena_array(x->own->arena, x->n_columns + options->n_corrections, sizeof *c.again);
    int rc = c.again ? correct_named(&c, options, error) : mg_fail_memory(error);
    if (!rc)
        rc = settle_open(&c, options, error);
    return rc ? rc : recount(x, c.again, c.n_again, facts, error);
}
