/* Runs the server that `mindgap serve` asks for; see serve.c. */
#ifndef MG_SERVE_H
#define MG_SERVE_H

#include "cli/cli.h"

/* Returns when SIGTERM or SIGINT came and everything begun is finished; an mg_exit. */
int mg_serve(struct mg_cli *cli, const struct mg_args *args);

#endif
