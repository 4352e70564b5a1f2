/* The column engine and the jobs that use it open beside the server: what needs them waits here. They are set
 * once and stay. */
#include "api/http/request.h"
#include "api/private.h"

void mg_api_set_engines(struct mg_api *api, struct mg_columns columns, struct mg_jobs *jobs,
                        const struct mg_error *problem)
{
    pthread_mutex_lock(&api->lock);
    api->columns = columns;
    api->jobs = jobs;
    if (problem)
        api->engines_problem = *problem;
    atomic_store(&api->engines_known, true);
    pthread_cond_broadcast(&api->engines_changed);
    pthread_mutex_unlock(&api->lock);
}

void mg_api_take_engines(struct mg_request *request)
{
    const struct mg_api *api = request->api;
    if (!atomic_load(&api->engines_known))
        return;
    request->ctx.columns = api->columns;
    request->ctx.jobs = api->jobs;
}

int mg_api_wait_engines(struct mg_request *request, struct mg_error *error)
{
    struct mg_api *api = request->api;
    pthread_mutex_lock(&api->lock);
    while (!atomic_load(&api->engines_known))
        pthread_cond_wait(&api->engines_changed, &api->lock);
    pthread_mutex_unlock(&api->lock);
    mg_api_take_engines(request);
    if (request->ctx.columns.column)
        return 0;
    return mg_fail(error, MG_E_ENGINE, "The column engine could not be opened: %s",
                   api->engines_problem.message);
}

bool mg_api_engines_open(struct mg_api *api)
{
    return atomic_load(&api->engines_known) && api->columns.column;
}
