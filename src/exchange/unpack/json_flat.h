/* A record of JSON as cells: nested objects by dotted names, lists of plain values joined. Strict JSON, with
 * own code because a tree of every record costs ten times as much as looking at its text once. */
#ifndef MG_EXCHANGE_UNPACK_JSON_FLAT_H
#define MG_EXCHANGE_UNPACK_JSON_FLAT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* A cell: `path` is terminated. `filled`: a value, else null or an empty list or object (n = 0). False ends
 * the walk. `text` is valid during the call. */
typedef bool mg_json_leaf(void *user, const char *path, size_t n_path, const char *text, size_t n,
                          bool filled);

enum mg_json_flat { MG_FLAT_DONE, MG_FLAT_BROKEN, MG_FLAT_STOPPED };

struct mg_json_flattener {
    struct mg_buf path, text; /* initialised by the caller; room for names and for a value */
    mg_json_leaf *leaf;
    void *user;
};

/* DONE: all cells of the object were given. BROKEN: the text is no object of JSON, or nested deeper than
 * MG_JSON_DEPTH_MAX (some cells may have been given). STOPPED: by `leaf`. */
enum mg_json_flat mg_json_flatten(struct mg_json_flattener *flattener, const char *text, size_t n);

#endif
