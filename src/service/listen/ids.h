/* Which ids of a file came before: a table of hashes with the line of each one's first row.
 *
 * Ids are compared by 64 bits, rows by 32: of two million different ids one pair is taken for the same with a
 * chance of 10⁻⁷. At most MG_IDS_MAX ids and 64 MiB; later ones are not compared. */
#ifndef MG_SERVICE_LISTEN_IDS_H
#define MG_SERVICE_LISTEN_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MG_IDS_MAX ((size_t)2000000)

struct mg_id {
    uint64_t id; /* hash; 0: an empty place */
    uint32_t row, line;
};

/* Zeroed: empty. */
struct mg_ids {
    struct mg_id *table;
    size_t size, n;
    bool full; /* there were more than MG_IDS_MAX */
};

enum mg_met { MG_ID_NEW, MG_ID_REPEATED, MG_ID_SAME_ROW, MG_ID_NO_MEMORY };

/* Looks an id up, by its hash, and remembers it where it is new. `row`: a hash of the row's cells. *ret_line:
 * where it came first. */
enum mg_met mg_ids_meet(struct mg_ids *ids, uint64_t hash, uint64_t row, int64_t line, int64_t *ret_line);
void mg_ids_done(struct mg_ids *ids);

#endif
