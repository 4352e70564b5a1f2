/* The system of record: one file, one writer thread, many readers.
 *
 * A write is a function that the writer thread runs; many writes share one commit, each inside a savepoint of
 * its own, and each is answered only when the commit is on disk. Readers see the last commit and are never
 * blocked by the writer.
 *
 * The caller owns the store from mg_store_open to mg_store_close. Every function may be called from any
 * thread. */
#ifndef MG_STORE_STORE_H
#define MG_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "store/db.h"

#define MG_STORE_FILE "record.sqlite"

struct mg_store;

/* Zero means the default in brackets. */
struct mg_store_options {
    bool create; /* make the folder and the file where there are none; else their absence is MG_E_NOT_FOUND */
    bool exclusive; /* the server: MG_E_BUSY where another one has the folder open like this; commands may */
    size_t queue_max;   /* writes waiting for the writer [4096] */
    size_t batch_max;   /* writes in one commit [512] */
    size_t batch_bytes; /* bytes of values in one commit [8 MiB] */
    size_t readers;     /* connections for readers, opened when first needed [16] */
};

/* Opens DIR/record.sqlite and brings its schema up to date in one transaction. MG_E_UNSUPPORTED: the file was
 * written by a newer program, or is no record of ours. */
int mg_store_open(const char *data_dir, const struct mg_store_options *options, struct mg_store **ret_store,
                  struct mg_error *error);
/* Whether somebody has the folder open as the server has. */
bool mg_store_is_served(const char *data_dir);

/* Lets the waiting writes finish first. No other thread may be inside. NULL is fine. */
void mg_store_close(struct mg_store *store);

/* Changes the record through the generated queries. A result other than 0 undoes what this call changed and
 * nothing else. Runs in the writer thread: it must not wait for anything, least of all for another write. It
 * runs once at most. */
typedef int mg_store_fn(struct mg_db *db, void *user, struct mg_error *error);

/* Returns when the commit is on disk, or with what `fn` or the commit failed with. MG_E_BUSY: the queue is
 * full, nothing was done. MG_E_IO: the disk is full or failed; the store stays usable and later writes may
 * succeed. */
int mg_store_write(struct mg_store *store, mg_store_fn *fn, void *user, struct mg_error *error);

/* The same without waiting: `done` is called from the writer thread, exactly once, unless this returns an
 * error. It must be quick and must not write. The language of the error handed to it is that of `error`. */
typedef void mg_store_done(void *user, int rc, const struct mg_error *error);
int mg_store_write_async(struct mg_store *store, mg_store_fn *fn, void *user, mg_store_done *done,
                         struct mg_error *error);

/* A snapshot for reading: everything read until mg_store_read_end is as of one commit. Waits for a free
 * reader, at most 10 s (MG_E_BUSY). One thread must not hold two. */
int mg_store_read_begin(struct mg_store *store, struct mg_db **ret_db, struct mg_error *error);
void mg_store_read_end(struct mg_store *store, struct mg_db *db); /* db NULL is fine */

/* begin, fn, end; the snapshot is that of fn's first query. */
int mg_store_read(struct mg_store *store, mg_store_fn *fn, void *user, struct mg_error *error);

/* Counters since the store was opened. */
struct mg_store_stats {
    int64_t writes, failed, commits; /* writes answered, those with an error, commits on disk */
    size_t waiting;                  /* writes in the queue now */
};
void mg_store_stats(struct mg_store *store, struct mg_store_stats *ret_stats);

/* Examines the whole file: structure, indices, checks and references. `ret_problems`: sentences of the
 * engine, at most 100, in the arena; none: it is sound. */
int mg_store_check(struct mg_store *store, struct mg_arena *arena, const char *const **ret_problems,
                   size_t *ret_n, struct mg_error *error);

/* Writes the last commit to a new file while the store goes on; replaces `path` whole or leaves it. */
int mg_store_backup(struct mg_store *store, const char *path, struct mg_error *error);

/* Number of the newest schema this program knows, and of the file's. */
int mg_store_schema_newest(void);
int mg_store_schema_of(struct mg_store *store, int *ret_number, struct mg_error *error);

#endif
