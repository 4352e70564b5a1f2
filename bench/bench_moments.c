/* How far moments are from what the disk and DuckDB allow.
 *
 *     bench_moments [--rows N] [--rounds R] [--threads T] [--folder PATH]
 *
 * Makes Parquet files of N rows × 48 whole-number columns (E01–E24, P01–P24, 1 to 7) and a weight in a
 * temporary folder: complete, with 2 % of the answers missing, and the latter weighted. Times, in child
 * processes that alternate R times, DuckDB alone scanning and summing those columns, and our moments of the
 * 48 columns and 12 scores: counts, sums and cross-products of the pairs that a gap report looks at (all
 * columns with one another, the two sides of each item and score, the scores of the dimensions). Prints rows
 * as row.h has them: medians of the rounds, peak memory of each child. */
#include <duckdb.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "column/engine.h"
#include "row.h"

#define ITEMS 24
#define COLUMNS (2 * ITEMS)
#define DIMENSIONS 5
#define SCORES (2 * DIMENSIONS + 2)
#define SETS (1 + ITEMS + DIMENSIONS + 1 + 1)
#define ROUNDS_MAX 50
#define MEMORY_MB_AT_MOST 400

/* A file: how often an answer is missing, whether rows are weighted, whether people answered more than once.
 */
struct kind {
    const char *name;
    double missing;
    bool weighted, customers; /* customers: four rows each, kept together */
    double at_most;           /* times DuckDB's */
};

static char names[COLUMNS][8];
static const char *name_list[COLUMNS];

struct measurement {
    double seconds;
    double megabytes;
};

static void fill_names(void)
{
    for (int c = 0; c < COLUMNS; c++) {
        snprintf(names[c], sizeof(names[c]), "%c%02d", c < ITEMS ? 'E' : 'P', c % ITEMS + 1);
        name_list[c] = names[c];
    }
}

static int query(const char *sql)
{
    duckdb_database database = NULL;
    duckdb_connection connection = NULL;
    duckdb_result result = {0};
    int rc = duckdb_open(NULL, &database) || duckdb_connect(database, &connection) ||
             duckdb_query(connection, sql, &result);
    if (rc)
        fprintf(stderr, "%s\n", duckdb_result_error(&result));
    duckdb_destroy_result(&result);
    duckdb_disconnect(&connection);
    duckdb_close(&database);
    return rc;
}

static int make_file(const char *path, long rows, double missing)
{
    static char sql[16384];
    int n = snprintf(sql, sizeof(sql), "COPY (SELECT ");
    for (int c = 0; c < COLUMNS; c++)
        n += snprintf(
            sql + n, sizeof(sql) - (size_t)n,
            "%sCASE WHEN hash(i * 97 + %d) %% 10000 < %d THEN NULL ELSE CAST(1 + (hash(i * 48 + %d) %% 4) + "
            "(hash(i) %% 4) AS INTEGER) END AS %s",
            c ? ", " : "", c, (int)(missing * 10000), c, names[c]);
    snprintf(sql + n, sizeof(sql) - (size_t)n,
             ", 0.5 + (hash(i + 7) %% 1000) / 1000.0 AS w, 'C' || (hash(i // 4) %% 100000000) AS c FROM "
             "range(%ld) t(i)) TO '%s' (FORMAT parquet)",
             rows, path);
    return query(sql);
}

static int time_sums(const char *path, const struct kind *kind, int threads, double *ret_seconds)
{
    static char sql[8192];
    char text[16];
    duckdb_database database = NULL;
    duckdb_connection connection = NULL;
    duckdb_config config = NULL;
    duckdb_result result = {0};
    int n = snprintf(sql, sizeof(sql), "SELECT ");

    for (int c = 0; c < COLUMNS; c++)
        n += snprintf(sql + n, sizeof(sql) - (size_t)n, "%ssum(%s)", c ? ", " : "", names[c]);
    snprintf(sql + n, sizeof(sql) - (size_t)n, "%s FROM read_parquet('%s')", kind->weighted ? ", sum(w)" : "",
             path);
    snprintf(text, sizeof(text), "%d", threads);
    if (duckdb_create_config(&config) || duckdb_set_config(config, "threads", text) ||
        duckdb_open_ext(NULL, &database, config, NULL) || duckdb_connect(database, &connection))
        return 1;
    double start = mg_clock_elapsed();
    int rc = duckdb_query(connection, sql, &result);
    *ret_seconds = mg_clock_elapsed() - start;
    duckdb_destroy_result(&result);
    duckdb_disconnect(&connection);
    duckdb_close(&database);
    duckdb_destroy_config(&config);
    return rc;
}

/* Scores: per dimension and overall, expectation and perception of items of which both sides were answered.
 */
static void fill_scores(struct mg_moments_score *scores, uint16_t *columns, uint16_t *partners)
{
    for (uint16_t i = 0; i < ITEMS; i++) {
        columns[i] = partners[ITEMS + i] = i;
        columns[ITEMS + i] = partners[i] = (uint16_t)(ITEMS + i);
    }
    for (int side = 0; side < 2; side++)
        for (int d = 0; d <= DIMENSIONS; d++) {
            size_t from = d == DIMENSIONS ? 0 : (size_t)(d * ITEMS / DIMENSIONS);
            size_t to = d == DIMENSIONS ? ITEMS : (size_t)((d + 1) * ITEMS / DIMENSIONS);
            scores[side * (DIMENSIONS + 1) + d] =
                (struct mg_moments_score){columns + side * ITEMS + from, partners + side * ITEMS + from,
                                          to - from, (to - from + 1) / 2};
        }
}

static void add_pair(struct mg_moments_set *set, struct mg_moments_link *link, uint16_t *variables, size_t e,
                     size_t p)
{
    variables[0] = link->a = (uint16_t)e;
    variables[1] = link->b = (uint16_t)p;
    *set = (struct mg_moments_set){.variables = variables, .n = 2};
}

static void fill_sets(struct mg_moments_set sets[SETS], struct mg_moments_link links[SETS],
                      uint16_t variables[COLUMNS + SCORES], uint16_t pairs[SETS][2])
{
    size_t n = 0;
    for (uint16_t v = 0; v < COLUMNS + SCORES; v++)
        variables[v] = v;
    sets[n++] = (struct mg_moments_set){.variables = variables, .n = COLUMNS};
    sets[n++] = (struct mg_moments_set){.variables = variables + COLUMNS, .n = SCORES};
    for (size_t i = 0; i < ITEMS; i++, n++)
        add_pair(&sets[n], &links[n - 2], pairs[n], i, ITEMS + i);
    for (size_t s = 0; s <= DIMENSIONS; s++, n++)
        add_pair(&sets[n], &links[n - 2], pairs[n], COLUMNS + s, COLUMNS + DIMENSIONS + 1 + s);
}

static int time_moments(const char *path, const struct kind *kind, int threads, double *ret_seconds)
{
    struct mg_moments_column columns[COLUMNS];
    struct mg_moments_score scores[SCORES];
    struct mg_moments_set sets[SETS];
    struct mg_moments_link links[SETS];
    uint16_t score_columns[COLUMNS], partners[COLUMNS], variables[COLUMNS + SCORES], pairs[SETS][2];
    struct mg_error error = {0};
    struct mg_column *column = NULL;
    struct mg_moments_result result;

    for (int c = 0; c < COLUMNS; c++)
        columns[c] = (struct mg_moments_column){.low = 1, .high = 7, .step = 1};
    fill_scores(scores, score_columns, partners);
    fill_sets(sets, links, variables, pairs);
    const struct mg_moments_spec spec = {.columns = columns,
                                         .n_columns = COLUMNS,
                                         .scores = scores,
                                         .n_scores = SCORES,
                                         .sets = sets,
                                         .n_sets = SETS,
                                         .links = links,
                                         .n_links = kind->weighted || kind->customers ? SETS - 2 : 0,
                                         .n_buckets = MG_MOMENTS_BUCKETS_MAX};
    const struct mg_moments_request request = {.source = {.path = path},
                                               .spec = &spec,
                                               .columns = name_list,
                                               .weight = kind->weighted ? "w" : NULL,
                                               .bucket_by = kind->customers ? "c" : NULL};
    struct mg_arena *arena = mg_arena_new((size_t)64 << 20);
    int rc = mg_column_duckdb.open(NULL, threads, &column, &error);
    struct mg_column_status unused;
    if (!rc)
        rc = mg_column_duckdb.status(column, true, &unused,
                                     &error); /* opens the database, as time_sums does */
    double start = mg_clock_elapsed();
    if (!rc)
        rc = mg_column_duckdb.moments(column, arena, &request, &result, &error);
    *ret_seconds = mg_clock_elapsed() - start;
    if (rc)
        fprintf(stderr, "%s\n", error.message);
    mg_column_duckdb.close(column);
    mg_arena_free(arena);
    return rc;
}

/* Runs one of the two in a child and reads back its time and peak memory. */
static int in_child(int (*run)(const char *, const struct kind *, int, double *), const char *path,
                    const struct kind *kind, int threads, struct measurement *ret)
{
    int ends[2];
    double seconds;
    struct rusage usage;
    if (pipe(ends))
        return 1;
    pid_t child = fork();
    if (child == 0) {
        int rc = run(path, kind, threads, &seconds);
        _exit(rc || write(ends[1], &seconds, sizeof(seconds)) != sizeof(seconds));
    }
    close(ends[1]);
    int status = 1;
    ssize_t n = read(ends[0], &ret->seconds, sizeof(ret->seconds));
    close(ends[0]);
    wait4(child, &status, 0, &usage);
    ret->megabytes = (double)usage.ru_maxrss / 1024;
    return status || n != sizeof(ret->seconds);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(const struct measurement *all, int n, bool memory)
{
    double values[ROUNDS_MAX];
    for (int i = 0; i < n; i++)
        values[i] = memory ? all[i].megabytes : all[i].seconds;
    qsort(values, (size_t)n, sizeof(double), by_value);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

static int compare(const char *what, const char *path, const struct kind *kind, int threads, int rounds)
{
    struct measurement sums[ROUNDS_MAX], moments[ROUNDS_MAX];
    for (int r = 0; r < rounds; r++)
        if (in_child(time_sums, path, kind, threads, &sums[r]) ||
            in_child(time_moments, path, kind, threads, &moments[r]))
            return 1;
    char row[200];
    double memory = median(moments, rounds, true), peer = median(sums, rounds, true);
    snprintf(row, sizeof(row), "%s: s (peer: DuckDB sums the same columns)", what);
    bench_row(row, median(moments, rounds, false), median(sums, rounds, false), 3, kind->at_most);
    snprintf(row, sizeof(row), "… peak memory, MB (DuckDB: %.0f)", peer);
    bench_row(row, memory, MEMORY_MB_AT_MOST, 0, 1);
    return 0;
}

int main(int argc, char **argv)
{
    long rows = 1000000;
    int rounds = 5, threads = (int)sysconf(_SC_NPROCESSORS_ONLN), rc = 0;
    const char *folder = "/tmp";
    static const struct kind kinds[] = {{"complete", 0, false, false, 1.5},
                                        {"2 % missing", 0.02, false, false, 1.5},
                                        {"weighted, 2 % missing, jackknife", 0.02, true, false, 2},
                                        {"jackknife by customer, complete", 0, false, true, 2.5},
                                        {"jackknife by customer, 2 % missing", 0.02, false, true, 2.5}};

    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--rows") == 0)
            rows = atol(argv[i + 1]);
        else if (strcmp(argv[i], "--rounds") == 0)
            rounds = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--threads") == 0)
            threads = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--folder") == 0)
            folder = argv[i + 1];
    }
    if (rows < 1 || rounds < 1 || rounds > ROUNDS_MAX || threads < 1) {
        fprintf(stderr, "usage: bench_moments [--rows N] [--rounds 1..%d] [--threads T] [--folder PATH]\n",
                ROUNDS_MAX);
        return 2;
    }
    fill_names();
    for (size_t f = 0; f < sizeof(kinds) / sizeof(kinds[0]) && !rc; f++) {
        char path[4096], what[96];
        snprintf(path, sizeof(path), "%s/bench_moments.%d.parquet", folder, (int)getpid());
        snprintf(what, sizeof(what), "moments of 48 columns + 12 scores, %g M rows, %s, %d threads",
                 (double)rows / 1e6, kinds[f].name, threads);
        rc = make_file(path, rows, kinds[f].missing) || compare(what, path, &kinds[f], threads, rounds);
        unlink(path);
    }
    return rc;
}
