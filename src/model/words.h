/* Lists of words by which columns and values are recognised; what is in them stands in words/. */
#ifndef MG_MODEL_WORDS_H
#define MG_MODEL_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* Longest first. */
struct mg_words {
    const char *const *words;
    size_t n;
};

/* Which of them the text is, ASCII case ignored; SIZE_MAX: none. */
size_t mg_words_find(const struct mg_words *words, const char *text);
/* The text is one of them. */
bool mg_words_is(const struct mg_words *words, const char *text);
/* One of them is in the text; of up to four bytes as a whole word of it: "ces" isn't in "services". */
bool mg_words_has(const struct mg_words *words, const char *text);

#endif
