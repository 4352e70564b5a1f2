/* What a study has by id, and what becomes of a row beside it. */
#include "fixture.h"

#include <math.h>

#include "base/str.h"
#include "service/listen/known.h"
#include "service/listen/response.h"
#include "service/record/hidden.h"
#include "service/record/load.h"
#include "service/record/stored.h"

#define OTHER                                                                                                \
    "{\"study\":\"other\",\"scale\":{\"min\":1,\"max\":7},\"items\":[{\"code\":\"A\",\"expectation\":"       \
    "\"E1\",\"perception\":\"P1\"}],\"id\":\"no\"}"

#define DOCUMENT                                                                                             \
    "{\"study\":\"known\",\"scale\":{\"min\":1,\"max\":7},\"items\":[{\"code\":\"A\",\"expectation\":"       \
    "\"E1\","                                                                                                \
    "\"perception\":\"P1\"}],\"groups\":[{\"column\":\"place\"}],\"id\":\"no\",\"wave\":\"wave\","           \
    "\"weight\":\"k\",\"customer\":\"who\",\"time\":\"at\"}"

static struct mg_wire_import import(struct fixture *f, const char *study, const char *text)
{
    struct mg_wire_import ret;
    struct mg_listen_import_file request = {.path = write_file(f, "in.csv", text), .study_id = study};
    SUCCEEDS(mg_listen_import_file(&f->ctx, &request, &ret, &f->error));
    return ret;
}

static struct mg_known *load(struct fixture *f, const char *study, const struct mg_record_study **ret_study)
{
    struct mg_known *known = NULL;
    SUCCEEDS(mg_record_study_load(&f->ctx, study, ret_study, &f->error));
    SUCCEEDS(mg_known_load(&f->ctx, *ret_study, &known, &f->error));
    return known;
}

/* E1, P1 and the place, as the file's row would be taken; 0 and NULL: none. */
static struct mg_datum answers[3];
static struct mg_chunk_row row(const char *id, double e, double p, const char *place)
{
    answers[0] = e > 0 ? mg_datum_number(e) : (struct mg_datum){0};
    answers[1] = p > 0 ? mg_datum_number(p) : (struct mg_datum){0};
    answers[2] = mg_datum_text(place);
    return (struct mg_chunk_row){.respondent = id, .at = MG_CHUNK_NO_TIME, .weight = NAN, .answers = answers};
}

static enum mg_fate meet(struct mg_known *known, struct mg_chunk_row met)
{
    return mg_known_meet(known, &met, NULL, false);
}

static void rows_beside_what_is_there(void **state)
{
    struct fixture *f = *state;
    const char *id = add_study(f, DOCUMENT);
    const struct mg_record_study *study;
    import(f, id, "no,E1,P1,place\na,6,5,x\nb,6,5,\nc,6,,\n,6,5,x\n");
    struct mg_known *known = load(f, id, &study);
    assert_int_equal(mg_known_size(known), 3);
    assert_int_equal(meet(known, row("a", 6, 5, "x")), MG_ROW_LEFT);
    assert_int_equal(meet(known, row("a", 6, 5, "x")), MG_ROW_ADDED); /* it was met */
    assert_int_equal(meet(known, row("b", 6, 5, "x")), MG_ROW_REPLACED);
    assert_int_equal(meet(known, row("c", 0, 4, NULL)), MG_ROW_ADDED); /* the other half */
    assert_int_equal(meet(known, row("c", 5, 4, NULL)), MG_ROW_REPLACED);
    assert_int_equal(meet(known, row("d", 6, 5, "x")), MG_ROW_ADDED);
    assert_int_equal(meet(known, row(NULL, 6, 5, "x")), MG_ROW_ADDED);
    mg_known_free(known);
    known = load(f, id, &study);
    struct mg_chunk_row other = row("a", 1, 1, NULL), new = row("e", 1, 1, NULL);
    for (int again = 0; again < 2; again++)
        assert_int_equal(mg_known_meet(known, &other, NULL, true), MG_ROW_LEFT);
    assert_int_equal(mg_known_meet(known, &new, NULL, true), MG_ROW_ADDED);
    mg_known_free(known);
    mg_known_free(NULL);
}

/* Each thing that a row says makes another row of it. */
static void what_a_row_says(void **state)
{
    struct fixture *f = *state;
    const char *id = add_study(f, DOCUMENT);
    const struct mg_record_study *study;
    mg_known_free(load(f, id, &study));
    const struct mg_fields *fields = &study->fields;
    struct mg_chunk_row plain = row("a", 6, 5, "x"), late = plain, heavy = plain;
    uint64_t seen[16];
    size_t n = 0;
    late.at = 5;
    heavy.weight = 2;
    seen[n++] = mg_known_content(fields, &plain, NULL);
    seen[n++] = mg_known_content(fields, &late, NULL);
    seen[n++] = mg_known_content(fields, &heavy, NULL);
    seen[n++] = mg_known_content(fields, &plain, "someone");
    seen[n++] = mg_known_content(fields, &plain, "someone else, whose name is long");
    seen[n++] = mg_known_content(fields, &plain, "someone else, whose name is longer");
    static const double pairs[][2] = {{5, 6}, {6, 0}, {0, 6}, {0, 0}};
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        struct mg_chunk_row other = row("a", pairs[i][0], pairs[i][1], "x");
        seen[n++] = mg_known_content(fields, &other, NULL);
    }
    struct mg_chunk_row elsewhere = row("a", 6, 5, "");
    seen[n++] = mg_known_content(fields, &elsewhere, NULL);
    elsewhere = row("a", 6, 5, NULL);
    seen[n++] = mg_known_content(fields, &elsewhere, NULL);
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < a; b++)
            if (seen[a] == seen[b])
                fail_msg("%zu and %zu are the same", a, b);
    struct mg_chunk_row again = row("b", 6, 5, "x"); /* the id is none of it */
    assert_true(mg_known_content(fields, &again, NULL) == seen[0]);
}

/* Small whole numbers as the reals that they are: no two of many rows are alike. */
static void contents_are_spread(void **state)
{
    struct fixture *f = *state;
    const char *id = add_study(f, DOCUMENT);
    const struct mg_record_study *study;
    mg_known_free(load(f, id, &study));
    static uint8_t met[1 << 20];
    size_t twice = 0;
    memset(met, 0, sizeof met);
    for (int e = 1; e <= 100; e++)
        for (int p = 1; p <= 100; p++) {
            struct mg_chunk_row one = row("a", e, p, NULL);
            uint64_t content = mg_known_content(&study->fields, &one, NULL);
            twice += met[content & (ARRAY_LEN(met) - 1)]++ > 0;
        }
    assert_true(twice < 100); /* of 10,000 in a million places 48 meet by chance */
}

/* A customer filled in, another one, or none any more makes a row another one, whether the record knew them
 * or not. */
static void a_customer_filled_in(void **state)
{
    struct fixture *f = *state;
    const char *id = add_study(f, DOCUMENT);
    import(f, id, "no,E1,P1,who\na,6,5,\nb,6,5,\nc,6,5,old\n");
    static const struct {
        const char *file;
        int replaced, left;
    } steps[] = {
        {"no,E1,P1,who\na,6,5,new\nb,6,5,\nc,6,5,old\n", 1, 2},
        {"no,E1,P1,who\na,6,5,new\nb,6,5,old\nc,6,5,old\n", 1, 2},
        {"no,E1,P1,who\na,6,5,newer\nb,6,5,old\nc,6,5,\n", 2, 1},
        {"no,E1,P1,who\na,6,5,newer\nb,6,5,old\nc,6,5,\n", 0, 3},
    };
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        struct mg_wire_import ret = import(f, id, steps[i].file);
        assert_int_equal(ret.added, 0);
        assert_int_equal(ret.replaced, steps[i].replaced);
        assert_int_equal(ret.left, steps[i].left);
    }
}

/* The number of a shop is no id: with one response more than may have it, nothing is compared. */
static void an_id_of_very_many(void **state)
{
    struct fixture *f = *state;
    static char rows[(MG_KNOWN_ALIKE + 1) * 16 + 64];
    for (int more = 0; more <= 1; more++) {
        struct mg_known *known = NULL;
        const struct mg_record_study *study;
        const char *id = add_study(f, more ? OTHER : DOCUMENT);
        char *end = rows + sprintf(rows, "no,E1,P1\n");
        for (int i = 0; i < MG_KNOWN_ALIKE + more; i++)
            end += sprintf(end, "shop,%d,%d\n", 1 + i % 7, 1 + i % 5);
        import(f, id, rows);
        SUCCEEDS(mg_record_study_load(&f->ctx, id, &study, &f->error));
        assert_int_equal(mg_known_load(&f->ctx, study, &known, &f->error), more ? MG_E_INVALID : 0);
        mg_known_free(known);
    }
}

/* What a row was compared with, and that was undone meanwhile, can't be replaced, nor stand for it. */
static void undo_in_between(struct fixture *f, double perceived, enum mg_fate fate)
{
    const char *id = add_study(f, DOCUMENT);
    const struct mg_record_study *study;
    struct mg_wire_import first = import(f, id, "no,E1,P1\na,6,5\n"), ret;
    struct mg_known *known = load(f, id, &study);
    assert_int_equal(meet(known, row("a", 6, perceived, NULL)), fate);
    struct mg_wire_import second = import(f, id, "no,E1,P1\nb,6,5\n");
    struct mg_db *db;
    SUCCEEDS(mg_listen_import_undo(&f->ctx, first.id, &ret, &f->error));
    SUCCEEDS(mg_store_read_begin(f->ctx.store, &db, &f->error));
    assert_int_equal(mg_known_hide(known, db, &f->ctx, second.id, &f->error), MG_E_CONFLICT);
    mg_store_read_end(f->ctx.store, db);
    mg_known_free(known);
}

static void an_undo_of_what_is_replaced(void **state)
{
    undo_in_between(*state, 4, MG_ROW_REPLACED);
}

static void an_undo_of_what_is_left(void **state)
{
    undo_in_between(*state, 5, MG_ROW_LEFT);
}

/* Work on the first chunk of a study, in a write. */
struct chunk_work {
    struct fixture *f;
    const char *study, *import_id;
    const struct mg_known *known;
    struct mg_sql_chunk_row row;
    size_t place;
    uint32_t mark;
};

static int find_chunk(struct mg_db *db, void *user, struct mg_error *error)
{
    struct chunk_work *w = user;
    struct mg_sql_chunk_row *rows = NULL;
    size_t n = 0;
    int rc = mg_sql_chunk_of_study(db, w->f->ctx.arena, w->study, "", 1, &rows, &n, error);
    assert_true(rc || n == 1);
    if (!rc)
        w->row = rows[0];
    return rc;
}

static void erase(struct chunk_work *w, size_t place)
{
    char id[MG_ULID_SIZE];
    mg_stored_id(w->row.id, place, id);
    struct fixture *f = w->f;
    SUCCEEDS(mg_listen_response_delete(&f->ctx, id, &f->error));
}

static int hide(struct mg_db *db, void *user, struct mg_error *error)
{
    struct chunk_work *w = user;
    return mg_known_hide(w->known, db, &w->f->ctx, w->import_id, error);
}

static int count_hidden(struct mg_db *db, void *user, struct mg_error *error)
{
    struct chunk_work *w = user;
    struct mg_sql_hidden_row *rows = NULL;
    size_t n = 0;
    int rc = mg_sql_hidden_all_of_chunk(db, w->f->ctx.arena, w->row.number, &rows, &n, error);
    assert_true(rc || n == 0);
    return rc;
}

/* What was erased meanwhile needs no hiding, and is no reason to fail. */
static void an_erasure_of_what_is_replaced(void **state)
{
    struct fixture *f = *state;
    const char *id = add_study(f, DOCUMENT);
    const struct mg_record_study *study;
    import(f, id, "no,E1,P1\na,6,5\nb,6,5\n");
    struct mg_known *known = load(f, id, &study);
    struct chunk_work w = {.f = f, .study = id, .known = known};
    SUCCEEDS(mg_store_read(f->ctx.store, find_chunk, &w, &f->error));
    assert_int_equal(meet(known, row("a", 6, 4, NULL)), MG_ROW_REPLACED);
    struct mg_wire_import second = import(f, id, "no,E1,P1\nc,6,5\n");
    w.import_id = second.id;
    erase(&w, 0);
    SUCCEEDS(mg_store_write(f->ctx.store, hide, &w, &f->error));
    SUCCEEDS(mg_store_read(f->ctx.store, count_hidden, &w, &f->error));
    mg_known_free(known);
}

static int look_at_hidden(struct mg_db *db, void *user, struct mg_error *error)
{
    struct chunk_work *w = user;
    struct mg_arena *arena = w->f->ctx.arena;
    struct mg_chunk chunk;
    int rc = find_chunk(db, w, error);
    if (!rc)
        rc = mg_chunk_read_head(arena, w->row.head.data, w->row.head.size, &chunk, error);
    if (!rc)
        rc = mg_hidden_mask(db, arena, w->row.number, &chunk, error);
    assert_true(rc || (mg_chunk_is_erased(&chunk, 0) && mg_chunk_is_erased(&chunk, 1) &&
                       !mg_chunk_is_erased(&chunk, 2)));
    return rc;
}

static int read_mark(struct mg_db *db, void *user, struct mg_error *error)
{
    struct chunk_work *w = user;
    struct mg_arena *arena = w->f->ctx.arena;
    struct mg_sql_hidden_row *rows = NULL;
    struct mg_hidden_place *places = NULL;
    size_t n = 0;
    int rc = mg_sql_hidden_all_of_chunk(db, arena, w->row.number, &rows, &n, error);
    assert_true(rc || n == 1);
    if (!rc)
        rc = mg_hidden_read(arena, rows[0].places, &places, &n, error);
    assert_true(rc || (n == 1 && places[0].place == 1));
    if (!rc)
        w->mark = places[0].mark;
    return rc;
}

static int forget_place(struct mg_db *db, void *user, struct mg_error *error)
{
    struct chunk_work *w = user;
    return mg_hidden_forget(db, w->f->ctx.arena, w->row.number, w->place, error);
}

/* The mark that place 1 has once that of `place` was taken. */
static uint32_t mark_without(struct chunk_work *w, size_t place)
{
    struct fixture *f = w->f;
    w->place = place;
    SUCCEEDS(mg_store_write(f->ctx.store, forget_place, w, &f->error));
    SUCCEEDS(mg_store_read(f->ctx.store, read_mark, w, &f->error));
    return w->mark;
}

/* Readers see neither what was erased of a chunk nor what is hidden of it; whose it was can be forgotten. */
static void erased_and_hidden_in_one_chunk(void **state)
{
    struct fixture *f = *state;
    struct chunk_work w = {.f = f, .study = add_study(f, DOCUMENT)};
    import(f, w.study, "no,E1,P1\na,6,5\nb,6,5\nc,6,5\n");
    SUCCEEDS(mg_store_read(f->ctx.store, find_chunk, &w, &f->error));
    erase(&w, 0);
    import(f, w.study, "no,E1,P1\nb,6,4\n");
    SUCCEEDS(mg_store_read(f->ctx.store, look_at_hidden, &w, &f->error));
    assert_true(mark_without(&w, 2) == mg_hidden_mark(mg_hidden_identity("b", NULL)));
    assert_int_equal(mark_without(&w, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rows_beside_what_is_there, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_a_row_says, set_up, tear_down),
        cmocka_unit_test_setup_teardown(contents_are_spread, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_id_of_very_many, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_customer_filled_in, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_undo_of_what_is_replaced, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_undo_of_what_is_left, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_erasure_of_what_is_replaced, set_up, tear_down),
        cmocka_unit_test_setup_teardown(erased_and_hidden_in_one_chunk, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
