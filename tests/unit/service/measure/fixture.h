/* A study and a table of answers, both written in the test, through the real file reader and the real engine.
 * The numbers that are expected are worked out by hand beside each table; quantiles of t are from printed
 * tables. */
#ifndef TEST_MEASURE_FIXTURE_H
#define TEST_MEASURE_FIXTURE_H

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

#include "base/str.h"
#include "column/engine.h"
#include "service/measure/file.h"
#include "service/measure/measure.h"

#define T4 2.776445105198 /* 97.5 % of t with 4 degrees of freedom */
#define T5 2.570581835636

struct fixture {
    struct mg_ctx ctx;
    struct mg_measure_request request;
    struct mg_error error;
    char path[64];
};

#define SUCCEEDS(call)                                                                                       \
    do {                                                                                                     \
        if ((call) != 0)                                                                                     \
            fail_msg("%s: %s [%s]", #call, f->error.message, f->error.field);                                \
    } while (0)

static inline int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    snprintf(f->path, sizeof f->path, "/tmp/mg-measure-%d.csv", (int)getpid());
    f->ctx.arena = mg_arena_new((size_t)512 << 20);
    f->ctx.columns.engine = &mg_column_duckdb;
    SUCCEEDS(mg_column_duckdb.open(NULL, 1, &f->ctx.columns.column, &f->error));
    *state = f;
    return 0;
}

static inline int tear_down(void **state)
{
    struct fixture *f = *state;
    mg_column_duckdb.close(f->ctx.columns.column);
    mg_arena_free(f->ctx.arena);
    remove(f->path);
    free(f);
    return 0;
}

/* From here on requests are about this study and these answers. */
static inline void given(struct fixture *f, const char *study, const char *csv)
{
    FILE *out = fopen(f->path, "wb");
    assert_non_null(out);
    fputs(csv, out);
    fclose(out);
    struct mg_measure_file file;
    f->request = (struct mg_measure_request){0};
    SUCCEEDS(mg_study_parse(f->ctx.arena, study, strlen(study), &f->request.study, &f->error));
    SUCCEEDS(mg_measure_open_file(&f->ctx, f->path, NULL, &file, &f->error));
    f->request.source = file.source;
}

/* `header` and the line `rows` times, %d in it being the number of the row. */
static inline const char *repeated(struct fixture *f, const char *header, const char *line, int rows)
{
    struct mg_buf out;
    mg_buf_init(&out, (size_t)16 << 20);
    mg_buf_puts(&out, header);
    for (int i = 0; i < rows; i++) {
        const char *at = strstr(line, "%d");
        mg_buf_printf(&out, "%.*s%d%s", at ? (int)(at - line) : 0, line, i, at ? at + 2 : line);
    }
    const char *text = mg_arena_strndup(f->ctx.arena, out.data, out.len);
    mg_buf_done(&out);
    return text;
}

static inline struct mg_wire_gap_report gaps(struct fixture *f)
{
    struct mg_gap_request request = {.base = f->request};
    struct mg_wire_gap_report report;
    SUCCEEDS(mg_measure_gaps(&f->ctx, &request, &report, &f->error));
    return report;
}

static inline struct mg_wire_gap_report gaps_by(struct fixture *f, const char *by)
{
    struct mg_gap_request request = {.base = f->request, .by = &by, .n_by = 1};
    struct mg_wire_gap_report report;
    SUCCEEDS(mg_measure_gaps(&f->ctx, &request, &report, &f->error));
    return report;
}

static inline struct mg_wire_overview overview(struct fixture *f)
{
    struct mg_wire_overview ret;
    SUCCEEDS(mg_measure_overview(&f->ctx, &f->request, &ret, &f->error));
    return ret;
}

static inline const struct mg_wire_gap_row *row_of(const struct mg_wire_gap_row *rows, size_t n,
                                                   const char *code)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].code, code) == 0)
            return &rows[i];
    fail_msg("there is no row %s", code);
    return NULL;
}

static inline bool has_note(const struct mg_wire_gap_report *report, const char *words)
{
    for (size_t i = 0; i < report->n_notes; i++)
        if (strstr(report->notes[i].en, words))
            return true;
    return false;
}

#define assert_near(a, b)                                                                                    \
    do {                                                                                                     \
        double got_ = (a), expected_ = (b);                                                                  \
        if (!(fabs(got_ - expected_) < 1e-6))                                                                \
            fail_msg("%s is %.9g, not %.9g", #a, got_, expected_);                                           \
    } while (0)

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
