/* Zip archives by libzip; see zip.h and unpack.h. */
#include "exchange/unpack/zip.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

#include "base/file.h"
#include "base/str.h"
#include "exchange/exchange.h"
#include "exchange/temporary.h"

#define TAIL ((size_t)65536 + 22) /* the end record, and the longest comment behind it */
#define NAMES_SHOWN 5

static int fail_damaged(const char *name, struct mg_error *error)
{
    mg_fail(error, MG_E_INVALID, "%s is a damaged zip archive.", name);
    mg_fail_hint(error, "The file was cut off; copy or export it again.");
    return MG_E_INVALID;
}

/* --- opening --- */

static uint64_t little(const unsigned char *bytes, unsigned n)
{
    uint64_t value = 0;
    while (n-- > 0)
        value = value << 8 | bytes[n];
    return value;
}

/* Entries that the record at the end of a large archive tells, whose place stands in the 20 bytes before the
 * ordinary one. */
static uint64_t count_of_large(FILE *file, const unsigned char *locator)
{
    unsigned char record[56];
    off_t at = (off_t)little(locator + 8, 8);
    if (at < 0 || fseeko(file, at, SEEK_SET) != 0 || fread(record, 1, sizeof record, file) != sizeof record ||
        memcmp(record, "PK\x06\x06", 4) != 0)
        return 0;
    return little(record + 32, 8);
}

/* How many entries the archive says that it has, before a library makes room for them all; 0: it doesn't. */
static uint64_t count_entries(FILE *file, int64_t size)
{
    uint64_t count = 0;
    size_t n = (size_t)(size < (int64_t)TAIL ? size : (int64_t)TAIL);
    unsigned char *tail = malloc(n ? n : 1);
    if (tail && fseeko(file, size - (off_t)n, SEEK_SET) == 0 && fread(tail, 1, n, file) == n && n >= 22) {
        size_t at = n - 22;
        while (at > 0 && memcmp(tail + at, "PK\x05\x06", 4) != 0)
            at--;
        if (at >= 20 && memcmp(tail + at - 20, "PK\x06\x07", 4) == 0)
            count = count_of_large(file, tail + at - 20);
        if (count < little(tail + at + 10, 2))
            count = little(tail + at + 10, 2);
    }
    free(tail);
    return count;
}

static int open_archive(struct mg_zip *zip, FILE *file, int64_t size, struct mg_error *error)
{
    if (count_entries(file, size) > MG_ZIP_ENTRIES_MAX) {
        mg_fail(error, MG_E_LIMIT, "%s holds more than %d files.", zip->name, MG_ZIP_ENTRIES_MAX);
        mg_fail_hint(error, "Unpack it and use the file that you mean.");
        return MG_E_LIMIT;
    }
    int code = 0, fd = fcntl(fileno(file), F_DUPFD_CLOEXEC, 0);
    zip->zip = fd < 0 ? NULL : zip_fdopen(fd, 0, &code);
    if (!zip->zip && fd >= 0)
        close(fd);
    if (!zip->zip)
        return code == ZIP_ER_MEMORY ? mg_fail_memory(error) : fail_damaged(zip->name, error);
    zip->n = zip_get_num_entries(zip->zip, 0);
    return 0;
}

int mg_zip_open(struct mg_zip *zip, const char *path, const char *name, int64_t max_bytes,
                struct mg_error *error)
{
    FILE *file;
    struct stat info;
    *zip = (struct mg_zip){.name = name};
    int rc = mg_file_open(path, name, &file, error);
    if (rc)
        return rc;
    if (fstat(fileno(file), &info) != 0)
        rc = mg_fail(error, MG_E_IO, "%s can't be read.", name);
    zip->most = mg_unpack_most_bytes(info.st_size, max_bytes);
    if (!rc)
        rc = open_archive(zip, file, info.st_size, error);
    fclose(file);
    return rc;
}

void mg_zip_close(struct mg_zip *zip)
{
    if (zip->zip)
        zip_discard(zip->zip);
}

const char *mg_zip_name(const struct mg_zip *zip, int64_t entry)
{
    return zip_get_name(zip->zip, (zip_uint64_t)entry, ZIP_FL_ENC_GUESS);
}

static bool same_letter(char a, char b)
{
    a = a == '\\' ? '/' : a;
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Whether a name begins with a part, as names of parts are compared; some programs write backslashes. */
static bool begins_with(const char *name, const char *part)
{
    for (; *part && same_letter(*name, *part); name++)
        part++;
    return !*part;
}

int64_t mg_zip_find(const struct mg_zip *zip, const char *name)
{
    int64_t found = zip_name_locate(zip->zip, name, ZIP_FL_ENC_GUESS);
    size_t n = strlen(name);
    for (int64_t i = 0; i < zip->n && found < 0; i++) {
        const char *other = mg_zip_name(zip, i);
        if (other && strlen(other) == n && begins_with(other, name))
            found = i;
    }
    return found;
}

/* --- reading --- */

int mg_zip_entry_open(struct mg_zip_entry *entry, const struct mg_zip *zip, int64_t number,
                      struct mg_error *error)
{
    zip_stat_t info;
    *entry = (struct mg_zip_entry){.zip = zip};
    if (zip_stat_index(zip->zip, (zip_uint64_t)number, 0, &info) != 0)
        return fail_damaged(zip->name, error);
    if ((info.valid & ZIP_STAT_ENCRYPTION_METHOD) && info.encryption_method != ZIP_EM_NONE) {
        mg_fail(error, MG_E_UNSUPPORTED, "%s is protected by a password.", zip->name);
        mg_fail_hint(error, "Unpack it and use the file in it.");
        return MG_E_UNSUPPORTED;
    }
    entry->file = zip_fopen_index(zip->zip, (zip_uint64_t)number, 0);
    if (entry->file)
        return 0;
    int code = zip_error_code_zip(zip_get_error(zip->zip));
    if (code == ZIP_ER_MEMORY)
        return mg_fail_memory(error);
    if (code != ZIP_ER_COMPNOTSUPP)
        return fail_damaged(zip->name, error);
    mg_fail(error, MG_E_UNSUPPORTED, "%s is packed by a method that can't be read here.", zip->name);
    mg_fail_hint(error, "Unpack it and use the file in it.");
    return MG_E_UNSUPPORTED;
}

void mg_zip_entry_close(struct mg_zip_entry *entry)
{
    if (entry->file)
        zip_fclose(entry->file);
    entry->file = NULL;
}

int mg_zip_entry_read(struct mg_zip_entry *entry, char *ret_bytes, size_t size, size_t *ret_n,
                      struct mg_error *error)
{
    zip_int64_t n = zip_fread(entry->file, ret_bytes, size);
    if (n < 0)
        return fail_damaged(entry->zip->name, error);
    entry->read += n;
    if (entry->read > entry->zip->most)
        return mg_unpack_fail_size(entry->zip->name, entry->zip->most, MG_EXCHANGE_BYTES_MAX, error);
    *ret_n = (size_t)n;
    return 0;
}

/* --- what is in it --- */

static bool is_hidden(const char *name)
{
    const char *slash = strrchr(name, '/'), *base = slash ? slash + 1 : name;
    return !*base || *base == '.' || mg_str_starts(name, "__MACOSX/");
}

/* The only file that an archive holds, −1: there is none, or there are several; *ret_n of them, whose first
 * names are listed. */
static int64_t only_file(const struct mg_zip *zip, size_t *ret_n, struct mg_buf *names)
{
    int64_t found = -1;
    *ret_n = 0;
    for (int64_t i = 0; i < zip->n; i++) {
        const char *name = mg_zip_name(zip, i);
        if (!name || is_hidden(name))
            continue;
        found = i;
        if (++*ret_n <= NAMES_SHOWN)
            mg_buf_printf(names, "%s%.60s", *ret_n > 1 ? ", " : "", name);
    }
    mg_buf_puts(names, *ret_n > NAMES_SHOWN ? ", …" : "");
    return *ret_n == 1 ? found : -1;
}

static int fail_several(const struct mg_zip *zip, size_t n, char *names, struct mg_error *error)
{
    if (n == 0)
        return mg_fail(error, MG_E_INVALID, "%s holds no file.", zip->name);
    mg_fail(error, MG_E_UNSUPPORTED, "%s holds %zu files: %s.", zip->name, n, mg_str_plain(names));
    mg_fail_hint(error, "Unpack it and use the file that you mean.");
    return MG_E_UNSUPPORTED;
}

static int find_only(const struct mg_zip *zip, int64_t *ret_entry, struct mg_error *error)
{
    struct mg_buf names;
    size_t n;
    mg_buf_init(&names, 1024);
    *ret_entry = only_file(zip, &n, &names);
    int rc = *ret_entry >= 0 ? 0 : fail_several(zip, n, names.data, error);
    mg_buf_done(&names);
    return rc;
}

static bool has_folder(const struct mg_zip *zip, const char *folder)
{
    for (int64_t i = 0; i < zip->n; i++) {
        const char *name = mg_zip_name(zip, i);
        if (name && begins_with(name, folder))
            return true;
    }
    return false;
}

/* The program whose file this is and that can't be read here; NULL: it may be one. */
static const char *foreign(const struct mg_zip *zip)
{
    if (mg_zip_find(zip, "xl/workbook.bin") >= 0)
        return "Excel (.xlsb)";
    if (mg_zip_find(zip, "[Content_Types].xml") >= 0 && has_folder(zip, "word/"))
        return "Word";
    if (mg_zip_find(zip, "[Content_Types].xml") >= 0 && has_folder(zip, "ppt/"))
        return "PowerPoint";
    if (mg_zip_find(zip, "Index/Document.iwa") >= 0 || mg_zip_find(zip, "Index.zip") >= 0)
        return "Numbers";
    if (mg_zip_find(zip, "META-INF/manifest.xml") >= 0 && mg_zip_find(zip, "content.xml") >= 0)
        return "OpenDocument (.ods)";
    return NULL;
}

static int sniff(const struct mg_zip *zip, enum mg_sniffed *ret_format, struct mg_error *error)
{
    int64_t entry;
    const char *program = foreign(zip);
    if (program) {
        mg_fail(error, MG_E_UNSUPPORTED, "%s is a file of %s, which can't be read here.", zip->name, program);
        mg_fail_hint(error, "Open it there, save the table as .xlsx and use that file.");
        return MG_E_UNSUPPORTED;
    }
    bool book = mg_zip_find(zip, "xl/workbook.xml") >= 0 ||
                (mg_zip_find(zip, "[Content_Types].xml") >= 0 && has_folder(zip, "xl/"));
    int rc = book ? 0 : find_only(zip, &entry, error);
    if (!rc)
        *ret_format = book ? MG_SNIFF_XLSX : MG_SNIFF_ZIP;
    return rc;
}

int mg_zip_sniff(const char *path, const char *name, enum mg_sniffed *ret_format, struct mg_error *error)
{
    struct mg_zip zip;
    int rc = mg_zip_open(&zip, path, name, MG_EXCHANGE_BYTES_MAX, error);
    if (!rc)
        rc = sniff(&zip, ret_format, error);
    mg_zip_close(&zip);
    return rc;
}

/* --- the one file --- */

static int copy_entry(struct mg_zip_entry *entry, FILE *to, struct mg_stop *stop, struct mg_error *error)
{
    char *chunk = malloc(MG_ZIP_CHUNK);
    size_t n = 1;
    int rc = chunk ? 0 : mg_fail_memory(error);
    while (!rc && n > 0) {
        rc = mg_zip_entry_read(entry, chunk, MG_ZIP_CHUNK, &n, error);
        if (!rc && fwrite(chunk, 1, n, to) != n)
            rc = mg_temporary_failed(error);
        if (!rc)
            rc = mg_stop_check(stop, error);
    }
    free(chunk);
    return rc;
}

int mg_unpack_zip(const char *from, const char *name, const struct mg_unpack_options *options, const char *to,
                  struct mg_error *error)
{
    struct mg_zip zip;
    struct mg_zip_entry entry = {0};
    FILE *out = NULL;
    int64_t number = 0;
    int rc = mg_zip_open(&zip, from, name, options->max_bytes, error);
    if (!rc)
        rc = find_only(&zip, &number, error);
    if (!rc)
        rc = mg_zip_entry_open(&entry, &zip, number, error);
    if (!rc)
        rc = mg_temporary_open(to, &out, error);
    if (!rc)
        rc = copy_entry(&entry, out, options->stop, error);
    mg_zip_entry_close(&entry);
    mg_zip_close(&zip);
    return mg_temporary_close(out, rc, error);
}
