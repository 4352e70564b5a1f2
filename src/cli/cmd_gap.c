/* mindgap gap FILE --study STUDY.json: where customers expect more than they get, from a survey file. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "cli/cli.h"
#include "cli/doubt.h"
#include "cli/format.h"
#include "cli/gap_view.h"
#include "cli/reading.h"
#include "cli/survey.h"
#include "service/measure/finding.h"
#include "service/measure/measure.h"
#include "service/measure/pairing.h"
#include "service/measure/pass.h"
#include "service/measure/report_xlsx.h"

#define OUTPUT_BYTES_MAX ((size_t)256 << 20)
#define LIST_MAX 16

static const char *const formats[] = {"table", "json", "csv", "html", "xlsx", NULL};

const struct mg_option mg_cmd_gap_options[] = {
    {.name = "study", .value = "STUDY.json", .summary = "The study file: items, scales, dimensions"},
    {.name = "by", .value = "COLUMN[,…]", .summary = "Also by the values of these columns, crossed"},
    {.name = "wave", .value = "COLUMN", .summary = "Also by wave, in natural order"},
    {.name = "filter",
     .value = "COLUMN=VALUE[,…]",
     .summary = "Only rows with one of these values; may be repeated"},
    {.name = "weights", .value = "COLUMN", .summary = "Column of survey weights"},
    {.name = "drivers",
     .value = "OUTCOME",
     .summary = "Also what goes together with this outcome (its code): table, JSON and HTML"},
    {.name = "ci", .value = "LEVEL", .summary = "Level of the intervals, 0.5 to 0.999; default 0.95"},
    {.name = "nonresponse", .summary = "Also compare those who left questions out with those who answered"},
    {.name = "boot", .value = "N", .summary = "BCa bootstrap intervals from N replicates; default none"},
    {.name = "seed", .value = "S", .summary = "Seed of the bootstrap; default 1"},
    {.name = "format",
     .value = "FORMAT",
     .summary = "Output format; else what FILE ends in, else table",
     .choices = formats},
    {.name = "output", .value = "FILE", .summary = "Write to FILE instead of the terminal", .letter = 'o'},
    MG_READING_OPTIONS,
    MG_STRICT_OPTION,
    {0},
};

/* --by a,b and --wave as one list of columns, wave first. */
static int list_groups(struct mg_cli *cli, const struct mg_args *args, const char **ret_by, size_t *ret_n,
                       struct mg_error *error)
{
    size_t n = 0;
    if (mg_args_get(args, "wave"))
        ret_by[n++] = "wave";
    const char *by = mg_args_get(args, "by");
    char *copy = mg_arena_strdup(cli->arena, by ? by : ""), *save = NULL;
    for (char *name = copy ? strtok_r(copy, ",", &save) : NULL; name; name = strtok_r(NULL, ",", &save)) {
        if (n == LIST_MAX)
            return mg_fail(error, MG_E_INVALID, "--by takes at most %d columns.", LIST_MAX - 1);
        ret_by[n++] = name;
    }
    *ret_n = n;
    return 0;
}

static int list_filters(struct mg_cli *cli, const struct mg_args *args, struct mg_measure_request *request,
                        struct mg_error *error)
{
    const char *texts[MG_ARGS_MAX];
    size_t n = 0;
    for (size_t i = 0; i < args->n_given; i++)
        if (strcmp(args->given[i].option->name, "filter") == 0)
            texts[n++] = args->given[i].value;
    return mg_measure_filters_of_options(cli->arena, request, texts, n, &request->filters,
                                         &request->n_filters, error);
}

static int read_options(struct mg_cli *cli, const struct mg_args *args, struct mg_gap_request *request,
                        const char **by, struct mg_error *error)
{
    int64_t seed = 1;
    request->base.wave_column = mg_args_get(args, "wave");
    request->base.weight = mg_args_get(args, "weights");
    request->any_column = true;
    request->by = by;
    int rc = mg_args_number(args, "ci", 0.5, 0.999, MG_MEASURE_LEVEL, &request->base.level, error);
    if (!rc)
        rc = mg_args_integer(args, "boot", 100, MG_MEASURE_BOOT_MAX, 0, &request->boot, error);
    if (!rc)
        rc = mg_args_integer(args, "seed", 0, INT64_MAX, 1, &seed, error);
    if (!rc)
        rc = list_groups(cli, args, by, &request->n_by, error);
    request->seed = (uint64_t)seed;
    return rc;
}

/* The texts of --filter, one after another; NULL: there are none. */
static const char *filters_text(struct mg_cli *cli, const struct mg_args *args)
{
    const char *text = NULL;
    for (size_t i = 0; i < args->n_given; i++)
        if (strcmp(args->given[i].option->name, "filter") == 0)
            text = text ? mg_arena_printf(cli->arena, "%s; %s", text, args->given[i].value)
                        : args->given[i].value;
    return text;
}

/* What the head of the CSV says beside the report itself. A filter says which waves, if not all. */
static struct mg_gap_csv_head head_of(struct mg_cli *cli, const struct mg_gap_request *request,
                                      const struct mg_args *args)
{
    const char *column = mg_measure_wave_column(&request->base), *filters = filters_text(cli, args);
    bool filtered = filters && (strstr(filters, "wave=") || (column && strstr(filters, column)));
    return (struct mg_gap_csv_head){.wave = column && !filtered ? mg_tr(cli->lang, "all waves") : NULL,
                                    .filters = filters,
                                    .weight = mg_measure_weight(&request->base),
                                    .lang = cli->lang};
}

/* What is asked for, else what the file's name ends in. */
static const char *format_of(const struct mg_args *args)
{
    const char *format = mg_args_get(args, "format"), *path = mg_args_get(args, "output");
    const char *dot = path ? strrchr(path, '.') : NULL;
    for (size_t i = 0; !format && dot && formats[i]; i++)
        if (mg_str_equal_nocase(formats[i], dot + 1))
            return formats[i];
    return format;
}

static int put_book(struct mg_cli *cli, const struct mg_gap_request *request, const struct mg_args *args,
                    const struct mg_wire_gap_report *report)
{
    struct mg_error error = {.lang = cli->lang};
    struct mg_gap_csv_head head = head_of(cli, request, args);
    struct mg_file_draft draft;
    const char *path = mg_args_get(args, "output");
    if (!path || strcmp(path, "-") == 0) {
        mg_fail(&error, MG_E_INVALID, "A workbook isn't for the terminal.");
        mg_fail_hint(&error, "Name its file: -o gaps.xlsx.");
        return mg_cli_report(cli, &error, MG_EXIT_USAGE);
    }
    int rc = mg_file_draft_open(path, "/tmp", &draft, &error);
    if (rc)
        return mg_cli_report(cli, &error, MG_EXIT_FAILURE);
    rc = mg_measure_gaps_xlsx(report, &head, draft.path, &error);
    if (rc == 0)
        rc = mg_file_draft_keep(&draft, &error);
    else
        mg_file_draft_drop(&draft);
    return rc ? mg_cli_report(cli, &error, MG_EXIT_FAILURE) : MG_EXIT_OK;
}

static int put_report(struct mg_cli *cli, struct mg_ctx *ctx, const struct mg_gap_request *request,
                      const struct mg_args *args, const struct mg_wire_gap_report *report)
{
    const char *format = format_of(args);
    if (mg_str_equal(format, "xlsx"))
        return put_book(cli, request, args, report);
    bool cells = report->n_cells > 1;
    struct mg_wire_text finding = mg_finding_of_rows(cli->arena, cells ? report->cells : report->items,
                                                     cells ? report->n_cells : report->n_items, NULL);
    const char *sentence = mg_format_label(&finding, cli->lang);
    struct mg_buf out;
    mg_buf_init(&out, OUTPUT_BYTES_MAX);
    if (mg_str_equal(format, "json")) {
        struct mg_json_writer json = mg_json_writer(&out);
        mg_wire_write_gap_report(&json, report);
        mg_buf_putc(&out, '\n');
    } else if (mg_str_equal(format, "csv")) {
        struct mg_gap_csv_head head = head_of(cli, request, args);
        mg_measure_gaps_csv(report, &head, &out);
    } else if (mg_str_equal(format, "html")) {
        struct mg_driver_request driver = {.base = request->base};
        struct mg_wire_driver_report first;
        const struct mg_wire_driver_report *drivers = report->drivers;
        if (!drivers && mg_measure_drivers(ctx, &driver, &first, NULL) == 0)
            drivers = &first;
        mg_gap_view_html(report, drivers, cli->lang, sentence, &out);
    } else {
        bool to_file = mg_args_get(args, "output") != NULL;
        struct mg_view_style style = {
            .lang = cli->lang, .width = cli->width, .colour = cli->colour && !to_file, .finding = sentence};
        mg_gap_view_table(report, &style, &out);
    }
    struct mg_error error = {.lang = cli->lang};
    int status = MG_EXIT_FAILURE;
    if (out.failed) {
        mg_fail(&error, MG_E_LIMIT, "The report is larger than %zu bytes.", OUTPUT_BYTES_MAX);
        mg_cli_report(cli, &error, MG_EXIT_FAILURE);
    } else {
        status = mg_cli_write(cli, mg_args_get(args, "output"), out.data, out.len);
    }
    mg_buf_done(&out);
    return status;
}

/* What is measured on request only. */
struct extras {
    struct mg_wire_driver_report drivers;
    struct mg_wire_nonresponse nonresponse;
};

static int measure_extras(struct mg_ctx *ctx, const struct mg_args *args,
                          const struct mg_measure_request *base, struct extras *extras,
                          struct mg_wire_gap_report *report, struct mg_error *error)
{
    int rc = 0;
    if (mg_args_get(args, "drivers")) {
        struct mg_driver_request of = {.base = *base, .outcome = mg_args_get(args, "drivers")};
        rc = mg_measure_drivers(ctx, &of, &extras->drivers, error);
        report->drivers = &extras->drivers;
    }
    if (!rc && mg_args_flag(args, "nonresponse")) {
        rc = mg_measure_nonresponse(ctx, base, &extras->nonresponse, error);
        report->nonresponse = &extras->nonresponse;
    }
    return rc;
}

/* All that counts as missing and isn't: values off the scale, too. */
static enum mg_exit end(struct mg_cli *cli, const struct mg_args *args, const struct mg_survey *survey,
                        const struct mg_wire_gap_report *report, enum mg_exit status)
{
    struct mg_error error = {.lang = cli->lang};
    struct mg_doubt doubt;
    if (mg_doubt_ask(cli, survey->file.exchange, survey->study, &error) ||
        mg_doubt_of(cli->arena, survey->file.exchange, survey->study, &doubt, &error))
        return mg_cli_report(cli, &error, MG_EXIT_FAILURE);
    if (doubt.cells < report->out_of_range)
        doubt.cells = report->out_of_range;
    return mg_doubt_exit(cli, args, &doubt, status);
}

/* What is in the columns, where reading the file has shown it; it isn't read again for this. */
static int describe(struct mg_survey *survey, struct mg_source_info *info, struct mg_gap_request *request,
                    struct mg_error *error)
{
    if (!survey->file.exchange || !survey->file.exchange->facts)
        return 0;
    request->info = info;
    return mg_measure_describe_file(&survey->ctx, &survey->file, info, error);
}

int mg_cmd_gap(struct mg_cli *cli, int argc, char **argv)
{
    struct mg_args args;
    struct mg_error error = {.lang = cli->lang};
    if (mg_cli_parse(cli, mg_cmd_gap_options, argc, argv, &args))
        return MG_EXIT_USAGE;
    if (args.n_operands != 1 || !mg_args_get(&args, "study")) {
        mg_fail(&error, MG_E_INVALID,
                "Name one survey file and its study: mindgap gap FILE --study STUDY.json.");
        mg_fail_hint(&error, "“mindgap study init FILE” proposes a study file.");
        return mg_cli_report(cli, &error, MG_EXIT_USAGE);
    }
    const char *by[LIST_MAX + 1];
    struct mg_gap_request request = {0};
    struct mg_exchange_options options;
    if (read_options(cli, &args, &request, by, &error) || mg_reading_of_args(&args, &options, &error))
        return mg_cli_report(cli, &error, MG_EXIT_USAGE);
    struct mg_survey survey;
    const char *const inputs[] = {args.operands[0], mg_args_get(&args, "study")};
    int rc = mg_cli_check_output(&args, inputs, ARRAY_LEN(inputs), &error);
    if (!rc)
        rc = mg_survey_open(cli, args.operands[0], mg_args_get(&args, "study"), &options, &survey, &error);
    if (rc)
        return mg_cli_report(cli, &error, MG_EXIT_FAILURE);
    request.base.study = survey.study;
    request.base.source = survey.file.source;
    struct mg_wire_gap_report report;
    struct mg_source_info info;
    struct extras extras;
    rc = describe(&survey, &info, &request, &error);
    if (!rc)
        rc = list_filters(cli, &args, &request.base, &error);
    if (!rc)
        rc = mg_measure_pair_rows(&survey.ctx, &request.base, &error);
    if (!rc)
        rc = mg_measure_gaps(&survey.ctx, &request, &report, &error);
    if (!rc)
        rc = measure_extras(&survey.ctx, &args, &request.base, &extras, &report, &error);
    int status = rc ? mg_cli_report(cli, &error, MG_EXIT_FAILURE)
                    : put_report(cli, &survey.ctx, &request, &args, &report);
    if (!rc)
        status = end(cli, &args, &survey, &report, status);
    mg_survey_close(&survey);
    return status;
}
