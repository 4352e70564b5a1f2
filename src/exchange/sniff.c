/* Guesses from the first bytes of a file; see sniff.h. */
#include "exchange/sniff.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "exchange/csv_reader.h"

#define SNIFF_ROWS 100

static int fail_format(const char *name, const char *format, struct mg_error *error)
{
    mg_fail(error, MG_E_UNSUPPORTED, "%s is a file of %s, which can't be read here.", name, format);
    mg_fail_hint(error, "Export it as CSV (UTF-8) and use that file.");
    return MG_E_UNSUPPORTED;
}

/* Parquet begins and ends with its mark; the four bytes before the last are the footer's length. */
static int check_parquet(FILE *file, const char *name, struct mg_error *error)
{
    unsigned char tail[8] = {0};
    bool whole = fseeko(file, 0, SEEK_END) == 0 && ftello(file) >= 12;
    int64_t size = ftello(file);
    whole = whole && fseeko(file, -8, SEEK_END) == 0 && fread(tail, 1, 8, file) == 8 &&
            memcmp(tail + 4, "PAR1", 4) == 0;
    uint32_t footer =
        (uint32_t)tail[0] | (uint32_t)tail[1] << 8 | (uint32_t)tail[2] << 16 | (uint32_t)tail[3] << 24;
    if (whole && (int64_t)footer + 12 <= size)
        return 0;
    mg_fail(error, MG_E_INVALID, "%s begins like a Parquet file but its end is missing.", name);
    mg_fail_hint(error, "The file was cut off; copy or export it again.");
    return MG_E_INVALID;
}

int mg_sniff_format(const char *path, const char *name, enum mg_sniffed *ret_format, struct mg_error *error)
{
    static const struct {
        const char *magic;
        size_t n;
        const char *format;
    } foreign[] = {{"PK\x03\x04", 4, "Excel (xlsx)"},
                   {"\xD0\xCF\x11\xE0", 4, "Excel (xls)"},
                   {"$FL2", 4, "SPSS (sav)"},
                   {"$FL3", 4, "SPSS (zsav)"},
                   {"%PDF", 4, "PDF"}};
    FILE *file;
    int rc = mg_file_open(path, name, &file, error);
    if (rc == MG_E_NOT_FOUND || rc == MG_E_IO) {
        mg_fail(error, MG_E_NOT_FOUND, "%s can't be opened.", name);
        mg_fail_hint(error, "Check the path and the right to read the file.");
        return MG_E_NOT_FOUND;
    }
    if (rc)
        return rc;
    char head[4] = "";
    size_t n = fread(head, 1, sizeof head, file);
    *ret_format = MG_SNIFF_TEXT;
    if (ferror(file))
        rc = mg_fail(error, MG_E_IO, "%s can't be read.", name);
    else if (n == 0)
        rc = mg_fail(error, MG_E_INVALID, "%s is empty.", name);
    else if (n == 4 && memcmp(head, "PAR1", 4) == 0)
        rc = check_parquet(file, name, error), *ret_format = MG_SNIFF_PARQUET;
    else if (n >= 2 && memcmp(head, "\x1F\x8B", 2) == 0)
        *ret_format = MG_SNIFF_GZIP;
    for (size_t i = 0; i < ARRAY_LEN(foreign) && !rc; i++)
        if (n == foreign[i].n && memcmp(head, foreign[i].magic, n) == 0)
            rc = fail_format(name, foreign[i].format, error);
    fclose(file);
    return rc;
}

int mg_sniff_read(const char *path, const char *name, struct mg_sniff_text *ret_text, struct mg_error *error)
{
    FILE *file;
    int rc = mg_file_open(path, name, &file, error);
    char *text = rc ? NULL : malloc(MG_SNIFF_BYTES + 1);
    if (!rc && !text) {
        fclose(file);
        rc = mg_fail_memory(error);
    }
    if (rc)
        return rc;
    size_t n = fread(text, 1, MG_SNIFF_BYTES, file);
    fclose(file);
    text[n] = '\0';
    *ret_text = (struct mg_sniff_text){text, n};
    if (strspn(text, " \t\r\n") < n)
        return 0;
    free(text);
    return mg_fail(error, MG_E_INVALID, "%s is empty.", name);
}

bool mg_sniff_is_json(const struct mg_sniff_text *text)
{
    static const char space[] = " \t\r\n";
    const char *p = text->text + strspn(text->text, space), *next = p + (*p != '\0');
    next += strspn(next, space);
    return *p == '{' ? *next == '"' || *next == '}' : *p == '[' && (*next == '{' || *next == ']');
}

/* How well a delimiter splits: share of rows with as many cells as the first, and that number. */
static double fit(const struct mg_sniff_text *text, char delimiter, size_t *ret_cells)
{
    *ret_cells = 1;
    struct mg_csv_reader *reader = mg_csv_reader_of_text(text->text, text->n, delimiter);
    if (!reader)
        return 0;
    struct mg_csv_row row;
    struct mg_error ignored = {0}; /* a torn last row is no matter */
    int rows = 0, same = 0;
    while (rows < SNIFF_ROWS && mg_csv_reader_next(reader, &row, &ignored) == 1) {
        if (rows++ == 0)
            *ret_cells = row.n;
        same += row.n == *ret_cells;
    }
    mg_csv_reader_free(reader);
    return rows ? (double)same / rows : 0;
}

char mg_sniff_delimiter(const struct mg_sniff_text *text)
{
    static const char candidates[] = ",;\t|";
    char best = ',';
    double best_score = 0;
    for (const char *c = candidates; *c; c++) {
        size_t cells;
        double share = fit(text, *c, &cells);
        /* Agreement first; among equals more cells. */
        double score = cells < 2 ? 0 : share * share + 0.1 * (1 - 1 / (double)cells);
        if (score > best_score + 1e-9) {
            best_score = score;
            best = *c;
        }
    }
    return best;
}
