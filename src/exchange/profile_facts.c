/* What is in the columns, as a part of a file's profile: who opens the file by it needs no pass for that. See
 * private.h. Read back as if anybody could have written it. */
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "exchange/private.h"

#define VALUES_MAX ((size_t)MG_EVIDENCE_TEXTS + 256) /* longer texts, and those of one byte */
#define COUNT_MAX MG_EXCHANGE_BYTES_MAX              /* each cell takes a byte at least */

/* --- writing --- */

static void put_shown(struct mg_json_writer *out, const struct mg_cell_facts *facts)
{
    mg_json_key(out, "shown");
    mg_json_open(out, '[');
    for (size_t i = 0; i < facts->n_shown; i++) {
        mg_json_string(out, facts->not_understood[i]);
        mg_json_int(out, facts->not_understood_row[i]);
    }
    mg_json_close(out, ']');
}

static void put_values(struct mg_json_writer *out, const struct mg_cell_facts *facts)
{
    mg_json_key(out, "values");
    mg_json_open(out, '[');
    for (size_t i = 0; i < facts->n_values; i++) {
        mg_json_string(out, facts->values[i].text);
        mg_json_int(out, facts->values[i].n);
    }
    mg_json_close(out, ']');
}

void mg_profile_put_facts(struct mg_json_writer *out, const struct mg_cell_facts *facts)
{
    mg_json_key(out, "facts");
    mg_json_open(out, '{');
    mg_json_key_int(out, "n", facts->n);
    mg_json_key_int(out, "missing", facts->n_missing);
    mg_json_key_int(out, "not_understood", facts->n_not_understood);
    mg_json_key_number(out, "min", facts->min); /* NAN: null */
    mg_json_key_number(out, "max", facts->max);
    mg_json_key_bool(out, "whole", facts->whole);
    mg_json_key_int(out, "distinct", facts->n_distinct);
    mg_json_key_bool(out, "complete", facts->values_complete);
    mg_json_key_bool(out, "date_order_open", facts->date_order_open);
    mg_json_key_bool(out, "decimal_open", facts->decimal_open);
    put_shown(out, facts);
    put_values(out, facts);
    mg_json_close(out, '}');
}

/* --- reading --- */

static bool take_count(const json_t *json, json_int_t low, int64_t *ret)
{
    *ret = json_integer_value(json);
    return json_is_integer(json) && *ret >= low && *ret <= COUNT_MAX;
}

static bool take_end(const json_t *json, double *ret)
{
    *ret = json_is_number(json) ? json_number_value(json) : NAN;
    return json_is_number(json) || json_is_null(json);
}

static bool take_shown(struct mg_arena *arena, const json_t *from, struct mg_cell_facts *facts)
{
    size_t n = json_array_size(from);
    if (!json_is_array(from) || n % 2 || n / 2 > MG_EVIDENCE_SHOWN)
        return false;
    for (size_t i = 0; i < n / 2; i++) {
        facts->not_understood[i] = mg_arena_strdup(arena, json_string_value(json_array_get(from, 2 * i)));
        if (!facts->not_understood[i] ||
            !take_count(json_array_get(from, 2 * i + 1), 0, &facts->not_understood_row[i]))
            return false;
    }
    facts->n_shown = n / 2;
    return true;
}

static bool take_values(struct mg_arena *arena, const json_t *from, struct mg_cell_facts *facts)
{
    size_t n = json_array_size(from);
    struct mg_cell_count *values = mg_arena_array(arena, n / 2 + 1, sizeof *values);
    if (!json_is_array(from) || n % 2 || n / 2 > VALUES_MAX || !values)
        return false;
    for (size_t i = 0; i < n / 2; i++) {
        values[i].text = mg_arena_strdup(arena, json_string_value(json_array_get(from, 2 * i)));
        if (!values[i].text ||
            !take_count(json_array_get(from, 2 * i + 1), facts->values_complete ? 0 : -1, &values[i].n))
            return false;
    }
    facts->values = values;
    facts->n_values = n / 2;
    return true;
}

bool mg_profile_take_facts(struct mg_arena *arena, const json_t *from, struct mg_cell_facts *ret)
{
    struct mg_cell_facts facts = {0};
    json_t *n, *missing, *not_understood, *min, *max, *distinct, *shown, *values;
    int whole, complete, dates, marks;
    if (json_unpack((json_t *)from, "{s:o,s:o,s:o,s:o,s:o,s:b,s:o,s:b,s:b,s:b,s:o,s:o}", "n", &n, "missing",
                    &missing, "not_understood", &not_understood, "min", &min, "max", &max, "whole", &whole,
                    "distinct", &distinct, "complete", &complete, "date_order_open", &dates, "decimal_open",
                    &marks, "shown", &shown, "values", &values) != 0)
        return false;
    facts.whole = whole;
    facts.values_complete = complete;
    facts.date_order_open = dates;
    facts.decimal_open = marks;
    if (!take_count(n, 0, &facts.n) || !take_count(missing, 0, &facts.n_missing) ||
        !take_count(not_understood, 0, &facts.n_not_understood) || !take_end(min, &facts.min) ||
        !take_end(max, &facts.max) || !take_count(distinct, 0, &facts.n_distinct) ||
        facts.n_missing + facts.n_not_understood > facts.n || !take_shown(arena, shown, &facts) ||
        !take_values(arena, values, &facts))
        return false;
    *ret = facts;
    return true;
}
