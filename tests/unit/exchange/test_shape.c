/* Where the header is, what columns are called, what at the end is no data. Tables as people and tools write
 * them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"
#include "table.h"

/* What is expected of a table; names and labels with | between, "" for no label. */
struct expected {
    const char *what, *text;
    size_t titles, headers, feet;
    const char *names, *labels;
};

static void join(const struct mg_shape *shape, bool labels, char *ret_text, size_t size)
{
    size_t n = 0;
    ret_text[0] = '\0';
    for (size_t i = 0; i < shape->n_columns; i++) {
        const char *text = labels ? shape->columns[i].label : shape->columns[i].name;
        n += (size_t)snprintf(ret_text + n, size - n, "%s%s", i ? "|" : "", text ? text : "");
    }
}

#define say_wrong(...) (print_error(__VA_ARGS__), false)

/* True: as expected; else says what isn't. */
static bool check(const struct expected *expected)
{
    bool right = true;
    static char joined[20000];
    struct table *table = table_of(expected->text);
    struct mg_shape shape = table_shape(table);
    if (shape.title_rows != expected->titles || shape.header_rows != expected->headers ||
        shape.foot_rows != expected->feet)
        right = say_wrong("%s: %zu titles, %zu headers, %zu feet\n", expected->what, shape.title_rows,
                          shape.header_rows, shape.foot_rows);
    join(&shape, false, joined, sizeof joined);
    if (expected->names && strcmp(joined, expected->names) != 0)
        right = say_wrong("%s: names %s\n", expected->what, joined);
    join(&shape, true, joined, sizeof joined);
    if (expected->labels && strcmp(joined, expected->labels) != 0)
        right = say_wrong("%s: labels %s\n", expected->what, joined);
    table_done(table);
    return right;
}

static void check_all(const struct expected *cases, size_t n)
{
    size_t wrong = 0;
    for (size_t i = 0; i < n; i++)
        wrong += !check(&cases[i]);
    assert_int_equal(wrong, 0);
}

static void the_first_row_is_a_header_or_data_by_the_rows_below(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {"plain", "id|E1|P1\n1|6|5\n2|7|4\n3|5|5\n", 0, 1, 0, "id|E1|P1", "||"},
        {"one row below", "id|E1|P1\n1|6|5\n", 0, 1, 0, "id|E1|P1", NULL},
        {"header alone", "id|E1|P1\n", 0, 1, 0, "id|E1|P1", NULL},
        {"data alone", "1|6|5\n", 0, 0, 0, "column_1|column_2|column_3", NULL},
        {"no header", "1|6|5\n2|7|4\n3|5|5\n", 0, 0, 0, "column_1|column_2|column_3", NULL},
        {"no header, words",
         "Anna|agree|north\nBen|disagree|south\nCaro|agree|north\nDora|agree|south\n"
         "Emil|disagree|north\nFinn|agree|south\nGesa|agree|north\nHugo|agree|south\n",
         0, 0, 0, "column_1|column_2|column_3", NULL},
        {"words only",
         "name|answer|region\nBen|disagree|south\nCaro|agree|north\nDora|agree|south\n"
         "Emil|disagree|north\nFinn|agree|south\nGesa|agree|north\nHugo|agree|south\n",
         0, 1, 0, "name|answer|region", NULL},
        {"texts that never recur", "name|comment\nBen|too slow\nCaro|fine with me\nDora|never again\n", 0, 1,
         0, "name|comment", NULL},
        {"years are names", "region|2021|2022|2023\nnorth|3|5|6\nsouth|2|5|7\neast|7|5|5\n", 0, 1, 0,
         "region|2021|2022|2023", NULL},
        {"items are numbered", "id|1|2|3|4\n1|3|5|6|1\n2|2|5|7|3\n3|7|5|5|2\n", 0, 1, 0, "id|1|2|3|4", NULL},
        {"first answers all missing", "E1|P1|P2\nNA|-|不适用\n7|4|5\n5|5|5\n5|6|5\n", 0, 1, 0, "E1|P1|P2",
         NULL},
        {"first answers are rare",
         "id|a|b|c\n1|never|often|weekly\n2|yes|yes|no\n3|yes|no|no\n4|no|yes|no\n5|no|no|yes\n6|no|no|"
         "yes\n7|yes|no|no\n",
         0, 1, 0, "id|a|b|c", NULL},
        {"first answers are rare beside comments",
         "c1|c2|c3|c4|c5|a|b\nk|l|m|n|o|never|often\np|q|r|s|t|yes|no\nu|v|w|x|y|no|yes\nA|B|C|D|E|yes|no\n"
         "F|G|H|I|J|no|yes\nK|L|M|N|O|yes|yes\nP|Q|R|S|T|yes|no\n",
         0, 1, 0, "c1|c2|c3|c4|c5|a|b", NULL},
        {"no header, all the same", "agree|north\nagree|north\nagree|north\nagree|north\nagree|north\n", 0, 0,
         0, "column_1|column_2", NULL},
        {"no header, the first as of merged cells",
         "yes|yes|yes|yes\nyes|no|yes|no\nno|yes|yes|no\nno|yes|no|yes\nyes|no|no|yes\nno|yes|yes|yes\n", 0,
         0, 0, NULL, NULL},
        {"no header, full width", "１|６|３\n２|７|４\n３|５|５\n", 0, 0, 0, "column_1|column_2|column_3",
         NULL},
        {"first answers missing", "id|E1|P1\nr1|NA|-\nr2|7|4\nr3|5|5\nr4|5|5\n", 0, 1, 0, "id|E1|P1", NULL},
        {"sep= as a row", "sep=;\nid|E1|P1\n1|6|5\n2|7|4\n3|5|5\n", 1, 1, 0, "id|E1|P1", NULL},
        {"decimal commas", "id|w|x\n1|0,5|1\n2|0,75|2\n3|1,25|3\n", 0, 1, 0, "id|w|x", NULL},
        {"one column", "score\n5\n6\n7\n", 0, 1, 0, "score", NULL},
        {"one column of data", "5\n6\n7\n", 0, 0, 0, "column_1", NULL},
        {"nothing", "", 0, 0, 0, "", NULL},
        {"a blank row only", "||\n", 1, 0, 0, "", NULL},
    };
    check_all(cases, ARRAY_LEN(cases));
}

static void titles_stand_above(void **state)
{
    (void)state;
#define ROWS "1|6|5|4\n2|7|4|4\n3|5|5|4\n4|5|5|2\n5|6|6|3\n6|7|3|3\n"
    static const struct expected cases[] = {
        {"one", "Customer survey 2026|||\nid|E1|P1|nps\n" ROWS, 1, 1, 0, "id|E1|P1|nps", NULL},
        {"alone in its row", "Customer survey 2026\nid|E1|P1|nps\n" ROWS, 1, 1, 0, "id|E1|P1|nps", NULL},
        {"blank row between", "客户满意度调查|||\n|||\n序号|期望|感受|推荐\n" ROWS, 2, 1, 0,
         "序号|期望|感受|推荐", NULL},
        {"names and values",
         "Survey:|Customers||\nReport generated|2026-01-08 13:40||\nN|60||\n\nid|E1|P1|nps\n" ROWS, 4, 1, 0,
         "id|E1|P1|nps", NULL},
        {"ten", "a|||\nb|||\nc|||\nd|||\ne|||\nf|||\ng|||\nh|||\ni|||\n|||\nid|E1|P1|nps\n" ROWS, 10, 1, 0,
         "id|E1|P1|nps", NULL},
        {"and no header", "Customer survey 2026|||\n" ROWS, 1, 0, 0, "column_1|column_2|column_3|column_4",
         NULL},
        {"a name and a value over three columns", "Survey:|Customers|\nid|E1|P1\n1|6|5\n2|7|4\n3|5|5\n", 1, 1,
         0, "id|E1|P1", NULL},
        {"a name and a date over three columns", "Exported|2026-01-08|\nid|E1|P1\n1|6|5\n2|7|4\n3|5|5\n", 1,
         1, 0, "id|E1|P1", NULL},
        {"three cells that begin the row",
         "Heating|Customers|Third wave|||||\nid|a|b|c|d|e|f|g\n1|2|3|4|5|6|7|8\n2|3|4|5|6|7|8|9\n", 1, 1, 0,
         "id|a|b|c|d|e|f|g", NULL},
        {"cells with gaps, one a date",
         "Heating|||Exported|2026-01-08|||\nid|a|b|c|d|e|f|g\n1|2|3|4|5|6|7|8\n2|3|4|5|6|7|8|9\n", 1, 1, 0,
         "id|a|b|c|d|e|f|g", NULL},
        {"beside an empty margin", "|Customers||\n|id|E1|P1\n|1|6|5\n|2|7|4\n|3|5|5\n", 1, 1, 0,
         "column_1|id|E1|P1", NULL},
        {"a merged cell, repeated", "Customers|Customers|Customers|Customers\nid|E1|P1|nps\n" ROWS, 1, 1, 0,
         "id|E1|P1|nps", NULL},
        {"no title: all agree",
         "no|E1|P1|nps\nagree|agree|agree|agree\nagree|never|agree|never\nnever|agree|agree|agree\nagree|"
         "agree|agree|never\n"
         "never|agree|never|agree\nagree|never|agree|agree\n",
         0, 1, 0, "no|E1|P1|nps", NULL},
        {"no title: the first answer is sparse", "id|E1|P1|nps\n1|||\n" ROWS, 0, 1, 0, "id|E1|P1|nps", NULL},
    };
    check_all(cases, ARRAY_LEN(cases));
}

static void two_and_three_rows_make_a_header(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {"SurveyMonkey",
         "Respondent ID|Start Date|What do you expect?||What did you get?||Any comments?\n"
         "||Heating|Bills|Heating|Bills|Open-Ended Response\n"
         "118001|01/08/2026 10:00:00 AM|6|5|4|5|slow\n118002|01/08/2026 10:05:00 AM|7|6|3|5|\n"
         "118003|01/08/2026 10:09:00 AM|5|5|4|4|fine\n118004|01/08/2026 10:15:00 AM|6|6|3|5|\n",
         0, 2, 0,
         "Respondent ID|Start Date|What do you expect?_Heating|What do you expect?_Bills|What did you "
         "get?_Heating|"
         "What did you get?_Bills|Any comments?",
         "||What do you expect? - Heating|What do you expect? - Bills|What did you get? - Heating|"
         "What did you get? - Bills|"},
        {"questions with one column each",
         "Respondent ID|How warm should it be?|How warm was it?\n|Response|Open-Ended "
         "Response\n1|6|5\n2|7|4\n3|5|5\n",
         0, 2, 0, "Respondent ID|How warm should it be?|How warm was it?", "||"},
        {"SurveyMonkey with one answer of words",
         "Respondent ID|What do you expect?||Anything else?\n|Heating|Bills|Open-Ended Response\n118001|a "
         "lot|little|slow\n",
         0, 2, 0, "Respondent ID|What do you expect?_Heating|What do you expect?_Bills|Anything else?", NULL},
        {"an answer of words without id", "id|a|b\n|well|badly\n", 0, 1, 0, "id|a|b", NULL},
        {"an answer with a note where no name is", "id|a|\n|7|late\n", 0, 1, 0, "id|a|column_3", NULL},
        {"an answer of words with its id", "id|a|\nfirst|well|late\n", 0, 1, 0, "id|a|column_3", NULL},
        {"groups of merged cells",
         "|期望||感受||\n序号|供暖|账单|供暖|账单|推荐\n1|6|5|4|5|9\n2|7|6|3|5|8\n3|5|5|4|4|7\n4|6|6|3|5|7\n",
         0, 2, 0, "序号|期望_供暖|期望_账单|感受_供暖|感受_账单|感受_推荐", NULL},
        {"groups that are repeated, as XLSX gives them",
         "序号|期望|期望|感受|感受|推荐\n序号|供暖|账单|供暖|账单|推荐\n1|6|5|4|5|9\n2|7|6|3|5|8\n3|5|5|4|4|"
         "7\n4|6|6|3|5|7\n",
         0, 2, 0, "序号|期望_供暖|期望_账单|感受_供暖|感受_账单|推荐",
         "|期望 - 供暖|期望 - 账单|感受 - 供暖|感受 - 账单|"},
        {"a title above groups",
         "调查结果|||||\n|期望||感受||\n序号|供暖|账单|供暖|账单|推荐\n1|6|5|4|5|9\n2|7|6|3|5|8\n3|5|5|4|4|"
         "7\n4|6|6|3|5|7\n",
         1, 2, 0, NULL, NULL},
        {"a first column merged downwards, repeated",
         "序号|期望||\n序号|供暖|账单|服务\n1|6|5|4\n2|7|6|3\n3|5|5|4\n4|6|6|3\n", 0, 2, 0,
         "序号|期望_供暖|期望_账单|期望_服务", NULL},
        {"texts over words only",
         "R1|H1|B1\nWhere do you live?|How is the heating?|How are the "
         "bills?\nnorth|good|poor\nsouth|fair|poor\nnorth|good|fair\n"
         "south|poor|poor\nnorth|fair|good\nsouth|fair|poor\nnorth|poor|fair\nsouth|good|good\n",
         0, 2, 0, "R1|H1|B1", "Where do you live?|How is the heating?|How are the bills?"},
        {"groups from the first column on",
         "基本信息||期望||\n序号|区域|供暖|账单|服务\n1|4|6|5|4\n2|4|7|6|3\n3|5|5|5|4\n", 0, 2, 0,
         "基本信息_序号|基本信息_区域|期望_供暖|期望_账单|期望_服务", NULL},
        {"a first column merged downwards",
         "序号|期望||\n|供暖|账单|服务\n1|6|5|4\n2|7|6|3\n3|5|5|4\n4|6|6|3\n", 0, 2, 0,
         "序号|期望_供暖|期望_账单|期望_服务", NULL},
        {"items in a list are data, however unlike the first codes are",
         "code|question\ngender|Are you male?\nage|How old are you?\nE01|Is it warm?\nE02|Is it on "
         "time?\nE03|Is it clear?\n"
         "E04|Is it near?\nE05|Is it clean?\nE06|Is it quick?\n",
         0, 1, 0, "code|question", NULL},
    };
    check_all(cases, ARRAY_LEN(cases));
}

static void a_row_of_codes_and_one_of_texts_are_names_and_labels(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {"codes above texts",
         "id|E1|P1\nNumber|How warm should it be?|How warm was it?\n1|6|5\n2|7|4\n3|5|5\n4|5|6\n", 0, 2, 0,
         "id|E1|P1", "Number|How warm should it be?|How warm was it?"},
        {"texts above codes",
         "Number|How warm should it be in winter?|How warm was it?\nid|E1|P1\n1|6|5\n2|7|4\n3|5|5\n4|5|6\n",
         0, 2, 0, "id|E1|P1", "Number|How warm should it be in winter?|How warm was it?"},
        {"Qualtrics with one answer",
         "StartDate|Finished|E_1\nStart Date|Finished|What do you expect? - Heating\n"
         "{\"ImportId\":\"startDate\"}|{\"ImportId\":\"finished\"}|{\"ImportId\":\"QID1_1\"}\n2026-01-08 "
         "10:00:00|1|6\n",
         0, 3, 0, "StartDate|Finished|E_1", "Start Date||What do you expect? - Heating"},
        {"Qualtrics without answers",
         "StartDate|Finished|E_1\nStart Date|Finished|What do you expect?\n"
         "{\"ImportId\":\"startDate\"}|{\"ImportId\":\"finished\"}|{\"ImportId\":\"QID1_1\"}\n",
         0, 3, 0, "StartDate|Finished|E_1", NULL},
        {"Qualtrics without its second row",
         "StartDate|Finished|E_1\n{\"ImportId\":\"startDate\"}|{\"ImportId\":\"finished\"}|{\"ImportId\":"
         "\"QID1_1\"}\n"
         "2026-01-08 10:00:00|1|6\n2026-01-08 10:03:00|1|5\n",
         0, 2, 0, "StartDate|Finished|E_1", "||"},
    };
    check_all(cases, ARRAY_LEN(cases));
}

static void totals_and_notes_stand_at_the_foot(void **state)
{
    (void)state;
#define TOP "id|E1|P1|nps\n" ROWS
    static const struct expected cases[] = {
        {"mean", TOP "Mean|6|4.33|3.3\n", 0, 1, 1, NULL, NULL},
        {"mean of decimal commas", TOP "Mittelwert|6|4,33|3,3\n", 0, 1, 1, NULL, NULL},
        {"several", TOP "合计|36|26|20\n平均值：|6|4.33|3.3\n标准差|0.8|1.1|0.7\nN|6|6|6\n", 0, 1, 4, NULL,
         NULL},
        {"word in the second cell", TOP "|Total|26|20\n", 0, 1, 1, NULL, NULL},
        {"no word", TOP "|6.01|4.33|3.3\n", 0, 1, 1, NULL, NULL},
        {"words for numbers", TOP "|good|fair|poor\n", 0, 1, 1, NULL, NULL},
        {"words for most numbers", TOP "|good|fair|4\n", 0, 1, 1, NULL, NULL},
        {"a respondent's name and an answer left out, one of nine",
         "name|a|b|c|d|e|f|g|h|i\nAnna|6|5|4|6|5|4|6|5|4\nBen|7|4|4|7|4|4|7|4|4\nCaro|5|5|4|5|5|4|5|5|4\n"
         "Dora|5|5|2|5|5|2|5|5|2\nTotal||5|3|6|5|3|6|5|3\n",
         0, 1, 0, NULL, NULL},
        {"note", TOP "|||\n注：1=非常不满意，7=非常满意|||\n", 0, 1, 2, NULL, NULL},
        {"note alone in its row", TOP "Source: customer survey 2026\n", 0, 1, 1, NULL, NULL},
        {"total, blank, note", TOP "Total|36|26|20\n|||\nGenerated 2026-01-08|||\n", 0, 1, 3, NULL, NULL},
        {"blank rows", TOP "|||\n|||\n", 0, 1, 2, NULL, NULL},
        {"an answer", TOP "7|6|4|3\n", 0, 1, 0, NULL, NULL},
        {"an answer with fractions", TOP "7|6.5|4.5|3\n", 0, 1, 0, NULL, NULL},
        {"an answer without much", TOP "7|||\n", 0, 1, 0, NULL, NULL},
        {"an answer with a missing word", TOP "7|不适用|NA|3\n", 0, 1, 0, NULL, NULL},
        {"an answer with a comment for a number", TOP "7|too cold|4|3\n", 0, 1, 0, NULL, NULL},
        {"a respondent's name",
         "name|E1|P1|nps\nAnna|6|5|4\nBen|7|4|4\nCaro|5|5|4\nDora|5|5|2\nEmil|6|6|3\nTotal|7|3|3\n", 0, 1, 0,
         NULL, NULL},
        {"the mean below names",
         "name|E1|P1|nps\nAnna|6|5|4\nBen|7|4|4\nCaro|5|5|4\nDora|5|5|2\nEmil|6|6|3\nAverage|5.8|5|3.4\n", 0,
         1, 1, NULL, NULL},
#define NAMED "name|E1|P1|nps\nAnna|6|5|4\nBen|7|4|4\nCaro|5|5|4\nDora|5|5|2\nEmil|6|6|3\n"
        {"the sum below names", NAMED "Sum|29|25|17\n", 0, 1, 1, NULL, NULL},
        {"a count below names, alone", NAMED "Count|||\n", 0, 1, 1, NULL, NULL},
        {"a note below names", NAMED "Note: in points|||\n", 0, 1, 1, NULL, NULL},
        {"a long note below names", NAMED "All of them were asked in January by telephone|||\n", 0, 1, 1,
         NULL, NULL},
        {"numbered notes below names", NAMED "注1：单位为分|||\n※ estimated|||\n* estimated|||\n", 0, 1, 3,
         NULL, NULL},
        {"a comment alone",
         "comment|E1|P1\nall is well|6|5\nnot bad at all|7|4\nreport it, please|5|5\nthank you|6|5\nNote the "
         "good staff||\n",
         0, 1, 0, NULL, NULL},
        {"a name without answers", NAMED "Friederike|||\n", 0, 1, 0, NULL, NULL},
        {"a note below addresses",
         "mail|E1|P1\na@example.org|6|5\nb@example.org|7|4\nc@example.org|5|5\nd@example.org|6|5\nsee page "
         "two||\n",
         0, 1, 1, NULL, NULL},
    };
    check_all(cases, ARRAY_LEN(cases));
}

static void totals_are_told_from_answers(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {"one answer, mean and deviation", "id|E1|P1\n1|6|5\nMean|6|5\nSD|0|0\n", 0, 1, 2, NULL, NULL},
        {"thousands",
         "id|a|b\n1|1,200|2,300\n2|1,300|2,300\n3|1,250|2,400\n4|1,200|2,300\n5|1,300|2,500\n6|1,200|2,"
         "300\n7|1,200|2,300\n"
         "|1,235.7|2,342.9\n",
         0, 1, 1, NULL, NULL},
        {"means of three decimals", TOP "|6.017|4.333|3.333\n", 0, 1, 1, NULL, NULL},
        {"all and mean", TOP "all|Mean|4.33|3.3\n", 0, 1, 1, NULL, NULL},
        {"an answer without id", TOP "|6|4|3\n", 0, 1, 0, NULL, NULL},
        {"an answer without id, and a comment", TOP "|too cold|4|\n", 0, 1, 0, NULL, NULL},
        {"a brand called Total and fractions",
         "id|brand|E1|P1\n1|Shell|6|5\n2|Aral|7|4\n3|Esso|5|5\n4|Shell|5|5\n5|Esso|6|6\n6|Total|7.5|3.5\n", 0,
         1, 0, NULL, NULL},
        {"a brand called Total before, and fractions",
         "brand|E1|P1\nShell|6|5\nTotal|7|4\nEsso|5|5\nTotal|5|5\nEsso|6|6\nTotal|7.5|3.5\n", 0, 1, 0, NULL,
         NULL},
        {"N for no", "again|E1|P1|nps\nY|6|5|4\nY|7|4|4\nN|5|5|4\nY|5|5|2\nY|6|6|3\nN|7|3|3\n", 0, 1, 0, NULL,
         NULL},
        {"N for no, once", "again|E1|P1|nps\nY|6|5|4\nY|7|4|4\nY|5|5|4\nY|5|5|2\nY|6|6|3\nN|7|3|3\n", 0, 1, 0,
         NULL, NULL},
        {"a brand called Total",
         "id|brand|E1|P1\n1|Shell|6|5\n2|Total|7|4\n3|Esso|5|5\n4|Shell|5|5\n5|Esso|6|6\n6|Total|7|3\n", 0, 1,
         0, NULL, NULL},
        {"a brand called Total, once",
         "id|brand|E1|P1\n1|Shell|6|5\n2|Aral|7|4\n3|Esso|5|5\n4|Shell|5|5\n5|Esso|6|6\n6|Total|7|3\n", 0, 1,
         0, NULL, NULL},
    };
    check_all(cases, ARRAY_LEN(cases));
}

static void names_are_usable_and_texts_are_labels(void **state)
{
    (void)state;
#define LONG "How satisfied are you, all in all, with the way in which we kept our promise?"
    static const struct expected cases[] = {
        {"duplicates", "a|b|a|A|a_2\n1|2|3|4|5\n2|3|4|5|6\n3|3|4|5|6\n", 0, 1, 0, "a|b|a_3|A_4|a_2", NULL},
        {"unnamed", "id||P1|\n1|6|5|note\n2|7|4|note\n3|5|5|note\n", 0, 1, 0, "id|column_2|P1|column_4",
         NULL},
        {"empty at the end", "id|E1|P1||\n1|6|5||\n2|7|4||\n3|5|5||\n", 0, 1, 0, "id|E1|P1", NULL},
        {"a row with a cell too many", "id|E1|P1\n1|6|5\n2|7|4|9\n3|5|5\n4|5|5\n", 0, 1, 0, "id|E1|P1", NULL},
        {"a mark, spaces, a line break",
         "\xEF\xBB\xBFid| E1\xC2\xA0|\xE2\x80\x8BP1^(1-7) \n1|6|5\n2|7|4\n3|5|5\n", 0, 1, 0, "id|E1|P1 (1-7)",
         NULL},
        {"tags", "id|<p>E1 &amp; more<br/></p>|P1 < 5\n1|6|5\n2|7|4\n3|5|5\n", 0, 1, 0, "id|E1 & more|P1 < 5",
         NULL},
        {"long texts with codes",
         "id|Q3. " LONG "|4、" LONG "|E01：" LONG "|" LONG "\n1|6|5|5|5\n2|7|4|4|4\n3|5|5|5|5\n", 0, 1, 0,
         "id|Q3|q4|E01|q5", "|Q3. " LONG "|4、" LONG "|E01：" LONG "|" LONG},
        {"codes and texts in one",
         "id. Response ID|E1[SQ001]. What do you expect? [Heating]|P1[SQ001]. " LONG
         "\n1|6|5\n2|7|4\n3|5|5\n",
         0, 1, 0, "id|E1[SQ001]|P1[SQ001]", "Response ID|What do you expect? [Heating]|" LONG},
        {"codes and texts in one, twice the same", "a. One|a. Two|b. Three\n1|6|5\n2|7|4\n3|5|5\n", 0, 1, 0,
         "a|a_2|b", "One|Two|Three"},
        {"texts with a point", "id|Dr. Smith was polite|Mr. Hill was quick\n1|6|5\n2|7|4\n3|5|5\n", 0, 1, 0,
         "id|Dr. Smith was polite|Mr. Hill was quick", "||"},
        {"codes that aren't unique", "id|3、" LONG "a|3、" LONG "b|4、" LONG "\n1|6|5|5\n2|7|4|4\n3|5|5|5\n",
         0, 1, 0, "id|q3_1|q3_2|q4", NULL},
        {"a made name gives way", "id|" LONG "|q2\n1|6|5\n2|7|4\n3|5|5\n", 0, 1, 0, "id|q2_2|q2", NULL},
        {"a number is no code", "id|E1|2.5 stars: " LONG "|2026 " LONG "\n1|6|5|4\n2|7|4|4\n3|5|5|5\n", 0, 1,
         0, "id|E1|q3|q4", NULL},
        {"R's names of rows", "E1|P1\nr1|6|5\nr2|7|4\nr3|5|5\n", 0, 1, 0, "column_1|E1|P1", NULL},
    };
    check_all(cases, ARRAY_LEN(cases));
}

static void a_header_cell_of_10_kB_is_cut(void **state)
{
    (void)state;
    static char text[20000];
    memset(text, 'x', 10000);
    strcpy(text + 10000, "|b\n1|2\n2|3\n");
    struct table *table = table_of(text);
    struct mg_shape shape = table_shape(table);
    assert_int_equal(shape.n_columns, 2);
    assert_string_equal(shape.columns[0].name, "q1");
    assert_true(strlen(shape.columns[0].label) <= MG_SHAPE_LABEL_MAX + 3);
    assert_true(mg_str_ends(shape.columns[0].label, "…"));
    table_done(table);
}

static void what_the_user_says_stands_above(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        struct mg_shape_options options;
        size_t titles, headers, feet;
        const char *names;
    } cases[] = {
        {"id|E1\n1|6\n2|7\n", {.headers_told = true, .header_rows = 0}, 0, 0, 0, "column_1|column_2"},
        {"1|2\n1|6\n2|7\n", {.headers_told = true, .header_rows = 1}, 0, 1, 0, "1|2"},
        {"1|2\n1|6\n2|7\n", {.headers_told = true, .header_rows = MG_SHAPE_SOME}, 0, 1, 0, "1|2"},
        {"a|b\nc|d\n1|6\n2|7\n", {.headers_told = true, .header_rows = 1}, 0, 1, 0, "a|b"},
        {"t|u\nid|E1\n1|6\n2|7\n", {.titles_told = true, .title_rows = 1}, 1, 1, 0, "id|E1"},
        {"id|E1\n1|6\nMean|7.5\n", {.foot_told = true, .foot_rows = 0}, 0, 1, 0, "id|E1"},
        {"id|E1\n1|6\n2|7\n3|7\n", {.foot_told = true, .foot_rows = 2}, 0, 1, 2, "id|E1"},
        {"id|E1\n", {.titles_told = true, .title_rows = 9}, 1, 0, 0, NULL},
        {"id|E1\n1|2\n", {.headers_told = true, .header_rows = 50}, 0, 2, 0, NULL},
    };
    size_t wrong = 0;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char names[200];
        struct table *table = table_of(cases[i].text);
        struct mg_shape shape = table_shape_as(table, &cases[i].options);
        join(&shape, false, names, sizeof names);
        if (shape.title_rows != cases[i].titles || shape.header_rows != cases[i].headers ||
            shape.foot_rows != cases[i].feet || (cases[i].names && strcmp(names, cases[i].names) != 0))
            wrong += !say_wrong("%zu: %zu %zu %zu %s\n", i, shape.title_rows, shape.header_rows,
                                shape.foot_rows, names);
        table_done(table);
    }
    assert_int_equal(wrong, 0);
}

/* Three exports below each other. */
static void repeated_headers_in_the_middle_change_nothing(void **state)
{
    (void)state;
#define WORDS                                                                                                \
    "region|heating|bills\nnorth|good|poor\nsouth|fair|poor\nnorth|good|fair\neast|poor|poor\nnorth|fair|"   \
    "good\n"
#define NUMBERS "id|E1|P1\n1|6|5\n2|7|4\n3|5|5\n4|5|6\n5|6|7\n"
    static const struct expected cases[] = {
        {"words", WORDS WORDS WORDS, 0, 1, 0, "region|heating|bills", NULL},
        {"numbers", NUMBERS NUMBERS NUMBERS, 0, 1, 0, "id|E1|P1", NULL},
    };
    check_all(cases, ARRAY_LEN(cases));
}

static void repeated_headers_are_told(void **state)
{
    (void)state;
    struct table *table =
        table_of("a|b\nA text|B text\n{\"ImportId\":\"1\"}|{\"ImportId\":\"2\"}\n1|2\n2|3\n1|2\n");
    struct mg_shape shape = table_shape(table);
    assert_int_equal(shape.header_rows, 3);
    assert_true(mg_shape_is_repeat(&shape, (const char *[]){"a", "b"}, 2));
    assert_true(mg_shape_is_repeat(&shape, (const char *[]){"A text", "B text"}, 2));
    assert_true(mg_shape_is_repeat(&shape, (const char *[]){"", " ", NULL}, 3));
    assert_true(mg_shape_is_repeat(&shape, (const char *[]){"\xEF\xBB\xBF\"a\"", "b", ""}, 3));
    assert_false(mg_shape_is_repeat(&shape, (const char *[]){"\"a\"", "b"}, 2));
    assert_false(mg_shape_is_repeat(&shape, (const char *[]){"a", "2"}, 2));
    assert_false(mg_shape_is_repeat(&shape, (const char *[]){"a"}, 1));
    assert_false(mg_shape_is_repeat(&shape, (const char *[]){"a", "b", "c"}, 3));
    table_done(table);
}

static void what_was_done_is_said_in_both_languages(void **state)
{
    (void)state;
    struct table *table = table_of("Survey|||\nid|E1||nps\n" ROWS "Mean|6|4.33|3.3\n");
    struct mg_shape shape = table_shape(table);
    assert_int_equal(shape.n_notes, 3);
    assert_string_equal(shape.title, "Survey");
    assert_string_equal(shape.notes[0].en, "Rows left out above the header: 1, “Survey”.");
    assert_string_equal(shape.notes[1].en, "Column 3 has no name; it is called “column_3” here.");
    assert_string_equal(shape.notes[2].en,
                        "Rows left out at the end, as totals or notes: 1, from line 9 on, “Mean”.");
    for (size_t i = 0; i < shape.n_notes; i++)
        assert_string_not_equal(shape.notes[i].en, shape.notes[i].zh);
    table_done(table);
}

static void a_full_arena_is_said_wherever_it_ends(void **state)
{
    (void)state;
    struct table *table = table_of("Survey|||\n|A||\nid|" LONG "|" LONG "|a\n" ROWS "Mean|6|4.33|3.3\n");
    size_t failed = 0;
    int rc = -1;
    for (size_t limit = 64; rc; limit += 64) {
        struct mg_arena *arena = mg_arena_new(limit);
        struct mg_error error = {0};
        struct mg_shape shape;
        rc = mg_shape_find(arena, table->rows, table->n, table->rows, table->n, NULL, &shape, &error);
        assert_true(rc == 0 || (rc == MG_E_NO_MEMORY && *error.message));
        failed += rc != 0;
        mg_arena_free(arena);
        assert_true(limit < 1000000);
    }
    assert_true(failed > 20);
    table_done(table);
}

static void files_of_the_shared_folder(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        char delimiter;
        size_t headers, feet, columns;
    } cases[] = {
        {"case03-181-columns.csv", ',', 1, 0, 181},
        {"case05-one-text-cell.csv", ',', 1, 0, 7},
        {"case08-qualtrics-three-headers.csv", ',', 3, 0, 16},
        {"case09-csat-3-point.csv", ',', 1, 0, 0},
        {"case10-dont-know-9.csv", ',', 1, 0, 0},
        {"case12-bipolar-scale.csv", ',', 1, 0, 0},
        {"case13-mean-row.csv", ',', 1, 1, 8},
        {"case13b-mean-row-nps.csv", ',', 1, 1, 8},
        {"case14-long-question.csv", ',', 1, 0, 7},
        {"case15-kobo-groups.csv", ';', 1, 0, 10},
        {"case16-last-column-unnamed.csv", ',', 1, 0, 8},
        {"case18-decimal-comma-answers.csv", ';', 1, 0, 0},
        {"case19-select-multiple.csv", ',', 1, 0, 0},
        {"case20-psych-bfi-1-6.csv", ',', 1, 0, 0},
    };
    size_t wrong = 0;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct table *table = table_of_file(cases[i].name, cases[i].delimiter);
        if (!table)
            continue;
        struct mg_shape shape = table_shape(table);
        if (shape.title_rows || shape.header_rows != cases[i].headers || shape.foot_rows != cases[i].feet ||
            (cases[i].columns && shape.n_columns != cases[i].columns))
            wrong += !say_wrong("%s: %zu titles, %zu headers, %zu feet, %zu columns\n", cases[i].name,
                                shape.title_rows, shape.header_rows, shape.foot_rows, shape.n_columns);
        table_done(table);
    }
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_row_is_a_header_or_data_by_the_rows_below),
        cmocka_unit_test(titles_stand_above),
        cmocka_unit_test(two_and_three_rows_make_a_header),
        cmocka_unit_test(a_row_of_codes_and_one_of_texts_are_names_and_labels),
        cmocka_unit_test(totals_and_notes_stand_at_the_foot),
        cmocka_unit_test(totals_are_told_from_answers),
        cmocka_unit_test(names_are_usable_and_texts_are_labels),
        cmocka_unit_test(a_header_cell_of_10_kB_is_cut),
        cmocka_unit_test(what_the_user_says_stands_above),
        cmocka_unit_test(repeated_headers_in_the_middle_change_nothing),
        cmocka_unit_test(repeated_headers_are_told),
        cmocka_unit_test(what_was_done_is_said_in_both_languages),
        cmocka_unit_test(a_full_arena_is_said_wherever_it_ends),
        cmocka_unit_test(files_of_the_shared_folder),
    };
    return cmocka_run_group_tests_name("exchange/shape", tests, NULL, NULL);
}
