/* Workbooks become rows: kinds of cells, times, gaps, merged cells, sheets, and everything that is wrong with
 * them. The workbooks are written here part by part, as programs write them and as they shouldn't. */
#include <sys/stat.h>

#include "exchange/unpack/xlsx_text.h"
#include "exchange/unpack/xlsx_time.h"
#include "unpacked.h"
#include "workbook.h"

static int unpack_sheet(const char *sheet)
{
    struct mg_unpack_options options = {.max_bytes = (int64_t)1 << 30, .sheet = sheet};
    error = (struct mg_error){0};
    return mg_unpack_xlsx(from, "book.xlsx", &options, to, arena, &unpacked, &error);
}

static void assert_sheet(const char *sheet, const char *csv)
{
    if (unpack_sheet(sheet) != 0)
        fail_msg("%s", error.message);
    assert_text(csv);
}

static void assert_rows(const char *rows, const char *csv)
{
    write_workbook(from, "", rows, "", NULL);
    assert_sheet(NULL, csv);
}

static void assert_refused(int code, const char *part)
{
    assert_said(unpack_sheet(NULL), code, part);
}

/* --- cells --- */

static void every_kind_of_cell_is_read(void **state)
{
    (void)state;
    write_workbook(from, "",
                   "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c><c r=\"C1\" "
                   "t=\"s\"><v>2</v></c>"
                   "<c r=\"D1\" t=\"s\"><v>3</v></c><c r=\"E1\" t=\"inlineStr\"><is><r><t>in "
                   "</t></r><r><t>line</t></r></is></c></row>"
                   "<row r=\"2\"><c r=\"A2\"><v>3.2999999999999998</v></c><c r=\"B2\" t=\"b\"><v>1</v></c><c "
                   "r=\"C2\" t=\"b\"><v>0</v></c>"
                   "<c r=\"D2\" t=\"e\"><f>NA()</f><v>#N/A</v></c><c r=\"E2\" "
                   "t=\"str\"><f>A1&amp;\"x\"</f><v>a,b</v></c></row>"
                   "<row r=\"3\"><c r=\"A3\"><f>1+1</f><v>2</v></c><c r=\"B3\" t=\"n\"><v>1E-3</v></c><c "
                   "r=\"C3\"/><c r=\"D3\" t=\"d\"><v>2026-01-08T13:40:00</v></c>"
                   "<c r=\"E3\" t=\"s\"><v>4</v></c></row>",
                   "",
                   "<sst><si><t>id</t></si><si><r><rPr/><t>満足</t></r><r><t>度</t></r><rPh sb=\"0\" "
                   "eb=\"2\"><t>マンゾク</t></rPh></si>"
                   "<si><t xml:space=\"preserve\"> c </t></si><si><t/></si><si><t>two_x000D_\nlines "
                   "&lt;_x005F_&gt;_x0041_</t></si></sst>");
    assert_sheet(NULL,
                 "id,満足度,\" c \",,in "
                 "line\n3.3,TRUE,FALSE,,\"a,b\"\n2,0.001,,2026-01-08T13:40:00,\"two\r\nlines <_>_x0041_\"\n");
    assert_int_equal(unpacked.format, MG_FILE_XLSX);
    assert_int_equal(unpacked.n_notes, 1);
    assert_non_null(strstr(unpacked.notes[0].en, "1 cells hold an error"));
    assert_int_equal(unpacked.above, 0);
}

static void places_and_gaps_are_kept(void **state)
{
    (void)state;
    /* line k is row k; cells and rows that don't say where they are follow each other */
    assert_rows("<row r=\"2\"><c r=\"B2\"><v>1</v></c><c r=\"D2\"><v>2</v></c></row><row r=\"5\"><c "
                "r=\"C5\"><v>3</v></c></row>",
                "\n,1,,2\n\n\n,,3,\n");
    assert_rows("<row><c><v>1</v></c><c/><c><v>2</v></c></row><row/><row><c><v>3</v></c></row>",
                "1,,2\n\n3,,\n");
    assert_rows("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"2\"><c r=\"AB2\"><v>2</v></c></row>",
                "1,,,,,,,,,,,,,,,,,,,,,,,,,,,\n,,,,,,,,,,,,,,,,,,,,,,,,,,,2\n");
    assert_rows("<row><c><v>7</v></c></row><row><c t=\"str\"><v></v></c></row><row><c><v>6</v></c></row>",
                "7\n\n6\n");
}

static void cells_that_contradict_themselves_are_damage(void **state)
{
    (void)state;
    static const char *const rows[] = {"<row r=\"2\"><c><v>1</v></c></row><row r=\"2\"/>",
                                       "<row r=\"3\"/><row r=\"1\"/>",
                                       "<row r=\"1048577\"/>",
                                       "<row r=\"0\"/>",
                                       "<row r=\"x\"/>",
                                       "<row r=\"1\"><c r=\"A2\"><v>1</v></c></row>",
                                       "<row><c r=\"1\"><v>1</v></c></row>",
                                       "<row><c r=\"a1\"><v>1</v></c></row>",
                                       "<row><c t=\"s\"><v>0</v></c></row>",
                                       "<row><c t=\"s\"><v>-1</v></c></row>",
                                       "<row><c t=\"s\"><v>x</v></c></row>",
                                       "<row><c></row>",
                                       "<row><c><v>&unknown;</v></c></row>",
                                       "<row><c><v>\x01</v></c></row>"};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        write_workbook(from, "", rows[i], "", NULL);
        assert_refused(MG_E_INVALID, "damaged Excel file");
    }
}

/* --- times --- */

static void formats_tell_times_from_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *format;
        enum mg_xlsx_shown shown;
    } rows[] = {{"General", MG_SHOWN_NUMBER},
                {"0.00", MG_SHOWN_NUMBER},
                {"#,##0", MG_SHOWN_NUMBER},
                {"0%", MG_SHOWN_NUMBER},
                {"0.00E+00", MG_SHOWN_NUMBER},
                {"@", MG_SHOWN_NUMBER},
                {"[Red]0;[Blue]-0", MG_SHOWN_NUMBER},
                {"0 \"days\"", MG_SHOWN_NUMBER},
                {"0\\d", MG_SHOWN_NUMBER},
                {"_-* #,##0 \"DM\"_-", MG_SHOWN_NUMBER},
                {"[$€-407] 0", MG_SHOWN_NUMBER},
                {"yyyy-mm-dd", MG_SHOWN_DATE},
                {"d/m/yy", MG_SHOWN_DATE},
                {"mmm", MG_SHOWN_DATE},
                {"[$-409]d\\-mmm\\-yyyy;@", MG_SHOWN_DATE},
                {"yyyy\"年\"m\"月\"d\"日\"", MG_SHOWN_DATE},
                {"[$-411]ggge\"年\"m\"月\"d\"日\"", MG_SHOWN_DATE},
                {"yyyy年m月d日", MG_SHOWN_DATE},
                {"h:mm", MG_SHOWN_TIME},
                {"mm:ss", MG_SHOWN_TIME},
                {"mm:ss.0", MG_SHOWN_TIME},
                {"h:mm AM/PM", MG_SHOWN_TIME},
                {"h AM/PM", MG_SHOWN_TIME},
                {"上午/下午h\"时\"mm\"分\"", MG_SHOWN_TIME},
                {"yyyy-mm-dd hh:mm:ss", MG_SHOWN_BOTH},
                {"m/d/yy h:mm", MG_SHOWN_BOTH},
                {"yyyy-mm-dd\\Thh:mm:ss.000", MG_SHOWN_BOTH},
                {"[h]:mm", MG_SHOWN_SPAN},
                {"[mm]:ss", MG_SHOWN_SPAN},
                {"", MG_SHOWN_NUMBER},
                {"[", MG_SHOWN_NUMBER},
                {"\"", MG_SHOWN_NUMBER},
                {"\\", MG_SHOWN_NUMBER}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (mg_xlsx_shown_by(rows[i].format) != rows[i].shown)
            fail_msg("%s: %d", rows[i].format, mg_xlsx_shown_by(rows[i].format));
}

/* Days and texts as Excel shows them. */
static void serial_days_become_iso_times(void **state)
{
    (void)state;
    static const struct {
        double days;
        enum mg_xlsx_shown shown;
        bool from_1904;
        const char *text;
    } rows[] = {{1, MG_SHOWN_DATE, false, "1900-01-01"},
                {59, MG_SHOWN_DATE, false, "1900-02-28"},
                {61, MG_SHOWN_DATE, false, "1900-03-01"},
                {36526, MG_SHOWN_DATE, false, "2000-01-01"},
                {46030, MG_SHOWN_DATE, false, "2026-01-08"},
                {2958465, MG_SHOWN_DATE, false, "9999-12-31"},
                {0, MG_SHOWN_DATE, true, "1904-01-01"},
                {44568, MG_SHOWN_DATE, true, "2026-01-08"},
                {36584, MG_SHOWN_DATE, false, "2000-02-28"},
                {36585, MG_SHOWN_DATE, false, "2000-02-29"},
                {46030.569444444445, MG_SHOWN_BOTH, false, "2026-01-08 13:40:00"},
                {46030, MG_SHOWN_BOTH, false, "2026-01-08 00:00:00"},
                {46030.5, MG_SHOWN_DATE, false, "2026-01-08 12:00:00"},
                {46030.99999999, MG_SHOWN_BOTH, false, "2026-01-08 23:59:59.999"},
                {46030.999999999, MG_SHOWN_BOTH, false, "2026-01-09 00:00:00"},
                {0.569444444444444, MG_SHOWN_TIME, false, "13:40:00"},
                {46030.25, MG_SHOWN_TIME, false, "2026-01-08 06:00:00"},
                {1.0486111111111112, MG_SHOWN_SPAN, false, "25:10:00"},
                {0, MG_SHOWN_TIME, false, "00:00:00"},
                {-1, MG_SHOWN_DATE, false, NULL},
                {0, MG_SHOWN_DATE, false, NULL},
                {2958466, MG_SHOWN_DATE, false, NULL},
                {1e300, MG_SHOWN_SPAN, false, NULL},
                {2958400, MG_SHOWN_DATE, true, NULL}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char text[40];
        size_t n = mg_xlsx_time(rows[i].days, rows[i].shown, rows[i].from_1904, text);
        assert_int_equal(n, rows[i].text ? strlen(rows[i].text) : 0);
        if (n)
            assert_string_equal(text, rows[i].text);
    }
}

static void styles_make_numbers_times(void **state)
{
    (void)state;
    assert_rows(
        "<row><c s=\"1\"><v>46030</v></c><c s=\"2\"><v>46030.569444444445</v></c><c "
        "s=\"3\"><v>46030</v></c><c s=\"4\"><v>1.5</v></c>"
        "<c s=\"5\"><v>0.5</v></c><c s=\"6\"><v>0.8</v></c><c s=\"7\"><v>46030</v></c><c "
        "s=\"99\"><v>46030</v></c><c s=\"1\"><v>-5</v></c><c s=\"1\" t=\"str\"><v>46030</v></c></row>",
        "2026-01-08,2026-01-08 13:40:00,2026-01-08,36:00:00,12:00:00,0.8,46030,46030,-5,46030\n");
}

/* --- merged cells --- */

#define CELL(place, text) "<c r=\"" place "\" t=\"str\"><v>" text "</v></c>"

static void merged_cells_of_a_header_are_in_all_places(void **state)
{
    (void)state;
    write_workbook(
        from, "",
        "<row r=\"1\">" CELL("A1", "Survey 2026") "</row><row r=\"2\">" CELL("A2", "id") CELL("B2", "期望")
            CELL("D2", "感受") "</row><row r=\"3\">" CELL("B3", "快") CELL("C3", "净") CELL("D3", "快")
                CELL("E3", "净") "</row><row r=\"4\">" CELL("A4", "a") CELL("B4", "1") CELL("C4", "2")
                    CELL("D4", "3") CELL("E4", "4") "</row><row r=\"5\">" CELL("B5", "5") "</row>",
        "<mergeCells><mergeCell ref=\"A1:E1\"/><mergeCell ref=\"A2:A3\"/><mergeCell "
        "ref=\"B2:C2\"/><mergeCell ref=\"D2:E2\"/>"
        "<mergeCell ref=\"A4:A5\"/><mergeCell ref=\"x\"/><mergeCell/><mergeCell ref=\"C1:B1\"/></mergeCells>",
        NULL);
    assert_sheet(NULL, "Survey 2026,,,,\nid,期望,期望,感受,感受\nid,快,净,快,净\na,1,2,3,4\n,5,,,\n");
}

/* --- sheets --- */

static void write_book_of_sheets(const char *properties, const char *sheets)
{
    zip_t *zip = new_archive(from);
    char book[1000];
    snprintf(
        book, sizeof book,
        "<x:workbook "
        "xmlns:x=\"http://purl.oclc.org/ooxml/spreadsheetml/main\">%s<x:sheets>%s</x:sheets></x:workbook>",
        properties, sheets);
    add_part(zip, "[Content_Types].xml", TYPES);
    add_part(zip, "_rels/.rels",
             "<Relationships><Relationship Id=\"rId1\" "
             "Type=\"http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument\" "
             "Target=\"/xl/Book.xml\"/></Relationships>");
    add_part(zip, "xl/Book.xml", book);
    add_part(zip, "xl/_rels/Book.xml.rels",
             "<Relationships>" RELATION("r1", "worksheet", "sheets/a.xml")
                 RELATION("r2", "worksheet", "./sheets/b.xml")
                     RELATION("r3", "worksheet", "../xl/sheets/c.xml")
                         RELATION("r4", "chartsheet", "sheets/c.xml")
                             RELATION("r5", "worksheet", "../../../etc/passwd") "</Relationships>");
    add_part(
        zip, "xl/sheets/a.xml",
        "<x:worksheet xmlns:x=\"u\"><x:sheetData><x:row><x:c s=\"0\"/></x:row></x:sheetData></x:worksheet>");
    add_part(zip, "xl/sheets/b.xml",
             "<worksheet><sheetData><row><c><v>2</v></c></row></sheetData></worksheet>");
    add_part(zip, "xl/sheets/c.xml",
             "<x:worksheet "
             "xmlns:x=\"u\"><x:sheetData><x:row><x:c><x:v>3</x:v></x:c></x:row></x:sheetData></x:worksheet>");
    assert_int_equal(zip_close(zip), 0);
}

static void the_first_visible_sheet_with_cells_is_read(void **state)
{
    (void)state;
    write_book_of_sheets("", "<x:sheet name=\"Empty\" r:id=\"r1\"/><x:sheet name=\"Chart\" "
                             "r:id=\"r4\"/><x:sheet name=\"Lost\" r:id=\"r5\"/><x:sheet name=\"Secret\" "
                             "state=\"hidden\" r:id=\"r2\"/><x:sheet name=\"答卷\" r:id=\"r3\"/>");
    assert_sheet(NULL, "3\n");
    assert_int_equal(unpacked.n_sheets, 5);
    assert_int_equal(unpacked.sheet, 4);
    assert_string_equal(unpacked.sheets[3], "Secret");
    assert_non_null(strstr(unpacked.notes[0].en, "5 sheets; “答卷”"));
    assert_sheet("secret", "2\n");
    assert_int_equal(unpack_sheet("Empty"), MG_E_INVALID);
    assert_non_null(strstr(error.message, "no cells"));
    assert_int_equal(unpack_sheet("Chart"), MG_E_INVALID);
    assert_int_equal(unpack_sheet("other"), MG_E_NOT_FOUND);
    assert_non_null(strstr(error.message, "Empty, Chart, Lost, Secret, 答卷"));
    write_book_of_sheets(
        "",
        "<x:sheet name=\"Empty\" r:id=\"r1\"/><x:sheet name=\"Secret\" state=\"veryHidden\" r:id=\"r2\"/>");
    assert_sheet(NULL, "2\n");
    write_book_of_sheets("", "<x:sheet name=\"Empty\" r:id=\"r1\"/>");
    assert_refused(MG_E_INVALID, "no cells");
}

static void the_other_calendar_is_known(void **state)
{
    (void)state;
    zip_t *zip = new_archive(from);
    add_part(zip, "[Content_Types].xml", TYPES);
    add_part(zip, "xl/workbook.xml",
             "<workbook><workbookPr date1904=\"true\"/><sheets><sheet name=\"a\" "
             "r:id=\"r1\"/></sheets></workbook>");
    add_part(zip, "xl/_rels/workbook.xml.rels",
             "<Relationships>" RELATION("r1", "worksheet", "a.xml")
                 RELATION("r2", "styles", "styles.xml") "</Relationships>");
    add_part(zip, "xl/styles.xml", STYLES);
    add_part(zip, "xl/a.xml",
             "<worksheet><sheetData><row><c s=\"1\"><v>44568</v></c></row></sheetData></worksheet>");
    assert_int_equal(zip_close(zip), 0);
    assert_sheet(NULL, "2026-01-08\n");
}

/* --- hostile --- */

/* Names of parts as some programs write them, and no list of their types. */
static void parts_are_found_under_other_names(void **state)
{
    (void)state;
    zip_t *zip = new_archive(from);
    add_part(zip, "_rels\\.rels",
             "<Relationships>" RELATION("r1", "officeDocument", "xl/workbook.xml") "</Relationships>");
    add_part(zip, "XL\\workbook.xml",
             "<workbook><sheets><sheet name=\"a\" r:id=\"r1\"/></sheets></workbook>");
    add_part(zip, "xl\\_rels\\workbook.xml.rels",
             "<Relationships>" RELATION("r1", "worksheet", "worksheets/Sheet1.xml") "</Relationships>");
    add_part(zip, "xl\\worksheets\\sheet1.xml",
             "<worksheet><sheetData><row><c r=\"A1\"><v>1</v></c><c "
             "r=\"AB1\"><v>2</v></c></row></sheetData></worksheet>");
    assert_int_equal(zip_close(zip), 0);
    assert_sheet(NULL, "1,,,,,,,,,,,,,,,,,,,,,,,,,,,2\n");
    struct mg_exchange_options options = {.temp_dir = folder};
    struct mg_exchange *x;
    assert_int_equal(mg_exchange_open(from, &options, &x, &error), 0);
    assert_int_equal(x->format, MG_FILE_XLSX);
    mg_exchange_close(x);
}

static void limits_are_said(void **state)
{
    (void)state;
    write_workbook(from, "", "<row r=\"7\"><c r=\"XFD7\" s=\"1\"/><c r=\"XFD7\"><v>1</v></c></row>", "",
                   NULL);
    assert_refused(MG_E_LIMIT, "4096 columns");
    assert_non_null(strstr(error.field, "row 7"));
    /* styles alone are no values */
    write_workbook(from, "<dimension ref=\"A1:XFD1048576\"/>",
                   "<row><c r=\"A1\"><v>1</v></c><c r=\"XFD1\" s=\"1\"/></row>", "", NULL);
    assert_sheet(NULL, "1\n");
    struct mg_buf rows;
    mg_buf_init(&rows, 64 << 20);
    mg_buf_puts(&rows, "<row><c t=\"str\"><v>");
    for (size_t i = 0; i <= 1 << 20; i++)
        mg_buf_putc(&rows, 'x');
    mg_buf_puts(&rows, "</v></c></row>");
    write_workbook(from, "", rows.data, "", NULL);
    assert_refused(MG_E_LIMIT, "a cell in row 1");
    mg_buf_reset(&rows);
    mg_buf_puts(&rows, "<sst>");
    for (size_t i = 0; i <= MG_XLSX_STRINGS_MAX; i++)
        mg_buf_puts(&rows, "<si/>");
    mg_buf_puts(&rows, "</sst>");
    write_workbook(from, "", "<row><c><v>1</v></c></row>", "", rows.data);
    forget_peak();
    assert_refused(MG_E_LIMIT, "different texts");
    if (MEMORY_IS_OURS && peak_mb() > 160) /* of which the test's own text is 48 */
        fail_msg("%ld MiB", peak_mb());
    mg_buf_reset(&rows);
    mg_buf_puts(&rows, "<row><c><v>1</v></c></row><!--");
    for (size_t i = 0; i < (size_t)6 << 20; i++)
        mg_buf_putc(&rows, 'x');
    mg_buf_puts(&rows, "-->");
    write_workbook(from, "", rows.data, "", NULL);
    assert_refused(MG_E_INVALID, "damaged Excel file");
    mg_buf_done(&rows);
}

static void a_bomb_is_refused(void **state)
{
    (void)state;
    zip_t *zip = new_archive(from);
    size_t n = (size_t)80 << 20;
    char *sheet = malloc(n);
    memset(sheet, ' ', n);
    memcpy(sheet, "<worksheet>", 11);
    memcpy(sheet + n - 12, "</worksheet>", 12);
    add_part(zip, "[Content_Types].xml", TYPES);
    add_part(zip, "xl/workbook.xml", "<workbook><sheets><sheet name=\"a\" r:id=\"r1\"/></sheets></workbook>");
    add_part(zip, "xl/_rels/workbook.xml.rels",
             "<Relationships>" RELATION("r1", "worksheet", "a.xml") "</Relationships>");
    add_bytes(zip, "xl/a.xml", sheet, n);
    free(sheet);
    assert_int_equal(zip_close(zip), 0);
    assert_refused(MG_E_LIMIT, "200 times");
}

static void entities_are_not_expanded(void **state)
{
    (void)state;
    static const char *const heads[] = {
        "<!DOCTYPE worksheet [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]>",
        "<!DOCTYPE worksheet [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>",
        "<!DOCTYPE worksheet SYSTEM \"http://127.0.0.1/x.dtd\">"};
    for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
        char sheet[400];
        snprintf(sheet, sizeof sheet,
                 "%s<worksheet><sheetData><row><c t=\"str\"><v>&a;</v></c></row></sheetData></worksheet>",
                 heads[i]);
        zip_t *zip = new_archive(from);
        add_part(zip, "[Content_Types].xml", TYPES);
        add_part(zip, "xl/workbook.xml",
                 "<workbook><sheets><sheet name=\"a\" r:id=\"r1\"/></sheets></workbook>");
        add_part(zip, "xl/_rels/workbook.xml.rels",
                 "<Relationships>" RELATION("r1", "worksheet", "a.xml") "</Relationships>");
        add_part(zip, "xl/a.xml", sheet);
        assert_int_equal(zip_close(zip), 0);
        assert_refused(MG_E_INVALID, "damaged Excel file");
    }
    struct mg_buf deep;
    mg_buf_init(&deep, 1 << 20);
    for (int i = 0; i < 200; i++)
        mg_buf_puts(&deep, "<a>");
    for (int i = 0; i < 200; i++)
        mg_buf_puts(&deep, "</a>");
    write_workbook(from, deep.data, "", "", NULL);
    assert_refused(MG_E_INVALID, "damaged Excel file");
    mg_buf_done(&deep);
}

/* Cut off anywhere, or with any byte changed, it ends in words. */
static void a_cut_file_ends_in_words(void **state)
{
    (void)state;
    write_workbook(from, "", "<row><c t=\"s\"><v>0</v></c></row><row><c><v>1</v></c></row>", "",
                   "<sst><si><t>a</t></si></sst>");
    struct stat info;
    assert_int_equal(stat(from, &info), 0);
    char *bytes = malloc((size_t)info.st_size);
    FILE *file = fopen(from, "rb");
    assert_int_equal(fread(bytes, 1, (size_t)info.st_size, file), info.st_size);
    fclose(file);
    struct mg_exchange_options options = {.name = "book.xlsx", .temp_dir = folder};
    struct mg_exchange *x;
    for (off_t n = 0; n <= info.st_size; n++) {
        file = fopen(from, "wb");
        fwrite(bytes, 1, (size_t)n, file);
        fclose(file);
        error = (struct mg_error){0};
        int rc = mg_exchange_open(from, &options, &x, &error);
        if (rc == 0) /* some cuts leave "PK" or less, which is a text */
            mg_exchange_close(x);
        assert_true(n == info.st_size ? rc == 0 : n < 4 || (rc < 0 && *error.message));
    }
    free(bytes);
}

/* --- through the door that all use --- */

static int count_rows(void *user, const struct mg_exchange_row *row, struct mg_error *ignored)
{
    int64_t *lines = user;
    (void)ignored;
    lines[0]++;
    lines[1] = row->line;
    return 0;
}

static void an_exchange_reads_workbooks(void **state)
{
    (void)state;
    struct mg_exchange_options options = {.name = "book.xlsx", .temp_dir = folder};
    struct mg_exchange *x;
    int64_t lines[2] = {0};
    write_workbook(from, "",
                   "<row r=\"1\">" CELL("A1", "E1") CELL("B1", "P1") "</row><row r=\"2\">" CELL("A2", "7")
                       CELL("B2", "5") "</row><row r=\"4\">" CELL("A4", "6") CELL("B4", "6") "</row>",
                   "", NULL);
    assert_int_equal(mg_exchange_open(from, &options, &x, &error), 0);
    assert_int_equal(x->format, MG_FILE_XLSX);
    assert_int_equal(x->n_columns, 2);
    assert_string_equal(x->columns[1], "P1");
    assert_int_equal(x->rows, 2);
    assert_int_equal(x->n_sheets, 1);
    assert_int_equal(mg_exchange_each(x, count_rows, lines, &error), 0);
    assert_int_equal(lines[0], 2);
    assert_int_equal(lines[1], 4);
    mg_exchange_close(x);
}

/* As LibreOffice writes it (tests/data/files). */
static void a_workbook_of_another_program_is_read(void **state)
{
    (void)state;
    char path[600];
    struct mg_unpack_options options = {.max_bytes = (int64_t)1 << 30};
    snprintf(path, sizeof path, "%s/data/files/answers.xlsx", getenv("MG_TESTS"));
    assert_int_equal(mg_unpack_xlsx(path, "answers.xlsx", &options, to, arena, &unpacked, &error), 0);
    assert_string_equal(unpacked_text(),
                        "id,期望_快,when,at,share,name\n1,7,2026-01-08,2026-01-08 13:40:00,0.5,张三\n"
                        "2,,1900-02-28,1970-01-01 00:00:00,3.3,\"a,\"\"b\"\"\"\n3,6,,,-1.25,\n");
}

static void write_zip_of(const char *const *names, size_t n, const char *content)
{
    zip_t *zip = new_archive(from);
    for (size_t i = 0; i < n; i++)
        add_part(zip, names[i], content);
    assert_int_equal(zip_close(zip), 0);
}

static void a_zip_of_one_file_is_unpacked(void **state)
{
    (void)state;
    static const char *const one[] = {"../../../tmp/answers.csv", "__MACOSX/._answers.csv", ".DS_Store"};
    static const char *const several[] = {"a.csv", "b\x1b[31m.csv", "c", "d", "e", "f"};
    struct mg_exchange_options options = {.name = "answers.zip", .temp_dir = folder};
    struct mg_exchange *x;
    write_zip_of(one, 3, "E1,P1\n7,5\n");
    assert_int_equal(mg_exchange_open(from, &options, &x, &error), 0);
    assert_int_equal(x->format, MG_FILE_CSV);
    assert_int_equal(x->rows, 1);
    mg_exchange_close(x);
    write_zip_of(several, 6, "E1,P1\n7,5\n");
    assert_int_equal(mg_exchange_open(from, &options, &x, &error), MG_E_UNSUPPORTED);
    assert_non_null(strstr(error.message, "6 files: a.csv, b←[31m.csv, c, d, e, …"));
    write_zip_of(one + 2, 1, "");
    assert_int_equal(mg_exchange_open(from, &options, &x, &error), MG_E_INVALID);
    write_zip_of(one, 1, "\x1F\x8B\x08");
    assert_int_equal(mg_exchange_open(from, &options, &x, &error), MG_E_UNSUPPORTED);
    assert_non_null(strstr(error.message, "packed twice"));
}

static void other_programs_files_say_what_to_do(void **state)
{
    (void)state;
    static const struct {
        const char *names[3];
        const char *part;
    } rows[] = {{{"[Content_Types].xml", "xl/workbook.bin"}, "xlsb"},
                {{"META-INF/manifest.xml", "content.xml"}, "ods"},
                {{"Index/Document.iwa", "Metadata/x"}, "Numbers"},
                {{"[Content_Types].xml", "word/document.xml"}, "Word"},
                {{"[Content_Types].xml", "ppt/presentation.xml"}, "PowerPoint"}};
    struct mg_exchange_options options = {.name = "book.xlsx", .temp_dir = folder};
    struct mg_exchange *x;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        write_zip_of(rows[i].names, 2, "x");
        error = (struct mg_error){0};
        assert_int_equal(mg_exchange_open(from, &options, &x, &error), MG_E_UNSUPPORTED);
        assert_non_null(strstr(error.message, rows[i].part));
        assert_non_null(strstr(error.hint, ".xlsx"));
    }
}

static void old_and_locked_workbooks_are_told_apart(void **state)
{
    (void)state;
    struct mg_exchange_options options = {.name = "book.xls", .temp_dir = folder};
    struct mg_exchange *x;
    char bytes[2048] = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
    bytes[30] = 9;
    bytes[48] = 1; /* the directory is the second sector */
    static const struct {
        const char *stream, *said, *hint;
    } kinds[] = {{"Workbook", ".xls", ".xlsx"},
                 {"WordDocument", "Word", "table itself"},
                 {"PowerPoint Document", "PowerPoint", "table itself"},
                 {"EncryptedPackage", "password", ".xlsx"}};
    for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
        memset(bytes + 1024, 0, 1024);
        for (size_t i = 0; kinds[k].stream[i]; i++)
            bytes[1024 + 128 + 2 * i] = kinds[k].stream[i];
        FILE *file = fopen(from, "wb");
        fwrite(bytes, 1, sizeof bytes, file);
        fclose(file);
        assert_int_equal(mg_exchange_open(from, &options, &x, &error), MG_E_UNSUPPORTED);
        assert_non_null(strstr(error.message, kinds[k].said));
        assert_non_null(strstr(error.hint, kinds[k].hint));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_cell_is_read),
        cmocka_unit_test(places_and_gaps_are_kept),
        cmocka_unit_test(cells_that_contradict_themselves_are_damage),
        cmocka_unit_test(formats_tell_times_from_numbers),
        cmocka_unit_test(serial_days_become_iso_times),
        cmocka_unit_test(styles_make_numbers_times),
        cmocka_unit_test(merged_cells_of_a_header_are_in_all_places),
        cmocka_unit_test(the_first_visible_sheet_with_cells_is_read),
        cmocka_unit_test(the_other_calendar_is_known),
        cmocka_unit_test(parts_are_found_under_other_names),
        cmocka_unit_test(limits_are_said),
        cmocka_unit_test(a_bomb_is_refused),
        cmocka_unit_test(entities_are_not_expanded),
        cmocka_unit_test(a_cut_file_ends_in_words),
        cmocka_unit_test(an_exchange_reads_workbooks),
        cmocka_unit_test(a_workbook_of_another_program_is_read),
        cmocka_unit_test(a_zip_of_one_file_is_unpacked),
        cmocka_unit_test(other_programs_files_say_what_to_do),
        cmocka_unit_test(old_and_locked_workbooks_are_told_apart),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
