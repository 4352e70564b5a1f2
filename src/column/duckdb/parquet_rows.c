/* The rows of a Parquet file as texts, one after another, as any other format's reader gives them.
 *
 * What is nested becomes plain columns: the members of a structure are columns of their own ("a.b"), a list
 * of plain values is one text joined by ";". Numbers are written short (whole ones without a point), truth as
 * true and false, times as ISO text, UTC where they know their zone; what isn't finite is missing. Bytes that
 * nobody calls a text are one where they are UTF-8. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "column/duckdb/duck.h"

#define SESSION_BYTES ((size_t)128 << 20)
#define WHOLE_MAX ((int64_t)1 << 53) /* whole numbers below it are doubles */
#define DEPTH_MAX 16                 /* of structures within each other */

/* A column of the texts: `sql` is an expression of the type given, a number's or else VARCHAR. */
struct leaf {
    const char *name, *sql;
    duckdb_type type;
};

struct leaves {
    struct mg_duck_session *session;
    struct mg_arena *arena;
    struct leaf *list; /* MG_COLUMN_COLUMNS_MAX */
    size_t n;
};

/* ---- Expressions ---- */

static bool is_plain(duckdb_type type)
{
    return type != DUCKDB_TYPE_STRUCT && type != DUCKDB_TYPE_LIST && type != DUCKDB_TYPE_ARRAY &&
           type != DUCKDB_TYPE_MAP && type != DUCKDB_TYPE_UNION;
}

static bool is_list_of_plain(duckdb_logical_type type)
{
    duckdb_type id = duckdb_get_type_id(type);
    if (id != DUCKDB_TYPE_LIST && id != DUCKDB_TYPE_ARRAY)
        return false;
    duckdb_logical_type child =
        id == DUCKDB_TYPE_LIST ? duckdb_list_type_child_type(type) : duckdb_array_type_child_type(type);
    bool plain = is_plain(duckdb_get_type_id(child));
    duckdb_destroy_logical_type(&child);
    return plain;
}

static bool is_number(duckdb_type type)
{
    switch (type) {
    case DUCKDB_TYPE_TINYINT:
    case DUCKDB_TYPE_SMALLINT:
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_UTINYINT:
    case DUCKDB_TYPE_USMALLINT:
    case DUCKDB_TYPE_UINTEGER:
    case DUCKDB_TYPE_FLOAT:
    case DUCKDB_TYPE_DOUBLE:
        return true;
    default:
        return false;
    }
}

/* Of the value `sql`; NULL: memory is out. */
static const char *text_of(struct mg_arena *arena, const char *sql, duckdb_logical_type type)
{
    duckdb_type id = duckdb_get_type_id(type);
    if (id == DUCKDB_TYPE_VARCHAR || is_number(id))
        return sql;
    if (id == DUCKDB_TYPE_DECIMAL && duckdb_decimal_scale(type))
        return mg_arena_printf(arena, "rtrim(rtrim(CAST(%s AS VARCHAR), '0'), '.')", sql);
    if (id == DUCKDB_TYPE_BLOB)
        return mg_arena_printf(arena, "coalesce(TRY(decode(%s)), CAST(%s AS VARCHAR))", sql, sql);
    return mg_arena_printf(arena, is_list_of_plain(type) ? "array_to_string(%s, ';')" : "CAST(%s AS VARCHAR)",
                           sql);
}

/* ---- Columns ---- */

static int add_leaf(struct leaves *leaves, const char *name, const char *sql, duckdb_logical_type type,
                    struct mg_error *error)
{
    if (leaves->n == MG_COLUMN_COLUMNS_MAX)
        return mg_fail(error, MG_E_LIMIT, "%s has more than %d columns.", leaves->session->label,
                       MG_COLUMN_COLUMNS_MAX);
    struct leaf *leaf = &leaves->list[leaves->n++];
    leaf->name = mg_arena_strdup(leaves->arena, name);
    leaf->sql = text_of(leaves->arena, sql, type);
    leaf->type = duckdb_get_type_id(type);
    return leaf->name && leaf->sql ? 0 : mg_fail_memory(error);
}

static const char *member_sql(struct mg_arena *arena, const char *sql, const char *member)
{
    struct mg_buf buf;
    mg_buf_init(&buf, MG_DUCK_SQL_MAX);
    mg_buf_printf(&buf, "struct_extract(%s, ", sql);
    mg_duck_sql_literal(&buf, member);
    mg_buf_puts(&buf, ")");
    const char *text = buf.failed ? NULL : mg_arena_strdup(arena, buf.data);
    mg_buf_done(&buf);
    return text;
}

static int add_column(struct leaves *leaves, const char *name, const char *sql, duckdb_logical_type type,
                      int depth, struct mg_error *error);

static int add_member(struct leaves *leaves, const char *name, const char *sql, duckdb_logical_type type,
                      idx_t at, int depth, struct mg_error *error)
{
    char *member = duckdb_struct_type_child_name(type, at);
    duckdb_logical_type child = duckdb_struct_type_child_type(type, at);
    const char *dotted = mg_arena_printf(leaves->arena, "%s.%s", name, member ? member : "");
    const char *value = member ? member_sql(leaves->arena, sql, member) : NULL;
    int rc =
        dotted && value ? add_column(leaves, dotted, value, child, depth + 1, error) : mg_fail_memory(error);
    duckdb_destroy_logical_type(&child);
    duckdb_free(member);
    return rc;
}

static int add_column(struct leaves *leaves, const char *name, const char *sql, duckdb_logical_type type,
                      int depth, struct mg_error *error)
{
    if (duckdb_get_type_id(type) != DUCKDB_TYPE_STRUCT || depth == DEPTH_MAX)
        return add_leaf(leaves, name, sql, type, error);
    int rc = 0;
    for (idx_t i = 0; i < duckdb_struct_type_child_count(type) && !rc; i++)
        rc = add_member(leaves, name, sql, type, i, depth, error);
    return rc;
}

static int find_leaves(struct leaves *leaves, struct mg_error *error)
{
    struct mg_duck_sql sql;
    duckdb_result result;
    mg_duck_sql_init(&sql);
    mg_duck_sql_add(&sql, "SELECT * FROM ");
    mg_duck_sql_add(&sql, leaves->session->from);
    mg_duck_sql_add(&sql, " LIMIT 0");
    int rc = mg_duck_ask(leaves->session, &sql, false, &result, error);
    mg_duck_sql_done(&sql);
    if (rc)
        return rc;
    leaves->list = mg_arena_array(leaves->arena, MG_COLUMN_COLUMNS_MAX, sizeof *leaves->list);
    rc = leaves->list ? 0 : mg_fail_memory(error);
    for (size_t c = 0; c < leaves->session->n_columns && !rc; c++) {
        const struct mg_duck_column *column = &leaves->session->columns[c];
        duckdb_logical_type type = duckdb_column_logical_type(&result, c);
        rc = add_column(leaves, column->name, column->sql, type, 0, error);
        duckdb_destroy_logical_type(&type);
    }
    duckdb_destroy_result(&result);
    return rc;
}

/* ---- Rows ---- */

static int hand_header(const struct leaves *leaves, const struct mg_parquet_reader *reader,
                       struct mg_error *error)
{
    int64_t rows;
    int rc = mg_duck_count_rows(leaves->session, &rows, error);
    if (!rc)
        rc = reader->begin(reader->user, rows, leaves->n, error);
    for (size_t i = 0; i < leaves->n && !rc; i++)
        reader->text(reader->user, leaves->list[i].name, strlen(leaves->list[i].name));
    return rc ? rc : reader->end_row(reader->user, error);
}

/* The shortest decimal that is this number, as a double. */
static double widen(float value)
{
    char text[32];
    for (int digits = 6; digits < 9; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, (double)value);
        if (strtof(text, NULL) == value)
            return strtod(text, NULL);
    }
    return value;
}

static void hand_whole(const struct mg_parquet_reader *reader, int64_t value)
{
    char text[24];
    if (value > -WHOLE_MAX && value < WHOLE_MAX)
        reader->number(reader->user, (double)value);
    else
        reader->text(reader->user, text, (size_t)snprintf(text, sizeof text, "%" PRId64, value));
}

static void hand_cell(const struct mg_parquet_reader *reader, duckdb_type type, void *data, idx_t r)
{
    switch (type) {
    case DUCKDB_TYPE_TINYINT:
        reader->number(reader->user, ((const int8_t *)data)[r]);
        break;
    case DUCKDB_TYPE_UTINYINT:
        reader->number(reader->user, ((const uint8_t *)data)[r]);
        break;
    case DUCKDB_TYPE_SMALLINT:
        reader->number(reader->user, ((const int16_t *)data)[r]);
        break;
    case DUCKDB_TYPE_USMALLINT:
        reader->number(reader->user, ((const uint16_t *)data)[r]);
        break;
    case DUCKDB_TYPE_INTEGER:
        reader->number(reader->user, ((const int32_t *)data)[r]);
        break;
    case DUCKDB_TYPE_UINTEGER:
        reader->number(reader->user, ((const uint32_t *)data)[r]);
        break;
    case DUCKDB_TYPE_BIGINT:
        hand_whole(reader, ((const int64_t *)data)[r]);
        break;
    case DUCKDB_TYPE_FLOAT:
        reader->number(reader->user, widen(((const float *)data)[r]));
        break;
    case DUCKDB_TYPE_DOUBLE:
        reader->number(reader->user, ((const double *)data)[r]);
        break;
    default: {
        duckdb_string_t *text = &((duckdb_string_t *)data)[r];
        reader->text(reader->user, duckdb_string_t_data(text), duckdb_string_t_length(*text));
    }
    }
}

static int hand_chunk(const struct leaves *leaves, duckdb_data_chunk chunk,
                      const struct mg_parquet_reader *reader, struct mg_error *error)
{
    void *data[MG_COLUMN_COLUMNS_MAX];
    uint64_t *valid[MG_COLUMN_COLUMNS_MAX];
    idx_t n = duckdb_data_chunk_get_size(chunk);
    int rc = 0;
    for (size_t c = 0; c < leaves->n; c++) {
        duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, c);
        data[c] = duckdb_vector_get_data(vector);
        valid[c] = duckdb_vector_get_validity(vector);
    }
    for (idx_t r = 0; r < n && !rc; r++) {
        for (size_t c = 0; c < leaves->n; c++)
            if (valid[c] && !duckdb_validity_row_is_valid(valid[c], r))
                reader->text(reader->user, "", 0);
            else
                hand_cell(reader, leaves->list[c].type, data[c], r);
        rc = reader->end_row(reader->user, error);
    }
    return rc;
}

static int hand_rows(const struct leaves *leaves, const struct mg_parquet_reader *reader,
                     struct mg_error *error)
{
    struct mg_duck_sql sql;
    duckdb_result result;
    duckdb_data_chunk chunk;
    mg_duck_sql_init(&sql);
    for (size_t i = 0; i < leaves->n; i++) {
        mg_duck_sql_add(&sql, i ? ", " : "SELECT ");
        mg_duck_sql_add(&sql, leaves->list[i].sql);
    }
    mg_duck_sql_add(&sql, " FROM ");
    mg_duck_sql_add(&sql, leaves->session->from_ordered);
    int rc = mg_duck_ask(leaves->session, &sql, true, &result, error);
    mg_duck_sql_done(&sql);
    if (rc)
        return rc;
    while (!rc && (chunk = duckdb_fetch_chunk(result))) {
        rc = hand_chunk(leaves, chunk, reader, error);
        duckdb_destroy_data_chunk(&chunk);
    }
    if (!rc)
        rc = mg_duck_stream_end(leaves->session, &result, error);
    duckdb_destroy_result(&result);
    return rc;
}

int mg_duck_parquet_read(struct mg_column *column, const struct mg_source *source,
                         const struct mg_parquet_reader *reader, struct mg_error *error)
{
    struct mg_duck_session session;
    struct mg_arena *arena = mg_arena_new(SESSION_BYTES);
    int rc = arena ? mg_duck_session_open(column, arena, source, &session, error) : mg_fail_memory(error);
    if (rc) {
        mg_arena_free(arena);
        return rc;
    }
    struct leaves leaves = {.session = &session, .arena = arena};
    rc = find_leaves(&leaves, error);
    if (!rc)
        rc = hand_header(&leaves, reader, error);
    if (!rc)
        rc = hand_rows(&leaves, reader, error);
    mg_duck_session_close(&session);
    mg_arena_free(arena);
    return rc;
}
