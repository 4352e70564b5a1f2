/* Responses as rows of their study's table; see stored.h. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "service/record/hidden.h"
#include "service/record/stored_private.h"

/* Layouts repeat from row to row: what was found for the last one serves the next. */
struct shaper {
    struct mg_arena *arena;
    const struct mg_record_study *study;
    struct mg_blob columns; /* of the layout; empty: none yet */
    struct mg_layout layout;
    size_t *places; /* of the study's fields in the layout */
    struct mg_datum *answers;
};

static int shape(struct shaper *s, const struct mg_layout *layout, struct mg_error *error)
{
    s->layout = *layout;
    s->places = mg_arena_array(s->arena, s->study->fields.n + 1, sizeof *s->places);
    s->answers = mg_arena_array(s->arena, layout->n + 1, sizeof *s->answers);
    if (!s->places || !s->answers)
        return mg_fail_memory(error);
    mg_answers_places(&s->study->fields, layout, s->places);
    return 0;
}

static int shape_by(struct shaper *s, struct mg_blob columns, struct mg_error *error)
{
    struct mg_layout layout;
    if (s->columns.data && s->columns.size == columns.size &&
        memcmp(s->columns.data, columns.data, columns.size) == 0)
        return 0;
    s->columns = columns;
    int rc = mg_layout_read(s->arena, columns, &layout, error);
    return rc ? rc : shape(s, &layout, error);
}

/* The columns that all studies have. */
static void put_common(struct mg_datum *values, const struct mg_chunk_row *row, const char *import_id)
{
    values[MG_RECORD_WAVE_AT] = mg_datum_text(row->wave);
    values[MG_RECORD_AT_AT] = row->at == MG_NO_TIME ? (struct mg_datum){0} : mg_datum_time(row->at);
    values[MG_RECORD_WEIGHT_AT] = isnan(row->weight) ? (struct mg_datum){0} : mg_datum_number(row->weight);
    values[MG_RECORD_CUSTOMER_AT] = mg_datum_text(row->customer_id);
    values[MG_RECORD_IMPORT_AT] = mg_datum_text(import_id);
}

/* The shaper's answers as cells of the fields. */
static int put_answers(struct shaper *s, struct mg_datum *cells, struct mg_error *error)
{
    const struct mg_fields *fields = &s->study->fields;
    int rc = 0;
    for (size_t i = 0; i < fields->n && !rc; i++) {
        cells[i] = (struct mg_datum){0};
        if (s->places[i] != SIZE_MAX)
            rc = mg_answers_fit(s->arena, &fields->fields[i], s->answers[s->places[i]], &cells[i], error);
    }
    return rc;
}

/* Of an old response, whose answers are JSON. */
static int put_document(struct shaper *s, const char *document, struct mg_datum *cells,
                        struct mg_error *error)
{
    const struct mg_fields *fields = &s->study->fields;
    const char **texts = mg_arena_array(s->arena, fields->n + 1, sizeof *texts);
    char *copy = mg_arena_strdup(s->arena, document);
    double number;
    if (!texts || !copy)
        return mg_fail_memory(error);
    int rc = mg_document_cells(s->arena, fields, copy, texts, error);
    for (size_t i = 0; i < fields->n && !rc; i++) {
        if (fields->fields[i].type == MG_TYPE_TEXT)
            cells[i] = mg_datum_text(texts[i]);
        else if (texts[i] && mg_parse_double(texts[i], &number))
            cells[i] = mg_datum_number(number);
    }
    return rc;
}

static int put_row(struct shaper *s, const struct mg_sql_stored_response_row *row, int64_t sequence,
                   struct mg_table_row *ret_row, struct mg_error *error)
{
    struct mg_datum *values = mg_arena_array(s->arena, s->study->table.n_columns, sizeof *values);
    if (!values)
        return mg_fail_memory(error);
    put_common(values,
               &(struct mg_chunk_row){.wave = row->wave,
                                      .customer_id = row->customer_id,
                                      .weight = row->weight ? *row->weight : NAN,
                                      .at = row->at},
               row->import_id);
    *ret_row = (struct mg_table_row){.id = row->id, .sequence = sequence, .values = values};
    if (!row->answers.data)
        return put_document(s, row->document, values + MG_RECORD_COMMON_COLUMNS, error);
    int rc = shape_by(s, row->columns, error);
    if (!rc)
        rc = mg_answers_read(row->answers, s->answers, s->layout.n, error);
    return rc ? rc : put_answers(s, values + MG_RECORD_COMMON_COLUMNS, error);
}

/* ---- chunks ---- */

static int put_place(struct shaper *s, const struct mg_sql_chunk_row *row, const struct mg_chunk *chunk,
                     size_t place, int64_t sequence, struct mg_table_row *ret_row, struct mg_error *error)
{
    struct mg_chunk_row read;
    struct mg_datum *values = mg_arena_array(s->arena, s->study->table.n_columns, sizeof *values);
    char *id = mg_arena_alloc(s->arena, MG_ULID_SIZE);
    int rc =
        values && id ? mg_chunk_row(chunk, s->arena, place, s->answers, &read, error) : mg_fail_memory(error);
    if (rc)
        return rc;
    mg_stored_id(row->id, place, id);
    put_common(values, &read, row->import_id);
    *ret_row = (struct mg_table_row){.id = id, .sequence = sequence, .values = values};
    return put_answers(s, values + MG_RECORD_COMMON_COLUMNS, error);
}

/* The chunk is unpacked into the arena of its rows, which borrow from it. */
static int read_chunk(struct shaper *s, const struct mg_sql_chunk_row *row, struct mg_chunk *ret_chunk,
                      struct mg_error *error)
{
    int rc = mg_chunk_read_head(s->arena, row->head.data, row->head.size, ret_chunk, error);
    if (!rc)
        rc = mg_chunk_read_data(s->arena, row->data.data, row->data.size, ret_chunk, error);
    return rc ? rc : shape(s, &(struct mg_layout){ret_chunk->columns, ret_chunk->n_columns}, error);
}

/* Of an import all that it brought, of a study what is seen. */
static int put_chunk(struct shaper *s, const struct mg_stored_walk *walk, const struct mg_sql_chunk_row *row,
                     struct mg_table_row *rows, size_t *n, struct mg_error *error)
{
    struct mg_chunk chunk;
    int rc = read_chunk(s, row, &chunk, error);
    if (!rc && !walk->import_id)
        rc = mg_hidden_mask(walk->db, s->arena, row->number, &chunk, error);
    for (size_t i = 0; !rc && i < chunk.n_rows && i < (size_t)row->n_rows; i++)
        if (!mg_chunk_is_erased(&chunk, i))
            rc = put_place(s, row, &chunk, i, walk->sequence, &rows[(*n)++], error);
    return rc;
}

/* The row's texts go over into the arena: the chunk is only unpacked for one row. */
static int keep_texts(struct mg_arena *arena, const struct mg_table_row *row, size_t n,
                      struct mg_error *error)
{
    struct mg_datum *values = (struct mg_datum *)row->values; /* made by put_place */
    for (size_t i = 0; i < n; i++) {
        if (values[i].kind != MG_DATUM_TEXT)
            continue;
        values[i].text = mg_arena_strdup(arena, values[i].text);
        if (!values[i].text)
            return mg_fail_memory(error);
    }
    return 0;
}

static int read_place(struct shaper *s, struct mg_db *db, const struct mg_sql_chunk_row *row, size_t place,
                      int64_t sequence, struct mg_table_row *ret_row, struct mg_error *error)
{
    struct mg_unpacked_chunk unpacked;
    int rc = mg_unpack_seen(db, row, &unpacked, error);
    if (rc)
        return rc;
    const struct mg_chunk *chunk = &unpacked.chunk;
    if (place >= chunk->n_rows || mg_chunk_is_erased(chunk, place))
        rc = mg_fail(error, MG_E_NOT_FOUND, "There is no such response.");
    if (!rc)
        rc = shape(s, &(struct mg_layout){chunk->columns, chunk->n_columns}, error);
    if (!rc)
        rc = put_place(s, row, chunk, place, sequence, ret_row, error);
    if (!rc)
        rc = keep_texts(s->arena, ret_row, s->study->table.n_columns, error);
    mg_unpacked_free(&unpacked);
    return rc;
}

int mg_stored_table_row(struct mg_arena *arena, struct mg_db *db, const struct mg_record_study *study,
                        const char *id, int64_t sequence, struct mg_table_row *ret_row,
                        struct mg_error *error)
{
    struct shaper s = {.arena = arena, .study = study};
    struct mg_sql_stored_response_row single;
    struct mg_sql_chunk_row row;
    int rc = mg_sql_response_for_columns(db, arena, id, &single, error);
    if (rc != MG_E_NOT_FOUND)
        return rc ? rc : put_row(&s, &single, sequence, ret_row, error);
    rc = mg_sql_chunk_around(db, arena, id, &row, error);
    size_t place = rc ? SIZE_MAX : mg_stored_place(row.id, (size_t)row.n_rows, id);
    if (rc == MG_E_NOT_FOUND || (!rc && (place == SIZE_MAX || !row.visible)))
        return mg_fail(error, MG_E_NOT_FOUND, "There is no such response.");
    return rc ? rc : read_place(&s, db, &row, place, sequence, ret_row, error);
}

/* ---- page by page ---- */

static int next_rows(struct mg_stored_walk *walk, struct shaper *s, int64_t limit,
                     struct mg_table_row **ret_rows, size_t *ret_n, struct mg_error *error)
{
    struct mg_sql_stored_response_row *found = NULL;
    size_t n = 0;
    int rc = walk->import_id ? mg_sql_response_of_import(walk->db, s->arena, walk->import_id, walk->after,
                                                         limit, &found, &n, error)
                             : mg_sql_response_of_study(walk->db, s->arena, walk->study->id, walk->after,
                                                        limit, &found, &n, error);
    struct mg_table_row *rows = rc ? NULL : mg_arena_array(s->arena, n + 1, sizeof *rows);
    if (!rc && !rows)
        rc = mg_fail_memory(error);
    for (size_t i = 0; i < n && !rc; i++)
        rc = put_row(s, &found[i], walk->sequence, &rows[i], error);
    if (rc)
        return rc;
    if (n)
        snprintf(walk->after, sizeof walk->after, "%s", found[n - 1].id);
    walk->rows_done = n == 0;
    if (n == 0)
        walk->after[0] = '\0';
    *ret_rows = rows;
    *ret_n = n;
    return 0;
}

static int next_chunks(struct mg_stored_walk *walk, struct shaper *s, int64_t limit,
                       struct mg_table_row **ret_rows, size_t *ret_n, size_t *ret_chunks,
                       struct mg_error *error)
{
    struct mg_sql_chunk_row *found = NULL;
    size_t n = 0, most = 0, count = 0;
    int64_t chunks = limit / (int64_t)MG_STORED_CHUNK_ROWS;
    chunks = chunks ? chunks : 1;
    int rc = walk->import_id ? mg_sql_chunk_of_import(walk->db, s->arena, walk->import_id, walk->after,
                                                      chunks, &found, &n, error)
                             : mg_sql_chunk_of_study(walk->db, s->arena, walk->study->id, walk->after, chunks,
                                                     &found, &n, error);
    for (size_t i = 0; i < n && !rc; i++)
        most += (size_t)found[i].n_rows;
    struct mg_table_row *rows = rc ? NULL : mg_arena_array(s->arena, most + 1, sizeof *rows);
    if (!rc && !rows)
        rc = mg_fail_memory(error);
    for (size_t i = 0; i < n && !rc; i++)
        rc = put_chunk(s, walk, &found[i], rows, &count, error);
    if (rc)
        return rc;
    if (n)
        snprintf(walk->after, sizeof walk->after, "%s", found[n - 1].id);
    *ret_rows = rows;
    *ret_n = count;
    *ret_chunks = n;
    return 0;
}

int mg_stored_walk_next(struct mg_stored_walk *walk, struct mg_arena *arena, int64_t limit,
                        struct mg_table_row **ret_rows, size_t *ret_n, struct mg_error *error)
{
    struct shaper s = {.arena = arena, .study = walk->study};
    size_t chunks = 1;
    int rc = 0;
    *ret_n = 0;
    if (!walk->rows_done)
        rc = next_rows(walk, &s, limit, ret_rows, ret_n, error);
    while (!rc && walk->rows_done && *ret_n == 0 && chunks > 0) /* all of a page may have been erased */
        rc = next_chunks(walk, &s, limit, ret_rows, ret_n, &chunks, error);
    return rc;
}

/* ---- what an import replaced ---- */

/* Ids alone, which are all that is to leave a table. */
static int put_ids(struct shaper *s, const struct mg_sql_hidden_of_import_row *row, int64_t sequence,
                   struct mg_table_row *rows, size_t *count, struct mg_error *error)
{
    struct mg_hidden_place *places = NULL;
    struct mg_datum *none = mg_arena_array(s->arena, s->study->table.n_columns, sizeof *none);
    size_t n = 0;
    int rc = none ? mg_hidden_read(s->arena, row->places, &places, &n, error) : mg_fail_memory(error);
    for (size_t i = 0; i < s->study->table.n_columns && !rc; i++)
        none[i] = (struct mg_datum){0};
    for (size_t i = 0; i < n && !rc; i++) {
        char *id = mg_arena_alloc(s->arena, MG_ULID_SIZE);
        if (!id)
            return mg_fail_memory(error);
        mg_stored_id(row->chunk_id, places[i].place, id);
        rows[(*count)++] = (struct mg_table_row){.id = id, .sequence = sequence, .values = none};
    }
    return rc;
}

/* Those of them that are seen. */
static int put_replaced(struct shaper *s, struct mg_db *db, const struct mg_sql_hidden_of_import_row *row,
                        int64_t sequence, struct mg_table_row *rows, size_t *count, struct mg_error *error)
{
    struct mg_sql_chunk_row found;
    struct mg_chunk chunk;
    struct mg_hidden_place *places = NULL;
    size_t n = 0;
    int rc = mg_hidden_read(s->arena, row->places, &places, &n, error);
    if (!rc)
        rc = mg_sql_chunk_get(db, s->arena, row->chunk, &found, error);
    if (rc || !found.visible)
        return rc;
    rc = read_chunk(s, &found, &chunk, error);
    if (!rc)
        rc = mg_hidden_mask(db, s->arena, found.number, &chunk, error);
    for (size_t i = 0; i < n && !rc && places[i].place < chunk.n_rows; i++)
        if (!mg_chunk_is_erased(&chunk, places[i].place))
            rc = put_place(s, &found, &chunk, places[i].place, sequence, &rows[(*count)++], error);
    return rc;
}

static int put_page(struct mg_stored_replaced *walk, struct shaper *s,
                    const struct mg_sql_hidden_of_import_row *found, size_t n, struct mg_table_row **ret_rows,
                    size_t *ret_n, struct mg_error *error)
{
    size_t most = 0;
    for (size_t i = 0; i < n; i++)
        most += (size_t)found[i].n;
    struct mg_table_row *rows = mg_arena_array(s->arena, most + 1, sizeof *rows);
    int rc = rows ? 0 : mg_fail_memory(error);
    for (size_t i = 0; i < n && !rc; i++)
        rc = walk->ids ? put_ids(s, &found[i], walk->sequence, rows, ret_n, error)
                       : put_replaced(s, walk->db, &found[i], walk->sequence, rows, ret_n, error);
    *ret_rows = rows;
    return rc;
}

int mg_stored_replaced_next(struct mg_stored_replaced *walk, struct mg_arena *arena, int64_t limit,
                            struct mg_table_row **ret_rows, size_t *ret_n, struct mg_error *error)
{
    struct shaper s = {.arena = arena, .study = walk->study};
    int64_t chunks = limit / (int64_t)MG_STORED_CHUNK_ROWS, after = walk->after;
    size_t n = 1;
    int rc = 0;
    *ret_n = 0;
    while (!rc && n && *ret_n == 0) {
        struct mg_sql_hidden_of_import_row *found = NULL;
        rc = mg_sql_hidden_of_import(walk->db, arena, walk->import_id, after, chunks ? chunks : 1, &found, &n,
                                     error);
        if (!rc && n) {
            rc = put_page(walk, &s, found, n, ret_rows, ret_n, error);
            after = found[n - 1].chunk;
        }
    }
    if (!rc)
        walk->after = after;
    return rc;
}
