/* Responses by when they were given and by an answer, a page at a time; what is asked for wrongly is named.
 */
#include "service/listen/search.h"

#include <sqlite3.h>
#include <unistd.h>

#include "base/str.h"
#include "fixture.h"
#include "service/record/customer.h"
#include "store/queries.gen.h"

#define ORDER(name) MG_WIRE_SEARCH_RESPONSES_QUERY_ORDER_##name
#define ROWS 30

struct asked {
    int order;
    const char *from, *below, *wave, *column, *value, *before, *customer;
    int64_t limit;
};

static struct mg_wire_response_list search(struct fixture *f, const char *study, struct asked a)
{
    struct mg_wire_response_list list;
    SUCCEEDS(mg_listen_response_search(&f->ctx, study, a.order, a.from, a.below, a.wave, a.customer, a.column,
                                       a.value, a.before, a.limit ? a.limit : 200, &list, &f->error));
    return list;
}

/* Response i is of day 1 + i * 7 % 30 of January, answers E1 1 + i % 7, and is of district "north" or
 * "south". */
static const char *fill(struct fixture *f)
{
    const char *study = add_study(f, small_study);
    start_followers(f);
    for (int i = 0; i < ROWS; i++) {
        char answers[96], at[32];
        snprintf(answers, sizeof answers, "{\"E1\":%d%s,\"district\":\"%s\"}", 1 + i % 7,
                 i % 3 ? ",\"P1\":3" : "", i % 2 ? "north" : "south");
        snprintf(at, sizeof at, "2026-01-%02dT08:00:00Z", 1 + i * 7 % ROWS);
        struct mg_wire_response_receipt receipt;
        const struct mg_wire_response_create create = {
            .answers = sent(f, answers), .wave = i % 2 ? "W2" : "W1", .at = at};
        SUCCEEDS(mg_listen_response_create(&f->ctx, study, &create, &receipt, &f->error));
    }
    /* The follower is on its way; a test that hangs has failed. */
    while (count_columns(f, study) < ROWS || mg_listen_columns_ready(&f->ctx, study, &f->error) != 0)
        usleep(2000);
    return study;
}

static double answer(const struct mg_wire_response *response, const char *column)
{
    json_t *json = mg_json_parse(response->answers, strlen(response->answers), (size_t)1 << 16, NULL);
    double number = json_number_value(json_object_get(json, column));
    json_decref(json);
    return number;
}

/* All pages of `limit` rows one after the other are what one page of all is. */
static void assert_pages(struct fixture *f, const char *study, struct asked a, int64_t n)
{
    struct mg_wire_response_list all = search(f, study, a);
    assert_int_equal(all.n_responses, n);
    size_t seen = 0;
    a.limit = 4;
    for (struct mg_wire_response_list page; seen < all.n_responses; seen += page.n_responses) {
        a.before = seen ? all.responses[seen - 1].id : NULL;
        page = search(f, study, a);
        assert_true(page.n_responses > 0);
        assert_int_equal(page.total, n);
        for (size_t i = 0; i < page.n_responses; i++)
            assert_string_equal(page.responses[i].id, all.responses[seen + i].id);
    }
    a.before = all.responses[all.n_responses - 1].id;
    assert_int_equal(search(f, study, a).n_responses, 0);
}

static void goes_by_time_whatever_came_first(void **state)
{
    struct fixture *f = *state;
    const char *study = fill(f);
    struct mg_wire_response_list newest = search(f, study, (struct asked){.order = ORDER(NEWEST)});
    struct mg_wire_response_list oldest = search(f, study, (struct asked){.order = ORDER(OLDEST)});
    assert_int_equal(newest.n_responses, ROWS);
    assert_string_equal(newest.responses[0].at, "2026-01-30T08:00:00Z");
    for (size_t i = 0; i < ROWS; i++)
        assert_string_equal(newest.responses[i].id, oldest.responses[ROWS - 1 - i].id);
    assert_pages(f, study, (struct asked){.order = ORDER(NEWEST)}, ROWS);
    assert_pages(f, study, (struct asked){.order = ORDER(OLDEST), .wave = "W1"}, ROWS / 2);
    assert_pages(f, study, (struct asked){.order = ORDER(OLDEST), .wave = "*"}, ROWS);
    struct asked days = {.order = ORDER(OLDEST), .from = "2026-01-10", .below = "2026-01-20"};
    assert_pages(f, study, days, 10);
    assert_string_equal(search(f, study, days).responses[0].at, "2026-01-10T08:00:00Z");
    stop_followers(f);
}

static void goes_by_an_answer(void **state)
{
    struct fixture *f = *state;
    const char *study = fill(f);
    struct mg_wire_response_list high =
        search(f, study, (struct asked){.order = ORDER(HIGHEST), .column = "E1"});
    assert_int_equal(high.n_responses, ROWS);
    for (size_t i = 1; i < ROWS; i++)
        assert_true(answer(&high.responses[i - 1], "E1") >= answer(&high.responses[i], "E1"));
    assert_pages(f, study, (struct asked){.order = ORDER(HIGHEST), .column = "E1"}, ROWS);
    assert_pages(f, study, (struct asked){.order = ORDER(LOWEST), .column = "E1", .wave = "W2"}, ROWS / 2);
    assert_pages(f, study, (struct asked){.order = ORDER(LOWEST), .column = "district"}, ROWS);
    struct asked unanswered = {.order = ORDER(LOWEST), .column = "P1"};
    assert_int_equal(search(f, study, unanswered).n_responses, 20); /* a third gave none */
    stop_followers(f);
}

static void finds_an_answer(void **state)
{
    struct fixture *f = *state;
    const char *study = fill(f);
    struct asked sevens = {.order = ORDER(NEWEST), .column = "E1", .value = "7"};
    struct mg_wire_response_list found = search(f, study, sevens);
    assert_int_equal(found.n_responses, 4); /* 6, 13, 20, 27 */
    for (size_t i = 0; i < found.n_responses; i++) {
        assert_true(answer(&found.responses[i], "E1") == 7);
        assert_true(i == 0 || strcmp(found.responses[i - 1].at, found.responses[i].at) > 0);
    }
    struct asked north = {
        .order = ORDER(OLDEST), .column = "district", .value = "north", .from = "2026-01-16"};
    assert_pages(f, study, north, search(f, study, north).total);
    assert_int_equal(search(f, study, (struct asked){.column = "district", .value = "nowhere"}).total, 0);
    stop_followers(f);
}

static void an_erased_one_is_not_found(void **state)
{
    struct fixture *f = *state;
    const char *study = fill(f);
    struct asked sevens = {.order = ORDER(NEWEST), .column = "E1", .value = "7"};
    const char *gone = search(f, study, sevens).responses[0].id;
    stop_followers(f); /* the columns still have it */
    SUCCEEDS(mg_listen_response_delete(&f->ctx, gone, &f->error));
    struct mg_wire_response_list left = search(f, study, sevens);
    assert_int_equal(left.n_responses, 3);
    for (size_t i = 0; i < left.n_responses; i++)
        assert_string_not_equal(left.responses[i].id, gone);
}

/* Rows of a file without a time have none: they come last in every order, in no span, and are found by their
 * customer. */
static void those_without_a_time_come_last(void **state)
{
    struct fixture *f = *state;
    const char *study = fill(f);
    struct mg_wire_import import;
    const struct mg_listen_import_file request = {
        .path = write_file(f, "in.csv", "customer,E1,P1\nwang,2,3\nli,9,3\nwang,7,1\n"), .study_id = study};
    SUCCEEDS(mg_listen_import_file(&f->ctx, &request, &import, &f->error));
    while (count_columns(f, study) < ROWS + 3)
        usleep(2000);
    static const int orders[] = {ORDER(NEWEST), ORDER(OLDEST)};
    for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
        struct asked a = {.order = orders[i]};
        struct mg_wire_response_list all = search(f, study, a);
        assert_int_equal(all.total, ROWS + 3);
        for (size_t r = 0; r < all.n_responses; r++)
            assert_true((all.responses[r].at == NULL) == (r >= ROWS));
        assert_pages(f, study, a, ROWS + 3);
        a.column = "E1";
        struct mg_wire_response_list by_answer = search(f, study, a);
        assert_int_equal(by_answer.total, ROWS + 2); /* 9 isn't on the scale */
        assert_null(by_answer.responses[by_answer.n_responses - 1].at);
        a = (struct asked){.order = orders[i], .below = "2027-01-01"};
        assert_int_equal(search(f, study, a).total, ROWS);
        a = (struct asked){.order = orders[i], .customer = "wang"};
        assert_int_equal(search(f, study, a).total, 2);
        assert_string_equal(search(f, study, a).responses[1].customer, "wang");
        a.column = "E1", a.value = "7";
        assert_int_equal(search(f, study, a).total, 1);
        a = (struct asked){.order = orders[i], .customer = "Wan"};
        assert_int_equal(search(f, study, a).total, 2);
        assert_int_equal(search(f, study, a).n_responses, 2);
        a.column = "E1", a.value = "2";
        assert_int_equal(search(f, study, a).total, 1);
        a = (struct asked){.order = orders[i], .column = "E1", .customer = "nobody"};
        assert_int_equal(search(f, study, a).total, 0);
        a = (struct asked){.order = orders[i], .customer = "nobody"};
        assert_int_equal(search(f, study, a).total, 0);
    }
    stop_followers(f);
}

/* The columns are asked for customers one by one: for no more than a thousand. */
static void answers_of_too_many_customers_are_refused(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    struct mg_wire_response_list list;
    for (int i = 0; i <= 1000; i++) {
        struct mg_wire_customer made;
        char reference[16];
        snprintf(reference, sizeof reference, "c%d", i);
        const struct mg_wire_customer_edit edit = {.reference = reference};
        SUCCEEDS(mg_record_customer_upsert(&f->ctx, &edit, &made, &f->error));
    }
    assert_int_equal(mg_listen_response_search(&f->ctx, study, ORDER(NEWEST), NULL, NULL, NULL, "C", "E1",
                                               NULL, NULL, 10, &list, &f->error),
                     MG_E_LIMIT);
    assert_string_equal(f->error.field, "?customer");
}

static void what_is_wrong_is_named(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    static const struct {
        struct asked a;
        const char *field;
    } cases[] = {{{.from = "yesterday"}, "?from"},       {{.below = "2026-13-01"}, "?below"},
                 {{.order = ORDER(HIGHEST)}, "?column"}, {{.value = "7"}, "?column"},
                 {{.column = "E9"}, "?column"},          {{.column = "E1", .value = "seven"}, "?value"}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct asked a = cases[i].a;
        struct mg_wire_response_list list;
        assert_int_equal(mg_listen_response_search(&f->ctx, study, a.order, a.from, a.below, a.wave,
                                                   a.customer, a.column, a.value, NULL, 10, &list, &f->error),
                         MG_E_INVALID);
        assert_string_equal(f->error.field, cases[i].field);
    }
    struct mg_wire_response_list list;
    const char *nobody = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    assert_int_equal(mg_listen_response_search(&f->ctx, study, 0, NULL, NULL, NULL, NULL, NULL, NULL, nobody,
                                               10, &list, &f->error),
                     MG_E_NOT_FOUND);
    assert_int_equal(mg_listen_response_search(&f->ctx, nobody, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                                               10, &list, &f->error),
                     MG_E_NOT_FOUND);
}

/* A page of a million responses is read along the index of their time, none sorted. */
static void a_page_is_read_along_the_index(void **state)
{
    struct fixture *f = *state;
    sqlite3 *record;
    int looked = 0;
    const char *path = mg_arena_printf(f->ctx.arena, "%s/%s", f->dir, MG_STORE_SQLITE_FILE);
    assert_int_equal(sqlite3_open_v2(path, &record, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    for (const struct mg_query *query = mg_queries; query->name; query++) {
        sqlite3_stmt *plan;
        bool along = false;
        if (strcmp(query->name, "response_newest") != 0 && strcmp(query->name, "response_oldest") != 0)
            continue;
        const char *sql = mg_arena_printf(f->ctx.arena, "EXPLAIN QUERY PLAN %s", query->sqlite);
        assert_int_equal(sqlite3_prepare_v2(record, sql, -1, &plan, NULL), SQLITE_OK);
        while (sqlite3_step(plan) == SQLITE_ROW) {
            const char *step = (const char *)sqlite3_column_text(plan, 3);
            if (strstr(step, "TEMP B-TREE") || mg_str_starts(step, "SCAN"))
                fail_msg("%s: %s", query->name, step);
            along = along || strstr(step, "response_by_time (study_id=? AND at");
        }
        assert_true(along);
        sqlite3_finalize(plan);
        looked++;
    }
    assert_int_equal(looked, 2);
    sqlite3_close(record);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(goes_by_time_whatever_came_first),
                                       TEST(goes_by_an_answer),
                                       TEST(finds_an_answer),
                                       TEST(an_erased_one_is_not_found),
                                       TEST(those_without_a_time_come_last),
                                       TEST(answers_of_too_many_customers_are_refused),
                                       TEST(what_is_wrong_is_named),
                                       TEST(a_page_is_read_along_the_index)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
