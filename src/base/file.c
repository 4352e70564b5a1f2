/* Reading and writing whole files. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/scratch.h"

#define PATH_LIMIT MG_FILE_PATH_MAX

int mg_file_fail(const char *path, int why, struct mg_error *error)
{
    if (why == ENOSPC || why == EDQUOT) {
        mg_fail(error, MG_E_FULL, "The disk is full; nothing was kept.");
        mg_fail_hint(error, "Make room on the disk and try again.");
        return MG_E_FULL;
    }
    int rc = why == ENOENT ? MG_E_NOT_FOUND : MG_E_IO;
    mg_fail(error, rc, "%s: %s.", path, strerror(why));
    mg_fail_at(error, "%s", path);
    return rc;
}

static int fail_errno(struct mg_error *error, const char *path)
{
    return mg_file_fail(path, errno, error);
}

static int fail_kind(struct mg_error *error, const char *shown, mode_t mode)
{
    if (S_ISDIR(mode)) {
        mg_fail(error, MG_E_INVALID, "%s is a folder, not a file.", shown);
        mg_fail_hint(error, "Name a file in it.");
        return MG_E_INVALID;
    }
    if (S_ISFIFO(mode) || S_ISSOCK(mode))
        mg_fail(error, MG_E_INVALID, "%s is a pipe or a socket, not a file.", shown);
    else
        mg_fail(error, MG_E_INVALID, "%s is a device, not a file.", shown);
    mg_fail_hint(error, "Save what it gives to a file first, and name that file.");
    return MG_E_INVALID;
}

int mg_file_open(const char *path, const char *shown, FILE **ret_file, struct mg_error *error)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 && errno == ENXIO && stat(path, &info) == 0) /* a socket can't even be opened */
        return fail_kind(error, shown, info.st_mode);
    if (fd < 0 || fstat(fd, &info) < 0) {
        int rc = fail_errno(error, shown);
        if (fd >= 0)
            close(fd);
        return rc;
    }
    FILE *file = S_ISREG(info.st_mode) ? fdopen(fd, "rb") : NULL;
    if (file) {
        *ret_file = file;
        return 0;
    }
    close(fd);
    return S_ISREG(info.st_mode) ? mg_fail_memory(error) : fail_kind(error, shown, info.st_mode);
}

int mg_file_read(const char *path, struct mg_buf *ret_bytes, struct mg_error *error)
{
    FILE *file;
    int rc = mg_file_open(path, path, &file, error);
    if (rc)
        return rc;
    char chunk[16384];
    size_t n;
    while ((n = fread(chunk, 1, sizeof chunk, file)) > 0 && !ret_bytes->failed)
        mg_buf_add(ret_bytes, chunk, n);
    rc = ferror(file) ? fail_errno(error, path) : 0;
    fclose(file);
    mg_buf_add(ret_bytes, "", 0);
    if (!rc && ret_bytes->failed)
        rc = mg_fail(error, MG_E_LIMIT, "%s is larger than the %zu bytes allowed.", path, ret_bytes->limit);
    return rc;
}

static int write_all(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t written = write(fd, bytes, n);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return -1;
        bytes += written;
        n -= (size_t)written;
    }
    return 0;
}

int mg_file_write_atomic(const char *path, const void *bytes, size_t n, struct mg_error *error)
{
    char temporary[PATH_LIMIT];
    if (snprintf(temporary, sizeof temporary, "%s.tmpXXXXXX", path) >= PATH_LIMIT)
        return mg_fail(error, MG_E_LIMIT, "The path is longer than %d bytes.", PATH_LIMIT);
    int fd = mg_scratch_make(temporary);
    if (fd < 0)
        return fail_errno(error, temporary);
    int why = write_all(fd, bytes, n) == 0 && fsync(fd) == 0 ? 0 : errno;
    if (close(fd) != 0 && !why)
        why = errno;
    if (!why && rename(temporary, path) != 0)
        why = errno;
    if (why)
        mg_scratch_remove(temporary);
    else
        mg_scratch_forget(temporary);
    return why ? mg_file_fail(path, why, error) : 0;
}

static int write_into(const char *path, const void *bytes, size_t n, struct mg_error *error)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOCTTY | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail_errno(error, path);
    int why = write_all(fd, bytes, n) == 0 ? 0 : errno;
    if (close(fd) != 0 && !why)
        why = errno;
    return why ? mg_file_fail(path, why, error) : 0;
}

int mg_file_write_named(const char *path, const void *bytes, size_t n, struct mg_error *error)
{
    struct stat info;
    bool stays = lstat(path, &info) == 0 && !S_ISREG(info.st_mode);
    return stays ? write_into(path, bytes, n, error) : mg_file_write_atomic(path, bytes, n, error);
}

/* ---- drafts ---- */

static int name_draft(struct mg_file_draft *draft, const char *target, const char *temp_dir,
                      struct mg_error *error)
{
    struct stat info;
    bool there = lstat(target, &info) == 0;
    if (there && S_ISDIR(info.st_mode))
        return fail_kind(error, target, info.st_mode);
    draft->into = there && !S_ISREG(info.st_mode);
    int n = draft->into ? snprintf(draft->path, sizeof draft->path, "%s/mindgap-XXXXXX", temp_dir)
                        : snprintf(draft->path, sizeof draft->path, "%s.tmpXXXXXX", target);
    int m = snprintf(draft->target, sizeof draft->target, "%s", target);
    if (n >= PATH_LIMIT || m >= PATH_LIMIT)
        return mg_fail(error, MG_E_LIMIT, "The path is longer than %d bytes.", PATH_LIMIT);
    return 0;
}

int mg_file_draft_open(const char *target, const char *temp_dir, struct mg_file_draft *ret_draft,
                       struct mg_error *error)
{
    int rc = name_draft(ret_draft, target, temp_dir, error);
    if (rc)
        return rc;
    int fd = mg_scratch_make(ret_draft->path);
    if (fd < 0)
        return fail_errno(error, target);
    close(fd);
    return 0;
}

void mg_file_draft_drop(const struct mg_file_draft *draft)
{
    mg_scratch_remove(draft->path);
}

static int copy_into(const struct mg_file_draft *draft)
{
    char chunk[65536];
    ssize_t n = 0;
    int from = open(draft->path, O_RDONLY | O_CLOEXEC);
    int to = from < 0 ? -1 : open(draft->target, O_WRONLY | O_TRUNC | O_NOCTTY | O_CLOEXEC);
    bool ok = to >= 0;
    while (ok && (n = read(from, chunk, sizeof chunk)) > 0)
        ok = write_all(to, chunk, (size_t)n) == 0;
    int why = ok && n == 0 ? 0 : errno;
    if (from >= 0)
        close(from);
    if (to >= 0 && close(to) != 0 && !why)
        why = errno;
    return why;
}

static int put_in_place(const struct mg_file_draft *draft)
{
    int fd = open(draft->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno;
    int why = fsync(fd) == 0 ? 0 : errno;
    close(fd);
    if (!why && rename(draft->path, draft->target) != 0)
        why = errno;
    return why;
}

int mg_file_draft_keep(const struct mg_file_draft *draft, struct mg_error *error)
{
    int why = draft->into ? copy_into(draft) : put_in_place(draft);
    if (draft->into || why)
        mg_scratch_remove(draft->path);
    else
        mg_scratch_forget(draft->path);
    return why ? mg_file_fail(draft->target, why, error) : 0;
}

int mg_file_keep_apart(const char *from, const char *to, struct mg_error *error)
{
    struct stat first, second;
    if (stat(from, &first) != 0 || stat(to, &second) != 0 || first.st_dev != second.st_dev ||
        first.st_ino != second.st_ino)
        return 0;
    mg_fail(error, MG_E_INVALID, "%s is the file that is read; it isn't written over.", to);
    mg_fail_hint(error, "Give the output another name.");
    return MG_E_INVALID;
}

int mg_dir_create(const char *path, struct mg_error *error)
{
    char part[PATH_LIMIT];
    size_t n = strlen(path);
    if (n >= sizeof part)
        return mg_fail(error, MG_E_LIMIT, "The path is longer than %d bytes.", PATH_LIMIT);
    for (size_t i = 1; i <= n; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        memcpy(part, path, i);
        part[i] = '\0';
        if (mkdir(part, 0700) < 0 && errno != EEXIST)
            return fail_errno(error, part);
    }
    return 0;
}

bool mg_file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

int mg_file_size(const char *path, int64_t *ret_size, struct mg_error *error)
{
    struct stat info;
    if (stat(path, &info) < 0)
        return fail_errno(error, path);
    *ret_size = info.st_size;
    return 0;
}
