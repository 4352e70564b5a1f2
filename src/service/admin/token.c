/* Tokens are random, so a fast hash of them is safe to keep; passwords are not, so theirs is slow: argon2id
 * with 19 MiB and two passes (the OWASP password storage cheat sheet's first choice), which bounds what a
 * burst of logins can take. */
#include "service/admin/token.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"

#define OPS 2
#define MEMORY_BYTES ((size_t)19456 * 1024)

/* The hash of a random password that was thrown away: checked for accounts that don't exist, so that they
 * take as long as those that do. Same cost as above; a test compares. */
static const char nobody_hash[] =
    "$argon2id$v=19$m=19456,t=2,p=1$sYkSVvE+3zEKSPYejiIsLA$v7M1VB52sMiNMsUgAN1sWLnZAsIZ8ODtyqsren1Z1bk";

_Static_assert(MG_PASSWORD_HASH_SIZE >= crypto_pwhash_STRBYTES, "libsodium's hashes must fit");

/* Those found most often in published lists that have ten characters or more, and our own name. */
static const char *const common[] = {
    "1234567890",  "0123456789",     "0987654321",    "1111111111",   "0000000000",  "9876543210",
    "12345678910", "123456789a",     "a123456789",    "123123123123", "1q2w3e4r5t",  "1qaz2wsx3edc",
    "qwertyuiop",  "qwerty12345",    "qwerty123456",  "asdfghjkl;",   "zxcvbnm123",  "password12",
    "password123", "password1234",   "password12345", "passw0rd123",  "p@ssw0rd123", "iloveyou123",
    "iloveyou12",  "woaini1314",     "woaini1314520", "5201314520",   "1314520520",  "admin12345",
    "admin123456", "administrator",  "welcome123",    "welcome1234",  "letmein123",  "abc1234567",
    "abcd123456",  "abcdefghij",     "aaaaaaaaaa",    "changeme123",  "football123", "sunshine123",
    "mindgap123",  "mindgapmindgap",
};

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

static bool is_common(const char *password)
{
    for (size_t i = 0; i < ARRAY_LEN(common); i++)
        if (mg_str_equal_nocase(password, common[i]))
            return true;
    return false;
}

int mg_password_check(const char *password, const char *email, struct mg_error *error)
{
    int rc = 0;
    if (!mg_utf8_valid(password, strlen(password)))
        rc = mg_fail(error, MG_E_INVALID, "The password is not valid UTF-8 text.");
    else if (mg_utf8_length(password) < MG_PASSWORD_LENGTH_MIN)
        rc = mg_fail(error, MG_E_INVALID, "The password has fewer than %d characters.",
                     MG_PASSWORD_LENGTH_MIN);
    else if (strlen(password) > MG_PASSWORD_BYTES_MAX)
        rc = mg_fail(error, MG_E_INVALID, "The password is longer than %d bytes.", MG_PASSWORD_BYTES_MAX);
    else if (is_common(password) || (email && mg_str_equal_nocase(password, email)))
        rc = mg_fail(error, MG_E_INVALID, "This password is among the first that an attacker would try.");
    if (rc) {
        mg_fail_at(error, "/password");
        mg_fail_hint(error, "A few words that only you would put together are long and easy to remember.");
    }
    return rc;
}

int mg_password_hash(const char *password, char ret_hash[MG_PASSWORD_HASH_SIZE], struct mg_error *error)
{
    if (sodium_init() < 0 || crypto_pwhash_str(ret_hash, password, strlen(password), OPS, MEMORY_BYTES) != 0)
        return mg_fail(error, MG_E_NO_MEMORY, "There is not enough memory to protect a password.");
    return 0;
}

bool mg_password_matches(const char *hash, const char *password)
{
    if (sodium_init() < 0)
        return false;
    bool matches = crypto_pwhash_str_verify(hash ? hash : nobody_hash, password, strlen(password)) == 0;
    return matches && hash;
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
