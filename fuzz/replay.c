/* Runs a fuzzer's function over its corpus: every file as it is, cut short at 32 places, and with 256
 * single-byte changes chosen by a fixed seed. No fuzzing engine needed, so it is part of the ordinary tests.
 *
 *   replay_NAME FOLDER|FILE… */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/rng.h"
#include "fuzz.h"

#define FILE_MAX ((size_t)16 * 1024 * 1024)
#define CUTS 32
#define CHANGES 256

static size_t files;

/* A copy of exactly n bytes, so that the address sanitizer sees a read beyond them. */
static void run(const char *bytes, size_t n)
{
    uint8_t *copy = malloc(n ? n : 1);
    if (!copy)
        abort();
    if (n)
        memcpy(copy, bytes, n);
    LLVMFuzzerTestOneInput(copy, n);
    free(copy);
}

static void replay_bytes(char *bytes, size_t n)
{
    run(bytes, n);
    for (size_t i = 0; i < CUTS && n; i++)
        run(bytes, n * i / CUTS);
    struct mg_rng rng = mg_rng_init(7, n);
    for (size_t i = 0; i < CHANGES && n; i++) {
        size_t at = (size_t)mg_rng_below(&rng, n);
        char kept = bytes[at];
        bytes[at] = (char)mg_rng_below(&rng, 256);
        run(bytes, n);
        bytes[at] = kept;
    }
}

static int replay_file(const char *path)
{
    struct mg_error error = {0};
    struct mg_buf buf;
    mg_buf_init(&buf, FILE_MAX);
    int rc = mg_file_read(path, &buf, &error);
    if (rc)
        fprintf(stderr, "%s\n", error.message);
    else
        replay_bytes(buf.data, buf.len);
    files += !rc;
    mg_buf_done(&buf);
    return rc;
}

static int replay_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    if (!dir)
        return replay_file(folder);
    int rc = 0;
    for (const struct dirent *entry; !rc && (entry = readdir(dir));) {
        char path[4096];
        struct stat status;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (stat(path, &status) == 0 && S_ISREG(status.st_mode))
            rc = replay_file(path);
    }
    closedir(dir);
    return rc;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (replay_folder(argv[i]))
            return EXIT_FAILURE;
    printf("%zu files replayed\n", files);
    return files ? EXIT_SUCCESS : EXIT_FAILURE;
}
