/* The door: everything between a request and the handler that answers it. Who is calling, may they, how
 * often; which handler; is the answer kept already.
 *
 * http and door use each other, and are two folders of one layer for it: http has the bytes and the threads,
 * the door has the rules.
 *
 *       http                                door                                 handlers
 *   a header is in ────────────────▶ mg_check_header
 *   an upload's header is in ──────▶ mg_guard_caller, mg_guard_rate
 *   the request is whole ──────────▶ mg_dispatch_admit ──────────────────▶ quick ones
 *   a thread for long work ────────▶ mg_dispatch_work ───────────────────▶ the others
 *   a call has ended by itself ────▶ mg_dispatch_end
 *        ◀── what came with the request, and mg_reply_… (http/request.h), from the door and from handlers ──
 *
 * http calls what stands in the first part below, and nothing else of the door but its counters, rates
 * and cache, which the server makes and frees; the door calls what layers.txt lists as @http, and never a
 * loop, a connection or a response. */
#ifndef MG_API_DOOR_DOOR_H
#define MG_API_DOOR_DOOR_H

#include "api/http/request.h"

/* ---- what http calls ---- */

/* check.c: what speaks against a header, before a byte of the body is read: 0, or the status to refuse it
 * with. Finds the route or the built-in page. */
unsigned mg_check_header(struct mg_request *request, struct mg_error *error);
/* The most bytes its body may have. */
int64_t mg_check_limit(const struct mg_request *request);

/* guard.c: who is calling, and may they; not too often? Each once a request. */
MG_CHECKED int mg_guard_caller(struct mg_request *request, struct mg_error *error);
MG_CHECKED int mg_guard_rate(struct mg_request *request, struct mg_error *error);

/* dispatch.c: everything between a whole request and its reply; runs in a handler thread. */
enum mg_admitted {
    MG_ADMITTED_DONE, /* the reply is there, or the refusal */
    MG_ADMITTED_WORK, /* the route is for another pool than the quick one: mg_dispatch_work goes on */
    MG_ADMITTED_LATER /* the call goes on by itself; the request is no longer ours */
};

/* Checks, decodes, looks into the cache; calls what is quick. */
enum mg_admitted mg_dispatch_admit(struct mg_request *request);
void mg_dispatch_work(struct mg_request *request);
/* The reply to a call that went on by itself. */
void mg_dispatch_end(struct mg_request *request, int rc, const struct mg_error *error);
/* The reply that says no. */
void mg_dispatch_refuse(struct mg_request *request, int rc, const struct mg_error *error);

/* ---- among the files of the door ---- */

/* guard.c: is it meant for us? */
MG_CHECKED int mg_guard_host(struct mg_request *request, struct mg_error *error);
/* For /metrics: a program on this machine, or a key that may read. */
MG_CHECKED int mg_guard_operator(struct mg_request *request, struct mg_error *error);

/* site.c: the embedded client and the built-in pages. */
typedef int mg_builtin(struct mg_request *request, struct mg_error *error);
/* What answers GET `target`, NULL: nothing. Quick ones wait for nothing and run in the loop. */
mg_builtin *mg_site_find(const char *target, bool *ret_quick);

#endif
