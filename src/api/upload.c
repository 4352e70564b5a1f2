/* Uploads go to disk as they come, so that their size never shows in memory. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "api/private.h"
#include "base/file.h"

static int fail_errno(struct mg_error *error, int number)
{
    if (number == ENOSPC || number == EDQUOT)
        return mg_fail(error, MG_E_FULL, "The disk of the server is full; nothing was kept.");
    return mg_fail(error, MG_E_IO, "The upload can't be kept: %s.", strerror(number));
}

static int make_file(struct mg_request *request, struct mg_error *error)
{
    const char *folder = mg_arena_printf(request->ctx.arena, "%s/uploads", request->ctx.data_dir);
    char *path = mg_arena_printf(request->ctx.arena, "%s/%s.part", folder, request->id);
    if (!folder || !path)
        return mg_fail(error, MG_E_NO_MEMORY, "There is not enough memory for this request.");
    int rc = mg_dir_create(folder, error);
    if (rc)
        return rc;
    request->upload_fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (request->upload_fd < 0)
        return fail_errno(error, errno);
    request->upload_path = path;
    return 0;
}

int mg_upload_open(struct mg_request *request, struct mg_error *error)
{
    if (request->upload_path)
        return 0;
    int rc = mg_guard_caller(request, error);
    if (!rc)
        rc = mg_guard_rate(request, error);
    return rc ? rc : make_file(request, error);
}

/* A write that fails is told when the body is whole: the answer can't be sent before. */
void mg_upload_write(struct mg_request *request)
{
    const char *bytes = request->body.data;
    size_t n = request->body.len;
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
}
