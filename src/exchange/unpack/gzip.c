/* gzip to a plain file; see unpack.h. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/file.h"
#include "exchange/exchange.h"
#include "exchange/temporary.h"
#include "exchange/unpack/unpack.h"

#define CHUNK ((unsigned)128 * 1024)

static int fail_gzip(const char *name, int problem, struct mg_error *error)
{
    if (problem == Z_BUF_ERROR)
        mg_fail(error, MG_E_INVALID, "%s is a gzip file whose end is missing.", name);
    else
        mg_fail(error, MG_E_INVALID, "%s is a damaged gzip file.", name);
    mg_fail_hint(error, "The file was cut off; copy or export it again.");
    return MG_E_INVALID;
}

int64_t mg_unpack_most_bytes(int64_t packed, int64_t max_bytes)
{
    int64_t most = packed < max_bytes / MG_EXCHANGE_RATIO_MAX ? packed * MG_EXCHANGE_RATIO_MAX : max_bytes;
    most = most > MG_EXCHANGE_RATIO_FLOOR ? most : MG_EXCHANGE_RATIO_FLOOR;
    return most < max_bytes ? most : max_bytes;
}

int mg_unpack_fail_size(const char *name, int64_t most, int64_t max_bytes, struct mg_error *error)
{
    if (most == max_bytes)
        return mg_fail(error, MG_E_LIMIT, "%s is larger than the %lld bytes allowed.", name,
                       (long long)max_bytes);
    mg_fail(error, MG_E_LIMIT, "%s unpacks to more than %d times its size.", name, MG_EXCHANGE_RATIO_MAX);
    mg_fail_hint(error, "Unpack the file yourself if it is what you mean to read.");
    return MG_E_LIMIT;
}

static int inflate_into(gzFile in, FILE *out, const char *name, int64_t packed,
                        const struct mg_unpack_options *options, struct mg_error *error)
{
    int64_t total = 0, most = mg_unpack_most_bytes(packed, options->max_bytes);
    char *chunk = malloc(CHUNK);
    int rc = chunk ? 0 : mg_fail_memory(error);
    int n = 1;
    while (!rc && (n = gzread(in, chunk, CHUNK)) > 0) {
        total += n;
        if (total > most)
            rc = mg_unpack_fail_size(name, most, options->max_bytes, error);
        else if (fwrite(chunk, 1, (size_t)n, out) != (size_t)n)
            rc = mg_temporary_failed(error);
        else
            rc = mg_stop_check(options->stop, error);
    }
    free(chunk);
    int problem = Z_OK;
    gzerror(in, &problem);
    if (!rc && (n < 0 || problem == Z_BUF_ERROR))
        rc = fail_gzip(name, problem, error);
    return rc;
}

/* Opened as a regular file, handed over to zlib. */
static int open_packed(const char *path, const char *name, gzFile *ret_in, int64_t *ret_size,
                       struct mg_error *error)
{
    FILE *file;
    struct stat info;
    int rc = mg_file_open(path, name, &file, error);
    if (rc)
        return rc;
    int fd = fstat(fileno(file), &info) ? -1 : fcntl(fileno(file), F_DUPFD_CLOEXEC, 0);
    fclose(file);
    *ret_in = fd < 0 ? NULL : gzdopen(fd, "rb");
    if (!*ret_in && fd >= 0)
        close(fd);
    *ret_size = info.st_size;
    return *ret_in ? 0 : mg_fail(error, MG_E_IO, "%s can't be read.", name);
}

int mg_unpack_gzip(const char *from, const char *name, const struct mg_unpack_options *options,
                   const char *to, struct mg_error *error)
{
    gzFile in;
    FILE *out = NULL;
    int64_t size;
    int rc = open_packed(from, name, &in, &size, error);
    if (rc)
        return rc;
    rc = mg_temporary_open(to, &out, error);
    if (!rc)
        rc = inflate_into(in, out, name, size, options, error);
    gzclose(in);
    return mg_temporary_close(out, rc, error);
}
