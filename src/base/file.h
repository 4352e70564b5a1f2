/* Whole files, with limits and errors that name the file. */
#ifndef MG_BASE_FILE_H
#define MG_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"

/* Opens a regular file for reading; fclose it. Folders, devices, pipes and sockets are MG_E_INVALID with what
 * they are and what to do, without waiting for a writer and without reading a byte. Messages call it `shown`,
 * never `path`. */
MG_CHECKED int mg_file_open(const char *path, const char *shown, FILE **ret_file, struct mg_error *error);
/* Appends the regular file to `ret_bytes` (initialised; its limit is the file's limit). */
MG_CHECKED int mg_file_read(const char *path, struct mg_buf *ret_bytes, struct mg_error *error);
/* Replaces the file by a temporary beside it, fsync and rename: readers see the old or the new, whole,
 * whoever else writes it at the same time. A crash may leave "<path>.tmp" and six letters. */
MG_CHECKED int mg_file_write_atomic(const char *path, const void *bytes, size_t n, struct mg_error *error);
/* The same for a path that a person names, where it leads to nothing or to a plain file. What else is there
 * (a device, a pipe, a link, as /dev/null and /dev/stdout are) stays, and is written into. */
MG_CHECKED int mg_file_write_named(const char *path, const void *bytes, size_t n, struct mg_error *error);
/* A file written bit by bit beside its place, and put there once it is whole. The same for devices, pipes and
 * links as above: it is then written elsewhere and copied into them. */
#define MG_FILE_PATH_MAX 4096
struct mg_file_draft {
    char path[MG_FILE_PATH_MAX];   /* where to write; is there, and empty */
    char target[MG_FILE_PATH_MAX]; /* where it belongs */
    bool into;                     /* the target stays, and is written into */
};
MG_CHECKED int mg_file_draft_open(const char *target, const char *temp_dir, struct mg_file_draft *ret_draft,
                                  struct mg_error *error);
/* Readers see the old or the new; where it fails the old stays. The draft is gone in any case. */
MG_CHECKED int mg_file_draft_keep(const struct mg_file_draft *draft, struct mg_error *error);
void mg_file_draft_drop(const struct mg_file_draft *draft);
/* MG_E_INVALID where both paths lead to one and the same file: writing `to` would destroy what is read. */
MG_CHECKED int mg_file_keep_apart(const char *from, const char *to, struct mg_error *error);
/* Creates the folder and its parents, mode 0700. */
MG_CHECKED int mg_dir_create(const char *path, struct mg_error *error);
/* Says why a system call on `path` failed, `why` being its errno; returns MG_E_NOT_FOUND, MG_E_FULL (no space
 * or no quota left) or MG_E_IO. */
MG_CHECKED int mg_file_fail(const char *path, int why, struct mg_error *error);
bool mg_file_exists(const char *path);
MG_CHECKED int mg_file_size(const char *path, int64_t *ret_size, struct mg_error *error);

#endif
