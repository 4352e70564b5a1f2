/* mindgap user: accounts of a data folder, without a server. A password comes from the terminal or from
 * standard input, never from the command line, where others could read it. */
#include "cli/cli.h"
#include "cli/data_folder.h"

#include <string.h>

#include "service/admin/data.h"
#include "service/admin/user.h"

#define PASSWORD_SIZE 1100

static const char *const roles[] = {"owner", "analyst", "agent", "trainer", "viewer", NULL};

const struct mg_option mg_user_options[] = {
    {.name = "data", .value = "DIR", .summary = "Data folder (default: $MINDGAP_DATA)"},
    {.name = "org", .value = "ORG", .summary = "Organisation, by id or name; needed when there are several"},
    {.name = "name", .value = "NAME", .summary = "add: the user's name (default: the address)"},
    {.name = "role", .value = "ROLE", .summary = "add: the user's role (default: viewer)", .choices = roles},
    {0},
};

const struct mg_verb mg_user_verbs[] = {
    {.name = "add",
     .operands = "ADDRESS",
     .summary = "Add a user; asks for the password, or reads it from standard input"},
    {.name = "list", .summary = "List users with role and state"},
    {.name = "password", .operands = "ADDRESS", .summary = "Set a new password; ends the user's sessions"},
    {.name = "role", .operands = "ADDRESS ROLE", .summary = "Change the role"},
    {.name = "disable", .operands = "ADDRESS", .summary = "Keep the user from signing in"},
    {.name = "enable", .operands = "ADDRESS", .summary = "Let the user sign in again"},
    {0},
};

/* The enum of the wire from its text; args has checked --role already. */
static int read_role(const char *text, enum mg_wire_role *ret_role, struct mg_error *error)
{
    if (mg_wire_role_parse(text, ret_role))
        return 0;
    return mg_fail(error, MG_E_INVALID,
                   "“%s” is no role; roles are owner, analyst, agent, trainer and viewer.", text);
}

static int add(struct mg_cli *cli, const struct mg_args *args, struct mg_ctx *ctx, struct mg_error *error)
{
    char password[PASSWORD_SIZE];
    struct mg_wire_user_create create = {
        .email = args->operands[1], .role = MG_WIRE_ROLE_VIEWER, .password = password, .has_language = true};
    create.name = mg_args_get(args, "name") ? mg_args_get(args, "name") : create.email;
    create.language = cli->lang == MG_LANG_ZH ? MG_WIRE_LANGUAGE_ZH_CN : MG_WIRE_LANGUAGE_EN;
    struct mg_wire_user user;
    int rc = mg_cli_choose_org(args, ctx, error);
    if (rc == 0 && mg_args_get(args, "role"))
        rc = read_role(mg_args_get(args, "role"), &create.role, error);
    if (rc == 0)
        rc = mg_cli_read_password(cli, true, password, sizeof password, error);
    if (rc == 0)
        rc = mg_user_create(ctx, &create, &user, error);
    if (rc == 0)
        fprintf(cli->out, "%s\t%s\t%s\n", user.email, mg_wire_role_text(user.role), user.name);
    return rc;
}

static int list(struct mg_cli *cli, const struct mg_args *args, struct mg_ctx *ctx, struct mg_error *error)
{
    struct mg_org_summary *orgs;
    size_t n;
    int rc = mg_org_list(ctx, &orgs, &n, error);
    const char *wanted = mg_args_get(args, "org");
    if (rc == 0 && wanted)
        rc = mg_cli_choose_org(args, ctx, error);
    for (size_t i = 0; rc == 0 && i < n; i++) {
        if (wanted && strcmp(ctx->caller.org_id, orgs[i].org.id) != 0)
            continue;
        memcpy(ctx->caller.org_id, orgs[i].org.id, sizeof ctx->caller.org_id);
        struct mg_wire_user_list users;
        rc = mg_user_list(ctx, &users, error);
        for (size_t u = 0; rc == 0 && u < users.n_users; u++)
            fprintf(cli->out, "%s\t%s\t%s\t%s\t%s\n", users.users[u].email,
                    mg_wire_role_text(users.users[u].role),
                    users.users[u].disabled ? mg_tr(cli->lang, "disabled") : mg_tr(cli->lang, "active"),
                    orgs[i].org.name, users.users[u].name);
    }
    return rc;
}

/* Finds the user and fills an update that changes nothing yet. */
static int find(const struct mg_args *args, struct mg_ctx *ctx, struct mg_wire_user *ret_user,
                struct mg_wire_user_update *ret_update, struct mg_error *error)
{
    char id[27];
    int rc = mg_user_find(ctx, args->operands[1], ctx->caller.org_id, id, error);
    if (rc == 0)
        rc = mg_user_get(ctx, id, ret_user, error);
    if (rc == 0)
        *ret_update = (struct mg_wire_user_update){.name = ret_user->name,
                                                   .role = ret_user->role,
                                                   .disabled = ret_user->disabled,
                                                   .version = ret_user->version};
    return rc;
}

static int change(struct mg_cli *cli, const struct mg_args *args, struct mg_ctx *ctx, struct mg_error *error)
{
    const char *verb = args->operands[0];
    char password[PASSWORD_SIZE];
    struct mg_wire_user user;
    struct mg_wire_user_update update;
    int rc = find(args, ctx, &user, &update, error);
    if (rc)
        return rc;
    if (strcmp(verb, "disable") == 0 || strcmp(verb, "enable") == 0)
        update.disabled = strcmp(verb, "disable") == 0;
    if (strcmp(verb, "role") == 0)
        rc = read_role(args->operands[2], &update.role, error);
    if (strcmp(verb, "password") == 0) {
        update.password = password;
        rc = mg_cli_read_password(cli, true, password, sizeof password, error);
    }
    return rc ? rc : mg_user_update(ctx, user.id, &update, &user, error);
}

/* The verb's table row, if the operands fit it. */
static const struct mg_verb *find_verb(const struct mg_args *args)
{
    for (const struct mg_verb *verb = mg_user_verbs; verb->name; verb++) {
        size_t operands = verb->operands ? strchr(verb->operands, ' ') ? 2 : 1 : 0;
        if (args->n_operands == operands + 1 && strcmp(verb->name, args->operands[0]) == 0)
            return verb;
    }
    return NULL;
}

int mg_cmd_user(struct mg_cli *cli, int argc, char **argv)
{
    struct mg_args args;
    struct mg_ctx ctx = {0};
    struct mg_error error = {.lang = cli->lang};
    int status = mg_cli_parse(cli, mg_user_options, argc, argv, &args);
    if (status)
        return status;
    const struct mg_verb *verb = find_verb(&args);
    int rc = 0;
    if (!verb) {
        rc = mg_fail(&error, MG_E_INVALID, "What should happen to which user?");
        mg_fail_hint(&error, "“mindgap user --help” shows how.");
    }
    if (rc == 0)
        rc = mg_cli_open_data(cli, &args, false, &ctx, &error);
    if (rc == 0)
        rc = strcmp(verb->name, "add") == 0    ? add(cli, &args, &ctx, &error)
             : strcmp(verb->name, "list") == 0 ? list(cli, &args, &ctx, &error)
                                               : change(cli, &args, &ctx, &error);
    mg_data_close(&ctx);
    return mg_cli_finish(cli, rc, &error);
}
