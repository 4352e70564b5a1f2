/* A connection to the system of record, and the few calls that the generated queries need of an engine.
 *
 * Users call the typed functions of store/queries.gen.h; only those and the engines need what is below. A
 * connection is used by one thread at a time and runs one statement at a time. Text and blobs of results are
 * copied to the arena. */
#ifndef MG_STORE_DB_H
#define MG_STORE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

struct mg_db;

/* Bytes; data NULL: SQL NULL. */
struct mg_blob {
    const void *data;
    size_t size;
};

enum mg_value_type {
    MG_VALUE_NULL,
    MG_VALUE_TEXT,
    MG_VALUE_INT,
    MG_VALUE_REAL,
    MG_VALUE_BLOB,
    MG_VALUE_NULLABLE = 16
};

/* One value going in or coming out. Coming out, text and blob are borrowed until the next step. */
struct mg_value {
    enum mg_value_type type;
    union {
        int64_t integer;
        double real;
        struct mg_blob bytes; /* text: without the terminator */
    };
};

struct mg_value mg_value_text(const char *text); /* NULL: SQL NULL */
struct mg_value mg_value_int(int64_t value);
struct mg_value mg_value_int_or_null(const int64_t *value);
struct mg_value mg_value_real(double value); /* NaN: SQL NULL */
struct mg_value mg_value_real_or_null(const double *value);
struct mg_value mg_value_blob(struct mg_blob blob);

/* Where a result column goes in the row's structure. type: mg_value_type, or'ed with MG_VALUE_NULLABLE. */
struct mg_query_field {
    unsigned type;
    size_t offset;
};

/* A query as generated: `index` is its place in mg_queries[], by which an engine keeps its prepared
 * statement. */
struct mg_query {
    const char *name;
    const char *sqlite;
    size_t index, n_params;
    const struct mg_query_field *fields;
    size_t n_fields, row_size;
};

/* Adds `n` to the sum that `key` stands for. */
typedef int mg_tally_fn(struct mg_db *db, const char *key, int64_t n, struct mg_error *error);

/* What an engine does. start, bind (1-based), step until 0 or an error, column (0-based) after each row,
 * finish always. */
struct mg_db_engine {
    int (*start)(struct mg_db *db, const struct mg_query *query, struct mg_error *error);
    int (*bind)(struct mg_db *db, size_t index, const struct mg_value *value, struct mg_error *error);
    int (*step)(struct mg_db *db, struct mg_error *error); /* 1 a row, 0 no more, < 0 failed */
    void (*column)(struct mg_db *db, size_t index, struct mg_value *ret_value);
    int64_t (*changes)(struct mg_db *db); /* rows changed by the statement just stepped to its end */
    void (*finish)(struct mg_db *db);
    int (*tally)(struct mg_db *db, mg_tally_fn *add, const char *key, int64_t n, struct mg_error *error);
};

/* Engines embed this as their first member. */
struct mg_db {
    const struct mg_db_engine *engine;
    bool write; /* inside a write: what is read may come to nothing yet, so nobody keeps it */
};

/* Most rows that one query returns; more is MG_E_LIMIT. */
#define MG_QUERY_ROWS_MAX ((size_t)1000000)

/* The three kinds of queries. `values`: query->n_params of them. Outputs stay untouched on failure.
 * one: MG_E_NOT_FOUND when there is no row. many: an array of query->row_size structures, NULL when empty. */
MG_CHECKED int mg_query_one(struct mg_db *db, struct mg_arena *arena, const struct mg_query *query,
                            const struct mg_value *values, void *ret_row, struct mg_error *error);
MG_CHECKED int mg_query_many(struct mg_db *db, struct mg_arena *arena, const struct mg_query *query,
                             const struct mg_value *values, void **ret_rows, size_t *ret_n,
                             struct mg_error *error);
MG_CHECKED int mg_query_exec(struct mg_db *db, const struct mg_query *query, const struct mg_value *values,
                             int64_t *ret_changes, struct mg_error *error); /* ret_changes may be NULL */

/* Adds to a sum that many writes add to, as the number of a study's responses: `add` is called once for all
 * the writes of a commit, in its transaction, with what they came to. What a write that fails added is left
 * out. Reads of the same commit don't see it yet. `add` must not fail for what it is given: it would fail the
 * commit for all. Inside a write only. */
MG_CHECKED int mg_db_tally(struct mg_db *db, mg_tally_fn *add, const char *key, int64_t n,
                           struct mg_error *error);

#endif
