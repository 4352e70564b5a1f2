/* Delimiter and column names of a CSV file from its first lines.
 *
 * DuckDB's own detection may skip lines or change its mind about quotes to make a ragged file fit; ours only
 * chooses the delimiter: the one that cuts the first records into equally many cells, and more than one.
 * Everything else is fixed, so that a bad line is an error with its number instead of a silently different
 * table. */
#include <stdio.h>
#include <string.h>

#include "column/duckdb/duck.h"

#define SNIFF_RECORDS 100

/* The next cell; *cursor moves behind its delimiter. Returns false when it was the last one of its record. */
static bool next_cell(const char **cursor, char delimiter, char quote, const char **ret_start, size_t *ret_n)
{
    const char *p = *cursor;
    *ret_start = p;
    if (*p == quote)
        for (p++; *p && !(*p == quote && p[1] != quote); p++)
            p += *p == quote;
    while (*p && *p != delimiter && *p != '\n')
        p++;
    *ret_n = (size_t)(p - *ret_start);
    if (*ret_n && p[-1] == '\r' && *p != delimiter)
        (*ret_n)--;
    bool more = *p == delimiter;
    *cursor = *p ? p + 1 : p;
    return more;
}

static size_t count_cells(const char **cursor, char delimiter, char quote)
{
    const char *start;
    size_t n = 1, length;
    while (next_cell(cursor, delimiter, quote, &start, &length))
        n++;
    return n;
}

/* Records that have as many cells as the first, weighted so that more cells win ties; 0 for a single cell. */
static double rate(const char *head, char delimiter, char quote)
{
    const char *cursor = head;
    size_t first = count_cells(&cursor, delimiter, quote), same = 1, records = 1;

    for (; *cursor && records < SNIFF_RECORDS; records++) {
        const char *before = cursor;
        size_t n = count_cells(&cursor, delimiter, quote);
        if (!*cursor) /* the last record may be cut off */
            break;
        same += n == first || (n == 1 && (*before == '\n' || *before == '\r'));
    }
    return first > 1 ? (double)same / (double)records + 1e-6 * (double)first : 0;
}

static char choose_delimiter(const char *head, char quote)
{
    static const char candidates[] = ",;\t|";
    char best = ',';
    double best_rate = 0;
    for (const char *c = candidates; *c; c++) {
        double r = rate(head, *c, quote);
        if (r > best_rate) {
            best = *c;
            best_rate = r;
        }
    }
    return best;
}

static const char *cell_text(struct mg_arena *arena, const char *start, size_t n, char quote)
{
    char *text = mg_arena_alloc(arena, n + 1);
    size_t m = 0;
    bool quoted = n >= 2 && start[0] == quote && start[n - 1] == quote;
    for (size_t i = quoted; text && i < n - quoted; i++) {
        if (quoted && start[i] == quote && start[i + 1] == quote && i + 1 < n - 1)
            i++;
        text[m++] = start[i];
    }
    while (text && m && (text[m - 1] == ' ' || text[m - 1] == '\t'))
        text[--m] = '\0';
    return text;
}

/* `name`, or column<N> when empty, with _2, _3 … when taken. `next` holds the number to try by place of the
 * first of that name, so that thousands of equal names take no longer than others. */
static const char *unique_name(struct mg_arena *arena, const struct mg_names *names, size_t *next,
                               const char *name)
{
    if (name && !*name)
        name = mg_arena_printf(arena, "column%zu", names->n + 1);
    const char *unique = name;
    size_t first = name ? mg_names_find(names, name) : SIZE_MAX;
    while (unique && mg_names_find(names, unique) != SIZE_MAX) {
        next[first] = next[first] ? next[first] + 1 : 2;
        unique = mg_arena_printf(arena, "%s_%zu", name, next[first]);
    }
    return unique;
}

static int fail_name(size_t column, struct mg_error *error)
{
    mg_fail(error, MG_E_LIMIT, "The name of column %zu is longer than the %d bytes allowed.", column,
            MG_COLUMN_NAME_MAX);
    mg_fail_hint(error, "Give the column a short name.");
    return MG_E_LIMIT;
}

int mg_csv_sniff(struct mg_arena *arena, const struct mg_source *source, const char *label, const char *head,
                 struct mg_csv_dialect *ret, struct mg_error *error)
{
    const char *start, *name;
    size_t length, *next = mg_arena_array(arena, MG_COLUMN_COLUMNS_MAX, sizeof(*next));
    struct mg_names names;
    bool more = true;

    if (strncmp(head, "\xef\xbb\xbf", 3) == 0)
        head += 3;
    if (!*head)
        return mg_fail(error, MG_E_INVALID, "%s is empty.", label);
    ret->quote = source->quote ? source->quote : '"';
    ret->delimiter = source->delimiter ? source->delimiter : choose_delimiter(head, ret->quote);
    if (!next || !mg_names_init(&names, arena, MG_COLUMN_COLUMNS_MAX, true))
        return mg_fail_memory(error);
    while (more) {
        if (names.n == MG_COLUMN_COLUMNS_MAX)
            return mg_fail(error, MG_E_LIMIT, "%s has more than %d columns.", label, MG_COLUMN_COLUMNS_MAX);
        more = next_cell(&head, ret->delimiter, ret->quote, &start, &length);
        if (length > MG_COLUMN_NAME_MAX && !source->no_header)
            return fail_name(names.n + 1, error);
        name = source->no_header ? "" : cell_text(arena, start, length, ret->quote);
        name = unique_name(arena, &names, next, name);
        if (!name)
            return mg_fail_memory(error);
        mg_names_add(&names, name);
    }
    ret->names = names.names;
    ret->n_names = names.n;
    return 0;
}
