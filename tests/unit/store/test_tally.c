/* Sums that many writes add to: whole, once a commit, without what failed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ulid.h"
#include "store/queries.gen.h"
#include "store/sqlite/sqlite.h"

#define ORG "01ARZ3NDEKTSV4RRFFQ69G5FAV"
#define STUDIES 100 /* more than one commit keeps sums for */
#define THREADS 16
#define WRITES 300

struct fixture {
    char dir[64];
    struct mg_store *store;
    struct mg_arena *arena;
    char studies[STUDIES][MG_ULID_SIZE];
};

static int calls; /* of add_to_count, all from the writer's thread */

static int add_to_count(struct mg_db *db, const char *key, int64_t n, struct mg_error *error)
{
    calls++;
    return mg_sql_study_count_add(db, key, n, NULL, error);
}

static int add_studies(struct mg_db *db, void *user, struct mg_error *error)
{
    struct fixture *f = user;
    int rc = mg_sql_org_insert(db, ORG, "One", 0, 1, NULL, error);
    for (int i = 0; i < STUDIES && rc == 0; i++) {
        mg_ulid_new(1, f->studies[i]);
        const struct mg_sql_study_insert_params study = {
            .id = f->studies[i], .org_id = ORG, .code = f->studies[i], .document = "{}", .now = 1};
        rc = mg_sql_study_insert(db, &study, NULL, error);
        if (rc == 0)
            rc = mg_sql_study_count_insert(db, f->studies[i], NULL, error);
    }
    return rc;
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    strcpy(f->dir, "/tmp/mg-tally-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    f->arena = mg_arena_new((size_t)64 << 20);
    struct mg_store_options options = {.create = true};
    assert_int_equal(mg_store_open(&mg_store_sqlite, f->dir, &options, &f->store, NULL), 0);
    assert_int_equal(mg_store_write(f->store, add_studies, f, NULL), 0);
    calls = 0;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    mg_store_close(f->store);
    mg_arena_free(f->arena);
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", f->dir);
    assert_int_equal(system(command), 0);
    free(f);
    return 0;
}

static int64_t counted(struct fixture *f, int study)
{
    struct mg_db *db;
    struct mg_sql_study_row row;
    assert_int_equal(mg_store_read_begin(f->store, &db, NULL), 0);
    assert_int_equal(mg_sql_study_get(db, f->arena, ORG, f->studies[study], &row, NULL), 0);
    mg_store_read_end(f->store, db);
    return row.single;
}

struct add {
    struct fixture *f;
    int from, to; /* studies */
    int64_t n;
    int rc; /* what the write ends with */
};

static int add(struct mg_db *db, void *user, struct mg_error *error)
{
    struct add *a = user;
    int rc = 0;
    for (int i = a->from; i < a->to && rc == 0; i++)
        rc = mg_db_tally(db, add_to_count, a->f->studies[i], a->n, error);
    return rc ? rc : a->rc;
}

static void a_write_adds_to_many_sums_at_once(void **state)
{
    struct fixture *f = *state;
    struct add a = {f, 0, STUDIES, 3, 0};
    assert_int_equal(mg_store_write(f->store, add, &a, NULL), 0);
    a = (struct add){f, 0, STUDIES, -1, 0};
    assert_int_equal(mg_store_write(f->store, add, &a, NULL), 0);
    for (int i = 0; i < STUDIES; i++)
        assert_int_equal(counted(f, i), 2);
}

static void *add_many(void *user)
{
    struct fixture *f = user;
    for (int i = 0; i < WRITES; i++) {
        struct add good = {f, 0, 2, 1, 0}, bad = {f, 1, 3, 1000, MG_E_INVALID};
        assert_int_equal(mg_store_write(f->store, add, i % 3 ? &good : &bad, NULL), i % 3 ? 0 : MG_E_INVALID);
    }
    return NULL;
}

static void what_failed_is_left_out_and_a_commit_writes_a_sum_once(void **state)
{
    struct fixture *f = *state;
    struct mg_store_stats before, after;
    pthread_t threads[THREADS];
    mg_store_stats(f->store, &before);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, add_many, f), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    mg_store_stats(f->store, &after);
    assert_int_equal(counted(f, 0), THREADS * WRITES * 2 / 3);
    assert_int_equal(counted(f, 1), THREADS * WRITES * 2 / 3);
    assert_int_equal(counted(f, 2), 0);
    assert_true(calls <= 2 * (after.commits - before.commits));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_write_adds_to_many_sums_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_failed_is_left_out_and_a_commit_writes_a_sum_once, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
