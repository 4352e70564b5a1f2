/* Copying a file into the uploads folder; see handover.h. */
#include "service/listen/handover.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/ulid.h"
#include "service/listen/upload.h"

#define STEP_BYTES ((size_t)1 << 20)

/* 0 or an errno. */
static int write_all(int to, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t written = write(to, bytes, n);
        if (written < 0 && errno != EINTR)
            return errno;
        bytes += written > 0 ? written : 0;
        n -= written > 0 ? (size_t)written : 0;
    }
    return 0;
}

static int copy_bytes(int from, int to, char *step)
{
    for (;;) {
        ssize_t n = read(from, step, STEP_BYTES);
        if (n == 0)
            return 0;
        if (n < 0 && errno != EINTR)
            return errno;
        int failed = n > 0 ? write_all(to, step, (size_t)n) : 0;
        if (failed)
            return failed;
    }
}

static int copy_file(const char *path, const char *target, char *step, struct mg_error *error)
{
    int from = open(path, O_RDONLY | O_CLOEXEC), to = -1, failed = 0;
    if (from >= 0)
        to = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    failed = to < 0 ? errno : copy_bytes(from, to, step);
    if (to >= 0 && close(to) != 0 && !failed)
        failed = errno;
    if (from >= 0)
        close(from);
    if (!failed)
        return 0;
    if (to >= 0)
        unlink(target);
    if (failed == ENOSPC || failed == EDQUOT)
        return mg_fail(error, MG_E_FULL,
                       "The disk of the data folder is full; nothing of this change was kept.");
    return mg_fail(error, MG_E_IO, "%s: %s.", path, strerror(failed));
}

int mg_listen_upload_copy(const struct mg_ctx *ctx, const char *path, const char *name,
                          struct mg_wire_upload *ret, struct mg_error *error)
{
    char id[MG_ULID_SIZE];
    mg_ulid_new(mg_now(&ctx->clock), id);
    const char *folder = mg_listen_upload_path(ctx, "");
    const char *part = folder ? mg_arena_printf(ctx->arena, "%s/%s.part", folder, id) : NULL;
    char *step = mg_arena_alloc(ctx->arena, STEP_BYTES);
    if (!part || !step)
        return mg_fail_memory(error);
    int rc = mg_dir_create(folder, error);
    if (!rc)
        rc = copy_file(path, part, step, error);
    if (rc)
        return rc;
    rc = mg_listen_upload_store(ctx, part, name, ret, error);
    if (rc)
        unlink(part);
    return rc;
}
