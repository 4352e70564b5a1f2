/* Under what an analysis is kept: another organisation's unit, language or question never gets it, and new
 * data make it old. Who sees which units is decided in one place, whose part this file plays. */
#include "../../service/admin/fixture.h"
#include "../headers.h"

#include "api/door/cache.h"
#include "api/door/door.h"
#include "api/door/rate.h"
#include "api/door/router.h"
#include "api/private.h"
#include "column/engine.h"
#include "service/admin/caller.h"
#include "service/listen/columns.h"
#include "service/listen/response.h"
#include "service/record/study.h"

static struct mg_scope seen; /* by whoever calls next */

void mg_caller_set(struct mg_ctx *ctx, const struct mg_caller *caller)
{
    ctx->caller = *caller;
    ctx->scope = seen;
}

struct door {
    struct mg_api api;
    struct mg_login login;
    struct mg_request request;
    const char *study;
};

static void answer(struct door *d, struct fixture *f)
{
    json_t *answers = json_pack("{s:i,s:i}", "E1", 6, "P1", 5);
    struct mg_wire_response_create create = {.answers = answers};
    struct mg_wire_response_receipt receipt;
    SUCCEEDS(mg_listen_response_create(&f->ctx, d->study, &create, &receipt, &f->error));
    json_decref(answers);
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
}

static void begin(struct door *d, struct fixture *f)
{
    static const char document[] =
        "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},\"items\":[{\"code\":\"1\","
        "\"expectation\":\"E1\",\"perception\":\"P1\"}],\"groups\":[{\"column\":\"g\"}]}";
    struct mg_wire_study_edit edit = {.document = document};
    struct mg_wire_study study;
    set_up_owner(f, &d->login);
    f->ctx.columns.engine = &mg_column_duckdb;
    SUCCEEDS(mg_column_duckdb.open(NULL, 1, &f->ctx.columns.column, &f->error));
    SUCCEEDS(mg_record_study_create(&f->ctx, &edit, &study, &f->error));
    d->study = study.id;
    d->api.rates = mg_rates_new();
    d->api.cache = mg_cache_new(1 << 20);
    d->api.options.slow_seconds = 60;
    atomic_store(&d->api.engines_known, true);
    d->api.columns = f->ctx.columns;
    pthread_mutex_init(&d->api.lock, NULL);
    GIVEN({"mindgap_session", d->login.token}, {"X-CSRF-Token", d->login.session.csrf_token});
    seen = (struct mg_scope){0};
    answer(d, f);
}

static void end(struct door *d, struct fixture *f)
{
    mg_rates_free(d->api.rates);
    mg_cache_free(d->api.cache);
    mg_column_duckdb.close(f->ctx.columns.column);
}

/* Whether the overview came from what is kept; it is there in any case. */
static bool was_kept(struct door *d, struct fixture *f, const struct given *query, enum mg_lang lang)
{
    const struct mg_parameter parameter = {query ? query->name : "", query ? query->value : ""};
    d->request = (struct mg_request){.api = &d->api, .method = "GET", .ctx = f->ctx, .upload_fd = -1};
    const char *path = mg_arena_printf(f->ctx.arena, "/studies/%s/overview", d->study);
    d->request.ctx.lang = lang;
    d->request.target = mg_arena_printf(f->ctx.arena, "/api/v1%s", path);
    d->request.route = mg_router_find("GET", path).route;
    d->request.query = &parameter;
    d->request.n_query = query ? 1 : 0;
    mg_stop_init(&d->request.stop);
    bool kept = mg_dispatch_admit(&d->request) == MG_ADMITTED_DONE;
    if (!kept)
        mg_dispatch_work(&d->request);
    assert_int_equal(d->request.reply.status, 200);
    assert_non_null(d->request.reply.cached);
    mg_cache_release(d->request.reply.cached);
    mg_buf_done(&d->request.reply.buf);
    mg_stop_done(&d->request.stop);
    return kept;
}

static void units_do_not_share_what_is_kept(void **state)
{
    struct fixture *f = *state;
    struct door d = {0};
    begin(&d, f);
    static const struct mg_scope scopes[] = {{0, {""}}, {1, {"a"}}, {1, {"b"}}, {2, {"a", "b"}}, {1, {"ab"}}};
    for (size_t round = 0; round < 2; round++)
        for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++) {
            seen = scopes[i];
            assert_int_equal(was_kept(&d, f, NULL, MG_LANG_EN), round == 1);
        }
    end(&d, f);
}

static void another_question_is_another_answer(void **state)
{
    struct fixture *f = *state;
    struct door d = {0};
    begin(&d, f);
    static const struct given filter = {"filter", "g:x"}, other = {"filter", "g:y"};
    assert_false(was_kept(&d, f, NULL, MG_LANG_EN));
    assert_false(was_kept(&d, f, NULL, MG_LANG_ZH));
    assert_false(was_kept(&d, f, &filter, MG_LANG_EN));
    assert_false(was_kept(&d, f, &other, MG_LANG_EN));
    assert_true(was_kept(&d, f, &filter, MG_LANG_EN));
    assert_true(was_kept(&d, f, NULL, MG_LANG_ZH));
    answer(&d, f); /* new data */
    assert_false(was_kept(&d, f, NULL, MG_LANG_EN));
    assert_true(was_kept(&d, f, NULL, MG_LANG_EN));
    end(&d, f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(units_do_not_share_what_is_kept),
                                       TEST(another_question_is_another_answer)};
    return cmocka_run_group_tests_name("kept", tests, NULL, NULL);
}
