/* Passwords: which are refused, and their slow hashes. */
#ifndef MG_SERVICE_ADMIN_PASSWORD_H
#define MG_SERVICE_ADMIN_PASSWORD_H

#include <stdbool.h>

#include "base/err.h"

#define MG_PASSWORD_HASH_SIZE 128 /* argon2id, as libsodium writes it */
#define MG_PASSWORD_LENGTH_MIN 10 /* characters */
#define MG_PASSWORD_BYTES_MAX 1024

/* What anybody knows who knows whose password it is; each may be NULL. */
struct mg_password_owner {
    const char *email, *name, *organisation;
};

/* MG_E_INVALID, with what to do instead: too short, too long, one of the commonest, fewer than three
 * different characters (blanks are one), or what the owner is called: the e-mail address, what stands in it
 * before the @, the name, the organisation, whatever the case and with or without blanks, dots and dashes.
 * No rules about kinds of characters. */
MG_CHECKED int mg_password_check(const char *password, const struct mg_password_owner *owner,
                                 struct mg_error *error);
MG_CHECKED int mg_password_hash(const char *password, char ret_hash[MG_PASSWORD_HASH_SIZE],
                                struct mg_error *error);
/* `hash` NULL: takes as long as a real check, and is false. */
bool mg_password_matches(const char *hash, const char *password);

#endif
