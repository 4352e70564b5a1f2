/* Token buckets in a table of fixed size, found by hash with a short probe. When a probe window is full of
 * live callers, the one that has rested longest makes room: it had the most tokens, so least is forgiven. */
#include "api/door/rate.h"
#include "base/hash.h"

#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

#define SLOTS 8192
#define PROBE 8

/* Tokens a second and the most that gather. 0: unlimited, the queue bounds it. */
static const struct {
    double rate, burst;
} classes[] = {
    [MG_RATE_READ] = {400, 1200}, [MG_RATE_WRITE] = {200, 600}, [MG_RATE_HEAVY] = {40, 160},
    [MG_RATE_LOGIN] = {2, 40},    [MG_RATE_INTAKE] = {0, 0},
};

struct bucket {
    uint64_t key; /* 0: free */
    double tokens, at;
};

struct mg_rates {
    pthread_mutex_t lock;
    struct bucket buckets[SLOTS];
};

struct mg_rates *mg_rates_new(void)
{
    struct mg_rates *rates = calloc(1, sizeof *rates);
    if (rates)
        pthread_mutex_init(&rates->lock, NULL);
    return rates;
}

void mg_rates_free(struct mg_rates *rates)
{
    if (!rates)
        return;
    pthread_mutex_destroy(&rates->lock);
    free(rates);
}

/* The class last, so that no other caller's text stands in for it; never 0. */
static uint64_t hash(const char *caller, enum mg_rate rate)
{
    uint64_t h = mg_hash_word(mg_hash_text(MG_HASH_START, caller), (uint64_t)(rate + 256));
    return h ? h : 1;
}

static struct bucket *find(struct mg_rates *rates, uint64_t key, double burst, double now)
{
    struct bucket *oldest = NULL;
    for (size_t i = 0; i < PROBE; i++) {
        struct bucket *bucket = &rates->buckets[(key + i) % SLOTS];
        if (bucket->key == key)
            return bucket;
        if (!oldest || bucket->at < oldest->at)
            oldest = bucket;
    }
    *oldest = (struct bucket){.key = key, .tokens = burst, .at = now};
    return oldest;
}

bool mg_rates_take(struct mg_rates *rates, const char *caller, enum mg_rate rate, double now,
                   unsigned *ret_wait)
{
    double per_second = classes[rate].rate, burst = classes[rate].burst;
    if (per_second <= 0)
        return true;
    pthread_mutex_lock(&rates->lock);
    struct bucket *bucket = find(rates, hash(caller, rate), burst, now);
    bucket->tokens = fmin(burst, bucket->tokens + (now - bucket->at) * per_second);
    bucket->at = now;
    bool allowed = bucket->tokens >= 1;
    if (allowed)
        bucket->tokens -= 1;
    else
        *ret_wait = 1 + (unsigned)((1 - bucket->tokens) / per_second);
    pthread_mutex_unlock(&rates->lock);
    return allowed;
}
