/* Opening a data folder, choosing an organisation in it, asking for a password. */
#include "cli/data_folder.h"

#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "base/str.h"
#include "service/admin/data.h"
#include "service/admin/user.h"

int mg_cli_name_data(struct mg_cli *cli, const struct mg_args *args, struct mg_ctx *ret_ctx,
                     struct mg_error *error)
{
    const char *folder = mg_args_get(args, "data");
    *ret_ctx = (struct mg_ctx){.arena = cli->arena,
                               .store_engine = cli->store_engine,
                               .data_dir = folder ? folder : cli->data_dir,
                               .clock = cli->clock,
                               .log = cli->log,
                               .lang = cli->lang};
    if (ret_ctx->data_dir)
        return 0;
    mg_fail(error, MG_E_INVALID, "Which data folder?");
    mg_fail_hint(error, "Give --data DIR, or set MINDGAP_DATA.");
    return MG_E_INVALID;
}

int mg_cli_open_data(struct mg_cli *cli, const struct mg_args *args, bool create, struct mg_ctx *ret_ctx,
                     struct mg_error *error)
{
    int rc = mg_cli_name_data(cli, args, ret_ctx, error);
    umask(077); /* files of a data folder, and copies of it, are their owner's */
    return rc ? rc : mg_data_open(ret_ctx, create, error);
}

int mg_cli_choose_org(const struct mg_args *args, struct mg_ctx *ctx, struct mg_error *error)
{
    const char *wanted = mg_args_get(args, "org");
    struct mg_org_summary *orgs;
    size_t n, found = 0;
    int rc = mg_org_list(ctx, &orgs, &n, error);
    for (size_t i = 0; rc == 0 && i < n; i++) {
        if (wanted && strcmp(orgs[i].org.id, wanted) != 0 && strcmp(orgs[i].org.name, wanted) != 0)
            continue;
        found++;
        memcpy(ctx->caller.org_id, orgs[i].org.id, sizeof ctx->caller.org_id);
    }
    if (rc || found == 1)
        return rc;
    if (n == 0)
        mg_fail(error, MG_E_INVALID, "There is no organisation yet; add one with `mindgap org add NAME`.");
    else if (found == 0)
        mg_fail(error, MG_E_INVALID, "There is no organisation “%s”; `mindgap org list` shows them.", wanted);
    else
        mg_fail(error, MG_E_INVALID, "Which organisation? Give --org with an id from `mindgap org list`.");
    return MG_E_INVALID;
}

/* ---- passwords ---- */

static int read_line(FILE *in, char *ret_line, size_t size, struct mg_error *error)
{
    if (!fgets(ret_line, (int)size, in))
        return mg_fail(error, MG_E_INVALID, "No password was given.");
    size_t n = strcspn(ret_line, "\r\n");
    if (!ret_line[n] && n + 1 == size)
        return mg_fail(error, MG_E_INVALID, "The password is too long.");
    ret_line[n] = '\0';
    return 0;
}

/* Echo is off while the line is typed; keys that would stop the program wait until it is on again. */
static int ask(struct mg_cli *cli, const char *question, char *ret_line, size_t size, struct mg_error *error)
{
    int terminal = fileno(cli->in);
    struct termios before, hidden;
    sigset_t keys, old;
    sigemptyset(&keys);
    sigaddset(&keys, SIGINT);
    sigaddset(&keys, SIGTSTP);
    sigprocmask(SIG_BLOCK, &keys, &old);
    tcgetattr(terminal, &before);
    hidden = before;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(terminal, TCSAFLUSH,
              &hidden); /* before the question: what is typed after it must not get lost */
    fprintf(cli->err, "%s", question);
    fflush(cli->err);
    int rc = read_line(cli->in, ret_line, size, error);
    tcsetattr(terminal, TCSAFLUSH, &before);
    sigprocmask(SIG_SETMASK, &old, NULL);
    fputc('\n', cli->err);
    return rc;
}

int mg_cli_read_password(struct mg_cli *cli, bool twice, char *ret_password, size_t size,
                         struct mg_error *error)
{
    if (!isatty(fileno(cli->in)))
        return read_line(cli->in, ret_password, size, error);
    int rc = ask(cli, mg_tr(cli->lang, "Password: "), ret_password, size, error);
    char *again = rc == 0 && twice ? mg_arena_alloc(cli->arena, size) : NULL;
    if (again) {
        rc = ask(cli, mg_tr(cli->lang, "The same again: "), again, size, error);
        if (rc == 0 && strcmp(again, ret_password) != 0)
            rc = mg_fail(error, MG_E_INVALID, "The two passwords differ.");
    }
    return rc;
}

int mg_cli_finish(struct mg_cli *cli, int rc, const struct mg_error *error)
{
    if (rc == 0)
        return MG_EXIT_OK;
    return mg_cli_report(cli, error, rc == MG_E_INVALID ? MG_EXIT_USAGE : MG_EXIT_FAILURE);
}
