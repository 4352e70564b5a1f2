/* See labels.h. The index is one open table: each label stands in it under its own text and, where that
 * differs, under its folded text, so that a cell written like the label costs one hash of its ends. */
#include "model/labels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "labels.gen.h"
#include "model/fold.h"

const struct mg_ladder *mg_labels_ladders(size_t *ret_n)
{
    *ret_n = ARRAY_LEN(mg_ladders);
    return mg_ladders;
}

const struct mg_ladder_word *mg_labels_words(size_t *ret_n)
{
    *ret_n = ARRAY_LEN(mg_ladder_words);
    return mg_ladder_words;
}

size_t mg_labels_of(const char *folded, const struct mg_ladder_word **ret_first)
{
    size_t low = 0, high = ARRAY_LEN(mg_ladder_words), n = 0;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(mg_ladder_words[middle].folded, folded) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *ret_first = &mg_ladder_words[low];
    while (low + n < ARRAY_LEN(mg_ladder_words) && strcmp(mg_ladder_words[low + n].folded, folded) == 0)
        n++;
    return n;
}

double mg_ladder_value(const struct mg_ladder *ladder, size_t step)
{
    return ladder->n == 2 ? (double)step : (double)step + 1;
}

static int compare_listed(const void *folded, const void *word)
{
    return strcmp(folded, ((const struct mg_listed_word *)word)->folded);
}

unsigned mg_labels_place(enum mg_label_list list, const char *folded)
{
    static const struct {
        const struct mg_listed_word *words;
        size_t n;
    } lists[] = {
        [MG_LIST_NO_ANSWER] = {mg_listed_no_answer, ARRAY_LEN(mg_listed_no_answer)},
        [MG_LIST_UNIT] = {mg_listed_unit, ARRAY_LEN(mg_listed_unit)},
        [MG_LIST_MONTH] = {mg_listed_month, ARRAY_LEN(mg_listed_month)},
        [MG_LIST_WEEKDAY] = {mg_listed_weekday, ARRAY_LEN(mg_listed_weekday)},
        [MG_LIST_HALF_DAY] = {mg_listed_half_day, ARRAY_LEN(mg_listed_half_day)},
        [MG_LIST_JOINT] = {mg_listed_joint, ARRAY_LEN(mg_listed_joint)},
    };
    const struct mg_listed_word *found =
        bsearch(folded, lists[list].words, lists[list].n, sizeof *found, compare_listed);
    return found ? found->place : 0;
}

/* --- the index --- */

struct slot {
    const char *text; /* NULL: free */
    size_t n;
    double value;
};

struct mg_label_index {
    struct slot *slots;
    size_t mask;
};

/* Of its length and both ends: labels of one scale differ there. */
static size_t hash_of(const char *text, size_t n)
{
    uint64_t front = 0, back = 0;
    memcpy(&front, text, n < 8 ? n : 8);
    memcpy(&back, n < 8 ? text : text + n - 8, n < 8 ? n : 8);
    uint64_t hash = (front ^ n) * 0x9e3779b97f4a7c15u;
    hash = (hash ^ hash >> 29 ^ back) * 0xbf58476d1ce4e5b9u;
    return (size_t)(hash ^ hash >> 32);
}

static struct slot *slot_of(const struct mg_label_index *index, const char *text, size_t n)
{
    size_t at = hash_of(text, n) & index->mask;
    while (index->slots[at].text && (index->slots[at].n != n || memcmp(index->slots[at].text, text, n) != 0))
        at = (at + 1) & index->mask;
    return &index->slots[at];
}

static void put(struct mg_label_index *index, const char *text, size_t n, double value)
{
    struct slot *slot = slot_of(index, text, n);
    if (!slot->text)
        *slot = (struct slot){text, n, value};
}

struct mg_label_index *mg_label_index_new(struct mg_arena *arena, const struct mg_cell_label *labels,
                                          size_t n)
{
    struct mg_label_index *index = mg_arena_alloc(arena, sizeof *index);
    size_t size = 8;
    while (size < 4 * n)
        size *= 2;
    if (!index || !(index->slots = mg_arena_array(arena, size, sizeof *index->slots)))
        return NULL;
    index->mask = size - 1;
    for (size_t i = 0; i < n; i++) {
        char folded[MG_FOLD_BYTES];
        size_t length = mg_fold_word(labels[i].text, strlen(labels[i].text), folded);
        put(index, labels[i].text, strlen(labels[i].text), labels[i].value);
        if (length == MG_FOLD_TOO_LONG)
            continue;
        char *kept = mg_arena_strndup(arena, folded, length);
        if (!kept)
            return NULL;
        put(index, kept, length, labels[i].value);
    }
    return index;
}

static bool find_one_by_one(const struct mg_reading *reading, const char *folded, double *ret)
{
    char label[MG_FOLD_BYTES];
    for (size_t i = 0; i < reading->n_labels; i++) {
        const char *text = reading->labels[i].text;
        if (mg_fold_word(text, strlen(text), label) != MG_FOLD_TOO_LONG && strcmp(label, folded) == 0)
            return *ret = reading->labels[i].value, true;
    }
    return false;
}

bool mg_labels_find(const struct mg_reading *reading, const char *text, size_t n, double *ret)
{
    char folded[MG_FOLD_BYTES];
    const struct slot *slot = reading->index ? slot_of(reading->index, text, n) : NULL;
    if (slot && slot->text)
        return *ret = slot->value, true;
    size_t length = reading->n_labels ? mg_fold_word(text, n, folded) : MG_FOLD_TOO_LONG;
    if (length == MG_FOLD_TOO_LONG)
        return false;
    if (!reading->index)
        return find_one_by_one(reading, folded, ret);
    slot = slot_of(reading->index, folded, length);
    if (slot->text)
        *ret = slot->value;
    return slot->text;
}
