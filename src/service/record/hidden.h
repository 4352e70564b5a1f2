/* Responses that a later import replaced. They stay in their chunks, hidden while that import is done, and
 * are there again once it is taken back: neither writes a chunk anew.
 *
 *   places := (place, mark)…    2 and 4 bytes a response, little-endian, places ascending
 *
 * Invariant: a response is hidden by one import that is done at most. Readers of chunks mask what is hidden;
 * for them it is as if erased. The mark says whose it is, so that an erasure finds what the erased response
 * had replaced; 0: nobody's any more. Whatever is read is checked: MG_E_ENGINE. All run inside a read or a
 * write. */
#ifndef MG_SERVICE_RECORD_HIDDEN_H
#define MG_SERVICE_RECORD_HIDDEN_H

#include "service/record/chunk.h"
#include "store/db.h"

struct mg_hidden_place {
    uint16_t place;
    uint32_t mark;
};

/* Who answered in which wave, 64 bits of it; `wave` may be NULL. */
uint64_t mg_hidden_identity(const char *respondent, const char *wave);
uint32_t mg_hidden_mark(uint64_t identity); /* never 0 */

/* In the arena; places ascend and are below MG_CHUNK_ROWS. */
MG_CHECKED int mg_hidden_read(struct mg_arena *arena, struct mg_blob bytes, struct mg_hidden_place **ret,
                              size_t *ret_n, struct mg_error *error);
/* Writes those of a chunk that an import replaced, for the first time or anew; none: removes the row. */
MG_CHECKED int mg_hidden_add(struct mg_db *db, struct mg_arena *arena, const char *import_id, int64_t chunk,
                             const struct mg_hidden_place *places, size_t n, struct mg_error *error);
MG_CHECKED int mg_hidden_change(struct mg_db *db, struct mg_arena *arena, const char *import_id,
                                int64_t chunk, const struct mg_hidden_place *places, size_t n,
                                struct mg_error *error);

/* Marks what is hidden of a chunk, whose head was read, as erased. */
MG_CHECKED int mg_hidden_mask(struct mg_db *db, struct mg_arena *arena, int64_t number,
                              struct mg_chunk *chunk, struct mg_error *error);
/* Takes the mark from a place of a chunk, by whatever import it was replaced. */
MG_CHECKED int mg_hidden_forget(struct mg_db *db, struct mg_arena *arena, int64_t number, size_t place,
                                struct mg_error *error);

#endif
