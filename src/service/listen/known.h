/* What a study has already, by the ids that its imports brought: which rows of a file are new, which replace
 * something, which change nothing.
 *
 * A row is told by its id and its wave: the same number in the next wave is another answer. Two rows of an id
 * of which one has expectations alone and the other perceptions alone are halves, not versions. Where a
 * study, or a file, has an id several times, each row meets one response at most: an equal one if there is,
 * else the first that no row has met; a row that finds none is new. So a file that comes again changes
 * nothing, whatever order its rows were stored in.
 *
 * A table of MG_KNOWN_BYTES a response, four fifths of it full, in memory: at most MG_KNOWN_MAX responses,
 * some 300 MB. Ids and contents are compared by 64 bits each: of ten million ids that meet as many, one pair
 * is taken for the same with a chance of 10⁻⁵. */
#ifndef MG_SERVICE_LISTEN_KNOWN_H
#define MG_SERVICE_LISTEN_KNOWN_H

#include "service/context.h"
#include "service/record/chunk.h"
#include "service/record/load.h"

#define MG_KNOWN_MAX ((int64_t)10000000)
#define MG_KNOWN_BYTES 24
#define MG_KNOWN_ALIKE 250 /* responses of one id and wave */

struct mg_known;

enum mg_fate { MG_ROW_ADDED, MG_ROW_REPLACED, MG_ROW_LEFT, MG_ROW_FATES };

/* Looks through all that the study has, in one snapshot. MG_E_LIMIT: it has more than MG_KNOWN_MAX;
 * MG_E_INVALID: more than MG_KNOWN_ALIKE have the same id. The caller frees it. */
MG_CHECKED int mg_known_load(const struct mg_ctx *ctx, const struct mg_record_study *study,
                             struct mg_known **ret_known, struct mg_error *error);
void mg_known_free(struct mg_known *known); /* NULL is fine */
/* Responses with an id. */
size_t mg_known_size(const struct mg_known *known);

/* What becomes of a row of the file, whose answers are one a field of the study. `customer`: its id; "": one
 * that the record doesn't know yet; NULL: none. `only_new`: a row of an id that is there is left, whatever it
 * says. */
enum mg_fate mg_known_meet(struct mg_known *known, const struct mg_chunk_row *row, const char *customer,
                           bool only_new);
/* 64 bits of all that a row says, but for its id and, with `customer`, with that for its customer. */
uint64_t mg_known_content(const struct mg_fields *fields, const struct mg_chunk_row *row,
                          const char *customer);

/* In the import's last write: hides what its rows replaced. MG_E_CONFLICT: the import that had brought some
 * of it was undone since it was looked through. */
MG_CHECKED int mg_known_hide(const struct mg_known *known, struct mg_db *db, const struct mg_ctx *ctx,
                             const char *import_id, struct mg_error *error);

#endif
