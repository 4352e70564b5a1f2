/* What an engine fills in. Each member is the call mg_columns_<member> of column.h, file.h or table.h, where
 * it is described. */
#ifndef MG_COLUMN_ENGINE_H
#define MG_COLUMN_ENGINE_H

#include "column/file.h"
#include "column/table.h"

struct mg_column_engine {
    const char *name;
    int (*open)(const char *path, int threads, struct mg_column **ret_column, struct mg_error *error);
    void (*close)(struct mg_column *column);
    int (*snapshot)(struct mg_column *column, struct mg_column **ret_snapshot, struct mg_error *error);
    int (*parquet)(struct mg_column *column, const struct mg_parquet *request, struct mg_error *error);
    int (*parquet_read)(struct mg_column *column, const struct mg_source *source,
                        const struct mg_parquet_reader *reader, struct mg_error *error);
    int (*moments)(struct mg_column *column, struct mg_arena *arena, const struct mg_moments_request *request,
                   struct mg_moments_result *ret_result, struct mg_error *error);
    int (*describe)(struct mg_column *column, struct mg_arena *arena, const struct mg_source *source,
                    struct mg_source_info *ret_info, struct mg_error *error);
    int (*distinct)(struct mg_column *column, struct mg_arena *arena, const struct mg_source *source,
                    const char *name, const struct mg_filter *filters, size_t n_filters,
                    struct mg_distinct *ret, struct mg_error *error);
    int (*names)(struct mg_column *column, struct mg_arena *arena, const struct mg_source *source,
                 struct mg_source_info *ret_info, struct mg_error *error);
    int (*scan)(struct mg_column *column, const struct mg_source *source, const char *const *columns,
                size_t n_columns, const struct mg_filter *filters, size_t n_filters, int64_t limit,
                mg_row_sink *sink, void *user, struct mg_error *error);
    int (*matrix)(struct mg_column *column, struct mg_arena *arena, const struct mg_moments_request *request,
                  size_t max_rows, double **ret_values, size_t *ret_rows, struct mg_error *error);
    int (*counts)(struct mg_column *column, struct mg_arena *arena, const struct mg_source *source,
                  const char *const *columns, size_t n_columns, const char *weight,
                  const struct mg_filter *filters, size_t n_filters, size_t max, struct mg_count **ret_counts,
                  size_t *ret_n, struct mg_error *error);
    int (*values)(struct mg_column *column, struct mg_arena *arena, const struct mg_source *source,
                  const char *name, const struct mg_filter *filters, size_t n_filters, size_t max,
                  struct mg_column_value **ret_values, size_t *ret_n, struct mg_error *error);
    int (*weights)(struct mg_column *column, struct mg_arena *arena, const struct mg_source *source,
                   const char *name, const struct mg_filter *filters, size_t n_filters,
                   struct mg_weight_counts *ret_counts, struct mg_error *error);
    int (*repeats)(struct mg_column *column, struct mg_arena *arena, const struct mg_source *source,
                   const char *name, size_t max, struct mg_repeats *ret_repeats, struct mg_error *error);
    int (*hits)(struct mg_column *column, struct mg_arena *arena, const struct mg_moments_request *request,
                const double *values, struct mg_hits **ret_hits, size_t *ret_n, struct mg_error *error);
    int (*table_ensure)(struct mg_column *column, const char *table, const struct mg_table_column *columns,
                        size_t n, struct mg_error *error);
    int (*table_apply)(struct mg_column *column, const char *table, const struct mg_table_batch *batch,
                       int64_t mark, struct mg_error *error);
    int (*table_remove)(struct mg_column *column, const char *table, const char *name, const char *value,
                        int64_t mark, struct mg_error *error);
    int (*table_drop)(struct mg_column *column, const char *table, struct mg_error *error);
    int (*table_mark)(struct mg_column *column, const char *table, bool wait, int64_t *ret_mark,
                      struct mg_error *error);
    int (*part_begin)(struct mg_column *column, const char *part, const struct mg_table_column *columns,
                      size_t n, struct mg_error *error);
    int (*part_add)(struct mg_column *column, const char *part, const struct mg_table_batch *batch,
                    struct mg_error *error);
    int (*part_open)(struct mg_column *column, const char *part, struct mg_part_writer **ret_writer,
                     struct mg_error *error);
    int (*part_put)(struct mg_part_writer *writer, const struct mg_table_batch *batch,
                    struct mg_error *error);
    int (*part_close)(struct mg_part_writer *writer, int rc, struct mg_error *error);
    int (*part_rows)(struct mg_column *column, const char *part, int64_t sequence, int64_t *ret_rows,
                     struct mg_error *error);
    int (*part_join)(struct mg_column *column, const char *part, const char *table,
                     const struct mg_table_leaving *leaving, int64_t mark, struct mg_error *error);
    int (*part_replace)(struct mg_column *column, const char *part, const char *table, int64_t mark,
                        struct mg_error *error);
    int (*part_drop)(struct mg_column *column, const char *part, struct mg_error *error);
    int (*part_list)(struct mg_column *column, struct mg_arena *arena, const char ***ret_parts, size_t *ret_n,
                     struct mg_error *error);
    int (*status)(struct mg_column *column, bool wait, struct mg_column_status *ret_status,
                  struct mg_error *error);
    int (*memory)(struct mg_column *column, int64_t *ret_bytes, struct mg_error *error);
    int (*examine)(const char *path, struct mg_arena *arena, const char **ret_problem,
                   struct mg_error *error);
};

extern const struct mg_column_engine mg_column_duckdb;

#endif
