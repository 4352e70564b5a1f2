/* What commands on a data folder share. */
#ifndef MG_CLI_DATA_FOLDER_H
#define MG_CLI_DATA_FOLDER_H

#include "cli/cli.h"

/* Opens the record of --data (or MINDGAP_DATA) into a context for the command line. Close with mg_data_close.
 */
MG_CHECKED int mg_cli_open_data(struct mg_cli *cli, const struct mg_args *args, bool create,
                                struct mg_ctx *ret_ctx, struct mg_error *error);
/* The same context without opening anything. */
MG_CHECKED int mg_cli_name_data(struct mg_cli *cli, const struct mg_args *args, struct mg_ctx *ret_ctx,
                                struct mg_error *error);

/* Makes ctx act in the organisation named by --org (id or name); without it, in the only one there is. */
MG_CHECKED int mg_cli_choose_org(const struct mg_args *args, struct mg_ctx *ctx, struct mg_error *error);

/* A password from the terminal without showing it, asked twice when `twice`; else the first line of cli->in.
 */
MG_CHECKED int mg_cli_read_password(struct mg_cli *cli, bool twice, char *ret_password, size_t size,
                                    struct mg_error *error);

/* MG_EXIT_OK for 0; else prints the error: MG_EXIT_USAGE for MG_E_INVALID, MG_EXIT_FAILURE for the rest. */
int mg_cli_finish(struct mg_cli *cli, int rc, const struct mg_error *error);

#endif
