/* An engine that runs every write twice: first undone, then for good. A write may be run again from its start
 * (store.h), so all that tests ask of a use case must come out the same.
 *
 * The rehearsal of an asynchronous write is waited for: it has its turn before the write itself is queued. */
#ifndef TESTS_SERVICE_TWICE_H
#define TESTS_SERVICE_TWICE_H

#include "store/sqlite/sqlite.h"

/* What the tests' data folders are opened with; a test whose own writes count their runs takes another one.
 */
#ifndef STORE_ENGINE
#define STORE_ENGINE store_twice()
#endif

struct rehearsal {
    mg_store_fn *fn;
    void *user;
};

static inline int rehearse(struct mg_db *db, void *user, struct mg_error *error)
{
    const struct rehearsal *r = user;
    int rc = r->fn(db, r->user, error);
    return rc ? rc : MG_E_CANCELLED;
}

static inline void run_undone(struct mg_store *store, mg_store_fn *fn, void *user)
{
    struct rehearsal r = {fn, user};
    struct mg_error error = {0};
    mg_store_sqlite.write(store, rehearse, &r, &error);
}

static inline int write_twice(struct mg_store *store, mg_store_fn *fn, void *user, struct mg_error *error)
{
    run_undone(store, fn, user);
    return mg_store_sqlite.write(store, fn, user, error);
}

static inline int write_twice_async(struct mg_store *store, mg_store_fn *fn, void *user, mg_store_done *done,
                                    struct mg_error *error)
{
    run_undone(store, fn, user);
    return mg_store_sqlite.write_async(store, fn, user, done, error);
}

static inline int open_twice(const char *data_dir, const struct mg_store_options *options,
                             struct mg_store **ret_store, struct mg_error *error);

static inline const struct mg_store_engine *store_twice(void)
{
    static struct mg_store_engine engine;
    if (!engine.open) { /* by the test's first folder, before it has threads */
        engine = mg_store_sqlite;
        engine.open = open_twice;
        engine.write = write_twice;
        engine.write_async = write_twice_async;
    }
    return &engine;
}

static inline int open_twice(const char *data_dir, const struct mg_store_options *options,
                             struct mg_store **ret_store, struct mg_error *error)
{
    int rc = mg_store_sqlite.open(data_dir, options, ret_store, error);
    if (rc == 0)
        (*ret_store)->engine = store_twice();
    return rc;
}

#endif
