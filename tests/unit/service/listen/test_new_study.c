/* A study that its import makes: seen by nobody before the import is done, there with all its answers then,
 * and never there when the import isn't done: its code is free again. */
#include "fixture.h"

#include <unistd.h>

#include "base/file.h"
#include "service/admin/audit.h"
#include "service/listen/upload.h"
#include "service/record/load.h"

/* As the files here are. */
static const char made_study[] = "{\"study\":\"heat\",\"scale\":{\"min\":1,\"max\":7},\"items\":["
                                 "{\"code\":\"WARM\",\"expectation\":\"E1\",\"perception\":\"P1\"}]}";

static size_t count_studies(struct fixture *f)
{
    struct mg_wire_study_list list;
    SUCCEEDS(mg_record_study_list(&f->ctx, &list, &f->error));
    return list.n_studies;
}

static size_t count_audit(struct fixture *f, const char *entity)
{
    struct mg_wire_audit_list list;
    size_t n = 0;
    SUCCEEDS(mg_audit_list(&f->ctx, NULL, 100, &list, &f->error));
    for (size_t i = 0; i < list.n_entries; i++)
        n += strcmp(list.entries[i].entity, entity) == 0;
    return n;
}

static int import_new(struct fixture *f, const char *text, struct mg_wire_import *ret)
{
    struct mg_listen_import_file request = {.path = write_file(f, "in.csv", text), .new_study = made_study};
    return mg_listen_import_file(&f->ctx, &request, ret, &f->error);
}

static void study_and_answers_are_there_at_one_moment(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_import import;
    struct mg_wire_study study;
    SUCCEEDS(import_new(f, "E1,P1\n5,4\n6,3\n", &import));
    assert_int_equal(count_studies(f), 1);
    SUCCEEDS(mg_record_study_get(&f->ctx, import.study_id, &study, &f->error));
    assert_string_equal(study.code, "heat");
    assert_int_equal(study.responses, 2);
    assert_int_equal(count_record(f, import.study_id), 2);
    assert_int_equal(count_audit(f, "study"), 1);
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    assert_int_equal(count_columns(f, import.study_id), 2);
}

static void an_import_that_fails_leaves_no_study(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_import import;
    struct mg_wire_study study;
    struct mg_wire_import_list list;
    assert_int_equal(import_new(f, "E1,P1\nx,y\n", &import), MG_E_INVALID);
    assert_int_equal(count_studies(f), 0);
    assert_int_equal(count_audit(f, "study"), 0);
    SUCCEEDS(mg_listen_import_list(&f->ctx, 10, &list, &f->error)); /* what came of it can be read */
    assert_int_equal(list.n_imports, 1);
    assert_int_equal(list.imports[0].state, MG_WIRE_IMPORT_STATE_FAILED);
    const char *id = list.imports[0].study_id;
    const struct mg_record_study *loaded;
    assert_int_equal(mg_record_study_get(&f->ctx, id, &study, &f->error), MG_E_NOT_FOUND);
    assert_int_equal(mg_record_study_load(&f->ctx, id, &loaded, &f->error), MG_E_NOT_FOUND);
    assert_int_equal(mg_record_study_delete(&f->ctx, id, &f->error), MG_E_NOT_FOUND);
    SUCCEEDS(import_new(f, "E1,P1\n5,4\n", &import)); /* its code is free */
    assert_int_equal(count_studies(f), 1);
}

static void a_code_that_is_taken_begins_nothing(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_import import;
    struct mg_wire_import_list list;
    add_study(f, made_study);
    assert_int_equal(import_new(f, "E1,P1\n5,4\n", &import), MG_E_TAKEN);
    assert_string_equal(f->error.field, "/study");
    SUCCEEDS(mg_listen_import_list(&f->ctx, 10, &list, &f->error));
    assert_int_equal(list.n_imports, 0);
}

/* Looks at the record while the import runs. */
static int look(void *user, int64_t rows, double share)
{
    struct fixture *f = user;
    const struct mg_record_study *loaded;
    (void)rows, (void)share;
    assert_int_equal(count_studies(f), 0);
    assert_int_equal(mg_record_study_by_code(&f->ctx, "heat", &loaded, NULL), MG_E_NOT_FOUND);
    struct mg_wire_study study;
    struct mg_wire_study_edit edit = {.document = made_study};
    assert_int_equal(mg_record_study_create(&f->ctx, &edit, &study, NULL), MG_E_TAKEN);
    return 1;
}

static void nobody_sees_it_while_the_import_runs_and_a_stop_takes_it_back(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_import import;
    struct mg_listen_import_file request = {.path = write_file(f, "in.csv", "E1,P1\n5,4\n6,3\n"),
                                            .new_study = made_study,
                                            .progress = look,
                                            .user = f};
    assert_int_equal(mg_listen_import_file(&f->ctx, &request, &import, &f->error), MG_E_CANCELLED);
    assert_int_equal(count_studies(f), 0);
    add_study(f, made_study);
}

static struct mg_wire_upload upload_text(struct fixture *f, const char *text)
{
    struct mg_wire_upload upload;
    const char *part = mg_arena_printf(f->ctx.arena, "%s/uploads/part", f->dir);
    SUCCEEDS(mg_dir_create(mg_arena_printf(f->ctx.arena, "%s/uploads", f->dir), &f->error));
    SUCCEEDS(mg_file_write_atomic(part, text, strlen(text), &f->error));
    SUCCEEDS(mg_listen_upload_store(&f->ctx, part, "a.csv", &upload, &f->error));
    return upload;
}

static void wait_ended(struct fixture *f, struct mg_wire_import *import)
{
    for (int wait = 0; import->state == MG_WIRE_IMPORT_STATE_RUNNING && wait < 500; wait++) {
        usleep(10000);
        SUCCEEDS(mg_listen_import_get(&f->ctx, import->id, import, &f->error));
    }
}

static enum mg_wire_import_state import_by_job(struct fixture *f, const char *text,
                                               struct mg_wire_import *import)
{
    struct mg_wire_upload upload = upload_text(f, text);
    struct mg_wire_import_create create = {.upload_id = upload.id, .new_study = made_study};
    SUCCEEDS(mg_listen_import_create(&f->ctx, &create, import, &f->error));
    wait_ended(f, import);
    return import->state;
}

static void a_job_makes_it_with_the_proposed_mapping(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_import import;
    SUCCEEDS(mg_jobs_new(&f->ctx, &import_jobs, &f->ctx.jobs, &f->error));
    assert_int_equal(import_by_job(f, "e1,p1\n55,44\n", &import), MG_WIRE_IMPORT_STATE_FAILED);
    assert_int_equal(count_studies(f), 0);
    assert_int_equal(import_by_job(f, "e1,p1\n5,4\n6,6\n", &import), MG_WIRE_IMPORT_STATE_DONE);
    mg_jobs_free(f->ctx.jobs);
    f->ctx.jobs = NULL;
    assert_int_equal(count_studies(f), 1);
    assert_int_equal(count_record(f, import.study_id), 2);
}

/* Stopped before its job ran: the job's end takes back the study that never was. */
static void a_job_that_is_stopped_takes_it_back(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_import import;
    struct mg_wire_upload upload = upload_text(f, "E1,P1\n5,4\n");
    struct mg_wire_import_create create = {.upload_id = upload.id, .new_study = made_study};
    SUCCEEDS(mg_listen_import_create(&f->ctx, &create, &import, &f->error)); /* no pool runs its job */
    struct mg_wire_job job;
    SUCCEEDS(mg_job_cancel(&f->ctx, import.job_id, &job, &f->error));
    SUCCEEDS(mg_jobs_new(&f->ctx, &import_jobs, &f->ctx.jobs, &f->error));
    wait_ended(f, &import);
    mg_jobs_free(f->ctx.jobs);
    f->ctx.jobs = NULL;
    assert_int_equal(import.state, MG_WIRE_IMPORT_STATE_CANCELLED);
    assert_int_equal(count_studies(f), 0);
    add_study(f, made_study);
}

static void one_of_the_two_is_named(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_import import;
    struct mg_wire_upload upload = upload_text(f, "E1,P1\n5,4\n");
    struct mg_wire_import_create create = {.upload_id = upload.id};
    assert_int_equal(mg_listen_import_create(&f->ctx, &create, &import, &f->error), MG_E_INVALID);
    assert_string_equal(f->error.field, "/study_id");
    create.study_id = add_study(f, made_study);
    create.new_study = made_study;
    assert_int_equal(mg_listen_import_create(&f->ctx, &create, &import, &f->error), MG_E_INVALID);
    assert_string_equal(f->error.field, "/new_study");
    create.study_id = NULL;
    create.new_study = "{\"study\":\"x\"}";
    assert_int_equal(mg_listen_import_create(&f->ctx, &create, &import, &f->error), MG_E_INVALID);
}

static int import_of(struct fixture *f, const char *document, const char *text, const char *wave)
{
    struct mg_wire_import import;
    struct mg_listen_import_file request = {
        .path = write_file(f, "in.csv", text), .new_study = document, .wave = wave};
    return mg_listen_import_file(&f->ctx, &request, &import, &f->error);
}

static void columns_that_the_file_lacks_are_refused_by_name(void **state)
{
    struct fixture *f = *state;
    const struct {
        const char *more, *where, *column;
    } cases[] = {
        {"\"items\":[{\"code\":\"a\",\"expectation\":\"E1\",\"perception\":\"P11\"}]",
         "/new_study/items/0/perception", "P11"},
        {"\"items\":[{\"code\":\"a\",\"perception\":\"P1\"}],\"groups\":[{\"column\":\"area\"}]",
         "/new_study/groups/0/column", "area"},
        {"\"items\":[{\"code\":\"a\",\"perception\":\"P1\"}],\"weight\":\"wt\"", "/new_study/weight", "wt"},
        {"\"items\":[{\"code\":\"a\",\"perception\":\"P1\"}],\"id\":\"nr\"", "/new_study/id", "nr"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *document = mg_arena_printf(
            f->ctx.arena, "{\"study\":\"x\",\"scale\":{\"min\":1,\"max\":7},%s}", cases[i].more);
        assert_int_equal(import_of(f, document, "E1,P1,w\n5,4,1\n", NULL), MG_E_INVALID);
        assert_string_equal(f->error.field, cases[i].where);
        assert_non_null(strstr(f->error.message, cases[i].column));
    }
    assert_int_equal(import_of(f, small_study, "E1,P1,E2,nps,district,wave,customer\n5,4,1,3,a,1,c\n", NULL),
                     MG_E_INVALID);
    assert_non_null(strstr(f->error.hint, "P1, E2")); /* most like P2 */
    assert_int_equal(count_studies(f), 0);
}

static void what_the_document_does_not_name_is_not_read(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_import import;
    struct mg_wire_response_list list;
    SUCCEEDS(import_new(f, "E1,P1,weight,wave,customer\n5,4,2,w1,c\n", &import));
    SUCCEEDS(mg_listen_response_list(&f->ctx, import.study_id, NULL, 10, &list, &f->error));
    assert_false(list.responses[0].has_weight);
    assert_null(list.responses[0].wave);
    assert_null(list.responses[0].customer);
}

static void a_wave_comes_from_one_place(void **state)
{
    struct fixture *f = *state;
    static const char with_wave[] =
        "{\"study\":\"waves\",\"scale\":{\"min\":1,\"max\":7},\"wave\":\"year\",\"items\":["
        "{\"code\":\"WARM\",\"expectation\":\"E1\",\"perception\":\"P1\"}]}";
    assert_int_equal(import_of(f, with_wave, "E1,P1,year\n5,4,2025\n", "2030"), MG_E_INVALID);
    assert_string_equal(f->error.field, "/wave");
    assert_non_null(strstr(f->error.message, "year"));
    assert_int_equal(import_of(f, made_study, "E1,P1\n5,4\n", "*"), MG_E_INVALID);
    assert_string_equal(f->error.field, "/wave");
    SUCCEEDS(import_of(f, with_wave, "E1,P1,year\n5,4,2025\n", NULL));
    SUCCEEDS(import_of(f, made_study, "E1,P1\n5,4\n", "2030"));
    const char *other = mg_arena_printf(f->ctx.arena, "{\"study\":\"other\",%s", strchr(with_wave, ',') + 1);
    SUCCEEDS(import_of(f, other, "E1,P1\n5,4\n", "2030")); /* instead of the column */
}

static void a_bad_document_is_named_within_the_request(void **state)
{
    struct fixture *f = *state;
    const char *document = "{\"study\":\"x\",\"scale\":{\"min\":1,\"max\":7},\"items\":[{\"code\":\"a\"}]}";
    assert_int_equal(import_of(f, document, "E1,P1\n5,4\n", NULL), MG_E_INVALID);
    assert_string_equal(f->error.field, "/new_study/items/0");
    document = "{\"study\":\"a b\",\"scale\":{\"min\":1,\"max\":7},\"items\":[{\"code\":\"a\",\"perception\":"
               "\"P1\"}]}";
    assert_int_equal(import_of(f, document, "E1,P1\n5,4\n", NULL), MG_E_INVALID);
    assert_string_equal(f->error.field, "/new_study/study");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(study_and_answers_are_there_at_one_moment),
        TEST(an_import_that_fails_leaves_no_study),
        TEST(a_code_that_is_taken_begins_nothing),
        TEST(nobody_sees_it_while_the_import_runs_and_a_stop_takes_it_back),
        TEST(a_job_makes_it_with_the_proposed_mapping),
        TEST(a_job_that_is_stopped_takes_it_back),
        TEST(one_of_the_two_is_named),
        TEST(columns_that_the_file_lacks_are_refused_by_name),
        TEST(what_the_document_does_not_name_is_not_read),
        TEST(a_wave_comes_from_one_place),
        TEST(a_bad_document_is_named_within_the_request),
    };
    return cmocka_run_group_tests_name("service/listen/new_study", tests, NULL, NULL);
}
