/* The scale of many columns together: an item whose best answer is 4 of 7 has the scale of its battery.
 *
 * Declared labels come first. Else the different values of all columns are put on one line, with how many
 * answers and how many columns have each. From its ends are taken away
 *   far codes       99, −8, … (facts.c)
 *   rare ones       of less than a hundredth in every column that has them, with a gap before: mistakes
 *   near codes      8 and 9 above a gap, in several columns alike; −1; 0 below a scale that begins with 1
 * and what is left lies on one of the usual scales. Where another fits too, both are said, and the proposal
 * is only middling sure: a top answer that is hardly given may be the last but one. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "column/code_above.h"
#include "service/record/propose/private.h"

#define RARE_SHARE 100  /* one of so many values may lie off a scale that ends below it */
#define ENOUGH 30       /* answers from which a scale of three or four steps shows */
#define PLENTY 200      /* answers from which a step that nobody took isn't there */
#define SOME_SHARE 50   /* one of so many answers are some */
#define LINE_MAX 1024   /* different values of all columns */
#define APART_MIN 3     /* answers that are no chance */
#define CODES_BELOW 2   /* numbers below 0 that are no answers, at most */
#define SHORT_MAX 11    /* the highest answer that people point at */
#define BEYOND_SHARE 20 /* one of so many answers beyond the labels: they don't name the ends */

/* The values of all columns on one line, ascending: [from, to) are left. */
struct line {
    struct mg_value *values;
    size_t from, to;
    int64_t n;              /* answers */
    double lowest, highest; /* of sliders, whose ends may not be among the values */
    bool continuous, slider;
    struct mg_verdict *verdict;
};

static int by_value(const void *a, const void *b)
{
    double x = ((const struct mg_value *)a)->value, y = ((const struct mg_value *)b)->value;
    return (x > y) - (x < y);
}

static void merge_line(struct line *line)
{
    size_t kept = 0;
    qsort(line->values, line->to, sizeof *line->values, by_value);
    for (size_t i = 0; i < line->to; i++)
        if (kept && line->values[kept - 1].value == line->values[i].value) {
            line->values[kept - 1].n += line->values[i].n;
            line->values[kept - 1].columns += line->values[i].columns;
        } else {
            line->values[kept++] = line->values[i];
        }
    line->to = kept;
}

static void add_value(struct line *line, double value, int64_t n)
{
    if (line->to == LINE_MAX)
        merge_line(line);
    if (line->to < LINE_MAX)
        line->values[line->to++] = (struct mg_value){value, n, 1};
}

/* The highest value of the column that is no mistake: what is rare and stands apart above it is one, and so
 * is what no short scale reaches. */
static double highest_meant(const struct mg_propose_column *c, struct mg_verdict *verdict)
{
    int64_t all = 0;
    double max = INFINITY, above = NAN;
    for (size_t i = 0; i < c->n_values; i++)
        all += mg_propose_far_code(c->values[i].value) ? 0 : c->values[i].n;
    for (size_t i = c->n_values; i-- > 0 && !c->continuous && !c->slider;) {
        double value = c->values[i].value;
        if (mg_propose_far_code(value))
            continue;
        if (above - value > 1 && value > c->values[0].value) {
            verdict->off = isnan(verdict->off) ? above : fmax(verdict->off, above);
            max = value;
        } else if (!isnan(above)) {
            break;
        }
        if (value <= SHORT_MAX && c->values[i].n * RARE_SHARE >= all)
            break;
        above = value;
    }
    return max;
}

static void add_code(struct line *line, double code)
{
    struct mg_verdict *verdict = line->verdict;
    for (size_t i = 0; i < verdict->n_codes; i++)
        if (verdict->codes[i] == code)
            return;
    if (verdict->n_codes < MG_STUDY_CODES_MAX)
        verdict->codes[verdict->n_codes++] = code;
}

static void take_column(struct line *line, const struct mg_propose_column *c)
{
    double highest = highest_meant(c, line->verdict);
    line->continuous |= c->continuous;
    line->slider |= c->slider;
    for (size_t i = 0; i < c->n_values; i++) {
        double value = c->values[i].value;
        bool far = mg_propose_far_code(value) && !(c->slider && value >= 0 && value <= MG_PROPOSE_SLIDER);
        if (far)
            add_code(line, value);
        if (far || value > highest || (!c->continuous && value != floor(value)))
            continue;
        add_value(line, value, c->values[i].n);
        line->n += c->slider ? 0 : c->values[i].n;
    }
    line->n += c->slider ? c->info->n : 0;
    if (c->slider || c->continuous) {
        line->lowest = mg_propose_far_code(c->info->min) ? line->lowest : fmin(line->lowest, c->info->min);
        line->highest = mg_propose_far_code(c->info->max) ? line->highest : fmax(line->highest, c->info->max);
    }
}

/* "A4", "4 - agree", "4/5": the label is a cell's own text, so there may be more of them than were given. */
static bool is_own_text(const struct mg_propose_column *c, const struct mg_cell_label *label)
{
    char number[32];
    snprintf(number, sizeof number, "%g", label->value);
    if (!strstr(label->text, number))
        return false;
    for (size_t i = 0; i < c->info->n_counts; i++)
        if (strcmp(c->info->counts[i].text, label->text) == 0)
            return true;
    return false;
}

/* What labels declare; those of codes for no answer have a number that is none, or a far one. */
static bool take_labels(struct line *line, const struct mg_propose_column *c)
{
    size_t n = 0;
    for (size_t i = 0; i < c->info->n_labels; i++) {
        double value = c->info->labels[i].value;
        if (isnan(value) || is_own_text(c, &c->info->labels[i]))
            continue;
        bool far = mg_propose_far_code(value);
        if (far)
            add_code(line, value);
        else
            add_value(line, value, 0);
        n += !far;
    }
    return n >= 2;
}

static double at(const struct line *line, size_t i)
{
    return line->values[i].value;
}

static double bottom(const struct line *line)
{
    return fmin(at(line, line->from), line->lowest);
}

static double top(const struct line *line)
{
    return fmax(at(line, line->to - 1), line->highest);
}

static size_t left(const struct line *line)
{
    return line->to - line->from;
}

/* 8 and 9 above a gap, each in several columns. */
static void take_high_codes(struct line *line)
{
    size_t first = line->to;
    while (first > line->from && at(line, first - 1) >= 8 && at(line, first - 1) <= 9)
        first--;
    if (first == line->to || first < line->from + 2 || at(line, first) - at(line, first - 1) < 2)
        return;
    for (size_t i = first; i < line->to; i++)
        if (line->values[i].columns < 2)
            return;
    if (at(line, first - 1) - at(line, line->from) < 2)
        return;
    for (size_t i = first; i < line->to; i++)
        add_code(line, at(line, i));
    line->to = first;
}

static bool has(const struct line *line, double value)
{
    for (size_t i = line->from; i < line->to; i++)
        if (at(line, i) == value)
            return true;
    return false;
}

/* Values on both sides of 0 are a scale from −k to k; a −1 below answers is a code, and so are one or two
 * numbers below 0 where nobody answered 0. False: neither. */
static bool take_negative(struct line *line)
{
    double min = at(line, line->from), max = at(line, line->to - 1);
    if (min >= 0)
        return true;
    size_t below = 0;
    while (below < left(line) && at(line, line->from + below) < 0)
        below++;
    bool two_sided = max == -min && below > 1;
    if (!has(line, 0) && !two_sided && below <= CODES_BELOW && left(line) >= below + 2 && max > 0) {
        for (; below > 0; below--)
            add_code(line, at(line, line->from++));
        return true;
    }
    bool around = (has(line, 0) || two_sided) && max <= 1 - 2 * min && max > 0;
    if (around && min >= -10)
        return true;
    if (min != -1 || left(line) < 3)
        return false;
    add_code(line, min);
    line->from++;
    return true;
}

/* Whether some column goes from 0 to answers with a gap. */
static bool zero_stands_apart(const struct mg_propose *p, const size_t *columns, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct mg_propose_column *c = &p->columns[columns[i]];
        for (size_t v = 0; v + 1 < c->n_values; v++)
            if (c->values[v].value == 0 && c->values[v + 1].value >= 3 && c->values[v + 1].value <= 7)
                return true;
    }
    return false;
}

/* 0 below answers to 4 … 7. On 0 to 4 and 0 to 6 it may be the lowest of five or seven. */
static void take_zero(const struct mg_propose *p, struct line *line, const size_t *columns, size_t n)
{
    double max = at(line, line->to - 1);
    if (at(line, line->from) != 0 || max < 4 || max > 7 || left(line) < 3 || line->continuous)
        return;
    bool code = max == 7 || max == 5 || zero_stands_apart(p, columns, n);
    struct mg_scale with = {0, max, 1}, without = {1, max, 1};
    if (max != 7)
        line->verdict->other = code ? with : without;
    if (!code)
        return;
    add_code(line, 0);
    line->from++;
}

/* Whether every step of [min, max] was taken, and the highest not just by mistake. */
static bool is_dense(const struct line *line, double min, double max)
{
    for (double step = min; step <= max; step++)
        if (!has(line, step))
            return false;
    return line->values[line->to - 1].n * RARE_SHARE >= line->n;
}

static void set_scale(struct mg_verdict *verdict, double min, double max, double step)
{
    verdict->scale = (struct mg_scale){min, max, step};
    verdict->holds = min < max;
}

static void set_other(struct mg_verdict *verdict, double min, double max)
{
    verdict->other = (struct mg_scale){min, max, verdict->scale.step};
    verdict->confidence = MG_CONFIDENCE_MIDDLE;
}

/* Whether the highest answer looks like a code: in a third of the columns it is given twice as often as the
 * one below it, though most answers lie further down. */
static bool stands_apart(const struct mg_propose *p, const size_t *columns, size_t n, double max)
{
    size_t apart = 0;
    for (size_t i = 0; i < n; i++) {
        const struct mg_propose_column *c = &p->columns[columns[i]];
        int64_t top = 0, below = 0, most = 0;
        double mode = max;
        for (size_t v = 0; v < c->n_values; v++) {
            const struct mg_value *value = &c->values[v];
            top += value->value == max ? value->n : 0;
            below += value->value == max - 1 ? value->n : 0;
            if (value->n > most) {
                most = value->n;
                mode = value->value;
            }
        }
        apart += top >= APART_MIN && top >= 2 * below && mode < max - 1;
    }
    return 3 * apart >= n && apart > 0;
}

/* The usual scale from 1 that ends at `max` or above, of steps. */
static void fit_steps(const struct line *line, double min, double max)
{
    struct mg_verdict *v = line->verdict;
    bool dense = is_dense(line, 1, max), plenty = line->n >= PLENTY;
    if (max <= 3 && dense && max == 3 && line->n >= ENOUGH) {
        set_scale(v, 1, 3, 1);
        if (!plenty)
            set_other(v, 1, 5);
    } else if (max <= 4 && (max < 4 || min > 1)) {
        set_scale(v, 1, 5, 1);
    } else if (max <= 4) {
        set_scale(v, 1, 4, 1);
        if (!plenty)
            set_other(v, 1, 5);
    } else if (max <= 5) {
        set_scale(v, 1, 5, 1);
    } else if (max <= 6 && dense) {
        set_scale(v, 1, 6, 1);
        if (!plenty)
            set_other(v, 1, 7);
    } else if (max <= 7) {
        set_scale(v, 1, 7, 1);
    } else if (max <= 9 && dense && plenty) {
        set_scale(v, 1, max, 1);
        set_other(v, 1, max == 8 ? 7 : 10); /* 8 may be no answer on 1 to 7 */
    } else if (max <= 10) {
        set_scale(v, 1, 10, 1);
        if (max == 8 && dense) /* or 8 is no answer on 1 to 7 */
            set_other(v, 1, 7);
    } else {
        set_scale(v, 1, max, 1);
    }
}

/* From 0 on, by steps. */
static void fit_from_zero(const struct line *line, double max)
{
    struct mg_verdict *v = line->verdict;
    if (max <= 7) {
        set_scale(v, 0, max, 1);
        if (max <= 3 && !(line->n >= PLENTY))
            set_other(v, 0, 10);
    } else if (max <= 10) {
        set_scale(v, 0, 10, 1);
    } else {
        set_scale(v, 0, max, 1);
    }
}

/* Many different values, or fractions that are meant. */
static void fit_slider(const struct line *line, double min, double max)
{
    static const double ends[] = {1, 5, 7, 10, 20, MG_PROPOSE_SLIDER};
    size_t i = 0;
    while (i + 1 < ARRAY_LEN(ends) && (max > ends[i] || (!line->continuous && ends[i] < 20)))
        i++;
    double first = min < 1 || (ends[i] > 10 && (min > 1 || line->n < PLENTY)) ? 0 : 1;
    set_scale(line->verdict, first, ends[i], line->continuous ? 0 : 1);
}

/* The highest answer may be a code: the scale that ends below it fits too. */
static void offer_below(const struct line *line)
{
    struct mg_value_count values[MG_PROPOSE_STEPS];
    double end;
    size_t n = 0;
    for (; n < left(line) && n < ARRAY_LEN(values); n++)
        values[n] = (struct mg_value_count){at(line, line->from + n), line->values[line->from + n].n};
    if (n == left(line) && mg_column_code_above(values, n, &end) && line->verdict->scale.max > end)
        set_other(line->verdict, line->verdict->scale.min, end);
}

static void fit(const struct line *line)
{
    struct mg_verdict *v = line->verdict;
    double min = bottom(line), max = top(line);
    v->confidence = v->other.max > v->other.min ? MG_CONFIDENCE_MIDDLE : MG_CONFIDENCE_HIGH;
    if (min >= max || max > MG_PROPOSE_SLIDER)
        return;
    if (min < 0)
        set_scale(v, -fmax(-min, max), fmax(-min, max), line->continuous ? 0 : 1);
    else if (line->continuous || line->slider)
        fit_slider(line, min, max);
    else if (min == 0)
        fit_from_zero(line, max);
    else
        fit_steps(line, min, max);
    if (!line->continuous && !line->slider && !(v->other.max > v->other.min))
        offer_below(line);
}

/* The labels' ends, where hardly an answer lies beyond them. */
static bool fit_labels(const struct line *told, const struct line *seen)
{
    struct mg_verdict *v = told->verdict;
    double min = at(told, told->from), max = at(told, told->to - 1);
    int64_t beyond = 0;
    for (size_t i = seen->from; i < seen->to; i++)
        beyond += at(seen, i) < min || at(seen, i) > max ? seen->values[i].n : 0;
    if (beyond * BEYOND_SHARE > seen->n || !(max - min > 1))
        return false;
    set_scale(v, min, max, seen->continuous ? 0 : 1);
    v->declared = true;
    v->confidence = MG_CONFIDENCE_HIGH;
    return true;
}

static bool strip(const struct mg_propose *p, struct line *line, const size_t *columns, size_t n)
{
    if (line->slider || left(line) < 2)
        return left(line) > 0;
    take_high_codes(line);
    if (!take_negative(line))
        return false;
    take_zero(p, line, columns, n);
    return true;
}

/* The highest step that some answers take, as some do the one below it. */
static double reach(const struct line *line)
{
    for (size_t i = line->to; i > line->from + 1; i--) {
        const struct mg_value *high = &line->values[i - 1], *low = &line->values[i - 2];
        if (high->value - low->value <= 1 && high->n * SOME_SHARE >= line->n &&
            low->n * SOME_SHARE >= line->n)
            return high->value;
    }
    return at(line, line->from);
}

/* How much of the scale was used. */
static void set_use(const struct line *line)
{
    struct mg_verdict *v = line->verdict;
    const struct mg_value *last = &line->values[line->to - 1];
    v->n = line->n;
    v->dense = line->n >= ENOUGH && is_dense(line, v->scale.min, v->scale.max);
    v->reach = reach(line);
    v->at_top = last->value == v->scale.max && line->n ? (double)last->n / (double)line->n : 0;
}

struct mg_verdict mg_propose_scale(struct mg_propose *p, const size_t *columns, size_t n)
{
    struct mg_verdict verdict = {.off = NAN};
    struct mg_value seen_values[LINE_MAX], told_values[LINE_MAX];
    struct line seen = {.values = seen_values, .lowest = INFINITY, .highest = -INFINITY, .verdict = &verdict};
    struct line told = {.values = told_values, .lowest = INFINITY, .highest = -INFINITY, .verdict = &verdict};
    bool declared = n > 0;
    for (size_t i = 0; i < n; i++) {
        take_column(&seen, &p->columns[columns[i]]);
        declared = take_labels(&told, &p->columns[columns[i]]) && declared;
    }
    merge_line(&seen);
    merge_line(&told);
    if (declared)
        take_high_codes(&told);
    if (declared && fit_labels(&told, &seen))
        return verdict;
    if (strip(p, &seen, columns, n))
        fit(&seen);
    if (verdict.scale.min == 1 && verdict.scale.max == 6 && stands_apart(p, columns, n, 6))
        set_other(&verdict, 1, 5);
    if (verdict.holds && left(&seen))
        set_use(&seen);
    return verdict;
}
