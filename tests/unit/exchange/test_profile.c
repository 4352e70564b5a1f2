/* What opening a file leaves behind: it serves who opens the file again, and nothing else is taken for it. */
#include "opened.h"

static struct mg_exchange *open_again(const char *profile)
{
    struct mg_exchange_options options = {.name = "data.csv", .temp_dir = folder, .profile = profile};
    struct mg_exchange *x = NULL;
    struct mg_error error = {0};
    if (mg_exchange_open(path, &options, &x, &error) != 0)
        fail_msg("%s", error.message);
    return x;
}

static char *profile_of(const struct mg_exchange *x)
{
    struct mg_buf text;
    mg_buf_init(&text, 1 << 20);
    mg_exchange_profile(x, &text);
    return mg_buf_take(&text, &(size_t){0});
}

static void assert_same(struct mg_exchange *a, struct mg_exchange *b)
{
    struct mg_buf columns, rows;
    struct mg_error error = {0};
    mg_buf_init(&columns, 1 << 16);
    mg_buf_init(&rows, 1 << 16);
    for (size_t i = 0; i < a->n_columns; i++)
        mg_buf_printf(&columns, "%s%s", i ? "|" : "", a->columns[i]);
    assert_columns(b, columns.data);
    assert_int_equal(mg_exchange_each(a, gather, &rows, &error), 0);
    assert_rows(b, rows.data ? rows.data : "");
    assert_string_equal(a->encoding, b->encoding);
    assert_int_equal(a->format, b->format);
    assert_int_equal(a->delimiter, b->delimiter);
    assert_int_equal(a->header_rows, b->header_rows);
    assert_int_equal(a->rows, b->rows);
    assert_int_equal(a->n_bad, b->n_bad);
    assert_int_equal(a->n_bad_listed, b->n_bad_listed);
    assert_int_equal(a->n_notes, b->n_notes);
    for (size_t i = 0; i < a->n_bad_listed; i++)
        assert_memory_equal(&a->bad[i], &b->bad[i], sizeof a->bad[i]);
    for (size_t i = 0; i < a->n_notes; i++) {
        assert_string_equal(a->notes[i].en, b->notes[i].en);
        assert_string_equal(a->notes[i].zh, b->notes[i].zh);
    }
    mg_buf_done(&columns);
    mg_buf_done(&rows);
}

/* What is in the columns is known without reading them again. */
static void assert_same_facts(const struct mg_exchange *a, const struct mg_exchange *b)
{
    assert_non_null(b->facts);
    for (size_t i = 0; i < a->n_columns; i++) {
        const struct mg_cell_facts *x = &a->facts[i], *y = &b->facts[i];
        assert_int_equal(x->n, y->n);
        assert_int_equal(x->n_missing, y->n_missing);
        assert_int_equal(x->n_not_understood, y->n_not_understood);
        assert_true(x->min == y->min || (isnan(x->min) && isnan(y->min)));
        assert_true(x->max == y->max || (isnan(x->max) && isnan(y->max)));
        assert_int_equal(x->whole, y->whole);
        assert_int_equal(x->n_distinct, y->n_distinct);
        assert_int_equal(x->values_complete, y->values_complete);
        assert_int_equal(x->date_order_open, y->date_order_open);
        assert_int_equal(x->decimal_open, y->decimal_open);
        assert_int_equal(x->n_shown, y->n_shown);
        for (size_t v = 0; v < x->n_shown; v++) {
            assert_string_equal(x->not_understood[v], y->not_understood[v]);
            assert_int_equal(x->not_understood_row[v], y->not_understood_row[v]);
        }
        assert_int_equal(x->n_values, y->n_values);
        for (size_t v = 0; v < x->n_values; v++) {
            assert_string_equal(x->values[v].text, y->values[v].text);
            assert_int_equal(x->values[v].n, y->values[v].n);
        }
    }
}

static void assert_profile_serves(void)
{
    struct mg_exchange *found = open_file();
    char *profile = profile_of(found);
    struct mg_exchange *again = open_again(profile);
    assert_same(found, again);
    assert_same_facts(found, again);
    mg_exchange_close(found);
    mg_exchange_close(again);
    free(profile);
}

static void a_profile_opens_the_same_file(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "a,b\n1,2\n",
        "a;b;a;\n1;2;3;\n1;2\n\"x\"y;1;2\n",
        "1,2\n3,4\n",
        ("\xEF\xBB\xBF"
         "a,b\n1,2\n"),
        "{\"a\":1,\"b\":\"x\"}\nbroken\n{\"b\":2}\n",
        "a,b,c\n1,01/02/2025,\"1,234\"\n2,03/04/2025,\"5,678\"\nx,05/06/"
        "2025,\n4.5,,\n5,,\n6,,\n7,,\n8,,\n9,,\n1,,\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        write_bytes(texts[i], strlen(texts[i]));
        assert_profile_serves();
    }
    static const char *const encodings[] = {"UTF-16LE", "GB18030", "Big5"};
    for (size_t i = 0; i < 3; i++) {
        write_encoded("客戶編號,地區,分數\n1,城東區的客戶說暖氣不夠熱,5\n2,城西,6\n", encodings[i]);
        assert_profile_serves();
    }
}

static void with_its_profile_a_file_is_not_searched(void **state)
{
    (void)state;
    struct mg_exchange *x = open_text("a,b\n1,2\n3,4\n");
    char *profile = profile_of(x);
    mg_exchange_close(x);
    write_bytes("a,b\n1,2\n\n\n\n\n", 12); /* as many bytes, fewer rows: whoever reads it would see */
    x = open_again(profile);
    assert_int_equal(x->rows, 2);
    mg_exchange_close(x);
    free(profile);
}

static void what_the_user_says_stands_above_the_profile(void **state)
{
    (void)state;
    struct mg_exchange *x = open_text("a,b\n1,2\n3,4\n");
    char *profile = profile_of(x);
    mg_exchange_close(x);
    struct mg_exchange_options options = {
        .name = "data.csv", .temp_dir = folder, .profile = profile, .shape = {.headers_told = true}};
    struct mg_error error = {0};
    assert_int_equal(mg_exchange_open(path, &options, &x, &error), 0);
    assert_columns(x, "column_1|column_2");
    assert_int_equal(x->rows, 3);
    mg_exchange_close(x);
    free(profile);
}

static void assert_numbers(struct mg_exchange *x, size_t column, const char *expected);

/* A profile that was made under the same options serves with them, and only with all that is in the columns.
 */
static void a_told_reading_has_a_profile_of_its_own(void **state)
{
    (void)state;
    const struct mg_exchange_correction told = {
        .column = "b", .labels = &(struct mg_cell_label){"good", 3}, .n_labels = 1};
    struct mg_exchange_options options = {
        .name = "data.csv", .temp_dir = folder, .corrections = &told, .n_corrections = 1};
    struct mg_error error = {0};
    struct mg_exchange *x, *again;
    write_bytes("a,b\n1,good\n2,good\n", 19);
    assert_int_equal(mg_exchange_open(path, &options, &x, &error), 0);
    char *profile = profile_of(x);
    options.profile = profile;
    assert_int_equal(mg_exchange_open(path, &options, &again, &error), 0);
    assert_true(again->searched); /* nobody says that it was made so */
    mg_exchange_close(again);
    options.profile_told = true;
    assert_int_equal(mg_exchange_open(path, &options, &again, &error), 0);
    assert_false(again->searched);
    assert_same_facts(x, again);
    assert_numbers(again, 1, "3 3 ");
    mg_exchange_close(again);
    char *facts = strstr(profile, "\"facts\"");
    assert_non_null(facts);
    facts[1] = 'F';
    assert_int_equal(mg_exchange_open(path, &options, &again, &error), 0);
    assert_true(again->searched);
    mg_exchange_close(again);
    mg_exchange_close(x);
    free(profile);
}

/* Opened by its profile, a file is unpacked and converted when it is read, not before. */
static void a_known_file_is_converted_when_it_is_read(void **state)
{
    (void)state;
    write_encoded("客户编号,地区,分数\n1,城东,5\n2,城西,6,7\n", "UTF-16LE");
    struct mg_exchange *x = open_file();
    char *profile = profile_of(x);
    mg_exchange_close(x);
    x = open_again(profile);
    assert_columns(x, "客户编号|地区|分数");
    assert_int_equal(x->own->n_temps, 0);
    assert_rows(x, "2:1|城东|5;3!:2|城西|6|7;");
    assert_int_equal(x->own->n_temps, 1);
    assert_source(x, "客户编号,地区,分数\n1,城东,5\n");
    mg_exchange_close(x);
    x = open_again(profile);
    assert_source(x, "客户编号,地区,分数\n1,城东,5\n");
    mg_exchange_close(x);
    x = open_again(profile);
    unlink(path);
    struct mg_error error = {0};
    for (int i = 0; i < 10; i++) /* fails each time, and leaves nothing */
        assert_int_not_equal(mg_exchange_each(x, gather, NULL, &error), 0);
    mg_exchange_close(x);
    assert_int_equal(rmdir(folder), 0);
    assert_int_equal(mkdir(folder, 0700), 0);
    free(profile);
}

/* The cells of a column as numbers, by its reading. */
struct numbers {
    struct mg_buf text;
    const struct mg_exchange *x;
    size_t column;
};

static int add_number(void *user, const struct mg_exchange_row *row, struct mg_error *error)
{
    struct numbers *numbers = user;
    double number;
    (void)error;
    if (mg_cell_read(&numbers->x->readings[numbers->column], row->cells[numbers->column],
                     row->sizes[numbers->column], &number) == MG_READ_VALUE)
        mg_buf_printf(&numbers->text, "%g ", number);
    return 0;
}

static void assert_numbers(struct mg_exchange *x, size_t column, const char *expected)
{
    struct numbers numbers = {.x = x, .column = column};
    mg_buf_init(&numbers.text, 4096);
    mg_buf_puts(&numbers.text, "");
    assert_int_equal(mg_exchange_each(x, add_number, &numbers, NULL), 0);
    assert_string_equal(numbers.text.data, expected);
    mg_buf_done(&numbers.text);
}

/* A comma where a point belongs: in numbers, not in lists of choices. The profile knows of it. */
static void decimal_commas_are_read(void **state)
{
    (void)state;
    static const char semicolons[] =
        "w;choices;n\n0,60;1,3;5\n 1,25 ;1,2,4;\n-0,5;2;x\n1.234,5;;4\n\"2\";3;5\n"
        "1,1;1,3,5;5\n1,2;;5\n1,3;;5\n1,4;;5\n1,5;;5\n";
    struct mg_exchange *x = open_text(semicolons);
    assert_numbers(x, 0, "0.6 1.25 -0.5 1234.5 2 1.1 1.2 1.3 1.4 1.5 ");
    assert_int_not_equal(x->readings[1].kind, MG_CELLS_NUMBER);
    char *profile = profile_of(x);
    mg_exchange_close(x);
    x = open_again(profile);
    assert_false(x->searched);
    assert_numbers(x, 0, "0.6 1.25 -0.5 1234.5 2 1.1 1.2 1.3 1.4 1.5 ");
    mg_exchange_close(x);
    free(profile);
    x = open_text("w,n\n\"0,60\",1\n\"1,25\",2\n");
    assert_numbers(x, 0, "0.6 1.25 ");
    mg_exchange_close(x);
}

/* A profile that says something that no opening would have found. */
#define READ "\",\"meaning\":0,\"reading\":{\"kind\":\"number\",\"decimal\":\".\"}}"
#define COLUMN(name) "{\"name\":\"" name READ
#define BOTH COLUMN("a") "," COLUMN("b")
#define PROFILE(encoding, delimiter, rows, columns, parts, bad, listed, notes)                               \
    "{\"profile\":4,\"zeros\":0,\"bytes\":16,\"encoding\":\"" encoding                                       \
    "\",\"mark\":0,\"plain\":true,\"records\":false,\"format\":0,\"made\":false,\"begin\":0,\"begin_line\":" \
    "1,"                                                                                                     \
    "\"above\":0,\"title_rows\":0,\"header_rows\":1,\"foot_rows\":0,\"tool\":\"\",\"delimiter\":" delimiter  \
    ",\"rows\":" rows ",\"columns\":[" columns "],\"parts\":[" parts                                         \
    "],\"left_out\":[0,0,0,0,0,0],\"bad\":" bad ",\"bad_listed\":[" listed "],\"notes\":[" notes "]}"
#define ODD(encoding, delimiter, rows, columns, bad, listed, notes)                                          \
    PROFILE(encoding, delimiter, rows, columns, "4,2,0,16,5,9", bad, listed, notes)

#define FACTS(facts)                                                                                         \
    ODD("UTF-8", "44", "9",                                                                                  \
        "{\"name\":\"a\",\"meaning\":0,\"reading\":{\"kind\":\"number\"},\"facts\":" facts "}," COLUMN("b"), \
        "0", "", "")
#define NUMBERS(n, missing, min, complete)                                                                   \
    "{\"n\":" n ",\"missing\":" missing ",\"not_understood\":0,\"min\":" min                                 \
    ",\"max\":1,\"whole\":true,\"distinct\":1,\"complete\":" complete                                        \
    ",\"date_order_open\":false,\"decimal_open\":false"

static void a_profile_that_does_not_fit_is_passed_over(void **state)
{
    (void)state;
    struct mg_exchange *x = open_text("a,b\n1,2\n3,4\n");
    char *profile = profile_of(x);
    mg_exchange_close(x);
    x = open_text("a,b\n1,2\n3,4\n5,6\n");
    mg_exchange_close(x);
    static const char *const odd[] = {
        "",
        "{}",
        "[1]",
        "not json",
        "{\"profile\":4}",
        ODD("klingon", "44", "9", COLUMN("a"), "0", "", ""),
        ODD("UTF-8", "44", "9", "1", "0", "", "\"a\",\"b\""),
        ODD("UTF-8", "44", "9", "", "0", "", ""),
        ODD("UTF-8", "44", "9", COLUMN("a") "," COLUMN("A"), "0", "", ""),
        ODD("UTF-8", "44", "9", COLUMN("a") "," COLUMN(""), "0", "", ""),
        ODD("UTF-8", "44", "9223372036854775807", BOTH, "1", "", ""),
        ODD("UTF-8", "44", "9", BOTH, "9223372036854775807", "", ""),
        ODD("UTF-8", "44", "-9", BOTH, "0", "", ""),
        ODD("UTF-8", "10", "9", BOTH, "0", "", ""),
        ODD("UTF-8", "34", "9", BOTH, "0", "", ""),
        ODD("UTF-8", "300", "9", BOTH, "0", "", ""),
        ODD("UTF-8", "44", "9", BOTH, "1", "-2,1", ""),
        ODD("UTF-8", "44", "9", BOTH, "1", "2,-1", ""),
        ODD("UTF-8", "44", "9", BOTH, "1", "2,\"1\"", ""),
        ODD("UTF-8", "44", "9", BOTH, "0", "2,1", ""),
        ODD("UTF-8", "44", "9", BOTH, "1", "2", ""),
        ODD("UTF-8", "44", "9", BOTH, "0", "", "\"a\""),
        ODD("UTF-8", "44", "9", BOTH, "0", "", "\"a\",7"),
        PROFILE("UTF-8", "44", "9", BOTH, "", "0", "", ""),
        PROFILE("UTF-8", "44", "9", BOTH, "4,2,0", "0", "", ""),
        PROFILE("UTF-8", "44", "9", BOTH, "4,2,0,3,5,3", "0", "", ""),
        PROFILE("UTF-8", "44", "9", BOTH, "4,2,0,16,5", "0", "", ""),
        PROFILE("UTF-8", "44", "9", BOTH, "-4,2,0,16,5,9", "0", "", ""),
        PROFILE("UTF-8", "44", "9", "{\"name\":\"a\"}", "4,2,0,16,5,9", "0", "", ""),
        FACTS("{}"),
        FACTS("7"),
        FACTS(NUMBERS("-1", "0", "1", "false") ",\"shown\":[],\"values\":[]}"),
        FACTS(NUMBERS("9", "10", "1", "false") ",\"shown\":[],\"values\":[]}"),
        FACTS(NUMBERS("9", "0", "\"1\"", "false") ",\"shown\":[],\"values\":[]}"),
        FACTS(NUMBERS("9", "0", "1", "false") ",\"shown\":[\"x\"],\"values\":[]}"),
        FACTS(NUMBERS("9", "0", "1", "false") ",\"shown\":[\"x\",-1],\"values\":[]}"),
        FACTS(NUMBERS("9", "0", "1", "false") ",\"shown\":[],\"values\":[7,7]}"),
        FACTS(NUMBERS("9", "0", "1", "true") ",\"shown\":[],\"values\":[\"x\",-1]}"),
        FACTS(NUMBERS("9", "0", "1", "false") ",\"shown\":[],\"values\":{}}"),
    };
    x = open_again(ODD("UTF-8", "44", "9", BOTH, "0", "", ""));
    assert_int_equal(x->rows, 9); /* the rest of each is sound */
    mg_exchange_close(x);
    x = open_again(FACTS(NUMBERS("9", "0", "1", "false") ",\"shown\":[\"x\",1],\"values\":[\"x\",-1]}"));
    assert_int_equal(x->rows, 9);
    assert_null(x->facts); /* of one column there are none */
    mg_exchange_close(x);
    for (size_t i = 0; i < sizeof odd / sizeof *odd + 1; i++) {
        x = open_again(i < sizeof odd / sizeof *odd ? odd[i] : profile);
        if (x->rows != 3)
            fail_msg("profile %zu was taken", i);
        assert_columns(x, "a|b");
        assert_int_equal(x->n_notes, 0);
        mg_exchange_close(x);
    }
    free(profile);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimal_commas_are_read),
        cmocka_unit_test(a_profile_opens_the_same_file),
        cmocka_unit_test(with_its_profile_a_file_is_not_searched),
        cmocka_unit_test(what_the_user_says_stands_above_the_profile),
        cmocka_unit_test(a_told_reading_has_a_profile_of_its_own),
        cmocka_unit_test(a_known_file_is_converted_when_it_is_read),
        cmocka_unit_test(a_profile_that_does_not_fit_is_passed_over),
    };
    return cmocka_run_group_tests_name("exchange/profile", tests, make_folder, remove_folder);
}
