/* Imports: every cell checked, every error listed, all or nothing, taken back, and the real surveys. */
#include "base/str.h"
#include "column/engine.h"
#include "fixture.h"

#include <duckdb.h>
#include <unistd.h>

#include "base/file.h"
#include "service/listen/upload.h"

static struct mg_wire_import import_text(struct fixture *f, const char *study, const char *text)
{
    struct mg_wire_import import;
    struct mg_listen_import_file request = {
        .path = write_file(f, "in.csv", text), .study_id = study, .again = true};
    SUCCEEDS(mg_listen_import_file(&f->ctx, &request, &import, &f->error));
    return import;
}

static const char *errors_of(struct fixture *f, const char *id)
{
    struct mg_buf out;
    struct mg_out_report report;
    const char *path = mg_arena_printf(f->ctx.arena, "%s/errors.csv", f->dir);
    mg_buf_init(&out, 1 << 20);
    SUCCEEDS(mg_listen_import_errors(&f->ctx, id, MG_OUT_CSV, path, &report, &f->error));
    SUCCEEDS(mg_file_read(path, &out, &f->error));
    const char *text = mg_arena_strdup(f->ctx.arena, out.data);
    mg_buf_done(&out);
    return text;
}

static const char *column_text(struct fixture *f, const char *study, const char *column)
{
    struct mg_count *counts;
    size_t n;
    const char *columns[] = {column};
    struct mg_source source = {.table = mg_record_table_name(f->ctx.arena, study)};
    SUCCEEDS(mg_column_duckdb.counts(f->ctx.columns.column, f->ctx.arena, &source, columns, 1, NULL, NULL, 0,
                                     100, &counts, &n, &f->error));
    const char *text = "";
    for (size_t i = 0; i < n; i++)
        text = mg_arena_printf(f->ctx.arena, "%s%s=%lld ", text, counts[i].keys[0] ? counts[i].keys[0] : "-",
                               (long long)counts[i].n);
    return text;
}

static void rows_become_responses_and_columns(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    struct mg_wire_import import = import_text(f, study,
                                               "customer,wave,E1,P1,E2,P2,nps,district\n"
                                               "c1,W1,7,5,6,6,9,east\n"
                                               "c2,W1,6,4,,99,10,\"we,st\"\n"
                                               "c1,W2,5, 5 ,NA,3,0,\"say \"\"hi\"\"\"\n");
    assert_int_equal(import.imported, 3);
    assert_int_equal(import.errors, 0);
    assert_int_equal(count_record(f, study), 3);
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    assert_int_equal(count_columns(f, study), 3);
    assert_string_equal(column_text(f, study, "_wave"), "W1=2 W2=1 ");
    assert_string_equal(column_text(f, study, "P1"), "4=1 5=2 ");
    assert_string_equal(column_text(f, study, "P2"), "3=1 6=1 -=1 ");
    assert_string_equal(column_text(f, study, "district"), "east=1 say \"hi\"=1 we,st=1 ");
    struct mg_wire_response_list list;
    SUCCEEDS(mg_listen_response_list(&f->ctx, study, NULL, 10, &list, &f->error));
    assert_int_equal(list.n_responses, 3);
    for (size_t i = 0; i < 3; i++)
        assert_true(strcmp(list.responses[i].customer, "c1") == 0 ||
                    strcmp(list.responses[i].customer, "c2") == 0);
}

static void bad_cells_are_listed_with_line_and_reason(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    struct mg_wire_import import = import_text(f, study,
                                               "E1,P1,E2,P2,nps,district\n"
                                               "8,5,6,6,9,east\n"
                                               "six,5,6,6,9,east\n"
                                               "5,4.5,6,6,11,=cmd()\n"
                                               "1,2,3\n"
                                               ",,,,,\n");
    assert_int_equal(import.rows, 4); /* a blank row is none */
    assert_int_equal(import.imported, 3);
    assert_int_equal(import.skipped, 1);
    assert_int_equal(import.errors, 5);
    assert_string_equal(errors_of(f, import.id),
                        "\xEF\xBB\xBFline,column,value,reason\r\n"
                        "2,E1,8,It is not on the scale from 1 to 7.\r\n"
                        "3,E1,six,It is not a number.\r\n"
                        "4,P1,4.5,It lies between the steps of the scale from 1 to 7.\r\n"
                        "4,nps,11,It is not on the scale from 0 to 10.\r\n"
                        "5,,,\"The row has 3 cells where the header has 6, or a broken quote.\"\r\n");
}

static void bad_rows_can_be_skipped(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    struct mg_wire_import import;
    struct mg_listen_import_file request = {.path = write_file(f, "in.csv", "E1,P1\n9,5\n5,5\n"),
                                            .study_id = study,
                                            .skip_bad_rows = true,
                                            .wave = "W7"};
    SUCCEEDS(mg_listen_import_file(&f->ctx, &request, &import, &f->error));
    assert_int_equal(import.imported, 1);
    assert_int_equal(import.skipped, 1);
    struct mg_wire_response_list list;
    SUCCEEDS(mg_listen_response_list(&f->ctx, study, NULL, 10, &list, &f->error));
    assert_string_equal(list.responses[0].answers, "{\"E1\":5,\"P1\":5}");
    assert_string_equal(list.responses[0].wave, "W7");
}

static void chinese_reasons_and_gbk_values(void **state)
{
    struct fixture *f = *state;
    f->ctx.lang = f->error.lang = MG_LANG_ZH;
    const char *study = add_study(f, small_study);
    /* 很好 in GBK */
    struct mg_wire_import import =
        import_text(f, study, "E1,P1,district\n\xBA\xDC\xBA\xC3,5,\xB3\xC7\xB6\xAB\n");
    assert_non_null(strstr(errors_of(f, import.id), "2,E1,很好,"));
    assert_non_null(strstr(errors_of(f, import.id), "行,列,值,原因\r\n"));
    assert_null(strstr(errors_of(f, import.id), "It is not"));
    f->ctx.lang = MG_LANG_EN; /* a colleague reads the same list in English */
    assert_non_null(strstr(errors_of(f, import.id), "2,E1,很好,It is not a number.\r\n"));
}

static void the_same_file_twice_is_refused(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    struct mg_wire_import import;
    struct mg_listen_import_file request = {.path = write_file(f, "in.csv", "E1,P1\n5,5\n"),
                                            .study_id = study};
    SUCCEEDS(mg_listen_import_file(&f->ctx, &request, &import, &f->error));
    assert_int_equal(mg_listen_import_file(&f->ctx, &request, &import, &f->error), MG_E_CONFLICT);
    request.again = true;
    SUCCEEDS(mg_listen_import_file(&f->ctx, &request, &import, &f->error));
    assert_int_equal(count_record(f, study), 2);
}

static void an_import_can_be_undone(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    struct mg_wire_import first = import_text(f, study, "E1,P1\n5,5\n6,6\n"),
                          second = import_text(f, study, "E1,P1\n1,1\n");
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    assert_int_equal(count_columns(f, study), 3);
    SUCCEEDS(mg_listen_import_undo(&f->ctx, first.id, &first, &f->error));
    assert_int_equal(first.state, MG_WIRE_IMPORT_STATE_UNDONE);
    assert_int_equal(count_record(f, study), 1);
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    assert_int_equal(count_columns(f, study), 1);
    assert_int_equal(mg_listen_import_undo(&f->ctx, first.id, &first, &f->error), MG_E_CONFLICT);
    /* A rebuild doesn't bring it back. */
    SUCCEEDS(mg_follower_rebuild(&f->ctx, &mg_listen_columns, &f->error));
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    assert_int_equal(count_columns(f, study), 1);
    (void)second;
}

/* The server was killed between the end of the import and the end of its job. */
static void a_job_that_failed_late_takes_nothing_back(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    struct mg_wire_import import = import_text(f, study, "E1,P1\n5,5\n6,6\n");
    struct mg_job_run run = {.ctx = f->ctx, .subject_id = import.id};
    run.resumed = true;
    SUCCEEDS(mg_listen_import_job.run(&run, &f->error)); /* so it is done */
    SUCCEEDS(mg_listen_import_job.clean(&run, MG_WIRE_JOB_STATE_FAILED, NULL, &f->error));
    assert_int_equal(count_record(f, study), 2);
    SUCCEEDS(mg_listen_import_get(&f->ctx, import.id, &import, &f->error));
    assert_int_equal(import.state, MG_WIRE_IMPORT_STATE_DONE);
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    assert_int_equal(count_columns(f, study), 2);
}

static int stop_at_once(void *user, int64_t rows, double share)
{
    (void)user;
    (void)share;
    return rows > 0;
}

static void a_cancelled_import_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    struct mg_buf text;
    mg_buf_init(&text, 1 << 20);
    mg_buf_puts(&text, "E1,P1\n");
    for (int i = 0; i < 20000; i++)
        mg_buf_printf(&text, "%d,%d\n", i % 7 + 1, i % 5 + 1);
    struct mg_wire_import import;
    struct mg_listen_import_file request = {
        .path = write_file(f, "in.csv", text.data), .study_id = study, .progress = stop_at_once};
    assert_int_equal(mg_listen_import_file(&f->ctx, &request, &import, &f->error), MG_E_CANCELLED);
    struct mg_wire_import_list list;
    SUCCEEDS(mg_listen_import_list(&f->ctx, 10, &list, &f->error));
    assert_int_equal(list.imports[0].state, MG_WIRE_IMPORT_STATE_CANCELLED);
    assert_int_equal(count_record(f, study), 0);
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    assert_int_equal(count_columns(f, study), 0);
    mg_buf_done(&text);
}

static void parquet_and_jsonl_are_imported(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    const char *path = mg_arena_printf(f->ctx.arena, "%s/in.parquet", f->dir);
    duckdb_database database;
    duckdb_connection connection;
    assert_int_equal(duckdb_open(NULL, &database), DuckDBSuccess);
    assert_int_equal(duckdb_connect(database, &connection), DuckDBSuccess);
    const char *sql =
        mg_arena_printf(f->ctx.arena,
                        "COPY (SELECT i %% 7 + 1 AS \"E1\", CAST(i %% 9 AS DOUBLE) AS \"P1\", "
                        "CASE WHEN i %% 2 = 0 THEN 'east' END AS district FROM range(10000) t(i)) TO '%s'",
                        path);
    assert_int_equal(duckdb_query(connection, sql, NULL), DuckDBSuccess);
    duckdb_disconnect(&connection);
    duckdb_close(&database);
    struct mg_wire_import import;
    struct mg_listen_import_file request = {.path = path, .study_id = study};
    SUCCEEDS(mg_listen_import_file(&f->ctx, &request, &import, &f->error));
    assert_int_equal(import.imported, 10000);
    assert_int_equal(import.errors, 1112 + 1111); /* P1 is 0 or 8 */
    request.path =
        write_file(f, "in.jsonl", "{\"E1\":3,\"P1\":2.0}\n{\"E1\":null,\"district\":\"west\"}\n[1]\n");
    SUCCEEDS(mg_listen_import_file(&f->ctx, &request, &import, &f->error));
    assert_int_equal(import.imported, 2);
    assert_int_equal(import.errors, 1);
    assert_non_null(strstr(errors_of(f, import.id), "3,,,The line is no JSON object."));
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    assert_string_equal(column_text(f, study, "district"), "east=5000 west=1 -=5001 ");
}

static void files_that_cannot_be(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"", "empty"},
        {"E1,P1\n", "no rows"},
        {"x,y\n1,2\n", "No column"},
        {"E1,P1\n77,88\n", "Not one"},
        {"E1,P1\n1,\"2\n", "quoted"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct mg_wire_import import;
        struct mg_listen_import_file request = {.path = write_file(f, "in.csv", cases[i].text),
                                                .study_id = study};
        assert_int_not_equal(mg_listen_import_file(&f->ctx, &request, &import, &f->error), 0);
        if (!strstr(f->error.message, cases[i].message))
            fail_msg("%zu: %s", i, f->error.message);
        assert_int_equal(count_record(f, study), 0);
    }
}

/* --- by upload and job --- */

static struct mg_wire_upload upload_text(struct fixture *f, const char *name, const char *text)
{
    struct mg_wire_upload upload;
    SUCCEEDS(mg_listen_upload_store(&f->ctx, write_file(f, "part", text), name, &upload, &f->error));
    return upload;
}

/* A small file whose cells are long must not become a large answer; what is cut is said to be. */
static void previews_are_cut_for_show(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_upload upload;
    struct mg_wire_preview preview;
    struct mg_buf text;
    mg_buf_init(&text, (size_t)64 << 20);
    for (int c = 0; c < 400; c++)
        mg_buf_printf(&text, "%sq%d", c ? "," : "", c);
    for (int r = 0; r < 30; r++)
        for (int c = 0; c < 400; c++)
            mg_buf_printf(&text, "%c%d%0500d", c ? ',' : '\n', r, c);
    const char *path = write_file(f, "long.csv", text.data);
    mg_buf_done(&text);
    SUCCEEDS(mg_listen_upload_store(&f->ctx, path, "long.csv", &upload, &f->error));
    SUCCEEDS(mg_listen_upload_preview(&f->ctx, upload.id, NULL, NULL, &preview, &f->error));
    assert_true(preview.cut);
    size_t head = 0, samples = 0;
    for (size_t r = 0; r < preview.n_head; r++)
        for (size_t c = 0; c < preview.n_columns; c++)
            head += strlen(preview.head[r].items[c]);
    for (size_t c = 0; c < preview.n_columns; c++)
        for (size_t i = 0; i < preview.columns[c].n_samples; i++)
            samples += strlen(preview.columns[c].samples[i]);
    assert_in_range(head, 1 << 19, (1 << 20) + (1 << 15));
    assert_in_range(samples, 1 << 17, (1 << 20) + (1 << 15));
    assert_true(mg_str_ends(preview.head[0].items[0], "…"));

    SUCCEEDS(mg_listen_upload_store(&f->ctx, write_file(f, "short.csv", "a,b\n1,x\n"), "short.csv", &upload,
                                    &f->error));
    SUCCEEDS(mg_listen_upload_preview(&f->ctx, upload.id, NULL, NULL, &preview, &f->error));
    assert_false(preview.cut);
    assert_string_equal(preview.head[0].items[1], "x");
}

/* What goes wrong with an upload names the file as the user does, never where it lies. */
static void errors_of_uploads_show_no_path(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_upload upload;
    struct mg_wire_preview preview;
    static const char *const texts[] = {
        "", "PAR1 no PAR1", "a,b\n1,\"2\n", "{\"a\":1}\nx\n{", "\x1f\x8b\x08", "a\xff,\xfe\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        SUCCEEDS(
            mg_listen_upload_store(&f->ctx, write_file(f, "in", texts[i]), "mine.csv", &upload, &f->error));
        struct mg_error error = {0};
        int rc = mg_listen_upload_preview(&f->ctx, upload.id, NULL, NULL, &preview, &error);
        if (rc != 0 && rc != MG_E_INVALID)
            fail_msg("%zu: %d %s", i, rc, error.message);
        if (strstr(error.message, f->dir) || strstr(error.field, f->dir) || strstr(error.message, upload.id))
            fail_msg("%s [%s]", error.message, error.field);
        assert_true(rc == 0 || strstr(error.message, "mine.csv"));
    }
}

static void uploads_are_previewed_with_a_mapping(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    struct mg_wire_upload upload =
        upload_text(f, "../../etc/答卷\n.csv",
                    "Wave,e1,P-1,\"E2: repair\",other,Warm rooms\nW1,5,4,3,x,2\nW1,5,4,3,y,2\n");
    assert_string_equal(upload.name, "答卷.csv");
    struct mg_wire_preview preview;
    SUCCEEDS(mg_listen_upload_preview(&f->ctx, upload.id, study, NULL, &preview, &f->error));
    assert_int_equal(preview.rows, 2);
    assert_int_equal(preview.n_head, 2);
    assert_string_equal(preview.head[1].items[4], "y");
    assert_string_equal(preview.columns[0].target, "wave");
    assert_string_equal(preview.columns[1].target, "E1");
    assert_string_equal(preview.columns[2].target, "P1");
    assert_string_equal(preview.columns[3].target, "E2");
    assert_null(preview.columns[4].target);
    assert_null(preview.columns[5].target); /* E1 and P1, which bear this label, are taken */
    assert_int_equal(preview.columns[1].type, MG_WIRE_PREVIEW_COLUMN_TYPE_INTEGER);
}

static void expired_uploads_and_leftovers_go(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_upload upload = upload_text(f, "a.csv", "E1\n1\n");
    const char *path = mg_listen_upload_path(&f->ctx, upload.id);
    const char *half = write_file(f, "uploads/x.part", "half");
    SUCCEEDS(mg_listen_upload_sweep(&f->ctx, &f->error));
    assert_true(mg_file_exists(path));
    assert_true(mg_file_exists(half));
    f->ctx.clock = mg_clock_fixed(mg_now(&f->ctx.clock) + MG_UPLOAD_LIFE_US + 1);
    SUCCEEDS(mg_listen_upload_sweep(&f->ctx, &f->error));
    assert_false(mg_file_exists(path));
    assert_false(mg_file_exists(half));
    struct mg_wire_preview preview;
    assert_int_equal(mg_listen_upload_preview(&f->ctx, upload.id, NULL, NULL, &preview, &f->error),
                     MG_E_NOT_FOUND);
}

static void a_study_is_proposed_where_there_is_none(void **state)
{
    struct fixture *f = *state;
    struct mg_buf text;
    mg_buf_init(&text, 1 << 16);
    mg_buf_puts(&text, "E01,E02,E03,P01,P02,P03,region\n");
    for (int i = 0; i < 60; i++)
        mg_buf_printf(&text, "%d,%d,%d,%d,%d,%d,%s\n", i % 7 + 1, i % 5 + 2, i % 6 + 1, i % 4 + 1, i % 3 + 1,
                      i % 7 + 1, i % 2 ? "east" : "west");
    struct mg_wire_upload upload = upload_text(f, "满意度 调查.csv", text.data);
    mg_buf_done(&text);
    struct mg_wire_preview preview;
    SUCCEEDS(mg_listen_upload_preview(&f->ctx, upload.id, NULL, NULL, &preview, &f->error));
    assert_non_null(preview.proposed_study);
    assert_true(preview.n_notes > 0);
    const struct mg_wire_preview_column *e = &preview.columns[0], *region = &preview.columns[6];
    assert_true(e->has_role && e->role == MG_WIRE_COLUMN_ROLE_EXPECTATION);
    assert_true(e->has_confidence && e->confidence == MG_WIRE_CONFIDENCE_HIGH);
    assert_string_equal(e->partner, "P01");
    assert_string_equal(e->item, "01");
    assert_true(e->has_scale_min && e->scale_min == 1 && e->scale_max == 7 && e->scale_step == 1);
    assert_string_equal(e->reason, "same stem “01”");
    assert_true(region->role == MG_WIRE_COLUMN_ROLE_GROUP && !region->has_scale_min);
    /* P02 goes only from 1 to 3. */
    assert_int_equal(preview.n_warnings, 1);
    assert_int_equal(preview.warnings[0].code, MG_WIRE_PREVIEW_WARNING_CODE_SCALE_FITS_TWO);
    assert_string_equal(preview.warnings[0].columns[0], "P02");
    struct mg_wire_study study;
    struct mg_wire_study_edit edit = {.document = preview.proposed_study};
    SUCCEEDS(mg_record_study_create(&f->ctx, &edit, &study, &f->error));
    assert_string_equal(study.code, "满意度-调查");
    assert_int_equal(study.items, 3);
    assert_true(study.has_expectation);
}

/* What to look at comes in the reader's language, with the columns it is about. */
static void a_preview_warns(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_preview preview;
    f->ctx.lang = MG_LANG_ZH;
    struct mg_wire_upload upload =
        upload_text(f, "a.csv", "期望：室温,感知：室温,期望：账单\n1,2,3\n4,5,6\n7,1,2\n");
    SUCCEEDS(mg_listen_upload_preview(&f->ctx, upload.id, NULL, NULL, &preview, &f->error));
    assert_int_equal(preview.n_warnings, 1);
    assert_int_equal(preview.warnings[0].code, MG_WIRE_PREVIEW_WARNING_CODE_EXPECTATION_UNPLACED);
    assert_string_equal(preview.warnings[0].text, "提到期望却没有配对的列：1（期望：账单）。");
    assert_int_equal(preview.warnings[0].n_columns, 1);
    assert_string_equal(preview.warnings[0].columns[0], "期望：账单");
    assert_string_equal(preview.columns[0].reason, "题干相同：“室温”");
    assert_int_equal(preview.columns[2].n_candidates, 0);
}

static void mappings_that_cannot_be(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    struct mg_wire_upload upload = upload_text(f, "a.csv", "a,b\n5,4\n");
    static const struct {
        struct mg_wire_mapping mapping[2];
        const char *field;
    } cases[] = {
        {{{"a", "E1"}, {"z", "P1"}}, "/mapping/1/source"}, {{{"a", "E1"}, {"b", "P9"}}, "/mapping/1/target"},
        {{{"a", "E1"}, {"b", "E1"}}, "/mapping/1/target"}, {{{"a", "E1"}, {"a", "P1"}}, "/mapping/1/source"},
        {{{"a", "wave"}, {"b", "customer"}}, "/mapping"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct mg_wire_import import;
        struct mg_wire_import_create create = {
            .upload_id = upload.id, .study_id = study, .mapping = cases[i].mapping, .n_mapping = 2};
        assert_int_equal(mg_listen_import_create(&f->ctx, &create, &import, &f->error), MG_E_INVALID);
        assert_string_equal(f->error.field, cases[i].field);
    }
}

static void a_job_imports_and_a_broken_one_says_why(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    SUCCEEDS(mg_jobs_new(&f->ctx, &import_jobs, &f->ctx.jobs, &f->error));
    static const struct mg_wire_mapping mapping[] = {{"a", "E1"}, {"b", "P1"}};
    static const char *const texts[] = {"a,b\n5,4\n6,3\n", "a,b\n55,44\n"};
    for (size_t i = 0; i < 2; i++) {
        struct mg_wire_upload upload = upload_text(f, "a.csv", texts[i]);
        struct mg_wire_import import;
        struct mg_wire_import_create create = {
            .upload_id = upload.id, .study_id = study, .mapping = mapping, .n_mapping = 2, .wave = "W1"};
        SUCCEEDS(mg_listen_import_create(&f->ctx, &create, &import, &f->error));
        for (int wait = 0; import.state == MG_WIRE_IMPORT_STATE_RUNNING && wait < 500; wait++) {
            usleep(10000);
            SUCCEEDS(mg_listen_import_get(&f->ctx, import.id, &import, &f->error));
        }
        assert_int_equal(import.state, i == 0 ? MG_WIRE_IMPORT_STATE_DONE : MG_WIRE_IMPORT_STATE_FAILED);
        if (i == 1)
            assert_non_null(strstr(import.message, "Not one"));
    }
    mg_jobs_free(f->ctx.jobs);
    f->ctx.jobs = NULL;
    assert_int_equal(count_record(f, study), 2);
}

/* --- organisations, responses, studies --- */

static void organisations_do_not_see_each_other(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    struct mg_wire_import import = import_text(f, study, "E1,P1\n5,5\n");
    struct mg_wire_response_list list;
    SUCCEEDS(mg_listen_response_list(&f->ctx, study, NULL, 10, &list, &f->error));
    const char *response = list.responses[0].id;
    char first[27];
    memcpy(first, f->ctx.caller.org_id, sizeof first);
    SUCCEEDS(mg_org_create(&f->ctx, "Other", false, f->ctx.caller.org_id, &f->error));
    struct mg_wire_study wire_study;
    struct mg_wire_response wire_response;
    struct mg_out_report report;
    assert_int_equal(mg_record_study_get(&f->ctx, study, &wire_study, &f->error), MG_E_NOT_FOUND);
    assert_int_equal(mg_record_study_delete(&f->ctx, study, &f->error), MG_E_NOT_FOUND);
    assert_int_equal(mg_listen_import_get(&f->ctx, import.id, &import, &f->error), MG_E_NOT_FOUND);
    assert_int_equal(mg_listen_import_undo(&f->ctx, import.id, &import, &f->error), MG_E_NOT_FOUND);
    assert_int_equal(mg_listen_import_errors(&f->ctx, import.id, MG_OUT_CSV, "/tmp/none", &report, &f->error),
                     MG_E_NOT_FOUND);
    assert_int_equal(mg_listen_response_get(&f->ctx, response, &wire_response, &f->error), MG_E_NOT_FOUND);
    assert_int_equal(mg_listen_response_delete(&f->ctx, response, &f->error), MG_E_NOT_FOUND);
    assert_int_equal(mg_listen_response_list(&f->ctx, study, NULL, 10, &list, &f->error), MG_E_NOT_FOUND);
    memcpy(f->ctx.caller.org_id, first, sizeof first);
    SUCCEEDS(mg_listen_response_get(&f->ctx, response, &wire_response, &f->error));
}

static void single_responses_are_checked_and_come_once(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    struct mg_wire_response_create create = {
        .answers = sent(
            f, "{\"E1\":7,\"P1\":9,\"E2\":\"NA\",\"P2\":3.7,\"district\":\"\\\"east\\\"\",\"nps\":null}"),
        .customer = "c1",
        .idempotency_key = "abcdefgh"};
    struct mg_wire_response_receipt first, second;
    SUCCEEDS(mg_listen_response_create(&f->ctx, study, &create, &first, &f->error));
    assert_int_equal(first.n_warnings, 2);
    assert_string_equal(first.warnings[0], "P1: It is not on the scale from 1 to 7.");
    assert_string_equal(first.warnings[1], "P2: It lies between the steps of the scale from 1 to 7.");
    SUCCEEDS(mg_listen_response_create(&f->ctx, study, &create, &second, &f->error));
    assert_string_equal(first.id, second.id);
    assert_int_equal(count_record(f, study), 1);
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    assert_string_equal(column_text(f, study, "district"), "\"east\"=1 ");
    assert_string_equal(column_text(f, study, "_weight"), "-=1 ");

    static const char *const refused[][2] = {
        {"{\"E1\":\"x\"}", "/answers/E1"}, {"{\"zz\":1}", "/answers/zz"}, {"{}", ""}, {"[1]", ""}};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        create = (struct mg_wire_response_create){.answers = sent(f, refused[i][0])};
        assert_int_equal(mg_listen_response_create(&f->ctx, study, &create, &second, &f->error),
                         MG_E_INVALID);
        assert_string_equal(f->error.field, refused[i][1]);
    }
    SUCCEEDS(mg_listen_response_delete(&f->ctx, first.id, &f->error));
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    assert_int_equal(count_record(f, study), 0);
    assert_int_equal(count_columns(f, study), 0);
}

static void changed_studies_change_their_table(void **state)
{
    struct fixture *f = *state;
    const char *id = add_study(f, small_study);
    import_text(f, id, "E1,P1\n5,5\n6,6\n");
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    const char *before = mg_record_data_version(&f->ctx, id);
    assert_non_null(before);
    struct mg_wire_study study;
    struct mg_wire_study_edit edit = {.document = "{\"study\":\"heat\",\"scale\":{\"min\":1,\"max\":7},"
                                                  "\"items\":[{\"code\":\"WARM\",\"expectation\":\"E1\","
                                                  "\"perception\":\"P1\",\"adequate\":\"A1\"}]}",
                                      .version = 1,
                                      .has_version = true};
    SUCCEEDS(mg_record_study_update(&f->ctx, id, &edit, &study, &f->error));
    assert_int_equal(study.version, 2);
    edit.has_version = false;
    assert_int_equal(mg_record_study_update(&f->ctx, id, &edit, &study, &f->error), MG_E_INVALID);
    edit.has_version = true;
    assert_int_equal(study.responses, 2);
    assert_int_equal(mg_record_study_update(&f->ctx, id, &edit, &study, &f->error), MG_E_CHANGED);
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    const char *after = mg_record_data_version(&f->ctx, id);
    assert_non_null(after);
    assert_string_not_equal(after, before);
    assert_int_equal(count_columns(f, id), 2);
    assert_string_equal(column_text(f, id, "A1"), "-=2 ");
    SUCCEEDS(mg_record_study_delete(&f->ctx, id, &f->error));
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    assert_int_equal(mg_record_study_get(&f->ctx, id, &study, &f->error), MG_E_NOT_FOUND);
    int64_t lag;
    SUCCEEDS(mg_follower_lag(&f->ctx, &mg_listen_columns, &lag, &f->error));
    assert_int_equal(lag, 0);
}

static void columns_that_a_table_cannot_have(void **state)
{
    struct fixture *f = *state;
    static const char *const columns[][2] = {{"_WAVE", "P1"}, {"_id", "P1"}, {"q1", "Q1"}};
    for (size_t i = 0; i < 3; i++) {
        struct mg_wire_study study;
        struct mg_wire_study_edit edit = {
            .document =
                mg_arena_printf(f->ctx.arena,
                                "{\"study\":\"x\",\"scale\":{\"min\":1,\"max\":7},\"items\":[{\"code\":\"A\","
                                "\"expectation\":\"%s\",\"perception\":\"%s\"}]}",
                                columns[i][0], columns[i][1])};
        assert_int_equal(mg_record_study_create(&f->ctx, &edit, &study, &f->error), MG_E_INVALID);
    }
}

/* --- the real surveys --- */

static const char *kiosk_study(struct fixture *f)
{
    struct mg_buf text;
    mg_buf_init(&text, 1 << 16);
    mg_buf_puts(&text, "{\"study\":\"kiosk\",\"scale\":{\"min\":1,\"max\":7,\"step\":1},\"items\":[");
    for (int i = 1; i <= 24; i++)
        mg_buf_printf(&text, "%s{\"code\":\"I%02d\",\"expectation\":\"E%02d\",\"perception\":\"P%02d\"}",
                      i > 1 ? "," : "", i, i, i);
    mg_buf_puts(&text, "]}");
    const char *id = add_study(f, text.data);
    mg_buf_done(&text);
    return id;
}

static void the_kiosk_survey(void **state)
{
    struct fixture *f = *state;
    const char *shared = getenv("MG_SHARED");
    const char *path = mg_arena_printf(f->ctx.arena, "%s/data/service-quality/kiosk_servqual_kano_ipa.csv",
                                       shared ? shared : "");
    if (!mg_file_exists(path)) {
        print_message("skipped: no shared data (%s)\n", path);
        skip();
    }
    const char *study = kiosk_study(f);
    struct mg_wire_import import;
    struct mg_listen_import_file request = {.path = path, .study_id = study};
    SUCCEEDS(mg_listen_import_file(&f->ctx, &request, &import, &f->error));
    print_message("kiosk: %lld of %lld rows, %lld errors\n", (long long)import.imported,
                  (long long)import.rows, (long long)import.errors);
    assert_int_equal(import.rows, 211);
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    assert_int_equal(count_columns(f, study), import.imported);
}

static void the_airline_ratings(void **state)
{
    struct fixture *f = *state;
    const char *shared = getenv("MG_SHARED");
    const char *path = mg_arena_printf(
        f->ctx.arena, "%s/data/service-quality/airline_passenger_satisfaction.csv.gz", shared ? shared : "");
    if (!mg_file_exists(path)) {
        print_message("skipped: no shared data (%s)\n", path);
        skip();
    }
    const char *study = add_study(
        f,
        "{\"study\":\"air\",\"scale\":{\"min\":1,\"max\":5,\"step\":1},\"missing\":{\"codes\":[0]},\"items\":"
        "["
        "{\"code\":\"SEAT\",\"perception\":\"Seat Comfort\"},{\"code\":\"WIFI\",\"perception\":\"In-flight "
        "Wifi Service\"}],"
        "\"groups\":[{\"column\":\"Class\"}]}");
    struct mg_wire_import import;
    struct mg_listen_import_file request = {.path = path, .study_id = study};
    double start = mg_clock_elapsed();
    SUCCEEDS(mg_listen_import_file(&f->ctx, &request, &import, &f->error));
    double imported = mg_clock_elapsed();
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    double synced = mg_clock_elapsed();
    print_message("airline: %lld rows, %lld errors, import %.2f s, sync %.2f s\n", (long long)import.imported,
                  (long long)import.errors, imported - start, synced - imported);
    assert_int_equal(import.rows, 129880);
    assert_int_equal(import.errors, 0);
    assert_int_equal(count_columns(f, study), import.imported);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(rows_become_responses_and_columns),
        TEST(bad_cells_are_listed_with_line_and_reason),
        TEST(bad_rows_can_be_skipped),
        TEST(chinese_reasons_and_gbk_values),
        TEST(the_same_file_twice_is_refused),
        TEST(an_import_can_be_undone),
        TEST(a_job_that_failed_late_takes_nothing_back),
        TEST(a_cancelled_import_leaves_nothing),
        TEST(parquet_and_jsonl_are_imported),
        TEST(files_that_cannot_be),
        TEST(uploads_are_previewed_with_a_mapping),
        TEST(previews_are_cut_for_show),
        TEST(errors_of_uploads_show_no_path),
        TEST(expired_uploads_and_leftovers_go),
        TEST(a_study_is_proposed_where_there_is_none),
        TEST(a_preview_warns),
        TEST(mappings_that_cannot_be),
        TEST(a_job_imports_and_a_broken_one_says_why),
        TEST(organisations_do_not_see_each_other),
        TEST(single_responses_are_checked_and_come_once),
        TEST(changed_studies_change_their_table),
        TEST(columns_that_a_table_cannot_have),
        TEST(the_kiosk_survey),
        TEST(the_airline_ratings),
    };
    return cmocka_run_group_tests_name("service/listen/import", tests, NULL, NULL);
}
