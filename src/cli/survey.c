/* Opens what a command on a survey file needs. */
#include "cli/survey.h"

#include <string.h>

#include "base/file.h"

static void add_path(struct mg_error *error, const char *path)
{
    char where[sizeof error->field];
    snprintf(where, sizeof where, "%s", error->field);
    mg_fail_at(error, "%s%s%s", path, *where ? ": " : "", where);
}

int mg_survey_read_study(struct mg_cli *cli, const char *path, const struct mg_study **ret_study,
                         struct mg_error *error)
{
    struct mg_buf text;
    mg_buf_init(&text, MG_STUDY_BYTES_MAX);
    int rc = mg_file_read(path, &text, error);
    if (rc == 0) {
        rc = mg_study_parse(cli->arena, text.data ? text.data : "", text.len, ret_study, error);
        if (rc)
            add_path(error, path);
    }
    mg_buf_done(&text);
    return rc;
}

void mg_survey_say(const struct mg_cli *cli, const struct mg_text *notes, size_t n, int64_t n_bad,
                   int64_t bad_line)
{
    for (size_t i = 0; i < n; i++)
        fprintf(cli->err, "%s\n", mg_text_in(&notes[i], cli->lang, ""));
    if (n_bad)
        fprintf(cli->err, mg_tr(cli->lang, "Irregular rows left out: %lld, the first on line %lld.\n"),
                (long long)n_bad, (long long)bad_line);
}

int mg_survey_open_silently(struct mg_cli *cli, const char *path, const char *study_path,
                            const struct mg_exchange_options *options, struct mg_survey *ret_survey,
                            struct mg_error *error)
{
    struct mg_survey survey = {.study_path = study_path,
                               .ctx = {.arena = cli->arena,
                                       .columns = {.engine = cli->engine},
                                       .clock = cli->clock,
                                       .log = cli->log,
                                       .lang = cli->lang}};
    int rc = study_path ? mg_survey_read_study(cli, study_path, &survey.study, error) : 0;
    if (!rc)
        rc = mg_columns_open(cli->engine, NULL, 0, &survey.ctx.columns, error);
    if (!rc)
        rc = mg_measure_open_file(&survey.ctx, path, options, &survey.file, error);
    if (rc) {
        mg_columns_close(&survey.ctx.columns);
        return rc;
    }
    *ret_survey = survey;
    return 0;
}

int mg_survey_open(struct mg_cli *cli, const char *path, const char *study_path,
                   const struct mg_exchange_options *options, struct mg_survey *ret_survey,
                   struct mg_error *error)
{
    int rc = mg_survey_open_silently(cli, path, study_path, options, ret_survey, error);
    const struct mg_measure_file *file = &ret_survey->file;
    if (!rc)
        mg_survey_say(cli, file->notes, file->n_notes, file->n_bad, file->bad_line);
    return rc;
}

void mg_survey_close(struct mg_survey *survey)
{
    mg_columns_close(&survey->ctx.columns);
}
