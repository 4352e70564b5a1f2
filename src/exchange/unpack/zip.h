/* Files in zip archives, which are read as streams and by their place: a name in an archive is never a path.
 */
#ifndef MG_EXCHANGE_UNPACK_ZIP_H
#define MG_EXCHANGE_UNPACK_ZIP_H

#include <stdint.h>

#include "base/err.h"
#include "exchange/sniff.h"
#include "exchange/unpack/unpack.h"

#define MG_ZIP_ENTRIES_MAX 10000 /* more is MG_E_LIMIT */
#define MG_ZIP_CHUNK ((size_t)64 * 1024)

struct zip;
struct zip_file;

struct mg_zip {
    const char *name; /* of the archive, for messages */
    struct zip *zip;
    int64_t n;    /* entries */
    int64_t most; /* bytes that an entry may unpack to */
};

/* Opens a regular file. mg_zip_close is fine after a failure. */
MG_CHECKED int mg_zip_open(struct mg_zip *zip, const char *path, const char *name, int64_t max_bytes,
                           struct mg_error *error);
void mg_zip_close(struct mg_zip *zip);

/* The name of an entry; NULL: it has none that can be read. */
const char *mg_zip_name(const struct mg_zip *zip, int64_t entry);
/* The entry of that name, or else of one that differs in case or has backslashes for slashes; −1: there is
 * none. */
int64_t mg_zip_find(const struct mg_zip *zip, const char *name);

/* An entry being read. */
struct mg_zip_entry {
    const struct mg_zip *zip;
    struct zip_file *file;
    int64_t read;
};
MG_CHECKED int mg_zip_entry_open(struct mg_zip_entry *entry, const struct mg_zip *zip, int64_t number,
                                 struct mg_error *error);
void mg_zip_entry_close(struct mg_zip_entry *entry);
/* The next bytes, at most `size`; 0: the end, and its check sum is right. */
MG_CHECKED int mg_zip_entry_read(struct mg_zip_entry *entry, char *ret_bytes, size_t size, size_t *ret_n,
                                 struct mg_error *error);

/* What the archive is: XLSX, or ZIP where it holds one file that may be unpacked. Refuses, saying what to do,
 * other programs' files and archives of none or several. */
MG_CHECKED int mg_zip_sniff(const char *path, const char *name, enum mg_sniffed *ret_format,
                            struct mg_error *error);

#endif
