/* One write an attempt: the counts are read, and where none asks for a wait each is counted up on the
 * condition that nobody else did since it was read. Of two nodes that read the same count one counts, the
 * other is told to wait: however many ask at once, no guess goes uncounted.
 *
 *   read counts ──> one asks for a wait ──────────────────────────> MG_E_THROTTLED, nothing counted
 *               └─> count up each, if unchanged since ──> changed ──> MG_E_THROTTLED, all undone
 *                                                    └─> 0
 *
 * A count whose last failure lies in the future (the clock was set back) is dated now, so that a wait is
 * never longer than its cap. */
#include "service/admin/throttle.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "store/queries.gen.h"
#include "store/store.h"

#define SECOND_US ((int64_t)1000000)
#define MINUTE_US (60 * SECOND_US)
#define DAY_US (24 * 60 * MINUTE_US)
#define KNOWN_US (30 * DAY_US)
#define FIRST_WAIT_S 2
#define KEY_TEXT_MAX 640 /* longer accounts or addresses are cut: they are hashed as the same */

static const struct limit {
    const char *mark; /* of its keys */
    int64_t free, cap_s, window_us;
} limits[MG_THROTTLE_COUNTS] = {
    [MG_THROTTLE_PAIR] = {"pair", 5, MG_THROTTLE_WAIT_MAX_S, 15 * MINUTE_US},
    [MG_THROTTLE_ACCOUNT] = {"account", 20, 60, DAY_US},
    [MG_THROTTLE_ADDRESS] = {"address", 100, MG_THROTTLE_WAIT_MAX_S, 15 * MINUTE_US},
};

int64_t mg_throttle_wait(enum mg_throttle_count count, int64_t failures)
{
    const struct limit *limit = &limits[count];
    if (failures < limit->free)
        return 0;
    int64_t doublings = failures - limit->free;
    int64_t wait = doublings < 20 ? (int64_t)FIRST_WAIT_S << doublings : limit->cap_s;
    return wait < limit->cap_s ? wait : limit->cap_s;
}

static struct mg_blob key_of(const struct mg_throttle *attempt, size_t count)
{
    return (struct mg_blob){attempt->keys[count], MG_HASH_BYTES};
}

struct entering {
    struct mg_arena *arena;
    struct mg_throttle *attempt;
    struct mg_sql_throttle_get_row seen[MG_THROTTLE_COUNTS];
    int64_t wait_us;
};

/* Reads one count and what it asks to wait for. */
static int look_at(struct mg_db *db, struct entering *e, size_t count, struct mg_error *error)
{
    struct mg_throttle *attempt = e->attempt;
    struct mg_sql_throttle_get_row *seen = &e->seen[count];
    int rc = mg_sql_throttle_get(db, e->arena, key_of(attempt, count), seen, error);
    if (rc == MG_E_NOT_FOUND)
        return 0;
    if (rc == 0 && seen->last_at > attempt->now) {
        rc = mg_sql_throttle_mend_clock(db, key_of(attempt, count), attempt->now, NULL, error);
        seen->last_at = attempt->now;
    }
    if (rc)
        return rc;
    bool counts = seen->last_at > attempt->now - limits[count].window_us;
    attempt->failures[count] = counts ? seen->failures : 0;
    int64_t open_at =
        seen->last_at + mg_throttle_wait((enum mg_throttle_count)count, attempt->failures[count]) * SECOND_US;
    if (counts && open_at - attempt->now > e->wait_us)
        e->wait_us = open_at - attempt->now;
    return 0;
}

static bool left_out(const struct mg_throttle *attempt, size_t count)
{
    return count == MG_THROTTLE_ACCOUNT && attempt->known;
}

static int count_up(struct mg_db *db, struct entering *e, size_t count, struct mg_error *error)
{
    struct mg_throttle *attempt = e->attempt;
    const struct mg_sql_throttle_get_row *seen = &e->seen[count];
    int64_t changes = 0;
    int rc = mg_sql_throttle_count(db, key_of(attempt, count), seen->failures, seen->last_at,
                                   ++attempt->failures[count], attempt->now, &changes, error);
    if (rc == 0 && changes == 0) { /* somebody counted in between */
        e->wait_us = SECOND_US;
        rc = MG_E_THROTTLED;
    }
    return rc;
}

/* Returns 0 also where there is a wait, so that a mended clock stays mended. */
static int enter(struct mg_db *db, void *user, struct mg_error *error)
{
    struct entering *e = user;
    struct mg_throttle *attempt = e->attempt;
    struct mg_sql_known_address_get_row known;
    e->wait_us = 0;
    memset(e->seen, 0, sizeof e->seen);
    memset(attempt->failures, 0, sizeof attempt->failures);
    int rc = mg_sql_known_address_get(db, e->arena, key_of(attempt, MG_THROTTLE_PAIR),
                                      attempt->now - KNOWN_US, &known, error);
    attempt->known = rc == 0;
    if (rc == MG_E_NOT_FOUND)
        rc = 0;
    for (size_t i = 0; i < MG_THROTTLE_COUNTS && rc == 0; i++)
        if (!left_out(attempt, i))
            rc = look_at(db, e, i, error);
    for (size_t i = 0; i < MG_THROTTLE_COUNTS && rc == 0 && e->wait_us == 0; i++)
        if (!left_out(attempt, i))
            rc = count_up(db, e, i, error);
    return rc;
}

const char *mg_throttle_network(const char *address, char room[MG_THROTTLE_NETWORK_SIZE])
{
    struct in6_addr six;
    if (inet_pton(AF_INET6, address, &six) != 1 || IN6_IS_ADDR_V4MAPPED(&six))
        return address;
    memset(six.s6_addr + 8, 0, 8);
    return inet_ntop(AF_INET6, &six, room, MG_THROTTLE_NETWORK_SIZE);
}

static void make_keys(struct mg_throttle *attempt, const char *account, const char *client)
{
    char room[MG_THROTTLE_NETWORK_SIZE];
    const char *address = mg_throttle_network(client, room);
    for (size_t i = 0; i < MG_THROTTLE_COUNTS; i++) {
        char text[KEY_TEXT_MAX];
        snprintf(text, sizeof text, "%s\n%.400s\n%.200s", limits[i].mark,
                 i == MG_THROTTLE_ADDRESS ? "" : account, i == MG_THROTTLE_ACCOUNT ? "" : address);
        mg_token_hash(text, attempt->keys[i]);
    }
}

int mg_throttle_enter(const struct mg_ctx *ctx, const char *account, const char *address,
                      struct mg_throttle *ret_attempt, int64_t *ret_wait_s, struct mg_error *error)
{
    struct mg_throttle attempt = {.now = mg_now(&ctx->clock)};
    struct entering e = {.arena = ctx->arena, .attempt = &attempt};
    make_keys(&attempt, account, address);
    int rc = mg_store_write(ctx->store, enter, &e, error);
    if (rc && rc != MG_E_THROTTLED)
        return rc;
    if (e.wait_us > 0) {
        int64_t seconds = (e.wait_us + SECOND_US - 1) / SECOND_US;
        *ret_wait_s = seconds;
        return mg_fail(error, MG_E_THROTTLED, "Too many attempts with a wrong password; try again in %lld s.",
                       (long long)seconds);
    }
    *ret_attempt = attempt;
    return 0;
}

/* What this account failed from this address no longer counts for the account or the address either; what
 * others failed does. */
int mg_throttle_succeed(struct mg_db *db, const struct mg_throttle *attempt, struct mg_error *error)
{
    int64_t forgiven = attempt->failures[MG_THROTTLE_PAIR];
    int rc = 0;
    for (size_t i = 0; i < MG_THROTTLE_COUNTS && rc == 0; i++)
        if (!left_out(attempt, i))
            rc = mg_sql_throttle_forgive(db, key_of(attempt, i), forgiven, NULL, error);
    return rc ? rc
              : mg_sql_known_address_set(db, key_of(attempt, MG_THROTTLE_PAIR), attempt->now, NULL, error);
}

int mg_throttle_sweep(struct mg_db *db, int64_t now, int64_t *ret_removed, struct mg_error *error)
{
    int64_t counts = 0, addresses = 0;
    int rc = mg_sql_throttle_delete_old(db, now - DAY_US, &counts, error);
    if (rc == 0)
        rc = mg_sql_known_address_delete_old(db, now - KNOWN_US, &addresses, error);
    if (rc == 0)
        *ret_removed = counts + addresses;
    return rc;
}
