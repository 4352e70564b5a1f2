/* Survey tools: recognised by tables as they write them, and what follows from it. One table at least for
 * each file in src/exchange/tools. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"
#include "table.h"

/* `meanings`: of the columns, "-" for an answer. */
struct written {
    const char *code, *text, *meanings;
    size_t headers;
};

static const struct written all[] = {
    {"wjx",
     "序号|提交答卷时间|所用时间|来源|来源详情|来自IP|1、您期望供暖稳定吗？|2、您感受到的供暖稳定吗？|"
     "3、您用过哪些渠道？|总分\n"
     "1|2026/1/8 13:40:12|123秒|微信|N/A|203.0.113.7(北京-北京)|6|5|电话┋微信|11\n"
     "2|2026/1/8 13:45:12|98秒|手机提交|直接访问|203.0.113.8(上海-上海)|7|4|(跳过)|11\n",
     "number end duration source source ip - - - score", 1},
    {"wjx",
     "序号|提交答卷时间|所用时间|来源|来源详情|来自IP|1.期望|2.感受\n1|2026/1/8 "
     "13:40:12|123秒|微信|N/A|203.0.113.7(北京-北京)|-3|5\n",
     "number end duration source source ip - -", 1},
    {"tencent",
     "编号|开始答题时间|结束答题时间|答题时长|语言|清洗数据结果|智能清洗数据无效概率|地理位置国家和地区|"
     "地理位置省|地理位置市|用户类型|"
     "用户标识|昵称|自定义字段|IP|UA|Referrer|1.您的期望|2.您的感受|\n"
     "1|2026-01-08 13:40:12|2026-01-08 "
     "13:42:12|120|中文|有效|0.1|中国|北京|北京|微信|oX1|小明||203.0.113.7|Mozilla/5.0||6|5|\n"
     "2|2026-01-08 13:44:12|2026-01-08 "
     "13:46:12|121|中文|无效|0.9|中国|上海|上海|微信|oX2|小红||203.0.113.8|Mozilla/5.0||7|4|\n",
     "number start end duration language status technical place place place technical customer name customer "
     "ip device technical "
     "- -",
     1},
    {"jinshuju",
     "序号|您的期望|您的感受|扩展属性|提交人|提交时间|更新时间|填写设备|操作系统|浏览器|填写地区|IP\n"
     "1|6|5||游客|2026-01-08 13:40:12|2026-01-08 13:40:12|iPhone|iOS|微信|北京市|203.0.113.7\n"
     "2|7|4||游客|2026-01-08 13:50:12|2026-01-08 13:50:12|Android|Android 14|微信|上海市|203.0.113.8\n",
     "number - - technical name end time device device device place ip", 1},
    {"qualtrics",
     "StartDate|EndDate|Status|IPAddress|Progress|Duration (in "
     "seconds)|Finished|RecordedDate|ResponseId|RecipientLastName|"
     "RecipientFirstName|RecipientEmail|ExternalReference|LocationLatitude|LocationLongitude|"
     "DistributionChannel|UserLanguage|"
     "E_1|P_1|Q9_First Click|SC0\n"
     "Start Date|End Date|Response Type|IP Address|Progress|Duration (in seconds)|Finished|Recorded "
     "Date|Response ID|Recipient "
     "Last Name|Recipient First Name|Recipient Email|External Data Reference|Location Latitude|Location "
     "Longitude|Distribution Channel|User Language|What do you expect? - Heating|What did you get? - "
     "Heating|Timing - First "
     "Click|Score\n"
     "{\"ImportId\":\"startDate\",\"timeZone\":\"Asia/"
     "Shanghai\"}|{\"ImportId\":\"endDate\"}|{\"ImportId\":\"status\"}|"
     "{\"ImportId\":\"ipAddress\"}|{\"ImportId\":\"progress\"}|{\"ImportId\":\"duration\"}|{\"ImportId\":"
     "\"finished\"}|"
     "{\"ImportId\":\"recordedDate\"}|{\"ImportId\":\"_recordId\"}|{\"ImportId\":\"recipientLastName\"}|"
     "{\"ImportId\":\"recipientFirstName\"}|{\"ImportId\":\"recipientEmail\"}|{\"ImportId\":"
     "\"externalDataReference\"}|"
     "{\"ImportId\":\"locationLatitude\"}|{\"ImportId\":\"locationLongitude\"}|{\"ImportId\":"
     "\"distributionChannel\"}|"
     "{\"ImportId\":\"userLanguage\"}|{\"ImportId\":\"QID1_1\"}|{\"ImportId\":\"QID2_1\"}|{\"ImportId\":"
     "\"QID9_FIRST\"}|"
     "{\"ImportId\":\"SC_0\"}\n"
     "2026-01-08 10:00:11|2026-01-08 10:10:13|0|203.0.113.7|100|602|1|2026-01-08 "
     "10:10:14|R_1fZ0|||||39.9|116.4|anonymous|EN|"
     "6|5|1.2|11\n",
     "start end status ip progress duration finished time id name name email customer place place source "
     "language - - technical "
     "score",
     3},
    {"qualtrics",
     "ResponseID|ResponseSet|Name|ExternalDataReference|EmailAddress|IPAddress|Status|StartDate|EndDate|"
     "Finished|E_1|P_1\n"
     "ResponseID|ResponseSet|Name|ExternalDataReference|EmailAddress|IPAddress|Status|StartDate|EndDate|"
     "Finished|What do you "
     "expect?|What did you get?\n"
     "R_1fZ0|Default Response Set|Anonymous|||203.0.113.7|0|2015-01-08 10:00:11|2015-01-08 10:10:13|1|6|5\n"
     "R_2fZ0|Default Response Set|Anonymous|||203.0.113.8|0|2015-01-08 11:00:11|2015-01-08 11:10:13|1|7|5\n"
     "R_3fZ0|Default Response Set|Anonymous|||203.0.113.9|0|2015-01-08 12:00:11|2015-01-08 12:10:13|1|6|4\n",
     "id technical - customer email ip status start end finished - -", 2},
    {"surveymonkey",
     "Respondent ID|Collector ID|Start Date|End Date|IP Address|Email Address|First Name|Last Name|Custom "
     "Data 1|What do you "
     "expect?||How likely are you to recommend us?|Anything else?\n"
     "|||||||||Heating|Bills|Response|Open-Ended Response\n"
     "118001|451|01/08/2026 10:00:00 AM|01/08/2026 10:02:00 AM|203.0.113.7|||||6|5|9|slow\n"
     "118002|451|01/08/2026 10:05:00 AM|01/08/2026 10:07:00 AM|203.0.113.8|||||7|6|8|\n"
     "118003|451|01/08/2026 10:09:00 AM|01/08/2026 10:12:00 AM|203.0.113.9|||||5|5|7|fine\n",
     "id technical start end ip email name name customer - - - -", 2},
    {"surveymonkey",
     "Respondent ID|Collector ID|Start Date|End Date|IP Address|How satisfied are you?|How likely are you to "
     "recommend us?\n"
     "||||||\n1001|C1|2026-01-08|2026-01-08|203.0.113.7|4|8\n1002|C1|2026-01-08|2026-01-08|203.0.113.8|3|7\n",
     "id technical start end ip - -", 1},
    {"alchemer",
     "Response ID|Time Started|Date Submitted|Status|Contact ID|Legacy "
     "Comments|Comments|Language|Referer|SessionID|User "
     "Agent|Tags|IP Address|Longitude|Latitude|Country|City|State/Region|Postal|Heating:What do you "
     "expect?|Heating:What did you "
     "get?\n"
     "1|2026-01-08 10:00:11|2026-01-08 "
     "10:10:13|Complete||||English||1546_5c3|Mozilla/5.0||203.0.113.7|116.4|39.9|China|Beijing||"
     "100000|6|5\n"
     "2|2026-01-08 11:00:11|2026-01-08 "
     "11:10:13|Partial||||English||1546_5c4|Mozilla/5.0||203.0.113.8|116.4|39.9|China|Beijing||"
     "100000|6|5\n",
     "id start end status customer technical technical language source technical device tags ip place place "
     "place place place place "
     "- -",
     1},
    {"limesurvey",
     "id|submitdate|lastpage|startlanguage|seed|startdate|datestamp|ipaddr|refurl|token|E1[SQ001]|P1[SQ001]|"
     "interviewtime|"
     "groupTime12\n"
     "1|2026-01-08 10:10:13|3|en|1820112|2026-01-08 10:00:11|2026-01-08 "
     "10:10:13|203.0.113.7||a8Zx|A4|A3|602.1|300.2\n"
     "2||1|en|1820113|2026-01-08 11:00:11|2026-01-08 11:10:13|203.0.113.8||a8Zy|A5||302.1|300.2\n",
     "id end progress language technical start time ip source customer - - duration technical", 1},
    {"limesurvey",
     "id. Response ID|submitdate. Date submitted|lastpage. Last page|startlanguage. Start language|seed. "
     "Seed|E1[SQ001]. What do "
     "you expect? [Heating]|P1[SQ001]. What did you get? [Heating]\n"
     "1|2026-01-08 10:10:13|3|en|1820112|4|3\n2||1|en|1820113|5|\n3|2026-01-08 10:19:13|3|en|1820122|4|2\n",
     "id end progress language technical - -", 1},
    {"limesurvey",
     "Antwort-ID|Datum Abgeschickt|Letzte Seite|Start-Sprache|Zufallsstartwert|Was erwarten Sie? [Heizung]\n"
     "1|2026-01-08 10:10:13|3|de|1820112|4\n2||1|de|1820113|5\n",
     "id end progress language technical -", 1},
    {"google_forms",
     "Timestamp|Email Address|What do you expect? [Heating]|What did you get? [Heating]|Channels\n"
     "1/8/2026 10:00:11|a@example.org|6|5|Phone, Mail\n1/8/2026 10:08:11|b@example.org|7|5|Phone\n",
     "end email - - -", 1},
    {"google_forms",
     "时间戳记|您期望什么？ [供暖]|您感受如何？ [供暖]\n2026/01/08 1:40:12 下午 GMT+8|6|5\n2026/01/08 "
     "1:45:12 下午 GMT+8|7|5\n",
     "end - -", 1},
    {"google_forms", "タイムスタンプ|期待|実感\n2026/01/08 13:40:12|6|5\n2026/01/08 13:45:12|7|5\n",
     "end - -", 1},
    {"google_forms", "Zeitstempel|Erwartung|Erlebnis\n08.01.2026 13:40:12|6|5\n08.01.2026 13:45:12|7|5\n",
     "end - -", 1},
    {"microsoft_forms",
     "ID|Start time|Completion time|Email|Name|Last modified time|What do you expect?|Channels\n"
     "1|1/8/26 10:00:11|1/8/26 10:02:11|anonymous|||6|Phone;Mail;\n2|1/8/26 10:05:11|1/8/26 "
     "10:06:11|anonymous|||7|Phone;\n",
     "number start end email name time - -", 1},
    {"microsoft_forms",
     "ID|开始时间|完成时间|电子邮件|名称|您期望什么？\n1|1/8/26 10:00:11|1/8/26 10:02:11|anonymous||6\n",
     "number start end email name -", 1},
    {"microsoft_forms",
     "ID|Startzeit|Fertigstellungszeit|E-Mail|Name|Was erwarten Sie?\n1|08.01.26 10:00|08.01.26 "
     "10:02|anonymous||6\n",
     "number start end email name -", 1},
    {"kobo",
     "start|end|deviceid|expectations/heating|perceptions/heating|channels|channels/phone|channels/"
     "mail|_id|_uuid|"
     "_submission_time|_validation_status|_notes|_status|_submitted_by|__version__|_tags|_index\n"
     "2026-01-08T10:00:11.123+08:00|2026-01-08T10:02:11.123+08:00|ee.kobo:x|6|5|phone "
     "mail|1|1|511|4f5e-1|2026-01-08T02:02:12||||"
     "|v7||1\n"
     "2026-01-08T10:05:11.123+08:00|2026-01-08T10:07:11.123+08:00|ee.kobo:y|7|5|phone|1|0|512|4f5e-2|2026-01-"
     "08T02:07:12||||"
     "|v7||2\n",
     "start end device - - - - - technical id time status technical status name technical tags number", 1},
    {"kobo",
     "SubmissionDate|start|end|expectations-heating|perceptions-heating|meta-instanceID|KEY|SubmitterID|"
     "SubmitterName|"
     "AttachmentsPresent|AttachmentsExpected|Status|ReviewState|DeviceID|Edits|FormVersion\n"
     "2026-01-08T02:02:12.000Z|2026-01-08T10:00:11.123+08:00|2026-01-08T10:02:11.123+08:00|6|5|uuid:1|uuid:1|"
     "7|field1|0|0||||0|3\n",
     "time start end - - id id name name technical technical status status device technical technical", 1},
    {"redcap",
     "record_id|redcap_event_name|redcap_repeat_instrument|redcap_repeat_instance|redcap_survey_identifier|"
     "service_timestamp|"
     "e1|p1|channels___1|channels___2|service_complete\n"
     "1|wave_1_arm_1||||2026-01-08 10:02:11|6|5|1|0|2\n2|wave_1_arm_1||||[not completed]|7||0|0|0\n",
     "id wave technical technical customer end - - - - finished", 1},
    {"redcap",
     "Record ID|Survey Identifier|Survey Timestamp|What do you expect?|Complete?\n1||2026-01-08 "
     "10:02:11|6|Complete\n",
     "id customer end - finished", 1},
    {"formbricks",
     "No.|Response ID|Timestamp|Finished|Survey ID|Formbricks ID (internal)|User "
     "ID|Tags|source|url|userAgent - browser|userAgent "
     "- os|userAgent - device|country|1. What do you expect?|2. What did you get?\n"
     "1|cm5x1|2026-01-08 10:02|Yes|cm4s|||||https://example.org|Chrome|Linux|desktop|CN|6|5\n"
     "2|cm5x2|2026-01-08 10:05|No|cm4s|||||https://example.org|Chrome|Linux|desktop|CN|7|\n",
     "number id end finished technical customer customer tags source source device device device place - -",
     1},
    {"typeform",
     "#|What do you expect?|What did you get?|Response Type|Start Date (UTC)|Stage Date (UTC)|Submit Date "
     "(UTC)|Network "
     "ID|Tags|Ending\n"
     "odwdp4nz|6|5|completed|2026-01-08 02:00:11||2026-01-08 02:02:11|653e97ac||\n"
     "p1wdp4nz|7||partial|2026-01-08 02:05:11|2026-01-08 02:06:11||653e97ad||\n",
     "id - - status start time end technical tags technical", 1},
};

static void list_meanings(const struct mg_shape *shape, char *ret_text, size_t size)
{
    size_t n = 0;
    ret_text[0] = '\0';
    for (size_t i = 0; i < shape->n_columns; i++) {
        enum mg_tool_meaning meaning = shape->columns[i].meaning;
        const char *name = meaning == MG_TOOL_ANSWER ? "-" : mg_tool_meaning_name(meaning);
        n += (size_t)snprintf(ret_text + n, size - n, "%s%s", i ? " " : "", name);
    }
}

static void each_tool_is_recognised_by_what_it_writes(void **state)
{
    (void)state;
    size_t wrong = 0;
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        char meanings[2000];
        struct table *table = table_of(all[i].text);
        struct mg_shape shape = table_shape(table);
        list_meanings(&shape, meanings, sizeof meanings);
        const char *code = shape.tool.tool ? shape.tool.tool->code : "none";
        if (strcmp(code, all[i].code) != 0 || strcmp(meanings, all[i].meanings) != 0 ||
            shape.header_rows != all[i].headers) {
            print_error("%zu, %s: %s by %d, %zu header rows: %s\n", i, all[i].code, code, shape.tool.score,
                        shape.header_rows, meanings);
            wrong++;
        }
        table_done(table);
    }
    assert_int_equal(wrong, 0);
}

static void every_tool_has_a_table_here(void **state)
{
    (void)state;
    size_t n;
    const struct mg_tool *tools = mg_tools(&n);
    for (size_t t = 0; t < n; t++) {
        bool there = false;
        for (size_t i = 0; i < ARRAY_LEN(all); i++)
            there |= strcmp(all[i].code, tools[t].code) == 0;
        if (!there)
            fail_msg("%s has no test", tools[t].code);
        assert_ptr_equal(mg_tool_of_code(tools[t].code), &tools[t]);
    }
    assert_null(mg_tool_of_code("nobody"));
}

/* Each sign once, alone: not enough, however much it weighs. */
static void one_sign_is_never_enough(void **state)
{
    (void)state;
    size_t n;
    const struct mg_tool *tools = mg_tools(&n);
    for (size_t t = 0; t < n; t++)
        for (size_t s = 0; s < tools[t].n_signs; s++) {
            const char *cell = tools[t].signs[s].patterns[0];
            struct mg_tool_cells row = {&cell, 1};
            struct mg_tool_found found = mg_tool_find(&row, 1, NULL, 0);
            if (found.tool == &tools[t])
                fail_msg("%s by %s alone", tools[t].code, cell);
        }
}

static void tables_of_nobody_are_of_no_tool(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "id|E1|E2|P1|P2|nps\n1|6|5|4|5|9\n2|7|5|4|4|8\n",
        "序号|期望：供暖|感知：供暖|总分\n1|6|5|11\n2|7|5|12\n",
        "Name|Email|Status|Language|City\nAnna|a@example.org|ok|en|Bonn\nBen|b@example.org|ok|en|Köln\n",
        "Timestamp|E1|P1\n2026-01-08T10:00:00Z|6|5\n2026-01-08T10:01:00Z|7|5\n",
        "Start Date|End Date|Response|Score\n2026-01-08|2026-01-09|6|5\n2026-01-08|2026-01-09|7|5\n",
        "Response ID|Timestamp|User ID|E1\n1|2026-01-08|4|6\n2|2026-01-09|7|5\n",
        "(跳过)|┋\n1|6\n2|7\n",
        "1|6|5\n2|7|5\n",
        "",
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct table *table = table_of(texts[i]);
        struct mg_shape shape = table_shape(table);
        if (shape.tool.tool)
            fail_msg("%zu is taken for %s by %d", i, shape.tool.tool->code, shape.tool.score);
        table_done(table);
    }
}

static void patterns_know_stars_digits_and_escapes(void **state)
{
    (void)state;
    const struct mg_tool *qualtrics = mg_tool_of_code("qualtrics"), *typeform = mg_tool_of_code("typeform"),
                         *limesurvey = mg_tool_of_code("limesurvey");
    assert_int_equal(mg_tool_column(qualtrics, "q12_page submit"), MG_TOOL_TECHNICAL);
    assert_int_equal(mg_tool_column(qualtrics, "SC12"), MG_TOOL_SCORE);
    assert_int_equal(mg_tool_column(qualtrics, "SC"), MG_TOOL_ANSWER);
    assert_int_equal(mg_tool_column(qualtrics, "SC12b"), MG_TOOL_ANSWER);
    assert_int_equal(mg_tool_column(qualtrics, " startdate "), MG_TOOL_START);
    assert_int_equal(mg_tool_column(typeform, "#"), MG_TOOL_ID);
    assert_int_equal(mg_tool_column(typeform, "7"), MG_TOOL_ANSWER);
    assert_int_equal(mg_tool_column(limesurvey, "groupTime99"), MG_TOOL_TECHNICAL);
    assert_int_equal(mg_tool_column(limesurvey, "waiting time"), MG_TOOL_ANSWER);
    assert_int_equal(mg_tool_column(NULL, "StartDate"), MG_TOOL_ANSWER);
}

static enum mg_tool_verdict judge(const char *code, enum mg_tool_meaning meaning, const char *text)
{
    return mg_tool_judge(mg_tool_of_code(code), meaning, text, strlen(text));
}

static void previews_and_unfinished_ones_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        enum mg_tool_meaning meaning;
        const char *text;
        enum mg_tool_verdict verdict;
    } cases[] = {
        {"qualtrics", MG_TOOL_FINISHED, "1", MG_TOOL_COMPLETE},
        {"qualtrics", MG_TOOL_FINISHED, "FALSE", MG_TOOL_UNFINISHED},
        {"qualtrics", MG_TOOL_STATUS, "0", MG_TOOL_KEEP},
        {"qualtrics", MG_TOOL_STATUS, "IP Address", MG_TOOL_KEEP},
        {"qualtrics", MG_TOOL_STATUS, "Survey Preview", MG_TOOL_PREVIEW},
        {"qualtrics", MG_TOOL_STATUS, " 1 ", MG_TOOL_PREVIEW},
        {"qualtrics", MG_TOOL_STATUS, "8", MG_TOOL_SPAM},
        {"qualtrics", MG_TOOL_STATUS, "18", MG_TOOL_KEEP},
        {"limesurvey", MG_TOOL_END, "", MG_TOOL_UNFINISHED},
        {"limesurvey", MG_TOOL_END, "1980-01-01 00:00:00", MG_TOOL_KEEP},
        {"typeform", MG_TOOL_STATUS, "partial", MG_TOOL_UNFINISHED},
        {"alchemer", MG_TOOL_STATUS, "Disqualified", MG_TOOL_SPAM},
        {"redcap", MG_TOOL_FINISHED, "1", MG_TOOL_KEEP},
        {"formbricks", MG_TOOL_FINISHED, "No", MG_TOOL_UNFINISHED},
        {"tencent", MG_TOOL_STATUS, "无效", MG_TOOL_SPAM},
        {"tencent", MG_TOOL_STATUS, "有效", MG_TOOL_KEEP},
        {"wjx", MG_TOOL_STATUS, "0", MG_TOOL_KEEP},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        if (judge(cases[i].code, cases[i].meaning, cases[i].text) != cases[i].verdict)
            fail_msg("%s: “%s”", cases[i].code, cases[i].text);
}

static void a_row_is_what_its_cells_say_together(void **state)
{
    (void)state;
    static const enum mg_tool_meaning meanings[] = {MG_TOOL_ID, MG_TOOL_STATUS, MG_TOOL_FINISHED,
                                                    MG_TOOL_FINISHED};
    const struct mg_tool *qualtrics = mg_tool_of_code("qualtrics"), *redcap = mg_tool_of_code("redcap");
    assert_int_equal(mg_tool_judge_row(qualtrics, meanings, (const char *[]){"r", "1", "1"}, 3),
                     MG_TOOL_PREVIEW);
    assert_int_equal(mg_tool_judge_row(qualtrics, meanings, (const char *[]){"r", "0", "0"}, 3),
                     MG_TOOL_UNFINISHED);
    assert_int_equal(mg_tool_judge_row(qualtrics, meanings, (const char *[]){"r", "0", NULL}, 3),
                     MG_TOOL_KEEP);
    assert_int_equal(mg_tool_judge_row(redcap, meanings, (const char *[]){"r", "", "0", "2"}, 4),
                     MG_TOOL_COMPLETE);
    assert_int_equal(mg_tool_judge_row(NULL, meanings, (const char *[]){"r", "1", "0"}, 3), MG_TOOL_KEEP);
}

static void the_effect_is_said_in_both_languages(void **state)
{
    (void)state;
    struct mg_arena *arena = mg_arena_new(10000);
    struct mg_text text;
    struct mg_error error = {0};
    assert_int_equal(
        mg_tool_say(mg_tool_of_code("qualtrics"),
                    (int64_t[MG_TOOL_VERDICTS]){
                        [MG_TOOL_COMPLETE] = 60, [MG_TOOL_PREVIEW] = 2, [MG_TOOL_UNFINISHED] = 5},
                    arena, &text, &error),
        0);
    assert_string_equal(text.en, "Made by Qualtrics; not taken: unfinished: 5, previews and tests: 2.");
    assert_string_equal(text.zh, "由Qualtrics导出；未采用：未完成 5 份，预览和测试 2 份。");
    assert_int_equal(mg_tool_say(mg_tool_of_code("wjx"), (int64_t[MG_TOOL_VERDICTS]){[MG_TOOL_KEEP] = 60},
                                 arena, &text, &error),
                     0);
    assert_string_equal(text.en, "Made by Wenjuanxing (wjx.cn).");
    assert_string_equal(text.zh, "由问卷星导出。");
    mg_arena_free(arena);
}

static void files_of_the_shared_folder(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        char delimiter;
        const char *code;
    } cases[] = {{"case08-qualtrics-three-headers.csv", ',', "qualtrics"},
                 {"case15-kobo-groups.csv", ';', "kobo"},
                 {"case14-long-question.csv", ',', NULL},
                 {"case03-181-columns.csv", ',', NULL}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct table *table = table_of_file(cases[i].name, cases[i].delimiter);
        if (!table)
            continue;
        struct mg_shape shape = table_shape(table);
        const char *code = shape.tool.tool ? shape.tool.tool->code : NULL;
        if (!mg_str_equal(code, cases[i].code))
            fail_msg("%s: %s", cases[i].name, code ? code : "no tool");
        table_done(table);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_tool_is_recognised_by_what_it_writes),
        cmocka_unit_test(every_tool_has_a_table_here),
        cmocka_unit_test(one_sign_is_never_enough),
        cmocka_unit_test(tables_of_nobody_are_of_no_tool),
        cmocka_unit_test(patterns_know_stars_digits_and_escapes),
        cmocka_unit_test(previews_and_unfinished_ones_are_told),
        cmocka_unit_test(a_row_is_what_its_cells_say_together),
        cmocka_unit_test(the_effect_is_said_in_both_languages),
        cmocka_unit_test(files_of_the_shared_folder),
    };
    return cmocka_run_group_tests_name("exchange/tool", tests, NULL, NULL);
}
