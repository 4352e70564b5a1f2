/* Reading by parts: whatever their size, a file has the same rows, lines, irregular rows and facts. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/rng.h"
#include "base/str.h"
#include "exchange/exchange.h"

static char folder[] = "/tmp/mg-parts-XXXXXX";
static char path[64];

/* What a reading gave. */
struct seen {
    uint64_t rows; /* a hash of all of them and their lines, in order */
    int64_t n, bad, rows_told;
    double sums[8];
    int64_t missing[8], distinct[8], odd_row[8];
};

static int take(void *user, const struct mg_exchange_row *row, struct mg_error *error)
{
    struct seen *seen = user;
    (void)error;
    seen->n++;
    seen->bad += row->bad;
    seen->rows = mg_hash_word(seen->rows, (uint64_t)row->line * 2 + row->bad);
    for (size_t i = 0; i < row->n_cells; i++) {
        assert_int_equal(strlen(row->cells[i]), row->sizes[i]);
        seen->rows = mg_hash_word(mg_hash_text(seen->rows, row->cells[i]), i);
    }
    return 0;
}

/* The rows of a sheet, part by part, are those of mg_exchange_each but for bad ones. */
static void check_sheet(struct mg_exchange *x, const struct seen *seen)
{
    struct mg_source source;
    struct mg_sheet_part *part;
    struct mg_sheet_row row;
    int64_t number = 0;
    assert_int_equal(mg_exchange_source(x, &source, NULL), 0);
    for (size_t p = 0; p < source.sheet->n_parts; p++) {
        assert_int_equal(source.sheet->open(source.sheet->file, p, &part, NULL), 0);
        while (source.sheet->next(part, &row, NULL) == 1)
            assert_int_equal(row.number, ++number);
        source.sheet->close(part);
    }
    assert_int_equal(number, seen->n - seen->bad);
    assert_int_equal(source.sheet->rows, number);
}

static struct seen read_by(int64_t part_bytes, size_t *ret_parts)
{
    const struct mg_exchange_options options = {.part_bytes = part_bytes};
    struct mg_exchange *x;
    struct mg_error error = {0};
    struct mg_source source;
    struct seen seen = {.rows = MG_HASH_START};
    if (mg_exchange_open(path, &options, &x, &error) || mg_exchange_each(x, take, &seen, &error))
        fail_msg("%s", error.message);
    assert_int_equal(mg_exchange_source(x, &source, NULL), 0);
    *ret_parts = source.sheet->n_parts;
    seen.rows_told = x->rows + x->n_bad;
    for (size_t c = 0; c < x->n_columns && c < 8; c++) {
        seen.sums[c] = x->facts[c].max;
        seen.missing[c] = x->facts[c].n_missing;
        seen.distinct[c] = x->facts[c].n_distinct;
        seen.odd_row[c] = x->facts[c].n_shown ? x->facts[c].not_understood_row[0] + 1 : 0;
    }
    check_sheet(x, &seen);
    mg_exchange_close(x);
    return seen;
}

static void put_text(FILE *file, struct mg_rng *rng)
{
    static const char *const texts[] = {"fine",
                                        "\"a, b\"",
                                        "\"two\nlines\"",
                                        "\"\"\"so\"\"\"",
                                        "\"\n\n\n\n\"",
                                        "\"x\ny\r\nz, 1,2,3\n4,5,6,7\n\"",
                                        ""};
    fputs(texts[mg_rng_below(rng, ARRAY_LEN(texts))], file);
}

static void write_random(uint64_t seed)
{
    struct mg_rng rng = mg_rng_init(seed, 1);
    FILE *file = fopen(path, "w");
    const char *end = seed % 3 == 0 ? "\r\n" : "\n";
    assert_non_null(file);
    fprintf(file, "id,E1,P1,comment%s", end);
    for (int r = 0; r < 400; r++) {
        fprintf(file, "%d,%d,", r + 1, 1 + (int)mg_rng_below(&rng, 7));
        if (r == 300)
            fputs("five", file);
        else if (mg_rng_below(&rng, 10) > 0)
            fprintf(file, "%d", 1 + (int)mg_rng_below(&rng, 7));
        if (mg_rng_below(&rng, 30) > 0) { /* else a ragged row */
            fputc(',', file);
            put_text(file, &rng);
        }
        fputs(end, file);
        if (mg_rng_below(&rng, 20) == 0)
            fputs(end, file); /* a blank line */
    }
    fclose(file);
}

static void parts_make_no_difference(void **state)
{
    (void)state;
    static const int64_t sizes[] = {40, 64, 97, 256, 1000, 5000};
    for (uint64_t seed = 1; seed <= 20; seed++) {
        size_t parts;
        write_random(seed);
        const struct seen whole = read_by(0, &parts);
        assert_int_equal(parts, 1);
        assert_int_equal(whole.n, 400);
        assert_int_equal(whole.rows_told, 400);
        assert_true(whole.odd_row[2] > 250 && whole.odd_row[2] <= 301);
        assert_true(fabs((double)whole.distinct[0] - 400) < 60);
        for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
            const struct seen seen = read_by(sizes[i], &parts);
            assert_true(parts > 1);
            assert_true(seen.rows == whole.rows);
            assert_memory_equal(&seen, &whole, sizeof seen);
        }
    }
}

/* One cell longer than many parts, and nothing but line ends in it. */
static void a_cell_over_many_parts(void **state)
{
    (void)state;
    FILE *file = fopen(path, "w");
    size_t parts;
    fputs("id,x\n1,2\n2,\"", file);
    for (int i = 0; i < 5000; i++)
        fputs("3,4\n", file);
    fputs("\"\n5,6\n", file);
    fclose(file);
    const struct seen whole = read_by(0, &parts), seen = read_by(100, &parts);
    assert_true(parts > 100);
    assert_int_equal(whole.n, 3);
    assert_memory_equal(&seen, &whole, sizeof seen);
}

/* The first that is wrong in the file is told, with its line, though later parts were read before. */
static void the_first_error_is_told(void **state)
{
    (void)state;
    const struct mg_exchange_options options = {.part_bytes = 64};
    struct mg_exchange *x;
    struct mg_error error = {0};
    FILE *file = fopen(path, "w");
    fputs("id,x\n", file);
    for (int i = 0; i < 1000; i++)
        fprintf(file, i == 700 || i == 900 ? "%d,\"open\n" : "%d,1\n", i);
    fputs("1001,\"", file);
    fclose(file);
    assert_int_equal(mg_exchange_open(path, &options, &x, &error), MG_E_INVALID);
    assert_non_null(strstr(error.field, "line 1002"));
}

static int make_folder(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/a.csv", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_make_no_difference),
        cmocka_unit_test(a_cell_over_many_parts),
        cmocka_unit_test(the_first_error_is_told),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
