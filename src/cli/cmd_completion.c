/* mindgap completion bash|zsh|fish: a completion script from the command table. Commands, verbs, options and
 * the fixed choices of options are completed; anything else falls back to file names. */
#include <string.h>

#include "cli/cli.h"

static void join_options(FILE *out, const struct mg_option *options)
{
    for (const struct mg_option *o = options; o && o->name; o++)
        fprintf(out, " --%s", o->name);
}

static void join_verbs(FILE *out, const struct mg_verb *verbs)
{
    for (const struct mg_verb *v = verbs; v && v->name; v++)
        fprintf(out, " %s", v->name);
}

static void bash_choices(FILE *out, const struct mg_command *command, const struct mg_option *options)
{
    for (const struct mg_option *o = options; o && o->name; o++) {
        if (!o->choices)
            continue;
        fprintf(out, "    %s:--%s) COMPREPLY=($(compgen -W '", command ? command->name : "*", o->name);
        for (const char *const *c = o->choices; *c; c++)
            fprintf(out, "%s%s", c == o->choices ? "" : " ", *c);
        fprintf(out, "' -- \"$word\")); return;;\n");
    }
}

static void print_bash(FILE *out)
{
    fprintf(out, "# bash completion for mindgap; source this file or put it in bash-completion's folder.\n"
                 "_mindgap() {\n"
                 "  local word=\"${COMP_WORDS[COMP_CWORD]}\" before=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
                 "  local command=\"${COMP_WORDS[1]}\" words=\"\"\n"
                 "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
                 "    words=\"--help --version");
    for (const struct mg_command *c = mg_commands; c->name; c++)
        fprintf(out, " %s", c->name);
    fprintf(out, "\"\n    COMPREPLY=($(compgen -W \"$words\" -- \"$word\")); return\n  fi\n"
                 "  case \"$command:$before\" in\n");
    for (const struct mg_command *c = mg_commands; c->name; c++)
        bash_choices(out, c, c->options);
    bash_choices(out, NULL, mg_common_options);
    fprintf(out, "  esac\n  case \"$command\" in\n");
    for (const struct mg_command *c = mg_commands; c->name; c++) {
        fprintf(out, "    %s) words=\"", c->name);
        join_verbs(out, c->verbs);
        join_options(out, c->options);
        join_options(out, mg_common_options);
        fprintf(out, "\";;\n");
    }
    fprintf(out, "  esac\n"
                 "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
                 "  [ ${#COMPREPLY[@]} -eq 0 ] && COMPREPLY=($(compgen -f -- \"$word\"))\n"
                 "}\n"
                 "complete -o filenames -F _mindgap mindgap\n");
}

/* zsh reads bash completions through bashcompinit: one script to keep right instead of two. */
static void print_zsh(FILE *out)
{
    fprintf(out, "#compdef mindgap\nautoload -U +X bashcompinit && bashcompinit\n");
    print_bash(out);
}

/* fish: single quotes and backslashes are the only special characters within '…'. */
static void fish_quote(FILE *out, const char *text)
{
    fputc('\'', out);
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\')
            fputc('\\', out);
        fputc(*text, out);
    }
    fputc('\'', out);
}

static void fish_options(const struct mg_cli *cli, FILE *out, const char *command,
                         const struct mg_option *options)
{
    for (const struct mg_option *o = options; o && o->name; o++) {
        fprintf(out, "complete -c mindgap -n '__fish_seen_subcommand_from %s' -l %s", command, o->name);
        if (o->letter)
            fprintf(out, " -s %c", o->letter);
        if (o->value)
            fprintf(out, " -r");
        if (o->choices) {
            fprintf(out, " -f -a '");
            for (const char *const *c = o->choices; *c; c++)
                fprintf(out, "%s%s", c == o->choices ? "" : " ", *c);
            fputc('\'', out);
        }
        fprintf(out, " -d ");
        fish_quote(out, mg_tr(cli->lang, o->summary));
        fputc('\n', out);
    }
}

static void print_fish(const struct mg_cli *cli, FILE *out)
{
    fprintf(out, "# fish completion for mindgap; put it in ~/.config/fish/completions/mindgap.fish\n");
    for (const struct mg_command *c = mg_commands; c->name; c++) {
        fprintf(out, "complete -c mindgap -n __fish_use_subcommand -f -a %s -d ", c->name);
        fish_quote(out, mg_tr(cli->lang, c->summary));
        fputc('\n', out);
        for (const struct mg_verb *v = c->verbs; v && v->name; v++) {
            fprintf(out, "complete -c mindgap -n '__fish_seen_subcommand_from %s' -a %s -d ", c->name,
                    v->name);
            fish_quote(out, mg_tr(cli->lang, v->summary));
            fputc('\n', out);
        }
        fish_options(cli, out, c->name, c->options);
        fish_options(cli, out, c->name, mg_common_options);
    }
}

int mg_cmd_completion(struct mg_cli *cli, int argc, char **argv)
{
    struct mg_args args;
    if (mg_cli_parse(cli, NULL, argc, argv, &args))
        return MG_EXIT_USAGE;
    const char *shell = args.n_operands == 1 ? args.operands[0] : "";
    if (strcmp(shell, "bash") == 0) {
        print_bash(cli->out);
    } else if (strcmp(shell, "zsh") == 0) {
        print_zsh(cli->out);
    } else if (strcmp(shell, "fish") == 0) {
        print_fish(cli, cli->out);
    } else {
        struct mg_error error = {.lang = cli->lang};
        mg_fail(&error, MG_E_INVALID, "Say for which shell: “mindgap completion bash”, “zsh” or “fish”.");
        return mg_cli_report(cli, &error, MG_EXIT_USAGE);
    }
    return MG_EXIT_OK;
}
