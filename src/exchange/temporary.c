/* Temporary files; see temporary.h. */
#include "exchange/temporary.h"

#include <errno.h>

int mg_temporary_failed(struct mg_error *error)
{
    if (errno == ENOSPC || errno == EDQUOT) {
        mg_fail(error, MG_E_FULL, "The disk of the temporary files is full; nothing was kept.");
        mg_fail_hint(error, "Make room on the disk and try again.");
        return MG_E_FULL;
    }
    return mg_fail(error, MG_E_IO, "A temporary file can't be written.");
}

int mg_temporary_open(const char *path, FILE **ret_file, struct mg_error *error)
{
    *ret_file = fopen(path, "wb");
    return *ret_file ? 0 : mg_temporary_failed(error);
}

int mg_temporary_close(FILE *file, int rc, struct mg_error *error)
{
    if (file && fclose(file) != 0 && !rc)
        rc = mg_temporary_failed(error);
    return rc;
}
