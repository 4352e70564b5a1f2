/* Carries an import's rows to a part of the columns while the record takes them in, so that the import's
 * entry in the log has only to let the part join. A help, not a duty: where it can't go on, it drops the
 * part, and whoever applies the entry fills it from the record. */
#ifndef MG_SERVICE_LISTEN_FEED_H
#define MG_SERVICE_LISTEN_FEED_H

#include "column/table.h"
#include "service/context.h"
#include "service/record/load.h"

struct mg_feed {
    const struct mg_ctx *ctx;
    const char *import_id;
    const struct mg_record_study *study;
    struct mg_part_writer *writer; /* NULL: off */
};

/* Begins the part; off where no server's followers run. */
void mg_feed_begin(struct mg_feed *feed, const struct mg_ctx *ctx, const struct mg_record_study *study,
                   const char *import_id);
/* Rows of the study's table that the record has; until they join, their sequence is the shape of the table
 * they were made for. */
void mg_feed_rows(struct mg_feed *feed, const struct mg_table_row *rows, size_t n);
/* After the last rows, before the import's entry is written. */
void mg_feed_end(struct mg_feed *feed);

#endif
