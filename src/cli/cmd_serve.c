/* mindgap serve: the HTTP server with the web client. Here only its options; serve.c beside main.c wires the
 * server. */
#include "cli/cli.h"

static const char *const levels[] = {"debug", "info", "warn", "error", "off", NULL};

const struct mg_option mg_serve_options[] = {
    {.name = "data",
     .value = "DIR",
     .summary = "Data folder; made if it isn't there (default: $MINDGAP_DATA)"},
    {.name = "listen",
     .value = "ADDRESS:PORT",
     .summary = "Where to listen (default: 127.0.0.1:8080; port 0: any free one)"},
    {.name = "host", .value = "NAME", .summary = "A name by which browsers reach it; may be repeated"},
    {.name = "behind-https", .summary = "A proxy in front speaks HTTPS and sets X-Forwarded-For"},
    {.name = "workers", .value = "N", .summary = "Threads that handle requests (default: 64)"},
    {.name = "analysis-limit",
     .value = "SECONDS",
     .summary = "Most that one analysis or preview may take (default: 60)"},
    {.name = "log", .value = "LEVEL", .summary = "How much to log (default: info)", .choices = levels},
    {0},
};

int mg_cmd_serve(struct mg_cli *cli, int argc, char **argv)
{
    struct mg_args args;
    int status = mg_cli_parse(cli, mg_serve_options, argc, argv, &args);
    return status ? status : cli->serve(cli, &args);
}
