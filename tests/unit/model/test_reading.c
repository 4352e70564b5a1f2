/* Readings as JSON: what is written comes back; what no reading is, is refused. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/str.h"
#include "model/cell.h"

static const struct mg_cell_label labels[] = {{"\"很\\满意\"", 5}, {"so-so", 2.5}, {"don't know", NAN}};
static const double codes[] = {9, -1.5};

static const struct mg_reading readings[] = {
    {.kind = MG_CELLS_TEXT, .decimal = '.'},
    {.kind = MG_CELLS_NUMBER,
     .decimal = ',',
     .thousands = '.',
     .dressed = true,
     .codes = codes,
     .n_codes = 2},
    {.kind = MG_CELLS_NUMBER,
     .decimal = '.',
     .labels = labels,
     .n_labels = 3,
     .reversed_map = true,
     .scale_family = "satisfaction",
     .missing_low = -INFINITY,
     .missing_high = -1},
    {.kind = MG_CELLS_NUMBER, .decimal = '.', .missing_low = 90, .missing_high = INFINITY},
    {.kind = MG_CELLS_TIME, .decimal = '.', .order = MG_DATE_UNIX},
    {.kind = MG_CELLS_CHOICES, .decimal = '.', .choice_mark = "┋"},
};

static int parse(struct mg_arena *arena, const char *text, struct mg_reading *ret, struct mg_error *error)
{
    json_t *json = mg_json_parse(text, strlen(text), 1 << 20, NULL);
    assert_non_null(json);
    int rc = mg_reading_parse(arena, json, ret, error);
    json_decref(json);
    return rc;
}

static void what_is_written_comes_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(readings); i++) {
        struct mg_arena *arena = mg_arena_new(1 << 20);
        struct mg_buf first, second;
        struct mg_reading back;
        mg_buf_init(&first, 1 << 16);
        mg_buf_init(&second, 1 << 16);
        mg_reading_write(&readings[i], &first);
        assert_int_equal(parse(arena, first.data, &back, NULL), 0);
        mg_reading_write(&back, &second);
        assert_string_equal(first.data, second.data);
        assert_true(back.kind == readings[i].kind && back.decimal == readings[i].decimal &&
                    back.n_labels == readings[i].n_labels && back.missing_low == readings[i].missing_low &&
                    back.missing_high == readings[i].missing_high && back.order == readings[i].order);
        assert_string_equal(back.choice_mark, readings[i].choice_mark);
        for (size_t k = 0; k < back.n_labels; k++)
            assert_string_equal(back.labels[k].text, labels[k].text);
        mg_buf_done(&first);
        mg_buf_done(&second);
        mg_arena_free(arena);
    }
}

static void it_reads_as_before(void **state)
{
    (void)state;
    struct mg_arena *arena = mg_arena_new(1 << 20);
    struct mg_reading reading;
    double number;
    assert_int_equal(
        parse(arena,
              "{\"labels\": [{\"text\": \"很满意\", \"value\": 5}, {\"text\": \"hm\", \"value\": null}],"
              " \"kind\": \"number\", \"decimal\": \",\", \"codes\": [9]}",
              &reading, NULL),
        0);
    assert_int_equal(mg_cell_read(&reading, " 很满意。", strlen(" 很满意。"), &number), MG_READ_VALUE);
    assert_true(number == 5);
    assert_int_equal(mg_cell_read(&reading, "hm", 2, &number), MG_READ_MISSING);
    assert_int_equal(mg_cell_read(&reading, "9", 1, &number), MG_READ_MISSING);
    assert_int_equal(mg_cell_read(&reading, "3,5", 3, &number), MG_READ_VALUE);
    mg_arena_free(arena);
}

static void what_is_no_reading_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {"{}", "/kind"},
        {"[]", "/kind"},
        {"7", "/kind"},
        {"{\"kind\": \"numbers\"}", "/kind"},
        {"{\"kind\": 1}", "/kind"},
        {"{\"kind\": \"number\", \"decimal\": \";\"}", "/decimal"},
        {"{\"kind\": \"number\", \"decimal\": \",\", \"thousands\": \",\"}", "/thousands"},
        {"{\"kind\": \"number\", \"thousands\": \"\"}", "/thousands"},
        {"{\"kind\": \"number\", \"dressed\": 1}", "/dressed"},
        {"{\"kind\": \"number\", \"labels\": {}}", "/labels"},
        {"{\"kind\": \"number\", \"labels\": [{\"text\": \"\", \"value\": 1}]}", "/labels"},
        {"{\"kind\": \"number\", \"labels\": [{\"text\": \"a\\u0000b\", \"value\": 1}]}", NULL},
        {"{\"kind\": \"number\", \"labels\": [{\"text\": \"a\", \"value\": \"1\"}]}", "/labels"},
        {"{\"kind\": \"number\", \"labels\": [{\"text\": \"a\", \"value\": 1, \"more\": 1}]}", "/labels"},
        {"{\"kind\": \"number\", \"codes\": [\"9\"]}", "/codes"},
        {"{\"kind\": \"number\", \"missing_low\": 5, \"missing_high\": 1}", "/missing_high"},
        {"{\"kind\": \"time\", \"order\": \"ydm\"}", "/order"},
        {"{\"kind\": \"choices\"}", "/mark"},
        {"{\"kind\": \"text\", \"mark\": \";\"}", "/mark"},
        {"{\"kind\": \"choices\", \"mark\": \"12345678\"}", "/mark"},
        {"{\"kind\": \"text\", \"colour\": 1}", "/colour"},
        {"{\"kind\": \"text\", \"family\": 5}", "/family"},
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct mg_arena *arena = mg_arena_new(1 << 20);
        struct mg_error error = {0};
        struct mg_reading reading;
        if (!wrong[i][1]) { /* the JSON reader refuses it already */
            assert_null(mg_json_parse(wrong[i][0], strlen(wrong[i][0]), 1 << 20, NULL));
        } else {
            assert_int_equal(parse(arena, wrong[i][0], &reading, &error), MG_E_INVALID);
            assert_string_equal(error.field, wrong[i][1]);
        }
        mg_arena_free(arena);
    }
}

static void limits(void **state)
{
    (void)state;
    struct mg_arena *arena = mg_arena_new(1 << 20);
    struct mg_error error = {0};
    struct mg_reading reading;
    struct mg_buf text;
    mg_buf_init(&text, 1 << 20);
    mg_buf_puts(&text, "{\"kind\": \"number\", \"codes\": [1");
    for (size_t i = 0; i < MG_READING_CODES_MAX; i++)
        mg_buf_puts(&text, ",1");
    mg_buf_puts(&text, "]}");
    assert_int_equal(parse(arena, text.data, &reading, &error), MG_E_LIMIT);
    mg_buf_reset(&text);
    mg_buf_puts(&text, "{\"kind\": \"number\", \"labels\": [1");
    for (size_t i = 0; i < MG_READING_LABELS_MAX; i++)
        mg_buf_puts(&text, ",1");
    mg_buf_puts(&text, "]}");
    assert_int_equal(parse(arena, text.data, &reading, &error), MG_E_LIMIT);
    mg_buf_done(&text);
    mg_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_comes_back),
        cmocka_unit_test(it_reads_as_before),
        cmocka_unit_test(what_is_no_reading_is_refused),
        cmocka_unit_test(limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
