/* Columns that belong together without being ratings: one a choice that could be ticked (0 and 1, or only
 * what is ticked), and ranks. Ranks are told from ratings by their sums: where each row is a permutation of 1
 * to k over k columns, each number comes equally often in all of them together. */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/str.h"
#include "model/dress.h"
#include "model/labels.h"
#include "service/record/propose/private.h"
#include "words.gen.h"

#define RANKS_MIN 3
#define RANKS_MAX 20

size_t mg_propose_prefix(const char *name)
{
    size_t n = strlen(name), end = n;
    while (end && isdigit((unsigned char)name[end - 1]))
        end--;
    if (end < n && end)
        return end;
    for (end = n; end > 1; end--)
        if (strchr("/_.[:- ", name[end - 1]) && end < n)
            return end;
    return 0;
}

/* How many columns from `at` on share its prefix. */
static size_t family(const struct mg_propose *p, size_t at)
{
    const char *name = p->columns[at].info->name;
    size_t n = mg_propose_prefix(name), end = at + 1;
    while (n && end < p->n && strncmp(p->columns[end].info->name, name, n) == 0 &&
           mg_propose_prefix(p->columns[end].info->name) == n)
        end++;
    return end - at;
}

static bool is_ticked(const struct mg_propose_column *c)
{
    const struct mg_column_info *info = c->info;
    return c->dummy || (info->n_distinct == 1 && info->n_missing > 0);
}

/* 0 and 1 of one family, at least one of which has both. */
static bool are_choices(const struct mg_propose *p, size_t at, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p->columns[at + i].taken || !is_ticked(&p->columns[at + i]))
            return false;
    return n >= 2;
}

static bool are_ranks(const struct mg_propose *p, size_t at, size_t n)
{
    int64_t sums[RANKS_MAX + 1] = {0};
    if (n < RANKS_MIN || n > RANKS_MAX)
        return false;
    for (size_t i = 0; i < n; i++) {
        const struct mg_propose_column *c = &p->columns[at + i];
        if (c->taken || !c->rating || !c->all || c->continuous || c->said || c->side == MG_SIDE_EXPECTATION)
            return false;
        for (size_t v = 0; v < c->n_values; v++) {
            double value = c->values[v].value;
            if (value < 1 || value > (double)n)
                return false;
            sums[(size_t)value] += c->values[v].n;
        }
    }
    for (size_t value = 2; value <= n; value++)
        if (sums[value] != sums[1])
            return false;
    return sums[1] > 0;
}

void mg_propose_choices(struct mg_propose *p)
{
    for (size_t at = 0, n; at < p->n; at += n) {
        n = family(p, at);
        bool choices = are_choices(p, at, n), ranks = !choices && are_ranks(p, at, n);
        for (size_t i = 0; (choices || ranks) && i < n; i++) {
            struct mg_text reason =
                choices ? mg_propose_say(p, MG_TEXT("one of %zu choices that could be ticked"), n)
                        : mg_propose_say(
                              p, MG_TEXT("a rank: the %zu columns hold 1 to %zu, each equally often"), n, n);
            mg_propose_take(p, at + i, MG_PROPOSED_CHOICE, MG_CONFIDENCE_HIGH, reason);
        }
    }
}

/* --- "better than expected" --- */

/* Two of the answers' words stand on ladders from "worse" to "better than expected". */
static bool has_compared_words(const struct mg_column_info *info)
{
    size_t n_ladders, found = 0;
    const struct mg_ladder *ladders = mg_labels_ladders(&n_ladders);
    for (size_t i = 0; i < info->n_labels && found < 2; i++) {
        char folded[MG_FOLD_BYTES];
        struct mg_dress dress;
        const struct mg_ladder_word *words;
        const char *text = info->labels[i].text;
        if (mg_dress_find(text, strlen(text), &dress) && dress.kind == MG_DRESS_LABEL)
            strcpy(folded, dress.around);
        else if (mg_fold_word(text, strlen(text), folded) == MG_FOLD_TOO_LONG)
            continue;
        size_t n = mg_labels_of(folded, &words);
        found += n && strcmp(ladders[words->ladder].family, "expectation") == 0;
    }
    return found == 2;
}

void mg_propose_compared(struct mg_propose *p)
{
    for (size_t i = 0; i < p->n; i++) {
        struct mg_propose_column *c = &p->columns[i];
        c->compares =
            !c->taken && c->rating && (mg_propose_says(c, &mg_words_compares) || has_compared_words(c->info));
        if (c->compares)
            mg_propose_take(
                p, i, MG_PROPOSED_IGNORED, MG_CONFIDENCE_MIDDLE,
                mg_propose_say(p, MG_TEXT("compares with what was expected: neither half of a gap")));
    }
}
