/* Which side a name or a label speaks for, and its stem: what is left without what speaks. Each occurrence of
 * a word gives several stems, for people write in many orders:
 *
 *   "Q3: What do you expect? - Heating is reliable"
 *     WORD   Q3 What do you · Heating is reliable     the word alone is taken away
 *     WIDE   …                                        and "level" or a second such word beside it
 *     PART   Q3 · Heating is reliable                 the whole part with the word
 *     END    Heating is reliable                      the last part; Q3, the first
 *
 * Stems are compared as hashes of their letters: spaces count only between words of ASCII. "bare" leaves out
 * the numbers of questions in front, where something else follows. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/str.h"
#include "service/record/propose/private.h"
#include "words.gen.h"

#define AFFIX_PARTS_MAX 5 /* of a name of more parts its letters are words of a sentence */
#define INNER_LONG 3      /* letters of an affix that is sure in the middle of a name too */
#define PREFIX_LETTERS 5  /* of words that begin others too, as in text.c */
#define BESIDE_BYTES 24   /* of letters without spaces beside a word that may say no more */
#define SECTIONS_MIN 2    /* letters that are no side's and number ratings as "A1, A2" do */

static const struct mg_words *const side_words[] = {
    [MG_SIDE_EXPECTATION] = &mg_words_side_expectation,   [MG_SIDE_PERCEPTION] = &mg_words_side_perception,
    [MG_SIDE_ADEQUATE] = &mg_words_side_adequate,         [MG_SIDE_IMPORTANCE] = &mg_words_side_importance,
    [MG_SIDE_SATISFACTION] = &mg_words_side_satisfaction,
};

static const struct mg_words *const side_affixes[] = {
    [MG_SIDE_EXPECTATION] = &mg_words_affix_expectation,   [MG_SIDE_PERCEPTION] = &mg_words_affix_perception,
    [MG_SIDE_ADEQUATE] = &mg_words_affix_adequate,         [MG_SIDE_IMPORTANCE] = &mg_words_affix_importance,
    [MG_SIDE_SATISFACTION] = &mg_words_affix_satisfaction,
};

/* Bytes of a text: [from, to). */
struct range {
    size_t from, to;
};

static bool is_gap(char c)
{
    return c == ' ' || c == '|';
}

static bool is_word_byte(char c)
{
    return isalnum((unsigned char)c) && (unsigned char)c < 0x80;
}

/* Hash of what is in `range` without `hole`; 0: nothing. */
static uint64_t hash_of(const struct mg_propose_text *text, struct range range, struct range hole)
{
    uint64_t hash = MG_HASH_START;
    char last = '\0';
    bool gap = false;
    for (size_t i = range.from; i < range.to; i++) {
        char c = text->text[i];
        if (is_gap(c) || (i >= hole.from && i < hole.to)) {
            gap = true;
            continue;
        }
        if (gap && is_word_byte(last) && is_word_byte(c))
            hash = mg_hash_word(hash, ' ');
        hash = mg_hash_word(hash, (unsigned char)c);
        last = c;
        gap = false;
    }
    return last ? hash : 0;
}

static size_t skip_gaps(const struct mg_propose_text *text, size_t at, struct range hole, size_t to)
{
    while (at < to && (is_gap(text->text[at]) || (at >= hole.from && at < hole.to)))
        at++;
    return at;
}

/* Behind a question's number ("Q3", "12", "Question 3"), where `at` is in front of one. */
static size_t skip_number(const struct mg_propose_text *text, size_t at, size_t to)
{
    size_t from = at;
    for (size_t i = 0; i < mg_words_question.n; i++) {
        const char *word = mg_words_question.words[i];
        size_t n = strlen(word);
        if (at + n < to && strncmp(text->text + at, word, n) == 0 &&
            (isdigit((unsigned char)text->text[at + n]) || is_gap(text->text[at + n]))) {
            at += n;
            break;
        }
    }
    at += is_gap(text->text[at]) && at < to;
    size_t digits = strspn(text->text + at, "0123456789");
    if (!digits || at + digits > to)
        return from;
    at += digits;
    for (size_t i = 0; i < mg_words_behind_number.n; i++)
        if (mg_str_starts(text->text + at, mg_words_behind_number.words[i]))
            return at + strlen(mg_words_behind_number.words[i]);
    return is_word_byte(text->text[at]) ? from : at;
}

/* Behind a word for the moment ("before", "t1"), where `at` is in front of one. */
static size_t skip_moment(const struct mg_propose_text *text, size_t at, size_t to)
{
    for (size_t i = 0; i < mg_words_moment.n; i++) {
        const char *word = mg_words_moment.words[i];
        size_t n = strlen(word);
        bool ascii = (unsigned char)*word < 0x80;
        if (at + n < to && strncmp(text->text + at, word, n) == 0 && (!ascii || is_gap(text->text[at + n])))
            return at + n;
    }
    return at;
}

/* Where the range begins without numbers and moments in front, as far as something is left. */
static size_t bare_from(const struct mg_propose_text *text, struct range range, struct range hole)
{
    size_t kept = range.from;
    for (;;) {
        size_t at = skip_gaps(text, kept, hole, range.to);
        size_t next = skip_moment(text, skip_number(text, at, range.to), range.to);
        if (next == at || skip_gaps(text, next, hole, range.to) >= range.to)
            return kept;
        kept = next;
    }
}

/* Behind the last byte of `text` in [from, to) that belongs to what is shown: marks at its end, and brackets
 * that were opened before it, do not. */
static size_t shown_end(const char *text, size_t from, size_t to)
{
    static const struct {
        const char *open, *close;
    } brackets[] = {{"(", ")"}, {"[", "]"}, {"（", "）"}, {"【", "】"}, {"「", "」"}, {"［", "］"}};
    for (bool cut = true; cut;) {
        cut = false;
        while (to > from && strchr(" \t_-:.,([/|>", text[to - 1]))
            to--;
        for (size_t i = 0; i < ARRAY_LEN(brackets); i++) {
            size_t n = strlen(brackets[i].close), m = strlen(brackets[i].open);
            bool closes = to - from >= n && memcmp(text + to - n, brackets[i].close, n) == 0;
            if (closes && !memmem(text + from, to - from, brackets[i].open, m)) {
                to -= n;
                cut = true;
            }
        }
    }
    return to;
}

static void set_piece(const struct mg_propose_text *text, size_t from, size_t to, const char **ret,
                      size_t *ret_n)
{
    while (from < to && is_gap(text->text[from]))
        from++;
    while (to > from && is_gap(text->text[to - 1]))
        to--;
    if (to <= from)
        return;
    *ret = text->shown + text->at[from];
    *ret_n = shown_end(text->shown, text->at[from], text->at[to]) - text->at[from];
}

static void set_shown(const struct mg_propose_text *text, struct range range, struct range hole,
                      struct mg_stem *stem)
{
    size_t from = skip_gaps(text, bare_from(text, range, hole), hole, range.to);
    bool inside = hole.from > from && hole.from < range.to;
    set_piece(text, from, inside ? hole.from : range.to, &stem->shown, &stem->n_shown);
    if (inside)
        set_piece(text, hole.to, range.to, &stem->more, &stem->n_more);
    if (!stem->n_shown) {
        stem->shown = stem->more;
        stem->n_shown = stem->n_more;
        stem->n_more = 0;
    }
}

const char *mg_propose_stem_shown(const struct mg_propose *p, const struct mg_stem *stem)
{
    if (!stem->n_shown)
        return NULL;
    return mg_arena_printf(p->arena, "%.*s%s%.*s", (int)stem->n_shown, stem->shown, stem->n_more ? " " : "",
                           (int)stem->n_more, stem->n_more ? stem->more : "");
}

static void add_stem(struct mg_propose_column *c, const struct mg_propose_text *text, struct mg_stem stem,
                     struct range range, struct range hole)
{
    stem.of_label = text == &c->label;
    stem.key = hash_of(text, range, hole);
    if (c->n_stems == MG_PROPOSE_STEMS)
        return;
    size_t from = bare_from(text, range, hole);
    stem.bare = hash_of(text, (struct range){from, range.to}, hole);
    set_shown(text, range, hole, &stem);
    c->stems[c->n_stems++] = stem;
}

/* The part around the word. */
static struct range part_around(const struct mg_propose_text *text, struct range word)
{
    struct range part = word;
    while (part.from > 0 && text->text[part.from - 1] != '|')
        part.from--;
    while (part.to < text->n && text->text[part.to] != '|')
        part.to++;
    return part;
}

static struct range first_part(const struct mg_propose_text *text)
{
    const char *end = strchr(text->text, '|');
    return (struct range){0, end ? (size_t)(end - text->text) : text->n};
}

static struct range last_part(const struct mg_propose_text *text)
{
    const char *begin = strrchr(text->text, '|');
    return (struct range){begin ? (size_t)(begin - text->text) + 1 : 0, text->n};
}

static void add_ends(struct mg_propose_column *c, const struct mg_propose_text *text, struct mg_stem stem,
                     struct range without)
{
    const struct range ends[] = {last_part(text), first_part(text)};
    stem.kind = MG_STEM_END;
    for (size_t i = 0; i < ARRAY_LEN(ends); i++)
        if (ends[i].from != without.from && ends[i].to - ends[i].from < text->n)
            add_stem(c, text, stem, ends[i], (struct range){0, 0});
}

/* Whether [from, to) of the text is one of the words, or begins with a long one. */
static bool is_one_of(const struct mg_propose_text *text, struct range at, const struct mg_words *words)
{
    for (size_t i = 0; i < words->n; i++) {
        size_t n = strlen(words->words[i]), room = at.to - at.from;
        bool long_one = n >= PREFIX_LETTERS && (unsigned char)*words->words[i] < 0x80;
        if ((n == room || (long_one && n < room)) && memcmp(text->text + at.from, words->words[i], n) == 0)
            return true;
    }
    return false;
}

static bool says_no_more(const struct mg_propose_text *text, struct range at, enum mg_side side)
{
    return is_one_of(text, at, side_words[side]) || is_one_of(text, at, &mg_words_side_level) ||
           is_one_of(text, at, &mg_words_side_filler);
}

/* What stands beside the word and says no more: of ASCII a whole word, else the longest letters that do. */
static struct range widen_right(const struct mg_propose_text *text, struct range at, enum mg_side side)
{
    size_t from = at.to + (text->text[at.to] == ' '), to = from;
    while (to < text->n && is_word_byte(text->text[to]))
        to++;
    if (to > from)
        return says_no_more(text, (struct range){from, to}, side) ? (struct range){at.from, to} : at;
    while (to < text->n && to - from < BESIDE_BYTES && !is_gap(text->text[to]) &&
           !is_word_byte(text->text[to]))
        to++;
    for (; to > from; to--)
        if (says_no_more(text, (struct range){from, to}, side))
            return (struct range){at.from, to};
    return at;
}

static struct range widen_left(const struct mg_propose_text *text, struct range at, enum mg_side side)
{
    size_t to = at.from - (at.from > 0 && text->text[at.from - 1] == ' '), from = to;
    while (from > 0 && is_word_byte(text->text[from - 1]))
        from--;
    if (from < to)
        return says_no_more(text, (struct range){from, to}, side) ? (struct range){from, at.to} : at;
    while (from > 0 && to - from < BESIDE_BYTES && !is_gap(text->text[from - 1]) &&
           !is_word_byte(text->text[from - 1]))
        from--;
    for (; from < to; from++)
        if (says_no_more(text, (struct range){from, to}, side))
            return (struct range){from, at.to};
    return at;
}

static void add_wide(struct mg_propose_column *c, const struct mg_propose_text *text, struct mg_stem stem,
                     struct range word)
{
    const struct range all = {0, text->n};
    struct range wide = word, last;
    do {
        last = wide;
        wide = widen_left(text, widen_right(text, wide, stem.side), stem.side);
    } while (wide.from != last.from || wide.to != last.to);
    stem.kind = MG_STEM_WIDE;
    if ((wide.from != word.from || wide.to != word.to) && hash_of(text, all, wide))
        add_stem(c, text, stem, all, wide);
}

/* Of one place where a word of the side stands. */
static void add_word(struct mg_propose_column *c, const struct mg_propose_text *text, enum mg_side side,
                     const char *word, struct range at)
{
    struct range all = {0, text->n}, part = part_around(text, at);
    struct mg_stem stem = {.side = side, .kind = MG_STEM_WORD, .word = word};
    add_stem(c, text, stem, all, at);
    add_wide(c, text, stem, at);
    if (part.to - part.from == text->n)
        return;
    stem.kind = MG_STEM_PART;
    add_stem(c, text, stem, all, part);
    add_ends(c, text, stem, part);
}

/* Whether the place lies in a phrase in which the words mean something else. */
static bool is_no_side(const struct mg_propose_text *text, struct range at)
{
    for (size_t i = 0; i < mg_words_no_side.n; i++) {
        size_t end, begin = mg_propose_find(text, mg_words_no_side.words[i], 0, &end);
        if (begin != SIZE_MAX && begin <= at.from && at.to <= end)
            return true;
    }
    return false;
}

/* The longest word of a side that stands in the text, the first of those equally long, and where a second one
 * stands. Longest come first in the list. */
static void add_words(struct mg_propose_column *c, const struct mg_propose_text *text, enum mg_side side)
{
    struct range found = {0, 0};
    for (size_t i = 0; i < side_words[side]->n; i++) {
        const char *word = side_words[side]->words[i];
        size_t end, begin = mg_propose_find(text, word, 0, &end);
        if (begin == SIZE_MAX || (begin >= found.from && end <= found.to))
            continue;
        if (is_no_side(text, (struct range){begin, end}))
            continue;
        add_word(c, text, side, word, (struct range){begin, end});
        if (found.to)
            return;
        found = (struct range){begin, end};
    }
}

/* "should" is said of what is expected, but also of what people want changed: only where nothing else is
 * said. */
static void add_should(struct mg_propose_column *c, const struct mg_propose_text *text)
{
    for (size_t i = 0; text->n && i < mg_words_side_should.n; i++) {
        const char *word = mg_words_side_should.words[i];
        size_t end, begin = mg_propose_find(text, word, 0, &end);
        if (begin == SIZE_MAX)
            continue;
        add_word(c, text, MG_SIDE_EXPECTATION, word, (struct range){begin, end});
        return;
    }
}

static size_t count_parts(const struct mg_propose_text *text)
{
    size_t n = 1;
    for (size_t i = 0; i < text->n; i++)
        n += is_gap(text->text[i]);
    return n;
}

/* The runs of letters that are an affix of a side: "exp" in "exp_wait", "e" in "E01" and "Q1_E". */
static void add_affixes(struct mg_propose_column *c)
{
    const struct mg_propose_text *text = &c->name;
    if (count_parts(text) > AFFIX_PARTS_MAX)
        return;
    for (size_t i = 0; i < text->n;) {
        size_t from = i, to = i;
        while (to < text->n && (is_word_byte(text->text[to]) || (unsigned char)text->text[to] >= 0x80) &&
               !isdigit((unsigned char)text->text[to]))
            to++;
        i = to + (to == from);
        char word[8] = "";
        if (to == from || to - from >= sizeof word || (to - from == text->n))
            continue;
        memcpy(word, text->text + from, to - from);
        for (enum mg_side side = MG_SIDE_EXPECTATION; side < MG_SIDES; side++) {
            size_t which = mg_words_find(side_affixes[side], word);
            struct mg_stem stem = {
                .side = side,
                .kind = from == 0 || to == text->n || to - from >= INNER_LONG ? MG_STEM_AFFIX : MG_STEM_INNER,
                .affix = strlen(word)};
            if (which == SIZE_MAX)
                continue;
            stem.word = side_affixes[side]->words[which];
            add_stem(c, text, stem, (struct range){0, text->n}, (struct range){from, to});
        }
    }
}

/* A column without a side, as it is and its ends. */
static void add_whole(struct mg_propose_column *c, const struct mg_propose_text *text)
{
    struct mg_stem stem = {.side = MG_SIDE_NONE, .kind = MG_STEM_WHOLE};
    add_stem(c, text, stem, (struct range){0, text->n}, (struct range){0, 0});
    if (memchr(text->text, '|', text->n))
        add_ends(c, text, stem, (struct range){SIZE_MAX, SIZE_MAX});
}

/* The side that name and label speak for most: a word before letters, an expectation before others. */
static void choose_side(struct mg_propose_column *c)
{
    for (size_t i = 0; i < c->n_stems; i++) {
        const struct mg_stem *stem = &c->stems[i];
        bool said = stem->kind == MG_STEM_WORD;
        if ((said && !c->said) || (stem->kind == MG_STEM_AFFIX && !c->side)) {
            c->side = stem->side;
            c->said = said;
        }
    }
}

static int add_stems(struct mg_propose *p, struct mg_propose_column *c)
{
    c->stems = mg_arena_array(p->arena, MG_PROPOSE_STEMS, sizeof *c->stems);
    if (!c->stems)
        return MG_E_NO_MEMORY;
    const struct mg_propose_text *texts[] = {&c->name, &c->label};
    for (size_t t = 0; t < ARRAY_LEN(texts); t++)
        for (enum mg_side side = MG_SIDE_EXPECTATION; texts[t]->n && side < MG_SIDES; side++)
            add_words(c, texts[t], side);
    for (size_t t = 0; t < ARRAY_LEN(texts) && !c->n_stems; t++)
        add_should(c, texts[t]);
    add_affixes(c);
    choose_side(c);
    for (size_t t = 0; t < ARRAY_LEN(texts); t++)
        if (texts[t]->n)
            add_whole(c, texts[t]);
    return 0;
}

/* The number in front of a text, 0: none. */
static long number_of(const struct mg_propose_text *text)
{
    size_t end = text->n ? skip_number(text, 0, text->n) : 0;
    const char *digits = text->text + (end ? strcspn(text->text, "0123456789") : 0);
    return end && end < text->n ? strtol(digits, NULL, 10) : 0;
}

/* In a matrix only the first column may have the question: "2. What do you expect? - Heat", "2. Bills". Those
 * behind it with its number have its side. */
static void inherit(struct mg_propose_column *columns, size_t n)
{
    const struct mg_propose_column *first = NULL;
    long number = 0;
    for (size_t i = 0; i < n; i++) {
        struct mg_propose_column *c = &columns[i];
        const struct mg_propose_text *text = c->label.n ? &c->label : &c->name;
        long own = number_of(text);
        if (c->said && own && strchr(text->text, '|')) {
            first = c;
            number = own;
        } else if (first && own == number && c->side == MG_SIDE_NONE) {
            c->side = first->side;
            c->said = true;
            add_stem(c, text, (struct mg_stem){.side = c->side, .kind = MG_STEM_PART},
                     (struct range){0, text->n}, (struct range){0, 0});
        } else {
            first = NULL;
        }
    }
}

int mg_propose_stems(struct mg_propose *p)
{
    for (size_t i = 0; i < p->n; i++) {
        const struct mg_column_info *info = p->columns[i].info;
        struct mg_propose_column *c = &p->columns[i];
        if (mg_propose_text_of(p->arena, info->name, &c->name) ||
            (info->label && mg_propose_text_of(p->arena, info->label, &c->label)) || add_stems(p, c))
            return MG_E_NO_MEMORY;
    }
    inherit(p->columns, p->n);
    return 0;
}

/* "A1": a letter and a number, the whole name. */
static bool is_section(const struct mg_propose_column *c)
{
    const char *text = c->name.text;
    return c->rating && isalpha((unsigned char)text[0]) && text[1] &&
           strspn(text + 1, "0123456789") == strlen(text + 1);
}

void mg_propose_find_sections(struct mg_propose *p)
{
    size_t of_letter[26] = {0}, strange = 0;
    for (size_t i = 0; i < p->n; i++)
        if (is_section(&p->columns[i]))
            of_letter[p->columns[i].name.text[0] - 'a']++;
    for (size_t letter = 0; letter < ARRAY_LEN(of_letter); letter++)
        strange += of_letter[letter] >= MG_PROPOSE_BATTERY && !strchr("epaisqvxkwm", (int)('a' + letter));
    p->sections = strange >= SECTIONS_MIN;
}
