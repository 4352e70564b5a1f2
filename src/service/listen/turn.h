/* Imports that tell rows by their ids go one after the other within a study: each has to see what the one
 * before it brought. Imports of other studies, and those that add all rows, don't wait. */
#ifndef MG_SERVICE_LISTEN_TURN_H
#define MG_SERVICE_LISTEN_TURN_H

#include "service/context.h"

/* Waits until no other import of the study is being read, and marks this one as being read. `wait` is called
 * now and then meanwhile; a return other than 0 ends the waiting and is returned. MG_E_CANCELLED: the import
 * was ended. */
MG_CHECKED int mg_import_take_turn(const struct mg_ctx *ctx, const char *study_id, const char *import_id,
                                   int (*wait)(void *user, struct mg_error *error), void *user,
                                   struct mg_error *error);

#endif
