/* What a use case gets from its caller: engines, clock, identity, memory. Nothing here is owned by the
 * service. */
#ifndef MG_SERVICE_CONTEXT_H
#define MG_SERVICE_CONTEXT_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/stop.h"
#include "column/column.h"

struct mg_store;        /* store/store.h */
struct mg_store_engine; /* the same */
struct mg_jobs;         /* service/jobs/job.h */
struct mg_study_cache;  /* service/record/cache.h */
struct mg_followers;    /* service/log/follower.h */

/* Not ranks: who may do what is a set of them (x-role of the API's description). */
enum mg_role { MG_ROLE_NONE, MG_ROLE_VIEWER, MG_ROLE_AGENT, MG_ROLE_TRAINER, MG_ROLE_ANALYST, MG_ROLE_OWNER };

/* Who is calling. Empty ids: nobody yet (login, set-up) or the command line. */
struct mg_caller {
    char org_id[27], user_id[27], session_id[27];
    char api_key_id[27]; /* set instead of a session */
    unsigned scopes;     /* of the API key: mg_scope_bit of service/admin/key.h */
    enum mg_role role;
};

/* What of the organisation the caller may see: all units, or those listed and what lies below them. It is set
 * in one place, mg_caller_set (service/admin/caller.h), where it is known who calls. Whatever reads rows that
 * belong to a unit (measure, lists, streams) narrows by ctx->scope in its query, and by nothing that comes
 * with the request; what is kept of an answer is kept under it. No units: all of them; who may see none isn't
 * let in. Held by value, so that a copy of the context (a stream, a job) has its own. */
#define MG_SCOPE_UNITS_MAX 32
struct mg_scope {
    size_t n_units;
    char units[MG_SCOPE_UNITS_MAX][27];
};

struct mg_ctx {
    struct mg_arena *arena;                     /* lives as long as the request or job */
    const struct mg_store_engine *store_engine; /* that opens records; NULL where none is opened */
    struct mg_store *store;                     /* NULL for commands without a data folder */
    struct mg_columns columns;
    struct mg_jobs *jobs;
    struct mg_study_cache *studies; /* NULL: studies are parsed each time */
    struct mg_followers *followers; /* of the log; NULL without a server */
    struct mg_stop *stop;           /* asked when whoever waits has gone or the time is over; NULL: never */
    const char *data_dir;
    struct mg_clock clock;
    struct mg_log log;
    struct mg_caller caller;
    struct mg_scope scope;
    enum mg_lang lang;
};

#endif
