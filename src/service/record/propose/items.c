/* Pairs as items of the study. Without pairs: the battery of ratings that most columns belong to is taken as
 * what was perceived, but for what is said to be expected. A battery are free ratings side by side; a column
 * between them that never reaches its best answer belongs to it all the same. Codes of items are short: what
 * the halves have in common, else "i1", "i2", … */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "service/record/propose/private.h"
#include "words.gen.h"

#define CODE_SHORT 32 /* bytes up to which what the halves have in common is a code */

static bool is_taken_code(const struct mg_propose *p, const char *code)
{
    for (size_t i = 0; i < p->study->n_items; i++)
        if (strcmp(p->items[i].code, code) == 0)
            return true;
    return false;
}

static const char *numbered_code(const struct mg_propose *p)
{
    const char *code = NULL;
    for (size_t n = p->study->n_items + 1; !code || is_taken_code(p, code); n++)
        if (!(code = mg_arena_printf(p->arena, "i%zu", n)))
            return NULL;
    return code;
}

/* The stem that the halves' names have in common, where that is a short one. */
static const char *code_of_names(const struct mg_propose *p, const struct mg_pair *pair)
{
    const struct mg_propose_column *e = &p->columns[pair->expectation], *o = &p->columns[pair->perception];
    for (size_t i = 0; i < e->n_stems; i++)
        for (size_t k = 0; k < o->n_stems; k++) {
            const struct mg_stem *a = &e->stems[i], *b = &o->stems[k];
            bool names = !a->of_label && !b->of_label && a->side == MG_SIDE_EXPECTATION && b->side != a->side;
            if (names && a->key && a->key == b->key && a->n_shown && a->n_shown + a->n_more < CODE_SHORT)
                return mg_propose_stem_shown(p, a);
        }
    return NULL;
}

static const char *code_of(const struct mg_propose *p, const struct mg_pair *pair)
{
    const char *code = code_of_names(p, pair);
    if (!code && pair->shown && strlen(pair->shown) <= CODE_SHORT)
        code = pair->shown;
    return code && *code && !is_taken_code(p, code) ? code : numbered_code(p);
}

static bool is_scale(const struct mg_scale *scale)
{
    return scale->max > scale->min;
}

static bool is_number(const char *text)
{
    return text[strspn(text, "0123456789")] == '\0';
}

/* What the halves' questions have in common, without the question itself: "Wait" of "What do you expect? -
 * Wait"; NULL: nothing in one piece. */
static const char *shared_question(const struct mg_propose *p, const struct mg_pair *pair)
{
    const struct mg_propose_column *e = &p->columns[pair->expectation], *o = &p->columns[pair->perception];
    for (size_t i = 0; i < e->n_stems; i++)
        for (size_t k = 0; k < o->n_stems; k++) {
            const struct mg_stem *a = &e->stems[i], *b = &o->stems[k];
            bool labels = a->of_label && b->of_label && a->side == MG_SIDE_EXPECTATION && b->side != a->side;
            if (labels && a->bare && a->bare == b->bare && a->n_shown && !a->n_more)
                return mg_propose_stem_shown(p, a);
        }
    return NULL;
}

/* The label, else the name, without the side's word before or behind it; NULL: there is none. */
static const char *without_side(const struct mg_propose *p, size_t column, enum mg_side side)
{
    const struct mg_propose_column *c = column == SIZE_MAX ? NULL : &p->columns[column];
    for (size_t i = 0; c && i < c->n_stems; i++) {
        const struct mg_stem *stem = &c->stems[i];
        if (stem->side == side && stem->kind == MG_STEM_WORD && stem->of_label == (c->label.n > 0) &&
            stem->n_shown && !stem->n_more)
            return mg_propose_stem_shown(p, stem);
    }
    return NULL;
}

/* What both halves' labels say but for their sides: it labels the other half as well. */
static const char *own_words(const struct mg_propose *p, const struct mg_pair *pair)
{
    const char *bare = without_side(p, pair->expectation, MG_SIDE_EXPECTATION)
                           ? without_side(p, pair->perception, MG_SIDE_PERCEPTION)
                           : NULL;
    return bare ? bare : mg_propose_shown(&p->columns[pair->perception]);
}

/* The words of the question without the side's; a bare number says nothing. */
static struct mg_text label_of(const struct mg_propose *p, const struct mg_pair *pair)
{
    const struct mg_propose_column *o = &p->columns[pair->perception];
    const char *text = shared_question(p, pair);
    if (!text && pair->shown && !is_number(pair->shown))
        text = pair->shown;
    if (!text && (o->label.n || !pair->shown))
        text = own_words(p, pair);
    return text && mg_study_column_fits(text) ? mg_propose_text_in(text) : (struct mg_text){0};
}

static const char *name_of(const struct mg_propose *p, size_t column)
{
    return column == SIZE_MAX ? NULL : p->columns[column].info->name;
}

static struct mg_item *add_item(struct mg_propose *p, const char *code)
{
    if (!code || p->study->n_items == MG_STUDY_ITEMS_MAX)
        return NULL;
    struct mg_item *item = &p->items[p->study->n_items++];
    *item = (struct mg_item){
        .code = code, .dimension = SIZE_MAX, .touchpoint = SIZE_MAX, .truth = NAN, .scale = p->study->scale};
    return item;
}

static void set_item(struct mg_propose *p, size_t column, const struct mg_item *item)
{
    if (column != SIZE_MAX)
        p->columns[column].row->item = item->code;
}

/* An adequate level on neither half's scale stays out. */
static void add_expected(struct mg_propose *p, const struct mg_pair *pair, struct mg_item *item)
{
    const struct mg_scale *adequate =
        pair->adequate == SIZE_MAX ? NULL : &p->columns[pair->adequate].row->scale;
    item->expectation = name_of(p, pair->expectation);
    set_item(p, pair->expectation, item);
    if (pair->undecided && adequate &&
        (adequate->min != pair->expected.min || adequate->max != pair->expected.max))
        return;
    item->adequate = name_of(p, pair->adequate);
    set_item(p, pair->adequate, item);
}

static enum mg_direction direction_of(const struct mg_propose *p, size_t column)
{
    return column == SIZE_MAX ? MG_DIRECTION_OPEN : p->columns[column].direction;
}

/* One half counts up and the other down: no study can compare them. */
static bool are_crossed(const struct mg_propose *p, const struct mg_pair *pair)
{
    enum mg_direction e = direction_of(p, pair->expectation), o = direction_of(p, pair->perception);
    return e != MG_DIRECTION_OPEN && o != MG_DIRECTION_OPEN && e != o;
}

/* By the half whose words say it. */
static void set_direction(struct mg_propose *p, const struct mg_pair *pair, struct mg_item *item)
{
    if (are_crossed(p, pair)) {
        item->reverse = direction_of(p, pair->perception) == MG_DIRECTION_DOWN;
        mg_propose_note(p,
                        MG_TEXT("“%s” and “%s” count in opposite directions and aren't compared: turn one of "
                                "them round in the file."),
                        name_of(p, pair->expectation), name_of(p, pair->perception));
        return;
    }
    item->reverse = direction_of(p, pair->perception) == MG_DIRECTION_DOWN ||
                    direction_of(p, pair->expectation) == MG_DIRECTION_DOWN;
}

/* `reverse` turns an item's answers, not what importance it has. */
static bool has_usable_importance(const struct mg_propose *p, size_t column)
{
    return direction_of(p, column) != MG_DIRECTION_DOWN;
}

/* A pair on no scale is left to somebody to decide. */
static void add_pair(struct mg_propose *p, struct mg_pair *pair)
{
    if (!is_scale(&pair->scale))
        return;
    struct mg_item *item = add_item(p, code_of(p, pair));
    if (!item)
        return;
    item->label = label_of(p, pair);
    item->perception = name_of(p, pair->perception);
    item->importance = has_usable_importance(p, pair->importance) ? name_of(p, pair->importance) : NULL;
    item->scale = pair->scale;
    item->importance_scale = is_scale(&p->study->importance_scale) ? p->study->importance_scale : item->scale;
    set_item(p, pair->perception, item);
    set_item(p, pair->importance, item);
    pair->rescaled = pair->undecided && p->rescale && is_scale(&pair->expected);
    if (pair->rescaled)
        item->expectation_scale = pair->expected;
    if (!are_crossed(p, pair) && (pair->rescaled || !pair->undecided))
        add_expected(p, pair, item);
    set_direction(p, pair, item);
}

/* "wait_expected" beside "wait". */
static const char *code_of_half(const struct mg_propose *p, const struct mg_pair *pair)
{
    const char *other = p->columns[pair->perception].row->item;
    const char *code = other ? mg_arena_printf(p->arena, "%s_expected", other) : NULL;
    return code && strlen(code) <= MG_PROPOSE_CODE && !is_taken_code(p, code) ? code : numbered_code(p);
}

/* The expectation of a pair that is left apart, as an item on its own scale. */
static void add_half(struct mg_propose *p, const struct mg_pair *pair)
{
    bool apart = pair->undecided && !pair->rescaled;
    struct mg_item *item = apart && is_scale(&pair->expected) ? add_item(p, code_of_half(p, pair)) : NULL;
    if (!item)
        return;
    item->label = label_of(p, pair);
    item->scale = item->importance_scale = pair->expected;
    add_expected(p, pair, item);
    item->reverse = direction_of(p, pair->expectation) == MG_DIRECTION_DOWN;
}

static void note_scale(struct mg_propose *p)
{
    mg_propose_note(p, MG_TEXT("Scale %g to %g, from the values."), p->study->scale.min, p->study->scale.max);
    if (p->study->scale.step == 0)
        mg_propose_note(p, MG_TEXT("Fractions are common: the scale has no steps (step 0)."));
}

static void note_rescaled(struct mg_propose *p)
{
    const struct mg_pair *first = NULL;
    size_t n = 0;
    for (size_t i = 0; i < p->n_pairs; i++)
        if (p->pairs[i].rescaled && n++ == 0)
            first = &p->pairs[i];
    if (first)
        mg_propose_note(
            p,
            MG_TEXT("Pairs on different scales, compared as you chose: %zu; the "
                    "expectation is rescaled linearly, from %g to %g on to %g to %g in the first."),
            n, first->expected.min, first->expected.max, first->scale.min, first->scale.max);
}

static void note_pairs(struct mg_propose *p)
{
    size_t middle = 0;
    for (size_t i = 0; i < p->n_pairs; i++)
        middle += p->columns[p->pairs[i].expectation].row->confidence < MG_CONFIDENCE_HIGH;
    mg_propose_note(p, MG_TEXT("%zu pairs of expectation and perception, the first “%s” and “%s”."),
                    p->n_pairs, name_of(p, p->pairs[0].expectation), name_of(p, p->pairs[0].perception));
    if (middle)
        mg_propose_note(p, MG_TEXT("%zu of them should be looked at: their columns say why."), middle);
}

static int add_pairs(struct mg_propose *p)
{
    int rc = mg_propose_scales(p);
    for (size_t i = 0; i < p->n_pairs && !rc; i++)
        add_pair(p, &p->pairs[i]);
    for (size_t i = 0; i < p->n_pairs && !rc; i++) /* last: no perception loses its place to them */
        add_half(p, &p->pairs[i]);
    if (rc)
        return rc;
    note_pairs(p);
    note_scale(p);
    note_rescaled(p);
    return 0;
}

/* ---- without pairs ---- */

/* A rating of a battery: words that say a column is about the person, or an outcome, say that it isn't one.
 */
static bool is_of_battery(const struct mg_propose_column *c)
{
    return mg_propose_is_free(c) && !c->continuous && c->side != MG_SIDE_IMPORTANCE &&
           !mg_propose_is(&c->name, &mg_words_group) && !mg_propose_has(&c->name, &mg_words_not_rating);
}

/* The free ratings from `at` on. */
static size_t battery_at(const struct mg_propose *p, size_t at)
{
    size_t end = at;
    while (end < p->n && is_of_battery(&p->columns[end]) && p->columns[end].slider == p->columns[at].slider)
        end++;
    return end - at;
}

/* A column with two answers next to ratings of more is rather a question of yes or no. */
static bool has_room(const struct mg_propose_column *c)
{
    return c->n_values > 2 || (c->n_values == 2 && c->values[1].value > 2);
}

/* Sliders beside one another that reach from near one end to near the other: not ages, nor counts. */
static bool are_sliders(const struct mg_propose *p, size_t at, size_t n)
{
    for (size_t i = at; i < at + n; i++)
        if (p->columns[i].info->max < 0.9 * MG_PROPOSE_SLIDER && p->columns[i].info->max > 20)
            return false;
    return p->columns[at].info->max <= MG_PROPOSE_SLIDER;
}

/* Columns of all batteries whose scale is that of the longest. */
static size_t collect_batteries(struct mg_propose *p, size_t *ret)
{
    struct mg_scale longest = {0};
    size_t most = 0, kept = 0;
    for (int keep = 0; keep <= 1; keep++)
        for (size_t at = 0, n; at < p->n; at += n ? n : 1) {
            size_t found = kept;
            n = battery_at(p, at);
            if (n == 0 || (p->columns[at].slider && (n < MG_PROPOSE_BATTERY || !are_sliders(p, at, n))))
                continue;
            for (size_t i = at; i < at + n; i++)
                if (has_room(&p->columns[i]))
                    ret[found++] = i;
            if (found == kept)
                continue;
            struct mg_verdict verdict = mg_propose_scale(p, ret + kept, found - kept);
            bool same = verdict.scale.max == longest.max && verdict.scale.min == longest.min;
            if (verdict.holds && !keep && found - kept > most) {
                longest = verdict.scale;
                most = found - kept;
            }
            kept = keep && verdict.holds && same ? found : kept;
        }
    return kept;
}

/* Whether some other column has the stem too. */
static bool is_shared(const struct mg_propose *p, size_t column, uint64_t key)
{
    for (size_t i = 0; i < p->n; i++)
        for (size_t s = 0; s < p->columns[i].n_stems && i != column; s++)
            if (p->columns[i].stems[s].key == key && p->columns[i].side == p->columns[column].side)
                return true;
    return false;
}

/* The part of a question that is the column's own: "Price" of "How satisfied are you? [Price]"; NULL: none.
 */
static const char *own_part(const struct mg_propose *p, size_t column)
{
    const struct mg_propose_column *c = &p->columns[column];
    for (size_t i = 0; i < c->n_stems; i++) {
        const struct mg_stem *stem = &c->stems[i];
        bool part = stem->kind == MG_STEM_PART || stem->kind == MG_STEM_END;
        if (part && stem->n_shown && stem->n_shown + stem->n_more < CODE_SHORT &&
            !is_shared(p, column, stem->key))
            return mg_propose_stem_shown(p, stem);
    }
    return NULL;
}

/* "How important is it? [Price]" beside "How satisfied are you? [Price]". */
static void add_importance(struct mg_propose *p, size_t column, struct mg_item *item)
{
    enum mg_side side = p->columns[column].side;
    size_t found =
        side == MG_SIDE_NONE ? SIZE_MAX : mg_propose_companion(p, column, side, MG_SIDE_IMPORTANCE);
    item->importance_scale = item->scale;
    if (found == SIZE_MAX || !has_usable_importance(p, found))
        return;
    item->importance = p->columns[found].info->name;
    mg_propose_take(p, found, MG_PROPOSED_IMPORTANCE, MG_CONFIDENCE_MIDDLE,
                    mg_propose_say(p, MG_TEXT("same item as “%s”"), p->columns[column].info->name));
    p->columns[found].row->item = item->code;
}

static void add_single(struct mg_propose *p, size_t column, bool expected, struct mg_text reason)
{
    const struct mg_propose_column *c = &p->columns[column];
    const char *name = c->info->name, *own = own_part(p, column);
    const char *code = own && !c->label.n ? own : strlen(name) <= MG_PROPOSE_CODE ? name : NULL;
    struct mg_item *item = add_item(p, code && !is_taken_code(p, code) ? code : numbered_code(p));
    if (!item)
        return;
    const char *shown = own ? own : mg_propose_shown(c);
    item->label =
        is_number(shown) || !mg_study_column_fits(shown) ? (struct mg_text){0} : mg_propose_text_in(shown);
    add_importance(p, column, item);
    *(expected ? &item->expectation : &item->perception) = name;
    item->reverse = c->direction == MG_DIRECTION_DOWN;
    mg_propose_take(p, column, expected ? MG_PROPOSED_EXPECTATION : MG_PROPOSED_PERCEPTION,
                    MG_CONFIDENCE_MIDDLE, reason);
    c->row->item = item->code;
}

/* Said to be an expectation; a letter alone may be a section's. */
static bool is_expected(const struct mg_propose *p, size_t column)
{
    return p->columns[column].said && p->columns[column].side == MG_SIDE_EXPECTATION;
}

/* One scale for the importances; `room` for as many columns as there are. */
static void set_importance_scale(struct mg_propose *p, size_t *room)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++)
        if (p->columns[i].row->role == MG_PROPOSED_IMPORTANCE)
            room[n++] = i;
    struct mg_scale scale = n ? mg_propose_scale_rows(p, room, n) : p->study->scale;
    if (!(scale.max > scale.min) || (scale.max == p->study->scale.max && scale.min == p->study->scale.min))
        return;
    p->study->importance_scale = scale;
    for (size_t i = 0; i < p->study->n_items; i++)
        p->items[i].importance_scale = scale;
}

/* One or two are no battery: only those that are said to be a half are items. */
static size_t keep_said(const struct mg_propose *p, size_t *columns, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        const struct mg_propose_column *c = &p->columns[columns[i]];
        if (c->said && (c->side == MG_SIDE_EXPECTATION || c->side == MG_SIDE_PERCEPTION))
            columns[kept++] = columns[i];
    }
    return kept;
}

static int add_singles(struct mg_propose *p)
{
    size_t *columns = mg_arena_array(p->arena, p->n + 1, sizeof *columns);
    if (!columns)
        return MG_E_NO_MEMORY;
    size_t n = collect_batteries(p, columns);
    if (n < MG_PROPOSE_BATTERY)
        n = keep_said(p, columns, n);
    if (n == 0)
        return 0;
    p->study->scale = mg_propose_scale_rows(p, columns, n);
    struct mg_text reason =
        n < MG_PROPOSE_BATTERY
            ? mg_propose_say(p, MG_TEXT("named as one half, without a partner"))
            : mg_propose_say(p, MG_TEXT("one of %zu ratings on one scale, none with a partner"), n);
    size_t expected = 0;
    for (size_t i = 0; i < n; i++) {
        expected += is_expected(p, columns[i]);
        add_single(p, columns[i], is_expected(p, columns[i]), reason);
    }
    set_importance_scale(p, columns);
    if (expected)
        mg_propose_note(p, MG_TEXT("%zu ratings are taken as expectations without a perception."), expected);
    if (expected < n)
        mg_propose_note(p, MG_TEXT("No pairs found; %zu ratings are taken as perceptions."), n - expected);
    note_scale(p);
    return 0;
}

/* What the lowest number means in the first of them. */
static void note_reversed(struct mg_propose *p)
{
    const struct mg_item *first = NULL;
    size_t n = 0;
    for (size_t i = 0; i < p->study->n_items; i++)
        if (p->items[i].reverse && n++ == 0)
            first = &p->items[i];
    const char *name = !first ? NULL : first->perception ? first->perception : first->expectation;
    if (n == 1)
        mg_propose_note(
            p, MG_TEXT("“%s” counts the other way round: %g is the best answer. Its item is reversed."), name,
            first->scale.min);
    else if (n)
        mg_propose_note(
            p,
            MG_TEXT("%zu items count the other way round: %g is the best answer of the first, “%s”. "
                    "They are reversed."),
            n, first->scale.min, name);
}

int mg_propose_items(struct mg_propose *p)
{
    int rc = p->n_pairs ? 0 : mg_propose_twins(p);
    if (rc)
        return rc;
    rc = p->n_pairs ? add_pairs(p) : add_singles(p);
    note_reversed(p);
    return rc;
}
