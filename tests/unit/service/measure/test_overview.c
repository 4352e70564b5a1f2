/* Overview, drivers, distribution and facets on a small file with two waves, through the real engine. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "column/engine.h"
#include "service/measure/file.h"
#include "service/measure/measure.h"

static const char study_text[] =
    "{\"study\":\"s\",\"title\":{\"en\":\"S\"},\"scale\":{\"min\":1,\"max\":7},"
    "\"items\":[{\"code\":\"1\",\"label\":{\"en\":\"Repair\",\"zh-CN\":\"抢修\"},\"expectation\":\"E1\","
    "\"perception\":\"P1\"},"
    "{\"code\":\"2\",\"label\":{\"en\":\"Bills\",\"zh-CN\":\"账单\"},\"expectation\":\"E2\",\"perception\":"
    "\"P2\"}],"
    "\"outcomes\":[{\"code\":\"o\",\"kind\":\"index\",\"column\":\"O\"}],"
    "\"groups\":[{\"column\":\"g\"}],\"events\":[{\"wave\":\"W10\",\"label\":\"Storm\"}],\"wave\":\"wave\"}";

static struct {
    struct mg_ctx ctx;
    struct mg_measure_request request;
    char path[64];
} fixture;

/* 60 rows a wave: item 1 falls from about −1 to about −3 between W2 and W10, item 2 stays. */
static void write_file(void)
{
    snprintf(fixture.path, sizeof fixture.path, "/tmp/mg-overview-%d.csv", (int)getpid());
    FILE *file = fopen(fixture.path, "w");
    assert_non_null(file);
    fprintf(file, "wave,g,E1,P1,E2,P2,O,never\n");
    for (int i = 0; i < 120; i++) {
        bool late = i >= 60;
        int e1 = 6 + i % 2, p1 = (late ? 3 : 5) + i % 3 - 1 + (i % 2), e2 = 5 + i % 2, p2 = 4 + i % 3;
        fprintf(file, "%s,%s,%d,%d,%d,%d,%d,\n", late ? "W10" : "W2", i % 4 ? "a" : "b", e1, p1, e2, p2,
                1 + (p1 + p2 + i % 2) % 7);
    }
    fprintf(file, "W11,a,7,1,7,1,1,\n"); /* a wave of one */
    fclose(file);
}

static int set_up(void **state)
{
    (void)state;
    write_file();
    struct mg_ctx *ctx = &fixture.ctx;
    struct mg_error error = {0};
    struct mg_measure_file file;
    ctx->arena = mg_arena_new((size_t)256 << 20);
    ctx->columns.engine = &mg_column_duckdb;
    if (mg_study_parse(ctx->arena, study_text, strlen(study_text), &fixture.request.study, &error) ||
        mg_measure_open_file(ctx, fixture.path, NULL, &file, &error) ||
        ctx->columns.engine->open(NULL, 1, &ctx->columns.column, &error)) {
        print_error("%s\n", error.message);
        return -1;
    }
    fixture.request.source = file.source;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fixture.ctx.columns.engine->close(fixture.ctx.columns.column);
    mg_arena_free(fixture.ctx.arena);
    remove(fixture.path);
    return 0;
}

static struct mg_wire_overview overview_of(const char *wave)
{
    struct mg_measure_request request = fixture.request;
    struct mg_wire_overview overview;
    struct mg_error error = {0};
    request.wave = wave;
    if (mg_measure_overview(&fixture.ctx, &request, &overview, &error))
        fail_msg("%s", error.message);
    return overview;
}

static void compares_a_wave_with_the_one_before(void **state)
{
    (void)state;
    struct mg_wire_overview o = overview_of("W10");
    assert_string_equal(o.wave, "W10");
    assert_string_equal(o.previous_wave, "W2");
    assert_int_equal(o.n, 60);
    assert_int_equal(o.n_kpis, 4);
    assert_string_equal(o.kpis[2].code, "gap");
    assert_int_equal(o.kpis[2].change_verdict, MG_WIRE_KPI_CHANGE_VERDICT_WORSE);
    /* Item 1 fell by exactly 2, item 2 didn't move: the whole fell by 1. */
    assert_true(fabs(o.kpis[2].change->value + 1) < 1e-9);
    assert_int_equal(o.kpis[0].change_verdict, MG_WIRE_KPI_CHANGE_VERDICT_SMALL); /* within a quarter SD */
    assert_int_equal(o.n_changes, 1);
    assert_string_equal(o.changes[0].row.code, "1");
    assert_true(fabs(o.changes[0].change->value + 2) < 1e-9);
    assert_int_equal(o.changes[0].verdict, MG_WIRE_CHANGE_VERDICT_WORSE);
    assert_non_null(strstr(o.changes[0].sentence.en, "Repair: the gap widened from"));
    assert_non_null(strstr(o.changes[0].sentence.zh_cn, "抢修：差距由"));
    assert_string_equal(o.worst[0].code, "1");
    assert_string_equal(o.finding_code, "1");
    assert_non_null(strstr(o.finding.en, "largest gap is at Repair"));
    assert_non_null(strstr(o.finding.zh_cn, "最大的差距在抢修"));
    assert_string_equal(o.events[0].wave, "W10");
}

static void trend_is_in_natural_order_and_hides_the_few(void **state)
{
    (void)state;
    struct mg_wire_overview o = overview_of(NULL);
    assert_int_equal(o.n_trend, 3);
    assert_string_equal(o.trend[0].wave, "W2");
    assert_string_equal(o.trend[1].wave, "W10");
    assert_string_equal(o.trend[2].wave, "W11");
    assert_non_null(o.trend[1].gap);
    assert_null(o.trend[2].gap);
    assert_int_equal(o.trend[2].n, 1);
    /* The last wave has one response: the page opens and shows nothing of it. */
    assert_string_equal(o.wave, "W11");
    assert_int_equal(o.n_kpis, 0);
    assert_int_equal(o.n_worst, 0);
    assert_non_null(strstr(o.finding.en, "Fewer than 5"));
}

static void all_waves_together_say_what_the_gaps_say(void **state)
{
    (void)state;
    struct mg_measure_request request = fixture.request;
    struct mg_gap_request gaps = {.base = fixture.request};
    struct mg_wire_overview o;
    struct mg_wire_gap_report report;
    struct mg_error error = {0};
    request.all_waves = true;
    assert_int_equal(mg_measure_overview(&fixture.ctx, &request, &o, &error), 0);
    assert_int_equal(mg_measure_gaps(&fixture.ctx, &gaps, &report, &error), 0);
    assert_null(o.wave);
    assert_null(o.previous_wave);
    assert_int_equal(o.n, 121);
    assert_int_equal(o.n_trend, 3);
    assert_int_equal(o.n_changes, 0);
    assert_string_equal(o.kpis[2].code, "gap");
    assert_true(o.kpis[2].estimate.value == report.overall.gap->value);
    assert_null(o.kpis[2].change);
    assert_string_equal(o.worst[0].code, report.items[0].code);
    assert_true(o.worst[0].gap->value == report.items[0].gap->value);
    /* The whole less the two large waves would tell of the one answer of W11. */
    assert_true((o.trend[0].gap != NULL) + (o.trend[1].gap != NULL) == 1);
    assert_null(o.trend[2].gap);
}

static void first_wave_has_nothing_to_compare(void **state)
{
    (void)state;
    struct mg_wire_overview o = overview_of("W2");
    assert_null(o.previous_wave);
    assert_null(o.kpis[2].change);
    assert_int_equal(o.n_changes, 0);
    struct mg_measure_request request = fixture.request;
    struct mg_wire_overview none;
    struct mg_error error = {0};
    request.wave = "W3";
    assert_int_equal(mg_measure_overview(&fixture.ctx, &request, &none, &error), MG_E_INVALID);
    assert_string_equal(error.field, "wave");
}

static void a_wave_column_without_waves_is_none(void **state)
{
    (void)state;
    struct mg_measure_request request = fixture.request;
    struct mg_wire_overview o;
    struct mg_error error = {0};
    request.wave_column = "never";
    if (mg_measure_overview(&fixture.ctx, &request, &o, &error))
        fail_msg("%s", error.message);
    assert_null(o.wave);
    assert_int_equal(o.n, 121);
    assert_int_equal(o.n_kpis, 4);
    assert_int_equal(o.n_trend, 0);
}

static void drivers_share_out_r_squared(void **state)
{
    (void)state;
    struct mg_driver_request request = {.base = fixture.request};
    struct mg_wire_driver_report report;
    struct mg_error error = {0};
    if (mg_measure_drivers(&fixture.ctx, &request, &report, &error))
        fail_msg("%s", error.message);
    assert_string_equal(report.outcome, "o");
    assert_int_equal(report.n_rows, 2);
    assert_int_equal(report.importance_source, MG_WIRE_DRIVER_REPORT_IMPORTANCE_SOURCE_LMG);
    assert_true(fabs(report.rows[0].importance + report.rows[1].importance - 1) < 1e-9);
    assert_true(fabs(report.rows[0].johnson + report.rows[1].johnson - 1) < 1e-9);
    assert_true(report.r_squared > 0 && report.r_squared <= 1);
    assert_true(report.rows[0].has_quadrant && report.has_cut_importance);
    request.outcome = "none";
    assert_int_equal(mg_measure_drivers(&fixture.ctx, &request, &report, &error), MG_E_INVALID);
}

static void distribution_counts_both_sides_and_their_difference(void **state)
{
    (void)state;
    struct mg_wire_distribution d;
    struct mg_error error = {0};
    if (mg_measure_distribution(&fixture.ctx, &fixture.request, "2", &d, &error))
        fail_msg("%s", error.message);
    int64_t e = 0, p = 0, difference = 0;
    double sum = 0, share = 0;
    for (size_t i = 0; i < d.n_expectation; i++)
        e += d.expectation[i].n;
    for (size_t i = 0; i < d.n_perception; i++)
        p += d.perception[i].n;
    for (size_t i = 0; i < d.n_difference; i++) {
        difference += d.difference[i].n;
        sum += d.difference[i].value * (double)d.difference[i].n;
        share += d.difference[i].share;
        assert_true(i == 0 || d.difference[i].value > d.difference[i - 1].value);
    }
    assert_true(e == 121 && p == 121 && difference == 121);
    assert_true(fabs(share - 1) < 1e-12);
    assert_true(fabs(sum / 121 - d.row.gap->value) < 1e-12);
    assert_int_equal(d.n_trend, 3);
    assert_int_equal(mg_measure_distribution(&fixture.ctx, &fixture.request, "9", &d, &error),
                     MG_E_NOT_FOUND);
}

static void facets_list_waves_and_values(void **state)
{
    (void)state;
    struct mg_wire_facets f;
    struct mg_error error = {0};
    struct mg_measure_request whole = fixture.request;
    whole.all_waves = true;
    if (mg_measure_facets(&fixture.ctx, &whole, &f, &error))
        fail_msg("%s", error.message);
    assert_int_equal(f.n_waves, 3);
    assert_string_equal(f.waves[0].value, "W2");
    assert_int_equal(f.n_groups, 1);
    assert_string_equal(f.groups[0].values[0].value, "a"); /* most frequent first */
    assert_int_equal(f.groups[0].values[0].n, 91);
    assert_int_equal(f.groups[0].values[1].n, 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compares_a_wave_with_the_one_before),
        cmocka_unit_test(trend_is_in_natural_order_and_hides_the_few),
        cmocka_unit_test(all_waves_together_say_what_the_gaps_say),
        cmocka_unit_test(first_wave_has_nothing_to_compare),
        cmocka_unit_test(a_wave_column_without_waves_is_none),
        cmocka_unit_test(drivers_share_out_r_squared),
        cmocka_unit_test(distribution_counts_both_sides_and_their_difference),
        cmocka_unit_test(facets_list_waves_and_values),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
