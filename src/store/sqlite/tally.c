/* A short array looked through from its start: one commit holds few different sums. */
#include "store/sqlite/tally.h"

#include <string.h>

void tallies_begin(struct tallies *tallies)
{
    tallies->n = tallies->marked = 0;
}

void tallies_mark(struct tallies *tallies)
{
    tallies->marked = tallies->n;
    for (size_t i = 0; i < tallies->n; i++)
        tallies->all[i].marked = tallies->all[i].n;
}

void tallies_undo(struct tallies *tallies)
{
    tallies->n = tallies->marked;
    for (size_t i = 0; i < tallies->n; i++)
        tallies->all[i].n = tallies->all[i].marked;
}

int tally_add(struct tallies *tallies, struct mg_db *db, mg_tally_fn *add, const char *key, int64_t n,
              struct mg_error *error)
{
    for (size_t i = 0; i < tallies->n; i++)
        if (tallies->all[i].add == add && strcmp(tallies->all[i].key, key) == 0) {
            tallies->all[i].n += n;
            return 0;
        }
    if (tallies->n == TALLIES_MAX || strlen(key) >= TALLY_KEY_SIZE)
        return add(db, key, n, error);
    struct tally *tally = &tallies->all[tallies->n++];
    *tally = (struct tally){.add = add, .n = n};
    strcpy(tally->key, key);
    return 0;
}

int tallies_write(struct tallies *tallies, struct mg_db *db, struct mg_error *error)
{
    int rc = 0;
    for (size_t i = 0; i < tallies->n && rc == 0; i++)
        if (tallies->all[i].n != 0)
            rc = tallies->all[i].add(db, tallies->all[i].key, tallies->all[i].n, error);
    tallies->n = 0;
    return rc;
}
