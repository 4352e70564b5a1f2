/* See evidence.h. Two states of a column:
 *
 *   exact (tally NULL): every different text with its count ──more than 256 texts, 11 KiB, or one of 256
 * bytes──▶ sorted (tally):     each text is sorted into its class; the first 48 texts stay, cut, to be shown
 *
 * Which state a column ends in, which texts stay and all counts are functions of the rows in their order: the
 * set of texts only grows, and what stays is a prefix of the texts in the order of their first rows. */
#include "model/evidence.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "model/evidence_private.h"

#define TEXT_MAX 255
#define COST_MAX ((uint32_t)11 << 10)
#define TEXT_COST ((uint32_t)sizeof(struct mg_evidence_text))
#define FIRST_TEXTS 48
#define TEXTS_STEP 32
#define POOL_STEP 512

/* The promise of evidence.h, in both states. */
#define COLUMN_MAX ((size_t)16 << 10)
#define SLACK (TEXTS_STEP * TEXT_COST + POOL_STEP)
_Static_assert(sizeof(struct mg_evidence_column) + COST_MAX + SLACK <= COLUMN_MAX, "exact");
_Static_assert(sizeof(struct mg_evidence_column) + sizeof(struct mg_tally) +
                       FIRST_TEXTS * (TEXT_COST + MG_EVIDENCE_CUT) + SLACK <=
                   COLUMN_MAX,
               "sorted");

struct mg_evidence *mg_evidence_new(size_t n_columns)
{
    struct mg_evidence *evidence;
    if (n_columns > (SIZE_MAX - sizeof *evidence) / sizeof *evidence->columns)
        return NULL;
    evidence = calloc(1, sizeof *evidence + n_columns * sizeof *evidence->columns);
    if (evidence)
        evidence->n_columns = n_columns;
    return evidence;
}

void mg_evidence_free(struct mg_evidence *evidence)
{
    for (size_t i = 0; evidence && i < evidence->n_columns; i++) {
        free(evidence->columns[i].texts);
        free(evidence->columns[i].pool);
        free(evidence->columns[i].tally);
    }
    free(evidence);
}

void mg_evidence_tell(struct mg_evidence *evidence, const struct mg_told *told)
{
    evidence->told = told;
}

static const struct mg_told *told_of(const struct mg_evidence *evidence, size_t column)
{
    return evidence->told ? &evidence->told[column] : NULL;
}

/* --- the table of texts --- */

static uint64_t hash_of(const char *text, size_t n)
{
    uint64_t hash = n * 0x9e3779b97f4a7c15u, word;
    for (; n >= 8; text += 8, n -= 8) {
        memcpy(&word, text, 8);
        hash = (hash ^ word) * 0xbf58476d1ce4e5b9u;
        hash ^= hash >> 29;
    }
    word = 0;
    memcpy(&word, text, n);
    hash = (hash ^ word) * 0x94d049bb133111ebu;
    return hash ^ hash >> 31;
}

/* The slot that holds the text, or the free one where it belongs. */
static uint16_t *slot_of(struct mg_evidence_column *column, const char *text, size_t n)
{
    size_t at = hash_of(text, n) & (ARRAY_LEN(column->slots) - 1);
    for (; column->slots[at]; at = (at + 1) & (ARRAY_LEN(column->slots) - 1)) {
        const struct mg_evidence_text *kept = &column->texts[column->slots[at] - 1];
        if (kept->length == n && memcmp(column->pool + kept->at, text, n) == 0)
            break;
    }
    return &column->slots[at];
}

static bool make_room(struct mg_evidence_column *column, size_t n)
{
    if (column->n_texts == column->texts_cap) {
        uint32_t cap = column->texts_cap + TEXTS_STEP;
        struct mg_evidence_text *texts = realloc(column->texts, cap * sizeof *texts);
        if (!texts)
            return false;
        column->texts = texts;
        column->texts_cap = cap;
    }
    if (column->pool_size + n > column->pool_cap) {
        uint32_t cap = column->pool_cap + POOL_STEP;
        char *pool = realloc(column->pool, cap);
        if (!pool)
            return false;
        column->pool = pool;
        column->pool_cap = cap;
    }
    return true;
}

static bool put_text(struct mg_evidence_column *column, uint16_t *slot, const char *text, size_t n,
                     int64_t row, int64_t count)
{
    if (!make_room(column, n))
        return false;
    column->texts[column->n_texts] =
        (struct mg_evidence_text){.n = count, .row = row, .at = column->pool_size, .length = (uint16_t)n};
    memcpy(column->pool + column->pool_size, text, n);
    column->pool_size += (uint32_t)n;
    *slot = (uint16_t)++column->n_texts;
    return true;
}

static bool is_full(const struct mg_evidence_column *column, size_t n)
{
    return n > TEXT_MAX || column->n_texts == MG_EVIDENCE_TEXTS ||
           column->pool_size + n + (column->n_texts + 1) * TEXT_COST > COST_MAX;
}

/* --- from exact to sorted --- */

/* Keeps the text among the first, cut. */
static bool keep_first(struct mg_evidence_column *column, const char *text, size_t n, int64_t row)
{
    if (column->n_texts >= FIRST_TEXTS)
        return true;
    n = mg_utf8_cut(text, n, MG_EVIDENCE_CUT);
    uint16_t *slot = slot_of(column, text, n);
    return *slot || put_text(column, slot, text, n, row, -1);
}

static void count_different(struct mg_tally *tally, const char *text, size_t n)
{
    mg_sketch_add(&tally->different, hash_of(text, n) * 0xd6e8feb86659fd93u); /* its first bits count most */
}

static bool sort_text(struct mg_evidence_column *column, const struct mg_told *told, const char *text,
                      size_t n, int64_t row, int64_t count)
{
    mg_tally_add(column->tally, told, text, n, row, count);
    count_different(column->tally, text, n);
    return keep_first(column, text, n, row);
}

static bool begin_sorting(struct mg_evidence_column *column, const struct mg_told *told)
{
    struct mg_evidence_text *texts = column->texts;
    char *pool = column->pool;
    bool done = (column->tally = calloc(1, sizeof *column->tally)) != NULL;
    uint32_t n = done ? column->n_texts : 0;
    memset(column->slots, 0, sizeof column->slots);
    column->texts = NULL;
    column->pool = NULL;
    column->n_texts = column->texts_cap = column->pool_size = column->pool_cap = 0;
    for (uint32_t i = 0; i < n && done; i++)
        done = sort_text(column, told, pool + texts[i].at, texts[i].length, texts[i].row, texts[i].n);
    free(texts);
    free(pool);
    return done;
}

static bool add_text(struct mg_evidence_column *column, const struct mg_told *told, const char *text,
                     size_t n, int64_t row, int64_t count)
{
    if (!column->tally) {
        uint16_t *slot = n <= TEXT_MAX ? slot_of(column, text, n) : NULL;
        if (slot && *slot) {
            column->texts[*slot - 1].n += count;
            return true;
        }
        if (slot && !is_full(column, n))
            return put_text(column, slot, text, n, row, count);
        if (!begin_sorting(column, told))
            return false;
    }
    return sort_text(column, told, text, n, row, count);
}

void mg_evidence_cell(struct mg_evidence *evidence, size_t column, int64_t row, const char *text, size_t n)
{
    struct mg_evidence_column *c = &evidence->columns[column];
    unsigned char byte = n == 1 ? (unsigned char)*text : 0xff;
    if (byte < ARRAY_LEN(c->counts)) {
        if (c->counts[byte]++ == 0)
            c->rows[byte] = row;
    } else if (n == 0) {
        c->n_empty++;
    } else if (!evidence->failed && !add_text(c, told_of(evidence, column), text, n, row, 1)) {
        evidence->failed = true;
    }
}

/* --- merging --- */

void mg_evidence_shift(struct mg_evidence *evidence, int64_t rows)
{
    for (size_t c = 0; c < evidence->n_columns; c++) {
        struct mg_evidence_column *column = &evidence->columns[c];
        for (size_t i = 0; i < ARRAY_LEN(column->rows); i++)
            column->rows[i] += column->counts[i] ? rows : 0;
        for (uint32_t i = 0; i < column->n_texts; i++)
            column->texts[i].row += rows;
        for (size_t i = 0; column->tally && i < column->tally->n_odd; i++)
            column->tally->odd[i].row += rows;
    }
}

static bool merge_texts(struct mg_evidence_column *into, const struct mg_evidence_column *from,
                        const struct mg_told *told)
{
    bool done = true;
    if (from->tally && !into->tally)
        done = begin_sorting(into, told);
    if (done && from->tally)
        mg_tally_merge(into->tally, from->tally);
    for (uint32_t i = 0; i < from->n_texts && done; i++) {
        const struct mg_evidence_text *text = &from->texts[i];
        const char *bytes = from->pool + text->at;
        done = from->tally ? keep_first(into, bytes, text->length, text->row)
                           : add_text(into, told, bytes, text->length, text->row, text->n);
    }
    return done;
}

int mg_evidence_merge(struct mg_evidence *into, const struct mg_evidence *from)
{
    into->failed = into->failed || from->failed;
    for (size_t c = 0; c < into->n_columns && !into->failed; c++) {
        struct mg_evidence_column *column = &into->columns[c];
        const struct mg_evidence_column *later = &from->columns[c];
        column->n_empty += later->n_empty;
        for (size_t i = 0; i < ARRAY_LEN(column->counts); i++) {
            column->rows[i] = column->counts[i] ? column->rows[i] : later->rows[i];
            column->counts[i] += later->counts[i];
        }
        into->failed = !merge_texts(column, later, told_of(into, c));
    }
    return into->failed ? -1 : 0;
}

void mg_evidence_tally(const struct mg_evidence *evidence, size_t column, struct mg_tally *ret)
{
    const struct mg_evidence_column *c = &evidence->columns[column];
    const struct mg_told *told = told_of(evidence, column);
    *ret = c->tally ? *c->tally : (struct mg_tally){0};
    ret->n_missing += c->n_empty;
    for (size_t i = 0; i < ARRAY_LEN(c->counts); i++)
        if (c->counts[i]) {
            mg_tally_add(ret, told, &(char){(char)i}, 1, c->rows[i], c->counts[i]);
            count_different(ret, &(char){(char)i}, 1);
        }
    for (uint32_t i = 0; i < c->n_texts && !c->tally; i++)
        mg_tally_add(ret, told, c->pool + c->texts[i].at, c->texts[i].length, c->texts[i].row, c->texts[i].n);
}
