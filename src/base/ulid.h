/* ULIDs: 26 characters, sortable by time (ULID specification, Crockford base 32). */
#ifndef MG_BASE_ULID_H
#define MG_BASE_ULID_H

#include <stdbool.h>
#include <stdint.h>

#define MG_ULID_SIZE 27 /* with the terminator */

/* 48 bits of milliseconds from now_us, 80 random bits from the operating system. Two of the same millisecond
 * are not ordered among themselves. */
void mg_ulid_new(int64_t now_us, char ret_id[MG_ULID_SIZE]);
bool mg_ulid_valid(const char *text);

#endif
