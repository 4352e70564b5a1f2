/* Doubling byte buffer; see buf.h for the contract. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void mg_buf_init(struct mg_buf *buf, size_t limit)
{
    *buf = (struct mg_buf){.limit = limit};
}

void mg_buf_done(struct mg_buf *buf)
{
    if (!buf)
        return;
    free(buf->data);
    *buf = (struct mg_buf){.limit = buf->limit};
}

/* Makes room for n more bytes and the terminator. */
static bool reserve(struct mg_buf *buf, size_t n)
{
    if (buf->failed || n > buf->limit - buf->len) {
        buf->failed = true;
        return false;
    }
    size_t needed = buf->len + n + 1;
    if (needed <= buf->cap)
        return true;
    size_t cap = buf->cap ? buf->cap : 64;
    while (cap < needed)
        cap *= 2;
    char *data = realloc(buf->data, cap);
    if (!data) {
        buf->failed = true;
        return false;
    }
    buf->data = data;
    buf->cap = cap;
    return true;
}

void mg_buf_add(struct mg_buf *buf, const void *bytes, size_t n)
{
    if (!reserve(buf, n))
        return;
    if (n)
        memcpy(buf->data + buf->len, bytes, n);
    buf->len += n;
    buf->data[buf->len] = '\0';
}

void mg_buf_puts(struct mg_buf *buf, const char *text)
{
    mg_buf_add(buf, text, strlen(text));
}

void mg_buf_putc(struct mg_buf *buf, char c)
{
    mg_buf_add(buf, &c, 1);
}

void mg_buf_printf(struct mg_buf *buf, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int needed = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (needed >= 0 && reserve(buf, (size_t)needed)) {
        vsnprintf(buf->data + buf->len, (size_t)needed + 1, format, again);
        buf->len += (size_t)needed;
    }
    va_end(again);
}

void mg_buf_reset(struct mg_buf *buf)
{
    buf->len = 0;
    buf->failed = false;
    if (buf->data)
        buf->data[0] = '\0';
}

char *mg_buf_take(struct mg_buf *buf, size_t *ret_len)
{
    mg_buf_add(buf, "", 0);
    if (buf->failed) {
        mg_buf_done(buf);
        return NULL;
    }
    char *data = buf->data;
    if (ret_len)
        *ret_len = buf->len;
    *buf = (struct mg_buf){.limit = buf->limit};
    return data;
}
