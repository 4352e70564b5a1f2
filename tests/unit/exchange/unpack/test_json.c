/* JSON in every layout becomes rows: names, cells, line numbers, and what is wrong with it. */
#include "exchange/unpack/rowtext.h"
#include "unpacked.h"

static void write_text(const char *text)
{
    write_bytes(text, strlen(text));
}

static int unpack(void)
{
    struct mg_unpack_options options = {.max_bytes = (int64_t)1 << 30};
    error = (struct mg_error){0};
    return mg_unpack_json(from, "data.json", &options, to, arena, &unpacked, &error);
}

static void assert_unpacks(const char *json, const char *csv)
{
    write_text(json);
    if (unpack() != 0)
        fail_msg("%s: %s", json, error.message);
    assert_text(csv);
}

static void assert_refused(const char *json, int code, const char *part)
{
    write_text(json);
    int rc = unpack();
    if (rc != code || !strstr(error.message, part))
        fail_msg("%s: %d %s", json, rc, error.message);
}

static void every_layout_gives_the_same_rows(void **state)
{
    (void)state;
    static const char csv[] = "a,b\n1,x\n,y\n";
    assert_unpacks("{\"a\":1,\"b\":\"x\"}\n{\"b\":\"y\"}\n", csv);
    assert_int_equal(unpacked.format, MG_FILE_JSONL);
    assert_unpacks("[{\"a\":1,\"b\":\"x\"},\n{\"b\":\"y\"}]", csv);
    assert_int_equal(unpacked.format, MG_FILE_JSON);
    assert_unpacks("[\n{\"a\":1,\"b\":\"x\"},\n{\"b\":\"y\"}\n]\n", "a,b\n\n1,x\n,y\n");
    assert_unpacks("[{\"a\":1,\"b\":\"x\"}\n,\n\n{\"b\":\"y\"}]", "a,b\n1,x\n\n\n,y\n");
    assert_unpacks("{\n\"a\":1,\n\"b\":\"x\"}\n{\"b\":\"y\"}\n", "a,b\n1,x\n\n\n,y\n");
    assert_unpacks("{\"a\":1,\n\"b\":\"x\"}\n{\"b\":\"y\"}", "a,b\n1,x\n\n,y\n");
    assert_int_equal(unpacked.n_notes, 0);
}

/* Lines are the user's, unless two records share one: then it is the records that are counted, and said. */
static void records_on_one_line_are_counted(void **state)
{
    (void)state;
    assert_unpacks("\n\n[{\"a\":1},{\"a\":2},\n{\"a\":3}]", "a\n1\n2\n3\n");
    assert_int_equal(unpacked.counted, MG_COUNTED_RECORDS);
    assert_int_equal(unpacked.n_notes, 1);
    assert_non_null(strstr(unpacked.notes[0].en, "third record"));
    assert_non_null(strstr(unpacked.notes[0].zh, "第三条"));
    assert_unpacks("\n\n[{\"a\":1},\n{\"a\":2}]", "a\n\n\n1\n2\n");
    assert_int_equal(unpacked.counted, MG_COUNTED_LINES);
}

static void a_wrapped_list_is_found(void **state)
{
    (void)state;
    assert_unpacks("{\"count\": 2, \"next\": null, \"tags\": [1, 2], \"results\": [{\"a\":1},\n{\"a\":2}], "
                   "\"end\": {\"x\": []}}",
                   "a\n1\n2\n");
    assert_non_null(strstr(unpacked.notes[0].en, "“results”"));
    assert_int_equal(unpacked.format, MG_FILE_JSON);
    /* of several the one whose name says so, and the rest is said */
    assert_unpacks("{\"questions\": [{\"q\":1}], \"responses\": [{\"a\":1},\n{\"a\":2}]}\n", "a\n1\n2\n");
    assert_int_equal(unpacked.n_notes, 2);
    assert_non_null(strstr(unpacked.notes[1].en, "2 lists"));
    assert_unpacks("{\n  \"surveys\": [\n    {\"a\":1}\n  ]\n}\n", "a\n\n\n1\n");
    /* an object a line, each with a list, wraps nothing */
    assert_unpacks("{\"a\":1,\"r\":[{\"b\":2}]}\n{\"a\":3}\n", "a,r.0.b\n1,2\n3,\n");
}

static void a_list_is_found_within_objects(void **state)
{
    (void)state;
    assert_unpacks("{\"status\": {\"code\": 200}, \"data\": {\"page\": {\"n\": 1}, \"responses\": "
                   "[{\"a\":1},\n{\"a\":2}], \"more\": false}}",
                   "a\n1\n2\n");
    assert_non_null(strstr(unpacked.notes[0].en, "“data.responses”"));
    /* a list further out goes before one whose name isn't known, one that is called so before both */
    assert_unpacks("{\"survey\": {\"pages\": [{\"q\":1}]}, \"entries\": [{\"a\":1},\n{\"a\":2}]}",
                   "a\n1\n2\n");
    assert_unpacks("{\"questions\": [{\"q\":1}], \"result\": {\"responses\": [{\"a\":1},\n{\"a\":2}]}}",
                   "a\n1\n2\n");
    assert_int_equal(unpacked.n_notes, 2);
}

static void columns_and_bare_rows_are_no_records(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{\"a\": [1, 2], \"b\": [\"x\", null]}", "{\"a\": {\"0\": 1, \"1\": 2}, \"b\": {\"0\": 3, \"1\": 4}}",
        "{\"columns\": [\"a\", \"b\"],\n \"index\": [0], \"data\": [[1, 2]]}"};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        assert_refused(texts[i], MG_E_UNSUPPORTED, "not records");
        assert_non_null(strstr(error.hint, "records"));
    }
    assert_refused("[[\"a\", \"b\"], [1, 2]]", MG_E_INVALID, "no JSON object");
    /* one answer, whose questions are in groups */
    assert_unpacks("{\"E\": {\"q1\": 5, \"q2\": 6}, \"P\": {\"q1\": 4}}", "E.q1,E.q2,P.q1\n5,6,4\n");
    assert_unpacks("{\"id\": 1, \"tags\": [1, 2]}", "id,tags\n1,1;2\n");
    assert_unpacks("{\"tags\": [1, 2]}", "tags\n1;2\n");
}

static void what_isnt_finite_is_missing(void **state)
{
    (void)state;
    assert_unpacks("{\"a\":NaN,\"b\":1}\n{\"a\":-Infinity,\"b\":[Infinity,2]}\n", "a,b\n,1\n,2\n");
    assert_unpacks("{\"a\":1}\n{\"a\":Nan}\n{\"a\":-Inf}\n", "a\n1\n,!\n,!\n");
}

static void nested_values_have_dotted_names(void **state)
{
    (void)state;
    assert_unpacks("{\"id\":1,\"a\":{\"b\":{\"c\":\"x\"},\"d\":2},\"e\":[\"p\",\"q\",3,true,null]}\n",
                   "id,a.b.c,a.d,e\n1,x,2,p;q;3;true\n");
    assert_unpacks("{\"a\":[{\"b\":1},{\"b\":2,\"c\":3}]}\n{\"a\":[{\"c\":4}]}\n",
                   "a.0.b,a.1.b,a.1.c,a.0.c\n1,2,3,\n,,,4\n");
    assert_unpacks("{\"a\":[[1,2],[3]],\"b\":[1,{\"c\":2}]}\n", "a.0,a.1,b.0,b.1.c\n1;2,3,1,2\n");
    /* what is empty in one record and an object in another is one thing; what is empty everywhere is a column
     */
    assert_unpacks(
        "{\"a\":null,\"b\":[],\"c\":{},\"d\":null}\n{\"a\":{\"x\":1},\"b\":[{\"y\":2}],\"c\":{\"z\":3}}\n",
        "d,a.x,b.0.y,c.z\n,,,\n,1,2,3\n");
    assert_unpacks("{\"a\":\"1\",\"ab\":2}\n", "a,ab\n1,2\n");
}

/* A log of a hundred steps and one is a text, not a thousand columns. */
static void a_long_list_of_objects_stays_text(void **state)
{
    (void)state;
    struct mg_buf json, csv;
    mg_buf_init(&json, 1 << 16);
    mg_buf_init(&csv, 1 << 16);
    mg_buf_puts(&json, "{\"log\":[");
    for (int i = 0; i <= MG_JSON_NUMBERED_MAX; i++)
        mg_buf_puts(&json, i ? ",{}" : "{}");
    mg_buf_puts(&csv, "log,b\n\"");
    mg_buf_puts(&csv, json.data + 7);
    mg_buf_puts(&csv, "]\",1\n,2\n");
    mg_buf_puts(&json, "],\"b\":1}\n{\"b\":2}\n");
    assert_unpacks(json.data, csv.data);
    mg_buf_done(&json);
    mg_buf_done(&csv);
}

static void values_stay_as_written(void **state)
{
    (void)state;
    assert_unpacks("{\"a\":1.50,\"b\":12345678901234567890,\"c\":-0.1E+5,\"d\":true,\"e\":false}\n",
                   "a,b,c,d,e\n1.50,12345678901234567890,-0.1E+5,true,false\n");
    assert_unpacks(
        "{\"a\":\"x\\\"y\\\\\\/\\b\\n\\t\\u00e9\\u4e2d\\ud83d\\ude00\",\"b\":\"a,b\",\"c\":\" \"}\n",
        "a,b,c\n\"x\"\"y\\/\b\n\té中😀\",\"a,b\",\" \"\n");
    assert_unpacks("{\"a\":\"cut \\ud83d\",\"b\":\"\\ude00\"}\n", "a,b\ncut \xEF\xBF\xBD,\xEF\xBF\xBD\n");
    assert_unpacks("{\"a\":\"\"}\n{\"a\":null}\n{}\n", "a\n\"\"\n\"\"\n\"\"\n");
}

/* A broken record is one bad row, and names no columns. */
static void a_broken_record_spoils_no_other(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "{\"a\":1,\"a\":2}",
        "{\"z\":1,",
        "{\"a\":01}",
        "{\"a\":1.}",
        "{\"a\":.5}",
        "{\"a\":1e}",
        "{\"a\":+1}",
        "{\"a\":nul}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u00\"}",
        "{\"a\":\"\\u0000\"}",
        "{\"a\":\"\t\"}",
        "{\"a\" 1}",
        "{a:1}",
        "{\"a\":1} x",
        "[1]",
        "7",
        "broken",
        "{\"a\":[1,]}",
        "{\"a\":[{}}",
        "{\"a\":tru",
        "{\"a\":1,}",
        "{\"a\":[1 2]}",
        "{\"a\":\"\\ud83d\\u12\"}",
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        char text[200];
        snprintf(text, sizeof text, "{\"a\":1}\n%s\n{\"a\":3}\n", broken[i]);
        assert_unpacks(text, "a\n1\n,!\n3\n");
    }
    char deep[500] = "{\"a\":";
    memset(deep + 5, '[', 40);
    strcpy(deep + 45, "0");
    memset(deep + 46, ']', 40);
    strcpy(deep + 86, "}\n{\"a\":3}\n");
    assert_unpacks(deep, "a\n,!\n3\n");
    assert_unpacks("[{\"a\":1},\n2,\n\"x\",\n{\"a\":[{\"b\":1}}],\n{\"a\":2}]", "a\n1\n,!\n,!\n,!\n2\n");
}

static void what_breaks_off_names_its_line(void **state)
{
    (void)state;
    assert_refused("[{\"a\":1},\n{\"a\":2}\n", MG_E_INVALID, "line 3");
    assert_refused("[{\"a\":1},\n{\"a\":", MG_E_INVALID, "line 2");
    assert_refused("[{\"a\":1}\n{\"a\":2}]", MG_E_INVALID, "line 2");
    assert_refused("[{\"a\":1},\n]", MG_E_INVALID, "line 2");
    assert_refused("[{\"a\":1}]\n\nx", MG_E_INVALID, "line 3");
    assert_refused("{\n\"a\":1}\n}", MG_E_INVALID, "line 3");
    assert_refused("[]", MG_E_INVALID, "no JSON object");
    assert_refused("[1,2]", MG_E_INVALID, "no JSON object");
    assert_refused("{}", MG_E_INVALID, "no JSON object");
}

static void sizes_have_limits(void **state)
{
    (void)state;
    struct mg_buf text;
    mg_buf_init(&text, 64 << 20);
    mg_buf_puts(&text, "[\n{\"a\":\"");
    for (size_t i = 0; i < MG_JSON_RECORD_MAX; i++)
        mg_buf_putc(&text, 'x');
    mg_buf_puts(&text, "\"}]");
    assert_refused(text.data, MG_E_LIMIT, "line 2");
    mg_buf_reset(&text);
    mg_buf_puts(&text, "[{");
    for (int i = 0; i < 5000; i++)
        mg_buf_printf(&text, "%s\"k%d\":1", i ? "," : "", i);
    mg_buf_puts(&text, "}]");
    assert_refused(text.data, MG_E_LIMIT, "4096");
    mg_buf_reset(&text);
    mg_buf_puts(&text, "[{\"");
    for (int i = 0; i < 5000; i++)
        mg_buf_putc(&text, 'x');
    mg_buf_puts(&text, "\":1}]");
    assert_refused(text.data, MG_E_LIMIT, "4000");
    mg_buf_done(&text);
    struct mg_unpack_options options = {.max_bytes = 20};
    write_text("[{\"a\":\"0123456789\"},{\"a\":\"0123456789\"}]");
    assert_int_equal(mg_unpack_json(from, "data.json", &options, to, arena, &unpacked, &error), MG_E_LIMIT);
}

static void a_full_disk_is_said(void **state)
{
    (void)state;
    struct mg_unpack_options options = {.max_bytes = (int64_t)1 << 30};
    write_text("[{\"a\":1}]");
    assert_int_equal(mg_unpack_json(from, "data.json", &options, "/dev/full", arena, &unpacked, &error),
                     MG_E_FULL);
    FILE *file = fopen(from, "wb");
    for (int i = 0; i < 100000; i++)
        fprintf(file, "{\"a\":%d}\n", i);
    fclose(file);
    assert_int_equal(mg_unpack_json(from, "data.json", &options, "/dev/full", arena, &unpacked, &error),
                     MG_E_FULL);
}

/* 40 MB on one line, in memory that doesn't know it. */
static void a_long_list_is_streamed(void **state)
{
    (void)state;
    FILE *file = fopen(from, "wb");
    assert_non_null(file);
    fputs("{\"responses\":[{\"id\":0}", file);
    for (int i = 1; i < 400000; i++)
        fprintf(file, ", {\"id\":%d,\"answers\":{\"E1\":7,\"P1\":5,\"text\":\"%060d\"}}", i, i);
    fputs("]}", file);
    fclose(file);
    forget_peak();
    assert_int_equal(unpack(), 0);
    if (MEMORY_IS_OURS && peak_mb() > 40)
        fail_msg("%ld MiB", peak_mb());
    assert_true(strncmp(unpacked_text(), "id,answers.E1,answers.P1,answers.text\n0,,,\n1,7,5,0", 45) == 0);
}

/* Through the door that all use. */
static int last_line(void *user, const struct mg_exchange_row *row, struct mg_error *ignored)
{
    (void)ignored;
    *(int64_t *)user = row->line;
    return 0;
}

static void an_exchange_reads_all_layouts(void **state)
{
    (void)state;
    struct mg_exchange_options options = {.name = "data.json", .temp_dir = folder};
    struct mg_exchange *x = NULL;
    int64_t line = 0;
    write_text("[\n  {\n    \"E1\": 7,\n    \"P1\": 5\n  },\n  {\n    \"E1\": 6,\n    \"P1\": 6\n  }\n]\n");
    assert_int_equal(mg_exchange_open(from, &options, &x, &error), 0);
    assert_int_equal(x->format, MG_FILE_JSON);
    assert_int_equal(x->n_columns, 2);
    assert_int_equal(x->rows, 2);
    assert_int_equal(mg_exchange_each(x, last_line, &line, &error), 0);
    assert_int_equal(line, 6);
    struct mg_buf profile;
    mg_buf_init(&profile, 1 << 16);
    mg_exchange_profile(x, &profile);
    mg_exchange_close(x);
    options.profile = profile.data;
    assert_int_equal(mg_exchange_open(from, &options, &x, &error), 0);
    assert_false(x->searched);
    assert_int_equal(x->format, MG_FILE_JSON);
    assert_int_equal(mg_exchange_each(x, last_line, &line, &error), 0);
    assert_int_equal(line, 6);
    mg_exchange_close(x);
    mg_buf_done(&profile);
}

static void numbers_are_written_short(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } rows[] = {{0, "0"},
                {7, "7"},
                {-7, "-7"},
                {10, "10"},
                {0.5, "0.5"},
                {-0.25, "-0.25"},
                {3.1, "3.1"},
                {0.001, "0.001"},
                {1.05, "1.05"},
                {123456.789, "123456.789"},
                {1e15, "1e+15"},
                {999999999999999.0, "999999999999999"},
                {1.0 / 3, "0.3333333333333333"},
                {1e300, "1e+300"},
                {2.5e-7, "2.5e-07"},
                {1e9 + 0.5, "1000000000.5"},
                {-0.0, "0"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[32];
        size_t n = mg_rowtext_format(rows[i].value, text);
        assert_string_equal(text, rows[i].text);
        assert_int_equal(n, strlen(text));
    }
    for (uint64_t i = 1; i < 200000; i++) {
        double value = (double)(i * 2654435761u % 1000000007u) / (double)(1 + i % 1000) * (i % 2 ? 1 : -1);
        char text[32];
        mg_rowtext_format(value, text);
        assert_true(strtod(text, NULL) == value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_layout_gives_the_same_rows),
        cmocka_unit_test(records_on_one_line_are_counted),
        cmocka_unit_test(a_wrapped_list_is_found),
        cmocka_unit_test(a_list_is_found_within_objects),
        cmocka_unit_test(columns_and_bare_rows_are_no_records),
        cmocka_unit_test(what_isnt_finite_is_missing),
        cmocka_unit_test(nested_values_have_dotted_names),
        cmocka_unit_test(a_long_list_of_objects_stays_text),
        cmocka_unit_test(values_stay_as_written),
        cmocka_unit_test(a_broken_record_spoils_no_other),
        cmocka_unit_test(what_breaks_off_names_its_line),
        cmocka_unit_test(sizes_have_limits),
        cmocka_unit_test(a_full_disk_is_said),
        cmocka_unit_test(a_long_list_is_streamed),
        cmocka_unit_test(an_exchange_reads_all_layouts),
        cmocka_unit_test(numbers_are_written_short),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
