/* See numeral.h. One walk collects the digits and the marks between them; then the marks are judged by how
 * many digits stand before and after. Up to fifteen digits the value is a quotient of two exact doubles,
 * hence rounded correctly; what is longer goes through strtod. */
#include "model/numeral.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "model/fold.h"

#define MARKS_MAX 20
#define EXACT_DIGITS 15
#define OPEN_CLASS 15 /* the first of two */

struct walk {
    bool negative;
    char digits[MG_NUMERAL_BYTES];
    unsigned n;
    struct {
        char mark;
        unsigned before; /* digits */
    } marks[MARKS_MAX];
    unsigned n_marks;
    char exponent[8]; /* "e-3"; "" */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool take_exponent(const char *p, const char *end, struct walk *walk)
{
    size_t n = (size_t)(end - p);
    if (n < 2 || n >= sizeof walk->exponent || !walk->n)
        return false;
    memcpy(walk->exponent, p, n);
    walk->exponent[n] = '\0';
    const char *at = walk->exponent + 1;
    at += *at == '-' || *at == '+';
    return *at && !at[strspn(at, "0123456789")];
}

static bool take(const char *p, const char *end, struct walk *walk)
{
    walk->negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    walk->n = walk->n_marks = 0;
    walk->exponent[0] = '\0';
    for (; p < end; p++) {
        if (is_digit(*p)) {
            walk->digits[walk->n++] = *p;
        } else if (*p == '.' || *p == ',' || *p == ' ' || *p == '\'') {
            if (walk->n_marks == MARKS_MAX)
                return false;
            walk->marks[walk->n_marks].mark = *p;
            walk->marks[walk->n_marks++].before = walk->n;
        } else {
            return (*p == 'e' || *p == 'E') && take_exponent(p, end, walk);
        }
    }
    return walk->n > 0;
}

/* The first n marks are one and the same and part groups of three. `after`: digits before the next mark. */
static bool are_groups(const struct walk *walk, unsigned n, unsigned after)
{
    unsigned first = walk->marks[0].before;
    if (first < 1 || first > 3 || walk->digits[0] == '0' || walk->exponent[0])
        return false;
    for (unsigned i = 0; i < n; i++) {
        unsigned next = i + 1 < n ? walk->marks[i + 1].before : after;
        if (walk->marks[i].mark != walk->marks[0].mark || next - walk->marks[i].before != 3)
            return false;
    }
    return true;
}

static bool is_decimal_mark(char c)
{
    return c == '.' || c == ',';
}

static bool judge_one(const struct walk *walk, struct mg_numeral *ret)
{
    char mark = walk->marks[0].mark;
    unsigned before = walk->marks[0].before, after = walk->n - before;
    bool groups = are_groups(walk, 1, walk->n);
    if (!is_decimal_mark(mark)) {
        ret->group = mark;
        return groups;
    }
    ret->decimal = mark;
    ret->open = groups;
    return mark == '.' || (before && after);
}

/* The marks, without values; false: they stand where no numeral has them. */
static bool judge(const struct walk *walk, struct mg_numeral *ret)
{
    unsigned n = walk->n_marks;
    *ret = (struct mg_numeral){.digits = walk->n, .padded = walk->digits[0] == '0' && walk->n > 1};
    if (n == 0)
        return true;
    ret->padded = ret->padded && walk->marks[0].before > 1;
    if (n == 1)
        return judge_one(walk, ret);
    char first = walk->marks[0].mark, last = walk->marks[n - 1].mark;
    ret->group = first;
    if (last == first)
        return are_groups(walk, n, walk->n);
    ret->decimal = last;
    return is_decimal_mark(last) && walk->marks[n - 1].before < walk->n &&
           are_groups(walk, n - 1, walk->marks[n - 1].before);
}

/* The digits with a point before the last `after` of them. */
static bool worth(const struct walk *walk, unsigned after, double *ret)
{
    static const double powers[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    if (walk->n <= EXACT_DIGITS && !walk->exponent[0]) {
        int64_t whole = 0;
        for (unsigned i = 0; i < walk->n; i++)
            whole = whole * 10 + (walk->digits[i] - '0');
        double value = (double)whole / powers[after];
        *ret = walk->negative ? -value : value;
        return true;
    }
    char text[2 * MG_NUMERAL_BYTES];
    snprintf(text, sizeof text, "%s%.*s.%.*s%s", walk->negative ? "-" : "", (int)(walk->n - after),
             walk->digits, (int)after, walk->digits + walk->n - after, walk->exponent);
    return mg_parse_double(text, ret);
}

static bool scan(const char *text, const char *end, struct mg_numeral *ret)
{
    struct walk walk;
    if (end - text >= MG_NUMERAL_BYTES || !take(text, end, &walk) || !judge(&walk, ret))
        return false;
    unsigned after = ret->decimal ? walk.n - walk.marks[walk.n_marks - 1].before : 0;
    return worth(&walk, after, &ret->value) && (!ret->open || worth(&walk, 0, &ret->grouped));
}

bool mg_numeral_scan(const char *text, size_t n, struct mg_numeral *ret)
{
    char narrow[MG_FOLD_BYTES];
    bool plain = true;
    if (n >= MG_FOLD_BYTES)
        mg_fold_trim(&text, &n);
    if (n >= MG_FOLD_BYTES)
        return false;
    for (size_t i = 0; i < n && plain; i++)
        plain = (unsigned char)text[i] < 0x80 && text[i] > ' ';
    if (!plain) {
        n = mg_fold_width(text, n, narrow);
        if (n == MG_FOLD_TOO_LONG)
            return false;
        text = narrow;
    }
    return scan(text, text + n, ret);
}

bool mg_numeral_value(const struct mg_numeral *numeral, char decimal, char thousands, double *ret)
{
    bool as_groups = numeral->open && numeral->decimal == thousands;
    bool fits = (!numeral->decimal || numeral->decimal == decimal) &&
                (!numeral->group || numeral->group == thousands);
    if (!as_groups && !fits)
        return false;
    *ret = as_groups ? numeral->grouped : numeral->value;
    return true;
}

static const char groups[] = {'\0', ',', '.', ' ', '\''}, decimals[] = {'\0', '.', ','};

unsigned mg_numeral_class(const struct mg_numeral *numeral)
{
    unsigned g = 0, d = 0;
    if (numeral->open)
        return OPEN_CLASS + (numeral->decimal == ',');
    while (groups[g] != numeral->group)
        g++;
    while (decimals[d] != numeral->decimal)
        d++;
    return g * 3 + d;
}

struct mg_numeral mg_numeral_of_class(unsigned class_)
{
    if (class_ >= OPEN_CLASS)
        return (struct mg_numeral){.decimal = class_ == OPEN_CLASS ? '.' : ',', .open = true};
    return (struct mg_numeral){.group = groups[class_ / 3], .decimal = decimals[class_ % 3]};
}
