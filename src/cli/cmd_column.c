/* mindgap column rebuild: makes the analytics tables anew from the record. */
#include "cli/cli.h"
#include "cli/data_folder.h"

#include <string.h>

#include "service/admin/data.h"
#include "service/listen/columns.h"

const struct mg_option mg_column_options[] = {
    {.name = "data", .value = "DIR", .summary = "Data folder (default: $MINDGAP_DATA)"},
    {0},
};

const struct mg_verb mg_column_verbs[] = {
    {.name = "rebuild", .summary = "Make the columns anew from the record, while no server runs"},
    {0},
};

/* A damaged file is set aside by opening it. */
static int rebuild(struct mg_cli *cli, struct mg_ctx *ctx, struct mg_error *error)
{
    struct mg_column_status status;
    const char *path = mg_arena_printf(ctx->arena, "%s/%s", ctx->data_dir, MG_COLUMN_FILE);
    if (!path)
        return mg_fail_memory(error);
    int rc = mg_columns_open(cli->engine, path, 0, &ctx->columns, error);
    if (!rc)
        rc = mg_columns_status(&ctx->columns, true, &status, error);
    if (!rc)
        rc = mg_follower_rebuild(ctx, &mg_listen_columns, error);
    if (!rc)
        rc = mg_follower_run(ctx, &mg_listen_columns, error);
    if (rc == MG_E_BUSY)
        mg_fail_hint(error, "Stop the server first.");
    return rc;
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
