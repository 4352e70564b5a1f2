/* A packed workbook is whole or isn't, whatever part of it was cut off and where. */
#include <zip.h>

#include "sheet.h"

#include "exchange/out/package.h"

#define SHEET "xl/worksheets/sheet1.xml"

static const char sheet[] = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
                            "<worksheet xmlns=\"http://x\"><sheetData><row/></sheetData></worksheet>";
static const char theme[] = "<?xml version=\"1.0\"?>\n<a:theme name=\"Office\"><a:x/></a:theme>\n";

static void pack(const char *first, size_t n_first, const char *second, size_t n_second)
{
    snprintf(path, sizeof path, "%s/file.xlsx", folder);
    unlink(path);
    zip_t *zip = zip_open(path, ZIP_CREATE, NULL);
    assert_non_null(zip);
    assert_true(zip_file_add(zip, SHEET, zip_source_buffer(zip, first, n_first, 0), 0) >= 0);
    assert_true(zip_file_add(zip, "xl/theme/theme1.xml", zip_source_buffer(zip, second, n_second, 0), 0) >=
                0);
    assert_int_equal(zip_close(zip), 0);
}

static int checked(uint64_t bytes)
{
    struct mg_error error = {0};
    int rc = mg_out_package_check(path, bytes, &error);
    assert_int_equal(rc != 0, *error.message != '\0');
    return rc;
}

static void whole_parts_are_whole(void **state)
{
    (void)state;
    pack(sheet, sizeof sheet - 1, theme, sizeof theme - 1);
    assert_int_equal(checked(0), 0);
    assert_int_equal(checked(sizeof sheet - 1), 0);
}

static void a_first_sheet_that_is_too_short_is_not(void **state)
{
    (void)state;
    pack(sheet, sizeof sheet - 1, theme, sizeof theme - 1);
    assert_int_equal(checked(sizeof sheet), MG_E_FULL);
}

static void no_part_may_be_cut_anywhere(void **state)
{
    (void)state;
    for (size_t n = 0; n < sizeof sheet - 1; n++) {
        pack(sheet, n, theme, sizeof theme - 1);
        assert_int_equal(checked(0), MG_E_FULL);
    }
    for (size_t n = 0; n < sizeof theme - 2; n++) { /* its line's end may go */
        pack(sheet, sizeof sheet - 1, theme, n);
        assert_int_equal(checked(0), MG_E_FULL);
    }
}

/* Parts longer than a step of reading: the end is that of the last step, however short. */
static void long_parts_are_read_to_their_end(void **state)
{
    (void)state;
    enum { LONG = 3 << 16 };
    static const char head[] = "<?xml version=\"1.0\"?>\n<worksheet>", end[] = "</worksheet>";
    static char text[LONG + 200];
    for (size_t past = 0; past < 20; past++) { /* the end lies across the border, or behind it */
        size_t n = LONG - sizeof end + past;
        memset(text, 'x', n);
        memcpy(text, head, sizeof head - 1);
        memcpy(text + n, end, sizeof end - 1);
        pack(text, n + sizeof end - 1, theme, sizeof theme - 1);
        assert_int_equal(checked(n), 0);
        pack(text, n + sizeof end - 2, theme, sizeof theme - 1);
        assert_int_equal(checked(0), MG_E_FULL);
    }
}

static void what_is_no_archive_is_not_whole(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "%s/file.xlsx", folder);
    FILE *file = fopen(path, "wb");
    fputs("PK\x03\x04 and no more", file);
    fclose(file);
    assert_int_equal(checked(0), MG_E_FULL);
    unlink(path);
    assert_int_equal(checked(0), MG_E_FULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(whole_parts_are_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_first_sheet_that_is_too_short_is_not, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_part_may_be_cut_anywhere, set_up, tear_down),
        cmocka_unit_test_setup_teardown(long_parts_are_read_to_their_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_archive_is_not_whole, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
