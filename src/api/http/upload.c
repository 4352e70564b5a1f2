/* Uploads go to disk as they come, so that their size never shows in memory. */
#include "api/http/upload.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "api/door/door.h"
#include "api/private.h"
#include "base/file.h"
#include "base/ulid.h"
#include "service/listen/upload.h"

#define SPARE_MAX ((int64_t)1 << 30)

static int fail_errno(struct mg_error *error, int number)
{
    if (number == ENOSPC || number == EDQUOT)
        return mg_fail(error, MG_E_FULL, "The disk of the server is full; nothing was kept.");
    return mg_fail(error, MG_E_IO, "The upload can't be kept: %s.", strerror(number));
}

/* ---- those on their way ---- */

struct mg_uploads {
    pthread_mutex_t lock;
    char org_ids[MG_UPLOADS_AT_ONCE][MG_ULID_SIZE]; /* empty: free */
};

struct mg_uploads *mg_uploads_new(void)
{
    struct mg_uploads *uploads = calloc(1, sizeof *uploads);
    if (uploads)
        pthread_mutex_init(&uploads->lock, NULL);
    return uploads;
}

void mg_uploads_free(struct mg_uploads *uploads)
{
    if (!uploads)
        return;
    pthread_mutex_destroy(&uploads->lock);
    free(uploads);
}

/* From 1; 0: no place is free for this organisation. */
static int take_place(struct mg_uploads *uploads, const char *org_id)
{
    int place = 0, of_org = 0;
    pthread_mutex_lock(&uploads->lock);
    for (int i = 0; i < MG_UPLOADS_AT_ONCE; i++) {
        of_org += strcmp(uploads->org_ids[i], org_id) == 0;
        if (!place && !uploads->org_ids[i][0])
            place = i + 1;
    }
    if (of_org >= MG_UPLOADS_PER_ORG)
        place = 0;
    if (place)
        snprintf(uploads->org_ids[place - 1], MG_ULID_SIZE, "%s", org_id);
    pthread_mutex_unlock(&uploads->lock);
    return place;
}

static void leave_place(struct mg_request *request)
{
    struct mg_uploads *uploads = request->api->uploads;
    if (!request->upload_place)
        return;
    pthread_mutex_lock(&uploads->lock);
    uploads->org_ids[request->upload_place - 1][0] = '\0';
    pthread_mutex_unlock(&uploads->lock);
    request->upload_place = 0;
}

/* ---- room ---- */

/* Whether the disk has so many bytes and something to spare for the record. */
static bool has_room(int fd, int64_t bytes)
{
    struct statvfs disk;
    if (fstatvfs(fd, &disk) != 0)
        return true; /* the write will tell */
    int64_t spare = (int64_t)(disk.f_blocks * disk.f_frsize) / 20;
    return (int64_t)(disk.f_bavail * disk.f_frsize) - bytes >= (spare < SPARE_MAX ? spare : SPARE_MAX);
}

static int64_t declared(const struct mg_request *request)
{
    return request->length > 0 ? request->length : 0;
}

static int check_room(struct mg_request *request, struct mg_error *error)
{
    int rc = mg_listen_upload_room(&request->ctx, declared(request), error);
    if (rc)
        return rc;
    request->upload_place = take_place(request->api->uploads, request->ctx.caller.org_id);
    if (request->upload_place)
        return 0;
    mg_fail(error, MG_E_BUSY, "Too many uploads are on their way.");
    mg_fail_hint(error, "Try again in a moment.");
    return MG_E_BUSY;
}

static int make_file(struct mg_request *request, struct mg_error *error)
{
    const char *folder = mg_arena_printf(request->ctx.arena, "%s/uploads", request->ctx.data_dir);
    char *path = mg_arena_printf(request->ctx.arena, "%s/%s.part", folder, request->id);
    if (!folder || !path)
        return mg_fail_memory(error);
    int rc = mg_dir_create(folder, error);
    if (rc)
        return rc;
    request->upload_fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (request->upload_fd < 0)
        return fail_errno(error, errno);
    request->upload_path = path;
    if (!has_room(request->upload_fd, declared(request)))
        request->upload_errno = ENOSPC; /* told as if a write had failed */
    return 0;
}

int mg_upload_open(struct mg_request *request, struct mg_error *error)
{
    if (request->upload_path)
        return 0;
    int rc = mg_guard_caller(request, error);
    if (!rc)
        rc = mg_guard_rate(request, error);
    if (!rc)
        rc = check_room(request, error);
    if (!rc)
        rc = make_file(request, error);
    if (rc)
        mg_upload_end(request);
    return rc;
}

/* A write that fails is told when the body is whole: the answer can't be sent before. */
void mg_upload_write(struct mg_request *request)
{
    const char *bytes = request->body.data;
    size_t n = request->body.len;
    if (n && !request->upload_errno && !has_room(request->upload_fd, (int64_t)n))
        request->upload_errno = ENOSPC;
    while (n && !request->upload_errno) {
        ssize_t written = write(request->upload_fd, bytes, n);
        if (written < 0 && errno != EINTR)
            request->upload_errno = errno;
        if (written > 0) {
            bytes += written;
            n -= (size_t)written;
        }
    }
    if (request->body.failed && !request->upload_errno)
        request->upload_errno = ENOMEM;
    mg_buf_reset(&request->body);
}

int mg_upload_finish(struct mg_request *request, struct mg_error *error)
{
    int rc = mg_upload_open(request, error);
    if (rc)
        return rc;
    mg_upload_write(request);
    if (close(request->upload_fd) != 0 && !request->upload_errno)
        request->upload_errno = errno;
    request->upload_fd = -1;
    return request->upload_errno ? fail_errno(error, request->upload_errno) : 0;
}

void mg_upload_end(struct mg_request *request)
{
    if (request->upload_fd >= 0)
        close(request->upload_fd);
    request->upload_fd = -1;
    if (request->upload_path)
        unlink(request->upload_path);
    request->upload_path = NULL;
    leave_place(request);
}
