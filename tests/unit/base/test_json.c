/* JSON: what the reader refuses and where it says so, what the writer writes, numbers that read back equal.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "base/json.h"
#include "base/rng.h"
#include "base/str.h"

static void reads_and_says_where_it_fails(void **state)
{
    (void)state;
    struct mg_error error = {0};
    const char *good = "{\"a\": [1, 2.5, \"差\"]}", *bad = "{\n \"a\": 1,\n \"b\" 2}";
    json_t *value = mg_json_parse(good, strlen(good), 100, &error);
    assert_non_null(value);
    assert_int_equal(json_array_size(json_object_get(value, "a")), 3);
    json_decref(value);
    assert_null(mg_json_parse(bad, strlen(bad), 100, &error));
    assert_int_equal(error.code, MG_E_INVALID);
    assert_non_null(strstr(error.field, "line 3"));
}

static void refuses_the_dangerous(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t n;
    } bad[] = {
        {"", 0},    {"{\"a\":1,\"a\":2}", 13}, {"[1] x", 5}, {"[1,]", 4}, {"\"a\0b\"", 5}, {"\"\x80\"", 3},
        {"nan", 3}, {"[\"\\u0000\"]", 10},     {"{", 1},     {"'a'", 3}};
    struct mg_error error = {0};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_null(mg_json_parse(bad[i].text, bad[i].n, 100, &error));
        assert_int_equal(error.code, MG_E_INVALID);
    }
    assert_null(mg_json_parse("[1,2,3]", 7, 6, &error));
    assert_int_equal(error.code, MG_E_LIMIT);
    char deep[6000];
    memset(deep, '[', sizeof deep);
    assert_null(mg_json_parse(deep, sizeof deep, sizeof deep, &error));
}

static char *written(struct mg_buf *buf)
{
    mg_buf_add(buf, "", 0);
    assert_false(buf->failed);
    return buf->data;
}

static void writes_containers_with_commas_in_place(void **state)
{
    (void)state;
    struct mg_buf buf;
    mg_buf_init(&buf, 1000);
    struct mg_json_writer out = mg_json_writer(&buf);
    mg_json_open(&out, '{');
    mg_json_key_string(&out, "name", "gap");
    mg_json_key(&out, "list");
    mg_json_open(&out, '[');
    mg_json_int(&out, -3);
    mg_json_open(&out, '[');
    mg_json_close(&out, ']');
    mg_json_number(&out, 0.5);
    mg_json_null(&out);
    mg_json_close(&out, ']');
    mg_json_key_bool(&out, "ok", true);
    mg_json_key_number(&out, "none", NAN);
    mg_json_key_string(&out, "nothing", NULL);
    mg_json_key(&out, "raw");
    mg_json_raw(&out, "{\"x\":1}");
    mg_json_key_int(&out, "big", INT64_MIN);
    mg_json_close(&out, '}');
    assert_string_equal(written(&buf),
                        "{\"name\":\"gap\",\"list\":[-3,[],0.5,null],\"ok\":true,\"none\":null,"
                        "\"nothing\":null,\"raw\":{\"x\":1},\"big\":-9223372036854775808}");
    mg_buf_done(&buf);
}

static void escapes_what_must_be_escaped(void **state)
{
    (void)state;
    struct mg_buf buf;
    mg_buf_init(&buf, 1000);
    struct mg_json_writer out = mg_json_writer(&buf);
    mg_json_string(&out, "\"quoted\" back\\slash\nline\ttab\x01 差距 \xF0\x9F\x98\x80");
    assert_string_equal(written(&buf),
                        "\"\\\"quoted\\\" back\\\\slash\\nline\\u0009tab\\u0001 差距 \xF0\x9F\x98\x80\"");
    mg_buf_reset(&buf);
    out = mg_json_writer(&buf);
    mg_json_string(&out,
                   "bad\x80 \xE5\xB7 \xEF\xBF\xBD end"); /* one U+FFFD a malformed byte; a real one stays */
    assert_string_equal(written(&buf), "\"bad\uFFFD \uFFFD\uFFFD \uFFFD end\"");
    mg_buf_done(&buf);
}

static void numbers_read_back_equal(void **state)
{
    (void)state;
    struct mg_rng rng = mg_rng_init(1, 0);
    char text[32];
    for (int i = 0; i < 20000; i++) {
        double value = (mg_rng_uniform(&rng) - 0.5) * pow(10, (double)mg_rng_below(&rng, 600) - 300);
        mg_format_double(value, text);
        assert_true(strtod(text, NULL) == value);
    }
    static const struct {
        double value;
        const char *text;
    } plain[] = {{0.1, "0.1"},    {-1.10205314, "-1.10205314"},   {3, "3"},
                 {1e21, "1e+21"}, {1. / 3, "0.3333333333333333"}, {5e-324, "4.94065645841247e-324"}};
    for (size_t i = 0; i < ARRAY_LEN(plain); i++) {
        mg_format_double(plain[i].value, text);
        assert_string_equal(text, plain[i].text);
    }
}

/* Any bytes written as a string are valid JSON that reads back, as they were where they were valid UTF-8. */
static void any_text_survives_a_round_trip(void **state)
{
    (void)state;
    struct mg_rng rng = mg_rng_init(2, 0);
    for (int round = 0; round < 3000; round++) {
        char text[40] = {0};
        size_t n = mg_rng_below(&rng, 39);
        for (size_t i = 0; i < n; i++)
            text[i] = (char)(1 + mg_rng_below(&rng, round % 2 ? 127 : 255));
        struct mg_buf buf;
        mg_buf_init(&buf, 1000);
        struct mg_json_writer out = mg_json_writer(&buf);
        mg_json_string(&out, text);
        json_t *back = mg_json_parse(written(&buf), buf.len, 1000, NULL);
        assert_non_null(back);
        if (mg_utf8_valid(text, n))
            assert_string_equal(json_string_value(back), text);
        json_decref(back);
        mg_buf_done(&buf);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_and_says_where_it_fails),
        cmocka_unit_test(refuses_the_dangerous),
        cmocka_unit_test(writes_containers_with_commas_in_place),
        cmocka_unit_test(escapes_what_must_be_escaped),
        cmocka_unit_test(numbers_read_back_equal),
        cmocka_unit_test(any_text_survives_a_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
