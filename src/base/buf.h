/* Growing byte buffer with a cap that can't be left out.
 *
 * The buffer owns `data` until mg_buf_done or mg_buf_take. A failed append (cap or memory) sets `failed` and
 * makes all further appends no-ops, so a writer may append freely and check once at the end. `data` is always
 * NUL-terminated once anything was appended. */
#ifndef MG_BASE_BUF_H
#define MG_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct mg_buf {
    char *data;
    size_t len, cap, limit;
    bool failed;
};

void mg_buf_init(struct mg_buf *buf, size_t limit);
void mg_buf_done(struct mg_buf *buf); /* NULL and zeroed are fine */

void mg_buf_add(struct mg_buf *buf, const void *bytes, size_t n);
void mg_buf_puts(struct mg_buf *buf, const char *text);
void mg_buf_putc(struct mg_buf *buf, char c);
void mg_buf_printf(struct mg_buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Empties it, keeps the memory, clears `failed`. */
void mg_buf_reset(struct mg_buf *buf);
/* Hands the bytes to the caller, who frees them with free(); "" when empty. NULL when `failed`. */
char *mg_buf_take(struct mg_buf *buf, size_t *ret_len);

#endif
