/* Query parameters: decoded once, on demand; typed by the route's table. */
#include <string.h>

#include "api/private.h"
#include "api/router.h"

#define PARAMETERS_MAX 64

struct search {
    struct mg_arena *arena;
    const char *name;
    size_t skip;
    const char *value;
};

static char *decoded(struct mg_arena *arena, const char *raw)
{
    char *text = mg_arena_strdup(arena, raw ? raw : "");
    return text && mg_percent_decode(text) ? text : NULL;
}

static enum MHD_Result match_name(void *user, enum MHD_ValueKind kind, const char *key, const char *value)
{
    (void)kind;
    struct search *search = user;
    if (strcmp(key, search->name) != 0 || search->skip-- > 0)
        return MHD_YES;
    search->value = decoded(search->arena, value);
    return MHD_NO;
}

const char *mg_request_query(struct mg_request *request, const char *name, size_t i)
{
    struct search search = {.arena = request->ctx.arena, .name = name, .skip = i};
    MHD_get_connection_values(request->connection, MHD_GET_ARGUMENT_KIND, match_name, &search);
    return search.value;
}

static enum MHD_Result add_pair(void *user, enum MHD_ValueKind kind, const char *key, const char *value)
{
    (void)kind;
    struct mg_buf *text = user;
    mg_buf_printf(text, "%s%s=%s", text->len ? "&" : "", key, value ? value : "");
    return MHD_YES;
}

const char *mg_request_query_text(struct mg_request *request)
{
    struct mg_buf text;
    mg_buf_init(&text, 16 * 1024);
    MHD_get_connection_values(request->connection, MHD_GET_ARGUMENT_KIND, add_pair, &text);
    const char *copy = text.failed ? NULL : mg_arena_strdup(request->ctx.arena, text.data ? text.data : "");
    mg_buf_done(&text);
    return copy;
}

struct check {
    const struct mg_wire_type *type;
    struct mg_arena *arena;
    const char *unknown, *broken;
    size_t n;
};

static enum MHD_Result check_one(void *user, enum MHD_ValueKind kind, const char *key, const char *value)
{
    (void)kind;
    struct check *check = user;
    bool known = strcmp(key, "lang") == 0;
    for (size_t i = 0; check->type && i < check->type->n_fields && !known; i++)
        known = strcmp(check->type->fields[i].name, key) == 0;
    if (!known)
        check->unknown = key;
    else if (!decoded(check->arena, value))
        check->broken = key;
    return known && !check->broken && ++check->n < PARAMETERS_MAX ? MHD_YES : MHD_NO;
}

static const char *get(void *user, const char *name, size_t i)
{
    return mg_request_query(user, name, i);
}

int mg_request_read_query(struct mg_request *request, void *ret_query, struct mg_error *error)
{
    const struct mg_wire_type *type = request->route->query;
    struct check check = {.type = type, .arena = request->ctx.arena};
    MHD_get_connection_values(request->connection, MHD_GET_ARGUMENT_KIND, check_one, &check);
    const char *wrong = check.unknown ? check.unknown : check.broken;
    if (check.unknown)
        mg_fail(error, MG_E_INVALID, "There is no query parameter “%.80s” here.", wrong);
    else if (check.broken)
        mg_fail(error, MG_E_INVALID, "The query parameter “%.80s” is not properly percent-encoded UTF-8.",
                wrong);
    if (wrong) {
        mg_fail_at(error, "?%.80s", wrong);
        return MG_E_INVALID;
    }
    if (!type)
        return 0;
    int rc = mg_wire_read_query(request->ctx.arena, type, get, request, ret_query, error);
    if (rc && error->field[0] == '/')
        error->field[0] = '?';
    return rc;
}
