/* What is in a file and its first rows; see exchange.h. */
#include <math.h>
#include <string.h>

#include "base/str.h"
#include "column/file.h"
#include "exchange/private.h"
#include "model/answer.h"

#define STOP 1 /* of a walk that has seen enough */

/* --- description --- */

/* Cells that say true and false, as programs write them. */
static bool is_boolean(const struct mg_cell_facts *facts)
{
    for (size_t i = 0; i < facts->n_values; i++)
        if (!mg_str_equal_nocase(facts->values[i].text, "true") &&
            !mg_str_equal_nocase(facts->values[i].text, "false") &&
            !mg_answer_is_blank(facts->values[i].text))
            return false;
    return facts->values_complete && facts->n > facts->n_missing;
}

static enum mg_column_type type_of(const struct mg_reading *reading, const struct mg_cell_facts *facts)
{
    if (reading->scale_family && strcmp(reading->scale_family, "yes_no") == 0)
        return is_boolean(facts) ? MG_TYPE_BOOLEAN : MG_TYPE_TEXT;
    switch (reading->kind) {
    case MG_CELLS_NUMBER:
        return facts->whole ? MG_TYPE_INTEGER : MG_TYPE_NUMBER;
    case MG_CELLS_TIME:
        return MG_TYPE_TIME;
    default:
        return MG_TYPE_TEXT;
    }
}

/* The most frequent values for show. */
static int take_samples(struct mg_arena *arena, const struct mg_cell_facts *facts,
                        struct mg_column_info *info, struct mg_error *error)
{
    size_t n = facts->n_values < MG_COLUMN_SAMPLES_MAX ? facts->n_values : MG_COLUMN_SAMPLES_MAX;
    const char **samples = mg_arena_array(arena, n, sizeof *samples);
    int64_t *counts = mg_arena_array(arena, n, sizeof *counts);
    if (!samples || !counts)
        return mg_fail_memory(error);
    for (size_t i = 0; i < n; i++) {
        const char *text = facts->values[i].text;
        char *sample = mg_arena_alloc(arena, MG_SAMPLE_SIZE);
        if (!sample)
            return mg_fail_memory(error);
        mg_str_cut(text, strlen(text), MG_SAMPLE_BYTES, sample);
        samples[i] = sample;
        counts[i] = facts->values[i].n;
    }
    info->samples = samples;
    info->sample_counts = counts;
    info->n_samples = n;
    return 0;
}

/* What the different texts are as numbers. */
static const double *numbers_of(struct mg_arena *arena, const struct mg_reading *reading,
                                const struct mg_cell_facts *facts)
{
    double *numbers = mg_arena_array(arena, facts->n_values, sizeof *numbers);
    for (size_t i = 0; numbers && i < facts->n_values; i++) {
        const char *text = facts->values[i].text;
        numbers[i] = NAN;
        mg_cell_read(reading, text, strlen(text), &numbers[i]);
    }
    return numbers;
}

/* Labels of codes that are no answers have no number. */
static const struct mg_cell_label *copy_labels(struct mg_arena *arena, const struct mg_reading *reading)
{
    struct mg_cell_label *labels = mg_arena_array(arena, reading->n_labels, sizeof *labels);
    for (size_t i = 0; labels && i < reading->n_labels; i++) {
        const char *text = reading->labels[i].text;
        double value = reading->labels[i].value, read;
        bool missing = mg_cell_read(reading, text, strlen(text), &read) == MG_READ_MISSING;
        labels[i] = (struct mg_cell_label){mg_arena_strdup(arena, text), missing ? NAN : value};
        if (!labels[i].text)
            return NULL;
    }
    return labels;
}

static const struct mg_cell_count *copy_counts(struct mg_arena *arena, const struct mg_cell_facts *facts)
{
    struct mg_cell_count *counts = mg_arena_array(arena, facts->n_values, sizeof *counts);
    for (size_t i = 0; counts && i < facts->n_values; i++) {
        counts[i] = (struct mg_cell_count){mg_arena_strdup(arena, facts->values[i].text), facts->values[i].n};
        if (!counts[i].text)
            return NULL;
    }
    return counts;
}

static const char *const *copy_texts(struct mg_arena *arena, const char *const *texts, size_t n)
{
    const char **copies = mg_arena_array(arena, n, sizeof *copies);
    for (size_t i = 0; copies && i < n; i++)
        if (!(copies[i] = mg_arena_strdup(arena, texts[i])))
            return NULL;
    return copies;
}

/* The description outlives the exchange. */
static int copy_column(const struct mg_exchange *x, size_t c, struct mg_arena *arena,
                       struct mg_column_info *info, struct mg_error *error)
{
    const struct mg_cell_facts *facts = &x->facts[c];
    info->name = mg_arena_strdup(arena, x->columns[c]);
    info->label = mg_arena_strdup(arena, x->labels[c]);
    info->labels = copy_labels(arena, &x->readings[c]);
    info->counts = copy_counts(arena, facts);
    info->count_numbers = numbers_of(arena, &x->readings[c], facts);
    info->not_understood = copy_texts(arena, facts->not_understood, facts->n_shown);
    if (!info->name || (!info->label && x->labels[c]) || !info->labels || !info->counts ||
        !info->count_numbers || !info->not_understood)
        return mg_fail_memory(error);
    info->n_labels = x->readings[c].n_labels;
    info->n_counts = facts->values_complete ? facts->n_values : 0;
    info->counts = facts->values_complete ? info->counts : NULL;
    info->n_not_understood_shown = facts->n_shown;
    return 0;
}

static int describe_column(const struct mg_exchange *x, size_t c, struct mg_arena *arena,
                           struct mg_column_info *info, struct mg_error *error)
{
    const struct mg_cell_facts *facts = &x->facts[c];
    *info = (struct mg_column_info){.kind = x->readings[c].kind,
                                    .type = type_of(&x->readings[c], facts),
                                    .n = facts->n - facts->n_missing - facts->n_not_understood,
                                    .n_missing = facts->n_missing,
                                    .n_not_understood = facts->n_not_understood,
                                    .n_distinct = facts->n_distinct,
                                    .min = facts->min,
                                    .max = facts->max,
                                    .date_order_open = facts->date_order_open,
                                    .decimal_open = facts->decimal_open};
    int rc = copy_column(x, c, arena, info, error);
    return rc ? rc : take_samples(arena, facts, info, error);
}

int mg_exchange_describe(struct mg_exchange *x, struct mg_arena *arena, struct mg_source_info *ret_info,
                         struct mg_error *error)
{
    struct mg_column_info *columns = mg_arena_array(arena, x->n_columns, sizeof *columns);
    int rc = columns ? 0 : mg_fail_memory(error);
    if (!rc && !x->facts)
        rc = mg_table_facts(x, error);
    for (size_t c = 0; c < x->n_columns && !rc; c++)
        rc = describe_column(x, c, arena, &columns[c], error);
    if (!rc)
        *ret_info = (struct mg_source_info){.rows = x->rows, .columns = columns, .n_columns = x->n_columns};
    return rc;
}

/* --- head --- */

struct head {
    struct mg_arena *arena;
    size_t most, bytes;
    struct mg_exchange_head found;
};

static int keep_cell(struct head *head, size_t row, size_t column, const char *cell, struct mg_error *error)
{
    size_t n = strlen(cell);
    char *kept = mg_arena_alloc(head->arena, (n < head->bytes ? n : head->bytes) + 4);
    if (!kept)
        return mg_fail_memory(error);
    head->found.cut |= mg_str_cut(cell, n, head->bytes, kept);
    head->found.rows[row][column] = kept;
    return 0;
}

static int keep_row(void *user, const struct mg_exchange_row *row, struct mg_error *error)
{
    struct head *head = user;
    int rc = 0;
    if (row->bad)
        return 0;
    if (head->found.n_rows == head->most)
        return STOP;
    for (size_t c = 0; c < row->n_cells && !rc; c++)
        if (*row->cells[c])
            rc = keep_cell(head, head->found.n_rows, c, row->cells[c], error);
    head->found.n_rows++;
    return rc;
}

int mg_exchange_head(struct mg_exchange *exchange, struct mg_arena *arena, const struct mg_source_info *info,
                     size_t n_rows, size_t cell_bytes, struct mg_exchange_head *ret_head,
                     struct mg_error *error)
{
    struct head head = {.arena = arena, .most = n_rows, .bytes = cell_bytes};
    head.found.rows = mg_arena_array(arena, n_rows, sizeof *head.found.rows);
    for (size_t r = 0; r < n_rows && head.found.rows; r++) {
        head.found.rows[r] = mg_arena_array(arena, info->n_columns, sizeof **head.found.rows);
        if (!head.found.rows[r])
            return mg_fail_memory(error);
    }
    if (!head.found.rows)
        return mg_fail_memory(error);
    int rc = mg_exchange_each(exchange, keep_row, &head, error);
    if (rc == STOP)
        rc = 0;
    if (!rc)
        *ret_head = head.found;
    return rc;
}
