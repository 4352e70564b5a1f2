/* Moments as an aggregate function inside DuckDB's own query.
 *
 *     SELECT keys…, m, … FROM (SELECT by…, mg_moments(id, {columns…}) AS m, … FROM source WHERE filters
 *     GROUP BY by…)
 *
 * DuckDB's threads scan, filter and group; the function gets their vectors as they are, packed into a struct
 * whose fields are the request's columns. `id` names the running request (registered in struct mg_column),
 * which holds the plan, a pool of blocks (one a thread at work) and every accumulator that was made: the
 * function's value is an index into those. A state borrows its accumulator, made when its first row arrives.
 * The request owns it, since DuckDB doesn't destroy every state of a query that fails. */
#include <stdlib.h>
#include <string.h>

#include "column/duckdb/duck.h"

#define BLOCKS_MAX 128
#define GROUPS_DEFAULT 10000

struct mg_duck_moments {
    struct mg_duck_moments *next;
    uint64_t id;
    struct mg_column *column;
    const struct mg_moments_plan *plan;
    enum mg_moments_type *types; /* per input: the columns, then the weight */
    size_t n_inputs;
    bool links; /* each row's bucket follows the inputs */
    bool grouped;
    bool narrow; /* cast to SMALLINT where the scale allows */
    pthread_mutex_t lock;
    struct mg_moments_block *blocks[BLOCKS_MAX]; /* idle ones */
    size_t n_blocks;
    struct mg_moments_acc **made; /* most_made; NULL where freed */
    size_t n_made, most_made;
    bool too_many; /* one more was wanted */
};

struct state {
    struct mg_moments_acc *acc; /* request's made[index]; NULL before the first row and after the end */
    struct mg_column *column;
    uint64_t request;
    size_t index;
    int32_t slot; /* while a chunk is sorted by group: 1 + its place, else 0 */
};

/* ---- Requests in flight ---- */

static void enter(struct mg_column *column, struct mg_duck_moments *request)
{
    pthread_mutex_lock(&column->lock);
    request->id = ++column->next_id;
    request->column = column;
    request->next = column->running;
    column->running = request;
    pthread_mutex_unlock(&column->lock);
}

/* Taking both locks once more makes all that the engine's threads did for the request come before what
 * follows: each of them gave one of the locks back after its last look at the plan and the accumulators
 * (give_block, combine). */
static void leave(struct mg_column *column, struct mg_duck_moments *request)
{
    pthread_mutex_lock(&request->lock);
    pthread_mutex_unlock(&request->lock);
    pthread_mutex_lock(&column->lock);
    struct mg_duck_moments **at = &column->running;
    while (*at && *at != request)
        at = &(*at)->next;
    if (*at)
        *at = request->next;
    pthread_mutex_unlock(&column->lock);
}

/* With the column's lock held. */
static struct mg_duck_moments *find_running(const struct mg_column *column, uint64_t id)
{
    struct mg_duck_moments *request = column->running;
    while (request && request->id != id)
        request = request->next;
    return request;
}

static struct mg_duck_moments *lookup(struct mg_column *column, uint64_t id)
{
    pthread_mutex_lock(&column->lock);
    struct mg_duck_moments *request = find_running(column, id);
    pthread_mutex_unlock(&column->lock);
    return request;
}

static struct mg_moments_block *take_block(struct mg_duck_moments *request)
{
    struct mg_moments_block *block = NULL;
    pthread_mutex_lock(&request->lock);
    if (request->n_blocks)
        block = request->blocks[--request->n_blocks];
    pthread_mutex_unlock(&request->lock);
    return block ? block : mg_moments_block_new(request->plan);
}

static void give_block(struct mg_duck_moments *request, struct mg_moments_block *block)
{
    pthread_mutex_lock(&request->lock);
    bool room = request->n_blocks < BLOCKS_MAX;
    if (room)
        request->blocks[request->n_blocks++] = block;
    pthread_mutex_unlock(&request->lock);
    if (!room)
        mg_moments_block_free(block);
}

/* ---- The aggregate function ---- */

static const char too_many[] = "mg: too many groups";
static const char no_memory[] = "Out of Memory Error: moments";

static idx_t state_size(duckdb_function_info info)
{
    (void)info;
    return sizeof(struct state);
}

static void state_init(duckdb_function_info info, duckdb_aggregate_state state)
{
    (void)info;
    memset(state, 0, sizeof(struct state));
}

/* Frees it early; the request has done so if it has left already. */
static void state_destroy(duckdb_aggregate_state *states, idx_t count)
{
    for (idx_t i = 0; i < count; i++) {
        struct state *state = (struct state *)states[i];
        if (!state->acc)
            continue;
        pthread_mutex_lock(&state->column->lock);
        struct mg_duck_moments *request = find_running(state->column, state->request);
        if (request) {
            mg_moments_acc_free(state->acc);
            request->made[state->index] = NULL;
        }
        pthread_mutex_unlock(&state->column->lock);
        state->acc = NULL;
    }
}

/* Gives the state its accumulator; a text on failure. */
static const char *start_state(struct mg_duck_moments *request, struct state *state)
{
    if (state->acc)
        return NULL;
    pthread_mutex_lock(&request->lock);
    bool over = request->n_made == request->most_made;
    if (over)
        request->too_many = true;
    else
        *state =
            (struct state){.column = request->column, .request = request->id, .index = request->n_made++};
    pthread_mutex_unlock(&request->lock);
    if (over)
        return too_many;
    state->acc = request->made[state->index] = mg_moments_acc_new(request->plan);
    return state->acc ? NULL : no_memory;
}

/* Rows of a chunk sorted by state: `rows` holds them group by group, group g from starts[g]. */
struct sorted {
    struct state *states[MG_MOMENTS_BLOCK];
    uint16_t starts[MG_MOMENTS_BLOCK + 1], rows[MG_MOMENTS_BLOCK];
    size_t n;
};

static void sort_rows(struct state *const *states, size_t n, struct sorted *ret)
{
    uint16_t counts[MG_MOMENTS_BLOCK], at[MG_MOMENTS_BLOCK];

    ret->n = 0;
    for (size_t r = 0; r < n; r++) {
        struct state *state = states[r];
        if (!state->slot) {
            ret->states[ret->n] = state;
            counts[ret->n] = 0;
            state->slot = (int32_t)++ret->n;
        }
        counts[state->slot - 1]++;
    }
    ret->starts[0] = 0;
    for (size_t g = 0; g < ret->n; g++) {
        at[g] = ret->starts[g];
        ret->starts[g + 1] = (uint16_t)(ret->starts[g] + counts[g]);
    }
    for (size_t r = 0; r < n; r++)
        ret->rows[at[states[r]->slot - 1]++] = (uint16_t)r;
    for (size_t g = 0; g < ret->n; g++)
        ret->states[g]->slot = 0;
}

static const char *add_groups(struct mg_duck_moments *request, struct mg_moments_block *block,
                              struct state *const *states, size_t n)
{
    struct sorted sorted;
    const char *problem = NULL;

    sort_rows(states, n, &sorted);
    for (size_t g = 0; g < sorted.n && !problem; g++) {
        problem = start_state(request, sorted.states[g]);
        size_t from = sorted.starts[g], m = sorted.starts[g + 1] - from;
        if (!problem && mg_moments_acc_add(sorted.states[g]->acc, block, sorted.rows + from, m))
            problem = no_memory;
    }
    return problem;
}

static const char *add_chunk(struct mg_duck_moments *request, duckdb_vector packed,
                             struct state *const *states, size_t n)
{
    struct mg_moments_input inputs[MG_MOMENTS_COLUMNS_MAX + 1];
    struct mg_moments_block *block = take_block(request);
    const char *problem = NULL;

    if (!block)
        return no_memory;
    for (size_t i = 0; i < request->n_inputs; i++)
        inputs[i] = mg_duck_input(duckdb_struct_vector_get_child(packed, i), request->types[i]);
    const uint8_t *buckets =
        request->links ? duckdb_vector_get_data(duckdb_struct_vector_get_child(packed, request->n_inputs))
                       : NULL;
    mg_moments_block_load(block, inputs, &inputs[request->n_inputs - 1], buckets, n);
    if (request->grouped) {
        problem = add_groups(request, block, states, n);
    } else {
        problem = start_state(request, states[0]);
        if (!problem && mg_moments_acc_add(states[0]->acc, block, NULL, n))
            problem = no_memory;
    }
    give_block(request, block);
    return problem;
}

static void update(duckdb_function_info info, duckdb_data_chunk chunk, duckdb_aggregate_state *states)
{
    struct mg_column *column = duckdb_aggregate_function_get_extra_info(info);
    size_t n = duckdb_data_chunk_get_size(chunk);
    if (n == 0)
        return;
    uint64_t id = ((uint64_t *)duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 0)))[0];
    struct mg_duck_moments *request = lookup(column, id);
    const char *problem = "mg: no such request";
    if (request && n <= MG_MOMENTS_BLOCK)
        problem =
            add_chunk(request, duckdb_data_chunk_get_vector(chunk, 1), (struct state *const *)states, n);
    if (problem)
        duckdb_aggregate_function_set_error(info, problem);
}

static void combine(duckdb_function_info info, duckdb_aggregate_state *sources,
                    duckdb_aggregate_state *targets, idx_t count)
{
    for (idx_t i = 0; i < count; i++) {
        struct state *source = (struct state *)sources[i], *target = (struct state *)targets[i];
        if (!source->acc)
            continue;
        if (!target->acc) {
            *target = *source;
            source->acc = NULL;
        } else if (mg_moments_acc_merge(target->acc, source->acc)) {
            duckdb_aggregate_function_set_error(info, no_memory);
        }
    }
    struct mg_column *column = duckdb_aggregate_function_get_extra_info(info);
    pthread_mutex_lock(&column->lock); /* see leave */
    pthread_mutex_unlock(&column->lock);
}

static void finalize(duckdb_function_info info, duckdb_aggregate_state *states, duckdb_vector result,
                     idx_t count, idx_t offset)
{
    (void)info;
    int64_t *values = duckdb_vector_get_data(result);
    for (idx_t i = 0; i < count; i++) {
        struct state *state = (struct state *)states[i];
        values[offset + i] = state->acc ? (int64_t)state->index : -1; /* -1: no row came */
        state->acc = NULL;
    }
}

int mg_duck_register_moments(struct mg_column *column, duckdb_connection connection, struct mg_error *error)
{
    duckdb_aggregate_function function = duckdb_create_aggregate_function();
    duckdb_logical_type id = duckdb_create_logical_type(DUCKDB_TYPE_UBIGINT);
    duckdb_logical_type any = duckdb_create_logical_type(DUCKDB_TYPE_ANY);
    duckdb_logical_type index = duckdb_create_logical_type(DUCKDB_TYPE_BIGINT);

    duckdb_aggregate_function_set_name(function, "mg_moments");
    duckdb_aggregate_function_add_parameter(function, id);
    duckdb_aggregate_function_add_parameter(function, any);
    duckdb_aggregate_function_set_return_type(function, index);
    duckdb_aggregate_function_set_functions(function, state_size, state_init, update, combine, finalize);
    duckdb_aggregate_function_set_destructor(function, state_destroy);
    duckdb_aggregate_function_set_special_handling(function);
    duckdb_aggregate_function_set_extra_info(function, column, NULL);
    duckdb_state state = duckdb_register_aggregate_function(connection, function);
    duckdb_destroy_logical_type(&id);
    duckdb_destroy_logical_type(&any);
    duckdb_destroy_logical_type(&index);
    duckdb_destroy_aggregate_function(&function);
    if (state != DuckDBSuccess)
        return mg_fail(error, MG_E_ENGINE, "The analytics engine refused its settings.");
    return 0;
}

/* ---- The query ---- */

/* What rows that share a bucket have in common. */
static int find_bucket(const struct mg_duck_session *session, const struct mg_moments_request *request,
                       struct mg_arena *arena, const char **ret_hash, struct mg_error *error)
{
    const struct mg_duck_column *column;
    *ret_hash = session->row_hash;
    if (!request->bucket_by)
        return 0;
    int rc = mg_duck_find(session, request->bucket_by, &column, error);
    if (rc)
        return rc;
    *ret_hash = mg_arena_printf(arena, "CASE WHEN %s IS NULL THEN %s ELSE hash(%s) END", column->text,
                                session->row_hash, column->text);
    return *ret_hash ? 0 : mg_fail_memory(error);
}

static enum mg_moments_type add_number(struct mg_duck_sql *sql, const struct mg_duck_column *column,
                                       const char *positive, const struct mg_moments_column *scale,
                                       bool narrow)
{
    bool whole = !positive && column->type == MG_TYPE_INTEGER && column->number_type != MG_MOMENTS_DOUBLE;
    if (!narrow || !whole || scale->low < INT16_MIN || scale->high > INT16_MAX)
        return mg_duck_number(sql, column, positive, scale);
    mg_duck_sql_add(sql, "CAST(");
    mg_duck_number(sql, column, NULL, scale);
    mg_duck_sql_add(sql, " AS SMALLINT)");
    return MG_MOMENTS_INT16;
}

static int add_inputs(const struct mg_duck_session *session, const struct mg_moments_request *request,
                      struct mg_duck_moments *running, const char *hash, struct mg_duck_sql *sql,
                      struct mg_error *error)
{
    const struct mg_duck_column *column;
    size_t n = request->spec->n_columns;

    mg_duck_sql_add(sql, "mg_moments(");
    mg_duck_sql_bind_id(sql, running->id);
    mg_duck_sql_add(sql, ", struct_pack(");
    for (size_t i = 0; i < running->n_inputs; i++) {
        const char *name = i < n ? request->columns[i] : request->weight;
        const char *positive = i < n && request->positive ? request->positive[i] : NULL;
        int rc = mg_duck_find(session, name, &column, error);
        if (rc)
            return rc;
        mg_duck_sql_addf(sql, "%sv%zu := ", i ? ", " : "", i);
        if (i < n) {
            running->types[i] =
                add_number(sql, column, positive, &request->spec->columns[i], running->narrow);
        } else {
            running->types[i] = MG_MOMENTS_DOUBLE;
            mg_duck_weight(sql, column);
        }
    }
    if (running->links) {
        mg_duck_sql_addf(sql, ", v%zu := CAST(", running->n_inputs);
        mg_duck_sql_add(sql, request->bucket_each ? "place" : hash);
        mg_duck_sql_addf(sql, " %% %d AS UTINYINT)", MG_MOMENTS_BUCKETS_MAX);
    }
    mg_duck_sql_add(sql, ")) AS m");
    return 0;
}

/* Who the buckets are made of, group by group. */
static int add_people(const struct mg_duck_session *session, const struct mg_moments_request *request,
                      struct mg_duck_sql *sql, struct mg_error *error)
{
    const struct mg_duck_column *column;
    if (!request->count_people) {
        mg_duck_sql_add(sql, ", CAST(0 AS BIGINT) AS named, CAST(0 AS BIGINT) AS people");
        return 0;
    }
    int rc = mg_duck_find(session, request->bucket_by, &column, error);
    if (rc)
        return rc;
    mg_duck_sql_addf(sql,
                     ", count(%s) AS named, count(DISTINCT hash(%s)) FILTER (WHERE %s IS NOT NULL) AS people",
                     column->text, column->text, column->text);
    return 0;
}

/* Keys are grouped in their own type and turned into text at the end; the order is by value where the text is
 * a number. */
static int build(const struct mg_duck_session *session, const struct mg_moments_request *request,
                 struct mg_arena *arena, struct mg_duck_moments *running, struct mg_duck_sql *sql,
                 struct mg_error *error)
{
    const struct mg_duck_column *column;
    const char *hash;
    bool buckets = request->buckets > 1;
    int rc = find_bucket(session, request, arena, &hash, error);

    mg_duck_sql_add(sql, "SELECT ");
    for (size_t b = 0; b < request->n_by; b++)
        mg_duck_sql_addf(sql, "k%zu, ", b);
    mg_duck_sql_add(sql, buckets ? "bucket, " : "");
    mg_duck_sql_add(sql, "m, named, people FROM (SELECT ");
    for (size_t b = 0; b < request->n_by && !rc; b++) {
        rc = mg_duck_find(session, request->by[b], &column, error);
        if (rc)
            return rc;
        mg_duck_sql_add(sql, column->text);
        mg_duck_sql_addf(sql, " AS k%zu, ", b);
    }
    if (buckets) {
        mg_duck_sql_add(sql, "CAST(");
        mg_duck_sql_add(sql, hash);
        mg_duck_sql_addf(sql, " %% %u AS UBIGINT) AS bucket, ", request->buckets);
    }
    if (!rc)
        rc = add_inputs(session, request, running, hash, sql, error);
    if (!rc)
        rc = add_people(session, request, sql, error);
    mg_duck_sql_add(sql, " FROM ");
    bool each = running->links && request->bucket_each;
    if (each) {
        mg_duck_sql_add(sql, "(SELECT *, dense_rank() OVER (ORDER BY ");
        mg_duck_sql_add(sql, hash);
        mg_duck_sql_add(sql, ") - 1 AS place FROM ");
    }
    mg_duck_sql_add(sql, buckets || running->links ? session->from_rows : session->from);
    if (!rc)
        rc = mg_duck_where(session, sql, request->filters, request->n_filters, error);
    if (!rc)
        rc = mg_duck_where_not(session, sql, request->n_filters, request->except, request->n_except, error);
    mg_duck_sql_add(sql, each ? ")" : "");
    for (size_t b = 0; b < request->n_by + buckets; b++)
        mg_duck_sql_addf(sql, "%s%zu", b ? ", " : " GROUP BY ", b + 1);
    mg_duck_sql_add(sql, ")");
    for (size_t b = 0; b < request->n_by; b++)
        mg_duck_sql_addf(sql, "%sTRY_CAST(k%zu AS DOUBLE) NULLS LAST, k%zu NULLS LAST",
                         b ? ", " : " ORDER BY ", b, b);
    if (buckets)
        mg_duck_sql_add(sql, request->n_by ? ", bucket" : " ORDER BY bucket");
    return rc;
}

static int64_t integer(duckdb_data_chunk chunk, idx_t c, idx_t r)
{
    return ((int64_t *)duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, c)))[r];
}

static int read_group(struct mg_duck_moments *running, struct mg_arena *arena,
                      const struct mg_moments_request *request, duckdb_data_chunk chunk, idx_t row,
                      struct mg_moments_group *ret, struct mg_error *error)
{
    bool buckets = request->buckets > 1;
    const char **keys = mg_arena_array(arena, request->n_by + 1, sizeof(*keys));
    for (size_t b = 0; b < request->n_by && keys; b++)
        keys[b] = mg_duck_text(arena, duckdb_data_chunk_get_vector(chunk, b), row);
    if (!keys)
        return mg_fail_memory(error);
    ret->keys = keys;
    if (buckets)
        ret->bucket = (unsigned)((uint64_t *)duckdb_vector_get_data(
            duckdb_data_chunk_get_vector(chunk, request->n_by)))[row];
    duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, request->n_by + buckets);
    int64_t index = ((int64_t *)duckdb_vector_get_data(vector))[row];
    ret->named = integer(chunk, request->n_by + buckets + 1, row);
    ret->people = integer(chunk, request->n_by + buckets + 2, row);
    struct mg_moments_acc *empty = index < 0 ? mg_moments_acc_new(running->plan) : NULL;
    struct mg_moments_acc *acc = index < 0 ? empty : running->made[index];
    int rc = acc ? mg_moments_acc_finish(acc, arena, &ret->moments, &ret->moments_squared, error)
                 : mg_fail_memory(error);
    mg_moments_acc_free(empty);
    if (index >= 0) {
        mg_moments_acc_free(running->made[index]); /* as early as may be: groups can be many */
        running->made[index] = NULL;
    }
    return rc;
}

/* Most rows of the result: groups, each split into buckets. */
static size_t most_groups(const struct mg_moments_request *request)
{
    size_t groups = request->max_groups ? request->max_groups : GROUPS_DEFAULT;
    return groups * (request->buckets > 1 ? request->buckets : 1);
}

static int fail_groups(const struct mg_moments_request *request, struct mg_error *error)
{
    return mg_fail(error, MG_E_LIMIT,
                   "The grouping columns split the rows into more than the %zu groups allowed.",
                   request->max_groups ? request->max_groups : GROUPS_DEFAULT);
}

static int read_groups(struct mg_duck_moments *running, struct mg_arena *arena,
                       const struct mg_moments_request *request, duckdb_result *result,
                       struct mg_moments_result *ret, struct mg_error *error)
{
    size_t n = duckdb_row_count(result), g = 0;
    duckdb_data_chunk chunk;
    int rc = 0;

    if (n > most_groups(request))
        return fail_groups(request, error);
    struct mg_moments_group *groups = mg_arena_array(arena, n + 1, sizeof(*groups));
    if (!groups)
        return mg_fail_memory(error);
    while (!rc && (chunk = duckdb_fetch_chunk(*result))) {
        for (idx_t r = 0; r < duckdb_data_chunk_get_size(chunk) && !rc; r++)
            rc = read_group(running, arena, request, chunk, r, &groups[g++], error);
        duckdb_destroy_data_chunk(&chunk);
    }
    ret->groups = groups;
    ret->n_groups = g;
    return rc;
}

static int run(struct mg_duck_session *session, struct mg_duck_moments *running, struct mg_arena *arena,
               const struct mg_moments_request *request, struct mg_moments_result *ret_result,
               struct mg_error *error)
{
    struct mg_moments_result found = {0};
    struct mg_duck_sql sql;
    duckdb_result result;

    mg_duck_sql_init(&sql);
    int rc = build(session, request, arena, running, &sql, error);
    if (!rc)
        rc = mg_duck_ask(session, &sql, false, &result, error);
    mg_duck_sql_done(&sql);
    if (rc && running->too_many)
        return fail_groups(request, error);
    if (rc)
        return rc;
    rc = read_groups(running, arena, request, &result, &found, error);
    duckdb_destroy_result(&result);
    if (!rc)
        *ret_result = found;
    return rc;
}

static void running_done(struct mg_duck_moments *running)
{
    for (size_t b = 0; b < running->n_blocks; b++)
        mg_moments_block_free(running->blocks[b]);
    for (size_t i = 0; i < running->n_made; i++)
        mg_moments_acc_free(running->made[i]);
    free(running->made);
    pthread_mutex_destroy(&running->lock);
}

static int attempt(struct mg_duck_session *session, const struct mg_moments_plan *plan,
                   struct mg_arena *arena, const struct mg_moments_request *request, bool narrow,
                   struct mg_moments_result *ret_result, struct mg_error *error)
{
    struct mg_duck_moments running = {.plan = plan,
                                      .grouped = request->n_by > 0 || request->buckets > 1,
                                      .links = request->spec->n_links > 0,
                                      .narrow = narrow};
    running.n_inputs = request->spec->n_columns + (request->weight ? 1 : 0);
    running.types = mg_arena_array(arena, running.n_inputs, sizeof(*running.types));
    /* Each thread has states of its own for every group, twice where its table had to grow. */
    running.most_made = 2 * (most_groups(request) + 1) * (size_t)(session->column->threads + 1);
    running.made = calloc(running.most_made, sizeof(*running.made));
    pthread_mutex_init(&running.lock, NULL);
    enter(session->column, &running);
    int rc = running.types && running.made ? run(session, &running, arena, request, ret_result, error)
                                           : mg_fail_memory(error);
    leave(session->column, &running);
    running_done(&running);
    return rc;
}

int mg_duck_moments(struct mg_column *column, struct mg_arena *arena,
                    const struct mg_moments_request *request, struct mg_moments_result *ret_result,
                    struct mg_error *error)
{
    struct mg_duck_session session;
    struct mg_error first = {.lang = error ? error->lang : MG_LANG_EN};
    struct mg_moments_plan *plan;

    if (request->buckets & (request->buckets - 1))
        return mg_fail(error, MG_E_INVALID, "%u buckets are asked for; the number must be a power of two.",
                       request->buckets);
    int rc = mg_moments_plan_new(arena, request->spec, request->weight, &plan, error);
    if (!rc)
        rc = mg_duck_session_open(column, arena, &request->source, &session, error);
    if (rc)
        return rc;
    if (session.parquet)
        rc = attempt(&session, plan, arena, request, true, ret_result, &first);
    if (!session.parquet || rc == MG_E_INVALID) /* perhaps a value too large for a SMALLINT */
        rc = attempt(&session, plan, arena, request, false, ret_result, error);
    else if (rc && error)
        *error = first;
    mg_duck_session_close(&session);
    return rc;
}
