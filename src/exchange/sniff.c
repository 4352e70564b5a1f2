/* Guesses from the first bytes of a file; see sniff.h. */
#include "exchange/sniff.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/str.h"
#include "exchange/csv_reader.h"
#include "exchange/unpack/zip.h"

#define SNIFF_ROWS 100
#define HEAD 64

#define ASK_TABLE MG_TEXT("Ask for the table itself: as .xlsx or as CSV.")
#define UNPACK MG_TEXT("Unpack it and use the file in it.")
#define SAVE_XLSX MG_TEXT("Open it in Excel or LibreOffice and save it as .xlsx.")
#define SAVE_R MG_TEXT("Open it in R and save the table as CSV or with haven as .sav.")
#define SAVE_CSV MG_TEXT("Open it with the program that made it and save the table as CSV or Parquet.")

/* Formats that can't be read here, by how they begin, and what to do. Those of pages are also known in any
 * case and behind white space: what tools call .xls is often one. */
static const struct foreign {
    const char *magic;
    size_t n;
    const char *format, *hint;
    bool page;
} foreigners[] = {
    {"%PDF", 4, "PDF", ASK_TABLE, false},
    {"\x89PNG", 4, "PNG", ASK_TABLE, false},
    {"\xFF\xD8\xFF", 3, "JPEG", ASK_TABLE, false},
    {"GIF8", 4, "GIF", ASK_TABLE, false},
    {"{\\rtf", 5, "RTF", ASK_TABLE, false},
    {"Rar!", 4, "RAR", UNPACK, false},
    {"7z\xBC\xAF", 4, "7-Zip", UNPACK, false},
    {"BZh", 3, "bzip2", UNPACK, false},
    {"\3757zXZ", 5, "xz", UNPACK, false},
    {"\x28\xB5\x2F\xFD", 4, "Zstandard", UNPACK, false},
    {"ASCII SPSS PORT FILE", 20, "SPSS (.por)", MG_TEXT("Open it in SPSS or PSPP and save it as .sav."),
     false},
    {"HEADER RECORD*******", 20, "SAS (.xpt)",
     MG_TEXT("Open it in SAS or R and save it as .sas7bdat or CSV."), false},
    {"RDX", 3, "R (.rda)", SAVE_R, false},
    {"X\n\0\0", 4, "R (.rds)", SAVE_R, false},
    {"SQLite format 3", 15, "SQLite", SAVE_CSV, false},
    {"ARROW1", 6, "Arrow (.feather)", SAVE_CSV, false},
    {"ORC\0", 4, "ORC", SAVE_CSV, false},
    {"Obj\1", 4, "Avro", SAVE_CSV, false},
    {"\x89HDF", 4, "HDF5", SAVE_CSV, false},
    {"ID;PWXL", 7, "SYLK (.slk)", SAVE_XLSX, false},
    {"ID;PCALC", 8, "SYLK (.slk)", SAVE_XLSX, false},
    {"ID;PSCALC", 9, "SYLK (.slk)", SAVE_XLSX, false},
    {"MIME-Version:", 13, "HTML", SAVE_XLSX, true},
    {"<html", 5, "HTML", SAVE_XLSX, true},
    {"<head", 5, "HTML", SAVE_XLSX, true},
    {"<meta", 5, "HTML", SAVE_XLSX, true},
    {"<style", 6, "HTML", SAVE_XLSX, true},
    {"<body", 5, "HTML", SAVE_XLSX, true},
    {"<table", 6, "HTML", SAVE_XLSX, true},
    {"<!doctype", 9, "HTML", SAVE_XLSX, true},
    {"<?xml", 5, "XML", SAVE_XLSX, true},
    {"<svg", 4, "SVG", ASK_TABLE, true},
};

static bool begins_with(const struct foreign *foreign, const char *head, size_t n)
{
    if (!foreign->page)
        return n >= foreign->n && memcmp(head, foreign->magic, foreign->n) == 0;
    if (mg_str_starts(head, "\xEF\xBB\xBF"))
        head += 3;
    head += strspn(head, " \t\r\n");
    return strncasecmp(head, foreign->magic, foreign->n) == 0;
}

/* `head` is terminated. */
static int check_foreign(const char *head, size_t n, const char *name, struct mg_error *error)
{
    for (size_t i = 0; i < ARRAY_LEN(foreigners); i++) {
        const struct foreign *foreign = &foreigners[i];
        if (!begins_with(foreign, head, n))
            continue;
        mg_fail(error, MG_E_UNSUPPORTED, "%s is a file of %s, which can't be read here.", name,
                foreign->format);
        mg_fail_hint_text(error, foreign->hint);
        return MG_E_UNSUPPORTED;
    }
    return 0;
}

/* Of a directory of Microsoft's old container, where names are of two bytes a letter. */
static bool has_stream(const char *directory, size_t n, const char *name)
{
    char wide[64] = "";
    size_t length = strlen(name);
    for (size_t i = 0; i < length; i++)
        wide[2 * i] = name[i];
    return memmem(directory, n, wide, 2 * length) != NULL;
}

/* That container: a workbook of before 2007, or a newer one behind a password, or another program's, which
 * its directory tells. */
static int fail_compound(FILE *file, const char *head, const char *name, struct mg_error *error)
{
    char directory[4096];
    const unsigned char *bytes = (const unsigned char *)head;
    unsigned shift = bytes[30] < 16 ? bytes[30] : 9;
    int64_t sector =
        bytes[48] | (int64_t)bytes[49] << 8 | (int64_t)bytes[50] << 16 | (int64_t)bytes[51] << 24;
    size_t n =
        fseeko(file, (sector + 1) << shift, SEEK_SET) ? 0 : fread(directory, 1, sizeof directory, file);
    const char *program = has_stream(directory, n, "WordDocument")          ? "Word"
                          : has_stream(directory, n, "PowerPoint Document") ? "PowerPoint"
                                                                            : NULL;
    if (has_stream(directory, n, "EncryptedPackage")) {
        mg_fail(error, MG_E_UNSUPPORTED, "%s is protected by a password.", name);
        mg_fail_hint(error, "Open it in Excel, take the password off and save it again as .xlsx.");
    } else if (program) {
        mg_fail(error, MG_E_UNSUPPORTED, "%s is a file of %s, which can't be read here.", name, program);
        mg_fail_hint_text(error, ASK_TABLE);
    } else {
        mg_fail(error, MG_E_UNSUPPORTED, "%s is a file of an old Excel (.xls), which can't be read here.",
                name);
        mg_fail_hint_text(error, SAVE_XLSX);
    }
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

/* Files of statistics programs. Stata's of before 2013 begin with their version, the order of bytes and a 1.
 */
static enum mg_sniffed sniff_stat(const char *head, size_t n)
{
    static const char sas[] = "\0\0\0\0\0\0\0\0\0\0\0\0\xC2\xEA\x81\x60\xB3\x14\x11\xCF";
    if (n >= 4 && (memcmp(head, "$FL2", 4) == 0 || memcmp(head, "$FL3", 4) == 0))
        return MG_SNIFF_SAV;
    if (n >= sizeof sas - 1 && memcmp(head, sas, sizeof sas - 1) == 0)
        return MG_SNIFF_SAS;
    bool old = n >= 3 && head[0] >= 104 && head[0] <= 115 && (head[1] == 1 || head[1] == 2) && head[2] == 1;
    return old || (n >= 11 && memcmp(head, "<stata_dta>", 11) == 0) ? MG_SNIFF_DTA : MG_SNIFF_TEXT;
}

static int sniff_head(FILE *file, const char *path, const char *name, enum mg_sniffed *ret_format,
                      struct mg_error *error)
{
    char head[HEAD + 1] = "";
    size_t n = fread(head, 1, HEAD, file);
    *ret_format = MG_SNIFF_TEXT;
    if (ferror(file))
        return mg_fail(error, MG_E_IO, "%s can't be read.", name);
    if (n == 0)
        return mg_fail(error, MG_E_INVALID, "%s is empty.", name);
    if (n >= 4 && memcmp(head, "PAR1", 4) == 0) {
        *ret_format = MG_SNIFF_PARQUET;
        return check_parquet(file, name, error);
    }
    if (n >= 4 && memcmp(head, "PARE", 4) == 0) {
        mg_fail(error, MG_E_UNSUPPORTED, "%s is encrypted.", name);
        mg_fail_hint(error, "Write the Parquet file again without encryption.");
        return MG_E_UNSUPPORTED;
    }
    if (n >= 2 && memcmp(head, "\x1F\x8B", 2) == 0) {
        *ret_format = MG_SNIFF_GZIP;
        return 0;
    }
    if (n >= 4 && memcmp(head, "\xD0\xCF\x11\xE0", 4) == 0)
        return fail_compound(file, head, name, error);
    if (n >= 4 && (memcmp(head, "PK\x03\x04", 4) == 0 || memcmp(head, "PK\x05\x06", 4) == 0))
        return mg_zip_sniff(path, name, ret_format, error);
    *ret_format = sniff_stat(head, n);
    return *ret_format ? 0 : check_foreign(head, n, name, error);
}

int mg_sniff_format(const char *path, const char *name, enum mg_sniffed *ret_format, struct mg_error *error)
{
    FILE *file;
    int rc = mg_file_open(path, name, &file, error);
    if (rc == MG_E_NOT_FOUND || rc == MG_E_IO) {
        mg_fail(error, MG_E_NOT_FOUND, "%s can't be opened.", name);
        mg_fail_hint_text(error,
                          strstr(path, "://")
                              ? MG_TEXT("Addresses are never fetched: download the file and name that.")
                              : MG_TEXT("Check the path and the right to read the file."));
        return MG_E_NOT_FOUND;
    }
    if (rc)
        return rc;
    rc = sniff_head(file, path, name, ret_format, error);
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
    return *p == '{' ? *next == '"' || *next == '}' : *p == '[' && *next && strchr("{][\"", *next);
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
