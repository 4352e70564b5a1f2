/* What a column's values allow it to be. A rating has numbers on a short range, or many up to 100; a cell of
 * words among them is a bad cell, which the import lists. Codes for no answer that lie far off every scale
 * are set aside here already; those near one are for scale.c, which sees many columns. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "service/record/propose/private.h"

#define WORDS_SHARE 4     /* one of so many cells may be no number, in a rating */
#define FRACTIONS_MIN 2   /* different fractions among the frequent values, and */
#define FRACTIONS_SHARE 4 /* one of so many, make a scale continuous */
#define SHORT_MAX 11      /* the highest answer of a scale that people point at */
#define SHORT_MIN (-5)
#define CODES_BELOW 2    /* numbers below 0 that may be no answers, */
#define ANSWERS_MIN 3    /* where there are so many different ones */
#define SHORT_VALUES 24  /* different values there, mistakes included */
#define SLIDER_VALUES 12 /* different values from which on a range to 100 is a slider's */

bool mg_propose_far_code(double value)
{
    static const double codes[] = {-999, -998, -997, -99, -98, -97, -88, -77, -66, -9,  -8,  -7,
                                   77,   88,   97,   98,  99,  777, 888, 997, 998, 999, 9999};
    for (size_t i = 0; i < ARRAY_LEN(codes); i++)
        if (value == codes[i])
            return true;
    return false;
}

/* The number that a cell of this text holds, or the declared one that its words mean. */
static bool number_of(const struct mg_column_info *info, const char *text, double *ret)
{
    if (mg_parse_double(text, ret))
        return true;
    for (size_t i = 0; i < info->n_labels; i++)
        if (mg_str_equal_nocase(info->labels[i].text, text)) {
            *ret = info->labels[i].value;
            return !isnan(*ret);
        }
    return false;
}

static int by_value(const void *a, const void *b)
{
    double x = ((const struct mg_value *)a)->value, y = ((const struct mg_value *)b)->value;
    return (x > y) - (x < y);
}

/* Sums the counts of equal values; how many are left. */
static size_t merged(struct mg_value *values, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (kept && values[kept - 1].value == values[i].value)
            values[kept - 1].n += values[i].n;
        else
            values[kept++] = values[i];
    return kept;
}

/* Gathers the numbers; *ret_words: cells that are answers and no numbers. */
static int gather(struct mg_propose *p, struct mg_propose_column *c, int64_t *ret_words)
{
    const struct mg_column_info *info = c->info;
    bool counted = info->counts != NULL;
    size_t n = counted ? info->n_counts : info->n_samples, kept = 0;
    n = n < MG_PROPOSE_VALUES ? n : MG_PROPOSE_VALUES;
    struct mg_value *values = mg_arena_array(p->arena, n + 1, sizeof *values);
    if (!values)
        return MG_E_NO_MEMORY;
    *ret_words = 0;
    for (size_t i = 0; i < n; i++) {
        const char *text = counted ? info->counts[i].text : info->samples[i];
        int64_t times = counted ? info->counts[i].n : info->sample_counts ? info->sample_counts[i] : 1;
        double value = NAN;
        bool number = counted && info->count_numbers ? !isnan(value = info->count_numbers[i])
                                                     : number_of(info, text, &value);
        if (number)
            values[kept++] = (struct mg_value){value, times, 1};
        else
            *ret_words += times;
        c->numbers += number ? times : 0;
    }
    if (info->kind == MG_CELLS_NUMBER) { /* words for no answer are told apart there */
        c->numbers = info->n;
        *ret_words = info->n_not_understood;
    }
    qsort(values, kept, sizeof *values, by_value);
    c->values = values;
    c->n_values = merged(values, kept);
    c->all = (int64_t)n >= info->n_distinct;
    return 0;
}

/* So many of the frequent values are fractions that they are meant: 5.5 on half points, 6.83 on a slider. One
 * among the whole numbers is a mistake, which the scale's step then shows up. */
static bool has_meant_fractions(const struct mg_propose_column *c)
{
    size_t fractions = 0;
    for (size_t i = 0; i < c->n_values; i++)
        fractions += c->values[i].value != floor(c->values[i].value);
    return fractions >= FRACTIONS_MIN && FRACTIONS_SHARE * fractions >= c->n_values;
}

/* The ends of what isn't a far code, and whether all of these are whole but for a slip. */
static bool range_of(const struct mg_propose_column *c, double *ret_min, double *ret_max, size_t *ret_n)
{
    *ret_min = INFINITY;
    *ret_max = -INFINITY;
    *ret_n = 0;
    for (size_t i = 0; i < c->n_values; i++) {
        double value = c->values[i].value;
        if (mg_propose_far_code(value) || (!c->continuous && value != floor(value)))
            continue;
        *ret_min = fmin(*ret_min, value);
        *ret_max = fmax(*ret_max, value);
        ++*ret_n;
    }
    return *ret_n > 0;
}

static bool has_value(const struct mg_propose_column *c, double value)
{
    for (size_t i = 0; i < c->n_values; i++)
        if (c->values[i].value == value)
            return true;
    return false;
}

/* Whether answers can go so far below 0: on a scale from −k to k, a code −1, or codes where nobody answered
 * 0. */
static bool may_be_negative(const struct mg_propose_column *c, double min, double max)
{
    size_t below = 0;
    for (size_t i = 0; i < c->n_values; i++)
        below += c->values[i].value < 0 && !mg_propose_far_code(c->values[i].value);
    bool codes = below <= CODES_BELOW && c->n_values >= below + ANSWERS_MIN && !has_value(c, 0);
    if (min >= -1 || (codes && min >= SHORT_MIN))
        return true;
    return min >= SHORT_MIN && max <= -SHORT_MIN && (max <= -min || has_value(c, 0));
}

/* A value or two far above the others, in a column of few: a slip of the keys ("55" for "5"). */
static void cut_slips(const struct mg_propose_column *c, double min, double *max)
{
    int64_t above = 0;
    double below = -INFINITY;
    for (size_t i = 0; i < c->n_values; i++) {
        double value = c->values[i].value;
        if (value > SHORT_MAX && !mg_propose_far_code(value))
            above += c->values[i].n;
        else if (value <= SHORT_MAX)
            below = fmax(below, value);
    }
    if (above * 100 < c->numbers && below > min)
        *max = below;
}

static void judge(struct mg_propose_column *c, int64_t words)
{
    const struct mg_column_info *info = c->info;
    double min, max;
    size_t n;
    if (words * (WORDS_SHARE - 1) > c->numbers || info->type == MG_TYPE_TIME)
        return;
    c->continuous = has_meant_fractions(c);
    if (!range_of(c, &min, &max, &n))
        return;
    bool many = info->n_distinct >= SLIDER_VALUES && (!c->all || n >= SLIDER_VALUES);
    if (many && info->min <= info->max) {
        min = mg_propose_far_code(info->min) ? min : fmin(min, info->min);
        max = mg_propose_far_code(info->max) ? max : fmax(max, info->max);
    }
    if (max > SHORT_MAX && c->all && !c->continuous)
        cut_slips(c, min, &max);
    c->dummy = !c->continuous && c->all && min >= 0 && max <= 1;
    c->slider = max > SHORT_MAX && (many || c->continuous) && max <= MG_PROPOSE_SLIDER;
    bool is_short = max <= SHORT_MAX && (c->continuous || info->n_distinct <= SHORT_VALUES);
    c->rating = (c->slider ? min >= 0 : is_short) && max > min && !c->dummy && may_be_negative(c, min, max);
}

int mg_propose_facts(struct mg_propose *p)
{
    for (size_t i = 0; i < p->n; i++) {
        int64_t words = 0;
        int rc = gather(p, &p->columns[i], &words);
        if (rc)
            return rc;
        judge(&p->columns[i], words);
        p->columns[i].direction = mg_column_direction(p->columns[i].info);
    }
    return 0;
}
