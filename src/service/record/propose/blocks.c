/* Pairs by place: as many ratings in a row that are said to be expectations as there are right behind (or in
 * front of) them. Where the others are said to be perceptions, and none speaks of something else than its
 * expectation does, that is a pair to look at; else it is only a candidate. */
#include <ctype.h>
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
    bool alike = said && mg_propose_speak_alike(p, e.from, o.from, e.n);
    struct mg_text reason =
        mg_propose_say(p, MG_TEXT("by position: %zu ratings beside %zu expectations"), o.n, e.n);
    for (size_t i = 0; i < e.n; i++) {
        if (alike)
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

/* ---- asked twice ---- */

/* What two names don't share: from each other's first different byte to the last. */
struct difference {
    size_t from, n_a, n_b;
};

static bool is_inside(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

static struct difference difference_of(const char *a, const char *b)
{
    size_t n_a = strlen(a), n_b = strlen(b), front = 0, back = 0;
    while (a[front] && a[front] == b[front])
        front++;
    while (front && (is_inside(a[front]) || is_inside(b[front])))
        front--;
    while (back < n_a - front && back < n_b - front && a[n_a - 1 - back] == b[n_b - 1 - back])
        back++;
    while (back && is_inside(a[n_a - back]))
        back--;
    return (struct difference){front, n_a - front - back, n_b - front - back};
}

/* The piece is a part of a longer number: "item_1" and "item_11" are two of a row. */
static bool is_of_number(const char *name, size_t from, size_t n)
{
    bool digits = n && strspn(name + from, "0123456789") >= n;
    return digits &&
           ((from && isdigit((unsigned char)name[from - 1])) || isdigit((unsigned char)name[from + n]));
}

/* Two pairs of names that differ by the same pieces, and not by the whole of them. */
static bool differ_alike(const char *a, const char *b, const char *c, const char *d)
{
    struct difference x = difference_of(a, b), y = difference_of(c, d);
    if (is_of_number(a, x.from, x.n_a) || is_of_number(b, x.from, x.n_b))
        return false;
    return x.n_a == y.n_a && x.n_b == y.n_b && strlen(a) > x.n_a && strlen(c) > y.n_a &&
           memcmp(a + x.from, c + y.from, x.n_a) == 0 && memcmp(b + x.from, d + y.from, x.n_b) == 0;
}

/* Free ratings that say nothing of a side, in the file's order. */
struct ratings {
    size_t *columns, n;
};

static const char *shown_at(const struct mg_propose *p, const struct ratings *ratings, size_t i)
{
    return mg_propose_shown(&p->columns[ratings->columns[i]]);
}

/* How many pairs from `at` on, `apart` from each other and beginning every `step`, differ alike; at most
 * `most`. */
static size_t count_alike(const struct mg_propose *p, const struct ratings *ratings, size_t at, size_t apart,
                          size_t step, size_t most)
{
    size_t n = 0;
    while (n < most && at + n * step + apart < ratings->n &&
           differ_alike(shown_at(p, ratings, at), shown_at(p, ratings, at + apart),
                        shown_at(p, ratings, at + n * step), shown_at(p, ratings, at + n * step + apart)))
        n++;
    return n;
}

static void note_twins(struct mg_propose *p, const struct ratings *ratings, size_t at, size_t apart,
                       size_t step, size_t n)
{
    struct mg_text reason =
        mg_propose_say(p, MG_TEXT("%zu ratings may be asked twice: their names differ in one piece only"), n);
    for (size_t i = 0; i < n; i++)
        mg_propose_candidate(p, ratings->columns[at + i * step], ratings->columns[at + i * step + apart],
                             reason);
}

/* The longest set of twins that begins here; how many ratings it has. */
static size_t take_twins(struct mg_propose *p, const struct ratings *ratings, size_t at)
{
    for (size_t n = (ratings->n - at) / 2; n >= MG_PROPOSE_BATTERY; n--) {
        if (count_alike(p, ratings, at, n, 1, n) == n) /* first all of one, then all of the other */
            return note_twins(p, ratings, at, n, 1, n), 2 * n;
        if (count_alike(p, ratings, at, 1, 2, n) == n) /* in turns */
            return note_twins(p, ratings, at, 1, 2, n), 2 * n;
    }
    return 0;
}

int mg_propose_twins(struct mg_propose *p)
{
    struct ratings ratings = {mg_arena_array(p->arena, p->n + 1, sizeof *ratings.columns), 0};
    if (!ratings.columns)
        return MG_E_NO_MEMORY;
    for (size_t i = 0; i < p->n && ratings.n < MG_PROPOSE_ALIKE; i++)
        if (mg_propose_is_free(&p->columns[i]) && !p->columns[i].said)
            ratings.columns[ratings.n++] = i;
    for (size_t at = 0, n; at < ratings.n; at += n ? n : 1)
        n = take_twins(p, &ratings, at);
    return 0;
}
