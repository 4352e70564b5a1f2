/* The columns of a study as fields: their list, cells read as answers, documents written and read back. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "service/record/fields.h"

static const char study_text[] =
    "{\"study\":\"f\",\"scale\":{\"min\":1,\"max\":7,\"step\":1},\"missing\":{\"codes\":[0,99]},"
    "\"items\":[{\"code\":\"A\",\"label\":{\"en\":\"Warm\"},\"expectation\":\"E1\",\"perception\":\"P1\"},"
    "{\"code\":\"B\",\"expectation\":\"期望\",\"perception\":\"say "
    "\\\"hi\\\"\",\"scale\":{\"min\":0,\"max\":1,\"step\":0.25}}],"
    "\"outcomes\":[{\"code\":\"N\",\"kind\":\"nps\",\"column\":\"nps\"},"
    "{\"code\":\"S\",\"kind\":\"binary\",\"column\":\"s\",\"positive\":\"yes\"}],"
    "\"groups\":[{\"column\":\"area\"},{\"column\":\"s\"}]}";

enum { E1, P1, E2, P2, NPS, S, AREA, FIELDS };

static struct mg_arena *arena;
static struct mg_fields fields;

static int set_up(void **state)
{
    (void)state;
    const struct mg_study *study;
    struct mg_error error = {0};
    arena = mg_arena_new((size_t)64 << 20);
    if (!arena || mg_study_parse(arena, study_text, sizeof study_text - 1, &study, &error) ||
        mg_fields_of(arena, study, &fields, &error))
        fail_msg("%s", error.message);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    mg_arena_free(arena);
    return 0;
}

static void each_column_comes_once_with_its_type(void **state)
{
    (void)state;
    static const struct {
        const char *column;
        enum mg_wire_target_role role;
        enum mg_column_type type;
    } expected[FIELDS] = {
        {"E1", MG_WIRE_TARGET_ROLE_EXPECTATION, MG_TYPE_INTEGER},
        {"P1", MG_WIRE_TARGET_ROLE_PERCEPTION, MG_TYPE_INTEGER},
        {"期望", MG_WIRE_TARGET_ROLE_EXPECTATION, MG_TYPE_NUMBER},
        {"say \"hi\"", MG_WIRE_TARGET_ROLE_PERCEPTION, MG_TYPE_NUMBER},
        {"nps", MG_WIRE_TARGET_ROLE_OUTCOME, MG_TYPE_INTEGER},
        {"s", MG_WIRE_TARGET_ROLE_OUTCOME, MG_TYPE_TEXT},
        {"area", MG_WIRE_TARGET_ROLE_GROUP, MG_TYPE_TEXT},
    };
    assert_int_equal(fields.n, FIELDS);
    for (size_t i = 0; i < FIELDS; i++) {
        assert_string_equal(fields.fields[i].column, expected[i].column);
        assert_int_equal((int)fields.fields[i].role, (int)expected[i].role);
        assert_int_equal((int)fields.fields[i].type, (int)expected[i].type);
        assert_int_equal(mg_fields_find(&fields, expected[i].column, strlen(expected[i].column), 6 - i), i);
    }
    assert_true(mg_fields_find(&fields, "E", 1, 0) == SIZE_MAX);
    assert_true(mg_fields_find(&fields, "E12", 3, 0) == SIZE_MAX);
    assert_int_equal(mg_fields_find(&fields, "E12", 2, FIELDS), E1);
}

/* Whole numbers are integers only where every step of the scale is one; an importance without a scale has its
 * item's. */
static void roles_and_types_follow_the_scales(void **state)
{
    (void)state;
    static const char text[] =
        "{\"study\":\"f\",\"scale\":{\"min\":1,\"max\":7,\"step\":1},\"items\":["
        "{\"code\":\"A\",\"expectation\":\"e\",\"perception\":\"p\",\"adequate\":\"a\",\"importance\":\"i\"},"
        "{\"code\":\"B\",\"perception\":\"q\",\"scale\":{\"min\":0.5,\"max\":4.5,\"step\":1},\"importance\":"
        "\"j\","
        "\"importance_scale\":{\"min\":0,\"max\":100}},"
        "{\"code\":\"C\",\"perception\":\"r\",\"scale\":{\"min\":0,\"max\":10,\"step\":2}}]}";
    static const struct {
        const char *column;
        enum mg_wire_target_role role;
        enum mg_column_type type;
        double max;
    } expected[] = {
        {"e", MG_WIRE_TARGET_ROLE_EXPECTATION, MG_TYPE_INTEGER, 7},
        {"p", MG_WIRE_TARGET_ROLE_PERCEPTION, MG_TYPE_INTEGER, 7},
        {"a", MG_WIRE_TARGET_ROLE_ADEQUATE, MG_TYPE_INTEGER, 7},
        {"i", MG_WIRE_TARGET_ROLE_IMPORTANCE, MG_TYPE_INTEGER, 7},
        {"q", MG_WIRE_TARGET_ROLE_PERCEPTION, MG_TYPE_NUMBER, 4.5},
        {"j", MG_WIRE_TARGET_ROLE_IMPORTANCE, MG_TYPE_INTEGER, 100},
        {"r", MG_WIRE_TARGET_ROLE_PERCEPTION, MG_TYPE_INTEGER, 10},
    };
    const struct mg_study *study;
    struct mg_fields f;
    struct mg_error error = {0};
    if (mg_study_parse(arena, text, sizeof text - 1, &study, &error) ||
        mg_fields_of(arena, study, &f, &error))
        fail_msg("%s [%s]", error.message, error.field);
    assert_int_equal(f.n, ARRAY_LEN(expected));
    for (size_t i = 0; i < f.n; i++) {
        assert_string_equal(f.fields[i].column, expected[i].column);
        assert_int_equal((int)f.fields[i].role, (int)expected[i].role);
        if (f.fields[i].type != expected[i].type || f.fields[i].rule.scale.max != expected[i].max)
            fail_msg("%s: type %d, up to %g", f.fields[i].column, (int)f.fields[i].type,
                     f.fields[i].rule.scale.max);
    }
}

static void columns_that_differ_in_case_are_refused(void **state)
{
    (void)state;
    static const char text[] = "{\"study\":\"f\",\"scale\":{\"min\":1,\"max\":7,\"step\":1},"
                               "\"items\":[{\"code\":\"A\",\"expectation\":\"q\",\"perception\":\"Q\"}]}";
    const struct mg_study *study;
    struct mg_fields none;
    struct mg_error error = {0};
    int rc = mg_study_parse(arena, text, sizeof text - 1, &study, &error);
    assert_int_equal(rc, 0);
    assert_int_equal(mg_fields_of(arena, study, &none, &error), MG_E_INVALID);
    assert_non_null(strstr(error.message, "case"));
}

static void cells_are_trimmed(void **state)
{
    (void)state;
    char scratch[4];
    static const struct {
        const char *cell, *trimmed;
    } cases[] = {{"a", "a"}, {"  a", "a"},   {"\ta \r\n", "a"}, {"", ""},
                 {"  ", ""}, {"a b", "a b"}, {"abcdef ", "abc"}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_string_equal(mg_cell_trim(cases[i].cell, scratch, sizeof scratch), cases[i].trimmed);
}

static void cells_are_read_as_answers(void **state)
{
    (void)state;
    static const struct {
        size_t field;
        const char *cell;
        enum mg_cell kind;
        double number;
        const char *word;
    } cases[] = {
        {E1, "", MG_CELL_MISSING, 0, NULL},     {E1, "NA", MG_CELL_MISSING, 0, NULL},
        {E1, "n/a", MG_CELL_MISSING, 0, NULL},  {E1, "#N/A", MG_CELL_MISSING, 0, NULL},
        {E1, "-", MG_CELL_MISSING, 0, NULL},    {E1, ".", MG_CELL_MISSING, 0, NULL},
        {E1, "null", MG_CELL_MISSING, 0, NULL}, {E1, "99", MG_CELL_MISSING, 0, NULL},
        {E1, "0.0", MG_CELL_MISSING, 0, NULL},  {E1, "7", MG_CELL_GOOD, 7, NULL},
        {E1, "7.0", MG_CELL_GOOD, 7, NULL},     {E1, "3e0", MG_CELL_GOOD, 3, NULL},
        {E1, "8", MG_CELL_BAD, 0, "scale"},     {E1, "-1", MG_CELL_BAD, 0, "scale"},
        {E1, "1.5", MG_CELL_BAD, 0, "steps"},   {E1, "seven", MG_CELL_BAD, 0, "number"},
        {E1, "0x5", MG_CELL_BAD, 0, "number"},  {E1, "1e999", MG_CELL_BAD, 0, "number"},
        {E2, "0.75", MG_CELL_GOOD, 0.75, NULL}, {E2, "0.7", MG_CELL_BAD, 0, "steps"},
        {NPS, "10", MG_CELL_GOOD, 10, NULL},    {NPS, "11", MG_CELL_BAD, 0, "scale"},
        {AREA, "north", MG_CELL_GOOD, 0, NULL}, {AREA, "99", MG_CELL_GOOD, 0, NULL},
        {AREA, "12", MG_CELL_GOOD, 0, NULL},    {S, "nan", MG_CELL_MISSING, 0, NULL},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct mg_cell_problem problem;
        char reason[200];
        double number = 0;
        const struct mg_field *field = &fields.fields[cases[i].field];
        enum mg_cell kind = mg_field_read(field, cases[i].cell, &number, &problem);
        if (kind != cases[i].kind || (kind == MG_CELL_GOOD && number != cases[i].number))
            fail_msg("%s: kind %d, number %g", cases[i].cell, (int)kind, number);
        if (kind != MG_CELL_BAD)
            continue;
        mg_cell_explain(&problem, MG_LANG_EN, reason, sizeof reason);
        assert_non_null(strstr(reason, cases[i].word));
        mg_cell_explain(&problem, MG_LANG_ZH, reason, sizeof reason);
        assert_null(strstr(reason, cases[i].word));
    }
}

static void long_texts_are_bad(void **state)
{
    (void)state;
    char text[MG_FIELD_TEXT_MAX + 2];
    double number;
    struct mg_cell_problem problem;
    memset(text, 'x', sizeof text);
    text[MG_FIELD_TEXT_MAX + 1] = '\0';
    assert_int_equal((int)mg_field_read(&fields.fields[AREA], text, &number, &problem), (int)MG_CELL_BAD);
    text[MG_FIELD_TEXT_MAX] = '\0';
    assert_int_equal((int)mg_field_read(&fields.fields[AREA], text, &number, &problem), (int)MG_CELL_GOOD);
}

/* ---- Documents ---- */

static void assert_cells(const char *document, const char *const expected[FIELDS])
{
    const char *cells[FIELDS];
    struct mg_error error = {0};
    if (mg_document_cells(arena, &fields, mg_arena_strdup(arena, document), cells, &error))
        fail_msg("%s: %s", document, error.message);
    for (size_t i = 0; i < FIELDS; i++)
        if (!mg_str_equal(cells[i], expected[i]))
            fail_msg("%s: field %zu is %s", document, i, cells[i] ? cells[i] : "missing");
}

static void documents_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *document, *cells[FIELDS];
    } cases[] = {
        {"{}", {NULL}},
        {"{\"E1\":7}", {"7"}},
        {"{\"E1\":7,\"P1\":-2,\"期望\":0.25,\"area\":\"西 区\"}",
         {"7", "-2", "0.25", NULL, NULL, NULL, "西 区"}},
        {"{\"area\":\"\",\"P1\":1e2}", {NULL, "1e2", NULL, NULL, NULL, NULL, ""}},
        {"{\"gone\":3,\"E1\":4,\"gone too\":\"x\"}", {"4"}},
        /* what a column can't hold is missing in it */
        {"{\"E1\":1.5,\"P1\":\"3\",\"nps\":2000000000,\"area\":5}",
         {NULL, NULL, NULL, NULL, NULL, NULL, "5"}},
        /* for the general reader */
        {"{\"area\":\"a\\\"b\",\"E1\":3}", {"3", NULL, NULL, NULL, NULL, NULL, "a\"b"}},
        {"{\"say \\\"hi\\\"\":0.5,\"E1\":2}", {"2", NULL, NULL, "0.5"}},
        {"{\"area\":\"\\u897f\"}", {NULL, NULL, NULL, NULL, NULL, NULL, "西"}},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_cells(cases[i].document, cases[i].cells);
}

/* Each begins as expected and then isn't: the general reader must get it whole. */
static void what_looks_different_further_on_is_read_whole(void **state)
{
    (void)state;
    static const struct {
        const char *document, *cells[FIELDS];
    } cases[] = {
        {"{\"E1\":7,\"P1\":true}", {"7"}},
        {"{\"E1\":7,\"area\":\"north\",\"P1\":null}", {"7", NULL, NULL, NULL, NULL, NULL, "north"}},
        {"{\"E1\":7,\"P1\": 3}", {"7", "3"}},
        {"{\"E1\":7, \"P1\":3}", {"7", "3"}},
        {"{\"area\":\"north\",\"E1\":[1]}", {NULL, NULL, NULL, NULL, NULL, NULL, "north"}},
        {"{\"E1\":7,\"P1\":3}\n", {"7", "3"}},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_cells(cases[i].document, cases[i].cells);
}

static void broken_documents_are_errors(void **state)
{
    (void)state;
    static const char *const broken[] = {"",           "{", "{\"E1\":7",   "{\"E1\":7,", "{\"E1\":7}}",
                                         "[1]",        "7", "{\"E1\":7,}", "{\"E1\"}",   "{\"area\":\"x}",
                                         "{\"E1\":7}x"};
    for (size_t i = 0; i < ARRAY_LEN(broken); i++) {
        const char *cells[FIELDS];
        struct mg_error error = {0};
        int rc = mg_document_cells(arena, &fields, mg_arena_strdup(arena, broken[i]), cells, &error);
        if (rc != MG_E_INVALID)
            fail_msg("%s: %d", broken[i], rc);
        assert_true(*error.message);
    }
}

/* An answer that finds no room is an error, never a missing answer. */
static void a_full_arena_is_an_error(void **state)
{
    (void)state;
    const char *cells[FIELDS];
    struct mg_error error = {0};
    char text[400] = "{\"area\":\"\\u897f";
    size_t n = strlen(text);
    memset(text + n, 'x', 300);
    strcpy(text + n + 300, "\"}");
    struct mg_arena *small = mg_arena_new(100);
    assert_int_equal(mg_document_cells(small, &fields, text, cells, &error), MG_E_NO_MEMORY);
    mg_arena_free(small);
}

static void what_is_written_reads_back(void **state)
{
    (void)state;
    static const double numbers[] = {0, 1, 7, 9, 10, -1, 0.25, 123456789, 1e-3};
    struct mg_buf out;
    mg_buf_init(&out, 4096);
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        const char *cells[FIELDS];
        double back;
        mg_buf_reset(&out);
        const char *const names[] = {fields.fields[E1].column, fields.fields[E2].column,
                                     fields.fields[AREA].column, fields.fields[P2].column};
        const struct mg_datum answers[] = {{0},
                                           mg_datum_number(numbers[i]),
                                           mg_datum_text("\"quoted\"\n\\ 西"),
                                           mg_datum_number(numbers[i])};
        mg_document_write(&out, names, answers, ARRAY_LEN(answers));
        assert_int_equal(mg_document_cells(arena, &fields, out.data, cells, NULL), 0);
        assert_true(mg_parse_double(cells[E2], &back) && back == numbers[i]);
        assert_true(mg_parse_double(cells[P2], &back) && back == numbers[i]);
        assert_string_equal(cells[AREA], "\"quoted\"\n\\ 西");
        assert_null(cells[E1]);
    }
    mg_buf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_column_comes_once_with_its_type),
        cmocka_unit_test(roles_and_types_follow_the_scales),
        cmocka_unit_test(columns_that_differ_in_case_are_refused),
        cmocka_unit_test(cells_are_trimmed),
        cmocka_unit_test(cells_are_read_as_answers),
        cmocka_unit_test(long_texts_are_bad),
        cmocka_unit_test(documents_are_read),
        cmocka_unit_test(what_looks_different_further_on_is_read_whole),
        cmocka_unit_test(broken_documents_are_errors),
        cmocka_unit_test(a_full_arena_is_an_error),
        cmocka_unit_test(what_is_written_reads_back),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
