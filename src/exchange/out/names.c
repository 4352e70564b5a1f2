/* Names for SPSS and Stata; see names.h. */
#include "exchange/out/names.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <unicode/uchar.h>

#include "base/names.h"
#include "base/str.h"

#define NAME_BYTES (MG_OUT_DTA_NAME * 4 + 1)

struct maker {
    struct mg_arena *arena;
    const char **names;   /* by column; NULL: not yet */
    struct mg_names used; /* of them */
    const bool *split;    /* NULL: none is */
    size_t n, longest;    /* characters of a name */
    bool ascii;           /* else any letter */
    const char *const *reserved;
};

static const char *const sav_reserved[] = {"all", "and", "by",  "eq", "ge", "gt",   "le",
                                           "lt",  "ne",  "not", "or", "to", "with", NULL};
static const char *const dta_reserved[] = {"_all",  "_b",  "byte",  "_coef", "_cons", "double", "float",
                                           "if",    "in",  "int",   "long",  "_n",    "_N",     "_pi",
                                           "_pred", "_rc", "_skip", "strL",  "using", "with",   NULL};

static bool is_reserved(const struct maker *maker, const char *name)
{
    for (const char *const *word = maker->reserved; *word; word++)
        if (maker->ascii ? mg_str_equal_nocase(*word, name) : strcmp(*word, name) == 0)
            return true;
    return !maker->ascii && strncmp(name, "str", 3) == 0 && isdigit((unsigned char)name[3]);
}

static bool is_letter(const struct maker *maker, uint32_t c)
{
    return c < 0x80 ? isalpha((int)c) != 0 : !maker->ascii && u_isalpha((UChar32)c);
}

static bool is_allowed(const struct maker *maker, uint32_t c)
{
    return is_letter(maker, c) || c == '_' ||
           (c < 0x80 ? isdigit((int)c) != 0 : !maker->ascii && u_isdigit((UChar32)c));
}

/* What of the name may stand, at most `most` characters; "": nothing that makes a name. True: it is the name.
 */
static bool cleaned(const struct maker *maker, const char *name, size_t most, char ret_name[NAME_BYTES])
{
    size_t used = 0, characters = 0;
    bool whole = true;
    for (const char *at = name; *at;) {
        const char *from = at;
        uint32_t c = mg_utf8_next(&at);
        bool first = characters == 0, fits = characters < most;
        bool here =
            fits && is_allowed(maker, c) && (!first || is_letter(maker, c) || (c == '_' && !maker->ascii));
        whole &= here;
        if (!here)
            continue;
        memcpy(ret_name + used, from, (size_t)(at - from));
        used += (size_t)(at - from);
        characters++;
    }
    for (; maker->ascii && used > 0 && ret_name[used - 1] == '_'; used--)
        whole = false;
    ret_name[used] = '\0';
    return whole;
}

static bool begins_like(const char *name, const char *stem)
{
    size_t n = strlen(stem);
    char head[NAME_BYTES];
    if (strlen(name) < n)
        return false;
    memcpy(head, name, n);
    head[n] = '\0';
    return mg_str_equal_nocase(head, stem);
}

/* Whether the name and those of split columns keep apart. */
static bool keeps_apart(const struct maker *maker, size_t column, const char *name)
{
    for (size_t c = 0; maker->split && c < maker->n; c++)
        if (maker->names[c] && ((maker->split[c] && begins_like(name, maker->names[c])) ||
                                (maker->split[column] && begins_like(maker->names[c], name))))
            return false;
    return true;
}

static bool is_free(const struct maker *maker, size_t column, const char *name)
{
    return *name && !is_reserved(maker, name) && mg_names_find(&maker->used, name) == SIZE_MAX &&
           keeps_apart(maker, column, name);
}

static size_t most_of(const struct maker *maker, size_t column)
{
    return maker->split && maker->split[column] ? MG_OUT_SAV_STEM : maker->longest;
}

static bool give(struct maker *maker, size_t column, const char *name)
{
    const char *copy = mg_arena_strdup(maker->arena, name);
    if (copy) {
        maker->names[column] = copy;
        mg_names_add(&maker->used, copy);
    }
    return copy != NULL;
}

/* The name as far as it goes with a number behind it; else a letter and the column's number. */
static bool give_made(struct maker *maker, size_t column, const char *given)
{
    static const char letters[] = "vxzyw";
    char name[NAME_BYTES], number[24];
    size_t most = most_of(maker, column);
    cleaned(maker, given, most, name);
    if (is_free(maker, column, name))
        return give(maker, column, name);
    for (size_t i = 2; *name && i < 100; i++) {
        size_t n = (size_t)snprintf(number, sizeof number, "%zu", i);
        cleaned(maker, given, most - n, name);
        strcat(name, number);
        if (strlen(name) > n && is_free(maker, column, name))
            return give(maker, column, name);
    }
    for (const char *letter = letters; *letter; letter++) {
        snprintf(name, sizeof name, "%c%zu", *letter, column + 1);
        if (is_free(maker, column, name))
            return give(maker, column, name);
    }
    for (size_t i = maker->n + 1;; i++) {
        snprintf(name, sizeof name, "v%zu", i);
        if (is_free(maker, column, name))
            return give(maker, column, name);
    }
}

/* Split columns first, then names that may stay, then the rest. */
static bool give_all(struct maker *maker, const struct mg_out_column *columns)
{
    char name[NAME_BYTES];
    bool ok = true;
    for (size_t c = 0; c < maker->n && ok; c++)
        if (maker->split && maker->split[c])
            ok = give_made(maker, c, columns[c].name);
    for (size_t c = 0; c < maker->n && ok; c++)
        if (!maker->names[c] && cleaned(maker, columns[c].name, maker->longest, name) &&
            is_free(maker, c, name))
            ok = give(maker, c, name);
    for (size_t c = 0; c < maker->n && ok; c++)
        if (!maker->names[c])
            ok = give_made(maker, c, columns[c].name);
    return ok;
}

static int make(struct maker *maker, const struct mg_out_column *columns, const char ***ret_names,
                struct mg_error *error)
{
    maker->names = mg_arena_array(maker->arena, maker->n, sizeof *maker->names);
    if (!maker->names || !mg_names_init(&maker->used, maker->arena, maker->n, maker->ascii) ||
        !give_all(maker, columns))
        return mg_fail_memory(error);
    *ret_names = maker->names;
    return 0;
}

int mg_out_names_sav(struct mg_arena *arena, const struct mg_out_column *columns, const bool *split, size_t n,
                     const char ***ret_names, struct mg_error *error)
{
    bool any = false;
    for (size_t c = 0; c < n; c++)
        any |= split[c];
    struct maker maker = {.arena = arena,
                          .split = any ? split : NULL,
                          .n = n,
                          .longest = MG_OUT_SAV_NAME,
                          .ascii = true,
                          .reserved = sav_reserved};
    return make(&maker, columns, ret_names, error);
}

int mg_out_names_dta(struct mg_arena *arena, const struct mg_out_column *columns, size_t n,
                     const char ***ret_names, struct mg_error *error)
{
    struct maker maker = {.arena = arena, .n = n, .longest = MG_OUT_DTA_NAME, .reserved = dta_reserved};
    return make(&maker, columns, ret_names, error);
}
