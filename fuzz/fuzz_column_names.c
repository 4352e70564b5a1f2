/* Names of columns, up to six apart by line ends, in a table: whatever they are, each is found under its name
 * and its values aren't taken for another's, nor for anything of ours. Names that the engine refuses (no
 * UTF-8) are refused as a whole.
 *
 * Invariants: the columns come back by name and in order; counts of the first column, weighted by the second,
 * and the sum of a moment are what they are under any name. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "column/engine.h"
#include "fuzz.h"

#define NAMES 6
#define ROWS 8

static const struct mg_column_engine *const engine = &mg_column_duckdb;

/* Lines of the input as distinct names; false: not two of them, or one that no file could have. */
static bool take_names(char *text, size_t size, const char *names[NAMES], size_t *ret_n)
{
    size_t n = 0;
    if (memchr(text, '\0', size) || !mg_utf8_valid(text, size))
        return false;
    for (char *name; n < NAMES && (name = strsep(&text, "\n"));) {
        for (size_t i = 0; i < n; i++)
            if (mg_str_equal_nocase(names[i], name))
                return false;
        if (!*name || strlen(name) > MG_COLUMN_NAME_MAX)
            return false;
        names[n++] = name;
    }
    *ret_n = n;
    return n >= 2;
}

/* Column c of row r holds r % (c + 2). */
static void fill(struct mg_column *column, const char *const *names, size_t n)
{
    static char texts[ROWS][NAMES][4], ids[ROWS][8];
    static const char *cells[ROWS][NAMES];
    struct mg_table_column columns[NAMES];
    struct mg_table_row rows[ROWS];
    for (size_t c = 0; c < n; c++)
        columns[c] = (struct mg_table_column){names[c], c == 1 ? MG_TYPE_NUMBER : MG_TYPE_INTEGER};
    for (size_t r = 0; r < ROWS; r++) {
        for (size_t c = 0; c < n; c++) {
            snprintf(texts[r][c], sizeof texts[r][c], "%d", (int)(r % (c + 2)));
            cells[r][c] = texts[r][c];
        }
        snprintf(ids[r], sizeof ids[r], "id%d", (int)r);
        rows[r] = (struct mg_table_row){.id = ids[r], .sequence = (int64_t)r + 1, .cells = cells[r]};
    }
    struct mg_error error = {0};
    if (engine->table_ensure(column, "t", columns, n, &error) ||
        engine->table_apply(column, "t", &(struct mg_table_batch){names, n, rows, ROWS}, ROWS, &error)) {
        fprintf(stderr, "%s\n", error.message);
        abort();
    }
}

static void check(struct mg_column *column, struct mg_arena *arena, const char *const *names, size_t n)
{
    struct mg_source source = {.table = "t"};
    struct mg_source_info info;
    struct mg_count *counts;
    size_t n_counts;
    int rc = engine->names(column, arena, &source, &info, NULL);
    assert(rc == 0 && info.n_columns == n && info.rows == ROWS);
    for (size_t c = 0; c < n; c++)
        assert(strcmp(info.columns[c].name, names[c]) == 0);
    rc = engine->counts(column, arena, &source, names, 1, names[1], NULL, 0, 10, &counts, &n_counts, NULL);
    /* weights 0, 1, 2, 0, 1, 2, 0, 1 over keys 0, 1, 0, 1, … */
    assert(rc == 0 && n_counts == 2 && counts[0].n == 2 && counts[0].weight == 3 && counts[1].n == 3 &&
           counts[1].weight == 4);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct mg_column *column;
    const char *names[NAMES];
    size_t n;
    char *text = malloc(size + 1);
    struct mg_arena *arena = mg_arena_new((size_t)16 << 20);
    if (!text || !arena || (!column && engine->open(NULL, 1, &column, NULL)))
        abort();
    memcpy(text, data, size);
    text[size] = '\0';
    if (take_names(text, size, names, &n)) {
        fill(column, names, n);
        check(column, arena, names, n);
        engine->table_drop(column, "t", NULL);
    }
    mg_arena_free(arena);
    free(text);
    return 0;
}
