/* What goes out of this server names none of its folders: messages of errors, and those that were kept of
 * jobs, imports and held streams, may hold a path that SQLite, DuckDB or the system put into them.
 *
 * Kept texts stay as they are, since the log and the commands need the path; they are made public as they are
 * read. */
#ifndef MG_SERVICE_ADMIN_PUBLIC_H
#define MG_SERVICE_ADMIN_PUBLIC_H

#include "base/err.h"
#include "service/context.h"

/* The text without the paths of this server in it: what lies in the data folder becomes "…". In the arena;
 * the text itself when there is none. NULL stays NULL. */
const char *mg_public_text(const struct mg_ctx *ctx, const char *text);

/* The text of the two that is in the caller's language, made public; NULL where it is empty. */
const char *mg_public_message(const struct mg_ctx *ctx, struct mg_both kept);

#endif
