/* A file beside the last wave's: which of its columns are those of last time, and what is different. */
#ifndef MG_SERVICE_LISTEN_LAST_COMPARE_H
#define MG_SERVICE_LISTEN_LAST_COMPARE_H

#include "service/listen/last_profile.h"

#define MG_LAST_DIFFERENCES_MAX 200

/* For each column of last time its place in the file, SIZE_MAX: it is gone; by the header's own words where
 * both have them, else by name, else by either. *ret_n: how many are there. */
MG_CHECKED int mg_last_match(struct mg_arena *arena, const struct mg_exchange *file,
                             const struct mg_last_profile *last, size_t **ret_places, size_t *ret_n,
                             struct mg_error *error);

/* Sets `columns`, `found`, `differences`, `n_differences` and `more`. The file is described
 * (mg_exchange_describe); `fields` of the study as it is now. Texts in `lang`, in the arena. */
MG_CHECKED int mg_last_compare(struct mg_arena *arena, enum mg_lang lang, const struct mg_fields *fields,
                               const struct mg_exchange *file, const struct mg_last_profile *last,
                               struct mg_wire_last_wave *ret, struct mg_error *error);

#endif
