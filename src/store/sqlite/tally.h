/* Sums that many writes of a commit add to, kept until the commit so that their row is written once; see
 * mg_db_tally. They belong to the writer's connection.
 *
 *   tallies_begin ──> for each write: tallies_mark, tally_add…, failed: tallies_undo ──> tallies_write
 */
#ifndef MG_STORE_SQLITE_TALLY_H
#define MG_STORE_SQLITE_TALLY_H

#include "store/db.h"

#define TALLIES_MAX 64
#define TALLY_KEY_SIZE 40

struct tally {
    mg_tally_fn *add;
    char key[TALLY_KEY_SIZE];
    int64_t n, marked;
};

struct tallies {
    struct tally all[TALLIES_MAX];
    size_t n, marked;
};

void tallies_begin(struct tallies *tallies);
void tallies_mark(struct tallies *tallies);
/* Back to the mark. */
void tallies_undo(struct tallies *tallies);
/* One that finds no room, or whose key is too long, is written at once. */
MG_CHECKED int tally_add(struct tallies *tallies, struct mg_db *db, mg_tally_fn *add, const char *key,
                         int64_t n, struct mg_error *error);
/* Writes them; to be called before COMMIT. */
MG_CHECKED int tallies_write(struct tallies *tallies, struct mg_db *db, struct mg_error *error);

#endif
