/* XLSX out: as LibreOffice reads it, and what its parts say. */
#include <zip.h>

#include "sheet.h"

/* A part of the file as text. */
static char *part(const char *name)
{
    zip_t *zip = zip_open(path, ZIP_RDONLY, NULL);
    assert_non_null(zip);
    zip_stat_t info;
    assert_int_equal(zip_stat(zip, name, 0, &info), 0);
    char *bytes = calloc(1, info.size + 1);
    zip_file_t *file = zip_fopen(zip, name, 0);
    assert_non_null(file);
    assert_int_equal(zip_fread(file, bytes, info.size), info.size);
    zip_fclose(file);
    zip_close(zip);
    return bytes;
}

/* The data sheet as LibreOffice writes it as CSV; NULL: it isn't installed. */
static char *as_csv(void)
{
    char command[600];
    if (!has_program("soffice"))
        return NULL;
    snprintf(command, sizeof command,
             "cd %s && soffice -env:UserInstallation=file://%s/profile --headless --convert-to "
             "'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false' %s >/dev/null 2>&1",
             folder, folder, path);
    assert_int_equal(system(command), 0);
    snprintf(path, sizeof path, "%s/file.csv", folder);
    return content();
}

static void libreoffice_reads_what_was_written(void **state)
{
    (void)state;
    static const struct mg_out_column columns[] = {
        {.name = "名=1", .type = MG_TYPE_TEXT},
        {.name = "n", .type = MG_TYPE_NUMBER},
        {.name = "at", .type = MG_TYPE_TIME},
        {.name = "yes", .type = MG_TYPE_BOOLEAN},
    };
    struct mg_out_cell cells[] = {
        text("=1+1"),
        number(0.1),
        moment(1768743600000000.0),
        number(1),
        text("_x0041_ _x41_"),
        number(123456789),
        moment(1768694400000000.0),
        number(0),
        text("a\nb \"c\" & <d>"),
        number(-2.5e-7),
        moment(-2203891200000000.0),
        missing,
        text("𝄞 Ω"),
        text("n/a"),
        moment(-3e15),
        missing,
    };
    write_sheet(MG_OUT_XLSX, columns, 4, cells, 4);
    char *csv = as_csv();
    if (!csv)
        skip();
    assert_string_equal(csv, "名=1,n,at,yes\n"
                             "=1+1,0.1,2026-01-18 13:40:00,TRUE\n"
                             "_x0041_ _x41_,123456789,2026-01-18,FALSE\n"
                             "\"a\nb \"\"c\"\" & <d>\",-0.00000025,1900-03-01,\n"
                             "𝄞 Ω,n/a,1874-12-07T18:40:00Z,\n");
    free(csv);
}

static void the_codebook_says_what_columns_are(void **state)
{
    (void)state;
    static const struct mg_cell_label labels[] = {{"很差", 1}, {"很好", 5}, {"不清楚", NAN}};
    static const double codes[] = {98, 99.5};
    static const struct mg_out_column columns[] = {{.name = "q1",
                                                    .label = {"Reliable?", "可靠吗？"},
                                                    .type = MG_TYPE_INTEGER,
                                                    .labels = labels,
                                                    .n_labels = 3,
                                                    .codes = codes,
                                                    .n_codes = 2}};
    struct mg_out_cell cells[] = {number(5), missing, number(2)};
    struct mg_out_report report = write_sheet(MG_OUT_XLSX, columns, 1, cells, 3);
    char *xml = part("xl/worksheets/sheet2.xml");
    static const char *const parts[] = {">q1<",
                                        ">Reliable?<",
                                        ">可靠吗？<",
                                        ">whole numbers<",
                                        "1 = 很差\n5 = 很好\n不清楚",
                                        ">98, 99.5<",
                                        "<v>2</v></c><c r=\"H2\"><v>1</v></c>",
                                        "<c r=\"I2\"><v>2</v></c><c r=\"J2\"><v>5</v></c>"};
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (!strstr(xml, parts[i]))
            fail_msg("%s isn't in %s", parts[i], xml);
    free(xml);
    assert_int_equal(report.n_losses, 0);
}

static void no_text_is_a_formula(void **state)
{
    (void)state;
    static const struct mg_out_column columns[] = {{.name = "=NOW()", .type = MG_TYPE_TEXT}};
    struct mg_out_cell cells[] = {text("=HYPERLINK(\"http://x\")"), text("@SUM(1)"), text("{=1}")};
    write_sheet(MG_OUT_XLSX, columns, 1, cells, 3);
    char *xml = part("xl/worksheets/sheet1.xml");
    assert_null(strstr(xml, "<f>"));
    assert_non_null(strstr(xml, "inlineStr"));
    free(xml);
}

/* Excel takes _x0041_ for an A, LibreOffice doesn't. */
static void what_looks_like_an_escape_is_spelled_out(void **state)
{
    (void)state;
    static const struct mg_out_column columns[] = {{.name = "t", .type = MG_TYPE_TEXT}};
    struct mg_out_cell cells[] = {text("a_x0041_"), text("_x41_")};
    write_sheet(MG_OUT_XLSX, columns, 1, cells, 2);
    char *xml = part("xl/worksheets/sheet1.xml");
    assert_non_null(strstr(xml, ">a_x005F_x0041_<"));
    assert_non_null(strstr(xml, ">_x41_<"));
    free(xml);
}

static void what_a_cell_can_not_hold_is_said(void **state)
{
    (void)state;
    static const struct mg_out_column columns[] = {{.name = "long", .type = MG_TYPE_TEXT},
                                                   {.name = "exact", .type = MG_TYPE_NUMBER}};
    size_t n = 32768;
    char *wide = malloc(n * 4 + 1);
    for (size_t i = 0; i < n; i++)
        memcpy(wide + i * 4, "𝄞", 4);
    wide[n * 4] = '\0';
    char *most = malloc(n);
    memset(most, 'x', n - 1);
    most[n - 1] = '\0';
    struct mg_out_cell cells[] = {text(wide), number(0.1 + 0.2), text(most), number(9007199254740991)};
    struct mg_out_report report = write_sheet(MG_OUT_XLSX, columns, 2, cells, 2);
    assert_int_equal(report.n_losses, 2);
    assert_true(loses(&report, "“long”: 1 cell went in shorter"));
    assert_true(loses(&report, "“exact”: 1 cell went in shorter"));
    char *xml = part("xl/worksheets/sheet1.xml");
    size_t characters = 0;
    for (const char *p = strstr(xml, "𝄞"); p && strncmp(p, "𝄞", 4) == 0; p += 4)
        characters++;
    assert_int_equal(characters, 16383);
    assert_non_null(strstr(xml, "9007199254740991"));
    assert_non_null(strstr(xml, most));
    free(xml);
    free(wide);
    free(most);
}

static void a_row_too_many_is_refused(void **state)
{
    (void)state;
    static const struct mg_out_column columns[] = {{.name = "n", .type = MG_TYPE_NUMBER}};
    struct mg_error error = {0};
    struct mg_out *out = begin(MG_OUT_XLSX, columns, 1, &error);
    assert_non_null(out);
    int rc = 0;
    int64_t rows = 0;
    while ((rc = mg_out_row(out, &missing, &error)) == 0)
        rows++;
    assert_int_equal(rc, MG_E_LIMIT);
    assert_int_equal(rows, 1048575);
    assert_non_null(strstr(error.message, "1048575"));
    mg_out_drop(out);
    assert_false(mg_file_exists(path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(libreoffice_reads_what_was_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_codebook_says_what_columns_are, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_text_is_a_formula, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_looks_like_an_escape_is_spelled_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_a_cell_can_not_hold_is_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_row_too_many_is_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
