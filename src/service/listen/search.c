/* Responses found by time or by an answer; see search.h.
 *
 * By an answer: the scan hands over every row that the filters let through, in no order. `page` keeps the
 * first `limit` of them behind the cursor, sorted, each new one put in its place by halving: O(rows · log
 * limit), and most rows cost one comparison. Invariant: hits[0 … n) are the first n of all rows seen so far
 * behind the cursor. */
#include "service/listen/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "base/ulid.h"
#include "service/listen/columns.h"
#include "service/listen/response.h"
#include "service/record/customer.h"
#include "service/record/load.h"
#include "service/record/stored.h"
#include "store/queries.gen.h"
#include "store/store.h"

#define TEXT_BYTES 80  /* of a text answer that order goes by */
#define BEHIND_ALL "8" /* ULIDs begin with 0 to 7 */
#define DOCUMENT_BYTES_MAX ((size_t)16 << 20)
#define ID_CELL "_id"
#define ALL_WAVES "*" /* as everywhere */
#define CUSTOMERS_MAX 1000

enum { CELL_ID, CELL_AT, CELL_ANSWER, CELLS };

struct search {
    const struct mg_ctx *ctx;
    const char *study_id;
    enum mg_wire_search_responses_query_order order;
    int64_t from, below; /* from ≤ at < below */
    const char *wave, *value, *before;
    const char *customer;         /* how their references begin; "": of all */
    struct mg_customer_span span; /* what begins so */
    const char **customers;       /* their ids, where an answer is looked for */
    size_t n_customers;
    const struct mg_record_study *study;
    const struct mg_field *field; /* NULL: by time alone */
    int64_t limit;
};

/* What a row is ordered by: the time or a number, or a text; then its id. */
struct hit {
    double number;
    char text[TEXT_BYTES];
    char id[MG_ULID_SIZE];
};

struct page {
    const struct search *search;
    struct hit *hits; /* room for limit + 1 */
    size_t n;
    int64_t total;
    bool has_after;
    struct hit after; /* the last row of the page before */
};

static bool is_descending(const struct search *s)
{
    return s->order == MG_WIRE_SEARCH_RESPONSES_QUERY_ORDER_NEWEST ||
           s->order == MG_WIRE_SEARCH_RESPONSES_QUERY_ORDER_HIGHEST;
}

static bool by_time(const struct search *s)
{
    return s->order == MG_WIRE_SEARCH_RESPONSES_QUERY_ORDER_NEWEST ||
           s->order == MG_WIRE_SEARCH_RESPONSES_QUERY_ORDER_OLDEST;
}

/* Below 0: `a` comes first. */
static int compare(const struct search *s, const struct hit *a, const struct hit *b)
{
    int sign = is_descending(s) ? -1 : 1;
    if (a->number != b->number)
        return a->number < b->number ? -sign : sign;
    int order = strcmp(a->text, b->text);
    return sign * (order ? order : strcmp(a->id, b->id));
}

static struct hit hit_of(const struct search *s, const char *id, int64_t at, const char *answer)
{
    struct hit hit = {0};
    memcpy(hit.id, id, MG_ULID_SIZE);
    if (by_time(s) && at == MG_NO_TIME)
        hit.number = is_descending(s) ? -INFINITY : INFINITY; /* last */
    else if (by_time(s))
        hit.number = (double)at;
    else if (s->field->type != MG_TYPE_TEXT)
        hit.number = strtod(answer, NULL);
    else
        memccpy(hit.text, answer, '\0', TEXT_BYTES - 1);
    return hit;
}

static void keep(struct page *page, const struct hit *hit)
{
    const struct search *s = page->search;
    size_t low = 0, high = page->n, most = (size_t)s->limit;
    if (page->n == most && compare(s, hit, &page->hits[most - 1]) > 0)
        return;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(s, hit, &page->hits[middle]) < 0)
            high = middle;
        else
            low = middle + 1;
    }
    memmove(&page->hits[low + 1], &page->hits[low], (page->n - low) * sizeof *hit);
    page->hits[low] = *hit;
    page->n += page->n < most;
}

static int take_rows(void *user, const struct mg_row_batch *batch, struct mg_error *error)
{
    struct page *page = user;
    const struct search *s = page->search;
    (void)error;
    for (size_t r = 0; r < batch->n_rows; r++) {
        const char *const *cells = &batch->cells[r * batch->n_columns];
        int64_t at = MG_NO_TIME;
        if (!cells[CELL_ID] || strlen(cells[CELL_ID]) != MG_ULID_SIZE - 1 || !cells[CELL_ANSWER] ||
            (cells[CELL_AT] && mg_time_parse(cells[CELL_AT], &at)) || at < s->from || at >= s->below)
            continue;
        struct hit hit = hit_of(s, cells[CELL_ID], at, cells[CELL_ANSWER]);
        page->total++;
        if (!page->has_after || compare(s, &hit, &page->after) > 0)
            keep(page, &hit);
    }
    return 0;
}

/* --- what is asked --- */

static int read_time(const char *text, const char *where, int64_t *ret_at, struct mg_error *error)
{
    if (!text || !*text || mg_time_parse(text, ret_at) == 0)
        return 0;
    mg_fail(error, MG_E_INVALID, "This time can't be read.");
    mg_fail_at(error, "%s", where);
    mg_fail_hint(error, "Write it as in 2026-01-18 or 2026-01-18T13:40:00Z.");
    return MG_E_INVALID;
}

static int read_column(struct search *s, const char *column, struct mg_error *error)
{
    if (!column || !*column) {
        if (by_time(s) && !s->value)
            return 0;
        mg_fail(error, MG_E_INVALID, "Name the column whose answers are meant.");
        mg_fail_at(error, "?column");
        return MG_E_INVALID;
    }
    size_t at = mg_fields_find(&s->study->fields, column, strlen(column), 0);
    if (at == SIZE_MAX) {
        mg_fail(error, MG_E_INVALID, "The study has no such column.");
        mg_fail_at(error, "?column");
        return MG_E_INVALID;
    }
    s->field = &s->study->fields.fields[at];
    return 0;
}

static int check_value(const struct search *s, struct mg_error *error)
{
    char *end;
    if (!s->value || s->field->type == MG_TYPE_TEXT)
        return 0;
    (void)strtod(s->value, &end);
    if (end != s->value && !*end)
        return 0;
    mg_fail(error, MG_E_INVALID, "Answers in this column are numbers.");
    mg_fail_at(error, "?value");
    return MG_E_INVALID;
}

/* The columns know customers by their ids. Where nobody begins so, nobody's responses are found. */
static int find_customers(struct mg_db *db, void *user, struct mg_error *error)
{
    static const char *const nobody = "-";
    struct search *s = user;
    int rc = mg_record_customer_ids(db, s->ctx, &s->span, CUSTOMERS_MAX + 1, &s->customers, &s->n_customers,
                                    error);
    if (!rc && s->n_customers > CUSTOMERS_MAX) {
        rc =
            mg_fail(error, MG_E_LIMIT, "More than %d customers have a number that begins so.", CUSTOMERS_MAX);
        mg_fail_at(error, "?customer");
        mg_fail_hint(error, "Give more of the number.");
    }
    if (!rc && !s->n_customers)
        s->customers[s->n_customers++] = nobody;
    return rc;
}

/* --- by time --- */

static struct mg_sql_response_newest_params params_of(const struct search *s)
{
    bool down = is_descending(s);
    return (struct mg_sql_response_newest_params){.org_id = s->ctx->caller.org_id,
                                                  .study_id = s->study_id,
                                                  .from_at = s->from,
                                                  .below_at = s->below,
                                                  .wave = s->wave,
                                                  .customer = s->span.start,
                                                  .customer_end = s->span.end,
                                                  .last_at = down ? INT64_MAX : INT64_MIN,
                                                  .last_id = down ? BEHIND_ALL : "",
                                                  .limit = s->limit};
}

/* The oldest first, and behind them those without a time, which the record has before all. */
static int page_of_oldest(const struct search *s, struct mg_db *db, const struct mg_sql_response_row *last,
                          struct mg_sql_response_row **ret_rows, size_t *ret_n, struct mg_error *error)
{
    const struct mg_sql_response_newest_params p = params_of(s);
    struct mg_sql_response_newest_params up = {p.org_id,   p.study_id,     p.from_at,  p.below_at, p.wave,
                                               p.customer, p.customer_end, MG_NO_TIME, BEHIND_ALL, p.limit};
    struct mg_sql_response_row *timed = NULL, *untimed = NULL;
    size_t n_timed = 0, n_untimed = 0;
    bool among_untimed = last && last->at == MG_NO_TIME;
    int rc = 0;
    if (last) {
        up.last_at = last->at;
        up.last_id = last->id;
    }
    if (!among_untimed)
        rc = mg_stored_oldest(s->ctx, db, &up, &timed, &n_timed, error);
    up.below_at = MG_NO_TIME + 1;
    up.last_at = MG_NO_TIME;
    up.last_id = among_untimed ? last->id : "";
    up.limit = p.limit - (int64_t)n_timed;
    if (!rc && up.limit > 0 && s->from == MG_NO_TIME)
        rc = mg_stored_oldest(s->ctx, db, &up, &untimed, &n_untimed, error);
    struct mg_sql_response_row *rows =
        rc ? NULL : mg_arena_array(s->ctx->arena, n_timed + n_untimed + 1, sizeof *rows);
    if (rc || !rows)
        return rc ? rc : mg_fail_memory(error);
    if (n_timed)
        memcpy(rows, timed, n_timed * sizeof *rows);
    if (n_untimed)
        memcpy(rows + n_timed, untimed, n_untimed * sizeof *rows);
    *ret_rows = rows;
    *ret_n = n_timed + n_untimed;
    return 0;
}

static int page_by_time(const struct search *s, struct mg_db *db, const struct mg_sql_response_row *last,
                        struct mg_sql_response_row **ret_rows, size_t *ret_n, int64_t *ret_total,
                        struct mg_error *error)
{
    struct mg_sql_response_newest_params p = params_of(s);
    int rc = mg_stored_count(s->ctx, db, &p, ret_total, error);
    if (rc)
        return rc;
    if (!is_descending(s))
        return page_of_oldest(s, db, last, ret_rows, ret_n, error);
    if (last) {
        p.last_at = last->at;
        p.last_id = last->id;
    }
    return mg_stored_newest(s->ctx, db, &p, ret_rows, ret_n, error);
}

/* --- by an answer --- */

/* The answer of a response as the columns have it; "" where it has none. */
static int answer_of(const struct search *s, const struct mg_sql_response_row *row, const char **ret_answer,
                     struct mg_error *error)
{
    json_t *document = mg_json_parse(row->document, strlen(row->document), DOCUMENT_BYTES_MAX, NULL);
    const json_t *answer = document ? json_object_get(document, s->field->column) : NULL;
    const char *text = "";
    if (json_is_string(answer))
        text = mg_arena_strdup(s->ctx->arena, json_string_value(answer));
    else if (json_is_number(answer))
        text = mg_arena_printf(s->ctx->arena, "%.17g", json_number_value(answer));
    json_decref(document);
    *ret_answer = text;
    return text ? 0 : mg_fail_memory(error);
}

static int scan(const struct search *s, struct page *page, struct mg_error *error)
{
    size_t at = (size_t)(s->field - s->study->fields.fields) + MG_RECORD_COMMON_COLUMNS;
    const char *names[CELLS] = {ID_CELL, MG_RECORD_AT, s->study->table.names[at]};
    struct mg_filter filters[3];
    size_t n = 0;
    if (s->value)
        filters[n++] = (struct mg_filter){
            .column = names[CELL_ANSWER], .op = MG_FILTER_IN, .values = &s->value, .n_values = 1};
    else
        filters[n++] = (struct mg_filter){.column = names[CELL_ANSWER], .op = MG_FILTER_PRESENT};
    if (*s->wave)
        filters[n++] = (struct mg_filter){
            .column = MG_RECORD_WAVE, .op = MG_FILTER_IN, .values = &s->wave, .n_values = 1};
    if (*s->customer)
        filters[n++] = (struct mg_filter){.column = MG_RECORD_CUSTOMER,
                                          .op = MG_FILTER_IN,
                                          .values = s->customers,
                                          .n_values = s->n_customers};
    struct mg_source source = mg_record_source(s->study);
    source.stop = s->ctx->stop;
    return mg_columns_scan(&s->ctx->columns, &source, names, CELLS, filters, n, 0, take_rows, page, error);
}

static int page_by_answer(const struct search *s, struct mg_db *db, const struct mg_sql_response_row *last,
                          struct mg_sql_response_row **ret_rows, size_t *ret_n, int64_t *ret_total,
                          struct mg_error *error)
{
    struct mg_arena *arena = s->ctx->arena;
    struct page page = {.search = s, .has_after = last != NULL};
    const char *answer = "";
    page.hits = mg_arena_array(arena, (size_t)s->limit + 1, sizeof *page.hits);
    struct mg_sql_response_row *rows = mg_arena_array(arena, (size_t)s->limit, sizeof *rows);
    int rc = page.hits && rows ? 0 : mg_fail_memory(error);
    if (!rc && last)
        rc = answer_of(s, last, &answer, error);
    if (!rc && last)
        page.after = hit_of(s, last->id, last->at, answer);
    if (!rc)
        rc = scan(s, &page, error);
    for (size_t i = 0, n = 0; !rc && i < page.n; i++, *ret_n = n) {
        rc = mg_stored_get(s->ctx, db, page.hits[i].id, &rows[n], error);
        n += rc == 0;
        rc = rc == MG_E_NOT_FOUND ? 0 : rc; /* erased since, and not yet so in the columns */
    }
    *ret_rows = rows;
    *ret_total = page.total;
    return rc;
}

static int read_page(const struct search *s, struct mg_sql_response_row **ret_rows, size_t *ret_n,
                     int64_t *ret_total, struct mg_error *error)
{
    struct mg_db *db;
    struct mg_sql_response_row last;
    int rc = mg_store_read_begin(s->ctx->store, &db, error);
    if (rc)
        return rc;
    if (s->before)
        rc = mg_stored_get(s->ctx, db, s->before, &last, error);
    if (rc == MG_E_NOT_FOUND)
        rc = mg_fail(error, MG_E_NOT_FOUND, "There is no such response.");
    if (!rc)
        rc = (s->field ? page_by_answer : page_by_time)(s, db, s->before ? &last : NULL, ret_rows, ret_n,
                                                        ret_total, error);
    mg_store_read_end(s->ctx->store, db);
    return rc;
}

int mg_listen_response_search(const struct mg_ctx *ctx, const char *study_id, int order, const char *from,
                              const char *below, const char *wave, const char *customer, const char *column,
                              const char *value, const char *before, int64_t limit,
                              struct mg_wire_response_list *ret, struct mg_error *error)
{
    struct search s = {.ctx = ctx,
                       .study_id = study_id,
                       .order = (enum mg_wire_search_responses_query_order)order,
                       .from = INT64_MIN,
                       .below = INT64_MAX,
                       .wave = wave && strcmp(wave, ALL_WAVES) != 0 ? wave : "",
                       .customer = customer ? customer : "",
                       .value = value && *value ? value : NULL,
                       .before = before,
                       .limit = limit};
    struct mg_sql_response_row *rows = NULL;
    size_t n = 0;
    int64_t total = 0;
    int rc = mg_record_study_load(ctx, study_id, &s.study, error);
    if (!rc)
        rc = read_time(from, "?from", &s.from, error);
    if (!rc)
        rc = read_time(below, "?below", &s.below, error);
    if (s.below != INT64_MAX && s.from == MG_NO_TIME)
        s.from = MG_NO_TIME + 1; /* no span holds those without a time */
    if (!rc)
        rc = mg_record_customer_span(ctx->arena, s.customer, &s.span, error);
    if (!rc)
        rc = read_column(&s, column, error);
    if (!rc && s.field && *s.customer)
        rc = mg_store_read(ctx->store, find_customers, &s, error);
    if (!rc && s.field)
        rc = check_value(&s, error);
    if (!rc && s.field)
        rc = mg_listen_columns_ready(ctx, study_id, error);
    if (!rc)
        rc = read_page(&s, &rows, &n, &total, error);
    return rc ? rc : mg_listen_responses_to_wire(ctx, rows, n, total, ret, error);
}
