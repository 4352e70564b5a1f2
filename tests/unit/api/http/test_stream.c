/* Event streams are bounded, of all and of one organisation; a place comes free with the response. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/http/request.h"
#include "api/http/stream.h"
#include "api/private.h"

#define MOST 300

struct open {
    struct mg_api api;
    struct mg_request request;
    struct MHD_Response *responses[MOST];
    size_t n;
};

static bool nothing_new(struct mg_ctx *ctx, void *state, struct mg_buf *out)
{
    (void)ctx, (void)state, (void)out;
    return true;
}

static int open_stream(struct open *open, const char *org_id)
{
    open->request = (struct mg_request){.api = &open->api};
    snprintf(open->request.ctx.caller.org_id, sizeof open->request.ctx.caller.org_id, "%s", org_id);
    int rc = mg_reply_stream(&open->request, nothing_new, "", 1, NULL);
    if (!rc)
        open->responses[open->n++] = mg_stream_response(open->request.reply.stream);
    return rc;
}

static void one_organisation_has_a_share(void **state)
{
    (void)state;
    struct open *open = calloc(1, sizeof *open);
    size_t greedy = 0, all;
    assert_non_null(open);
    open->api.streams = mg_streams_new();
    while (greedy < MOST && open_stream(open, "GREEDY") == 0)
        greedy++;
    assert_int_equal(greedy, 64);
    assert_int_equal(open_stream(open, "GREEDY"), MG_E_BUSY);
    assert_int_equal(open_stream(open, "MODEST"), 0);
    MHD_destroy_response(open->responses[0]); /* one of the greedy ones ends */
    open->responses[0] = open->responses[--open->n];
    assert_int_equal(open_stream(open, "GREEDY"), 0);
    for (int i = 0; i < MOST && open->n < MOST; i++) {
        char org_id[27];
        snprintf(org_id, sizeof org_id, "ORG%d", i);
        if (open_stream(open, org_id))
            break;
    }
    all = open->n;
    for (size_t i = 0; i < all; i++)
        MHD_destroy_response(open->responses[i]);
    mg_streams_free(open->api.streams);
    free(open);
    assert_int_equal(all, 256);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_organisation_has_a_share)};
    return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
