/* See direction.h. Each word is looked up on every ladder; the ladder that most of them stand on decides. */
#include "column/direction.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "model/dress.h"
#include "model/labels.h"

#define STEPS_MAX 32 /* words with a number that are looked at */
#define LABELS_MAX 10000
#define KEY_BYTES 800
#define KEY_DIGITS 2 /* of a number in a key */
#define TAKEN_OFF 4  /* words behind an answer's: "very satisfied to" */

/* A word's place on one ladder, and its number. */
struct place {
    double value;
    uint16_t ladder, step;
};

struct places {
    struct place list[8 * STEPS_MAX]; /* a word stands on several ladders */
    size_t n;
};

static bool counts(const struct mg_ladder_word *word)
{
    size_t n;
    return strcmp(mg_labels_ladders(&n)[word->ladder].family, "yes_no") != 0;
}

/* Whether the folded text is a word of ours. */
static bool add_word(struct places *places, double value, const char *folded)
{
    const struct mg_ladder_word *words;
    size_t n = mg_labels_of(folded, &words), found = 0;
    for (size_t i = 0; i < n; i++) {
        if (!counts(&words[i]))
            continue;
        found++;
        if (places->n < ARRAY_LEN(places->list))
            places->list[places->n++] = (struct place){value, words[i].ladder, words[i].step};
    }
    return found > 0;
}

/* Of the words on one ladder: how many, and which way they run; OPEN where they don't run one way. */
static enum mg_direction run_of(const struct places *places, uint16_t ladder, size_t *ret_n)
{
    bool up = false, down = false;
    *ret_n = 0;
    for (size_t i = 0; i < places->n; i++) {
        const struct place *a = &places->list[i];
        *ret_n += a->ladder == ladder;
        for (size_t k = 0; k < i && a->ladder == ladder; k++) {
            const struct place *b = &places->list[k];
            double way = (a->value - b->value) * (a->step - b->step);
            up = up || (b->ladder == ladder && way > 0);
            down = down || (b->ladder == ladder && way < 0);
        }
    }
    return up == down ? MG_DIRECTION_OPEN : up ? MG_DIRECTION_UP : MG_DIRECTION_DOWN;
}

static enum mg_direction decide(const struct places *places)
{
    enum mg_direction found = MG_DIRECTION_OPEN;
    size_t most = 0, n;
    for (size_t i = 0; i < places->n; i++) {
        enum mg_direction run = run_of(places, places->list[i].ladder, &n);
        if (run == MG_DIRECTION_OPEN || n < most)
            continue;
        found = n > most || run == found ? run : MG_DIRECTION_OPEN;
        most = n;
    }
    return found;
}

/* --- labels --- */

static bool is_cell(const struct mg_column_info *info, const char *text)
{
    for (size_t i = 0; i < info->n_counts; i++)
        if (strcmp(info->counts[i].text, text) == 0)
            return true;
    for (size_t i = 0; i < info->n_samples && !info->counts; i++)
        if (strcmp(info->samples[i], text) == 0)
            return true;
    return false;
}

static void add_label(struct places *places, const struct mg_column_info *info,
                      const struct mg_cell_label *label)
{
    struct mg_dress dress;
    char folded[MG_FOLD_BYTES];
    size_t n = strlen(label->text);
    if (isnan(label->value))
        return;
    if (mg_dress_find(label->text, n, &dress) && dress.kind == MG_DRESS_LABEL)
        add_word(places, label->value, dress.around);
    else if (mg_fold_word(label->text, n, folded) != MG_FOLD_TOO_LONG && !is_cell(info, label->text))
        add_word(places, label->value, folded);
}

/* --- the key in a question --- */

/* The text without its last word; where it has no spaces, without its last character. */
static size_t without_last(const char *text, size_t n)
{
    while (n && text[n - 1] == ' ')
        n--;
    size_t end = n;
    while (end && text[end - 1] != ' ')
        end--;
    if (end)
        return end;
    while (n && ((unsigned char)text[n - 1] & 0xC0) == 0x80)
        n--;
    return n ? n - 1 : 0;
}

/* What stands behind a number up to the next: "= very satisfied, ". */
static void add_key(struct places *places, double value, const char *text, size_t n)
{
    char wide[MG_FOLD_BYTES], folded[MG_FOLD_BYTES];
    if (mg_fold_width(text, n, wide) == MG_FOLD_TOO_LONG)
        return;
    const char *start = wide + strspn(wide, " =:-(");
    size_t length = strcspn(start, ",;/()|");
    for (size_t i = 0; i < TAKEN_OFF && length; i++) {
        if (mg_fold_word(start, length, folded) != MG_FOLD_TOO_LONG && add_word(places, value, folded))
            return;
        length = without_last(start, length);
    }
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t next_number(const char *text, size_t n, size_t from)
{
    while (from < n && !is_digit(text[from]))
        from++;
    return from;
}

static void add_question(struct places *places, const char *question)
{
    size_t n = question ? strnlen(question, KEY_BYTES) : 0;
    for (size_t at = next_number(question, n, 0), next; at < n; at = next) {
        size_t end = at;
        while (end < n && is_digit(question[end]))
            end++;
        next = next_number(question, n, end);
        if (end - at <= KEY_DIGITS)
            add_key(places, atoi(question + at), question + end, next - end);
    }
}

enum mg_direction mg_column_direction(const struct mg_column_info *info)
{
    struct places places = {.n = 0};
    for (size_t i = 0; i < info->n_labels && i < LABELS_MAX; i++)
        add_label(&places, info, &info->labels[i]);
    enum mg_direction found = decide(&places);
    for (size_t i = 0; i < 2 && found == MG_DIRECTION_OPEN; i++) {
        places.n = 0;
        add_question(&places, i ? info->name : info->label);
        found = decide(&places);
    }
    return found;
}
