/* The columns that a study names, with their place in its document; see study.h. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "model/study.h"

#define NEAR 3          /* names that are offered */
#define LIKENESS_MAX 64 /* bytes by which a name may differ at all (mg_str_distance) */

struct list {
    struct mg_study_column *columns;
    size_t n;
};

static void add(struct list *list, const char *column, const char *part, size_t i, const char *key)
{
    if (!column)
        return;
    struct mg_study_column *to = &list->columns[list->n++];
    to->column = column;
    if (*part)
        snprintf(to->where, sizeof to->where, "/%s/%zu/%s", part, i, key);
    else
        snprintf(to->where, sizeof to->where, "/%s", key);
}

static void add_properties(struct list *list, const struct mg_study *study)
{
    const struct {
        const char *column, *key;
    } properties[] = {{study->wave, "wave"},       {study->weight, "weight"}, {study->customer, "customer"},
                      {study->episode, "episode"}, {study->time, "time"},     {study->id, "id"}};
    for (size_t i = 0; i < ARRAY_LEN(properties); i++)
        add(list, properties[i].column, "", 0, properties[i].key);
}

int mg_study_columns(struct mg_arena *arena, const struct mg_study *study,
                     const struct mg_study_column **ret_columns, size_t *ret_n, struct mg_error *error)
{
    size_t most = 4 * study->n_items + study->n_outcomes + study->n_groups + 6;
    struct list list = {.columns = mg_arena_array(arena, most, sizeof *list.columns)};
    if (!list.columns)
        return mg_fail_memory(error);
    for (size_t i = 0; i < study->n_items; i++) {
        const struct mg_item *item = &study->items[i];
        add(&list, item->expectation, "items", i, "expectation");
        add(&list, item->perception, "items", i, "perception");
        add(&list, item->adequate, "items", i, "adequate");
        add(&list, item->importance, "items", i, "importance");
    }
    for (size_t i = 0; i < study->n_outcomes; i++)
        add(&list, study->outcomes[i].column, "outcomes", i, "column");
    for (size_t i = 0; i < study->n_groups; i++)
        add(&list, study->groups[i].column, "groups", i, "column");
    add_properties(&list, study);
    *ret_columns = list.columns;
    *ret_n = list.n;
    return 0;
}

/* The name most like it among those less like it than `least` (in order of distance, then of place). */
static size_t next_nearest(const char *column, const char *const *names, size_t n, size_t *distance,
                           size_t *at)
{
    size_t best = SIZE_MAX, found = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        size_t d = mg_str_distance(column, names[i]);
        bool later = *at == SIZE_MAX || d > *distance || (d == *distance && i > *at);
        if (later && d < best && d < LIKENESS_MAX) {
            best = d;
            found = i;
        }
    }
    *distance = best;
    return *at = found;
}

static void nearest(const char *column, const char *const *names, size_t n, char *ret_text, size_t size)
{
    size_t distance = 0, at = SIZE_MAX, used = 0;
    ret_text[0] = '\0';
    for (size_t i = 0; i < NEAR && next_nearest(column, names, n, &distance, &at) != SIZE_MAX; i++) {
        size_t length = strlen(names[at]);
        if (used + length + 3 > size)
            break;
        memcpy(ret_text + used, ", ", used ? 2 : 0);
        used += used ? 2 : 0;
        memcpy(ret_text + used, names[at], length + 1);
        used += length;
    }
    mg_str_plain(ret_text);
}

int mg_study_lacks(const struct mg_study_column *column, const char *const *names, size_t n,
                   struct mg_error *error)
{
    char like[300];
    nearest(column->column, names, n, like, sizeof like);
    mg_fail(error, MG_E_INVALID, "The file has no column “%s”.", column->column);
    mg_fail_at(error, "%s", column->where);
    if (*like)
        mg_fail_hint(
            error,
            "The names most like it: %s. Put the right one into the study, or take this part out of it.",
            like);
    else
        mg_fail_hint(error, "Put the file's name for it into the study, or take this part out of it.");
    return MG_E_INVALID;
}
