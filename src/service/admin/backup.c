/* The manifest is written last and read first: a backup without one never finished. Restoring goes to a
 * temporary name beside the target and is renamed only after checksum and soundness held, so a failed restore
 * leaves the folder as it was. */
#include "service/admin/backup.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "base/str.h"
#include "service/admin/token.h"
#include "store/queries.gen.h"
#include "store/store.h"

#define MANIFEST_BYTES_MAX ((size_t)64 * 1024)
#define FORMAT "mindgap-backup-1"

static int join(char target[PATH_MAX], const char *first, const char *second, struct mg_error *error)
{
    int n = snprintf(target, PATH_MAX, "%s%s", first, second);
    if (n < 0 || n >= PATH_MAX)
        return mg_fail(error, MG_E_LIMIT, "The path is longer than %d bytes.", PATH_MAX - 1);
    return 0;
}

/* ---- backup ---- */

static int write_manifest(const char *path, const struct mg_backup_info *info, struct mg_error *error)
{
    struct mg_buf buf;
    char when[32];
    mg_time_format(info->at, when);
    mg_buf_init(&buf, MANIFEST_BYTES_MAX);
    struct mg_json_writer out = mg_json_writer(&buf);
    mg_json_open(&out, '{');
    mg_json_key_string(&out, "format", FORMAT);
    mg_json_key_string(&out, "program", MG_VERSION);
    mg_json_key_string(&out, "at", when);
    mg_json_key_int(&out, "schema", info->schema);
    mg_json_key_int(&out, "bytes", info->bytes);
    mg_json_key_string(&out, "blake2b", info->checksum);
    mg_json_close(&out, '}');
    mg_buf_putc(&buf, '\n');
    int rc = mg_file_write_atomic(path, buf.data, buf.len, error);
    mg_buf_done(&buf);
    return rc;
}

int mg_backup(const struct mg_ctx *ctx, const char *path, struct mg_backup_info *ret_info,
              struct mg_error *error)
{
    struct mg_backup_info info = {.at = mg_now(&ctx->clock)};
    char manifest[PATH_MAX];
    uint8_t hash[MG_HASH_BYTES];
    int rc = join(manifest, path, ".manifest.json", error);
    if (rc)
        return rc;
    unlink(manifest); /* whatever stands there now belongs to an older copy */
    rc = mg_store_backup(ctx->store, path, error);
    if (rc == 0)
        rc = mg_store_schema_of(ctx->store, &info.schema, error);
    if (rc == 0)
        rc = mg_file_size(path, &info.bytes, error);
    if (rc == 0)
        rc = mg_file_hash(path, hash, error);
    if (rc)
        return rc;
    mg_hash_hex(hash, info.checksum);
    rc = write_manifest(manifest, &info, error);
    if (rc == 0)
        *ret_info = info;
    return rc;
}

/* ---- restore ---- */

static int read_manifest(const char *path, struct mg_backup_info *ret_info, struct mg_error *error)
{
    if (!mg_file_exists(path))
        return mg_fail(error, MG_E_NOT_FOUND, "This backup has no manifest: %s is missing.", path);
    struct mg_buf buf;
    mg_buf_init(&buf, MANIFEST_BYTES_MAX);
    int rc = mg_file_read(path, &buf, error);
    json_t *json = rc == 0 ? mg_json_parse(buf.data, buf.len, MANIFEST_BYTES_MAX, NULL) : NULL;
    const char *format = NULL, *at = NULL, *checksum = NULL;
    json_int_t bytes = 0;
    bool good = json && json_unpack(json, "{s:s, s:s, s:i, s:I, s:s}", "format", &format, "at", &at, "schema",
                                    &ret_info->schema, "bytes", &bytes, "blake2b", &checksum) == 0;
    good = good && strcmp(format, FORMAT) == 0 && strlen(checksum) == sizeof ret_info->checksum - 1 &&
           mg_time_parse(at, &ret_info->at) == 0;
    if (good) {
        memcpy(ret_info->checksum, checksum, sizeof ret_info->checksum);
        ret_info->bytes = bytes;
    }
    json_decref(json);
    mg_buf_done(&buf);
    return rc     ? rc
           : good ? 0
                  : mg_fail(error, MG_E_INVALID, "The manifest %s is not one of Mindgap's.", path);
}

static int verify(const char *path, const struct mg_backup_info *info, struct mg_error *error)
{
    uint8_t hash[MG_HASH_BYTES];
    char checksum[65];
    int64_t bytes = 0;
    int rc = mg_file_size(path, &bytes, error);
    if (rc == 0)
        rc = mg_file_hash(path, hash, error);
    if (rc)
        return rc;
    mg_hash_hex(hash, checksum);
    if (bytes == info->bytes && strcmp(checksum, info->checksum) == 0)
        return 0;
    mg_fail(error, MG_E_INVALID,
            "The backup %s is not what its manifest says: its content has changed or is incomplete.", path);
    mg_fail_hint(error, "Copy the backup and its manifest again, or use another backup.");
    return MG_E_INVALID;
}

static int copy_file(const char *from, const char *to, struct mg_error *error)
{
    FILE *in = fopen(from, "rb"), *out = in ? fopen(to, "wb") : NULL;
    char bytes[65536];
    size_t n;
    bool good = in && out;
    while (good && (n = fread(bytes, 1, sizeof bytes, in)) > 0)
        good = fwrite(bytes, 1, n, out) == n;
    good = good && !ferror(in) && fflush(out) == 0 && fsync(fileno(out)) == 0;
    int why = errno;
    if (in)
        fclose(in);
    if (out && fclose(out) != 0 && good) {
        good = false;
        why = errno;
    }
    return good ? 0 : mg_file_fail(in ? to : from, why, error);
}

static int end_sessions(struct mg_db *db, void *user, struct mg_error *error)
{
    int64_t ended = 1;
    int rc = 0;
    (void)user;
    while (rc == 0 && ended > 0) /* a statement ends some thousands */
        rc = mg_sql_session_delete_expired(db, INT64_MAX, 0, &ended, error);
    return rc;
}

/* Opens the copy as a store of its own: upgrades the schema, checks it, ends sessions. */
static int prepare(const struct mg_ctx *ctx, const char *folder, const char *path, struct mg_error *error)
{
    struct mg_store *store = NULL;
    const char *const *problems = NULL;
    size_t n = 0;
    int rc = mg_store_open(ctx->store_engine, folder, NULL, &store, error);
    if (rc == 0)
        rc = mg_store_check(store, ctx->arena, &problems, &n, error);
    if (rc == 0 && n > 0)
        rc = mg_fail(error, MG_E_INVALID, "The backup %s is damaged (%s).", path, problems[0]);
    if (rc == 0)
        rc = mg_store_write(store, end_sessions, NULL, error);
    mg_store_close(store);
    return rc;
}

static void discard(const char *folder, const char *file)
{
    char path[PATH_MAX];
    static const char *const tails[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < ARRAY_LEN(tails); i++)
        if (join(path, file, tails[i], NULL) == 0)
            unlink(path);
    rmdir(folder);
}

int mg_restore(const struct mg_ctx *ctx, const char *path, const char *data_dir,
               struct mg_backup_info *ret_info, struct mg_error *error)
{
    struct mg_backup_info info = {0};
    char manifest[PATH_MAX], target[PATH_MAX], folder[PATH_MAX], copy[PATH_MAX];
    const char *file = mg_arena_printf(ctx->arena, "/%s", ctx->store_engine->file);
    if (!file)
        return mg_fail_memory(error);
    if (join(manifest, path, ".manifest.json", error) || join(target, data_dir, file, error) ||
        join(folder, data_dir, "/restore.partial", error) || join(copy, folder, file, error))
        return MG_E_LIMIT;
    if (mg_file_exists(target)) {
        mg_fail(error, MG_E_CONFLICT, "%s holds a record already.", data_dir);
        mg_fail_hint(error, "Name an empty folder, or move the old one away first.");
        return MG_E_CONFLICT;
    }
    int rc = read_manifest(manifest, &info, error);
    if (rc == 0)
        rc = verify(path, &info, error);
    if (rc == 0)
        rc = mg_dir_create(folder, error);
    if (rc)
        return rc;
    rc = copy_file(path, copy, error);
    if (rc == 0)
        rc = prepare(ctx, folder, path, error);
    if (rc == 0 && rename(copy, target) != 0)
        rc = mg_file_fail(target, errno, error);
    discard(folder, copy);
    if (rc == 0)
        *ret_info = info;
    return rc;
}

/* ---- check ---- */

struct reading {
    struct mg_arena *arena;
    struct mg_sql_follower_list_row *followers;
    size_t n_followers;
    struct mg_sql_study_count_wrong_row *wrong;
    size_t n_wrong;
};

static int read_record(struct mg_db *db, void *user, struct mg_error *error)
{
    struct reading *r = user;
    int rc = mg_sql_follower_list(db, r->arena, &r->followers, &r->n_followers, error);
    return rc ? rc : mg_sql_study_count_wrong(db, r->arena, &r->wrong, &r->n_wrong, error);
}

/* What a running server holds can't be examined; that is no fault. */
static int check_columns(const struct mg_ctx *ctx, struct mg_check_report *report, struct mg_error *error)
{
    char path[PATH_MAX];
    int rc = join(path, ctx->data_dir, "/" MG_COLUMN_FILE, error);
    if (rc || !mg_file_exists(path))
        return rc;
    rc = mg_columns_examine(ctx->columns.engine, path, ctx->arena, &report->columns_problem, error);
    report->columns = rc == MG_E_BUSY           ? MG_CHECK_BUSY
                      : report->columns_problem ? MG_CHECK_DAMAGED
                                                : MG_CHECK_SOUND;
    return rc == MG_E_BUSY ? 0 : rc;
}

/* Counts that are not the number of what they count are problems too. */
static int add_wrong_counts(const struct mg_ctx *ctx, const struct reading *r, struct mg_check_report *report,
                            struct mg_error *error)
{
    const char **all = mg_arena_array(ctx->arena, report->n_problems + r->n_wrong, sizeof *all);
    for (size_t i = 0; all && i < report->n_problems; i++)
        all[i] = report->problems[i];
    for (size_t i = 0; all && i < r->n_wrong; i++) {
        const struct mg_sql_study_count_wrong_row *row = &r->wrong[i];
        const char *text = mg_arena_printf(
            ctx->arena, mg_tr(ctx->lang, "Study %s: %lld responses are counted, %lld are there."), row->code,
            (long long)row->counted, (long long)row->found);
        if (!text)
            return mg_fail_memory(error);
        all[report->n_problems++] = text;
    }
    report->problems = all;
    return all ? 0 : mg_fail_memory(error);
}

int mg_check(const struct mg_ctx *ctx, struct mg_check_report *ret_report, struct mg_error *error)
{
    struct mg_check_report report = {0};
    struct reading r = {.arena = ctx->arena};
    int rc = mg_store_check(ctx->store, ctx->arena, &report.problems, &report.n_problems, error);
    if (rc == 0)
        rc = mg_store_read(ctx->store, read_record, &r, error);
    if (rc == 0 && r.n_wrong > 0)
        rc = add_wrong_counts(ctx, &r, &report, error);
    if (rc == 0)
        rc = check_columns(ctx, &report, error);
    for (size_t i = 0; i < r.n_followers; i++) {
        report.waiting += r.followers[i].waiting + r.followers[i].held;
        report.set_aside += r.followers[i].set_aside;
    }
    if (rc == 0)
        *ret_report = report;
    return rc;
}
