/* mindgap simulate: an organisation with a known truth, written to a folder or into a data folder. */
#include <errno.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "cli/cli.h"
#include "cli/data_folder.h"
#include "cli/load.h"
#include "service/admin/data.h"
#include "service/admin/user.h"
#include "simulate/simulate.h"

const struct mg_option mg_simulate_options[] = {
    {.name = "industry",
     .value = "NAME",
     .summary = "Whose customers to simulate (default heating)",
     .choices = mg_simulation_industries},
    {.name = "customers", .value = "N", .summary = "How many customers (default 2000)"},
    {.name = "waves", .value = "W", .summary = "How many measuring periods (default: the industry's)"},
    {.name = "seed", .value = "S", .summary = "Same seed, same bytes (default 1)"},
    {.name = "design",
     .value = "NAME",
     .summary = "Each wave anew, in one questionnaire or before and after; or a panel (default cross)",
     .choices = mg_simulation_designs},
    {.name = "output",
     .value = "DIR",
     .summary = "Folder for the files (default ./simulated, or in the data folder)",
     .letter = 'o'},
    {.name = "data", .value = "DIR", .summary = "Data folder to import them into as well"},
    {.name = "org", .value = "NAME", .summary = "With --data: the organisation, made if it isn't there"},
    {0},
};

#define PIECE_LIMIT ((size_t)16 << 20)
#define CRISIS_STUDY_LIMIT ((size_t)1 << 20)

typedef void write_piece(const struct mg_simulation *simulation, int64_t *cursor, struct mg_buf *out);

static int write_failed(const char *path, struct mg_error *error)
{
    return mg_fail(error, MG_E_IO, "“%s” could not be written: %s.", path, strerror(errno));
}

/* Writes a file of any size piece by piece. */
static int write_pieces(const struct mg_simulation *s, int64_t customers, const char *path,
                        write_piece *write, struct mg_error *error)
{
    struct mg_buf piece;
    int rc = 0;
    mg_buf_init(&piece, PIECE_LIMIT);
    FILE *file = fopen(path, "wb");
    if (!file) {
        rc = write_failed(path, error);
        goto out;
    }
    for (int64_t cursor = 0; cursor < customers && !rc;) {
        mg_buf_reset(&piece);
        write(s, &cursor, &piece);
        if (piece.failed)
            rc = mg_fail_memory(error);
        else if (fwrite(piece.data, 1, piece.len, file) != piece.len)
            rc = write_failed(path, error);
    }
    if (fclose(file) != 0 && !rc)
        rc = write_failed(path, error);
out:
    mg_buf_done(&piece);
    return rc;
}

/* What the small files hold, each made by a function of the same kind. */
typedef void write_text(const struct mg_simulation *simulation, struct mg_buf *out);

static void write_study(const struct mg_simulation *s, struct mg_buf *out)
{
    mg_study_write(mg_simulation_study(s), out);
}

/* The study with the gaps planted at the crisis, for a look at that wave and region. */
static void write_crisis_study(const struct mg_simulation *s, struct mg_buf *out)
{
    struct mg_simulation_scope crisis = mg_simulation_crisis(s);
    struct mg_arena *arena = mg_arena_new(CRISIS_STUDY_LIMIT);
    const struct mg_study *study = arena ? mg_simulation_study_of(arena, s, &crisis) : NULL;
    if (study)
        mg_study_write(study, out);
    else
        out->failed = true;
    mg_arena_free(arena);
}

static int write_whole(const struct mg_simulation *s, const char *path, write_text *write,
                       struct mg_error *error)
{
    struct mg_buf text;
    mg_buf_init(&text, PIECE_LIMIT);
    write(s, &text);
    int rc = text.failed ? mg_fail_memory(error) : mg_file_write_named(path, text.data, text.len, error);
    mg_buf_done(&text);
    return rc;
}

static int write_files(struct mg_arena *arena, const struct mg_simulation *s, int64_t customers,
                       const char *folder, struct mg_error *error)
{
    static const struct {
        const char *name;
        write_piece *pieces;
        write_text *whole;
    } files[] = {
        {"responses.csv", mg_simulation_write_responses, NULL},
        {"customers.csv", mg_simulation_write_customers, NULL},
        {"crisis.csv", mg_simulation_write_crisis, NULL},
        {"study.json", NULL, write_study},
        {"crisis.study.json", NULL, write_crisis_study},
        {"truth.json", NULL, mg_simulation_write_truth},
        {"README.txt", NULL, mg_simulation_write_readme},
    };
    int rc = mg_dir_create(folder, error);
    for (size_t i = 0; !rc && i < ARRAY_LEN(files); i++) {
        const char *path = mg_arena_printf(arena, "%s/%s", folder, files[i].name);
        if (!path)
            rc = mg_fail_memory(error);
        else if (files[i].pieces)
            rc = write_pieces(s, customers, path, files[i].pieces, error);
        else
            rc = write_whole(s, path, files[i].whole, error);
    }
    return rc;
}

static enum mg_simulation_design design_of(const struct mg_args *args)
{
    const char *name = mg_args_get(args, "design");
    for (int i = 0; name && mg_simulation_designs[i]; i++)
        if (strcmp(name, mg_simulation_designs[i]) == 0)
            return (enum mg_simulation_design)i;
    return MG_SIM_CROSS;
}

static int read_spec(const struct mg_cli *cli, const struct mg_args *args,
                     struct mg_simulation_spec *ret_spec, struct mg_error *error)
{
    const char *industry = mg_args_get(args, "industry");
    int64_t customers, waves, seed;
    int rc = mg_args_integer(args, "customers", 1, MG_SIM_CUSTOMERS_MAX, 2000, &customers, error);
    if (!rc)
        rc = mg_args_integer(args, "waves", 1, MG_SIM_WAVES_MAX, 0, &waves, error);
    if (!rc)
        rc = mg_args_integer(args, "seed", 0, INT64_MAX, 1, &seed, error);
    if (rc)
        return rc;
    *ret_spec = (struct mg_simulation_spec){.industry = industry ? industry : "heating",
                                            .customers = customers,
                                            .waves = waves,
                                            .seed = (uint64_t)seed,
                                            .lang = cli->lang,
                                            .design = design_of(args)};
    return 0;
}

/* Acts in the organisation of that name, which is made, and marked as simulated, where there is none. */
static int enter_organisation(struct mg_ctx *ctx, const char *name, struct mg_error *error)
{
    struct mg_org_summary *orgs;
    size_t n;
    int rc = mg_org_list(ctx, &orgs, &n, error);
    for (size_t i = 0; rc == 0 && i < n; i++)
        if (strcmp(orgs[i].org.name, name) == 0) {
            memcpy(ctx->caller.org_id, orgs[i].org.id, sizeof ctx->caller.org_id);
            return 0;
        }
    return rc ? rc : mg_org_create(ctx, name, true, ctx->caller.org_id, error);
}

static int import_responses(struct mg_cli *cli, struct mg_ctx *ctx, const struct mg_simulation *s,
                            const char *folder, struct mg_error *error)
{
    struct mg_wire_import import;
    struct mg_buf document;
    mg_buf_init(&document, PIECE_LIMIT);
    mg_study_write(mg_simulation_study(s), &document);
    struct mg_load load = {.path = mg_arena_printf(cli->arena, "%s/responses.csv", folder),
                           .document = document.data};
    int rc =
        document.failed || !load.path ? mg_fail_memory(error) : mg_cli_load(cli, ctx, &load, &import, error);
    mg_buf_done(&document);
    return rc;
}

/* Files first, then organisation, study and import. Without --data only the files. */
static int simulate(struct mg_cli *cli, const struct mg_args *args, const struct mg_simulation *s,
                    int64_t customers, struct mg_error *error)
{
    const char *data = mg_args_get(args, "data"), *folder = mg_args_get(args, "output");
    const char *org = mg_args_get(args, "org") ? mg_args_get(args, "org") : mg_simulation_organisation(s);
    if (!folder)
        folder = data ? mg_arena_printf(cli->arena, "%s/simulated", data) : "simulated";
    if (!folder)
        return mg_fail_memory(error);
    int rc = write_files(cli->arena, s, customers, folder, error);
    if (rc == 0 && data) {
        struct mg_ctx ctx = {0};
        rc = mg_cli_open_data(cli, args, true, &ctx, error);
        if (rc == 0)
            rc = enter_organisation(&ctx, org, error);
        if (rc == 0)
            rc = import_responses(cli, &ctx, s, folder, error);
        mg_data_close(&ctx);
    }
    if (rc == 0)
        fprintf(cli->out, mg_tr(cli->lang, "Simulated customers of %s (invented), %d waves: %s\n"), org,
                mg_simulation_waves(s), folder);
    return rc;
}

int mg_cmd_simulate(struct mg_cli *cli, int argc, char **argv)
{
    struct mg_error error = {.lang = cli->lang};
    struct mg_args args;
    struct mg_simulation_spec spec;
    const struct mg_simulation *simulation;
    int status = mg_cli_parse(cli, mg_simulate_options, argc, argv, &args);
    if (status)
        return status;
    if (args.n_operands > 0) {
        mg_fail(&error, MG_E_INVALID, "simulate takes no operand (got “%s”).", args.operands[0]);
        return mg_cli_report(cli, &error, MG_EXIT_USAGE);
    }
    if (read_spec(cli, &args, &spec, &error))
        return mg_cli_report(cli, &error, MG_EXIT_USAGE);
    if (mg_simulation_new(cli->arena, &spec, &simulation, &error) ||
        simulate(cli, &args, simulation, spec.customers, &error))
        return mg_cli_report(cli, &error, MG_EXIT_FAILURE);
    return MG_EXIT_OK;
}
