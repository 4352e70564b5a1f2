/* What a text is, whatever the column's reading will be: no value, a numeral of some class, a number with a
 * unit, a date, or another text. See evidence_private.h. */
#include <math.h>
#include <string.h>

#include "base/str.h"
#include "model/dates.h"
#include "model/dress.h"
#include "model/evidence_private.h"
#include "model/fold.h"

static void widen(double value, double *low, double *high, bool first)
{
    *low = first || value < *low ? value : *low;
    *high = first || value > *high ? value : *high;
}

static void add_number(struct mg_number_class *class_, const struct mg_numeral *numeral, int64_t n)
{
    widen(numeral->value, &class_->min, &class_->max, class_->n == 0);
    if (numeral->open)
        widen(numeral->grouped, &class_->grouped_min, &class_->grouped_max, class_->n == 0);
    class_->n_fractions += trunc(numeral->value) == numeral->value ? 0 : n;
    class_->n += n;
}

static void add_digits(struct mg_tally *tally, unsigned low, unsigned high)
{
    tally->digits_min = tally->digits_max && tally->digits_min < low ? tally->digits_min : low;
    tally->digits_max = tally->digits_max > high ? tally->digits_max : high;
}

static void add_date(struct mg_tally *tally, unsigned order, int64_t low, int64_t high, int64_t n)
{
    bool first = tally->n_dates[order] == 0;
    tally->date_min[order] = first || low < tally->date_min[order] ? low : tally->date_min[order];
    tally->date_max[order] = first || high > tally->date_max[order] ? high : tally->date_max[order];
    tally->n_dates[order] += n;
}

/* What is a date with the year in front is one in all orders. */
static bool add_dates(struct mg_tally *tally, const char *text, size_t length, int64_t n)
{
    int64_t us[3];
    bool fixed = mg_date_read(text, length, MG_DATE_YMD, &us[0]), any = fixed;
    for (unsigned order = 0; order < 3; order++) {
        bool date = fixed || (order > 0 && mg_date_read(text, length, (enum mg_date_order)order, &us[order]));
        if (date)
            add_date(tally, order, us[fixed ? 0 : order], us[fixed ? 0 : order], n);
        any = any || date;
    }
    return any;
}

static void add_numeral(struct mg_tally *tally, const struct mg_numeral *numeral, const char *text,
                        size_t length, int64_t n)
{
    unsigned class_ = mg_numeral_class(numeral);
    add_number(&tally->bare[class_], numeral, n);
    if (class_ != 0)
        return;
    tally->n_padded += numeral->padded ? n : 0;
    add_digits(tally, numeral->digits, numeral->digits);
    if (numeral->digits >= 8 && add_dates(tally, text, length, n))
        tally->n_compact += n;
}

/* The first different ones, by their rows. */
static void add_odd(struct mg_tally *tally, const char *text, size_t length, int64_t row)
{
    struct mg_odd_text fresh = {.row = row};
    size_t known = 0, at;
    mg_str_cut(text, length, MG_EVIDENCE_CUT, fresh.text);
    while (known < tally->n_odd && strcmp(tally->odd[known].text, fresh.text) != 0)
        known++;
    if (known < tally->n_odd && tally->odd[known].row <= row)
        return;
    if (known < tally->n_odd)
        memmove(&tally->odd[known], &tally->odd[known + 1], (--tally->n_odd - known) * sizeof fresh);
    for (at = tally->n_odd; at > 0 && tally->odd[at - 1].row > row; at--)
        ;
    if (at == MG_EVIDENCE_SHOWN)
        return;
    tally->n_odd -= tally->n_odd == MG_EVIDENCE_SHOWN;
    memmove(&tally->odd[at + 1], &tally->odd[at], (tally->n_odd++ - at) * sizeof fresh);
    tally->odd[at] = fresh;
}

static bool is_told_code(const struct mg_told *told, const struct mg_numeral *numeral)
{
    if (!told)
        return false;
    for (size_t i = 0; i < told->n_codes; i++)
        if (told->codes[i] == numeral->value)
            return true;
    return told->missing_low < told->missing_high && numeral->value >= told->missing_low &&
           numeral->value <= told->missing_high;
}

/* A number with something around it, or a text; with a label it is both: its reading says which. */
static void add_other(struct mg_tally *tally, const char *text, size_t length, int64_t row, int64_t n)
{
    struct mg_dress dress;
    bool dressed = mg_dress_find(text, length, &dress) && dress.kind != MG_DRESS_SHARE;
    bool unit = dressed && dress.kind == MG_DRESS_UNIT;
    if (dressed)
        add_number(&(unit ? tally->unit : tally->labelled)[mg_numeral_class(&dress.numeral)], &dress.numeral,
                   n);
    if (unit)
        return;
    tally->n_texts += n;
    add_odd(tally, text, length, row);
}

void mg_tally_add(struct mg_tally *tally, const struct mg_told *told, const char *text, size_t length,
                  int64_t row, int64_t n)
{
    struct mg_numeral numeral;
    mg_fold_trim(&text, &length);
    if (mg_numeral_scan(text, length, &numeral)) {
        if (is_told_code(told, &numeral))
            tally->n_codes += n;
        else
            add_numeral(tally, &numeral, text, length, n);
    } else if (mg_cell_is_no_value(text, length)) {
        tally->n_missing += n;
    } else if (mg_cell_is_no_answer(text, length)) {
        tally->n_no_answer += n;
    } else if (add_dates(tally, text, length, n)) {
        tally->n_dated += n;
    } else {
        add_other(tally, text, length, row, n);
    }
}

static void merge_numbers(struct mg_number_class *into, const struct mg_number_class *from)
{
    if (from->n == 0)
        return;
    bool first = into->n == 0;
    widen(from->min, &into->min, &into->max, first);
    widen(from->max, &into->min, &into->max, false);
    widen(from->grouped_min, &into->grouped_min, &into->grouped_max, first);
    widen(from->grouped_max, &into->grouped_min, &into->grouped_max, false);
    into->n_fractions += from->n_fractions;
    into->n += from->n;
}

void mg_tally_merge(struct mg_tally *into, const struct mg_tally *from)
{
    into->n_missing += from->n_missing;
    into->n_no_answer += from->n_no_answer;
    into->n_codes += from->n_codes;
    into->n_padded += from->n_padded;
    into->n_compact += from->n_compact;
    into->n_dated += from->n_dated;
    into->n_texts += from->n_texts;
    for (size_t i = 0; i < MG_NUMERAL_CLASSES; i++) {
        merge_numbers(&into->bare[i], &from->bare[i]);
        merge_numbers(&into->unit[i], &from->unit[i]);
        merge_numbers(&into->labelled[i], &from->labelled[i]);
    }
    if (from->digits_max)
        add_digits(into, from->digits_min, from->digits_max);
    for (unsigned order = 0; order < 3; order++)
        if (from->n_dates[order])
            add_date(into, order, from->date_min[order], from->date_max[order], from->n_dates[order]);
    for (size_t i = 0; i < from->n_odd; i++)
        add_odd(into, from->odd[i].text, strlen(from->odd[i].text), from->odd[i].row);
    mg_sketch_merge(&into->different, &from->different);
}
