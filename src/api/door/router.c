/* Matches segment by segment against the table, in its order. The table is small enough that a scan costs
 * less than reading the request did. */
#include "api/door/router.h"

#include <string.h>

#include "base/percent.h"
#include "base/ulid.h"

/* One segment of a template against one of a path; "{…}" takes any non-empty one. */
static bool segment_matches(const char *template, size_t n, const char *segment, size_t m)
{
    if (n >= 2 && template[0] == '{')
        return m > 0;
    return n == m && memcmp(template, segment, n) == 0;
}

static bool path_matches(const char *template, const char *path)
{
    for (;;) {
        if (*template != '/' || *path != '/')
            return *template == '\0' && *path == '\0';
        template ++;
        path++;
        size_t n = strcspn(template, "/"), m = strcspn(path, "/");
        if (!segment_matches(template, n, path, m))
            return false;
        template += n;
        path += m;
    }
}

static void allow(struct mg_match *match, const char *method)
{
    size_t used = strlen(match->allow);
    if (used + strlen(method) + 9 >= sizeof match->allow)
        return;
    if (used)
        strcat(match->allow, ", ");
    strcat(match->allow, method);
    if (strcmp(method, "GET") == 0)
        strcat(match->allow, ", HEAD");
}

struct mg_match mg_router_find(const char *method, const char *path)
{
    struct mg_match match = {0};
    if (strcmp(method, "HEAD") == 0)
        method = "GET";
    for (size_t i = 0; i < mg_routes_count; i++) {
        if (!path_matches(mg_routes[i].path, path))
            continue;
        match.path_known = true;
        allow(&match, mg_routes[i].method);
        if (strcmp(mg_routes[i].method, method) == 0)
            match.route = &mg_routes[i];
    }
    return match;
}

bool mg_router_parameters(struct mg_arena *arena, const struct mg_route *route, const char *path,
                          const char *ret_parameters[MG_PATH_PARAMETERS_MAX])
{
    const char *template = route->path;
    for (size_t count = 0; *template == '/';) {
        template ++;
        path++;
        size_t n = strcspn(template, "/"), m = strcspn(path, "/");
        if (template[0] == '{') {
            char *value = mg_arena_strndup(arena, path, m);
            if (!value || !mg_percent_decode(value) || (route->ulids >> count & 1 && !mg_ulid_valid(value)))
                return false;
            ret_parameters[count++] = value;
        }
        template += n;
        path += m;
    }
    return true;
}
