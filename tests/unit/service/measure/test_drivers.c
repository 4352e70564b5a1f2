/* Importance against performance: which importance it is, what the note says of it, and the map by hand. */
#include "service/measure/fixture.h"

#define HEAD "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},"
#define ITEM(code, rest)                                                                                     \
    "{\"code\":\"" code "\",\"expectation\":\"E" code "\",\"perception\":\"P" code "\"" rest "}"
#define OUTCOME                                                                                              \
    "\"outcomes\":[{\"code\":\"o\",\"label\":{\"en\":\"Stay\"},\"kind\":\"index\",\"column\":\"O\"}],"

static struct mg_wire_driver_report drivers(struct fixture *f, enum mg_driver_level level)
{
    struct mg_driver_request request = {.base = f->request, .level = level};
    struct mg_wire_driver_report report;
    SUCCEEDS(mg_measure_drivers(&f->ctx, &request, &report, &f->error));
    return report;
}

/* One driver and an outcome that follows it exactly: all of R² is its. */
static void one_driver_explains_all(void **state)
{
    struct fixture *f = *state;
    given(f, HEAD OUTCOME "\"items\":[" ITEM("1", "") "]}",
          "E1,P1,O\n6,1,2\n6,2,3\n7,3,4\n5,4,5\n6,5,6\n6,3,4\n");
    struct mg_wire_driver_report r = drivers(f, MG_DRIVER_ITEM);
    assert_int_equal(r.importance_source, MG_WIRE_DRIVER_REPORT_IMPORTANCE_SOURCE_LMG);
    assert_string_equal(r.method, "lmg-2");
    assert_string_equal(r.outcome, "o");
    assert_string_equal(r.outcome_label->en, "Stay");
    assert_near(r.r_squared, 1);
    assert_near(r.rows[0].importance, 1);
    assert_near(r.rows[0].beta, 1);
    assert_near(r.rows[0].correlation, 1);
    assert_near(r.rows[0].performance, 100 * (3 - 1) / 6.0);
    assert_near(r.rows[0].gap, 3 - 6);
    assert_int_equal(r.n, 6);
    assert_null(r.note);
}

/* Uncorrelated drivers: each has the square of its correlation. O = P1 + 2·P2 of a 3×3 design. */
static void two_drivers_share_by_their_squares(void **state)
{
    struct fixture *f = *state;
    given(
        f,
        HEAD "\"outcomes\":[{\"code\":\"o\",\"kind\":\"index\",\"column\":\"O\",\"scale\":{\"min\":0,\"max\":"
             "10}}],"
             "\"items\":[" ITEM("1", "") "," ITEM("2", "") "]}",
        "E1,P1,E2,P2,O\n5,1,5,1,3\n5,2,5,1,4\n5,3,5,1,5\n5,1,5,2,5\n5,2,5,2,6\n5,3,5,2,7\n5,1,5,3,7\n5,2,5,3,"
        "8\n5,3,5,3,9\n");
    struct mg_wire_driver_report r = drivers(f, MG_DRIVER_ITEM);
    assert_near(r.rows[0].importance, 0.2);
    assert_near(r.rows[1].importance, 0.8);
    assert_near(r.rows[0].correlation, sqrt(0.2));
    assert_int_equal(r.cut, MG_WIRE_DRIVER_REPORT_CUT_MEANS);
    assert_near(r.cut_importance, 0.5);
}

/* Of the six of group a one answered item 2 and two said how important item 1 is: neither is shown. */
static void a_filter_hides_what_few_answered(void **state)
{
    struct fixture *f = *state;
    static const char *const a = "a";
    const struct mg_filter filter = {.column = "g", .op = MG_FILTER_IN, .values = &a, .n_values = 1};
    given(f,
          HEAD OUTCOME "\"items\":[" ITEM("1", ",\"importance\":\"I1\"") "," ITEM(
              "2", "") "],"
                       "\"groups\":[{\"column\":\"g\"}]}",
          "g,E1,P1,I1,E2,P2,O\na,6,1,5,7,1,2\na,6,2,6,,,3\na,7,3,,,,4\na,5,4,,,,5\na,6,5,,,,6\na,6,3,,,,4\n"
          "b,6,3,6,5,4,4\nb,6,3,6,5,4,4\nb,6,2,6,5,4,4\nb,6,3,6,5,3,4\nb,6,3,6,5,4,5\n");
    struct mg_wire_driver_report r = drivers(f, MG_DRIVER_ITEM);
    assert_int_equal(r.n_rows, 2); /* of everybody: shown */
    f->request.filters = &filter;
    f->request.n_filters = 1;
    r = drivers(f, MG_DRIVER_ITEM);
    assert_int_equal(r.n_rows, 1);
    assert_string_equal(r.rows[0].code, "1");
    assert_near(r.rows[0].performance, 100 * (3 - 1) / 6.0);
    assert_false(r.rows[0].has_stated_importance);
    assert_non_null(strstr(r.note, "Not shown: 1, for too few people stand behind them"));
}

/* Four of five are left in: none of their numbers is shown, and that is said. */
static void drivers_that_are_all_hidden_say_so(void **state)
{
    struct fixture *f = *state;
    static const char *const a = "a";
    const struct mg_filter filter = {.column = "g", .op = MG_FILTER_IN, .values = &a, .n_values = 1};
    given(f, HEAD OUTCOME "\"items\":[" ITEM("1", "") "],\"groups\":[{\"column\":\"g\"}]}",
          "g,E1,P1,O\na,6,1,2\na,6,2,3\na,7,3,4\na,5,4,5\na,6,,4\nb,6,3,4\nb,6,3,4\nb,6,2,4\nb,6,3,4\nb,6,3,"
          "5\n");
    f->request.filters = &filter;
    f->request.n_filters = 1;
    struct mg_wire_driver_report r = drivers(f, MG_DRIVER_ITEM);
    assert_int_equal(r.n_rows, 0);
    assert_string_equal(
        r.note, "Nothing is shown: too few people stand behind the numbers, or behind what is left out.");
}

static void an_outcome_without_variance(void **state)
{
    struct fixture *f = *state;
    given(f, HEAD OUTCOME "\"items\":[" ITEM("1", "") "]}",
          "E1,P1,O\n6,1,4\n6,2,4\n7,3,4\n5,4,4\n6,5,4\n6,3,4\n");
    struct mg_wire_driver_report r = drivers(f, MG_DRIVER_ITEM);
    assert_int_equal(r.importance_source, MG_WIRE_DRIVER_REPORT_IMPORTANCE_SOURCE_CORRELATION);
    assert_non_null(r.note);
    assert_false(r.rows[0].has_importance);
    assert_near(r.rows[0].performance, 100 * (3 - 1) / 6.0); /* it stands all the same */
}

#define STATED(scale) ",\"importance\":\"I1\",\"importance_scale\":" scale

static void without_an_outcome_what_was_stated_counts(void **state)
{
    struct fixture *f = *state;
    given(f, HEAD "\"items\":[" ITEM("1", STATED("{\"min\":0,\"max\":10}")) "]}",
          "E1,P1,I1\n6,5,8\n6,5,10\n7,5,8\n5,5,10\n6,5,9\n");
    struct mg_wire_driver_report r = drivers(f, MG_DRIVER_ITEM);
    assert_int_equal(r.importance_source, MG_WIRE_DRIVER_REPORT_IMPORTANCE_SOURCE_STATED);
    assert_near(r.rows[0].stated_importance, 9);
    assert_non_null(strstr(r.note, "importance is what was stated"));
    assert_null(r.outcome);
}

/* Nothing was stated either: the note may not say that it was. */
static void nothing_to_measure_importance_by(void **state)
{
    struct fixture *f = *state;
    given(f, HEAD "\"dimensions\":[{\"code\":\"d\"}],\"items\":[" ITEM("1", ",\"dimension\":\"d\"") "]}",
          "E1,P1\n6,5\n6,5\n7,5\n5,5\n6,4\n");
    for (int level = MG_DRIVER_ITEM; level <= MG_DRIVER_DIMENSION; level++) {
        struct mg_wire_driver_report r = drivers(f, (enum mg_driver_level)level);
        assert_string_equal(
            r.note,
            "The study has no outcome, and importance wasn't stated for all of these: there is no map.");
        assert_false(r.has_cut_importance || r.rows[0].has_quadrant);
        assert_near(r.rows[0].gap, 4.8 - 6);
    }
}

/* Two samples: what was perceived drives, and the gap is that of the gap report. */
static void sides_from_different_people(void **state)
{
    struct fixture *f = *state;
    given(f,
          HEAD OUTCOME "\"dimensions\":[{\"code\":\"d\"}],\"items\":[" ITEM("1", ",\"dimension\":\"d\"") "]}",
          "E1,P1,O\n6,,\n7,,\n6,,\n,1,2\n,2,3\n,3,4\n,4,5\n,5,6\n");
    struct mg_wire_gap_report g = gaps(f);
    for (int level = MG_DRIVER_ITEM; level <= MG_DRIVER_DIMENSION; level++) {
        struct mg_wire_driver_report r = drivers(f, (enum mg_driver_level)level);
        assert_int_equal(r.n_rows, 1);
        assert_near(r.rows[0].importance, 1);
        assert_near(r.rows[0].performance, 100 * (3 - 1) / 6.0);
        assert_near(r.rows[0].gap, g.items[0].gap->value);
    }
}

/* Rows written by a small generator of the test's own: P1 and P2 move together, P3 alone; the outcome follows
 * P1 and P3. `rare`: only every fourth row has P2. */
static char *table(size_t rows, bool rare)
{
    char *text = calloc(rows + 2, 64), *at = text;
    if (!text)
        abort();
    at += sprintf(text, "P1,P2,P3,O\n");
    unsigned seed = 7;
    for (size_t r = 0; r < rows; r++) {
        int digit[4];
        for (size_t i = 0; i < 4; i++) {
            seed = seed * 1103515245u + 12345u;
            digit[i] = (int)(seed >> 16) % 7 + 1;
        }
        int p1 = digit[0], p2 = (p1 + digit[1]) / 2, p3 = digit[2];
        at += sprintf(at, "%d,", p1);
        at += rare && r % 4 ? sprintf(at, ",") : sprintf(at, "%d,", p2);
        at += sprintf(at, "%d,%d\n", p3, (2 * p1 + 2 * p3 + digit[3]) / 5 + 1);
    }
    return text;
}

#define LONE(code) "{\"code\":\"" code "\",\"perception\":\"P" code "\"}"
#define THREE HEAD OUTCOME "\"items\":[" LONE("1") "," LONE("2") "," LONE("3") "]}"

static void importance_has_an_interval_a_rank_and_a_probability(void **state)
{
    struct fixture *f = *state;
    char *text = table(400, false);
    given(f, THREE, text);
    struct mg_wire_driver_report r = drivers(f, MG_DRIVER_ITEM);
    double first = 0;
    assert_int_equal(r.replicates, 1000);
    assert_false(r.has_orders);
    assert_null(r.interval_note);
    for (size_t i = 0; i < 3; i++) {
        const struct mg_wire_driver_row *row = &r.rows[i];
        assert_true(row->importance_low < row->importance && row->importance < row->importance_high);
        assert_true(row->importance_se > 0.005 && row->importance_se < 0.06);
        assert_true(row->rank_low <= row->rank && row->rank <= row->rank_high);
        assert_true(row->has_quadrant_probability && row->vif >= 1 && row->beta_se > 0);
        first += row->first_probability;
    }
    assert_near(first, 1);
    assert_int_equal(r.rows[1].rank, 3);
    assert_near(r.rows[1].rank_probability, 1);
    assert_int_equal(r.base, MG_WIRE_DRIVER_REPORT_BASE_COMPLETE);
    assert_int_equal(r.n, 400);
    assert_string_equal(r.basis->en, "All 400 responses have the outcome and every driver.");
    assert_true(r.condition > 1);
    free(text);
}

/* Item 2 was asked of every fourth: the report names it and offers to do without, and then all rows count. */
static void what_few_were_asked_is_named_and_can_be_left_out(void **state)
{
    struct fixture *f = *state;
    char *text = table(400, true);
    given(f, THREE, text);
    struct mg_wire_driver_report r = drivers(f, MG_DRIVER_ITEM);
    assert_int_equal(r.base, MG_WIRE_DRIVER_REPORT_BASE_PAIRWISE);
    assert_int_equal(r.n, 100);
    assert_int_equal(r.responses, 400);
    assert_int_equal(r.n_rare, 1);
    assert_string_equal(r.rare[0], "2");
    assert_int_equal(r.n_without_rare, 400);
    assert_non_null(strstr(r.basis->en, "100 of 400 responses, because only so many answered “1” and “2”"));
    assert_non_null(strstr(r.basis->zh_cn, "“1”和“2”"));
    assert_true(r.r_squared_low < r.r_squared_adjusted && r.r_squared_adjusted < r.r_squared);
    assert_true(r.r_squared <
                r.r_squared_high); /* chance adds what it adds, not what 100 answers would get */
    struct mg_driver_request request = {.base = f->request, .leave_out_rare = true};
    SUCCEEDS(mg_measure_drivers(&f->ctx, &request, &r, &f->error));
    assert_int_equal(r.base, MG_WIRE_DRIVER_REPORT_BASE_COMPLETE);
    assert_int_equal(r.n, 400);
    assert_true(r.rare_left_out && r.rows[1].left_out);
    assert_false(r.rows[1].has_importance || r.rows[1].has_quadrant || r.has_n_without_rare);
    assert_near(r.rows[0].importance + r.rows[2].importance, 1);
    assert_near(r.cut_importance, 0.5);
    free(text);
}

/* Every row twice: as answers of others they look surer by √2 than as those of the same people. */
static void people_asked_twice_are_drawn_as_one(void **state)
{
    struct fixture *f = *state;
    char *once = table(200, false), *twice = calloc(2, strlen(once) + 4096), *at = twice;
    int row = 0;
    for (char *save = NULL, *line = strtok_r(once, "\n", &save); line;
         line = strtok_r(NULL, "\n", &save), row++)
        at += row ? sprintf(at, "%s,c%d\n%s,c%d\n", line, row, line, row) : sprintf(at, "%s,c\n", line);
    given(f, THREE, twice);
    struct mg_wire_driver_report rows = drivers(f, MG_DRIVER_ITEM);
    given(f, HEAD OUTCOME "\"customer\":\"c\",\"items\":[" LONE("1") "," LONE("2") "," LONE("3") "]}", twice);
    struct mg_wire_driver_report people = drivers(f, MG_DRIVER_ITEM);
    assert_int_equal(rows.resampled, MG_WIRE_DRIVER_REPORT_RESAMPLED_ROWS);
    assert_int_equal(people.resampled, MG_WIRE_DRIVER_REPORT_RESAMPLED_CUSTOMERS);
    for (size_t i = 0; i < 3; i++) {
        double ratio = people.rows[i].importance_se / rows.rows[i].importance_se;
        assert_true(ratio > 1.2 && ratio < 1.7);
    }
    free(once);
    free(twice);
}

/* n counts answers; Kish's number stands beside it: weights 1 and 3 in turn, 40 of (40·2)²/(20·1 + 20·9). */
static void weights_have_an_effective_number(void **state)
{
    struct fixture *f = *state;
    char text[4096], *at = text + sprintf(text, "P1,P2,P3,O,w\n");
    unsigned seed = 9;
    for (int r = 0; r < 40; r++) {
        seed = seed * 1103515245u + 12345u;
        int p1 = (int)(seed >> 16) % 7 + 1, p2 = (int)(seed >> 19) % 7 + 1, p3 = (int)(seed >> 22) % 7 + 1;
        at += sprintf(at, "%d,%d,%d,%d,%d\n", p1, p2, p3, (p1 + p2) / 2, r % 2 ? 3 : 1);
    }
    given(f, HEAD OUTCOME "\"weight\":\"w\",\"items\":[" LONE("1") "," LONE("2") "," LONE("3") "]}", text);
    struct mg_wire_driver_report r = drivers(f, MG_DRIVER_ITEM);
    assert_int_equal(r.n, 40);
    assert_near(r.n_effective, 32);
    assert_true(r.rows[0].importance_low < r.rows[0].importance);
}

/* Without an outcome an answer doesn't count in a listwise study, so that n is that of all correlations. */
static void a_listwise_study_has_complete_rows(void **state)
{
    struct fixture *f = *state;
    char *text = table(60, false);
    for (char *line = strchr(text, '\n') + 1, *end; (end = strchr(line, '\n')) && line < text + 100;
         line = end + 1)
        end[-1] = ' '; /* the outcome of the first rows */
    given(f,
          "{\"study\":\"s\",\"missing\":{\"rule\":\"listwise\"},\"scale\":{\"min\":1,\"max\":7}," OUTCOME
          "\"items\":[" LONE("1") "," LONE("2") "," LONE("3") "]}",
          text);
    struct mg_wire_driver_report r = drivers(f, MG_DRIVER_ITEM);
    assert_int_equal(r.base, MG_WIRE_DRIVER_REPORT_BASE_COMPLETE);
    assert_int_equal(r.responses, 60);
    assert_true(r.n < 60 && r.n > 40);
    assert_non_null(strstr(r.basis->en, "those that have the outcome and every driver"));
    free(text);
}

/* P3 = P1 + P2: the set is named, and what pushes the outcome down ranks by how much, not by its sign. */
static void collinear_drivers_are_named_and_ranked_by_squares(void **state)
{
    struct fixture *f = *state;
    char text[8192], *at = text + sprintf(text, "P1,P2,P3,O\n");
    for (int r = 0; r < 60; r++) {
        int p1 = r * 7 % 5, p2 = r * 11 % 3, noise = r * 13 % 4;
        at += sprintf(at, "%d,%d,%d,%d\n", p1 + 1, p2 + 1, p1 + p2 + 1, 7 - p1 - (noise > 1));
    }
    given(f, THREE, text);
    struct mg_wire_driver_report r = drivers(f, MG_DRIVER_ITEM);
    assert_int_equal(r.importance_source, MG_WIRE_DRIVER_REPORT_IMPORTANCE_SOURCE_CORRELATION);
    assert_string_equal(r.method, "correlation-2");
    assert_non_null(strstr(r.note, "collinear"));
    assert_int_equal(r.n_collinear, 1);
    assert_int_equal(r.collinear[0].n_codes, 3);
    assert_true(r.collinear[0].exact);
    assert_true(r.rows[0].correlation < -0.9);
    assert_near(r.rows[0].importance, r.rows[0].correlation * r.rows[0].correlation);
    assert_int_equal(r.rows[0].rank, 1);
    assert_true(r.rows[0].importance_low < r.rows[0].importance);
}

/* Two items that are nearly one: each's share is unsure, what they have together isn't. */
static void nearly_collinear_drivers_have_a_joint_importance(void **state)
{
    struct fixture *f = *state;
    char text[16384], *at = text + sprintf(text, "P1,P2,P3,O\n");
    unsigned seed = 3;
    for (int r = 0; r < 400; r++) {
        seed = seed * 1103515245u + 12345u;
        int p1 = (int)(seed >> 16) % 7 + 1, p3 = (int)(seed >> 20) % 7 + 1,
            p2 = r % 20   ? p1
                 : p1 < 7 ? p1 + 1
                          : 6;
        at += sprintf(at, "%d,%d,%d,%d\n", p1, p2, p3, (p1 + p3) / 2);
    }
    given(f, THREE, text);
    struct mg_wire_driver_report r = drivers(f, MG_DRIVER_ITEM);
    assert_int_equal(r.importance_source, MG_WIRE_DRIVER_REPORT_IMPORTANCE_SOURCE_LMG);
    assert_int_equal(r.n_collinear, 1);
    assert_int_equal(r.collinear[0].n_codes, 2);
    assert_false(r.collinear[0].exact);
    assert_true(r.rows[0].vif > 10);
    assert_near(r.collinear[0].importance->value, r.rows[0].importance + r.rows[1].importance);
    assert_true(r.collinear[0].importance->low < r.collinear[0].importance->value);
}

/* Seven levels by chance, which say nothing of the outcome. */
static char *noise(int rows, bool customers)
{
    char *text = calloc((size_t)rows + 2, 48), *at = text;
    if (!text)
        abort();
    at += sprintf(text, "P1,P2,P3,O%s\n", customers ? ",c" : "");
    unsigned seed = 5;
    for (int r = 0; r < rows; r++) {
        for (int c = 0; c < 4; c++) {
            seed = seed * 1103515245u + 12345u;
            at += sprintf(at, c < 3 ? "%d," : "%d", (int)(seed >> 16) % 7 + 1);
        }
        at += customers ? sprintf(at, ",c%d\n", r / 2) : sprintf(at, "\n");
    }
    return text;
}

/* Importance is shares of whatever R² there is: where chance explains it, no place on the map is certain. */
static void without_signal_nothing_is_certain(void **state)
{
    struct fixture *f = *state;
    char *text = noise(60, false);
    given(f, THREE, text);
    struct mg_wire_driver_report r = drivers(f, MG_DRIVER_ITEM);
    assert_int_equal(r.test->kind, MG_WIRE_MODEL_TEST_KIND_F);
    assert_near(r.test->statistic, r.r_squared / 3 / ((1 - r.r_squared) / 56));
    assert_near(r.test->df1, 3);
    assert_near(r.test->df2, 56);
    assert_true(r.test->p > 0.05 && !r.test->significant);
    assert_near(r.r_squared_adjusted, 1 - (1 - r.r_squared) * 59 / 56);
    assert_true(r.has_r_squared_low && r.r_squared_low == 0 && r.r_squared_high < 0.4);
    assert_non_null(strstr(r.finding->en,
                           "These answers don't show that all of these together go with “Stay” at all "
                           "(F(3, 56) = "));
    assert_non_null(strstr(r.finding->zh_cn, "没有显示"));
    for (size_t i = 0; i < 3; i++)
        assert_true(r.rows[i].has_quadrant && r.rows[i].quadrant_uncertain);
    free(text);
}

static void a_quadrant_is_certain_from_four_fifths_on(void **state)
{
    struct fixture *f = *state;
    char *text = table(400, false);
    given(f, THREE, text);
    struct mg_wire_driver_report r = drivers(f, MG_DRIVER_ITEM);
    size_t certain = 0;
    assert_true(r.test->significant && r.test->p < 0.001);
    assert_true(r.r_squared_low < r.r_squared && r.r_squared < r.r_squared_high);
    assert_non_null(strstr(r.finding->en, "All of these together account for "));
    assert_non_null(strstr(r.finding->en, "p < 0.001)"));
    for (size_t i = 0; i < 3; i++) {
        assert_true(r.rows[i].has_quadrant_uncertain);
        assert_int_equal(r.rows[i].quadrant_uncertain, r.rows[i].quadrant_probability < 0.8);
        certain += !r.rows[i].quadrant_uncertain;
    }
    assert_true(certain > 0);
    free(text);
}

/* Customers with several rows, and weights, have the resampled test. */
static void rows_that_are_not_alike_are_tested_by_resampling(void **state)
{
    struct fixture *f = *state;
    char *text = noise(80, true);
    given(f, HEAD OUTCOME "\"customer\":\"c\",\"items\":[" LONE("1") "," LONE("2") "," LONE("3") "]}", text);
    struct mg_wire_driver_report r = drivers(f, MG_DRIVER_ITEM);
    assert_int_equal(r.test->kind, MG_WIRE_MODEL_TEST_KIND_RESAMPLED);
    assert_near(r.test->df1, 3);
    assert_true(r.test->df2 > 20 && r.test->df2 <= 37); /* at most a bucket for each of 40 customers */
    given(f, HEAD OUTCOME "\"weight\":\"P1\",\"items\":[" LONE("2") "," LONE("3") "]}", text);
    assert_int_equal(drivers(f, MG_DRIVER_ITEM).test->kind, MG_WIRE_MODEL_TEST_KIND_RESAMPLED);
    free(text);
}

/* Of seven answers to three drivers a resample has four or five: no interval, no certain quadrant. */
static void few_answers_say_why_there_is_no_interval(void **state)
{
    struct fixture *f = *state;
    given(f, THREE, "P1,P2,P3,O\n1,4,2,3\n2,6,7,5\n5,3,1,4\n7,7,4,6\n3,1,6,2\n6,2,3,5\n4,5,5,1\n");
    struct mg_wire_driver_report r = drivers(f, MG_DRIVER_ITEM);
    assert_non_null(r.interval_note);
    assert_string_equal(
        r.interval_note,
        "There are too few answers to say how sure the importance is: 7, where 10 are needed.");
    assert_true(r.rows[0].has_quadrant && r.rows[0].quadrant_uncertain);
    assert_false(r.rows[0].has_importance_low || r.has_r_squared_low);
}

static void refusals(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_driver_report r;
    given(f, HEAD OUTCOME "\"items\":[" ITEM("1", "") "]}", "E1,P1,O\n6,1,4\n6,2,4\n7,3,4\n5,4,4\n");
    struct mg_driver_request request = {.base = f->request};
    assert_int_equal(mg_measure_drivers(&f->ctx, &request, &r, &f->error), MG_E_INESTIMABLE);
    assert_non_null(strstr(f->error.message, "fewer than 5"));
    request.outcome = "x";
    assert_int_equal(mg_measure_drivers(&f->ctx, &request, &r, &f->error), MG_E_INVALID);
    assert_string_equal(f->error.field, "outcome");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_driver_explains_all),
        TEST(two_drivers_share_by_their_squares),
        TEST(a_filter_hides_what_few_answered),
        TEST(drivers_that_are_all_hidden_say_so),
        TEST(an_outcome_without_variance),
        TEST(without_an_outcome_what_was_stated_counts),
        TEST(nothing_to_measure_importance_by),
        TEST(sides_from_different_people),
        TEST(importance_has_an_interval_a_rank_and_a_probability),
        TEST(what_few_were_asked_is_named_and_can_be_left_out),
        TEST(people_asked_twice_are_drawn_as_one),
        TEST(weights_have_an_effective_number),
        TEST(a_listwise_study_has_complete_rows),
        TEST(collinear_drivers_are_named_and_ranked_by_squares),
        TEST(nearly_collinear_drivers_have_a_joint_importance),
        TEST(without_signal_nothing_is_certain),
        TEST(a_quadrant_is_certain_from_four_fifths_on),
        TEST(rows_that_are_not_alike_are_tested_by_resampling),
        TEST(few_answers_say_why_there_is_no_interval),
        TEST(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
