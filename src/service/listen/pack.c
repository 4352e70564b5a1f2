/* See pack.h. Ids of one import that differ in their last digits alone were given in one batch: as many as a
 * chunk holds become one, an id that is missing between them as an erased place. Others become rows of typed
 * answers. */
#include "service/listen/pack.h"

#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "service/record/stored.h"
#include "store/queries.gen.h"
#include "store/store.h"

#define DOCUMENT_BYTES_MAX ((size_t)16 << 20)
#define ARENA_BYTES ((size_t)512 << 20)
#define NO_DOCUMENT "{}" /* the answers are kept as bytes */

struct packing {
    struct mg_ctx ctx; /* of one write */
    char after[MG_ULID_SIZE], next[MG_ULID_SIZE];
    bool done;
};

/* Documents of one group: the columns that they name, and each one's answers in their order. */
struct group {
    struct mg_arena *arena;
    const struct mg_sql_response_old_row *rows;
    size_t n, n_names, room;
    json_t **documents;
    const char **names;
};

static void let_go(void *json)
{
    json_decref(json);
}

static size_t find_name(const struct group *g, const char *name, size_t guess)
{
    for (size_t i = 0; i < g->n_names; i++) {
        size_t at = (guess + i) % g->n_names;
        if (strcmp(g->names[at], name) == 0)
            return at;
    }
    return SIZE_MAX;
}

static int add_name(struct group *g, const char *name, struct mg_error *error)
{
    if (g->n_names == g->room) {
        const char **names = mg_arena_array(g->arena, 2 * g->room + 64, sizeof *names);
        if (!names)
            return mg_fail_memory(error);
        if (g->n_names)
            memcpy(names, g->names, g->n_names * sizeof *names);
        g->names = names;
        g->room = 2 * g->room + 64;
    }
    g->names[g->n_names++] = name;
    return 0;
}

/* MG_E_INVALID: a document is none. */
static int read_documents(struct group *g, struct mg_error *error)
{
    g->documents = mg_arena_array(g->arena, g->n, sizeof(json_t *));
    int rc = g->documents ? 0 : mg_fail_memory(error);
    for (size_t i = 0; i < g->n && !rc; i++) {
        const char *name, *text = g->rows[i].document;
        json_t *value, *document = mg_json_parse(text, strlen(text), DOCUMENT_BYTES_MAX, NULL);
        size_t guess = 0;
        if (!json_is_object(document))
            rc = MG_E_INVALID;
        if (document && mg_arena_defer(g->arena, let_go, document))
            return mg_fail_memory(error);
        g->documents[i] = document;
        json_object_foreach(document, name, value)
        {
            size_t at = find_name(g, name, guess);
            if (at == SIZE_MAX && !rc)
                rc = add_name(g, name, error);
            guess = at == SIZE_MAX ? g->n_names : at + 1;
        }
    }
    return rc;
}

static struct mg_datum *answers_of(const struct group *g, size_t row)
{
    struct mg_datum *answers = mg_arena_array(g->arena, g->n_names + 1, sizeof *answers);
    for (size_t i = 0; answers && i < g->n_names; i++) {
        const json_t *value = json_object_get(g->documents[row], g->names[i]);
        if (json_is_number(value))
            answers[i] = mg_datum_number(json_number_value(value));
        else if (json_is_string(value))
            answers[i] = mg_datum_text(json_string_value(value));
    }
    return answers;
}

/* ---- into a chunk ---- */

static int fill_place(const struct group *g, size_t i, struct mg_chunk_row *ret, struct mg_error *error)
{
    const struct mg_sql_response_old_row *row = &g->rows[i];
    *ret = (struct mg_chunk_row){.wave = row->wave,
                                 .customer_id = row->customer_id,
                                 .weight = row->weight ? *row->weight : NAN,
                                 .at = row->at,
                                 .answers = answers_of(g, i)};
    return ret->answers ? 0 : mg_fail_memory(error);
}

static int add_chunk(const struct packing *p, struct mg_db *db, const struct group *g, struct mg_error *error)
{
    const struct mg_sql_response_old_row *first = g->rows;
    size_t n = mg_stored_place(first->id, MG_STORED_CHUNK_ROWS, g->rows[g->n - 1].id) + 1;
    struct mg_chunk_row *rows = mg_arena_array(g->arena, n, sizeof *rows);
    int rc = rows ? 0 : mg_fail_memory(error);
    for (size_t i = 0; i < n && !rc; i++)
        rows[i] = (struct mg_chunk_row){.erased = true, .weight = NAN, .at = MG_CHUNK_NO_TIME};
    for (size_t i = 0; i < g->n && !rc; i++)
        rc = fill_place(g, i, &rows[mg_stored_place(first->id, n, g->rows[i].id)], error);
    const struct mg_chunk_rows all = {g->names, g->n_names, rows, n};
    const struct mg_stored_chunk chunk = {first->id, first->study_id, first->import_id, &all,
                                          first->created_at};
    if (!rc)
        rc = mg_stored_add(&p->ctx, db, &chunk, error);
    for (size_t i = 0; i < g->n && !rc; i++)
        rc = mg_sql_response_delete(db, first->org_id, g->rows[i].id, NULL, error);
    return rc;
}

/* ---- into a row ---- */

static int write_row(struct mg_db *db, const struct group *g, struct mg_buf *bytes, struct mg_error *error)
{
    const struct mg_sql_response_old_row *row = g->rows;
    const struct mg_layout layout = {g->names, g->n_names};
    const struct mg_datum *answers = answers_of(g, 0);
    struct mg_blob names;
    int64_t shape = 0;
    if (!answers)
        return mg_fail_memory(error);
    mg_answers_write(bytes, answers, layout.n);
    int rc =
        bytes->failed ? mg_fail_memory(error) : mg_layout_write(g->arena, &layout, &names, &shape, error);
    if (!rc)
        rc = mg_sql_layout_insert(db, row->study_id, shape, row->org_id, names, NULL, error);
    return rc ? rc
              : mg_sql_response_set_answers(db, row->id, shape, (struct mg_blob){bytes->data, bytes->len},
                                            NULL, error);
}

static int pack_row(struct mg_db *db, const struct group *g, struct mg_error *error)
{
    struct mg_buf bytes;
    mg_buf_init(&bytes, DOCUMENT_BYTES_MAX);
    int rc = write_row(db, g, &bytes, error);
    mg_buf_done(&bytes);
    return rc;
}

/* ---- groups ---- */

/* How many of the rows from here on may become one chunk; 1 for what can't. */
static size_t group_size(const struct mg_sql_response_old_row *rows, size_t n)
{
    size_t size = 1;
    if (!rows->import_id || !mg_str_equal(rows->state, "done"))
        return 1;
    while (size < n && mg_str_equal(rows[size].import_id, rows->import_id) &&
           mg_stored_place(rows->id, MG_STORED_CHUNK_ROWS, rows[size].id) != SIZE_MAX)
        size++;
    return size;
}

/* An import that hasn't ended, or isn't to be seen, keeps its rows for whoever ends it. */
static int pack_group(const struct packing *p, struct mg_db *db, const struct mg_sql_response_old_row *rows,
                      size_t n, struct mg_error *error)
{
    struct group g = {.arena = p->ctx.arena, .rows = rows, .n = n};
    struct packing of_org = *p;
    if (rows->import_id && !mg_str_equal(rows->state, "done"))
        return 0;
    memcpy(of_org.ctx.caller.org_id, rows->org_id, MG_ULID_SIZE);
    int rc = read_documents(&g, error);
    if (rc == MG_E_INVALID) /* left as it is */
        return 0;
    if (rc)
        return rc;
    return n > 1 ? add_chunk(&of_org, db, &g, error) : pack_row(db, &g, error);
}

/* A group that the end of the page cuts off is left to the next one. */
static int pack_some(struct mg_db *db, void *user, struct mg_error *error)
{
    struct packing *p = user;
    struct mg_sql_response_old_row *rows = NULL;
    size_t n = 0, at = 0;
    int rc = mg_sql_response_old(db, p->ctx.arena, p->after, MG_STORED_CHUNK_ROWS, &rows, &n, error);
    while (at < n && !rc) {
        size_t size = group_size(rows + at, n - at);
        if (at > 0 && at + size == n && n == MG_STORED_CHUNK_ROWS)
            break;
        rc = pack_group(p, db, rows + at, size, error);
        at += size;
    }
    p->done = n < MG_STORED_CHUNK_ROWS;
    if (!rc && at)
        memcpy(p->next, rows[at - 1].id, MG_ULID_SIZE);
    return rc;
}

int mg_listen_pack(const struct mg_ctx *ctx, struct mg_error *error)
{
    struct packing p = {.ctx = *ctx};
    int rc = 0;
    while (!rc && !p.done) {
        rc = mg_stop_check(ctx->stop, error);
        p.ctx.arena = rc ? NULL : mg_arena_new(ARENA_BYTES);
        if (!rc)
            rc = p.ctx.arena ? mg_store_write(ctx->store, pack_some, &p, error) : mg_fail_memory(error);
        mg_arena_free(p.ctx.arena);
        memcpy(p.after, p.next, MG_ULID_SIZE);
    }
    return rc;
}
