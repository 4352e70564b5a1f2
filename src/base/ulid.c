/* ULID: 10 characters of time, 16 of randomness, 5 bits each. */
#include "base/ulid.h"

#include <pthread.h>
#include <stddef.h>
#include <string.h>
#include <sys/random.h>

#define TIME 10
#define RANDOM 16
#define COUNTED (RANDOM - MG_ULID_FREE)

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* The last id of this process: its millisecond, and the digits that count on. The first of these is drawn
 * below 16, so that 2^64 ids of one millisecond have room. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int64_t last_ms = INT64_MIN / 2;
static unsigned char last[COUNTED];

static void draw(unsigned char random[RANDOM])
{
    /* Up to 256 bytes never come back short once the pool is ready, and then never fail. */
    while (getrandom(random, RANDOM, 0) != RANDOM)
        ;
    for (size_t i = 0; i < RANDOM; i++)
        random[i] &= i == 0 ? 15 : 31;
}

/* Puts `digits` and *ms after those of the last id. */
static void follow_last(int64_t *ms, unsigned char digits[RANDOM])
{
    pthread_mutex_lock(&lock);
    if (*ms > last_ms || *ms < last_ms - MG_ULID_BACK_MS) {
        last_ms = *ms;
        memcpy(last, digits, COUNTED);
    } else {
        size_t i = COUNTED;
        while (i-- > 0 && (last[i] = (last[i] + 1) & 31) == 0)
            ;
    }
    *ms = last_ms;
    memcpy(digits, last, COUNTED);
    pthread_mutex_unlock(&lock);
}

void mg_ulid_new(int64_t now_us, char ret_id[MG_ULID_SIZE])
{
    unsigned char digits[RANDOM] = {0};
    int64_t now_ms = now_us / 1000;
    draw(digits);
    follow_last(&now_ms, digits);
    uint64_t ms = (uint64_t)now_ms;
    for (int i = TIME - 1; i >= 0; i--, ms >>= 5)
        ret_id[i] = alphabet[ms & 31];
    for (size_t i = 0; i < RANDOM; i++)
        ret_id[TIME + i] = alphabet[digits[i]];
    ret_id[TIME + RANDOM] = '\0';
}

bool mg_ulid_valid(const char *text)
{
    return strlen(text) == 26 && strspn(text, alphabet) == 26 && text[0] <= '7';
}
