/* What keeps the bulk lane busy: imports that join and are taken back, a study that changes, all made anew.
 */
#ifndef TEST_LISTEN_BULK_WORK_H
#define TEST_LISTEN_BULK_WORK_H

#include "fixture.h"

static inline void write_survey(struct fixture *f, int rows)
{
    struct mg_buf text;
    mg_buf_init(&text, 1 << 20);
    mg_buf_puts(&text, "customer,wave,E1,P1,E2,P2,nps,district\n");
    for (int i = 0; i < rows; i++)
        mg_buf_printf(&text, "c%d,W1,%d,%d,%d,%d,%d,east\n", i % 50, i % 7 + 1, i % 5 + 1, i % 6 + 1,
                      i % 4 + 1, i % 11);
    write_file(f, "in.csv", text.data);
    mg_buf_done(&text);
}

static inline int import_directly(struct fixture *f, const char *study)
{
    struct mg_wire_import done;
    struct mg_listen_import_file request = {
        .path = mg_arena_printf(f->ctx.arena, "%s/in.csv", f->dir), .study_id = study, .again = true};
    return mg_listen_import_file(&f->ctx, &request, &done, &f->error);
}

/* The study gets a group more, or loses it. */
static inline int change_study(struct fixture *f, const char *study)
{
    static const char had[] = "\"groups\":[{\"column\":\"district\"}]";
    const char *at = strstr(small_study, had),
               *more = "\"groups\":[{\"column\":\"district\"},{\"column\":\"age\"}]";
    struct mg_wire_study now;
    int status = mg_record_study_get(&f->ctx, study, &now, &f->error);
    bool has_age = !status && strstr(now.document, "\"age\"");
    struct mg_wire_study_edit edit = {.document = mg_arena_printf(f->ctx.arena, "%.*s%s%s",
                                                                  (int)(at - small_study), small_study,
                                                                  has_age ? had : more, at + strlen(had)),
                                      .version = now.version,
                                      .has_version = true};
    return status ? status : mg_record_study_update(&f->ctx, study, &edit, &now, &f->error);
}

static inline int take_back(struct fixture *f)
{
    struct mg_wire_import_list imports;
    struct mg_wire_import import;
    int status = mg_listen_import_list(&f->ctx, 20, &imports, &f->error);
    for (size_t i = 0; i < imports.n_imports && !status; i++)
        if (imports.imports[i].state == MG_WIRE_IMPORT_STATE_DONE)
            return mg_listen_import_undo(&f->ctx, imports.imports[i].id, &import, &f->error);
    return status;
}

/* One after the other without waiting, so that the bulk lane always has something in hand. */
static inline int bulk_work(struct fixture *f, const char *study)
{
    switch (rand() % 4) {
    case 0:
        return change_study(f, study);
    case 1:
        return take_back(f);
    case 2:
        return mg_follower_rebuild(&f->ctx, &mg_listen_columns, &f->error);
    default:
        return import_directly(f, study);
    }
}

/* Nothing waits, no part is left. */
static inline void check_nothing_left(struct fixture *f)
{
    const char **parts;
    size_t n;
    int64_t waiting;
    SUCCEEDS(mg_listen_columns_sweep(&f->ctx, &f->error));
    SUCCEEDS(mg_column_duckdb.part_list(f->ctx.columns.column, f->ctx.arena, &parts, &n, &f->error));
    assert_int_equal(n, 0);
    SUCCEEDS(mg_follower_lag(&f->ctx, &mg_listen_columns, &waiting, &f->error));
    assert_int_equal(waiting, 0);
}

#endif
