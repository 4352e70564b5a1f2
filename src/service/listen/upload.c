/* Uploads; see upload.h. */
#include "service/listen/upload.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "base/ulid.h"
#include "service/admin/audit.h"
#include "service/admin/token.h"
#include "service/listen/reading.h"
#include "store/queries.gen.h"
#include "store/store.h"

#define NAME_BYTES_MAX 200
#define PROFILE ".profile" /* beside the file: mg_exchange_profile */
#define PROFILE_BYTES_MAX ((size_t)32 << 20)
#define LEFTOVER_US ((int64_t)24 * 3600 * 1000000)

const char *mg_listen_upload_path(const struct mg_ctx *ctx, const char *id)
{
    return mg_arena_printf(ctx->arena, "%s/uploads%s%s", ctx->data_dir, *id ? "/" : "", id);
}

/* What steers a terminal or turns the direction of writing, so that a name looks like another; slashes. */
static bool is_unfit(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == '/' || c == '\\' || c == 0x200E || c == 0x200F ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

/* The last part of a path, without characters that are unfit; never empty. */
static const char *clean_name(struct mg_arena *arena, const char *name)
{
    for (const char *p = name; *p; p++)
        if ((*p == '/' || *p == '\\') && p[1])
            name = p + 1;
    size_t n = 0;
    char *out = mg_arena_alloc(arena, strlen(name) + 16);
    bool readable = mg_utf8_valid(name, strlen(name));
    for (const char *p = name; readable && out && *p;) {
        const char *from = p;
        uint32_t c = mg_utf8_next(&p);
        size_t bytes = (size_t)(p - from);
        if (is_unfit(c) || n + bytes > NAME_BYTES_MAX)
            continue;
        memcpy(out + n, from, bytes);
        n += bytes;
    }
    if (out && n == 0)
        strcpy(out, "upload");
    return out;
}

/* ---- room ---- */

static int check_room(struct mg_db *db, const struct mg_ctx *ctx, int64_t bytes, struct mg_error *error)
{
    struct mg_sql_upload_of_org_row kept;
    int rc = mg_sql_upload_of_org(db, ctx->arena, ctx->caller.org_id, &kept, error);
    if (rc || (kept.n < MG_UPLOADS_ORG_MAX && kept.bytes + bytes <= MG_UPLOADS_ORG_BYTES))
        return rc;
    mg_fail(error, MG_E_LIMIT, "The organisation keeps as many uploaded files as it may: %d, or %lld GiB.",
            MG_UPLOADS_ORG_MAX, (long long)(MG_UPLOADS_ORG_BYTES >> 30));
    mg_fail_hint(error, "Each is removed a week after it came.");
    return MG_E_LIMIT;
}

struct room {
    const struct mg_ctx *ctx;
    int64_t bytes;
};

static int read_room(struct mg_db *db, void *user, struct mg_error *error)
{
    const struct room *room = user;
    return check_room(db, room->ctx, room->bytes, error);
}

int mg_listen_upload_room(const struct mg_ctx *ctx, int64_t bytes, struct mg_error *error)
{
    struct room room = {ctx, bytes};
    return mg_store_read(ctx->store, read_room, &room, error);
}

/* ---- keeping ---- */

struct keep {
    const struct mg_ctx *ctx;
    struct mg_sql_upload_insert_params params;
};

static int insert_upload(struct mg_db *db, void *user, struct mg_error *error)
{
    const struct keep *keep = user;
    int rc = check_room(db, keep->ctx, keep->params.bytes, error);
    if (!rc)
        rc = mg_sql_upload_insert(db, &keep->params, NULL, error);
    return rc ? rc : mg_audit_add(db, keep->ctx, "create", "upload", keep->params.id, NULL, NULL, error);
}

int mg_listen_upload_store(const struct mg_ctx *ctx, const char *path, const char *name,
                           struct mg_wire_upload *ret, struct mg_error *error)
{
    char *id = mg_arena_alloc(ctx->arena, MG_ULID_SIZE);
    uint8_t *hash = mg_arena_alloc(ctx->arena, MG_HASH_BYTES);
    const char *shown = clean_name(ctx->arena, name);
    if (!id || !hash || !shown)
        return mg_fail_memory(error);
    int64_t now = mg_now(&ctx->clock), bytes = 0;
    mg_ulid_new(now, id);
    const char *target = mg_listen_upload_path(ctx, id);
    int rc = mg_dir_create(mg_listen_upload_path(ctx, ""), error);
    if (!rc)
        rc = mg_file_size(path, &bytes, error);
    if (!rc)
        rc = mg_file_hash(path, hash, error);
    if (!rc && rename(path, target) != 0)
        rc = mg_fail(error, errno == ENOSPC || errno == EDQUOT ? MG_E_FULL : MG_E_IO,
                     "The upload can't be kept.");
    if (rc)
        return rc;
    struct keep keep = {ctx,
                        {.id = id,
                         .org_id = ctx->caller.org_id,
                         .user_id = *ctx->caller.user_id ? ctx->caller.user_id : NULL,
                         .file_name = shown,
                         .bytes = bytes,
                         .checksum = {hash, MG_HASH_BYTES},
                         .now = now,
                         .expires_at = now + MG_UPLOAD_LIFE_US}};
    rc = mg_store_write(ctx->store, insert_upload, &keep, error);
    if (rc) {
        if (rename(target, path) != 0)
            unlink(target);
        return rc;
    }
    *ret = (struct mg_wire_upload){id, shown, bytes, mg_wire_time(ctx->arena, &now)};
    return 0;
}

int mg_listen_upload_get(const struct mg_ctx *ctx, const char *id, struct mg_sql_upload_get_row *ret,
                         struct mg_error *error)
{
    struct mg_db *db;
    int rc = mg_store_read_begin(ctx->store, &db, error);
    if (rc)
        return rc;
    rc = mg_sql_upload_get(db, ctx->arena, ctx->caller.org_id, id, ret, error);
    mg_store_read_end(ctx->store, db);
    return rc == MG_E_NOT_FOUND
               ? mg_fail(error, MG_E_NOT_FOUND, "There is no such upload, or it has expired.")
               : rc;
}

/* --- opening --- */

static const char *profile_path(const struct mg_ctx *ctx, const char *id)
{
    return mg_arena_printf(ctx->arena, "%s/uploads/%s" PROFILE, ctx->data_dir, id);
}

/* Where it can't be kept, the next who opens the file searches it again. */
static void keep_profile(const struct mg_exchange *file, const char *path)
{
    struct mg_buf text;
    mg_buf_init(&text, PROFILE_BYTES_MAX);
    mg_exchange_profile(file, &text);
    if (text.len && !text.failed)
        mg_ignore(mg_file_write_atomic(path, text.data, text.len, NULL));
    mg_buf_done(&text);
}

int mg_listen_upload_open(const struct mg_ctx *ctx, const char *id, const char *name,
                          const struct mg_wire_reading *reading, struct mg_exchange **ret_file,
                          struct mg_error *error)
{
    const char *path = mg_listen_upload_path(ctx, id), *beside = profile_path(ctx, id);
    struct mg_exchange_options options = {.name = name,
                                          .stop = ctx->stop,
                                          .columns = &ctx->columns,
                                          .temp_dir = mg_listen_upload_path(ctx, "")};
    if (!path || !beside || !options.temp_dir)
        return mg_fail_memory(error);
    if (reading)
        return mg_reading_open(ctx, path, reading, &options, ret_file, error);
    struct mg_buf profile;
    mg_buf_init(&profile, PROFILE_BYTES_MAX);
    if (mg_file_read(beside, &profile, NULL) == 0 && profile.len)
        options.profile = profile.data; /* else there is none: the file is searched */
    int rc = mg_exchange_open(path, &options, ret_file, error);
    mg_buf_done(&profile);
    if (!rc && (*ret_file)->searched)
        keep_profile(*ret_file, beside);
    return rc;
}

static void close_file(void *file)
{
    mg_exchange_close(file);
}

int mg_listen_upload_source(const struct mg_ctx *ctx, const char *id, const struct mg_wire_reading *reading,
                            struct mg_source *ret_source, struct mg_error *error)
{
    struct mg_sql_upload_get_row row;
    struct mg_exchange *file;
    int rc = mg_listen_upload_get(ctx, id, &row, error);
    if (!rc)
        rc = mg_listen_upload_open(ctx, id, row.file_name, reading, &file, error);
    if (rc)
        return rc;
    if (mg_arena_defer(ctx->arena, close_file, file))
        return mg_fail_memory(error);
    return mg_exchange_source(file, ret_source, error);
}

/* --- removing --- */

static int delete_upload(struct mg_db *db, void *user, struct mg_error *error)
{
    return mg_sql_upload_delete(db, user, NULL, error);
}

/* The row first: a file without one is swept, a row without its file would be a promise. */
int mg_listen_upload_drop(const struct mg_ctx *ctx, const char *id, struct mg_error *error)
{
    const char *path = mg_listen_upload_path(ctx, id), *beside = profile_path(ctx, id);
    if (!path || !beside)
        return mg_fail_memory(error);
    int rc = mg_store_write(ctx->store, delete_upload, (void *)id, error);
    if (rc)
        return rc;
    unlink(path);
    unlink(beside); /* it may not be there */
    return 0;
}

struct knowing {
    const struct mg_ctx *ctx;
    const char *id;
    struct mg_sql_upload_known_row row;
};

static int read_known(struct mg_db *db, void *user, struct mg_error *error)
{
    struct knowing *k = user;
    return mg_sql_upload_known(db, k->ctx->arena, k->id, &k->row, error);
}

/* Temporary copies, half uploads, and whole ones (or their profiles, half ones too) whose row was never
 * written or is gone. */
static bool is_leftover(const struct mg_ctx *ctx, const char *name)
{
    char id[MG_ULID_SIZE];
    struct knowing knowing = {.ctx = ctx, .id = id};
    if (mg_str_starts(name, "mindgap-") || mg_str_ends(name, ".part"))
        return true;
    size_t n = strnlen(name, sizeof id - 1);
    memcpy(id, name, n);
    id[n] = '\0';
    const char *rest = name + n;
    return n == sizeof id - 1 && (!*rest || mg_str_starts(rest, PROFILE)) &&
           mg_store_read(ctx->store, read_known, &knowing, NULL) == 0 && knowing.row.n == 0;
}

/* What a crash left: nothing in use is that old. */
static void remove_leftovers(const struct mg_ctx *ctx)
{
    DIR *folder = opendir(mg_listen_upload_path(ctx, ""));
    int64_t before = (mg_now(&ctx->clock) - LEFTOVER_US) / 1000000;
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        struct stat info;
        const char *path = mg_listen_upload_path(ctx, entry->d_name);
        if (path && lstat(path, &info) == 0 && S_ISREG(info.st_mode) && info.st_mtime < before &&
            is_leftover(ctx, entry->d_name))
            unlink(path);
    }
    if (folder)
        closedir(folder);
}

int mg_listen_upload_sweep(const struct mg_ctx *ctx, struct mg_error *error)
{
    remove_leftovers(ctx);
    struct mg_db *db;
    struct mg_sql_upload_expired_row *rows = NULL;
    size_t n = 0;
    int rc = mg_store_read_begin(ctx->store, &db, error);
    if (rc)
        return rc;
    rc = mg_sql_upload_expired(db, ctx->arena, mg_now(&ctx->clock), &rows, &n, error);
    mg_store_read_end(ctx->store, db);
    for (size_t i = 0; i < n && !rc; i++) {
        rc = mg_stop_check(ctx->stop, error);
        if (!rc)
            rc = mg_listen_upload_drop(ctx, rows[i].id, error);
    }
    return rc;
}
