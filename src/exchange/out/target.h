/* Where a file goes that somebody names: beside its place until it is whole, in the format that its name or
 * they say, never over what it is made from. */
#ifndef MG_EXCHANGE_OUT_TARGET_H
#define MG_EXCHANGE_OUT_TARGET_H

#include "base/file.h"
#include "exchange/out/out.h"

struct mg_out_target {
    enum mg_out_format format;
    struct mg_file_draft draft; /* write to draft.path */
};

/* `format` NULL: by the name's ending. MG_E_INVALID: `path` is one of the n files in `sources`. */
MG_CHECKED int mg_out_target_open(const char *path, const char *format, const char *const *sources, size_t n,
                                  struct mg_out_target *ret_target, struct mg_error *error);
/* Puts the file into its place where rc is 0, else drops it and returns rc. */
MG_CHECKED int mg_out_target_close(const struct mg_out_target *target, int rc, struct mg_error *error);

#endif
