/* Numbers with a label, codes of answers, and words at the ends of a scale of numbers. See choose.h. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "model/choose.h"
#include "model/dress.h"
#include "model/fold.h"
#include "model/labels.h"

#define KNOWN_BYTES 6 /* shorter words may stand in any label */
#define CODE_MAX 20
#define WHOLE_MIN 3 /* of shares: halves are no answers on a scale */

/* --- "5 - Agree" --- */

struct labelled {
    double value;
    char label[MG_FOLD_BYTES];
};

struct labels_seen {
    struct labelled *list;
    size_t n;
    bool known, bare,
        torn; /* a word of ours; bare numbers; one number with two labels, or the other way round */
    int64_t cells, odd;
};

/* The label is a word of the lists, or has one of some length in it. */
static bool is_known(const char *folded)
{
    const struct mg_ladder_word *words;
    size_t n = mg_labels_of(folded, &words);
    if (n)
        return true;
    words = mg_labels_words(&n);
    for (size_t i = 0; i < n; i++)
        if (strlen(words[i].folded) >= KNOWN_BYTES && strstr(folded, words[i].folded))
            return true;
    return false;
}

static void see_label(struct labels_seen *seen, double value, const char *label)
{
    for (size_t i = 0; i < seen->n; i++) {
        bool same_value = seen->list[i].value == value, same_label = strcmp(seen->list[i].label, label) == 0;
        seen->torn = seen->torn || same_value != same_label;
        if (same_value && same_label)
            return;
    }
    seen->list[seen->n].value = value;
    strcpy(seen->list[seen->n++].label, label);
    seen->known = seen->known || is_known(label);
}

static void see_text(struct labels_seen *seen, const struct mg_value_text *text)
{
    struct mg_numeral numeral;
    struct mg_dress dress;
    double value;
    if (!mg_choose_is_answer(text) || mg_cell_is_no_answer(text->text, text->length))
        return;
    seen->cells += text->n;
    if (mg_numeral_scan(text->text, text->length, &numeral))
        seen->bare = true;
    else if (!mg_dress_find(text->text, text->length, &dress) || dress.kind == MG_DRESS_SHARE ||
             !mg_numeral_value(&dress.numeral, '.', '\0', &value))
        seen->odd += text->n;
    else if (dress.kind == MG_DRESS_LABEL)
        see_label(seen, value, dress.around);
}

/* Each text that is dressed so is one of the map. */
static int take_dressed(struct mg_undecided *column, enum mg_dress_kind kind, struct mg_arena *arena,
                        struct mg_error *error)
{
    const struct mg_values *values = column->values;
    struct mg_cell_label *labels = mg_arena_array(arena, values->n, sizeof *labels);
    struct mg_dress dress;
    size_t n = 0;
    if (!labels)
        return mg_fail_memory(error);
    for (size_t i = 0; i < values->n; i++) {
        const struct mg_value_text *text = &values->texts[i];
        if (mg_choose_is_answer(text) && mg_dress_find(text->text, text->length, &dress) &&
            dress.kind == kind)
            labels[n++] = (struct mg_cell_label){text->text, dress.numeral.value};
    }
    return mg_choose_take(column->reading, labels, n, arena, error);
}

int mg_choose_labelled(struct mg_undecided *column, struct mg_arena *arena, struct mg_error *error)
{
    const struct mg_values *values = column->values;
    bool open = column->reading->kind == MG_CELLS_TEXT || column->reading->kind == MG_CELLS_NUMBER;
    if (column->told || !open || column->reading->n_labels || !values->complete ||
        values->n > MG_CHOOSE_TEXTS)
        return 0;
    struct labels_seen seen = {.list = calloc(values->n + 1, sizeof *seen.list)};
    if (!seen.list)
        return mg_fail_memory(error);
    for (size_t i = 0; i < values->n && !seen.torn; i++)
        see_text(&seen, &values->texts[i]);
    free(seen.list);
    bool fits = seen.n > 0 && !seen.torn && (seen.known || seen.bare) && 10 * seen.odd <= seen.cells;
    column->reading->dressed = column->reading->dressed || fits;
    return fits ? take_dressed(column, MG_DRESS_LABEL, arena, error) : 0;
}

/* --- "5/7" --- */

/* A number up to the whole, which is that of the texts before; with `*ret_share` one that says so. */
static bool fits_whole(const struct mg_value_text *text, char whole[MG_FOLD_BYTES], double *ret_most,
                       bool *ret_share)
{
    struct mg_numeral bare;
    struct mg_dress dress;
    if (mg_numeral_scan(text->text, text->length, &bare)) {
        *ret_most = fmax(*ret_most, bare.value);
        return bare.value >= 0;
    }
    if (!mg_dress_find(text->text, text->length, &dress) || dress.kind != MG_DRESS_SHARE ||
        (*whole && strcmp(whole, dress.around) != 0))
        return false;
    strcpy(whole, dress.around);
    *ret_most = fmax(*ret_most, dress.numeral.value);
    *ret_share = true;
    return true;
}

int mg_choose_shares(struct mg_undecided *column, struct mg_arena *arena, struct mg_error *error)
{
    const struct mg_values *values = column->values;
    char whole[MG_FOLD_BYTES] = "";
    double most = 0;
    bool fits = !column->told && column->reading->kind != MG_CELLS_TIME && !column->reading->n_labels &&
                values->complete,
         share = false;
    for (size_t i = 0; i < values->n && fits; i++) {
        const struct mg_value_text *text = &values->texts[i];
        fits = !mg_choose_is_answer(text) || mg_cell_is_no_answer(text->text, text->length) ||
               fits_whole(text, whole, &most, &share);
    }
    if (!fits || !share || atoi(whole) < WHOLE_MIN || most > atoi(whole))
        return 0;
    return take_dressed(column, MG_DRESS_SHARE, arena, error);
}

/* --- A1 --- */

/* The number of a code, and how long its letters are; 0: the text is none. */
static int code_of(const struct mg_value_text *text, size_t *ret_letters)
{
    static const char *const letters[] = {"AO", "A", "L"};
    for (size_t i = 0; i < ARRAY_LEN(letters); i++) {
        size_t n = strlen(letters[i]),
               digits = strspn(text->text + (text->length > n ? n : text->length), "0123456789");
        if (strncmp(text->text, letters[i], n) == 0 && digits >= 1 && digits <= 3 &&
            text->text[n + digits] == '\0') {
            int number = atoi(text->text + n);
            *ret_letters = n + (*letters[i] == 'L' ? 2 : 0);
            return number <= CODE_MAX ? number : 0;
        }
    }
    return 0;
}

/* All answers are codes with the same letters: these; 0: no. *ret_most: the greatest number. */
static size_t codes_of(const struct mg_undecided *column, int *ret_most)
{
    size_t letters = 0, own = 0;
    const struct mg_values *values = column->values;
    if (column->told || column->reading->kind != MG_CELLS_TEXT || !values->complete ||
        values->n > MG_CHOOSE_TEXTS)
        return 0;
    for (size_t i = 0; i < values->n; i++) {
        if (!mg_choose_is_answer(&values->texts[i]))
            continue;
        int number = code_of(&values->texts[i], &own);
        if (number == 0 || (letters && own != letters))
            return 0;
        letters = own;
        *ret_most = number > *ret_most ? number : *ret_most;
    }
    return letters;
}

static int take_codes(struct mg_undecided *column, struct mg_arena *arena, struct mg_error *error)
{
    const struct mg_values *values = column->values;
    struct mg_cell_label *labels = mg_arena_array(arena, values->n, sizeof *labels);
    size_t n = 0, letters;
    if (!labels)
        return mg_fail_memory(error);
    for (size_t i = 0; i < values->n; i++)
        if (mg_choose_is_answer(&values->texts[i]))
            labels[n++] = (struct mg_cell_label){values->texts[i].text, code_of(&values->texts[i], &letters)};
    return mg_choose_take(column->reading, labels, n, arena, error);
}

int mg_choose_codes(struct mg_undecided *columns, size_t n, struct mg_arena *arena, struct mg_error *error)
{
    size_t with[4] = {0}; /* columns by their letters: A, AO, L */
    int rc = 0, most[4] = {0};
    for (size_t i = 0; i < n; i++) {
        int own = 0;
        size_t letters = codes_of(&columns[i], &own);
        with[letters]++;
        most[letters] = own > most[letters] ? own : most[letters];
    }
    for (size_t i = 0; i < n && !rc; i++) {
        int own = 0;
        size_t letters = codes_of(&columns[i], &own);
        if (letters && with[letters] >= 2 && most[letters] >= 2)
            rc = take_codes(&columns[i], arena, error);
    }
    return rc;
}

/* --- words at the ends --- */

/* The text is the lowest (1) or the highest (2) word of some ladder; 0: neither. Yes and no, or there and not
 * there, are the ends of no scale. */
static unsigned end_of(const struct mg_value_text *text)
{
    char folded[MG_FOLD_BYTES];
    const struct mg_ladder_word *word;
    size_t n_ladders, n = 0;
    const struct mg_ladder *ladders = mg_labels_ladders(&n_ladders);
    unsigned ends = 0;
    if (mg_fold_word(text->text, text->length, folded) != MG_FOLD_TOO_LONG)
        n = mg_labels_of(folded, &word);
    for (; n-- > 0; word++)
        ends |= ladders[word->ladder].n < 3                  ? 4u
                : word->step == 0                            ? 1u
                : word->step + 1u == ladders[word->ladder].n ? 2u
                                                             : 4u;
    return ends == 1 || ends == 2 ? ends : 0;
}

struct ends {
    const char *text[2]; /* of the low and the high end */
    unsigned numbers;    /* bits of the integers 0 to 11 that are there */
    bool odd;
};

static void see_end(struct ends *ends, const struct mg_value_text *text)
{
    struct mg_numeral numeral;
    if (!mg_choose_is_answer(text) || mg_cell_is_no_answer(text->text, text->length))
        return;
    if (mg_numeral_scan(text->text, text->length, &numeral)) {
        bool fits = numeral.value >= 0 && numeral.value <= 11 && trunc(numeral.value) == numeral.value;
        ends->odd = ends->odd || !fits;
        ends->numbers |= fits ? 1u << (unsigned)numeral.value : 0;
        return;
    }
    unsigned end = end_of(text);
    if (end == 0 || ends->text[end - 1])
        ends->odd = true;
    else
        ends->text[end - 1] = text->text;
}

int mg_choose_ends(struct mg_undecided *column, struct mg_arena *arena, struct mg_error *error)
{
    struct ends ends = {0};
    const struct mg_values *values = column->values;
    if (column->told || column->reading->n_labels || !values->complete || values->n > MG_CHOOSE_TEXTS)
        return 0;
    for (size_t i = 0; i < values->n && !ends.odd; i++)
        see_end(&ends, &values->texts[i]);
    unsigned low = ends.numbers ? (unsigned)__builtin_ctz(ends.numbers) : 0;
    unsigned high = ends.numbers ? 31u - (unsigned)__builtin_clz(ends.numbers) : 0;
    bool whole = ends.numbers && ends.numbers >> low == (1u << (high - low + 1)) - 1; /* none is left out */
    bool fits_low = ends.text[0] ? low == 1 || low == 2 : low <= 1;
    bool fits_high = !ends.text[1] || high == 4 || high == 6 || high == 9;
    if (ends.odd || !whole || high - low < 2 || !fits_low || !fits_high || (!ends.text[0] && !ends.text[1]))
        return 0;
    struct mg_cell_label *labels = mg_arena_array(arena, 2, sizeof *labels);
    size_t n = 0;
    if (!labels)
        return mg_fail_memory(error);
    if (ends.text[0])
        labels[n++] = (struct mg_cell_label){ends.text[0], low - 1.0};
    if (ends.text[1])
        labels[n++] = (struct mg_cell_label){ends.text[1], high + 1.0};
    return mg_choose_take(column->reading, labels, n, arena, error);
}
