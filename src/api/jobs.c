/* Jobs. What a job says of itself may name files of the server: that stays here. */
#include <stdio.h>
#include <string.h>

#include "api/http/request.h"
#include "api/http/stream.h"
#include "routes.gen.h"
#include "service/jobs/job.h"

int mg_api_list_jobs(struct mg_request *request, const struct mg_wire_list_jobs_query *query,
                     struct mg_wire_job_list *ret, struct mg_error *error)
{
    int rc = mg_job_list(&request->ctx, query->limit, ret, error);
    struct mg_wire_job *jobs = (struct mg_wire_job *)ret->jobs; /* the arena's */
    for (size_t i = 0; i < ret->n_jobs && !rc; i++)
        jobs[i].message = mg_public_text(&request->ctx, jobs[i].message);
    return rc;
}

int mg_api_get_job(struct mg_request *request, const char *id, struct mg_wire_job *ret,
                   struct mg_error *error)
{
    int rc = mg_job_get(&request->ctx, id, ret, error);
    ret->message = mg_public_text(&request->ctx, ret->message);
    return rc;
}

int mg_api_cancel_job(struct mg_request *request, const char *id, struct mg_wire_job *ret,
                      struct mg_error *error)
{
    int rc = mg_job_cancel(&request->ctx, id, ret, error);
    ret->message = mg_public_text(&request->ctx, ret->message);
    return rc;
}

struct job_stream {
    char id[27];
    bool begun;
    enum mg_wire_job_state state;
    double progress;
};

/* An event whenever state or progress changed; the last when the job has ended. */
static bool job_events(struct mg_ctx *ctx, void *state, struct mg_buf *out)
{
    struct job_stream *seen = state;
    struct mg_wire_job job = {0};
    if (mg_job_get(ctx, seen->id, &job, NULL))
        return false;
    job.message = mg_public_text(ctx, job.message);
    if (!seen->begun || job.state != seen->state || job.progress != seen->progress) {
        mg_buf_puts(out, "event: job\ndata: ");
        struct mg_json_writer writer = mg_json_writer(out);
        mg_wire_write_job(&writer, &job);
        mg_buf_puts(out, "\n\n");
        seen->begun = true;
        seen->state = job.state;
        seen->progress = job.progress;
    }
    return job.state == MG_WIRE_JOB_STATE_QUEUED || job.state == MG_WIRE_JOB_STATE_RUNNING;
}

int mg_api_stream_job(struct mg_request *request, const char *id, struct mg_error *error)
{
    struct mg_wire_job job = {0};
    int rc = mg_job_get(&request->ctx, id, &job, error);
    if (rc)
        return rc;
    struct job_stream state = {0};
    snprintf(state.id, sizeof state.id, "%s", id);
    return mg_reply_stream(request, job_events, &state, sizeof state, error);
}
