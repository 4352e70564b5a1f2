/* A sample survey in memory and as CSV and Parquet in a temporary folder, for the tests of column/. */
#ifndef MG_TESTS_COLUMN_SAMPLE_H
#define MG_TESTS_COLUMN_SAMPLE_H

#include <duckdb.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/rng.h"
#include "base/str.h"
#include "column/engine.h"

#define SAMPLE_ROWS 6000
#define SAMPLE_ANSWERS 5

/* Column names, hostile ones among them: a quote, a semicolon, Chinese, SQL. */
static const char *const sample_names[SAMPLE_ANSWERS] = {"E1", "P1", "列 \"引号\"; DROP TABLE x; --", "it's",
                                                         "满意度"};
static const char *const sample_regions[] = {"north", "south", "西区", NULL};

struct sample {
    double answers[SAMPLE_ANSWERS]
                  [SAMPLE_ROWS]; /* NaN: missing; 99 and 0 lie outside 1–7; E1 has fractions */
    double weight[SAMPLE_ROWS];  /* NaN, 0 and negative among them */
    int region[SAMPLE_ROWS], wave[SAMPLE_ROWS];
    char folder[64], csv[96], parquet[96];
};

static inline void sample_fill(struct sample *sample)
{
    struct mg_rng rng = mg_rng_init(7, 7);
    for (int r = 0; r < SAMPLE_ROWS; r++) {
        for (int c = 0; c < SAMPLE_ANSWERS; c++) {
            double v = 1 + (double)mg_rng_below(&rng, 7);
            double u = mg_rng_uniform(&rng);
            if (c == 0 && u < 0.1)
                v += 0.5;
            if (u > 0.96)
                v = u > 0.98 ? NAN : c == 1 ? 99 : 0;
            sample->answers[c][r] = v;
        }
        sample->weight[r] = r % 50 == 0 ? NAN : r % 31 == 0 ? 0 : r % 37 == 0 ? -1 : (double)(1 + r % 9) / 4;
        sample->region[r] = (int)mg_rng_below(&rng, 4);
        sample->wave[r] = 1 + (int)mg_rng_below(&rng, 12);
    }
}

static inline void sample_cell(FILE *file, double v, const char *end)
{
    if (isnan(v))
        fprintf(file, "NA%s", end);
    else
        fprintf(file, "%.10g%s", v, end);
}

static inline void sample_write_csv(const struct sample *sample)
{
    FILE *file = fopen(sample->csv, "w");
    assert_non_null(file);
    fprintf(file, "E1;P1;\"列 \"\"引号\"\"; DROP TABLE x; --\";it's;满意度;weight;region;wave\n");
    for (int r = 0; r < SAMPLE_ROWS; r++) {
        for (int c = 0; c < SAMPLE_ANSWERS; c++)
            sample_cell(file, sample->answers[c][r], ";");
        sample_cell(file, sample->weight[r], ";");
        const char *region = sample_regions[sample->region[r]];
        fprintf(file, "%s;%d\n", region ? region : "", sample->wave[r]);
    }
    fclose(file);
}

static inline void sample_sql(const char *sql)
{
    duckdb_database database;
    duckdb_connection connection;
    duckdb_result result;
    assert_int_equal(duckdb_open(NULL, &database), DuckDBSuccess);
    assert_int_equal(duckdb_connect(database, &connection), DuckDBSuccess);
    if (duckdb_query(connection, sql, &result) != DuckDBSuccess)
        fail_msg("%s", duckdb_result_error(&result));
    duckdb_destroy_result(&result);
    duckdb_disconnect(&connection);
    duckdb_close(&database);
}

/* The sample in a fresh folder in both formats; whole answers are integers in Parquet. */
static inline struct sample *sample_new(void)
{
    static const char format[] = "COPY (SELECT TRY_CAST(c0 AS DOUBLE) AS \"E1\", TRY_CAST(c1 AS INTEGER) AS "
                                 "\"P1\", TRY_CAST(c2 AS BIGINT) AS "
                                 "\"列 \"\"引号\"\"; DROP TABLE x; --\", TRY_CAST(c3 AS TINYINT) AS "
                                 "\"it's\", TRY_CAST(c4 AS UTINYINT) AS "
                                 "\"满意度\", TRY_CAST(c5 AS DOUBLE) AS weight, c6 AS region, CAST(c7 AS "
                                 "SMALLINT) AS wave FROM read_csv('%s', "
                                 "delim = ';', quote = '\"', escape = '\"', header = true, columns = {'c0': "
                                 "'VARCHAR', 'c1': 'VARCHAR', 'c2': "
                                 "'VARCHAR', 'c3': 'VARCHAR', 'c4': 'VARCHAR', 'c5': 'VARCHAR', 'c6': "
                                 "'VARCHAR', 'c7': 'VARCHAR'}, auto_detect "
                                 "= false)) TO '%s' (FORMAT %s)";
    struct sample *sample = calloc(1, sizeof(*sample));
    char sql[2048];
    strcpy(sample->folder, "/tmp/mindgap-column-XXXXXX");
    assert_non_null(mkdtemp(sample->folder));
    snprintf(sample->csv, sizeof(sample->csv), "%s/a;b.csv", sample->folder);
    snprintf(sample->parquet, sizeof(sample->parquet), "%s/a[1]*.parquet", sample->folder);
    sample_fill(sample);
    sample_write_csv(sample);
    snprintf(sql, sizeof(sql), format, sample->csv, sample->parquet, "parquet, ROW_GROUP_SIZE 2048");
    sample_sql(sql);
    return sample;
}

static inline void sample_free(struct sample *sample)
{
    unlink(sample->csv);
    unlink(sample->parquet);
    rmdir(sample->folder);
    free(sample);
}

#endif
