/* What a command says on stderr of a file that it wrote. */
#ifndef MG_CLI_REPORT_H
#define MG_CLI_REPORT_H

#include "cli/cli.h"
#include "service/listen/convert.h"

/* What the file doesn't hold as it was, a line each; then how many rows it has. */
void mg_cli_say_written(const struct mg_cli *cli, const struct mg_out_report *report, const char *path);

#endif
