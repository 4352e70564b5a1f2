/* The report as a table: each line has the header's number of cells, each number stands under its name, and
 * nothing in it is a formula. */
#include "service/measure/fixture.h"

#include "service/measure/report_csv.h"

#define CELLS 64

static const char study[] =
    "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},\"dimensions\":[{\"code\":\"d\"}],\"items\":[{\"code\":"
    "\"=1+1\","
    "\"label\":{\"en\":\"Wait, or "
    "\\\"not\\\"\",\"zh-CN\":\"等\"},\"dimension\":\"d\",\"expectation\":\"E\",\"perception\":"
    "\"P\"}],\"outcomes\":[{\"code\":\"i\",\"kind\":\"index\",\"column\":\"P\"}],\"groups\":[{\"column\":"
    "\"g\"}]}";

/* Cuts a CSV line up in place; the number of cells. */
static size_t cut(char *line, const char *cells[CELLS])
{
    size_t n = 0;
    for (char *p = line;; p++) {
        bool quoted = *p == '"';
        char *out = p += quoted;
        cells[n++] = out;
        for (; *p && (quoted || *p != ','); p++) {
            if (quoted && *p == '"' && *++p != '"')
                break;
            *out++ = *p;
        }
        char end = *p;
        *out = '\0';
        if (!end)
            return n;
        assert_true(end == ',' && n < CELLS);
    }
}

struct table {
    const char *cells[64][CELLS];
    size_t rows, columns;
    char head[1024]; /* the lines before the names, one after another */
};

static const char *cell(const struct table *t, size_t row, const char *column)
{
    for (size_t i = 0; i < t->columns; i++)
        if (strcmp(t->cells[0][i], column) == 0)
            return t->cells[row][i];
    fail_msg("there is no column %s", column);
    return NULL;
}

static size_t find(const struct table *t, const char *group, const char *level, const char *code)
{
    for (size_t row = 1; row < t->rows; row++)
        if (strcmp(cell(t, row, "group"), group) == 0 && strcmp(cell(t, row, "level"), level) == 0 &&
            strcmp(cell(t, row, "code"), code) == 0)
            return row;
    fail_msg("there is no line %s %s %s", group, level, code);
    return 0;
}

static void read_table(struct fixture *f, struct table *t)
{
    const char *by = "g";
    struct mg_gap_request request = {.base = f->request, .by = &by, .n_by = 1};
    struct mg_wire_gap_report report;
    struct mg_buf out;
    SUCCEEDS(mg_measure_gaps(&f->ctx, &request, &report, &f->error));
    mg_buf_init(&out, 1 << 20);
    const struct mg_gap_csv_head head = {.filters = "g=a, or more", .wave = "2026"};
    mg_measure_gaps_csv(&report, &head, &out);
    char *text = mg_arena_strndup(f->ctx.arena, out.data, out.len), *save = NULL;
    mg_buf_done(&out);
    assert_memory_equal(text, "\xEF\xBB\xBF", 3);
    for (char *line = strtok_r(text + 3, "\r\n", &save); line; line = strtok_r(NULL, "\r\n", &save)) {
        size_t n = cut(line, t->cells[t->rows]);
        if (t->rows == 0 && strncmp(t->cells[0][0], "# ", 2) == 0) {
            size_t used = strlen(t->head);
            assert_int_equal(n, 1);
            snprintf(t->head + used, sizeof t->head - used, "%s\n", t->cells[0][0]);
            continue;
        }
        t->columns = t->rows ? t->columns : n;
        if (n != t->columns)
            fail_msg("line %zu has %zu cells, not %zu", t->rows, n, t->columns);
        t->rows++;
    }
}

static void numbers_stand_under_their_names(void **state)
{
    struct fixture *f = *state;
    struct table t = {0};
    given(f, study, "E,P,g\n6,5,a\n7,5,a\n5,5,a\n6,5,a\n7,6,a\n7,1,=b\n6,5,A\n6,5,A\n6,5,A\n6,5,A\n7,5,A\n");
    read_table(f, &t);
    size_t item = find(&t, "g=a", "item", "'=1+1");
    assert_string_equal(cell(&t, item, "label"), "Wait, or \"not\"");
    assert_string_equal(cell(&t, item, "label_zh"), "等");
    assert_string_equal(cell(&t, item, "dimension"), "d");
    assert_string_equal(cell(&t, item, "n"), "5");
    assert_near(strtod(cell(&t, item, "expectation"), NULL), 6.2);
    assert_near(strtod(cell(&t, item, "perception"), NULL), 5.2);
    assert_near(strtod(cell(&t, item, "gap"), NULL), -1);
    assert_string_equal(cell(&t, item, "gap_low"), "-1.878"); /* −1 − T4·√0.1, to four figures */
    assert_string_equal(cell(&t, item, "n_both"), "5");
    assert_string_equal(cell(&t, item, "n_expectation"), "5");
    assert_true(strtod(cell(&t, item, "expectation_low"), NULL) < 6.2);
    assert_true(strtod(cell(&t, item, "perception_high"), NULL) > 5.2);
    assert_true(*cell(&t, item, "p_small") != '\0');
    for (size_t i = 1; i + 1 < t.columns; i++) /* both bounds stand behind their estimate */
        if (strstr(t.cells[0][i], "_high"))
            assert_non_null(strstr(t.cells[0][i - 1], "_low"));
    assert_near(strtod(cell(&t, item, "df"), NULL), 4);
    assert_string_equal(cell(&t, item, "verdict"), "short");
    assert_string_equal(cell(&t, item, "shrunk"), "");
    assert_string_equal(cell(&t, item, "shrunk_se"), ""); /* of two groups nothing is shrunk */
    /* Against the six others, of whom five are A's: −1 less the mean of −1, −1, −1, −1, −2, −6. */
    assert_near(strtod(cell(&t, item, "difference"), NULL), 1);
    assert_true(strtod(cell(&t, item, "difference_low"), NULL) < 1);
    assert_true(strtod(cell(&t, item, "difference_high"), NULL) > 1);
    assert_true(strtod(cell(&t, item, "p_difference"), NULL) > 0.05);
    assert_true(strtod(cell(&t, item, "p_difference_holm"), NULL) >=
                strtod(cell(&t, item, "p_difference"), NULL));
    assert_string_equal(cell(&t, item, "differs"), "false");
    assert_string_equal(cell(&t, find(&t, "", "item", "'=1+1"), "differs"), ""); /* of groups only */
    size_t score = find(&t, "g=a", "score", "i");
    assert_near(strtod(cell(&t, score, "score"), NULL), 100 * 4.2 / 6);
    assert_true(strtod(cell(&t, score, "score_low"), NULL) < 70);
    assert_true(strtod(cell(&t, score, "score_high"), NULL) > 70);
    assert_string_equal(cell(&t, score, "score_n"), "5");
    assert_string_equal(cell(&t, score, "score_unit"), "index");
    assert_string_equal(cell(&t, score, "score_better"), "higher");
    assert_string_equal(cell(&t, score, "score_formula"), "index-1");
    for (size_t i = 7; i < t.columns && strcmp(t.cells[0][i], "score") != 0; i++)
        assert_string_equal(t.cells[score][i], ""); /* no number of a gap */
    assert_string_equal(cell(&t, item, "score"), "");
    size_t hidden = find(&t, "g==b", "suppressed", "");
    assert_string_equal(cell(&t, hidden, "n"), "1");
    assert_string_equal(cell(&t, hidden, "perception"), "");
    assert_string_equal(cell(&t, hidden, "note"), "too few respondents to show");
    static const char head[] = "# Study: s (s)\n# Wave: 2026\n# Filters: g=a, or more\n# Rows: 11\n"
                               "# Intervals: 95% (t)\n# Formula: gap-2\n";
    assert_memory_equal(t.head, head, sizeof head - 1);
    assert_non_null(strstr(t.head, "\n# Missing answers pairwise: ")); /* the report's notes */
    find(&t, "", "overall", "overall");
    find(&t, "", "dimension", "d");
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(numbers_stand_under_their_names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
