/* The command line: one cmd_<name>.c a command, one const table (in cli.c) from which dispatch, --help, shell
 * completion and the man page come.
 *
 * A command prints its result to cli->out and, when it fails, one sentence to cli->err. To add one: write
 * cmd_<name>.c, declare its run function and option table here, add a row to the table, add the Chinese of
 * its summaries to po/zh-CN/cli.po. */
#ifndef MG_CLI_CLI_H
#define MG_CLI_CLI_H

#include <stdbool.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "cli/args.h"
#include "service/context.h"

/* DOUBT: done, but --strict was given and not all of a file was understood (strict.h). */
enum mg_exit { MG_EXIT_OK = 0, MG_EXIT_FAILURE = 1, MG_EXIT_USAGE = 2, MG_EXIT_DOUBT = 3 };

/* What a command gets from main.c, which alone reads the environment, the terminal and the wall clock. */
struct mg_cli {
    FILE *in, *out, *err;
    enum mg_lang lang;
    bool out_is_terminal; /* draw for eyes */
    bool colour;          /* out is a terminal and NO_COLOR is unset */
    int width;            /* terminal columns */
    struct mg_arena *arena;
    struct mg_clock clock;
    struct mg_log log;
    const struct mg_column_engine *engine;      /* opened by the command that needs it */
    const struct mg_store_engine *store_engine; /* the same */
    const char *data_dir;                       /* MINDGAP_DATA; NULL: unset */
    /* Runs the HTTP server; here as a pointer because the command line may not know the API layer. */
    int (*serve)(struct mg_cli *cli, const struct mg_args *args);
};

/* A word after the command's name ("study init"). */
struct mg_verb {
    const char *name, *operands, *summary;
};

struct mg_command {
    const char *name;
    const char *summary;  /* one line, English */
    const char *operands; /* "FILE"; NULL: none */
    int (*run)(struct mg_cli *cli, int argc,
               char **argv);         /* argv[0] is the command's name; returns an mg_exit */
    const struct mg_option *options; /* NULL: none of its own */
    const struct mg_verb *verbs;     /* NULL: none; ended by a NULL name */
};

/* Every command, ended by a NULL name; and the options every command has (--lang, --help). */
extern const struct mg_command mg_commands[];
extern const struct mg_option mg_common_options[];

/* Finds and runs the command. Returns the exit status. */
int mg_cli_run(struct mg_cli *cli, int argc, char **argv);

/* For commands. Parses argv with the command's options; on failure prints the sentence and returns
 * MG_EXIT_USAGE, else 0. */
int mg_cli_parse(struct mg_cli *cli, const struct mg_option *options, int argc, char **argv,
                 struct mg_args *ret_args);
/* Prints "mindgap: sentence (where) hint" to cli->err; returns `status`. */
int mg_cli_report(struct mg_cli *cli, const struct mg_error *error, enum mg_exit status);
/* Writes to the file named by `path`, or to cli->out where it is NULL or "-". Returns an mg_exit, error
 * printed. */
int mg_cli_write(struct mg_cli *cli, const char *path, const void *bytes, size_t n);

/* Fails where --output names one of the n files that the command reads. */
MG_CHECKED int mg_cli_check_output(const struct mg_args *args, const char *const *inputs, size_t n,
                                   struct mg_error *error);

/* Generated from the table. */
void mg_help_overview(const struct mg_cli *cli, FILE *out);
void mg_help_command(const struct mg_cli *cli, const struct mg_command *command, FILE *out);

/* The commands. */
extern const struct mg_option mg_backup_options[], mg_check_options[], mg_column_options[], mg_org_options[],
    mg_restore_options[], mg_user_options[];
extern const struct mg_verb mg_column_verbs[], mg_org_verbs[], mg_user_verbs[];
int mg_cmd_backup(struct mg_cli *cli, int argc, char **argv);
int mg_cmd_check(struct mg_cli *cli, int argc, char **argv);
int mg_cmd_column(struct mg_cli *cli, int argc, char **argv);
int mg_cmd_org(struct mg_cli *cli, int argc, char **argv);
int mg_cmd_restore(struct mg_cli *cli, int argc, char **argv);
int mg_cmd_user(struct mg_cli *cli, int argc, char **argv);
extern const struct mg_option mg_convert_options[];
int mg_cmd_convert(struct mg_cli *cli, int argc, char **argv);
int mg_cmd_completion(struct mg_cli *cli, int argc, char **argv);
extern const struct mg_option mg_export_options[];
int mg_cmd_export(struct mg_cli *cli, int argc, char **argv);
extern const struct mg_option mg_cmd_gap_options[];
int mg_cmd_gap(struct mg_cli *cli, int argc, char **argv);
extern const struct mg_option mg_look_options[];
int mg_cmd_look(struct mg_cli *cli, int argc, char **argv);
int mg_cmd_manual(struct mg_cli *cli, int argc, char **argv);
int mg_cmd_import(struct mg_cli *cli, int argc, char **argv);
extern const struct mg_option mg_import_options[];
int mg_cmd_simulate(struct mg_cli *cli, int argc, char **argv);
extern const struct mg_option mg_simulate_options[];
extern const struct mg_option mg_serve_options[];
int mg_cmd_serve(struct mg_cli *cli, int argc, char **argv);
extern const struct mg_option mg_cmd_study_options[];
extern const struct mg_verb mg_cmd_study_verbs[];
int mg_cmd_study(struct mg_cli *cli, int argc, char **argv);
int mg_cmd_version(struct mg_cli *cli, int argc, char **argv);

#endif
