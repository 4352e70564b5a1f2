/* Imported and posted responses are alike for whoever reads, searches, erases, takes back; what is expected
 * is worked out from the list of all. */
#include <sqlite3.h>

#include "base/rng.h"
#include "base/str.h"
#include "columns_equal.h"
#include "fixture.h"
#include "service/listen/search.h"
#include "service/record/customer.h"

#define ORDER(name) MG_WIRE_SEARCH_RESPONSES_QUERY_ORDER_##name
#define IMPORTED 1300 /* some chunks, the last one not full */
#define POSTED 60
#define ALL_MOST 5000

static const char *const timed_study =
    "{\"study\":\"timed\",\"scale\":{\"min\":1,\"max\":7,\"step\":1},\"items\":[{\"code\":\"a\","
    "\"expectation\":\"E1\",\"perception\":\"P1\"}],\"groups\":[{\"column\":\"district\"}],\"id\":\"no\","
    "\"wave\":\"wave\",\"customer\":\"customer\",\"time\":\"time\",\"weight\":\"w\"}";

static struct mg_rng rng;

static int below(int n)
{
    return (int)mg_rng_below(&rng, (uint64_t)n);
}

/* ---- what is in ---- */

struct answered {
    int expectation, perception, customer, day; /* customer, day below 0: none */
    const char *wave, *district, *weight;       /* "": none */
};

static struct answered some_answers(void)
{
    static const char *const waves[] = {"W1", "W2", ""},
                             *const districts[] = {"north", "东区", "a \"b\"", ""},
                             *const weights[] = {"0.5", "1.25", ""};
    return (struct answered){1 + below(7),     below(8),        below(40) - 5,
                             below(100) - 10,  waves[below(3)], districts[below(4)],
                             weights[below(3)]};
}

static const char *quoted(struct fixture *f, const char *text)
{
    struct mg_buf out;
    mg_buf_init(&out, 1000);
    struct mg_json_writer writer = mg_json_writer(&out);
    mg_json_string(&writer, text);
    const char *copy = mg_arena_strndup(f->ctx.arena, out.data, out.len);
    mg_buf_done(&out);
    return copy;
}

static void add_line(struct mg_buf *file, const struct answered *a, int number)
{
    mg_buf_printf(file, "%d,%d,%s,", number, a->expectation, a->perception ? "" : "-");
    mg_buf_printf(file, "%.0d,%s,%s,", a->perception,
                  strcmp(a->district, "a \"b\"") ? a->district : "\"a \"\"b\"\"\"", a->wave);
    if (a->customer >= 0)
        mg_buf_printf(file, "%c%02d", a->customer % 2 ? 'c' : 'C', a->customer);
    mg_buf_putc(file, ',');
    if (a->day >= 0)
        mg_buf_printf(file, "2026-%02d-%02d 10:00:0%d", a->day / 28 + 1, a->day % 28 + 1, a->day % 3);
    mg_buf_printf(file, ",%s\n", a->weight);
}

static const char *bring_in(struct fixture *f, const char *study, const struct answered *rows, int n)
{
    struct mg_buf file;
    struct mg_wire_import import;
    mg_buf_init(&file, 1 << 20);
    mg_buf_puts(&file, "no,E1,none,P1,district,wave,customer,time,w\n");
    for (int i = 0; i < n; i++)
        add_line(&file, &rows[i], i);
    struct mg_listen_import_file request = {.path = write_file(f, "in.csv", file.data),
                                            .study_id = study,
                                            .again = true,
                                            .has_existing = true, /* another import has the same ids */
                                            .existing = MG_WIRE_IMPORT_CREATE_EXISTING_ADD};
    mg_buf_done(&file);
    SUCCEEDS(mg_listen_import_file(&f->ctx, &request, &import, &f->error));
    assert_int_equal(import.imported, n);
    return import.id;
}

static const char *post(struct fixture *f, const char *study, const struct answered *a)
{
    struct mg_arena *arena = f->ctx.arena;
    struct mg_wire_response_receipt receipt;
    const char *perception = a->perception ? mg_arena_printf(arena, "%d", a->perception) : "null";
    const char *answers = mg_arena_printf(arena, "{\"E1\":%d,\"P1\":%s,\"district\":%s}", a->expectation,
                                          perception, *a->district ? quoted(f, a->district) : "null");
    const char *at = a->day < 0 ? NULL
                                : mg_arena_printf(arena, "2026-%02d-%02dT10:00:0%dZ", a->day / 28 + 1,
                                                  a->day % 28 + 1, a->day % 3);
    struct mg_wire_response_create create = {.answers = sent(f, answers),
                                             .at = at,
                                             .wave = *a->wave ? a->wave : NULL,
                                             .has_weight = *a->weight != 0};
    if (create.has_weight)
        create.weight = strtod(a->weight, NULL);
    if (a->customer >= 0)
        create.customer = mg_arena_printf(arena, "%c%02d", a->customer % 2 ? 'c' : 'C', a->customer);
    SUCCEEDS(mg_listen_response_create(&f->ctx, study, &create, &receipt, &f->error));
    return receipt.id;
}

/* Posted ones among two imports. */
static const char *fill(struct fixture *f)
{
    static struct answered rows[IMPORTED];
    rng = mg_rng_init(8, 1);
    const char *study = add_study(f, timed_study);
    for (int i = 0; i < IMPORTED + POSTED; i++) {
        struct answered a = some_answers();
        if (i < IMPORTED)
            rows[i] = a;
        else
            post(f, study, &a);
        if (i == IMPORTED - 1)
            bring_in(f, study, rows, 200);
    }
    bring_in(f, study, rows, IMPORTED);
    return study;
}

/* ---- the list, and what follows from it ---- */

static struct mg_wire_response *list_all(struct fixture *f, const char *study, int64_t limit, size_t *ret_n)
{
    struct mg_wire_response *all = mg_arena_array(f->ctx.arena, ALL_MOST, sizeof *all);
    struct mg_wire_response_list page = {.n_responses = 1};
    size_t n = 0;
    for (; page.n_responses > 0; n += page.n_responses) {
        SUCCEEDS(mg_listen_response_list(&f->ctx, study, n ? all[n - 1].id : NULL, limit, &page, &f->error));
        assert_true(n + page.n_responses < ALL_MOST);
        assert_true(page.n_responses == (size_t)limit || n + page.n_responses == (size_t)page.total);
        if (page.n_responses)
            memcpy(all + n, page.responses, page.n_responses * sizeof *all);
        for (size_t i = n ? n : 1; i < n + page.n_responses; i++)
            assert_true(strcmp(all[i].id, all[i - 1].id) < 0);
    }
    assert_int_equal(n, page.total);
    *ret_n = n;
    return all;
}

static void the_list_goes_through_all_by_id(void **state)
{
    struct fixture *f = *state;
    const char *study = fill(f);
    size_t n, again;
    struct mg_wire_response *all = list_all(f, study, 1000, &n), *small = list_all(f, study, 7, &again);
    assert_int_equal(n, IMPORTED + 200 + POSTED);
    assert_int_equal(again, n);
    for (size_t i = 0; i < n; i++) {
        struct mg_wire_response one;
        SUCCEEDS(mg_listen_response_get(&f->ctx, all[i].id, &one, &f->error));
        assert_string_equal(small[i].id, all[i].id);
        assert_string_equal(one.answers, all[i].answers);
        assert_true(mg_str_equal(one.at, all[i].at) && mg_str_equal(one.wave, all[i].wave) &&
                    mg_str_equal(one.customer, all[i].customer) && one.weight == all[i].weight);
    }
}

static void what_was_imported_looks_like_what_was_posted(void **state)
{
    struct fixture *f = *state;
    enum { SOME = 50 };
    struct answered rows[SOME];
    struct mg_wire_response posted;
    size_t n;
    rng = mg_rng_init(9, 1);
    const char *study = add_study(f, timed_study);
    for (int i = 0; i < SOME; i++) {
        rows[i] = some_answers();
        rows[i].day = i;
    }
    bring_in(f, study, rows, SOME);
    struct mg_wire_response *imported = list_all(f, study, 1000, &n);
    for (int i = 0; i < SOME; i++) {
        const struct mg_wire_response *one = &imported[SOME - 1 - i];
        SUCCEEDS(mg_listen_response_get(&f->ctx, post(f, study, &rows[i]), &posted, &f->error));
        assert_string_equal(posted.answers, one->answers);
        assert_string_equal(posted.at, one->at);
        assert_true(mg_str_equal(posted.wave, one->wave) && mg_str_equal(posted.customer, one->customer));
        assert_true(posted.has_weight == one->has_weight && posted.weight == one->weight);
    }
}

/* ---- by time ---- */

struct asked {
    int order;
    const char *from, *to, *wave, *customer;
};

static bool fits(const struct asked *a, const struct mg_wire_response *r)
{
    if ((a->from && (!r->at || strcmp(r->at, a->from) < 0)) ||
        (a->to && (!r->at || strcmp(r->at, a->to) >= 0)))
        return false;
    if (a->wave && !mg_str_equal(a->wave, r->wave))
        return false;
    return !a->customer || (r->customer && strncasecmp(r->customer, a->customer, strlen(a->customer)) == 0);
}

static int order_now;

static int by_time(const void *a, const void *b)
{
    const struct mg_wire_response *x = a, *y = b;
    int sign = order_now == ORDER(NEWEST) ? -1 : 1;
    if (!x->at != !y->at)
        return x->at ? -1 : 1;
    int order = x->at ? strcmp(x->at, y->at) : 0;
    return sign * (order ? order : strcmp(x->id, y->id));
}

static void assert_found(struct fixture *f, const char *study, const struct mg_wire_response *all, size_t n,
                         const struct asked *a)
{
    struct mg_wire_response *expected = mg_arena_array(f->ctx.arena, n + 1, sizeof *expected);
    struct mg_wire_response_list page;
    size_t count = 0, seen = 0;
    for (size_t i = 0; i < n; i++)
        if (fits(a, &all[i]))
            expected[count++] = all[i];
    order_now = a->order;
    qsort(expected, count, sizeof *expected, by_time);
    do {
        SUCCEEDS(mg_listen_response_search(&f->ctx, study, a->order, a->from, a->to, a->wave, a->customer,
                                           NULL, NULL, seen ? expected[seen - 1].id : NULL, 71, &page,
                                           &f->error));
        assert_int_equal(page.total, count);
        assert_int_equal(page.n_responses, count - seen < 71 ? count - seen : 71);
        for (size_t i = 0; i < page.n_responses; i++) {
            assert_string_equal(page.responses[i].id, expected[seen + i].id);
            assert_string_equal(page.responses[i].answers, expected[seen + i].answers);
        }
        seen += page.n_responses;
    } while (page.n_responses == 71);
}

static void assert_all_found(struct fixture *f, const char *study)
{
    static const char *const froms[] = {NULL, "2026-01-20T10:00:00Z"}, *const tos[] = {NULL, "2026-02-20"},
                             *const waves[] = {NULL, "W2", "W9"},
                             *const customers[] = {NULL, "c1", "C07", "x"};
    size_t n;
    struct mg_wire_response *all = list_all(f, study, 1000, &n);
    for (int i = 0; i < 2 * 2 * 2 * 3 * 4; i++) {
        const struct asked a = {i % 2 ? ORDER(NEWEST) : ORDER(OLDEST), froms[i / 2 % 2], tos[i / 4 % 2],
                                waves[i / 8 % 3], customers[i / 24 % 4]};
        assert_found(f, study, all, n, &a);
    }
}

static void they_are_found_by_time_wherever_they_lie(void **state)
{
    struct fixture *f = *state;
    assert_all_found(f, fill(f));
}

/* Files in order of time, or without any. */
static void order_of_time_in_a_file_changes_nothing(void **state)
{
    struct fixture *f = *state;
    static struct answered rows[IMPORTED];
    const char *study = add_study(f, timed_study);
    rng = mg_rng_init(10, 1);
    for (int kind = 0; kind < 2; kind++) {
        for (int i = 0; i < IMPORTED; i++) {
            rows[i] = some_answers();
            rows[i].day = kind ? -1 : i * 90 / IMPORTED;
        }
        bring_in(f, study, rows, IMPORTED);
    }
    assert_all_found(f, study);
}

/* ---- erasing ---- */

static int64_t ask_number(struct fixture *f, const char *sql)
{
    sqlite3 *record;
    sqlite3_stmt *statement;
    const char *path = mg_arena_printf(f->ctx.arena, "%s/%s", f->dir, MG_STORE_SQLITE_FILE);
    assert_int_equal(sqlite3_open_v2(path, &record, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(record, sql, -1, &statement, NULL), SQLITE_OK);
    int64_t n = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    sqlite3_close(record);
    return n;
}

static void catch_up(struct fixture *f)
{
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
}

static void one_that_is_erased_is_gone_and_the_rest_stay(void **state)
{
    struct fixture *f = *state;
    const char *study = fill(f);
    size_t n, left;
    struct mg_wire_response *all = list_all(f, study, 1000, &n), one;
    catch_up(f);
    for (size_t i = 0; i < n; i += 7) {
        SUCCEEDS(mg_listen_response_delete(&f->ctx, all[i].id, &f->error));
        assert_int_equal(mg_listen_response_get(&f->ctx, all[i].id, &one, &f->error), MG_E_NOT_FOUND);
        assert_int_equal(mg_listen_response_delete(&f->ctx, all[i].id, &f->error), MG_E_NOT_FOUND);
    }
    struct mg_wire_response *rest = list_all(f, study, 1000, &left);
    assert_int_equal(left, n - (n + 6) / 7);
    for (size_t i = 0, k = 0; i < n; i++) {
        if (i % 7 == 0)
            continue;
        assert_string_equal(rest[k].id, all[i].id);
        assert_string_equal(rest[k++].answers, all[i].answers);
    }
    assert_all_found(f, study);
    assert_int_equal(ask_number(f, "SELECT (SELECT count(*) FROM response_customer) - sum(n_customers) FROM "
                                   "response_chunk"),
                     0);
    catch_up(f);
    assert_int_equal(count_columns(f, study), left);
    assert_columns_equal_record(f, study);
}

static void a_customer_who_is_erased_leaves_the_answers(void **state)
{
    struct fixture *f = *state;
    const char *study = fill(f);
    struct mg_wire_customer_list found;
    size_t n, same;
    struct mg_wire_response *all = list_all(f, study, 1000, &n);
    int64_t of_him = 0;
    for (size_t i = 0; i < n; i++)
        of_him += mg_str_equal(all[i].customer, "C08");
    assert_true(of_him > 20);
    SUCCEEDS(mg_record_customer_list(&f->ctx, "C08", NULL, 10, &found, &f->error));
    assert_int_equal(found.n_customers, 1);
    assert_int_equal(found.customers[0].responses, of_him);
    catch_up(f);
    const char *left =
        "SELECT count(*) FROM response_customer WHERE customer_id NOT IN (SELECT id FROM customer)";
    SUCCEEDS(mg_record_customer_delete(&f->ctx, found.customers[0].id, &f->error));
    assert_int_equal(mg_record_customer_delete(&f->ctx, found.customers[0].id, &f->error), MG_E_NOT_FOUND);
    struct mg_wire_response *now = list_all(f, study, 1000, &same);
    assert_int_equal(same, n);
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(now[i].answers, all[i].answers);
        assert_true(
            mg_str_equal(now[i].customer, mg_str_equal(all[i].customer, "C08") ? NULL : all[i].customer));
    }
    assert_int_equal(ask_number(f, left), 0);
    assert_int_equal(
        ask_number(f,
                   "SELECT (SELECT count(*) FROM response_customer) - sum(n_customers) FROM response_chunk"),
        0);
    catch_up(f);
    assert_columns_equal_record(f, study);
}

static void nobody_else_reaches_them(void **state)
{
    struct fixture *f = *state;
    const char *study = fill(f);
    struct mg_wire_customer_list found;
    struct mg_wire_response one;
    size_t n, same;
    struct mg_wire_response *all = list_all(f, study, 1000, &n);
    SUCCEEDS(mg_record_customer_list(&f->ctx, "C08", NULL, 10, &found, &f->error));
    struct mg_ctx other = f->ctx;
    SUCCEEDS(mg_org_create(&other, "Nanhu", false, other.caller.org_id, &f->error));
    for (size_t i = 0; i < n; i += 100) {
        assert_int_equal(mg_listen_response_get(&other, all[i].id, &one, &f->error), MG_E_NOT_FOUND);
        assert_int_equal(mg_listen_response_delete(&other, all[i].id, &f->error), MG_E_NOT_FOUND);
    }
    assert_int_equal(mg_record_customer_delete(&other, found.customers[0].id, &f->error), MG_E_NOT_FOUND);
    struct mg_wire_response *now = list_all(f, study, 1000, &same);
    assert_int_equal(same, n);
    for (size_t i = 0; i < n; i++)
        assert_true(mg_str_equal(now[i].customer, all[i].customer));
}

/* Ids that no response has, near those that one has. */
static void ids_around_a_chunk_are_nobody_s(void **state)
{
    struct fixture *f = *state;
    const char *study = fill(f);
    struct mg_wire_response one;
    struct mg_wire_response_list page;
    char id[MG_ULID_SIZE];
    SUCCEEDS(mg_listen_response_list(&f->ctx, study, NULL, 1, &page, &f->error));
    memcpy(id, page.responses[0].id, sizeof id);
    mg_stored_id(page.responses[0].id, 1, id); /* behind the last one */
    assert_int_equal(mg_listen_response_get(&f->ctx, id, &one, &f->error), MG_E_NOT_FOUND);
    static const char *const others[] = {"",
                                         "0",
                                         "Z",
                                         "zzzzzzzzzzzzzzzzzzzzzzzzzz",
                                         "80000000000000000000000000",
                                         "00000000000000000000000000",
                                         "01ARZ3NDEKTSV4RRFFQ69G5FAV9"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_int_equal(mg_listen_response_get(&f->ctx, others[i], &one, &f->error), MG_E_NOT_FOUND);
}

/* ---- taking back, damage ---- */

static void assert_taken_back(struct fixture *f, const char *study)
{
    struct mg_wire_import_list imports;
    struct mg_wire_import import;
    size_t n;
    SUCCEEDS(mg_listen_import_list(&f->ctx, 10, &imports, &f->error));
    for (size_t i = 0; i < imports.n_imports; i++)
        SUCCEEDS(mg_listen_import_undo(&f->ctx, imports.imports[i].id, &import, &f->error));
    list_all(f, study, 100, &n);
    assert_int_equal(n, POSTED);
    catch_up(f);
    SUCCEEDS(mg_listen_import_sweep(&f->ctx, &f->error)); /* where the columns had nothing to undo yet */
    assert_int_equal(ask_number(f, "SELECT (SELECT count(*) FROM response_chunk)"
                                   " + (SELECT count(*) FROM response_customer)"),
                     0);
    assert_int_equal(count_columns(f, study), POSTED);
}

static void an_import_that_is_taken_back_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    assert_taken_back(f, fill(f));
}

static void a_study_is_removed_with_its_chunks(void **state)
{
    struct fixture *f = *state;
    const char *study = fill(f);
    SUCCEEDS(mg_record_study_delete(&f->ctx, study, &f->error));
    assert_int_equal(
        ask_number(f,
                   "SELECT (SELECT count(*) FROM response_chunk) + (SELECT count(*) FROM response_customer)"
                   " + (SELECT count(*) FROM response) + (SELECT count(*) FROM layout)"),
        0);
}

/* A damaged chunk is said, and can be taken back with its import. */
static void damage_is_said_and_can_be_removed(void **state)
{
    struct fixture *f = *state;
    const char *study = fill(f);
    struct mg_wire_response_list page;
    struct mg_wire_response one;
    SUCCEEDS(mg_listen_response_list(&f->ctx, study, NULL, 1, &page, &f->error));
    ask_number(f, "UPDATE response_chunk SET data = zeroblob(length(data))");
    assert_int_equal(mg_listen_response_get(&f->ctx, page.responses[0].id, &one, &f->error), MG_E_ENGINE);
    assert_string_equal(f->error.message, "A chunk of imported responses is damaged in the record.");
    assert_int_equal(mg_listen_response_list(&f->ctx, study, NULL, 10, &page, &f->error), MG_E_ENGINE);
    assert_int_equal(mg_listen_response_delete(&f->ctx, page.responses[0].id, &f->error), MG_E_ENGINE);
    assert_taken_back(f, study);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_list_goes_through_all_by_id),
        TEST(what_was_imported_looks_like_what_was_posted),
        TEST(they_are_found_by_time_wherever_they_lie),
        TEST(order_of_time_in_a_file_changes_nothing),
        TEST(one_that_is_erased_is_gone_and_the_rest_stay),
        TEST(a_customer_who_is_erased_leaves_the_answers),
        TEST(nobody_else_reaches_them),
        TEST(ids_around_a_chunk_are_nobody_s),
        TEST(an_import_that_is_taken_back_leaves_nothing),
        TEST(a_study_is_removed_with_its_chunks),
        TEST(damage_is_said_and_can_be_removed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
