/* See words.h. */
#include "model/words.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/str.h"

size_t mg_words_find(const struct mg_words *words, const char *text)
{
    int first = tolower((unsigned char)*text);
    for (size_t i = 0; i < words->n; i++)
        if (tolower((unsigned char)*words->words[i]) == first && mg_str_equal_nocase(text, words->words[i]))
            return i;
    return SIZE_MAX;
}

bool mg_words_is(const struct mg_words *words, const char *text)
{
    return mg_words_find(words, text) != SIZE_MAX;
}

bool mg_words_has(const struct mg_words *words, const char *text)
{
    for (size_t i = 0; i < words->n; i++) {
        const char *at = strcasestr(text, words->words[i]);
        size_t n = strlen(words->words[i]);
        bool whole = at && (at == text || !isalpha((unsigned char)at[-1])) && !isalpha((unsigned char)at[n]);
        if (at && (n > 4 || whole))
            return true;
    }
    return false;
}
