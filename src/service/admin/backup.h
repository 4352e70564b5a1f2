/* Backup, restore and check of a data folder.
 *
 * A backup is two files: FILE, a copy of the record as of one commit, and FILE.manifest.json, which says what
 * it is and holds its checksum. Columns are derived from the record and are made anew after a restore. */
#ifndef MG_SERVICE_ADMIN_BACKUP_H
#define MG_SERVICE_ADMIN_BACKUP_H

#include <stdint.h>

#include "service/context.h"

struct mg_backup_info {
    int64_t bytes;
    int schema;
    char checksum[65]; /* BLAKE2b-256, hexadecimal */
    int64_t at;
};

/* May run beside a server. Doing it again replaces both files. */
MG_CHECKED int mg_backup(const struct mg_ctx *ctx, const char *path, struct mg_backup_info *ret_info,
                         struct mg_error *error);

/* Puts the record of a backup into `data_dir`, which must have none. Verifies the checksum before and the
 * file's soundness after; a backup that fails either is not put in place. Ends all sessions. */
MG_CHECKED int mg_restore(const struct mg_ctx *ctx, const char *path, const char *data_dir,
                          struct mg_backup_info *ret_info, struct mg_error *error);

/* busy: a running server has them. */
enum mg_check_columns { MG_CHECK_NO_COLUMNS, MG_CHECK_BUSY, MG_CHECK_SOUND, MG_CHECK_DAMAGED };

struct mg_check_report {
    const char *const *problems; /* sentences, in the arena */
    size_t n_problems;
    enum mg_check_columns columns;
    const char *columns_problem; /* when damaged: what is wrong */
    int64_t waiting;             /* entries of the log that some follower hasn't applied */
    int64_t set_aside;           /* streams that wait for a person */
};
/* Whether the record is sound and how far the columns have followed it. Problems found are not an error. */
MG_CHECKED int mg_check(const struct mg_ctx *ctx, struct mg_check_report *ret_report, struct mg_error *error);

#endif
