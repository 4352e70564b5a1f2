/* Stems that are alike without being the same: "How warm do you expect your home to be?" and "How warm was
 * your home?". Likeness is Dice's (Ecology 26, 1945) share of what two stems have in common: pairs of
 * neighbouring letters where a script is written without spaces, words else; so no language needs to be
 * known. What most stems of a side have in common ("How", "do you") is no evidence and left out. The likest
 * two that prefer each other are paired, where they are alike enough and nothing else is nearly so; others
 * become candidates. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/str.h"
#include "service/record/propose/private.h"

#define GRAMS_MAX 96
#define GRAMS_MIN 3 /* of a stem that says enough to be compared */
#define OWN_MIN 2   /* that only some stems of the side have */
#define ALIKE 0.7   /* share from which two are a pair */
#define MAYBE 0.45  /* and a candidate */
#define AHEAD 0.1   /* by which the likest has to lead */

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

/* Words of ASCII, and pairs of neighbouring letters beyond. */
static void take_grams(const char *text, size_t n, struct grams *grams)
{
    uint64_t word = 0;
    uint32_t before = 0;
    for (const char *end = text + n; text < end;) {
        uint32_t c = mg_utf8_next(&text);
        bool ascii = c < 0x80, gap = c == ' ' || c == '|';
        if (word && (!ascii || gap)) {
            add_gram(grams, word);
            word = 0;
        }
        if (ascii && !gap)
            word = mg_hash_word(word ? word : MG_HASH_START, c);
        if (!ascii && before)
            add_gram(grams, mg_hash_word(mg_hash_word(MG_HASH_START, before), c));
        before = ascii ? 0 : c;
    }
    if (word)
        add_gram(grams, word);
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

static size_t collect(const struct mg_propose *p, enum mg_side side, struct grams *ret)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n && n < MG_PROPOSE_ALIKE; i++) {
        const struct mg_propose_column *c = &p->columns[i];
        if (!mg_propose_is_free(c) || c->side != side || (side == MG_SIDE_EXPECTATION && !c->said))
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
    struct grams *e = mg_arena_array(p->arena, MG_PROPOSE_ALIKE, sizeof *e);
    struct grams *o = mg_arena_array(p->arena, MG_PROPOSE_ALIKE, sizeof *o);
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
