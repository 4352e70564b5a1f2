/* Responses as a file: what is in it, what is said of it, and that it can be imported again. */
#include "fixture.h"

#include "base/file.h"
#include "service/admin/audit.h"
#include "service/listen/export.h"

static void post(struct fixture *f, const char *study, const char *answers, const char *customer)
{
    struct mg_wire_response_receipt receipt;
    const struct mg_wire_response_create create = {.answers = sent(f, answers),
                                                   .wave = customer ? "W1" : NULL,
                                                   .customer = customer,
                                                   .has_weight = customer != NULL,
                                                   .weight = 1.5,
                                                   .at = "2026-01-18T13:40:00Z"};
    SUCCEEDS(mg_listen_response_create(&f->ctx, study, &create, &receipt, &f->error));
}

static const char *path_of(struct fixture *f, const char *name)
{
    return mg_arena_printf(f->ctx.arena, "%s/%s", f->dir, name);
}

static struct mg_out_report export_to(struct fixture *f, const char *study, const char *path)
{
    struct mg_export_request request = {.study_id = study, .to = path};
    struct mg_out_report report = {0};
    SUCCEEDS(mg_listen_export(&f->ctx, &request, &report, &f->error));
    return report;
}

static char *content(struct fixture *f, const char *path)
{
    struct mg_buf buf;
    mg_buf_init(&buf, (size_t)64 << 20);
    SUCCEEDS(mg_file_read(path, &buf, &f->error));
    return mg_buf_take(&buf, NULL);
}

/* The part of a line behind the response's id, which is new each time. */
static const char *behind_id(const char *text, size_t line)
{
    while (line-- > 0)
        text = strchr(text, '\n') + 1;
    return strchr(text, ',') + 1;
}

static void all_that_was_answered_is_in_it(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study), *path = path_of(f, "out.csv");
    post(f, study, "{\"E1\":5,\"P1\":9.5,\"district\":\"=x\\\"y\\\"\"}", "c1");
    post(f, study, "{\"E2\":1}", NULL);
    struct mg_out_report report = export_to(f, study, path);
    assert_int_equal(report.rows, 2);
    char *csv = content(f, path);
    assert_non_null(strstr(csv, "response_id,at,wave,weight,customer,channel,E1,P1,E2,P2,nps,district\r\n"));
    assert_true(strncmp(behind_id(csv, 1), "2026-01-18T13:40:00Z,,,,,,,1,,,\r\n", 33) == 0);
    assert_string_equal(behind_id(csv, 2), "2026-01-18T13:40:00Z,W1,1.5,c1,,5,9.5,,,,\"'=x\"\"y\"\"\"\r\n");
    free(csv);
}

static void more_than_a_page_comes_whole(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study), *path = path_of(f, "out.jsonl");
    struct mg_buf file;
    mg_buf_init(&file, (size_t)1 << 20);
    mg_buf_puts(&file, "E1,P1,E2,P2,nps,district,wave,customer\n");
    for (int i = 0; i < 1201; i++)
        mg_buf_printf(&file, "5,4,3,%d,9,north,W1,c%d\n", i % 7 + 1, i);
    struct mg_wire_import import;
    struct mg_listen_import_file request = {.path = write_file(f, "in.csv", file.data), .study_id = study};
    SUCCEEDS(mg_listen_import_file(&f->ctx, &request, &import, &f->error));
    assert_int_equal(export_to(f, study, path).rows, 1201);
    char *lines = content(f, path);
    for (int i = 0; i < 1201; i++) {
        char customer[24];
        snprintf(customer, sizeof customer, "\"c%d\"", i);
        const char *at = strstr(lines, customer);
        assert_non_null(at);
        assert_null(strstr(at + 1, customer));
    }
    free(lines);
    mg_buf_done(&file);
}

static void the_codebook_has_both_sides_and_languages(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    post(f, study, "{\"E1\":5}", "c1");
    f->ctx.lang = MG_LANG_ZH;
    export_to(f, study, path_of(f, "out.sav"));
    struct mg_buf plain; /* without the NULs of a binary file */
    struct mg_buf raw;
    mg_buf_init(&raw, (size_t)1 << 20);
    mg_buf_init(&plain, (size_t)1 << 20);
    SUCCEEDS(mg_file_read(path_of(f, "out.sav"), &raw, &f->error));
    for (size_t i = 0; i < raw.len; i++)
        if (raw.data[i])
            mg_buf_putc(&plain, raw.data[i]);
    assert_non_null(strstr(plain.data, "Expected: Warm rooms"));
    assert_non_null(strstr(plain.data, "Perceived: Fast repair"));
    assert_non_null(strstr(plain.data, "供热"));
    mg_buf_done(&raw);
    mg_buf_done(&plain);
}

static void it_stands_in_the_audit_log(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    struct mg_wire_audit_list trail;
    post(f, study, "{\"E1\":5}", NULL);
    export_to(f, study, path_of(f, "out.parquet"));
    SUCCEEDS(mg_audit_list(&f->ctx, NULL, 1, &trail, &f->error));
    assert_string_equal(trail.entries[0].action, "export");
    assert_string_equal(trail.entries[0].entity_id, study);
    assert_string_equal(trail.entries[0].after, "{\"format\":\"parquet\",\"rows\":1}");
}

static void it_can_be_imported_again(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study), *path = path_of(f, "out.csv");
    post(f, study, "{\"E1\":5,\"P1\":4,\"nps\":9,\"district\":\"north\"}", "c1");
    export_to(f, study, path);
    struct mg_wire_import import;
    struct mg_listen_import_file request = {.path = path, .study_id = study};
    SUCCEEDS(mg_listen_import_file(&f->ctx, &request, &import, &f->error));
    assert_int_equal(import.imported, 1);
    assert_int_equal(import.errors, 0);
    struct mg_wire_response_list list;
    SUCCEEDS(mg_listen_response_list(&f->ctx, study, NULL, 2, &list, &f->error));
    assert_string_equal(list.responses[0].answers, list.responses[1].answers);
    assert_string_equal(list.responses[0].customer, "c1");
    assert_string_equal(list.responses[0].wave, "W1");
}

static void nothing_is_left_of_what_fails(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    struct mg_export_request request = {.study_id = study, .to = path_of(f, "out.xls")};
    struct mg_out_report report;
    assert_int_equal(mg_listen_export(&f->ctx, &request, &report, &f->error), MG_E_UNSUPPORTED);
    request.to = path_of(f, "out.csv");
    request.study_id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    assert_int_equal(mg_listen_export(&f->ctx, &request, &report, &f->error), MG_E_NOT_FOUND);
    assert_false(mg_file_exists(request.to));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(all_that_was_answered_is_in_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(more_than_a_page_comes_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_codebook_has_both_sides_and_languages, set_up, tear_down),
        cmocka_unit_test_setup_teardown(it_stands_in_the_audit_log, set_up, tear_down),
        cmocka_unit_test_setup_teardown(it_can_be_imported_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_left_of_what_fails, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
