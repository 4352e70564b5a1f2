/* Whatever is in a sheet: each format gives it back, but for what it is stated to lose. Random sheets out,
 * and in again by our reader (CSV, JSONL, XLSX, Parquet) and by ReadStat (.sav, .dta). */
#include <readstat.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/rng.h"
#include "column/engine.h"
#include "exchange/exchange.h"
#include "sheet.h"

#define SHEETS 20
#define ROWS 60
#define TEXT_MAX 400

static const struct mg_out_column columns[] = {
    {.name = "短文", .type = MG_TYPE_TEXT},     {.name = "long_text", .type = MG_TYPE_TEXT},
    {.name = "whole", .type = MG_TYPE_INTEGER}, {.name = "number", .type = MG_TYPE_NUMBER},
    {.name = "yes", .type = MG_TYPE_BOOLEAN},   {.name = "day", .type = MG_TYPE_TIME},
    {.name = "moment", .type = MG_TYPE_TIME},
};
#define N ARRAY_LEN(columns)

struct sheet {
    struct mg_out_cell cells[ROWS][N];
    char texts[ROWS][2][TEXT_MAX + 8];
    char back[ROWS][N][TEXT_MAX * 2]; /* as text; "" for missing */
    size_t rows;
};

static struct sheet sheet;

/* ---- making ---- */

static const char *random_text(struct mg_rng *rng, size_t parts, char *to)
{
    static const char *const pieces[] = {"a", "Zz", "7", " ",  ",", "\"", "\n", "'", "期望", "é",       "𝄞",
                                         "=", "+1", "-", "@x", ";", "\t", "{",  "}", "\\",   "_x0041_", "NA"};
    size_t n = 1 + mg_rng_below(rng, parts);
    strcpy(to, "x");
    if (mg_rng_below(rng, 3) == 0)
        strcpy(to, "=");
    while (n-- > 0)
        strcat(to, pieces[mg_rng_below(rng, ARRAY_LEN(pieces))]);
    return strcat(to, "."); /* spaces at an end are trimmed by some */
}

static double random_number(struct mg_rng *rng)
{
    switch (mg_rng_below(rng, 4)) {
    case 0:
        return (double)mg_rng_below(rng, 7) + 1;
    case 1:
        return ((double)mg_rng_below(rng, 2000000) - 1e6) / 1000;
    case 2:
        return (mg_rng_uniform(rng) - 0.5) * 1e12;
    default:
        return (mg_rng_uniform(rng) - 0.5) / 1e9;
    }
}

static void make_row(struct mg_rng *rng, size_t r)
{
    struct mg_out_cell *cells = sheet.cells[r];
    double days = (double)mg_rng_below(rng, 60000) - 30000;
    cells[0] = text(random_text(rng, 8, sheet.texts[r][0]));
    cells[1] = text(random_text(rng, 90, sheet.texts[r][1]));
    cells[2] = number((double)mg_rng_below(rng, r % 2 ? 600 : 200000) - 300);
    cells[3] = number(random_number(rng));
    cells[4] = number((double)mg_rng_below(rng, 2));
    cells[5] = moment(days * DAY_US);
    cells[6] = moment(days * DAY_US + (double)mg_rng_below(rng, 86400000) * 1000);
    for (size_t c = 0; c < N; c++)
        if (mg_rng_below(rng, 5) == 0)
            cells[c] = missing;
}

/* ---- what has to come back ---- */

static double in_16_figures(double value)
{
    char digits[40];
    snprintf(digits, sizeof digits, "%.16G", value);
    return strtod(digits, NULL);
}

static void expected(size_t r, size_t c, enum mg_out_format format, char *to)
{
    const struct mg_out_cell *cell = &sheet.cells[r][c];
    *to = '\0';
    if (cell->kind == MG_OUT_TEXT)
        sprintf(to, "%s%s", format == MG_OUT_CSV && strchr("=+-@", *cell->text) ? "'" : "", cell->text);
    else if (cell->kind == MG_OUT_NUMBER)
        mg_format_double(format == MG_OUT_XLSX ? in_16_figures(cell->number) : cell->number, to);
    else if (cell->kind == MG_OUT_TIME)
        sprintf(to, "%.3f", cell->number / 1000);
}

/* Times in milliseconds, truth as 1 and 0, as expected() has them. */
static void keep(size_t r, size_t c, const char *cell)
{
    char *to = sheet.back[r][c];
    int64_t us;
    const char *point = strchr(cell, '.');
    if (columns[c].type == MG_TYPE_TIME && *cell) {
        assert_int_equal(mg_time_parse(cell, &us), 0);
        char digits[7] = "000000";
        if (point && us % 1000000 == 0)
            memcpy(digits, point + 1, strspn(point + 1, "0123456789"));
        sprintf(to, "%.3f", ((double)us + atof(digits)) / 1000);
    } else if (columns[c].type == MG_TYPE_BOOLEAN && *cell) {
        strcpy(to, strcasecmp(cell, "true") == 0 ? "1" : strcasecmp(cell, "false") == 0 ? "0" : cell);
    } else if (columns[c].type == MG_TYPE_NUMBER && *cell) {
        double value;
        assert_true(mg_parse_double(cell, &value));
        mg_format_double(value, to);
    } else {
        strcpy(to, cell);
    }
}

/* ---- coming back ---- */

static int on_row(void *user, const struct mg_exchange_row *row, struct mg_error *error)
{
    size_t *r = user;
    (void)error;
    assert_false(row->bad);
    for (size_t c = 0; c < N; c++)
        keep(*r, c, row->cells[c]);
    ++*r;
    return 0;
}

static struct mg_columns engine;

static size_t by_exchange(void)
{
    struct mg_exchange_options options = {.temp_dir = folder, .columns = &engine};
    struct mg_exchange *x = NULL;
    struct mg_error error = {0};
    size_t rows = 0;
    if (mg_exchange_open(path, &options, &x, &error) || mg_exchange_each(x, on_row, &rows, &error))
        fail_msg("%s", error.message);
    for (size_t c = 0; c < N; c++)
        assert_string_equal(x->columns[c], columns[c].name);
    mg_exchange_close(x);
    return rows;
}

/* What another program finds its columns to be. */
static void assert_types(void)
{
    struct mg_source source = {.path = path};
    struct mg_error error = {0};
    struct mg_source_info info;
    if (mg_columns_names(&engine, arena, &source, &info, &error))
        fail_msg("%s", error.message);
    for (size_t c = 0; c < N; c++) {
        assert_string_equal(info.columns[c].name, columns[c].name);
        assert_int_equal(info.columns[c].type, columns[c].type);
    }
}

/* Milliseconds since 1970 of a number that .sav or .dta hold. */
static double in_ms(const char *format, double value)
{
    if (strcmp(format, "%td") == 0)
        return (value - 3653) * 86400000;
    if (strcmp(format, "%tc") == 0)
        return value - 3653 * 86400000.0;
    return round((value - 12219379200.0) * 1000);
}

static int on_value(int row, readstat_variable_t *variable, readstat_value_t value, void *user)
{
    int c = readstat_variable_get_index(variable);
    char *to = sheet.back[row][c];
    size_t *rows = user;
    *rows = (size_t)row + 1;
    if (readstat_value_type_class(value) == READSTAT_TYPE_CLASS_STRING)
        strcpy(to, readstat_string_value(value) ? readstat_string_value(value) : "");
    else if (readstat_value_is_system_missing(value))
        *to = '\0';
    else if (columns[c].type == MG_TYPE_TIME)
        sprintf(to, "%.3f", in_ms(readstat_variable_get_format(variable), readstat_double_value(value)));
    else
        mg_format_double(readstat_double_value(value), to);
    return READSTAT_HANDLER_OK;
}

static int on_variable(int index, readstat_variable_t *variable, const char *set, void *user)
{
    (void)index, (void)variable, (void)set, (void)user;
    return READSTAT_HANDLER_OK;
}

static size_t by_readstat(enum mg_out_format format)
{
    size_t rows = 0;
    readstat_parser_t *parser = readstat_parser_init();
    readstat_set_variable_handler(parser, on_variable);
    readstat_set_value_handler(parser, on_value);
    readstat_error_t why = format == MG_OUT_SAV ? readstat_parse_sav(parser, path, &rows)
                                                : readstat_parse_dta(parser, path, &rows);
    readstat_parser_free(parser);
    assert_int_equal(why, READSTAT_OK);
    return rows;
}

static size_t read_back(enum mg_out_format format)
{
    memset(sheet.back, 0, sizeof sheet.back);
    if (format == MG_OUT_SAV || format == MG_OUT_DTA)
        return by_readstat(format);
    if (format == MG_OUT_PARQUET)
        assert_types();
    return by_exchange();
}

static void write_random(enum mg_out_format format)
{
    struct mg_out_options options = {.temp_dir = folder, .columns = &engine};
    struct mg_out_report report;
    struct mg_error error = {0};
    struct mg_out *out;
    snprintf(path, sizeof path, "%s/file%s", folder, mg_out_ending(format));
    int rc = mg_out_open(arena, format, path, columns, N, &options, &out, &error);
    for (size_t r = 0; r < sheet.rows && rc == 0; r++)
        rc = mg_out_row(out, sheet.cells[r], &error);
    if (rc || mg_out_close(out, &report, &error))
        fail_msg("%s", error.message);
    assert_int_equal(report.rows, sheet.rows);
}

static void every_format_gives_it_back(void **state)
{
    static const enum mg_out_format formats[] = {MG_OUT_CSV,     MG_OUT_JSONL, MG_OUT_XLSX,
                                                 MG_OUT_PARQUET, MG_OUT_SAV,   MG_OUT_DTA};
    char want[TEXT_MAX * 2];
    (void)state;
    for (uint64_t seed = 1; seed <= SHEETS; seed++) {
        struct mg_rng rng = mg_rng_init(seed, 0);
        sheet.rows = 1 + mg_rng_below(&rng, ROWS);
        for (size_t r = 0; r < sheet.rows; r++)
            make_row(&rng, r);
        for (size_t f = 0; f < ARRAY_LEN(formats); f++) {
            write_random(formats[f]);
            assert_int_equal(read_back(formats[f]), sheet.rows);
            for (size_t r = 0; r < sheet.rows; r++)
                for (size_t c = 0; c < N; c++) {
                    expected(r, c, formats[f], want);
                    if (strcmp(sheet.back[r][c], want) != 0)
                        fail_msg("%s, sheet %d, row %zu, %s: “%s” isn't “%s”", mg_out_name(formats[f]),
                                 (int)seed, r, columns[c].name, sheet.back[r][c], want);
                }
        }
    }
}

static void parquet_says_what_it_loses(void **state)
{
    (void)state;
    static const struct mg_cell_label labels[] = {{"good", 1}};
    const struct mg_out_column labelled[] = {
        {.name = "a\"b", .label = {"A", NULL}, .type = MG_TYPE_INTEGER, .labels = labels, .n_labels = 1}};
    const struct mg_out_cell cells[] = {number(1), text("word"), number(2.5)};
    struct mg_out_options options = {.temp_dir = folder, .columns = &engine};
    struct mg_out_report report;
    struct mg_error error = {0};
    struct mg_out *out;
    snprintf(path, sizeof path, "%s/lossy.parquet", folder);
    assert_int_equal(mg_out_open(arena, MG_OUT_PARQUET, path, labelled, 1, &options, &out, &error), 0);
    for (size_t r = 0; r < 3; r++)
        assert_int_equal(mg_out_row(out, &cells[r], &error), 0);
    assert_int_equal(mg_out_close(out, &report, &error), 0);
    assert_true(loses(&report, "“a\"b”: 1 cell is empty"));
    assert_int_equal(report.n_losses, 3);
    struct mg_source source = {.path = path};
    struct mg_source_info info;
    assert_int_equal(mg_columns_describe(&engine, arena, &source, &info, &error), 0);
    assert_string_equal(info.columns[0].name, "a\"b");
    assert_int_equal(info.columns[0].type, MG_TYPE_NUMBER);
    assert_true(info.columns[0].max == 2.5);
    assert_int_equal(info.columns[0].n_missing, 1);
}

static void parquet_needs_the_engine(void **state)
{
    (void)state;
    struct mg_error error = {0};
    assert_null(begin(MG_OUT_PARQUET, columns, N, &error));
    assert_int_equal(error.code, MG_E_UNSUPPORTED);
}

static int open_engine(void **state)
{
    struct mg_error error = {0};
    return make_folder(state) ? -1 : mg_columns_open(&mg_column_duckdb, NULL, 1, &engine, &error);
}

static int close_engine(void **state)
{
    mg_columns_close(&engine);
    return remove_folder(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_format_gives_it_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(parquet_says_what_it_loses, set_up, tear_down),
        cmocka_unit_test_setup_teardown(parquet_needs_the_engine, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, open_engine, close_engine);
}
