/* See look.h. */
#include "cli/look.h"

#include "base/json.h"

const char *mg_look_format(const struct mg_exchange *file)
{
    static const char *const names[MG_FILE_FORMATS] = {
        [MG_FILE_CSV] = "CSV",   [MG_FILE_PARQUET] = "Parquet", [MG_FILE_JSONL] = "JSONL",
        [MG_FILE_JSON] = "JSON", [MG_FILE_XLSX] = "XLSX",       [MG_FILE_SAV] = "SPSS",
        [MG_FILE_DTA] = "Stata", [MG_FILE_SAS] = "SAS"};
    return names[file->format];
}

static void open_list(struct mg_json_writer *out, const char *key, char bracket)
{
    mg_json_key(out, key);
    mg_json_open(out, bracket);
}

static void put_texts(struct mg_json_writer *out, const char *key, const char *const *texts, size_t n)
{
    open_list(out, key, '[');
    for (size_t i = 0; i < n; i++)
        mg_json_string(out, texts[i]);
    mg_json_close(out, ']');
}

/* Rows that aren't among those of the table, by why. */
static void put_left_out(struct mg_json_writer *out, const struct mg_exchange *file)
{
    static const char *const kinds[MG_LEFT_OUT_KINDS] = {[MG_TOOL_UNFINISHED] = "unfinished",
                                                         [MG_TOOL_PREVIEW] = "previews",
                                                         [MG_TOOL_SPAM] = "spam",
                                                         [MG_LEFT_OUT_REPEAT] = "blank_or_header"};
    open_list(out, "left_out", '{');
    for (size_t i = 0; i < MG_LEFT_OUT_KINDS; i++)
        if (kinds[i])
            mg_json_key_int(out, kinds[i], file->left_out[i]);
    mg_json_key_int(out, "irregular", file->n_bad);
    open_list(out, "irregular_lines", '[');
    for (size_t i = 0; i < file->n_bad_listed; i++)
        mg_json_int(out, file->bad[i].line);
    mg_json_close(out, ']');
    mg_json_close(out, '}');
}

static void put_file(struct mg_json_writer *out, const struct mg_look *look)
{
    const struct mg_exchange *file = look->file;
    const char delimiter[] = {file->delimiter, '\0'};
    open_list(out, "file", '{');
    mg_json_key_string(out, "format", mg_look_format(file));
    mg_json_key_bool(out, "gzipped", file->gzipped);
    mg_json_key_string(out, "encoding", file->encoding);
    mg_json_key_string(out, "delimiter", file->delimiter ? delimiter : NULL);
    mg_json_key_string(out, "tool", file->tool ? file->tool->code : NULL);
    put_texts(out, "sheets", file->sheets, file->n_sheets);
    mg_json_key_string(out, "sheet", file->n_sheets ? file->sheets[file->sheet] : NULL);
    mg_json_key_int(out, "title_rows", (int64_t)file->title_rows);
    mg_json_key_int(out, "header_rows", (int64_t)file->header_rows);
    mg_json_key_int(out, "foot_rows", (int64_t)file->foot_rows);
    mg_json_key_int(out, "rows", look->info->rows);
    put_left_out(out, file);
    mg_json_close(out, '}');
}

static void put_reading(struct mg_json_writer *out, const struct mg_exchange *file, size_t c)
{
    struct mg_buf reading;
    mg_buf_init(&reading, (size_t)64 << 20);
    mg_reading_write(&file->readings[c], &reading);
    mg_json_key(out, "reading");
    mg_json_raw(out, reading.data);
    mg_buf_done(&reading);
}

static void put_values(struct mg_json_writer *out, const struct mg_column_info *info)
{
    open_list(out, "values", '[');
    for (size_t i = 0; i < info->n_counts; i++) {
        mg_json_open(out, '{');
        mg_json_key_string(out, "text", info->counts[i].text);
        mg_json_key_int(out, "n", info->counts[i].n);
        mg_json_close(out, '}');
    }
    mg_json_close(out, ']');
}

/* Its part in the study that would be proposed. */
static void put_role(struct mg_json_writer *out, const struct mg_look *look, size_t c)
{
    const struct mg_proposal_column *row = &look->proposal->columns[c];
    mg_json_key_string(out, "role", mg_proposal_role_name(row->role));
    mg_json_key_string(out, "confidence", mg_confidence_name(row->confidence));
    mg_json_key_string(out, "reason", mg_text_in(&row->reason, look->lang, NULL));
    mg_json_key_string(out, "partner",
                       row->partner == SIZE_MAX ? NULL : look->info->columns[row->partner].name);
    mg_json_key_string(out, "item", row->item);
    if (row->scale.max > row->scale.min) {
        open_list(out, "scale", '{');
        mg_json_key_number(out, "min", row->scale.min);
        mg_json_key_number(out, "max", row->scale.max);
        mg_json_close(out, '}');
    }
}

static void put_column(struct mg_json_writer *out, const struct mg_look *look, size_t c)
{
    static const char *const types[] = {[MG_TYPE_TEXT] = "text",
                                        [MG_TYPE_INTEGER] = "integer",
                                        [MG_TYPE_NUMBER] = "number",
                                        [MG_TYPE_TIME] = "time",
                                        [MG_TYPE_BOOLEAN] = "boolean"};
    const struct mg_column_info *info = &look->info->columns[c];
    const struct mg_exchange *file = look->file;
    mg_json_open(out, '{');
    mg_json_key_string(out, "name", info->name);
    mg_json_key_string(out, "label", info->label);
    mg_json_key_string(out, "given", file->given ? file->given[c] : NULL);
    mg_json_key_string(out, "type", types[info->type]);
    put_reading(out, file, c);
    mg_json_key_int(out, "n", info->n);
    mg_json_key_int(out, "n_missing", info->n_missing);
    mg_json_key_int(out, "n_distinct", info->n_distinct);
    mg_json_key_number(out, "min", info->min);
    mg_json_key_number(out, "max", info->max);
    mg_json_key_int(out, "n_not_understood", info->n_not_understood);
    put_texts(out, "not_understood", info->not_understood, info->n_not_understood_shown);
    mg_json_key_bool(out, "date_order_open", file->facts[c].date_order_open);
    put_values(out, info);
    put_role(out, look, c);
    mg_json_close(out, '}');
}

static void put_first_rows(struct mg_json_writer *out, const struct mg_look *look)
{
    open_list(out, "first_rows", '[');
    for (size_t r = 0; r < look->head->n_rows; r++) {
        mg_json_open(out, '[');
        for (size_t c = 0; c < look->info->n_columns; c++)
            mg_json_string(out, look->head->rows[r][c]);
        mg_json_close(out, ']');
    }
    mg_json_close(out, ']');
}

void mg_look_json(const struct mg_look *look, struct mg_buf *buf)
{
    struct mg_json_writer out = mg_json_writer(buf);
    mg_json_open(&out, '{');
    put_file(&out, look);
    open_list(&out, "columns", '[');
    for (size_t c = 0; c < look->info->n_columns; c++)
        put_column(&out, look, c);
    mg_json_close(&out, ']');
    put_first_rows(&out, look);
    open_list(&out, "notes", '[');
    for (size_t i = 0; i < look->file->n_notes; i++)
        mg_json_string(&out, mg_text_in(&look->file->notes[i], look->lang, ""));
    mg_json_close(&out, ']');
    open_list(&out, "warnings", '[');
    for (size_t i = 0; i < look->proposal->n_warnings; i++)
        mg_json_string(&out, mg_text_in(&look->proposal->warnings[i].text, look->lang, ""));
    mg_json_close(&out, ']');
    mg_json_close(&out, '}');
    mg_buf_putc(buf, '\n');
}
