/* mindgap check: whether record and columns are sound and nothing was set aside. Exit 1 when something is
 * wrong.
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
    switch (report->columns) {
    case MG_CHECK_NO_COLUMNS:
        fprintf(cli->out, "%s\n",
                mg_tr(cli->lang, "Columns: none yet; they are made when they are first needed."));
        break;
    case MG_CHECK_BUSY:
        fprintf(cli->out, "%s\n", mg_tr(cli->lang, "Columns: a running server holds them; not examined."));
        break;
    case MG_CHECK_SOUND:
        fprintf(cli->out, "%s\n", mg_tr(cli->lang, "Columns: sound."));
        break;
    case MG_CHECK_DAMAGED:
        fprintf(cli->out,
                mg_tr(cli->lang, "Columns: damaged. %s They are made anew when the server starts, or by "
                                 "“mindgap column rebuild”."),
                report->columns_problem);
        fputc('\n', cli->out);
        break;
    }
}

static void print_log(struct mg_cli *cli, const struct mg_check_report *report)
{
    if (report->waiting > 0) {
        fprintf(cli->out,
                mg_tr(cli->lang, "Log: %lld entries wait to be applied; the server does it when it runs."),
                (long long)report->waiting);
        fputc('\n', cli->out);
    }
    if (report->set_aside > 0) {
        fprintf(cli->out,
                mg_tr(cli->lang,
                      "Log: %lld studies wait because an entry couldn't be applied; see System status."),
                (long long)report->set_aside);
        fputc('\n', cli->out);
    }
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
        ctx.columns.engine = cli->engine;
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
    print_log(cli, &report);
    bool sound = report.n_problems == 0 && report.columns != MG_CHECK_DAMAGED && report.set_aside == 0;
    return sound ? MG_EXIT_OK : MG_EXIT_FAILURE;
}
