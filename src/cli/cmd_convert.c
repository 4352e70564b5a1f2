/* mindgap convert IN OUT: a survey file into another format. */
#include "cli/cli.h"
#include "cli/doubt.h"
#include "cli/reading.h"
#include "cli/report.h"
#include "cli/survey.h"
#include "service/listen/convert.h"

static const char *const formats[] = {"csv", "xlsx", "sav", "dta", "jsonl", "parquet", NULL};

const struct mg_option mg_convert_options[] = {
    {.name = "format",
     .value = "FORMAT",
     .summary = "Format of OUT; else what its name ends in",
     .choices = formats},
    MG_READING_OPTIONS,
    MG_STRICT_OPTION,
    {0},
};

static int run(struct mg_cli *cli, const struct mg_convert_request *request,
               struct mg_convert_report *ret_report, struct mg_error *error)
{
    struct mg_ctx ctx = {.arena = cli->arena, .clock = cli->clock, .log = cli->log, .lang = cli->lang};
    int rc = mg_columns_open(cli->engine, NULL, 0, &ctx.columns, error);
    if (rc)
        return rc;
    rc = mg_listen_convert(&ctx, request, ret_report, error);
    mg_columns_close(&ctx.columns);
    return rc;
}

int mg_cmd_convert(struct mg_cli *cli, int argc, char **argv)
{
    struct mg_args args;
    struct mg_error error = {.lang = cli->lang};
    struct mg_convert_report report;
    if (mg_cli_parse(cli, mg_convert_options, argc, argv, &args))
        return MG_EXIT_USAGE;
    if (args.n_operands != 2) {
        mg_fail(&error, MG_E_INVALID, "Name a file to read and a file to write: mindgap convert IN OUT.");
        mg_fail_hint(&error, "OUT may end in .csv, .xlsx, .sav, .dta, .jsonl or .parquet.");
        return mg_cli_report(cli, &error, MG_EXIT_USAGE);
    }
    struct mg_exchange_options options;
    if (mg_reading_of_args(&args, &options, &error))
        return mg_cli_report(cli, &error, MG_EXIT_USAGE);
    struct mg_convert_request request = {.from = args.operands[0],
                                         .to = args.operands[1],
                                         .format = mg_args_get(&args, "format"),
                                         .reading = &options};
    if (run(cli, &request, &report, &error))
        return mg_cli_report(cli, &error, MG_EXIT_FAILURE);
    mg_survey_say(cli, report.notes, report.n_notes, report.n_bad, report.bad_line);
    struct mg_doubt doubt;
    if (mg_doubt_say(cli, report.file, NULL, &error) ||
        mg_doubt_of(cli->arena, report.file, NULL, &doubt, &error))
        return mg_cli_report(cli, &error, MG_EXIT_FAILURE);
    mg_cli_say_written(cli, &report.out, request.to);
    return mg_doubt_exit(cli, &args, &doubt, MG_EXIT_OK);
}
