/* Answers in words. See choose.h.
 *
 * A ladder qualifies for a column when it knows two of its texts at least, three in four of them and nine in
 * ten of the cells. Its rank: how many texts it knows, how many steps these are, how many words of the whole
 * file (of the columns for which a ladder of the same family and language qualifies) it knows and how many
 * steps those are, and how few steps it has. A column of one text alone takes the ladder that another column
 * has taken. A ladder is taken without its middle, or a long one without both its ends, where the file has
 * all its other steps but these: "very poor, poor, good, very good" are 1 to 4. */
#include "model/choose.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "model/fold.h"
#include "model/labels.h"

#define MIDDLE_MIN 5 /* steps of a ladder whose middle may be none of the scale */
#define ENDS_MIN 7   /* or whose ends may be none */

/* What a ladder knows of a column. */
struct knows {
    size_t texts, in_file, file_steps;
    int64_t cells;
    unsigned steps; /* a bit each */
};

struct chooser {
    const struct mg_ladder *ladders;
    const struct mg_ladder_word *words;
    size_t n_ladders, n_words;
    bool *seen;          /* by word: some column has it */
    struct knows *knows; /* by ladder, of the column at hand */
    size_t *taken;       /* by ladder: columns that have taken it */
};

bool mg_choose_is_answer(const struct mg_value_text *text)
{
    return !mg_cell_is_no_value(text->text, text->length) && text->n != 0;
}

static bool may_be_words(const struct mg_undecided *column)
{
    return !column->told && column->reading->kind == MG_CELLS_TEXT && column->values->complete &&
           column->values->n > 0 && column->values->n <= MG_CHOOSE_TEXTS;
}

/* The words of the lists that the text is; 0: none. */
static size_t words_of(const struct mg_value_text *text, const struct mg_ladder_word **ret_first)
{
    char folded[MG_FOLD_BYTES];
    return mg_fold_word(text->text, text->length, folded) == MG_FOLD_TOO_LONG
               ? 0
               : mg_labels_of(folded, ret_first);
}

static bool counts(const struct mg_value_text *text, size_t n_words)
{
    return mg_choose_is_answer(text) && (n_words > 0 || !mg_cell_is_no_answer(text->text, text->length));
}

/* Fills c->knows; the column's different answers and cells. */
static void look(struct chooser *c, const struct mg_values *values, size_t *ret_texts, int64_t *ret_cells)
{
    memset(c->knows, 0, c->n_ladders * sizeof *c->knows);
    *ret_texts = 0;
    *ret_cells = 0;
    for (size_t i = 0; i < values->n; i++) {
        const struct mg_ladder_word *word = NULL;
        size_t n = words_of(&values->texts[i], &word);
        if (!counts(&values->texts[i], n))
            continue;
        ++*ret_texts;
        *ret_cells += values->texts[i].n;
        for (; n-- > 0; word++) {
            struct knows *knows = &c->knows[word->ladder];
            knows->texts++;
            knows->cells += values->texts[i].n;
            knows->steps |= 1u << word->step;
            knows->in_file += c->seen[word - c->words];
        }
    }
}

static bool qualifies(const struct knows *knows, size_t texts, int64_t cells)
{
    return knows->texts >= 2 && 4 * knows->texts >= 3 * texts && 10 * knows->cells >= 9 * cells;
}

static bool are_kin(const struct mg_ladder *a, const struct mg_ladder *b)
{
    return strcmp(a->family, b->family) == 0 && strcmp(a->language, b->language) == 0;
}

/* Marks the words of a column, in all ladders of kin to one that qualifies. */
static void mark_seen(struct chooser *c, const struct mg_values *values)
{
    size_t texts;
    int64_t cells;
    look(c, values, &texts, &cells);
    for (size_t i = 0; i < values->n; i++) {
        const struct mg_ladder_word *word = NULL;
        size_t n = words_of(&values->texts[i], &word);
        for (; n-- > 0; word++) {
            bool kin = false;
            for (size_t l = 0; l < c->n_ladders && !kin; l++)
                kin = qualifies(&c->knows[l], texts, cells) &&
                      are_kin(&c->ladders[l], &c->ladders[word->ladder]);
            c->seen[word - c->words] = c->seen[word - c->words] || kin;
        }
    }
}

/* How many of the file's words the ladder knows, and how many steps they are. */
static void look_in_file(const struct chooser *c, size_t ladder, struct knows *ret)
{
    unsigned steps = 0;
    ret->in_file = 0;
    for (size_t i = 0; i < c->n_words; i++)
        if (c->seen[i] && c->words[i].ladder == ladder) {
            ret->in_file++;
            steps |= 1u << c->words[i].step;
        }
    ret->file_steps = (size_t)__builtin_popcount(steps);
}

static int compare(const struct chooser *c, size_t a, size_t b)
{
    const struct knows *x = &c->knows[a], *y = &c->knows[b];
    int steps = __builtin_popcount(x->steps) - __builtin_popcount(y->steps);
    if (x->texts != y->texts)
        return x->texts > y->texts ? 1 : -1;
    if (steps)
        return steps;
    if (x->in_file != y->in_file)
        return x->in_file > y->in_file ? 1 : -1;
    if (x->file_steps != y->file_steps)
        return x->file_steps > y->file_steps ? 1 : -1;
    return (c->ladders[a].n < c->ladders[b].n) - (c->ladders[a].n > c->ladders[b].n);
}

/* SIZE_MAX: none. */
static size_t best_ladder(struct chooser *c, const struct mg_values *values)
{
    size_t texts, best = SIZE_MAX, most = 0;
    int64_t cells;
    look(c, values, &texts, &cells);
    for (size_t l = 0; l < c->n_ladders; l++) {
        if (!qualifies(&c->knows[l], texts, cells))
            continue;
        look_in_file(c, l, &c->knows[l]);
        if (best == SIZE_MAX || compare(c, l, best) > 0)
            best = l;
    }
    for (size_t l = 0; l < c->n_ladders && texts == 1; l++)
        if (c->knows[l].texts == 1 && c->taken[l] > most) {
            most = c->taken[l];
            best = l;
        }
    return best;
}

static int by_value(const void *a, const void *b)
{
    const struct mg_cell_label *x = a, *y = b;
    return x->value != y->value ? (x->value > y->value) - (x->value < y->value) : strcmp(x->text, y->text);
}

int mg_choose_take(struct mg_reading *reading, struct mg_cell_label *labels, size_t n, struct mg_arena *arena,
                   struct mg_error *error)
{
    qsort(labels, n, sizeof *labels, by_value);
    reading->kind = MG_CELLS_NUMBER;
    reading->labels = labels;
    reading->n_labels = n;
    reading->index = mg_label_index_new(arena, labels, n);
    return reading->index ? 0 : mg_fail_memory(error);
}

/* The steps of the ladder that nobody in the file could have given: a bit each. */
static unsigned find_gone(const struct chooser *c, size_t ladder)
{
    size_t n = c->ladders[ladder].n;
    unsigned seen = 0, all = (1u << n) - 1, middle = 1u << n / 2, ends = 1u | 1u << (n - 1);
    for (size_t i = 0; i < c->n_words; i++)
        if (c->seen[i] && c->words[i].ladder == ladder)
            seen |= 1u << c->words[i].step;
    if (n % 2 && n >= MIDDLE_MIN && seen == (all & ~middle))
        return middle;
    return n >= ENDS_MIN && seen == (all & ~ends) ? ends : 0;
}

static double value_without(const struct mg_ladder *ladder, size_t step, unsigned gone)
{
    unsigned below = gone & ((1u << step) - 1);
    return mg_ladder_value(ladder, step) - __builtin_popcount(below);
}

/* The texts that are there, and a word for each step that isn't. */
static int take_ladder(struct chooser *c, size_t at, struct mg_undecided *column, struct mg_arena *arena,
                       struct mg_error *error)
{
    const struct mg_ladder *ladder = &c->ladders[at];
    const struct mg_values *values = column->values;
    struct mg_cell_label *labels = mg_arena_array(arena, values->n + ladder->n, sizeof *labels);
    unsigned gone = find_gone(c, at), steps = gone;
    size_t n = 0;
    if (!labels)
        return mg_fail_memory(error);
    for (size_t i = 0; i < values->n; i++) {
        const struct mg_ladder_word *word = NULL;
        for (size_t k = words_of(&values->texts[i], &word); k-- > 0; word++)
            if (word->ladder == at) {
                labels[n++] =
                    (struct mg_cell_label){values->texts[i].text, value_without(ladder, word->step, gone)};
                steps |= 1u << word->step;
            }
    }
    for (size_t step = 0; step < ladder->n; step++)
        if (!(steps >> step & 1))
            labels[n++] = (struct mg_cell_label){ladder->names[step], value_without(ladder, step, gone)};
    column->reading->scale_family = ladder->family;
    c->taken[at]++;
    return mg_choose_take(column->reading, labels, n, arena, error);
}

static int choose(struct chooser *c, struct mg_undecided *columns, size_t n, struct mg_arena *arena,
                  struct mg_error *error)
{
    int rc = 0;
    for (size_t i = 0; i < n; i++)
        if (may_be_words(&columns[i]))
            mark_seen(c, columns[i].values);
    for (int turn = 0; turn < 2; turn++) /* columns of one text come last */
        for (size_t i = 0; i < n && !rc; i++) {
            size_t best = may_be_words(&columns[i]) ? best_ladder(c, columns[i].values) : SIZE_MAX;
            if (best != SIZE_MAX)
                rc = take_ladder(c, best, &columns[i], arena, error);
        }
    return rc;
}

int mg_choose_ladders(struct mg_undecided *columns, size_t n, struct mg_arena *arena, struct mg_error *error)
{
    struct chooser c = {0};
    c.ladders = mg_labels_ladders(&c.n_ladders);
    c.words = mg_labels_words(&c.n_words);
    c.seen = calloc(c.n_words, sizeof *c.seen);
    c.knows = calloc(c.n_ladders, sizeof *c.knows);
    c.taken = calloc(c.n_ladders, sizeof *c.taken);
    int rc = c.seen && c.knows && c.taken ? choose(&c, columns, n, arena, error) : mg_fail_memory(error);
    free(c.seen);
    free(c.knows);
    free(c.taken);
    return rc;
}
