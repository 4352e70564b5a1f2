/* Reading and writing whole files. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_LIMIT 4096

static int fail_errno(struct mg_error *error, const char *path)
{
    bool full = errno == ENOSPC || errno == EDQUOT;
    int code = full ? MG_E_FULL : errno == ENOENT ? MG_E_NOT_FOUND : MG_E_IO;
    mg_fail(error, code, "%s: %s.", path, strerror(errno));
    mg_fail_at(error, "%s", path);
    return code;
}

int mg_file_read(const char *path, struct mg_buf *ret_bytes, struct mg_error *error)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return fail_errno(error, path);
    char chunk[16384];
    size_t n;
    while ((n = fread(chunk, 1, sizeof chunk, file)) > 0 && !ret_bytes->failed)
        mg_buf_add(ret_bytes, chunk, n);
    int status = ferror(file) ? fail_errno(error, path) : 0;
    fclose(file);
    mg_buf_add(ret_bytes, "", 0);
    if (!status && ret_bytes->failed)
        status =
            mg_fail(error, MG_E_LIMIT, "%s is larger than the %zu bytes allowed.", path, ret_bytes->limit);
    return status;
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
    return fsync(fd);
}

int mg_file_write_atomic(const char *path, const void *bytes, size_t n, struct mg_error *error)
{
    char temporary[PATH_LIMIT];
    if (snprintf(temporary, sizeof temporary, "%s.tmp%ld", path, (long)getpid()) >= PATH_LIMIT)
        return mg_fail(error, MG_E_LIMIT, "The path is longer than %d bytes.", PATH_LIMIT);
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail_errno(error, temporary);
    int failed = write_all(fd, bytes, n);
    failed |= close(fd);
    if (!failed && rename(temporary, path) == 0)
        return 0;
    int status = fail_errno(error, path);
    unlink(temporary);
    return status;
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
