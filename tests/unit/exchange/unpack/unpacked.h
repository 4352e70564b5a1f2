/* What the tests of unpack/ share: a file that is read, the text that it becomes, and what is told of it. */
#ifndef MG_TESTS_EXCHANGE_UNPACK_UNPACKED_H
#define MG_TESTS_EXCHANGE_UNPACK_UNPACKED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../column/memory.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/str.h"
#include "exchange/exchange.h"
#include "exchange/unpack/unpack.h"

static char folder[] = "/tmp/mg-unpack-XXXXXX";
static char from[64], to[64];
static struct mg_arena *arena;
static struct mg_unpacked unpacked;
static struct mg_error error;

static inline void write_bytes(const void *bytes, size_t n)
{
    FILE *file = fopen(from, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

/* Of the text its first MiB. */
static inline const char *unpacked_text(void)
{
    static char text[(size_t)1 << 20];
    FILE *file = fopen(to, "rb");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

static inline void assert_text(const char *expected)
{
    assert_string_equal(unpacked_text(), expected);
}

/* What was refused says so without naming a path of ours. */
static inline void assert_said(int rc, int code, const char *part)
{
    if (rc != code || !strstr(error.message, part) || strstr(error.message, folder))
        fail_msg("%d %s", rc, error.message);
}

static inline int set_up(void **state)
{
    (void)state;
    arena = mg_arena_new((size_t)64 << 20);
    if (!arena || !mkdtemp(folder))
        return -1;
    snprintf(from, sizeof from, "%s/file", folder);
    snprintf(to, sizeof to, "%s/text", folder);
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    mg_arena_free(arena);
    unlink(from);
    unlink(to);
    return rmdir(folder);
}

#endif
