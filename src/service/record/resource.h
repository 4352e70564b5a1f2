/* A kind of thing that people list, add, change and remove: the pattern, once.
 *
 *        list, get            create ──► insert ─┐
 *   rows ─────────► wire      update ──► update ─┼─► audit ──► commit, then the thing as it is now
 *                             delete ──► remove ─┘
 *
 * What a kind adds is one const row: its queries, how a row becomes what the client sees, and what the audit
 * says of it. Rows are of the caller's organisation alone: the queries see to it. A change carries the
 * version that was read, and is refused with MG_E_CHANGED where it is another by now; a code that belongs to
 * another row is MG_E_TAKEN. The change and its entry in the audit are one transaction. To add a kind see
 * docs/add/resource.md.
 */
#ifndef MG_SERVICE_RECORD_RESOURCE_H
#define MG_SERVICE_RECORD_RESOURCE_H

#include "service/context.h"

struct mg_db;

struct mg_resource {
    const char *entity;  /* its name in the audit */
    const char *unknown; /* what is said where there is none of that id; MG_TEXT */
    size_t row_size;     /* of what get and list fill */
    size_t wire_size;

    /* In a transaction; they belong to ctx->arena. get: MG_E_NOT_FOUND where there is none that the caller
     * may change. */
    int (*list)(struct mg_db *db, const struct mg_ctx *ctx, void **ret_rows, size_t *ret_n,
                struct mg_error *error);
    int (*get)(struct mg_db *db, const struct mg_ctx *ctx, const char *id, void *ret_row,
               struct mg_error *error);
    /* `edit`: the wire structure that the client sent. insert: MG_E_CONFLICT for a code that is taken; update
     * too, and *ret_changes 0 where the version isn't edit's. */
    int (*insert)(struct mg_db *db, const struct mg_ctx *ctx, const char *id, const void *edit,
                  struct mg_error *error);
    int (*update)(struct mg_db *db, const struct mg_ctx *ctx, const char *id, const void *edit,
                  int64_t *ret_changes, struct mg_error *error);
    int (*remove)(struct mg_db *db, const struct mg_ctx *ctx, const char *id, struct mg_error *error);

    void (*to_wire)(const struct mg_ctx *ctx, const void *row, void *ret_wire);
    /* What the audit and messages call it by: a code or a name. */
    const char *key; /* "code" or "name" */
    const char *(*name_of_row)(const void *row);
    const char *(*name_of_edit)(const void *edit);
};

/* *ret_items: ret_n wire structures in a row. */
MG_CHECKED int mg_resource_list(const struct mg_ctx *ctx, const struct mg_resource *resource,
                                void **ret_items, size_t *ret_n, struct mg_error *error);
MG_CHECKED int mg_resource_get(const struct mg_ctx *ctx, const struct mg_resource *resource, const char *id,
                               void *ret_wire, struct mg_error *error);
MG_CHECKED int mg_resource_create(const struct mg_ctx *ctx, const struct mg_resource *resource,
                                  const void *edit, void *ret_wire, struct mg_error *error);
/* `has_version`: of edit; without it MG_E_INVALID. */
MG_CHECKED int mg_resource_update(const struct mg_ctx *ctx, const struct mg_resource *resource,
                                  const char *id, const void *edit, bool has_version, void *ret_wire,
                                  struct mg_error *error);
MG_CHECKED int mg_resource_delete(const struct mg_ctx *ctx, const struct mg_resource *resource,
                                  const char *id, struct mg_error *error);

#endif
