/* mindgap backup: a copy of the record, made while the server runs. */
#include "cli/cli.h"
#include "cli/data_folder.h"

#include <inttypes.h>

#include "service/admin/backup.h"
#include "service/admin/data.h"

const struct mg_option mg_backup_options[] = {
    {.name = "data", .value = "DIR", .summary = "Data folder (default: $MINDGAP_DATA)"},
    {0},
};

int mg_cmd_backup(struct mg_cli *cli, int argc, char **argv)
{
    struct mg_args args;
    struct mg_ctx ctx = {0};
    struct mg_backup_info info;
    struct mg_error error = {.lang = cli->lang};
    int status = mg_cli_parse(cli, mg_backup_options, argc, argv, &args);
    if (status)
        return status;
    int rc = 0;
    if (args.n_operands != 1)
        rc = mg_fail(&error, MG_E_INVALID, "Name the file that the backup should go to.");
    if (rc == 0)
        rc = mg_cli_open_data(cli, &args, false, &ctx, &error);
    if (rc == 0)
        rc = mg_backup(&ctx, args.operands[0], &info, &error);
    if (rc == 0)
        fprintf(cli->out, "%s\t%" PRId64 "\tblake2b %s\n", args.operands[0], info.bytes, info.checksum);
    mg_data_close(&ctx);
    return mg_cli_finish(cli, rc, &error);
}
