/* Uploads go to disk as they come, so that their size never shows in memory. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "api/private.h"
#include "base/file.h"

int mg_upload_begin(struct mg_request *request, struct mg_error *error)
{
    const char *folder = mg_arena_printf(request->ctx.arena, "%s/uploads", request->ctx.data_dir);
    request->upload_path = mg_arena_printf(request->ctx.arena, "%s/%s.part", folder, request->id);
    if (!folder || !request->upload_path)
        return mg_fail(error, MG_E_NO_MEMORY, "There is not enough memory for this request.");
    int rc = mg_dir_create(folder, error);
    if (rc)
        return rc;
    request->upload_fd = open(request->upload_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (request->upload_fd < 0)
        return mg_file_fail(request->upload_path, errno, error);
    return 0;
}

/* A write that fails is told when the body is whole (dispatch.c): the answer can't be sent before. */
void mg_upload_add(struct mg_request *request, const char *bytes, size_t n)
{
    while (n && !request->upload_errno) {
        ssize_t written = write(request->upload_fd, bytes, n);
        if (written < 0 && errno != EINTR)
            request->upload_errno = errno;
        if (written > 0) {
            bytes += written;
            n -= (size_t)written;
        }
    }
}

void mg_upload_end(struct mg_request *request)
{
    if (request->upload_fd < 0)
        return;
    close(request->upload_fd);
    request->upload_fd = -1;
    if (request->upload_path)
        unlink(request->upload_path);
}
