/* A zip archive, and a workbook of one sheet, made for a test. */
#ifndef MG_TESTS_EXCHANGE_UNPACK_WORKBOOK_H
#define MG_TESTS_EXCHANGE_UNPACK_WORKBOOK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

static inline zip_t *new_archive(const char *path)
{
    int code;
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code);
    assert_non_null(zip);
    return zip;
}

static inline void add_bytes(zip_t *zip, const char *name, const void *bytes, size_t n)
{
    void *copy = n ? malloc(n) : NULL; /* of nothing the archive frees nothing */
    if (copy)
        memcpy(copy, bytes, n);
    zip_source_t *source = zip_source_buffer(zip, copy, n, 1);
    assert_true(zip_file_add(zip, name, source, 0) >= 0);
}

static inline void add_part(zip_t *zip, const char *name, const char *text)
{
    add_bytes(zip, name, text, strlen(text));
}

#define TYPES "<Types/>"
#define RELS(target)                                                                                         \
    "<Relationships><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/" \
    "relationships/officeDocument\" Target=\"" target "\"/></Relationships>"
#define RELATION(id, type, target)                                                                           \
    "<Relationship Id=\"" id                                                                                 \
    "\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/" type                    \
    "\" Target=\"" target "\"/>"
#define STYLES                                                                                               \
    "<styleSheet><numFmts><numFmt numFmtId=\"164\" "                                                         \
    "formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;\"/><numFmt "                           \
    "numFmtId=\"165\" formatCode=\"[h]:mm\"/><numFmt numFmtId=\"166\" formatCode=\"0.00E+00\"/></numFmts>"   \
    "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"                                                     \
    "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"22\"/><xf numFmtId=\"164\"/><xf "      \
    "numFmtId=\"165\"/><xf numFmtId=\"20\"/><xf numFmtId=\"9\"/><xf "                                        \
    "numFmtId=\"166\"/></cellXfs></styleSheet>"
enum {
    STYLE_NONE,
    STYLE_DATE,
    STYLE_BOTH,
    STYLE_CUSTOM,
    STYLE_SPAN,
    STYLE_TIME,
    STYLE_PERCENT,
    STYLE_EXPONENT
};

/* Of the rows (the inside of <sheetData>), what stands before and behind them, and the shared strings. */
static inline void write_workbook(const char *path, const char *before, const char *rows, const char *behind,
                                  const char *strings)
{
    zip_t *zip = new_archive(path);
    size_t n = strlen(before) + strlen(rows) + strlen(behind) + 200;
    char *sheet = malloc(n);
    snprintf(sheet, n,
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?><worksheet>%s<sheetData>%s</sheetData>%s</worksheet>",
             before, rows, behind);
    add_part(zip, "[Content_Types].xml", TYPES);
    add_part(zip, "_rels/.rels", RELS("xl/workbook.xml"));
    add_part(zip, "xl/workbook.xml",
             "<workbook><sheets><sheet name=\"Data\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>");
    add_part(zip, "xl/_rels/workbook.xml.rels",
             "<Relationships>" RELATION("rId1", "worksheet", "worksheets/sheet1.xml")
                 RELATION("rId2", "sharedStrings", "sharedStrings.xml")
                     RELATION("rId3", "styles", "/xl/styles.xml") "</Relationships>");
    add_part(zip, "xl/styles.xml", STYLES);
    if (strings)
        add_part(zip, "xl/sharedStrings.xml", strings);
    add_part(zip, "xl/worksheets/sheet1.xml", sheet);
    assert_int_equal(zip_close(zip), 0);
    free(sheet);
}

#endif
