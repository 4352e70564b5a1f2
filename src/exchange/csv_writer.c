/* CSV out; see csv_writer.h. */
#include "exchange/csv_writer.h"

#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/str.h"

struct mg_csv_writer mg_csv_writer(struct mg_buf *buf)
{
    return (struct mg_csv_writer){.buf = buf};
}

void mg_csv_write_mark(struct mg_csv_writer *out)
{
    mg_buf_puts(out->buf, "\xEF\xBB\xBF");
}

static void separate(struct mg_csv_writer *out)
{
    if (out->inside)
        mg_buf_putc(out->buf, ',');
    out->inside = true;
}

static void write_quoted(struct mg_buf *buf, const char *prefix, const char *text, size_t n)
{
    mg_buf_putc(buf, '"');
    mg_buf_puts(buf, prefix);
    while (n > 0) {
        const char *quote = memchr(text, '"', n);
        size_t run = quote ? (size_t)(quote - text) + 1 : n;
        mg_buf_add(buf, text, run);
        if (quote)
            mg_buf_putc(buf, '"');
        text += run;
        n -= run;
    }
    mg_buf_putc(buf, '"');
}

static bool needs_quotes(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (text[i] == ',' || text[i] == '"' || text[i] == '\n' || text[i] == '\r')
            return true;
    return n > 0 && (text[0] == ' ' || text[n - 1] == ' ');
}

/* Full-width = + - @, which spreadsheets of East Asian users take for the narrow ones. */
static bool begins_wide(const char *text)
{
    static const char *const wide[] = {"＝", "＋", "－", "＠"};
    for (size_t i = 0; i < ARRAY_LEN(wide); i++)
        if (mg_str_starts(text, wide[i]))
            return true;
    return false;
}

bool mg_csv_is_formula(const char *text)
{
    double ignored;
    if (begins_wide(text))
        return true;
    return *text && strchr("=+-@\t\r\n", *text) && !mg_parse_double(text, &ignored);
}

void mg_csv_write_text(struct mg_csv_writer *out, const char *text)
{
    separate(out);
    if (!text)
        return;
    size_t n = strlen(text);
    if (mg_csv_is_formula(text))
        write_quoted(out->buf, "'", text, n);
    else
        mg_csv_write_exact(out->buf, text, n);
}

void mg_csv_write_number(struct mg_csv_writer *out, double value)
{
    separate(out);
    if (!isfinite(value))
        return;
    char text[32];
    mg_format_double(value, text);
    mg_buf_puts(out->buf, text);
}

void mg_csv_end_row(struct mg_csv_writer *out)
{
    mg_buf_puts(out->buf, "\r\n");
    out->inside = false;
}

void mg_csv_write_exact(struct mg_buf *buf, const char *text, size_t n)
{
    if (needs_quotes(text, n))
        write_quoted(buf, "", text, n);
    else
        mg_buf_add(buf, text, n);
}
