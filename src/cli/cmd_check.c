/* mindgap check: whether the record is sound and the columns have caught up. Exit 1 when something is wrong.
 */
#include "cli/cli.h"
#include "cli/data_folder.h"

#include "service/admin/backup.h"
#include "service/admin/data.h"

const struct mg_option mg_check_options[] = {
    {.name = "data", .value = "DIR", .summary = "Data folder (default: $MINDGAP_DATA)"},
    {0},
};

static void print_columns(struct mg_cli *cli, const struct mg_check_report *report)
{
    const char *text;
    if (report->columns_watermark < 0)
        text = mg_tr(cli->lang, "Columns: none yet, or a running server holds them; not compared.");
    else if (report->columns_watermark < report->outbox_last)
        text = mg_tr(cli->lang, "Columns: at %lld of %lld; the server catches up when it runs.");
    else
        text = mg_tr(cli->lang, "Columns: up to date.");
    fprintf(cli->out, text, (long long)report->columns_watermark, (long long)report->outbox_last);
    fputc('\n', cli->out);
}

int mg_cmd_check(struct mg_cli *cli, int argc, char **argv)
{
    struct mg_args args;
    struct mg_ctx ctx = {0};
    struct mg_check_report report = {0};
    struct mg_error error = {.lang = cli->lang};
    int status = mg_cli_parse(cli, mg_check_options, argc, argv, &args);
    if (status)
        return status;
    int rc = mg_cli_open_data(cli, &args, false, &ctx, &error);
    if (rc == 0) {
        mg_data_open_columns(&ctx, cli->engine);
        rc = mg_check(&ctx, &report, &error);
    }
    mg_data_close(&ctx);
    if (rc)
        return mg_cli_finish(cli, rc, &error);
    for (size_t i = 0; i < report.n_problems; i++)
        fprintf(cli->out, "%s\n", report.problems[i]);
    if (report.n_problems == 0)
        fprintf(cli->out, "%s\n", mg_tr(cli->lang, "The record is sound."));
    print_columns(cli, &report);
    return report.n_problems ? MG_EXIT_FAILURE : MG_EXIT_OK;
}
