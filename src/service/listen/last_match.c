/* Which columns of a file are those of last time; see last_compare.h. */
#include "base/names.h"
#include "service/listen/last_compare.h"

struct index {
    struct mg_names names, given;
    size_t *given_at; /* places of those that have other words */
    bool *taken;
};

static bool index_file(struct mg_arena *arena, const struct mg_exchange *file, struct index *ret)
{
    size_t n = file->n_columns;
    ret->given_at = mg_arena_array(arena, n, sizeof *ret->given_at);
    ret->taken = mg_arena_array(arena, n, sizeof *ret->taken);
    if (!ret->given_at || !ret->taken || !mg_names_init(&ret->names, arena, n, true) ||
        !mg_names_init(&ret->given, arena, n, true))
        return false;
    for (size_t i = 0; i < n; i++) {
        mg_names_add(&ret->names, file->columns[i]);
        if (file->given && file->given[i]) {
            ret->given_at[ret->given.n] = i;
            mg_names_add(&ret->given, file->given[i]);
        }
    }
    return true;
}

static size_t find_name(const struct index *index, const char *name)
{
    size_t at = name ? mg_names_find(&index->names, name) : SIZE_MAX;
    return at != SIZE_MAX && index->taken[at] ? SIZE_MAX : at;
}

static size_t find_given(const struct index *index, const char *given)
{
    size_t at = given ? mg_names_find(&index->given, given) : SIZE_MAX;
    at = at == SIZE_MAX ? at : index->given_at[at];
    return at != SIZE_MAX && index->taken[at] ? SIZE_MAX : at;
}

static size_t take(struct index *index, size_t at)
{
    if (at != SIZE_MAX)
        index->taken[at] = true;
    return at;
}

int mg_last_match(struct mg_arena *arena, const struct mg_exchange *file, const struct mg_last_profile *last,
                  size_t **ret_places, size_t *ret_n, struct mg_error *error)
{
    struct index index;
    size_t *places = mg_arena_array(arena, last->n_columns, sizeof *places), n = 0;
    if (!places || !index_file(arena, file, &index))
        return mg_fail_memory(error);
    for (size_t i = 0; i < last->n_columns; i++)
        places[i] = take(&index, find_given(&index, last->columns[i].given));
    for (size_t i = 0; i < last->n_columns; i++)
        if (places[i] == SIZE_MAX)
            places[i] = take(&index, find_name(&index, last->columns[i].name));
    for (size_t i = 0; i < last->n_columns; i++) {
        if (places[i] == SIZE_MAX)
            places[i] = take(&index, find_given(&index, last->columns[i].name));
        if (places[i] == SIZE_MAX)
            places[i] = take(&index, find_name(&index, last->columns[i].given));
        n += places[i] != SIZE_MAX;
    }
    *ret_places = places;
    *ret_n = n;
    return 0;
}
