/* Damaged Parquet is said to be so, whatever byte is wrong, and leaves the engine sound; wide files and large
 * cells stay within the memory that the headers state. */
#include "memory.h"
#include "sample.h"

static const struct mg_column_engine *const engine = &mg_column_duckdb;
static struct mg_column *column;
static char folder[64], path[96];

static void write_bytes(const void *bytes, size_t n)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    fclose(file);
}

static void copy_to_parquet(const char *select, const char *options)
{
    char *sql = malloc(strlen(select) + 300);
    sprintf(sql, "COPY (%s) TO '%s' (FORMAT parquet%s)", select, path, options);
    sample_sql(sql);
    free(sql);
}

static int ignore(void *user, const struct mg_row_batch *batch, struct mg_error *error)
{
    (void)error;
    *(int64_t *)user += (int64_t)batch->n_rows;
    return 0;
}

static struct mg_source source(void)
{
    return (struct mg_source){.path = path, .name = "answers.parquet"};
}

static int describe(struct mg_source_info *ret_info, struct mg_error *error)
{
    struct mg_source file = source();
    struct mg_arena *arena = mg_arena_new((size_t)64 << 20);
    int rc = engine->describe(column, arena, &file, ret_info, error);
    mg_arena_free(arena);
    return rc;
}

static int scan(struct mg_error *error)
{
    struct mg_source file = source();
    int64_t rows = 0;
    return engine->scan(column, &file, NULL, 0, NULL, 0, 0, ignore, &rows, error);
}

/* Read well (some bytes say nothing of importance) or refused with a message that a user can act on. */
static void assert_clear(int rc, const struct mg_error *error, size_t at)
{
    if (rc == 0)
        return;
    if (rc != MG_E_INVALID && rc != MG_E_LIMIT)
        fail_msg("byte %zu: %d %s", at, rc, error->message);
    assert_non_null(strstr(error->message, "answers.parquet"));
    assert_null(strstr(error->message, folder));
    assert_null(strstr(error->message, "/proc/"));
    assert_true(*error->hint);
}

static unsigned char *small_parquet(const char *options, size_t *ret_n)
{
    unsigned char *bytes = malloc(65536);
    copy_to_parquet("SELECT i % 7 AS \"E1\", (i % 5) / 2.0::DOUBLE AS \"P1\", 'text ' || i AS t, "
                    "CASE WHEN i % 3 = 0 THEN 'north' ELSE 'south' END AS region FROM range(120) t(i)",
                    options);
    FILE *file = fopen(path, "rb");
    *ret_n = fread(bytes, 1, 65536, file);
    fclose(file);
    assert_true(*ret_n > 500 && *ret_n < 65536);
    return bytes;
}

static void read_flipped(unsigned char *bytes, size_t n, size_t at)
{
    struct mg_source_info info;
    struct mg_error error = {0};
    unsigned char kept = bytes[at];
    bytes[at] = (unsigned char)(kept ^ (at % 3 == 0 ? 0xFF : at % 3 == 1 ? 0x80 : 0x01));
    write_bytes(bytes, n);
    bytes[at] = kept;
    assert_clear(describe(&info, &error), &error, at);
    error = (struct mg_error){0};
    assert_clear(scan(&error), &error, at);
}

static void flipped_bytes_are_damage(void **state)
{
    (void)state;
    static const char *const packings[] = {"", ", COMPRESSION zstd", ", COMPRESSION uncompressed"};
    for (size_t p = 0; p < ARRAY_LEN(packings); p++) {
        size_t n;
        unsigned char *bytes = small_parquet(packings[p], &n);
        for (size_t at = p; at < n; at += 8)
            read_flipped(bytes, n, at);
        free(bytes);
    }
}

static void cut_files_are_damage(void **state)
{
    (void)state;
    size_t n;
    unsigned char *bytes = small_parquet("", &n);
    for (size_t kept = 1; kept < n; kept += 31) {
        struct mg_source_info info;
        struct mg_error error = {0};
        write_bytes(bytes, kept);
        int rc = describe(&info, &error);
        assert_int_equal(rc, MG_E_INVALID);
        assert_clear(rc, &error, kept);
    }
    free(bytes);
}

/* The engine is shared: what one file does must not reach the next. */
static void the_engine_is_sound_afterwards(void **state)
{
    (void)state;
    struct mg_source_info info;
    struct mg_error error = {0};
    size_t n;
    free(small_parquet("", &n));
    if (describe(&info, &error))
        fail_msg("%s", error.message);
    assert_int_equal((int)info.rows, 120);
}

/* ---- Wide files ---- */

static void wide_parquet(size_t columns, int rows)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    for (size_t c = 0; c < columns; c++)
        fprintf(out, "%s((i * %zu + 3) %% 7 + 1)::TINYINT AS q%zu", c ? ", " : "SELECT ", c, c);
    fprintf(out, " FROM range(%d) t(i)", rows);
    fclose(out);
    copy_to_parquet(text, "");
    free(text);
}

/* Cell c of row r is (r c + 3) mod 7 + 1. */
static int check_cells(void *user, const struct mg_row_batch *batch, struct mg_error *error)
{
    (void)error;
    assert_int_equal(batch->n_columns, MG_COLUMN_COLUMNS_MAX);
    for (size_t r = 0; r < batch->n_rows; r++)
        for (size_t c = 0; c < batch->n_columns; c++)
            assert_int_equal(batch->cells[r * batch->n_columns + c][0],
                             '1' + (int)(((size_t)batch->first_row + r) * c + 3) % 7);
    *(size_t *)user += batch->n_rows;
    return 0;
}

static void thousands_of_columns_are_described(void **state)
{
    (void)state;
    struct mg_source file = source();
    struct mg_source_info info;
    struct mg_error error = {0};
    wide_parquet(MG_COLUMN_COLUMNS_MAX, 1000);
    struct mg_arena *arena = mg_arena_new((size_t)64 << 20);
    forget_peak();
    long before = peak_mb();
    if (engine->describe(column, arena, &file, &info, &error))
        fail_msg("%s", error.message);
    size_t rows = 0;
    if (engine->scan(column, &file, NULL, 0, NULL, 0, 20, check_cells, &rows, &error))
        fail_msg("%s", error.message);
    assert_int_equal(rows, 20);
    long used = peak_mb() - before;
    assert_int_equal(info.n_columns, MG_COLUMN_COLUMNS_MAX);
    for (size_t c = 1; c < info.n_columns; c++) {
        assert_int_equal((int)info.columns[c].n, 1000);
        assert_int_equal((int)info.columns[c].n_distinct, c % 7 ? 7 : 1);
    }
    mg_arena_free(arena);
    if (MEMORY_IS_OURS && used > 200)
        fail_msg("%ld MiB", used);
}

static void more_columns_are_too_many(void **state)
{
    (void)state;
    struct mg_source_info info;
    struct mg_error error = {0};
    wide_parquet(MG_COLUMN_COLUMNS_MAX + 1, 10);
    assert_int_equal(describe(&info, &error), MG_E_LIMIT);
    assert_non_null(strstr(error.message, "4096 columns"));
    assert_non_null(strstr(error.message, "answers.parquet"));
}

/* ---- Large cells ---- */

static void a_huge_cell_takes_no_memory(void **state)
{
    (void)state;
    struct mg_source_info info;
    struct mg_error error = {0};
    copy_to_parquet("SELECT CASE WHEN i = 5 THEN repeat('x', 150000000) ELSE 'y' END AS t, i AS \"E1\" "
                    "FROM range(10) t(i)",
                    ", COMPRESSION zstd");
    forget_peak();
    long before = peak_mb();
    assert_int_equal(describe(&info, &error), MG_E_LIMIT);
    assert_non_null(strstr(error.message, "128 MiB"));
    assert_int_equal(scan(&error), MG_E_LIMIT);
    if (MEMORY_IS_OURS && peak_mb() - before > 50)
        fail_msg("%ld MiB", peak_mb() - before);
}

static void a_cell_above_the_limit_is_not_handed_out(void **state)
{
    (void)state;
    struct mg_source_info info;
    struct mg_error error = {0};
    copy_to_parquet("SELECT repeat('x', 1048577) AS t", ", COMPRESSION zstd");
    assert_int_equal(describe(&info, &error), 0);
    assert_int_equal(scan(&error), MG_E_LIMIT);
    copy_to_parquet("SELECT repeat('x', 1048576) AS t", ", COMPRESSION zstd");
    assert_int_equal(scan(&error), 0);
}

static int set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/mindgap-hostile-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/file", folder);
    return engine->open(NULL, 2, &column, NULL);
}

static int tear_down(void **state)
{
    (void)state;
    engine->close(column);
    unlink(path);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flipped_bytes_are_damage),
        cmocka_unit_test(cut_files_are_damage),
        cmocka_unit_test(the_engine_is_sound_afterwards),
        cmocka_unit_test(thousands_of_columns_are_described),
        cmocka_unit_test(more_columns_are_too_many),
        cmocka_unit_test(a_huge_cell_takes_no_memory),
        cmocka_unit_test(a_cell_above_the_limit_is_not_handed_out),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
