/* From method and path to a row of the route table. */
#ifndef MG_API_DOOR_ROUTER_H
#define MG_API_DOOR_ROUTER_H

#include <stdbool.h>

#include "api/door/route.h"

struct mg_match {
    const struct mg_route *route; /* NULL: nothing here answers this method */
    bool path_known;              /* some method is answered here */
    char allow[64];               /* "GET, HEAD, POST" where path_known */
};

/* `path` is raw (percent-encoded) and begins after MG_API_PREFIX. HEAD finds GET. */
struct mg_match mg_router_find(const char *method, const char *path);

/* The decoded path parameters of a matched route. False when one is no valid percent-encoded UTF-8, or no id
 * where the route wants one: then there is nothing at that path. */
bool mg_router_parameters(struct mg_arena *arena, const struct mg_route *route, const char *path,
                          const char *ret_parameters[MG_PATH_PARAMETERS_MAX]);

#endif
