/* A reading goes from options to what is sent, through its JSON, and back to the same options. */
#include "fixture.h"

#include <math.h>

#include "exchange/exchange.h"
#include "service/listen/reading.h"

/* What the other side opens the file with: the options as JSON, and from it. */
static int sent_over(struct fixture *f, const char *path, const struct mg_exchange_options *options,
                     struct mg_exchange_options *ret, struct mg_exchange **ret_file)
{
    const struct mg_wire_reading *told;
    struct mg_wire_preview_request read;
    struct mg_buf text;
    mg_buf_init(&text, 1 << 20);
    SUCCEEDS(mg_reading_of_options(&f->ctx, options, &told, &f->error));
    struct mg_json_writer out = mg_json_writer(&text);
    mg_wire_write_preview_request(&out, &(struct mg_wire_preview_request){.reading = told});
    SUCCEEDS(mg_wire_read_preview_request(f->ctx.arena, lent(f->ctx.arena, text.data), &read, &f->error));
    mg_buf_done(&text);
    *ret = (struct mg_exchange_options){0};
    return mg_reading_open(&f->ctx, path, read.reading, ret, ret_file, &f->error);
}

static void same_texts(const char *a, const char *b)
{
    assert_int_equal(!a, !b);
    if (a)
        assert_string_equal(a, b);
}

static void same_corrections(const struct mg_exchange_options *a, const struct mg_exchange_options *b)
{
    assert_int_equal(a->n_corrections, b->n_corrections);
    for (size_t i = 0; i < a->n_corrections; i++) {
        const struct mg_exchange_correction *x = &a->corrections[i], *y = &b->corrections[i];
        assert_string_equal(x->column, y->column);
        assert_int_equal(x->kind_told, y->kind_told);
        assert_int_equal(x->kind, y->kind);
        assert_int_equal(x->order_told, y->order_told);
        if (x->order_told)
            assert_int_equal(x->order, y->order);
        assert_int_equal(x->decimal, y->decimal);
        assert_int_equal(x->flipped, y->flipped);
        assert_int_equal(x->n_labels, y->n_labels);
        for (size_t l = 0; l < x->n_labels; l++) {
            assert_string_equal(x->labels[l].text, y->labels[l].text);
            assert_true(x->labels[l].value == y->labels[l].value ||
                        (isnan(x->labels[l].value) && isnan(y->labels[l].value)));
        }
    }
}

static void same_options(const struct mg_exchange_options *a, const struct mg_exchange_options *b)
{
    same_texts(a->encoding, b->encoding);
    same_texts(a->sheet, b->sheet);
    assert_int_equal(a->delimiter, b->delimiter);
    assert_int_equal(a->keep_all, b->keep_all);
    assert_int_equal(a->shape.titles_told, b->shape.titles_told);
    assert_int_equal(a->shape.title_rows, b->shape.title_rows);
    assert_int_equal(a->shape.headers_told, b->shape.headers_told);
    assert_int_equal(a->shape.header_rows, b->shape.header_rows);
    assert_int_equal(a->shape.foot_told, b->shape.foot_told);
    assert_int_equal(a->shape.foot_rows, b->shape.foot_rows);
    same_corrections(a, b);
}

static void every_option_comes_through(void **state)
{
    struct fixture *f = *state;
    const char *path = write_file(f, "t.csv", "Caf\xe9\nE1\tP1\tday\n1,5\tgut\t01.02.2026\nsum\t0\t\n");
    const struct mg_cell_label labels[] = {{"gut", 4}, {"weiß nicht", NAN}};
    const struct mg_exchange_correction columns[] = {
        {.column = "E1", .kind_told = true, .kind = MG_CELLS_NUMBER, .decimal = ','},
        {.column = "P1", .flipped = true, .labels = labels, .n_labels = 2},
        {.column = "day",
         .kind_told = true,
         .kind = MG_CELLS_TIME,
         .order_told = true,
         .order = MG_DATE_MDY}};
    const struct mg_exchange_options all[] = {
        {.encoding = "windows-1252",
         .delimiter = '\t',
         .keep_all = true,
         .shape = {.titles_told = true,
                   .title_rows = 1,
                   .headers_told = true,
                   .header_rows = 1,
                   .foot_told = true,
                   .foot_rows = 1},
         .corrections = columns,
         .n_corrections = 3},
        {.delimiter = '|'},
        {.shape = {.headers_told = true, .header_rows = 0}}, /* none is not the same as not told */
        {.shape = {.titles_told = true, .title_rows = 1}},
        {.shape = {.foot_told = true, .foot_rows = 0}},
        {0}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct mg_exchange_options came;
        struct mg_exchange *file = NULL;
        SUCCEEDS(sent_over(f, path, &all[i], &came, &file));
        same_options(&all[i], &came);
        mg_exchange_close(file);
    }
}

static void every_kind_order_and_mark_comes_through(void **state)
{
    struct fixture *f = *state;
    const char *path = write_file(f, "t.csv", "a\n1\n2\n");
    static const enum mg_cell_kind kinds[] = {MG_CELLS_TEXT, MG_CELLS_NUMBER, MG_CELLS_TIME,
                                              MG_CELLS_CHOICES};
    static const enum mg_date_order orders[] = {MG_DATE_YMD, MG_DATE_DMY, MG_DATE_MDY};
    for (size_t i = 0; i < 24; i++) {
        const struct mg_exchange_correction column = {.column = "a",
                                                      .kind_told = true,
                                                      .kind = kinds[i % 4],
                                                      .order_told = true,
                                                      .order = orders[i % 3],
                                                      .decimal = i < 12 ? '.' : ','};
        struct mg_exchange_options options = {.corrections = &column, .n_corrections = 1}, came;
        struct mg_exchange *file = NULL;
        mg_ignore(sent_over(f, path, &options, &came,
                            &file)); /* some don't fit the column: they came nonetheless */
        same_corrections(&options, &came);
        mg_exchange_close(file);
    }
}

static void the_sheet_goes_along(void **state)
{
    struct fixture *f = *state;
    const char *path = write_file(f, "t.csv", "a\n1\n2\n");
    struct mg_exchange_options options = {.sheet = "Second"}, came;
    struct mg_exchange *file = NULL;
    mg_ignore(sent_over(f, path, &options, &came, &file)); /* text has no sheets */
    same_options(&options, &came);
    mg_exchange_close(file);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_option_comes_through),
        TEST(every_kind_order_and_mark_comes_through),
        TEST(the_sheet_goes_along),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
