/* The columns of a study, and answers as text and as documents; see fields.h.
 *
 * Documents are read by a scanner of our own writing's shape that finds all values before it cuts the text up
 * in place, about ten times as fast as building a tree; whatever it doesn't expect (an escape, a blank)
 * leaves the text as it is for the general reader. */
#include "service/record/fields.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/str.h"

static bool is_whole(double value)
{
    return value == floor(value);
}

struct builder {
    struct mg_arena *arena;
    struct mg_field *fields;
    size_t n;
};

static enum mg_column_type type_of(const struct mg_answer_rule *rule, bool text)
{
    const struct mg_scale *scale = &rule->scale;
    if (text)
        return MG_TYPE_TEXT;
    return scale->step >= 1 && is_whole(scale->step) && is_whole(scale->min) ? MG_TYPE_INTEGER
                                                                             : MG_TYPE_NUMBER;
}

static int add(struct builder *b, const char *column, const struct mg_text *label,
               enum mg_wire_target_role role, const struct mg_answer_rule *rule, bool text,
               struct mg_error *error)
{
    for (size_t i = 0; i < b->n && column; i++) {
        if (mg_str_equal(b->fields[i].column, column))
            return 0;
        if (mg_str_equal_nocase(b->fields[i].column, column))
            return mg_fail(error, MG_E_INVALID, "The columns %s and %s differ only in case.",
                           b->fields[i].column, column);
    }
    if (!column)
        return 0;
    b->fields[b->n++] = (struct mg_field){column, *label, role, type_of(rule, text), *rule};
    return 0;
}

static int add_item(struct builder *b, const struct mg_study *study, const struct mg_item *item,
                    struct mg_error *error)
{
    const struct mg_scale *scale =
        item->importance_scale.max > item->importance_scale.min ? &item->importance_scale : &item->scale;
    const struct mg_answer_rule rule = mg_answer_rule_of_item(study, &item->scale, false);
    const struct mg_answer_rule expected =
        mg_answer_rule_of_item(study, mg_item_expectation_scale(item), false);
    const struct mg_answer_rule importance = mg_answer_rule_of_item(study, scale, false);
    const struct mg_text *label = &item->label;
    int rc = add(b, item->expectation, label, MG_WIRE_TARGET_ROLE_EXPECTATION, &expected, false, error);
    if (!rc)
        rc = add(b, item->perception, label, MG_WIRE_TARGET_ROLE_PERCEPTION, &rule, false, error);
    if (!rc)
        rc = add(b, item->adequate, label, MG_WIRE_TARGET_ROLE_ADEQUATE, &expected, false, error);
    if (!rc)
        rc = add(b, item->importance, label, MG_WIRE_TARGET_ROLE_IMPORTANCE, &importance, false, error);
    return rc;
}

int mg_fields_of(struct mg_arena *arena, const struct mg_study *study, struct mg_fields *ret_fields,
                 struct mg_error *error)
{
    static const struct mg_answer_rule any = {0};
    struct builder b = {.arena = arena};
    size_t most = study->n_items * 4 + study->n_outcomes + study->n_groups;
    b.fields = mg_arena_array(arena, most, sizeof *b.fields);
    int rc = b.fields ? 0 : mg_fail_memory(error);
    for (size_t i = 0; i < study->n_items && !rc; i++)
        rc = add_item(&b, study, &study->items[i], error);
    for (size_t i = 0; i < study->n_outcomes && !rc; i++) {
        const struct mg_outcome *outcome = &study->outcomes[i];
        const struct mg_answer_rule rule = mg_answer_rule_of_outcome(study, outcome);
        rc = add(&b, outcome->column, &outcome->label, MG_WIRE_TARGET_ROLE_OUTCOME, &rule, outcome->positive,
                 error);
    }
    for (size_t i = 0; i < study->n_groups && !rc; i++)
        rc = add(&b, study->groups[i].column, &study->groups[i].label, MG_WIRE_TARGET_ROLE_GROUP, &any, true,
                 error);
    if (!rc)
        *ret_fields = (struct mg_fields){study, b.fields, b.n};
    return rc;
}

size_t mg_fields_find(const struct mg_fields *fields, const char *column, size_t n, size_t guess)
{
    for (size_t i = 0; i < fields->n; i++) {
        size_t at = guess + i < fields->n ? guess + i : guess + i - fields->n;
        const char *name = fields->fields[at].column;
        if (strncmp(name, column, n) == 0 && name[n] == '\0')
            return at;
    }
    return SIZE_MAX;
}

/* --- cells --- */

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

const char *mg_cell_trim(const char *cell, char *scratch, size_t size)
{
    while (is_space(*cell))
        cell++;
    size_t n = strlen(cell);
    if (n == 0 || !is_space(cell[n - 1]))
        return cell;
    while (n > 0 && is_space(cell[n - 1]))
        n--;
    n = n < size ? n : size - 1;
    memcpy(scratch, cell, n);
    scratch[n] = '\0';
    return scratch;
}

static enum mg_cell judge(const struct mg_field *field, enum mg_answer answer,
                          struct mg_cell_problem *ret_problem)
{
    *ret_problem =
        (struct mg_cell_problem){mg_answer_reason(answer), field->rule.scale.min, field->rule.scale.max};
    if (answer == MG_ANSWER_MISSING)
        return MG_CELL_MISSING;
    return mg_answer_is_stray(answer) ? MG_CELL_BAD : MG_CELL_GOOD;
}

enum mg_cell mg_field_read_number(const struct mg_field *field, double number,
                                  struct mg_cell_problem *ret_problem)
{
    double unused;
    return judge(field, mg_answer_of_number(&field->rule, number, &unused), ret_problem);
}

static enum mg_cell read_text(const struct mg_field *field, const char *cell,
                              struct mg_cell_problem *ret_problem)
{
    double number;
    *ret_problem = (struct mg_cell_problem){0};
    if (mg_answer_is_blank(cell))
        return MG_CELL_MISSING;
    if (field->rule.n_codes && mg_parse_double(cell, &number) && mg_answer_is_code(&field->rule, number))
        return MG_CELL_MISSING;
    if (strlen(cell) > MG_FIELD_TEXT_MAX)
        ret_problem->reason = MG_TEXT("The text is too long.");
    return ret_problem->reason ? MG_CELL_BAD : MG_CELL_GOOD;
}

enum mg_cell mg_field_read(const struct mg_field *field, const char *cell, double *ret_number,
                           struct mg_cell_problem *ret_problem)
{
    if (field->type == MG_TYPE_TEXT)
        return read_text(field, cell, ret_problem);
    return judge(field, mg_answer_of_text(&field->rule, cell, ret_number), ret_problem);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* the literals are in this file and in po/ */
void mg_cell_explain(const struct mg_cell_problem *problem, enum mg_lang lang, char *ret_text, size_t size)
{
    snprintf(ret_text, size, mg_tr(lang, problem->reason), problem->low, problem->high);
}
#pragma GCC diagnostic pop

/* --- documents --- */

void mg_document_write(struct mg_buf *out, const char *const *names, const struct mg_datum *answers, size_t n)
{
    struct mg_json_writer writer = mg_json_writer(out);
    mg_json_open(&writer, '{');
    for (size_t i = 0; i < n; i++) {
        if (answers[i].kind == MG_DATUM_NUMBER)
            mg_json_key_number(&writer, names[i], answers[i].number);
        else if (answers[i].kind == MG_DATUM_TEXT)
            mg_json_key_string(&writer, names[i], answers[i].text);
    }
    mg_json_close(&writer, '}');
}

/* A cell that the column can hold; an answer beyond it is missing there. */
static const char *fit(const struct mg_field *field, const char *text, bool is_number)
{
    if (field->type == MG_TYPE_TEXT)
        return text;
    double value;
    if (!is_number || !mg_parse_double(text, &value))
        return NULL;
    if (field->type == MG_TYPE_INTEGER && (!is_whole(value) || fabs(value) > MG_FIELD_WHOLE_MAX))
        return NULL;
    return text;
}

/* The end of the value that begins at `text`: behind a quote it is text, else a number. */
static char *value_end(char *text)
{
    return text[-1] == '"' ? text + strcspn(text, "\"\\") : text + strspn(text, "0123456789+-.eE");
}

/* One value at *cursor. false: not the expected shape. */
static bool pass_value(char **cursor, char **ret_text, char *ret_next)
{
    bool quoted = **cursor == '"';
    char *text = *cursor + quoted, *end = value_end(text);
    if (quoted ? *end != '"' : end == text)
        return false;
    end += quoted;
    *ret_text = text;
    *ret_next = *end;
    *cursor = end + 1;
    return *ret_next == ',' || *ret_next == '}';
}

/* Where each field's value begins, without changing the document. false: not the expected shape. */
static bool find_values(const struct mg_fields *fields, char *document, const char **cells)
{
    char *p = document, *text;
    if (*p++ != '{')
        return false;
    char next = *p == '}' ? '}' : ',';
    p += next == '}';
    for (size_t guess = 0; next == ',';) {
        if (*p++ != '"')
            return false;
        size_t n = strcspn(p, "\"\\");
        if (p[n] != '"' || p[n + 1] != ':')
            return false;
        size_t at = mg_fields_find(fields, p, n, guess);
        p += n + 2;
        if (!pass_value(&p, &text, &next))
            return false;
        if (at == SIZE_MAX) /* of an earlier version of the study */
            continue;
        cells[at] = text;
        guess = at + 1;
    }
    return *p == '\0';
}

/* The document is cut up only once all of it has the expected shape. */
static void cut_values(const struct mg_fields *fields, const char **cells)
{
    for (size_t i = 0; i < fields->n; i++) {
        if (!cells[i])
            continue;
        char *text = (char *)cells[i]; /* of the caller's document */
        bool is_number = text[-1] != '"';
        *value_end(text) = '\0';
        cells[i] = fit(&fields->fields[i], text, is_number);
    }
}

static int read_tree(struct mg_arena *arena, const struct mg_fields *fields, const char *document,
                     const char **cells, struct mg_error *error)
{
    json_t *tree = mg_json_parse(document, strlen(document), (size_t)16 << 20, error);
    int rc = json_is_object(tree) ? 0 : MG_E_INVALID;
    if (tree && rc)
        mg_fail(error, MG_E_INVALID, "The stored answers are no JSON object.");
    for (size_t i = 0; i < fields->n && !rc; i++) {
        const json_t *value = json_object_get(tree, fields->fields[i].column);
        char number[32] = "";
        if (json_is_number(value))
            mg_format_double(json_number_value(value), number);
        const char *text = json_is_string(value) ? json_string_value(value) : *number ? number : NULL;
        text = text ? fit(&fields->fields[i], text, *number) : NULL;
        cells[i] = mg_arena_strdup(arena, text);
        if (text && !cells[i])
            rc = mg_fail_memory(error);
    }
    json_decref(tree);
    return rc;
}

int mg_document_cells(struct mg_arena *arena, const struct mg_fields *fields, char *document,
                      const char **cells, struct mg_error *error)
{
    memset(cells, 0, fields->n * sizeof *cells);
    if (strchr(document, '\\') || !find_values(fields, document, cells)) {
        memset(cells, 0, fields->n * sizeof *cells);
        return read_tree(arena, fields, document, cells, error);
    }
    cut_values(fields, cells);
    return 0;
}
