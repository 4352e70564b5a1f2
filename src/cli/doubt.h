/* What of a file wasn't understood, of the columns that are used: cells, irregular rows, dates of which
 * nobody can say whether day or month comes first. Every command on a file says it by column; with --strict
 * it is an exit status as well. */
#ifndef MG_CLI_DOUBT_H
#define MG_CLI_DOUBT_H

#include "cli/args.h"
#include "cli/cli.h"
#include "model/study.h"
#include "service/measure/file.h"

/* Row of an option table. */
#define MG_STRICT_OPTION                                                                                     \
    {                                                                                                        \
        .name = "strict", .summary = "Status 3 where cells, rows or dates of the file weren't understood"    \
    }

struct mg_doubt {
    int64_t cells, rows;
    size_t dates; /* columns */
};

/* Of the columns that the study names; NULL: of all. */
MG_CHECKED int mg_doubt_of(struct mg_arena *arena, const struct mg_exchange *file,
                           const struct mg_study *study, struct mg_doubt *ret, struct mg_error *error);
/* A line a column on cli->err: how many of its cells weren't understood, and the first of them. */
MG_CHECKED int mg_doubt_say(const struct mg_cli *cli, const struct mg_exchange *file,
                            const struct mg_study *study, struct mg_error *error);
/* MG_EXIT_DOUBT with a sentence where --strict is given and there is doubt; else `status`. */
enum mg_exit mg_doubt_exit(const struct mg_cli *cli, const struct mg_args *args, const struct mg_doubt *doubt,
                           enum mg_exit status);

#endif
