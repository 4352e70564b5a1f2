/* FNV-1a, 64 bits: for tables and tags, not against an adversary. Start with MG_HASH_START and feed what is
 * to be hashed. */
#ifndef MG_BASE_HASH_H
#define MG_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define MG_HASH_START ((uint64_t)14695981039346656037u)

static inline uint64_t mg_hash_word(uint64_t hash, uint64_t word)
{
    return (hash ^ word) * 1099511628211u;
}

static inline uint64_t mg_hash_bytes(uint64_t hash, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < n; i++)
        hash = mg_hash_word(hash, p[i]);
    return hash;
}

static inline uint64_t mg_hash_text(uint64_t hash, const char *text)
{
    for (; *text; text++)
        hash = mg_hash_word(hash, (unsigned char)*text);
    return hash;
}

#endif
