/* Which column of a file is which of a study: what is proposed, in which order of likeness, and what can't
 * be. */
#include "fixture.h"

#include "base/str.h"
#include "service/listen/mapping.h"

static const char plain_study[] =
    "{\"study\":\"m\",\"scale\":{\"min\":1,\"max\":7},\"items\":["
    "{\"code\":\"A\",\"label\":{\"en\":\"Warm "
    "rooms\",\"zh-CN\":\"室温\"},\"expectation\":\"E_1\",\"perception\":\"P1\"},"
    "{\"code\":\"B\",\"label\":{\"en\":\"Fast repair\"},\"perception\":\"p-2\"}],"
    "\"outcomes\":[{\"code\":\"N\",\"kind\":\"nps\",\"column\":\"nps\"}],\"groups\":[{\"column\":\"area\"}]}";

static struct mg_fields fields_of(struct fixture *f, const char *text)
{
    const struct mg_study *study;
    struct mg_fields fields;
    SUCCEEDS(mg_study_parse(f->ctx.arena, text, strlen(text), &study, &f->error));
    SUCCEEDS(mg_fields_of(f->ctx.arena, study, &fields, &f->error));
    return fields;
}

static void a_study_wants_its_fields_then_the_properties(void **state)
{
    struct fixture *f = *state;
    const struct mg_wire_target *targets;
    size_t n;
    static const struct {
        const char *column;
        enum mg_wire_target_role role;
    } expected[] = {{"E_1", MG_WIRE_TARGET_ROLE_EXPECTATION}, {"P1", MG_WIRE_TARGET_ROLE_PERCEPTION},
                    {"p-2", MG_WIRE_TARGET_ROLE_PERCEPTION},  {"nps", MG_WIRE_TARGET_ROLE_OUTCOME},
                    {"area", MG_WIRE_TARGET_ROLE_GROUP},      {"wave", MG_WIRE_TARGET_ROLE_WAVE},
                    {"weight", MG_WIRE_TARGET_ROLE_WEIGHT},   {"customer", MG_WIRE_TARGET_ROLE_CUSTOMER},
                    {"time", MG_WIRE_TARGET_ROLE_TIME}};
    struct mg_fields fields = fields_of(f, plain_study);
    SUCCEEDS(mg_mapping_targets(f->ctx.arena, &fields, &targets, &n, &f->error));
    assert_int_equal(n, ARRAY_LEN(expected));
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(targets[i].column, expected[i].column);
        assert_int_equal(targets[i].role, expected[i].role);
    }
    assert_string_equal(targets[5].label.zh_cn, "期次");
    fields = fields_of(
        f, "{\"study\":\"m\",\"scale\":{\"min\":1,\"max\":7},\"items\":[{\"code\":\"A\",\"perception\":"
           "\"P1\"}],\"groups\":[{\"column\":\"quarter\"}],\"wave\":\"quarter\",\"customer\":\"who\"}");
    SUCCEEDS(mg_mapping_targets(f->ctx.arena, &fields, &targets, &n, &f->error));
    assert_int_equal(n, 5); /* P1, quarter (which is the wave too), weight, who, time */
    assert_string_equal(targets[3].column, "who");
}

static void names_are_recognised_by_likeness(void **state)
{
    struct fixture *f = *state;
    struct mg_fields fields = fields_of(f, plain_study);
    static const struct {
        const char *columns[3], *targets[3];
    } cases[] = {
        {{"P1", "E_1", "zzz"}, {"P1", "E_1", NULL}},
        {{"p1", "NPS", "Area"}, {"P1", "nps", "area"}},
        {{"e 1", "P 2", "P-2"}, {"E_1", NULL, "p-2"}},                      /* case beats punctuation */
        {{"P1. How warm was it", "p2 (repair)", "x"}, {"P1", "p-2", NULL}}, /* the first word */
        {{"室温", "fast repair", "Fast Repair!"}, {"E_1", "p-2", NULL}},    /* labels, once each */
        {{"p1", "P1", "WAVE"}, {NULL, "P1", "wave"}}, /* exact first, wherever it stands */
        {{"", "--", "Customer"}, {NULL, NULL, "customer"}},
    };
    for (size_t c = 0; c < ARRAY_LEN(cases); c++) {
        const char **found;
        SUCCEEDS(mg_mapping_propose(f->ctx.arena, &fields, cases[c].columns, NULL, 3, &found, &f->error));
        for (size_t i = 0; i < 3; i++)
            if (!mg_str_equal(found[i], cases[c].targets[i]))
                fail_msg("“%s” became %s", cases[c].columns[i], found[i] ? found[i] : "nothing");
    }
}

static const char *const columns[] = {"a", "b", "c"};

static int resolve(struct fixture *f, const char *study, const struct mg_wire_mapping *mapping, size_t n,
                   const struct mg_target **ret)
{
    struct mg_fields fields = fields_of(f, study);
    return mg_mapping_resolve(f->ctx.arena, &fields, mapping, n, columns, 3, ret, &f->error);
}

/* As many as there may be, of names as long as they come: the last is found by its label. */
static void long_names_and_many_of_them_are_all_looked_at(void **state)
{
    struct fixture *f = *state;
    struct mg_buf text;
    const char *many[800], **targets, *name = mg_arena_printf(f->ctx.arena, "%02500d", 0);
    mg_buf_init(&text, 1 << 20);
    mg_buf_puts(&text, "{\"study\":\"m\",\"scale\":{\"min\":1,\"max\":7},\"items\":[");
    for (int i = 0; i < MG_STUDY_ITEMS_MAX; i++)
        mg_buf_printf(&text, "%s{\"code\":\"A%d\",\"label\":{\"en\":\"Question %d\"},\"perception\":\"P%d\"}",
                      i ? "," : "", i, i, i);
    mg_buf_puts(&text, "]}");
    struct mg_fields fields = fields_of(f, mg_arena_strndup(f->ctx.arena, text.data, text.len));
    mg_buf_done(&text);
    for (size_t i = 0; i < ARRAY_LEN(many) - 1; i++)
        many[i] = name;
    many[ARRAY_LEN(many) - 1] = "question-199";
    SUCCEEDS(mg_mapping_propose(f->ctx.arena, &fields, many, NULL, ARRAY_LEN(many), &targets, &f->error));
    assert_null(targets[0]);
    assert_string_equal(targets[ARRAY_LEN(many) - 1], "P199");
}

static void what_is_not_mapped_feeds_nothing(void **state)
{
    struct fixture *f = *state;
    const struct mg_target *targets;
    static const struct mg_wire_mapping mapping[] = {{"c", "P1"}, {"a", "customer"}};
    SUCCEEDS(resolve(f, plain_study, mapping, 2, &targets));
    assert_true(targets[0].customer && targets[0].field == SIZE_MAX && !targets[0].wave);
    assert_true(targets[1].field == SIZE_MAX && !targets[1].customer);
    assert_int_equal(targets[2].field, 1);
}

static void refusals_name_the_pair(void **state)
{
    struct fixture *f = *state;
    const struct mg_target *targets;
    static const struct {
        struct mg_wire_mapping mapping[2];
        size_t n;
        const char *field, *words;
    } cases[] = {
        {{{"z", "P1"}}, 1, "/mapping/0/source", "The file has no column “z”."},
        {{{"a", "P9"}}, 1, "/mapping/0/target", "The study has no column “P9”."},
        {{{"a", "P1"}, {"b", "P1"}}, 2, "/mapping/1/target", "Two columns of the file are mapped to “P1”."},
        {{{"a", "P1"}, {"a", "E_1"}}, 2, "/mapping/1/source", "The column “a” is mapped twice."},
        {{{"a", "customer"}, {"b", "time"}}, 2, "/mapping", "No column of the file is mapped to an answer"},
        {{{NULL, NULL}}, 0, "/mapping", "No column of the file is mapped to an answer"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_int_equal(resolve(f, plain_study, cases[i].mapping, cases[i].n, &targets), MG_E_INVALID);
        assert_string_equal(f->error.field, cases[i].field);
        assert_non_null(strstr(f->error.message, cases[i].words));
    }
}

/* A column may be the wave and a group at once where the study says so. A group that is merely called like a
 * property is none: "morning" is no time. */
static void a_group_is_a_property_only_where_the_study_says_so(void **state)
{
    struct fixture *f = *state;
    const struct mg_target *targets;
    static const struct mg_wire_mapping mapping[] = {{"a", "P1"}, {"b", "time"}, {"c", "wave"}};
    static const char head[] =
        "{\"study\":\"m\",\"scale\":{\"min\":1,\"max\":7},\"items\":[{\"code\":\"A\",\"perception\":"
        "\"P1\"}],\"groups\":[{\"column\":\"time\"},{\"code\":\"w\",\"column\":\"wave\"}]";
    SUCCEEDS(resolve(f, mg_arena_printf(f->ctx.arena, "%s,\"wave\":\"wave\"}", head), mapping, 3, &targets));
    assert_true(targets[1].field == 1 && !targets[1].time);
    assert_true(targets[2].field == 2 && targets[2].wave);
    SUCCEEDS(resolve(f, mg_arena_printf(f->ctx.arena, "%s}", head), mapping, 3, &targets));
    assert_false(targets[2].wave);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_study_wants_its_fields_then_the_properties, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_are_recognised_by_likeness, set_up, tear_down),
        cmocka_unit_test_setup_teardown(long_names_and_many_of_them_are_all_looked_at, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_mapped_feeds_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refusals_name_the_pair, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_group_is_a_property_only_where_the_study_says_so, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests_name("mapping", tests, NULL, NULL);
}
