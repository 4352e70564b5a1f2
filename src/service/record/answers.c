/* Answers, typed; see answers.h.
 *
 *   bytes := answer…     0 none · 1–200 the number minus 21 · 201 eight bytes of a number · 202 a text, up to
 *                        its 0 · 203–255 none, 2 to 54 times in a row
 */
#include "service/record/answers.h"

#include <math.h>
#include <string.h>

#include "base/hash.h"
#include "base/json.h"

#define DOCUMENT_BYTES_MAX ((size_t)16 << 20)
#define NAMES_BYTES_MAX ((size_t)32 << 20)

enum { NONE = 0, SMALL_FIRST = 1, SMALL_LAST = 200, SMALL_ZERO = 21, NUMBER = 201, TEXT = 202, RUN = 203 };
#define RUN_LEAST 2
#define RUN_MOST (UINT8_MAX - RUN + RUN_LEAST)

static int fail_damaged(struct mg_error *error)
{
    mg_fail(error, MG_E_ENGINE, "A response is damaged in the record.");
    mg_fail_hint(error, "Run `mindgap check`, and restore a backup with `mindgap restore`.");
    return MG_E_ENGINE;
}

/* ---- layouts ---- */

int mg_layout_write(struct mg_arena *arena, const struct mg_layout *layout, struct mg_blob *ret_names,
                    int64_t *ret_shape, struct mg_error *error)
{
    size_t size = 0;
    for (size_t i = 0; i < layout->n; i++)
        size += strlen(layout->names[i]) + 1;
    char *names = mg_arena_alloc(arena, size + 1), *at = names;
    if (!names)
        return mg_fail_memory(error);
    for (size_t i = 0; i < layout->n; i++) {
        size_t n = strlen(layout->names[i]) + 1;
        memcpy(at, layout->names[i], n);
        at += n;
    }
    *ret_names = (struct mg_blob){names, size};
    *ret_shape = (int64_t)(mg_hash_bytes(MG_HASH_START, names, size) >> 1);
    return 0;
}

int mg_layout_read(struct mg_arena *arena, struct mg_blob names, struct mg_layout *ret_layout,
                   struct mg_error *error)
{
    const char *text = names.data;
    size_t n = 0, at = 0;
    if (names.size > NAMES_BYTES_MAX || (names.size && text[names.size - 1]))
        return fail_damaged(error);
    for (size_t i = 0; i < names.size; i++)
        n += !text[i];
    const char **list = mg_arena_array(arena, n + 1, sizeof *list);
    if (!list)
        return mg_fail_memory(error);
    for (size_t i = 0; i < n; i++, at += strlen(text + at) + 1)
        list[i] = text + at;
    *ret_layout = (struct mg_layout){list, n};
    return 0;
}

/* ---- rows ---- */

static bool is_whole(double value)
{
    return value == floor(value);
}

static bool is_small(double number)
{
    return number >= SMALL_FIRST - SMALL_ZERO && number <= SMALL_LAST - SMALL_ZERO && is_whole(number) &&
           !(number == 0 && signbit(number));
}

static void write_one(struct mg_buf *out, struct mg_datum answer)
{
    if (answer.kind == MG_DATUM_TEXT) {
        mg_buf_putc(out, (char)TEXT);
        mg_buf_add(out, answer.text, strlen(answer.text) + 1);
    } else if (is_small(answer.number)) {
        mg_buf_putc(out, (char)((int)answer.number + SMALL_ZERO));
    } else {
        uint64_t bits;
        memcpy(&bits, &answer.number, sizeof bits);
        mg_buf_putc(out, (char)NUMBER);
        for (size_t i = 0; i < 8; i++, bits >>= 8)
            mg_buf_putc(out, (char)(bits & 0xFF));
    }
}

static bool is_missing(struct mg_datum answer)
{
    return answer.kind != MG_DATUM_TEXT && (answer.kind != MG_DATUM_NUMBER || isnan(answer.number));
}

void mg_answers_write(struct mg_buf *out, const struct mg_datum *answers, size_t n)
{
    for (size_t i = 0; i < n;) {
        size_t run = 0;
        while (i + run < n && run < RUN_MOST && is_missing(answers[i + run]))
            run++;
        if (run >= RUN_LEAST)
            mg_buf_putc(out, (char)(RUN + run - RUN_LEAST));
        else if (run)
            mg_buf_putc(out, NONE);
        else
            write_one(out, answers[i]);
        i += run ? run : 1;
    }
}

/* One answer that isn't missing; returns what follows it, NULL where it is cut off. */
static const uint8_t *read_one(const uint8_t *at, const uint8_t *end, struct mg_datum *ret)
{
    unsigned what = *at++;
    uint64_t bits = 0;
    if (what <= SMALL_LAST) {
        *ret = mg_datum_number((double)what - SMALL_ZERO);
        return at;
    }
    if (what == TEXT) {
        const uint8_t *stop = memchr(at, 0, (size_t)(end - at));
        *ret = mg_datum_text((const char *)at);
        return stop ? stop + 1 : NULL;
    }
    if (end - at < 8)
        return NULL;
    for (size_t i = 8; i-- > 0;)
        bits = bits << 8 | at[i];
    double number;
    memcpy(&number, &bits, sizeof number);
    *ret = mg_datum_number(number);
    return at + 8;
}

int mg_answers_read(struct mg_blob bytes, struct mg_datum *ret_answers, size_t n, struct mg_error *error)
{
    const uint8_t *at = bytes.data, *end = at + bytes.size;
    size_t i = 0;
    while (at && at < end && i < n) {
        size_t missing = *at == NONE ? 1 : *at >= RUN ? (size_t)(*at - RUN + RUN_LEAST) : 0;
        if (missing > n - i)
            return fail_damaged(error);
        if (missing)
            memset(&ret_answers[i], 0, missing * sizeof *ret_answers);
        at = missing ? at + 1 : read_one(at, end, &ret_answers[i]);
        i += missing ? missing : 1;
    }
    return i == n && at == end ? 0 : fail_damaged(error);
}

/* ---- documents ---- */

const char *mg_answers_document(struct mg_arena *arena, const struct mg_layout *layout,
                                const struct mg_datum *answers)
{
    struct mg_buf out;
    mg_buf_init(&out, DOCUMENT_BYTES_MAX);
    mg_document_write(&out, layout->names, answers, layout->n);
    const char *document = out.failed ? NULL : mg_arena_strndup(arena, out.data, out.len);
    mg_buf_done(&out);
    return document;
}

/* ---- columns ---- */

void mg_answers_places(const struct mg_fields *fields, const struct mg_layout *layout, size_t *ret_places)
{
    for (size_t i = 0, guess = 0; i < fields->n; i++) {
        ret_places[i] = SIZE_MAX;
        for (size_t k = 0; k < layout->n && ret_places[i] == SIZE_MAX; k++) {
            size_t at = (guess + k) % layout->n;
            if (strcmp(layout->names[at], fields->fields[i].column) == 0)
                ret_places[i] = at;
        }
        guess = ret_places[i] == SIZE_MAX ? guess : ret_places[i] + 1;
    }
}

int mg_answers_fit(struct mg_arena *arena, const struct mg_field *field, struct mg_datum answer,
                   struct mg_datum *ret_cell, struct mg_error *error)
{
    bool number = answer.kind == MG_DATUM_NUMBER;
    *ret_cell = answer;
    if (field->type == MG_TYPE_TEXT && number) {
        char text[32];
        mg_format_double(answer.number, text);
        *ret_cell = mg_datum_text(mg_arena_strdup(arena, text));
        return ret_cell->text ? 0 : mg_fail_memory(error);
    }
    bool fits = field->type == MG_TYPE_TEXT ||
                (number && (field->type != MG_TYPE_INTEGER ||
                            (is_whole(answer.number) && fabs(answer.number) <= MG_FIELD_WHOLE_MAX)));
    if (!fits)
        *ret_cell = (struct mg_datum){0};
    return 0;
}
