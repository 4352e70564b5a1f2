/* Imports: a file's rows become responses of a study, all of them at one moment or none.
 *
 *             rows in batches            one last transaction
 *   queued ──────────────────> running ───────────────────────> done ──> undone
 *      └──────────┬───────────────┘                                         │
 *                 └─> failed, cancelled ──> rows removed <──────────────────┘
 *
 * Invariant: readers see the responses of an import only while its state is done. A crash leaves it queued or
 * running; then its job, or mg_listen_import_sweep where it has none, fails it and removes its rows.
 *
 * A study that the import makes is as its responses: there once the import is done, never if it isn't. Till
 * then only its code is taken.
 *
 * Cells: empty, the words for no answer (`missing` in model/words/columns.txt) and the study's missing codes
 * are missing answers. A cell that is no number where one belongs, or is not on the item's scale, is a bad
 * cell: listed with line, column, value and reason (the first 10,000; all are counted), and by `bad_rows`
 * counted as missing or its row left out. Rows without the header's number of cells are always left out and
 * listed. A row in which nothing of the study is answered is left out. Where the study names an id column and
 * the file has it, a row whose id came before in it is kept and listed, with the line of the first and
 * whether the two are alike; and rows are compared with what the study has (known.h): those of new ids are
 * added, those that differ replace what was there, those that say the same are left out. What was replaced is
 * hidden while the import is done (record/hidden.h). */
#ifndef MG_SERVICE_LISTEN_IMPORT_H
#define MG_SERVICE_LISTEN_IMPORT_H

#include "base/buf.h"
#include "exchange/exchange.h"
#include "exchange/out/out.h"
#include "service/context.h"
#include "service/jobs/job.h"
#include "wire/wire.gen.h"

/* The kind of job for the table of mg_jobs_new. */
extern const struct mg_job_kind mg_listen_import_job;

/* Checks the mapping against file and study, then starts the job. MG_E_INVALID names the mapping that can't
 * be; MG_E_CONFLICT: the same file is in the study already and `again` isn't set; MG_E_TAKEN: the code of the
 * new study is. */
MG_CHECKED int mg_listen_import_create(const struct mg_ctx *ctx, const struct mg_wire_import_create *create,
                                       struct mg_wire_import *ret, struct mg_error *error);
/* With what was wrong, by column and reason. */
MG_CHECKED int mg_listen_import_get(const struct mg_ctx *ctx, const char *id, struct mg_wire_import *ret,
                                    struct mg_error *error);
MG_CHECKED int mg_listen_import_list(const struct mg_ctx *ctx, int64_t limit, struct mg_wire_import_list *ret,
                                     struct mg_error *error);
/* Takes a finished import back. Its responses vanish at once from the record, and from the columns with the
 * next sync; those that it replaced are there again. MG_E_CONFLICT: it isn't done, or another import that is
 * replaced responses of it. */
MG_CHECKED int mg_listen_import_undo(const struct mg_ctx *ctx, const char *id, struct mg_wire_import *ret,
                                     struct mg_error *error);
/* The error list as a file: line, column, value, reason. */
MG_CHECKED int mg_listen_import_errors(const struct mg_ctx *ctx, const char *id, enum mg_out_format format,
                                       const char *path, struct mg_out_report *ret_report,
                                       struct mg_error *error);

/* Imports a file without server or job: the command line and the demo. The mapping is the proposed one. */
struct mg_listen_import_file {
    const char *path;
    const char *study_id, *new_study; /* the study, or the document of one that the import makes */
    const char *name;                 /* shown and kept; NULL: the last part of the path */
    const char *wave;                 /* of all rows; NULL: from the study's wave column */
    bool skip_bad_rows, again;
    bool has_existing; /* else as ImportCreate says */
    enum mg_wire_import_create_existing existing;
    const struct mg_exchange_options *reading; /* how the file is read; NULL: as is found out */
    bool
        as_last; /* it is read as that of the study's last import was told to be (last.h), not by `reading` */
    /* Called before rows are read, where the study has a last import: what is different in this file. NULL:
     * none. */
    void (*last)(void *user, const struct mg_wire_last_wave *last);
    /* Called now and then; a return other than 0 cancels. NULL: none. */
    int (*progress)(void *user, int64_t rows, double share);
    void *user;
};
MG_CHECKED int mg_listen_import_file(const struct mg_ctx *ctx, const struct mg_listen_import_file *request,
                                     struct mg_wire_import *ret, struct mg_error *error);

/* The same file and mapping, for the job of the server that runs beside: copies the file into the uploads and
 * queues its import, whose job_id tells how it goes. `progress` isn't called. */
MG_CHECKED int mg_listen_import_hand_over(const struct mg_ctx *ctx,
                                          const struct mg_listen_import_file *request,
                                          struct mg_wire_import *ret, struct mg_error *error);

/* Fails imports that were cut short and removes the rows of every import that isn't to be seen: a process
 * that died, an end that couldn't be written. Leaves alone what has a job that hasn't ended, or a process
 * that is alive (hold.h). May run at any time, and often; ends early when ctx->stop asks. */
MG_CHECKED int mg_listen_import_sweep(const struct mg_ctx *ctx, struct mg_error *error);

#endif
