/* Which columns share a scale: the halves of all pairs of one kind (sliders, scales around 0, what labels
 * declare alike, the rest), and the importances. Halves whose scales plainly differ are left for somebody to
 * decide: no number is made of them before. */
#include <math.h>
#include <string.h>

#include "service/record/propose/private.h"

/* Answers at the top of the shorter scale, from which nobody's going beyond means that nobody could. */
#define TOP_SHARE_FAR 0.05  /* where the other goes twice as high */
#define TOP_SHARE_NEAR 0.12 /* else, and only of many answers to several items */
#define PLENTY 100

/* What kind of scale a column is on; columns of different kinds aren't judged together. */
struct kind {
    bool slider, declared;
    struct mg_scale scale; /* declared */
};

static struct kind kind_of(struct mg_propose *p, size_t column)
{
    struct mg_propose_column *c = &p->columns[column];
    struct kind kind = {.slider = c->slider};
    if (c->info->n_labels) {
        struct mg_verdict verdict = mg_propose_scale(p, &column, 1);
        kind.declared = verdict.declared;
        kind.scale = verdict.scale;
    }
    return kind;
}

static bool same_scale(const struct mg_scale *a, const struct mg_scale *b)
{
    return a->min == b->min && a->max == b->max;
}

static bool same_kind(const struct kind *a, const struct kind *b)
{
    if (a->declared && b->declared)
        return same_scale(&a->scale, &b->scale);
    return a->slider == b->slider && a->declared == b->declared;
}

/* Whether the scales of two sides can't be one of which a side used only a part. */
static bool are_apart(const struct mg_verdict *a, const struct mg_verdict *b, size_t n_pairs)
{
    if (!a->holds || !b->holds || same_scale(&a->scale, &b->scale))
        return false;
    if (a->declared && b->declared)
        return true;
    if ((a->scale.max > 11) != (b->scale.max > 11))
        return true;
    const struct mg_verdict *small = a->scale.max < b->scale.max ? a : b, *large = small == a ? b : a;
    bool far = 2 * small->scale.max <= large->scale.max;
    double share = far ? TOP_SHARE_FAR : TOP_SHARE_NEAR;
    return small->dense && large->reach >= small->scale.max + 2 && small->at_top >= share &&
           (far || (small->n >= PLENTY && n_pairs > 1));
}

static void set_rows(struct mg_propose *p, const size_t *columns, size_t n, const struct mg_verdict *verdict)
{
    for (size_t i = 0; i < n; i++) {
        struct mg_proposal_column *row = p->columns[columns[i]].row;
        struct mg_verdict own = mg_propose_scale(p, &columns[i], 1);
        row->scale = verdict->scale;
        row->other = verdict->other;
        if (own.holds && !own.declared && !(row->other.max > row->other.min) &&
            2 * own.scale.max <= row->scale.max)
            row->other = own.scale;
        if (verdict->confidence < row->confidence)
            row->confidence = verdict->confidence;
    }
}

static void remember(struct mg_propose *p, const struct mg_verdict *verdict)
{
    for (size_t i = 0; i < verdict->n_codes; i++) {
        size_t k = 0;
        while (k < p->n_codes && p->codes[k] != verdict->codes[i])
            k++;
        if (k == p->n_codes && k < MG_STUDY_CODES_MAX)
            p->codes[p->n_codes++] = verdict->codes[i];
    }
}

/* Values that were set aside. */
static void note_off(struct mg_propose *p, const size_t *columns, size_t n, const struct mg_scale *scale)
{
    size_t first = SIZE_MAX, found = 0;
    double value = NAN;
    for (size_t i = 0; i < n; i++) {
        struct mg_verdict own = mg_propose_scale(p, &columns[i], 1);
        if (!(own.off > scale->max))
            continue;
        found++;
        if (first == SIZE_MAX) {
            first = columns[i];
            value = own.off;
        }
    }
    if (found == 1)
        mg_propose_note(
            p, MG_TEXT("“%s” holds values beyond the scale, such as %g: they are rare and don't count."),
            p->columns[first].info->name, value);
    else if (found)
        mg_propose_note(
            p,
            MG_TEXT("%zu columns hold values beyond the scale, the first “%s” (%g): they are rare "
                    "and don't count."),
            found, p->columns[first].info->name, value);
}

struct mg_scale mg_propose_scale_rows(struct mg_propose *p, const size_t *columns, size_t n)
{
    struct mg_verdict verdict = mg_propose_scale(p, columns, n);
    set_rows(p, columns, n, &verdict);
    remember(p, &verdict);
    if (verdict.holds)
        note_off(p, columns, n, &verdict.scale);
    return verdict.scale;
}

/* Columns of the pairs that are like pair `like`; those done before are left out. */
struct sides {
    size_t *expectations, *others, *adequates, *all;
    size_t n_e, n_o, n_a, n;
};

static void gather(struct mg_propose *p, const struct kind *kinds, size_t like, bool *done, struct sides *ret)
{
    ret->n_e = ret->n_o = ret->n_a = ret->n = 0;
    for (size_t i = like; i < p->n_pairs; i++) {
        const struct mg_pair *pair = &p->pairs[i];
        if (done[i] || !same_kind(&kinds[2 * i], &kinds[2 * like]) ||
            !same_kind(&kinds[2 * i + 1], &kinds[2 * like + 1]))
            continue;
        done[i] = true;
        ret->all[ret->n++] = ret->expectations[ret->n_e++] = pair->expectation;
        ret->all[ret->n++] = ret->others[ret->n_o++] = pair->perception;
        if (pair->adequate != SIZE_MAX)
            ret->all[ret->n++] = ret->adequates[ret->n_a++] = pair->adequate;
    }
}

/* `expected` NULL: both halves are on `scale`. */
static void set_pairs(struct mg_propose *p, const struct sides *sides, struct mg_scale scale,
                      const struct mg_scale *expected)
{
    for (size_t i = 0; i < sides->n_e; i++)
        for (size_t k = 0; k < p->n_pairs; k++)
            if (p->pairs[k].expectation == sides->expectations[i]) {
                p->pairs[k].scale = scale;
                p->pairs[k].undecided = expected != NULL;
                p->pairs[k].expected = expected ? *expected : (struct mg_scale){0};
            }
}

static void differ(struct mg_propose *p, const struct sides *sides, const struct mg_verdict *e,
                   const struct mg_verdict *o)
{
    struct mg_text reason =
        e->holds && o->holds
            ? mg_propose_say(
                  p,
                  MG_TEXT("different scales: %g to %g for the expectation, %g to %g for what was perceived"),
                  e->scale.min, e->scale.max, o->scale.min, o->scale.max)
            : mg_propose_say(p, MG_TEXT("no scale holds the answers of both halves"));
    for (size_t i = 0; i < sides->n; i++) {
        struct mg_proposal_column *row = p->columns[sides->all[i]].row;
        row->confidence = MG_CONFIDENCE_MIDDLE;
        row->reason = reason;
    }
}

/* −1 and 0 are answers of the side around 0, though codes below the other's, which goes beyond its end. */
static bool is_one_around_zero(const struct mg_verdict *around, const struct mg_verdict *other)
{
    return around->holds && other->holds && around->scale.min < 0 && other->scale.min >= 0 &&
           other->scale.max > around->scale.max;
}

static void judge(struct mg_propose *p, const struct sides *sides)
{
    struct mg_verdict e = mg_propose_scale(p, sides->expectations, sides->n_e);
    struct mg_verdict o = mg_propose_scale(p, sides->others, sides->n_o);
    bool together = mg_propose_scale(p, sides->all, sides->n).holds;
    if (!together || is_one_around_zero(&e, &o) || is_one_around_zero(&o, &e) ||
        are_apart(&e, &o, sides->n_e)) {
        struct mg_scale expected = mg_propose_scale_rows(p, sides->expectations, sides->n_e);
        if (sides->n_a)
            mg_propose_scale_rows(p, sides->adequates, sides->n_a);
        set_pairs(p, sides, mg_propose_scale_rows(p, sides->others, sides->n_o), &expected);
        differ(p, sides, &e, &o);
        return;
    }
    set_pairs(p, sides, mg_propose_scale_rows(p, sides->all, sides->n), NULL);
}

static bool is_scale(const struct mg_scale *scale)
{
    return scale->max > scale->min;
}

/* The scale of most pairs is the study's. */
static struct mg_scale commonest(const struct mg_propose *p)
{
    size_t best = 0, best_n = 0;
    for (size_t i = 0; i < p->n_pairs; i++) {
        size_t n = 0;
        for (size_t k = i; k < p->n_pairs && is_scale(&p->pairs[i].scale); k++)
            n += same_scale(&p->pairs[i].scale, &p->pairs[k].scale);
        if (n > best_n) {
            best_n = n;
            best = i;
        }
    }
    return p->n_pairs ? p->pairs[best].scale : (struct mg_scale){0};
}

static void judge_importances(struct mg_propose *p, size_t *columns)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n_pairs; i++)
        if (p->pairs[i].importance != SIZE_MAX)
            columns[n++] = p->pairs[i].importance;
    struct mg_scale scale = n ? mg_propose_scale_rows(p, columns, n) : p->study->scale;
    if (n && scale.max > scale.min &&
        (!same_scale(&scale, &p->study->scale) || scale.step != p->study->scale.step))
        p->study->importance_scale = scale;
}

int mg_propose_scales(struct mg_propose *p)
{
    struct kind *kinds = mg_arena_array(p->arena, 2 * p->n_pairs + 1, sizeof *kinds);
    bool *done = mg_arena_array(p->arena, p->n_pairs + 1, sizeof *done);
    size_t *room = mg_arena_array(p->arena, 6 * p->n_pairs + 1, sizeof *room);
    if (!kinds || !done || !room)
        return MG_E_NO_MEMORY;
    struct sides sides = {.expectations = room,
                          .others = room + p->n_pairs,
                          .adequates = room + 2 * p->n_pairs,
                          .all = room + 3 * p->n_pairs};
    for (size_t i = 0; i < p->n_pairs; i++) {
        kinds[2 * i] = kind_of(p, p->pairs[i].expectation);
        kinds[2 * i + 1] = kind_of(p, p->pairs[i].perception);
    }
    for (size_t i = 0; i < p->n_pairs; i++)
        if (!done[i]) {
            gather(p, kinds, i, done, &sides);
            judge(p, &sides);
        }
    p->study->scale = commonest(p);
    judge_importances(p, room);
    return 0;
}

static bool is_within(const struct mg_scale *scale, double value)
{
    return is_scale(scale) && value >= scale->min && value <= scale->max;
}

int mg_propose_codes(struct mg_propose *p)
{
    double *codes = mg_arena_array(p->arena, p->n_codes + 1, sizeof *codes);
    if (!codes)
        return MG_E_NO_MEMORY;
    for (size_t i = 0; i < p->n_codes; i++) {
        bool answer = false;
        for (size_t k = 0; k < p->study->n_items; k++) {
            const struct mg_item *item = &p->items[k];
            bool own = item->importance && is_within(&item->importance_scale, p->codes[i]);
            answer = answer || own || is_within(&item->scale, p->codes[i]) ||
                     is_within(&item->expectation_scale, p->codes[i]);
        }
        if (answer)
            continue;
        codes[p->study->n_missing_codes++] = p->codes[i];
        mg_propose_note(p, MG_TEXT("%g is taken as “no answer”."), p->codes[i]);
    }
    p->study->missing_codes = codes;
    return 0;
}
