/* UTF-8 text helpers. Nothing here allocates. */
#ifndef MG_BASE_STR_H
#define MG_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* True for well-formed UTF-8 (no overlongs, no surrogates). NUL bytes count as ordinary. */
bool mg_utf8_valid(const char *text, size_t n);
/* The code point at *cursor, which moves past it; U+FFFD for a malformed byte. 0 at the terminator. */
uint32_t mg_utf8_next(const char **cursor);
/* Code points in a terminated string. */
size_t mg_utf8_length(const char *text);
/* Terminal columns: 2 for East Asian wide, 0 for combining marks. */
int mg_utf8_width(const char *text);
/* Bytes of the longest prefix that fits in `columns`. */
size_t mg_utf8_fit(const char *text, int columns);

/* Bytes of the longest prefix of whole characters that fits in `most` bytes; `n` where all of it does. */
size_t mg_utf8_cut(const char *text, size_t n, size_t most);

/* The text, or as many whole characters of it as fit into `most` bytes and "…" behind them. `ret_text` has
 * room for most + 4 bytes. True: something was cut off. */
bool mg_str_cut(const char *text, size_t n, size_t most, char *ret_text);

/* Control characters in UTF-8 text, which a terminal might obey, become "?", in place. Returns the text. */
char *mg_str_plain(char *text);

bool mg_str_equal(const char *a, const char *b);                             /* NULL equals only NULL */
bool mg_str_all_equal(const char *const *a, const char *const *b, size_t n); /* each of n pairs */
bool mg_str_equal_nocase(const char *a, const char *b);                      /* ASCII case */
bool mg_str_starts(const char *text, const char *prefix);
bool mg_str_ends(const char *text, const char *suffix);
/* Whether one of the parts between separators is empty ("a,,b", ",", "a,"); an empty text has one part. */
bool mg_str_has_empty_part(const char *text, char separator);

/* Edits (insert, delete, replace, swap neighbours) between two short texts, ASCII case ignored, for "did you
 * mean"; 64 when either is longer than 64 bytes. */
size_t mg_str_distance(const char *a, const char *b);

/* Whole text as a number; false on trailing characters, overflow, inf or nan. Locale-independent. */
bool mg_parse_double(const char *text, double *ret);
bool mg_parse_int(const char *text, int64_t *ret);

#endif
