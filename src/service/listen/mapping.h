/* Which column of a file is which column of a study. */
#ifndef MG_SERVICE_LISTEN_MAPPING_H
#define MG_SERVICE_LISTEN_MAPPING_H

#include "service/record/fields.h"

/* What a file's column feeds: a field, and at most one of the response's own properties. */
struct mg_target {
    size_t field; /* SIZE_MAX: none */
    bool wave, weight, customer, time;
};

/* What a study wants, in order: its fields, then wave, weight, customer and time under the study's own names
 * for them (the plain words where it names none). */
MG_CHECKED int mg_mapping_targets(struct mg_arena *arena, const struct mg_fields *fields,
                                  const struct mg_wire_target **ret, size_t *ret_n, struct mg_error *error);

/* For each of the file's columns the target that fits its name, NULL where none does: exact, then regardless
 * of case, then of punctuation and spaces, then by the first word ("E01. Clear screens"), then by the item's
 * label. Each target is proposed once. `given`: what the columns are called besides, NULL where nothing;
 * NULL: they aren't. */
MG_CHECKED int mg_mapping_propose(struct mg_arena *arena, const struct mg_fields *fields,
                                  const char *const *columns, const char *const *given, size_t n,
                                  const char ***ret_targets, struct mg_error *error);

/* Turns a mapping into one target per column of the file. A column that the study names as a field is a
 * property too only where the study names it so. MG_E_INVALID: a source or target that isn't there, a target
 * twice, or no answer column at all. */
MG_CHECKED int mg_mapping_resolve(struct mg_arena *arena, const struct mg_fields *fields,
                                  const struct mg_wire_mapping *mapping, size_t n_mapping,
                                  const char *const *columns, size_t n_columns,
                                  const struct mg_target **ret_targets, struct mg_error *error);

/* Whether the target is the study's by its document, not by the plain word for a property that it doesn't
 * name.
 */
bool mg_mapping_is_named(const struct mg_fields *fields, const char *target);

/* Whether the file has every column that the study names, for one that is made with the file's import.
 * `targets` are those of the columns; a wave for all rows stands in for the column of waves. MG_E_INVALID at
 * the study's key: mg_study_lacks. */
struct mg_mapped {
    const struct mg_target *targets;
    const char *const *columns;
    size_t n;
    bool has_wave; /* for all rows */
};
MG_CHECKED int mg_mapping_check_all(struct mg_arena *arena, const struct mg_fields *fields,
                                    const struct mg_mapped *mapped, struct mg_error *error);

#endif
