/* Query parameters: decoded once, when the header is in; typed by the route's table. Whoever reads them later
 * reads the decoded ones, so that nothing is decoded twice ("%2541" is "%41", never "A"). */
#include <string.h>

#include "api/door/router.h"
#include "api/private.h"

#define TEXT_MAX ((size_t)128 * 1024) /* of the whole query, decoded: the header is shorter */

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

bool mg_request_decode_query(struct mg_request *request)
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

static const char *get(void *user, const char *name, size_t i)
{
    return mg_request_query(user, name, i);
}

int mg_request_read_query(struct mg_request *request, void *ret_query, struct mg_error *error)
{
    const struct mg_wire_type *type = request->route->query;
    const char *wrong = unknown(request);
    if (wrong)
        mg_fail(error, MG_E_INVALID, "There is no query parameter “%.80s” here.", wrong);
    else if (request->broken && request->n_query == MG_QUERY_PARAMETERS_MAX)
        mg_fail(error, MG_E_LIMIT, "There are more than %d query parameters.", MG_QUERY_PARAMETERS_MAX);
    else if (request->broken)
        mg_fail(error, MG_E_INVALID, "The query parameter “%.80s” is not properly percent-encoded UTF-8.",
                request->broken);
    wrong = wrong ? wrong : request->broken;
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
