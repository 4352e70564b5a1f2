/* Profiles of columns; see profile.h.
 *
 * The hot path is a cell whose value was met before: its 64-bit key (the bytes themselves up to seven, else a
 * hash; the bits of a number) is found among the column's slots, its reading is counted, and that is all.
 * Only a value that is in no slot is classified and goes into the table of different values. Slots are kept
 * apart by field so that a row of thousands of columns touches few cache lines of each. */
#include "column/profile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/str.h"
#include "model/words.h"
#include "words.gen.h"

#define SHORT_BYTES 7
#define LONG_KEY ((uint64_t)0x80 << 56)
#define ALL_TABLES ((size_t)4 << 20) /* slots of all columns' tables together: 32 MiB */
#define TABLE_MIN ((size_t)1 << 10)
#define TABLE_MAX ((size_t)1 << 18)
#define WORD_BYTES 64 /* longer text is neither number nor time */

enum kind { KIND_TEXT, KIND_INTEGER, KIND_NUMBER };

/* What a value reads as; counted per column. */
enum reading {
    READS_WHOLE,
    READS_FRACTION,
    READS_TIME,
    READS_BOOLEAN,
    READS_NO_ANSWER,
    READS_WORDS,
    READINGS
};

/* Hashes of the different values; those with `level` low zero bits are kept, 0 is an empty slot. */
struct table {
    uint64_t *slots;
    size_t size, n;
    unsigned level;
};

struct column {
    uint64_t keys[MG_PROFILE_SLOTS];
    uint32_t counts[MG_PROFILE_SLOTS];
    uint8_t readings[MG_PROFILE_SLOTS];
    size_t n_slots;
    enum kind kind;
    int64_t of_reading[READINGS], missing, seen;
    double low, high;
    unsigned no_answers; /* bits: words for no answer that were met */
    struct table table;
    char (*texts)[MG_SAMPLE_SIZE]; /* of slots whose keys are hashes */
};

struct mg_profile {
    struct column *columns;
    size_t n, table_size;
    bool failed;
};

struct mg_profile *mg_profile_new(size_t n_columns)
{
    struct mg_profile *profile = calloc(1, sizeof(*profile));
    struct column *columns = calloc(n_columns + 1, sizeof(*columns));
    if (!profile || !columns) {
        free(profile);
        free(columns);
        return NULL;
    }
    size_t size = TABLE_MAX;
    while (size > TABLE_MIN && size * n_columns > ALL_TABLES)
        size /= 2;
    *profile = (struct mg_profile){.columns = columns, .n = n_columns, .table_size = size};
    for (size_t c = 0; c < n_columns; c++) {
        columns[c].low = INFINITY;
        columns[c].high = -INFINITY;
    }
    return profile;
}

void mg_profile_free(struct mg_profile *profile)
{
    for (size_t c = 0; profile && c < profile->n; c++) {
        free(profile->columns[c].table.slots);
        free(profile->columns[c].texts);
    }
    if (profile)
        free(profile->columns);
    free(profile);
}

/* ---- Different values ---- */

static uint64_t mixed(uint64_t x)
{
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    x ^= x >> 31;
    return x ? x : 1;
}

static bool is_kept(const struct table *table, uint64_t hash)
{
    return (hash & (((uint64_t)1 << table->level) - 1)) == 0;
}

static void put(struct table *table, uint64_t hash)
{
    size_t at = (size_t)(hash >> 40) & (table->size - 1);
    while (table->slots[at] && table->slots[at] != hash)
        at = (at + 1) & (table->size - 1);
    table->n += table->slots[at] == 0;
    table->slots[at] = hash;
}

/* The same hashes in a table of `size` slots, without those that aren't kept any more. */
static bool rebuild(struct table *table, size_t size)
{
    struct table fresh = {.slots = calloc(size, sizeof(*fresh.slots)), .size = size, .level = table->level};
    if (!fresh.slots)
        return false;
    for (size_t i = 0; i < table->size; i++)
        if (table->slots[i] && is_kept(table, table->slots[i]))
            put(&fresh, table->slots[i]);
    free(table->slots);
    *table = fresh;
    return true;
}

static void add_different(struct mg_profile *profile, struct table *table, uint64_t hash)
{
    if (!is_kept(table, hash))
        return;
    if (!table->size && !rebuild(table, 16))
        profile->failed = true;
    while (table->size && table->n * 2 >= table->size && !profile->failed) {
        bool full = table->size >= profile->table_size;
        table->level += full;
        profile->failed = !rebuild(table, full ? table->size : table->size * 2);
    }
    if (!profile->failed && is_kept(table, hash))
        put(table, hash);
}

/* ---- What a value reads as ---- */

/* The hash of a word for no answer is that of its place in the list: "NA" is "na". */
static bool is_no_answer(const char *text, unsigned *bits, uint64_t *ret_hash)
{
    size_t at = mg_words_find(&mg_words_missing, text);
    if (at == SIZE_MAX)
        return false;
    *bits |= 1u << at;
    *ret_hash = mixed(at);
    return true;
}

static bool is_boolean(const char *text)
{
    static const char *const words[] = {"true", "false", "TRUE", "FALSE", "True", "False"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (mg_str_equal(text, words[i]))
            return true;
    return false;
}

static bool is_infinite(const char *text)
{
    text += *text == '-' || *text == '+';
    return strcasecmp(text, "inf") == 0 || strcasecmp(text, "infinity") == 0;
}

static void widen(struct column *column, double value)
{
    column->low = value < column->low ? value : column->low;
    column->high = value > column->high ? value : column->high;
}

/* `ret_hash`: equal for texts of the same number. */
static enum reading classify(struct column *column, const char *text, size_t n, uint64_t key,
                             uint64_t *ret_hash)
{
    char word[WORD_BYTES];
    double value;
    int64_t ignored;

    *ret_hash = mixed(key);
    while (n && (*text == ' ' || *text == '\t'))
        text++, n--;
    while (n && (text[n - 1] == ' ' || text[n - 1] == '\t'))
        n--;
    if (n == 0 || n >= sizeof(word))
        return READS_WORDS;
    memcpy(word, text, n);
    word[n] = '\0';
    if (mg_parse_double(word, &value)) {
        widen(column, value);
        value += 0.0; /* no negative zero */
        memcpy(&key, &value, sizeof(key));
        *ret_hash = mixed(key ^ LONG_KEY);
        return trunc(value) == value ? READS_WHOLE : READS_FRACTION;
    }
    if (is_no_answer(word, &column->no_answers, ret_hash))
        return READS_NO_ANSWER;
    if (is_boolean(word))
        return READS_BOOLEAN;
    if (is_infinite(word))
        return READS_FRACTION;
    return mg_time_parse(word, &ignored) == 0 ? READS_TIME : READS_WORDS;
}

/* ---- Slots ---- */

static size_t find_slot(const struct column *column, uint64_t key)
{
    for (size_t i = 0; i < column->n_slots; i++)
        if (column->keys[i] == key)
            return i;
    return SIZE_MAX;
}

/* A slot for a new value: a free one; else all but the first twelve lose one, which may free some. SIZE_MAX:
 * none. */
static size_t take_slot(struct column *column)
{
    size_t found = SIZE_MAX;
    if (column->n_slots < MG_PROFILE_SLOTS)
        return column->n_slots++;
    for (size_t i = MG_PROFILE_SAMPLES; i < MG_PROFILE_SLOTS; i++)
        if (column->counts[i] == 0)
            return i;
    for (size_t i = MG_PROFILE_SAMPLES; i < MG_PROFILE_SLOTS; i++)
        if (--column->counts[i] == 0 && found == SIZE_MAX)
            found = i;
    return found;
}

/* At most MG_SAMPLE_BYTES of the text, whole characters, with "…" where something was cut off. */
static void keep_text(struct mg_profile *profile, struct column *column, size_t slot, const char *text,
                      size_t n)
{
    if (!column->texts)
        column->texts = calloc(MG_PROFILE_SLOTS, sizeof(*column->texts));
    if (!column->texts)
        profile->failed = true;
    else
        mg_str_cut(text, n, MG_SAMPLE_BYTES, column->texts[slot]);
}

/* Counts a value that was met before; false: it is in no slot. */
static bool count_known(struct column *column, uint64_t key)
{
    size_t slot = find_slot(column, key);
    if (slot == SIZE_MAX)
        return false;
    column->counts[slot] += column->seen < MG_PROFILE_FIRST;
    column->of_reading[column->readings[slot]]++;
    column->seen++;
    return true;
}

/* Returns its slot or SIZE_MAX. */
static size_t count_new(struct mg_profile *profile, struct column *column, uint64_t key, uint64_t hash,
                        enum reading reading)
{
    add_different(profile, &column->table, hash);
    column->of_reading[reading]++;
    size_t slot = column->seen++ < MG_PROFILE_FIRST ? take_slot(column) : SIZE_MAX;
    if (slot != SIZE_MAX) {
        column->keys[slot] = key;
        column->counts[slot] = 1;
        column->readings[slot] = (uint8_t)reading;
    }
    return slot;
}

/* ---- Values ---- */

static uint64_t key_of_text(const char *text, size_t n)
{
    uint64_t key = 0, word;
    if (n <= SHORT_BYTES) {
        memcpy(&key, text, n);
        return key | (uint64_t)n << 56;
    }
    key = n;
    for (; n >= 8; text += 8, n -= 8) {
        memcpy(&word, text, 8);
        key = (key ^ word) * 0x9e3779b97f4a7c15u;
        key ^= key >> 32;
    }
    word = 0;
    memcpy(&word, text, n);
    return mixed((key ^ word) * 0x9e3779b97f4a7c15u) | LONG_KEY;
}

void mg_profile_text(struct mg_profile *profile, size_t c, const char *text, size_t n)
{
    struct column *column = &profile->columns[c];
    uint64_t key = key_of_text(text, n), hash;
    if (count_known(column, key))
        return;
    enum reading reading = classify(column, text, n, key, &hash);
    size_t slot = count_new(profile, column, key, hash, reading);
    if (slot != SIZE_MAX && n > SHORT_BYTES)
        keep_text(profile, column, slot, text, n);
}

void mg_profile_integer(struct mg_profile *profile, size_t c, int64_t value)
{
    struct column *column = &profile->columns[c];
    column->kind = KIND_INTEGER;
    if (count_known(column, (uint64_t)value))
        return;
    widen(column, (double)value);
    count_new(profile, column, (uint64_t)value, mixed((uint64_t)value), READS_WHOLE);
}

void mg_profile_number(struct mg_profile *profile, size_t c, double value)
{
    struct column *column = &profile->columns[c];
    uint64_t key;
    column->kind = KIND_NUMBER;
    value += 0.0;
    memcpy(&key, &value, sizeof(key));
    if (count_known(column, key))
        return;
    if (isfinite(value))
        widen(column, value);
    count_new(profile, column, key, mixed(key), trunc(value) == value ? READS_WHOLE : READS_FRACTION);
}

void mg_profile_missing(struct mg_profile *profile, size_t c)
{
    profile->columns[c].missing++;
    profile->columns[c].seen++;
}

/* ---- The end ---- */

static int64_t present(const struct column *column)
{
    int64_t n = 0;
    for (size_t i = 0; i < READINGS; i++)
        n += column->of_reading[i];
    return n;
}

/* The type that the values of a text column speak for. */
static enum mg_column_type guess_type(const struct column *column, int64_t n)
{
    int64_t numbers = column->of_reading[READS_WHOLE] + column->of_reading[READS_FRACTION];
    if (numbers > 0 && numbers + column->of_reading[READS_NO_ANSWER] == n)
        return column->of_reading[READS_FRACTION] ? MG_TYPE_NUMBER : MG_TYPE_INTEGER;
    if (n > 0 && column->of_reading[READS_TIME] == n)
        return MG_TYPE_TIME;
    return n > 0 && column->of_reading[READS_BOOLEAN] == n ? MG_TYPE_BOOLEAN : MG_TYPE_TEXT;
}

static const char *sample_text(const struct column *column, size_t slot, struct mg_arena *arena)
{
    uint64_t key = column->keys[slot];
    char text[32] = "";
    double value;
    if (column->kind == KIND_INTEGER)
        return mg_arena_printf(arena, "%lld", (long long)key);
    if (column->kind == KIND_NUMBER) {
        memcpy(&value, &key, sizeof(value));
        if (!isfinite(value))
            return mg_arena_strdup(arena, isnan(value) ? "nan" : value > 0 ? "inf" : "-inf");
        mg_format_double(value, text);
        return mg_arena_strdup(arena, text);
    }
    if (key & LONG_KEY)
        return mg_arena_strdup(arena, column->texts[slot]);
    memcpy(text, &key, SHORT_BYTES);
    return mg_arena_strndup(arena, text, (size_t)(key >> 56));
}

/* Most frequent first; those met earlier first among equals, since slots fill in order. */
static int add_samples(const struct column *column, struct mg_arena *arena, bool numeric,
                       struct mg_column_info *info)
{
    bool used[MG_PROFILE_SLOTS] = {false};
    const char **samples = mg_arena_array(arena, MG_PROFILE_SAMPLES, sizeof(*samples));
    int64_t *counts = mg_arena_array(arena, MG_PROFILE_SAMPLES, sizeof(*counts));
    if (!samples || !counts)
        return MG_E_NO_MEMORY;
    while (info->n_samples < MG_PROFILE_SAMPLES) {
        size_t best = SIZE_MAX;
        for (size_t i = 0; i < column->n_slots; i++) {
            bool shown =
                !used[i] && column->counts[i] && !(numeric && column->readings[i] == READS_NO_ANSWER);
            if (shown && (best == SIZE_MAX || column->counts[i] > column->counts[best]))
                best = i;
        }
        if (best == SIZE_MAX)
            break;
        used[best] = true;
        counts[info->n_samples] = (int64_t)column->counts[best];
        samples[info->n_samples] = sample_text(column, best, arena);
        if (!samples[info->n_samples++])
            return MG_E_NO_MEMORY;
    }
    info->samples = samples;
    info->sample_counts = counts;
    return 0;
}

int mg_profile_finish(const struct mg_profile *profile, size_t c, struct mg_arena *arena, const char *name,
                      enum mg_column_type type, struct mg_column_info *ret_info, struct mg_error *error)
{
    const struct column *column = &profile->columns[c];
    int64_t n = present(column);
    struct mg_column_info info = {.name = name, .type = type, .min = NAN, .max = NAN};
    if (type == MG_TYPE_TEXT)
        info.type = guess_type(column, n);
    bool numeric = info.type == MG_TYPE_INTEGER || info.type == MG_TYPE_NUMBER;
    info.n = numeric ? column->of_reading[READS_WHOLE] + column->of_reading[READS_FRACTION] : n;
    info.n_missing = column->missing + n - info.n;
    if (numeric && column->low <= column->high) {
        info.min = column->low;
        info.max = column->high;
    }
    info.n_distinct = (int64_t)(column->table.n << column->table.level);
    if (numeric && column->table.level == 0)
        info.n_distinct -= __builtin_popcount(column->no_answers);
    if (info.n_distinct > info.n) /* an estimate may be too high */
        info.n_distinct = info.n;
    if (profile->failed || add_samples(column, arena, numeric, &info))
        return mg_fail_memory(error);
    *ret_info = info;
    return 0;
}
