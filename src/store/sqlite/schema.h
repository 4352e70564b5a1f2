/* The schema's version and how a file is brought up to it. */
#ifndef MG_STORE_SQLITE_SCHEMA_H
#define MG_STORE_SQLITE_SCHEMA_H

#include "store/sqlite/connection.h"

/* Applies what is missing in one transaction. MG_E_UNSUPPORTED: newer than this program, or another program's
 * file. */
MG_CHECKED int schema_upgrade(struct connection *connection, struct mg_error *error);
MG_CHECKED int schema_number(struct connection *connection, int *ret_number, struct mg_error *error);

#endif
