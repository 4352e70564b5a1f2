/* mindgap org: organisations of a data folder. They are isolated: nobody in one sees anything of another. */
#include "cli/cli.h"
#include "cli/data_folder.h"

#include <inttypes.h>
#include <string.h>

#include "service/admin/data.h"
#include "service/admin/user.h"

const struct mg_option mg_org_options[] = {
    {.name = "data", .value = "DIR", .summary = "Data folder (default: $MINDGAP_DATA)"},
    {0},
};

const struct mg_verb mg_org_verbs[] = {
    {.name = "add",
     .operands = "NAME",
     .summary = "Add an organisation and print its id; makes the data folder if needed"},
    {.name = "list", .summary = "List organisations with id, users and name"},
    {0},
};

static int list(struct mg_cli *cli, const struct mg_ctx *ctx, struct mg_error *error)
{
    struct mg_org_summary *orgs;
    size_t n;
    int rc = mg_org_list(ctx, &orgs, &n, error);
    for (size_t i = 0; rc == 0 && i < n; i++)
        fprintf(cli->out, "%s\t%" PRId64 "\t%s%s\n", orgs[i].org.id, orgs[i].users, orgs[i].org.name,
                orgs[i].org.simulated ? mg_tr(cli->lang, " (simulated)") : "");
    return rc;
}

int mg_cmd_org(struct mg_cli *cli, int argc, char **argv)
{
    struct mg_args args;
    struct mg_ctx ctx = {0};
    struct mg_error error = {.lang = cli->lang};
    char id[27];
    int status = mg_cli_parse(cli, mg_org_options, argc, argv, &args);
    if (status)
        return status;
    bool adds = args.n_operands == 2 && strcmp(args.operands[0], "add") == 0;
    bool lists = args.n_operands == 1 && strcmp(args.operands[0], "list") == 0;
    int rc = 0;
    if (!adds && !lists) {
        rc = mg_fail(&error, MG_E_INVALID, "Add an organisation, or list them?");
        mg_fail_hint(&error, "“mindgap org --help” shows how.");
    }
    if (rc == 0)
        rc = mg_cli_open_data(cli, &args, adds, &ctx, &error);
    if (rc == 0 && adds)
        rc = mg_org_create(&ctx, args.operands[1], false, id, &error);
    if (rc == 0 && adds)
        fprintf(cli->out, "%s\n", id);
    if (rc == 0 && lists)
        rc = list(cli, &ctx, &error);
    mg_data_close(&ctx);
    return mg_cli_finish(cli, rc, &error);
}
