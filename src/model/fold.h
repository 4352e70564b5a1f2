/* Text as people type it, made comparable. Nothing here allocates or reads beyond the n bytes it is given. */
#ifndef MG_MODEL_FOLD_H
#define MG_MODEL_FOLD_H

#include <stdbool.h>
#include <stddef.h>

#define MG_FOLD_BYTES 256 /* longer text is no word that anybody lists */
#define MG_FOLD_TOO_LONG ((size_t)-1)

/* Moves past white space at both ends: ASCII, no-break, thin, ideographic and zero-width. */
void mg_fold_trim(const char **text, size_t *n);

/* The text with full-width letters, digits and punctuation as ASCII; all spaces as ' ', all dashes as '-',
 * all apostrophes as '\''; zero-width characters left out; trimmed. Terminated; returns its bytes, or
 * MG_FOLD_TOO_LONG for text that doesn't fit, has a NUL in it or isn't UTF-8. */
size_t mg_fold_width(const char *text, size_t n, char ret_text[MG_FOLD_BYTES]);

/* The text as a word to be looked up: besides the above in small letters without accents, without spaces,
 * hyphens, commas, apostrophes and quotes, and without punctuation at the ends ("Don’t know." and "dont know"
 * are one). What is punctuation alone stays as it is. */
size_t mg_fold_word(const char *text, size_t n, char ret_text[MG_FOLD_BYTES]);

#endif
