/* Followers of the log: order, lanes, what fails, what is made anew, what is cut off. The followers here
 * remember what they were given. */
#include "../admin/fixture.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "service/admin/user.h"
#include "service/log/follower.h"
#include "store/queries.gen.h"

#define SEEN_MAX 20000

/* What a follower has made: the newest sequence of each stream, as marks make it, and all subjects in order.
 */
struct state {
    pthread_mutex_t lock;
    char subjects[SEEN_MAX][32];
    char streams[SEEN_MAX][8];
    size_t n;
    struct mark {
        char stream[8];
        int64_t sequence;
    } marks[256];
    size_t n_marks;
    char identity[40];
    int rebuilt;
    const char *poison;    /* a subject that fails */
    const char *meanwhile; /* a subject: while it is applied, somebody has all made anew */
    int code;
    int calls;
};

static struct state state = {.lock = PTHREAD_MUTEX_INITIALIZER};

static struct mark *mark_of(const char *stream)
{
    for (size_t i = 0; i < state.n_marks; i++)
        if (strcmp(state.marks[i].stream, stream) == 0)
            return &state.marks[i];
    struct mark *mark = &state.marks[state.n_marks++];
    snprintf(mark->stream, sizeof mark->stream, "%s", stream);
    mark->sequence = 0;
    return mark;
}

static int begin_anew_meanwhile(const struct mg_ctx *ctx, const char *subject, struct mg_error *error);

static int take(const struct mg_ctx *ctx, const struct mg_follower_entry *entries, size_t n,
                struct mg_error *error)
{
    int rc = begin_anew_meanwhile(ctx, entries[0].subject_id, error);
    pthread_mutex_lock(&state.lock);
    state.calls++;
    for (size_t i = 0; i < n && !rc; i++)
        if (state.poison && strcmp(entries[i].subject_id, state.poison) == 0)
            rc = mg_fail(error, state.code, "It is poison.");
    for (size_t i = 0; i < n && !rc; i++) {
        struct mark *mark = mark_of(entries[i].stream_id);
        if (entries[i].sequence <= mark->sequence)
            continue;
        mark->sequence = entries[i].sequence;
        snprintf(state.subjects[state.n], sizeof state.subjects[0], "%s", entries[i].subject_id);
        snprintf(state.streams[state.n++], sizeof state.streams[0], "%s", entries[i].stream_id);
    }
    pthread_mutex_unlock(&state.lock);
    return rc;
}

static int tell_identity(const struct mg_ctx *ctx, char ret[MG_FOLLOWER_IDENTITY], struct mg_error *error)
{
    (void)ctx, (void)error;
    snprintf(ret, MG_FOLLOWER_IDENTITY, "%s", state.identity);
    return 0;
}

/* Covers the log as it is now. */
static int last_sequence(struct mg_db *db, void *user, struct mg_error *error)
{
    struct mg_sql_event_last_row row;
    struct mg_arena *arena = mg_arena_new(1 << 16);
    int rc = mg_sql_event_last(db, arena, &row, error);
    *(int64_t *)user = row.sequence;
    mg_arena_free(arena);
    return rc;
}

static int make_anew(const struct mg_ctx *ctx, const char *org_id, const char *stream_id,
                     int64_t *ret_sequence, struct mg_error *error)
{
    (void)org_id;
    int rc = mg_store_read(ctx->store, last_sequence, ret_sequence, error);
    pthread_mutex_lock(&state.lock);
    if (!rc && state.poison && strcmp(stream_id, state.poison) == 0)
        rc = mg_fail(error, state.code, "It is poison.");
    if (!rc) {
        mark_of(stream_id)->sequence = *ret_sequence;
        state.rebuilt++;
    }
    pthread_mutex_unlock(&state.lock);
    return rc;
}

static int all_streams(struct mg_db *db, const struct mg_ctx *ctx,
                       int (*each)(void *user, const char *org_id, const char *stream_id,
                                   struct mg_error *error),
                       void *user, struct mg_error *error)
{
    static const char *const streams[] = {"a", "b", "c"};
    (void)db;
    int rc = 0;
    for (size_t i = 0; i < 3 && !rc; i++)
        rc = each(user, ctx->caller.org_id[0] ? ctx->caller.org_id : "org", streams[i], error);
    return rc;
}

static const struct mg_follower memory = {.name = "memory",
                                          .kinds = {"small", "big", MG_EVENT_ERASE},
                                          .bulk = {"big"},
                                          .apply = take,
                                          .identity = tell_identity,
                                          .rebuild = make_anew,
                                          .streams = all_streams};

static int begin_anew_meanwhile(const struct mg_ctx *ctx, const char *subject, struct mg_error *error)
{
    if (!state.meanwhile || strcmp(subject, state.meanwhile) != 0)
        return 0;
    state.meanwhile = NULL;
    return mg_follower_rebuild(ctx, &memory, error);
}

static const struct mg_follower plain = {
    .name = "plain", .kinds = {"small", "big", MG_EVENT_ERASE}, .bulk = {"big"}, .apply = take};

struct adding {
    const struct mg_ctx *ctx;
    const char *kind, *stream, *subject;
};

static int write_event(struct mg_db *db, void *user, struct mg_error *error)
{
    const struct adding *a = user;
    return mg_event_add(db, a->ctx, a->kind, a->stream, a->subject, NULL, error);
}

static void add(struct fixture *f, const char *kind, const char *stream, const char *subject)
{
    struct adding adding = {&f->ctx, kind, stream, subject};
    SUCCEEDS(mg_store_write(f->ctx.store, write_event, &adding, &f->error));
}

/* What one stream was given, in order: "1 2 3". */
static const char *given(const char *stream)
{
    static char text[512];
    text[0] = '\0';
    for (size_t i = 0; i < state.n; i++)
        if (strcmp(state.streams[i], stream) == 0)
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", text[0] ? " " : "",
                     state.subjects[i]);
    return text;
}

static int begin(void **test)
{
    pthread_mutex_t lock = state.lock;
    state = (struct state){.identity = "one"};
    state.lock = lock;
    set_up(test);
    struct fixture *f = *test;
    SUCCEEDS(mg_org_create(&f->ctx, "Beichen", false, f->ctx.caller.org_id, &f->error));
    return 0;
}

static struct mg_follower_state fares(struct fixture *f, const char *name)
{
    const struct mg_follower_state *states;
    size_t n;
    SUCCEEDS(mg_follower_states(&f->ctx, &states, &n, &f->error));
    for (size_t i = 0; i < n; i++)
        if (strcmp(states[i].name, name) == 0)
            return states[i];
    fail_msg("no follower %s", name);
    return (struct mg_follower_state){0};
}

static void order_holds_within_a_stream(void **test)
{
    struct fixture *f = *test;
    static const char *const entries[][3] = {{"small", "a", "1"}, {"small", "b", "1"}, {"big", "a", "2"},
                                             {"small", "a", "3"}, {"other", "a", "x"}, {"small", "b", "2"},
                                             {"big", "a", "4"},   {"big", "a", "5"},   {"small", "a", "6"},
                                             {"big", "c", "1"},   {"small", "b", "3"}};
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++)
        add(f, entries[i][0], entries[i][1], entries[i][2]);
    for (int again = 0; again < 2; again++) {
        SUCCEEDS(mg_follower_run(&f->ctx, &plain, &f->error));
        assert_string_equal(given("a"), "1 2 3 4 5 6");
        assert_string_equal(given("b"), "1 2 3");
        assert_string_equal(given("c"), "1");
    }
    int64_t lag;
    SUCCEEDS(mg_follower_lag(&f->ctx, &plain, &lag, &f->error));
    assert_int_equal(lag, 0);
    assert_int_equal(fares(f, "plain").held, 0);
}

static void what_cannot_be_applied_waits_with_its_stream_alone(void **test)
{
    struct fixture *f = *test;
    state.poison = "bad";
    state.code = MG_E_INVALID;
    add(f, "small", "a", "1");
    add(f, "small", "a", "bad");
    add(f, "small", "a", "3");
    add(f, "small", "b", "1");
    SUCCEEDS(mg_follower_run(&f->ctx, &plain, &f->error));
    add(f, "big", "a", "4");
    add(f, "small", "b", "2");
    SUCCEEDS(mg_follower_run(&f->ctx, &plain, &f->error));
    assert_string_equal(given("a"), "1");
    assert_string_equal(given("b"), "1 2");
    struct mg_follower_state now = fares(f, "plain");
    assert_int_equal(now.set_aside, 1);
    assert_int_equal(now.waiting, 0);
    int64_t lag;
    SUCCEEDS(mg_follower_lag(&f->ctx, &plain, &lag, &f->error));
    assert_int_equal(lag, 3);
    /* Tried again by hand it fails again; mended, everything that waited comes, in order. */
    SUCCEEDS(mg_follower_retry(&f->ctx, "plain", "a", &f->error));
    SUCCEEDS(mg_follower_run(&f->ctx, &plain, &f->error));
    assert_int_equal(fares(f, "plain").set_aside, 1);
    state.poison = NULL;
    SUCCEEDS(mg_follower_retry(&f->ctx, "plain", "a", &f->error));
    SUCCEEDS(mg_follower_run(&f->ctx, &plain, &f->error));
    assert_string_equal(given("a"), "1 bad 3 4");
    assert_int_equal(fares(f, "plain").held, 0);
    assert_int_equal(mg_follower_retry(&f->ctx, "plain", "a", &f->error), MG_E_NOT_FOUND);
}

static void another_organisation_cannot_try_again(void **test)
{
    struct fixture *f = *test;
    state.poison = "bad";
    state.code = MG_E_INVALID;
    add(f, "small", "a", "bad");
    SUCCEEDS(mg_follower_run(&f->ctx, &plain, &f->error));
    char own[27];
    strcpy(own, f->ctx.caller.org_id);
    SUCCEEDS(mg_org_create(&f->ctx, "Others", false, f->ctx.caller.org_id, &f->error));
    assert_int_equal(mg_follower_retry(&f->ctx, "plain", "a", &f->error), MG_E_NOT_FOUND);
    strcpy(f->ctx.caller.org_id, own);
    SUCCEEDS(mg_follower_retry(&f->ctx, "plain", "a", &f->error));
}

/* A full disk strikes everybody: nothing moves, and nothing is set aside. */
static void a_passing_failure_moves_nothing(void **test)
{
    struct fixture *f = *test;
    state.poison = "2";
    state.code = MG_E_FULL;
    add(f, "small", "a", "1");
    add(f, "small", "b", "2");
    assert_int_equal(mg_follower_run(&f->ctx, &plain, &f->error), MG_E_FULL);
    assert_int_equal(fares(f, "plain").set_aside, 0);
    assert_int_equal(fares(f, "plain").waiting, 2);
    state.poison = NULL;
    SUCCEEDS(mg_follower_run(&f->ctx, &plain, &f->error));
    assert_string_equal(given("a"), "1");
    assert_string_equal(given("b"), "2");
}

static void in_the_bulk_lane_it_waits_its_time(void **test)
{
    struct fixture *f = *test;
    state.poison = "2";
    state.code = MG_E_FULL;
    add(f, "big", "a", "2");
    add(f, "big", "b", "1");
    SUCCEEDS(mg_follower_run(&f->ctx, &plain, &f->error));
    assert_string_equal(given("b"), "1");
    assert_int_equal(fares(f, "plain").held, 1);
    assert_int_equal(fares(f, "plain").set_aside, 0);
    state.poison = NULL;
    SUCCEEDS(mg_follower_run(&f->ctx, &plain, &f->error));
    assert_string_equal(given("a"), ""); /* its time hasn't come */
    pass_time(f, 2 * SECOND_US);
    SUCCEEDS(mg_follower_run(&f->ctx, &plain, &f->error));
    assert_string_equal(given("a"), "2");
    assert_int_equal(fares(f, "plain").held, 0);
}

/* Nobody waits for days because the clock was wrong for a while. */
static void a_clock_set_back_makes_nobody_wait(void **test)
{
    static const int64_t day = (int64_t)86400 * SECOND_US, leaps[] = {-3 * day, 400 * day, -400 * day};
    struct fixture *f = *test;
    for (size_t i = 0; i < sizeof leaps / sizeof leaps[0]; i++) {
        state.poison = "2";
        state.code = MG_E_FULL;
        add(f, "big", "a", "2");
        SUCCEEDS(mg_follower_run(&f->ctx, &plain, &f->error));
        assert_int_equal(fares(f, "plain").held, 1);
        state.poison = NULL;
        pass_time(f, leaps[i]);
        SUCCEEDS(mg_follower_run(&f->ctx, &plain, &f->error));
        assert_int_equal(fares(f, "plain").held, 0);
    }
    assert_string_equal(given("a"), "2 2 2");
}

static void an_erasure_is_never_set_aside(void **test)
{
    struct fixture *f = *test;
    state.poison = "gone";
    state.code = MG_E_ENGINE;
    add(f, MG_EVENT_ERASE, "a", "gone");
    SUCCEEDS(mg_follower_run(&f->ctx, &plain, &f->error));
    assert_int_equal(fares(f, "plain").set_aside, 0);
    assert_int_equal(fares(f, "plain").erasures, 1);
    for (int i = 0; i < 12; i++) {
        pass_time(f, 600 * SECOND_US);
        SUCCEEDS(mg_follower_run(&f->ctx, &plain, &f->error));
        assert_int_equal(fares(f, "plain").erasures, 1);
    }
    state.poison = NULL;
    pass_time(f, 600 * SECOND_US);
    SUCCEEDS(mg_follower_run(&f->ctx, &plain, &f->error));
    assert_string_equal(given("a"), "gone");
    assert_int_equal(fares(f, "plain").held, 0);
}

/* Neither does it wait unseen behind what was set aside: the stream is tried again, and made anew where that
 * can be. */
static void an_erasure_behind_what_fails_is_seen_and_tried(void **test)
{
    struct fixture *f = *test;
    SUCCEEDS(mg_follower_run(&f->ctx, &memory, &f->error));
    int before = state.rebuilt;
    state.poison = "bad";
    state.code = MG_E_INVALID;
    add(f, "small", "a", "bad");
    SUCCEEDS(mg_follower_run(&f->ctx, &memory, &f->error));
    assert_int_equal(fares(f, "memory").set_aside, 1);
    add(f, MG_EVENT_ERASE, "a", "gone");
    pass_time(f, SECOND_US);
    SUCCEEDS(mg_follower_run(&f->ctx, &memory, &f->error));
    assert_int_equal(state.rebuilt, before + 1); /* from the record, which has neither */
    assert_int_equal(fares(f, "memory").held, 0);
    state.poison = "sick"; /* the same where it can't be made anew */
    add(f, "small", "b", "sick");
    add(f, MG_EVENT_ERASE, "b", "gone");
    SUCCEEDS(mg_follower_run(&f->ctx, &plain, &f->error));
    assert_int_equal(fares(f, "plain").set_aside, 0);
    assert_int_equal(fares(f, "plain").erasures, 1);
}

/* --- memory, and whose work it is --- */

static int take_greedily(const struct mg_ctx *ctx, const struct mg_follower_entry *entries, size_t n,
                         struct mg_error *error)
{
    assert_string_equal(ctx->caller.org_id, entries[0].org_id);
    for (size_t i = 0; i < n; i++)
        if (!mg_arena_alloc(ctx->arena, (size_t)3 << 20))
            return mg_fail(error, MG_E_NO_MEMORY, "Memory is out.");
    return take(ctx, entries, n, error);
}

static void large_entries_go_in_smaller_pieces(void **test)
{
    struct fixture *f = *test;
    struct mg_follower greedy = plain;
    char subject[16];
    greedy.name = "greedy";
    greedy.apply = take_greedily;
    for (int i = 0; i < 400; i++) { /* 1.2 GB, where a call has half of one */
        snprintf(subject, sizeof subject, "%d", i);
        add(f, "small", i % 2 ? "a" : "b", subject);
    }
    SUCCEEDS(mg_follower_run(&f->ctx, &greedy, &f->error));
    assert_int_equal(state.n, 400);
    assert_int_equal(fares(f, "greedy").held, 0);
}

static void a_lost_state_is_made_anew(void **test)
{
    struct fixture *f = *test;
    add(f, "small", "a", "1");
    SUCCEEDS(mg_follower_run(&f->ctx, &memory, &f->error));
    assert_int_equal(state.rebuilt, 3); /* the first time, all streams that there are */
    assert_string_equal(given("a"), "");
    add(f, "small", "a", "2");
    SUCCEEDS(mg_follower_run(&f->ctx, &memory, &f->error));
    assert_string_equal(given("a"), "2");
    state.n_marks = state.n = 0;
    strcpy(state.identity, "two");
    add(f, "small", "a", "3");
    SUCCEEDS(mg_follower_run(&f->ctx, &memory, &f->error));
    assert_int_equal(state.rebuilt, 6);
    assert_string_equal(given("a"), "");
    assert_int_equal(fares(f, "memory").rebuilding, 0);
    assert_string_not_equal(fares(f, "memory").note, "");
    SUCCEEDS(mg_follower_rebuild(&f->ctx, &memory, &f->error)); /* on request */
    assert_int_equal(fares(f, "memory").rebuilding, 3);
    SUCCEEDS(mg_follower_run(&f->ctx, &memory, &f->error));
    assert_int_equal(state.rebuilt, 9);
}

/* What the bulk lane has in hand then was done to the state before: the wish isn't lost. */
static void what_is_begun_anew_meanwhile_is_made_anew(void **test)
{
    struct fixture *f = *test;
    SUCCEEDS(mg_follower_run(&f->ctx, &memory, &f->error));
    state.meanwhile = "2";
    add(f, "small", "a", "1");
    add(f, "big", "a", "2");
    SUCCEEDS(mg_follower_run(&f->ctx, &memory, &f->error));
    assert_null(state.meanwhile);
    assert_int_equal(state.rebuilt, 6);
    assert_int_equal(fares(f, "memory").held, 0);
}

static void a_rebuild_that_fails_holds_its_stream_alone(void **test)
{
    struct fixture *f = *test;
    state.poison = "b";
    state.code = MG_E_INVALID;
    SUCCEEDS(mg_follower_run(&f->ctx, &memory, &f->error));
    assert_int_equal(state.rebuilt, 2);
    assert_int_equal(fares(f, "memory").set_aside, 1);
    add(f, "small", "a", "1");
    add(f, "small", "b", "1");
    SUCCEEDS(mg_follower_run(&f->ctx, &memory, &f->error));
    assert_string_equal(given("a"), "1");
    assert_string_equal(given("b"), "");
    state.poison = NULL;
    SUCCEEDS(mg_follower_retry(&f->ctx, "memory", "b", &f->error));
    SUCCEEDS(mg_follower_run(&f->ctx, &memory, &f->error));
    assert_int_equal(state.rebuilt, 3);
    assert_int_equal(fares(f, "memory").held, 0);
}

/* Entries of one organisation, one a stream, before the one entry of another. At what place that one came. */
static size_t place_of_the_other(struct fixture *f, const char *kind, int before)
{
    char stream[8], own[27];
    strcpy(own, f->ctx.caller.org_id);
    for (int i = 0; i < before; i++) {
        snprintf(stream, sizeof stream, "s%d", i);
        add(f, kind, stream, "own");
    }
    SUCCEEDS(mg_org_create(&f->ctx, "Others", false, f->ctx.caller.org_id, &f->error));
    add(f, kind, "z", "other"); /* the last in any other order */
    strcpy(f->ctx.caller.org_id, own);
    SUCCEEDS(mg_follower_run(&f->ctx, &plain, &f->error));
    assert_int_equal(state.n, before + 1);
    assert_int_equal(fares(f, "plain").held, 0);
    size_t place = 0;
    while (strcmp(state.streams[place], "z") != 0)
        place++;
    return place;
}

static void the_bulk_lane_goes_round_the_organisations(void **test)
{
    assert_in_range(place_of_the_other(*test, "big", 60), 0, 1);
    assert_string_equal(given("s59"), "own");
}

static void many_streams_of_one_organisation_do_not_hold_up_another(void **test)
{
    assert_in_range(place_of_the_other(*test, "small", 200), 0, 16);
    assert_string_equal(given("s199"), "own");
}

static void effects_outside_begin_at_the_present_end(void **test)
{
    struct fixture *f = *test;
    struct mg_follower mail = plain;
    mail.name = "mail";
    mail.outside = true;
    add(f, "small", "a", "before");
    SUCCEEDS(mg_follower_run(&f->ctx, &mail, &f->error));
    add(f, "small", "a", "after");
    SUCCEEDS(mg_follower_run(&f->ctx, &mail, &f->error));
    assert_string_equal(given("a"), "after");
    assert_int_equal(mg_follower_rebuild(&f->ctx, &mail, &f->error), MG_E_UNSUPPORTED);
}

/* --- state in the record --- */

static int copy_entries(struct mg_db *db, const struct mg_ctx *ctx, const struct mg_follower_entry *entries,
                        size_t n, struct mg_error *error)
{
    int rc = 0;
    for (size_t i = 0; i < n && !rc; i++) {
        rc = mg_event_add(db, ctx, "copied", entries[i].stream_id, entries[i].subject_id, NULL, error);
        if (!rc && state.poison && strcmp(entries[i].subject_id, state.poison) == 0)
            rc = mg_fail(error, MG_E_INVALID, "It is poison.");
    }
    return rc;
}

static const struct mg_follower copier = {
    .name = "copier", .kinds = {"small", "big"}, .bulk = {"big"}, .write = copy_entries};

struct counting {
    struct mg_arena *arena;
    char text[400];
};

static int read_copies(struct mg_db *db, void *user, struct mg_error *error)
{
    struct counting *c = user;
    struct mg_sql_log_entry_row *rows;
    size_t n = 0;
    int rc = mg_sql_event_after(db, c->arena, 0, 1000, &rows, &n, error);
    for (size_t i = 0; i < n && !rc; i++)
        if (strcmp(rows[i].kind, "copied") == 0)
            snprintf(c->text + strlen(c->text), sizeof c->text - strlen(c->text), "%s%s ", rows[i].stream_id,
                     rows[i].subject_id);
    return rc;
}

static const char *copies(struct fixture *f)
{
    static struct counting counting;
    counting = (struct counting){.arena = f->ctx.arena};
    SUCCEEDS(mg_store_read(f->ctx.store, read_copies, &counting, &f->error));
    return counting.text;
}

/* What it writes moves with the watermark: a failing entry leaves nothing, and the rest is written once. */
static void state_in_the_record_is_written_with_the_watermark(void **test)
{
    struct fixture *f = *test;
    state.poison = "2";
    add(f, "small", "a", "1");
    add(f, "small", "a", "2");
    add(f, "small", "b", "3");
    add(f, "big", "b", "4");
    add(f, "small", "a", "5");
    SUCCEEDS(mg_follower_run(&f->ctx, &copier, &f->error));
    assert_string_equal(copies(f), "a1 b3 b4 ");
    assert_int_equal(fares(f, "copier").set_aside, 1);
    state.poison = NULL;
    SUCCEEDS(mg_follower_retry(&f->ctx, "copier", "a", &f->error));
    SUCCEEDS(mg_follower_run(&f->ctx, &copier, &f->error));
    assert_string_equal(copies(f), "a1 b3 b4 a2 a5 ");
}

/* --- cutting off --- */

static int64_t entries_left(struct fixture *f)
{
    struct mg_sql_log_entry_row *rows;
    size_t n = 0;
    struct mg_db *db;
    SUCCEEDS(mg_store_read_begin(f->ctx.store, &db, &f->error));
    SUCCEEDS(mg_sql_event_after(db, f->ctx.arena, 0, 100000, &rows, &n, &f->error));
    mg_store_read_end(f->ctx.store, db);
    return (int64_t)n;
}

static void the_log_is_cut_behind_the_slowest(void **test)
{
    struct fixture *f = *test;
    char subject[16];
    SUCCEEDS(mg_event_prune(&f->ctx, &f->error)); /* nobody reads: all stays */
    for (int i = 0; i < 30; i++) {
        snprintf(subject, sizeof subject, "%d", i);
        add(f, "small", i % 2 ? "a" : "b", subject);
    }
    SUCCEEDS(mg_event_prune(&f->ctx, &f->error));
    assert_int_equal(entries_left(f), 30);
    state.poison = "20"; /* of stream b */
    state.code = MG_E_INVALID;
    SUCCEEDS(mg_follower_run(&f->ctx, &plain, &f->error));
    SUCCEEDS(mg_event_prune(&f->ctx, &f->error));
    /* 18, at place 19, is the last of b that was applied; it and the last of a before it stay */
    assert_int_equal(entries_left(f), 30 - 19 + 2);
    state.poison = NULL;
    SUCCEEDS(mg_follower_retry(&f->ctx, "plain", "b", &f->error));
    SUCCEEDS(mg_follower_run(&f->ctx, &plain, &f->error));
    SUCCEEDS(mg_event_prune(&f->ctx, &f->error));
    assert_int_equal(entries_left(f), 2); /* the last of each stream stays */
    add(f, "small", "a", "more");
    SUCCEEDS(mg_follower_run(&f->ctx, &plain, &f->error));
    assert_int_equal(fares(f, "plain").last, 31); /* numbers go on */
    assert_string_equal(given("a"), "1 3 5 7 9 11 13 15 17 19 21 23 25 27 29 more");
}

static void cutting_off_ends_when_asked(void **test)
{
    struct fixture *f = *test;
    struct mg_stop stop;
    for (int i = 0; i < 5; i++)
        add(f, "small", "a", "x");
    SUCCEEDS(mg_follower_run(&f->ctx, &plain, &f->error));
    mg_stop_init(&stop);
    mg_stop_ask(&stop, MG_STOP_ENDING);
    f->ctx.stop = &stop;
    assert_int_equal(mg_event_prune(&f->ctx, &f->error), MG_E_BUSY);
    f->ctx.stop = NULL;
    mg_stop_done(&stop);
    assert_int_equal(entries_left(f), 5);
}

/* --- threads --- */

struct writer {
    struct fixture *f;
    int from;
};

static void *write_many(void *user)
{
    const struct writer *w = user;
    struct mg_ctx ctx = w->f->ctx;
    char subject[16], stream[8];
    for (int i = 0; i < 1500; i++) {
        struct mg_error error = {0};
        snprintf(subject, sizeof subject, "%d-%d", w->from, i);
        snprintf(stream, sizeof stream, "s%d", i % 7);
        struct adding adding = {&ctx, i % 23 == 0 ? "big" : "small", stream, subject};
        ctx.arena = mg_arena_new(1 << 16);
        assert_int_equal(mg_store_write(ctx.store, write_event, &adding, &error), 0);
        mg_arena_free(ctx.arena);
    }
    return NULL;
}

/* Both lanes at once over streams that change between them: nothing is lost, nothing comes twice or out of
 * order. */
static void lanes_run_side_by_side(void **test)
{
    struct fixture *f = *test;
    static const struct mg_follower *const table[] = {&plain};
    pthread_t threads[3];
    struct writer writers[3];
    f->ctx.clock = mg_clock_system();
    SUCCEEDS(mg_followers_start(&f->ctx, table, 1, &f->ctx.followers, &f->error));
    for (int i = 0; i < 3; i++) {
        writers[i] = (struct writer){f, i};
        pthread_create(&threads[i], NULL, write_many, &writers[i]);
    }
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < 7; i++) {
        char stream[8];
        snprintf(stream, sizeof stream, "s%d", i);
        mg_followers_catch_up(&f->ctx, stream, 60);
    }
    mg_followers_stop(f->ctx.followers);
    f->ctx.followers = NULL;
    assert_int_equal(state.n, 4500);
    int next[3][7] = {0};
    for (size_t i = 0; i < state.n; i++) {
        int from, at;
        assert_int_equal(sscanf(state.subjects[i], "%d-%d", &from, &at), 2);
        int stream = state.streams[i][1] - '0';
        if (next[from][stream] == 0)
            next[from][stream] = stream;
        assert_int_equal(at, next[from][stream]);
        next[from][stream] += 7;
    }
}

#undef TEST
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(order_holds_within_a_stream),
        TEST(what_cannot_be_applied_waits_with_its_stream_alone),
        TEST(another_organisation_cannot_try_again),
        TEST(a_passing_failure_moves_nothing),
        TEST(in_the_bulk_lane_it_waits_its_time),
        TEST(a_clock_set_back_makes_nobody_wait),
        TEST(an_erasure_is_never_set_aside),
        TEST(an_erasure_behind_what_fails_is_seen_and_tried),
        TEST(large_entries_go_in_smaller_pieces),
        TEST(a_lost_state_is_made_anew),
        TEST(what_is_begun_anew_meanwhile_is_made_anew),
        TEST(a_rebuild_that_fails_holds_its_stream_alone),
        TEST(the_bulk_lane_goes_round_the_organisations),
        TEST(many_streams_of_one_organisation_do_not_hold_up_another),
        TEST(effects_outside_begin_at_the_present_end),
        TEST(state_in_the_record_is_written_with_the_watermark),
        TEST(the_log_is_cut_behind_the_slowest),
        TEST(cutting_off_ends_when_asked),
        TEST(lanes_run_side_by_side),
    };
    return cmocka_run_group_tests_name("service/log/lane", tests, NULL, NULL);
}
