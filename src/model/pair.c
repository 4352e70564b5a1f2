/* Three sweeps, each over halves sorted into groups of one key (pair.h: 1, 2, 3). Within a group the halves
 * pass in order; expectations wait on a stack, so that the latest is on top, and a perception takes the top.
 *
 * Two halves of a group must not differ in the sweep's other name (the customer of an episode, the episode of
 * a customer); halves that agree in it met in an earlier sweep. So there are two stacks, of those that have
 * that name and those that haven't: who has it looks at the second only, who hasn't at the later of both
 * tops. No perception looks further down than that, which keeps a sweep linear after sorting. */
#include "model/pair.h"

#include <stdlib.h>
#include <string.h>

#define DAY_US 86400e6

/* A half in a sweep. */
struct half {
    const char *key, *second; /* second: NULL but in sweep 1 */
    bool named;               /* has the sweep's other name */
    bool expectation;
    size_t answer;
    int64_t at_us;
};

struct sweep {
    const struct mg_pair_answer *answers;
    size_t *partner;
    struct half *halves;
    const struct half **waiting; /* room for both stacks: one grows up, one down */
    size_t n, size;              /* halves; answers */
    double window_us;            /* negative: there is none */
    bool any_order;              /* without times, a group's halves pair whichever comes first */
    size_t found;
};

static bool is_known(const char *text)
{
    return text && *text;
}

static int compare_keys(const struct half *a, const struct half *b)
{
    int order = strcmp(a->key, b->key);
    return order || !a->second ? order : strcmp(a->second, b->second);
}

static int by_key(const void *a, const void *b)
{
    const struct half *x = a, *y = b;
    int order = compare_keys(x, y);
    return order ? order : x->answer < y->answer ? -1 : x->answer > y->answer;
}

/* An expectation of the same moment comes first. */
static int by_time(const void *a, const void *b)
{
    const struct half *x = a, *y = b;
    if (x->at_us != y->at_us)
        return x->at_us < y->at_us ? -1 : 1;
    if (x->expectation != y->expectation)
        return x->expectation ? -1 : 1;
    return x->answer < y->answer ? -1 : x->answer > y->answer;
}

/* Whether the expectation may be that of the perception, by what is known of their times. */
static bool is_before(const struct sweep *s, const struct half *expectation, const struct half *perception)
{
    if (expectation->at_us == MG_PAIR_NO_TIME || perception->at_us == MG_PAIR_NO_TIME)
        return true;
    double after = (double)perception->at_us - (double)expectation->at_us;
    return after >= 0 && (s->window_us < 0 || after <= s->window_us);
}

/* The stacks of a group: `unnamed` grows from the start of the room, `named` from its end. */
struct stacks {
    struct sweep *s;
    size_t unnamed, named;
};

static const struct half *top_unnamed(const struct stacks *stacks)
{
    return stacks->unnamed ? stacks->s->waiting[stacks->unnamed - 1] : NULL;
}

static const struct half *top_named(const struct stacks *stacks)
{
    return stacks->named ? stacks->s->waiting[stacks->s->size - stacks->named] : NULL;
}

static void put(struct stacks *stacks, const struct half *expectation)
{
    if (expectation->named)
        stacks->s->waiting[stacks->s->size - ++stacks->named] = expectation;
    else
        stacks->s->waiting[stacks->unnamed++] = expectation;
}

/* Halves of a group lie in their order, so the later of two is the one further on. */
static void take(struct stacks *stacks, const struct half *perception)
{
    struct sweep *s = stacks->s;
    const struct half *unnamed = top_unnamed(stacks), *named = perception->named ? NULL : top_named(stacks);
    const struct half *latest = !named || (unnamed && unnamed > named) ? unnamed : named;
    if (!latest || !is_before(s, latest, perception))
        return;
    if (latest == named)
        stacks->named--;
    else
        stacks->unnamed--;
    s->partner[perception->answer] = latest->answer;
    s->partner[latest->answer] = perception->answer;
    s->found++;
}

static bool is_timed(const struct half *halves, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (halves[i].at_us == MG_PAIR_NO_TIME)
            return false;
    return true;
}

static void pair_group(struct sweep *s, struct half *halves, size_t n)
{
    struct stacks stacks = {.s = s};
    bool timed = is_timed(halves, n);
    if (timed)
        qsort(halves, n, sizeof *halves, by_time);
    for (size_t i = 0; i < n; i++)
        if (halves[i].expectation)
            put(&stacks, &halves[i]);
        else
            take(&stacks, &halves[i]);
    for (size_t i = 0; i < n && s->any_order && !timed; i++)
        if (!halves[i].expectation && s->partner[halves[i].answer] == MG_PAIR_NOBODY)
            take(&stacks, &halves[i]);
}

/* Takes a half that has the sweep's key and no partner yet. */
static void add_half(struct sweep *s, size_t answer, const char *key, const char *second, bool named)
{
    const struct mg_pair_answer *a = &s->answers[answer];
    if (a->expectation == a->perception || s->partner[answer] != MG_PAIR_NOBODY || !is_known(key))
        return;
    s->halves[s->n++] = (struct half){key, second, named, a->expectation, answer, a->at_us};
}

/* Sorts what add_half took into groups and pairs within them; how many pairs that made. */
static size_t run(struct sweep *s)
{
    qsort(s->halves, s->n, sizeof *s->halves, by_key);
    for (size_t from = 0, to; from < s->n; from = to) {
        for (to = from + 1; to < s->n && compare_keys(&s->halves[from], &s->halves[to]) == 0;)
            to++;
        pair_group(s, s->halves + from, to - from);
    }
    size_t found = s->found;
    s->n = s->found = 0;
    return found;
}

static size_t pair_by_episode(struct sweep *s)
{
    s->window_us = -1;
    s->any_order = true;
    for (size_t i = 0; i < s->size; i++)
        if (is_known(s->answers[i].customer))
            add_half(s, i, s->answers[i].episode, s->answers[i].customer, false);
    size_t found = run(s);
    for (size_t i = 0; i < s->size; i++)
        add_half(s, i, s->answers[i].episode, NULL, is_known(s->answers[i].customer));
    return found + run(s);
}

static size_t pair_by_customer(struct sweep *s, double window_days)
{
    s->window_us = window_days * DAY_US;
    s->any_order = false;
    for (size_t i = 0; i < s->size; i++)
        add_half(s, i, s->answers[i].customer, NULL, is_known(s->answers[i].episode));
    return run(s);
}

int mg_pair_find(struct mg_arena *arena, const struct mg_pair_answer *answers, size_t n, double window_days,
                 size_t *ret_partner, struct mg_pair_counts *ret_counts, struct mg_error *error)
{
    struct sweep s = {.answers = answers,
                      .partner = ret_partner,
                      .size = n,
                      .halves = mg_arena_array(arena, n + 1, sizeof *s.halves),
                      .waiting = mg_arena_array(arena, n + 1, sizeof *s.waiting)};
    if (!s.halves || !s.waiting)
        return mg_fail_memory(error);
    for (size_t i = 0; i < n; i++)
        ret_partner[i] = MG_PAIR_NOBODY;
    struct mg_pair_counts counts = {.by_episode = pair_by_episode(&s)};
    counts.by_customer = pair_by_customer(&s, window_days);
    for (size_t i = 0; i < n; i++)
        if (answers[i].expectation != answers[i].perception && ret_partner[i] == MG_PAIR_NOBODY)
            *(answers[i].expectation ? &counts.expectations_alone : &counts.perceptions_alone) += 1;
    *ret_counts = counts;
    return 0;
}
