/* Mapping a file's columns to a study's; see mapping.h. */
#include "service/listen/mapping.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"

#define SCRATCH_BYTES ((size_t)128 << 20) /* above four times all the names that a file may have */

/* The response's own properties and their plain names. */
static const struct property {
    const char *plain;
    enum mg_wire_target_role role;
    const char *label;
} properties[] = {
    {"wave", MG_WIRE_TARGET_ROLE_WAVE, MG_TEXT("Wave")},
    {"weight", MG_WIRE_TARGET_ROLE_WEIGHT, MG_TEXT("Weight")},
    {"customer", MG_WIRE_TARGET_ROLE_CUSTOMER, MG_TEXT("Customer")},
    {"time", MG_WIRE_TARGET_ROLE_TIME, MG_TEXT("Time")},
};

/* What the study calls a property; NULL: it names none. */
static const char *own_name(const struct mg_study *study, size_t i)
{
    const char *const names[] = {study->wave, study->weight, study->customer, study->time};
    _Static_assert(ARRAY_LEN(names) == ARRAY_LEN(properties), "one name a property");
    return names[i];
}

/* The same; the plain word where it names none. */
static const char *property_name(const struct mg_study *study, size_t i)
{
    return own_name(study, i) ? own_name(study, i) : properties[i].plain;
}

int mg_mapping_targets(struct mg_arena *arena, const struct mg_fields *fields,
                       const struct mg_wire_target **ret, size_t *ret_n, struct mg_error *error)
{
    struct mg_wire_target *targets =
        mg_arena_array(arena, fields->n + ARRAY_LEN(properties), sizeof *targets);
    if (!targets)
        return mg_fail_memory(error);
    size_t n = 0;
    for (size_t i = 0; i < fields->n; i++) {
        const struct mg_field *field = &fields->fields[i];
        targets[n++] =
            (struct mg_wire_target){field->column, {field->label.en, field->label.zh}, field->role};
    }
    for (size_t i = 0; i < ARRAY_LEN(properties); i++) {
        const char *name = property_name(fields->study, i);
        if (mg_fields_find(fields, name, strlen(name), 0) != SIZE_MAX)
            continue; /* one column plays both parts */
        targets[n++] = (struct mg_wire_target){
            name, {properties[i].label, mg_tr(MG_LANG_ZH, properties[i].label)}, properties[i].role};
    }
    *ret = targets;
    *ret_n = n;
    return 0;
}

/* --- proposals --- */

/* Letters and digits only, lower case; other scripts as they are. */
static const char *simplified(struct mg_arena *arena, const char *text, bool first_word)
{
    size_t n = 0;
    char *out = mg_arena_alloc(arena, strlen(text) + 1);
    for (const char *p = text; out && *p; p++) {
        unsigned char c = (unsigned char)*p;
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80;
        if (letter)
            out[n++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
        else if (first_word && n > 0 && c != '_')
            break;
    }
    return out;
}

enum likeness { EXACT, ANY_CASE, SIMPLIFIED, FIRST_WORD, LABEL, LIKENESSES };

/* What is compared, made once: for each pair it would take hundreds of megabytes. */
struct forms {
    const char **columns, **targets;
    const char **labels; /* in the other language; NULL: none are compared */
};

static const char *form_of(struct mg_arena *arena, const char *text, enum likeness how, bool first_word)
{
    return !text || how <= ANY_CASE ? text : simplified(arena, text, first_word);
}

static bool make_forms(struct mg_arena *arena, enum likeness how, const char *const *columns, size_t n,
                       const struct mg_wire_target *targets, size_t n_targets, struct forms *ret)
{
    *ret = (struct forms){mg_arena_array(arena, n, sizeof(char *)),
                          mg_arena_array(arena, n_targets, sizeof(char *)),
                          how == LABEL ? mg_arena_array(arena, n_targets, sizeof(char *)) : NULL};
    bool good = ret->columns && ret->targets && (how != LABEL || ret->labels);
    for (size_t i = 0; i < n && good; i++) {
        ret->columns[i] = form_of(arena, columns[i], how, how == FIRST_WORD);
        good = ret->columns[i] != NULL;
    }
    for (size_t t = 0; t < n_targets && good; t++) {
        const char *name = how == LABEL ? targets[t].label.en : targets[t].column;
        ret->targets[t] = form_of(arena, name, how, false);
        if (how == LABEL)
            ret->labels[t] = form_of(arena, targets[t].label.zh_cn, how, false);
        good = (ret->targets[t] || !name) && (how != LABEL || ret->labels[t] || !targets[t].label.zh_cn);
    }
    return good;
}

static bool is_like(const struct forms *forms, size_t column, size_t target, enum likeness how)
{
    const char *name = forms->columns[column];
    if (how == ANY_CASE)
        return mg_str_equal_nocase(name, forms->targets[target]);
    return *name && (mg_str_equal(name, forms->targets[target]) ||
                     (forms->labels && mg_str_equal(name, forms->labels[target])));
}

static int find_targets(struct mg_arena *scratch, const char *const *columns, size_t n,
                        const struct mg_wire_target *targets, size_t n_targets, bool *taken,
                        const char **found, struct mg_error *error)
{
    struct forms forms;
    for (enum likeness how = EXACT; how < LIKENESSES; how++) {
        if (!make_forms(scratch, how, columns, n, targets, n_targets, &forms))
            return mg_fail_memory(error);
        for (size_t i = 0; i < n; i++)
            for (size_t t = 0; t < n_targets && !found[i]; t++)
                if (!taken[t] && is_like(&forms, i, t, how)) {
                    found[i] = targets[t].column;
                    taken[t] = true;
                }
    }
    return 0;
}

/* The columns' other names; "" where there is none. */
static const char *const *other_names(struct mg_arena *scratch, const char *const *given, size_t n)
{
    const char **names = mg_arena_array(scratch, n, sizeof *names);
    for (size_t i = 0; names && i < n; i++)
        names[i] = given[i] ? given[i] : "";
    return names;
}

int mg_mapping_propose(struct mg_arena *arena, const struct mg_fields *fields, const char *const *columns,
                       const char *const *given, size_t n, const char ***ret_targets, struct mg_error *error)
{
    const struct mg_wire_target *targets;
    size_t n_targets;
    int rc = mg_mapping_targets(arena, fields, &targets, &n_targets, error);
    if (rc)
        return rc;
    struct mg_arena *scratch = mg_arena_new(SCRATCH_BYTES);
    const char **found = mg_arena_array(arena, n, sizeof *found);
    bool *taken = scratch ? mg_arena_array(scratch, n_targets, sizeof *taken) : NULL;
    const char *const *others = taken && given ? other_names(scratch, given, n) : NULL;
    rc = taken && found && (others || !given)
             ? find_targets(scratch, columns, n, targets, n_targets, taken, found, error)
             : mg_fail_memory(error);
    if (!rc && others)
        rc = find_targets(scratch, others, n, targets, n_targets, taken, found, error);
    mg_arena_free(scratch);
    if (!rc)
        *ret_targets = found;
    return rc;
}

/* --- resolving --- */

static size_t find_column(const char *const *columns, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(columns[i], name) == 0)
            return i;
    return SIZE_MAX;
}

/* Adds what the name stands for to `target`; false: nothing. A field is a property too only where the study
 * says so: a group that is merely called “time” holds no times. */
static bool add_target(const struct mg_fields *fields, const char *name, struct mg_target *target)
{
    target->field = mg_fields_find(fields, name, strlen(name), 0);
    bool *const flags[] = {&target->wave, &target->weight, &target->customer, &target->time};
    bool known = target->field != SIZE_MAX;
    for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
        const char *property =
            target->field == SIZE_MAX ? property_name(fields->study, i) : own_name(fields->study, i);
        *flags[i] = mg_str_equal(name, property);
        known |= *flags[i];
    }
    return known;
}

static int fail_mapping(struct mg_error *error, size_t i, const char *key)
{
    mg_fail_at(error, "/mapping/%zu/%s", i, key);
    return MG_E_INVALID;
}

static int resolve_one(const struct mg_fields *fields, const struct mg_wire_mapping *mapping, size_t i,
                       const char *const *columns, size_t n_columns, struct mg_target *targets,
                       struct mg_error *error)
{
    size_t at = find_column(columns, n_columns, mapping[i].source);
    if (at == SIZE_MAX) {
        mg_fail(error, MG_E_INVALID, "The file has no column “%s”.", mapping[i].source);
        return fail_mapping(error, i, "source");
    }
    for (size_t j = 0; j < i; j++) {
        if (strcmp(mapping[j].target, mapping[i].target) == 0) {
            mg_fail(error, MG_E_INVALID, "Two columns of the file are mapped to “%s”.", mapping[i].target);
            return fail_mapping(error, i, "target");
        }
        if (strcmp(mapping[j].source, mapping[i].source) == 0) {
            mg_fail(error, MG_E_INVALID, "The column “%s” is mapped twice.", mapping[i].source);
            return fail_mapping(error, i, "source");
        }
    }
    if (!add_target(fields, mapping[i].target, &targets[at])) {
        mg_fail(error, MG_E_INVALID, "The study has no column “%s”.", mapping[i].target);
        return fail_mapping(error, i, "target");
    }
    return 0;
}

int mg_mapping_resolve(struct mg_arena *arena, const struct mg_fields *fields,
                       const struct mg_wire_mapping *mapping, size_t n_mapping, const char *const *columns,
                       size_t n_columns, const struct mg_target **ret_targets, struct mg_error *error)
{
    struct mg_target *targets = mg_arena_array(arena, n_columns, sizeof *targets);
    if (!targets)
        return mg_fail_memory(error);
    for (size_t i = 0; i < n_columns; i++)
        targets[i].field = SIZE_MAX;
    size_t n_fields = 0;
    for (size_t i = 0; i < n_mapping; i++) {
        int rc = resolve_one(fields, mapping, i, columns, n_columns, targets, error);
        if (rc)
            return rc;
    }
    for (size_t i = 0; i < n_columns; i++)
        n_fields += targets[i].field != SIZE_MAX;
    if (n_fields == 0) {
        mg_fail(error, MG_E_INVALID, "No column of the file is mapped to an answer of the study.");
        mg_fail_hint(error, "Map at least one column to an item, an outcome or a group.");
        mg_fail_at(error, "/mapping");
        return MG_E_INVALID;
    }
    *ret_targets = targets;
    return 0;
}

/* ---- a study made with the file ---- */

bool mg_mapping_is_named(const struct mg_fields *fields, const char *target)
{
    bool named = mg_fields_find(fields, target, strlen(target), 0) != SIZE_MAX;
    for (size_t i = 0; i < ARRAY_LEN(properties) && !named; i++)
        named = mg_str_equal(own_name(fields->study, i), target);
    return named;
}

/* Episodes and ids are found by their name, the rest by the mapping. */
static bool is_fed(const struct mg_fields *fields, const char *name, const struct mg_mapped *mapped)
{
    const struct mg_study *study = fields->study;
    size_t field = mg_fields_find(fields, name, strlen(name), 0);
    if (mapped->has_wave && field == SIZE_MAX && mg_str_equal(study->wave, name))
        return true;
    for (size_t i = 0; i < mapped->n; i++) {
        const struct mg_target *t = &mapped->targets[i];
        if ((field != SIZE_MAX && t->field == field) || (t->wave && mg_str_equal(study->wave, name)) ||
            (t->weight && mg_str_equal(study->weight, name)) ||
            (t->time && mg_str_equal(study->time, name)) ||
            (t->customer && mg_str_equal(study->customer, name)) || strcmp(mapped->columns[i], name) == 0)
            return true;
    }
    return false;
}

int mg_mapping_check_all(struct mg_arena *arena, const struct mg_fields *fields,
                         const struct mg_mapped *mapped, struct mg_error *error)
{
    const struct mg_study_column *wanted;
    size_t n = 0;
    int rc = mg_study_columns(arena, fields->study, &wanted, &n, error);
    for (size_t i = 0; i < n && !rc; i++)
        if (!is_fed(fields, wanted[i].column, mapped))
            rc = mg_study_lacks(&wanted[i], mapped->columns, mapped->n, error);
    return rc;
}
