/* One job from claim to end. What is running has a slot in memory, which holds the newest progress (the row
 * gets it once a second) and the wish to cancel. The diagram of states is in job.h.
 *
 * An end that can't be written is tried again by the thread that ran the job, waiting 0.1 s, then twice as
 * long each time, up to 30 s: nothing else of that lane could be claimed meanwhile, since a claim is a write
 * too. */
#include "service/jobs/pool.h"

#include <stdio.h>
#include <string.h>

#include "store/store.h"

#define SAVE_EVERY_US ((int64_t)1000000)
#define RETRY_FIRST_MS 100
#define RETRY_MAX_MS 30000

/* ---- progress ---- */

struct saving {
    const char *id;
    const struct mg_job_slot *slot;
    double progress;
};

static int save_progress(struct mg_db *db, void *user, struct mg_error *error)
{
    const struct saving *s = user;
    return mg_sql_job_progress(db, s->id, s->progress, s->slot->message[MG_LANG_EN],
                               s->slot->message[MG_LANG_ZH], NULL, error);
}

static void set_message(struct mg_job_slot *slot, struct mg_both message)
{
    snprintf(slot->message[MG_LANG_EN], MG_MESSAGE_SIZE, "%s", message.en);
    snprintf(slot->message[MG_LANG_ZH], MG_MESSAGE_SIZE, "%s", message.zh);
}

int mg_job_progress(struct mg_job_run *run, double progress, struct mg_error *error, const char *format, ...)
{
    struct mg_job_slot *slot = run->slot;
    struct mg_jobs *jobs = slot->jobs;
    int64_t now = mg_now(&run->ctx.clock);
    progress = progress >= 0 ? progress <= 1 ? progress : 1 : 0;
    pthread_mutex_lock(&jobs->lock);
    bool stop = mg_stop_asked(&slot->stop) != MG_STOP_NO;
    bool save = now - slot->saved_at >= SAVE_EVERY_US || now < slot->saved_at; /* the clock was set back */
    slot->progress = progress;
    for (enum mg_lang lang = MG_LANG_EN; lang <= MG_LANG_ZH; lang++) {
        va_list args;
        va_start(args, format);
        mg_tr_format(slot->message[lang], MG_MESSAGE_SIZE, lang, format, args);
        va_end(args);
    }
    if (save)
        slot->saved_at = now;
    pthread_mutex_unlock(&jobs->lock);
    if (stop)
        return mg_fail(error, MG_E_CANCELLED, "The job was stopped.");
    struct saving s = {run->id, slot, progress};
    if (save) /* when it can't be written now, the slot still knows */
        mg_ignore(mg_store_write(run->ctx.store, save_progress, &s, NULL));
    return 0;
}

/* ---- ending ---- */

struct ending {
    const struct mg_job_kind *kind; /* NULL: unknown */
    struct mg_job_run *run;
    enum mg_wire_job_state state;
    const struct mg_error *why; /* not done: why not */
    double progress;
    char message[2][MG_MESSAGE_SIZE + 163]; /* with " (field)" */
    bool cleaned;
};

static int write_end(struct mg_db *db, void *user, struct mg_error *error)
{
    const struct ending *e = user;
    const char *en = e->message[MG_LANG_EN], *zh = e->message[MG_LANG_ZH];
    int64_t now = mg_now(&e->run->ctx.clock);
    if (e->kind && e->kind->every_us)
        return mg_sql_job_rearm(db, e->run->id, en, zh, now + e->kind->every_us, now, NULL, error);
    struct mg_sql_job_finish_params params = {.id = e->run->id,
                                              .state = mg_wire_job_state_text(e->state),
                                              .progress = e->progress,
                                              .message_en = en,
                                              .message_zh = zh,
                                              .now = now};
    return mg_sql_job_finish(db, &params, NULL, error);
}

static int try_end(struct ending *e, struct mg_error *error)
{
    int rc = 0;
    if (!e->cleaned && e->kind && e->kind->clean)
        rc = e->kind->clean(e->run, e->state, e->why, error);
    e->cleaned = rc == 0;
    return rc ? rc : mg_store_write(e->run->ctx.store, write_end, e, error);
}

/* For whoever looks at the job meanwhile. */
static void show_trouble(struct mg_job_slot *slot, const struct mg_error *error)
{
    pthread_mutex_lock(&slot->jobs->lock);
    set_message(slot, mg_error_both(error));
    pthread_mutex_unlock(&slot->jobs->lock);
}

/* Returns when it is written, or when the pool stops: then the row stays "running" and the next start ends
 * it, cleaning what is left. */
static void write_until_done(struct mg_job_slot *slot, struct ending *e)
{
    const struct mg_log *log = &e->run->ctx.log;
    int64_t wait = RETRY_FIRST_MS;
    struct mg_error error = {.lang = e->run->ctx.lang};
    while (try_end(e, &error) != 0) {
        if (mg_jobs_stopping(slot->jobs))
            return;
        if (wait == RETRY_FIRST_MS)
            mg_log_write(log, MG_LOG_ERROR, "job.end", "%s can't be ended yet: %s", e->run->id,
                         error.message);
        show_trouble(slot, &error);
        if (mg_jobs_pause(slot->jobs, wait))
            return;
        wait = wait * 2 < RETRY_MAX_MS ? wait * 2 : RETRY_MAX_MS;
    }
    enum mg_log_level level = e->kind && e->kind->every_us ? MG_LOG_DEBUG : MG_LOG_INFO;
    if (e->state == MG_WIRE_JOB_STATE_FAILED && level == MG_LOG_DEBUG)
        mg_log_write(log, MG_LOG_WARN, "job.end", "%s failed: %s", e->kind->name, e->message[MG_LANG_EN]);
    else
        mg_log_write(log, level, "job.end", "%s %s", e->run->id, mg_wire_job_state_text(e->state));
}

static void end_job(struct mg_job_slot *slot, const struct mg_job_kind *kind, struct mg_job_run *run, int rc,
                    const struct mg_error *why)
{
    struct ending e = {.kind = kind,
                       .run = run,
                       .state = MG_WIRE_JOB_STATE_DONE,
                       .why = why,
                       .progress = 1,
                       .cleaned = rc == 0};
    run->ctx.stop = &slot->jobs->ending; /* a cancelled job is cleaned all the same */
    if (rc) {
        e.state = rc == MG_E_CANCELLED ? MG_WIRE_JOB_STATE_CANCELLED : MG_WIRE_JOB_STATE_FAILED;
        e.progress = slot->progress;
    }
    struct mg_both said =
        rc ? mg_error_both(why) : (struct mg_both){slot->message[MG_LANG_EN], slot->message[MG_LANG_ZH]};
    for (enum mg_lang lang = MG_LANG_EN; lang <= MG_LANG_ZH; lang++)
        snprintf(e.message[lang], sizeof e.message[lang], rc && *why->field ? "%s (%s)" : "%s",
                 mg_both_in(said, lang), why->field);
    write_until_done(slot, &e);
}

/* ---- giving back ---- */

struct giving_back {
    const char *id;
    bool cut_off;
};

static int write_back(struct mg_db *db, void *user, struct mg_error *error)
{
    const struct giving_back *g = user;
    return mg_sql_job_give_back(db, g->id, g->cut_off, NULL, error);
}

/* The job waits again, and its attempt doesn't count: that is for crashes. When the pool stops and it can't
 * be written, the row stays "running" as after a crash. */
static void give_back(struct mg_job_slot *slot, const struct mg_job_run *run, bool cut_off)
{
    struct giving_back g = {run->id, cut_off || run->resumed};
    while (mg_store_write(run->ctx.store, write_back, &g, NULL) != 0)
        if (mg_jobs_pause(slot->jobs, RETRY_FIRST_MS))
            return;
}

/* ---- running ---- */

struct asking {
    const struct mg_job_run *run;
    struct mg_sql_job_cancel_asked_row row;
};

static int read_cancel_asked(struct mg_db *db, void *user, struct mg_error *error)
{
    struct asking *a = user;
    return mg_sql_job_cancel_asked(db, a->run->ctx.arena, a->run->id, &a->row, error);
}

/* The row is asked after the slot was occupied, mg_job_cancel writes it before it looks for the slot: one of
 * them sees the other. */
static int ask_whether_cancelled(struct mg_job_run *run)
{
    struct asking asking = {.run = run};
    int rc = mg_store_read(run->ctx.store, read_cancel_asked, &asking, NULL);
    if (rc == 0 && asking.row.cancel_asked)
        mg_stop_ask(&run->slot->stop, MG_STOP_CANCELLED);
    return rc;
}

/* Runs the kind's function unless the job was cancelled, or cut off too often, before. */
static int run_kind(const struct mg_job_kind *kind, struct mg_job_run *run,
                    const struct mg_sql_job_claim_row *row, struct mg_error *error)
{
    if (!kind)
        return mg_fail(error, MG_E_UNSUPPORTED, "There is no kind of job called %s.", row->kind);
    if (mg_stop_asked(run->ctx.stop) == MG_STOP_CANCELLED)
        return mg_stop_check(run->ctx.stop, error);
    if (run->resumed && (!kind->resumable || row->attempts > MG_JOB_ATTEMPTS_MAX))
        return mg_fail(error, MG_E_IO, "The server stopped while this job ran; start it again.");
    return kind->run(run, error);
}

static void occupy(struct mg_job_slot *slot, const char *id)
{
    pthread_mutex_lock(&slot->jobs->lock);
    snprintf(slot->id, sizeof slot->id, "%s", id);
    slot->progress = 0;
    set_message(slot, (struct mg_both){"", ""});
    slot->saved_at = 0;
    mg_stop_done(&slot->stop);
    mg_stop_init(&slot->stop);
    if (slot->jobs->stopping)
        mg_stop_ask(&slot->stop, MG_STOP_ENDING);
    pthread_mutex_unlock(&slot->jobs->lock);
}

static struct mg_job_run make_run(struct mg_job_slot *slot, struct mg_arena *arena,
                                  const struct mg_sql_job_claim_row *row)
{
    struct mg_job_run run = {.ctx = slot->jobs->base,
                             .id = row->id,
                             .subject_id = row->subject_id,
                             .spec = row->spec,
                             .resumed = row->cut_off,
                             .slot = slot};
    run.ctx.arena = arena;
    run.ctx.jobs = slot->jobs;
    run.ctx.stop = &slot->stop;
    run.ctx.lang = strcmp(row->lang, "en") == 0 ? MG_LANG_EN : MG_LANG_ZH;
    run.ctx.caller = (struct mg_caller){.role = MG_ROLE_NONE};
    snprintf(run.ctx.caller.org_id, sizeof run.ctx.caller.org_id, "%s", row->org_id ? row->org_id : "");
    snprintf(run.ctx.caller.user_id, sizeof run.ctx.caller.user_id, "%s", row->user_id ? row->user_id : "");
    return run;
}

/* Why the run ended early; MG_STOP_NO: of its own. What was stopped says so in one of two ways. */
static enum mg_stop_why why_stopped(struct mg_job_slot *slot, int rc)
{
    return rc == MG_E_CANCELLED || rc == MG_E_BUSY ? mg_stop_asked(&slot->stop) : MG_STOP_NO;
}

/* False: it couldn't be begun, and waits for the keeper's next look. */
static bool run_claimed(struct mg_job_slot *slot, struct mg_arena *arena,
                        const struct mg_sql_job_claim_row *row)
{
    struct mg_jobs *jobs = slot->jobs;
    struct mg_job_run run = make_run(slot, arena, row);
    struct mg_error error = {.lang = run.ctx.lang};
    const struct mg_job_kind *kind = mg_jobs_find_kind(jobs, row->kind);
    occupy(slot, row->id);
    bool begun = ask_whether_cancelled(&run) == 0 && mg_stop_asked(&slot->stop) != MG_STOP_ENDING;
    int rc = begun ? run_kind(kind, &run, row, &error) : MG_E_BUSY;
    enum mg_stop_why why = why_stopped(slot, rc);
    if (why == MG_STOP_CANCELLED)
        rc = mg_stop_check(&slot->stop, &error);
    if (!begun || why == MG_STOP_ENDING)
        give_back(slot, &run, begun);
    else
        end_job(slot, kind, &run, rc, &error);
    occupy(slot, "");
    return begun;
}

struct claiming {
    struct mg_arena *arena;
    const struct mg_job_lane *lane;
    int64_t now;
    struct mg_sql_job_claim_row row;
};

static int claim(struct mg_db *db, void *user, struct mg_error *error)
{
    struct claiming *c = user;
    return mg_sql_job_claim(db, c->arena, c->lane->name, (int64_t)c->lane->per_org, c->now, &c->row, error);
}

bool mg_jobs_run_next(struct mg_job_slot *slot)
{
    struct mg_jobs *jobs = slot->jobs;
    struct mg_arena *arena = mg_arena_new(MG_JOB_ARENA_BYTES);
    struct claiming c = {.arena = arena, .lane = slot->lane->is, .now = mg_now(&jobs->base.clock)};
    bool got = arena && mg_store_write(jobs->base.store, claim, &c, NULL) == 0;
    if (got)
        got = run_claimed(slot, arena, &c.row);
    mg_arena_free(arena);
    return got;
}
