/* mindgap manual: the man page, in troff, from the command table. */
#include "cli/cli.h"

/* troff takes a leading dot or quote as a request and a backslash as an escape. */
static void escaped(FILE *out, const char *text)
{
    if (*text == '.' || *text == '\'')
        fputs("\\&", out);
    for (; *text; text++) {
        if (*text == '\\')
            fputs("\\e", out);
        else if (*text == '-')
            fputs("\\-", out);
        else
            fputc(*text, out);
    }
}

static void print_options(const struct mg_cli *cli, const struct mg_option *options)
{
    for (const struct mg_option *o = options; o && o->name; o++) {
        fprintf(cli->out, ".TP\n");
        if (o->letter)
            fprintf(cli->out, "\\fB\\-%c\\fR, ", o->letter);
        fprintf(cli->out, "\\fB\\-\\-");
        escaped(cli->out, o->name);
        fprintf(cli->out, "\\fR");
        if (o->value)
            fprintf(cli->out, " \\fI%s\\fR", o->value);
        fputc('\n', cli->out);
        escaped(cli->out, mg_tr(cli->lang, o->summary));
        for (const char *const *c = o->choices; c && *c; c++) {
            fputs(c == o->choices ? ": " : ", ", cli->out);
            escaped(cli->out, *c);
        }
        fputc('\n', cli->out);
    }
}

static void print_command(const struct mg_cli *cli, const struct mg_command *command)
{
    fprintf(cli->out, ".SS mindgap %s %s\n", command->name, command->operands ? command->operands : "");
    escaped(cli->out, mg_tr(cli->lang, command->summary));
    fputc('\n', cli->out);
    for (const struct mg_verb *v = command->verbs; v && v->name; v++) {
        fprintf(cli->out, ".TP\n\\fB%s\\fR", v->name);
        if (v->operands)
            fprintf(cli->out, " \\fI%s\\fR", v->operands);
        fputc('\n', cli->out);
        escaped(cli->out, mg_tr(cli->lang, v->summary));
        fputc('\n', cli->out);
    }
    print_options(cli, command->options);
}

int mg_cmd_manual(struct mg_cli *cli, int argc, char **argv)
{
    struct mg_args args;
    if (mg_cli_parse(cli, NULL, argc, argv, &args))
        return MG_EXIT_USAGE;
    fprintf(cli->out, ".TH MINDGAP 1 \"\" \"mindgap %s\" \"\"\n.SH NAME\nmindgap \\- ", MG_VERSION);
    escaped(cli->out, mg_tr(cli->lang, "customer expectations, perceptions and the gap between them"));
    fprintf(cli->out, "\n.SH SYNOPSIS\n.B mindgap\n\\fICOMMAND\\fR [\\fIOPTION\\fR ...] [\\fIARGUMENT\\fR "
                      "...]\n.SH COMMANDS\n");
    for (const struct mg_command *c = mg_commands; c->name; c++)
        print_command(cli, c);
    fprintf(cli->out, ".SH OPTIONS OF EVERY COMMAND\n");
    print_options(cli, mg_common_options);
    fprintf(cli->out, ".SH EXIT STATUS\n0: done. 1: failed. 2: wrong usage. 3: done, but with --strict not "
                      "all of the file was understood.\n"
                      ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\n");
    escaped(cli->out, mg_tr(cli->lang, "Set to anything: no colour in the terminal."));
    fprintf(cli->out, "\n.TP\n.B MINDGAP_DATA\n");
    escaped(cli->out, mg_tr(cli->lang, "The data folder of the server commands."));
    fputc('\n', cli->out);
    return MG_EXIT_OK;
}
