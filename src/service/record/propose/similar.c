/* Stems that are alike without being the same: "How warm do you expect your home to be?" and "How warm was
 * your home?". Likeness is Dice's (Ecology 26, 1945) share of what two stems have in common: pairs of
 * neighbouring letters where a script is written without spaces, words without their endings else; so no
 * language needs to be known. What most stems of a side have in common ("How", "do you") is no evidence and
 * left out. The likest two that prefer each other are paired, where they are alike enough and nothing else is
 * nearly so; others become candidates. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/str.h"
#include "service/record/propose/private.h"

#define GRAMS_MAX 96
#define WORD_LETTERS 6 /* of a word; its endings don't count */
#define GRAMS_MIN 3    /* of a stem that says enough to be compared */
#define OWN_MIN 1      /* that only some stems of the side have */
#define ALIKE 0.6      /* share from which two are a pair */
#define MAYBE 0.45     /* and a candidate */
#define ALIKE_JOIN                                                                                           \
    0.5            /* from which importance or adequate level belong to a pair that nothing is more like */
#define AHEAD 0.15 /* by which the likest has to lead */

struct grams {
    size_t column, n;
    uint64_t grams[GRAMS_MAX]; /* ascending, each once */
};

static int by_gram(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void add_gram(struct grams *grams, uint64_t hash)
{
    if (grams->n < GRAMS_MAX)
        grams->grams[grams->n++] = hash;
}

static void drop_gram(struct grams *grams, uint64_t hash)
{
    size_t kept = 0;
    for (size_t i = 0; i < grams->n; i++)
        if (grams->grams[i] != hash)
            grams->grams[kept++] = grams->grams[i];
    grams->n = kept;
}

/* A word of ASCII without its ending: the first letters, and no last s. */
static size_t take_word(const char *text, size_t n, struct grams *grams)
{
    size_t end = 0;
    while (end < n && (unsigned char)text[end] < 0x80 && text[end] != ' ' && text[end] != '|')
        end++;
    size_t kept = end > 3 && text[end - 1] == 's' ? end - 1 : end;
    add_gram(grams, mg_hash_bytes(MG_HASH_START, text, kept < WORD_LETTERS ? kept : WORD_LETTERS));
    return end;
}

/* Words of ASCII, and pairs of neighbouring letters beyond. */
static void take_grams(const char *text, size_t n, struct grams *grams)
{
    uint32_t before = 0;
    for (size_t i = 0; i < n;) {
        const char *cursor = text + i;
        uint32_t c = mg_utf8_next(&cursor);
        bool gap = c == ' ' || c == '|';
        if (c >= 0x80 && before)
            add_gram(grams, mg_hash_word(mg_hash_word(MG_HASH_START, before), c));
        before = c < 0x80 ? 0 : c;
        i = c < 0x80 && !gap ? i + take_word(text + i, n - i, grams) : (size_t)(cursor - text);
    }
    qsort(grams->grams, grams->n, sizeof *grams->grams, by_gram);
    size_t kept = 0;
    for (size_t i = 0; i < grams->n; i++)
        if (!kept || grams->grams[kept - 1] != grams->grams[i])
            grams->grams[kept++] = grams->grams[i];
    grams->n = kept;
}

/* The label, else the name, without the word that speaks for the side. */
static void take_column(const struct mg_propose_column *c, enum mg_side side, struct grams *grams)
{
    const struct mg_propose_text *text = c->label.n ? &c->label : &c->name;
    char bytes[MG_PROPOSE_HEAD + MG_PROPOSE_TAIL + 1] = "";
    size_t n = text->n < sizeof bytes ? text->n : sizeof bytes - 1;
    memcpy(bytes, text->text, n);
    for (size_t i = 0; i < c->n_stems; i++) {
        size_t end, begin = SIZE_MAX;
        if (c->stems[i].side == side && c->stems[i].kind == MG_STEM_WORD)
            begin = mg_propose_find(text, c->stems[i].word, 0, &end);
        if (begin != SIZE_MAX && end <= n)
            memset(bytes + begin, ' ', end - begin);
    }
    take_grams(bytes, n, grams);
}

/* As many columns a side as are compared. */
static size_t room(const struct mg_propose *p)
{
    return p->n < MG_PROPOSE_ALIKE ? p->n : MG_PROPOSE_ALIKE;
}

static size_t collect(const struct mg_propose *p, enum mg_side side, struct grams *ret)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n && n < MG_PROPOSE_ALIKE; i++) {
        const struct mg_propose_column *c = &p->columns[i];
        if (!mg_propose_is_free(c) || c->side != side || (side != MG_SIDE_NONE && !c->said))
            continue;
        ret[n] = (struct grams){.column = i};
        take_column(c, side, &ret[n]);
        n += ret[n].n >= GRAMS_MIN;
    }
    return n;
}

/* How often the gram is among the sorted ones of all stems. */
static size_t count_of(const uint64_t *all, size_t n, uint64_t gram)
{
    size_t from = 0, to = n, first;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (all[middle] < gram)
            from = middle + 1;
        else
            to = middle;
    }
    for (first = from; from < n && all[from] == gram;)
        from++;
    return from - first;
}

/* Leaves what at most half of a side's stems have, where that is enough. */
static int drop_common(const struct mg_propose *p, struct grams *stems, size_t n)
{
    uint64_t *all = mg_arena_array(p->arena, n * GRAMS_MAX + 1, sizeof *all);
    size_t of_all = 0;
    if (!all)
        return MG_E_NO_MEMORY;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < stems[i].n; k++)
            all[of_all++] = stems[i].grams[k];
    qsort(all, of_all, sizeof *all, by_gram);
    for (size_t i = 0; i < n; i++) {
        struct grams own = {.column = stems[i].column};
        for (size_t k = 0; k < stems[i].n; k++)
            if (2 * count_of(all, of_all, stems[i].grams[k]) <= n)
                add_gram(&own, stems[i].grams[k]);
        if (own.n >= OWN_MIN)
            stems[i] = own;
    }
    return 0;
}

static double likeness(const struct grams *a, const struct grams *b)
{
    size_t common = 0;
    for (size_t i = 0, k = 0; i < a->n && k < b->n;) {
        common += a->grams[i] == b->grams[k];
        uint64_t x = a->grams[i], y = b->grams[k];
        i += x <= y;
        k += y <= x;
    }
    return 2.0 * (double)common / (double)(a->n + b->n);
}

/* The likest of `all` to `one`, and how much it leads. */
static size_t likest(const struct mg_propose *p, const struct grams *one, const struct grams *all, size_t n,
                     double *ret_likeness, double *ret_lead)
{
    size_t best = SIZE_MAX;
    double second = 0;
    *ret_likeness = 0;
    for (size_t i = 0; i < n; i++) {
        double alike = mg_propose_is_free(&p->columns[all[i].column]) ? likeness(one, &all[i]) : 0;
        if (alike > *ret_likeness) {
            second = *ret_likeness;
            *ret_likeness = alike;
            best = i;
        } else if (alike > second) {
            second = alike;
        }
    }
    *ret_lead = *ret_likeness - second;
    return best;
}

static void compare(struct mg_propose *p, const struct grams *e, size_t n_e, const struct grams *o,
                    size_t n_o)
{
    for (size_t i = 0; i < n_e; i++) {
        double alike, lead, back, back_lead;
        size_t k = likest(p, &e[i], o, n_o, &alike, &lead);
        if (k == SIZE_MAX || alike < MAYBE || !mg_propose_is_free(&p->columns[e[i].column]))
            continue;
        bool mutual = likest(p, &o[k], e, n_e, &back, &back_lead) == i;
        struct mg_text reason = mg_propose_say(p, MG_TEXT("stems alike, %.0f %%"), 100 * alike);
        if (mutual && alike >= ALIKE && lead >= AHEAD && back_lead >= AHEAD)
            mg_propose_pair(p, e[i].column, o[k].column, NULL, MG_CONFIDENCE_MIDDLE, reason);
        else
            mg_propose_candidate(p, e[i].column, o[k].column, reason);
    }
}

int mg_propose_similar(struct mg_propose *p)
{
    static const enum mg_side others[] = {MG_SIDE_PERCEPTION, MG_SIDE_NONE};
    struct grams *e = mg_arena_array(p->arena, room(p), sizeof *e);
    struct grams *o = mg_arena_array(p->arena, room(p), sizeof *o);
    if (!e || !o)
        return MG_E_NO_MEMORY;
    for (size_t side = 0; side < ARRAY_LEN(others); side++) {
        size_t n_e = collect(p, MG_SIDE_EXPECTATION, e), n_o = n_e ? collect(p, others[side], o) : 0;
        if (n_o == 0)
            continue;
        if (drop_common(p, e, n_e) || drop_common(p, o, n_o))
            return MG_E_NO_MEMORY;
        compare(p, e, n_e, o, n_o);
    }
    return 0;
}

/* The stem without numbers and single letters. */
static struct grams words_alone(const struct mg_propose *p, size_t column, enum mg_side side)
{
    struct grams grams = {.column = column};
    take_column(&p->columns[column], side, &grams);
    for (char c = '0'; c <= 'z'; c++)
        drop_gram(&grams, mg_hash_bytes(MG_HASH_START, &c, 1));
    return grams;
}

bool mg_propose_speak_alike(struct mg_propose *p, size_t e, size_t o, size_t n)
{
    struct grams *of_e = mg_arena_array(p->arena, n, sizeof *of_e),
                 *of_o = mg_arena_array(p->arena, n, sizeof *of_o);
    if (!of_e || !of_o)
        return false;
    for (size_t i = 0; i < n; i++) {
        of_e[i] = words_alone(p, e + i, MG_SIDE_EXPECTATION);
        of_o[i] = words_alone(p, o + i, MG_SIDE_PERCEPTION);
    }
    if (drop_common(p, of_e, n) || drop_common(p, of_o, n))
        return false;
    for (size_t i = 0; i < n; i++)
        if (of_e[i].n && of_o[i].n && !(likeness(&of_e[i], &of_o[i]) > 0))
            return false;
    return true;
}

/* How like each stem is to each pair, by the half that is more like it; 0 where the pair has one already. */
static void compare_pairs(const struct mg_propose *p, enum mg_side side, const struct grams *stems, size_t n,
                          const struct grams *e, const struct grams *o, double *ret)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < p->n_pairs; k++) {
            bool has = (side == MG_SIDE_ADEQUATE ? p->pairs[k].adequate : p->pairs[k].importance) != SIZE_MAX;
            ret[i * p->n_pairs + k] = has ? 0 : fmax(likeness(&stems[i], &e[k]), likeness(&stems[i], &o[k]));
        }
}

static void join(struct mg_propose *p, enum mg_side side, size_t column, struct mg_pair *pair, double alike)
{
    bool adequate = side == MG_SIDE_ADEQUATE;
    *(adequate ? &pair->adequate : &pair->importance) = column;
    mg_propose_take(p, column, adequate ? MG_PROPOSED_ADEQUATE : MG_PROPOSED_IMPORTANCE, MG_CONFIDENCE_MIDDLE,
                    mg_propose_say(p, MG_TEXT("stems alike, %.0f %%"), 100 * alike));
}

/* From the likest on, so that a weaker likeness never takes a stronger one's place. */
static void join_likest(struct mg_propose *p, enum mg_side side, const struct grams *stems, size_t n,
                        double *alike)
{
    for (;;) {
        size_t best = 0;
        for (size_t i = 1; i < n * p->n_pairs; i++)
            best = alike[i] > alike[best] ? i : best;
        if (alike[best] < ALIKE_JOIN)
            return;
        size_t stem = best / p->n_pairs, pair = best % p->n_pairs;
        join(p, side, stems[stem].column, &p->pairs[pair], alike[best]);
        for (size_t i = 0; i < n; i++)
            alike[i * p->n_pairs + pair] = 0;
        for (size_t k = 0; k < p->n_pairs; k++)
            alike[stem * p->n_pairs + k] = 0;
    }
}

int mg_propose_similar_companions(struct mg_propose *p, enum mg_side side)
{
    struct grams *stems = mg_arena_array(p->arena, room(p), sizeof *stems);
    struct grams *e = mg_arena_array(p->arena, p->n_pairs + 1, sizeof *e);
    struct grams *o = mg_arena_array(p->arena, p->n_pairs + 1, sizeof *o);
    if (!stems || !e || !o)
        return MG_E_NO_MEMORY;
    size_t n = p->n_pairs ? collect(p, side, stems) : 0;
    for (size_t i = 0; i < p->n_pairs && n; i++) {
        e[i].column = p->pairs[i].expectation;
        o[i].column = p->pairs[i].perception;
        take_column(&p->columns[e[i].column], MG_SIDE_EXPECTATION, &e[i]);
        take_column(&p->columns[o[i].column], MG_SIDE_PERCEPTION, &o[i]);
    }
    double *alike = mg_arena_array(p->arena, n * p->n_pairs + 1, sizeof *alike);
    if (!alike)
        return MG_E_NO_MEMORY;
    if (n == 0)
        return 0;
    if (drop_common(p, stems, n) || drop_common(p, e, p->n_pairs) || drop_common(p, o, p->n_pairs))
        return MG_E_NO_MEMORY;
    compare_pairs(p, side, stems, n, e, o, alike);
    join_likest(p, side, stems, n, alike);
    return 0;
}
