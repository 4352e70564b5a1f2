/* mindgap export STUDY OUT: the responses of a study as a file, beside a running server or without one. */
#include "cli/cli.h"
#include "cli/data_folder.h"
#include "cli/report.h"
#include "service/admin/data.h"
#include "service/listen/export.h"
#include "service/record/load.h"

static const char *const formats[] = {"csv", "xlsx", "sav", "dta", "jsonl", "parquet", NULL};

const struct mg_option mg_export_options[] = {
    {.name = "data", .value = "DIR", .summary = "Data folder (default: $MINDGAP_DATA)"},
    {.name = "org", .value = "ORG", .summary = "Organisation, by id or name; needed when there are several"},
    {.name = "format",
     .value = "FORMAT",
     .summary = "Format of OUT; else what its name ends in",
     .choices = formats},
    {0},
};

/* By its code, else by its id. */
static int find_study(const struct mg_ctx *ctx, const char *name, const char **ret_id, struct mg_error *error)
{
    const struct mg_record_study *study;
    int rc = mg_record_study_by_code(ctx, name, &study, error);
    if (rc == MG_E_NOT_FOUND)
        rc = mg_record_study_load(ctx, name, &study, error);
    if (rc == MG_E_NOT_FOUND)
        return mg_fail(error, rc, "There is no study “%s”.", name);
    if (rc == 0)
        *ret_id = study->id;
    return rc;
}

/* Parquet is written by a column engine; one in memory serves, whoever holds that of the data folder. */
static int export(struct mg_cli *cli, struct mg_ctx *ctx, const struct mg_export_request *request,
                  struct mg_out_report *ret_report, struct mg_error *error)
{
    int rc = mg_columns_open(cli->engine, NULL, 0, &ctx->columns, error);
    if (rc)
        return rc;
    rc = mg_listen_export(ctx, request, ret_report, error);
    mg_columns_close(&ctx->columns);
    ctx->columns = (struct mg_columns){0};
    return rc;
}

int mg_cmd_export(struct mg_cli *cli, int argc, char **argv)
{
    struct mg_args args;
    struct mg_ctx ctx = {0};
    struct mg_export_request request = {0};
    struct mg_out_report report;
    struct mg_error error = {.lang = cli->lang};
    int status = mg_cli_parse(cli, mg_export_options, argc, argv, &args);
    if (status)
        return status;
    if (args.n_operands != 2) {
        mg_fail(&error, MG_E_INVALID, "Name a study and a file to write: mindgap export STUDY OUT.");
        mg_fail_hint(&error, "OUT may end in .csv, .xlsx, .sav, .dta, .jsonl or .parquet.");
        return mg_cli_report(cli, &error, MG_EXIT_USAGE);
    }
    request.to = args.operands[1];
    request.format = mg_args_get(&args, "format");
    int rc = mg_cli_open_data(cli, &args, false, &ctx, &error);
    if (rc == 0)
        rc = mg_cli_choose_org(&args, &ctx, &error);
    if (rc == 0)
        rc = find_study(&ctx, args.operands[0], &request.study_id, &error);
    if (rc == 0)
        rc = export(cli, &ctx, &request, &report, &error);
    if (rc == 0)
        mg_cli_say_written(cli, &report, request.to);
    mg_data_close(&ctx);
    return mg_cli_finish(cli, rc, &error);
}
