/* A study file of any bytes: reader, writer, and the plan of columns and scores made from it.
 *
 * Invariants: what is refused says why and on which line; what is accepted is written as a text that reads
 * back and is then written the same; every accepted study has a plan, or is too large for one. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "model/jsontext.h"
#include "model/study.h"
#include "service/measure/plan.h"

static char *written(const struct mg_study *study)
{
    struct mg_buf out;
    mg_buf_init(&out, 8 * MG_STUDY_BYTES_MAX);
    mg_study_write(study, &out);
    char *text = mg_buf_take(&out, NULL);
    assert(text);
    return text;
}

static void check_accepted(struct mg_arena *arena, const struct mg_study *study)
{
    struct mg_error error = {0};
    const struct mg_study *again;
    char *once = written(study);
    assert(mg_study_parse(arena, once, strlen(once), &again, &error) == 0);
    char *twice = written(again);
    assert(strcmp(once, twice) == 0);
    assert(mg_jsontext_line(once, strlen(once), "/items/0") >= 1);
    struct mg_plan *plan;
    int rc = mg_plan_new(arena, study, MG_PLAN_CELLS | MG_PLAN_IMPORTANCE | MG_PLAN_OUTCOMES, &plan, &error);
    assert(rc == 0 || rc == MG_E_LIMIT);
    assert(rc || plan->n_items == study->n_items);
    free(once);
    free(twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mg_arena *arena = mg_arena_new((size_t)256 << 20);
    struct mg_error error = {0};
    const struct mg_study *study = NULL;
    assert(arena);
    if (mg_study_parse(arena, (const char *)data, size, &study, &error) == 0) {
        check_accepted(arena, study);
    } else {
        assert(!study && error.code < 0 && *error.message);
        assert(error.code != MG_E_INVALID || strncmp(error.field, "line ", 5) == 0);
    }
    mg_arena_free(arena);
    return 0;
}
