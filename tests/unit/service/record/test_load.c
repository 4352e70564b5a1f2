/* Studies ready for use: parsed once a version, valid as long as the arena they were asked in, and never
 * those of another organisation. */
#include "service/listen/fixture.h"

#include "service/record/cache.h"
#include "store/queries.gen.h"
#include "store/store.h"

static int set_up_cached(void **state)
{
    int rc = set_up(state);
    struct fixture *f = *state;
    f->ctx.studies = mg_study_cache_new();
    return rc;
}

static int tear_down_cached(void **state)
{
    struct fixture *f = *state;
    mg_study_cache_free(f->ctx.studies); /* before the last hold ends */
    return tear_down(state);
}

static const struct mg_record_study *load(struct fixture *f, struct mg_arena *arena, const char *id)
{
    struct mg_ctx ctx = f->ctx;
    const struct mg_record_study *study = NULL;
    ctx.arena = arena;
    SUCCEEDS(mg_record_study_load(&ctx, id, &study, &f->error));
    return study;
}

static void rename_item(struct fixture *f, const char *id, const char *column, int64_t version)
{
    struct mg_wire_study study;
    struct mg_wire_study_edit edit = {
        .document = mg_arena_printf(f->ctx.arena,
                                    "{\"study\":\"heat\",\"scale\":{\"min\":1,\"max\":7},"
                                    "\"items\":[{\"code\":\"A\",\"perception\":\"%s\"}]}",
                                    column),
        .version = version,
        .has_version = true};
    SUCCEEDS(mg_record_study_update(&f->ctx, id, &edit, &study, &f->error));
}

static void a_study_is_parsed_once_a_version(void **state)
{
    struct fixture *f = *state;
    const char *id = add_study(f, small_study);
    const struct mg_record_study *first = load(f, f->ctx.arena, id);
    assert_ptr_equal(load(f, f->ctx.arena, id), first);
    rename_item(f, id, "P9", 1);
    const struct mg_record_study *second = load(f, f->ctx.arena, id);
    assert_ptr_not_equal(second, first);
    assert_int_equal(second->version, 2);
    assert_string_equal(second->fields.fields[0].column, "P9");
    assert_string_equal(first->fields.fields[0].column, "E1"); /* held, so still there */
}

static void a_hold_ends_with_its_arena(void **state)
{
    struct fixture *f = *state;
    const char *id = add_study(f, small_study);
    struct mg_arena *early = mg_arena_new(1 << 20), *late = mg_arena_new(1 << 20);
    load(f, early, id);
    const struct mg_record_study *study = load(f, late, id);
    rename_item(f, id, "P9", 1);
    load(f, f->ctx.arena, id); /* takes the place of the first version */
    mg_arena_free(early);
    assert_string_equal(study->fields.fields[0].column, "E1");
    mg_arena_free(late);
}

static void the_table_is_that_of_the_fields(void **state)
{
    struct fixture *f = *state;
    const char *id = add_study(f, small_study);
    const struct mg_record_study *study = load(f, f->ctx.arena, id);
    assert_int_equal(study->table.n_columns, MG_RECORD_COMMON_COLUMNS + 6);
    assert_string_equal(study->table.names[0], MG_RECORD_WAVE);
    assert_string_equal(study->table.names[MG_RECORD_COMMON_COLUMNS], "E1");
    assert_int_equal(study->table.columns[MG_RECORD_COMMON_COLUMNS].type, MG_TYPE_INTEGER);
    assert_string_equal(study->table.name, mg_record_table_name(f->ctx.arena, id));
    int64_t shape = study->table.shape;
    rename_item(f, id, "E1", 1);
    assert_int_not_equal(load(f, f->ctx.arena, id)->table.shape, shape);
}

static void a_list_turns_no_study_out(void **state)
{
    struct fixture *f = *state;
    const char *id = add_study(f, small_study);
    const struct mg_record_study *kept = load(f, f->ctx.arena, id);
    for (int i = 0; i < MG_STUDY_CACHE_MAX + 1; i++)
        add_study(f, mg_arena_printf(f->ctx.arena,
                                     "{\"study\":\"s%d\",\"scale\":{\"min\":1,\"max\":7},\"items\":"
                                     "[{\"code\":\"A\",\"perception\":\"P\"}]}",
                                     i));
    struct mg_wire_study_list list;
    SUCCEEDS(mg_record_study_list(&f->ctx, &list, &f->error));
    assert_int_equal(list.n_studies, MG_STUDY_CACHE_MAX + 2);
    assert_ptr_equal(load(f, f->ctx.arena, id), kept);
}

struct changing {
    struct fixture *f;
    const char *id, *column;
    bool in_vain; /* is looked at, then undone */
};

static int change(struct mg_db *db, void *user, struct mg_error *error)
{
    const struct changing *c = user;
    struct fixture *f = c->f;
    const struct mg_record_study *study = NULL;
    struct mg_sql_study_update_params params = {
        .org_id = f->ctx.caller.org_id,
        .id = c->id,
        .version = 1,
        .code = "heat",
        .document = mg_arena_printf(f->ctx.arena,
                                    "{\"study\":\"heat\",\"scale\":{\"min\":1,\"max\":7},"
                                    "\"items\":[{\"code\":\"A\",\"perception\":\"%s\"}]}",
                                    c->column)};
    SUCCEEDS(mg_sql_study_update(db, &params, NULL, error));
    if (!c->in_vain)
        return 0;
    SUCCEEDS(mg_record_study_read(&f->ctx, db, f->ctx.caller.org_id, c->id, &study, error));
    assert_int_equal(study->version, 2);
    assert_string_equal(study->fields.fields[0].column, c->column);
    return MG_E_CANCELLED;
}

static void what_was_undone_is_not_kept(void **state)
{
    struct fixture *f = *state;
    const char *id = add_study(f, small_study);
    struct changing first = {f, id, "P8", true}, second = {f, id, "P9", false};
    assert_int_equal(mg_store_write(f->ctx.store, change, &first, &f->error), MG_E_CANCELLED);
    SUCCEEDS(mg_store_write(f->ctx.store, change, &second, &f->error));
    const struct mg_record_study *study = load(f, f->ctx.arena, id);
    assert_int_equal(study->version, 2);
    assert_string_equal(study->fields.fields[0].column, "P9");
}

static void another_organisation_finds_nothing(void **state)
{
    struct fixture *f = *state;
    const char *id = add_study(f, small_study);
    const struct mg_record_study *study = load(f, f->ctx.arena, id), *found = NULL;
    SUCCEEDS(mg_record_study_by_code(&f->ctx, "heat", &found, &f->error));
    assert_ptr_equal(found, study);
    SUCCEEDS(mg_org_create(&f->ctx, "Other", false, f->ctx.caller.org_id, &f->error));
    assert_int_equal(mg_record_study_load(&f->ctx, id, &found, &f->error), MG_E_NOT_FOUND);
    assert_string_equal(f->error.message, "There is no such study.");
    assert_int_equal(mg_record_study_by_code(&f->ctx, "heat", &found, &f->error), MG_E_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_study_is_parsed_once_a_version, set_up_cached, tear_down_cached),
        cmocka_unit_test_setup_teardown(a_hold_ends_with_its_arena, set_up_cached, tear_down_cached),
        cmocka_unit_test_setup_teardown(the_table_is_that_of_the_fields, set_up_cached, tear_down_cached),
        cmocka_unit_test_setup_teardown(a_list_turns_no_study_out, set_up_cached, tear_down_cached),
        cmocka_unit_test_setup_teardown(what_was_undone_is_not_kept, set_up_cached, tear_down_cached),
        cmocka_unit_test_setup_teardown(another_organisation_finds_nothing, set_up_cached, tear_down_cached),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
