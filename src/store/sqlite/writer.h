/* The one writer: a thread, its connection, and the queue before it. */
#ifndef MG_STORE_SQLITE_WRITER_H
#define MG_STORE_SQLITE_WRITER_H

#include "store/sqlite/connection.h"

struct writer;

/* Takes over `connection` on success. */
MG_CHECKED int writer_new(struct connection *connection, const struct mg_store_options *options,
                          struct writer **ret_writer, struct mg_error *error);
void writer_free(struct writer *writer); /* finishes what waits; NULL is fine */

MG_CHECKED int writer_run(struct writer *writer, mg_store_fn *fn, void *user, struct mg_error *error);
MG_CHECKED int writer_run_async(struct writer *writer, mg_store_fn *fn, void *user, mg_store_done *done,
                                struct mg_error *error);
void writer_stats(struct writer *writer, struct mg_store_stats *ret_stats);

#endif
