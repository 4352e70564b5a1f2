/* Reader and writer on generated types: round trips, and each rule broken once with its JSON pointer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "wire.gen.h"

static struct mg_arena *arena;
static struct mg_error error;

static int set_up(void **state)
{
    (void)state;
    arena = mg_arena_new(1 << 20);
    error = (struct mg_error){0};
    return arena == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    mg_arena_free(arena);
    return 0;
}

static void free_json(void *json)
{
    json_decref(json);
}

static int read_as(const struct mg_wire_type *type, const char *text, void *ret_value)
{
    json_t *json = mg_json_parse(text, strlen(text), 1 << 20, &error);
    assert_non_null(json);
    assert_int_equal(mg_arena_defer(arena, free_json, json), 0); /* something of it may be lent */
    return mg_wire_read(arena, type, json, ret_value, &error);
}

static void expect_text(const struct mg_wire_type *type, const void *value, const char *text)
{
    struct mg_buf buf;
    mg_buf_init(&buf, 1 << 16);
    struct mg_json_writer out = mg_json_writer(&buf);
    mg_wire_write(&out, type, value);
    assert_string_equal(buf.data, text);
    mg_buf_done(&buf);
}

static void reads_what_it_wrote(void **state)
{
    (void)state;
    static const char text[] =
        "{\"upload_id\":\"01J00000000000000000000000\",\"study_id\":\"01J00000000000000000000001\","
        "\"mapping\":[{\"source\":\"q1\",\"target\":\"a\"},{\"source\":\"满意\",\"target\":\"b\"}],"
        "\"wave\":\"2025\",\"bad_rows\":\"skip\",\"again\":true}";
    struct mg_wire_import_create value;
    assert_int_equal(read_as(&mg_wire_type_import_create, text, &value), 0);
    assert_int_equal(value.n_mapping, 2);
    assert_string_equal(value.mapping[1].source, "满意");
    assert_int_equal(value.bad_rows, MG_WIRE_IMPORT_CREATE_BAD_ROWS_SKIP);
    expect_text(&mg_wire_type_import_create, &value, text);
}

static void defaults_stand_in_for_absent_fields(void **state)
{
    (void)state;
    struct mg_wire_import_create value;
    assert_int_equal(
        read_as(&mg_wire_type_import_create,
                "{\"upload_id\":\"01J00000000000000000000000\",\"study_id\":\"01J00000000000000000000001\","
                "\"mapping\":[{\"source\":\"q\",\"target\":\"a\"}]}",
                &value),
        0);
    assert_int_equal(value.bad_rows, MG_WIRE_IMPORT_CREATE_BAD_ROWS_KEEP);
    assert_false(value.again);
    assert_null(value.wave);
}

static void absent_and_null_are_written_apart(void **state)
{
    (void)state;
    struct mg_wire_estimate estimate = {.value = NAN, .low = 0.5, .high = INFINITY};
    expect_text(&mg_wire_type_estimate, &estimate, "{\"value\":null,\"low\":0.5,\"high\":null}");
    estimate.has_sd = true;
    estimate.sd = 2;
    expect_text(&mg_wire_type_estimate, &estimate, "{\"value\":null,\"low\":0.5,\"high\":null,\"sd\":2}");
    struct mg_wire_group_key key = {.code = "region"};
    expect_text(&mg_wire_type_group_key, &key, "{\"code\":\"region\",\"value\":null}");
}

static void lists_of_lists_hold_nulls(void **state)
{
    (void)state;
    const char *first[] = {"a", NULL};
    struct mg_wire_preview_head_row rows[] = {{first, 2}, {NULL, 0}};
    struct mg_wire_preview preview = {
        .upload = {.id = "i", .name = "n", .created_at = "t"}, .head = rows, .n_head = 2};
    expect_text(&mg_wire_type_preview, &preview,
                "{\"upload\":{\"id\":\"i\",\"name\":\"n\",\"bytes\":0,\"created_at\":\"t\"},\"format\":"
                "\"csv\",\"title_rows\":0,\"header_rows\":0,\"foot_rows\":0,\"left_out\":{\"unfinished\":0,"
                "\"previews\":0,\"spam\":0,\"repeats\":0},\"irregular\":0,\"irregular_rows\":[],\"rows\":0,"
                "\"columns\":[],\"head\":[[\"a\",null],[]],\"cut\":false,\"notes\":[],\"warnings\":[]}");
}

static void free_objects_travel_as_they_are(void **state)
{
    (void)state;
    struct mg_wire_study_edit value;
    assert_int_equal(read_as(&mg_wire_type_study_edit, "{\"document\":{\"q1\":5,\"q2\":null}}", &value), 0);
    assert_string_equal(value.document, "{\"q1\":5,\"q2\":null}");
    assert_false(value.has_version);
}

static void what_is_read_once_is_lent(void **state)
{
    (void)state;
    static const char text[] = "{\"answers\":{\"q1\":5,\"q2\":null}}";
    struct mg_wire_response_create value;
    json_t *json = mg_json_parse(text, strlen(text), 1 << 20, &error);
    assert_int_equal(mg_wire_read(arena, &mg_wire_type_response_create, json, &value, &error), 0);
    assert_ptr_equal(value.answers, json_object_get(json, "answers"));
    expect_text(&mg_wire_type_response_create, &value, text);
    json_decref(json);
}

struct broken {
    const struct mg_wire_type *type;
    const char *text, *field, *message;
};

static void each_rule_is_named_with_its_place(void **state)
{
    (void)state;
    static const char ids[] = "{\"upload_id\":\"01J00000000000000000000000\",\"study_id\":"
                              "\"01J00000000000000000000001\",\"mapping\":";
    const struct broken cases[] = {
        {&mg_wire_type_user_create, "{\"name\":\"a\",\"email\":\"a@b.cn\",\"role\":\"owner\"}", "/password",
         "“password” is missing."},
        {&mg_wire_type_user_create,
         "{\"name\":\"\",\"email\":\"a@b.cn\",\"role\":\"owner\",\"password\":\"0123456789\"}", "/name",
         "“name” must have at least 1 characters."},
        {&mg_wire_type_user_create,
         "{\"name\":\"a\",\"email\":\"a.cn\",\"role\":\"owner\",\"password\":\"0123456789\"}", "/email",
         "“email” must be an e-mail address such as name@example.com."},
        {&mg_wire_type_user_create,
         "{\"name\":\"a\",\"email\":\"a@b.cn\",\"role\":\"boss\",\"password\":\"0123456789\"}", "/role",
         "“role” must be one of: viewer, agent, trainer, analyst, owner."},
        {&mg_wire_type_user_create,
         "{\"name\":1,\"email\":\"a@b.cn\",\"role\":\"owner\",\"password\":\"0123456789\"}", "/name",
         "“name” must be a text."},
        {&mg_wire_type_user_create, "{\"a/b~c\":1}", "/a~1b~0c", "There is no field “a/b~c” here."},
        {&mg_wire_type_user_create, "[]", "", "“/” must be an object."},
        {&mg_wire_type_response_create, "{\"answers\":[]}", "/answers", "“answers” must be an object."},
        {&mg_wire_type_response_create, "{\"answers\":{},\"weight\":0}", "/weight",
         "“weight” must be more than 0."},
        {&mg_wire_type_response_create, "{\"answers\":{},\"weight\":1e10}", "/weight",
         "“weight” may be at most 1000000000."},
        {&mg_wire_type_response_create, "{\"answers\":{},\"at\":\"yesterday at noon\"}", "/at",
         "“at” must be a time such as 2026-01-18T13:40:00Z."},
        {&mg_wire_type_organisation_update, "{\"name\":\"a\",\"version\":1.5}", "/version",
         "“version” must be a whole number."},
        {&mg_wire_type_view_edit, "{\"name\":\"a\",\"path\":\"/\",\"shared\":1}", "/shared",
         "“shared” must be true or false."},
        {&mg_wire_type_api_key_create, "{\"name\":\"a\",\"scopes\":[]}", "/scopes",
         "“scopes” must have at least 1 entries."},
        {&mg_wire_type_api_key_create, "{\"name\":\"a\",\"scopes\":[\"read\",\"x\"]}", "/scopes/1",
         "“scopes” must be one of: read, write, intake."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char value[1024];
        assert_int_equal(read_as(cases[i].type, cases[i].text, value), MG_E_INVALID);
        assert_string_equal(error.field, cases[i].field);
        assert_string_equal(error.message, cases[i].message);
    }
    char text[400];
    snprintf(text, sizeof text, "%s[{\"source\":\"q\",\"target\":\"a\"},{\"source\":\"q\"}]}", ids);
    struct mg_wire_import_create import;
    assert_int_equal(read_as(&mg_wire_type_import_create, text, &import), MG_E_INVALID);
    assert_string_equal(error.field, "/mapping/1/target");
}

static const char *query_get(void *user, const char *name, size_t i)
{
    const char *const *pairs = user;
    for (; *pairs; pairs += 2)
        if (strcmp(pairs[0], name) == 0 && i-- == 0)
            return pairs[1];
    return NULL;
}

static void query_texts_are_typed(void **state)
{
    (void)state;
    const char *pairs[] = {"ci", "0.9", "boot", "200", "by", "region", NULL};
    struct mg_wire_get_gaps_query query;
    assert_int_equal(
        mg_wire_read_query(arena, &mg_wire_type_get_gaps_query, query_get, pairs, &query, &error), 0);
    assert_float_equal(query.ci, 0.9, 0);
    assert_int_equal(query.boot, 200);
    assert_int_equal(query.seed, 1);
    assert_string_equal(query.by, "region");
    const char *wrong[] = {"boot", "many", NULL};
    assert_int_equal(
        mg_wire_read_query(arena, &mg_wire_type_get_gaps_query, query_get, wrong, &query, &error),
        MG_E_INVALID);
    assert_string_equal(error.field, "/boot");
}

static void texts_of_enums_go_both_ways(void **state)
{
    (void)state;
    enum mg_wire_language language = MG_WIRE_LANGUAGE_EN;
    assert_true(mg_wire_language_parse("zh-CN", &language));
    assert_string_equal(mg_wire_language_text(language), "zh-CN");
    assert_false(mg_wire_language_parse("fr", &language));
    assert_int_equal(language, MG_WIRE_LANGUAGE_ZH_CN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_what_it_wrote, set_up, tear_down),
        cmocka_unit_test_setup_teardown(defaults_stand_in_for_absent_fields, set_up, tear_down),
        cmocka_unit_test_setup_teardown(absent_and_null_are_written_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lists_of_lists_hold_nulls, set_up, tear_down),
        cmocka_unit_test_setup_teardown(free_objects_travel_as_they_are, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_read_once_is_lent, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_rule_is_named_with_its_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(query_texts_are_typed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(texts_of_enums_go_both_ways, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("wire", tests, NULL, NULL);
}
