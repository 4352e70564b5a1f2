/* --help, from the command table. */
#include "base/str.h"
#include "cli/cli.h"

#define INDENT 2

static void pad(FILE *out, const char *text, int width)
{
    int used = mg_utf8_width(text);
    fputs(text, out);
    fprintf(out, "%*s", used < width ? width - used : 0, "");
}

static void option_left(const struct mg_option *option, char *left, size_t size)
{
    int n = option->letter ? snprintf(left, size, "-%c, --%s", option->letter, option->name)
                           : snprintf(left, size, "--%s", option->name);
    if (option->value && n > 0 && (size_t)n < size)
        snprintf(left + n, size - (size_t)n, " %s", option->value);
}

static void print_options(const struct mg_cli *cli, const struct mg_option *options, FILE *out)
{
    for (const struct mg_option *o = options; o && o->name; o++) {
        char left[64];
        option_left(o, left, sizeof left);
        fprintf(out, "%*s", INDENT, "");
        pad(out, left, 26);
        fputs(mg_tr(cli->lang, o->summary), out);
        for (const char *const *c = o->choices; c && *c; c++)
            fprintf(out, "%s%s", c == o->choices ? (cli->lang == MG_LANG_ZH ? ":" : ": ") : ", ", *c);
        fputc('\n', out);
    }
}

void mg_help_overview(const struct mg_cli *cli, FILE *out)
{
    fprintf(out, "%s\n\n",
            mg_tr(cli->lang, "mindgap: what customers expect, what they get, and the gap between."));
    fprintf(out, "%s mindgap COMMAND [--help] …\n\n", mg_tr(cli->lang, "Usage:"));
    for (const struct mg_command *c = mg_commands; c->name; c++) {
        fprintf(out, "%*s", INDENT, "");
        pad(out, c->name, 14);
        fprintf(out, "%s\n", mg_tr(cli->lang, c->summary));
    }
    fprintf(out, "\n%s\n", mg_tr(cli->lang, "“mindgap COMMAND --help” says more about one command."));
}

void mg_help_command(const struct mg_cli *cli, const struct mg_command *command, FILE *out)
{
    fprintf(out, "%s\n\n", mg_tr(cli->lang, command->summary));
    const char *usage = mg_tr(cli->lang, "Usage:");
    for (const struct mg_verb *v = command->verbs; v && v->name; v++)
        fprintf(out, "%s mindgap %s %s%s%s%s\n", usage, command->name, v->name, v->operands ? " " : "",
                v->operands ? v->operands : "", command->options ? " [OPTION …]" : "");
    if (!command->verbs)
        fprintf(out, "%s mindgap %s%s%s%s\n", usage, command->name, command->operands ? " " : "",
                command->operands ? command->operands : "", command->options ? " [OPTION …]" : "");
    fputc('\n', out);
    for (const struct mg_verb *v = command->verbs; v && v->name; v++) {
        fprintf(out, "%*s", INDENT, "");
        pad(out, v->name, 14);
        fprintf(out, "%s\n", mg_tr(cli->lang, v->summary));
    }
    if (command->verbs)
        fputc('\n', out);
    fprintf(out, "%s\n", mg_tr(cli->lang, "Options:"));
    print_options(cli, command->options, out);
    print_options(cli, mg_common_options, out);
}
