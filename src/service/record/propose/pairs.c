/* Halves with the same stem become pairs. Kinds of stems are tried from the surest on; in each pass the stems
 * of both sides are sorted, so that equal ones meet. Where a stem stands for as many expectations as
 * perceptions, they are paired in order; else the first are, and the others become candidates. The surer a
 * kind, the less has to be unique: stems that are only a part of what was written have to be. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "service/record/propose/private.h"
#include "words.gen.h"

struct entry {
    uint64_t key;
    size_t column;
    const struct mg_stem *stem;
};

struct pass {
    unsigned expectation, perception; /* kinds of stems */
    enum mg_side side;                /* of the other half */
    bool bare;                        /* without the numbers of questions */
    bool unique;                      /* the stem has to stand for one column a side */
    enum mg_confidence confidence;
    const char *reason;
};

#define BY_AFFIX (MG_STEM_AFFIX)
#define BY_NAME (MG_STEM_WORD | MG_STEM_AFFIX)

static const char same_stem[] = MG_TEXT("same stem “%s”");
static const char same_item[] = MG_TEXT("same item “%s” under both questions");
static const char other_plain[] = MG_TEXT("“%s” is there with a word for the expectation, and without one");
static const char as_satisfaction[] = MG_TEXT("satisfaction with “%s” stands for what was perceived");

static const struct pass passes[] = {
    {BY_NAME, BY_NAME, MG_SIDE_PERCEPTION, false, false, MG_CONFIDENCE_HIGH, same_stem},
    {MG_STEM_WORD, MG_STEM_WORD, MG_SIDE_PERCEPTION, true, false, MG_CONFIDENCE_HIGH, same_stem},
    {MG_STEM_WORD | MG_STEM_WIDE, MG_STEM_WORD | MG_STEM_WIDE, MG_SIDE_PERCEPTION, true, true,
     MG_CONFIDENCE_HIGH, same_stem},
    {MG_STEM_PART, MG_STEM_PART, MG_SIDE_PERCEPTION, true, false, MG_CONFIDENCE_HIGH, same_item},
    {MG_STEM_END, MG_STEM_END, MG_SIDE_PERCEPTION, true, true, MG_CONFIDENCE_HIGH, same_item},
    {MG_STEM_INNER | BY_NAME, MG_STEM_INNER | BY_NAME, MG_SIDE_PERCEPTION, false, true, MG_CONFIDENCE_MIDDLE,
     same_stem},
    {MG_STEM_INNER | BY_NAME, MG_STEM_INNER | BY_NAME, MG_SIDE_PERCEPTION, true, true, MG_CONFIDENCE_MIDDLE,
     same_stem},
    {BY_NAME | MG_STEM_PART | MG_STEM_END, MG_STEM_END | MG_STEM_WORD | MG_STEM_PART, MG_SIDE_PERCEPTION,
     true, true, MG_CONFIDENCE_MIDDLE, same_item},
    {MG_STEM_WORD, MG_STEM_WHOLE, MG_SIDE_NONE, true, true, MG_CONFIDENCE_MIDDLE, other_plain},
    {MG_STEM_PART | MG_STEM_END, MG_STEM_END, MG_SIDE_NONE, true, true, MG_CONFIDENCE_MIDDLE, same_item},
    {MG_STEM_WORD | MG_STEM_PART | MG_STEM_END, MG_STEM_WORD | MG_STEM_PART | MG_STEM_END,
     MG_SIDE_SATISFACTION, true, true, MG_CONFIDENCE_MIDDLE, as_satisfaction},
    {BY_AFFIX, BY_NAME, MG_SIDE_SATISFACTION, false, true, MG_CONFIDENCE_MIDDLE, as_satisfaction},
};

bool mg_propose_is_free(const struct mg_propose_column *column)
{
    return column->rating && !column->taken && !column->unusable;
}

static int by_key(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->column > y->column) - (x->column < y->column);
}

/* Stems of the wanted side and kinds, sorted; each column once a key. A column that is said to be of a side
 * isn't one without. */
static size_t collect(const struct mg_propose *p, enum mg_side side, unsigned kinds, bool bare,
                      struct entry *ret)
{
    size_t n = 0, kept = 0;
    for (size_t i = 0; i < p->n; i++) {
        const struct mg_propose_column *c = &p->columns[i];
        if (!mg_propose_is_free(c) || (side == MG_SIDE_NONE && c->side != MG_SIDE_NONE))
            continue;
        for (size_t s = 0; s < c->n_stems; s++) {
            const struct mg_stem *stem = &c->stems[s];
            if (stem->side == side && (stem->kind & kinds))
                ret[n++] = (struct entry){bare ? stem->bare : stem->key, i, stem};
        }
    }
    qsort(ret, n, sizeof *ret, by_key);
    for (size_t i = 0; i < n; i++)
        if (!kept || by_key(&ret[kept - 1], &ret[i]) != 0)
            ret[kept++] = ret[i];
    return kept;
}

void mg_propose_candidate(struct mg_propose *p, size_t column, size_t other, struct mg_text reason)
{
    struct mg_proposal_column *row = p->columns[column].row;
    if (row->n_candidates == MG_PROPOSAL_CANDIDATES || row->partner == other)
        return;
    for (size_t i = 0; i < row->n_candidates; i++)
        if (row->candidates[i] == other)
            return;
    row->candidates[row->n_candidates++] = other;
    if (!row->reason.en)
        row->reason = reason;
}

bool mg_propose_pair(struct mg_propose *p, size_t expectation, size_t perception, const char *shown,
                     enum mg_confidence confidence, struct mg_text reason)
{
    if (p->n_pairs == MG_STUDY_ITEMS_MAX)
        return false;
    p->pairs[p->n_pairs++] = (struct mg_pair){.expectation = expectation,
                                              .perception = perception,
                                              .adequate = SIZE_MAX,
                                              .importance = SIZE_MAX,
                                              .shown = shown};
    mg_propose_take(p, expectation, MG_PROPOSED_EXPECTATION, confidence, reason);
    mg_propose_take(p, perception, MG_PROPOSED_PERCEPTION, confidence, reason);
    p->columns[expectation].row->partner = perception;
    p->columns[perception].row->partner = expectation;
    return true;
}

/* Pairs by letters alone are none where letters number the sections of a questionnaire. */
static bool is_sure(const struct mg_propose *p, const struct entry *e, const struct entry *other)
{
    bool letters = e->stem->kind != MG_STEM_WORD && e->stem->affix == 1 && other->stem->affix == 1;
    return !(letters && p->sections);
}

/* What the halves have in common, as it was written in one of them; NULL: nothing. */
static const char *shown_of(const struct mg_propose *p, const struct entry *a, const struct entry *b)
{
    const struct mg_propose_column *x = &p->columns[a->column], *y = &p->columns[b->column];
    const struct mg_stem *stem = a->stem->n_shown ? a->stem : b->stem;
    /* Rather the item alone than the question around what was taken away. */
    for (size_t i = 0; i < x->n_stems && stem->n_more; i++)
        for (size_t k = 0; k < y->n_stems && x->stems[i].n_shown; k++)
            if (x->stems[i].kind == MG_STEM_PART && y->stems[k].kind == MG_STEM_PART &&
                x->stems[i].bare == y->stems[k].bare)
                return mg_propose_stem_shown(p, &x->stems[i]);
    return mg_propose_stem_shown(p, stem);
}

/* Satisfaction with the whole is an outcome, not what was perceived of an item. */
static bool is_outcome(const struct mg_propose *p, enum mg_side side, size_t column)
{
    return side == MG_SIDE_SATISFACTION && mg_propose_says(&p->columns[column], &mg_words_overall);
}

static void meet(struct mg_propose *p, const struct pass *pass, const struct entry *e, size_t n_e,
                 const struct entry *o, size_t n_o)
{
    bool clear = n_e == n_o;
    if ((pass->unique || !e->key) && (n_e != 1 || n_o != 1))
        return;
    for (size_t i = 0; i < n_e && i < n_o; i++) {
        if (!mg_propose_is_free(&p->columns[e[i].column]) || !mg_propose_is_free(&p->columns[o[i].column]) ||
            e[i].column == o[i].column || is_outcome(p, pass->side, o[i].column))
            continue;
        const char *shown = shown_of(p, &e[i], &o[i]);
        struct mg_text reason = mg_propose_say(p, pass->reason, shown ? shown : "");
        if (!is_sure(p, &e[i], &o[i])) {
            mg_propose_candidate(p, e[i].column, o[i].column, reason);
            continue;
        }
        if (!mg_propose_pair(p, e[i].column, o[i].column, shown,
                             clear && e->key ? pass->confidence : MG_CONFIDENCE_MIDDLE, reason))
            return;
        for (size_t k = n_e; k < n_o; k++)
            mg_propose_candidate(p, e[i].column, o[k].column, reason);
    }
}

static size_t run_of(const struct entry *entries, size_t n, size_t at)
{
    size_t end = at;
    while (end < n && entries[end].key == entries[at].key)
        end++;
    return end - at;
}

static void run_pass(struct mg_propose *p, const struct pass *pass, struct entry *e, struct entry *o)
{
    size_t n_e = collect(p, MG_SIDE_EXPECTATION, pass->expectation, pass->bare, e);
    size_t n_o = collect(p, pass->side, pass->perception, pass->bare, o);
    for (size_t i = 0, k = 0; i < n_e && k < n_o;) {
        size_t of_e = run_of(e, n_e, i), of_o = run_of(o, n_o, k);
        if (e[i].key == o[k].key)
            meet(p, pass, e + i, of_e, o + k, of_o);
        uint64_t key = e[i].key;
        i += e[i].key <= o[k].key ? of_e : 0;
        k += o[k].key <= key ? of_o : 0;
    }
}

static bool same_stems(const struct mg_propose_column *a, enum mg_side side_a,
                       const struct mg_propose_column *b, enum mg_side side_b, bool bare, bool wide)
{
    unsigned others = wide ? MG_STEM_END : MG_STEM_END | MG_STEM_WIDE;
    for (size_t i = 0; i < a->n_stems; i++)
        for (size_t k = 0; k < b->n_stems && a->stems[i].side == side_a; k++) {
            uint64_t x = bare ? a->stems[i].bare : a->stems[i].key,
                     y = bare ? b->stems[k].bare : b->stems[k].key;
            if (b->stems[k].side == side_b && x == y && x &&
                !((a->stems[i].kind | b->stems[k].kind) & others))
                return true;
        }
    return false;
}

size_t mg_propose_companion(const struct mg_propose *p, size_t column, enum mg_side of, enum mg_side side)
{
    for (int less = 0; less < 4; less++) /* the stem as it is, bare, wide, both */
        for (size_t i = 0; i < p->n; i++) {
            const struct mg_propose_column *c = &p->columns[i];
            if (mg_propose_is_free(c) && c->side == side && i != column &&
                same_stems(c, side, &p->columns[column], of, less & 1, less & 2))
                return i;
        }
    return SIZE_MAX;
}

/* The free column of a side that has the stem of one of the pair's halves. */
static size_t companion(const struct mg_propose *p, const struct mg_pair *pair, enum mg_side side)
{
    size_t found = mg_propose_companion(p, pair->expectation, MG_SIDE_EXPECTATION, side);
    return found != SIZE_MAX ? found : mg_propose_companion(p, pair->perception, MG_SIDE_PERCEPTION, side);
}

static void add_companions(struct mg_propose *p)
{
    for (size_t i = 0; i < p->n_pairs; i++) {
        struct mg_pair *pair = &p->pairs[i];
        enum mg_confidence confidence = p->columns[pair->expectation].row->confidence;
        const char *shown = pair->shown ? pair->shown : "";
        pair->adequate = companion(p, pair, MG_SIDE_ADEQUATE);
        if (pair->adequate != SIZE_MAX)
            mg_propose_take(p, pair->adequate, MG_PROPOSED_ADEQUATE, confidence,
                            mg_propose_say(p, same_stem, shown));
        pair->importance = companion(p, pair, MG_SIDE_IMPORTANCE);
        if (pair->importance != SIZE_MAX)
            mg_propose_take(p, pair->importance, MG_PROPOSED_IMPORTANCE, confidence,
                            mg_propose_say(p, same_stem, shown));
    }
}

static int by_expectation(const void *a, const void *b)
{
    const struct mg_pair *x = a, *y = b;
    return (x->expectation > y->expectation) - (x->expectation < y->expectation);
}

int mg_propose_pairs(struct mg_propose *p)
{
    struct entry *e = mg_arena_array(p->arena, p->n * MG_PROPOSE_STEMS + 1, sizeof *e);
    struct entry *o = mg_arena_array(p->arena, p->n * MG_PROPOSE_STEMS + 1, sizeof *o);
    if (!e || !o)
        return MG_E_NO_MEMORY;
    for (size_t i = 0; i < ARRAY_LEN(passes); i++)
        run_pass(p, &passes[i], e, o);
    int rc = mg_propose_similar(p);
    if (rc)
        return rc;
    mg_propose_blocks(p);
    qsort(p->pairs, p->n_pairs, sizeof *p->pairs, by_expectation);
    add_companions(p);
    rc = mg_propose_similar_companions(p, MG_SIDE_ADEQUATE);
    return rc ? rc : mg_propose_similar_companions(p, MG_SIDE_IMPORTANCE);
}
