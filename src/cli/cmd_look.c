/* mindgap look FILE: what the reader saw in a file, before anything is made of it. */
#include <string.h>

#include "base/str.h"
#include "cli/cli.h"
#include "cli/format.h"
#include "cli/reading.h"
#include "cli/survey.h"

#define FIRST_ROWS 3
#define CELL_BYTES 40
#define TEXT_MAX ((size_t)64 << 20)

const struct mg_option mg_look_options[] = {MG_READING_OPTIONS, {0}};

/* Widths of the table's columns in a terminal. */
enum { NUMBER = 5, NAME = 26, KIND = 22, COUNT = 10, RANGE = 16 };

static const char *format_name(const struct mg_exchange *file)
{
    static const char *const names[MG_FILE_FORMATS] = {
        [MG_FILE_CSV] = "CSV",   [MG_FILE_PARQUET] = "Parquet", [MG_FILE_JSONL] = "JSONL",
        [MG_FILE_JSON] = "JSON", [MG_FILE_XLSX] = "XLSX",       [MG_FILE_SAV] = "SPSS",
        [MG_FILE_DTA] = "Stata", [MG_FILE_SAS] = "SAS"};
    return names[file->format];
}

static void put_delimiter(const struct mg_cli *cli, char delimiter, struct mg_buf *out)
{
    const char mark[] = {delimiter, '\0'};
    if (delimiter)
        mg_buf_printf(out, mg_tr(cli->lang, " · cells parted by %s"),
                      delimiter == '\t' ? mg_tr(cli->lang, "tabs") : mark);
}

/* What kind of file it is. */
static void put_file(const struct mg_cli *cli, const struct mg_exchange *file,
                     const struct mg_source_info *info, struct mg_buf *out)
{
    mg_buf_puts(out, format_name(file));
    if (file->gzipped)
        mg_buf_puts(out, " (gzip)");
    if (file->encoding)
        mg_buf_printf(out, " · %s", file->encoding);
    put_delimiter(cli, file->delimiter, out);
    mg_buf_printf(out, mg_tr(cli->lang, " · %lld rows of %zu columns\n"), (long long)info->rows,
                  info->n_columns);
    if (file->tool)
        mg_buf_printf(out, mg_tr(cli->lang, "Made by %s\n"), mg_text_in(&file->tool->name, cli->lang, ""));
    mg_buf_printf(out, mg_tr(cli->lang, "Rows above the header: %zu, of the header: %zu, at the foot: %zu\n"),
                  file->title_rows, file->header_rows, file->foot_rows);
    if (file->n_bad)
        mg_buf_printf(out, mg_tr(cli->lang, "Irregular rows left out: %lld, the first on line %lld.\n"),
                      (long long)file->n_bad, (long long)file->bad[0].line);
}

/* How a column's cells are read. */
static void say_kind(const struct mg_cli *cli, const struct mg_column_info *info,
                     const struct mg_reading *reading, char *ret_text, size_t size)
{
    static const char *const types[] = {[MG_TYPE_TEXT] = MG_TEXT("text"),
                                        [MG_TYPE_INTEGER] = MG_TEXT("whole numbers"),
                                        [MG_TYPE_NUMBER] = MG_TEXT("numbers"),
                                        [MG_TYPE_TIME] = MG_TEXT("times"),
                                        [MG_TYPE_BOOLEAN] = MG_TEXT("yes or no")};
    static const char *const orders[MG_DATE_ORDERS] = {
        [MG_DATE_DMY] = "D/M/Y", [MG_DATE_MDY] = "M/D/Y", [MG_DATE_YMD] = "Y-M-D"};
    const char *more = "";
    if (reading && reading->kind == MG_CELLS_TIME && orders[reading->order])
        more = orders[reading->order];
    else if (reading && reading->n_labels)
        more = mg_tr(cli->lang, "answers in words");
    else if (reading && reading->kind == MG_CELLS_NUMBER && reading->decimal == ',')
        more = "3,5";
    const char *type = reading && reading->kind == MG_CELLS_CHOICES ? mg_tr(cli->lang, "several choices")
                                                                    : mg_tr(cli->lang, types[info->type]);
    snprintf(ret_text, size, "%s%s%s", type, *more ? " · " : "", more);
}

static void say_range(const struct mg_column_info *info, char *ret_text, size_t size)
{
    bool number = info->type == MG_TYPE_INTEGER || info->type == MG_TYPE_NUMBER;
    *ret_text = '\0';
    if (number && info->n > 0)
        snprintf(ret_text, size, "%g – %g", info->min, info->max);
}

static void put_count(int64_t n, struct mg_buf *out)
{
    char text[32];
    snprintf(text, sizeof text, "%lld", (long long)n);
    mg_format_pad(out, text, COUNT, MG_ALIGN_RIGHT);
}

/* The first values that aren't understood, under their column. */
static void put_not_understood(const struct mg_cli *cli, const struct mg_column_info *info,
                               struct mg_buf *out)
{
    if (info->n_not_understood == 0)
        return;
    mg_format_pad(out, "", NUMBER, MG_ALIGN_LEFT);
    mg_buf_printf(out, mg_tr(cli->lang, "  not understood: %lld"), (long long)info->n_not_understood);
    for (size_t i = 0; i < info->n_not_understood_shown; i++)
        mg_buf_printf(out, "%s“%s”", i ? ", " : " – ", info->not_understood[i]);
    mg_buf_putc(out, '\n');
}

static void put_column(const struct mg_cli *cli, const struct mg_column_info *info,
                       const struct mg_reading *reading, size_t c, const struct mg_exchange_head *head,
                       struct mg_buf *out)
{
    char text[120];
    snprintf(text, sizeof text, "%zu", c + 1);
    mg_format_pad(out, text, NUMBER - 2, MG_ALIGN_RIGHT);
    mg_buf_puts(out, "  ");
    mg_format_pad(out, info->name, NAME - 2, MG_ALIGN_LEFT);
    mg_buf_puts(out, "  ");
    say_kind(cli, info, reading, text, sizeof text);
    mg_format_pad(out, text, KIND, MG_ALIGN_LEFT);
    put_count(info->n, out);
    put_count(info->n_missing, out);
    say_range(info, text, sizeof text);
    mg_format_pad(out, text, RANGE, MG_ALIGN_RIGHT);
    mg_buf_puts(out, "  ");
    for (size_t r = 0; r < head->n_rows; r++)
        mg_buf_printf(out, "%s%s", r ? " · " : "", head->rows[r][c] ? head->rows[r][c] : "–");
    mg_buf_putc(out, '\n');
    if (info->label) {
        mg_format_pad(out, "", NUMBER, MG_ALIGN_LEFT);
        mg_buf_printf(out, "%s\n", info->label);
    }
    put_not_understood(cli, info, out);
}

static void put_columns(const struct mg_cli *cli, const struct mg_exchange *file,
                        const struct mg_source_info *info, const struct mg_exchange_head *head,
                        struct mg_buf *out)
{
    mg_buf_putc(out, '\n');
    mg_format_pad(out, "", NUMBER, MG_ALIGN_LEFT);
    mg_format_pad(out, mg_tr(cli->lang, "Column"), NAME, MG_ALIGN_LEFT);
    mg_format_pad(out, mg_tr(cli->lang, "Read as"), KIND, MG_ALIGN_LEFT);
    mg_format_pad(out, mg_tr(cli->lang, "Filled"), COUNT, MG_ALIGN_RIGHT);
    mg_format_pad(out, mg_tr(cli->lang, "Missing"), COUNT, MG_ALIGN_RIGHT);
    mg_format_pad(out, mg_tr(cli->lang, "Range"), RANGE, MG_ALIGN_RIGHT);
    mg_buf_printf(out, "  %s\n", mg_tr(cli->lang, "First rows"));
    for (size_t c = 0; c < info->n_columns; c++)
        put_column(cli, &info->columns[c], file->readings ? &file->readings[c] : NULL, c, head, out);
}

static int look(struct mg_cli *cli, const char *path, const struct mg_exchange_options *options)
{
    struct mg_error error = {.lang = cli->lang};
    struct mg_survey survey;
    struct mg_source_info info;
    struct mg_exchange_head head;
    int rc = mg_survey_open(cli, path, NULL, options, &survey, &error);
    if (rc)
        return mg_cli_report(cli, &error, MG_EXIT_FAILURE);
    rc = mg_measure_describe_file(&survey.ctx, &survey.file, &info, &error);
    if (!rc)
        rc = mg_measure_file_head(&survey.ctx, &survey.file, &info, FIRST_ROWS, CELL_BYTES, &head, &error);
    struct mg_buf out;
    mg_buf_init(&out, TEXT_MAX);
    if (!rc) {
        put_file(cli, survey.file.exchange, &info, &out);
        put_columns(cli, survey.file.exchange, &info, &head, &out);
    }
    mg_survey_close(&survey);
    int status =
        rc ? mg_cli_report(cli, &error, MG_EXIT_FAILURE) : mg_cli_write(cli, NULL, out.data, out.len);
    mg_buf_done(&out);
    return status;
}

int mg_cmd_look(struct mg_cli *cli, int argc, char **argv)
{
    struct mg_args args;
    struct mg_error error = {.lang = cli->lang};
    struct mg_exchange_options options;
    if (mg_cli_parse(cli, mg_look_options, argc, argv, &args))
        return MG_EXIT_USAGE;
    if (args.n_operands != 1) {
        mg_fail(&error, MG_E_INVALID, "Write “mindgap look FILE”.");
        return mg_cli_report(cli, &error, MG_EXIT_USAGE);
    }
    if (mg_reading_of_args(&args, &options, &error))
        return mg_cli_report(cli, &error, MG_EXIT_USAGE);
    return look(cli, args.operands[0], &options);
}
