/* mindgap column rebuild: makes the analytics tables anew from the record. */
#include "cli/cli.h"
#include "cli/data_folder.h"

#include <string.h>

#include "service/admin/data.h"
#include "service/listen/sync.h"

const struct mg_option mg_column_options[] = {
    {.name = "data", .value = "DIR", .summary = "Data folder (default: $MINDGAP_DATA)"},
    {0},
};

const struct mg_verb mg_column_verbs[] = {
    {.name = "rebuild", .summary = "Make the columns anew from the record, while no server runs"},
    {0},
};

static int rebuild(struct mg_cli *cli, struct mg_ctx *ctx, struct mg_error *error)
{
    mg_data_open_columns(ctx, cli->engine);
    if (!ctx->columns.column) {
        mg_fail(error, MG_E_BUSY, "There are no columns yet, or a running server holds them.");
        mg_fail_hint(error, "Stop the server first; where there are none, it makes them when it starts.");
        return MG_E_BUSY;
    }
    return mg_sync_rebuild(ctx, error);
}

int mg_cmd_column(struct mg_cli *cli, int argc, char **argv)
{
    struct mg_args args;
    struct mg_ctx ctx = {0};
    struct mg_error error = {.lang = cli->lang};
    int status = mg_cli_parse(cli, mg_column_options, argc, argv, &args);
    if (status)
        return status;
    if (args.n_operands != 1 || strcmp(args.operands[0], "rebuild") != 0) {
        mg_fail(&error, MG_E_INVALID, "Say what to do with the columns.");
        mg_fail_hint(&error, "“mindgap column rebuild --data DIR” makes them anew from the record.");
        return mg_cli_finish(cli, MG_E_INVALID, &error);
    }
    int rc = mg_cli_open_data(cli, &args, false, &ctx, &error);
    if (rc == 0)
        rc = rebuild(cli, &ctx, &error);
    mg_data_close(&ctx);
    if (rc == 0)
        fprintf(cli->out, "%s\n", mg_tr(cli->lang, "The columns were made anew from the record."));
    return mg_cli_finish(cli, rc, &error);
}
