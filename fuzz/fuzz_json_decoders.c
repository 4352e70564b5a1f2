/* The first byte picks a type of request body, the rest is its JSON. What is read must come out the same when
 * it is written and read once more; what is refused must say where and why. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "wire.gen.h"

#define LIMIT ((size_t)1 << 20)

static void write_value(const struct mg_wire_type *type, const void *value, struct mg_buf *out)
{
    struct mg_json_writer writer = mg_json_writer(out);
    mg_wire_write(&writer, type, value);
}

static void check_round_trip(struct mg_arena *arena, const struct mg_wire_type *type, const void *value)
{
    struct mg_buf first, second;
    mg_buf_init(&first, 8 * LIMIT);
    mg_buf_init(&second, 8 * LIMIT);
    write_value(type, value, &first);
    struct mg_error error = {0};
    json_t *json = mg_json_parse(first.data, first.len, 8 * LIMIT, &error);
    void *again = mg_arena_alloc(arena, type->size);
    if (!json || !again || mg_wire_read(arena, type, json, again, &error))
        abort();
    write_value(type, again, &second);
    if (first.len != second.len || memcmp(first.data, second.data, first.len) != 0)
        abort();
    json_decref(json);
    mg_buf_done(&first);
    mg_buf_done(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > LIMIT)
        return 0;
    const struct mg_wire_type *type = mg_wire_body_types[data[0] % mg_wire_body_types_count];
    struct mg_error error = {.lang = data[0] & 1 ? MG_LANG_ZH : MG_LANG_EN};
    json_t *json = mg_json_parse((const char *)data + 1, size - 1, LIMIT, &error);
    struct mg_arena *arena = mg_arena_new(64 * LIMIT);
    void *value = arena ? mg_arena_alloc(arena, type->size) : NULL;
    if (json && value) {
        int rc = mg_wire_read(arena, type, json, value, &error);
        if (rc == 0)
            check_round_trip(arena, type, value);
        else if (!error.message[0])
            abort();
    }
    json_decref(json);
    mg_arena_free(arena);
    return 0;
}
