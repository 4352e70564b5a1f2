/* A bounded pool of read-only connections. */
#ifndef MG_STORE_SQLITE_READERS_H
#define MG_STORE_SQLITE_READERS_H

#include "store/sqlite/connection.h"

struct readers;

/* `path` is copied. */
MG_CHECKED int readers_new(const char *path, size_t most, struct readers **ret_readers,
                           struct mg_error *error);
void readers_free(struct readers *readers); /* all connections must have been given back; NULL is fine */

/* A connection in a transaction. `now`: its snapshot is of this moment, else of its first query. */
MG_CHECKED int readers_take(struct readers *readers, bool now, struct connection **ret_connection,
                            struct mg_error *error);
void readers_give(struct readers *readers, struct connection *connection);

#endif
