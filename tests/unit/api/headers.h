/* What MHD would say of a request that came over a socket: headers and cookies from a table, by taking the
 * place of its look-up. */
#ifndef TESTS_API_HEADERS_H
#define TESTS_API_HEADERS_H

#include <microhttpd.h>
#include <stddef.h>
#include <strings.h>

struct given {
    const char *name, *value;
};

static struct given given[8]; /* the rest: empty */

const char *MHD_lookup_connection_value(struct MHD_Connection *connection, enum MHD_ValueKind kind,
                                        const char *key)
{
    (void)connection, (void)kind;
    for (size_t i = 0; i < sizeof given / sizeof given[0] && given[i].name; i++)
        if (strcasecmp(given[i].name, key) == 0)
            return given[i].value;
    return NULL;
}

#define GIVEN(...)                                                                                           \
    do {                                                                                                     \
        const struct given list[8] = {__VA_ARGS__};                                                          \
        memcpy(given, list, sizeof given);                                                                   \
    } while (0)

#endif
