/* Carries an import's rows to a part of the columns while the record takes them in, so that the import's
 * entry in the log has only to let the part join. A help, not a duty: where it can't go on, it drops the
 * part, and whoever applies the entry fills it from the record. */
#ifndef MG_SERVICE_LISTEN_FEED_H
#define MG_SERVICE_LISTEN_FEED_H

#include "service/listen/columns.h"

struct mg_feed {
    const struct mg_ctx *ctx;
    const char *import_id;
    const struct mg_record_study *study;
    bool on;
};

/* Begins the part; off where no server's followers run. */
void mg_feed_begin(struct mg_feed *feed, const struct mg_ctx *ctx, const struct mg_record_study *study,
                   const char *import_id);
/* Rows that the record has; until they join, their sequence is the shape of the table they were made for.
 * `arena` is for the time of the call. */
void mg_feed_rows(struct mg_feed *feed, struct mg_arena *arena, const struct mg_listen_row *rows, size_t n);

#endif
