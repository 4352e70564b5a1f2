/* The rule for pairs, case by case: who meets whom, who stays alone. An answer is written
 * side:episode:customer:day, with E, P, B (both) or N (neither) for its sides; what isn't known is left out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arena.h"
#include "base/rng.h"
#include "base/str.h"
#include "model/pair.h"

#define ANSWERS_MAX 32

struct pair_case {
    const char *what, *answers;
    const char *partners; /* of each answer: its number, or - */
    double window;
};

static const struct pair_case cases[] = {
    {"same customer, row after row", "E::a: P::a: E::b: P::b:", "1 0 3 2", 10},
    {"perception first is no pair", "P::a: E::a:", "- -", 10},
    {"perception earlier is no pair, however the rows stand", "E::a:5 P::a:3", "- -", 10},
    {"times order, not rows", "P::a:8 E::a:3", "1 0", 10},
    {"the same moment counts as before", "P::a:3 E::a:3", "1 0", 10},
    {"outside the window", "E::a:1 P::a:12", "- -", 10},
    {"at its very end", "E::a:1 P::a:11", "1 0", 10},
    {"the latest before", "E::a:1 E::a:3 P::a:4", "- 2 1", 10},
    {"not the latest after", "E::a:1 P::a:4 E::a:5", "1 0 -", 10},
    {"of two at a time the later row", "E::a:1 E::a:1 P::a:4", "- 2 1", 10},
    {"each once: the second perception takes what is left", "E::a:1 E::a:2 P::a:3 P::a:4", "3 2 1 0", 10},
    {"each once: nothing is left", "E::a:1 P::a:3 P::a:4", "1 0 -", 10},
    {"one after the other", "E::a:1 P::a:2 E::a:3 P::a:4", "1 0 3 2", 10},
    {"a used one is not taken again", "E::a:1 P::a:3 P::a:20", "1 0 -", 10},
    {"one time is missing: the rows' order for that customer", "E::a:9 P::a: E::b:5 P::b:1", "1 0 - -", 10},
    {"and the window where both have one", "E::a: E::a:1 P::a:90", "- - -", 10},
    {"the window says nothing without times", "E::a:1 P::a:", "1 0", 10},
    {"the episode wins over the nearer customer's", "E:x:a:1 E::a:5 P:x:a:6", "2 - 0", 10},
    {"an episode has no window", "E:x:a:1 P:x:a:500", "1 0", 10},
    {"an episode in order of times", "E:x:a:5 P:x:a:3", "- -", 10},
    {"an episode without times pairs either way round", "P:x:a: E:x:a:", "1 0", 10},
    {"two episodes never meet", "E:x:a:1 P:y:a:2", "- -", 10},
    {"the customer's expectation serves an episode that has none", "E::a:1 P:y:a:2", "1 0", 10},
    {"and one of an episode a perception that names none", "E:x:a:1 P::a:2", "1 0", 10},
    {"of those the later", "E:x:a:1 E::a:2 P::a:3 P::a:4", "3 2 1 0", 10},
    {"episodes are numbered for each customer", "E:1:a:1 E:1:b:2 P:1:a:3 P:1:b:4", "2 3 0 1", 10},
    {"of an episode one needn't say whose", "E:x::1 P:x:a:2 E:y:b:3 P:y::4", "1 0 3 2", 10},
    {"but not two customers'", "E:x:a:1 P:x:b:2", "- -", 10},
    {"nobody known: no pairs", "E:::1 P:::2", "- -", 10},
    {"both sides or neither are passed over", "B::a:1 E::a:2 N::a:3 P::a:4 B::a:5", "- 3 - 1 -", 10},
    {"many of one customer", "E::a:1 E::b:1 E::a:2 P::b:2 P::a:3 E::a:4 P::a:5 P::a:6", "7 3 4 1 2 6 5 0",
     10},
};

/* The text up to the separator, in the arena; *cursor moves past it. */
static const char *word(const char **cursor, char separator)
{
    size_t n = strcspn(*cursor, separator == ':' ? ":" : " ");
    const char *text = mg_arena_strndup(arena, *cursor, n);
    *cursor += n + ((*cursor)[n] != '\0');
    return text;
}

static size_t read_answers(const char *text, struct mg_pair_answer *answers)
{
    size_t n = 0;
    for (const char *at = text; *at; n++) {
        const char *side = word(&at, ':');
        answers[n] = (struct mg_pair_answer){.episode = word(&at, ':'),
                                             .customer = word(&at, ':'),
                                             .at_us = MG_PAIR_NO_TIME,
                                             .expectation = *side == 'E' || *side == 'B',
                                             .perception = *side == 'P' || *side == 'B'};
        const char *day = word(&at, ' ');
        if (*day)
            answers[n].at_us = atoll(day) * INT64_C(86400000000);
    }
    return n;
}

static const char *partners_of(const struct mg_pair_answer *answers, size_t n, double window,
                               struct mg_pair_counts *ret_counts)
{
    size_t partner[ANSWERS_MAX];
    struct mg_error error = {0};
    char text[200] = "";
    assert_int_equal(mg_pair_find(arena, answers, n, window, partner, ret_counts, &error), 0);
    for (size_t i = 0; i < n; i++) {
        size_t used = strlen(text);
        if (partner[i] == MG_PAIR_NOBODY)
            snprintf(text + used, sizeof text - used, "%s-", i ? " " : "");
        else
            snprintf(text + used, sizeof text - used, "%s%zu", i ? " " : "", partner[i]);
    }
    return mg_arena_strdup(arena, text);
}

static void who_meets_whom(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct mg_pair_answer answers[ANSWERS_MAX];
        struct mg_pair_counts counts;
        size_t n = read_answers(cases[i].answers, answers);
        const char *got = partners_of(answers, n, cases[i].window, &counts);
        if (strcmp(got, cases[i].partners) != 0)
            fail_msg("%s: %s gives %s, not %s", cases[i].what, cases[i].answers, got, cases[i].partners);
    }
}

static void counts_say_how_many_of_each(void **state)
{
    (void)state;
    struct mg_pair_answer answers[ANSWERS_MAX];
    struct mg_pair_counts counts;
    size_t n =
        read_answers("E:x:a:1 P:x:a:2 E::b:1 P::b:2 E::c:1 P::c:2 E::d:1 P::e:1 P::f:1 B::g:1", answers);
    partners_of(answers, n, 10, &counts);
    assert_int_equal(counts.by_episode, 1);
    assert_int_equal(counts.by_customer, 2);
    assert_int_equal(counts.expectations_alone, 1);
    assert_int_equal(counts.perceptions_alone, 2);
}

/* Answers of few customers and episodes in any order, with times that repeat and some missing. */
static void draw(struct mg_rng *rng, struct mg_pair_answer *answers, size_t n)
{
    static const char *const names[] = {NULL, "a", "b", "c"};
    for (size_t i = 0; i < n; i++) {
        uint64_t side = mg_rng_below(rng, 8);
        answers[i] = (struct mg_pair_answer){.episode = names[mg_rng_below(rng, 4)],
                                             .customer = names[mg_rng_below(rng, 4)],
                                             .at_us = mg_rng_below(rng, 30) ? (int64_t)mg_rng_below(rng, 12) *
                                                                                  INT64_C(86400000000)
                                                                            : MG_PAIR_NO_TIME,
                                             .expectation = side < 4 || side == 7,
                                             .perception = side >= 4 && side != 6};
    }
}

static bool differ(const char *a, const char *b)
{
    return a && b && strcmp(a, b) != 0;
}

static size_t halves_of(const struct mg_pair_answer *answers, size_t n)
{
    size_t halves = 0;
    for (size_t i = 0; i < n; i++)
        halves += answers[i].expectation != answers[i].perception;
    return halves;
}

/* What holds of every pair, whatever the answers are. */
static void every_pair_is_lawful(void **state)
{
    (void)state;
    size_t pairs = 0;
    for (uint64_t seed = 0; seed < 2000; seed++) {
        struct mg_rng rng = mg_rng_init(11, seed);
        struct mg_pair_answer answers[ANSWERS_MAX];
        size_t partner[ANSWERS_MAX];
        struct mg_pair_counts counts;
        draw(&rng, answers, ANSWERS_MAX);
        assert_int_equal(mg_pair_find(arena, answers, ANSWERS_MAX, 5, partner, &counts, NULL), 0);
        for (size_t i = 0; i < ANSWERS_MAX; i++) {
            if (partner[i] == MG_PAIR_NOBODY)
                continue;
            const struct mg_pair_answer *a = &answers[i], *b = &answers[partner[i]];
            bool episode = a->episode && mg_str_equal(a->episode, b->episode);
            assert_int_equal(partner[partner[i]], i);
            assert_true(a->expectation != a->perception && a->expectation == b->perception);
            assert_false(differ(a->episode, b->episode) || differ(a->customer, b->customer));
            assert_true(episode || (a->customer && b->customer));
            if (a->perception && a->at_us != MG_PAIR_NO_TIME && b->at_us != MG_PAIR_NO_TIME)
                assert_true(a->at_us >= b->at_us &&
                            (episode || a->at_us - b->at_us <= 5 * INT64_C(86400000000)));
            pairs++;
        }
        assert_int_equal(2 * (counts.by_episode + counts.by_customer) + counts.expectations_alone +
                             counts.perceptions_alone,
                         halves_of(answers, ANSWERS_MAX));
        mg_arena_free(arena);
        arena = mg_arena_new((size_t)64 << 20);
    }
    assert_true(pairs > 2000);
}

static void a_full_arena_is_said(void **state)
{
    (void)state;
    struct mg_arena *small = mg_arena_new(64);
    struct mg_pair_answer answers[ANSWERS_MAX] = {{.expectation = true}};
    size_t partner[ANSWERS_MAX];
    struct mg_pair_counts counts;
    struct mg_error error = {0};
    assert_int_equal(mg_pair_find(small, answers, ANSWERS_MAX, 5, partner, &counts, &error), MG_E_NO_MEMORY);
    mg_arena_free(small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(who_meets_whom, set_up, tear_down),
        cmocka_unit_test_setup_teardown(counts_say_how_many_of_each, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_pair_is_lawful, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_full_arena_is_said, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
