/* What somebody says of a column counts over what its cells say, and only there. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/str.h"
#include "exchange/exchange.h"

static char path[] = "/tmp/mg-correct-XXXXXX";

static void write_rows(const char *header, const char *format, int n)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(header, file);
    for (int i = 0; i < n; i++)
        fprintf(file, format, i, i);
    fclose(file);
}

static int open_corrected(const struct mg_exchange_correction *told, size_t n, struct mg_exchange **ret,
                          struct mg_error *error)
{
    struct mg_exchange_options options = {.name = "data.csv", .corrections = told, .n_corrections = n};
    return mg_exchange_open(path, &options, ret, error);
}

static struct mg_exchange *corrected(const struct mg_exchange_correction *told)
{
    struct mg_exchange *x = NULL;
    struct mg_error error = {0};
    if (open_corrected(told, 1, &x, &error))
        fail_msg("%s", error.message);
    return x;
}

static double read_as(const struct mg_exchange *x, size_t column, const char *text)
{
    double number;
    mg_cell_read(&x->readings[column], text, strlen(text), &number);
    return number;
}

/* Six words with a number each way: agreement, half of them with something that isn't in the map. */
static void write_words(void)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("E,P\n", file);
    for (int i = 0; i < 12; i++)
        fputs("agree,agree\ndisagree,neutral\nstrongly agree,strongly disagree\n", file);
    fputs("agree,perhaps so\n", file);
    fclose(file);
}

static void a_label_is_added_and_another_replaced(void **state)
{
    (void)state;
    write_words();
    const struct mg_cell_label labels[] = {{"Perhaps  So", 3}, {"neutral", NAN}};
    struct mg_exchange *x =
        corrected(&(struct mg_exchange_correction){.column = "P", .labels = labels, .n_labels = 2});
    assert_true(read_as(x, 1, "perhaps so") == 3);
    assert_true(isnan(read_as(x, 1, "neutral")));
    assert_true(read_as(x, 1, "agree") == 4);
    assert_int_equal(x->facts[1].n_not_understood, 0);
    assert_int_equal(x->facts[1].n_missing, 12);
    assert_true(isnan(read_as(x, 0, "perhaps so")));
    mg_exchange_close(x);
}

static void a_flip_comes_before_the_labels(void **state)
{
    (void)state;
    write_words();
    const struct mg_cell_label label = {"neutral", 2};
    struct mg_exchange *x = corrected(
        &(struct mg_exchange_correction){.column = "P", .flipped = true, .labels = &label, .n_labels = 1});
    assert_true(read_as(x, 1, "strongly disagree") == 5);
    assert_true(read_as(x, 1, "agree") == 2);
    assert_true(read_as(x, 1, "neutral") == 2);
    assert_true(x->readings[1].reversed_map);
    assert_false(x->readings[0].reversed_map);
    mg_exchange_close(x);
}

static void more_values_than_are_kept_are_counted_again(void **state)
{
    (void)state;
    write_rows("A,B\n", "\"%d,5\",x%d\n", 400);
    struct mg_exchange *x =
        corrected(&(struct mg_exchange_correction){.column = "A", .kind_told = true, .kind = MG_CELLS_TEXT});
    assert_int_equal(x->facts[0].n, 400);
    assert_false(x->facts[0].values_complete);
    mg_exchange_close(x);
    x = corrected(
        &(struct mg_exchange_correction){.column = "B", .kind_told = true, .kind = MG_CELLS_NUMBER});
    assert_int_equal(x->facts[1].n_not_understood, 400);
    assert_int_equal(x->facts[1].n_shown, MG_EVIDENCE_SHOWN);
    assert_string_equal(x->facts[1].not_understood[0], "x0");
    mg_exchange_close(x);
}

static void what_cannot_be_is_refused_where_it_stands(void **state)
{
    (void)state;
    write_words();
    struct mg_exchange *x = NULL;
    struct mg_error error = {0};
    const struct mg_exchange_correction told[] = {{.column = "P"}, {.column = "Q"}};
    assert_int_equal(open_corrected(told, 2, &x, &error), MG_E_INVALID);
    assert_string_equal(error.field, "columns/1");
    const struct mg_cell_label label = {"4", 2};
    const struct mg_exchange_correction number = {.column = "P", .labels = &label, .n_labels = 1};
    assert_int_equal(open_corrected(&number, 1, &x, &error), MG_E_INVALID);
    assert_string_equal(error.field, "columns/0");
}

static int make_file(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_label_is_added_and_another_replaced),
        cmocka_unit_test(a_flip_comes_before_the_labels),
        cmocka_unit_test(more_values_than_are_kept_are_counted_again),
        cmocka_unit_test(what_cannot_be_is_refused_where_it_stands),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
