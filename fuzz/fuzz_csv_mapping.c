/* A file of any bytes: format, encoding, delimiter, header, rows; then the mapping of its columns to a study,
 * every cell as an answer, the answers as a document, and the document as cells again.
 *
 * Invariants: each row that isn't bad has a cell for each column; column names are unique and not empty; what
 * is written as a document reads back. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/str.h"
#include "exchange/exchange.h"
#include "fuzz.h"
#include "service/listen/mapping.h"

static const char study_text[] =
    "{\"study\":\"f\",\"scale\":{\"min\":1,\"max\":7,\"step\":1},\"missing\":{\"codes\":[0,99]},"
    "\"items\":[{\"code\":\"A\",\"label\":\"Warm\",\"expectation\":\"E1\",\"perception\":\"P1\"},"
    "{\"code\":\"B\",\"expectation\":\"期望\",\"perception\":\"感受\",\"scale\":{\"min\":0,\"max\":1}}],"
    "\"outcomes\":[{\"code\":\"N\",\"kind\":\"nps\",\"column\":\"nps\"},"
    "{\"code\":\"S\",\"kind\":\"binary\",\"column\":\"s\",\"positive\":\"yes\"}],"
    "\"groups\":[{\"column\":\"a\"},{\"column\":\"b\"}],\"wave\":\"wave\"}";

#define FIELDS_MAX 16

struct walk {
    struct mg_arena *arena;
    struct mg_exchange *file;
    struct mg_fields fields;
    const struct mg_target *targets;
    struct mg_buf document;
    struct mg_datum answers[FIELDS_MAX];
    const char *names[FIELDS_MAX];
    size_t n_answers;
    char texts[FIELDS_MAX][64];
};

static void add(struct walk *walk, const struct mg_field *field, struct mg_datum answer)
{
    walk->names[walk->n_answers] = field->column;
    walk->answers[walk->n_answers++] = answer;
}

static void take_cell(struct walk *walk, const struct mg_field *field, const char *cell)
{
    char scratch[64], reason[200];
    struct mg_cell_problem problem;
    double number = 0;
    const char *trimmed = mg_cell_trim(cell, scratch, sizeof scratch);
    enum mg_cell kind = mg_field_read(field, trimmed, &number, &problem);
    if (kind == MG_CELL_BAD)
        mg_cell_explain(&problem, MG_LANG_ZH, reason, sizeof reason);
    else if (kind == MG_CELL_GOOD && field->type == MG_TYPE_TEXT)
        add(walk, field, mg_datum_text(strcpy(walk->texts[walk->n_answers], trimmed)));
    else if (kind == MG_CELL_GOOD)
        add(walk, field, mg_datum_number(number));
}

static int take_row(void *user, const struct mg_exchange_row *row, struct mg_error *error)
{
    struct walk *walk = user;
    if (row->bad)
        return 0;
    assert(row->n_cells == walk->file->n_columns);
    mg_buf_reset(&walk->document);
    walk->n_answers = 0;
    for (size_t i = 0; i < row->n_cells; i++)
        if (walk->targets[i].field != SIZE_MAX)
            take_cell(walk, &walk->fields.fields[walk->targets[i].field], row->cells[i]);
    mg_document_write(&walk->document, walk->names, walk->answers, walk->n_answers);
    if (walk->document.failed)
        return MG_E_LIMIT;
    const char *cells[FIELDS_MAX];
    assert(walk->fields.n <= ARRAY_LEN(cells));
    int status = mg_document_cells(walk->arena, &walk->fields, walk->document.data, cells, error);
    assert(status == 0);
    return 0;
}

static void check_names(const struct mg_exchange *file)
{
    for (size_t i = 0; i < file->n_columns; i++) {
        assert(*file->columns[i]);
        for (size_t j = 0; j < i && i < 50; j++)
            assert(!mg_str_equal_nocase(file->columns[i], file->columns[j]));
    }
}

static void walk_file(struct walk *walk)
{
    const struct mg_study *study;
    const char **proposed;
    struct mg_error error = {0};
    struct mg_wire_mapping *mapping = mg_arena_array(walk->arena, walk->file->n_columns, sizeof *mapping);
    size_t n = 0;
    check_names(walk->file);
    if (!mapping || mg_study_parse(walk->arena, study_text, sizeof study_text - 1, &study, &error) != 0 ||
        mg_fields_of(walk->arena, study, &walk->fields, &error) != 0)
        abort();
    if (mg_mapping_propose(walk->arena, &walk->fields, walk->file->columns, walk->file->given,
                           walk->file->n_columns, &proposed, &error) != 0)
        return;
    for (size_t i = 0; i < walk->file->n_columns; i++)
        if (proposed[i])
            mapping[n++] = (struct mg_wire_mapping){walk->file->columns[i], proposed[i]};
    if (mg_mapping_resolve(walk->arena, &walk->fields, mapping, n, walk->file->columns, walk->file->n_columns,
                           &walk->targets, &error) == 0)
        mg_ignore(mg_exchange_each(walk->file, take_row, walk, &error));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    int fd = memfd_create("fuzz", 0);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct mg_exchange_options options = {.name = "fuzz", .max_bytes = 1 << 20};
    struct mg_exchange *file = NULL;
    struct mg_error error = {0};
    if (mg_exchange_open(path, &options, &file, &error) == 0) {
        struct walk walk = {.arena = mg_arena_new((size_t)64 << 20), .file = file};
        mg_buf_init(&walk.document, (size_t)16 << 20);
        walk_file(&walk);
        mg_buf_done(&walk.document);
        mg_arena_free(walk.arena);
    }
    mg_exchange_close(file);
    close(fd);
    return 0;
}
