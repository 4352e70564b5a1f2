/* mindgap version. */
#include "cli/cli.h"

int mg_cmd_version(struct mg_cli *cli, int argc, char **argv)
{
    (void)argc, (void)argv;
    fprintf(cli->out, "mindgap %s\n", MG_VERSION);
    return MG_EXIT_OK;
}
