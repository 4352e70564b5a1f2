/* Cells, up to four columns of them: lines are rows, tabs part columns; a line that begins with "{" is a
 * reading as JSON, under which all cells are read too.
 *
 * Invariants: evidence in two parts says what evidence in one says; under the decided readings each cell is
 * read as the facts count it; numbers are finite; what a cell is depends on its bytes alone; a reading that
 * is read is written and read again the same. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "fuzz.h"
#include "model/evidence.h"

#define COLUMNS 4

struct counts {
    int64_t n, missing, not_understood;
    double min, max;
};

/* Calls for each cell of rows [from, to). */
static void each_cell(const char *data, size_t size, int64_t from, int64_t to,
                      void (*take)(void *user, size_t column, int64_t row, const char *text, size_t n),
                      void *user)
{
    int64_t row = 0;
    for (const char *p = data, *end = data + size; p < end; row++) {
        const char *line = memchr(p, '\n', (size_t)(end - p)), *stop = line ? line : end;
        for (size_t column = 0; column < COLUMNS; column++) {
            const char *tab = column + 1 < COLUMNS ? memchr(p, '\t', (size_t)(stop - p)) : NULL;
            const char *cell_end = tab ? tab : stop;
            if (row >= from && row < to)
                take(user, column, row, p, (size_t)(cell_end - p));
            p = tab ? tab + 1 : stop;
        }
        p = line ? line + 1 : end;
    }
}

static void feed(void *user, size_t column, int64_t row, const char *text, size_t n)
{
    mg_evidence_cell(user, column, row, text, n);
}

struct reads {
    const struct mg_reading *readings;
    struct counts counts[COLUMNS];
};

static void read_cell(void *user, size_t column, int64_t row, const char *text, size_t n)
{
    struct reads *reads = user;
    double number;
    enum mg_cell_read read = mg_cell_read(&reads->readings[column], text, n, &number);
    (void)row;
    assert(!isinf(number) && (read == MG_READ_VALUE || isnan(number)));
    struct counts *counts = &reads->counts[column];
    counts->min = !isnan(number) && (counts->min > number || isnan(counts->min)) ? number : counts->min;
    counts->max = !isnan(number) && (counts->max < number || isnan(counts->max)) ? number : counts->max;
    counts->n++;
    counts->missing += read == MG_READ_MISSING;
    counts->not_understood += read == MG_READ_NOT_UNDERSTOOD;
}

static struct mg_evidence *part(const char *data, size_t size, int64_t from, int64_t to)
{
    struct mg_evidence *evidence = mg_evidence_new(COLUMNS);
    if (!evidence)
        abort();
    each_cell(data, size, from, to, feed, evidence);
    return evidence;
}

static void check_columns(struct mg_arena *arena, const char *data, size_t size)
{
    struct mg_reading whole[COLUMNS], parted[COLUMNS];
    struct mg_cell_facts facts[COLUMNS], others[COLUMNS];
    int64_t middle = size ? (unsigned char)data[size / 2] % 16 : 0;
    struct mg_evidence *all = part(data, size, 0, INT64_MAX), *first = part(data, size, 0, middle);
    struct mg_evidence *rest = part(data, size, middle, INT64_MAX);
    int rc = mg_evidence_merge(first, rest);
    assert(rc == 0);
    rc = mg_evidence_decide(all, arena, NULL, whole, facts, NULL);
    assert(rc == 0);
    rc = mg_evidence_decide(first, arena, NULL, parted, others, NULL);
    assert(rc == 0);
    struct reads reads = {.readings = whole};
    for (size_t c = 0; c < COLUMNS; c++)
        reads.counts[c].min = reads.counts[c].max = NAN;
    each_cell(data, size, 0, INT64_MAX, read_cell, &reads);
    for (size_t c = 0; c < COLUMNS; c++) {
        assert(whole[c].kind == parted[c].kind && whole[c].decimal == parted[c].decimal);
        assert(facts[c].n == others[c].n && facts[c].n_not_understood == others[c].n_not_understood);
        assert(facts[c].n_values == others[c].n_values && facts[c].n_missing == others[c].n_missing);
        assert(facts[c].n == reads.counts[c].n);
        assert(facts[c].n_missing == reads.counts[c].missing);
        assert(facts[c].n_not_understood == reads.counts[c].not_understood);
        assert(isnan(facts[c].min)
                   ? isnan(reads.counts[c].min)
                   : facts[c].min == reads.counts[c].min && facts[c].max == reads.counts[c].max);
    }
    mg_evidence_free(all);
    mg_evidence_free(first);
    mg_evidence_free(rest);
}

static void check_reading(struct mg_arena *arena, const char *data, size_t size)
{
    const char *line = memchr(data, '\n', size);
    size_t n = line ? (size_t)(line - data) : size;
    struct mg_reading readings[COLUMNS], again;
    json_t *json = mg_json_parse(data, n, 1 << 20, NULL), *written;
    if (json && mg_reading_parse(arena, json, &readings[0], NULL) == 0) {
        struct mg_buf buf;
        mg_buf_init(&buf, (size_t)8 << 20);
        for (size_t c = 1; c < COLUMNS; c++)
            readings[c] = readings[0];
        struct reads reads = {.readings = readings};
        each_cell(data + n, size - n, 0, INT64_MAX, read_cell, &reads);
        mg_reading_write(&readings[0], &buf);
        written = mg_json_parse(buf.data, buf.len, (size_t)8 << 20, NULL);
        assert(written && mg_reading_parse(arena, written, &again, NULL) == 0);
        assert(again.kind == readings[0].kind && again.n_labels == readings[0].n_labels);
        json_decref(written);
        mg_buf_done(&buf);
    }
    json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mg_arena *arena = mg_arena_new((size_t)64 << 20);
    if (!arena)
        abort();
    if (size && *data == '{')
        check_reading(arena, (const char *)data, size);
    check_columns(arena, (const char *)data, size);
    mg_arena_free(arena);
    return 0;
}
