/* Cells seen by themselves: their class, and a header's cell as a line of text; see shape_private.h.
 *
 * This is not how answers are read (model/cell.h does that over a whole column): it only tells kinds of
 * writing apart, so that a header can be told from data. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "exchange/shape_private.h"
#include "model/words.h"

#include "shape_words.gen.h"
#include "words.gen.h"

#define CLASS_BYTES_MAX 256 /* more is text, whatever it holds */
#define TAG_BYTES_MAX 200
#define CODE_DIGITS 0.4 /* share of characters that makes a text a code */

/* Byte-order mark, zero-width characters and direction marks. */
static bool is_invisible(uint32_t c)
{
    return c == 0xFEFF || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || c == 0x2060 ||
           c == 0xAD;
}

static bool is_space(uint32_t c)
{
    return (c > 0 && c <= ' ') || c == 0x7F || (c >= 0x80 && c <= 0xA0) || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
           c == 0x3000;
}

bool mg_cell_is_blank(const char *text)
{
    if (*text > ' ')
        return false;
    for (uint32_t c; (c = mg_utf8_next(&text));)
        if (!is_space(c) && !is_invisible(c))
            return false;
    return true;
}

size_t mg_row_filled(const struct mg_shape_row *row)
{
    size_t n = 0;
    for (size_t i = 0; i < row->n; i++)
        n += !mg_cell_is_blank(mg_shape_cell(row, i));
    return n;
}

size_t mg_row_nth(const struct mg_shape_row *row, size_t nth)
{
    size_t i = 0;
    for (; i < row->n; i++)
        if (!mg_cell_is_blank(mg_shape_cell(row, i)) && nth-- == 0)
            break;
    return i;
}

/* --- class --- */

/* ASCII for full-width digits and punctuation. */
static uint32_t narrow(uint32_t c)
{
    return c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : c;
}

struct counts {
    size_t characters, digits, others; /* others: what no number holds */
    bool address;
};

static bool is_of_number(uint32_t c, size_t place)
{
    return c == '.' || c == ',' || c == '\'' || c == '%' || c == 0x5206 /* 分 */ ||
           (place == 0 && (c == '-' || c == '+' || c == 0x2212));
}

static struct counts count(const char *text)
{
    struct counts counts = {0};
    uint32_t before = 0;
    for (uint32_t c; (c = narrow(mg_utf8_next(&text))); before = c) {
        if (is_space(c) || is_invisible(c))
            continue;
        bool digit = c >= '0' && c <= '9';
        counts.digits += digit;
        counts.others += !digit && !is_of_number(c, counts.characters);
        counts.address |= c == '@' || (c == '/' && before == '/');
        counts.characters++;
    }
    return counts;
}

static bool is_missing_word(const char *text)
{
    char word[32];
    size_t n = strlen(text);
    while (n > 0 && isspace((unsigned char)text[n - 1]))
        n--;
    while (n > 0 && isspace((unsigned char)*text))
        text++, n--;
    if (n >= sizeof word)
        return false;
    memcpy(word, text, n);
    word[n] = '\0';
    return mg_words_is(&mg_words_missing, word) || mg_words_is(&mg_words_no_answer, word);
}

enum mg_cell_class mg_cell_classify(const char *text)
{
    if (mg_cell_is_blank(text))
        return MG_CLASS_EMPTY;
    if (strnlen(text, CLASS_BYTES_MAX + 1) > CLASS_BYTES_MAX)
        return MG_CLASS_WORDS;
    struct counts counts = count(text);
    if (counts.digits > 0 && counts.others == 0)
        return MG_CLASS_NUMBER;
    if (is_missing_word(text))
        return MG_CLASS_MISSING;
    if (counts.address)
        return MG_CLASS_ADDRESS;
    return (double)counts.digits >= CODE_DIGITS * (double)counts.characters ? MG_CLASS_CODE : MG_CLASS_WORDS;
}

/* A point or comma with three digits behind it parts thousands; any other is decimal. */
double mg_cell_number(const char *text, bool *ret_fraction)
{
    char ascii[64];
    size_t n = 0;
    *ret_fraction = false;
    for (uint32_t c; (c = narrow(mg_utf8_next(&text))) && n < sizeof ascii - 1;) {
        if (c == '.' || c == ',') {
            bool decimal = strspn(text, "0123456789") != 3;
            *ret_fraction |= decimal;
            if (decimal)
                ascii[n++] = '.';
        } else if ((c >= '0' && c <= '9') || c == '-') {
            ascii[n++] = (char)c;
        }
    }
    ascii[n] = '\0';
    return strtod(ascii, NULL);
}

/* --- a line of text --- */

static const struct {
    const char *name, *text;
} entities[] = {{"&nbsp;", " "}, {"&amp;", "&"},   {"&lt;", "<"},
                {"&gt;", ">"},   {"&quot;", "\""}, {"&#39;", "'"}};

/* Bytes of the tag that begins here; 0: none does. */
static size_t tag_bytes(const char *text)
{
    const char *name = text + 1 + (text[1] == '/');
    if (*text != '<' || !isalpha((unsigned char)*name))
        return 0;
    for (size_t i = 1; i < TAG_BYTES_MAX && text[i] && text[i] != '<'; i++)
        if (text[i] == '>')
            return i + 1;
    return 0;
}

static size_t entity_bytes(const char *text, const char **ret_text)
{
    for (size_t i = 0; *text == '&' && i < ARRAY_LEN(entities); i++)
        if (mg_str_starts(text, entities[i].name)) {
            *ret_text = entities[i].text;
            return strlen(entities[i].name);
        }
    return 0;
}

/* What stands at `*text`, which moves behind it; " " for white space and tags, "" for what isn't seen. */
static size_t take_piece(const char **text, const char **ret_piece)
{
    size_t n = tag_bytes(*text);
    *ret_piece = " ";
    if (n || (n = entity_bytes(*text, ret_piece))) {
        *text += n;
        return strlen(*ret_piece);
    }
    const char *from = *text;
    uint32_t c = mg_utf8_next(text);
    if (is_space(c))
        return 1;
    *ret_piece = from;
    return is_invisible(c) ? 0 : (size_t)(*text - from);
}

const char *mg_cell_clean(struct mg_arena *arena, const char *text)
{
    char line[MG_SHAPE_LABEL_MAX + 16], *cut = NULL;
    size_t n = 0;
    bool space = false;
    while (*text && n <= MG_SHAPE_LABEL_MAX) {
        const char *piece;
        size_t bytes = take_piece(&text, &piece);
        if (bytes == 1 && *piece == ' ') {
            space = n > 0;
            continue;
        }
        if (bytes && space)
            line[n++] = ' ';
        memcpy(line + n, piece, bytes);
        n += bytes;
        space = space && !bytes;
    }
    if (n <= MG_SHAPE_LABEL_MAX)
        return mg_arena_strndup(arena, line, n);
    cut = mg_arena_alloc(arena, MG_SHAPE_LABEL_MAX + 4);
    if (cut)
        mg_str_cut(line, n, MG_SHAPE_LABEL_MAX, cut);
    return cut;
}
