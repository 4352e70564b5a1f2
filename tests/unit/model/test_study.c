/* The study reader: a good file reads and writes back equal; each kind of bad file fails with its line, its
 * key and its reason. */
#include <math.h>
#include <stdlib.h>

#include "model/jsontext.h"
#include "study.h"

static const char good[] =
    "{\"study\": \"kiosk\",\n"
    " \"title\": {\"en\": \"Kiosk\", \"zh-CN\": \"自助机\"},\n"
    " \"items\": [\n"
    "   {\"code\": \"01\", \"dimension\": \"rel\", \"touchpoint\": \"repair\", \"expectation\": \"E01\",\n"
    "    \"perception\": \"P01\", \"adequate\": \"A01\", \"importance\": \"I01\", \"truth\": -0.5},\n"
    "   {\"code\": \"02\", \"label\": \"Only perceived\", \"perception\": \"P02\", \"reverse\": true,\n"
    "    \"scale\": {\"min\": 0, \"max\": 100, \"step\": 0}}],\n"
    " \"dimensions\": [{\"code\": \"rel\", \"label\": \"Reliability\", \"weight\": 32}],\n"
    " \"touchpoints\": [{\"code\": \"repair\", \"stage\": \"after\"}],\n"
    " \"scale\": {\"min\": 1, \"max\": 7},\n"
    " \"missing\": {\"rule\": \"listwise\", \"codes\": [99, 98], \"min_answered\": 0.75},\n"
    " \"outcomes\": [{\"code\": \"nps\", \"kind\": \"nps\", \"column\": \"Q9\"},\n"
    "                {\"code\": \"sat\", \"kind\": \"binary\", \"column\": \"S\", \"positive\": "
    "\"Satisfied\"}],\n"
    " \"groups\": [{\"column\": \"gender\", \"label\": {\"zh-CN\": \"性别\"}}],\n"
    " \"events\": [{\"wave\": \"2\", \"label\": \"Boiler failure\"}],\n"
    " \"wave\": \"wave\", \"weight\": \"w\", \"customer\": \"cid\", \"episode\": \"visit\",\n"
    " \"time\": \"at\", \"id\": \"id\", \"window\": 30}\n";

static void reads_every_key(void **state)
{
    (void)state;
    const struct mg_study *s = parse(good);
    assert_string_equal(s->code, "kiosk");
    assert_string_equal(mg_text_in(&s->title, MG_LANG_ZH, ""), "自助机");
    assert_int_equal(s->n_items, 2);
    assert_int_equal(s->items[0].dimension, 0);
    assert_int_equal(s->items[0].touchpoint, 0);
    assert_string_equal(s->items[0].adequate, "A01");
    assert_true(s->items[0].truth == -0.5);
    assert_true(s->items[0].scale.max == 7 && s->items[0].importance_scale.max == 7);
    assert_true(s->items[1].scale.max == 100 && s->items[1].scale.step == 0);
    assert_true(s->items[1].reverse && isnan(s->items[1].truth));
    assert_true(s->items[1].dimension == SIZE_MAX);
    assert_string_equal(mg_text_in(&s->items[1].label, MG_LANG_ZH, ""), "Only perceived");
    assert_true(s->dimensions[0].weight == 32);
    assert_int_equal(s->touchpoints[0].stage, MG_STAGE_AFTER);
    assert_int_equal(s->missing_rule, MG_MISSING_LISTWISE);
    assert_int_equal(s->n_missing_codes, 2);
    assert_true(s->missing_codes[1] == 98 && s->min_answered == 0.75);
    assert_true(s->outcomes[0].scale.min == 0 && s->outcomes[0].scale.max == 10);
    assert_string_equal(s->outcomes[1].positive, "Satisfied");
    assert_string_equal(s->groups[0].code, "gender");
    assert_string_equal(s->events[0].wave, "2");
    assert_string_equal(s->id, "id");
    assert_string_equal(s->episode, "visit");
    assert_true(mg_study_window(s) == 30);
    assert_true(mg_study_has_gap(s));
    assert_int_equal(mg_study_find_item(s, "02"), 1);
    assert_true(mg_study_find_item(s, "03") == SIZE_MAX);
}

static char *written(const struct mg_study *study)
{
    struct mg_buf out;
    mg_buf_init(&out, MG_STUDY_BYTES_MAX);
    mg_study_write(study, &out);
    char *text = mg_buf_take(&out, NULL);
    assert_non_null(text);
    return text;
}

static void writes_what_reads_back_equal(void **state)
{
    (void)state;
    char *once = written(parse(good));
    char *twice = written(parse(once));
    assert_string_equal(once, twice);
    assert_non_null(strstr(once, "\"truth\": -0.5"));
    free(once);
    free(twice);
}

/* Each row: the text, what the message must hold, where it must point, and the hint ("" = don't care). */
static void bad_files_name_line_and_key(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message, *where, *hint;
    } cases[] = {
        {"[]", "an object", "line 1, /", ""},
        {"{\"study\": \"a\",\n\"itmes\": []}", "unknown key “itmes”", "line 2, /itmes", "“items”"},
        {"{\"study\": \"a\"}", "“items” is missing", "line 1, /", ""},
        {"{\"items\": []}", "“study” is missing", "line 1, /", ""},
        {"{\"study\": \"a\",\n\n\"items\": []}", "at least one item", "line 3, /items", ""},
        {"{\"study\": \"\", \"items\": []}", "1 to 64 bytes", "line 1, /study", ""},
        {"{\"study\": \"a\\nb\", \"items\": []}", "control character", "line 1, /study", ""},
        {"{\"study\": 7, \"items\": []}", "a text is wanted", "line 1, /study", ""},
        {"{\"study\": \"a\", \"scale\": {\"min\": 1,\n\"max\": \"7\"}, \"items\": []}", "a number is wanted",
         "line 2, /scale/max", ""},
        {"{\"study\": \"a\", \"scale\": {\"min\": 7, \"max\": 1}, \"items\": []}", "min below max", "/scale",
         ""},
        {"{\"study\": \"a\", \"scale\": {\"min\": 1, \"max\": 500}, \"items\": []}", "500", "/scale", ""},
        {"{\"study\": \"a\", \"scale\": {\"min\": 1, \"max\": 2, \"step\": 0.3}, \"items\": []}", "step",
         "/scale", ""},
        {"{\"study\": \"a\", \"items\": [\n{\"code\": \"1\", \"perception\": \"P\"}]}", "has no scale",
         "line 2, /items/0", ""},
        {"{\"study\": \"a\", \"scale\": {\"min\": 1, \"max\": 7}, \"items\": [\n{\"code\": \"1\"}]}",
         "perception", "line 2, /items/0", ""},
        {"{\"study\": \"a\", \"scale\": {\"min\": 1, \"max\": 7}, \"items\": [{\"code\": \"1\", "
         "\"perception\": \"P\"},\n"
         "{\"code\": \"1\", \"perception\": \"Q\"}]}",
         "second time", "line 2, /items/1", ""},
        {"{\"study\": \"a\", \"scale\": {\"min\": 1, \"max\": 7}, \"items\": [{\"code\": \"1\", "
         "\"perception\": \"P\"},\n"
         "{\"code\": \"2\",\n \"expectation\": \"P\"}]}",
         "“P” stands here", "line 3, /items/1/expectation", ""},
        {"{\"study\": \"a\", \"scale\": {\"min\": 1, \"max\": 7},\n\"items\": [{\"code\": "
         "\"1\",\n\"dimension\": \"x\"}]}",
         "no dimension “x”", "line 3, /items/0/dimension", ""},
        {"{\"study\": \"a\", \"touchpoints\": [{\"code\": \"t\", \"stage\": \"later\"}], \"items\": []}",
         "before, during, after", "/touchpoints/0/stage", ""},
        {"{\"study\": \"a\", \"dimensions\": [{\"code\": \"t\", \"weight\": 3}, {\"code\": \"u\"}], "
         "\"items\": []}",
         "all dimensions", "/dimensions", ""},
        {"{\"study\": \"a\", \"dimensions\": [{\"code\": \"t\", \"weight\": 0}], \"items\": []}", "above 0",
         "/dimensions/0/weight", ""},
        {"{\"study\": \"a\", \"missing\": {\"codes\": [1,2,3,4,5,6,7,8,9]}, \"items\": []}", "at most 8",
         "/missing/codes", ""},
        {"{\"study\": \"a\", \"missing\": {\"min_answered\": 2}, \"items\": []}", "0 to 1",
         "/missing/min_answered", ""},
        {"{\"study\": \"a\", \"window\": 0, \"items\": [{\"code\": \"1\", \"perception\": \"P\", "
         "\"scale\": {\"min\": 1, \"max\": 7}}]}",
         "days above 0", "/window", ""},
        {"{\"study\": \"a\", \"study\": \"b\"}", "not valid JSON", "line 1", ""},
        {"{\"study\": \"a\",\n \"items\": [}", "line 2", "line 2", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct mg_error error = {0};
        const struct mg_study *study = NULL;
        assert_true(mg_study_parse(arena, cases[i].text, strlen(cases[i].text), &study, &error) < 0);
        assert_null(study);
        if (!strstr(error.message, cases[i].message) || !strstr(error.field, cases[i].where) ||
            !strstr(error.hint, cases[i].hint))
            fail_msg("case %zu: “%s” at “%s”, hint “%s”", i, error.message, error.field, error.hint);
    }
}

/* The item's own, else the study's; what says no more than the item's scale says nothing. */
static void expectations_on_a_scale_of_their_own(void **state)
{
    (void)state;
    static const char text[] =
        "{\"study\": \"s\", \"scale\": {\"min\": 1, \"max\": 7},\n"
        " \"expectation_scale\": {\"min\": 0, \"max\": 10},\n"
        " \"items\": [{\"code\": \"a\", \"expectation\": \"E1\", \"perception\": \"P1\"},\n"
        "  {\"code\": \"b\", \"expectation\": \"E2\", \"perception\": \"P2\",\n"
        "   \"expectation_scale\": {\"min\": 1, \"max\": 5}},\n"
        "  {\"code\": \"c\", \"expectation\": \"E3\", \"perception\": \"P3\",\n"
        "   \"expectation_scale\": {\"min\": 1, \"max\": 7}},\n"
        "  {\"code\": \"d\", \"perception\": \"P4\"},\n"
        "  {\"code\": \"e\", \"perception\": \"P5\", \"adequate\": \"A5\"},\n"
        "  {\"code\": \"f\", \"expectation\": \"E6\", \"scale\": {\"min\": 0, \"max\": 10}}]}";
    static const double highest[] = {10, 5, 7, 7, 10, 10};
    static const bool rescaled[] = {true, true, false, false, true, false};
    const struct mg_study *s = parse(text);
    struct mg_buf out;
    mg_buf_init(&out, MG_STUDY_BYTES_MAX);
    mg_study_write(s, &out);
    const struct mg_study *again = parse(out.data);
    for (size_t i = 0; i < s->n_items; i++) {
        assert_true(mg_item_expectation_scale(&s->items[i])->max == highest[i]);
        assert_true(mg_item_is_rescaled(&s->items[i]) == rescaled[i]);
        assert_true(mg_item_expectation_scale(&again->items[i])->max == highest[i]);
        assert_true(mg_item_is_rescaled(&again->items[i]) == rescaled[i]);
    }
    mg_buf_done(&out);
}

static void outcomes_keep_their_definitions(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "{\"code\": \"n\", \"kind\": \"nps\", \"column\": \"Q\", \"scale\": {\"min\": 1, \"max\": 7}}",
        "{\"code\": \"n\", \"kind\": \"binary\", \"column\": \"Q\", \"scale\": {\"min\": 1, \"max\": 7}}",
        "{\"code\": \"n\", \"kind\": \"csat\", \"column\": \"Q\", \"positive\": \"yes\"}",
        "{\"code\": \"n\", \"kind\": \"ces\"}",
        "{\"code\": \"n\", \"kind\": \"csat\", \"column\": \"Q\", \"top\": 1}",
        "{\"code\": \"n\", \"kind\": \"csat\", \"column\": \"Q\", \"top\": 8}",
        "{\"code\": \"n\", \"kind\": \"index\", \"column\": \"Q\", \"top\": 6}",
        "{\"code\": \"n\", \"kind\": \"csat\", \"column\": \"Q\", \"high_means\": \"effort\"}",
        "{\"code\": \"n\", \"kind\": \"ces\", \"column\": \"Q\", \"high_means\": \"7\"}",
        "{\"code\": \"n\", \"kind\": \"mood\", \"column\": \"Q\"}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char text[600];
        snprintf(text, sizeof text,
                 "{\"study\": \"a\", \"scale\": {\"min\": 1, \"max\": 7}, \"items\": [{\"code\": \"1\", "
                 "\"perception\": "
                 "\"P\"}],\n\"outcomes\": [%s]}",
                 bad[i]);
        struct mg_error error = {0};
        const struct mg_study *study = NULL;
        assert_true(mg_study_parse(arena, text, strlen(text), &study, &error) < 0);
        assert_non_null(strstr(error.field, "line 2, /outcomes/0"));
    }
}

/* The two highest of 4 to 7 whole steps; else what the study says, or nothing. */
static void top_boxes(void **state)
{
    (void)state;
    static const struct {
        struct mg_outcome outcome;
        enum mg_top_box box;
        double from;
    } cases[] = {
        {{.scale = {1, 5, 1}}, MG_TOP_BOX_TWO, 4},
        {{.scale = {1, 4, 1}}, MG_TOP_BOX_TWO, 3},
        {{.scale = {1, 7, 1}}, MG_TOP_BOX_TWO, 6},
        {{.scale = {1, 3, 1}}, MG_TOP_BOX_UNKNOWN, -1},
        {{.scale = {0, 1, 1}}, MG_TOP_BOX_UNKNOWN, -1},
        {{.scale = {0, 10, 1}}, MG_TOP_BOX_UNKNOWN, -1},
        {{.scale = {0, 100, 1}}, MG_TOP_BOX_UNKNOWN, -1},
        {{.scale = {1, 5, 0}}, MG_TOP_BOX_UNKNOWN, -1},
        {{.scale = {1, 5, 0.5}}, MG_TOP_BOX_UNKNOWN, -1},
        {{.scale = {0, 10, 1}, .has_top = true, .top = 8}, MG_TOP_BOX_GIVEN, 8},
        {{.scale = {0, 1, 1}, .has_top = true, .top = 1}, MG_TOP_BOX_GIVEN, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double from = -1;
        assert_int_equal(mg_outcome_top_box(&cases[i].outcome, &from), cases[i].box);
        assert_true(from == cases[i].from);
    }
}

static void errors_come_in_chinese_too(void **state)
{
    (void)state;
    struct mg_error error = {.lang = MG_LANG_ZH};
    const struct mg_study *study = NULL;
    static const char text[] = "{\"study\": \"a\", \"itmes\": []}";
    assert_true(mg_study_parse(arena, text, strlen(text), &study, &error) < 0);
    assert_non_null(strstr(error.message, "不认识的键"));
}

static void finds_lines_whatever_stands_between(void **state)
{
    (void)state;
    static const char text[] =
        "{\"a\\\"}{\": \"]\\\"\",\n\"b\": [1, {\"c\": [[], {}]},\n  {\"d\":\n5}], \"e\":\n\n6}";
    size_t n = strlen(text);
    assert_int_equal(mg_jsontext_line(text, n, ""), 1);
    assert_int_equal(mg_jsontext_line(text, n, "/b"), 2);
    assert_int_equal(mg_jsontext_line(text, n, "/b/1/c/1"), 2);
    assert_int_equal(mg_jsontext_line(text, n, "/b/2"), 3);
    assert_int_equal(mg_jsontext_line(text, n, "/b/2/d"), 3);
    assert_int_equal(mg_jsontext_line(text, n, "/e"), 4);
    assert_int_equal(mg_jsontext_line(text, n, "/b/9"), 2); /* nowhere: the enclosing value */
    assert_int_equal(mg_jsontext_line(text, n, "/none"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_key),
        cmocka_unit_test(writes_what_reads_back_equal),
        cmocka_unit_test(bad_files_name_line_and_key),
        cmocka_unit_test(expectations_on_a_scale_of_their_own),
        cmocka_unit_test(outcomes_keep_their_definitions),
        cmocka_unit_test(top_boxes),
        cmocka_unit_test(errors_come_in_chinese_too),
        cmocka_unit_test(finds_lines_whatever_stands_between),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
