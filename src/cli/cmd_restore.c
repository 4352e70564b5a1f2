/* mindgap restore: puts a backup into an empty data folder. */
#include "cli/cli.h"
#include "cli/data_folder.h"

#include "service/admin/backup.h"

const struct mg_option mg_restore_options[] = {
    {.name = "data",
     .value = "DIR",
     .summary = "Data folder to fill; must hold no record yet (default: $MINDGAP_DATA)"},
    {0},
};

int mg_cmd_restore(struct mg_cli *cli, int argc, char **argv)
{
    struct mg_args args;
    struct mg_ctx ctx = {0};
    struct mg_backup_info info;
    struct mg_error error = {.lang = cli->lang};
    int status = mg_cli_parse(cli, mg_restore_options, argc, argv, &args);
    if (status)
        return status;
    int rc = 0;
    if (args.n_operands != 1)
        rc = mg_fail(&error, MG_E_INVALID, "Name the backup to restore.");
    if (rc == 0)
        rc = mg_cli_name_data(cli, &args, &ctx, &error);
    if (rc == 0)
        rc = mg_restore(&ctx, args.operands[0], ctx.data_dir, &info, &error);
    if (rc == 0) {
        char when[32];
        mg_time_format(info.at, when);
        fprintf(cli->out, mg_tr(cli->lang, "Restored to %s as of %s; everybody has to sign in again."),
                ctx.data_dir, when);
        fputc('\n', cli->out);
    }
    return mg_cli_finish(cli, rc, &error);
}
