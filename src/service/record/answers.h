/* Answers as the record keeps them, typed, and what they become: a posted response's row of bytes, the
 * document that readers get, the cells of a study's table in the columns.
 *
 *   a list of columns' names (a layout, kept once)  ×  a row of answers, a byte each as a rule
 *
 * A row of answers names no columns: it is of a layout. A study whose columns change has another layout from
 * then on, and old rows stay with theirs. */
#ifndef MG_SERVICE_RECORD_ANSWERS_H
#define MG_SERVICE_RECORD_ANSWERS_H

#include "base/arena.h"
#include "model/datum.h"
#include "service/record/fields.h"
#include "store/db.h"

struct mg_layout {
    const char *const *names;
    size_t n;
};

/* The names as they are kept, and what they are known by; in the arena. */
MG_CHECKED int mg_layout_write(struct mg_arena *arena, const struct mg_layout *layout,
                               struct mg_blob *ret_names, int64_t *ret_shape, struct mg_error *error);
/* In the arena, borrowing from `names`. MG_E_ENGINE: it is none of ours. */
MG_CHECKED int mg_layout_read(struct mg_arena *arena, struct mg_blob names, struct mg_layout *ret_layout,
                              struct mg_error *error);

/* Answers, `n` of them, as bytes: numbers, texts and none. Check out->failed. */
void mg_answers_write(struct mg_buf *out, const struct mg_datum *answers, size_t n);
/* Texts borrow from `bytes`. MG_E_ENGINE: they are not `n` answers. */
MG_CHECKED int mg_answers_read(struct mg_blob bytes, struct mg_datum *ret_answers, size_t n,
                               struct mg_error *error);

/* What readers get: {"E1":5,"csat":"yes"}, without those that are missing. In the arena; NULL: it is full. */
const char *mg_answers_document(struct mg_arena *arena, const struct mg_layout *layout,
                                const struct mg_datum *answers);

/* Where in a layout each field of a study stands; SIZE_MAX: it isn't there. `ret_places`: fields->n of them.
 */
void mg_answers_places(const struct mg_fields *fields, const struct mg_layout *layout, size_t *ret_places);
/* The answer as the field's column can hold it: one that it can't is missing there, and a number in a column
 * of texts is its text, in the arena (NULL: none is left to hold it, MG_E_NO_MEMORY). */
MG_CHECKED int mg_answers_fit(struct mg_arena *arena, const struct mg_field *field, struct mg_datum answer,
                              struct mg_datum *ret_cell, struct mg_error *error);

#endif
