/* The trail of every change: who did what to which row, before and after. */
#ifndef MG_SERVICE_ADMIN_AUDIT_H
#define MG_SERVICE_ADMIN_AUDIT_H

#include "service/context.h"
#include "wire/wire.gen.h"

struct mg_db;

/* To be called inside the write that makes the change, so that neither is there without the other. `action`:
 * create, update, delete, …; `entity`: the table. before, after: JSON objects without secrets; NULL: there
 * was or is nothing. */
MG_CHECKED int mg_audit_add(struct mg_db *db, const struct mg_ctx *ctx, const char *action,
                            const char *entity, const char *entity_id, const char *before, const char *after,
                            struct mg_error *error);

/* Newest first, each with what the thing is called now; only entries before the id `before` (NULL: from the
 * newest). */
MG_CHECKED int mg_audit_list(const struct mg_ctx *ctx, const char *before, int64_t limit,
                             struct mg_wire_audit_list *ret_list, struct mg_error *error);

/* Time for the wire ("2026-01-18T13:40:00Z") in the arena; NULL for no time. */
const char *mg_wire_time(struct mg_arena *arena, const int64_t *us);

#endif
