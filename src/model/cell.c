/* See cell.h. Most cells are one digit; the next quickest way is the numeral, then a label as it is written.
 */
#include "model/cell.h"

#include <math.h>
#include <string.h>

#include "model/dates.h"
#include "model/dress.h"
#include "model/fold.h"
#include "model/labels.h"
#include "model/words.h"
#include "words.gen.h"

#define MARK_BYTES 24 /* longer texts are no marks for no value */

struct mg_reading mg_reading_plain(void)
{
    return (struct mg_reading){.kind = MG_CELLS_NUMBER, .decimal = '.'};
}

bool mg_cell_is_no_value(const char *text, size_t n)
{
    char word[MARK_BYTES];
    if (n == 0)
        return true;
    if (n >= sizeof word)
        return false;
    memcpy(word, text, n);
    word[n] = '\0';
    return mg_words_is(&mg_words_missing, word);
}

bool mg_cell_is_no_answer(const char *text, size_t n)
{
    char folded[MG_FOLD_BYTES];
    return mg_fold_word(text, n, folded) != MG_FOLD_TOO_LONG && mg_labels_place(MG_LIST_NO_ANSWER, folded);
}

static bool is_code(const struct mg_reading *reading, double number)
{
    if (reading->missing_low < reading->missing_high && number >= reading->missing_low &&
        number <= reading->missing_high)
        return true;
    for (size_t i = 0; i < reading->n_codes; i++)
        if (reading->codes[i] == number)
            return true;
    return false;
}

static enum mg_cell_read give(const struct mg_reading *reading, double number, double *ret)
{
    bool missing = isnan(number) || is_code(reading, number);
    *ret = missing ? NAN : number;
    return missing ? MG_READ_MISSING : MG_READ_VALUE;
}

static bool is_dressed(const struct mg_reading *reading, const char *text, size_t n, double *ret)
{
    struct mg_dress dress;
    return reading->dressed && mg_dress_find(text, n, &dress) && dress.kind != MG_DRESS_SHARE &&
           mg_numeral_value(&dress.numeral, reading->decimal, reading->thousands, ret);
}

static enum mg_cell_read read_number(const struct mg_reading *reading, const char *text, size_t n,
                                     double *ret)
{
    struct mg_numeral numeral;
    double number;
    if (n == 1 && *text >= '0' && *text <= '9')
        return give(reading, *text - '0', ret);
    if (reading->index && mg_labels_find_as_written(reading, text, n, &number))
        return give(reading, number, ret);
    if (mg_numeral_scan(text, n, &numeral) &&
        mg_numeral_value(&numeral, reading->decimal, reading->thousands, &number))
        return give(reading, number, ret);
    mg_fold_trim(&text, &n);
    if (reading->n_labels && n && mg_labels_find(reading, text, n, &number))
        return give(reading, number, ret);
    *ret = NAN;
    if (mg_cell_is_no_value(text, n) || mg_cell_is_no_answer(text, n))
        return MG_READ_MISSING;
    return is_dressed(reading, text, n, &number) ? give(reading, number, ret) : MG_READ_NOT_UNDERSTOOD;
}

static enum mg_cell_read read_time(const struct mg_reading *reading, const char *text, size_t n, double *ret)
{
    int64_t us;
    mg_fold_trim(&text, &n);
    if (mg_date_read(text, n, reading->order, &us)) {
        *ret = (double)us;
        return MG_READ_VALUE;
    }
    bool missing = mg_cell_is_no_value(text, n) || mg_cell_is_no_answer(text, n);
    return missing ? MG_READ_MISSING : MG_READ_NOT_UNDERSTOOD;
}

enum mg_cell_read mg_cell_read(const struct mg_reading *reading, const char *text, size_t n, double *ret)
{
    *ret = NAN;
    if (reading->kind == MG_CELLS_NUMBER)
        return read_number(reading, text, n, ret);
    if (reading->kind == MG_CELLS_TIME)
        return read_time(reading, text, n, ret);
    mg_fold_trim(&text, &n);
    return mg_cell_is_no_value(text, n) ? MG_READ_MISSING : MG_READ_VALUE;
}
