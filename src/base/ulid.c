/* ULID: 10 characters of time, 16 of randomness, 5 bits each. */
#include "base/ulid.h"

#include <stddef.h>
#include <string.h>
#include <sys/random.h>

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void mg_ulid_new(int64_t now_us, char ret_id[MG_ULID_SIZE])
{
    unsigned char random[16] = {0};
    /* Up to 256 bytes never come back short once the pool is ready, and then never fail. */
    while (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        ;
    uint64_t ms = (uint64_t)(now_us / 1000);
    for (int i = 9; i >= 0; i--, ms >>= 5)
        ret_id[i] = alphabet[ms & 31];
    for (size_t i = 0; i < 16; i++)
        ret_id[10 + i] = alphabet[random[i] & 31];
    ret_id[26] = '\0';
}

bool mg_ulid_valid(const char *text)
{
    return strlen(text) == 26 && strspn(text, alphabet) == 26 && text[0] <= '7';
}
