/* mindgap look FILE: what the reader saw in a file, before anything is made of it. */
#include <string.h>

#include "base/str.h"
#include "cli/cli.h"
#include "cli/doubt.h"
#include "cli/format.h"
#include "cli/look.h"
#include "cli/reading.h"
#include "cli/roles.h"
#include "cli/survey.h"

#define FIRST_ROWS 3
#define CELL_BYTES 40
#define TEXT_MAX ((size_t)64 << 20)

static const char *const formats[] = {"table", "json", NULL};

const struct mg_option mg_look_options[] = {
    {.name = "format", .value = "FORMAT", .summary = "Output format; else table", .choices = formats},
    MG_READING_OPTIONS,
    MG_STRICT_OPTION,
    {0}};

/* Widths of the table's columns in a terminal. */
enum { NUMBER = 5, NAME = 26, KIND = 22, COUNT = 10, RANGE = 16 };

static void put_delimiter(const struct mg_cli *cli, char delimiter, struct mg_buf *out)
{
    const char mark[] = {delimiter, '\0'};
    if (delimiter)
        mg_buf_printf(out, mg_tr(cli->lang, " · cells parted by %s"),
                      delimiter == '\t' ? mg_tr(cli->lang, "tabs") : mark);
}

static void put_sheets(const struct mg_cli *cli, const struct mg_exchange *file, struct mg_buf *out)
{
    if (file->n_sheets < 2)
        return;
    mg_buf_puts(out, mg_tr(cli->lang, "Sheets: "));
    for (size_t i = 0; i < file->n_sheets; i++)
        mg_buf_printf(out, "%s%s%s", i ? ", " : "", file->sheets[i],
                      i == file->sheet ? mg_tr(cli->lang, " (this one)") : "");
    mg_buf_putc(out, '\n');
}

/* Rows that aren't among those of the table, by why. */
static void put_left_out(const struct mg_cli *cli, const struct mg_exchange *file, struct mg_buf *out)
{
    static const char *const kinds[MG_LEFT_OUT_KINDS] = {
        [MG_TOOL_UNFINISHED] = MG_TEXT("Rows left out as unfinished: %lld\n"),
        [MG_TOOL_PREVIEW] = MG_TEXT("Rows left out as previews or tests: %lld\n"),
        [MG_TOOL_SPAM] = MG_TEXT("Rows left out as spam: %lld\n"),
        [MG_LEFT_OUT_REPEAT] = MG_TEXT("Rows left out as blank or as the header again: %lld\n")};
    for (size_t i = 0; i < MG_LEFT_OUT_KINDS; i++)
        if (kinds[i] && file->left_out[i])
            mg_buf_printf(out, mg_tr(cli->lang, kinds[i]), (long long)file->left_out[i]);
    if (file->n_bad)
        mg_buf_printf(out, mg_tr(cli->lang, "Irregular rows left out: %lld, the first on line %lld.\n"),
                      (long long)file->n_bad, (long long)file->bad[0].line);
}

/* What kind of file it is. */
static void put_file(const struct mg_cli *cli, const struct mg_exchange *file,
                     const struct mg_source_info *info, struct mg_buf *out)
{
    mg_buf_puts(out, mg_look_format(file));
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
    put_sheets(cli, file, out);
    put_left_out(cli, file, out);
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
    if (reading->kind == MG_CELLS_TIME && orders[reading->order])
        more = orders[reading->order];
    else if (reading->n_labels)
        more = mg_tr(cli->lang, "answers in words");
    else if (reading->kind == MG_CELLS_NUMBER && reading->decimal == ',')
        more = "3,5";
    const char *type = reading->kind == MG_CELLS_CHOICES ? mg_tr(cli->lang, "several choices")
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
        put_column(cli, &info->columns[c], &file->readings[c], c, head, out);
}

/* What it can't be sure of, and what the columns could be in a study. */
static void put_doubts(const struct mg_cli *cli, const struct mg_look *look, struct mg_buf *out)
{
    mg_buf_putc(out, '\n');
    for (size_t i = 0; i < look->file->n_notes; i++)
        mg_buf_printf(out, "%s\n", mg_text_in(&look->file->notes[i], cli->lang, ""));
    mg_cli_put_roles(cli->lang, look->info, look->proposal, out);
}

static int put(struct mg_cli *cli, const struct mg_args *args, const struct mg_look *look)
{
    struct mg_error error = {.lang = cli->lang};
    struct mg_doubt doubt;
    struct mg_buf out;
    mg_buf_init(&out, TEXT_MAX);
    if (mg_str_equal(mg_args_get(args, "format"), "json")) {
        mg_look_json(look, &out);
    } else {
        put_file(cli, look->file, look->info, &out);
        put_columns(cli, look->file, look->info, look->head, &out);
        put_doubts(cli, look, &out);
    }
    int status = MG_EXIT_FAILURE;
    if (out.failed)
        mg_ignore(mg_fail(&error, MG_E_LIMIT, "What there is to say is larger than %zu bytes.", TEXT_MAX));
    if (out.failed || mg_doubt_of(cli->arena, look->file, NULL, &doubt, &error))
        mg_cli_report(cli, &error, MG_EXIT_FAILURE);
    else
        status =
            (int)mg_doubt_exit(cli, args, &doubt, (enum mg_exit)mg_cli_write(cli, NULL, out.data, out.len));
    mg_buf_done(&out);
    return status;
}

static int look(struct mg_cli *cli, const struct mg_args *args, const struct mg_exchange_options *options)
{
    struct mg_error error = {.lang = cli->lang};
    struct mg_survey survey;
    struct mg_source_info info;
    struct mg_exchange_head head;
    struct mg_proposal proposal;
    int rc = mg_survey_open_silently(cli, args->operands[0], NULL, options, &survey, &error);
    if (rc)
        return mg_cli_report(cli, &error, MG_EXIT_FAILURE);
    rc = mg_measure_describe_file(&survey.ctx, &survey.file, &info, &error);
    if (!rc)
        rc = mg_measure_file_head(&survey.ctx, &survey.file, &info, FIRST_ROWS, CELL_BYTES, &head, &error);
    if (!rc)
        rc = mg_record_propose(cli->arena, "file", &info, cli->lang, &proposal, &error);
    const struct mg_look found = {survey.file.exchange, &info, &head, &proposal, cli->lang};
    int status = rc ? mg_cli_report(cli, &error, MG_EXIT_FAILURE) : put(cli, args, &found);
    mg_survey_close(&survey);
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
    return look(cli, &args, &options);
}
