/* Secrets: random tokens and their hashes. libsodium behind a few calls; passwords are in password.h. */
#ifndef MG_SERVICE_ADMIN_TOKEN_H
#define MG_SERVICE_ADMIN_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define MG_TOKEN_SIZE 44 /* 256 bits, base64url without padding, and the terminator */
#define MG_HASH_BYTES 32 /* BLAKE2b-256 */

void mg_token_new(char ret_token[MG_TOKEN_SIZE]);
void mg_token_hash(const char *text, uint8_t ret_hash[MG_HASH_BYTES]);
/* A second token that only who knows the first can derive. */
void mg_token_derive(const char *token, const char *purpose, char ret_token[MG_TOKEN_SIZE]);
bool mg_token_equal(const char *a, const char *b); /* in constant time for equal lengths */

/* BLAKE2b-256 of a file's bytes. */
MG_CHECKED int mg_file_hash(const char *path, uint8_t ret_hash[MG_HASH_BYTES], struct mg_error *error);
void mg_hash_hex(const uint8_t hash[MG_HASH_BYTES], char ret_hex[2 * MG_HASH_BYTES + 1]);

#endif
