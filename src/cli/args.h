/* Command-line words into options and operands, driven by a table, so that parsing, --help, completion and
 * the man page never disagree.
 *
 * Understands --name VALUE, --name=VALUE, flags, -x for options with a letter, and `--` (only operands after
 * it). An option may be given several times. Everything returned borrows from argv. */
#ifndef MG_CLI_ARGS_H
#define MG_CLI_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define MG_ARGS_MAX 64 /* most options and most operands of one command line */

struct mg_option {
    const char *name;           /* without the dashes; NULL ends a table */
    const char *value;          /* what the value is called in the help ("FILE"); NULL: a flag */
    const char *summary;        /* English; its Chinese stands in po/zh-CN/cli.po */
    const char *const *choices; /* NULL, or the allowed values, ended by NULL */
    char letter;                /* short form, 0: none */
};

struct mg_args {
    struct {
        const struct mg_option *option;
        const char *value; /* NULL for a flag */
    } given[MG_ARGS_MAX];
    size_t n_given;
    const char *operands[MG_ARGS_MAX];
    size_t n_operands;
};

/* argv[0] is skipped. `common`: options every command has, looked up after the command's own; NULL: none.
 * MG_E_INVALID names the word and, where one is near, the option that was probably meant. */
MG_CHECKED int mg_args_parse(const struct mg_option *options, const struct mg_option *common, int argc,
                             char **argv, struct mg_args *ret_args, struct mg_error *error);

/* Was it given? For an option with a value: the last one, else NULL. */
bool mg_args_flag(const struct mg_args *args, const char *name);
const char *mg_args_get(const struct mg_args *args, const char *name);

/* The value as a number within [low, high]; `fallback` when the option isn't given. */
MG_CHECKED int mg_args_number(const struct mg_args *args, const char *name, double low, double high,
                              double fallback, double *ret_value, struct mg_error *error);
MG_CHECKED int mg_args_integer(const struct mg_args *args, const char *name, int64_t low, int64_t high,
                               int64_t fallback, int64_t *ret_value, struct mg_error *error);

#endif
