/* Whether a workbook is whole. The library packs it out of temporary files and doesn't look whether the disk
 * took them: what a full disk cut off is packed as if that were all. */
#ifndef MG_EXCHANGE_OUT_PACKAGE_H
#define MG_EXCHANGE_OUT_PACKAGE_H

#include <stdint.h>

#include "base/err.h"

/* Reads the workbook through: each part ends with the tag that it began with, and the first sheet is no
 * shorter than `bytes`. MG_E_FULL: some part isn't. */
MG_CHECKED int mg_out_package_check(const char *path, uint64_t bytes, struct mg_error *error);

#endif
