/* Opening files: every way a file can be written, and every way it can be broken. */
#include "opened.h"

static void regular_file_is_read_in_place(void **state)
{
    (void)state;
    struct mg_exchange *x = open_text("a,b\n1,2\n\"x,\"\"y\"\"\",\n");
    assert_columns(x, "a|b");
    assert_rows(x, "2:1|2;3:x,\"y\"|;");
    assert_string_equal(x->own->path, path);
    assert_string_equal(x->encoding, "UTF-8");
    assert_int_equal(x->rows, 2);
    assert_int_equal(x->n_notes, 0);
    mg_exchange_close(x);
}

static void delimiters_are_found(void **state)
{
    (void)state;
    static const char delimiters[] = ",;\t|";
    for (const char *d = delimiters; *d; d++) {
        char text[200];
        snprintf(text, sizeof text, "id%cname%cscore\n1%cA, B; C%c3\n2%c\"x%cy\"%c4\n", *d, *d, *d, *d, *d,
                 *d, *d);
        if (*d == ',' || *d == ';')
            snprintf(text, sizeof text, "id%cname%cscore\n1%cAB%c3\n2%c\"x%cy\"%c4\n", *d, *d, *d, *d, *d, *d,
                     *d);
        struct mg_exchange *x = open_text(text);
        assert_int_equal(x->delimiter, *d);
        assert_columns(x, "id|name|score");
        assert_int_equal(x->rows, 2);
        mg_exchange_close(x);
    }
}

static void line_numbers_survive_quoted_line_ends_and_blanks(void **state)
{
    (void)state;
    struct mg_exchange *x = open_text("a,b\r\n\"1\r\n1\",2\r\n\r\n3,4");
    assert_rows(x, "2:1\r\n1|2;5:3|4;");
    assert_source(x, "a,b\n\"1\r\n1\",2\n3,4\n");
    mg_exchange_close(x);
}

static void old_mac_line_ends(void **state)
{
    (void)state;
    struct mg_exchange *x = open_text("a,b\r1,2\r3,4\r");
    assert_rows(x, "2:1|2;3:3|4;");
    mg_exchange_close(x);
}

static void rows_longer_than_the_window(void **state)
{
    (void)state;
    size_t n = 300000;
    char *text = malloc(4 * n + 100);
    char *p = text + sprintf(text, "a,b\n");
    for (int row = 0; row < 3; row++) {
        *p++ = '"';
        memset(p, 'x', n);
        p[7] = '\n';
        p += n;
        p += sprintf(p, "\"\"\",%d\n", row);
    }
    write_bytes(text, (size_t)(p - text));
    struct mg_exchange *x = open_file();
    assert_int_equal(x->rows, 3);
    mg_exchange_close(x);
    free(text);
}

static void encodings_are_found(void **state)
{
    (void)state;
    static const struct {
        const char *icu, *found, *text;
    } cases[] = {
        {"UTF-16LE", "UTF-16LE", "客户编号,地区,分数\n1,城东,5\n2,城西,6\n"},
        {"UTF-16BE", "UTF-16BE", "客户编号,地区,分数\n1,城东,5\n2,城西,6\n"},
        {"gb18030", "GB18030", "客户,地区\n1,北\n"},
        {"gb18030", "GB18030", "地区,分\n北区,1\n北区,2\n北区,3\n北区,4\n北区,5\n北区,6\n北区,7\n"},
        {"gb18030", "GB18030", "客户编号,所在地区,供热温度期望,供热温度感受\n1,城东区,5,3\n2,朝阳区,7,4\n"},
        {"gb18030", "GB18030", "id,评语\n1,室内温度始终不到十八度,希望尽快派人检修,谢谢!\n"},
        {"windows-950", "Big5", "客戶編號,地區,期望\n1,臺北市大安區,服務人員態度親切,希望繼續保持\n"},
        {"windows-31j", "Shift_JIS", "お客様番号,地域,満足度\n1,東京,サービスはとても良かったです\n"},
        {"windows-949", "EUC-KR", "고객번호,지역,만족도\n1,서울,직원이 매우 친절하고 서비스가 좋았습니다\n"},
        {"windows-1252", "windows-1252", "name,ville\n1,Genève\n2,Zürich\n3,Chargé d’affaires\n"},
        {"windows-1252", "windows-1252", "name,comment\nJosé,“good”, he said\n"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        write_encoded(cases[i].text, cases[i].icu);
        struct mg_exchange *x = open_file();
        assert_string_equal(x->encoding, cases[i].found);
        char comma = *strchr(cases[i].text, ',');
        char *header = strndup(cases[i].text, strcspn(cases[i].text, "\n"));
        for (char *p = header; *p; p++)
            if (*p == comma)
                *p = '|';
        assert_columns(x, header);
        free(header);
        mg_exchange_close(x);
    }
}

/* A few letters in the header, and numbers below: what the letters are decides. */
static void encodings_are_found_by_a_short_header(void **state)
{
    (void)state;
    static const struct {
        const char *icu, *found, *header;
    } cases[] = {
        {"windows-949", "EUC-KR", "번호,기대1,체감1,성별"},
        {"windows-949", "EUC-KR", "성별"},
        {"windows-949", "EUC-KR", "문항1,문항2,문항3"},
        {"windows-949", "EUC-KR", "설비,요금,응대"},
        {"gb18030", "GB18030", "编号,期望1,感知1,性别"},
        {"gb18030", "GB18030", "性别"},
        {"gb18030", "GB18030", "小区,楼栋,温度"},
        {"gb18030", "GB18030", "学院,专业,年级"},
        {"windows-950", "Big5", "編號,期望1,感知1,性別"},
        {"windows-950", "Big5", "性別"},
        {"windows-950", "Big5", "通路,門市,評分"},
        {"windows-31j", "Shift_JIS", "番号,期待1,実感1,性別"},
        {"windows-31j", "Shift_JIS", "性別"},
        {"windows-31j", "Shift_JIS", "身長,体重,血液型"},
        {"euc-jp", "EUC-JP", "番号,期待1,実感1,性別"},
        {"euc-jp", "EUC-JP", "お客様番号,地域,満足度"},
        {"UTF-8", "UTF-8", "学院,专业,年级"},
    };
    static const char numbers[] = "\n1,5,3,2\n2,6,4,1\n3,7,7,2\n";
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        for (int far = 0; far <= 1;
             far++) { /* or one, and the others in the last row, behind much that says nothing */
            size_t n = far ? 60000 : 1;
            char *text = malloc(n * strlen(numbers) + 500), *p = text;
            p += sprintf(p, far ? "%.3s,b,c,d" : "%s", cases[i].header);
            for (size_t k = 0; k < n; k++)
                p += sprintf(p, "%s", numbers + (k ? 1 : 0));
            sprintf(p, "%s\n", far ? cases[i].header : "4,4,4,4");
            write_encoded(text, cases[i].icu);
            struct mg_exchange *x = open_file();
            if (strcmp(x->encoding, cases[i].found) != 0)
                fail_msg("%s in %s: %s", cases[i].header, cases[i].found, x->encoding);
            mg_exchange_close(x);
            free(text);
        }
}

static void byte_order_marks(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *encoding;
        size_t n;
    } cases[] = {{("\xEF\xBB\xBF"
                   "a,b\n1,2\n"),
                  "UTF-8", 11},
                 {"\xFF\xFE"
                  "a\0,\0b\0\n\0001\0,\0002\0\n\0",
                  "UTF-16LE", 18},
                 {"\xFE\xFF"
                  "\0a\0,\0b\0\n\0001\0,\0002\0\n",
                  "UTF-16BE", 18}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        write_bytes(cases[i].bytes, cases[i].n);
        struct mg_exchange *x = open_file();
        assert_string_equal(x->encoding, cases[i].encoding);
        assert_columns(x, "a|b");
        assert_rows(x, "2:1|2;");
        mg_exchange_close(x);
    }
}

static void malformed_bytes_name_the_line(void **state)
{
    (void)state;
    static const char text[] = "a,b\n1,\xE5\x9F\x8E\n2,\xE4\xB8\x9C\n3,\xE5\x9F\n4,\xE5\x9F\x8E\n";
    write_bytes(text, strlen(text));
    assert_refused(MG_E_INVALID, "line 4", "UTF-8");
}

/* The note of the file just written that holds the text; NULL: none. */
static const char *note_of(const struct mg_exchange *x, const char *text)
{
    for (size_t i = 0; i < x->n_notes; i++)
        if (strstr(x->notes[i].en, text))
            return x->notes[i].en;
    return NULL;
}

static void a_few_nul_bytes_are_left_out_and_said(void **state)
{
    (void)state;
    static const char text[] = "a,b\n1,2\n3\0,4\n5,6\n7,8\n\0\0";
    struct mg_exchange *x;
    write_bytes(text, sizeof text - 1);
    assert_int_equal(mg_exchange_open(path, NULL, &x, NULL), 0);
    assert_int_equal(x->rows, 4);
    assert_string_equal(x->encoding, "UTF-8");
    assert_string_equal(note_of(x, "NUL"), "NUL bytes in the text: 3; they were left out.");
    struct mg_buf profile;
    mg_buf_init(&profile, 1 << 20);
    mg_exchange_profile(x, &profile);
    mg_exchange_close(x);
    const struct mg_exchange_options known = {.profile = profile.data};
    assert_int_equal(mg_exchange_open(path, &known, &x, NULL), 0);
    assert_false(x->searched);
    struct mg_source_info info;
    struct mg_arena *arena = mg_arena_new(1 << 20);
    assert_int_equal(mg_exchange_describe(x, arena, &info, NULL), 0);
    assert_int_equal(info.columns[0].n, 4);
    assert_true(info.columns[0].max == 7);
    mg_arena_free(arena);
    mg_exchange_close(x);
    mg_buf_done(&profile);
}

static void many_nul_bytes_name_the_line(void **state)
{
    (void)state;
    char text[400] = "a,b\n1,2\n3,";
    size_t n = strlen(text);
    memset(text + n, '7', 300);
    for (size_t i = n; i < n + 200; i += 2) /* many, all on one side: still no UTF-16 */
        text[i] = '\0';
    for (size_t i = n + 1; i < n + 60; i += 2)
        text[i] = '\0';
    write_bytes(text, n + 301);
    assert_refused(MG_E_INVALID, "NUL", "line 3");
    static const char legacy[] = "a,b\n1,\0\xE9\n";
    write_bytes(legacy, sizeof legacy - 1);
    assert_refused(MG_E_INVALID, "NUL", "line 2");
}

static void ragged_rows_are_listed_and_left_out(void **state)
{
    (void)state;
    struct mg_exchange *x = open_text("a,b,c\n1,2,3\n4,5\n6,7,8,9\n1,2,3,\n\"x\"y,1,2\n");
    assert_int_equal(x->rows, 2);
    assert_int_equal(x->n_bad, 3);
    assert_int_equal(x->bad[0].line, 3);
    assert_int_equal(x->bad[0].n_cells, 2);
    assert_int_equal(x->bad[1].line, 4);
    assert_int_equal(x->bad[1].n_cells, 4);
    assert_int_equal(x->bad[2].line, 6);
    assert_source(x, "a,b,c\n1,2,3\n1,2,3\n");
    assert_rows(x, "2:1|2|3;3!:4|5;4!:6|7|8|9;5:1|2|3;6!:xy|1|2;");
    assert_int_equal(x->n_notes, 1);
    assert_non_null(strstr(x->notes[0].en, "3, 4, 6"));
    mg_exchange_close(x);
}

static void column_names_become_unique(void **state)
{
    (void)state;
    struct mg_exchange *x = open_text(" a ,A,,a_2,x\n1,2,3,4,5\n");
    assert_columns(x, "a|A_3|column_3|a_2|x");
    assert_int_equal(x->n_notes, 2);
    assert_source(x, "a,A_3,column_3,a_2,x\n1,2,3,4,5\n");
    mg_exchange_close(x);
}

static void header_only_and_no_header(void **state)
{
    (void)state;
    struct mg_exchange *x = open_text("a,b\n");
    assert_int_equal(x->rows, 0);
    assert_int_equal(x->n_columns, 2);
    mg_exchange_close(x);
    x = open_text("1,2\n3,4\n");
    assert_int_equal(x->header_rows, 0);
    assert_columns(x, "column_1|column_2");
    assert_rows(x, "1:1|2;2:3|4;");
    assert_source(x, "column_1,column_2\n1,2\n3,4\n");
    mg_exchange_close(x);
}

static void empty_files_are_refused(void **state)
{
    (void)state;
    write_bytes("", 0);
    assert_refused(MG_E_INVALID, "empty", NULL);
    write_bytes(" \n\n", 3);
    assert_refused(MG_E_INVALID, "empty", NULL);
    write_bytes("\xEF\xBB\xBF", 3);
    assert_refused(MG_E_INVALID, "empty", NULL);
}

static void limits_hold(void **state)
{
    (void)state;
    size_t n = ((size_t)1 << 20) + 100;
    char *text = malloc(n);
    memset(text, 'x', n);
    memcpy(text, "a,b\n1,", 6);
    text[n - 1] = '\n';
    write_bytes(text, n);
    assert_refused(MG_E_LIMIT, "line 2", "larger");
    memset(text, ',', 5000);
    memcpy(text, "a,b\n", 4);
    text[4999] = '\n';
    write_bytes(text, 5000);
    assert_refused(MG_E_LIMIT, "line 2", "4096");
    free(text);
    write_bytes("a,b\n1,2\n", 8);
    struct mg_exchange_options options = {.max_bytes = 7};
    struct mg_exchange *x = NULL;
    struct mg_error error = {0};
    assert_int_equal(mg_exchange_open(path, &options, &x, &error), MG_E_LIMIT);
}

static void open_quote_names_its_line(void **state)
{
    (void)state;
    write_bytes("a,b\n1,2\n3,\"4\n5,6\n", 17);
    assert_refused(MG_E_INVALID, "line 3", "quoted");
}

static void gzip_whole_and_cut(void **state)
{
    (void)state;
    char text[4000] = "a,b\n";
    for (int i = 0; i < 300; i++)
        sprintf(text + strlen(text), "%d,%d\n", i, i * 7919 % 1000);
    snprintf(path, sizeof path, "%s/file", folder);
    gzFile out = gzopen(path, "wb");
    gzwrite(out, text, (unsigned)strlen(text));
    gzclose(out);
    struct mg_exchange *x = open_file();
    assert_true(x->gzipped);
    assert_int_equal(x->rows, 300);
    mg_exchange_close(x);
    struct stat info;
    stat(path, &info);
    assert_int_equal(truncate(path, info.st_size - 20), 0);
    assert_refused(MG_E_INVALID, "gzip", "missing");
}

static void other_formats_are_named(void **state)
{
    (void)state;
    write_bytes("PAR1 and then nothing", 21);
    assert_refused(MG_E_INVALID, "Parquet", "missing");
    write_bytes("PK\x03\x04 xlsx", 9);
    assert_refused(MG_E_INVALID, "damaged zip", NULL);
    write_bytes("%PDF-1.7", 8);
    assert_refused(MG_E_UNSUPPORTED, "PDF", NULL);
    static const struct {
        const char *bytes, *said;
    } others[] = {{"<html><table>", "HTML"},
                  {"\xEF\xBB\xBF\n <!doctype HTML>", "HTML"},
                  {"\n\n<TABLE border=1>", "HTML"},
                  {"<meta charset=utf-8>", "HTML"},
                  {"MIME-Version: 1.0\r\n", "HTML"},
                  {"<?xml version='1.0'?>", "XML"},
                  {"{\\rtf1\\ansi}", "RTF"},
                  {"\x89PNG\r\n\x1A\n", "PNG"},
                  {"\xFF\xD8\xFF\xE0", "JPEG"},
                  {"GIF89a,,", "GIF"},
                  {"SQLite format 3", "SQLite"},
                  {"RDX3\nX\n", "R (.rda)"},
                  {"ARROW1", "Arrow"},
                  {"ID;PWXL;N;E\n", "SYLK"}};
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        write_bytes(others[i].bytes, strlen(others[i].bytes));
        assert_refused(MG_E_UNSUPPORTED, others[i].said, NULL);
    }
    /* and what is a table all the same */
    mg_exchange_close(open_text("ID;Product;Score\n1;a;5\n2;b;4\n"));
    mg_exchange_close(open_text("<b>Q1</b>,<i>Q2</i>\n1,2\n3,4\n"));
    mg_exchange_close(open_text("[1] How fast?,[2] How kind?\n1,2\n3,4\n"));
    snprintf(path, sizeof path, "%s/absent", folder);
    assert_refused(MG_E_NOT_FOUND, "data.csv", NULL);
}

static int sum_first(void *user, const struct mg_exchange_row *row, struct mg_error *error)
{
    (void)error;
    *(long *)user += atol(row->cells[0]);
    return 0;
}

static long sum_of(struct mg_exchange *x)
{
    struct mg_error error = {0};
    long sum = 0;
    if (mg_exchange_each(x, sum_first, &sum, &error))
        fail_msg("%s", error.message);
    return sum;
}

/* Rows that come later belong to who opens it next; a file in its place is another file. */
static void a_file_that_grows_or_is_replaced_stays_what_it_was(void **state)
{
    (void)state;
    char aside[300];
    struct mg_exchange *x = open_text("a,b\n1,2\n3,4\n");
    FILE *file = fopen(path, "ab");
    fputs("100,200\n5", file);
    fclose(file);
    assert_int_equal(sum_of(x), 4);
    snprintf(aside, sizeof aside, "%s/aside", folder);
    file = fopen(aside, "wb");
    fputs("a,b\n1000,1\n1000,1\n", file);
    fclose(file);
    assert_int_equal(rename(aside, path), 0);
    assert_int_equal(sum_of(x), 4);
    mg_exchange_close(x);
    x = open_file();
    unlink(path);
    assert_int_equal(sum_of(x), 2000);
    mg_exchange_close(x);
}

static void jsonl_becomes_rows(void **state)
{
    (void)state;
    struct mg_exchange *x =
        open_text("{\"a\":1,\"b\":\"x\\ny\"}\n\n{\"b\":null,\"c\":[1,2]}\nbroken\n{\"a\":2.5}\n");
    assert_int_equal(x->format, MG_FILE_JSONL);
    assert_columns(x, "a|b|c");
    assert_rows(x, "1:1|x\ny|;3:||1;2;4!:|||!;5:2.5||;");
    assert_int_equal(x->bad[0].line, 4);
    mg_exchange_close(x);
}

static void temporary_files_are_deleted(void **state)
{
    (void)state;
    write_encoded("客户编号,地区,分数\n1,城东,5\n2,城西,6,7\n", "UTF-16LE");
    struct mg_exchange *x = open_file();
    char *source = strdup(x->own->path);
    assert_int_equal(access(source, F_OK), 0);
    mg_exchange_close(x);
    assert_int_not_equal(access(source, F_OK), 0);
    free(source);
    unlink(path);
    assert_int_equal(rmdir(folder), 0); /* fails if anything was left */
    assert_int_equal(mkdir(folder, 0700), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(regular_file_is_read_in_place),
        cmocka_unit_test(delimiters_are_found),
        cmocka_unit_test(line_numbers_survive_quoted_line_ends_and_blanks),
        cmocka_unit_test(old_mac_line_ends),
        cmocka_unit_test(rows_longer_than_the_window),
        cmocka_unit_test(encodings_are_found),
        cmocka_unit_test(encodings_are_found_by_a_short_header),
        cmocka_unit_test(byte_order_marks),
        cmocka_unit_test(malformed_bytes_name_the_line),
        cmocka_unit_test(a_few_nul_bytes_are_left_out_and_said),
        cmocka_unit_test(many_nul_bytes_name_the_line),
        cmocka_unit_test(ragged_rows_are_listed_and_left_out),
        cmocka_unit_test(column_names_become_unique),
        cmocka_unit_test(header_only_and_no_header),
        cmocka_unit_test(empty_files_are_refused),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(open_quote_names_its_line),
        cmocka_unit_test(gzip_whole_and_cut),
        cmocka_unit_test(other_formats_are_named),
        cmocka_unit_test(a_file_that_grows_or_is_replaced_stays_what_it_was),
        cmocka_unit_test(jsonl_becomes_rows),
        cmocka_unit_test(temporary_files_are_deleted),
    };
    return cmocka_run_group_tests_name("exchange/open", tests, make_folder, remove_folder);
}
