/* What the tests of files out share: a folder, a sheet of every kind of column, and writing it. */
#ifndef TEST_OUT_SHEET_H
#define TEST_OUT_SHEET_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "arena.h"
#include "base/file.h"
#include "base/str.h"
#include "exchange/out/out.h"

#define DAY_US 86400000000.0

static char folder[] = "/tmp/mg-out-XXXXXX";
static char path[256];

static inline int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static inline int remove_folder(void **state)
{
    char command[64];
    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

static inline struct mg_out_cell number(double value)
{
    return (struct mg_out_cell){.kind = MG_OUT_NUMBER, .number = value};
}

static inline struct mg_out_cell text(const char *value)
{
    return (struct mg_out_cell){.kind = MG_OUT_TEXT, .text = value};
}

static inline struct mg_out_cell moment(double us)
{
    return (struct mg_out_cell){.kind = MG_OUT_TIME, .number = us};
}

static const struct mg_out_cell missing = {.kind = MG_OUT_MISSING};

static inline struct mg_out *begin(enum mg_out_format format, const struct mg_out_column *columns, size_t n,
                                   struct mg_error *error)
{
    struct mg_out_options options = {.temp_dir = folder};
    struct mg_out *out = NULL;
    snprintf(path, sizeof path, "%s/file%s", folder, mg_out_ending(format));
    if (mg_out_open(arena, format, path, columns, n, &options, &out, error) != 0)
        return NULL;
    return out;
}

/* Writes the rows, all of them well. */
static inline struct mg_out_report write_sheet(enum mg_out_format format, const struct mg_out_column *columns,
                                               size_t n, const struct mg_out_cell *cells, size_t rows)
{
    struct mg_error error = {0};
    struct mg_out_report report = {0};
    struct mg_out *out = begin(format, columns, n, &error);
    if (!out)
        fail_msg("%s", error.message);
    for (size_t r = 0; r < rows; r++)
        if (mg_out_row(out, cells + r * n, &error) != 0)
            fail_msg("%s", error.message);
    if (mg_out_close(out, &report, &error) != 0)
        fail_msg("%s", error.message);
    assert_int_equal(report.rows, rows);
    return report;
}

/* Whether a sentence of the report holds the part; both languages are there. */
static inline bool loses(const struct mg_out_report *report, const char *part)
{
    bool found = false;
    for (size_t i = 0; i < report->n_losses; i++) {
        assert_non_null(report->losses[i].zh);
        assert_string_not_equal(report->losses[i].en, report->losses[i].zh);
        found |= strstr(report->losses[i].en, part) != NULL;
    }
    return found;
}

static inline char *content(void)
{
    struct mg_buf buf;
    struct mg_error error = {0};
    mg_buf_init(&buf, (size_t)64 << 20);
    if (mg_file_read(path, &buf, &error) != 0)
        fail_msg("%s", error.message);
    return mg_buf_take(&buf, NULL);
}

/* What a program prints; NULL: it isn't there. */
static inline char *output_of(const char *command)
{
    FILE *pipe = popen(command, "r");
    char *all = calloc(1, 1 << 20);
    size_t n = pipe && all ? fread(all, 1, (1 << 20) - 1, pipe) : 0;
    if (pipe)
        pclose(pipe);
    if (n > 0)
        return all;
    free(all);
    return NULL;
}

static inline bool has_program(const char *name)
{
    char command[80];
    snprintf(command, sizeof command, "command -v %s >/dev/null", name);
    if (system(command) == 0)
        return true;
    printf("skipped: %s isn't installed\n", name);
    return false;
}

#endif
