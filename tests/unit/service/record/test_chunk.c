/* Chunks: whatever rows are written are read again, and any bytes are a chunk or damaged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "base/str.h"
#include "base/ulid.h"
#include "service/record/chunk.h"

#define COLUMNS 12

static struct mg_arena *arena;
static struct mg_rng rng;

static int set_up(void **state)
{
    (void)state;
    arena = mg_arena_new((size_t)256 << 20);
    rng = mg_rng_init(8, 0);
    return arena ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    mg_arena_free(arena);
    return 0;
}

static uint64_t below(uint64_t n)
{
    return mg_rng_below(&rng, n);
}

/* A column has its habit: small numbers, decimals, far ones, few or many texts, both kinds, nothing. */
static struct mg_datum random_answer(size_t column)
{
    static const double odd[] = {0, -0.0, 1e300, -1e-300, 0.1, 4503599627370497.0, -INFINITY, 255, 1e9};
    static const char *const few[] = {"north", "south", "", "东区", "a \"quoted\" one"};
    if (below(5) == 0)
        return (struct mg_datum){0};
    switch (column % 8) {
    case 0:
        return mg_datum_number((double)below(7) + 1);
    case 1:
        return mg_datum_number((double)below(255) - 100);
    case 2:
        return mg_datum_number((double)below(256) - 100);
    case 3:
        return mg_datum_number(odd[below(sizeof odd / sizeof *odd)]);
    case 4:
        return mg_datum_text(few[below(5)]);
    case 5:
        return mg_datum_text(mg_arena_printf(arena, "answer %llu", (unsigned long long)below(3000)));
    case 6:
        return below(2) ? mg_datum_number((double)below(10)) : mg_datum_text(few[below(5)]);
    default:
        return (struct mg_datum){0};
    }
}

static struct mg_chunk_row random_row(size_t n_columns, int times, int waves)
{
    static const char *const names[] = {"2024", "2025", "spring"};
    struct mg_datum *answers = mg_arena_array(arena, n_columns, sizeof *answers);
    struct mg_chunk_row row = {.weight = NAN, .at = MG_CHUNK_NO_TIME, .answers = answers};
    for (size_t c = 0; c < n_columns; c++)
        answers[c] = random_answer(c);
    if (times && below(9))
        row.at = 1700000000000000 + (int64_t)below(1u << 30) * (times == 1 ? 1000000 : 999);
    if (waves)
        row.wave = waves == 1 ? "2026" : below(4) ? names[below(3)] : NULL;
    if (below(3)) {
        char *id = mg_arena_alloc(arena, MG_ULID_SIZE);
        mg_ulid_new((int64_t)below(1u << 30) * 1000000, id);
        row.customer_id = id;
    }
    if (below(3))
        row.respondent = mg_arena_printf(arena, "R%llu", (unsigned long long)below(1000000));
    if (below(2))
        row.weight = below(20) ? (double)below(100) / 8 : INFINITY;
    return row;
}

static void same_datum(struct mg_datum a, struct mg_datum b)
{
    assert_int_equal(a.kind, b.kind);
    if (a.kind == MG_DATUM_NUMBER)
        assert_memory_equal(&a.number, &b.number, sizeof a.number);
    if (a.kind == MG_DATUM_TEXT)
        assert_string_equal(a.text, b.text);
}

static void same_row(const struct mg_chunk_row *a, const struct mg_chunk_row *b, size_t n_columns)
{
    assert_true(mg_str_equal(a->wave, b->wave) && mg_str_equal(a->customer_id, b->customer_id));
    assert_true(mg_str_equal(a->respondent, b->respondent));
    assert_true(isnan(a->weight) ? isnan(b->weight) : a->weight == b->weight);
    assert_true(a->at == b->at && a->erased == b->erased);
    for (size_t c = 0; c < n_columns; c++)
        same_datum(a->answers[c], b->answers[c]);
}

struct written {
    struct mg_buf head, data;
};

static struct written write_rows(const struct mg_chunk_rows *rows)
{
    struct written written;
    struct mg_error error = {0};
    mg_buf_init(&written.head, MG_CHUNK_BYTES_MAX);
    mg_buf_init(&written.data, MG_CHUNK_BYTES_MAX);
    if (mg_chunk_write(rows, &written.head, &written.data, &error))
        fail_msg("%s", error.message);
    return written;
}

static void free_written(struct written *written)
{
    mg_buf_done(&written->head);
    mg_buf_done(&written->data);
}

static int read_chunk(const struct written *written, struct mg_chunk *chunk, struct mg_error *error)
{
    int rc = mg_chunk_read_head(arena, written->head.data, written->head.len, chunk, error);
    return rc ? rc : mg_chunk_read_data(arena, written->data.data, written->data.len, chunk, error);
}

static const char *const columns[COLUMNS] = {"E1",    "P1", "E2", "P2",     "区域", "say",
                                             "mixed", "no", "E3", "P3\"'x", "E4",   "w"};

static void round_trip(size_t n, size_t n_columns, int times, int waves)
{
    struct mg_chunk_row *rows = mg_arena_array(arena, n, sizeof *rows);
    for (size_t i = 0; i < n; i++)
        rows[i] = random_row(n_columns, times, waves);
    struct written written = write_rows(&(struct mg_chunk_rows){columns, n_columns, rows, n});
    struct mg_chunk chunk;
    struct mg_error error = {0};
    if (read_chunk(&written, &chunk, &error))
        fail_msg("%s", error.message);
    assert_int_equal(chunk.n_rows, n);
    assert_int_equal(chunk.n_columns, n_columns);
    for (size_t c = 0; c < n_columns; c++)
        assert_string_equal(chunk.columns[c], columns[c]);
    for (size_t i = 0; i < n; i++) {
        struct mg_chunk_row row;
        struct mg_datum answers[COLUMNS];
        assert_int_equal(mg_chunk_row(&chunk, arena, i, answers, &row, NULL), 0);
        same_row(&row, &rows[i], n_columns);
    }
    free_written(&written);
}

static void test_rows_are_read_as_they_were_written(void **state)
{
    static const size_t sizes[] = {1, 2, 7, 8, 9, 255, 256, 300, 4096};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (int kind = 0; kind < 9; kind++)
            round_trip(sizes[i], i % 4 == 3 ? 0 : COLUMNS, kind % 3, kind / 3);
}

/* An erased row keeps its place and nothing else, and the rest stays; several in a byte of bits, and none. */
static void test_an_erased_row_leaves_nothing(void **state)
{
    static const bool erased[20] = {[0] = true, [3] = true, [4] = true, [7] = true, [8] = true, [19] = true};
    struct mg_chunk_row rows[20];
    struct mg_datum answers[COLUMNS];
    struct mg_chunk chunk;
    (void)state;
    for (size_t i = 0; i < 20; i++)
        rows[i] = random_row(COLUMNS, 1, 2);
    struct mg_datum *said = (struct mg_datum *)rows[7].answers;
    said[5] = mg_datum_text("told in confidence");
    rows[7].respondent = "R-in-confidence";
    for (size_t i = 0; i < 20; i++)
        rows[i].erased = erased[i];
    struct written written = write_rows(&(struct mg_chunk_rows){columns, COLUMNS, rows, 20});
    assert_int_equal(read_chunk(&written, &chunk, NULL), 0);
    const struct mg_datum nothing[COLUMNS] = {0};
    const struct mg_chunk_row empty = {
        .weight = NAN, .at = MG_CHUNK_NO_TIME, .erased = true, .answers = nothing};
    for (size_t i = 0; i < 20; i++) {
        struct mg_chunk_row row;
        assert_int_equal(mg_chunk_row(&chunk, arena, i, answers, &row, NULL), 0);
        same_row(&row, erased[i] ? &empty : &rows[i], COLUMNS);
        assert_int_equal(mg_chunk_is_erased(&chunk, i), erased[i]);
    }
    for (size_t i = 0; i < chunk.answers[5].texts.n; i++)
        assert_string_not_equal(chunk.answers[5].texts.texts[i], "told in confidence");
    free_written(&written);
}

/* What a survey of 69 columns costs: answers of 1 to 7 that nobody could foresee. */
static void test_a_survey_takes_few_bytes(void **state)
{
    enum { WIDE = 69, ROWS = 4096 };
    const char *names[WIDE];
    struct mg_chunk_row *rows = mg_arena_array(arena, ROWS, sizeof *rows);
    (void)state;
    for (size_t c = 0; c < WIDE; c++)
        names[c] = mg_arena_printf(arena, "E%zu", c);
    for (size_t i = 0; i < ROWS; i++) {
        struct mg_datum *answers = mg_arena_array(arena, WIDE, sizeof *answers);
        for (size_t c = 0; c < WIDE; c++)
            answers[c] = mg_datum_number((double)(3 + below(3) + below(3)));
        rows[i] =
            (struct mg_chunk_row){.wave = "2026", .weight = NAN, .at = MG_CHUNK_NO_TIME, .answers = answers};
    }
    struct written written = write_rows(&(struct mg_chunk_rows){names, WIDE, rows, ROWS});
    assert_true((written.head.len + written.data.len) / ROWS < 30);
    free_written(&written);
}

static void test_limits_are_said(void **state)
{
    struct mg_chunk_row row = random_row(1, 0, 0);
    struct mg_error error = {0};
    struct mg_buf head, data;
    (void)state;
    mg_buf_init(&head, 1 << 20);
    mg_buf_init(&data, 1 << 20);
    const struct mg_chunk_rows none = {columns, 1, &row, 0}, many = {columns, 1, &row, MG_CHUNK_ROWS + 1},
                               wide = {columns, MG_CHUNK_COLUMNS_MAX + 1, &row, 1};
    assert_int_equal(mg_chunk_write(&none, &head, &data, &error), MG_E_LIMIT);
    assert_int_equal(mg_chunk_write(&many, &head, &data, &error), MG_E_LIMIT);
    assert_int_equal(mg_chunk_write(&wide, &head, &data, &error), MG_E_LIMIT);
    row.customer_id = "not an id";
    assert_int_equal(mg_chunk_write(&(struct mg_chunk_rows){columns, 1, &row, 1}, &head, &data, &error),
                     MG_E_INVALID);
    mg_buf_done(&head);
    mg_buf_done(&data);
}

/* Cut anywhere, or with any byte changed, the bytes are no chunk: both parts carry a checksum. */
static void test_damage_is_found(void **state)
{
    struct mg_chunk_row rows[40];
    struct mg_chunk chunk;
    (void)state;
    for (size_t i = 0; i < 40; i++)
        rows[i] = random_row(COLUMNS, 1, 2);
    rows[3].erased = true;
    struct written written = write_rows(&(struct mg_chunk_rows){columns, COLUMNS, rows, 40});
    for (int part = 0; part < 2; part++) {
        struct mg_buf *bytes = part ? &written.data : &written.head;
        size_t whole = bytes->len;
        for (bytes->len = 0; bytes->len < whole; bytes->len++)
            assert_int_equal(read_chunk(&written, &chunk, NULL), MG_E_ENGINE);
        for (size_t i = 0; i < whole; i++) {
            struct mg_error error = {0};
            bytes->data[i] ^= (char)(1 << i % 8);
            int rc = read_chunk(&written, &chunk, &error);
            bytes->data[i] ^= (char)(1 << i % 8);
            if (rc != MG_E_ENGINE)
                fail_msg("byte %zu of part %d: %d", i, part, rc);
            assert_string_equal(error.message, "A chunk of imported responses is damaged in the record.");
            assert_true(*error.hint);
        }
    }
    assert_int_equal(read_chunk(&written, &chunk, NULL), 0);
    free_written(&written);
}

/* The data of another chunk, with other rows, isn't this head's. */
static void test_parts_belong_together(void **state)
{
    struct mg_chunk_row rows[40];
    struct mg_chunk chunk;
    (void)state;
    for (size_t i = 0; i < 40; i++)
        rows[i] = random_row(COLUMNS, 1, 2);
    struct written one = write_rows(&(struct mg_chunk_rows){columns, COLUMNS, rows, 40});
    struct written other = write_rows(&(struct mg_chunk_rows){columns, COLUMNS, rows, 39});
    const struct written mixed = {one.head, other.data};
    assert_int_equal(read_chunk(&mixed, &chunk, NULL), MG_E_ENGINE);
    free_written(&one);
    free_written(&other);
}

static void test_a_full_arena_is_said(void **state)
{
    struct mg_chunk_row rows[40];
    struct mg_chunk chunk;
    struct mg_arena *small = mg_arena_new(2000);
    (void)state;
    for (size_t i = 0; i < 40; i++)
        rows[i] = random_row(COLUMNS, 1, 1);
    struct written written = write_rows(&(struct mg_chunk_rows){columns, COLUMNS, rows, 40});
    assert_int_equal(mg_chunk_read_head(small, written.head.data, written.head.len, &chunk, NULL), 0);
    assert_int_equal(mg_chunk_read_data(small, written.data.data, written.data.len, &chunk, NULL),
                     MG_E_NO_MEMORY);
    free_written(&written);
    mg_arena_free(small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_rows_are_read_as_they_were_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_erased_row_leaves_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_survey_takes_few_bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_limits_are_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_damage_is_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_parts_belong_together, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_full_arena_is_said, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
