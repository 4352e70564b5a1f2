/* What commands on a survey file share: the engine, the file, the study. */
#ifndef MG_CLI_SURVEY_H
#define MG_CLI_SURVEY_H

#include "cli/cli.h"
#include "model/study.h"
#include "service/measure/file.h"

struct mg_survey {
    struct mg_ctx ctx;
    struct mg_measure_file file;
    const struct mg_study *study; /* NULL when opened without one */
    const char *study_path;
};

/* Reads a study file; belongs to cli->arena. The error names the file. */
MG_CHECKED int mg_survey_read_study(struct mg_cli *cli, const char *path, const struct mg_study **ret_study,
                                    struct mg_error *error);

/* Opens an engine in memory, the file and, unless study_path is NULL, the study. On failure nothing stays
 * open. Says on cli->err what was guessed about the file. `options` may be NULL. */
MG_CHECKED int mg_survey_open(struct mg_cli *cli, const char *path, const char *study_path,
                              const struct mg_exchange_options *options, struct mg_survey *ret_survey,
                              struct mg_error *error);
/* The same without a word. */
MG_CHECKED int mg_survey_open_silently(struct mg_cli *cli, const char *path, const char *study_path,
                                       const struct mg_exchange_options *options,
                                       struct mg_survey *ret_survey, struct mg_error *error);
/* What was found, guessed or changed while reading, and how many rows were left out. */
void mg_survey_say(const struct mg_cli *cli, const struct mg_text *notes, size_t n, int64_t n_bad,
                   int64_t bad_line);
void mg_survey_close(struct mg_survey *survey);

#endif
