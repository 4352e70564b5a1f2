/* Reading a workbook through; see package.h. */
#include "exchange/out/package.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "exchange/out/private.h"

#define STEP_BYTES ((size_t)1 << 16)
#define NAME_BYTES 64 /* of the outermost tag, and of what is kept of the end */

/* A part as it is read. */
struct part {
    char name[NAME_BYTES]; /* of its outermost tag */
    char end[NAME_BYTES + 4];
    size_t n_end;
};

/* The first tag that isn't the declaration: "<?xml …?>\n<worksheet xmlns=…" */
static void take_name(struct part *part, const char *bytes, size_t n)
{
    const char *declared = memmem(bytes, n, "?>", 2);
    const char *at = declared ? memchr(declared, '<', n - (size_t)(declared - bytes)) : NULL;
    size_t left = at ? n - (size_t)(at - bytes) - 1 : 0, used = 0;
    while (used < left && used + 1 < sizeof part->name && !memchr(" />\n", at[used + 1], 4))
        used++;
    memcpy(part->name, at ? at + 1 : "", used);
    part->name[used] = '\0';
}

/* Keeps the last bytes of all that came. */
static void keep_end(struct part *part, const char *bytes, size_t n)
{
    size_t most = sizeof part->end - 1, fresh = n < most ? n : most;
    size_t old = part->n_end + fresh > most ? most - fresh : part->n_end;
    memmove(part->end, part->end + part->n_end - old, old);
    memcpy(part->end + old, bytes + n - fresh, fresh);
    part->n_end = old + fresh;
}

static bool is_closed(struct part *part)
{
    char wanted[NAME_BYTES + 4];
    while (part->n_end && strchr("\r\n", part->end[part->n_end - 1]))
        part->n_end--;
    size_t n = (size_t)snprintf(wanted, sizeof wanted, "</%s>", part->name);
    return *part->name && part->n_end >= n && memcmp(part->end + part->n_end - n, wanted, n) == 0;
}

static bool is_whole(zip_t *zip, zip_uint64_t index, char *step)
{
    struct part part = {0};
    zip_file_t *file = zip_fopen_index(zip, index, 0);
    zip_int64_t n = file ? zip_fread(file, step, STEP_BYTES) : -1;
    if (n > 0)
        take_name(&part, step, (size_t)n);
    for (; n > 0; n = zip_fread(file, step, STEP_BYTES))
        keep_end(&part, step, (size_t)n);
    if (file)
        zip_fclose(file);
    return n == 0 && is_closed(&part);
}

static bool is_long_enough(zip_t *zip, uint64_t bytes)
{
    struct zip_stat entry;
    return zip_stat(zip, "xl/worksheets/sheet1.xml", 0, &entry) == 0 && (entry.valid & ZIP_STAT_SIZE) &&
           entry.size >= bytes;
}

int mg_out_package_check(const char *path, uint64_t bytes, struct mg_error *error)
{
    char *step = malloc(STEP_BYTES);
    if (!step)
        return mg_fail_memory(error);
    zip_t *zip = zip_open(path, ZIP_RDONLY, NULL);
    zip_int64_t n = zip ? zip_get_num_entries(zip, 0) : 0;
    bool whole = n > 0 && is_long_enough(zip, bytes);
    for (zip_int64_t i = 0; i < n && whole; i++)
        whole = is_whole(zip, (zip_uint64_t)i, step);
    if (zip)
        zip_discard(zip);
    free(step);
    return whole ? 0 : mg_out_failed(ENOSPC, error);
}
