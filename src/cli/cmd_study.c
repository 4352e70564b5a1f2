/* mindgap study init FILE: a study file proposed from the columns. mindgap study check STUDY.json [FILE]:
 * does it hold, and does it fit the file? */
#include <libgen.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "cli/cli.h"
#include "cli/doubt.h"
#include "cli/reading.h"
#include "cli/roles.h"
#include "cli/survey.h"
#include "service/measure/defects.h"
#include "service/record/propose.h"

const struct mg_option mg_cmd_study_options[] = {
    {.name = "output", .value = "FILE", .summary = "Write to FILE instead of the terminal", .letter = 'o'},
    {.name = "rescale",
     .summary = "init: compare halves on different scales, the expectation rescaled linearly"},
    MG_READING_OPTIONS,
    MG_STRICT_OPTION,
    {0},
};

const struct mg_verb mg_cmd_study_verbs[] = {
    {"init", "FILE", MG_TEXT("Propose a study from the columns of a survey file")},
    {"check", "STUDY.json [FILE]", MG_TEXT("Check a study file, and whether it fits a survey file")},
    {0},
};

/* "data/kiosk 2025.csv" → "kiosk-2025". */
static const char *code_of_path(struct mg_arena *arena, const char *path)
{
    char *copy = mg_arena_strdup(arena, path);
    return mg_study_code_of(arena, copy ? basename(copy) : "");
}

static int put_study(struct mg_cli *cli, const struct mg_args *args, const struct mg_study *study)
{
    struct mg_buf out;
    mg_buf_init(&out, MG_STUDY_BYTES_MAX);
    mg_study_write(study, &out);
    int status = MG_EXIT_FAILURE;
    if (out.failed) {
        struct mg_error error = {.lang = cli->lang};
        mg_fail(&error, MG_E_LIMIT, "The study is larger than %zu bytes.", MG_STUDY_BYTES_MAX);
        mg_cli_report(cli, &error, MG_EXIT_FAILURE);
    } else {
        status = mg_cli_write(cli, mg_args_get(args, "output"), out.data, out.len);
    }
    mg_buf_done(&out);
    return status;
}

static void say_roles(const struct mg_cli *cli, const struct mg_source_info *info,
                      const struct mg_proposal *proposal)
{
    struct mg_buf out;
    mg_buf_init(&out, MG_STUDY_BYTES_MAX);
    mg_cli_put_roles(cli->lang, info, proposal, &out);
    fwrite(out.data, 1, out.len, cli->err);
    mg_buf_done(&out);
}

/* The status that --strict asks for. */
static enum mg_exit end(struct mg_cli *cli, const struct mg_args *args, const struct mg_survey *survey,
                        const struct mg_study *study, enum mg_exit status)
{
    struct mg_error error = {.lang = cli->lang};
    struct mg_doubt doubt;
    if (mg_doubt_of(cli->arena, survey->file.exchange, study, &doubt, &error))
        return mg_cli_report(cli, &error, MG_EXIT_FAILURE);
    return mg_doubt_exit(cli, args, &doubt, status);
}

static bool has_warning(const struct mg_proposal *proposal, const char *code)
{
    for (size_t i = 0; i < proposal->n_warnings; i++)
        if (strcmp(proposal->warnings[i].code, code) == 0)
            return true;
    return false;
}

static int propose(struct mg_cli *cli, const struct mg_args *args, const char *path,
                   const struct mg_source_info *info, struct mg_proposal *ret, struct mg_error *error)
{
    const char *code = code_of_path(cli->arena, path);
    if (mg_args_flag(args, "rescale"))
        return mg_record_propose_rescaled(cli->arena, code, info, cli->lang, ret, error);
    return mg_record_propose(cli->arena, code, info, cli->lang, ret, error);
}

static int init(struct mg_cli *cli, const struct mg_args *args, const char *path,
                const struct mg_exchange_options *options)
{
    struct mg_error error = {.lang = cli->lang};
    struct mg_survey survey;
    struct mg_source_info info;
    struct mg_proposal proposal;
    int rc = mg_cli_check_output(args, &path, 1, &error);
    if (!rc)
        rc = mg_survey_open(cli, path, NULL, options, &survey, &error);
    if (rc)
        return mg_cli_report(cli, &error, MG_EXIT_FAILURE);
    rc = mg_measure_describe_file(&survey.ctx, &survey.file, &info, &error);
    if (!rc)
        rc = propose(cli, args, path, &info, &proposal, &error);
    bool described = !rc;
    if (!rc && proposal.study.n_items == 0) {
        rc = mg_fail(
            &error, MG_E_INVALID,
            "No item for a study is found in %s: no rating is known as an expectation or a perception.",
            path);
        if (survey.file.exchange && survey.file.exchange->n_sheets > 1)
            mg_fail_hint(&error, "If another sheet holds the answers, name it with --sheet.");
        else
            mg_fail_hint(&error,
                         "Put “Expected” or “Perceived” in front of the names of ratings, or write the "
                         "study by hand: docs/study-file.md shows how.");
    }
    int status = rc ? mg_cli_report(cli, &error, MG_EXIT_FAILURE) : MG_EXIT_OK;
    if (described)
        say_roles(cli, &info, &proposal);
    for (size_t i = 0; rc == 0 && i < proposal.n_notes; i++)
        fprintf(cli->err, "%s\n", proposal.notes[i]);
    if (rc == 0 && has_warning(&proposal, "scales_differ"))
        fprintf(cli->err, "%s\n",
                mg_tr(cli->lang, "Halves on different scales are compared with --rescale."));
    if (rc == 0)
        rc = mg_doubt_say(cli, survey.file.exchange, NULL, &error);
    if (rc == 0)
        status = end(cli, args, &survey, NULL, put_study(cli, args, &proposal.study));
    mg_survey_close(&survey);
    return status;
}

/* ---- check ---- */

static bool has_column(const struct mg_source_info *info, const char *name)
{
    for (size_t i = 0; i < info->n_columns; i++)
        if (strcmp(info->columns[i].name, name) == 0)
            return true;
    return false;
}

/* Each column that the study names and the file lacks. */
static int check_columns(struct mg_cli *cli, const struct mg_study *study, const struct mg_source_info *info,
                         size_t *ret_missing, struct mg_error *error)
{
    const struct mg_study_column *columns;
    const char **names = mg_arena_array(cli->arena, info->n_columns + 1, sizeof *names);
    size_t n = 0;
    int rc = names ? mg_study_columns(cli->arena, study, &columns, &n, error) : mg_fail_memory(error);
    for (size_t i = 0; i < info->n_columns && !rc; i++)
        names[i] = info->columns[i].name;
    *ret_missing = 0;
    for (size_t i = 0; i < n && !rc; i++) {
        struct mg_error lacks = {.lang = cli->lang};
        if (has_column(info, columns[i].column))
            continue;
        mg_ignore(mg_study_lacks(&columns[i], names, info->n_columns, &lacks));
        mg_cli_report(cli, &lacks, MG_EXIT_FAILURE);
        ++*ret_missing;
    }
    return rc;
}

/* Answers that are none, weights that don't count, ids that repeat: said, and no failure. */
static int check_answers(struct mg_cli *cli, struct mg_survey *survey, const struct mg_study *study,
                         int64_t rows, struct mg_doubt *ret_doubt, struct mg_error *error)
{
    const struct mg_measure_request request = {.study = study, .source = survey->file.source};
    struct mg_defects defects;
    int rc = mg_defects_check(&survey->ctx, &request, &defects, error);
    if (!rc && rows == 0)
        fprintf(cli->err, "%s\n", mg_tr(cli->lang, "The file has a header but no rows."));
    for (size_t i = 0; !rc && i < defects.n_notes; i++)
        fprintf(cli->err, "%s\n", cli->lang == MG_LANG_ZH ? defects.notes[i].zh_cn : defects.notes[i].en);
    if (!rc)
        rc = mg_doubt_of(cli->arena, survey->file.exchange, study, ret_doubt, error);
    if (!rc && (double)ret_doubt->cells < defects.out_of_range)
        ret_doubt->cells = (int64_t)defects.out_of_range;
    return rc;
}

static int check_file(struct mg_cli *cli, const struct mg_study *study, const char *path,
                      const struct mg_exchange_options *options, struct mg_doubt *ret_doubt)
{
    struct mg_error error = {.lang = cli->lang};
    struct mg_survey survey;
    struct mg_source_info info;
    int rc = mg_survey_open(cli, path, NULL, options, &survey, &error);
    if (rc)
        return mg_cli_report(cli, &error, MG_EXIT_FAILURE);
    size_t missing = 0;
    rc = mg_measure_describe_file(&survey.ctx, &survey.file, &info, &error);
    if (!rc)
        rc = check_columns(cli, study, &info, &missing, &error);
    if (!rc && missing == 0)
        rc = check_answers(cli, &survey, study, info.rows, ret_doubt, &error);
    mg_survey_close(&survey);
    if (rc)
        return mg_cli_report(cli, &error, MG_EXIT_FAILURE);
    if (missing) {
        mg_fail(&error, MG_E_INVALID, "Columns of the study that are not in the file: %zu (%s).", missing,
                path);
        return mg_cli_report(cli, &error, MG_EXIT_FAILURE);
    }
    return MG_EXIT_OK;
}

/* What an outcome's score lacks or takes for granted. */
static void check_outcomes(struct mg_cli *cli, const struct mg_study *study)
{
    for (size_t i = 0; i < study->n_outcomes; i++) {
        const struct mg_outcome *outcome = &study->outcomes[i];
        double from;
        if (outcome->kind == MG_OUTCOME_CSAT && mg_outcome_top_box(outcome, &from) == MG_TOP_BOX_UNKNOWN)
            fprintf(cli->err,
                    mg_tr(cli->lang,
                          "Outcome “%s”: say in “top” from which answer on a customer counts as satisfied "
                          "(scale %g to %g); until then the mean is shown.\n"),
                    outcome->code, outcome->scale.min, outcome->scale.max);
        if (outcome->kind == MG_OUTCOME_CES)
            fprintf(
                cli->err,
                outcome->effort
                    ? mg_tr(cli->lang, "Outcome “%s”: a high answer means much effort, lower is better.\n")
                    : mg_tr(cli->lang, "Outcome “%s”: a high answer means that it was easy; if it means "
                                       "effort, say \"high_means\": \"effort\".\n"),
                outcome->code);
    }
}

static int check(struct mg_cli *cli, const struct mg_args *args, const struct mg_exchange_options *options)
{
    const char *study_path = args->operands[1], *path = args->n_operands == 3 ? args->operands[2] : NULL;
    struct mg_doubt doubt = {0};
    struct mg_error error = {.lang = cli->lang};
    const struct mg_study *study;
    if (mg_survey_read_study(cli, study_path, &study, &error))
        return mg_cli_report(cli, &error, MG_EXIT_FAILURE);
    if (mg_study_check_code(study->code, &error) || mg_study_accept(study, &error))
        return mg_cli_report(cli, &error, MG_EXIT_FAILURE);
    check_outcomes(cli, study);
    int status = path ? check_file(cli, study, path, options, &doubt) : MG_EXIT_OK;
    if (status == MG_EXIT_OK)
        fprintf(cli->out,
                mg_tr(cli->lang, "%s holds. Items: %zu, dimensions: %zu, touchpoints: %zu, outcomes: %zu.\n"),
                study_path, study->n_items, study->n_dimensions, study->n_touchpoints, study->n_outcomes);
    return mg_doubt_exit(cli, args, &doubt, status);
}

int mg_cmd_study(struct mg_cli *cli, int argc, char **argv)
{
    struct mg_args args;
    if (mg_cli_parse(cli, mg_cmd_study_options, argc, argv, &args))
        return MG_EXIT_USAGE;
    struct mg_error error = {.lang = cli->lang};
    struct mg_exchange_options options;
    if (mg_reading_of_args(&args, &options, &error))
        return mg_cli_report(cli, &error, MG_EXIT_USAGE);
    const char *verb = args.n_operands ? args.operands[0] : "";
    if (strcmp(verb, "init") == 0 && args.n_operands == 2)
        return init(cli, &args, args.operands[1], &options);
    if (strcmp(verb, "check") == 0 && (args.n_operands == 2 || args.n_operands == 3))
        return check(cli, &args, &options);
    mg_fail(&error, MG_E_INVALID,
            "Write “mindgap study init FILE” or “mindgap study check STUDY.json [FILE]”.");
    return mg_cli_report(cli, &error, MG_EXIT_USAGE);
}
