/* The event log: what changed, in the order of its commits. An entry is written in the transaction of the
 * change it tells of; followers (service/log/follower.h) read it. Entries carry ids, no names and no texts.
 */
#ifndef MG_SERVICE_LOG_EVENT_H
#define MG_SERVICE_LOG_EVENT_H

#include <stdint.h>

#include "base/err.h"
#include "service/context.h"

struct mg_db;

/* Kinds. stream: the study; subject: what the entry tells of. */
#define MG_EVENT_RESPONSE "response"       /* a response was added or replaced */
#define MG_EVENT_ERASE "erase"             /* a response was removed */
#define MG_EVENT_IMPORT "import"           /* an import became done: all its responses at once */
#define MG_EVENT_IMPORT_UNDO "import_undo" /* an import was taken back */
#define MG_EVENT_STUDY "study"             /* the study's columns may have changed, or it is gone */

/* Adds an entry of the caller's organisation. Order holds within a stream. ret_sequence may be NULL. */
MG_CHECKED int mg_event_add(struct mg_db *db, const struct mg_ctx *ctx, const char *kind,
                            const char *stream_id, const char *subject_id, int64_t *ret_sequence,
                            struct mg_error *error);

#endif
