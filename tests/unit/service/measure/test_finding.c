/* Every sentence of the finding, by what the rows say. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "service/measure/finding.h"

/* Behind what names a parameter so. */
#include "arena.h"

#define NONE NAN
#define UNKNOWN MG_WIRE_VERDICT_UNKNOWN
#define SHORT MG_WIRE_VERDICT_SHORT
#define BEYOND MG_WIRE_VERDICT_BEYOND
#define SMALL MG_WIRE_VERDICT_SMALL
#define INCONCLUSIVE MG_WIRE_VERDICT_INCONCLUSIVE

/* A row in short; NONE: it has no such mean. It has a gap when it has a verdict or `constant`. */
struct line {
    const char *code;
    double e, p;
    enum mg_wire_verdict verdict;
    bool significant, constant;
    int64_t n;
    double spread, people; /* of a constant one: 0 and n unless it says more */
};

struct example {
    struct line lines[3];
    const char *en, *zh, *code;
};

static const struct mg_wire_estimate *estimate(double value, double sd)
{
    if (isnan(value))
        return NULL;
    struct mg_wire_estimate *ret = mg_arena_alloc(arena, sizeof *ret);
    assert_non_null(ret);
    *ret = (struct mg_wire_estimate){.value = value, .sd = sd, .has_sd = isfinite(sd)};
    return ret;
}

static size_t rows_of(const struct line *lines, struct mg_wire_gap_row *ret)
{
    size_t n = 0;
    for (; n < 3 && lines[n].code; n++)
        ret[n] = (struct mg_wire_gap_row){
            .code = lines[n].code,
            .label = {.en = lines[n].code, .zh_cn = lines[n].code},
            .n = lines[n].n,
            .has_df = lines[n].people > 0,
            .df = lines[n].people - 1,
            .expectation = estimate(lines[n].e, NAN),
            .perception = estimate(lines[n].p, NAN),
            .gap = lines[n].verdict != UNKNOWN || lines[n].constant
                       ? estimate(lines[n].p - lines[n].e, lines[n].constant ? lines[n].spread : 1)
                       : NULL,
            .verdict = lines[n].verdict,
            .significant = lines[n].significant};
    return n;
}

#define ROW(name, expected, perceived, is, ...)                                                              \
    {                                                                                                        \
        .code = (name), .e = (expected), .p = (perceived), .verdict = (is), __VA_ARGS__                      \
    }

static const struct example examples[] = {
    {{ROW("a", 6, 4, SHORT, .significant = true), ROW("b", 5, 4, SHORT, .significant = true)},
     "The largest gap is at a: customers expect 6.0 and get 4.0.",
     "最大的差距在 a：客户期望 6.0，只得到 4.0。",
     "a"},
    /* With many answers a gap is certain that one decimal doesn't show. */
    {{ROW("a", 5.04, 5.02, SHORT, .significant = true)},
     "The largest gap is at a: customers expect 5.04 and get 5.02.",
     "最大的差距在 a：客户期望 5.04，只得到 5.02。",
     "a"},
    /* The largest may be chance: the worst that isn't, though a likelier one comes before it. */
    {{ROW("a", 7, 4, INCONCLUSIVE, ), ROW("b", 6, 4, SHORT, ), ROW("c", 5, 4, SHORT, .significant = true)},
     "The largest gap that is certain is at c: customers expect 5.0 and get 4.0.",
     NULL,
     "c"},
    {{ROW("a", 7, 4, INCONCLUSIVE, ), ROW("b", 6, 4, SHORT, ), ROW("c", 5, 4, SHORT, )},
     "The largest gap whose interval excludes zero is at b, 6.0 expected and 4.0 perceived; among 3 "
     "compared, that may be chance.",
     NULL,
     "b"},
    {{ROW("a", 6, 5.5, INCONCLUSIVE, ), ROW("b", 5, 5.5, BEYOND, )},
     "No gap is certain yet; the largest is at a, 6.0 expected and 5.5 perceived.",
     NULL,
     "a"},
    {{ROW("a", 5, 5, INCONCLUSIVE, )},
     "No gap is certain yet; the largest is at a, 5.0 expected and 5.0 perceived.",
     NULL,
     "a"},
    {{ROW("a", 5, 5.2, INCONCLUSIVE, ), ROW("b", 5, 5.5, BEYOND, )},
     "No gap is certain yet; the smallest lead is at a, 5.0 expected and 5.2 perceived.",
     NULL,
     "a"},
    {{ROW("a", 6, 5.9, SMALL, ), ROW("b", 5, 5.5, BEYOND, )},
     "Nothing falls short by more than a little; the lowest is a, 6.0 expected and 5.9 perceived.",
     NULL,
     "a"},
    /* One that nobody knows about is enough. */
    {{ROW("a", 6, 5.9, SMALL, ), ROW("b", 6, 5.95, INCONCLUSIVE, )},
     "No gap is certain yet; the largest is at a, 6.0 expected and 5.9 perceived.",
     NULL,
     "a"},
    {{ROW("a", 5, 5.5, BEYOND, ), ROW("b", 5, 6, BEYOND, )},
     "Nothing falls short: even a is beyond expectation, 5.0 expected and 5.5 perceived.",
     NULL,
     "a"},
    {{ROW("a", 6, 5, UNKNOWN, .constant = true, .n = 5)},
     "The largest gap is at a, the same for everybody: 6.0 expected and 5.0 perceived.",
     NULL,
     "a"},
    /* Of four people, or of 60 responses of two, it may be chance. */
    {{ROW("a", 6, 5, UNKNOWN, .constant = true, .n = 4)},
     "No gap is certain yet; the largest is at a, 6.0 expected and 5.0 perceived.",
     NULL,
     "a"},
    {{ROW("a", 6, 5, UNKNOWN, .constant = true, .n = 60, .people = 2)},
     "No gap is certain yet; the largest is at a, 6.0 expected and 5.0 perceived.",
     NULL,
     "a"},
    /* No interval, though the answers differ: one weight is all. */
    {{ROW("a", 6, 4, UNKNOWN, .constant = true, .spread = 1, .n = 60)},
     "No gap is certain yet; the largest is at a, 6.0 expected and 4.0 perceived.",
     NULL,
     "a"},
    {{ROW("a", 5, 6, UNKNOWN, .constant = true, .spread = 1, .n = 60)},
     "No gap is certain yet; the smallest lead is at a, 5.0 expected and 6.0 perceived.",
     NULL,
     "a"},
    {{ROW("a", 5, 5, UNKNOWN, .constant = true)},
     "Nothing falls short: a is rated just as it is expected, 5.0.",
     NULL,
     "a"},
    {{ROW("a", 5, 6, UNKNOWN, .constant = true)},
     "Nothing falls short: even a is beyond expectation, 5.0 expected and 6.0 perceived.",
     NULL,
     "a"},
    {{ROW("a", 6, 5, UNKNOWN, .n = 1)},
     "Too few people for a gap: at a 6.0 is expected and 5.0 perceived.",
     NULL,
     "a"},
    {{ROW("a", NONE, 4, UNKNOWN, .n = 9), ROW("b", NONE, 5, UNKNOWN, .n = 9)},
     "The lowest rating is a with 4.0; there are no expectations to compare it with.",
     NULL,
     "a"},
    {{ROW("a", 5, NONE, UNKNOWN, .n = 9), ROW("b", 6, NONE, UNKNOWN, .n = 9),
      ROW("c", 4, NONE, UNKNOWN, .n = 9)},
     "The highest expectation is b with 6.0; there are no perceptions to compare it with.",
     NULL,
     "b"},
    {{ROW("a", NONE, NONE, UNKNOWN, ), ROW("b", NONE, NONE, UNKNOWN, .n = 3)},
     "Nothing is shown: too few people stand behind the numbers, or behind what is left out.",
     NULL,
     NULL},
    {{ROW("a", NONE, NONE, UNKNOWN, )}, "There are no answers yet.", NULL, NULL},
    {{{.code = NULL}}, "There are no answers yet.", "还没有答案。", NULL},
};

static void each_sentence(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(examples); i++) {
        struct mg_wire_gap_row rows[3];
        const char *code = "none was set";
        size_t n = rows_of(examples[i].lines, rows);
        const struct mg_wire_text text = mg_finding_of_rows(arena, rows, n, &code);
        if (strcmp(text.en, examples[i].en))
            fail_msg("example %zu: “%s”", i, text.en);
        if (examples[i].zh)
            assert_string_equal(text.zh_cn, examples[i].zh);
        assert_true(strcmp(text.en, text.zh_cn)); /* each has its Chinese */
        if (!mg_str_equal(code, examples[i].code))
            fail_msg("example %zu speaks of %s", i, code ? code : "none");
        assert_string_equal(mg_finding_of_rows(arena, rows, n, NULL).en, text.en);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_sentence)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
