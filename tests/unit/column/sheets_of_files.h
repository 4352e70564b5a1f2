/* Text files as sheets, for the tests of column/: opened by exchange/ in small parts, so that every test
 * reads several. Open until sheets_close. */
#ifndef MG_TESTS_COLUMN_SHEETS_OF_FILES_H
#define MG_TESTS_COLUMN_SHEETS_OF_FILES_H

#include "sample.h"

#include "exchange/exchange.h"

#define SHEET_PART_BYTES 4096

static struct mg_exchange **sheets;
static size_t n_sheets;

/* The file's source; the test fails where it can't be opened. */
static inline struct mg_source sheet_source(const char *path)
{
    const struct mg_exchange_options options = {.part_bytes = SHEET_PART_BYTES};
    struct mg_source source = {0};
    struct mg_error error = {0};
    sheets = realloc(sheets, (n_sheets + 1) * sizeof(struct mg_exchange *));
    if (mg_exchange_open(path, &options, &sheets[n_sheets], &error) ||
        mg_exchange_source(sheets[n_sheets++], &source, &error))
        fail_msg("%s: %s", path, error.message);
    return source;
}

static inline void sheets_close(void)
{
    while (n_sheets > 0)
        mg_exchange_close(sheets[--n_sheets]);
    free(sheets);
    sheets = NULL;
}

static inline struct mg_source sample_source(const struct sample *sample, bool parquet)
{
    return parquet ? (struct mg_source){.path = sample->parquet} : sheet_source(sample->csv);
}

#endif
