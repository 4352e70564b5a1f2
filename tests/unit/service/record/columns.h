/* Columns made by hand, and the study proposed from them. Behind what names a parameter `arena`. */
#ifndef TEST_RECORD_COLUMNS_H
#define TEST_RECORD_COLUMNS_H

#include <math.h>
#include <string.h>

#include "base/str.h"
#include "service/record/fields.h"
#include "service/record/propose.h"

#include "arena.h"

/* Most columns have neither question nor labels: they leave them out. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#define ROWS 200

/* A column: its name, a type (i, n, t) and its values with bars between; "…" after them: and many more. A
 * value comes 100 times, "9*2" twice. */
struct given {
    const char *name;
    char type;
    const char *values;
    const char *label;  /* the question */
    const char *labels; /* what values mean: "1=never|5=always"; without a number: no answer */
};

static void take_labels(const struct given *given, struct mg_column_info *info)
{
    struct mg_cell_label *labels = mg_arena_array(arena, 16, sizeof *labels);
    char *text = mg_arena_strdup(arena, given->labels), *save = NULL;
    for (char *one = strtok_r(text, "|", &save); one; one = strtok_r(NULL, "|", &save)) {
        char *mark = strchr(one, '=');
        double value = NAN;
        if (mark != one)
            value = strtod(one, NULL);
        labels[info->n_labels++] = (struct mg_cell_label){mark + 1, value};
    }
    info->labels = labels;
}

static struct mg_column_info column_of(const struct given *given)
{
    const char **samples = mg_arena_array(arena, 16, sizeof *samples);
    int64_t *counts = mg_arena_array(arena, 16, sizeof *counts);
    size_t n = 0;
    char *text = mg_arena_strdup(arena, given->values), *save = NULL;
    for (char *value = strtok_r(text, "|", &save); value; value = strtok_r(NULL, "|", &save)) {
        char *times = strchr(value, '*');
        counts[n] = times ? strtol(times + 1, NULL, 10) : 100;
        if (times)
            *times = '\0';
        samples[n++] = value;
    }
    bool more = n && strcmp(samples[n - 1], "…") == 0;
    n -= more;
    double min = INFINITY, max = -INFINITY, value;
    for (size_t i = 0; i < n; i++)
        if (mg_parse_double(samples[i], &value)) {
            min = fmin(min, value);
            max = fmax(max, value);
        }
    struct mg_column_info info = {.name = given->name,
                                  .label = given->label,
                                  .min = min,
                                  .max = max,
                                  .type = given->type == 'i'   ? MG_TYPE_INTEGER
                                          : given->type == 'n' ? MG_TYPE_NUMBER
                                                               : MG_TYPE_TEXT,
                                  .n = ROWS,
                                  .n_distinct = more ? 150 : (int64_t)n,
                                  .samples = samples,
                                  .sample_counts = counts,
                                  .n_samples = n};
    if (given->labels)
        take_labels(given, &info);
    return info;
}

static struct mg_source_info described(const struct given *given, size_t n)
{
    struct mg_column_info *columns = mg_arena_array(arena, n + 1, sizeof *columns);
    for (size_t i = 0; i < n; i++)
        columns[i] = column_of(&given[i]);
    return (struct mg_source_info){.rows = ROWS, .columns = columns, .n_columns = n};
}

static struct mg_proposal propose(const struct given *given, size_t n, enum mg_lang lang)
{
    struct mg_source_info info = described(given, n);
    struct mg_proposal proposal;
    struct mg_error error = {0};
    if (mg_record_propose(arena, "s", &info, lang, &proposal, &error))
        fail_msg("%s", error.message);
    return proposal;
}

/* What is proposed can be created as it stands. */
static const struct mg_study *accepted(const struct mg_proposal *proposal)
{
    struct mg_buf text;
    struct mg_error error = {0};
    struct mg_fields fields;
    const struct mg_study *study = NULL;
    mg_buf_init(&text, 1 << 20);
    mg_study_write(&proposal->study, &text);
    if (mg_study_parse(arena, text.data, text.len, &study, &error) ||
        mg_fields_of(arena, study, &fields, &error))
        fail_msg("%s [%s]\n%s", error.message, error.field, text.data);
    mg_buf_done(&text);
    return study;
}

__attribute__((unused)) static bool says(const struct mg_proposal *proposal, const char *words)
{
    for (size_t i = 0; i < proposal->n_notes; i++)
        if (strstr(proposal->notes[i], words))
            return true;
    return false;
}

#define SEVEN "1|2|3|4|5|6|7"
#define PAIR                                                                                                 \
    {"E1", 'i', SEVEN},                                                                                      \
    {                                                                                                        \
        "P1", 'i', SEVEN                                                                                     \
    }

#endif
