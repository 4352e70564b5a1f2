/* Pairs by place: as many ratings in a row that are said to be expectations as there are right behind (or in
 * front of) them. Where the others are said to be perceptions that is a pair to look at; where they say
 * nothing, or neither does, it is only a candidate. */
#include <string.h>

#include "service/record/propose/private.h"

#define BLOCK_MIN 2

struct block {
    size_t from, n;
    enum mg_side side;
};

/* The free ratings from `at` on that have the same side. */
static struct block block_at(const struct mg_propose *p, size_t at)
{
    struct block block = {at, 0, MG_SIDE_NONE};
    if (at >= p->n || !mg_propose_is_free(&p->columns[at]))
        return block;
    block.side = p->columns[at].side;
    while (at < p->n && mg_propose_is_free(&p->columns[at]) && p->columns[at].side == block.side)
        at++;
    block.n = at - block.from;
    return block;
}

/* Letters alone say too little for places to count. */
static void join(struct mg_propose *p, struct block e, struct block o)
{
    if (!p->columns[e.from].said)
        return;
    bool said = p->columns[o.from].said && o.side == MG_SIDE_PERCEPTION;
    struct mg_text reason =
        mg_propose_say(p, MG_TEXT("by position: %zu ratings beside %zu expectations"), o.n, e.n);
    for (size_t i = 0; i < e.n; i++) {
        if (said)
            mg_propose_pair(p, e.from + i, o.from + i, NULL, MG_CONFIDENCE_MIDDLE, reason);
        else
            mg_propose_candidate(p, e.from + i, o.from + i, reason);
    }
}

void mg_propose_blocks(struct mg_propose *p)
{
    struct block before = {0, 0, MG_SIDE_NONE};
    for (size_t at = 0; at < p->n;) {
        struct block block = block_at(p, at);
        bool beside = block.n >= BLOCK_MIN && before.n == block.n;
        bool fits = block.side == MG_SIDE_PERCEPTION || block.side == MG_SIDE_NONE;
        bool front = before.side == MG_SIDE_PERCEPTION || before.side == MG_SIDE_NONE;
        if (beside && before.side == MG_SIDE_EXPECTATION && fits)
            join(p, before, block);
        else if (beside && block.side == MG_SIDE_EXPECTATION && front)
            join(p, block, before);
        before = block.n ? block : (struct block){0, 0, MG_SIDE_NONE};
        at += block.n ? block.n : 1;
    }
}

/* The free ratings from `at` on whose names differ in their end alone. */
static size_t numbered_at(const struct mg_propose *p, size_t at)
{
    const char *name = p->columns[at].info->name;
    size_t prefix = mg_propose_prefix(name), end = at;
    while (prefix && end < p->n && mg_propose_is_free(&p->columns[end]) && !p->columns[end].side &&
           mg_propose_prefix(p->columns[end].info->name) == prefix &&
           strncmp(p->columns[end].info->name, name, prefix) == 0)
        end++;
    return end - at;
}

static bool end_alike(const struct mg_propose *p, size_t a, size_t b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *x = p->columns[a + i].info->name, *y = p->columns[b + i].info->name;
        if (strcmp(x + mg_propose_prefix(x), y + mg_propose_prefix(y)) != 0)
            return false;
    }
    return true;
}

void mg_propose_twin_blocks(struct mg_propose *p)
{
    for (size_t at = 0, n; at < p->n; at += n ? n : 1) {
        n = numbered_at(p, at);
        size_t next = at + n;
        if (n < MG_PROPOSE_BATTERY || next >= p->n || numbered_at(p, next) != n || !end_alike(p, at, next, n))
            continue;
        struct mg_text reason =
            mg_propose_say(p, MG_TEXT("by position: %zu ratings beside %zu ratings numbered alike"), n, n);
        for (size_t i = 0; i < n; i++)
            mg_propose_candidate(p, at + i, next + i, reason);
        n *= 2;
    }
}
