/* Several choices in one cell: the marks of survey tools, and options that come again and again. See
 * choose.h.
 *
 * A mark parts choices when two texts at least have it (┋ and | alone say it by once), no part stands twice
 * in a text, and the parts recur: there are at most half as many different ones as there are parts, or half
 * of them stand alone somewhere. Marks that prose has as well (comma, space) ask for more: see is_prose. */
#include <string.h>

#include "base/str.h"
#include "model/choose.h"
#include "model/fold.h"

#define PARTS_MAX 128 /* different options of a question */

struct parts {
    struct {
        const char *p;
        size_t n;
        bool alone, joined; /* a text of its own; in a text with the mark */
    } part[PARTS_MAX];
    size_t n, n_joined, n_marked; /* different ones, all of texts with the mark, such texts */
    bool twice, odd;              /* a part twice in a text; one that no tool writes */
};

struct mark {
    const char *text;
    bool sure;  /* once is enough */
    bool prose; /* texts of people have it too */
};

static const struct mark marks[] = {{"┋", true, false},   {"|", true, false},   {";", false, false},
                                    {"；", false, false}, {"\n", false, false}, {"、", false, true},
                                    {",", false, true},   {"，", false, true},  {" ", false, true}};

static size_t place_of(struct parts *parts, const char *p, size_t n)
{
    for (size_t i = 0; i < parts->n; i++)
        if (parts->part[i].n == n && memcmp(parts->part[i].p, p, n) == 0)
            return i;
    if (parts->n < PARTS_MAX) {
        parts->part[parts->n].p = p;
        parts->part[parts->n].n = n;
        parts->part[parts->n].alone = parts->part[parts->n].joined = false;
        return parts->n++;
    }
    return SIZE_MAX;
}

/* Parted by a space, an option is a code: "heat", "lift_2". */
static bool is_code(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.", p[i]))
            return false;
    return true;
}

static void add_text(struct parts *parts, const struct mark *mark, const char *text)
{
    bool here[PARTS_MAX] = {false}, marked = strstr(text, mark->text) != NULL;
    parts->n_marked += marked;
    for (const char *p = text, *next; p; p = next) {
        const char *end = strstr(p, mark->text);
        size_t n = end ? (size_t)(end - p) : strlen(p);
        next = end ? end + strlen(mark->text) : NULL;
        mg_fold_trim(&p, &n);
        if (n == 0)
            continue;
        size_t at = place_of(parts, p, n);
        if (at == SIZE_MAX) {
            parts->odd = true;
            return;
        }
        parts->n_joined += marked;
        parts->part[at].joined = parts->part[at].joined || marked;
        parts->twice = parts->twice || here[at];
        parts->odd = parts->odd || (*mark->text == ' ' && !is_code(p, n));
        parts->part[at].alone = parts->part[at].alone || !marked;
        here[at] = true;
    }
}

static bool are_digits(const struct parts *parts)
{
    for (size_t i = 0; i < parts->n; i++)
        for (size_t k = 0; k < parts->part[i].n; k++)
            if (parts->part[i].p[k] < '0' || parts->part[i].p[k] > '9')
                return false;
    return true;
}

static bool parts_choices(const struct mg_values *values, const struct mark *mark, bool of_digits)
{
    struct parts parts = {0};
    for (size_t i = 0; i < values->n && !parts.odd && !parts.twice; i++)
        if (mg_choose_is_answer(&values->texts[i]))
            add_text(&parts, mark, values->texts[i].text);
    if (parts.odd || parts.twice || parts.n_marked < (mark->sure ? 1u : 2u) || parts.n < 2 ||
        (of_digits && !are_digits(&parts)))
        return false;
    size_t joined = 0, alone = 0;
    for (size_t i = 0; i < parts.n; i++) {
        joined += parts.part[i].joined;
        alone += parts.part[i].joined && parts.part[i].alone;
    }
    bool recur = (mark->prose ? 3 : 2) * joined <= parts.n_joined, stand_alone = 2 * alone >= joined;
    return mark->sure || stand_alone || (recur && *mark->text != ' ');
}

/* "1,2,3" and the like beside "1" and "1,2", which would be numbers. */
static bool has_lists(const struct mg_values *values)
{
    for (size_t i = 0; i < values->n; i++) {
        const struct mg_value_text *text = &values->texts[i];
        struct mg_numeral numeral;
        if (mg_choose_is_answer(text) && text->text[strspn(text->text, "0123456789,;| ")] == '\0' &&
            !mg_numeral_scan(text->text, text->length, &numeral))
            return true;
    }
    return false;
}

void mg_choose_choices(struct mg_undecided *column)
{
    struct mg_reading *reading = column->reading;
    bool numbers = reading->kind == MG_CELLS_NUMBER && !reading->n_labels;
    if (column->told || (reading->kind != MG_CELLS_TEXT && !(numbers && has_lists(column->values))))
        return;
    for (size_t i = 0; i < ARRAY_LEN(marks); i++)
        if (parts_choices(column->values, &marks[i], numbers)) {
            reading->kind = MG_CELLS_CHOICES;
            reading->decimal = '.';
            reading->thousands = '\0';
            reading->dressed = false;
            strcpy(reading->choice_mark, marks[i].text);
            return;
        }
}
