/* See doubt.h. */
#include "cli/doubt.h"

#include "base/str.h"

/* Whether the study reads the column, by its name or by the header's own words. */
static bool is_named(const struct mg_exchange *file, size_t column, const struct mg_study_column *used,
                     size_t n_used)
{
    const char *given = file->given ? file->given[column] : NULL;
    for (size_t i = 0; i < n_used; i++)
        if (mg_str_equal(used[i].column, file->columns[column]) ||
            (given && mg_str_equal(used[i].column, given)))
            return true;
    return false;
}

/* Calls `take` with each used column of which there are facts. */
static int each_used(struct mg_arena *arena, const struct mg_exchange *file, const struct mg_study *study,
                     void (*take)(void *user, const struct mg_exchange *file, size_t column), void *user,
                     struct mg_error *error)
{
    const struct mg_study_column *used = NULL;
    size_t n_used = 0;
    int rc = study ? mg_study_columns(arena, study, &used, &n_used, error) : 0;
    for (size_t i = 0; i < file->n_columns && !rc; i++)
        if (!study || is_named(file, i, used, n_used))
            take(user, file, i);
    return rc;
}

static void count(void *user, const struct mg_exchange *file, size_t column)
{
    struct mg_doubt *doubt = user;
    doubt->cells += file->facts[column].n_not_understood;
    doubt->dates += file->facts[column].date_order_open;
}

int mg_doubt_of(struct mg_arena *arena, const struct mg_exchange *file, const struct mg_study *study,
                struct mg_doubt *ret, struct mg_error *error)
{
    *ret = (struct mg_doubt){.rows = file->n_bad};
    return each_used(arena, file, study, count, ret, error);
}

static void say(void *user, const struct mg_exchange *file, size_t column)
{
    const struct mg_cli *cli = user;
    const struct mg_cell_facts *facts = &file->facts[column];
    if (facts->n_not_understood == 0)
        return;
    fprintf(cli->err, mg_tr(cli->lang, "“%s”: cells that weren't understood: %lld"), file->columns[column],
            (long long)facts->n_not_understood);
    for (size_t i = 0; i < facts->n_shown; i++)
        fprintf(cli->err, "%s“%s”", i ? ", " : " – ", facts->not_understood[i]);
    fputc('\n', cli->err);
}

int mg_doubt_say(const struct mg_cli *cli, const struct mg_exchange *file, const struct mg_study *study,
                 struct mg_error *error)
{
    return each_used(cli->arena, file, study, say, (void *)cli, error);
}

enum mg_exit mg_doubt_exit(const struct mg_cli *cli, const struct mg_args *args, const struct mg_doubt *doubt,
                           enum mg_exit status)
{
    if (status != MG_EXIT_OK || !mg_args_flag(args, "strict") ||
        (doubt->cells == 0 && doubt->rows == 0 && doubt->dates == 0))
        return status;
    fprintf(cli->err,
            mg_tr(cli->lang,
                  "Strict: cells not understood: %lld; irregular rows: %lld; columns of dates whose "
                  "order is open: %zu.\n"),
            (long long)doubt->cells, (long long)doubt->rows, doubt->dates);
    return MG_EXIT_DOUBT;
}
