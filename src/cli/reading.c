/* See reading.h. */
#include "cli/reading.h"

#include <string.h>

#include "base/str.h"

#define TITLES_MAX 100
#define HEADERS_MAX 4
#define FEET_MAX 20

const char *const mg_reading_orders[] = {"ymd", "dmy", "mdy", NULL};
const char *const mg_reading_marks[] = {"point", "comma", NULL};

/* A character, or what can't be typed easily: \t, tab. */
static int read_delimiter(const char *text, char *ret, struct mg_error *error)
{
    bool tab = strcmp(text, "\\t") == 0 || strcmp(text, "tab") == 0;
    if (tab || (text[0] && !text[1] && !strchr("\"\r\n", text[0]))) {
        *ret = '\t';
        if (!tab)
            *ret = text[0];
        return 0;
    }
    mg_fail(error, MG_E_INVALID, "“%s” can't part cells.", text);
    mg_fail_hint(error, "--delimiter takes one character such as ; or tab.");
    return MG_E_INVALID;
}

static int read_rows(const struct mg_args *args, const char *name, int64_t most, bool *ret_told,
                     size_t *ret_rows, struct mg_error *error)
{
    int64_t rows = 0;
    int rc = mg_args_integer(args, name, 0, most, 0, &rows, error);
    *ret_told = !rc && mg_args_get(args, name);
    *ret_rows = (size_t)rows;
    return rc;
}

/* What settles columns that can be read in several ways. */
static void read_open(const struct mg_args *args, struct mg_exchange_options *options)
{
    static const enum mg_date_order orders[] = {MG_DATE_YMD, MG_DATE_DMY, MG_DATE_MDY};
    const char *order = mg_args_get(args, "date-order"), *mark = mg_args_get(args, "decimal");
    for (size_t i = 0; order && i < ARRAY_LEN(orders); i++)
        if (strcmp(order, mg_reading_orders[i]) == 0) {
            options->order_told = true;
            options->order = orders[i];
        }
    if (mark)
        options->decimal = strcmp(mark, "comma") == 0 ? ',' : '.';
}

int mg_reading_of_args(const struct mg_args *args, struct mg_exchange_options *ret_options,
                       struct mg_error *error)
{
    struct mg_exchange_options options = {.encoding = mg_args_get(args, "encoding"),
                                          .sheet = mg_args_get(args, "sheet"),
                                          .keep_all = mg_args_flag(args, "all-rows")};
    struct mg_shape_options *shape = &options.shape;
    const char *delimiter = mg_args_get(args, "delimiter");
    int rc = delimiter ? read_delimiter(delimiter, &options.delimiter, error) : 0;
    if (!rc)
        rc = read_rows(args, "title-rows", TITLES_MAX, &shape->titles_told, &shape->title_rows, error);
    if (!rc)
        rc = read_rows(args, "header-rows", HEADERS_MAX, &shape->headers_told, &shape->header_rows, error);
    if (!rc)
        rc = read_rows(args, "foot-rows", FEET_MAX, &shape->foot_told, &shape->foot_rows, error);
    read_open(args, &options);
    if (!rc)
        *ret_options = options;
    return rc;
}
