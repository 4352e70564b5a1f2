/* .sav and .dta out: as ReadStat reads them back, and as pspp and R do. */
#include <readstat.h>

#include "sheet.h"

/* ---- reading back ---- */

struct back {
    char names[16][40], labels[16][400], formats[16][40];
    char values[16][16][400]; /* by row and column; "." missing, ".a" tagged */
    int types[16];
    char value_labels[2000];
    int n, rows, missing_ranges, torn; /* torn: texts that end within a character */
    size_t longest;
};

static int on_metadata(readstat_metadata_t *metadata, void *user)
{
    struct back *back = user;
    back->rows = readstat_get_row_count(metadata);
    return READSTAT_HANDLER_OK;
}

static int on_variable(int index, readstat_variable_t *variable, const char *set, void *user)
{
    struct back *back = user;
    (void)set;
    const char *label = readstat_variable_get_label(variable);
    snprintf(back->names[index], sizeof back->names[index], "%s", readstat_variable_get_name(variable));
    snprintf(back->labels[index], sizeof back->labels[index], "%s", label ? label : "");
    snprintf(back->formats[index], sizeof back->formats[index], "%s", readstat_variable_get_format(variable));
    back->types[index] = readstat_variable_get_type(variable);
    back->missing_ranges += readstat_variable_get_missing_ranges_count(variable);
    back->n = index + 1;
    return READSTAT_HANDLER_OK;
}

static void keep_text(struct back *back, char *to, const char *value)
{
    size_t n = value ? strlen(value) : 0;
    snprintf(to, 400, "%s", value ? value : "");
    back->longest = n > back->longest ? n : back->longest;
    back->torn += n && !mg_utf8_valid(value, n);
}

static int on_value(int row, readstat_variable_t *variable, readstat_value_t value, void *user)
{
    struct back *back = user;
    char *to = back->values[row][readstat_variable_get_index(variable)];
    if (readstat_value_is_tagged_missing(value))
        snprintf(to, 400, ".%c", readstat_value_tag(value));
    else if (readstat_value_type_class(value) == READSTAT_TYPE_CLASS_STRING)
        keep_text(user, to, readstat_string_value(value));
    else if (readstat_value_is_system_missing(value))
        strcpy(to, ".");
    else
        snprintf(to, 400, "%.15g", readstat_double_value(value));
    return READSTAT_HANDLER_OK;
}

static int on_label(const char *set, readstat_value_t value, const char *label, void *user)
{
    struct back *back = user;
    size_t n = strlen(back->value_labels), left = sizeof back->value_labels - n;
    (void)set;
    if (readstat_value_is_tagged_missing(value))
        snprintf(back->value_labels + n, left, ".%c=%s;", readstat_value_tag(value), label);
    else
        snprintf(back->value_labels + n, left, "%g=%s;", readstat_double_value(value), label);
    return READSTAT_HANDLER_OK;
}

static struct back back;

static void read_back(enum mg_out_format format)
{
    memset(&back, 0, sizeof back);
    readstat_parser_t *parser = readstat_parser_init();
    readstat_set_metadata_handler(parser, on_metadata);
    readstat_set_variable_handler(parser, on_variable);
    readstat_set_value_handler(parser, on_value);
    readstat_set_value_label_handler(parser, on_label);
    readstat_error_t why = format == MG_OUT_SAV ? readstat_parse_sav(parser, path, &back)
                                                : readstat_parse_dta(parser, path, &back);
    readstat_parser_free(parser);
    if (why != READSTAT_OK)
        fail_msg("%s", readstat_error_message(why));
}

/* ---- a sheet ---- */

static const struct mg_cell_label labels[] = {
    {"很差", 1}, {"很好", 5}, {"很好啊", 5}, {"不清楚", NAN}, {"没有回答", 98}};
static const double codes[] = {98, 99};
static const struct mg_out_column columns[] = {
    {.name = "id", .type = MG_TYPE_TEXT},
    {.name = "E1_可靠性",
     .label = {"Reliable?", "可靠吗？"},
     .type = MG_TYPE_INTEGER,
     .labels = labels,
     .n_labels = 5,
     .codes = codes,
     .n_codes = 2},
    {.name = "expectation_of_service", .type = MG_TYPE_NUMBER},
    {.name = "expectation_of_price", .type = MG_TYPE_NUMBER},
    {.name = "day", .type = MG_TYPE_TIME},
    {.name = "at", .type = MG_TYPE_TIME},
    {.name = "with", .type = MG_TYPE_BOOLEAN},
};
#define N ARRAY_LEN(columns)
static const struct mg_out_cell cells[] = {
    {.kind = MG_OUT_TEXT, .text = "张三"},
    {.kind = MG_OUT_NUMBER, .number = 5},
    {.kind = MG_OUT_NUMBER, .number = 0.1},
    {.kind = MG_OUT_NUMBER, .number = -1e9},
    {.kind = MG_OUT_TIME, .number = 20471 * DAY_US},
    {.kind = MG_OUT_TIME, .number = 20471 * DAY_US + 49200e6},
    {.kind = MG_OUT_NUMBER, .number = 1},
    {.kind = MG_OUT_MISSING},
    {.kind = MG_OUT_NUMBER, .number = 98},
    {.kind = MG_OUT_NUMBER, .number = NAN},
    {.kind = MG_OUT_NUMBER, .number = 3e9},
    {.kind = MG_OUT_MISSING},
    {.kind = MG_OUT_MISSING},
    {.kind = MG_OUT_MISSING},
    {.kind = MG_OUT_TEXT, .text = "x"},
    {.kind = MG_OUT_TEXT, .text = "word"},
    {.kind = MG_OUT_NUMBER, .number = 1e308},
    {.kind = MG_OUT_MISSING},
    {.kind = MG_OUT_TIME, .number = -20471 * DAY_US},
    {.kind = MG_OUT_TIME, .number = 1500},
    {.kind = MG_OUT_NUMBER, .number = 0},
};

static void assert_names(const char *expected)
{
    char all[400] = "";
    for (int i = 0; i < back.n; i++)
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", i ? " " : "", back.names[i]);
    assert_string_equal(all, expected);
}

static void sav_reads_back(void **state)
{
    (void)state;
    struct mg_out_report report = write_sheet(MG_OUT_SAV, columns, N, cells, 3);
    read_back(MG_OUT_SAV);
    assert_int_equal(back.rows, 3);
    assert_names("id E1 expectat expecta2 day at with2");
    assert_string_equal(back.labels[0], "");
    assert_string_equal(back.labels[1], "E1_可靠性: Reliable?");
    assert_string_equal(back.labels[2], "expectation_of_service");
    assert_string_equal(back.formats[4], "SDATE10");
    assert_string_equal(back.formats[1], "F8.0");
    static const char *const rows[3][N] = {
        {"张三", "5", "0.1", "-1000000000", "13988073600", "13988122800", "1"},
        {"", "98", ".", "3000000000", ".", ".", "."},
        {"x", ".", ".", ".", "10450684800", "12219379200.0015", "0"}};
    for (size_t r = 0; r < 3; r++)
        for (size_t c = 0; c < N; c++)
            assert_string_equal(back.values[r][c], rows[r][c]);
    assert_string_equal(back.value_labels, "1=很差;5=很好;98=没有回答;");
    assert_int_equal(back.missing_ranges, 2);
    assert_true(loses(&report, "“E1_可靠性”: 1 cell is empty"));
    assert_true(loses(&report, "“expectation_of_service”: 1 cell SPSS can't hold"));
    assert_int_equal(report.n_losses, 2);
}

static void dta_reads_back(void **state)
{
    (void)state;
    struct mg_out_report report = write_sheet(MG_OUT_DTA, columns, N, cells, 3);
    read_back(MG_OUT_DTA);
    assert_int_equal(back.rows, 3);
    assert_names("id E1_可靠性 expectation_of_service expectation_of_price day at with2");
    assert_string_equal(back.labels[1], "Reliable?");
    assert_string_equal(back.labels[6], "with");
    assert_int_equal(back.types[1], READSTAT_TYPE_INT8);
    assert_int_equal(back.types[3], READSTAT_TYPE_DOUBLE);
    assert_string_equal(back.formats[4], "%td");
    assert_string_equal(back.formats[5], "%tc");
    static const char *const rows[3][N] = {{"张三", "5", "0.1", "-1000000000", "24124", "2084362800000", "1"},
                                           {"", ".a", ".", "3000000000", ".", ".", "."},
                                           {"x", ".", ".", ".", "-16818", "315619200001", "0"}};
    for (size_t r = 0; r < 3; r++)
        for (size_t c = 0; c < N; c++)
            assert_string_equal(back.values[r][c], rows[r][c]);
    assert_string_equal(back.value_labels, "1=很差;5=很好;.a=没有回答;.b=99;");
    assert_true(loses(&report, "“at”: 1 cell Stata can't hold"));
    assert_int_equal(report.n_losses, 3);
}

/* ---- limits ---- */

static char *repeated(const char *part, size_t times)
{
    size_t n = strlen(part);
    char *all = malloc(n * times + 1);
    for (size_t i = 0; i < times; i++)
        memcpy(all + i * n, part, n);
    all[n * times] = '\0';
    return all;
}

static void long_texts_are_cut_between_characters_and_said(void **state)
{
    (void)state;
    char *label = repeated("评", 90), *value = repeated("值", 41), *wide = repeated("字", 10923);
    const struct mg_cell_label long_labels[] = {{value, 1}};
    const double many[] = {95, 96, 97, 98, 99};
    const struct mg_out_column wides[] = {{.name = "comment_a", .label = {label, NULL}, .type = MG_TYPE_TEXT},
                                          {.name = "comment_b", .type = MG_TYPE_TEXT},
                                          {.name = "comme1",
                                           .type = MG_TYPE_INTEGER,
                                           .labels = long_labels,
                                           .n_labels = 1,
                                           .codes = many,
                                           .n_codes = 5}};
    struct mg_out_cell row[] = {text(wide), text("kurz"), number(1), text("a"), text(wide + 3), number(2)};
    struct mg_out_report report = write_sheet(MG_OUT_SAV, wides, 3, row, 2);
    read_back(MG_OUT_SAV);
    assert_names("comme comm2 v3");
    assert_int_equal(back.torn, 0);
    assert_int_equal(back.longest, 9072);
    assert_int_equal(strlen(back.labels[0]) % 3, strlen("comment_a: ") % 3);
    assert_true(strlen(back.labels[0]) > 250);
    assert_int_equal(strlen(back.value_labels), 2 + 120 + 1);
    assert_true(loses(&report, "The label of “comment_a” is cut"));
    assert_true(loses(&report, "“comment_a”: 1 text is cut; SPSS holds 9072 bytes"));
    assert_true(loses(&report, "“comment_b”: 1 text is cut; SPSS holds 9072 bytes"));
    assert_true(loses(&report, "“comme1”: 1 label of values cut"));
    assert_true(loses(&report, "of its 5 codes for no answer SPSS declares only 3"));
    assert_int_equal(report.n_losses, 5);
    assert_int_equal(back.missing_ranges, 3);

    report = write_sheet(MG_OUT_DTA, wides, 3, row, 2);
    read_back(MG_OUT_DTA);
    assert_names("comment_a comment_b comme1");
    assert_int_equal(back.torn, 0);
    assert_int_equal(back.longest, 2043);
    assert_int_equal(strlen(back.labels[0]), 240);
    assert_true(loses(&report, "The label of “comment_a” is cut; one of Stata holds 80 characters"));
    assert_true(loses(&report, "“comment_a”: 1 text is cut; Stata holds 2045 bytes"));
    assert_int_equal(report.n_losses, 3);
    free(label);
    free(value);
    free(wide);
}

/* ---- other programs ---- */

static void pspp_reads_the_same(void **state)
{
    (void)state;
    char *wide = repeated("长文本", 100), *other = repeated("ab", 200), command[900];
    const struct mg_out_column wides[] = {{.name = "答案一", .type = MG_TYPE_TEXT},
                                          {.name = "答案二", .type = MG_TYPE_TEXT},
                                          {.name = "n",
                                           .label = {"Number", "数"},
                                           .type = MG_TYPE_INTEGER,
                                           .labels = labels,
                                           .n_labels = 5,
                                           .codes = codes,
                                           .n_codes = 2},
                                          {.name = "day", .type = MG_TYPE_TIME}};
    struct mg_out_cell row[] = {text(wide),  text(other), number(5),  moment(20471 * DAY_US),
                                text("短"),  text(wide),  number(98), missing,
                                text(other), missing,     missing,    moment(0)};
    write_sheet(MG_OUT_SAV, wides, 4, row, 3);
    if (!has_program("pspp"))
        skip();
    snprintf(command, sizeof command,
             "cd %s && printf \"GET FILE='%s'.\\nDISPLAY DICTIONARY.\\nSAVE TRANSLATE /OUTFILE='%s/p.csv' "
             "/TYPE=CSV "
             "/REPLACE /FIELDNAMES /CELLS=VALUES.\\nCOMPUTE k = n.\\nDESCRIPTIVES n.\\n\" > s.sps && "
             "LC_ALL=C.UTF-8 pspp -O format=csv s.sps",
             folder, path, folder);
    char *listing = output_of(command);
    assert_non_null(listing);
    assert_null(strstr(listing, "error"));
    assert_null(strstr(listing, "warning"));
    assert_non_null(strstr(listing, "v1,1,答案一"));
    assert_non_null(strstr(listing, "v2,2,答案二"));
    assert_non_null(strstr(listing, "很好"));
    assert_non_null(strstr(listing, "98; 99"));
    assert_non_null(strstr(listing, "N,Mean"));
    free(listing);
    snprintf(path, sizeof path, "%s/p.csv", folder);
    char *csv = content(), expected[3000];
    snprintf(expected, sizeof expected, "v1,v2,n,day\n%s,%s,5,01/18/2026\n短,%s,98, \n%s,, ,01/01/1970\n",
             wide, other, wide, other);
    assert_string_equal(csv, expected);
    free(csv);
    free(wide);
    free(other);
}

static void r_reads_the_same(void **state)
{
    (void)state;
    char command[900];
    write_sheet(MG_OUT_SAV, columns, N, cells, 3);
    if (!has_program("Rscript"))
        skip();
    snprintf(
        command, sizeof command,
        "LC_ALL=C.UTF-8 Rscript -e 'd <- suppressWarnings(foreign::read.spss(\"%s\", to.data.frame = TRUE, "
        "use.value.labels = FALSE, use.missings = TRUE, reencode = \"UTF-8\")); "
        "cat(names(d), \"\\n\"); cat(as.character(d$id[1]), d$E1, d$expectat, \"\\n\"); "
        "cat(attr(d, \"variable.labels\")[[2]], \"\\n\")' 2>/dev/null",
        path);
    char *said = output_of(command);
    assert_non_null(said);
    if (!strstr(said, "id E1 expectat expecta2 day at with2") || !strstr(said, "张三") ||
        !strstr(said, " 5 NA NA 0.1 NA NA") || !strstr(said, "E1_可靠性: Reliable?"))
        fail_msg("%s", said);
    free(said);
}

/* Texts as long as may be, in columns whose names begin alike: no name of a part is there twice, which would
 * close the file to R's foreign and give other names in pspp. */
static void texts_of_many_parts_open_everywhere(void **state)
{
    (void)state;
    char *wide = repeated("字", 4000), command[900];
    const struct mg_out_column wides[] = {{.name = "comment_a", .type = MG_TYPE_TEXT},
                                          {.name = "comment_b", .type = MG_TYPE_TEXT},
                                          {.name = "n", .type = MG_TYPE_INTEGER}};
    struct mg_out_cell row[] = {text(wide), text(wide + 3), number(5)};
    struct mg_out_report report = write_sheet(MG_OUT_SAV, wides, 3, row, 1);
    assert_true(loses(&report, "“comment_b”: 1 text is cut"));
    read_back(MG_OUT_SAV);
    assert_int_equal(back.longest, 9072);
    assert_int_equal(back.n, 3);
    free(wide);
    if (!has_program("pspp") || !has_program("Rscript"))
        skip();
    snprintf(
        command, sizeof command,
        "cd %s && printf \"GET FILE='%s'.\\nDESCRIPTIVES n.\\n\" > s.sps && LC_ALL=C.UTF-8 pspp -O "
        "format=csv "
        "s.sps; LC_ALL=C.UTF-8 Rscript -e 'd <- suppressWarnings(foreign::read.spss(\"%s\", to.data.frame = "
        "TRUE)); cat(\"read\", dim(d), d$n)' 2>&1",
        folder, path, path);
    char *said = output_of(command);
    if (strstr(said, "arning") || strstr(said, "rror") || !strstr(said, "read 1 73 5"))
        fail_msg("%s", said);
    free(said);
}

/* Above them lie Stata's kinds of missing. */
static void whole_numbers_take_the_smallest_type_that_holds_them(void **state)
{
    (void)state;
    static const struct {
        double low, high;
        int type;
    } cases[] = {{-127, 100, READSTAT_TYPE_INT8},
                 {-127, 101, READSTAT_TYPE_INT16},
                 {-128, 1, READSTAT_TYPE_INT16},
                 {-32767, 32740, READSTAT_TYPE_INT16},
                 {0, 32741, READSTAT_TYPE_INT32},
                 {-32768, 0, READSTAT_TYPE_INT32},
                 {-2147483647, 2147483620, READSTAT_TYPE_INT32},
                 {0, 2147483621, READSTAT_TYPE_DOUBLE},
                 {0, 0.5, READSTAT_TYPE_DOUBLE}};
    static const struct mg_out_column one[] = {{.name = "n", .type = MG_TYPE_NUMBER}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char text_of[40];
        struct mg_out_cell row[] = {number(cases[i].low), number(cases[i].high)};
        write_sheet(MG_OUT_DTA, one, 1, row, 2);
        read_back(MG_OUT_DTA);
        assert_int_equal(back.types[0], cases[i].type);
        snprintf(text_of, sizeof text_of, "%.15g", cases[i].high);
        assert_string_equal(back.values[1][0], text_of);
    }
}

static void no_rows_and_empty_columns_are_fine(void **state)
{
    (void)state;
    static const enum mg_out_format formats[] = {MG_OUT_SAV, MG_OUT_DTA};
    for (size_t i = 0; i < 2; i++) {
        write_sheet(formats[i], columns, N, cells, 0);
        read_back(formats[i]);
        assert_int_equal(back.n, N);
        assert_int_equal(back.rows, 0);
    }
}

static void a_full_disk_is_said(void **state)
{
    (void)state;
    static const enum mg_out_format formats[] = {MG_OUT_SAV, MG_OUT_DTA};
    for (size_t i = 0; i < 2; i++) {
        struct mg_out *out = NULL;
        struct mg_error error = {0};
        struct mg_out_report report;
        struct mg_out_options options = {.temp_dir = folder};
        char link[300];
        snprintf(link, sizeof link, "%s/full", folder);
        assert_int_equal(symlink("/dev/full", link), 0);
        assert_int_equal(mg_out_open(arena, formats[i], link, columns, N, &options, &out, &error), 0);
        assert_int_equal(mg_out_row(out, cells, &error), 0);
        assert_int_equal(mg_out_close(out, &report, &error), MG_E_FULL);
        assert_int_equal(access(link, F_OK), -1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sav_reads_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(dta_reads_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(long_texts_are_cut_between_characters_and_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(pspp_reads_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(r_reads_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(texts_of_many_parts_open_everywhere, set_up, tear_down),
        cmocka_unit_test_setup_teardown(whole_numbers_take_the_smallest_type_that_holds_them, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(no_rows_and_empty_columns_are_fine, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_full_disk_is_said, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
