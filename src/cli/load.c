/* Study, import, columns: the three steps from a file to something the client can show. Beside a running
 * server the second is that server's, and so is the third. */
#include "cli/load.h"

#include <string.h>

#include "cli/handover.h"
#include "service/admin/data.h"
#include "service/listen/check.h"
#include "service/listen/columns.h"
#include "service/listen/import.h"
#include "service/record/load.h"

/* The study with the document's code; where there is none, the import makes it. */
static int find_study(const struct mg_ctx *ctx, const char *document, struct mg_listen_import_file *request,
                      struct mg_error *error)
{
    const struct mg_study *study;
    const struct mg_record_study *known;
    int rc = mg_study_parse(ctx->arena, document, strlen(document), &study, error);
    if (rc)
        return rc;
    rc = mg_record_study_by_code(ctx, study->code, &known, error);
    if (rc == 0)
        request->study_id = known->id;
    if (rc != MG_E_NOT_FOUND)
        return rc;
    request->new_study = document;
    return 0;
}

/* Brings the columns level with the log, unless a server that was started meanwhile holds them: it does it
 * itself.
 */
static int bring_level(struct mg_cli *cli, struct mg_ctx *ctx, struct mg_error *error)
{
    struct mg_columns columns;
    const char *path = mg_arena_printf(ctx->arena, "%s/%s", ctx->data_dir, MG_COLUMN_FILE);
    if (!path)
        return mg_fail_memory(error);
    int rc = mg_columns_open(cli->engine, path, 0, &columns, error);
    if (rc)
        return rc;
    struct mg_column_status status;
    rc = mg_columns_status(&columns, true, &status, error);
    if (rc == 0) {
        ctx->columns = columns;
        rc = mg_follower_run(ctx, &mg_listen_columns, error);
        ctx->columns = (struct mg_columns){0};
    }
    mg_columns_close(&columns);
    return rc == MG_E_BUSY ? 0 : rc;
}

struct shown {
    const struct mg_cli *cli;
    bool open; /* the line of the progress hasn't ended */
};

static int show_progress(void *user, int64_t rows, double share)
{
    struct shown *shown = user;
    const struct mg_cli *cli = shown->cli;
    fputc('\r', cli->err);
    fprintf(cli->err, mg_tr(cli->lang, "%lld rows read (%.0f%%)"), (long long)rows, share * 100);
    fflush(cli->err);
    shown->open = true;
    return 0;
}

/* What is different to the study's last import, before rows are read. */
static void show_last(void *user, const struct mg_wire_last_wave *last)
{
    const struct mg_cli *cli = ((const struct shown *)user)->cli;
    fprintf(cli->err, mg_tr(cli->lang, "Differences to the last import (%s, %.10s): %lld\n"), last->name,
            last->finished_at, (long long)last->n_differences + (long long)last->more);
    for (size_t i = 0; i < last->n_differences; i++)
        fprintf(cli->err, "  %s\n", last->differences[i].text);
    if (last->more)
        fprintf(cli->err, "  …\n");
}

/* Imports the file, or queues it for the server. Parquet is read by a column engine; one in memory serves,
 * whoever holds that of the data folder. */
static int import_file(struct mg_cli *cli, struct mg_ctx *ctx, bool served,
                       const struct mg_listen_import_file *request, struct mg_wire_import *ret_import,
                       struct mg_error *error)
{
    int rc = mg_columns_open(cli->engine, NULL, 1, &ctx->columns, error);
    if (rc)
        return rc;
    rc = served ? mg_listen_import_hand_over(ctx, request, ret_import, error)
                : mg_listen_import_file(ctx, request, ret_import, error);
    mg_columns_close(&ctx->columns);
    ctx->columns = (struct mg_columns){0};
    return rc;
}

/* What is wrong with the study that the import makes stands in the user's own file. */
static void at_document(struct mg_error *error)
{
    static const char within[] = "/new_study";
    if (strncmp(error->field, within, sizeof within - 1) == 0)
        memmove(error->field, error->field + sizeof within - 1, strlen(error->field) + 2 - sizeof within);
}

static struct mg_listen_import_file request_of(const struct mg_load *load, struct shown *shown)
{
    return (struct mg_listen_import_file){.path = load->path,
                                          .wave = load->wave,
                                          .skip_bad_rows = load->skip_bad_rows,
                                          .again = load->again,
                                          .has_existing = load->has_existing,
                                          .existing = load->existing,
                                          .reading = load->reading,
                                          .as_last = load->as_last,
                                          .last = load->compare ? show_last : NULL,
                                          .progress = shown->cli->out_is_terminal ? show_progress : NULL,
                                          .user = shown};
}

int mg_cli_load_check(struct mg_cli *cli, struct mg_ctx *ctx, const struct mg_load *load,
                      struct mg_wire_import_check *ret_check, struct mg_error *error)
{
    struct shown shown = {.cli = cli};
    struct mg_listen_import_file request = request_of(load, &shown);
    int rc = find_study(ctx, load->document, &request, error);
    if (rc == 0)
        rc = mg_columns_open(cli->engine, NULL, 1, &ctx->columns, error);
    if (rc == 0) {
        rc = mg_listen_import_check_file(ctx, &request, ret_check, error);
        mg_columns_close(&ctx->columns);
        ctx->columns = (struct mg_columns){0};
    }
    if (rc)
        at_document(error);
    if (shown.open)
        fputc('\n', cli->err);
    return rc;
}

int mg_cli_load(struct mg_cli *cli, struct mg_ctx *ctx, const struct mg_load *load,
                struct mg_wire_import *ret_import, struct mg_error *error)
{
    struct shown shown = {.cli = cli};
    struct mg_listen_import_file request = request_of(load, &shown);
    bool served = mg_data_is_served(ctx);
    int rc = find_study(ctx, load->document, &request, error);
    if (rc == 0)
        rc = import_file(cli, ctx, served, &request, ret_import, error);
    if (rc == 0)
        rc = served ? mg_cli_watch(ctx, &request, ret_import, error) : bring_level(cli, ctx, error);
    if (rc)
        at_document(error);
    if (shown.open)
        fputc('\n', cli->err); /* what is said next has a line of its own */
    return rc;
}
