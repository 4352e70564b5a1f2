/* A request's two ends, and reading what came with it: headers and the query.
 *
 * Query parameters are decoded once, when the header is in, and typed by the route's table. Whoever reads
 * them later reads the decoded ones, so that nothing is decoded twice ("%2541" is "%41", never "A"). */
#include "api/http/request.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "api/door/cache.h"
#include "api/http/http.h"
#include "api/http/upload.h"
#include "api/private.h"
#include "base/percent.h"
#include "base/ulid.h"

#define ARENA_MAX ((size_t)512 * 1024 * 1024)
#define TEXT_MAX ((size_t)128 * 1024) /* of the whole query, decoded: the header is shorter */

/* ---- headers ---- */

const char *mg_request_header(const struct mg_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

bool mg_request_has_etag(const struct mg_request *request, const char *etag)
{
    const char *header = mg_request_header(request, "If-None-Match");
    return header && (strcmp(header, "*") == 0 || strstr(header, etag));
}

/* ---- the query ---- */

struct decoding {
    struct mg_request *request;
    struct mg_parameter *list;
    bool failed;
};

static char *decode(struct decoding *decoding, const char *raw, const char *name)
{
    char *text = mg_arena_strdup(decoding->request->ctx.arena, raw ? raw : "");
    if (!text)
        decoding->failed = true;
    else if (!mg_percent_decode(text))
        decoding->request->broken = name;
    return text;
}

static enum MHD_Result add_parameter(void *user, enum MHD_ValueKind kind, const char *key, const char *value)
{
    (void)kind;
    struct decoding *decoding = user;
    struct mg_request *request = decoding->request;
    if (request->n_query == MG_QUERY_PARAMETERS_MAX) {
        request->broken = key;
        return MHD_NO;
    }
    struct mg_parameter *parameter = &decoding->list[request->n_query];
    parameter->name = decode(decoding, key, key);
    parameter->value = decode(decoding, value, key);
    if (request->broken || decoding->failed)
        return MHD_NO;
    request->n_query++;
    return MHD_YES;
}

static bool decode_query(struct mg_request *request)
{
    int n = MHD_get_connection_values(request->connection, MHD_GET_ARGUMENT_KIND, NULL, NULL);
    if (n <= 0)
        return true;
    size_t room = n < MG_QUERY_PARAMETERS_MAX ? (size_t)n : MG_QUERY_PARAMETERS_MAX;
    struct decoding decoding = {.request = request};
    decoding.list = mg_arena_array(request->ctx.arena, room, sizeof *decoding.list);
    if (!decoding.list)
        return false;
    MHD_get_connection_values(request->connection, MHD_GET_ARGUMENT_KIND, add_parameter, &decoding);
    request->query = decoding.list;
    return !decoding.failed;
}

const char *mg_request_query(const struct mg_request *request, const char *name, size_t i)
{
    for (size_t p = 0; p < request->n_query; p++)
        if (strcmp(request->query[p].name, name) == 0 && i-- == 0)
            return request->query[p].value;
    return NULL;
}

const char *mg_request_query_text(struct mg_request *request)
{
    struct mg_buf text;
    mg_buf_init(&text, TEXT_MAX);
    mg_buf_puts(&text, "");
    for (size_t p = 0; p < request->n_query; p++)
        mg_buf_printf(&text, "&%zu.%s=%zu.%s", strlen(request->query[p].name), request->query[p].name,
                      strlen(request->query[p].value), request->query[p].value);
    const char *copy = text.failed ? NULL : mg_arena_strdup(request->ctx.arena, text.data ? text.data : "");
    mg_buf_done(&text);
    return copy;
}

/* A parameter that the route doesn't have; `lang` they all have. */
static const char *unknown(const struct mg_request *request)
{
    const struct mg_wire_type *type = request->route->query;
    for (size_t p = 0; p < request->n_query; p++) {
        const char *name = request->query[p].name;
        bool known = strcmp(name, "lang") == 0;
        for (size_t i = 0; type && i < type->n_fields && !known; i++)
            known = strcmp(type->fields[i].name, name) == 0;
        if (!known)
            return name;
    }
    return NULL;
}

/* A parameter that comes twice and holds one value: which of them is meant, nobody knows. */
static const char *repeated(const struct mg_request *request)
{
    for (size_t p = 1; p < request->n_query; p++)
        for (size_t before = 0; before < p; before++)
            if (strcmp(request->query[p].name, request->query[before].name) == 0)
                return request->query[p].name;
    return NULL;
}

static const char *get(void *user, const char *name, size_t i)
{
    return mg_request_query(user, name, i);
}

int mg_request_read_query(struct mg_request *request, void *ret_query, struct mg_error *error)
{
    const struct mg_wire_type *type = request->route->query;
    const char *wrong = unknown(request), *twice = wrong ? NULL : repeated(request);
    if (request->broken && request->n_query == MG_QUERY_PARAMETERS_MAX)
        mg_fail(error, MG_E_LIMIT, "There are more than %d query parameters.", MG_QUERY_PARAMETERS_MAX);
    else if (wrong)
        mg_fail(error, MG_E_INVALID, "There is no query parameter “%.80s” here.", wrong);
    else if (twice)
        mg_fail(error, MG_E_INVALID, "The query parameter “%.80s” is given more than once.", twice);
    else if (request->broken)
        mg_fail(error, MG_E_INVALID, "The query parameter “%.80s” is not properly percent-encoded UTF-8.",
                request->broken);
    wrong = wrong ? wrong : twice ? twice : request->broken;
    if (wrong) {
        mg_fail_at(error, "?%.80s", wrong);
        return error ? error->code : MG_E_INVALID;
    }
    if (!type)
        return 0;
    int rc = mg_wire_read_query(request->ctx.arena, type, get, request, ret_query, error);
    if (rc && error->field[0] == '/')
        error->field[0] = '?';
    return rc;
}

/* ---- its two ends ---- */

/* zh when Chinese comes first among the languages we speak, or ?lang says so. */
static enum mg_lang choose_language(const struct mg_request *request)
{
    const char *asked = mg_request_query(request, "lang", 0);
    if (!asked)
        asked = mg_request_header(request, "Accept-Language");
    for (; asked && *asked; asked++) {
        if (strncasecmp(asked, "zh", 2) == 0)
            return MG_LANG_ZH;
        if (strncasecmp(asked, "en", 2) == 0)
            return MG_LANG_EN;
        asked += strcspn(asked, ",");
        asked += strspn(asked, ", ");
        asked--;
    }
    return MG_LANG_EN;
}

static struct mg_connection *watched_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

struct mg_request *mg_request_new(struct mg_api *api, struct MHD_Connection *connection, const char *method,
                                  const char *target)
{
    struct mg_request *request = calloc(1, sizeof *request);
    if (!request)
        return NULL;
    request->ctx = api->base;
    request->ctx.arena = mg_arena_new(ARENA_MAX);
    request->api = api;
    request->connection = connection;
    request->watched = watched_of(connection);
    request->method = method;
    request->target = target;
    request->started = mg_clock_elapsed();
    request->upload_fd = -1;
    mg_stop_init(&request->stop);
    mg_ulid_new(mg_now(&api->base.clock), request->id);
    if (!request->ctx.arena || !decode_query(request)) {
        mg_request_free(request);
        return NULL;
    }
    mg_request_note_peer(request);
    request->ctx.lang = choose_language(request);
    return request;
}

void mg_request_free(struct mg_request *request)
{
    mg_upload_end(request);
    mg_cache_release(request->reply.cached);
    if (request->reply.has_file)
        close(request->reply.fd);
    mg_buf_done(&request->body);
    mg_buf_done(&request->reply.buf);
    mg_stop_done(&request->stop);
    mg_arena_free(request->ctx.arena);
    free(request);
}
