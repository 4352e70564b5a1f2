/* Turning a gzipped file, or JSONL, into plain text files that the rest can read. Both end when `stop` says
 * so. */
#ifndef MG_EXCHANGE_UNPACK_H
#define MG_EXCHANGE_UNPACK_H

#include <stdint.h>

#include "base/err.h"
#include "base/stop.h"

/* Unpacks `from` into the new file `to`; errors on a truncated or damaged file, and beyond max_bytes of
 * output or MG_EXCHANGE_RATIO_MAX times the packed size. */
MG_CHECKED int mg_unpack_gzip(const char *from, const char *name, const char *to, int64_t max_bytes,
                              struct mg_stop *stop, struct mg_error *error);

/* Writes JSONL (UTF-8) as CSV: the header is the union of keys in order of appearance; record k of the CSV
 * after the header is line k of the JSONL. Nested values become JSON text, null and absent keys empty cells.
 * A line that is no JSON object becomes a row with one cell too many, blank lines stay blank. Lines of more
 * than 1 MiB are an error. */
MG_CHECKED int mg_unpack_jsonl(const char *from, const char *name, const char *to, struct mg_stop *stop,
                               struct mg_error *error);

#endif
