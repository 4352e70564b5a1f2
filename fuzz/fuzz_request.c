/* The line a stranger controls: method and raw path, through router and strict decoding. A parameter that
 * comes out must be UTF-8 without NULs, and an id where the route wants one. */
#include <stdlib.h>
#include <string.h>

#include "api/door/router.h"
#include "base/percent.h"
#include "base/str.h"
#include "base/ulid.h"
#include "fuzz.h"

static const char *const methods[] = {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", ""};

static void check_parameters(const struct mg_route *route, const char *const *parameters)
{
    for (size_t i = 0; i < MG_PATH_PARAMETERS_MAX && parameters[i]; i++) {
        if (!mg_utf8_valid(parameters[i], strlen(parameters[i])))
            abort();
        if (route->ulids >> i & 1 && !mg_ulid_valid(parameters[i]))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > 65536)
        return 0;
    struct mg_arena *arena = mg_arena_new(1 << 20);
    char *path = arena ? mg_arena_strndup(arena, (const char *)data + 1, size - 1) : NULL;
    if (path) {
        struct mg_match match = mg_router_find(methods[data[0] % ARRAY_LEN(methods)], path);
        const char *parameters[MG_PATH_PARAMETERS_MAX] = {NULL};
        if (match.route && !match.path_known)
            abort();
        if (match.route && mg_router_parameters(arena, match.route, path, parameters))
            check_parameters(match.route, parameters);
        mg_percent_decode(path);
    }
    mg_arena_free(arena);
    return 0;
}
