/* Columns written as lists of cells parted by "|", decided. */
#ifndef MG_TESTS_DECIDED_H
#define MG_TESTS_DECIDED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/evidence.h"

#define DECIDED_MOST 8

struct decided {
    struct mg_arena *arena;
    struct mg_reading reading[DECIDED_MOST];
    struct mg_cell_facts facts[DECIDED_MOST];
};

static inline struct decided decide(size_t n, const char *const *columns, const struct mg_told *told)
{
    struct decided d = {.arena = mg_arena_new((size_t)64 << 20)};
    struct mg_evidence *evidence = mg_evidence_new(n);
    struct mg_error error = {0};
    if (told)
        mg_evidence_tell(evidence, told);
    for (size_t c = 0; c < n; c++) {
        const char *cell = columns[c];
        for (int64_t row = 1;; row++, cell += strcspn(cell, "|") + 1) {
            mg_evidence_cell(evidence, c, row, cell, strcspn(cell, "|"));
            if (!cell[strcspn(cell, "|")])
                break;
        }
    }
    assert_int_equal(mg_evidence_decide(evidence, d.arena, told, d.reading, d.facts, &error), 0);
    mg_evidence_free(evidence);
    return d;
}

#endif
