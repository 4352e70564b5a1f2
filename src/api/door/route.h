/* A row of the route table, which tools/gen/api.py makes from spec/openapi (routes.gen.c). */
#ifndef MG_API_DOOR_ROUTE_H
#define MG_API_DOOR_ROUTE_H

#include <stddef.h>
#include <stdint.h>

#include "service/context.h"
#include "wire/wire.h"

#define MG_API_PREFIX "/api/v1"
#define MG_PATH_PARAMETERS_MAX 4

/* What an API key must be allowed. */
enum mg_key_scope { MG_KEY_REFUSED, MG_KEY_READ, MG_KEY_WRITE, MG_KEY_INTAKE };

/* How often one caller may call it. */
enum mg_rate { MG_RATE_READ, MG_RATE_WRITE, MG_RATE_HEAVY, MG_RATE_LOGIN, MG_RATE_INTAKE };

/* Which threads answer it: those that only wait for the record, those for analyses and files (shared out
 * fairly among organisations), those that hash passwords (their number bounds that memory). */
enum mg_pool_kind { MG_POOL_QUICK, MG_POOL_SLOW, MG_POOL_LOGIN };

enum mg_body_kind { MG_BODY_NONE, MG_BODY_JSON, MG_BODY_UPLOAD };

struct mg_request;

/* The decoded arguments of one call; the generated thunks hand them to the typed handler. */
struct mg_call {
    const char *const *path;  /* decoded path parameters */
    const void *query, *body; /* structs of the route's types */
    void *ret;                /* zeroed struct of the route's result type */
};

struct mg_route {
    const char *method, *path; /* "/users/{id}", without MG_API_PREFIX */
    const char *id;            /* operationId */
    unsigned roles;            /* bit 1 << enum mg_role: who may call; MG_ROLE_NONE in it: anybody */
    enum mg_key_scope scope;
    enum mg_rate rate;
    enum mg_body_kind body_kind;
    enum mg_pool_kind pool;
    bool needs_engine;  /* waits until the column engine and the jobs are open */
    bool cached;        /* its answer holds as long as the study's data: path parameter 0 */
    int64_t body_limit; /* bytes */
    unsigned ulids;     /* bit i: path parameter i is an id */
    unsigned status;    /* of success */
    const struct mg_wire_type *query, *body, *result; /* NULL: none */
    int (*call)(struct mg_request *request, const struct mg_call *call, struct mg_error *error);
};

extern const struct mg_route mg_routes[];
extern const size_t mg_routes_count;

/* The spec as JSON. */
extern const unsigned char mg_openapi_json[];
extern const size_t mg_openapi_json_size;

#endif
