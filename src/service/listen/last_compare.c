/* See last_compare.h: columns that come and go, what they are read as, what they ask. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "service/listen/last_private.h"

#define TEXT_BYTES 600
#define SHOWN_BYTES 120 /* of a question, in a sentence's before and now */

char *mg_last_say(struct comparison *c, const char *format, ...)
{
    char text[TEXT_BYTES];
    va_list args;
    va_start(args, format);
    mg_tr_format(text, sizeof text, c->lang, format, args);
    va_end(args);
    char *copy = mg_arena_strdup(c->arena, text);
    if (!copy)
        c->rc = mg_fail_memory(c->error);
    return copy;
}

char *mg_last_print(struct comparison *c, const char *format, ...)
{
    char text[TEXT_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    char *copy = mg_arena_strdup(c->arena, text);
    if (!copy)
        c->rc = mg_fail_memory(c->error);
    return copy;
}

void mg_last_add(struct comparison *c, int kind, const char *column, const char *before, const char *now,
                 const char *text)
{
    c->differences[c->n_differences++] = (struct mg_wire_wave_difference){
        (enum mg_wire_wave_difference_kind)kind, mg_arena_strdup(c->arena, column), before, now, text};
    if (!c->differences[c->n_differences - 1].column)
        c->rc = mg_fail_memory(c->error);
}

static const struct mg_field *field_of(const struct comparison *c, const struct mg_last_column *column)
{
    if (!column->target)
        return NULL;
    size_t at = mg_fields_find(c->fields, column->target, strlen(column->target), 0);
    return at == SIZE_MAX ? NULL : &c->fields->fields[at];
}

static int take_sides(struct comparison *c)
{
    c->sides = mg_arena_array(c->arena, c->last->n_columns, sizeof *c->sides);
    int rc = c->sides ? 0 : mg_fail_memory(c->error);
    for (size_t i = 0; i < c->last->n_columns && !rc; i++) {
        if (c->places[i] == SIZE_MAX)
            continue;
        struct side *side = &c->sides[c->n++];
        side->before = &c->last->columns[i];
        side->field = field_of(c, side->before);
        side->place = c->places[i];
        rc = mg_last_column_of(c->arena, c->file, side->place, side->field, &side->now, c->error);
    }
    return rc;
}

/* --- columns --- */

static void compare_names(struct comparison *c)
{
    for (size_t i = 0; i < c->last->n_columns; i++)
        if (c->places[i] == SIZE_MAX)
            mg_last_add(c, GONE, c->last->columns[i].name, NULL, NULL,
                        mg_last_say(c, MG_TEXT("“%.100s” is gone: the last import took answers from it."),
                                    c->last->columns[i].name));
    for (size_t i = 0; i < c->n; i++) {
        struct side *side = &c->sides[i];
        if (side->before->n == 0 || side->now.n > 0 || !c->file->facts)
            continue;
        mg_last_add(c, GONE, side->now.name, mg_last_print(c, "%lld", (long long)side->before->n), "0",
                    mg_last_say(c, MG_TEXT("“%.100s” is there but empty; last time it had %lld answers."),
                                side->now.name, (long long)side->before->n));
        side->told = true;
    }
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Whether the last file had a column of that name which the study didn't take. `others` are sorted. */
static bool was_there(const char *const *others, size_t n, const char *name)
{
    char hash[17];
    const char *wanted = hash;
    if (!name)
        return false;
    mg_last_hash(name, hash);
    return bsearch(&wanted, others, n, sizeof *others, by_text);
}

static void add_new_columns(struct comparison *c)
{
    size_t n = c->last->n_others;
    const char **others = mg_arena_array(c->arena, n + 1, sizeof *others);
    bool *known = mg_arena_array(c->arena, c->file->n_columns, sizeof *known);
    if (!others || !known) {
        c->rc = mg_fail_memory(c->error);
        return;
    }
    for (size_t i = 0; i < n; i++)
        others[i] = c->last->others[i];
    qsort(others, n, sizeof *others, by_text);
    for (size_t i = 0; i < c->n; i++)
        known[c->sides[i].place] = true;
    for (size_t i = 0; i < c->file->n_columns && !c->rc; i++)
        if (!known[i] && !was_there(others, n, c->file->columns[i]))
            mg_last_add(c, NEW, c->file->columns[i], NULL, NULL,
                        mg_last_say(c, MG_TEXT("“%.100s” is new: the last file had no such column."),
                                    c->file->columns[i]));
}

/* --- what they are --- */

static const char *kind_said(const char *kind)
{
    static const char *const names[][2] = {{"text", MG_TEXT("text")},
                                           {"number", MG_TEXT("numbers")},
                                           {"time", MG_TEXT("times")},
                                           {"choices", MG_TEXT("several choices")}};
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strcmp(kind, names[i][0]) == 0)
            return names[i][1];
    return kind;
}

static void compare_type(struct comparison *c, struct side *side)
{
    const char *before = side->before->kind, *now = side->now.kind;
    if (side->told || !before || !now || side->before->n == 0 || strcmp(before, now) == 0)
        return;
    before = mg_tr(c->lang, kind_said(before));
    now = mg_tr(c->lang, kind_said(now));
    mg_last_add(c, TYPE, side->now.name, before, now,
                mg_last_say(c, MG_TEXT("“%.100s” was read as %s last time, now as %s."), side->now.name,
                            before, now));
    side->told = true;
}

/* The same words, but for white space and the case of ASCII letters. */
static bool says_the_same(const char *a, const char *b)
{
    for (;;) {
        a += strspn(a, " \t\r\n");
        b += strspn(b, " \t\r\n");
        if (!*a || !*b)
            return !*a && !*b;
        char x[2] = {*a++, '\0'}, y[2] = {*b++, '\0'};
        if (!mg_str_equal_nocase(x, y))
            return false;
    }
}

static void compare_question(struct comparison *c, const struct side *side)
{
    const char *before = side->before->label, *now = side->now.label;
    char cut[2][SHOWN_BYTES + 4];
    if (!before || !now || says_the_same(before, now))
        return;
    mg_str_cut(before, strlen(before), SHOWN_BYTES, cut[0]);
    mg_str_cut(now, strlen(now), SHOWN_BYTES, cut[1]);
    mg_last_add(c, QUESTION, side->now.name, before, now,
                mg_last_say(c, MG_TEXT("“%.100s” asks something else: “%s” last time, now “%s”."),
                            side->now.name, cut[0], cut[1]));
}

/* --- the whole --- */

static int costs(int kind)
{
    static const int order[] = {
        [FLIP] = 0, [SCALE] = 1, [WORDS] = 2, [GONE] = 3, [TYPE] = 4, [QUESTION] = 5, [NEW] = 6};
    return order[kind];
}

/* Most costly first; within a kind as they were found, which qsort doesn't keep. */
static int put_in_order(struct comparison *c)
{
    struct mg_wire_wave_difference *sorted = mg_arena_array(c->arena, c->n_differences, sizeof *sorted);
    size_t n = 0;
    if (!sorted)
        return mg_fail_memory(c->error);
    for (int cost = 0; cost <= costs(NEW); cost++)
        for (size_t i = 0; i < c->n_differences; i++)
            if (costs((int)c->differences[i].kind) == cost)
                sorted[n++] = c->differences[i];
    c->differences = sorted;
    return 0;
}

static void compare_all(struct comparison *c)
{
    compare_names(c);
    for (size_t i = 0; i < c->n && !c->rc; i++) {
        compare_type(c, &c->sides[i]);
        compare_question(c, &c->sides[i]);
        mg_last_compare_words(c, &c->sides[i]);
    }
    if (!c->rc)
        mg_last_compare_numbers(c);
    if (!c->rc)
        add_new_columns(c);
}

int mg_last_compare(struct mg_arena *arena, enum mg_lang lang, const struct mg_fields *fields,
                    const struct mg_exchange *file, const struct mg_last_profile *last,
                    struct mg_wire_last_wave *ret, struct mg_error *error)
{
    struct comparison c = {
        .arena = arena, .lang = lang, .fields = fields, .file = file, .last = last, .error = error};
    size_t found,
        room = 3 * last->n_columns + file->n_columns; /* of a column its type or answers, its question */
    c.differences = mg_arena_array(arena, room, sizeof *c.differences);
    int rc =
        c.differences ? mg_last_match(arena, file, last, &c.places, &found, error) : mg_fail_memory(error);
    if (!rc)
        rc = take_sides(&c);
    if (!rc) {
        compare_all(&c);
        rc = c.rc ? c.rc : put_in_order(&c);
    }
    if (rc)
        return rc;
    ret->columns = (int64_t)last->n_columns;
    ret->found = (int64_t)found;
    ret->differences = c.differences;
    ret->n_differences =
        c.n_differences < MG_LAST_DIFFERENCES_MAX ? c.n_differences : MG_LAST_DIFFERENCES_MAX;
    ret->more = (int64_t)(c.n_differences - ret->n_differences);
    return 0;
}
