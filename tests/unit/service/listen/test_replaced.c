/* The columns' file is replaced while followers have work in hand, and other things that happen in between.
 */
#include "fixture.h"

#include <unistd.h>

#include "column/duckdb/duck.h"
#include "column/engine.h"
#include "service/log/follower.h"
#include "service/record/customer.h"
#include "store/queries.gen.h"

#define ROWS 20000

static struct mg_wire_import import_rows(struct fixture *f, const char *study, int n,
                                         int (*progress)(void *user, int64_t rows, double share), void *user)
{
    struct mg_buf text;
    struct mg_wire_import import;
    mg_buf_init(&text, 1 << 24);
    mg_buf_puts(&text, "E1,P1,district,customer\n");
    for (int i = 0; i < n; i++)
        mg_buf_printf(&text, "%d,%d,d%d,c%d\n", i % 7 + 1, i % 5 + 1, i % 9, i % 100);
    struct mg_listen_import_file request = {.path = write_file(f, "in.csv", text.data),
                                            .study_id = study,
                                            .again = true,
                                            .progress = progress,
                                            .user = user};
    SUCCEEDS(mg_listen_import_file(&f->ctx, &request, &import, &f->error));
    mg_buf_done(&text);
    return import;
}

static struct mg_follower_state fares(struct fixture *f)
{
    const struct mg_follower_state *states;
    size_t n;
    SUCCEEDS(mg_follower_states(&f->ctx, &states, &n, &f->error));
    assert_int_equal(n, 1);
    return states[0];
}

/* Whatever the bulk lane was doing when the file went, in the end columns and record agree and nobody waits.
 */
static void a_file_that_goes_while_work_is_in_hand_comes_back(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    start_followers(f);
    for (int round = 0; round < 8; round++) {
        import_rows(f, study, ROWS, NULL, NULL);
        usleep((useconds_t)(round * 15000));
        mg_duck_note_damage(f->ctx.columns.column, "a block is bad");
        struct mg_follower_state now = {.held = 1};
        for (int i = 0; i < 600 && (now.held || count_columns(f, study) != (round + 1) * ROWS); i++) {
            usleep(100000);
            now = fares(f);
            assert_int_equal(now.set_aside, 0);
        }
        assert_int_equal(count_columns(f, study), (round + 1) * ROWS);
        assert_int_equal(count_record(f, study), (round + 1) * ROWS);
    }
    stop_followers(f);
}

/* An analysis that came in between would find nothing, or a part. */
static void a_lost_study_is_not_ready_until_it_is_made_anew(void **state)
{
    struct fixture *f = *state;
    struct mg_column_status status;
    const char *study = add_study(f, small_study), *answers = "{\"E1\":5}";
    struct mg_wire_response_receipt receipt;
    struct mg_wire_response_create create = {.answers = sent(f, answers)};
    import_rows(f, study, 3000, NULL, NULL);
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    SUCCEEDS(mg_listen_columns_ready(&f->ctx, study, &f->error));
    assert_non_null(mg_record_data_version(&f->ctx, study));
    mg_duck_note_damage(f->ctx.columns.column, "a block is bad");
    assert_int_equal(mg_listen_columns_ready(&f->ctx, study, &f->error), MG_E_BUSY);
    assert_null(mg_record_data_version(&f->ctx, study));
    SUCCEEDS(mg_column_duckdb.status(f->ctx.columns.column, true, &status, &f->error));
    assert_string_equal(status.problem, "a block is bad");
    assert_int_equal(status.set_aside, 1);
    SUCCEEDS(mg_listen_response_create(&f->ctx, study, &create, &receipt, &f->error));
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    SUCCEEDS(mg_listen_columns_ready(&f->ctx, study, &f->error));
    assert_int_equal(count_columns(f, study), 3001);
    SUCCEEDS(
        mg_follower_rebuild(&f->ctx, &mg_listen_columns, &f->error)); /* on request: what there is serves */
    SUCCEEDS(mg_listen_columns_ready(&f->ctx, study, &f->error));
}

/* --- a customer who is erased while an import that names them runs --- */

struct erasing {
    struct fixture *f;
    char id[27];
};

static int erase_midway(void *user, int64_t rows, double share)
{
    struct erasing *e = user;
    struct mg_ctx ctx = e->f->ctx;
    struct mg_sql_customer_find_row row;
    struct mg_error error = {0};
    struct mg_db *db;
    (void)share;
    if (e->id[0] || rows < ROWS / 2)
        return 0;
    ctx.arena = mg_arena_new(1 << 26);
    assert_int_equal(mg_store_read_begin(ctx.store, &db, &error), 0);
    int rc = mg_sql_customer_find(db, ctx.arena, ctx.caller.org_id, "c7", &row, &error);
    mg_store_read_end(ctx.store, db);
    if (rc == 0) {
        strcpy(e->id, row.id);
        assert_int_equal(mg_record_customer_delete(&ctx, e->id, &error), 0);
    }
    mg_arena_free(ctx.arena);
    return 0;
}

struct searching {
    const char *text;
    int64_t found;
};

static int search(void *user, const struct mg_row_batch *batch, struct mg_error *error)
{
    struct searching *s = user;
    (void)error;
    for (size_t i = 0; i < batch->n_rows; i++)
        s->found += batch->cells[i] && strcmp(batch->cells[i], s->text) == 0;
    return 0;
}

static void an_erased_customer_is_not_left_in_what_was_fed(void **state)
{
    struct fixture *f = *state;
    struct erasing erasing = {.f = f};
    static const char *const columns[] = {MG_RECORD_CUSTOMER};
    const char *study = add_study(f, small_study);
    start_followers(f);
    import_rows(f, study, 2 * ROWS, erase_midway, &erasing);
    mg_followers_catch_up(&f->ctx, study, 60);
    assert_string_not_equal(erasing.id, "");
    struct searching searching = {.text = erasing.id};
    struct mg_source source = {.table = mg_record_table_name(f->ctx.arena, study)};
    SUCCEEDS(mg_column_duckdb.scan(f->ctx.columns.column, &source, columns, 1, NULL, 0, 0, search, &searching,
                                   &f->error));
    stop_followers(f);
    assert_int_equal(count_columns(f, study), 2 * ROWS);
    assert_int_equal(searching.found, 0);
}

#undef TEST
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_that_goes_while_work_is_in_hand_comes_back),
        TEST(a_lost_study_is_not_ready_until_it_is_made_anew),
        TEST(an_erased_customer_is_not_left_in_what_was_fed),
    };
    return cmocka_run_group_tests_name("service/listen/replaced", tests, NULL, NULL);
}
