/* Slows down who guesses passwords, without keeping an account's owner out.
 *
 * Three counts of failures in a row, each with as many free ones and then waits of 2 s, 4 s, … up to a cap:
 *
 *   pair     one account from one address          5 free, waits up to 15 min, forgotten after 15 min
 *   account  one account from unknown addresses   20 free, waits up to 1 min, forgotten after 24 h
 *   address  one address, over all accounts      100 free, waits up to 15 min, forgotten after 15 min
 *
 * The account's count spans all addresses, so that many addresses don't buy many guesses; its short cap and
 * the addresses at which the account signed in during the last 30 days, which it leaves out, keep strangers
 * from shutting the owner out. An address is its network where it is one of IPv6 (/64). The record keeps
 * hashes of account and address only. */
#ifndef MG_SERVICE_ADMIN_THROTTLE_H
#define MG_SERVICE_ADMIN_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>

#include "service/admin/token.h"
#include "service/context.h"

struct mg_db;

enum mg_throttle_count { MG_THROTTLE_PAIR, MG_THROTTLE_ACCOUNT, MG_THROTTLE_ADDRESS, MG_THROTTLE_COUNTS };

#define MG_THROTTLE_WAIT_MAX_S 900 /* no answer asks for a longer wait, whatever the clock did */

/* One attempt. The counts are below; `failures` is each one's with this attempt. */
struct mg_throttle {
    uint8_t keys[MG_THROTTLE_COUNTS][MG_HASH_BYTES];
    int64_t failures[MG_THROTTLE_COUNTS];
    bool known; /* the account signed in from this address lately: its own count stays as it is */
    int64_t now;
};

/* An address as it counts, in `room` or as given: of IPv6 the first 64 bits, since who has one has them all.
 */
#define MG_THROTTLE_NETWORK_SIZE 64
const char *mg_throttle_network(const char *address, char room[MG_THROTTLE_NETWORK_SIZE]);

/* Seconds to wait after so many failures in a row. */
int64_t mg_throttle_wait(enum mg_throttle_count count, int64_t failures);

/* Counts the attempt as failed until mg_throttle_succeed says otherwise; call it before the secret is looked
 * at. `account`: any text, as an e-mail address in lower case; `address`: the client's, as text.
 * MG_E_THROTTLED: too early; *ret_wait_s then says how long to wait, 1 to MG_THROTTLE_WAIT_MAX_S. */
MG_CHECKED int mg_throttle_enter(const struct mg_ctx *ctx, const char *account, const char *address,
                                 struct mg_throttle *ret_attempt, int64_t *ret_wait_s,
                                 struct mg_error *error);

/* The secret was right: forgets the failures of this account from this address, and remembers the address.
 * To be called inside the write that acts on it. */
MG_CHECKED int mg_throttle_succeed(struct mg_db *db, const struct mg_throttle *attempt,
                                   struct mg_error *error);

/* Removes some of what no longer counts; none removed: there is no more. */
MG_CHECKED int mg_throttle_sweep(struct mg_db *db, int64_t now, int64_t *ret_removed, struct mg_error *error);

#endif
