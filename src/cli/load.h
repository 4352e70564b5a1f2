/* A survey file into a data folder, with or without a server: `mindgap simulate --data` and `mindgap import`.
 */
#ifndef MG_CLI_LOAD_H
#define MG_CLI_LOAD_H

#include "cli/cli.h"
#include "service/measure/file.h"
#include "wire/wire.gen.h"

struct mg_load {
    const char *path;     /* the data file */
    const char *document; /* the study, as JSON; the import makes it unless its code is known there */
    const char *wave;     /* of all rows; NULL: from the study's wave column */
    bool skip_bad_rows;   /* rows that hold bad cells are left out; else the cells become missing answers */
    const struct mg_exchange_options *reading; /* how the file is read; NULL: as is found out */
    bool as_last;      /* … as that of the study's last import was told to be, instead */
    bool compare;      /* say what is different to the study's last import */
    bool again;        /* import although the same file was imported before */
    bool has_existing; /* else as the study and the file have ids */
    enum mg_wire_import_create_existing existing;
};

/* Imports into ctx->caller's organisation and brings the columns level. Beside a running server the file is
 * handed to it, and its import watched. `ctx` is an opened data folder; `ret_import` belongs to its arena. */
MG_CHECKED int mg_cli_load(struct mg_cli *cli, struct mg_ctx *ctx, const struct mg_load *load,
                           struct mg_wire_import *ret_import, struct mg_error *error);

/* What mg_cli_load would do; nothing is kept, and a server beside isn't asked. */
MG_CHECKED int mg_cli_load_check(struct mg_cli *cli, struct mg_ctx *ctx, const struct mg_load *load,
                                 struct mg_wire_import_check *ret_check, struct mg_error *error);

#endif
