/* Numbers beside those of last time: their means (last_flips.h), and how far they reach: beyond both the
 * study's scale and last time, or, all columns of a half together, less far than last time. */
#include <math.h>

#include "base/str.h"
#include "service/listen/last_flips.h"
#include "service/listen/last_private.h"

#define ANSWERS_LEAST 50 /* of a half whose scale became shorter, then and now */

static bool is_rating(const struct side *side)
{
    return !side->told && side->field && side->field->type != MG_TYPE_TEXT && !isnan(side->before->max) &&
           !isnan(side->now.max);
}

static const struct mg_scale *scale_of(const struct side *side)
{
    return &side->field->rule.scale;
}

/* Columns that are alike but for what they ask: of the same part in their items, on the same scale. */
static bool are_of_one_half(const struct side *a, const struct side *b)
{
    return a->field->role == b->field->role && scale_of(a)->min == scale_of(b)->min &&
           scale_of(a)->max == scale_of(b)->max;
}

static void add_scale(struct comparison *c, struct side *side)
{
    const struct mg_last_column *a = side->before, *b = &side->now;
    mg_last_add(c, SCALE, b->name, mg_last_print(c, "%g–%g", a->min, a->max),
                mg_last_print(c, "%g–%g", b->min, b->max),
                mg_last_say(c, MG_TEXT("“%.100s” was answered from %g to %g last time, now from %g to %g."),
                            b->name, a->min, a->max, b->min, b->max));
    side->told = true;
}

/* Beyond the study's scale, and beyond what was there already. */
static void compare_reach(struct comparison *c, struct side *side)
{
    const struct mg_scale *scale = scale_of(side);
    if (scale->max > scale->min && (side->now.max > fmax(side->before->max, scale->max) ||
                                    side->now.min < fmin(side->before->min, scale->min)))
        add_scale(c, side);
}

/* How far the columns of a half go, and where their answers lie in between. */
struct reach {
    double low, high, mean; /* the mean of the columns' means; NAN: not known */
    int64_t n;
    size_t columns, at_low, at_high; /* of them those that go as far as any */
};

static void widen(struct reach *reach, const struct mg_last_column *column)
{
    reach->at_low = column->min < reach->low ? 1 : reach->at_low + (column->min == reach->low);
    reach->at_high = column->max > reach->high ? 1 : reach->at_high + (column->max == reach->high);
    reach->low = fmin(reach->low, column->min);
    reach->high = fmax(reach->high, column->max);
    reach->mean += (column->mean - reach->mean) / (double)++reach->columns;
    reach->n += column->n;
}

static void reach_of(const struct comparison *c, const struct side *of, struct reach *before,
                     struct reach *now)
{
    *before = *now = (struct reach){.low = INFINITY, .high = -INFINITY};
    for (size_t i = 0; i < c->n; i++)
        if (is_rating(&c->sides[i]) && are_of_one_half(&c->sides[i], of)) {
            widen(before, c->sides[i].before);
            widen(now, &c->sides[i].now);
        }
}

static double share_of(const struct reach *reach)
{
    return (reach->mean - reach->low) / (reach->high - reach->low);
}

/* All of a half stay below (or above) what most of them reached last time, and their answers lie between the
 * new ends much as they lay between the old ones: a shorter scale. People who became less content lie lower.
 */
static bool is_shorter(const struct comparison *c, const struct side *side)
{
    struct reach before, now;
    reach_of(c, side, &before, &now);
    bool less = (now.high <= before.high - 1 && 2 * before.at_high > before.columns) ||
                (now.low >= before.low + 1 && 2 * before.at_low > before.columns);
    double as_it_is = fabs(now.mean - before.mean) / (before.high - before.low);
    return less && before.columns > 1 && before.n >= ANSWERS_LEAST && now.n >= ANSWERS_LEAST &&
           2 * fabs(share_of(&now) - share_of(&before)) < as_it_is;
}

static void compare_ends(struct comparison *c)
{
    bool *shorter = mg_arena_array(c->arena, c->n, sizeof *shorter);
    if (!shorter) {
        c->rc = mg_fail_memory(c->error);
        return;
    }
    for (size_t i = 0; i < c->n; i++) /* of all before any is told: a half is looked at as a whole */
        shorter[i] = is_rating(&c->sides[i]) && is_shorter(c, &c->sides[i]);
    for (size_t i = 0; i < c->n && !c->rc; i++)
        if (shorter[i])
            add_scale(c, &c->sides[i]);
}

/* The other half of the same item. */
static size_t partner_of(const struct comparison *c, const struct side *side)
{
    const struct mg_study *study = c->fields->study;
    const char *name = side->field->column, *other = NULL;
    for (size_t i = 0; i < study->n_items && !other; i++) {
        if (mg_str_equal(study->items[i].expectation, name))
            other = study->items[i].perception;
        else if (mg_str_equal(study->items[i].perception, name))
            other = study->items[i].expectation;
    }
    for (size_t i = 0; i < c->n && other; i++)
        if (mg_str_equal(c->sides[i].before->target, other))
            return i;
    return SIZE_MAX;
}

static size_t half_of(const struct comparison *c, size_t of)
{
    for (size_t i = 0; i < of; i++)
        if (is_rating(&c->sides[i]) && are_of_one_half(&c->sides[i], &c->sides[of]))
            return i;
    return of;
}

static void compare_means(struct comparison *c)
{
    struct mg_last_move *moves = mg_arena_array(c->arena, c->n, sizeof *moves);
    if (!moves) {
        c->rc = mg_fail_memory(c->error);
        return;
    }
    for (size_t i = 0; i < c->n; i++) {
        const struct side *side = &c->sides[i];
        moves[i] = (struct mg_last_move){.before = NAN, .half = i, .partner = SIZE_MAX};
        if (is_rating(side))
            moves[i] = (struct mg_last_move){.before = side->before->mean,
                                             .now = side->now.mean,
                                             .low = scale_of(side)->min,
                                             .high = scale_of(side)->max,
                                             .n_before = side->before->n,
                                             .n_now = side->now.n,
                                             .half = half_of(c, i),
                                             .partner = partner_of(c, side)};
    }
    mg_last_find_flips(moves, c->n);
    for (size_t i = 0; i < c->n && !c->rc; i++) {
        struct side *side = &c->sides[i];
        if (!moves[i].flipped)
            continue;
        mg_last_add(
            c, FLIP, side->now.name, mg_last_print(c, "%.2f", side->before->mean),
            mg_last_print(c, "%.2f", side->now.mean),
            mg_last_say(
                c,
                MG_TEXT("“%.100s” looks turned round: its mean was %.2f last time and is %.2f now, while "
                        "others stayed."),
                side->now.name, side->before->mean, side->now.mean));
        side->told = true;
    }
}

void mg_last_compare_numbers(struct comparison *c)
{
    for (size_t i = 0; i < c->n && !c->rc; i++)
        if (is_rating(&c->sides[i]))
            compare_reach(c, &c->sides[i]);
    if (!c->rc)
        compare_means(c); /* before the ends: who is turned round may reach less far at one of them */
    if (!c->rc)
        compare_ends(c);
}
