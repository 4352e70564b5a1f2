/* ULIDs: 26 characters, sortable by time (ULID specification, Crockford base 32). */
#ifndef MG_BASE_ULID_H
#define MG_BASE_ULID_H

#include <stdbool.h>
#include <stdint.h>

#define MG_ULID_SIZE 27 /* with the terminator */
/* So many characters at the end are random in every id, also where ids count up: who gets an id has all those
 * to itself that differ in no other character. */
#define MG_ULID_FREE 3
#define MG_ULID_BACK_MS 100

/* 48 bits of milliseconds from now_us, 80 random bits from the operating system. Those of one process are
 * ordered as they were made: within a millisecond, and where the clock is up to MG_ULID_BACK_MS behind the
 * last id's, they count on from the last. Any thread may call. */
void mg_ulid_new(int64_t now_us, char ret_id[MG_ULID_SIZE]);
bool mg_ulid_valid(const char *text);

#endif
