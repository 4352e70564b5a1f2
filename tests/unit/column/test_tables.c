/* Tables: typed rows replaced by id, all or nothing, durable. */
#include <signal.h>
#include <sys/wait.h>

#include "sample.h"

static const struct mg_column_engine *const engine = &mg_column_duckdb;
static char folder[64], path[96];

static const char *const names[] = {"E1", "它's \"名\"", "text", "at", "yes"};
static const struct mg_table_column columns[] = {{"E1", MG_TYPE_INTEGER},
                                                 {"它's \"名\"", MG_TYPE_NUMBER},
                                                 {"text", MG_TYPE_TEXT},
                                                 {"at", MG_TYPE_TIME},
                                                 {"yes", MG_TYPE_BOOLEAN}};

static struct mg_column *open_engine(void)
{
    struct mg_column *column = NULL;
    assert_int_equal(engine->open(path, 2, &column, NULL), 0);
    return column;
}

static struct mg_column *open_table(const char *table)
{
    struct mg_column *column = open_engine();
    struct mg_error error = {0};
    if (engine->table_ensure(column, table, columns, 5, &error))
        fail_msg("%s", error.message);
    return column;
}

static void apply(struct mg_column *column, const struct mg_table_row *rows, size_t n, int64_t watermark)
{
    struct mg_error error = {0};
    const struct mg_table_batch batch = {names, 5, rows, n};
    if (engine->table_apply(column, "answers", &batch, watermark, &error))
        fail_msg("%s", error.message);
}

struct dump {
    char text[4096];
    int64_t rows;
};

static int dump_batch(void *user, const struct mg_row_batch *batch, struct mg_error *error)
{
    struct dump *dump = user;
    (void)error;
    dump->rows += (int64_t)batch->n_rows;
    for (size_t i = 0; i < batch->n_rows * batch->n_columns; i++) {
        size_t used = strlen(dump->text);
        if (used < sizeof(dump->text) - 80)
            snprintf(dump->text + used, sizeof(dump->text) - used, "%.40s%s",
                     batch->cells[i] ? batch->cells[i] : "~", (i + 1) % batch->n_columns ? "|" : "\n");
    }
    return 0;
}

static struct dump scan(struct mg_column *column)
{
    struct dump dump = {0};
    struct mg_error error = {0};
    const struct mg_source source = {.table = "answers"};
    if (engine->scan(column, &source, NULL, 0, NULL, 0, 0, dump_batch, &dump, &error))
        fail_msg("%s", error.message);
    return dump;
}

static int64_t watermark_of(struct mg_column *column)
{
    int64_t sequence = -1;
    assert_int_equal(engine->table_mark(column, "answers", true, &sequence, NULL), 0);
    return sequence;
}

static const char *const first[] = {"5", "2.5", "a 'quoted' \"text\"", "2026-01-18T13:40:00Z", "true"};
static const char *const second[] = {"6", NULL, "张三", "2026-01-18", "0"};
static const char *const odd[] = {"five", "x", "", "yesterday", "maybe"};

static void rows_are_typed_replaced_and_erased(void **state)
{
    (void)state;
    struct mg_column *column = open_table("answers");
    const struct mg_table_row rows[] = {{"a", 1, false, first, NULL}, {"b", 2, false, odd, NULL}};
    apply(column, rows, 2, 2);
    assert_string_equal(scan(column).text, "5|2.5|a 'quoted' \"text\"|2026-01-18 13:40:00|true\n~|~||~|~\n");
    const struct mg_table_row later[] = {{"a", 4, false, second, NULL}, {"b", 3, true, NULL, NULL}};
    apply(column, later, 2, 4);
    assert_string_equal(scan(column).text, "6|~|张三|2026-01-18 00:00:00|false\n");
    assert_int_equal((int)watermark_of(column), 4);
    engine->close(column);
    column = open_engine(); /* and it is still there */
    assert_string_equal(scan(column).text, "6|~|张三|2026-01-18 00:00:00|false\n");
    assert_int_equal(engine->table_drop(column, "answers", NULL), 0);
    assert_int_equal((int)watermark_of(column), -1);
    engine->close(column);
}

/* Typed values as they are; what a column can't hold is missing, a text is read as one in cells is. */
static void values_come_typed(void **state)
{
    (void)state;
    struct mg_column *column = open_table("answers");
    const struct mg_datum good[] = {mg_datum_number(5), mg_datum_number(0.1), mg_datum_text("张三"),
                                    mg_datum_time(1768743600000000), mg_datum_text("true")},
                          read[] = {mg_datum_text("7"),
                                    mg_datum_number(INFINITY),
                                    mg_datum_text(""),
                                    mg_datum_text("2026-01-18"),
                                    {0}},
                          none[] = {mg_datum_number(1.5),
                                    {0},
                                    mg_datum_number(3),
                                    mg_datum_number(3),
                                    mg_datum_number(1)},
                          far[] = {mg_datum_number(1e19), mg_datum_time(5), mg_datum_time(5),
                                   mg_datum_time(0), mg_datum_time(0)};
    const struct mg_table_row rows[] = {{"a", 1, false, NULL, good},
                                        {"b", 2, false, NULL, read},
                                        {"c", 3, false, NULL, none},
                                        {"d", 4, false, NULL, far}};
    apply(column, rows, 4, 4);
    assert_string_equal(scan(column).text, "5|0.1|张三|2026-01-18 13:40:00|true\n"
                                           "7|inf||2026-01-18 00:00:00|~\n"
                                           "~|~|~|~|~\n"
                                           "~|~|~|1970-01-01 00:00:00|~\n");
    assert_int_equal(engine->table_drop(column, "answers", NULL), 0);
    engine->close(column);
}

/* Batches applied again change nothing, whether one by one or at once, and however often a crash repeats
 * them. */
static void applying_is_idempotent(void **state)
{
    (void)state;
    static const struct mg_table_row history[] = {
        {"a", 1, false, first, NULL}, {"b", 2, false, first, NULL}, {"a", 3, false, second, NULL},
        {"b", 4, true, NULL, NULL},   {"c", 5, true, NULL, NULL},
    };
    for (int at_once = 0; at_once < 2; at_once++) {
        struct mg_column *column = open_table("answers");
        for (int again = 0; again < 5; again++) { /* all of it, then only a tail: as after a crash */
            for (int i = again; i < 5 && !at_once; i++)
                apply(column, &history[i], 1, history[i].sequence);
            if (at_once)
                apply(column, &history[again], (size_t)(5 - again), 5);
            assert_string_equal(scan(column).text, "6|~|张三|2026-01-18 00:00:00|false\n");
            assert_int_equal((int)watermark_of(column), 5);
        }
        engine->table_drop(column, "answers", NULL);
        engine->close(column);
    }
}

static void fill(struct mg_column *column, const char *part, const struct mg_table_row *rows, size_t n)
{
    struct mg_error error = {0};
    if (engine->part_add(column, part, &(struct mg_table_batch){names, 5, rows, n}, &error))
        fail_msg("%s", error.message);
}

/* A part is seen by nobody until it joins, and joins once. */
static void parts_join_at_once_and_once(void **state)
{
    (void)state;
    struct mg_column *column = open_table("answers");
    struct mg_arena *arena = mg_arena_new(1 << 20);
    const struct mg_table_row before = {"a", 1, false, first, NULL},
                              rows[] = {{"b", 0, false, first, NULL}, {"c", 0, false, second, NULL}};
    const char **parts = NULL;
    size_t n_parts = 0;
    int64_t n = 0;
    apply(column, &before, 1, 1);
    assert_int_equal(engine->part_rows(column, "p", 0, &n, NULL), 0);
    assert_int_equal((int)n, -1);
    assert_int_equal(engine->part_begin(column, "p", columns, 5, NULL), 0);
    fill(column, "p", rows, 1);
    fill(column, "p", rows + 1, 1);
    assert_int_equal(engine->part_rows(column, "p", 0, &n, NULL), 0);
    assert_int_equal((int)n, 2);
    assert_int_equal(engine->part_rows(column, "p", 7, &n, NULL), 0); /* of another writer */
    assert_int_equal((int)n, 0);
    assert_int_equal((int)scan(column).rows, 1);
    engine->close(column);
    column = open_engine(); /* it outlives the process */
    assert_int_equal(engine->part_list(column, arena, &parts, &n_parts, NULL), 0);
    assert_int_equal((int)n_parts, 1);
    assert_string_equal(parts[0], "p");
    assert_int_equal(engine->part_join(column, "p", "answers", NULL, 9, NULL), 0);
    assert_int_equal((int)scan(column).rows, 3);
    assert_int_equal((int)watermark_of(column), 9);
    assert_int_equal(engine->part_begin(column, "p", columns, 5, NULL), 0);
    fill(column, "p", rows, 2);
    assert_int_equal(engine->part_join(column, "p", "answers", NULL, 9, NULL), 0); /* the same entry again */
    assert_int_equal((int)scan(column).rows, 3);
    assert_int_equal(engine->part_list(column, arena, &parts, &n_parts, NULL), 0);
    assert_int_equal((int)n_parts, 0);
    assert_int_equal(engine->table_remove(column, "answers", "text", "张三", 9, NULL),
                     0); /* applied already */
    assert_int_equal((int)scan(column).rows, 3);
    assert_int_equal(engine->table_remove(column, "answers", "text", "张三", 10, NULL), 0);
    assert_int_equal((int)scan(column).rows, 2);
    engine->table_drop(column, "answers", NULL);
    mg_arena_free(arena);
    engine->close(column);
}

static int64_t rows_in_part(struct mg_column *column)
{
    int64_t n = -2;
    assert_int_equal(engine->part_rows(column, "p", 0, &n, NULL), 0);
    return n;
}

/* Many batches are one transaction; two of the engine's row groups are committed on the way. */
static void many_batches_go_in_few_transactions(void **state)
{
    (void)state;
    enum { ROWS = 4096, COMMITTED = 60, BATCHES = 61 };
    static struct mg_table_row rows[ROWS];
    static const char *const wrong[] = {"E1", "it's \"名\"", "text", "at", "nowhere"};
    const struct mg_table_batch batch = {names, 5, rows, ROWS}, other = {wrong, 5, rows, ROWS};
    struct mg_column *column = open_table("answers");
    struct mg_part_writer *writer = NULL;
    struct mg_error error = {0};
    for (size_t i = 0; i < ROWS; i++)
        rows[i] = (struct mg_table_row){"a", 0, false, i % 2 ? first : second, NULL};
    assert_int_equal(engine->part_begin(column, "p", columns, 5, NULL), 0);
    assert_int_equal(engine->part_open(column, "p", &writer, NULL), 0);
    for (int i = 1; i <= BATCHES; i++) {
        assert_int_equal(engine->part_put(writer, &batch, NULL), 0);
        assert_int_equal((int)rows_in_part(column), i < COMMITTED ? 0 : COMMITTED * ROWS);
    }
    assert_int_equal(engine->part_close(writer, 0, NULL), 0);
    assert_int_equal((int)rows_in_part(column), BATCHES * ROWS);
    assert_int_equal(engine->part_open(column, "p", &writer, NULL), 0);
    assert_int_equal(engine->part_put(writer, &batch, NULL), 0);
    assert_int_equal(engine->part_close(writer, MG_E_FULL, NULL), MG_E_FULL); /* given up */
    assert_int_equal((int)rows_in_part(column), BATCHES * ROWS);
    assert_int_equal(engine->part_open(column, "p", &writer, NULL), 0);
    assert_int_not_equal(engine->part_put(writer, &other, &error), 0);
    assert_int_equal(engine->part_close(writer, MG_E_ENGINE, NULL), MG_E_ENGINE);
    assert_int_equal(engine->part_join(column, "p", "answers", NULL, 9, NULL), 0);
    assert_int_equal((int)scan(column).rows, BATCHES * ROWS);
    engine->table_drop(column, "answers", NULL);
    engine->close(column);
}

/* Whichever of the two has more rows, and whatever else the table has. */
static void a_join_moves_the_fewer_rows(void **state)
{
    (void)state;
    const struct mg_table_row before[] = {{"a", 1, false, first, NULL}, {"b", 2, false, second, NULL}};
    const struct mg_table_row rows[] = {
        {"c", 0, false, first, NULL}, {"d", 0, false, first, NULL}, {"e", 0, false, second, NULL}};
    const struct mg_table_row last = {"a", 10, false, second, NULL};
    const struct mg_table_column more[] = {{"added", MG_TYPE_TEXT}};
    for (size_t has = 0; has <= 2; has++)
        for (size_t comes = 0; comes <= 3; comes++)
            for (int wider = 0; wider < 2; wider++) {
                struct mg_column *column = open_table("answers");
                int64_t n = 0;
                apply(column, before, has, 2);
                if (wider)
                    assert_int_equal(engine->table_ensure(column, "answers", more, 1, NULL), 0);
                assert_int_equal(engine->part_begin(column, "p", columns, 5, NULL), 0);
                fill(column, "p", rows, comes);
                assert_int_equal(engine->part_join(column, "p", "answers", NULL, 9, NULL), 0);
                assert_int_equal((int)scan(column).rows, (int)(has + comes));
                assert_int_equal(engine->part_rows(column, "p", 0, &n, NULL), 0);
                assert_int_equal((int)n, -1);
                engine->close(column);
                column = open_engine();
                assert_int_equal((int)watermark_of(column), 9);
                assert_int_equal((int)scan(column).rows, (int)(has + comes));
                apply(column, &last, 1, 10); /* replaced by its id, wherever it went */
                assert_int_equal((int)scan(column).rows, (int)(has + comes + (has == 0)));
                engine->table_drop(column, "answers", NULL);
                engine->close(column);
            }
}

/* Rows that leave as others come, once; those that come may be there already. */
static void rows_change_places(void **state)
{
    (void)state;
    const struct mg_table_row before[] = {
        {"a", 1, false, first, NULL}, {"b", 2, false, second, NULL}, {"c", 2, false, first, NULL}};
    const struct mg_table_row gone = {"a", 0, false, odd, NULL}, came = {"d", 0, false, second, NULL};
    const struct mg_table_row back[] = {{"a", 0, false, first, NULL}, {"c", 0, false, first, NULL}};
    const struct mg_table_leaving leaving = {.part = "gone"},
                                  undone = {.name = "text", .value = "张三", .own = true};
    struct mg_column *column = open_table("answers");
    apply(column, before, 3, 2);
    for (int again = 0; again < 2; again++) {
        int64_t n = 0;
        assert_int_equal(engine->part_begin(column, "p", columns, 5, NULL), 0);
        fill(column, "p", &came, 1);
        assert_int_equal(engine->part_begin(column, "gone", columns, 5, NULL), 0);
        fill(column, "gone", &gone, 1);
        assert_int_equal(engine->part_join(column, "p", "answers", &leaving, 9, NULL), 0);
        assert_int_equal((int)scan(column).rows, 3);
        assert_int_equal(engine->part_rows(column, "p", 0, &n, NULL), 0);
        assert_int_equal((int)n, -1);
        assert_int_equal(engine->part_rows(column, "gone", 0, &n, NULL), 0);
        assert_int_equal((int)n, -1);
    }
    engine->close(column);
    column = open_engine();
    assert_int_equal(engine->part_begin(column, "p", columns, 5, NULL), 0);
    fill(column, "p", back, 2);
    assert_int_equal(engine->part_join(column, "p", "answers", &undone, 10, NULL), 0);
    assert_int_equal((int)scan(column).rows, 2); /* b and d held the text; c was there */
    assert_int_equal((int)watermark_of(column), 10);
    engine->table_drop(column, "answers", NULL);
    engine->close(column);
}

static void a_part_takes_the_place_of_a_table(void **state)
{
    (void)state;
    struct mg_column *column = open_engine();
    const struct mg_table_row old = {"a", 1, false, first, NULL}, new = {"b", 0, false, second, NULL};
    assert_int_equal(engine->table_ensure(column, "answers", columns, 5, NULL), 0);
    apply(column, &old, 1, 7);
    assert_int_equal(engine->part_begin(column, "p", columns, 5, NULL), 0);
    fill(column, "p", &new, 1);
    assert_int_equal(engine->part_replace(column, "p", "answers", 6, NULL), 0); /* older than what is there */
    assert_string_equal(scan(column).text, "5|2.5|a 'quoted' \"text\"|2026-01-18 13:40:00|true\n");
    for (int again = 0; again < 2; again++) { /* a rebuild may say what is there already */
        assert_int_equal(engine->part_begin(column, "p", columns, 5, NULL), 0);
        fill(column, "p", &new, 1);
        assert_int_equal(engine->part_replace(column, "p", "answers", 8, NULL), 0);
        assert_string_equal(scan(column).text, "6|~|张三|2026-01-18 00:00:00|false\n");
        assert_int_equal((int)watermark_of(column), 8);
    }
    engine->close(column);
    column = open_engine();
    assert_int_equal((int)watermark_of(column), 8);
    assert_int_equal((int)scan(column).rows, 1);
    engine->table_drop(column, "answers", NULL);
    engine->close(column);
}

static void a_failed_batch_leaves_nothing(void **state)
{
    (void)state;
    struct mg_column *column = open_table("answers");
    static const char *const wrong[] = {"E1", "no such column"};
    const struct mg_table_row rows[] = {{"a", 7, false, first, NULL}};
    struct mg_error error = {0};
    assert_true(
        engine->table_apply(column, "answers", &(struct mg_table_batch){wrong, 2, rows, 1}, 7, &error) < 0);
    assert_true(error.message[0]);
    assert_int_equal((int)scan(column).rows, 0);
    assert_int_equal((int)watermark_of(column), 0);
    const char *const broken[] = {"1", "1", "\xff\xfe", NULL, NULL};
    const struct mg_table_row bad[] = {{"a", 8, false, first, NULL}, {"b", 9, false, broken, NULL}};
    assert_true(
        engine->table_apply(column, "answers", &(struct mg_table_batch){names, 5, bad, 2}, 9, &error) < 0);
    assert_int_equal((int)scan(column).rows, 0);
    apply(column, rows, 1, 7); /* and it goes on */
    assert_int_equal((int)scan(column).rows, 1);
    engine->table_drop(column, "answers", NULL);
    engine->close(column);
}

static void columns_may_be_added(void **state)
{
    (void)state;
    struct mg_column *column = open_engine();
    static const char *const one[] = {"E1"}, *const cells[] = {"3"};
    const struct mg_table_row row = {"a", 1, false, cells, NULL};
    assert_int_equal(engine->table_ensure(column, "answers", columns, 1, NULL), 0);
    assert_int_equal(
        engine->table_apply(column, "answers", &(struct mg_table_batch){one, 1, &row, 1}, 1, NULL), 0);
    assert_int_equal(engine->table_ensure(column, "answers", columns, 5, NULL), 0);
    assert_int_equal(engine->table_ensure(column, "answers", columns, 5, NULL), 0);
    assert_string_equal(scan(column).text, "3|~|~|~|~\n");
    engine->table_drop(column, "answers", NULL);
    engine->close(column);
}

static void hostile_table_names_stay_names(void **state)
{
    (void)state;
    static const char *const hostile[] = {"x\"; DROP TABLE answers; --", "it's", "回答 表", "select"};
    struct mg_column *column = open_table("answers");
    for (size_t i = 0; i < ARRAY_LEN(hostile); i++) {
        const struct mg_source source = {.table = hostile[i]};
        const struct mg_table_row row = {"a", 1, false, first, NULL};
        struct dump dump = {0};
        struct mg_error error = {0};
        assert_int_equal(engine->scan(column, &source, NULL, 0, NULL, 0, 0, dump_batch, &dump, &error),
                         MG_E_NOT_FOUND);
        assert_int_equal(engine->table_ensure(column, hostile[i], columns, 5, &error), 0);
        if (engine->table_apply(column, hostile[i], &(struct mg_table_batch){names, 5, &row, 1}, 1, &error))
            fail_msg("%s", error.message);
        assert_int_equal(engine->scan(column, &source, NULL, 0, NULL, 0, 0, dump_batch, &dump, &error), 0);
        assert_int_equal((int)dump.rows, 1);
        assert_int_equal(engine->table_drop(column, hostile[i], &error), 0);
    }
    assert_int_equal(engine->table_drop(column, "answers", NULL), 0);
    assert_int_equal(engine->table_drop(column, "answers", NULL), 0); /* absent is fine */
    assert_int_equal(engine->table_ensure(column, "mg_mark", columns, 1, NULL), MG_E_INVALID);
    engine->close(column);
}

/* Moments over a table; applied twice it is the same; system columns stay out of sight. */
static void wide_batches_and_moments(void **state)
{
    (void)state;
    enum { COLUMNS = 50, ROWS = 20000 };
    static char text[COLUMNS][8], ids[ROWS][16];
    static const char *list[COLUMNS], *cells[7][COLUMNS];
    static const char *const digits[] = {"1", "2", "3", "4", "5", "6", "7"};
    struct mg_table_column wide[COLUMNS];
    struct mg_table_row *rows = calloc(ROWS, sizeof(*rows));
    struct mg_moments_column scales[COLUMNS];
    struct mg_column *column = open_engine();
    struct mg_arena *arena = mg_arena_new(64 << 20);

    for (int c = 0; c < COLUMNS; c++) {
        snprintf(text[c], sizeof(text[c]), "E%02d", c);
        list[c] = text[c];
        wide[c] = (struct mg_table_column){text[c], MG_TYPE_INTEGER};
        scales[c] = (struct mg_moments_column){.low = 1, .high = 7};
        for (int v = 0; v < 7; v++)
            cells[v][c] = digits[(v + c) % 7];
    }
    for (int r = 0; r < ROWS; r++) {
        snprintf(ids[r], sizeof(ids[r]), "id%08d", r);
        rows[r] = (struct mg_table_row){ids[r], r + 1, false, cells[r % 7], NULL};
    }
    assert_int_equal(engine->table_ensure(column, "answers", wide, COLUMNS, NULL), 0);
    for (int twice = 0; twice < 2; twice++)
        assert_int_equal(engine->table_apply(column, "answers",
                                             &(struct mg_table_batch){list, COLUMNS, rows, ROWS}, ROWS, NULL),
                         0);
    const struct mg_moments_spec spec = {.columns = scales, .n_columns = COLUMNS};
    const struct mg_moments_request request = {
        .source = {.table = "answers"}, .spec = &spec, .columns = list, .buckets = 8};
    struct mg_moments_result result;
    struct mg_error error = {0};
    if (engine->moments(column, arena, &request, &result, &error))
        fail_msg("%s", error.message);
    assert_int_equal((int)result.n_groups, 8);
    double n = 0, sum = 0, expected = 0;
    for (size_t g = 0; g < 8; g++) {
        n += mg_moments_count(result.groups[g].moments, 0, 1);
        sum += mg_moments_mean(result.groups[g].moments, 0, 1) *
               mg_moments_count(result.groups[g].moments, 0, 1);
    }
    for (int r = 0; r < ROWS; r++)
        expected += 1 + r % 7;
    assert_true(n == ROWS && fabs(sum - expected) < 1e-6);
    struct mg_source_info info;
    const struct mg_source source = {.table = "answers"};
    assert_int_equal(engine->describe(column, arena, &source, &info, &error), 0);
    assert_int_equal((int)info.n_columns, COLUMNS);
    assert_int_equal((int)info.rows, ROWS);
    assert_int_equal(engine->table_drop(column, "answers", NULL), 0);
    free(rows);
    mg_arena_free(arena);
    engine->close(column);
}

/* A table that isn't there is empty, a column that it lacks is missing: no analysis has to wait for either.
 */
static void what_is_missing_is_empty(void **state)
{
    (void)state;
    struct mg_column *column = open_engine();
    struct mg_arena *arena = mg_arena_new(1 << 24);
    struct mg_source source = {.table = "answers", .columns = columns, .n_columns = 5};
    struct mg_source_info info;
    struct mg_count *counts;
    struct mg_error error = {0};
    size_t n = 1;
    static const char *const by[] = {"text"}, *const one[] = {"E1"}, *const cells[] = {"3"};
    const struct mg_table_row row = {"a", 1, false, cells, NULL};
    assert_int_equal(engine->describe(column, arena, &source, &info, &error), 0);
    assert_int_equal((int)info.n_columns, 5);
    assert_int_equal((int)info.rows, 0);
    assert_int_equal(engine->counts(column, arena, &source, by, 1, NULL, NULL, 0, 10, &counts, &n, &error),
                     0);
    assert_int_equal((int)n, 0);
    assert_int_equal(engine->table_ensure(column, "answers", columns, 1, NULL), 0);
    assert_int_equal(
        engine->table_apply(column, "answers", &(struct mg_table_batch){one, 1, &row, 1}, 1, NULL), 0);
    if (engine->counts(column, arena, &source, by, 1, NULL, NULL, 0, 10, &counts, &n, &error))
        fail_msg("%s", error.message);
    assert_int_equal((int)n, 1);
    assert_null(counts[0].keys[0]);
    source.columns = NULL;
    assert_int_equal(engine->counts(column, arena, &source, by, 1, NULL, NULL, 0, 10, &counts, &n, &error),
                     MG_E_NOT_FOUND);
    engine->table_drop(column, "answers", NULL);
    mg_arena_free(arena);
    engine->close(column);
}

static int64_t rows_in(struct mg_column *column)
{
    struct mg_arena *arena = mg_arena_new(1 << 24);
    const struct mg_source source = {.table = "answers", .columns = columns, .n_columns = 5};
    struct mg_source_info info;
    struct mg_error error = {0};
    if (engine->describe(column, arena, &source, &info, &error))
        fail_msg("%s", error.message);
    mg_arena_free(arena);
    return info.rows;
}

/* Whatever is written, joined, swapped or dropped meanwhile, a snapshot stays as it was. */
static void a_snapshot_stays_as_it_was(void **state)
{
    (void)state;
    struct mg_column *column = open_table("answers"), *before = NULL, *after = NULL;
    const struct mg_table_row rows[] = {{"a", 1, false, first, NULL}, {"b", 2, false, second, NULL}};
    int64_t mark = -1;
    apply(column, rows, 1, 1);
    assert_int_equal(engine->snapshot(column, &before, NULL), 0);
    assert_int_equal((int)rows_in(before), 1);
    apply(column, rows + 1, 1, 2);
    assert_int_equal(engine->snapshot(column, &after, NULL), 0);
    assert_int_equal((int)rows_in(after), 2);
    assert_int_equal(engine->part_begin(column, "p", columns, 5, NULL), 0);
    assert_int_equal(engine->part_replace(column, "p", "answers", 3, NULL), 0);
    assert_int_equal((int)rows_in(column), 0);
    assert_int_equal(engine->table_drop(column, "answers", NULL), 0);
    assert_int_equal((int)rows_in(before), 1);
    assert_int_equal(engine->table_mark(before, "answers", true, &mark, NULL), 0);
    assert_int_equal((int)mark, 1);
    assert_int_equal((int)rows_in(after), 2);
    assert_int_equal(engine->table_mark(after, "answers", true, &mark, NULL), 0);
    assert_int_equal((int)mark, 2);
    engine->close(before);
    engine->close(after);
    assert_int_equal(engine->table_mark(column, "answers", true, &mark, NULL), 0);
    assert_int_equal((int)mark, -1);
    engine->close(column);
}

/* Kills a process at random moments while it applies batches of 1000: after each kill the table holds whole
 * batches up to the watermark and nothing else. */
static void apply_until_killed(int progress)
{
    static char ids[1000][24];
    struct mg_table_row rows[1000];
    struct mg_column *column = NULL;
    int64_t sequence = 0;
    if (engine->open(path, 2, &column, NULL) || engine->table_ensure(column, "answers", columns, 5, NULL) ||
        engine->table_mark(column, "answers", true, &sequence, NULL))
        _exit(1);
    for (;;) {
        for (int r = 0; r < 1000; r++) {
            snprintf(ids[r], sizeof(ids[r]), "id%lld", (long long)++sequence);
            rows[r] = (struct mg_table_row){ids[r], sequence, false, r % 2 ? first : second, NULL};
        }
        if (engine->table_apply(column, "answers", &(struct mg_table_batch){names, 5, rows, 1000}, sequence,
                                NULL) ||
            write(progress, "1", 1) != 1)
            _exit(1);
    }
}

static void a_kill_leaves_whole_batches(void **state)
{
    (void)state;
    struct mg_rng rng = mg_rng_init(3, 3);
    int64_t last = 0;
    for (int kill_no = 0; kill_no < 12; kill_no++) {
        int progress[2];
        char byte;
        assert_int_equal(pipe(progress), 0);
        pid_t child = fork();
        if (child == 0)
            apply_until_killed(progress[1]);
        close(progress[1]);
        if (kill_no % 2) /* every other one dies while it opens the database or in its first batch */
            assert_int_equal((int)read(progress[0], &byte, 1), 1);
        usleep((useconds_t)mg_rng_below(&rng, 120000));
        kill(child, SIGKILL);
        close(progress[0]);
        int status;
        waitpid(child, &status, 0);
        assert_true(WIFSIGNALED(status)); /* it died of the kill, not of an error */
        struct mg_column *column = open_table("answers");
        int64_t watermark = watermark_of(column);
        assert_int_equal((int)(watermark % 1000), 0);
        assert_int_equal((int)scan(column).rows, (int)watermark);
        assert_true(watermark >= last);
        last = watermark;
        engine->close(column);
    }
    assert_true(last >= 6000);
}

static int set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/mindgap-tables-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/columns.duckdb", folder);
    return 0;
}

static int tear_down(void **state)
{
    char wal[128];
    (void)state;
    snprintf(wal, sizeof(wal), "%s.wal", path);
    unlink(wal);
    unlink(path);
    snprintf(wal, sizeof(wal), "%s.tmp", path);
    rmdir(wal);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_typed_replaced_and_erased),
        cmocka_unit_test(values_come_typed),
        cmocka_unit_test(applying_is_idempotent),
        cmocka_unit_test(parts_join_at_once_and_once),
        cmocka_unit_test(many_batches_go_in_few_transactions),
        cmocka_unit_test(a_join_moves_the_fewer_rows),
        cmocka_unit_test(rows_change_places),
        cmocka_unit_test(a_part_takes_the_place_of_a_table),
        cmocka_unit_test(a_failed_batch_leaves_nothing),
        cmocka_unit_test(columns_may_be_added),
        cmocka_unit_test(hostile_table_names_stay_names),
        cmocka_unit_test(wide_batches_and_moments),
        cmocka_unit_test(what_is_missing_is_empty),
        cmocka_unit_test(a_snapshot_stays_as_it_was),
        cmocka_unit_test(a_kill_leaves_whole_batches),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
