/* mindgap import: answers of a file into a data folder, by the same import as in the browser. */
#include "base/file.h"
#include "cli/cli.h"
#include "cli/data_folder.h"
#include "cli/doubt.h"
#include "cli/load.h"
#include "cli/reading.h"
#include "model/study.h"
#include "service/admin/data.h"

static const char *const rules[] = {"update", "leave", "add", NULL};

const struct mg_option mg_import_options[] = {
    {.name = "study",
     .value = "STUDY.json",
     .summary = "The study file; made in the organisation if its code is new"},
    {.name = "data", .value = "DIR", .summary = "Data folder (default: $MINDGAP_DATA)"},
    {.name = "org", .value = "ORG", .summary = "Organisation, by id or name; needed when there are several"},
    {.name = "wave", .value = "WAVE", .summary = "The wave of all rows (default: the study's wave column)"},
    {.name = "skip-bad-rows", .summary = "Leave out rows with bad cells; else only the cells are missing"},
    {.name = "existing",
     .value = "RULE",
     .summary = "Rows whose id the study has: update (default), leave, or add them all",
     .choices = rules},
    {.name = "again", .summary = "Import although the same file was imported before"},
    {.name = "as-last", .summary = "Read the file as that of the study's last import was told to be read"},
    {.name = "dry-run", .summary = "Say what the import would do, and keep nothing"},
    MG_READING_OPTIONS,
    MG_STRICT_OPTION,
    {0},
};

static int read_study(const struct mg_args *args, struct mg_buf *ret_document, struct mg_error *error)
{
    const char *study = mg_args_get(args, "study");
    if (args->n_operands == 1 && study)
        return mg_file_read(study, ret_document, error);
    mg_fail(error, MG_E_INVALID, "Name one file and its study: mindgap import FILE --study STUDY.json.");
    mg_fail_hint(error, "“mindgap study init FILE” proposes a study file.");
    return MG_E_INVALID;
}

/* What was wrong, by column and reason. */
static void say_errors(const struct mg_cli *cli, const struct mg_wire_import_error_kind *kinds, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct mg_wire_import_error_kind *kind = &kinds[i];
        fprintf(cli->err, "%s%s%s%s: %lld\n", *kind->column ? "“" : "", kind->column,
                *kind->column ? "”: " : "", kind->reason, (long long)kind->n);
    }
}

/* Strict of an import is strict of its file, which is read once more for it: a server beside may import it.
 */
static int look_for_doubt(struct mg_cli *cli, const struct mg_args *args,
                          const struct mg_exchange_options *options, const struct mg_buf *document,
                          struct mg_doubt *ret, struct mg_error *error)
{
    struct mg_ctx ctx = {.arena = cli->arena, .clock = cli->clock, .log = cli->log, .lang = cli->lang};
    const struct mg_study *study;
    struct mg_measure_file file;
    *ret = (struct mg_doubt){0};
    if (!mg_args_flag(args, "strict"))
        return 0;
    int rc = mg_study_parse(cli->arena, document->data, document->len, &study, error);
    if (!rc)
        rc = mg_columns_open(cli->engine, NULL, 0, &ctx.columns, error);
    if (!rc)
        rc = mg_measure_open_file(&ctx, args->operands[0], options, &file, error);
    if (!rc)
        rc = mg_doubt_of(cli->arena, file.exchange, study, ret, error);
    mg_columns_close(&ctx.columns);
    return rc;
}

/* What became, or would become, of the rows of known ids. */
static void say_fates(const struct mg_cli *cli, int64_t added, int64_t replaced, int64_t left)
{
    fprintf(cli->out, mg_tr(cli->lang, "By id: %lld added, %lld replaced, %lld left as they are\n"),
            (long long)added, (long long)replaced, (long long)left);
}

static int run_import(struct mg_cli *cli, struct mg_ctx *ctx, const struct mg_load *load,
                      struct mg_error *error)
{
    struct mg_wire_import import;
    int rc = mg_cli_load(cli, ctx, load, &import, error);
    if (rc)
        return rc;
    say_errors(cli, import.error_kinds, import.n_error_kinds);
    fprintf(cli->out, mg_tr(cli->lang, "%lld rows read, %lld imported, %lld left out, %lld errors\n"),
            (long long)import.rows, (long long)import.imported, (long long)import.skipped,
            (long long)import.errors);
    if (import.replaced || import.left)
        say_fates(cli, import.added, import.replaced, import.left);
    return 0;
}

static void say_repeats(const struct mg_cli *cli, const struct mg_wire_import_check *check)
{
    if (check->repeated_ids)
        fprintf(cli->out, mg_tr(cli->lang, "Ids that come again in the file: %lld, in rows alike: %lld\n"),
                (long long)check->repeated_ids, (long long)check->repeated_alike);
    if (check->same_content)
        fprintf(cli->out, mg_tr(cli->lang, "Rows without an id that say what an earlier one says: %lld\n"),
                (long long)check->same_content);
    if (check->customers_known || check->customers_new || check->customers_none)
        fprintf(cli->out,
                mg_tr(cli->lang, "Customers: %lld rows of known ones, %lld of new ones, %lld of none\n"),
                (long long)check->customers_known, (long long)check->customers_new,
                (long long)check->customers_none);
    if (check->same_file)
        fprintf(cli->out, mg_tr(cli->lang, "This very file was imported before: import %s\n"),
                check->same_file);
}

static int run_check(struct mg_cli *cli, struct mg_ctx *ctx, const struct mg_load *load,
                     struct mg_error *error)
{
    struct mg_wire_import_check check;
    int rc = mg_cli_load_check(cli, ctx, load, &check, error);
    if (rc)
        return rc;
    say_errors(cli, check.error_kinds, check.n_error_kinds);
    fprintf(cli->out, mg_tr(cli->lang, "%lld rows read, %lld would be kept, %lld left out, %lld errors\n"),
            (long long)check.rows, (long long)check.kept, (long long)check.skipped, (long long)check.errors);
    say_fates(cli, check.added, check.replaced, check.left);
    say_repeats(cli, &check);
    if (check.message)
        fprintf(cli->out, mg_tr(cli->lang, "The import would fail: %s\n"), check.message);
    return 0;
}

int mg_cmd_import(struct mg_cli *cli, int argc, char **argv)
{
    struct mg_args args;
    struct mg_ctx ctx = {0};
    struct mg_buf document;
    struct mg_exchange_options reading;
    struct mg_doubt doubt;
    struct mg_error error = {.lang = cli->lang};
    int status = mg_cli_parse(cli, mg_import_options, argc, argv, &args);
    if (status)
        return status;
    mg_buf_init(&document, MG_STUDY_BYTES_MAX);
    struct mg_load load = {.path = args.n_operands ? args.operands[0] : NULL,
                           .wave = mg_args_get(&args, "wave"),
                           .as_last = mg_args_flag(&args, "as-last"),
                           .compare = true,
                           .reading = &reading,
                           .skip_bad_rows = mg_args_flag(&args, "skip-bad-rows"),
                           .again = mg_args_flag(&args, "again")};
    const char *rule = mg_args_get(&args, "existing");
    load.has_existing = rule && mg_wire_import_create_existing_parse(rule, &load.existing);
    int rc = mg_reading_of_args(&args, &reading, &error);
    if (rc == 0)
        rc = read_study(&args, &document, &error);
    if (rc == 0)
        rc = look_for_doubt(cli, &args, &reading, &document, &doubt, &error);
    if (rc == 0)
        rc = mg_cli_open_data(cli, &args, false, &ctx, &error);
    if (rc == 0)
        rc = mg_cli_choose_org(&args, &ctx, &error);
    load.document = document.data;
    if (rc == 0)
        rc = mg_args_flag(&args, "dry-run") ? run_check(cli, &ctx, &load, &error)
                                            : run_import(cli, &ctx, &load, &error);
    mg_buf_done(&document);
    mg_data_close(&ctx);
    if (rc)
        return mg_cli_finish(cli, rc, &error);
    return (int)mg_doubt_exit(cli, &args, &doubt, MG_EXIT_OK);
}
