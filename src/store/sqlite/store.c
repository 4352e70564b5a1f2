/* Puts writer and readers together; checks and copies the whole file. */
#include "store/sqlite/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/lock.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/readers.h"
#include "store/sqlite/schema.h"
#include "store/sqlite/writer.h"

#define LOCK_FILE "serve.lock"
#define READERS_DEFAULT 16
#define PROBLEMS_MAX 100

struct sqlite_store {
    struct mg_store store; /* first: a struct mg_store * is a struct sqlite_store * */
    struct writer *writer;
    struct readers *readers;
    int lock; /* of LOCK_FILE; −1: none */
    char path[PATH_MAX];
};

/* An empty file that only its owner may read, before SQLite would make one that others may. */
static int create_private(const char *path, struct mg_error *error)
{
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0)
        return mg_file_fail(path, errno, error);
    close(file);
    return 0;
}

static int find_file(const char *data_dir, bool create, struct sqlite_store *store, struct mg_error *error)
{
    int n = snprintf(store->path, sizeof store->path, "%s/%s", data_dir, MG_STORE_SQLITE_FILE);
    if (n < 0 || (size_t)n >= sizeof store->path)
        return mg_fail(error, MG_E_LIMIT, "The path is longer than %d bytes.", PATH_MAX - 1);
    if (create) {
        int rc = mg_dir_create(data_dir, error);
        return rc ? rc : create_private(store->path, error);
    }
    if (mg_file_exists(store->path))
        return 0;
    mg_fail(error, MG_E_NOT_FOUND, "%s is no data folder: it has no %s.", data_dir, MG_STORE_SQLITE_FILE);
    mg_fail_hint(error, "Name the folder that `mindgap serve --data` uses.");
    return MG_E_NOT_FOUND;
}

static bool name_lock(const char *data_dir, char ret_path[PATH_MAX])
{
    int n = snprintf(ret_path, PATH_MAX, "%s/%s", data_dir, LOCK_FILE);
    return n >= 0 && n < PATH_MAX;
}

static int lock_folder(const char *data_dir, struct sqlite_store *store, struct mg_error *error)
{
    char path[PATH_MAX];
    if (!name_lock(data_dir, path))
        return mg_fail(error, MG_E_LIMIT, "The path is longer than %d bytes.", PATH_MAX - 1);
    int rc = mg_lock_take(path, &store->lock, error);
    if (rc != MG_E_BUSY)
        return rc;
    mg_fail(error, MG_E_BUSY, "Another Mindgap server works in the data folder %s.", data_dir);
    mg_fail_hint(error, "Stop that one first, or name another folder.");
    return MG_E_BUSY;
}

static bool store_is_served(const char *data_dir)
{
    char path[PATH_MAX];
    return name_lock(data_dir, path) && mg_lock_is_held(path);
}

static void store_close(struct mg_store *store)
{
    struct sqlite_store *own = (struct sqlite_store *)store;
    readers_free(own->readers);
    writer_free(own->writer);
    mg_lock_drop(own->lock);
    free(own);
}

static int store_open(const char *data_dir, const struct mg_store_options *options,
                      struct mg_store **ret_store, struct mg_error *error)
{
    struct connection *connection = NULL;
    struct sqlite_store *own = calloc(1, sizeof *own);
    if (!own)
        return mg_fail_memory(error);
    own->store.engine = &mg_store_sqlite;
    own->lock = -1;
    int rc = find_file(data_dir, options->create, own, error);
    if (rc == 0 && options->exclusive)
        rc = lock_folder(data_dir, own, error);
    if (rc == 0)
        rc = connection_open(own->path, true, &connection, error);
    if (rc == 0)
        rc = schema_upgrade(connection, error);
    if (rc == 0)
        rc = readers_new(own->path, options->readers ? options->readers : READERS_DEFAULT, &own->readers,
                         error);
    if (rc == 0)
        rc = writer_new(connection, options, &own->writer, error);
    if (rc) {
        connection_close(connection);
        store_close(&own->store);
        return rc;
    }
    *ret_store = &own->store;
    return 0;
}

static int store_write(struct mg_store *store, mg_store_fn *fn, void *user, struct mg_error *error)
{
    return writer_run(((struct sqlite_store *)store)->writer, fn, user, error);
}

static int store_write_async(struct mg_store *store, mg_store_fn *fn, void *user, mg_store_done *done,
                             struct mg_error *error)
{
    return writer_run_async(((struct sqlite_store *)store)->writer, fn, user, done, error);
}

static void store_stats(struct mg_store *store, struct mg_store_stats *ret_stats)
{
    writer_stats(((struct sqlite_store *)store)->writer, ret_stats);
}

static int store_read_begin(struct mg_store *store, bool now, struct mg_db **ret_db, struct mg_error *error)
{
    struct connection *connection;
    int rc = readers_take(((struct sqlite_store *)store)->readers, now, &connection, error);
    if (rc == 0)
        *ret_db = &connection->db;
    return rc;
}

static void store_read_end(struct mg_store *store, struct mg_db *db)
{
    readers_give(((struct sqlite_store *)store)->readers, (struct connection *)db);
}

static int store_schema_of(struct mg_store *store, int *ret_number, struct mg_error *error)
{
    struct mg_db *db;
    int rc = store_read_begin(store, true, &db, error);
    if (rc)
        return rc;
    rc = schema_number((struct connection *)db, ret_number, error);
    store_read_end(store, db);
    return rc;
}

/* Rows of a pragma that names problems, as text; "ok" is none. */
static int collect(struct connection *connection, const char *pragma, struct mg_arena *arena,
                   const char **problems, size_t *n, struct mg_error *error)
{
    sqlite3_stmt *statement = NULL;
    int rc = 0, code = sqlite3_prepare_v2(connection->handle, pragma, -1, &statement, NULL);
    while (code == SQLITE_OK || code == SQLITE_ROW) {
        code = sqlite3_step(statement);
        if (code != SQLITE_ROW || *n == PROBLEMS_MAX)
            break;
        const char *text = (const char *)sqlite3_column_text(statement, 0);
        if (!text || strcmp(text, "ok") == 0)
            continue;
        problems[(*n)++] = mg_arena_strdup(arena, text);
        if (!problems[*n - 1]) {
            rc = mg_fail_memory(error);
            break;
        }
    }
    if (rc == 0 && code != SQLITE_ROW && code != SQLITE_DONE)
        rc = connection_fail(connection, code, error);
    sqlite3_finalize(statement);
    return rc;
}

static int store_check(struct mg_store *store, struct mg_arena *arena, const char *const **ret_problems,
                       size_t *ret_n, struct mg_error *error)
{
    struct mg_db *db;
    size_t n = 0;
    const char **problems = mg_arena_array(arena, PROBLEMS_MAX, sizeof *problems);
    if (!problems)
        return mg_fail_memory(error);
    int rc = store_read_begin(store, true, &db, error);
    if (rc)
        return rc;
    rc = collect((struct connection *)db, "PRAGMA integrity_check(100)", arena, problems, &n, error);
    if (rc == 0)
        rc = collect((struct connection *)db,
                     "SELECT 'table ' || \"table\" || ', row ' || coalesce(rowid, '?') || ': its ' || parent "
                     "|| ' is missing' "
                     "FROM pragma_foreign_key_check LIMIT 100",
                     arena, problems, &n, error);
    store_read_end(store, db);
    if (rc)
        return rc;
    *ret_problems = problems;
    *ret_n = n;
    return 0;
}

static int sync_file(const char *path, struct mg_error *error)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    int failed = file < 0 || fsync(file) != 0;
    int why = errno;
    if (file >= 0)
        close(file);
    return failed ? mg_file_fail(path, why, error) : 0;
}

/* All pages in one step: the source is in WAL mode, so the writer isn't held up. */
static int copy_pages(struct connection *from, const char *path, struct mg_error *error)
{
    struct connection to = {0};
    int code = sqlite3_open_v2(path, &to.handle, SQLITE_OPEN_READWRITE, NULL);
    if (code == SQLITE_OK) {
        sqlite3_backup *backup = sqlite3_backup_init(to.handle, "main", from->handle, "main");
        if (backup)
            sqlite3_backup_step(backup, -1);
        code = backup ? sqlite3_backup_finish(backup) : sqlite3_errcode(to.handle);
    }
    if (code == SQLITE_OK) /* one file, no log beside it */
        code = sqlite3_exec(to.handle, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL);
    int rc = code == SQLITE_OK ? 0 : connection_fail(&to, code, error);
    sqlite3_close(to.handle);
    return rc;
}

static int store_backup(struct mg_store *store, const char *path, struct mg_error *error)
{
    char partial[PATH_MAX];
    int n = snprintf(partial, sizeof partial, "%s.partial", path);
    if (n < 0 || (size_t)n >= sizeof partial)
        return mg_fail(error, MG_E_LIMIT, "The path is longer than %d bytes.", PATH_MAX - 1);
    unlink(partial);
    struct mg_db *db;
    int rc = store_read_begin(store, true, &db, error);
    if (rc)
        return rc;
    rc = create_private(partial, error);
    if (rc == 0)
        rc = copy_pages((struct connection *)db, partial, error);
    store_read_end(store, db);
    if (rc == 0)
        rc = sync_file(partial, error);
    if (rc == 0 && rename(partial, path) != 0)
        rc = mg_file_fail(path, errno, error);
    if (rc)
        unlink(partial);
    return rc;
}

const struct mg_store_engine mg_store_sqlite = {
    .name = "sqlite",
    .file = MG_STORE_SQLITE_FILE,
    .open = store_open,
    .is_served = store_is_served,
    .close = store_close,
    .write = store_write,
    .write_async = store_write_async,
    .read_begin = store_read_begin,
    .read_end = store_read_end,
    .stats = store_stats,
    .check = store_check,
    .backup = store_backup,
    .schema_of = store_schema_of,
};
