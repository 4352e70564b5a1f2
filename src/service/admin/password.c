/* Passwords are guessed, so their hash is slow: argon2id with 19 MiB and two passes (the OWASP password
 * storage cheat sheet's first choice), which bounds what a burst of logins can take. */
#include "service/admin/password.h"

#include <sodium.h>
#include <stdint.h>
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

/* ---- what anybody would guess ---- */

static bool is_blank(uint32_t c)
{
    return c <= ' ' || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200F) || c == 0x2028 ||
           c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

static uint32_t lower(uint32_t c)
{
    return c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c;
}

/* The next code point that isn't a blank, dot, dash or underscore, in lower case; 0 at `end`. */
static uint32_t next_letter(const char **cursor, const char *end)
{
    while (*cursor < end) {
        uint32_t c = mg_utf8_next(cursor);
        if (!is_blank(c) && c != '.' && c != '-' && c != '_')
            return lower(c);
    }
    return 0;
}

/* Whether the password is the first `n` bytes of `text`, but for case and what stands between the letters. */
static bool is_text(const char *password, const char *text, size_t n)
{
    const char *p = password, *t = text, *p_end = password + strlen(password), *t_end = text + n;
    uint32_t a, b;
    bool any = false;
    do {
        a = next_letter(&p, p_end);
        b = next_letter(&t, t_end);
        any |= a != 0;
    } while (a == b && a);
    return any && a == b;
}

static bool is_called(const char *password, const struct mg_password_owner *owner)
{
    const char *at = owner->email ? strrchr(owner->email, '@') : NULL;
    return (owner->email && is_text(password, owner->email, strlen(owner->email))) ||
           (at && is_text(password, owner->email, (size_t)(at - owner->email))) ||
           (owner->name && is_text(password, owner->name, strlen(owner->name))) ||
           (owner->organisation && is_text(password, owner->organisation, strlen(owner->organisation)));
}

/* Fewer than three different characters; all blanks are the same. */
static bool is_monotonous(const char *password)
{
    uint32_t seen[2];
    size_t n = 0;
    for (const char *p = password; *p;) {
        uint32_t c = mg_utf8_next(&p);
        c = is_blank(c) ? ' ' : lower(c);
        if ((n > 0 && c == seen[0]) || (n > 1 && c == seen[1]))
            continue;
        if (n == 2)
            return false;
        seen[n++] = c;
    }
    return true;
}

static bool is_common(const char *password)
{
    for (size_t i = 0; i < ARRAY_LEN(common); i++)
        if (mg_str_equal_nocase(password, common[i]))
            return true;
    return false;
}

static int check(const char *password, const struct mg_password_owner *owner, struct mg_error *error)
{
    if (!mg_utf8_valid(password, strlen(password)))
        return mg_fail(error, MG_E_INVALID, "The password is not valid UTF-8 text.");
    if (mg_utf8_length(password) < MG_PASSWORD_LENGTH_MIN)
        return mg_fail(error, MG_E_INVALID, "The password has fewer than %d characters.",
                       MG_PASSWORD_LENGTH_MIN);
    if (strlen(password) > MG_PASSWORD_BYTES_MAX)
        return mg_fail(error, MG_E_INVALID, "The password is longer than %d bytes.", MG_PASSWORD_BYTES_MAX);
    if (is_monotonous(password))
        return mg_fail(error, MG_E_INVALID, "The password repeats one or two characters.");
    if (is_called(password, owner))
        return mg_fail(error, MG_E_INVALID,
                       "The password is the name, the e-mail address or the organisation of its owner.");
    if (is_common(password))
        return mg_fail(error, MG_E_INVALID, "This password is among the first that an attacker would try.");
    return 0;
}

int mg_password_check(const char *password, const struct mg_password_owner *owner, struct mg_error *error)
{
    int rc = check(password, owner, error);
    if (rc) {
        mg_fail_at(error, "/password");
        mg_fail_hint(error, "A few words that only you would put together are long and easy to remember.");
    }
    return rc;
}

int mg_password_hash(const char *password, char ret_hash[MG_PASSWORD_HASH_SIZE], struct mg_error *error)
{
    if (sodium_init() < 0 || crypto_pwhash_str(ret_hash, password, strlen(password), OPS, MEMORY_BYTES) != 0)
        return mg_fail_memory(error);
    return 0;
}

bool mg_password_matches(const char *hash, const char *password)
{
    if (sodium_init() < 0)
        return false;
    bool matches = crypto_pwhash_str_verify(hash ? hash : nobody_hash, password, strlen(password)) == 0;
    return matches && hash;
}
