/* The reading of each column, from what all cells are. See evidence.h for the rules.
 *
 * Marks: a numeral whose mark can only be one thing ("5,0", "1.234,5") speaks for its column, and each column
 * of numbers that has such speaks for the file. Where a column's own cells leave it open ("1,234"), the file
 * decides, and where the file is silent or in two minds (less than ten to one) it stays open. Orders of dates
 * likewise. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "model/choose.h"
#include "model/labels.h"

#define MOST(part, whole) (10 * (part) >= 9 * (whole))
#define CLEARLY(a, b) ((a) > 0 && (a) >= 10 * (b))
#define FEW_TEXTS 3
#define PADDED_DIGITS 2
#define ID_DIGITS 9
#define EXACT_DIGITS 15

/* What the columns of the file say together. */
struct voices {
    int64_t point, comma;           /* cells with that decimal mark for sure */
    int64_t day_first, month_first; /* dates that have one order for sure */
};

struct decider {
    const struct mg_evidence *evidence;
    struct mg_arena *arena;
    const struct mg_told *told;
    struct mg_reading *readings;
    struct mg_cell_facts *facts;
    struct mg_tally *tallies;
    struct mg_values *values;
    struct voices file;
};

bool mg_reading_takes(const struct mg_reading *reading, unsigned numeral_class)
{
    double unused;
    const struct mg_numeral marks = mg_numeral_of_class(numeral_class);
    return mg_numeral_value(&marks, reading->decimal, reading->thousands, &unused);
}

static bool is_told(const struct decider *d, size_t column)
{
    const struct mg_told *told = d->told ? &d->told[column] : NULL;
    return told && (told->number || told->time || told->n_labels);
}

static struct voices voices_of(const struct mg_tally *tally)
{
    struct voices voices = {0};
    for (unsigned i = 0; i < MG_NUMERAL_CLASSES; i++) {
        const struct mg_numeral marks = mg_numeral_of_class(i);
        int64_t n = tally->bare[i].n + tally->unit[i].n;
        voices.point += !marks.open && (marks.decimal == '.' || marks.group == ',') ? n : 0;
        voices.comma += !marks.open && (marks.decimal == ',' || marks.group == '.') ? n : 0;
    }
    int64_t either =
        tally->n_dates[MG_DATE_DMY] + tally->n_dates[MG_DATE_MDY] - tally->n_dated - tally->n_compact;
    voices.day_first = tally->n_dates[MG_DATE_DMY] - either;
    voices.month_first = tally->n_dates[MG_DATE_MDY] - either;
    return voices;
}

static void listen(struct decider *d, size_t column, const struct mg_tally *tally)
{
    int64_t numbers, units, filled = mg_tally_filled(tally, &numbers, &units);
    const struct voices own = voices_of(tally);
    if (is_told(d, column) || filled == 0)
        return;
    if (MOST(numbers + units, filled)) {
        d->file.point += own.point;
        d->file.comma += own.comma;
    }
    if (MOST(tally->n_dated, filled)) {
        d->file.day_first += own.day_first;
        d->file.month_first += own.month_first;
    }
}

/* Which of two things the column says, or else the file: 1 or 2; 0: open. */
static int heard(int64_t own_first, int64_t own_second, int64_t file_first, int64_t file_second)
{
    if (own_first != own_second)
        return own_first > own_second ? 1 : 2;
    return CLEARLY(file_first, file_second) ? 1 : CLEARLY(file_second, file_first) ? 2 : 0;
}

static int64_t in_class(const struct mg_tally *tally, struct mg_numeral marks)
{
    unsigned class_ = mg_numeral_class(&marks);
    return tally->bare[class_].n + tally->unit[class_].n;
}

/* The group mark that most numerals have that fit the decimal mark. */
static char group_mark(const struct mg_tally *tally, char decimal)
{
    static const char marks[] = {',', '.', ' ', '\''};
    int64_t most = 0;
    char found = '\0';
    for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
        int64_t n = in_class(tally, (struct mg_numeral){.group = marks[i]}) +
                    in_class(tally, (struct mg_numeral){.group = marks[i], .decimal = decimal});
        if (marks[i] != decimal && n > most)
            most = n, found = marks[i];
    }
    return found;
}

static void pick_marks(const struct decider *d, const struct mg_tally *tally, bool told,
                       struct mg_reading *reading, bool *ret_open)
{
    const struct voices own = voices_of(tally);
    int64_t commas = in_class(tally, (struct mg_numeral){.decimal = ',', .open = true});
    int64_t points = in_class(tally, (struct mg_numeral){.decimal = '.', .open = true});
    int mark = told ? 1 : heard(own.point, own.comma, d->file.point, d->file.comma);
    *ret_open = mark == 0 && commas + points > 0;
    reading->decimal = mark == 2 ? ',' : '.';
    reading->thousands = group_mark(tally, reading->decimal);
    int64_t grouped = mark == 1 ? commas : mark == 2 ? points : 0;
    if (grouped && !reading->thousands)
        reading->thousands = mark == 1 ? ',' : '.';
}

static void pick_order(const struct decider *d, const struct mg_tally *tally, struct mg_reading *reading,
                       bool *ret_open)
{
    const struct voices own = voices_of(tally);
    int order = heard(own.day_first, own.month_first, d->file.day_first, d->file.month_first);
    bool mixed = tally->n_dates[MG_DATE_YMD] < tally->n_dated; /* some have an order to be known */
    *ret_open = mixed && order == 0;
    reading->order = !mixed || order == 0 ? MG_DATE_YMD : order == 1 ? MG_DATE_DMY : MG_DATE_MDY;
}

/* Integers that name something rather than count. */
static bool are_ids(const struct mg_tally *tally)
{
    bool padded = tally->n_padded > 0 && tally->digits_max > PADDED_DIGITS;
    bool long_alike = tally->digits_max >= ID_DIGITS && tally->digits_min == tally->digits_max;
    return padded || long_alike || tally->digits_max > EXACT_DIGITS;
}

static bool are_numbers(const struct mg_tally *tally, const struct mg_values *values)
{
    int64_t numbers, units, filled = mg_tally_filled(tally, &numbers, &units);
    bool few = values->complete && tally->n_odd <= FEW_TEXTS && tally->n_dated == 0;
    return numbers + units > 0 &&
           (MOST(numbers + units, filled) || (few && 3 * (numbers + units) >= 2 * filled));
}

static bool are_dates(const struct mg_tally *tally)
{
    int64_t numbers, units, filled = mg_tally_filled(tally, &numbers, &units);
    bool compact =
        tally->n_compact > 0 && tally->n_compact == numbers && MOST(numbers + tally->n_dated, filled);
    return compact || (tally->n_dated > 0 && MOST(tally->n_dated, filled));
}

static bool has_units(const struct mg_tally *tally)
{
    int64_t numbers, units;
    mg_tally_filled(tally, &numbers, &units);
    return units > 0;
}

static bool says_no_answer(const struct mg_cell_label *label)
{
    return mg_cell_is_no_answer(label->text, strlen(label->text));
}

/* "Don't know" as the label of 6 on 1 to 5 makes 6 a code; between others ("no opinion" as the third of five)
 * it is a step. */
static bool is_code_label(const struct mg_told *told, size_t at)
{
    bool above = false, below = false;
    for (size_t i = 0; i < told->n_labels && says_no_answer(&told->labels[at]); i++) {
        if (i == at || says_no_answer(&told->labels[i]))
            continue;
        above = above || told->labels[i].value > told->labels[at].value;
        below = below || told->labels[i].value < told->labels[at].value;
    }
    return above != below;
}

/* The codes that the file declares, and those that its labels say. */
static int take_codes(const struct decider *d, const struct mg_told *told, struct mg_reading *reading,
                      struct mg_error *error)
{
    double *codes = mg_arena_array(d->arena, told->n_codes + told->n_labels + 1, sizeof *codes);
    size_t n = 0;
    if (!codes)
        return mg_fail_memory(error);
    for (size_t i = 0; i < told->n_codes; i++)
        codes[n++] = told->codes[i];
    for (size_t i = 0; i < told->n_labels && n < MG_READING_CODES_MAX; i++)
        if (is_code_label(told, i))
            codes[n++] = told->labels[i].value;
    reading->codes = codes;
    reading->n_codes = n;
    return 0;
}

static int take_told(const struct decider *d, const struct mg_told *told, struct mg_reading *reading,
                     struct mg_error *error)
{
    reading->labels = told->labels;
    reading->n_labels = told->n_labels;
    int rc = take_codes(d, told, reading, error);
    if (told->missing_low < told->missing_high) {
        reading->missing_low = told->missing_low;
        reading->missing_high = told->missing_high;
    }
    reading->index = mg_label_index_new(d->arena, told->labels, told->n_labels);
    return rc || reading->index ? rc : mg_fail_memory(error);
}

/* Numbers and times; what is neither stays TEXT. */
static int decide_column(const struct decider *d, size_t column, struct mg_error *error)
{
    const struct mg_told *told = d->told ? &d->told[column] : NULL;
    const struct mg_tally *tally = &d->tallies[column];
    struct mg_reading *reading = &d->readings[column];
    struct mg_cell_facts *facts = &d->facts[column];
    int rc = told ? take_told(d, told, reading, error) : 0;
    if ((told && told->time) || (!is_told(d, column) && are_dates(tally))) {
        reading->kind = MG_CELLS_TIME;
        pick_order(d, tally, reading, &facts->date_order_open);
    } else if (is_told(d, column) || (are_numbers(tally, &d->values[column]) && !are_ids(tally))) {
        reading->kind = MG_CELLS_NUMBER;
        reading->dressed = has_units(tally) && !is_told(d, column);
        pick_marks(d, tally, is_told(d, column), reading, &facts->decimal_open);
    }
    return rc;
}

/* Columns that hold no bare numbers: by the texts of all of them. */
static int decide_texts(const struct decider *d, size_t n, struct mg_error *error)
{
    struct mg_undecided *columns = mg_arena_array(d->arena, n + 1, sizeof *columns);
    int rc = columns ? 0 : mg_fail_memory(error);
    for (size_t i = 0; i < n && !rc; i++) {
        columns[i] = (struct mg_undecided){&d->values[i], &d->readings[i], is_told(d, i)};
        rc = mg_choose_ends(&columns[i], d->arena, error);
    }
    if (!rc)
        rc = mg_choose_ladders(columns, n, d->arena, error);
    if (!rc)
        rc = mg_choose_codes(columns, n, d->arena, error);
    for (size_t i = 0; i < n && !rc; i++) {
        rc = mg_choose_labelled(&columns[i], d->arena, error);
        if (!rc)
            rc = mg_choose_shares(&columns[i], d->arena, error);
        mg_choose_choices(&columns[i]);
    }
    return rc;
}

static int decide(struct decider *d, size_t n, struct mg_error *error)
{
    int rc = 0;
    for (size_t i = 0; i < n && !rc; i++) {
        d->readings[i] = (struct mg_reading){.kind = MG_CELLS_TEXT, .decimal = '.'};
        d->facts[i] = (struct mg_cell_facts){0};
        rc = mg_evidence_values(d->evidence, i, d->arena, &d->values[i], error);
        mg_evidence_tally(d->evidence, i, &d->tallies[i]);
        listen(d, i, &d->tallies[i]);
    }
    for (size_t i = 0; i < n && !rc; i++)
        rc = decide_column(d, i, error);
    if (!rc)
        rc = decide_texts(d, n, error);
    for (size_t i = 0; i < n && !rc; i++) {
        d->facts[i].decimal_open = d->facts[i].decimal_open && d->readings[i].kind == MG_CELLS_NUMBER;
        rc = mg_facts_of(&d->values[i], &d->tallies[i], &d->readings[i], d->arena, &d->facts[i], error);
    }
    return rc;
}

int mg_evidence_decide(const struct mg_evidence *evidence, struct mg_arena *arena, const struct mg_told *told,
                       struct mg_reading *ret_readings, struct mg_cell_facts *ret_facts,
                       struct mg_error *error)
{
    size_t n = evidence->n_columns;
    struct decider d = {
        .evidence = evidence, .arena = arena, .told = told, .readings = ret_readings, .facts = ret_facts};
    d.tallies = evidence->failed ? NULL : calloc(n + 1, sizeof *d.tallies);
    d.values = mg_arena_array(arena, n + 1, sizeof *d.values);
    int rc = d.tallies && d.values ? decide(&d, n, error) : mg_fail_memory(error);
    free(d.tallies);
    return rc;
}

int mg_evidence_facts(const struct mg_evidence *evidence, size_t column, struct mg_arena *arena,
                      const struct mg_reading *reading, struct mg_cell_facts *ret_facts,
                      struct mg_error *error)
{
    struct mg_tally tally;
    struct mg_values values;
    if (evidence->failed)
        return mg_fail_memory(error);
    int rc = mg_evidence_values(evidence, column, arena, &values, error);
    if (!rc && !values.complete)
        return mg_fail(error, MG_E_UNSUPPORTED, "The file has to be read once more for this.");
    mg_evidence_tally(evidence, column, &tally);
    *ret_facts = (struct mg_cell_facts){0};
    return rc ? rc : mg_facts_of(&values, &tally, reading, arena, ret_facts, error);
}
