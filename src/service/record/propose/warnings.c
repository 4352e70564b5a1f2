/* What a person should look at before a number is made: in the order of how much it costs when left. */
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "service/record/propose/private.h"
#include "words.gen.h"

#define WARNINGS_MAX 10
#define NAMES_SHOWN 5
#define NAME_BYTES 60

typedef bool concerns(const struct mg_propose *p, size_t column);

/* "should" is in many questions: it counts in ratings only. */
static bool speaks_of_expectation(const struct mg_propose_column *c)
{
    for (size_t i = 0; i < c->n_stems; i++)
        if (c->stems[i].side == MG_SIDE_EXPECTATION && c->stems[i].kind == MG_STEM_WORD &&
            (c->rating || !mg_words_is(&mg_words_side_should, c->stems[i].word)))
            return true;
    return false;
}

static bool compares(const struct mg_propose *p, size_t column)
{
    return p->columns[column].compares;
}

static bool is_unplaced_expectation(const struct mg_propose *p, size_t column)
{
    const struct mg_propose_column *c = &p->columns[column];
    enum mg_proposal_role role = c->row->role;
    bool placed = c->row->partner != SIZE_MAX || role == MG_PROPOSED_ADEQUATE ||
                  role == MG_PROPOSED_IMPORTANCE || role == MG_PROPOSED_OUTCOME;
    return !placed && !c->compares && speaks_of_expectation(c);
}

static bool is_undecided(const struct mg_propose *p, size_t column)
{
    for (size_t i = 0; i < p->n_pairs; i++)
        if (p->pairs[i].undecided && !p->pairs[i].rescaled &&
            (p->pairs[i].expectation == column || p->pairs[i].perception == column))
            return true;
    return false;
}

static bool is_unplaced_perception(const struct mg_propose *p, size_t column)
{
    const struct mg_propose_column *c = &p->columns[column];
    return p->n_pairs && mg_propose_is_free(c) && c->said && c->side == MG_SIDE_PERCEPTION;
}

static bool has_candidate(const struct mg_propose *p, size_t column)
{
    const struct mg_propose_column *c = &p->columns[column];
    return c->row->n_candidates && c->row->partner == SIZE_MAX;
}

static bool has_open_order(const struct mg_propose *p, size_t column)
{
    return p->columns[column].info->date_order_open;
}

static bool has_open_mark(const struct mg_propose *p, size_t column)
{
    return p->columns[column].info->decimal_open;
}

static bool is_not_understood(const struct mg_propose *p, size_t column)
{
    return p->columns[column].info->n_not_understood > 0;
}

static bool fits_two(const struct mg_propose *p, size_t column)
{
    const struct mg_proposal_column *row = p->columns[column].row;
    return row->item && row->scale.max == p->study->scale.max && row->scale.min == p->study->scale.min &&
           row->other.max > row->other.min;
}

static bool runs_the_other_way(const struct mg_propose *p, size_t column)
{
    const struct mg_propose_column *c = &p->columns[column];
    return c->rating && c->taken && c->row->role != MG_PROPOSED_OUTCOME && c->direction == MG_DIRECTION_DOWN;
}

/* Their names, the first few, with "…" where there are more. */
static void list_names(const struct mg_propose *p, const size_t *columns, size_t n, char *ret, size_t size)
{
    size_t used = 0;
    *ret = '\0';
    for (size_t i = 0; i < n && i < NAMES_SHOWN; i++) {
        char name[NAME_BYTES + 4];
        const char *whole = p->columns[columns[i]].info->name;
        mg_str_cut(whole, strlen(whole), NAME_BYTES, name);
        used += (size_t)snprintf(ret + used, size - used, "%s%s", i ? ", " : "", name);
    }
    if (n > NAMES_SHOWN)
        snprintf(ret + used, size - used, ", …");
}

/* `format` takes the number of columns and their names. */
__attribute__((format(printf, 4, 0))) static int warn(struct mg_propose *p, const char *code, concerns *of,
                                                      const char *format)
{
    size_t *columns = mg_arena_array(p->arena, p->n + 1, sizeof *columns), n = 0;
    char names[NAMES_SHOWN * (NAME_BYTES + 8) + 16];
    if (!columns)
        return MG_E_NO_MEMORY;
    for (size_t i = 0; i < p->n; i++)
        if (of(p, i))
            columns[n++] = i;
    if (n == 0)
        return 0;
    list_names(p, columns, n, names, sizeof names);
    p->warnings[p->own->n_warnings++] = (struct mg_proposal_warning){
        .code = code, .text = mg_propose_say(p, format, n, names), .columns = columns, .n_columns = n};
    return 0;
}

int mg_propose_warnings(struct mg_propose *p)
{
    static const struct {
        const char *code;
        concerns *of;
        const char *format;
    } all[] = {
        {"scales_differ", is_undecided,
         MG_TEXT("Halves on different scales, not compared until you decide: %zu columns (%s).")},
        {"runs_the_other_way", runs_the_other_way,
         MG_TEXT("Columns whose lowest number is the best answer: %zu (%s).")},
        {"decimal_open", has_open_mark,
         MG_TEXT("Columns in which it can't be known whether 1,234 is above a thousand: %zu (%s).")},
        {"date_order_open", has_open_order,
         MG_TEXT("Columns in which it can't be known whether days or months come first: %zu (%s).")},
        {"expectation_unplaced", is_unplaced_expectation,
         MG_TEXT("Columns that speak of expectations and have no partner: %zu (%s).")},
        {"compares_with_expected", compares,
         MG_TEXT("Columns that compare with what was expected, and are neither half of a gap: %zu (%s).")},
        {"perception_unplaced", is_unplaced_perception,
         MG_TEXT("Columns that speak of perceptions and have no partner: %zu (%s).")},
        {"not_understood", is_not_understood,
         MG_TEXT("Columns with cells that were not understood: %zu (%s).")},
        {"scale_fits_two", fits_two, MG_TEXT("Columns that another scale fits as well: %zu (%s).")},
        {"pair_uncertain", has_candidate,
         MG_TEXT("Columns that may have a partner, but not for certain: %zu (%s).")},
    };
    _Static_assert(ARRAY_LEN(all) <= WARNINGS_MAX, "room for each");
    p->warnings = mg_arena_array(p->arena, WARNINGS_MAX, sizeof *p->warnings);
    if (!p->warnings)
        return MG_E_NO_MEMORY;
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        int rc = warn(p, all[i].code, all[i].of, all[i].format);
        if (rc)
            return rc;
    }
    p->own->warnings = p->warnings;
    return 0;
}
