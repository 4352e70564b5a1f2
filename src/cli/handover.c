/* Watching the import that a server runs. All goes through the record: the rows tell the server what to do,
 * and this process how far it is. No protocol between the two, and no server to be asked that might not
 * answer. */
#include "cli/handover.h"

#include <string.h>

#include "base/signals.h"
#include "service/admin/data.h"
#include "service/jobs/job.h"

#define LOOK_EVERY_MS 200
#define LOOK_ARENA ((size_t)32 << 20) /* an import's row holds its mapping, up to 8 MiB */
#define ALONE_LOOKS_MAX 25            /* without a server: 5 s, in which it may be started anew */

static bool has_ended(const struct mg_wire_job *job)
{
    return job->state != MG_WIRE_JOB_STATE_QUEUED && job->state != MG_WIRE_JOB_STATE_RUNNING;
}

static int fail_alone(struct mg_error *error)
{
    mg_fail(error, MG_E_IO, "The server stopped before the import ended.");
    mg_fail_hint(error, "Its next start goes on with it, or says why not.");
    return MG_E_IO;
}

struct watch {
    struct mg_ctx ctx; /* its arena lives for one look */
    const char *job_id;
    const struct mg_listen_import_file *request;
    double told;
    int alone;
    bool wanted, asked; /* that the server stop it */
};

/* One look: MG_E_BUSY while the job goes on. */
static int look(struct watch *w, enum mg_wire_job_state *ret_state, struct mg_error *error)
{
    struct mg_wire_job job;
    struct mg_wire_import import;
    int rc = mg_job_get(&w->ctx, w->job_id, &job, error);
    if (rc == MG_E_BUSY)
        return rc; /* the record is busy: look again */
    if (rc)
        return rc;
    bool news = w->request->progress && job.progress > w->told;
    if (news && mg_listen_import_get(&w->ctx, job.subject_id, &import, NULL) == 0)
        w->request->progress(w->request->user, import.rows, w->told = job.progress);
    *ret_state = job.state;
    if (has_ended(&job))
        return 0;
    w->alone = mg_data_is_served(&w->ctx) ? 0 : w->alone + 1;
    if (w->alone > ALONE_LOOKS_MAX)
        return fail_alone(error);
    return MG_E_BUSY;
}

/* Where the record is busy the wish stays until the next look. */
static int ask_to_stop(struct watch *w, struct mg_error *error)
{
    struct mg_wire_job job;
    int rc = mg_job_cancel(&w->ctx, w->job_id, &job, error);
    w->asked = rc == 0;
    return rc;
}

static int take_signal(struct watch *w, struct mg_error *error)
{
    if (w->asked)
        return mg_fail(error, MG_E_CANCELLED, "The server was asked to stop the import.");
    w->wanted = true;
    return 0;
}

static int watch(struct watch *w, enum mg_wire_job_state *ret_state, struct mg_error *error)
{
    int rc = MG_E_BUSY;
    while (rc == MG_E_BUSY) {
        bool signalled = mg_signals_wait(LOOK_EVERY_MS);
        w->ctx.arena = mg_arena_new(LOOK_ARENA);
        rc = w->ctx.arena ? 0 : mg_fail_memory(error);
        if (rc == 0 && signalled)
            rc = take_signal(w, error);
        if (rc == 0 && w->wanted && !w->asked)
            rc = ask_to_stop(w, error);
        if (rc == 0)
            rc = look(w, ret_state, error);
        mg_arena_free(w->ctx.arena);
    }
    return rc;
}

int mg_cli_watch(const struct mg_ctx *ctx, const struct mg_listen_import_file *request,
                 struct mg_wire_import *import, struct mg_error *error)
{
    enum mg_wire_job_state state = MG_WIRE_JOB_STATE_QUEUED;
    struct watch w = {.ctx = *ctx, .job_id = import->job_id, .request = request};
    mg_signals_take();
    int rc = watch(&w, &state, error);
    mg_signals_release(); /* one that came after the last look would have stopped what has ended */
    if (rc == 0)
        rc = mg_listen_import_get(ctx, import->id, import, error);
    if (rc || state == MG_WIRE_JOB_STATE_DONE)
        return rc;
    if (state == MG_WIRE_JOB_STATE_CANCELLED) {
        mg_fail(error, MG_E_CANCELLED, "The import was stopped.");
        mg_fail_hint(error, "The study is as it was.");
        return MG_E_CANCELLED;
    }
    return mg_fail(error, MG_E_IO, "The import failed: %s", import->message ? import->message : "");
}
