/* Whether a study's columns hold what the record holds: the same ids, each with the same values. What is
 * expected is made from the record in an engine of its own. */
#ifndef TEST_LISTEN_COLUMNS_EQUAL_H
#define TEST_LISTEN_COLUMNS_EQUAL_H

#include "column/engine.h"
#include "fixture.h"
#include "service/log/lane.h"
#include "service/record/stored.h"

#define RECORD_ROWS_MOST 400000 /* of a study of the tests */

struct row_texts {
    char **rows;
    size_t n, size;
};

static inline int keep_row_texts(void *user, const struct mg_row_batch *batch, struct mg_error *error)
{
    struct row_texts *texts = user;
    (void)error;
    for (size_t i = 0; i < batch->n_rows; i++) {
        struct mg_buf text;
        mg_buf_init(&text, 1 << 20);
        for (size_t c = 0; c < batch->n_columns; c++) {
            const char *cell = batch->cells[i * batch->n_columns + c];
            mg_buf_printf(&text, "%s|", cell ? cell : "~");
        }
        if (texts->n == texts->size) {
            texts->size = texts->size ? texts->size * 2 : 1024;
            texts->rows = realloc(texts->rows, texts->size * sizeof *texts->rows);
            assert_non_null(texts->rows);
        }
        texts->rows[texts->n++] = strdup(text.data);
        mg_buf_done(&text);
    }
    return 0;
}

static inline int compare_row_texts(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static inline struct row_texts read_row_texts(struct fixture *f, struct mg_column *column,
                                              const struct mg_study_table *table)
{
    struct row_texts texts = {0};
    const char **names = mg_arena_array(f->ctx.arena, table->n_columns + 1, sizeof *names);
    names[0] = "_id";
    memcpy(names + 1, table->names, table->n_columns * sizeof *names);
    struct mg_source source = {.table = table->name};
    SUCCEEDS(mg_column_duckdb.scan(column, &source, names, table->n_columns + 1, NULL, 0, 0, keep_row_texts,
                                   &texts, &f->error));
    qsort(texts.rows, texts.n, sizeof *texts.rows, compare_row_texts);
    return texts;
}

static inline void free_row_texts(struct row_texts *texts)
{
    for (size_t i = 0; i < texts->n; i++)
        free(texts->rows[i]);
    free(texts->rows);
}

static inline const struct mg_record_study *read_record_table(struct fixture *f, const char *study_id,
                                                              struct mg_table_row **ret_rows, size_t *ret_n)
{
    struct mg_db *db;
    const struct mg_record_study *study;
    struct mg_table_row *rows = mg_arena_array(f->ctx.arena, RECORD_ROWS_MOST, sizeof *rows), *page = NULL;
    size_t n = 0, found = 1;
    assert_non_null(rows);
    SUCCEEDS(mg_store_read_begin(f->ctx.store, &db, &f->error));
    SUCCEEDS(mg_record_study_read(&f->ctx, db, f->ctx.caller.org_id, study_id, &study, &f->error));
    struct mg_stored_walk walk = {.db = db, .study = study, .sequence = 1};
    for (; found > 0; n += found) {
        SUCCEEDS(mg_stored_walk_next(&walk, f->ctx.arena, 3, &page, &found, &f->error));
        assert_true(n + found <= RECORD_ROWS_MOST);
        if (found)
            memcpy(rows + n, page, found * sizeof *page);
    }
    mg_store_read_end(f->ctx.store, db);
    *ret_rows = rows;
    *ret_n = n;
    return study;
}

static inline void assert_columns_equal_record(struct fixture *f, const char *study_id)
{
    struct mg_column *made = NULL;
    struct mg_table_row *rows;
    size_t n;
    const struct mg_study_table *table = &read_record_table(f, study_id, &rows, &n)->table;
    SUCCEEDS(mg_column_duckdb.open(NULL, 1, &made, &f->error));
    SUCCEEDS(mg_column_duckdb.table_ensure(made, table->name, table->columns, table->n_columns, &f->error));
    const struct mg_table_batch batch = {table->names, table->n_columns, rows, n};
    SUCCEEDS(mg_column_duckdb.table_apply(made, table->name, &batch, 1, &f->error));
    struct row_texts expected = read_row_texts(f, made, table),
                     found = read_row_texts(f, f->ctx.columns.column, table);
    assert_int_equal(found.n, expected.n);
    for (size_t i = 0; i < expected.n; i++)
        assert_string_equal(found.rows[i], expected.rows[i]);
    free_row_texts(&expected);
    free_row_texts(&found);
    mg_column_duckdb.close(made);
}

#endif
