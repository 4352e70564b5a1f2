/* Composition root: the only place that reads the environment, the terminal and the wall clock. Picks the
 * engines, wires them into struct mg_cli and runs the command line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/scratch.h"
#include "base/str.h"
#include "cli/cli.h"
#include "column/engine.h"
#include "serve.h"
#include "store/sqlite/sqlite.h"

#define ARENA_BYTES_MAX ((size_t)4 << 30)

static enum mg_lang language_of_environment(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        const char *value = getenv(names[i]);
        if (value && *value)
            return mg_str_starts(value, "zh") ? MG_LANG_ZH : MG_LANG_EN;
    }
    return MG_LANG_EN;
}

static int terminal_width(void)
{
    const char *columns = getenv("COLUMNS");
    int64_t value;
    if (columns && mg_parse_int(columns, &value) && value >= 40 && value <= 1000)
        return (int)value;
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
        return size.ws_col;
    return 100;
}

static bool set(const char *name)
{
    const char *value = getenv(name);
    return value && *value;
}

int main(int argc, char **argv)
{
    struct mg_cli cli = {
        .in = stdin,
        .out = stdout,
        .err = stderr,
        .lang = language_of_environment(),
        .out_is_terminal = isatty(STDOUT_FILENO),
        .width = terminal_width(),
        .arena = mg_arena_new(ARENA_BYTES_MAX),
        .clock = mg_clock_system(),
        .log = {.stream = stderr, .level = MG_LOG_WARN, .clock = mg_clock_system()},
        .data_dir = set("MINDGAP_DATA") ? getenv("MINDGAP_DATA") : NULL,
    };
    mg_scratch_guard();
    cli.serve = mg_serve;
    cli.engine = &mg_column_duckdb;
    cli.store_engine = &mg_store_sqlite;
    cli.colour = cli.out_is_terminal && !set("NO_COLOR");
    if (!cli.arena) {
        fprintf(stderr, "mindgap: out of memory\n");
        return MG_EXIT_FAILURE;
    }
    int status = mg_cli_run(&cli, argc, argv);
    mg_arena_free(cli.arena);
    return status;
}
