/* The record's functions, handed to the engine that keeps it. */
#include "store/store.h"

int mg_store_open(const struct mg_store_engine *engine, const char *data_dir,
                  const struct mg_store_options *options, struct mg_store **ret_store, struct mg_error *error)
{
    static const struct mg_store_options defaults;
    return engine->open(data_dir, options ? options : &defaults, ret_store, error);
}

bool mg_store_is_served(const struct mg_store_engine *engine, const char *data_dir)
{
    return engine->is_served(data_dir);
}

void mg_store_close(struct mg_store *store)
{
    if (store)
        store->engine->close(store);
}

int mg_store_write(struct mg_store *store, mg_store_fn *fn, void *user, struct mg_error *error)
{
    return store->engine->write(store, fn, user, error);
}

int mg_store_write_async(struct mg_store *store, mg_store_fn *fn, void *user, mg_store_done *done,
                         struct mg_error *error)
{
    return store->engine->write_async(store, fn, user, done, error);
}

int mg_store_read_begin(struct mg_store *store, struct mg_db **ret_db, struct mg_error *error)
{
    return store->engine->read_begin(store, true, ret_db, error);
}

void mg_store_read_end(struct mg_store *store, struct mg_db *db)
{
    if (db)
        store->engine->read_end(store, db);
}

int mg_store_read(struct mg_store *store, mg_store_fn *fn, void *user, struct mg_error *error)
{
    struct mg_db *db;
    int rc = store->engine->read_begin(store, false, &db, error);
    if (rc)
        return rc;
    rc = fn(db, user, error);
    store->engine->read_end(store, db);
    return rc;
}

void mg_store_stats(struct mg_store *store, struct mg_store_stats *ret_stats)
{
    store->engine->stats(store, ret_stats);
}

int mg_store_check(struct mg_store *store, struct mg_arena *arena, const char *const **ret_problems,
                   size_t *ret_n, struct mg_error *error)
{
    return store->engine->check(store, arena, ret_problems, ret_n, error);
}

int mg_store_backup(struct mg_store *store, const char *path, struct mg_error *error)
{
    return store->engine->backup(store, path, error);
}

int mg_store_schema_of(struct mg_store *store, int *ret_number, struct mg_error *error)
{
    return store->engine->schema_of(store, ret_number, error);
}
