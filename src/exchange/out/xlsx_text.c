/* Text in a cell; see xlsx_text.h. */
#include "exchange/out/xlsx_text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "exchange/out/private.h"

#define BYTES_MAX ((size_t)MG_XLSX_CHARACTERS_MAX * 8)

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* "_x0041_" means a character in the file's own language; such text of ours gets its first underscore spelled
 * out. */
static bool is_escape(const char *text)
{
    return text[0] == '_' && text[1] == 'x' && is_hex(text[2]) && is_hex(text[3]) && is_hex(text[4]) &&
           is_hex(text[5]) && text[6] == '_';
}

/* U+FFFE and U+FFFF, which no XML may hold. */
static bool is_no_character(const char *text)
{
    return memcmp(text, "\xEF\xBF\xBE", 3) == 0 || memcmp(text, "\xEF\xBF\xBF", 3) == 0;
}

static bool is_plain(const char *text)
{
    size_t n = 0;
    for (; text[n]; n++)
        if (text[n] == '_' || text[n] == '\xEF')
            return false;
    return n <= MG_XLSX_CHARACTERS_MAX;
}

/* The text as the file has to say it, as many characters as a cell may hold. True: all of it. */
static bool fit(const char *text, struct mg_buf *buf)
{
    size_t units = 0;
    while (*text) {
        unsigned char lead = (unsigned char)*text;
        size_t n = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        units += n == 4 ? 2 : 1;
        if (units > MG_XLSX_CHARACTERS_MAX)
            return false;
        if (is_escape(text))
            mg_buf_puts(buf, "_x005F_");
        else if (n == 3 && is_no_character(text))
            mg_buf_puts(buf, "\xEF\xBF\xBD");
        else
            mg_buf_add(buf, text, n);
        text += n;
    }
    return true;
}

int mg_out_xlsx_text(lxw_worksheet *sheet, uint32_t row, uint16_t column, const char *text,
                     lxw_format *format, bool *ret_cut, struct mg_error *error)
{
    struct mg_buf buf = {0};
    const char *fitting = text;
    if (!is_plain(text)) {
        mg_buf_init(&buf, BYTES_MAX);
        bool whole = fit(text, &buf);
        if (ret_cut && !whole)
            *ret_cut = true;
        fitting = buf.data;
    }
    lxw_error why = buf.failed ? LXW_ERROR_MEMORY_MALLOC_FAILED
                               : worksheet_write_string(sheet, row, column, fitting, format);
    int was = errno;
    mg_buf_done(&buf);
    if (why == LXW_NO_ERROR)
        return 0;
    return why == LXW_ERROR_MEMORY_MALLOC_FAILED ? mg_fail_memory(error) : mg_out_failed(was, error);
}
