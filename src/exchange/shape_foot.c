/* Rows at the end that are no answers: totals, means, counts, notes below the table.
 *
 * A word alone never makes one: it has to stand where something else is usual (a mean beside numbered ids),
 * or come with cells that no answer has (fractions among whole numbers, sums above all). So a respondent
 * called "Total", or who answers "N" to a yes/no question, stays. Rows at the very end are looked at from the
 * last one up, and the first that is data ends it; between other rows only subtotals are known. */
#include <string.h>

#include "base/str.h"
#include "exchange/shape_private.h"
#include "model/words.h"

#include "shape_words.gen.h"

#define WORD_BYTES_MAX 64
#define NOTE_BYTES 8  /* by which a note is longer than twice the longest cell above it */
#define ID_ROWS_MIN 5 /* so many different ones are no chance */

/* The cell without colon, brackets and what is in them: "平均值：", "Mean (n=60)". False: too long for a
 * word. */
static bool take_word(const char *text, char ret_word[WORD_BYTES_MAX])
{
    static const char *const ends[] = {"(", "（", ":", "：", "=", "＝"};
    while (*text == ' ' || *text == '\t')
        text++;
    size_t n = strlen(text);
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        const char *at = strstr(text, ends[i]);
        n = at && at > text && (size_t)(at - text) < n ? (size_t)(at - text) : n;
    }
    while (n > 0 && strchr(" \t\r\n", text[n - 1]))
        n--;
    if (n == 0 || n >= WORD_BYTES_MAX)
        return false;
    memcpy(ret_word, text, n);
    ret_word[n] = '\0';
    return true;
}

enum strength { NO_WORD, SHORT_WORD, WORD };

static enum strength foot_word(const char *text)
{
    char word[WORD_BYTES_MAX];
    if (!take_word(text, word))
        return NO_WORD;
    return mg_words_is(&mg_words_foot, word)         ? WORD
           : mg_words_is(&mg_words_foot_short, word) ? SHORT_WORD
                                                     : NO_WORD;
}

/* "小计", "北京小计", "Total North", "North subtotal". */
static bool has_total_word(const char *text)
{
    char word[WORD_BYTES_MAX];
    if (!take_word(text, word))
        return false;
    const char *last = strrchr(word, ' ');
    if (mg_words_is(&mg_words_foot, word) || (last && mg_words_is(&mg_words_foot, last + 1)))
        return true;
    for (size_t i = 0; i < mg_words_foot.n; i++)
        if ((unsigned char)*mg_words_foot.words[i] >= 0x80 && mg_str_ends(word, mg_words_foot.words[i]))
            return true;
    word[strcspn(word, " ")] = '\0';
    return mg_words_is(&mg_words_foot, word);
}

bool mg_row_has_foot_word(const struct mg_shape_row *row)
{
    return has_total_word(mg_shape_cell(row, mg_row_nth(row, 0))) ||
           has_total_word(mg_shape_cell(row, mg_row_nth(row, 1)));
}

/* --- cells that no answer has --- */

static bool is_told_from_words(const struct mg_shape_profile *column)
{
    return column->main == MG_CLASS_NUMBER || column->main == MG_CLASS_CODE ||
           column->main == MG_CLASS_ADDRESS;
}

/* A fraction among whole numbers, a number far above all, or nothing where everybody has something. */
static bool is_odd(const struct mg_shape_profile *column, const char *text, size_t n_body)
{
    bool fraction = false;
    if (mg_cell_is_blank(text))
        return column->filled == n_body && n_body >= 3;
    if (column->main != MG_CLASS_NUMBER || mg_cell_classify(text) != MG_CLASS_NUMBER)
        return false;
    double number = mg_cell_number(text, &fraction);
    return (fraction && column->whole) || number > 2 * column->max;
}

/* A third at least of the cells besides `but` are such as no answer has. */
static bool is_odd_row(const struct mg_shape_table *table, const struct mg_shape_row *row, size_t but)
{
    size_t odd = 0, told = 0;
    for (size_t i = 0; i < table->width; i++) {
        odd += i != but && is_odd(&table->columns[i], mg_shape_cell(row, i), table->n_body);
        told += i != but && is_told_from_words(&table->columns[i]);
    }
    return odd > 0 && odd * 3 >= told;
}

/* A total by the word in its nth filled cell. */
static bool is_total_by(const struct mg_shape_table *table, const struct mg_shape_row *row, size_t nth)
{
    size_t i = mg_row_nth(row, nth), first = mg_row_nth(row, 0);
    const char *text = mg_shape_cell(row, i);
    enum strength strength = foot_word(text);
    struct mg_body_others others;
    if (strength == NO_WORD || i >= table->width)
        return false;
    mg_body_others(table, row, &others);
    if (mg_body_has(&others, i, text))
        return false;
    if (first < i && mg_cell_classify(mg_shape_cell(row, first)) == table->columns[first].main)
        return false; /* it begins as everybody's row does */
    if (first == i && is_told_from_words(&table->columns[i]))
        return true;
    return strength == WORD && is_odd_row(table, row, i);
}

/* The column that everybody's row begins with, each with its own; width: there is none. */
static size_t find_id(const struct mg_shape_table *table)
{
    for (size_t i = 0; i < table->width && table->n_body >= ID_ROWS_MIN; i++)
        if (table->columns[i].distinct)
            return i;
    return table->width;
}

/* No id, and fractions or words where whole numbers are usual. */
static bool is_total_without_id(const struct mg_shape_table *table, const struct mg_shape_row *row)
{
    size_t id = find_id(table), odd = 0, numbers = 0, words = 0;
    if (id == table->width || !mg_cell_is_blank(mg_shape_cell(row, id)))
        return false;
    for (size_t i = 0; i < table->width; i++) {
        const char *text = mg_shape_cell(row, i);
        enum mg_cell_class class = mg_cell_classify(text);
        if (table->columns[i].main != MG_CLASS_NUMBER || class == MG_CLASS_EMPTY)
            continue;
        numbers += class == MG_CLASS_NUMBER;
        words += class == MG_CLASS_WORDS || class == MG_CLASS_CODE;
        odd += class == MG_CLASS_NUMBER && is_odd(&table->columns[i], text, table->n_body);
    }
    return words > numbers || (odd >= 2 && odd * 2 >= numbers);
}

/* --- between rows --- */

struct mg_shape_totals {
    size_t id; /* the column that everybody's row has its own of */
    size_t width;
    bool numbers[]; /* by column: it holds numbers */
};

const struct mg_shape_totals *mg_foot_keep(const struct mg_shape_table *table)
{
    struct mg_shape_totals *totals = mg_arena_alloc(table->arena, sizeof *totals + table->width);
    if (!totals)
        return NULL;
    totals->id = find_id(table);
    totals->width = table->width;
    for (size_t i = 0; i < table->width; i++)
        totals->numbers[i] = table->columns[i].main == MG_CLASS_NUMBER;
    return totals;
}

bool mg_foot_is_subtotal(const struct mg_shape_totals *totals, const struct mg_shape_row *row)
{
    size_t numbers = 0;
    if (!totals || totals->id >= totals->width || !mg_cell_is_blank(mg_shape_cell(row, totals->id)))
        return false;
    if (!has_total_word(mg_shape_cell(row, mg_row_nth(row, 0))) &&
        !has_total_word(mg_shape_cell(row, mg_row_nth(row, 1))))
        return false;
    for (size_t i = 0; i < totals->width; i++) {
        enum mg_cell_class class = mg_cell_classify(mg_shape_cell(row, i));
        numbers += totals->numbers[i] && class == MG_CLASS_NUMBER;
        if (totals->numbers[i] && (class == MG_CLASS_WORDS || class == MG_CLASS_CODE))
            return false;
    }
    return numbers > 0;
}

/* --- notes --- */

/* "Note: …", "注1：…", "* …": a word alone may begin an answer, too. */
static bool begins_as_note(const char *text)
{
    char word[WORD_BYTES_MAX];
    text += strspn(text, " \t(");
    if (*text == '*' || mg_str_starts(text, "※") || mg_str_starts(text, "（注"))
        return true;
    const char *wide = strstr(text, "：");
    size_t n = strcspn(text, ":");
    n = wide && (size_t)(wide - text) < n ? (size_t)(wide - text) : n;
    if (text[n] == '\0')
        return false;
    while (n > 0 && strchr(" 0123456789", text[n - 1]))
        n--;
    if (n == 0 || n >= WORD_BYTES_MAX)
        return false;
    memcpy(word, text, n);
    word[n] = '\0';
    return mg_words_is(&mg_words_note, word);
}

/* One or two cells of a wide table, which read as no answer does. */
static bool is_note(const struct mg_shape_table *table, const struct mg_shape_row *row)
{
    size_t filled = mg_row_filled(row), i = mg_row_nth(row, 0);
    if (filled > 2 || table->typical < 3 || i >= table->width)
        return false;
    const char *text = mg_shape_cell(row, i);
    const struct mg_shape_profile *column = &table->columns[i];
    enum mg_cell_class class = mg_cell_classify(text);
    if (class != MG_CLASS_WORDS && class != MG_CLASS_CODE)
        return false;
    if (class == MG_CLASS_WORDS && is_told_from_words(column))
        return mg_row_compare(table, row).like == 0;
    return begins_as_note(text) ||
           (filled == 1 && i == 0 && column->filled > 0 && strlen(text) > 2 * column->longest + NOTE_BYTES);
}

/* --- the whole --- */

static bool is_foot(const struct mg_shape_table *table, const struct mg_shape_row *row)
{
    return mg_row_filled(row) == 0 || is_total_by(table, row, 0) || is_total_by(table, row, 1) ||
           is_total_without_id(table, row) || is_note(table, row);
}

size_t mg_foot_find(const struct mg_shape_table *table, const struct mg_shape_row *last, size_t n_last,
                    int64_t after)
{
    size_t n = 0;
    while (table->n_body > 0 && n < n_last && last[n_last - 1 - n].line > after &&
           is_foot(table, &last[n_last - 1 - n]))
        n++;
    return n;
}
