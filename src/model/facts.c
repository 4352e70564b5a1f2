/* What the cells of a column are under a reading: of exact evidence by reading every different text, of
 * sorted evidence by class. See evidence.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "model/decide.h"

static int put_value(struct mg_values *values, struct mg_arena *arena, const char *text, size_t n,
                     int64_t count, int64_t row, struct mg_error *error)
{
    char *copy = mg_arena_strndup(arena, text, n);
    if (!copy)
        return mg_fail_memory(error);
    values->texts[values->n++] = (struct mg_value_text){copy, n, count, row};
    return 0;
}

int mg_evidence_values(const struct mg_evidence *evidence, size_t column, struct mg_arena *arena,
                       struct mg_values *ret, struct mg_error *error)
{
    const struct mg_evidence_column *c = &evidence->columns[column];
    size_t n = c->n_texts;
    int rc = 0;
    for (size_t i = 0; i < ARRAY_LEN(c->counts); i++)
        n += c->counts[i] > 0;
    *ret =
        (struct mg_values){.texts = mg_arena_array(arena, n + 1, sizeof *ret->texts), .complete = !c->tally};
    if (!ret->texts)
        return mg_fail_memory(error);
    for (size_t i = 0; i < ARRAY_LEN(c->counts) && !rc; i++)
        if (c->counts[i])
            rc = put_value(ret, arena, &(char){(char)i}, 1, c->counts[i], c->rows[i], error);
    for (uint32_t i = 0; i < c->n_texts && !rc; i++)
        rc = put_value(ret, arena, c->pool + c->texts[i].at, c->texts[i].length, c->texts[i].n,
                       c->texts[i].row, error);
    return rc;
}

static int by_row(const void *a, const void *b)
{
    int64_t x = ((const struct mg_value_text *)a)->row, y = ((const struct mg_value_text *)b)->row;
    return (x > y) - (x < y);
}

static int by_count(const void *a, const void *b)
{
    const struct mg_value_text *x = a, *y = b;
    return x->n != y->n ? (x->n < y->n) - (x->n > y->n) : by_row(a, b);
}

/* --- of exact evidence --- */

static int show_odd(struct mg_cell_facts *facts, struct mg_arena *arena, const char *text, size_t n,
                    int64_t row, struct mg_error *error)
{
    char cut[MG_EVIDENCE_CUT + 4];
    if (facts->n_shown == MG_EVIDENCE_SHOWN)
        return 0;
    mg_str_cut(text, n, MG_EVIDENCE_CUT, cut);
    facts->not_understood[facts->n_shown] = mg_arena_strdup(arena, cut);
    if (!facts->not_understood[facts->n_shown])
        return mg_fail_memory(error);
    facts->not_understood_row[facts->n_shown++] = row;
    return 0;
}

static void widen(struct mg_cell_facts *facts, double low, double high)
{
    facts->min = facts->min <= low ? facts->min : low;
    facts->max = facts->max >= high ? facts->max : high;
}

static int add_value(struct mg_cell_facts *facts, const struct mg_reading *reading, struct mg_arena *arena,
                     const struct mg_value_text *value, struct mg_error *error)
{
    double number;
    enum mg_cell_read read = mg_cell_read(reading, value->text, value->length, &number);
    facts->n += value->n;
    if (read == MG_READ_MISSING)
        facts->n_missing += value->n;
    if (read == MG_READ_VALUE && !isnan(number)) {
        widen(facts, number, number);
        facts->whole = facts->whole && trunc(number) == number;
    }
    if (read != MG_READ_NOT_UNDERSTOOD)
        return 0;
    facts->n_not_understood += value->n;
    return show_odd(facts, arena, value->text, value->length, value->row, error);
}

/* --- of sorted evidence --- */

static void add_class(struct mg_cell_facts *facts, const struct mg_reading *reading,
                      const struct mg_number_class *c, unsigned class_)
{
    const struct mg_numeral marks = mg_numeral_of_class(class_);
    if (c->n == 0)
        return;
    if (!mg_reading_takes(reading, class_)) {
        facts->n_not_understood += c->n;
    } else if (marks.open && marks.decimal == reading->thousands) {
        widen(facts, c->grouped_min, c->grouped_max);
    } else {
        widen(facts, c->min, c->max);
        facts->whole = facts->whole && c->n_fractions == 0;
    }
}

int64_t mg_tally_filled(const struct mg_tally *tally, int64_t *ret_numbers, int64_t *ret_units)
{
    *ret_numbers = *ret_units = 0;
    for (unsigned i = 0; i < MG_NUMERAL_CLASSES; i++) {
        *ret_numbers += tally->bare[i].n;
        *ret_units += tally->unit[i].n;
    }
    return *ret_numbers + *ret_units + tally->n_texts + tally->n_dated;
}

static void sort_numbers(struct mg_cell_facts *facts, const struct mg_tally *tally,
                         const struct mg_reading *reading)
{
    int64_t numbers, units, filled = mg_tally_filled(tally, &numbers, &units);
    facts->n_missing += tally->n_no_answer + tally->n_codes;
    facts->n_not_understood = filled - numbers - units;
    for (unsigned i = 0; i < MG_NUMERAL_CLASSES; i++) {
        add_class(facts, reading, &tally->bare[i], i);
        if (!reading->dressed) {
            facts->n_not_understood += tally->unit[i].n;
            continue;
        }
        add_class(facts, reading, &tally->unit[i], i);
        add_class(facts, reading, &tally->labelled[i], i);
        facts->n_not_understood -= tally->labelled[i].n; /* which is among the texts */
    }
}

static void sort_times(struct mg_cell_facts *facts, const struct mg_tally *tally,
                       const struct mg_reading *reading)
{
    int64_t numbers, units, filled = mg_tally_filled(tally, &numbers, &units);
    facts->n_missing += tally->n_no_answer;
    facts->n_not_understood = filled + tally->n_codes;
    if (reading->order > MG_DATE_MDY || tally->n_dates[reading->order] == 0)
        return;
    facts->n_not_understood -= tally->n_dates[reading->order];
    widen(facts, (double)tally->date_min[reading->order], (double)tally->date_max[reading->order]);
}

static int sorted(const struct mg_tally *tally, const struct mg_reading *reading, struct mg_arena *arena,
                  struct mg_cell_facts *facts, struct mg_error *error)
{
    int64_t numbers, units;
    int rc = 0;
    facts->n =
        mg_tally_filled(tally, &numbers, &units) + tally->n_missing + tally->n_no_answer + tally->n_codes;
    facts->n_missing = tally->n_missing;
    if (reading->kind == MG_CELLS_NUMBER)
        sort_numbers(facts, tally, reading);
    else if (reading->kind == MG_CELLS_TIME)
        sort_times(facts, tally, reading);
    for (size_t i = 0; i < tally->n_odd && facts->n_not_understood && !rc; i++)
        rc = show_odd(facts, arena, tally->odd[i].text, strlen(tally->odd[i].text), tally->odd[i].row, error);
    return rc;
}

static int list_values(struct mg_values *values, const struct mg_tally *tally, struct mg_arena *arena,
                       struct mg_cell_facts *facts, struct mg_error *error)
{
    struct mg_cell_count *counts = mg_arena_array(arena, values->n + 1, sizeof *counts);
    if (!counts)
        return mg_fail_memory(error);
    qsort(values->texts, values->n, sizeof *values->texts, values->complete ? by_count : by_row);
    for (size_t i = 0; i < values->n; i++)
        counts[i] = (struct mg_cell_count){values->texts[i].text, values->complete ? values->texts[i].n : -1};
    facts->values = counts;
    facts->n_values = values->n;
    facts->values_complete = values->complete;
    facts->n_distinct = values->complete ? (int64_t)values->n : llround(mg_sketch_count(&tally->different));
    return 0;
}

int mg_facts_of(const struct mg_values *values, const struct mg_tally *tally,
                const struct mg_reading *reading, struct mg_arena *arena, struct mg_cell_facts *ret,
                struct mg_error *error)
{
    struct mg_values copy = *values;
    struct mg_cell_facts facts = {.min = NAN,
                                  .max = NAN,
                                  .whole = true,
                                  .date_order_open = ret->date_order_open,
                                  .decimal_open = ret->decimal_open};
    int64_t read = 0;
    int rc = 0;
    qsort(copy.texts, copy.n, sizeof *copy.texts, by_row);
    for (size_t i = 0; i < copy.n && copy.complete && !rc; i++) {
        rc = add_value(&facts, reading, arena, &copy.texts[i], error);
        read += copy.texts[i].n;
    }
    if (!rc && !copy.complete)
        rc = sorted(tally, reading, arena, &facts, error);
    if (!rc && copy.complete) {
        int64_t numbers, units;
        int64_t all =
            mg_tally_filled(tally, &numbers, &units) + tally->n_missing + tally->n_no_answer + tally->n_codes;
        facts.n_missing += all - read; /* empty cells */
        facts.n = all;
    }
    facts.whole = facts.whole && !isnan(facts.min);
    if (!rc)
        rc = list_values(&copy, tally, arena, &facts, error);
    if (!rc)
        *ret = facts;
    return rc;
}
