/* A job as it goes on: the other calls about jobs only forward. */
#include <stdio.h>
#include <string.h>

#include "api/http/request.h"
#include "api/http/stream.h"
#include "routes.gen.h"
#include "service/jobs/job.h"

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
