/* The rows of a file, one by one: what is kept, what is counted, what is said of the rest. */
#include "fixture.h"

#include "base/str.h"
#include "service/listen/importer.h"

static struct mg_wire_import import(struct fixture *f, const char *study, const char *text, bool skip)
{
    struct mg_wire_import ret;
    struct mg_listen_import_file request = {.path = write_file(f, "in.csv", text),
                                            .study_id = study,
                                            .again = true,
                                            .has_existing = true,
                                            .existing = MG_WIRE_IMPORT_CREATE_EXISTING_ADD,
                                            .skip_bad_rows = skip};
    SUCCEEDS(mg_listen_import_file(&f->ctx, &request, &ret, &f->error));
    return ret;
}

static const char *errors_of(struct fixture *f, const char *id)
{
    struct mg_buf out;
    struct mg_out_report report;
    const char *path = mg_arena_printf(f->ctx.arena, "%s/errors.csv", f->dir);
    mg_buf_init(&out, 16 << 20);
    SUCCEEDS(mg_listen_import_errors(&f->ctx, id, MG_OUT_CSV, path, &report, &f->error));
    SUCCEEDS(mg_file_read(path, &out, &f->error));
    const char *text = mg_arena_strdup(f->ctx.arena, out.data);
    mg_buf_done(&out);
    return text;
}

static void assert_counts(struct mg_wire_import i, int rows, int kept, int skipped, int errors)
{
    if (i.rows != rows || i.imported != kept || i.skipped != skipped || i.errors != errors)
        fail_msg("%d rows, %d kept, %d left out, %d errors", (int)i.rows, (int)i.imported, (int)i.skipped,
                 (int)i.errors);
}

/* The response of a customer. */
static struct mg_wire_response response_of(struct fixture *f, const char *study, const char *customer)
{
    struct mg_wire_response_list list;
    SUCCEEDS(mg_listen_response_list(&f->ctx, study, NULL, 100, &list, &f->error));
    for (size_t i = 0; i < list.n_responses; i++)
        if (mg_str_equal(list.responses[i].customer, customer))
            return list.responses[i];
    fail_msg("there is no response of %s", customer);
    return (struct mg_wire_response){0};
}

/* One bad cell: the row's other answers are kept, or all of it is left out; a row of bad cells only is left
 * out. */
static void a_bad_cell_and_its_row(void **state)
{
    struct fixture *f = *state;
    static const char text[] = "customer,E1,P1,E2\na,9,5,4\nb,7,5,4\nc,x,y,\nd,99,NA,\n,,,\n";
    const char *kept = add_study(f, small_study);
    struct mg_wire_import i = import(f, kept, text, false);
    assert_counts(i, 4, 2, 2, 4); /* three bad cells, and a row without an answer; a blank one is none */
    assert_string_equal(response_of(f, kept, "a").answers, "{\"P1\":5,\"E2\":4}");
    assert_non_null(strstr(errors_of(f, i.id), "5,,,The row has no answer to this study."));
    assert_null(strstr(errors_of(f, i.id), "4,,,")); /* it was said why, cell by cell */
    i = import(f, kept, text, true);
    assert_counts(i, 4, 1, 3, 4);
}

/* Cells of one digit mean in each column what they mean there: on the scale or off it, a code, and text. */
static void digits_by_column(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(
        f, "{\"study\":\"d\",\"scale\":{\"min\":1,\"max\":7},\"items\":[{\"code\":\"A\","
           "\"expectation\":\"E1\",\"perception\":\"P1\"},{\"code\":\"B\",\"expectation\":\"E2\","
           "\"perception\":\"P2\",\"scale\":{\"min\":0,\"max\":4}}],\"groups\":[{\"column\":\"g\"}],"
           "\"customer\":\"who\",\"missing\":{\"codes\":[5]}}");
    struct mg_wire_import i = import(f, study,
                                     "who,g,E1,P1,E2,P2\n"
                                     "a,3,5,7,5,4\n"
                                     "b,5,0,1,0,3\n"
                                     "c,7,8,9,6,7\n",
                                     false);
    assert_counts(i, 3, 3, 0, 5);
    assert_string_equal(response_of(f, study, "a").answers, "{\"P1\":7,\"P2\":4,\"g\":\"3\"}");
    assert_string_equal(response_of(f, study, "b").answers, "{\"P1\":1,\"E2\":0,\"P2\":3,\"g\":\"5\"}");
    assert_string_equal(response_of(f, study, "c").answers, "{\"g\":\"7\"}");
}

static void properties_of_a_response(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(
        f,
        "{\"study\":\"w\",\"scale\":{\"min\":1,\"max\":7},\"items\":[{\"code\":\"A\",\"expectation\":\"E1\","
        "\"perception\":\"P1\"}],\"wave\":\"quarter\",\"weight\":\"k\",\"customer\":\"who\",\"time\":"
        "\"at\"}");
    struct mg_wire_import i = import(f, study,
                                     "who,quarter,k,at,E1,P1\n"
                                     "a,Q1,2.5,2026-01-18 13:40,6,5\n"
                                     "b,Q1,0,2026-01-18,6,5\n"
                                     "c,Q1,-1,yesterday,6,5\n"
                                     "d,Q1,many,,6,5\n"
                                     "e,,,,6,5\n",
                                     false);
    assert_counts(i, 5, 5, 0, 4);
    const char *said = errors_of(f, i.id);
    assert_non_null(strstr(said, "3,k,0,A weight is a number above 0 and at most 1000000000."));
    assert_non_null(strstr(said, "4,k,-1,A weight is a number above 0 and at most 1000000000."));
    assert_non_null(strstr(said, "4,at,yesterday,It is not a time such as 2026-01-18 13:40."));
    assert_non_null(strstr(said, "5,k,many,A weight is a number above 0 and at most 1000000000."));
    assert_string_equal(response_of(f, study, "a").wave, "Q1");
    assert_null(response_of(f, study, "e").wave);
    assert_true(response_of(f, study, "b").has_weight &&
                response_of(f, study, "b").weight == 0); /* as given */
    assert_true(response_of(f, study, "c").weight == -1);
    assert_false(response_of(f, study, "d").has_weight);
}

/* A row whose only fault is its weight still holds. */
static void a_bad_weight_leaves_no_row_out(void **state)
{
    struct fixture *f = *state;
    const char *study =
        add_study(f, "{\"study\":\"w\",\"scale\":{\"min\":1,\"max\":7},\"items\":[{\"code\":\"A\","
                     "\"expectation\":\"E1\",\"perception\":\"P1\"}],\"weight\":\"k\"}");
    assert_counts(import(f, study, "k,E1,P1\n0,6,5\nheavy,6,5\n1,9,5\n-1,9,5\n", true), 4, 2, 2, 5);
}

/* Reasons that differ in a number alone are one; the most frequent comes first. */
static void errors_are_summed_up_by_column_and_reason(void **state)
{
    struct fixture *f = *state;
    const char *study =
        add_study(f, "{\"study\":\"w\",\"scale\":{\"min\":1,\"max\":7},\"items\":[{\"code\":\"A\","
                     "\"expectation\":\"E1\",\"perception\":\"P1\"}],\"id\":\"no\"}");
    struct mg_wire_import i =
        import(f, study, "no,E1,P1\n1,6,5\n2,6,many\n1,6,4\n2,5,5\n1,7,7\n3,9,5\n4,6,x\n5,6,5,5\n", false);
    assert_int_equal(i.errors, 7);
    assert_int_equal(i.n_error_kinds, 4);
    assert_string_equal(i.error_kinds[0].column, "no");
    assert_int_equal(i.error_kinds[0].n, 3);
    assert_int_equal(i.error_kinds[0].line, 4);
    assert_non_null(strstr(i.error_kinds[0].reason, "on line 2"));
    assert_string_equal(i.error_kinds[1].column, "P1");
    assert_int_equal(i.error_kinds[1].n, 2);
    assert_string_equal(i.error_kinds[3].column, ""); /* the row with a cell too many */
    assert_int_equal(import(f, study, "no,E1,P1\n7,6,5\n", false).n_error_kinds, 0);
}

static void a_wave_is_not_called_all(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    struct mg_wire_import i = import(f, study, "customer,wave,E1\na,*,5\nb,2,5\n", false);
    assert_counts(i, 2, 2, 0, 1);
    assert_non_null(strstr(errors_of(f, i.id), "2,wave,*,A wave can't be called so."));
    assert_null(response_of(f, study, "a").wave);
}

static void properties_that_are_too_long(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    char line[600], name[102];
    memset(name, 'x', 101);
    name[101] = '\0';
    snprintf(line, sizeof line, "customer,wave,E1\n%.100s,%.64s,5\n%.101s,%.65s,6\n王,%s,6\n", name, name,
             name, name,
             "二〇二六年的第一个季度与它之后的第二个季度和第三个季度"); /* 27 characters, 81 bytes */
    struct mg_wire_import i = import(f, study, line, false);
    assert_counts(i, 3, 3, 0, 2);
    assert_non_null(response_of(f, study, "王").wave);
    assert_non_null(strstr(errors_of(f, i.id), "The text is too long."));
    name[100] = '\0';
    assert_int_equal(strlen(response_of(f, study, name).wave), 64);
}

/* A group called "time" holds words; nothing is said against them. */
static void a_group_called_like_a_property(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(
        f,
        "{\"study\":\"t\",\"scale\":{\"min\":1,\"max\":7},\"items\":[{\"code\":\"A\",\"perception\":\"P1\"}],"
        "\"groups\":[{\"column\":\"time\"},{\"column\":\"weight\"}],\"customer\":\"who\"}");
    struct mg_wire_import i =
        import(f, study, "who,P1,time,weight\na,5,morning,heavy\nb,6,evening,light\n", false);
    assert_counts(i, 2, 2, 0, 0);
    assert_string_equal(response_of(f, study, "a").answers,
                        "{\"P1\":5,\"time\":\"morning\",\"weight\":\"heavy\"}");
}

/* Rows go in batches of 4,000: none is lost or doubled where one ends, and ids ascend in the file's order. */
static void batches_meet(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    static const int sizes[] = {3999, 4000, 4001, 8000};
    int64_t total = 0;
    for (size_t s = 0; s < ARRAY_LEN(sizes); s++) {
        struct mg_buf text;
        mg_buf_init(&text, 1 << 22);
        mg_buf_puts(&text, "E1,district\n");
        for (int i = 0; i < sizes[s]; i++)
            mg_buf_printf(&text, "5,%d\n", i);
        assert_counts(import(f, study, text.data, false), sizes[s], sizes[s], 0, 0);
        mg_buf_done(&text);
        total += sizes[s];
        assert_int_equal(count_record(f, study), total);
    }
    struct mg_wire_response_list page;
    SUCCEEDS(mg_listen_response_list(&f->ctx, study, NULL, 1000, &page, &f->error));
    for (size_t i = 0; i < page.n_responses; i++) { /* the newest first */
        char expected[64];
        snprintf(expected, sizeof expected, "{\"E1\":5,\"district\":\"%d\"}", (int)(7999 - i));
        assert_string_equal(page.responses[i].answers, expected);
    }
}

/* 12,000 bad cells: all are counted, 10,000 listed. */
static void errors_are_counted_beyond_the_list(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    struct mg_buf text;
    mg_buf_init(&text, 1 << 22);
    mg_buf_puts(&text, "E1,P1,E2\n");
    for (int i = 0; i < 6000; i++)
        mg_buf_puts(&text, "8,0,5\n");
    struct mg_wire_import i = import(f, study, text.data, false);
    mg_buf_done(&text);
    assert_counts(i, 6000, 6000, 0, 12000);
    size_t lines = 0;
    for (const char *p = errors_of(f, i.id); (p = strstr(p, "\r\n")); p += 2)
        lines++;
    assert_int_equal(lines, 1 + MG_IMPORT_ERRORS_STORED);
}

/* What is shown of a long cell ends between two characters. */
static void a_long_value_is_cut_for_show(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    struct mg_buf text;
    mg_buf_init(&text, 1 << 12);
    mg_buf_puts(&text, "E1,P1\n5,");
    for (int i = 0; i < 100; i++)
        mg_buf_puts(&text, "暖");
    mg_buf_puts(&text, "\n");
    struct mg_wire_import i = import(f, study, text.data, false);
    mg_buf_done(&text);
    const char *said = strstr(errors_of(f, i.id), "2,P1,"), *end = strstr(said, ",It is not a number.");
    assert_non_null(end);
    assert_int_equal(end - said - 5, 66 * 3);
}

static void not_one_row(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_import ret;
    const char *study = add_study(f, small_study);
    struct mg_listen_import_file request = {.path = write_file(f, "in.csv", "E1,P1\n9,9\n,\n"),
                                            .study_id = study};
    assert_int_equal(mg_listen_import_file(&f->ctx, &request, &ret, &f->error), MG_E_INVALID);
    assert_non_null(strstr(f->error.message, "Not one"));
    assert_int_equal(count_record(f, study), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* Kept, also where rows with errors aren't, and listed with the line of the first. */
static void ids_that_come_again(void **state)
{
    struct fixture *f = *state;
    const char *study =
        add_study(f, "{\"study\":\"i\",\"scale\":{\"min\":1,\"max\":7},\"items\":[{\"code\":\"A\","
                     "\"expectation\":\"E1\",\"perception\":\"P1\"}],\"id\":\"no\"}");
    static const char text[] =
        "no,E1,P1\n7,6,5\n8,6,5\n7,6,5\n7,6,4\n,6,5\n,6,5\nNA,6,5\nNA,6,5\n9,x,y\n9,6,5\n";
    for (int skip = 0; skip < 2; skip++) {
        struct mg_wire_import i = import(f, study, text, skip);
        assert_counts(i, 10, 9, 1, 4); /* the two bad cells of 9, whose row is left out, and two repeats */
        const char *said = errors_of(f, i.id);
        assert_non_null(
            strstr(said, "4,no,7,The row is like that of line 2 in every cell; it counts again."));
        assert_non_null(strstr(said, "5,no,7,\"The id came before, on line 2; this row counts as well.\""));
        assert_null(strstr(said, ",no,9"));
    }
    static const char without[] = "E1,P1\n6,5\n6,5\n";
    assert_counts(import(f, study, without, false), 2, 2, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_bad_cell_and_its_row),
        TEST(digits_by_column),
        TEST(properties_of_a_response),
        TEST(a_bad_weight_leaves_no_row_out),
        TEST(a_wave_is_not_called_all),
        TEST(errors_are_summed_up_by_column_and_reason),
        TEST(properties_that_are_too_long),
        TEST(a_group_called_like_a_property),
        TEST(batches_meet),
        TEST(errors_are_counted_beyond_the_list),
        TEST(a_long_value_is_cut_for_show),
        TEST(not_one_row),
        TEST(ids_that_come_again),
    };
    return cmocka_run_group_tests_name("importer", tests, NULL, NULL);
}
