/* Posted answers as bytes: read as they were written, whatever they are; anything else is damaged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "base/str.h"
#include "service/record/answers.h"

#define MOST 200

static struct mg_arena *arena;
static struct mg_rng rng;

static int set_up(void **state)
{
    (void)state;
    arena = mg_arena_new((size_t)64 << 20);
    rng = mg_rng_init(8, 2);
    return arena ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    mg_arena_free(arena);
    return 0;
}

static struct mg_datum some_answer(uint64_t missing_of_ten)
{
    static const double numbers[] = {0, 1, 7, 100, -20, -21, 179, 180, -0.0, 0.5, 1e300, -1e-300, 123456789};
    static const char *const texts[] = {"", "north", "东区", "a \"quoted\" one\n"};
    if (mg_rng_below(&rng, 10) < missing_of_ten)
        return (struct mg_datum){0};
    if (mg_rng_below(&rng, 4) == 0)
        return mg_datum_text(texts[mg_rng_below(&rng, 4)]);
    return mg_datum_number(numbers[mg_rng_below(&rng, sizeof numbers / sizeof *numbers)]);
}

static void assert_same(const struct mg_datum *a, const struct mg_datum *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(a[i].kind, b[i].kind);
        if (a[i].kind == MG_DATUM_NUMBER)
            assert_memory_equal(&a[i].number, &b[i].number, sizeof a[i].number);
        if (a[i].kind == MG_DATUM_TEXT)
            assert_string_equal(a[i].text, b[i].text);
    }
}

static void rows_are_read_as_they_were_written(void **state)
{
    struct mg_datum answers[MOST], read[MOST];
    struct mg_buf bytes;
    (void)state;
    mg_buf_init(&bytes, 1 << 20);
    for (int round = 0; round < 2000; round++) {
        size_t n = mg_rng_below(&rng, MOST + 1);
        uint64_t missing = mg_rng_below(&rng, 11);
        for (size_t i = 0; i < n; i++)
            answers[i] = some_answer(missing);
        mg_buf_reset(&bytes);
        mg_answers_write(&bytes, answers, n);
        memset(read, 0xAA, sizeof read);
        assert_int_equal(mg_answers_read((struct mg_blob){bytes.data, bytes.len}, read, n, NULL), 0);
        assert_same(read, answers, n);
    }
    mg_buf_done(&bytes);
}

/* A byte a rating, and nearly nothing for what wasn't answered. */
static void ratings_take_a_byte_each(void **state)
{
    struct mg_datum answers[MOST];
    struct mg_buf bytes;
    (void)state;
    mg_buf_init(&bytes, 1 << 20);
    for (size_t i = 0; i < MOST; i++)
        answers[i] = i < 100 ? mg_datum_number((double)(i % 11)) : (struct mg_datum){0};
    mg_answers_write(&bytes, answers, MOST);
    assert_int_equal(bytes.len, 102);
    mg_buf_done(&bytes);
}

static void what_is_cut_off_or_too_long_is_damaged(void **state)
{
    struct mg_datum answers[30], read[40];
    struct mg_error error = {0};
    struct mg_buf bytes;
    (void)state;
    mg_buf_init(&bytes, 1 << 20);
    for (size_t i = 0; i < 30; i++)
        answers[i] = some_answer(2);
    mg_answers_write(&bytes, answers, 30);
    for (size_t n = 0; n < bytes.len; n++)
        assert_int_equal(mg_answers_read((struct mg_blob){bytes.data, n}, read, 30, &error), MG_E_ENGINE);
    assert_string_equal(error.message, "A response is damaged in the record.");
    for (size_t n = 0; n <= 40; n++)
        assert_int_equal(mg_answers_read((struct mg_blob){bytes.data, bytes.len}, read, n, NULL),
                         n == 30 ? 0 : MG_E_ENGINE);
    mg_buf_done(&bytes);
}

static void layouts_are_read_as_they_were_written(void **state)
{
    static const char *const names[] = {"E1", "P1", "期望", "say \"hi\"", "x"}, *const others[] = {"E1P",
                                                                                                   "1"};
    struct mg_layout read, layout = {names, 5}, other = {others, 2};
    struct mg_blob blob;
    int64_t shape, again, another;
    (void)state;
    assert_int_equal(mg_layout_write(arena, &layout, &blob, &shape, NULL), 0);
    assert_int_equal(mg_layout_read(arena, blob, &read, NULL), 0);
    assert_int_equal(read.n, 5);
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(read.names[i], names[i]);
    assert_int_equal(mg_layout_write(arena, &read, &blob, &again, NULL), 0);
    assert_int_equal(mg_layout_write(arena, &other, &blob, &another, NULL), 0);
    assert_true(again == shape && another != shape && shape >= 0);
    assert_int_equal(mg_layout_read(arena, (struct mg_blob){"E1\0P", 4}, &read, NULL), MG_E_ENGINE);
    assert_int_equal(mg_layout_read(arena, (struct mg_blob){"", 0}, &read, NULL), 0);
    assert_int_equal(read.n, 0);
}

static void a_document_names_what_was_answered(void **state)
{
    static const char *const names[] = {"E1", "none", "district", "w"};
    const struct mg_datum answers[] = {
        mg_datum_number(7), {0}, mg_datum_text("a \"b\""), mg_datum_number(0.1)};
    const struct mg_layout layout = {names, 4};
    (void)state;
    assert_string_equal(mg_answers_document(arena, &layout, answers),
                        "{\"E1\":7,\"district\":\"a \\\"b\\\"\",\"w\":0.1}");
}

/* As a document's cells once were: what a column can't hold is missing in it. */
static void cells_fit_their_columns(void **state)
{
    const struct mg_field text = {.type = MG_TYPE_TEXT}, whole = {.type = MG_TYPE_INTEGER},
                          number = {.type = MG_TYPE_NUMBER};
    struct mg_datum cell;
    (void)state;
    assert_int_equal(mg_answers_fit(arena, &text, mg_datum_number(5), &cell, NULL), 0);
    assert_string_equal(cell.text, "5");
    assert_int_equal(mg_answers_fit(arena, &text, mg_datum_text("x"), &cell, NULL), 0);
    assert_string_equal(cell.text, "x");
    static const double outside[] = {1.5, 2e9, -2e9, INFINITY};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(mg_answers_fit(arena, &whole, mg_datum_number(outside[i]), &cell, NULL), 0);
        assert_int_equal(cell.kind, MG_DATUM_NONE);
        assert_int_equal(mg_answers_fit(arena, &number, mg_datum_number(outside[i]), &cell, NULL), 0);
        assert_true(cell.kind == MG_DATUM_NUMBER && cell.number == outside[i]);
    }
    assert_int_equal(mg_answers_fit(arena, &whole, mg_datum_text("3"), &cell, NULL), 0);
    assert_int_equal(cell.kind, MG_DATUM_NONE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(rows_are_read_as_they_were_written),     TEST(ratings_take_a_byte_each),
        TEST(what_is_cut_off_or_too_long_is_damaged), TEST(layouts_are_read_as_they_were_written),
        TEST(a_document_names_what_was_answered),     TEST(cells_fit_their_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
