/* Tokens are random, so a fast hash of them is safe to keep; passwords are not, and have another
 * (password.c). */
#include "service/admin/token.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

static void encode(const uint8_t bytes[32], char ret_token[MG_TOKEN_SIZE])
{
    sodium_bin2base64(ret_token, MG_TOKEN_SIZE, bytes, 32, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void mg_token_new(char ret_token[MG_TOKEN_SIZE])
{
    uint8_t bytes[32];
    (void)!sodium_init(); /* safe to call again */
    randombytes_buf(bytes, sizeof bytes);
    encode(bytes, ret_token);
    sodium_memzero(bytes, sizeof bytes);
}

void mg_token_hash(const char *text, uint8_t ret_hash[MG_HASH_BYTES])
{
    crypto_generichash(ret_hash, MG_HASH_BYTES, (const uint8_t *)text, strlen(text), NULL, 0);
}

void mg_token_derive(const char *token, const char *purpose, char ret_token[MG_TOKEN_SIZE])
{
    uint8_t key[MG_HASH_BYTES], derived[MG_HASH_BYTES];
    crypto_generichash(key, sizeof key, (const uint8_t *)token, strlen(token),
                       (const uint8_t *)"mindgap derive 1", 16);
    crypto_generichash(derived, sizeof derived, (const uint8_t *)purpose, strlen(purpose), key, sizeof key);
    encode(derived, ret_token);
}

bool mg_token_equal(const char *a, const char *b)
{
    size_t n = strlen(a);
    return strlen(b) == n && sodium_memcmp(a, b, n) == 0;
}

int mg_file_hash(const char *path, uint8_t ret_hash[MG_HASH_BYTES], struct mg_error *error)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return mg_fail(error, MG_E_IO, "%s: %s.", path, strerror(errno));
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, MG_HASH_BYTES);
    uint8_t bytes[16384];
    size_t n;
    while ((n = fread(bytes, 1, sizeof bytes, file)) > 0)
        crypto_generichash_update(&state, bytes, n);
    int failed = ferror(file);
    fclose(file);
    if (failed)
        return mg_fail(error, MG_E_IO, "%s: %s.", path, strerror(EIO));
    crypto_generichash_final(&state, ret_hash, MG_HASH_BYTES);
    return 0;
}

void mg_hash_hex(const uint8_t hash[MG_HASH_BYTES], char ret_hex[2 * MG_HASH_BYTES + 1])
{
    sodium_bin2hex(ret_hex, 2 * MG_HASH_BYTES + 1, hash, MG_HASH_BYTES);
}
