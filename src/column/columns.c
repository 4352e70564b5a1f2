/* The calls of column.h, file.h and table.h, handed to the engine. One place to choose another for tables. */
#include "column/engine.h"

int mg_columns_open(const struct mg_column_engine *engine, const char *path, int threads,
                    struct mg_columns *ret_columns, struct mg_error *error)
{
    struct mg_column *column;
    int rc = engine->open(path, threads, &column, error);
    if (!rc)
        *ret_columns = (struct mg_columns){engine, column};
    return rc;
}

void mg_columns_close(struct mg_columns *columns)
{
    if (columns->column)
        columns->engine->close(columns->column);
    columns->column = NULL;
}

int mg_columns_snapshot(const struct mg_columns *columns, struct mg_columns *ret_snapshot,
                        struct mg_error *error)
{
    struct mg_column *column;
    int rc = columns->engine->snapshot(columns->column, &column, error);
    if (!rc)
        *ret_snapshot = (struct mg_columns){columns->engine, column};
    return rc;
}

int mg_columns_moments(const struct mg_columns *columns, struct mg_arena *arena,
                       const struct mg_moments_request *request, struct mg_moments_result *ret_result,
                       struct mg_error *error)
{
    return columns->engine->moments(columns->column, arena, request, ret_result, error);
}

int mg_columns_describe(const struct mg_columns *columns, struct mg_arena *arena,
                        const struct mg_source *source, struct mg_source_info *ret_info,
                        struct mg_error *error)
{
    return columns->engine->describe(columns->column, arena, source, ret_info, error);
}

int mg_columns_distinct(const struct mg_columns *columns, struct mg_arena *arena,
                        const struct mg_source *source, const char *name, const struct mg_filter *filters,
                        size_t n_filters, struct mg_distinct *ret, struct mg_error *error)
{
    return columns->engine->distinct(columns->column, arena, source, name, filters, n_filters, ret, error);
}

int mg_columns_names(const struct mg_columns *columns, struct mg_arena *arena, const struct mg_source *source,
                     struct mg_source_info *ret_info, struct mg_error *error)
{
    return columns->engine->names(columns->column, arena, source, ret_info, error);
}

int mg_columns_scan(const struct mg_columns *columns, const struct mg_source *source,
                    const char *const *names, size_t n_names, const struct mg_filter *filters,
                    size_t n_filters, int64_t limit, mg_row_sink *sink, void *user, struct mg_error *error)
{
    return columns->engine->scan(columns->column, source, names, n_names, filters, n_filters, limit, sink,
                                 user, error);
}

int mg_columns_matrix(const struct mg_columns *columns, struct mg_arena *arena,
                      const struct mg_moments_request *request, size_t max_rows, double **ret_values,
                      size_t *ret_rows, struct mg_error *error)
{
    return columns->engine->matrix(columns->column, arena, request, max_rows, ret_values, ret_rows, error);
}

int mg_columns_counts(const struct mg_columns *columns, struct mg_arena *arena,
                      const struct mg_source *source, const char *const *names, size_t n_names,
                      const char *weight, const struct mg_filter *filters, size_t n_filters, size_t max,
                      struct mg_count **ret_counts, size_t *ret_n, struct mg_error *error)
{
    return columns->engine->counts(columns->column, arena, source, names, n_names, weight, filters, n_filters,
                                   max, ret_counts, ret_n, error);
}

int mg_columns_hits(const struct mg_columns *columns, struct mg_arena *arena,
                    const struct mg_moments_request *request, const double *values, struct mg_hits **ret_hits,
                    size_t *ret_n, struct mg_error *error)
{
    return columns->engine->hits(columns->column, arena, request, values, ret_hits, ret_n, error);
}

int mg_columns_values(const struct mg_columns *columns, struct mg_arena *arena,
                      const struct mg_source *source, const char *name, const struct mg_filter *filters,
                      size_t n_filters, size_t max, struct mg_column_value **ret_values, size_t *ret_n,
                      struct mg_error *error)
{
    return columns->engine->values(columns->column, arena, source, name, filters, n_filters, max, ret_values,
                                   ret_n, error);
}

int mg_columns_weights(const struct mg_columns *columns, struct mg_arena *arena,
                       const struct mg_source *source, const char *name, const struct mg_filter *filters,
                       size_t n_filters, struct mg_weight_counts *ret_counts, struct mg_error *error)
{
    return columns->engine->weights(columns->column, arena, source, name, filters, n_filters, ret_counts,
                                    error);
}

int mg_columns_repeats(const struct mg_columns *columns, struct mg_arena *arena,
                       const struct mg_source *source, const char *name, size_t max,
                       struct mg_repeats *ret_repeats, struct mg_error *error)
{
    return columns->engine->repeats(columns->column, arena, source, name, max, ret_repeats, error);
}

int mg_columns_parquet(const struct mg_columns *columns, const struct mg_parquet *request,
                       struct mg_error *error)
{
    return columns->engine->parquet(columns->column, request, error);
}

int mg_columns_parquet_read(const struct mg_columns *columns, const struct mg_source *source,
                            const struct mg_parquet_reader *reader, struct mg_error *error)
{
    return columns->engine->parquet_read(columns->column, source, reader, error);
}

int mg_columns_table_ensure(const struct mg_columns *columns, const char *table,
                            const struct mg_table_column *list, size_t n, struct mg_error *error)
{
    return columns->engine->table_ensure(columns->column, table, list, n, error);
}

int mg_columns_table_apply(const struct mg_columns *columns, const char *table,
                           const struct mg_table_batch *batch, int64_t mark, struct mg_error *error)
{
    return columns->engine->table_apply(columns->column, table, batch, mark, error);
}

int mg_columns_table_remove(const struct mg_columns *columns, const char *table, const char *name,
                            const char *value, int64_t mark, struct mg_error *error)
{
    return columns->engine->table_remove(columns->column, table, name, value, mark, error);
}

int mg_columns_table_drop(const struct mg_columns *columns, const char *table, struct mg_error *error)
{
    return columns->engine->table_drop(columns->column, table, error);
}

int mg_columns_table_mark(const struct mg_columns *columns, const char *table, bool wait, int64_t *ret_mark,
                          struct mg_error *error)
{
    return columns->engine->table_mark(columns->column, table, wait, ret_mark, error);
}

int mg_columns_part_begin(const struct mg_columns *columns, const char *part,
                          const struct mg_table_column *list, size_t n, struct mg_error *error)
{
    return columns->engine->part_begin(columns->column, part, list, n, error);
}

int mg_columns_part_add(const struct mg_columns *columns, const char *part,
                        const struct mg_table_batch *batch, struct mg_error *error)
{
    return columns->engine->part_add(columns->column, part, batch, error);
}

int mg_columns_part_open(const struct mg_columns *columns, const char *part,
                         struct mg_part_writer **ret_writer, struct mg_error *error)
{
    return columns->engine->part_open(columns->column, part, ret_writer, error);
}

int mg_columns_part_put(const struct mg_columns *columns, struct mg_part_writer *writer,
                        const struct mg_table_batch *batch, struct mg_error *error)
{
    return columns->engine->part_put(writer, batch, error);
}

int mg_columns_part_close(const struct mg_columns *columns, struct mg_part_writer *writer, int rc,
                          struct mg_error *error)
{
    return columns->engine->part_close(writer, rc, error);
}

int mg_columns_part_rows(const struct mg_columns *columns, const char *part, int64_t sequence,
                         int64_t *ret_rows, struct mg_error *error)
{
    return columns->engine->part_rows(columns->column, part, sequence, ret_rows, error);
}

int mg_columns_part_join(const struct mg_columns *columns, const char *part, const char *table,
                         const struct mg_table_leaving *leaving, int64_t mark, struct mg_error *error)
{
    return columns->engine->part_join(columns->column, part, table, leaving, mark, error);
}

int mg_columns_part_replace(const struct mg_columns *columns, const char *part, const char *table,
                            int64_t mark, struct mg_error *error)
{
    return columns->engine->part_replace(columns->column, part, table, mark, error);
}

int mg_columns_part_drop(const struct mg_columns *columns, const char *part, struct mg_error *error)
{
    return columns->engine->part_drop(columns->column, part, error);
}

int mg_columns_part_list(const struct mg_columns *columns, struct mg_arena *arena, const char ***ret_parts,
                         size_t *ret_n, struct mg_error *error)
{
    return columns->engine->part_list(columns->column, arena, ret_parts, ret_n, error);
}

int mg_columns_status(const struct mg_columns *columns, bool wait, struct mg_column_status *ret_status,
                      struct mg_error *error)
{
    return columns->engine->status(columns->column, wait, ret_status, error);
}

int mg_columns_memory(const struct mg_columns *columns, int64_t *ret_bytes, struct mg_error *error)
{
    return columns->engine->memory(columns->column, ret_bytes, error);
}

int mg_columns_examine(const struct mg_column_engine *engine, const char *path, struct mg_arena *arena,
                       const char **ret_problem, struct mg_error *error)
{
    return engine->examine(path, arena, ret_problem, error);
}
