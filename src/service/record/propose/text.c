/* Names and labels as they are compared; see private.h.
 *
 * Letters become small and lose their accents, wide ones of East Asian typing become plain. "IPAddress" and
 * "expWait" fall into their words. Whatever is neither letter nor digit parts words; what usually ends more
 * than a word (colon, dash with spaces, bracket, slash, question mark) parts harder. */
#include <string.h>

#include "base/str.h"
#include "service/record/propose/private.h"

#define PREFIX_BYTES 5 /* words of so many also begin others */

static bool is_small(uint32_t c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_capital(uint32_t c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_ascii_letter(char c)
{
    return is_small((unsigned char)c);
}

/* Punctuation and blanks beyond ASCII. */
static bool is_mark(uint32_t c)
{
    return (c >= 0xA0 && c < 0xC0 && c != 0xAA && c != 0xBA) || c == 0xD7 || c == 0xF7 ||
           (c >= 0x2000 && c <= 0x2BFF) || (c >= 0x3000 && c <= 0x303F && c != 0x3005) || c == 0x30FB ||
           (c >= 0xFF5F && c <= 0xFF65) || c >= 0x1F000;
}

/* A small letter without its accent, for what has one in Latin-1. */
static uint32_t plain(uint32_t c)
{
    static const char latin[] = "aaaaaaaceeeeiiiidnooooo ouuuuyts";
    if (c >= 0xFF01 && c <= 0xFF5E)
        c -= 0xFEE0;
    if (is_capital(c))
        return c + 32;
    return c >= 0xC0 && c <= 0xFF && c != 0xD7 && c != 0xF7 ? (uint32_t)latin[c & 31] : c;
}

static bool is_combining(uint32_t c)
{
    return c >= 0x300 && c <= 0x36F;
}

/* Whether more than a word ends at this mark. */
static bool parts_hard(const char *shown, size_t at, uint32_t c)
{
    switch (c) {
    case ':':
    case '[':
    case ']':
    case '(':
    case ')':
    case '/':
    case '|':
    case '?':
    case '>':
    case 0x2013:
    case 0x2014:
    case 0x2500:
    case 0x3010:
    case 0x3011:
    case 0x300C:
    case 0x300D:
        return true;
    case '-':
        return at > 0 && shown[at - 1] == ' ' && shown[at + 1] == ' ';
    default:
        return false;
    }
}

static void put(struct mg_propose_text *text, char c, size_t at)
{
    text->text[text->n] = c;
    text->at[text->n++] = (uint32_t)at;
}

static void put_mark(struct mg_propose_text *text, bool hard, size_t at)
{
    if (text->n == 0)
        return;
    if (text->text[text->n - 1] == '|' || (text->text[text->n - 1] == ' ' && !hard))
        return;
    if (text->text[text->n - 1] == ' ')
        text->text[text->n - 1] = '|';
    else
        put(text, hard ? '|' : ' ', at);
}

/* "expWait", and the last capital of "IPAddress". */
static bool begins_word(const char *shown, size_t at, uint32_t c, uint32_t last)
{
    uint32_t next = (unsigned char)shown[at + 1];
    return is_capital(c) && (is_small(last) || (is_capital(last) && is_small(next)));
}

static size_t encode(uint32_t c, char *ret)
{
    if (c < 0x80)
        return ret[0] = (char)c, 1;
    if (c < 0x800)
        return ret[0] = (char)(0xC0 | c >> 6), ret[1] = (char)(0x80 | (c & 63)), 2;
    if (c < 0x10000) {
        ret[0] = (char)(0xE0 | c >> 12);
        ret[1] = (char)(0x80 | (c >> 6 & 63));
        ret[2] = (char)(0x80 | (c & 63));
        return 3;
    }
    ret[0] = (char)(0xF0 | c >> 18);
    ret[1] = (char)(0x80 | (c >> 12 & 63));
    ret[2] = (char)(0x80 | (c >> 6 & 63));
    ret[3] = (char)(0x80 | (c & 63));
    return 4;
}

static void put_letter(struct mg_propose_text *text, uint32_t c, size_t at)
{
    char bytes[4];
    size_t n = encode(c, bytes);
    for (size_t i = 0; i < n; i++)
        put(text, bytes[i], at);
}

/* One letter or mark at `cursor`, which moves behind it. */
static void read_one(struct mg_propose_text *text, const char **cursor, uint32_t *last)
{
    size_t at = (size_t)(*cursor - text->shown);
    uint32_t raw = mg_utf8_next(cursor), c = plain(raw);
    if (is_combining(raw))
        return;
    bool letter = c < 0x80 ? is_small(c) || (c >= '0' && c <= '9') : !is_mark(c);
    if (!letter)
        put_mark(text, parts_hard(text->shown, at, c), at);
    else if (begins_word(text->shown, at, raw, *last))
        put_mark(text, false, at);
    if (letter)
        put_letter(text, c, at);
    *last = raw;
}

/* Of a long text the head and the tail: instructions stand in front, what is asked at the end. */
static const char *behind_head(const char *shown, const char *cursor, size_t n)
{
    size_t at = (size_t)(cursor - shown);
    if (n <= MG_PROPOSE_HEAD + MG_PROPOSE_TAIL || at < MG_PROPOSE_HEAD || at >= n - MG_PROPOSE_TAIL)
        return cursor;
    const char *tail = shown + n - MG_PROPOSE_TAIL;
    while (((unsigned char)*tail & 0xC0) == 0x80)
        tail++;
    return tail;
}

int mg_propose_text_of(struct mg_arena *arena, const char *shown, struct mg_propose_text *ret)
{
    /* A word may begin at each letter, and a byte that is no UTF-8 takes three. */
    char bytes[3 * (MG_PROPOSE_HEAD + MG_PROPOSE_TAIL) + 16];
    uint32_t at[ARRAY_LEN(bytes)], last = 0;
    struct mg_propose_text text = {.shown = shown, .text = bytes, .at = at};
    size_t n = strlen(shown);
    for (const char *cursor = shown; *cursor; cursor = behind_head(shown, cursor, n))
        read_one(&text, &cursor, &last);
    while (text.n && (bytes[text.n - 1] == ' ' || bytes[text.n - 1] == '|'))
        text.n--;
    bytes[text.n] = '\0';
    at[text.n] = (uint32_t)n;
    text.text = mg_arena_strndup(arena, bytes, text.n);
    text.at = mg_arena_array(arena, text.n + 1, sizeof *text.at);
    if (!text.text || !text.at)
        return MG_E_NO_MEMORY;
    memcpy(text.at, at, (text.n + 1) * sizeof *at);
    *ret = text;
    return 0;
}

/* Whether the word, found from `at` to `end`, is there as one. Only letters of ASCII hang together: the
 * scripts without spaces are searched anywhere. */
static bool stands_alone(const struct mg_propose_text *text, size_t at, size_t end, bool ascii, bool prefix)
{
    bool begins = !ascii || at == 0 || !is_ascii_letter(text->text[at - 1]);
    return begins && (!ascii || prefix || !is_ascii_letter(text->text[end]));
}

size_t mg_propose_find(const struct mg_propose_text *text, const char *word, size_t from, size_t *ret_end)
{
    size_t n = strlen(word);
    bool ascii = (unsigned char)word[0] < 0x80, prefix = n >= PREFIX_BYTES;
    if (text->n == 0)
        return SIZE_MAX;
    for (const char *at = text->text + from; (at = strstr(at, word)); at++) {
        size_t begin = (size_t)(at - text->text), end = begin + n;
        if (!stands_alone(text, begin, end, ascii, prefix))
            continue;
        while (ascii && is_ascii_letter(text->text[end]))
            end++;
        *ret_end = end;
        return begin;
    }
    return SIZE_MAX;
}

const char *mg_propose_has(const struct mg_propose_text *text, const struct mg_words *words)
{
    size_t end;
    for (size_t i = 0; i < words->n; i++)
        if (mg_propose_find(text, words->words[i], 0, &end) != SIZE_MAX)
            return words->words[i];
    return NULL;
}

bool mg_propose_is(const struct mg_propose_text *text, const struct mg_words *words)
{
    return text->n && mg_words_is(words, text->text);
}

const char *mg_propose_says(const struct mg_propose_column *column, const struct mg_words *words)
{
    const char *word = mg_propose_has(&column->name, words);
    return word ? word : mg_propose_has(&column->label, words);
}
