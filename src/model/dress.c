/* See dress.h. The narrowed text is cut into a number and the rest; the rest is looked at for what parts it.
 */
#include "model/dress.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "model/labels.h"

static const char *const openings[] = {"(", "[", "{", "【", "〔", "《", "「"};
static const char *const closings[] = {")", "]", "}", "】", "〕", "》", "」"};
static const char *const signs[] = {"-", "=", ":", ".", "|", "/", "、", "~", ">", "→", "·", "："};

/* Behind a label: a hyphen that is no part of a name ("COVID-19"). */
static const char *const back_signs[] = {"=", ":", " -", "：", "→", "~"};

struct span {
    const char *p, *end;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool has_digit(struct span s)
{
    for (; s.p < s.end; s.p++)
        if (is_digit(*s.p))
            return true;
    return false;
}

static struct span trimmed(struct span s)
{
    while (s.p < s.end && *s.p == ' ')
        s.p++;
    while (s.p < s.end && s.end[-1] == ' ')
        s.end--;
    return s;
}

/* Which of the texts stands at the front (at the back), and how long it is; 0: none. */
static size_t one_at(struct span s, const char *const *texts, size_t n_texts, bool back)
{
    for (size_t i = 0; i < n_texts; i++) {
        size_t n = strlen(texts[i]);
        if ((size_t)(s.end - s.p) >= n && memcmp(back ? s.end - n : s.p, texts[i], n) == 0)
            return n;
    }
    return 0;
}

#define AT_FRONT(s, texts) one_at(s, texts, sizeof(texts) / sizeof *(texts), false)
#define AT_BACK(s, texts) one_at(s, texts, sizeof(texts) / sizeof *(texts), true)

/* The number at the front: digits and the marks between them, a sign before. */
static struct span number_at_front(struct span s)
{
    const char *p = s.p + (s.p < s.end && (*s.p == '-' || *s.p == '+')), *last = p;
    for (; p < s.end && (is_digit(*p) || strchr(".,' ", *p)); p++)
        last = is_digit(*p) ? p + 1 : last;
    return (struct span){s.p, last};
}

static struct span number_at_back(struct span s)
{
    const char *p = s.end;
    for (; p > s.p && (is_digit(p[-1]) || strchr(".,'", p[-1])); p--)
        ;
    while (p < s.end && !is_digit(*p))
        p++;
    return (struct span){p, s.end};
}

static bool is_number(struct span s, struct mg_dress *ret)
{
    return s.p < s.end && mg_numeral_scan(s.p, (size_t)(s.end - s.p), &ret->numeral);
}

static bool is_unit(struct span s, struct mg_dress *ret)
{
    ret->kind = MG_DRESS_UNIT;
    return mg_fold_word(s.p, (size_t)(s.end - s.p), ret->around) != MG_FOLD_TOO_LONG &&
           mg_labels_place(MG_LIST_UNIT, ret->around);
}

static bool is_label(struct span s, struct mg_dress *ret)
{
    s = trimmed(s);
    ret->kind = MG_DRESS_LABEL;
    return s.p < s.end && !has_digit(s) &&
           mg_fold_word(s.p, (size_t)(s.end - s.p), ret->around) != MG_FOLD_TOO_LONG &&
           ((unsigned char)ret->around[0] >= 0x80 || isalpha((unsigned char)ret->around[0]));
}

/* The longest unit in front of a bracket or a space, as in "5分（满意）"; what comes behind it. */
static bool is_unit_with_label(struct span s, struct mg_dress *ret)
{
    for (struct span unit = {s.p, s.p + 1}; unit.end < s.end; unit.end++) {
        struct span rest = {unit.end, s.end};
        if ((AT_FRONT(rest, openings) || *rest.p == ' ') && is_unit(unit, ret))
            return is_label(rest, ret);
    }
    return false;
}

/* "/7", "of 7": a whole number of at most three digits. */
static bool is_whole(struct span s, struct mg_dress *ret)
{
    static const char *const parts[] = {"/", "out of ", "of ", "von ", "sur ", "de "};
    size_t part = AT_FRONT(s, parts);
    struct span whole = trimmed((struct span){s.p + part, s.end});
    size_t n = (size_t)(whole.end - whole.p);
    if (!part || n < 1 || n > 3)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!is_digit(whole.p[i]))
            return false;
    memcpy(ret->around, whole.p, n);
    ret->around[n] = '\0';
    ret->kind = MG_DRESS_SHARE;
    return true;
}

/* "5 - agree", "5) agree", "5（agree）", "5 agree", "5同意", "5分". */
static bool rest_behind(struct span rest, bool bracketed, struct mg_dress *ret)
{
    if (bracketed)
        return is_label(rest, ret);
    struct span bare = trimmed(rest);
    if (is_whole(bare, ret) || is_unit(bare, ret) || is_unit_with_label(bare, ret))
        return true;
    bool parted = bare.p > rest.p || (unsigned char)*bare.p >= 0x80 || AT_FRONT(bare, signs) ||
                  AT_FRONT(bare, openings) || AT_FRONT(bare, closings);
    return parted && is_label(bare, ret);
}

static bool number_first(struct span s, struct mg_dress *ret)
{
    size_t opening = AT_FRONT(s, openings);
    struct span inner = trimmed((struct span){s.p + opening, s.end}), number = number_at_front(inner);
    struct span rest = {number.end, s.end};
    size_t closing = opening ? AT_FRONT(trimmed(rest), closings) : 0;
    if (!is_number(number, ret) || rest.p == rest.end || (opening && !closing))
        return false;
    if (closing)
        rest.p = trimmed(rest).p + closing;
    return rest_behind(rest, opening > 0, ret);
}

/* "agree (5)", "agree - 5", "同意=5分", "$5". */
static bool number_last(struct span s, struct mg_dress *ret)
{
    size_t closing = AT_BACK(s, closings);
    s.end -= closing;
    const char *digit = s.end;
    while (digit > s.p && !is_digit(digit[-1]))
        digit--;
    struct span behind = {digit, s.end}, number = number_at_back((struct span){s.p, digit});
    struct span front = trimmed((struct span){s.p, number.p});
    if ((behind.p < behind.end && !is_unit(trimmed(behind), ret)) || !is_number(number, ret))
        return false;
    if (!closing && behind.p == behind.end && is_unit(front, ret))
        return true;
    size_t mark = closing ? AT_BACK(front, openings) : AT_BACK(front, back_signs);
    bool parted = mark || (!closing && behind.p < behind.end && front.p < front.end);
    front.end -= mark;
    return parted && is_label(front, ret);
}

/* Stars, and how many of them are filled. */
static bool are_stars(struct span s, struct mg_dress *ret)
{
    static const char *const filled[] = {"★", "⭐", "🌟"}, *const hollow[] = {"☆", "✩", "\xEF\xB8\x8F"};
    char number[16];
    unsigned n = 0;
    bool stars = s.p < s.end;
    for (size_t bytes; s.p < s.end && stars; s.p += bytes) {
        bool is_filled = (bytes = AT_FRONT(s, filled)) > 0;
        n += is_filled;
        if (!is_filled)
            stars = (bytes = AT_FRONT(s, hollow)) > 0;
    }
    ret->kind = MG_DRESS_UNIT;
    strcpy(ret->around, filled[0]);
    return stars && mg_numeral_scan(number, (size_t)snprintf(number, sizeof number, "%u", n), &ret->numeral);
}

bool mg_dress_find(const char *text, size_t n, struct mg_dress *ret)
{
    char narrow[MG_FOLD_BYTES];
    size_t width = mg_fold_width(text, n, narrow);
    if (width == MG_FOLD_TOO_LONG || width == 0)
        return false;
    struct span s = {narrow, narrow + width};
    return number_first(s, ret) || number_last(s, ret) || are_stars(s, ret);
}
