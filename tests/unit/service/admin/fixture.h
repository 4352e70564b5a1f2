/* A data folder of its own for each test, and a clock that the test sets. */
#ifndef TESTS_SERVICE_ADMIN_FIXTURE_H
#define TESTS_SERVICE_ADMIN_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service/admin/session.h"
#include "service/context.h"
#include "service/twice.h"

#define START_US ((int64_t)1768743600 * 1000000) /* 2026-01-18T13:40:00Z */
#define SECOND_US ((int64_t)1000000)

struct fixture {
    char dir[64];
    struct mg_ctx ctx;
    struct mg_error error;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    strcpy(f->dir, "/tmp/mg-admin-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    f->ctx.arena = mg_arena_new((size_t)64 << 20);
    f->ctx.clock = mg_clock_fixed(START_US);
    f->ctx.data_dir = f->dir;
    struct mg_store_options options = {.create = true};
    f->ctx.store_engine = STORE_ENGINE;
    if (mg_store_open(f->ctx.store_engine, f->dir, &options, &f->ctx.store, &f->error))
        fail_msg("%s", f->error.message);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    mg_store_close(f->ctx.store);
    mg_arena_free(f->ctx.arena);
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", f->dir);
    assert_int_equal(system(command), 0);
    free(f);
    return 0;
}

static inline void pass_time(struct fixture *f, int64_t us)
{
    f->ctx.clock.fixed_us += us;
}

#define SUCCEEDS(call)                                                                                       \
    do {                                                                                                     \
        if ((call) != 0)                                                                                     \
            fail_msg("%s: %s %s", #call, f->error.message, f->error.field);                                  \
    } while (0)

/* Sets up an organisation whose owner is owner@example.com, and becomes that owner. */
static inline void set_up_owner(struct fixture *f, struct mg_login *ret_login)
{
    struct mg_wire_setup_request request = {.organisation = "北辰热力",
                                            .name = "Wang Min",
                                            .email = "Owner@Example.com",
                                            .password = "correct horse battery"};
    SUCCEEDS(mg_setup(&f->ctx, &request, ret_login, &f->error));
    SUCCEEDS(mg_session_resolve(&f->ctx, ret_login->token, &f->error));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
