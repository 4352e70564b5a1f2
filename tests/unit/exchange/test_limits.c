/* What files may cost: bombs, giant cells and lines, thousands of columns named alike; what may be opened;
 * what is in the columns and the first rows. Memory is measured, never time. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#include "../column/memory.h"
#include "base/str.h"
#include "exchange/exchange.h"

#define MEMORY_MB 120 /* as exchange.h says */

static char folder[] = "/tmp/mg-limits-XXXXXX";
static char path[256];
static struct mg_error error;

static FILE *new_file(void)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    return file;
}

static void fill(FILE *file, const char *text, size_t times)
{
    for (size_t i = 0; i < times; i++)
        fputs(text, file);
}

static int open_file(struct mg_exchange **ret)
{
    struct mg_exchange_options options = {.name = "answers.csv", .temp_dir = folder};
    error = (struct mg_error){0};
    *ret = NULL;
    return mg_exchange_open(path, &options, ret, &error);
}

/* The message names the file as the user knows it, and no path of ours. */
static void assert_limit(const char *part)
{
    struct mg_exchange *x;
    forget_peak();
    int rc = open_file(&x);
    long peak = peak_mb();
    if (rc != MG_E_LIMIT || !strstr(error.message, part) || strstr(error.message, folder))
        fail_msg("%d %s", rc, error.message);
    if (MEMORY_IS_OURS && peak > MEMORY_MB)
        fail_msg("%ld MiB", peak);
}

static void a_gzip_bomb_is_refused(void **state)
{
    (void)state;
    gzFile out = gzopen(path, "wb9");
    char *chunk = malloc(1 << 20);
    for (size_t i = 0; i < 1 << 20; i += 4)
        memcpy(chunk + i, "1,2\n", 4);
    gzwrite(out, "E1,P1\n", 6);
    for (int i = 0; i < 80; i++)
        gzwrite(out, chunk, 1 << 20);
    gzclose(out);
    free(chunk);
    assert_limit("answers.csv unpacks to more than 200 times");
    assert_true(*error.hint);
}

/* Tables of the same few answers pack well: that alone is no bomb. */
static void a_small_file_that_packs_well_is_read(void **state)
{
    (void)state;
    struct mg_exchange *x;
    gzFile out = gzopen(path, "wb9");
    gzputs(out, "E1,P1\n");
    for (int i = 0; i < 100000; i++)
        gzputs(out, "7,7\n");
    gzclose(out);
    assert_int_equal(open_file(&x), 0);
    assert_int_equal((int)x->rows, 100000);
    mg_exchange_close(x);
}

static void giant_cells_and_lines_are_refused(void **state)
{
    (void)state;
    static const char *const starts[] = {"a,b\n1,\"", "a,b\n1,", "", "{\"a\":1}\n{\"a\":\""};
    char *chunk = malloc((1 << 20) + 1);
    memset(chunk, 'x', 1 << 20);
    chunk[1 << 20] = '\0';
    for (size_t i = 0; i < ARRAY_LEN(starts); i++) {
        FILE *file = new_file();
        fputs(starts[i], file);
        fill(file, chunk, 200);
        fclose(file);
        assert_limit("MiB");
    }
    free(chunk);
}

/* JSON grows most when it is read: the longest line of the smallest objects. */
static void a_line_of_json_stays_within_memory(void **state)
{
    (void)state;
    struct mg_exchange *x;
    FILE *file = new_file();
    fputs("{\"E1\":[{}", file);
    fill(file, ",{}", ((1 << 20) - 100) / 3);
    fputs("]}\n{\"E1\":2}\n", file);
    fclose(file);
    forget_peak();
    assert_int_equal(open_file(&x), 0);
    if (MEMORY_IS_OURS && peak_mb() > MEMORY_MB)
        fail_msg("%ld MiB", peak_mb());
    assert_int_equal((int)(x->rows + x->n_bad), 2);
    mg_exchange_close(x);
}

static void a_longer_line_of_json_is_refused(void **state)
{
    (void)state;
    FILE *file = new_file();
    fputs("{\"E1\":1}\n{\"E1\":[{}", file);
    fill(file, ",{}", (12 << 20) / 3);
    fputs("]}\n", file);
    fclose(file);
    assert_limit("record at line 2 is longer than 1 MiB");
}

static void only_files_are_opened(void **state)
{
    (void)state;
    char kept[256];
    struct mg_exchange *x;
    const char *const paths[] = {"/dev/zero", "/tmp", kept};
    snprintf(kept, sizeof kept, "%s/pipe", folder);
    assert_int_equal(mkfifo(kept, 0600), 0);
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        struct mg_exchange_options options = {.name = "answers.csv"};
        assert_int_equal(mg_exchange_open(paths[i], &options, &x, &error), MG_E_INVALID);
        assert_non_null(strstr(error.message, "answers.csv"));
    }
    unlink(kept);
}

static void a_missing_folder_for_copies_is_not_named(void **state)
{
    (void)state;
    struct mg_exchange *x;
    struct mg_exchange_options options = {.name = "answers.csv", .temp_dir = "/nowhere/at/all"};
    FILE *file = new_file();
    fputs("{\"a\":1}\n", file);
    fclose(file);
    assert_int_equal(mg_exchange_open(path, &options, &x, &error), MG_E_IO);
    assert_null(strstr(error.message, "nowhere"));
}

/* ---- Wide files ---- */

static void wide_csv(size_t columns, size_t rows, const char *name)
{
    FILE *file = new_file();
    for (size_t c = 0; c < columns; c++) {
        fputs(c ? "," : "", file);
        if (name)
            fputs(name, file);
        else
            fprintf(file, "q%zu", c);
    }
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++)
            fprintf(file, "%c%d", c ? ',' : '\n', (int)((r * c + 3) % 7 + 1));
    fputc('\n', file);
    fclose(file);
}

static void thousands_of_columns_are_described(void **state)
{
    (void)state;
    struct mg_exchange *x;
    struct mg_source_info info;
    struct mg_arena *arena = mg_arena_new((size_t)64 << 20);
    wide_csv(MG_COLUMN_COLUMNS_MAX, 1000, NULL);
    forget_peak();
    assert_int_equal(open_file(&x), 0);
    assert_int_equal(mg_exchange_describe(x, arena, &info, &error), 0);
    if (MEMORY_IS_OURS && peak_mb() > MEMORY_MB)
        fail_msg("%ld MiB", peak_mb());
    assert_int_equal(info.n_columns, MG_COLUMN_COLUMNS_MAX);
    assert_int_equal((int)info.rows, 1000);
    for (size_t c = 1; c < info.n_columns; c++) {
        assert_int_equal((int)info.columns[c].type, (int)MG_TYPE_INTEGER);
        assert_int_equal((int)info.columns[c].n_distinct, c % 7 ? 7 : 1);
    }
    mg_exchange_close(x);
    mg_arena_free(arena);
}

static void columns_named_alike_get_numbers(void **state)
{
    (void)state;
    struct mg_exchange *x;
    wide_csv(MG_COLUMN_COLUMNS_MAX, 2, "a");
    assert_int_equal(open_file(&x), 0);
    assert_string_equal(x->columns[0], "a");
    assert_string_equal(x->columns[1], "a_2");
    assert_string_equal(x->columns[4095], "a_4096");
    mg_exchange_close(x);
}

static void more_columns_and_longer_names_are_too_much(void **state)
{
    (void)state;
    wide_csv(MG_COLUMN_COLUMNS_MAX + 1, 1, NULL);
    assert_limit("4096");
    FILE *file = new_file(); /* a long name becomes a label */
    fputs("E1,", file);
    fill(file, "期", 1334);
    fputs("\n1,2\n", file);
    fclose(file);
    struct mg_exchange *x;
    assert_int_equal(open_file(&x), 0);
    assert_int_equal(x->n_columns, 2);
    assert_true(strlen(x->columns[1]) <= MG_SHAPE_NAME_MAX);
    assert_true(strlen(x->labels[1]) <= MG_SHAPE_LABEL_MAX + 3);
    mg_exchange_close(x);
}

/* ---- The first rows ---- */

static void the_head_is_cut_for_show(void **state)
{
    (void)state;
    struct mg_exchange *x;
    struct mg_source_info info;
    struct mg_exchange_head head;
    struct mg_arena *arena = mg_arena_new((size_t)64 << 20);
    FILE *file = new_file();
    fputs("a,b\n1,", file);
    fill(file, "期望", 1000);
    fputs("\n1,2,3\n,x\n3,4\n5,6\n", file);
    fclose(file);
    assert_int_equal(open_file(&x), 0);
    assert_int_equal(mg_exchange_describe(x, arena, &info, &error), 0);
    assert_int_equal((int)info.rows, 4);
    assert_int_equal(mg_exchange_head(x, arena, &info, 3, 8, &head, &error), 0);
    assert_int_equal(head.n_rows, 3);
    assert_true(head.cut);
    assert_string_equal(head.rows[0][1], "期望…");
    assert_null(head.rows[1][0]);
    assert_string_equal(head.rows[2][1], "4");
    assert_int_equal(mg_exchange_head(x, arena, &info, 20, 10000, &head, &error), 0);
    assert_int_equal(head.n_rows, 4);
    assert_false(head.cut);
    mg_exchange_close(x);
    mg_arena_free(arena);
}

static int set_up(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/file", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder); /* nothing else is left in it */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gzip_bomb_is_refused),
        cmocka_unit_test(a_small_file_that_packs_well_is_read),
        cmocka_unit_test(giant_cells_and_lines_are_refused),
        cmocka_unit_test(a_line_of_json_stays_within_memory),
        cmocka_unit_test(a_longer_line_of_json_is_refused),
        cmocka_unit_test(only_files_are_opened),
        cmocka_unit_test(a_missing_folder_for_copies_is_not_named),
        cmocka_unit_test(thousands_of_columns_are_described),
        cmocka_unit_test(columns_named_alike_get_numbers),
        cmocka_unit_test(more_columns_and_longer_names_are_too_much),
        cmocka_unit_test(the_head_is_cut_for_show),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
