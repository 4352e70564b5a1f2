/* What `mindgap look` found in a file, and the same as JSON. */
#ifndef MG_CLI_LOOK_H
#define MG_CLI_LOOK_H

#include "base/buf.h"
#include "service/measure/file.h"
#include "service/record/propose.h"

struct mg_look {
    const struct mg_exchange *file;
    const struct mg_source_info *info;
    const struct mg_exchange_head *head;
    const struct mg_proposal *proposal;
    enum mg_lang lang; /* of notes and reasons */
};

/* "CSV", "XLSX", … */
const char *mg_look_format(const struct mg_exchange *file);

/* One object: `file` (format, encoding, rows above, of and below the header, sheets, rows left out),
 * `columns` (how each is read, what is in it, its part in the proposed study), `first_rows`, `notes`,
 * `warnings`. */
void mg_look_json(const struct mg_look *look, struct mg_buf *out);

#endif
