/* Files of SPSS, Stata and SAS, made by PSPP and R (tests/data/files), and by ReadStat here: rows, what is
 * told of the columns, encodings; and everything that is wrong with them. */
#include <fcntl.h>
#include <math.h>
#include <readstat.h>

#include "exchange/unpack/stat_time.h"
#include "unpacked.h"

static mg_unpack *unpacker(const char *name)
{
    return strstr(name, "sav") ? mg_unpack_sav : strstr(name, "dta") ? mg_unpack_dta : mg_unpack_sas;
}

static int unpack(const char *name, const char *path, const char *encoding)
{
    struct mg_unpack_options options = {.max_bytes = (int64_t)1 << 30, .encoding = encoding};
    error = (struct mg_error){0};
    return unpacker(name)(path, name, &options, to, arena, &unpacked, &error);
}

static const char *data_path(const char *name)
{
    static char path[600];
    snprintf(path, sizeof path, "%s/data/files/%s", getenv("MG_TESTS"), name);
    return path;
}

static void assert_unpacks(const char *name, const char *csv)
{
    if (unpack(name, data_path(name), NULL) != 0)
        fail_msg("%s", error.message);
    assert_text(csv);
    assert_string_equal(error.message, "");
}

static const struct mg_told *told(const char *name)
{
    for (size_t i = 0; i < unpacked.n_told; i++)
        if (strcmp(unpacked.told[i].name, name) == 0)
            return &unpacked.told[i];
    fail_msg("no column %s", name);
    return NULL;
}

/* --- SPSS --- */

static const char spss_rows[] =
    "id,E1,P1,w,d,dt,t,name\n1,7,5,1.25,2026-01-08,2026-01-08 13:40:00,13:40:00,张三\n"
    "2,9,,0.1,1900-02-28,1970-01-01 00:00:00,00:00:05,\"a,\"\"b\"\"\"\n3,6,6,-3,,,,\n";

static void assert_spss_tells(void)
{
    assert_int_equal(unpacked.format, MG_FILE_SAV);
    assert_int_equal(unpacked.n_told, 8);
    assert_int_equal(unpacked.above, 1);
    assert_string_equal(told("E1")->label, "期望：快");
    assert_int_equal(told("E1")->n_labels, 3);
    assert_string_equal(told("E1")->labels[1].text, "very good");
    assert_true(told("E1")->labels[1].value == 7);
    assert_int_equal(told("P1")->n_codes, 1);
    assert_true(told("P1")->codes[0] == 9);
    assert_true(isnan(told("P1")->missing_low));
    assert_true(isinf(told("w")->missing_low) && told("w")->missing_high == -1 && told("w")->codes[0] == 99);
    assert_true(told("w")->number && !told("w")->time);
    assert_true(told("d")->time && told("dt")->time && !told("d")->number);
    assert_false(told("t")->time || told("t")->number);
    assert_null(told("id")->label);
    assert_false(told("name")->number);
    assert_int_equal(told("name")->n_labels, 0);
    assert_non_null(strstr(unpacked.notes[unpacked.n_notes - 1].en, "Labels of texts"));
}

static void files_of_spss_are_read(void **state)
{
    (void)state;
    assert_unpacks("answers.sav", spss_rows);
    assert_spss_tells();
    assert_unpacks("answers.zsav", spss_rows);
    assert_spss_tells();
}

static void a_wrong_encoding_is_found_out(void **state)
{
    (void)state;
    assert_unpacks("gbk.sav", spss_rows);
    assert_spss_tells();
    assert_non_null(strstr(unpacked.notes[0].en, "GB18030"));
    assert_int_equal(unpack("gbk.sav", data_path("gbk.sav"), "GBK"), 0);
    assert_text(spss_rows);
    assert_int_equal(unpack("gbk.sav", data_path("gbk.sav"), "UTF-8"), MG_E_INVALID); /* as it was said */
    assert_non_null(strstr(error.message, "encoding"));
    assert_int_equal(unpack("gbk.sav", data_path("gbk.sav"), "nonsense"), MG_E_UNSUPPORTED);
}

/* --- Stata, SAS --- */

static void files_of_stata_are_read(void **state)
{
    (void)state;
    static const char rows[] = "id,E1,xx,when,at,name\n1,7,1.25,2026-01-08,2026-01-08 13:40:00,张三\n"
                               "2,,0.1,1900-02-28,1970-01-01 00:00:00,\"a,\"\"b\"\"\"\n3,6,-3,,,\n";
    static const char *const old[] = {"answers-8.dta", "gbk-13.dta"};
    for (size_t i = 0; i < ARRAY_LEN(old); i++) {
        assert_unpacks(old[i], rows);
        assert_string_equal(told("E1")->label, "期望：快");
        assert_int_equal(told("E1")->n_labels, 2);
        assert_non_null(strstr(unpacked.notes[0].en, i ? "GB18030" : "UTF-8"));
    }
    assert_unpacks("tagged-14.dta",
                   "id,E1,xx,when,at,name,tagged\n1,7,1.25,2026-01-08,2026-01-08 13:40:00,张三,1\n"
                   "2,,0.1,1900-02-28,1970-01-01 00:00:00,\"a,\"\"b\"\"\",\n3,6,-3,,,,2\n");
    assert_int_equal(unpacked.format, MG_FILE_DTA);
    assert_int_equal(told("tagged")->n_labels, 1); /* ".a" has a label too, but no number */
    assert_int_equal(unpacked.n_notes, 0);
}

/* Made by R's foreign; labels of such files aren't read, which is said. */
static void a_file_of_stata_6_is_read(void **state)
{
    (void)state;
    assert_int_equal(unpack("answers-6.dta", data_path("answers-6.dta"), NULL), 0);
    assert_true(mg_str_starts(unpacked_text(), "id,E1,P1,g\n1,2,2,1\n2,3,3,2\n"));
    assert_int_equal(told("g")->n_labels, 0);
    assert_non_null(strstr(unpacked.notes[unpacked.n_notes - 1].en, "Stata 6"));
}

static void files_of_sas_are_read(void **state)
{
    (void)state;
    assert_unpacks("answers.sas7bdat", "id,xx,when,at,name\n1,1.25,2026-01-08,2026-01-08 13:40:00,张三\n"
                                       "2,0.1,1900-02-28,1970-01-01 00:00:00,\"a,\"\"b\"\"\"\n3,-3,,,\n");
    assert_int_equal(unpacked.format, MG_FILE_SAS);
    assert_true(told("when")->time);
}

/* --- times --- */

static void formats_tell_times_from_numbers(void **state)
{
    (void)state;
    static const char *const spss[] = {"F8.2",  "DATE11", "DATETIME20", "TIME8",    "A20",    "EDATE10",
                                       "WKDAY", "MONTH",  "dtime9.2",   "COMMA8.2", "DOLLAR8"};
    static const enum mg_stat_shown spss_shown[] = {MG_STAT_NUMBER, MG_STAT_DAYS_1582, MG_STAT_SECONDS_1582,
                                                    MG_STAT_CLOCK,  MG_STAT_NUMBER,    MG_STAT_DAYS_1582,
                                                    MG_STAT_NUMBER, MG_STAT_NUMBER,    MG_STAT_CLOCK,
                                                    MG_STAT_NUMBER, MG_STAT_NUMBER};
    for (size_t i = 0; i < ARRAY_LEN(spss); i++)
        assert_int_equal(mg_stat_shown_by_spss(spss[i]), spss_shown[i]);
    static const char *const stata[] = {"%9.0g", "%td",      "%tdD/N/CY", "%-td", "%d",  "%dD_m_Y",
                                        "%tc",   "%tCHH:MM", "%tw",       "%tm",  "%tq", "%th",
                                        "%ty",   "%t",       "%20s",      ""};
    static const enum mg_stat_shown stata_shown[] = {
        MG_STAT_NUMBER,     MG_STAT_DAYS_1960,   MG_STAT_DAYS_1960,     MG_STAT_DAYS_1960,
        MG_STAT_DAYS_1960,  MG_STAT_DAYS_1960,   MG_STAT_MS_1960,       MG_STAT_MS_1960,
        MG_STAT_WEEKS_1960, MG_STAT_MONTHS_1960, MG_STAT_QUARTERS_1960, MG_STAT_HALVES_1960,
        MG_STAT_NUMBER,     MG_STAT_NUMBER,      MG_STAT_NUMBER,        MG_STAT_NUMBER};
    for (size_t i = 0; i < ARRAY_LEN(stata); i++)
        assert_int_equal(mg_stat_shown_by_stata(stata[i]), stata_shown[i]);
    static const char *const sas[] = {"BEST12.",     "DATE9.",     "DATE",       "YYMMDD10.",
                                      "DATETIME20.", "E8601DT19.", "E8601DA10.", "TIME8.",
                                      "$CHAR20.",    "YEAR4.",     "MONYY7."};
    static const enum mg_stat_shown sas_shown[] = {
        MG_STAT_NUMBER,       MG_STAT_DAYS_1960,    MG_STAT_DAYS_1960, MG_STAT_DAYS_1960,
        MG_STAT_SECONDS_1960, MG_STAT_SECONDS_1960, MG_STAT_DAYS_1960, MG_STAT_CLOCK,
        MG_STAT_NUMBER,       MG_STAT_NUMBER,       MG_STAT_DAYS_1960};
    for (size_t i = 0; i < ARRAY_LEN(sas); i++)
        assert_int_equal(mg_stat_shown_by_sas(sas[i]), sas_shown[i]);
}

/* Stata's: help datetime; SPSS's and SAS's by their epochs. */
static void numbers_become_iso_times(void **state)
{
    (void)state;
    static const struct {
        double value;
        enum mg_stat_shown shown;
        const char *text;
    } rows[] = {{12219379200.0, MG_STAT_SECONDS_1582, "1970-01-01 00:00:00"},
                {12219379200.0 - 0.25, MG_STAT_SECONDS_1582, "1969-12-31 23:59:59.750"},
                {86400, MG_STAT_DAYS_1582, "1582-10-15"},
                {86399, MG_STAT_DAYS_1582, "1582-10-14"},
                {13986913200.0, MG_STAT_DAYS_1582, "2026-01-04"},
                {0, MG_STAT_DAYS_1960, "1960-01-01"},
                {-1, MG_STAT_DAYS_1960, "1959-12-31"},
                {24114, MG_STAT_DAYS_1960, "2026-01-08"},
                {0, MG_STAT_SECONDS_1960, "1960-01-01 00:00:00"},
                {1000, MG_STAT_MS_1960, "1960-01-01 00:00:01"},
                {-1, MG_STAT_MS_1960, "1959-12-31 23:59:59.999"},
                {0, MG_STAT_MONTHS_1960, "1960-01-01"},
                {-1, MG_STAT_MONTHS_1960, "1959-12-01"},
                {792, MG_STAT_MONTHS_1960, "2026-01-01"},
                {481, MG_STAT_MONTHS_1960, "2000-02-01"},
                {1, MG_STAT_QUARTERS_1960, "1960-04-01"},
                {1, MG_STAT_HALVES_1960, "1960-07-01"},
                {52, MG_STAT_WEEKS_1960, "1961-01-01"},
                {51, MG_STAT_WEEKS_1960, "1960-12-23"},
                {-1, MG_STAT_WEEKS_1960, "1959-12-24"},
                {49200, MG_STAT_CLOCK, "13:40:00"},
                {90000.5, MG_STAT_CLOCK, "25:00:00.500"},
                {-5, MG_STAT_CLOCK, NULL},
                {1e300, MG_STAT_DAYS_1960, NULL},
                {-1e300, MG_STAT_SECONDS_1582, NULL},
                {1e12, MG_STAT_SECONDS_1582, NULL},
                {1e18, MG_STAT_MONTHS_1960, NULL},
                {1e18, MG_STAT_WEEKS_1960, NULL},
                {7, MG_STAT_NUMBER, NULL}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char text[36];
        size_t n = mg_stat_time(rows[i].value, rows[i].shown, text);
        if (n != (rows[i].text ? strlen(rows[i].text) : 0) || (n && strcmp(text, rows[i].text) != 0))
            fail_msg("%zu: %s, not %s", i, n ? text : "nothing", rows[i].text ? rows[i].text : "nothing");
    }
}

/* --- limits and damage --- */

static ssize_t put(const void *bytes, size_t n, void *file)
{
    return (ssize_t)fwrite(bytes, 1, n, file);
}

/* Columns a0, a1, … of one row, as SPSS's. */
static void write_sav(int n_columns, long n_rows)
{
    FILE *file = fopen(from, "wb");
    readstat_writer_t *writer = readstat_writer_init();
    readstat_set_data_writer(writer, put);
    for (int i = 0; i < n_columns; i++) {
        char name[16];
        snprintf(name, sizeof name, "a%d", i);
        readstat_add_variable(writer, name, READSTAT_TYPE_DOUBLE, 8);
    }
    assert_int_equal(readstat_begin_writing_sav(writer, file, n_rows), READSTAT_OK);
    for (long r = 0; r < n_rows; r++) {
        readstat_begin_row(writer);
        for (int i = 0; i < n_columns; i++)
            readstat_insert_double_value(writer, readstat_get_variable(writer, i), (double)r);
        readstat_end_row(writer);
    }
    assert_int_equal(readstat_end_writing(writer), READSTAT_OK);
    readstat_writer_free(writer);
    fclose(file);
}

static void limits_are_said(void **state)
{
    (void)state;
    write_sav(4097, 1);
    assert_int_equal(unpack("wide.sav", from, NULL), MG_E_LIMIT);
    assert_non_null(strstr(error.message, "4096"));
    write_sav(2, 0);
    assert_int_equal(unpack("none.sav", from, NULL), 0);
    assert_text("a0,a1\n");
    write_sav(10, 200000);
    forget_peak();
    assert_int_equal(unpack("long.sav", from, NULL), 0);
    if (MEMORY_IS_OURS && peak_mb() > 30)
        fail_msg("%ld MiB", peak_mb());
    struct mg_unpack_options options = {.max_bytes = 1000};
    assert_int_equal(mg_unpack_sav(from, "long.sav", &options, to, arena, &unpacked, &error), MG_E_LIMIT);
}

/* Cut off anywhere, it ends in words; but an old file of Stata is whole where its rows end, without labels.
 */
static void a_cut_file_ends_in_words(void **state)
{
    (void)state;
    static const char *const names[] = {"answers.sav",   "answers.zsav",  "gbk.sav",
                                        "answers-8.dta", "tagged-14.dta", "answers.sas7bdat"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct mg_buf bytes;
        int taken = 0;
        mg_buf_init(&bytes, 1 << 20);
        assert_int_equal(mg_file_read(data_path(names[i]), &bytes, &error), 0);
        for (size_t n = 0; n<bytes.len; n += n> 6000 ? 61 : 1) {
            write_bytes(bytes.data, n);
            struct mg_arena *own = mg_arena_new(4 << 20);
            struct mg_arena *kept = arena;
            arena = own;
            int rc = unpack(names[i], from, NULL);
            arena = kept;
            mg_arena_free(own);
            taken += rc == 0;
            if (rc == 0 && (taken > 1 || strcmp(names[i], "answers-8.dta") != 0))
                fail_msg("%s cut at %zu was read", names[i], n);
            assert_true(rc == 0 || *error.message);
        }
        mg_buf_done(&bytes);
    }
}

/* --- through the door that all use --- */

static void an_exchange_reads_them_all(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum mg_file_format format;
        size_t n_columns;
    } rows[] = {{"answers.sav", MG_FILE_SAV, 8},
                {"answers.zsav", MG_FILE_SAV, 8},
                {"answers-8.dta", MG_FILE_DTA, 6},
                {"tagged-14.dta", MG_FILE_DTA, 7},
                {"answers.sas7bdat", MG_FILE_SAS, 5}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct mg_exchange_options options = {.name = rows[i].name, .temp_dir = folder};
        struct mg_exchange *x;
        if (mg_exchange_open(data_path(rows[i].name), &options, &x, &error) != 0)
            fail_msg("%s", error.message);
        assert_int_equal(x->format, rows[i].format);
        assert_int_equal(x->n_columns, rows[i].n_columns);
        assert_int_equal(x->n_told, rows[i].n_columns);
        assert_int_equal(x->rows, 3);
        assert_string_equal(x->columns[0], "id");
        mg_exchange_close(x);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_of_spss_are_read),   cmocka_unit_test(a_wrong_encoding_is_found_out),
        cmocka_unit_test(files_of_stata_are_read),  cmocka_unit_test(a_file_of_stata_6_is_read),
        cmocka_unit_test(files_of_sas_are_read),    cmocka_unit_test(formats_tell_times_from_numbers),
        cmocka_unit_test(numbers_become_iso_times), cmocka_unit_test(limits_are_said),
        cmocka_unit_test(a_cut_file_ends_in_words), cmocka_unit_test(an_exchange_reads_them_all),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
