/* Texts of a workbook; see xlsx_text.h. */
#include "exchange/unpack/xlsx_text.h"

#include <stdlib.h>
#include <string.h>

/* --- one text --- */

void mg_xlsx_text_start(struct mg_xlsx_text *text, const char *name)
{
    if (strcmp(name, "rPh") == 0)
        text->reading = true;
    else if (strcmp(name, "t") == 0)
        text->inside = !text->reading;
}

void mg_xlsx_text_end(struct mg_xlsx_text *text, const char *name)
{
    if (strcmp(name, "rPh") == 0)
        text->reading = false;
    else if (strcmp(name, "t") == 0)
        text->inside = false;
}

void mg_xlsx_text_add(struct mg_xlsx_text *text, const char *bytes, size_t n)
{
    if (text->inside)
        mg_buf_add(text->to, bytes, n);
}

/* The control character that "_x….._" at `text` stands for; −1: it is none. */
static int escaped(const char *text, size_t n)
{
    int value = 0;
    if (n < 7 || text[0] != '_' || text[1] != 'x' || text[6] != '_')
        return -1;
    for (int i = 2; i < 6; i++) {
        const char *digits = "0123456789ABCDEFabcdef", *at = text[i] ? strchr(digits, text[i]) : NULL;
        if (!at)
            return -1;
        value = value * 16 + (int)(at - digits < 16 ? at - digits : at - digits - 6);
    }
    return value < 0x20 || value == '_' ? value : -1;
}

size_t mg_xlsx_text_unescape(char *text, size_t n)
{
    char *p = memchr(text, '_', n);
    if (!p)
        return n;
    size_t kept = (size_t)(p - text);
    for (size_t i = kept; i < n;) {
        int c = escaped(text + i, n - i);
        if (c < 0)
            text[kept++] = text[i];
        else if (c > 0) /* a NUL is nothing */
            text[kept++] = (char)c;
        i += c < 0 ? 1 : 7;
    }
    return kept;
}

/* --- shared ones --- */

struct table {
    struct mg_xlsx_strings *strings;
    const struct mg_zip *zip;
    struct mg_xlsx_text text;
    size_t from; /* where the one being read begins */
};

static int fail_many(const struct mg_zip *zip, struct mg_error *error)
{
    mg_fail(error, MG_E_LIMIT, "%s holds more than %zu MiB of text, or more than %zu different texts.",
            zip->name, MG_XLSX_STRINGS_BYTES_MAX >> 20, MG_XLSX_STRINGS_MAX);
    mg_fail_hint(error, "Save the sheet as CSV (UTF-8) and use that file.");
    return MG_E_LIMIT;
}

static int close_string(struct table *table, struct mg_error *error)
{
    struct mg_xlsx_strings *strings = table->strings;
    struct mg_buf *bytes = &strings->bytes;
    mg_buf_add(bytes, "", 0);
    if (bytes->failed)
        return bytes->len + MG_ZIP_CHUNK >= bytes->limit ? fail_many(table->zip, error)
                                                         : mg_fail_memory(error);
    if (strings->n == MG_XLSX_STRINGS_MAX)
        return fail_many(table->zip, error);
    if (strings->n == strings->room) {
        size_t room = strings->room ? strings->room * 2 : 1024;
        uint32_t *grown = realloc(strings->ends, room * sizeof *grown);
        if (!grown)
            return mg_fail_memory(error);
        strings->ends = grown;
        strings->room = room;
    }
    bytes->len = table->from + mg_xlsx_text_unescape(bytes->data + table->from, bytes->len - table->from);
    strings->ends[strings->n++] = (uint32_t)bytes->len;
    table->from = bytes->len;
    return 0;
}

static int start_string(void *user, const char *name, const char **attributes, struct mg_error *error)
{
    struct table *table = user;
    (void)attributes, (void)error;
    mg_xlsx_text_start(&table->text, name);
    return 0;
}

static int end_string(void *user, const char *name, struct mg_error *error)
{
    struct table *table = user;
    mg_xlsx_text_end(&table->text, name);
    return strcmp(name, "si") == 0 ? close_string(table, error) : 0;
}

static int string_text(void *user, const char *bytes, size_t n, struct mg_error *error)
{
    struct table *table = user;
    mg_xlsx_text_add(&table->text, bytes, n);
    return table->strings->bytes.failed ? close_string(table, error) : 0;
}

int mg_xlsx_strings_read(struct mg_xlsx_strings *strings, const struct mg_zip *zip, int64_t entry,
                         struct mg_stop *stop, struct mg_error *error)
{
    struct table table = {.strings = strings, .zip = zip, .text = {.to = &strings->bytes}};
    struct mg_xlsx_handler handler = {start_string, end_string, string_text, &table};
    *strings = (struct mg_xlsx_strings){0};
    mg_buf_init(&strings->bytes, MG_XLSX_STRINGS_BYTES_MAX);
    return entry < 0 ? 0 : mg_xlsx_read(zip, entry, &handler, stop, error);
}

void mg_xlsx_strings_done(struct mg_xlsx_strings *strings)
{
    mg_buf_done(&strings->bytes);
    free(strings->ends);
}

const char *mg_xlsx_string(const struct mg_xlsx_strings *strings, size_t number, size_t *ret_n)
{
    if (number >= strings->n)
        return NULL;
    size_t from = number ? strings->ends[number - 1] : 0;
    *ret_n = strings->ends[number] - from;
    return strings->bytes.data ? strings->bytes.data + from : "";
}
