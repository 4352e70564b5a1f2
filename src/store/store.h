/* The system of record, whatever engine keeps it.
 *
 * A write is a function that the engine runs inside a transaction; many may share one commit, and each is
 * answered only when its commit is on disk. Readers see the last commit and are never blocked by a writer.
 * What holds only while one writer is at work is said in SQL (a constraint, a condition of the statement),
 * never by a look before it.
 *
 * The engine is a table of functions that main.c picks; all others call the functions below. The caller owns
 * the store from mg_store_open to mg_store_close. Every function may be called from any thread. */
#ifndef MG_STORE_STORE_H
#define MG_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "store/db.h"

struct mg_store;
struct mg_store_engine;

/* Zero means the default in brackets. */
struct mg_store_options {
    bool create; /* make the folder and the file where there are none; else their absence is MG_E_NOT_FOUND */
    bool exclusive; /* the server: MG_E_BUSY where another one has the folder open like this; commands may */
    size_t queue_max;   /* writes waiting for the writer [4096] */
    size_t batch_max;   /* writes in one commit [512] */
    size_t batch_bytes; /* bytes of values in one commit [8 MiB] */
    size_t readers;     /* connections for readers, opened when first needed [16] */
};

/* Opens the record of a data folder and brings its schema up to date in one transaction. options NULL: the
 * defaults. MG_E_UNSUPPORTED: it was written by a newer program, or is no record of ours. */
MG_CHECKED int mg_store_open(const struct mg_store_engine *engine, const char *data_dir,
                             const struct mg_store_options *options, struct mg_store **ret_store,
                             struct mg_error *error);
/* Whether somebody has the folder open as the server has. */
bool mg_store_is_served(const struct mg_store_engine *engine, const char *data_dir);

/* Lets the waiting writes finish first. No other thread may be inside. NULL is fine. */
void mg_store_close(struct mg_store *store);

/* Changes the record through the generated queries. A result other than 0 undoes what this call changed and
 * nothing else. It must not wait for anything, least of all for another write.
 *
 * It may be run again from its start, where what it did came to nothing by another's doing: so it sets what
 * it hands out afresh, each time, and never adds to what an earlier run left there. */
typedef int mg_store_fn(struct mg_db *db, void *user, struct mg_error *error);

/* Returns when the commit is on disk, or with what `fn` or the commit failed with. MG_E_BUSY: the queue is
 * full, nothing was done. MG_E_FULL: the disk is; MG_E_IO: it failed. The store stays usable and later writes
 * may succeed. */
MG_CHECKED int mg_store_write(struct mg_store *store, mg_store_fn *fn, void *user, struct mg_error *error);

/* The same without waiting: `done` is called from the writer thread, exactly once, unless this returns an
 * error. It must be quick and must not write. The language of the error handed to it is that of `error`. */
typedef void mg_store_done(void *user, int rc, const struct mg_error *error);
MG_CHECKED int mg_store_write_async(struct mg_store *store, mg_store_fn *fn, void *user, mg_store_done *done,
                                    struct mg_error *error);

/* A snapshot for reading: everything read until mg_store_read_end is as of one commit. Waits for a free
 * reader, at most 10 s (MG_E_BUSY). One thread must not hold two. */
MG_CHECKED int mg_store_read_begin(struct mg_store *store, struct mg_db **ret_db, struct mg_error *error);
void mg_store_read_end(struct mg_store *store, struct mg_db *db); /* db NULL is fine */

/* begin, fn, end; the snapshot is that of fn's first query. */
MG_CHECKED int mg_store_read(struct mg_store *store, mg_store_fn *fn, void *user, struct mg_error *error);

/* Counters since the store was opened. */
struct mg_store_stats {
    int64_t writes, failed, commits; /* writes answered, those with an error, commits on disk */
    size_t waiting;                  /* writes in the queue now */
};
void mg_store_stats(struct mg_store *store, struct mg_store_stats *ret_stats);

/* Examines the whole file: structure, indices, checks and references. `ret_problems`: sentences of the
 * engine, at most 100, in the arena; none: it is sound. */
MG_CHECKED int mg_store_check(struct mg_store *store, struct mg_arena *arena,
                              const char *const **ret_problems, size_t *ret_n, struct mg_error *error);

/* Writes the last commit to a new file while the store goes on; replaces `path` whole or leaves it. */
MG_CHECKED int mg_store_backup(struct mg_store *store, const char *path, struct mg_error *error);

/* Number of the record's schema. */
MG_CHECKED int mg_store_schema_of(struct mg_store *store, int *ret_number, struct mg_error *error);

/* What an engine does; each member as the function of the same name above. */
struct mg_store_engine {
    const char *name;
    const char *file; /* of the record in a data folder */
    int (*open)(const char *data_dir, const struct mg_store_options *options, struct mg_store **ret_store,
                struct mg_error *error);
    bool (*is_served)(const char *data_dir);
    void (*close)(struct mg_store *store);
    int (*write)(struct mg_store *store, mg_store_fn *fn, void *user, struct mg_error *error);
    int (*write_async)(struct mg_store *store, mg_store_fn *fn, void *user, mg_store_done *done,
                       struct mg_error *error);
    /* now: the snapshot is of this moment, else of the first query */
    int (*read_begin)(struct mg_store *store, bool now, struct mg_db **ret_db, struct mg_error *error);
    void (*read_end)(struct mg_store *store, struct mg_db *db);
    void (*stats)(struct mg_store *store, struct mg_store_stats *ret_stats);
    int (*check)(struct mg_store *store, struct mg_arena *arena, const char *const **ret_problems,
                 size_t *ret_n, struct mg_error *error);
    int (*backup)(struct mg_store *store, const char *path, struct mg_error *error);
    int (*schema_of)(struct mg_store *store, int *ret_number, struct mg_error *error);
};

/* Engines embed this as their first member. */
struct mg_store {
    const struct mg_store_engine *engine;
};

#endif
