/* Reading that is asked to stop: before it began, and in the middle of a long query. The file is large enough
 * that describing it takes many steps; who asks does so as soon as the first query may run, and never later.
 */
#include "sheets_of_files.h"

#include <pthread.h>
#include <stdatomic.h>

#define WIDE 24
#define LONG 40000

static const struct mg_column_engine *const engine = &mg_column_duckdb;
static char path[64];

static int write_file(void **state)
{
    (void)state;
    struct mg_rng rng = mg_rng_init(3, 3);
    strcpy(path, "/tmp/mindgap-stop-XXXXXX");
    int fd = mkstemp(path);
    FILE *file = fdopen(fd, "w");
    assert_non_null(file);
    for (int c = 0; c < WIDE; c++)
        fprintf(file, "c%d%c", c, c + 1 < WIDE ? ',' : '\n');
    for (int r = 0; r < LONG; r++)
        for (int c = 0; c < WIDE; c++)
            fprintf(file, "%llu%c", (unsigned long long)mg_rng_below(&rng, 1000000),
                    c + 1 < WIDE ? ',' : '\n');
    fclose(file);
    return 0;
}

static int remove_file(void **state)
{
    (void)state;
    sheets_close();
    return unlink(path);
}

static struct mg_column *open_engine(void)
{
    struct mg_column *column = NULL;
    assert_int_equal(engine->open(NULL, 2, &column, NULL), 0);
    return column;
}

static int take_all(void *user, const struct mg_row_batch *batch, struct mg_error *error)
{
    (void)error;
    *(int64_t *)user += (int64_t)batch->n_rows;
    return 0;
}

/* Every way to read; the code it ends with. */
static int read_by(int way, struct mg_column *column, const struct mg_source *source, struct mg_error *error)
{
    static const char *const names[] = {"c0", "c1"};
    static const struct mg_moments_column ranges[] = {{.low = 0, .high = 1e6}, {.low = 0, .high = 1e6}};
    static const struct mg_moments_spec spec = {.columns = ranges, .n_columns = 2};
    struct mg_moments_request request = {.source = *source, .spec = &spec, .columns = names};
    struct mg_moments_result result;
    struct mg_source_info info;
    struct mg_count *counts;
    double *values;
    size_t n;
    int64_t rows = 0;
    struct mg_arena *arena = mg_arena_new(64 << 20);
    int rc = way == 0   ? engine->moments(column, arena, &request, &result, error)
             : way == 1 ? engine->describe(column, arena, source, &info, error)
             : way == 2 ? engine->scan(column, source, NULL, 0, NULL, 0, 0, take_all, &rows, error)
             : way == 3 ? engine->matrix(column, arena, &request, 1000000, &values, &n, error)
                        : engine->counts(column, arena, source, names, 1, NULL, NULL, 0, 1000000, &counts, &n,
                                         error);
    mg_arena_free(arena);
    return rc;
}

static void nothing_begins_once_asked(void **state)
{
    (void)state;
    struct mg_column *column = open_engine();
    struct mg_stop stop;
    mg_stop_init(&stop);
    struct mg_source source = sheet_source(path);
    source.stop = &stop;
    for (int way = 0; way < 5; way++)
        assert_int_equal(read_by(way, column, &source, NULL), 0);
    mg_stop_ask(&stop, MG_STOP_GONE);
    for (int way = 0; way < 5; way++) {
        struct mg_error error = {0};
        assert_int_equal(read_by(way, column, &source, &error), MG_E_CANCELLED);
        assert_string_equal(error.message, "The analysis was stopped.");
    }
    mg_stop_done(&stop);
    engine->close(column);
}

struct asker {
    struct mg_stop stop;
    unsigned delay_us; /* after the session is open */
    atomic_bool done;
};

/* Asks once a session is open, then ticks as a server's watcher does. */
static void *ask_when_entered(void *user)
{
    struct asker *asker = user;
    for (bool entered = false; !entered && !atomic_load(&asker->done);) {
        pthread_mutex_lock(&asker->stop.lock);
        entered = asker->stop.hooks != NULL;
        pthread_mutex_unlock(&asker->stop.lock);
        usleep(100);
    }
    usleep(asker->delay_us);
    mg_stop_ask(&asker->stop, MG_STOP_GONE);
    while (!atomic_load(&asker->done)) {
        mg_stop_tick(&asker->stop);
        usleep(1000);
    }
    return NULL;
}

static void a_long_query_ends_in_its_middle(void **state)
{
    (void)state;
    struct mg_column *column = open_engine();
    struct asker asker = {.done = false};
    pthread_t thread;
    mg_stop_init(&asker.stop);
    struct mg_source source = sheet_source(path);
    source.stop = &asker.stop;
    assert_int_equal(pthread_create(&thread, NULL, ask_when_entered, &asker), 0);
    struct mg_error error = {0};
    int rc = read_by(1, column, &source, &error);
    atomic_store(&asker.done, true);
    pthread_join(thread, NULL);
    assert_int_equal(rc, MG_E_CANCELLED);
    assert_null(asker.stop.hooks);
    const struct mg_source again = {.sheet = source.sheet, .name = path};
    assert_int_equal(read_by(1, column, &again, NULL), 0); /* the engine goes on */
    mg_stop_done(&asker.stop);
    engine->close(column);
}

/* Whenever it comes, it either stops the work or is too late, and our aggregate's states are let go. */
static void moments_may_be_stopped_at_any_moment(void **state)
{
    (void)state;
    struct mg_column *column = open_engine();
    const struct mg_source sheet = sheet_source(path);
    for (unsigned round = 0; round < 30; round++) {
        struct asker asker = {.delay_us = round * 1500, .done = false};
        pthread_t thread;
        mg_stop_init(&asker.stop);
        struct mg_source source = sheet;
        source.stop = &asker.stop;
        assert_int_equal(pthread_create(&thread, NULL, ask_when_entered, &asker), 0);
        int rc = read_by(0, column, &source, NULL);
        atomic_store(&asker.done, true);
        pthread_join(thread, NULL);
        assert_true(rc == 0 || rc == MG_E_CANCELLED);
        mg_stop_done(&asker.stop);
    }
    engine->close(column);
}

static void errors_call_a_file_by_its_label(void **state)
{
    (void)state;
    struct mg_column *column = open_engine();
    const struct mg_source missing = {.path = "/srv/secret/01ABC", .name = "survey.parquet"};
    for (int way = 0; way < 5; way++) {
        struct mg_error error = {0};
        assert_int_not_equal(read_by(way, column, &missing, &error), 0);
        assert_non_null(strstr(error.message, "survey.parquet"));
        assert_null(strstr(error.message, "secret"));
    }
    engine->close(column);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_begins_once_asked),
        cmocka_unit_test(a_long_query_ends_in_its_middle),
        cmocka_unit_test(moments_may_be_stopped_at_any_moment),
        cmocka_unit_test(errors_call_a_file_by_its_label),
    };
    return cmocka_run_group_tests_name("stop", tests, write_file, remove_file);
}
