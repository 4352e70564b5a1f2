/* A data folder with record and columns, one organisation, and the calls that every test of the listen stage
 * needs. */
#ifndef TEST_LISTEN_FIXTURE_H
#define TEST_LISTEN_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "column/engine.h"
#include "service/admin/user.h"
#include "service/listen/columns.h"
#include "service/listen/import.h"
#include "service/listen/response.h"
#include "service/record/study.h"
#include "service/twice.h"

#define SUCCEEDS(call)                                                                                       \
    do {                                                                                                     \
        if ((call) != 0)                                                                                     \
            fail_msg("%s: %s [%s] %s", #call, f->error.message, f->error.field, f->error.hint);              \
    } while (0)

struct fixture {
    char dir[64];
    struct mg_ctx ctx;
    struct mg_error error;
};

static const char *const small_study =
    "{\"study\":\"heat\",\"title\":{\"en\":\"Heating\",\"zh-CN\":\"供热\"},\"scale\":{\"min\":1,\"max\":7,"
    "\"step\":1},"
    "\"items\":["
    "{\"code\":\"WARM\",\"label\":{\"en\":\"Warm rooms\"},\"expectation\":\"E1\",\"perception\":\"P1\"},"
    "{\"code\":\"FAST\",\"label\":{\"en\":\"Fast repair\"},\"expectation\":\"E2\",\"perception\":\"P2\"}],"
    "\"outcomes\":[{\"code\":\"NPS\",\"kind\":\"nps\",\"column\":\"nps\"}],"
    "\"groups\":[{\"column\":\"district\"}],"
    "\"wave\":\"wave\",\"customer\":\"customer\",\"missing\":{\"codes\":[99]}}";

/* Imports by a single thread. */
static const struct mg_job_kind *const import_kinds[] = {&mg_listen_import_job};
static const struct mg_job_lane import_lanes[] = {{"import", 1, 1}};
static const struct mg_job_table import_jobs = {import_kinds, 1, import_lanes, 1};

static inline void open_data(struct fixture *f)
{
    char path[128];
    snprintf(path, sizeof path, "%s/columns.duckdb", f->dir);
    struct mg_store_options options = {.create = true};
    f->ctx.store_engine = STORE_ENGINE;
    f->ctx.arena = mg_arena_new((size_t)1 << 30);
    f->ctx.data_dir = f->dir;
    f->ctx.clock = mg_clock_system();
    f->ctx.columns.engine = &mg_column_duckdb;
    SUCCEEDS(mg_store_open(f->ctx.store_engine, f->dir, &options, &f->ctx.store, &f->error));
    SUCCEEDS(mg_column_duckdb.open(path, 2, &f->ctx.columns.column, &f->error));
}

static inline void close_data(struct fixture *f)
{
    mg_column_duckdb.close(f->ctx.columns.column);
    mg_store_close(f->ctx.store);
    mg_arena_free(f->ctx.arena);
    f->ctx.columns.column = NULL;
    f->ctx.store = NULL;
    f->ctx.arena = NULL;
}

static inline void start_followers(struct fixture *f)
{
    static const struct mg_follower *const table[] = {&mg_listen_columns};
    SUCCEEDS(mg_followers_start(&f->ctx, table, 1, &f->ctx.followers, &f->error));
}

static inline void stop_followers(struct fixture *f)
{
    mg_followers_stop(f->ctx.followers);
    f->ctx.followers = NULL;
}

static inline int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    strcpy(f->dir, "/tmp/mg-listen-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    open_data(f);
    SUCCEEDS(mg_org_create(&f->ctx, "Beichen", false, f->ctx.caller.org_id, &f->error));
    f->ctx.caller.role = MG_ROLE_OWNER;
    *state = f;
    return 0;
}

static inline int tear_down(void **state)
{
    struct fixture *f = *state;
    if (f->ctx.store)
        close_data(f);
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", f->dir);
    assert_int_equal(system(command), 0);
    free(f);
    return 0;
}

static inline void free_json(void *json)
{
    json_decref(json);
}

/* Answers as the door lends them. */
static inline const json_t *lent(struct mg_arena *arena, const char *text)
{
    json_t *json = mg_json_parse(text, strlen(text), (size_t)1 << 20, NULL);
    assert_non_null(json);
    assert_int_equal(mg_arena_defer(arena, free_json, json), 0);
    return json;
}

static inline const json_t *sent(struct fixture *f, const char *text)
{
    return lent(f->ctx.arena, text);
}

static inline const char *add_study(struct fixture *f, const char *document)
{
    struct mg_wire_study study;
    struct mg_wire_study_edit edit = {.document = document};
    SUCCEEDS(mg_record_study_create(&f->ctx, &edit, &study, &f->error));
    return study.id;
}

static inline const char *write_file(struct fixture *f, const char *name, const char *text)
{
    char *path = mg_arena_printf(f->ctx.arena, "%s/%s", f->dir, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    return path;
}

/* Responses of a study that readers of the record see. */
static inline int64_t count_record(struct fixture *f, const char *study_id)
{
    struct mg_wire_response_list list;
    SUCCEEDS(mg_listen_response_list(&f->ctx, study_id, NULL, 1, &list, &f->error));
    return list.total;
}

/* Rows of a study's table in the columns. */
static inline int64_t count_columns(struct fixture *f, const char *study_id)
{
    struct mg_source_info info;
    struct mg_source source = {.table = mg_record_table_name(f->ctx.arena, study_id)};
    int rc = mg_column_duckdb.describe(f->ctx.columns.column, f->ctx.arena, &source, &info, &f->error);
    if (rc == MG_E_NOT_FOUND)
        return 0;
    SUCCEEDS(rc);
    return info.rows;
}

#endif
