/* Columns of any names, questions, labels and values: a line a column, its parts between tabs (name,
 * question, values between commas, labels "1=never" between commas).
 *
 * Invariants: what is proposed is a study that reads back; the halves of a pair name each other; a column is
 * in one item at most; candidates and warnings name columns that are there. */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "fuzz.h"
#include "service/record/propose.h"

#define COLUMNS_MAX 64
#define VALUES_MAX 24

static char *next_part(char **cursor, const char *marks)
{
    return *cursor ? strsep(cursor, marks) : NULL;
}

static void take_values(struct mg_arena *arena, char *text, struct mg_column_info *info)
{
    const char **samples = mg_arena_array(arena, VALUES_MAX, sizeof *samples);
    int64_t *counts = mg_arena_array(arena, VALUES_MAX, sizeof *counts);
    info->min = info->max = NAN;
    info->type = MG_TYPE_INTEGER;
    for (char *one; info->n_samples < VALUES_MAX && (one = next_part(&text, ","));) {
        double value;
        if (mg_parse_double(one, &value)) {
            info->min = fmin(info->min, value);
            info->max = fmax(info->max, value);
        } else {
            info->type = MG_TYPE_TEXT;
        }
        counts[info->n_samples] = 1 + (int64_t)(strlen(one) * 7 % 50);
        samples[info->n_samples++] = one;
    }
    info->samples = samples;
    info->sample_counts = counts;
    info->n_distinct = (int64_t)info->n_samples;
}

static void take_labels(struct mg_arena *arena, char *text, struct mg_column_info *info)
{
    struct mg_cell_label *labels = mg_arena_array(arena, VALUES_MAX, sizeof *labels);
    for (char *one; info->n_labels < VALUES_MAX && (one = next_part(&text, ","));) {
        char *number = next_part(&one, "=");
        double value;
        labels[info->n_labels++] =
            (struct mg_cell_label){one ? one : "", mg_parse_double(number, &value) ? value : NAN};
    }
    info->labels = labels;
}

static void check(const struct mg_source_info *info, const struct mg_proposal *proposal)
{
    for (size_t i = 0; i < info->n_columns; i++) {
        const struct mg_proposal_column *row = &proposal->columns[i];
        assert(row->partner == SIZE_MAX || (row->partner < info->n_columns && row->partner != i &&
                                            proposal->columns[row->partner].partner == i));
        for (size_t c = 0; c < row->n_candidates; c++)
            assert(row->candidates[c] < info->n_columns);
        assert(mg_proposal_role_name(row->role) && mg_confidence_name(row->confidence));
    }
    for (size_t i = 0; i < proposal->n_warnings; i++)
        assert(proposal->warnings[i].n_columns && proposal->warnings[i].columns[0] < info->n_columns);
}

static void read_back(struct mg_arena *arena, const struct mg_proposal *proposal)
{
    const struct mg_study *study;
    struct mg_error error = {0};
    struct mg_buf text;
    mg_buf_init(&text, MG_STUDY_BYTES_MAX);
    mg_study_write(&proposal->study, &text);
    assert(!text.failed);
    int rc = proposal->study.n_items ? mg_study_parse(arena, text.data, text.len, &study, &error) : 0;
    if (rc)
        fprintf(stderr, "%s [%s]\n%s\n", error.message, error.field, text.data);
    assert(rc == 0);
    mg_buf_done(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mg_arena *arena = mg_arena_new((size_t)64 << 20);
    struct mg_column_info columns[COLUMNS_MAX] = {0};
    struct mg_source_info info = {.rows = 200, .columns = columns};
    char *text = mg_arena_strndup(arena, (const char *)data, size);
    for (char *line; info.n_columns < COLUMNS_MAX && (line = next_part(&text, "\n"));) {
        struct mg_column_info *c = &columns[info.n_columns];
        c->name = next_part(&line, "\t");
        if (!mg_utf8_valid(c->name, strlen(c->name)) || (line && !mg_utf8_valid(line, strlen(line))))
            continue;
        c->label = next_part(&line, "\t");
        take_values(arena, next_part(&line, "\t"), c);
        take_labels(arena, line, c);
        info.n_columns++;
    }
    struct mg_proposal proposal;
    struct mg_error error = {0};
    if (mg_record_propose(arena, "fuzz", &info, MG_LANG_ZH, &proposal, &error) == 0) {
        check(&info, &proposal);
        read_back(arena, &proposal);
    }
    mg_arena_free(arena);
    return 0;
}
