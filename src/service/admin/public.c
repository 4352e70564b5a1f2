/* Texts without the names of this server's folders; see public.h. */
#include "service/admin/public.h"

#include <string.h>

#include "base/buf.h"

/* Of the names that we give to files. */
#define FILE_CHARACTERS "/-_.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

/* Bytes of the word at `at` that is a path in the data folder; 0: it isn't one. */
static size_t private_word(const char *text, const char *at, const char *folder)
{
    size_t n = strlen(folder);
    bool begins = at == text || strchr(" \"'(“「", at[-1]) || (unsigned char)at[-1] >= 0x80;
    if (!begins || n == 0 || strncmp(at, folder, n) != 0 || (at[n] != '/' && at[n] != '\0' && at[n] != ':'))
        return 0;
    n += strspn(at + n, FILE_CHARACTERS);
    return at[n - 1] == '.' ? n - 1 : n; /* the sentence's */
}

const char *mg_public_text(const struct mg_ctx *ctx, const char *text)
{
    const char *folder = ctx->data_dir ? ctx->data_dir : "";
    if (!text || !strstr(text, folder))
        return text;
    struct mg_buf out;
    mg_buf_init(&out, strlen(text) * 2 + 1);
    for (const char *at = text; *at;) {
        size_t n = private_word(text, at, folder);
        if (n)
            mg_buf_puts(&out, "…");
        else
            mg_buf_putc(&out, *at);
        at += n ? n : 1;
    }
    const char *copy = out.failed || !out.data ? NULL : mg_arena_strdup(ctx->arena, out.data);
    mg_buf_done(&out);
    return copy ? copy : "";
}

const char *mg_public_message(const struct mg_ctx *ctx, struct mg_both kept)
{
    const char *text = mg_both_in(kept, ctx->lang);
    return text && *text ? mg_public_text(ctx, text) : NULL;
}
