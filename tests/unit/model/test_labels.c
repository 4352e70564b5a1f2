/* Answers in words: which ladder a column's words are of, in every language; numbers with labels, codes,
 * words at the ends of a scale of numbers, several choices in a cell. */
#include <math.h>

#include "base/str.h"
#include "model/decided.h"

struct ladder_case {
    const char *family; /* NULL: no map */
    const char *cells;
    const char *values; /* what each cell is, "-": missing, "?": not understood */
};

static const struct ladder_case cases[] = {
    /* the steps that weren't seen count */
    {"satisfaction", "very satisfied|satisfied|neutral|dissatisfied|satisfied", "5 4 3 2 4"},
    {"satisfaction", "Very Satisfied.|SATISFIED|  neutral |not at all satisfied", "5 4 3 1"},
    {"agreement", "Strongly agree|Agree|Neither agree, nor disagree|Disagree|Strongly disagree|NA|Don't know",
     "5 4 3 2 1 - -"},
    {"agreement", "strongly disagree|disagree|somewhat disagree|neutral|somewhat agree|agree|strongly agree",
     "1 2 3 4 5 6 7"},
    {"agreement", "Strongly disagree|Disagree|Slightly disagree|Slightly agree|Agree|Strongly agree",
     "1 2 3 4 5 6"},
    {"agreement", "agree|neutral|disagree", "3 2 1"},
    {"ease", "Very easy|Easy|Neither easy nor difficult|Difficult|Very difficult", "5 4 3 2 1"},
    {"ease", "非常容易|容易|一般|困难|非常困难", "5 4 3 2 1"},
    {"importance",
     "Not at all important|Slightly important|Moderately important|Very important|Extremely important",
     "1 2 3 4 5"},
    {"frequency", "never|rarely|sometimes|often|always", "1 2 3 4 5"},
    {"likelihood", "very unlikely|unlikely|neutral|likely|very likely", "1 2 3 4 5"},
    {"quality", "very poor|poor|fair|good|very good", "1 2 3 4 5"},
    {"quality", "poor|fair|good|very good|excellent", "1 2 3 4 5"},
    {"expectation",
     "Much worse than expected|Worse than expected|As expected|Better than expected|Much better than "
     "expected",
     "1 2 3 4 5"},
    {"expectation", "worse than expected|as expected|better than expected", "1 2 3"},
    {"comparison", "much better|better|about the same|worse", "5 4 3 2"},
    {"yes_no", "Yes|No|yes|n/a", "1 0 1 -"},
    {"yes_no", "TRUE|FALSE", "1 0"},
    /* Chinese, simplified and traditional */
    {"satisfaction", "非常满意|满意|一般|不满意|非常不满意|不清楚", "5 4 3 2 1 -"},
    {"satisfaction", "很滿意|滿意|普通|不滿意", "5 4 3 2"},
    {"satisfaction", "非常满意|比较满意|一般|不太满意|很不满意", "5 4 3 2 1"},
    {"agreement", "非常同意|比较同意|一般|不太同意|非常不同意", "5 4 3 2 1"},
    {"agreement", "非常同意|同意|有点同意|中立|有点不同意|不同意|非常不同意", "7 6 5 4 3 2 1"},
    {"agreement", "完全符合|比较符合|一般|不太符合|完全不符合", "5 4 3 2 1"},
    {"importance", "非常重要|重要|一般|不重要|非常不重要", "5 4 3 2 1"},
    {"frequency", "从不|很少|有时|经常|总是", "1 2 3 4 5"},
    {"likelihood", "非常可能|可能|不确定|不可能|非常不可能", "5 4 3 2 1"},
    {"quality", "很差|差|一般|好|很好", "1 2 3 4 5"},
    {"expectation", "远低于预期|低于预期|符合预期|高于预期|远高于预期", "1 2 3 4 5"},
    {"expectation", "低於預期|符合預期|超出預期", "1 2 3"},
    {"yes_no", "是|否|是", "1 0 1"},
    {"yes_no", "是|否|不知道", "1 0 -"},
    {"yes_no", "是|否|不确定", "3 1 2"},
    /* Japanese, Korean */
    {"satisfaction", "非常に満足|満足|どちらともいえない|不満|非常に不満|わからない", "5 4 3 2 1 -"},
    {"satisfaction", "満足|やや満足|どちらともいえない|やや不満|不満|非常に満足|非常に不満", "6 5 4 3 2 7 1"},
    {"satisfaction", "満足|やや満足|やや不満|不満", "4 3 2 1"},
    {"satisfaction", "満足|やや満足|どちらともいえない|やや不満|不満", "5 4 3 2 1"},
    {"agreement",
     "そう思う|どちらかといえばそう思う|どちらともいえない|どちらかといえばそう思わない|そう思わない",
     "5 4 3 2 1"},
    {"agreement", "あてはまらない|あまりあてはまらない|どちらともいえない|ややあてはまる|あてはまる",
     "1 2 3 4 5"},
    {"agreement", "全くあてはまらない|あまりあてはまらない|ややあてはまる|とてもあてはまる", "1 2 3 4"},
    {"agreement",
     "全くあてはまらない|あてはまらない|あまりあてはまらない|どちらともいえない|ややあてはまる|あてはまる|"
     "非常にあてはまる",
     "1 2 3 4 5 6 7"},
    {"importance", "重要でない|あまり重要でない|どちらともいえない|やや重要|重要", "1 2 3 4 5"},
    {"importance", "全く重要でない|あまり重要でない|やや重要|非常に重要", "1 2 3 4"},
    {"importance", "全く重要でない|重要でない|あまり重要でない|どちらともいえない|やや重要|重要|非常に重要",
     "1 2 3 4 5 6 7"},
    {"frequency", "まったくない|あまりない|ときどきある|よくある", "1 2 3 4"},
    {"likelihood", "ぜひ利用したい|やや利用したい|どちらともいえない|あまり利用したくない|全く利用したくない",
     "5 4 3 2 1"},
    {"satisfaction", "매우 불만족한다|불만족하는 편이다|만족하는 편이다|매우 만족한다", "1 2 3 4"},
    {"importance", "전혀 중요하지 않다|중요하지 않은 편이다|중요한 편이다|매우 중요하다", "1 2 3 4"},
    {"importance",
     "전혀 중요하지 않다|중요하지 않다|약간 중요하지 않다|보통이다|약간 중요하다|중요하다|매우 중요하다",
     "1 2 3 4 5 6 7"},
    {"frequency", "전혀 없다|가끔 있다|자주 있다|항상 있다", "1 2 3 4"},
    {"likelihood", "전혀 추천하지 않겠다|추천하지 않겠다|보통이다|추천하겠다|적극 추천하겠다", "1 2 3 4 5"},
    /* Indonesian: “kurang” is less than yes and more than no, the middle where both are there */
    {"agreement", "sangat tidak setuju|tidak setuju|kurang setuju|setuju|sangat setuju", "1 2 3 4 5"},
    {"agreement", "tidak sesuai|kurang sesuai|sesuai|sangat sesuai", "1 2 3 4"},
    {"agreement", "STS|TS|KS|S|SS", "1 2 3 4 5"},
    {"satisfaction", "sangat tidak puas|tidak puas|kurang puas|puas|sangat puas", "1 2 3 4 5"},
    {"satisfaction", "tidak puas|kurang puas|cukup puas|puas|sangat puas", "1 2 3 4 5"},
    {"importance", "tidak penting|kurang penting|penting|sangat penting", "1 2 3 4"},
    {"frequency", "tidak pernah|kadang-kadang|sering|selalu", "1 2 3 4"},
    {"quality", "tidak baik|kurang baik|baik|sangat baik", "1 2 3 4"},
    {"quality", "tidak mudah|kurang mudah|mudah|sangat mudah", "1 2 3 4"},
    {"importance", "sehr unwichtig|unwichtig|eher unwichtig|teils/teils|eher wichtig|wichtig|sehr wichtig",
     "1 2 3 4 5 6 7"},
    {"satisfaction",
     "très insatisfait|insatisfait|plutôt insatisfait|ni satisfait ni insatisfait|plutôt "
     "satisfait|satisfait|très "
     "satisfait",
     "1 2 3 4 5 6 7"},
    {"importance", "pas du tout important|peu important|assez important|très important", "1 2 3 4"},
    {"frequency", "jamais|parfois|souvent|toujours", "1 2 3 4"},
    {"satisfaction",
     "muy insatisfecho|insatisfecho|algo insatisfecho|ni satisfecho ni insatisfecho|algo "
     "satisfecho|satisfecho|muy satisfecho",
     "1 2 3 4 5 6 7"},
    {"satisfaction",
     "muito insatisfeito|insatisfeito|um pouco insatisfeito|neutro|um pouco satisfeito|satisfeito|muito "
     "satisfeito",
     "1 2 3 4 5 6 7"},
    {"agreement", "とてもそう思う|そう思う|どちらともいえない|あまりそう思わない|全くそう思わない",
     "5 4 3 2 1"},
    {"importance", "とても重要|やや重要|普通|あまり重要でない|まったく重要でない", "5 4 3 2 1"},
    {"quality", "とても良い|良い|普通|悪い|とても悪い", "5 4 3 2 1"},
    {"expectation", "期待を大きく上回った|期待を上回った|期待どおり|期待を下回った|期待を大きく下回った",
     "5 4 3 2 1"},
    {"yes_no", "はい|いいえ", "1 0"},
    {"satisfaction", "매우 만족|만족|보통|불만족|매우 불만족|모름", "5 4 3 2 1 -"},
    {"agreement", "매우 그렇다|그렇다|보통이다|그렇지 않다|전혀 그렇지 않다", "5 4 3 2 1"},
    {"importance", "매우 중요|중요|보통|중요하지 않음|전혀 중요하지 않음", "5 4 3 2 1"},
    {"frequency", "항상|자주|가끔|거의 없음|전혀 없음", "5 4 3 2 1"},
    {"expectation", "기대 이상|기대만큼|기대 이하", "3 2 1"},
    {"yes_no", "예|아니오", "1 0"},
    /* German, French, Spanish, Portuguese, Indonesian */
    {"satisfaction", "sehr zufrieden|eher zufrieden|teils/teils|eher unzufrieden|sehr unzufrieden|k. A.",
     "5 4 3 2 1 -"},
    {"agreement",
     "stimme voll und ganz zu|stimme eher zu|teils/teils|stimme eher nicht zu|stimme überhaupt nicht zu",
     "5 4 3 2 1"},
    {"agreement", "trifft zu|trifft eher zu|trifft eher nicht zu|trifft nicht zu", "4 3 2 1"},
    {"agreement", "trifft zu|trifft eher zu|teils teils|trifft eher nicht zu|trifft nicht zu", "5 4 3 2 1"},
    {"frequency", "nie|selten|manchmal|häufig|immer", "1 2 3 4 5"},
    {"quality", "Sehr gut|Gut|Mittelmässig|Mittelmäßig|Schlecht|Sehr schlecht", "5 4 3 3 2 1"},
    {"expectation",
     "viel besser als erwartet|besser als erwartet|wie erwartet|schlechter als erwartet|viel schlechter als "
     "erwartet",
     "5 4 3 2 1"},
    {"yes_no", "Ja|Nein", "1 0"},
    {"satisfaction",
     "Très satisfait|Satisfait|Ni satisfait ni insatisfait|Insatisfait|Très insatisfait|Sans réponse",
     "5 4 3 2 1 -"},
    {"agreement", "Tout à fait d’accord|D'accord|Neutre|Pas d'accord|Pas du tout d'accord", "5 4 3 2 1"},
    {"frequency", "toujours|souvent|parfois|rarement|jamais", "5 4 3 2 1"},
    {"expectation", "mieux que prévu|comme prévu|moins bien que prévu", "3 2 1"},
    {"yes_no", "oui|non", "1 0"},
    {"satisfaction", "muy satisfecho|satisfecho|neutral|insatisfecho|muy insatisfecho|no sabe",
     "5 4 3 2 1 -"},
    {"agreement",
     "Totalmente de acuerdo|De acuerdo|Ni de acuerdo ni en desacuerdo|En desacuerdo|Totalmente en desacuerdo",
     "5 4 3 2 1"},
    {"frequency", "siempre|casi siempre|a veces|casi nunca|nunca", "5 4 3 2 1"},
    {"yes_no", "Sí|No|si", "1 0 1"},
    {"satisfaction", "muito satisfeito|satisfeito|neutro|insatisfeito|muito insatisfeito|não sei",
     "5 4 3 2 1 -"},
    {"agreement", "Concordo totalmente|Concordo|Não concordo nem discordo|Discordo|Discordo totalmente",
     "5 4 3 2 1"},
    {"quality", "ótimo|bom|regular|ruim|péssimo", "5 4 3 2 1"},
    {"yes_no", "sim|não", "1 0"},
    {"yes_no", "S|N|s", "1 0 1"},
    {"satisfaction", "sangat puas|puas|netral|tidak puas|sangat tidak puas|tidak tahu", "5 4 3 2 1 -"},
    {"agreement", "SS|S|N|TS|STS", "5 4 3 2 1"},
    {"importance", "sangat penting|penting|cukup penting|tidak penting|sangat tidak penting", "5 4 3 2 1"},
    {"yes_no", "Ya|Tidak", "1 0"},
    /* one text of twenty that isn't known stays what it is */
    {"quality",
     "good|good|good|fair|fair|good|poor|poor|good|fair|so-lala|very good|excellent|good|good|good",
     "3 3 3 2 2 3 1 1 3 2 ? 4 5 3 3 3"},
    /* no maps */
    {NULL, "Ward 1|Ward 2|Ward 3", "x x x"},
    {NULL, "male|female|male", "x x x"},
    {NULL, "good value|too far away|nice staff", "x x x"},
    {NULL, "low|high|medium", "x x x"},
    {NULL, "agree|Berlin|Paris|London", "x x x x"},
    {NULL,
     "agree|disagree|agree|agree|agree|agree|agree|agree|agree|agree|agree|agree|agree|agree|agree|agree|"
     "agree|agree|"
     "Berlin|Paris",
     "x"},
};

static void expect_values(const struct mg_reading *reading, const char *cells, const char *values)
{
    for (const char *cell = cells; *values; cell += strcspn(cell, "|") + 1) {
        double number;
        size_t n = strcspn(cell, "|");
        enum mg_cell_read read = mg_cell_read(reading, cell, n, &number);
        bool right = *values == '-'   ? read == MG_READ_MISSING
                     : *values == '?' ? read == MG_READ_NOT_UNDERSTOOD
                     : *values == 'x' ? read == MG_READ_VALUE && isnan(number)
                                      : read == MG_READ_VALUE && number == strtod(values, NULL);
        if (!right)
            fail_msg("“%.*s” of “%s” is %d, %g, not %.3s", (int)n, cell, cells, (int)read, number, values);
        values += strcspn(values, " ");
        values += *values == ' ';
    }
}

static void words_become_steps(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct decided d = decide(1, &cases[i].cells, NULL);
        if (!mg_str_equal(d.reading[0].scale_family, cases[i].family))
            fail_msg("“%s” is %s", cases[i].cells,
                     d.reading[0].scale_family ? d.reading[0].scale_family : "text");
        expect_values(&d.reading[0], cases[i].cells, cases[i].values);
        mg_arena_free(d.arena);
    }
}

/* "Agree" alone could be of any length; other columns of the file say which. */
static void the_file_chooses_the_ladder(void **state)
{
    (void)state;
    static const char *const columns[] = {"agree|disagree|agree",
                                          "strongly agree|agree|neutral|strongly disagree", "agree|agree",
                                          "Beijing|Paris"};
    struct decided d = decide(4, columns, NULL);
    expect_values(&d.reading[0], columns[0], "4 2 4");
    expect_values(&d.reading[2], columns[2], "4 4");
    assert_int_equal(d.reading[3].kind, MG_CELLS_TEXT);
    assert_int_equal(d.reading[0].n_labels, 5);
    assert_string_equal(d.reading[0].labels[0].text, "strongly disagree");
    assert_true(d.reading[0].labels[4].value == 5 && d.facts[0].min == 2 && d.facts[0].max == 4);
    mg_arena_free(d.arena);

    /* 满意 is above 比较满意 where a file has both, also in a column without the one */
    static const char *const seven[] = {"非常不满意|不满意|比较不满意|一般|比较满意|满意|非常满意",
                                        "比较满意|一般|非常满意"};
    d = decide(2, seven, NULL);
    expect_values(&d.reading[0], seven[0], "1 2 3 4 5 6 7");
    expect_values(&d.reading[1], seven[1], "5 4 7");
    mg_arena_free(d.arena);

    d = decide(1, columns, NULL); /* alone: two answers, one of them the other's no */
    expect_values(&d.reading[0], columns[0], "1 0 1");
    mg_arena_free(d.arena);
}

static void numbers_with_labels(void **state)
{
    (void)state;
    static const char *const labelled[] = {"5 - Agree|4 - Rather agree|1 - Not at all|5 - Agree"};
    struct decided d = decide(1, labelled, NULL);
    assert_true(d.reading[0].kind == MG_CELLS_NUMBER && d.reading[0].dressed && d.reading[0].n_labels == 3);
    expect_values(&d.reading[0], labelled[0], "5 4 1 5");
    expect_values(&d.reading[0], "3 - Neither|3", "3 3");
    mg_arena_free(d.arena);

    static const char *const ends[] = {"0 - not at all|3|7|10 - very much|不清楚"};
    d = decide(1, ends, NULL);
    expect_values(&d.reading[0], ends[0], "0 3 7 10 -");
    mg_arena_free(d.arena);

    static const char *const chinese[] = {"7（非常同意）|6（同意）|1（非常不同意）"};
    d = decide(1, chinese, NULL);
    expect_values(&d.reading[0], chinese[0], "7 6 1");
    mg_arena_free(d.arena);

    static const char *const none[] = {"1 - North|2 - South|3 - East", "12 Main Street|14 Main Street|7",
                                       "3 楼|5 楼"};
    d = decide(3, none, NULL);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(d.reading[i].kind, MG_CELLS_TEXT);
    mg_arena_free(d.arena);
}

/* Most of the column are bare numbers: it is one of numbers already. */
static void labels_at_the_ends_alone(void **state)
{
    (void)state;
    static const char *const ends[] = {"1 - Strongly disagree|2|3|4|5|2|3|7 - Strongly agree|6|4|4"};
    struct decided d = decide(1, ends, NULL);
    expect_values(&d.reading[0], ends[0], "1 2 3 4 5 2 3 7 6 4 4");
    assert_int_equal(d.facts[0].n_not_understood, 0);
    mg_arena_free(d.arena);
}

static void shares_of_one_whole(void **state)
{
    (void)state;
    static const char *const shares[] = {"5/7|7 / 7|1/7|不适用", "8 out of 10|10|3 of 10"};
    struct decided d = decide(2, shares, NULL);
    expect_values(&d.reading[0], shares[0], "5 7 1 -");
    expect_values(&d.reading[1], shares[1], "8 10 3");
    assert_true(d.facts[0].min == 1 && d.facts[0].max == 7 && d.facts[0].n_not_understood == 0);
    mg_arena_free(d.arena);

    /* other wholes, more than the whole, halves, mixed with words */
    static const char *const none[] = {"5/7|3/5|1/7", "5/7|9/7", "1/2|2/2|1/2", "5/7|6/7|north"};
    d = decide(4, none, NULL);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(d.reading[i].kind, MG_CELLS_TEXT);
    mg_arena_free(d.arena);
}

static void words_at_the_ends_of_numbers(void **state)
{
    (void)state;
    static const char *const nps[] = {
        "Not at all likely|1|2|3|4|5|6|7|8|9|Extremely likely|Extremely likely"};
    struct decided d = decide(1, nps, NULL);
    expect_values(&d.reading[0], nps[0], "0 1 2 3 4 5 6 7 8 9 10 10");
    assert_int_equal(d.facts[0].n_not_understood, 0);
    mg_arena_free(d.arena);

    static const char *const seven[] = {"Strongly disagree|2|3|4|5|6|Strongly agree"};
    d = decide(1, seven, NULL);
    expect_values(&d.reading[0], seven[0], "1 2 3 4 5 6 7");
    mg_arena_free(d.arena);

    static const char *const gap[] = {
        "1|2|4|5|7|8|9|5|5|5|6|2|2|2|2|Extremely likely"}; /* 3 isn't there: 10 isn't sure */
    d = decide(1, gap, NULL);
    assert_int_equal(d.facts[0].n_not_understood, 1);
    mg_arena_free(d.arena);
}

static void codes_of_answers(void **state)
{
    (void)state;
    static const char *const lime[] = {"A1|A5|A3|",      "A2|A2|-oth-",    "AO01|AO02|AO01",
                                       "AO02|AO03|AO03", "L001|L002|L003", "A1|B2"};
    static const char *const two[] = {"A1|A5|A3|", "A2|A4|N/A"};
    struct decided d = decide(2, two, NULL);
    expect_values(&d.reading[0], two[0], "1 5 3 -");
    expect_values(&d.reading[1], two[1], "2 4 -");
    mg_arena_free(d.arena);
    d = decide(6, lime, NULL);
    assert_int_equal(d.reading[0].kind, MG_CELLS_TEXT); /* the only one of its kind */
    assert_int_equal(d.reading[1].kind, MG_CELLS_TEXT);
    expect_values(&d.reading[2], lime[2], "1 2 1");
    expect_values(&d.reading[3], lime[3], "2 3 3");
    assert_true(d.reading[4].kind == MG_CELLS_TEXT && d.reading[5].kind == MG_CELLS_TEXT);
    mg_arena_free(d.arena);
}

static void several_choices_in_a_cell(void **state)
{
    (void)state;
    static const struct {
        const char *cells, *mark; /* NULL: none */
    } choices[] = {
        {"电梯┋暖气|暖气|电梯", "┋"},
        {"Heat; Lift|Lift|Heat; Noise|Noise; Lift", ";"},
        {"Heat;|Lift;|Heat;Lift;|", ";"},
        {"heat lift|lift|noise heat|noise", " "},
        {"1 3|2|1|3 2", " "},
        {"1,2,3|1|2|3|1,2|2,3", ","},
        {"Heat, Lift|Lift, Noise|Heat|Noise|Lift", ","},
        {"3|1,2,4|2|4|1|1,4", ","},
        {"暖气、电梯|电梯|暖气|噪音、电梯|噪音", "、"},
        {"Yes, but slow|Nice, clean|Too far", NULL},
        {"very slow|very clean|slow", NULL},
        {"big red|big blue|big green|small red|small blue|small green|tiny red|tiny blue|tiny green", NULL},
        {"weg auf|auf ab|weg|auf|ab höher", NULL}, /* a tool's codes are ASCII */
        {"Is it clean, and warm?|Is it quick?|Is it near, and open?|Is it safe?|Is it cheap?", NULL},
        {"Heat;Lift|Lift;Noise|Noise;Heat|Heat;Noise;Lift", ";"},
        {"John Smith|Mary Smith|John Miller", NULL},
        {"red|blue|red", NULL},
    };
    for (size_t i = 0; i < ARRAY_LEN(choices); i++) {
        struct decided d = decide(1, &choices[i].cells, NULL);
        enum mg_cell_kind kind = choices[i].mark ? MG_CELLS_CHOICES : MG_CELLS_TEXT;
        if (d.reading[0].kind != kind ||
            strcmp(d.reading[0].choice_mark, choices[i].mark ? choices[i].mark : "") != 0)
            fail_msg("“%s”: kind %d, “%s”", choices[i].cells, (int)d.reading[0].kind,
                     d.reading[0].choice_mark);
        assert_true(isnan(d.facts[0].min));
        mg_arena_free(d.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_become_steps),  cmocka_unit_test(the_file_chooses_the_ladder),
        cmocka_unit_test(numbers_with_labels), cmocka_unit_test(labels_at_the_ends_alone),
        cmocka_unit_test(shares_of_one_whole), cmocka_unit_test(words_at_the_ends_of_numbers),
        cmocka_unit_test(codes_of_answers),    cmocka_unit_test(several_choices_in_a_cell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
