/* Dispatch: finds the command in the table, answers --help, hands over. */
#include "cli/cli.h"

#include <string.h>

#include "base/file.h"
#include "base/str.h"

static const char *const languages[] = {"zh-CN", "en", NULL};

const struct mg_option mg_common_options[] = {
    {.name = "lang", .value = "LANG", .summary = "Language of the output", .choices = languages},
    {.name = "help", .summary = "Show this help", .letter = 'h'},
    {0},
};

/* Add a command: one row here, in the order of the help. */
const struct mg_command mg_commands[] = {
    {.name = "backup",
     .operands = "FILE",
     .summary = "Copy the record to a file while the server runs",
     .run = mg_cmd_backup,
     .options = mg_backup_options},
    {.name = "check",
     .summary = "Check that the record is sound and the columns are up to date",
     .run = mg_cmd_check,
     .options = mg_check_options},
    {.name = "column",
     .summary = "Make the columns that analyses read anew from the record",
     .run = mg_cmd_column,
     .options = mg_column_options,
     .verbs = mg_column_verbs},
    {.name = "completion",
     .operands = "bash|zsh|fish",
     .summary = "Print a shell completion script",
     .run = mg_cmd_completion},
    {.name = "convert",
     .operands = "IN OUT",
     .summary = "Write a survey file in another format",
     .run = mg_cmd_convert,
     .options = mg_convert_options},
    {.name = "export",
     .operands = "STUDY OUT",
     .summary = "Write the responses of a study to a file",
     .run = mg_cmd_export,
     .options = mg_export_options},
    {.name = "gap",
     .operands = "FILE --study STUDY.json",
     .summary = "Show where customers expect more than they get",
     .run = mg_cmd_gap,
     .options = mg_cmd_gap_options},
    {.name = "import",
     .operands = "FILE --study STUDY.json",
     .summary = "Import the answers of a file into a data folder",
     .run = mg_cmd_import,
     .options = mg_import_options},
    {.name = "look",
     .operands = "FILE",
     .summary = "Show what the reader sees in a file: format, header, columns, doubts",
     .run = mg_cmd_look,
     .options = mg_look_options},
    {.name = "manual", .summary = "Print the manual page (troff)", .run = mg_cmd_manual},
    {.name = "org",
     .summary = "Add and list organisations",
     .run = mg_cmd_org,
     .options = mg_org_options,
     .verbs = mg_org_verbs},
    {.name = "restore",
     .operands = "FILE",
     .summary = "Put a backup into an empty data folder",
     .run = mg_cmd_restore,
     .options = mg_restore_options},
    {.name = "simulate",
     .summary = "Simulate customers with a known truth",
     .run = mg_cmd_simulate,
     .options = mg_simulate_options},
    {.name = "serve",
     .summary = "Serve the web client and the API",
     .run = mg_cmd_serve,
     .options = mg_serve_options},
    {.name = "user",
     .summary = "Add users and change their role, password and state",
     .run = mg_cmd_user,
     .options = mg_user_options,
     .verbs = mg_user_verbs},
    {.name = "study",
     .operands = "init|check …",
     .summary = "Propose or check a study file",
     .run = mg_cmd_study,
     .options = mg_cmd_study_options,
     .verbs = mg_cmd_study_verbs},
    {.name = "version", .summary = "Print the version", .run = mg_cmd_version},
    {0},
};

static const struct mg_command *find_command(const char *name)
{
    for (const struct mg_command *c = mg_commands; c->name; c++)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

static int unknown_command(struct mg_cli *cli, const char *name)
{
    struct mg_error error = {.lang = cli->lang};
    const char *best = NULL;
    size_t distance = 3;
    for (const struct mg_command *c = mg_commands; c->name; c++) {
        size_t d = mg_str_distance(name, c->name);
        if (d < distance) {
            distance = d;
            best = c->name;
        }
    }
    mg_fail(&error, MG_E_INVALID, "There is no command “%s”.", name);
    if (best)
        mg_fail_hint(&error, "Did you mean “%s”?", best);
    else
        mg_fail_hint(&error, "“mindgap --help” lists the commands.");
    return mg_cli_report(cli, &error, MG_EXIT_USAGE);
}

/* The language and the wish for help apply to everything, errors of parsing included, so they are read first.
 */
static bool scan_common(struct mg_cli *cli, int argc, char **argv)
{
    bool help = false;
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        const char *lang = NULL;
        if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc)
            lang = argv[i + 1];
        else if (mg_str_starts(argv[i], "--lang="))
            lang = argv[i] + strlen("--lang=");
        if (lang)
            cli->lang = mg_str_starts(lang, "zh") ? MG_LANG_ZH : MG_LANG_EN;
        help = help || strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0;
    }
    return help;
}

int mg_cli_run(struct mg_cli *cli, int argc, char **argv)
{
    bool help = scan_common(cli, argc, argv);
    int first = 1;
    while (first < argc && argv[first][0] == '-') /* mindgap --lang zh-CN gap … */
        first += strcmp(argv[first], "--lang") == 0 ? 2 : 1;
    if (first >= argc || strcmp(argv[first], "help") == 0) {
        bool version = argc > 1 && strcmp(argv[1], "--version") == 0;
        if (version)
            return mg_cmd_version(cli, 1, argv);
        const struct mg_command *topic = first + 1 < argc ? find_command(argv[first + 1]) : NULL;
        bool asked = help || first < argc;
        if (topic)
            mg_help_command(cli, topic, cli->out);
        else
            mg_help_overview(cli, asked ? cli->out : cli->err);
        return asked ? MG_EXIT_OK : MG_EXIT_USAGE;
    }
    const struct mg_command *command = find_command(argv[first]);
    if (!command)
        return unknown_command(cli, argv[first]);
    if (help) {
        mg_help_command(cli, command, cli->out);
        return MG_EXIT_OK;
    }
    return command->run(cli, argc - first, argv + first);
}

int mg_cli_parse(struct mg_cli *cli, const struct mg_option *options, int argc, char **argv,
                 struct mg_args *ret_args)
{
    struct mg_error error = {.lang = cli->lang};
    if (mg_args_parse(options, mg_common_options, argc, argv, ret_args, &error))
        return mg_cli_report(cli, &error, MG_EXIT_USAGE);
    return MG_EXIT_OK;
}

int mg_cli_report(struct mg_cli *cli, const struct mg_error *error, enum mg_exit status)
{
    fprintf(cli->err, "mindgap: %s", error->message);
    if (*error->field && !strstr(error->message, error->field))
        fprintf(cli->err, cli->lang == MG_LANG_ZH ? "（%s）" : " (%s)", error->field);
    if (*error->hint)
        fprintf(cli->err, cli->lang == MG_LANG_ZH ? "%s" : " %s", error->hint);
    fputc('\n', cli->err);
    return status;
}

int mg_cli_write(struct mg_cli *cli, const char *path, const void *bytes, size_t n)
{
    struct mg_error error = {.lang = cli->lang};
    if (path && strcmp(path, "-") != 0) {
        if (mg_file_write_named(path, bytes, n, &error))
            return mg_cli_report(cli, &error, MG_EXIT_FAILURE);
        return MG_EXIT_OK;
    }
    if (fwrite(bytes, 1, n, cli->out) != n || fflush(cli->out) != 0) {
        mg_fail(&error, MG_E_IO, "The output could not be written.");
        return mg_cli_report(cli, &error, MG_EXIT_FAILURE);
    }
    return MG_EXIT_OK;
}

int mg_cli_check_output(const struct mg_args *args, const char *const *inputs, size_t n,
                        struct mg_error *error)
{
    const char *path = mg_args_get(args, "output");
    int rc = 0;
    for (size_t i = 0; path && i < n && rc == 0; i++)
        rc = inputs[i] ? mg_file_keep_apart(inputs[i], path, error) : 0;
    return rc;
}
