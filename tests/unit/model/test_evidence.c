/* The reading of columns by all their cells, and that parting the rows changes nothing. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "base/str.h"
#include "model/decided.h"

struct kind_case {
    const char *cells;
    enum mg_cell_kind kind;
    char decimal, thousands;
    bool dressed;
    int64_t n_missing, n_not_understood;
    double min, max;
};

static void kinds_of_columns(void **state)
{
    (void)state;
    static const struct kind_case cases[] = {
        {"1|2|3|7||NA|不适用", MG_CELLS_NUMBER, '.', 0, false, 3, 0, 1, 7},
        {"1|2|3|4|5|6|7|6|5|4|3|oops", MG_CELLS_NUMBER, '.', 0, false, 0, 1, 1, 7},
        {"5,0|4,0|3,5", MG_CELLS_NUMBER, ',', 0, false, 0, 0, 3.5, 5},
        {"1.234,5|12", MG_CELLS_NUMBER, ',', '.', false, 0, 0, 12, 1234.5},
        {"1,234.5|12", MG_CELLS_NUMBER, '.', ',', false, 0, 0, 12, 1234.5},
        {"1,234,567|12", MG_CELLS_NUMBER, '.', ',', false, 0, 0, 12, 1234567},
        {"1 234|987 654", MG_CELLS_NUMBER, '.', ' ', false, 0, 0, 1234, 987654},
        {"1'234|5", MG_CELLS_NUMBER, '.', '\'', false, 0, 0, 5, 1234},
        {"80%|75 %|", MG_CELLS_NUMBER, '.', 0, true, 1, 0, 75, 80},
        {"6分|7分|5分", MG_CELLS_NUMBER, '.', 0, true, 0, 0, 5, 7},
        {"01|02|10", MG_CELLS_NUMBER, '.', 0, false, 0, 0, 1, 10},
        {"-2|-1|0|1|2", MG_CELLS_NUMBER, '.', 0, false, 0, 0, -2, 2},
        {"00123|00456", MG_CELLS_TEXT, '.', 0, false, 0, 0, NAN, NAN},
        {"13812345678|13912345679", MG_CELLS_TEXT, '.', 0, false, 0, 0, NAN, NAN},
        {"1234567890123456789|7", MG_CELLS_TEXT, '.', 0, false, 0, 0, NAN, NAN},
        {"Ward 1|Ward 2", MG_CELLS_TEXT, '.', 0, false, 0, 0, NAN, NAN},
        {"18-24|25-34", MG_CELLS_TEXT, '.', 0, false, 0, 0, NAN, NAN},
        {"good food|too slow|nice", MG_CELLS_TEXT, '.', 0, false, 0, 0, NAN, NAN},
        {"|NA|-", MG_CELLS_TEXT, '.', 0, false, 3, 0, NAN, NAN},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct kind_case *c = &cases[i];
        struct decided d = decide(1, &c->cells, NULL);
        const struct mg_reading *r = d.reading;
        const struct mg_cell_facts *f = d.facts;
        bool range = isnan(c->min) ? isnan(f->min) : f->min == c->min && f->max == c->max;
        if (r->kind != c->kind || r->decimal != c->decimal || r->thousands != c->thousands ||
            r->dressed != c->dressed || f->n_missing != c->n_missing ||
            f->n_not_understood != c->n_not_understood || !range)
            fail_msg("“%s”: kind %d, decimal %c, thousands %c, dressed %d, %lld missing, %lld not "
                     "understood, %g to %g",
                     c->cells, (int)r->kind, r->decimal, r->thousands ? r->thousands : '0', r->dressed,
                     (long long)f->n_missing, (long long)f->n_not_understood, f->min, f->max);
        mg_arena_free(d.arena);
    }
}

/* A cell whose mark is open is read by what the rest of the file says. */
static void the_file_decides_open_marks(void **state)
{
    (void)state;
    static const char *const alone[] = {"1,234|2,345"};
    struct decided d = decide(1, alone, NULL);
    assert_true(d.facts[0].decimal_open && d.facts[0].n_not_understood == 2);
    mg_arena_free(d.arena);

    static const char *const comma[] = {"1,234|2,345", "5,0|1.234,5", "1.234|2"};
    d = decide(3, comma, NULL);
    assert_false(d.facts[0].decimal_open);
    assert_true(d.facts[0].max == 2.345 && d.facts[1].max == 1234.5 && d.facts[2].max == 1234);
    mg_arena_free(d.arena);

    static const char *const point[] = {"1,234|2,345", "5.0|4.5"};
    d = decide(2, point, NULL);
    assert_true(!d.facts[0].decimal_open && d.facts[0].max == 2345 && d.facts[1].max == 5);
    mg_arena_free(d.arena);

    static const char *const choices[] = {"1,234|2,345",
                                          "1,3|1,2,4|2,3,4|1"}; /* lists say nothing of decimals */
    d = decide(2, choices, NULL);
    assert_true(d.facts[0].decimal_open);
    mg_arena_free(d.arena);
}

static void not_understood_cells_are_shown(void **state)
{
    (void)state;
    static const char *const cells[] = {"5|6|7|many|5|5|5|6|many|5|5|5|5|5|5|5|5|5|5|5|a lot"};
    struct decided d = decide(1, cells, NULL);
    assert_true(d.facts[0].n == 21 && d.facts[0].n_not_understood == 3 && d.facts[0].n_shown == 2);
    assert_string_equal(d.facts[0].not_understood[0], "many");
    assert_int_equal(d.facts[0].not_understood_row[0], 4);
    assert_int_equal(d.facts[0].not_understood_row[1], 21);
    assert_string_equal(d.facts[0].values[0].text, "5");
    assert_int_equal(d.facts[0].values[0].n, 15);
    assert_true(d.facts[0].values_complete && d.facts[0].n_values == 5);
    mg_arena_free(d.arena);
}

static void what_the_format_tells_stands(void **state)
{
    (void)state;
    static const struct mg_cell_label labels[] = {{"low", 1}, {"high", 2}};
    static const double codes[] = {9};
    const struct mg_told told = {
        .number = true, .labels = labels, .n_labels = 2, .codes = codes, .n_codes = 1};
    static const char *const cells[] = {"low|high|2|9|medium"};
    struct decided d = decide(1, cells, &told);
    assert_true(d.reading[0].kind == MG_CELLS_NUMBER && d.facts[0].n_missing == 1 &&
                d.facts[0].n_not_understood == 1);
    assert_true(d.facts[0].min == 1 && d.facts[0].max == 2);
    mg_arena_free(d.arena);
}

/* More different texts than are kept: classes are counted, and the odd ones shown in the order of their rows.
 */
static void many_values_are_sorted(void **state)
{
    (void)state;
    struct mg_arena *arena = mg_arena_new((size_t)8 << 20);
    struct mg_evidence *evidence = mg_evidence_new(1);
    struct mg_reading reading;
    struct mg_cell_facts facts;
    char cell[32];
    for (int64_t row = 0; row < 400; row++) {
        int n = snprintf(cell, sizeof cell, "%d.25 %%", (int)row);
        mg_evidence_cell(evidence, 0, row,
                         row == 5   ? "x"
                         : row == 2 ? "yy"
                         : row == 9 ? "900 - all"
                                    : cell,
                         row == 5   ? 1
                         : row == 2 ? 2
                         : row == 9 ? 9
                                    : (size_t)n);
    }
    assert_int_equal(mg_evidence_decide(evidence, arena, NULL, &reading, &facts, NULL), 0);
    assert_true(reading.kind == MG_CELLS_NUMBER && reading.dressed && !facts.values_complete);
    assert_true(facts.n == 400 && facts.n_not_understood == 2 && facts.max == 900 && facts.min == 0.25 &&
                !facts.whole);
    assert_string_equal(facts.not_understood[0], "yy");
    assert_string_equal(facts.not_understood[1], "x");
    assert_int_equal(mg_evidence_facts(evidence, 0, arena, &reading, &facts, NULL), MG_E_UNSUPPORTED);
    mg_evidence_free(evidence);
    mg_arena_free(arena);
}

/* Another reading, set by somebody, over the same cells. */
static void facts_under_another_reading(void **state)
{
    (void)state;
    struct mg_arena *arena = mg_arena_new((size_t)8 << 20);
    struct mg_evidence *evidence = mg_evidence_new(1);
    const struct mg_reading text = {.kind = MG_CELLS_TEXT}, comma = {.kind = MG_CELLS_NUMBER, .decimal = ','};
    struct mg_cell_facts facts;
    mg_evidence_cell(evidence, 0, 1, "1,234", 5);
    mg_evidence_cell(evidence, 0, 2, "2", 1);
    mg_evidence_cell(evidence, 0, 3, "", 0);
    assert_int_equal(mg_evidence_facts(evidence, 0, arena, &comma, &facts, NULL), 0);
    assert_true(facts.n == 3 && facts.n_missing == 1 && facts.min == 1.234 && facts.max == 2 && !facts.whole);
    assert_int_equal(mg_evidence_facts(evidence, 0, arena, &text, &facts, NULL), 0);
    assert_true(facts.n_not_understood == 0 && isnan(facts.min));
    mg_evidence_free(evidence);
    mg_arena_free(arena);
}

/* --- parting --- */

#define ROWS 3000
#define COLUMNS 6

static char cells[ROWS][COLUMNS][320];

static void make_cells(struct mg_rng *rng)
{
    static const char *const odd[] = {"n/a",   "don't know", "hm",  "多",         "5,5",       "x",
                                      "1.234", "3.5",        "7分", "12/13/2026", "2026-01-08"};
    for (size_t row = 0; row < ROWS; row++) {
        snprintf(cells[row][0], 8, "%d", (int)mg_rng_below(rng, 8));
        snprintf(cells[row][1], 32, "%.3f", mg_rng_uniform(rng) * 1000);
        snprintf(cells[row][2], 320, "comment %d %0*d", (int)mg_rng_below(rng, 900),
                 (int)mg_rng_below(rng, 280) + 1, 0);
        snprintf(cells[row][3], 64, "%s", odd[mg_rng_below(rng, ARRAY_LEN(odd))]);
        snprintf(cells[row][4], 32, "%d", (int)mg_rng_below(rng, 2000));
        snprintf(cells[row][5], 64, "2026-%02d-%02d 10:%02d", (int)mg_rng_below(rng, 12) + 1,
                 (int)mg_rng_below(rng, 28) + 1, (int)mg_rng_below(rng, 60));
        if (mg_rng_below(rng, 20) == 0)
            snprintf(cells[row][mg_rng_below(rng, COLUMNS)], 64, "%s",
                     odd[mg_rng_below(rng, ARRAY_LEN(odd))]);
    }
}

/* Read before it is known where it stands, as parts are. */
static struct mg_evidence *part(size_t from, size_t to)
{
    struct mg_evidence *evidence = mg_evidence_new(COLUMNS);
    for (size_t row = from; row < to; row++)
        for (size_t c = 0; c < COLUMNS; c++)
            mg_evidence_cell(evidence, c, (int64_t)(row - from), cells[row][c], strlen(cells[row][c]));
    mg_evidence_shift(evidence, (int64_t)from);
    return evidence;
}

static void expect_same(const struct mg_cell_facts *a, const struct mg_cell_facts *b)
{
    assert_true(a->n == b->n && a->n_missing == b->n_missing && a->n_not_understood == b->n_not_understood);
    assert_true((isnan(a->min) && isnan(b->min)) || (a->min == b->min && a->max == b->max));
    assert_true(a->whole == b->whole && a->n_shown == b->n_shown && a->n_values == b->n_values);
    for (size_t i = 0; i < a->n_shown; i++) {
        assert_string_equal(a->not_understood[i], b->not_understood[i]);
        assert_int_equal(a->not_understood_row[i], b->not_understood_row[i]);
    }
    for (size_t i = 0; i < a->n_values; i++) {
        assert_string_equal(a->values[i].text, b->values[i].text);
        assert_int_equal(a->values[i].n, b->values[i].n);
    }
}

static void any_parting_is_the_whole(void **state)
{
    (void)state;
    struct mg_rng rng = mg_rng_init(4, 1);
    for (size_t turn = 0; turn < 8; turn++) {
        struct mg_arena *arena = mg_arena_new((size_t)64 << 20);
        struct mg_reading one[COLUMNS], other[COLUMNS];
        struct mg_cell_facts facts[COLUMNS], others[COLUMNS];
        make_cells(&rng);
        size_t a = mg_rng_below(&rng, turn < 4 ? ROWS : 200), b = a + mg_rng_below(&rng, ROWS - a + 1);
        struct mg_evidence *whole = part(0, ROWS), *first = part(0, a), *second = part(a, b),
                           *third = part(b, ROWS);
        if (turn % 2) { /* from the right */
            assert_int_equal(mg_evidence_merge(second, third), 0);
            assert_int_equal(mg_evidence_merge(first, second), 0);
        } else {
            assert_int_equal(mg_evidence_merge(first, second), 0);
            assert_int_equal(mg_evidence_merge(first, third), 0);
        }
        assert_int_equal(mg_evidence_decide(whole, arena, NULL, one, facts, NULL), 0);
        assert_int_equal(mg_evidence_decide(first, arena, NULL, other, others, NULL), 0);
        for (size_t c = 0; c < COLUMNS; c++) {
            assert_true(one[c].kind == other[c].kind && one[c].decimal == other[c].decimal);
            assert_true(one[c].thousands == other[c].thousands && one[c].order == other[c].order);
            expect_same(&facts[c], &others[c]);
        }
        assert_true(one[1].kind == MG_CELLS_NUMBER && one[2].kind == MG_CELLS_TEXT &&
                    one[5].kind == MG_CELLS_TIME);
        assert_true(!facts[1].values_complete && facts[0].values_complete);
        mg_evidence_free(whole);
        mg_evidence_free(first);
        mg_evidence_free(second);
        mg_evidence_free(third);
        mg_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_of_columns),
        cmocka_unit_test(the_file_decides_open_marks),
        cmocka_unit_test(not_understood_cells_are_shown),
        cmocka_unit_test(what_the_format_tells_stands),
        cmocka_unit_test(many_values_are_sorted),
        cmocka_unit_test(facts_under_another_reading),
        cmocka_unit_test(any_parting_is_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
