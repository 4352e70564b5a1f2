/* How fast the record takes durable single writes, against what SQLite alone reaches on the same disk.
 *
 *     bench_intake_store [--seconds S] [--rounds R] [--threads T] [--folder PATH] [--group G]
 *
 * Ours: T threads, each writing one response (with its entry in the log and its study's count) at a time
 * through mg_store_write, which returns when it is on disk. Peer: one thread that runs the same SQL through
 * SQLite's C API into a file of the same schema with the same settings, in transactions of as many responses
 * as ours had on average. Alternates R times and prints one Markdown row: medians, their ratio, and the
 * waiting time of ours. With
 * --group only the peer runs, with that many responses a transaction, and its rate is printed alone. */
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/ulid.h"
#include "row.h"
#include "store/queries.gen.h"
#include "store/sqlite/sqlite.h"

#define ROUNDS_MAX 50
#define THREADS_MAX 512
#define WAITS_MAX 2000000
#define ID "01ARZ3NDEKTSV4RRFFQ69G5FAV"

static char document[1200];
static double seconds = 3;
static struct mg_clock wall_clock;

struct round {
    double ours, peer, group, p50, p99;
};

static void fill_document(void)
{
    char *at = document;
    at += sprintf(at, "{");
    for (int i = 1; i <= 24; i++)
        at += sprintf(at, "%s\"E%02d\":%d,\"P%02d\":%d", i > 1 ? "," : "", i, i % 7 + 1, i, (i * 3) % 7 + 1);
    sprintf(at, "}");
}

static int die(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

/* ---- ours ---- */

struct client {
    struct mg_store *store;
    atomic_bool *stop;
    pthread_t thread;
    long written;
    float *waits; /* seconds of each write */
    long capacity;
};

static int add_base(struct mg_db *db, void *user, struct mg_error *error)
{
    (void)user;
    int rc = mg_sql_org_insert(db, ID, "Bench", 1, 1, NULL, error);
    const struct mg_sql_study_insert_params study = {
        .id = ID, .org_id = ID, .code = "bench", .document = "{}", .now = 1};
    if (rc == 0)
        rc = mg_sql_study_insert(db, &study, NULL, error);
    return rc ? rc : mg_sql_study_count_insert(db, ID, NULL, error);
}

static int add_to_count(struct mg_db *db, const char *study_id, int64_t n, struct mg_error *error)
{
    return mg_sql_study_count_add(db, study_id, n, NULL, error);
}

static int add_response(struct mg_db *db, void *user, struct mg_error *error)
{
    struct mg_sql_event_add_row told;
    char id[MG_ULID_SIZE];
    int64_t now = mg_now(&wall_clock);
    mg_ulid_new(now, id);
    int rc = mg_sql_event_add(db, user, ID, "response", ID, id, now, &told, error);
    const struct mg_sql_response_insert_params row = {
        .id = id, .org_id = ID, .study_id = ID, .at = now, .now = now, .document = document};
    if (rc == 0)
        rc = mg_sql_response_insert(db, &row, NULL, error);
    return rc ? rc : mg_db_tally(db, add_to_count, ID, 1, error);
}

static void *run_client(void *argument)
{
    struct client *client = argument;
    struct mg_error error = {0};
    while (!atomic_load(client->stop)) {
        struct mg_arena *arena = mg_arena_new(4096);
        double start = mg_clock_elapsed();
        if (mg_store_write(client->store, add_response, arena, &error))
            die("write", error.message);
        if (client->written < client->capacity)
            client->waits[client->written] = (float)(mg_clock_elapsed() - start);
        client->written++;
        mg_arena_free(arena);
    }
    return NULL;
}

static int compare_float(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static int compare_double(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure_ours(const char *folder, int threads, struct round *round)
{
    static struct client clients[THREADS_MAX];
    static float waits[WAITS_MAX], all[WAITS_MAX];
    const struct mg_store_options options = {.create = true};
    struct mg_error error = {0};
    struct mg_store *store;
    atomic_bool stop = false;
    if (mg_store_open(&mg_store_sqlite, folder, &options, &store, &error) ||
        mg_store_write(store, add_base, NULL, &error))
        die("store", error.message);
    double start = mg_clock_elapsed();
    for (int i = 0; i < threads; i++) {
        long capacity = WAITS_MAX / threads;
        clients[i] = (struct client){
            .store = store, .stop = &stop, .waits = waits + i * capacity, .capacity = capacity};
        if (pthread_create(&clients[i].thread, NULL, run_client, &clients[i]))
            die("thread", "could not be started");
    }
    usleep((useconds_t)(seconds * 1e6));
    atomic_store(&stop, true);
    long written = 0, kept = 0;
    for (int i = 0; i < threads; i++) {
        pthread_join(clients[i].thread, NULL);
        written += clients[i].written;
        for (long w = 0; w < clients[i].written && w < clients[i].capacity; w++)
            all[kept++] = clients[i].waits[w];
    }
    round->ours = (double)written / (mg_clock_elapsed() - start);
    struct mg_store_stats stats;
    mg_store_stats(store, &stats);
    round->group = (double)stats.writes / (double)stats.commits;
    qsort(all, (size_t)kept, sizeof *all, compare_float);
    round->p50 = all[kept / 2] * 1e3;
    round->p99 = all[kept * 99 / 100] * 1e3;
    mg_store_close(store);
}

/* ---- the peer ---- */

static void must(sqlite3 *db, int code, const char *what)
{
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW)
        die(what, sqlite3_errmsg(db));
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *name)
{
    sqlite3_stmt *statement = NULL;
    for (const struct mg_query *query = mg_queries; query->name; query++)
        if (strcmp(query->name, name) == 0)
            must(db, sqlite3_prepare_v2(db, query->sqlite, -1, &statement, NULL), name);
    return statement;
}

/* event_add and response_insert, parameters in the order of their headers. */
static void insert_peer(sqlite3 *db, sqlite3_stmt *outbox, sqlite3_stmt *response)
{
    char id[MG_ULID_SIZE];
    int64_t now = mg_now(&wall_clock);
    mg_ulid_new(now, id);
    const char *texts[] = {ID, "response", ID, id};
    for (int i = 0; i < 4; i++)
        sqlite3_bind_text(outbox, i + 1, texts[i], -1, SQLITE_STATIC);
    sqlite3_bind_int64(outbox, 5, now);
    must(db, sqlite3_step(outbox), "outbox");
    must(db, sqlite3_step(outbox), "outbox");
    sqlite3_reset(outbox);
    sqlite3_bind_text(response, 1, id, -1, SQLITE_STATIC);
    sqlite3_bind_text(response, 2, ID, -1, SQLITE_STATIC);
    sqlite3_bind_text(response, 3, ID, -1, SQLITE_STATIC);
    sqlite3_bind_int64(response, 10, now);
    sqlite3_bind_int64(response, 11, now);
    sqlite3_bind_text(response, 12, document, -1, SQLITE_STATIC);
    must(db, sqlite3_step(response), "response");
    sqlite3_reset(response);
}

/* study_count_add, once a transaction. */
static void count_peer(sqlite3 *db, sqlite3_stmt *count, long n)
{
    sqlite3_bind_text(count, 1, ID, -1, SQLITE_STATIC);
    sqlite3_bind_int64(count, 2, n);
    must(db, sqlite3_step(count), "count");
    sqlite3_reset(count);
}

static void measure_peer(const char *folder, struct round *round)
{
    char path[4200];
    struct mg_error error = {0};
    struct mg_store *store;
    const struct mg_store_options options = {.create = true};
    if (mg_store_open(&mg_store_sqlite, folder, &options, &store, &error) ||
        mg_store_write(store, add_base, NULL, &error))
        die("store", error.message);
    mg_store_close(store); /* only for the schema */
    snprintf(path, sizeof path, "%s/%s", folder, MG_STORE_SQLITE_FILE);
    sqlite3 *db;
    must(NULL, sqlite3_open(path, &db), "open");
    must(db,
         sqlite3_exec(db,
                      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA "
                      "cache_size=-16000; PRAGMA journal_size_limit=67108864",
                      NULL, NULL, NULL),
         "settings");
    sqlite3_stmt *outbox = prepare(db, "event_add"), *response = prepare(db, "response_insert"),
                 *count = prepare(db, "study_count_add");
    long group = (long)(round->group + 0.5), written = 0;
    double start = mg_clock_elapsed();
    while (mg_clock_elapsed() - start < seconds) {
        must(db, sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), "begin");
        for (long i = 0; i < group; i++)
            insert_peer(db, outbox, response);
        count_peer(db, count, group);
        must(db, sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), "commit");
        written += group;
    }
    round->peer = (double)written / (mg_clock_elapsed() - start);
    sqlite3_finalize(outbox);
    sqlite3_finalize(response);
    sqlite3_finalize(count);
    sqlite3_close(db);
}

static double median(const struct round *rounds, int n, size_t offset)
{
    double values[ROUNDS_MAX];
    for (int i = 0; i < n; i++)
        memcpy(&values[i], (const char *)&rounds[i] + offset, sizeof(double));
    qsort(values, (size_t)n, sizeof *values, compare_double);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

static void in_new_folder(const char *parent, const char *name, char *ret_folder, size_t size)
{
    snprintf(ret_folder, size, "%s/mindgap-bench-%s-XXXXXX", parent, name);
    if (!mkdtemp(ret_folder))
        die(parent, "can't make a folder there");
}

static void remove_folder(const char *folder)
{
    static const char *const names[] = {"record.sqlite", "record.sqlite-wal", "record.sqlite-shm"};
    char path[4200];
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
}

int main(int argc, char **argv)
{
    const char *parent = ".";
    int n = 3, threads = 64;
    double group = 0;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--seconds") == 0)
            seconds = atof(argv[i + 1]);
        else if (strcmp(argv[i], "--rounds") == 0)
            n = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--threads") == 0)
            threads = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--group") == 0)
            group = atof(argv[i + 1]);
        else if (strcmp(argv[i], "--folder") == 0)
            parent = argv[i + 1];
        else
            die(argv[i], "unknown option");
    }
    if (n < 1 || n > ROUNDS_MAX || threads < 1 || threads > THREADS_MAX || seconds <= 0 || group < 0)
        die("options", "out of range");
    fill_document();
    wall_clock = mg_clock_system();
    struct round rounds[ROUNDS_MAX] = {0};
    for (int i = 0; i < n; i++) {
        char folder[4096];
        rounds[i].group = group;
        if (group == 0) {
            in_new_folder(parent, "ours", folder, sizeof folder);
            measure_ours(folder, threads, &rounds[i]);
            remove_folder(folder);
        }
        in_new_folder(parent, "peer", folder, sizeof folder);
        measure_peer(folder, &rounds[i]);
        remove_folder(folder);
    }
    double ours = median(rounds, n, offsetof(struct round, ours)),
           peer = median(rounds, n, offsetof(struct round, peer));
    if (group > 0) {
        printf("%.0f\n", peer);
        return 0;
    }
    char what[200];
    snprintf(
        what, sizeof what,
        "durable single writes, %d threads, p50 %.2f ms, p99 %.2f ms, %.1f a commit: writes/s (peer: SQLite "
        "alone, as many a commit)",
        threads, median(rounds, n, offsetof(struct round, p50)),
        median(rounds, n, offsetof(struct round, p99)), median(rounds, n, offsetof(struct round, group)));
    bench_row(what, ours, peer, 0, 0);
    return 0;
}
