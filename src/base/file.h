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
/* Creates the folder and its parents, mode 0700. */
MG_CHECKED int mg_dir_create(const char *path, struct mg_error *error);
/* Says why a system call on `path` failed, `why` being its errno; returns MG_E_NOT_FOUND, MG_E_FULL (no space
 * or no quota left) or MG_E_IO. */
MG_CHECKED int mg_file_fail(const char *path, int why, struct mg_error *error);
bool mg_file_exists(const char *path);
MG_CHECKED int mg_file_size(const char *path, int64_t *ret_size, struct mg_error *error);

#endif
