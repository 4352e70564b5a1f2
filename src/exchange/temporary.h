/* Writing the temporary files between two steps of opening. */
#ifndef MG_EXCHANGE_TEMPORARY_H
#define MG_EXCHANGE_TEMPORARY_H

#include <stdio.h>

#include "base/err.h"

/* A write to a temporary file failed, errno says why: MG_E_FULL on a full disk, else MG_E_IO. Its path stays
 * ours. */
MG_CHECKED int mg_temporary_failed(struct mg_error *error);
/* Opens one for writing; fails as above. */
MG_CHECKED int mg_temporary_open(const char *path, FILE **ret_file, struct mg_error *error);
/* Closes it (NULL is fine); `rc` if that is a failure already. */
MG_CHECKED int mg_temporary_close(FILE *file, int rc, struct mg_error *error);

#endif
