/* The columns follow the record: interleaved studies, lost columns, repeated entries, the thread; and studies
 * kept parsed. */
#include "fixture.h"

#include <pthread.h>
#include <unistd.h>

#include "columns_equal.h"
#include "service/record/cache.h"

static const char *other_study =
    "{\"study\":\"other\",\"scale\":{\"min\":1,\"max\":7},\"items\":[{\"code\":\"A\","
    "\"expectation\":\"E1\",\"perception\":\"P1\",\"adequate\":\"A1\"}]}";

static const char *answer(struct fixture *f, const char *study, const char *answers)
{
    struct mg_wire_response_receipt receipt;
    struct mg_wire_response_create create = {.answers = sent(f, answers), .wave = "W1"};
    SUCCEEDS(mg_listen_response_create(&f->ctx, study, &create, &receipt, &f->error));
    return receipt.id;
}

static struct mg_wire_import import_rows(struct fixture *f, const char *study, int n)
{
    struct mg_buf text;
    struct mg_wire_import import;
    mg_buf_init(&text, 1 << 22);
    mg_buf_puts(&text, "E1,P1\n");
    for (int i = 0; i < n; i++)
        mg_buf_printf(&text, "%d,%d\n", i % 7 + 1, i % 5 + 1);
    struct mg_listen_import_file request = {
        .path = write_file(f, "in.csv", text.data), .study_id = study, .again = true};
    SUCCEEDS(mg_listen_import_file(&f->ctx, &request, &import, &f->error));
    mg_buf_done(&text);
    return import;
}

static void interleaved_studies_keep_apart(void **state)
{
    struct fixture *f = *state;
    const char *a = add_study(f, small_study), *b = add_study(f, other_study);
    const char *erased = NULL;
    for (int i = 0; i < 30; i++) {
        erased = answer(f, a, "{\"E1\":5}");
        answer(f, b, "{\"A1\":2.5}");
    }
    SUCCEEDS(mg_listen_response_delete(&f->ctx, erased, &f->error));
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    assert_int_equal(count_columns(f, a), 29);
    assert_int_equal(count_columns(f, b), 30);
    int64_t lag;
    SUCCEEDS(mg_follower_lag(&f->ctx, &mg_listen_columns, &lag, &f->error));
    assert_int_equal(lag, 0);
}

/* Everything that can happen, then the columns' file goes. */
static void lost_columns_come_back_the_same(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    struct mg_wire_import kept = import_rows(f, study, 25000), undone = import_rows(f, study, 300);
    answer(f, study, "{\"E1\":5}");
    const char *erased = answer(f, study, "{\"E1\":6}");
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    SUCCEEDS(mg_listen_import_undo(&f->ctx, undone.id, &undone, &f->error));
    SUCCEEDS(mg_listen_response_delete(&f->ctx, erased, &f->error));
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    int64_t before = count_columns(f, study);
    assert_int_equal(before, kept.imported + 1);
    assert_int_equal(before, count_record(f, study));

    char id[27], path[128];
    strcpy(id, study);
    close_data(f);
    snprintf(path, sizeof path, "%s/columns.duckdb", f->dir);
    unlink(path);
    strcat(path, ".wal");
    unlink(path);
    open_data(f);
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    assert_int_equal(count_columns(f, id), before);
    SUCCEEDS(mg_follower_rebuild(&f->ctx, &mg_listen_columns, &f->error));
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    assert_int_equal(count_columns(f, id), before);
    /* What happens after a rebuild still arrives. */
    answer(f, id, "{\"E1\":7}");
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    assert_int_equal(count_columns(f, id), before + 1);
}

static void a_later_document_meets_earlier_entries(void **state)
{
    struct fixture *f = *state;
    const char *id = add_study(f, small_study);
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    answer(f, id, "{\"E1\":5}");
    struct mg_wire_study study;
    struct mg_wire_study_edit edit = {.document = other_study, .version = 1, .has_version = true};
    SUCCEEDS(mg_record_study_update(&f->ctx, id, &edit, &study,
                                    &f->error)); /* the table lacks A1 until its entry comes */
    answer(f, id, "{\"A1\":3}");
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    assert_int_equal(count_columns(f, id), 2);
}

static void the_thread_follows_by_itself(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    start_followers(f);
    answer(f, study, "{\"E1\":5}");
    int64_t lag = 1;
    for (int i = 0; i < 500 && lag; i++) {
        usleep(10000);
        SUCCEEDS(mg_follower_lag(&f->ctx, &mg_listen_columns, &lag, &f->error));
    }
    stop_followers(f);
    assert_int_equal(lag, 0);
    assert_int_equal(count_columns(f, study), 1);
}

static void who_asks_to_catch_up_finds_the_columns_level(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    start_followers(f);
    for (int i = 0; i < 5; i++) {
        answer(f, study, "{\"E1\":5}");
        mg_followers_catch_up(&f->ctx, study, 60);
        assert_int_equal(count_columns(f, study), i + 1);
    }
    stop_followers(f);
}

static void kept_studies_follow_their_versions(void **state)
{
    struct fixture *f = *state;
    f->ctx.studies = mg_study_cache_new();
    const char *id = add_study(f, small_study);
    answer(f, id, "{\"E1\":5}");
    answer(f, id, "{\"E1\":6}");
    struct mg_wire_study study;
    struct mg_wire_study_edit edit = {.document = other_study, .version = 1, .has_version = true};
    SUCCEEDS(mg_record_study_update(&f->ctx, id, &edit, &study, &f->error));
    answer(f, id, "{\"A1\":3}");
    struct mg_wire_response_receipt receipt;
    struct mg_wire_response_create create = {.answers = sent(f, "{\"E2\":3}")};
    assert_int_equal(mg_listen_response_create(&f->ctx, id, &create, &receipt, &f->error), MG_E_INVALID);
    for (int i = 0; i < MG_STUDY_CACHE_MAX + 6; i++) { /* more than are kept */
        const char *document = mg_arena_printf(f->ctx.arena,
                                               "{\"study\":\"s%d\",\"scale\":{\"min\":1,\"max\":7},\"items\":"
                                               "[{\"code\":\"A\",\"perception\":\"P\"}]}",
                                               i);
        answer(f, add_study(f, document), "{\"P\":3}");
    }
    answer(f, id, "{\"A1\":3}");
    char org[27];
    memcpy(org, f->ctx.caller.org_id, sizeof org);
    SUCCEEDS(mg_org_create(&f->ctx, "Other", false, f->ctx.caller.org_id, &f->error));
    create.answers = sent(f, "{\"A1\":3}");
    assert_int_equal(mg_listen_response_create(&f->ctx, id, &create, &receipt, &f->error), MG_E_NOT_FOUND);
    memcpy(f->ctx.caller.org_id, org, sizeof org);
    mg_study_cache_free(f->ctx.studies);
    f->ctx.studies = NULL;
}

struct hammer {
    struct fixture *f;
    const char *const *studies;
};

static void *intake(void *user)
{
    struct hammer *hammer = user;
    struct mg_ctx ctx = hammer->f->ctx;
    for (int i = 0; i < 100; i++) {
        struct mg_error error = {0};
        struct mg_wire_response_receipt receipt;
        ctx.arena = mg_arena_new((size_t)16 << 20);
        struct mg_wire_response_create create = {.answers = lent(ctx.arena, "{\"P\":3}")};
        assert_int_equal(mg_listen_response_create(&ctx, hammer->studies[i % 80], &create, &receipt, &error),
                         0);
        mg_arena_free(ctx.arena);
    }
    return NULL;
}

static void many_threads_share_the_kept_studies(void **state)
{
    struct fixture *f = *state;
    const char *studies[80];
    pthread_t threads[8];
    f->ctx.studies = mg_study_cache_new();
    for (int i = 0; i < 80; i++)
        studies[i] = add_study(
            f, mg_arena_printf(f->ctx.arena,
                               "{\"study\":\"s%d\",\"scale\":{\"min\":1,\"max\":7},\"items\":[{\"code\":"
                               "\"A\",\"perception\":\"P\"}]}",
                               i));
    struct hammer hammer = {f, studies};
    for (int i = 0; i < 8; i++)
        pthread_create(&threads[i], NULL, intake, &hammer);
    for (int i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    int64_t total = 0;
    for (int i = 0; i < 80; i++)
        total += count_columns(f, studies[i]);
    assert_int_equal(total, 800);
    mg_study_cache_free(f->ctx.studies);
    f->ctx.studies = NULL;
}

/* --- a study that changes while an import fills its part --- */

struct changing {
    struct fixture *f;
    const char *study, *from, *to; /* within the document */
    bool changed;
};

static int change_study(void *user, int64_t rows, double share)
{
    struct changing *c = user;
    struct fixture *f = c->f;
    (void)rows, (void)share;
    if (c->changed)
        return 0;
    c->changed = true;
    const char *at = strstr(small_study, c->from);
    struct mg_wire_study made;
    struct mg_wire_study_edit edit = {.document =
                                          mg_arena_printf(f->ctx.arena, "%.*s%s%s", (int)(at - small_study),
                                                          small_study, c->to, at + strlen(c->from)),
                                      .version = 1,
                                      .has_version = true};
    SUCCEEDS(mg_record_study_update(&f->ctx, c->study, &edit, &made, &f->error));
    mg_followers_catch_up(&f->ctx, c->study, 60); /* the table has its new shape before the part joins */
    return 0;
}

static void import_and_change(struct fixture *f, const char *from, const char *to)
{
    struct mg_buf text;
    struct mg_wire_import import;
    const char *study = add_study(f, small_study);
    struct changing changing = {.f = f, .study = study, .from = from, .to = to};
    mg_buf_init(&text, 1 << 22);
    mg_buf_puts(&text, "E1,P1,district,nps\n");
    for (int i = 0; i < 30000; i++)
        mg_buf_printf(&text, "%d,%d,%d,%d\n", i % 7 + 1, i % 5 + 1, i % 9, i % 11);
    struct mg_listen_import_file request = {.path = write_file(f, "in.csv", text.data),
                                            .study_id = study,
                                            .progress = change_study,
                                            .user = &changing};
    start_followers(f);
    SUCCEEDS(mg_listen_import_file(&f->ctx, &request, &import, &f->error));
    mg_buf_done(&text);
    mg_followers_catch_up(&f->ctx, study, 60);
    stop_followers(f);
    assert_true(changing.changed);
    int64_t waiting;
    SUCCEEDS(mg_follower_lag(&f->ctx, &mg_listen_columns, &waiting, &f->error));
    assert_int_equal(waiting, 0);
    assert_columns_equal_record(f, study);
}

static void a_study_may_lose_a_column_while_rows_come(void **state)
{
    import_and_change(*state, "\"groups\":[{\"column\":\"district\"}],", "");
}

static void it_may_gain_one(void **state)
{
    import_and_change(*state, "{\"column\":\"district\"}", "{\"column\":\"district\"},{\"column\":\"age\"}");
}

/* A group's column holds texts, an outcome's numbers. */
static void one_may_become_another_type(void **state)
{
    import_and_change(*state,
                      "\"outcomes\":[{\"code\":\"NPS\",\"kind\":\"nps\",\"column\":\"nps\"}],"
                      "\"groups\":[{\"column\":\"district\"}],",
                      "\"outcomes\":[{\"code\":\"NPS\",\"kind\":\"nps\",\"column\":\"district\"}],"
                      "\"groups\":[{\"column\":\"nps\"}],");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(interleaved_studies_keep_apart),
        TEST(lost_columns_come_back_the_same),
        TEST(a_later_document_meets_earlier_entries),
        TEST(the_thread_follows_by_itself),
        TEST(who_asks_to_catch_up_finds_the_columns_level),
        TEST(kept_studies_follow_their_versions),
        TEST(many_threads_share_the_kept_studies),
        TEST(a_study_may_lose_a_column_while_rows_come),
        TEST(it_may_gain_one),
        TEST(one_may_become_another_type),
    };
    return cmocka_run_group_tests_name("service/listen/columns", tests, NULL, NULL);
}
