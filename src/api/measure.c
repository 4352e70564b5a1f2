/* Overview, gaps, drivers, distributions, facets: what to measure comes from the study, on what rows from the
 * query. */
#include <string.h>

#include "api/export.h"
#include "api/http/request.h"
#include "base/str.h"
#include "routes.gen.h"
#include "service/listen/columns.h"
#include "service/listen/upload.h"
#include "service/measure/measure.h"
#include "service/measure/pairing.h"
#include "service/measure/report_xlsx.h"
#include "service/record/load.h"

#define BY_MAX 8
#define ALL_WAVES "*"

static int open_study(struct mg_request *request, const char *id, const char *wave, const char *filter,
                      struct mg_measure_request *ret_base, struct mg_error *error)
{
    const struct mg_record_study *loaded;
    bool all_waves = wave && strcmp(wave, ALL_WAVES) == 0;
    int rc = mg_record_study_load(&request->ctx, id, &loaded, error);
    if (!rc)
        rc = mg_listen_columns_ready(&request->ctx, id, error);
    if (rc)
        return rc;
    *ret_base = (struct mg_measure_request){
        .study = loaded->study,
        .source = mg_record_source(loaded),
        .wave = all_waves ? NULL : wave,
        .all_waves = all_waves,
        .wave_column = MG_RECORD_WAVE,
        .customer = MG_RECORD_CUSTOMER,
        .weight = loaded->study->weight ? MG_RECORD_WEIGHT : NULL,
    };
    ret_base->source.stop = request->ctx.stop;
    if (!filter || !*filter)
        return 0;
    return mg_measure_filters_of_query(request->ctx.arena, ret_base, filter, &ret_base->filters,
                                       &ret_base->n_filters, error);
}

int mg_api_get_overview(struct mg_request *request, const char *id,
                        const struct mg_wire_get_overview_query *query, struct mg_wire_overview *ret,
                        struct mg_error *error)
{
    struct mg_measure_request base;
    int rc = open_study(request, id, query->wave, query->filter, &base, error);
    if (rc)
        return rc;
    return mg_measure_overview(&request->ctx, &base, ret, error);
}

static int refuse_by(struct mg_error *error)
{
    mg_fail_at(error, "?by");
    return MG_E_INVALID;
}

static bool is_among(const char *const *codes, size_t n, const char *code)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(codes[i], code) == 0)
            return true;
    return false;
}

/* "region,wave" into its parts, each once. */
static int split_by(struct mg_request *request, const char *by, struct mg_gap_request *gaps,
                    struct mg_error *error)
{
    const char **codes = mg_arena_array(request->ctx.arena, BY_MAX, sizeof *codes);
    char *rest = mg_arena_strdup(request->ctx.arena, by ? by : "");
    if (!codes || !rest)
        return mg_fail_memory(error);
    if (*rest && mg_str_has_empty_part(rest, ',')) {
        mg_fail(error, MG_E_INVALID, "A code to split by is empty.");
        return refuse_by(error);
    }
    char *save = NULL;
    for (char *code = strtok_r(rest, ",", &save); code; code = strtok_r(NULL, ",", &save)) {
        if (gaps->n_by == BY_MAX) {
            mg_fail(error, MG_E_INVALID, "Results can be split by at most %d groups at once.", BY_MAX);
            return refuse_by(error);
        }
        if (is_among(codes, gaps->n_by, code)) {
            mg_fail(error, MG_E_INVALID, "Results can't be split by “%.64s” twice.", code);
            return refuse_by(error);
        }
        codes[gaps->n_by++] = code;
    }
    gaps->by = codes;
    return 0;
}

/* What both forms of the report are asked for with. */
struct gaps_query {
    const char *wave, *filter, *by;
    double ci;
    int64_t boot, seed;
};

static int measure_gaps(struct mg_request *request, const char *id, const struct gaps_query *query,
                        struct mg_gap_request *ret_request, struct mg_wire_gap_report *ret,
                        struct mg_error *error)
{
    *ret_request = (struct mg_gap_request){.boot = query->boot, .seed = (uint64_t)query->seed};
    int rc = open_study(request, id, query->wave, query->filter, &ret_request->base, error);
    if (!rc)
        rc = split_by(request, query->by, ret_request, error);
    ret_request->base.level = query->ci;
    if (rc)
        return rc;
    return mg_measure_gaps(&request->ctx, ret_request, ret, error);
}

int mg_api_get_gaps(struct mg_request *request, const char *id, const struct mg_wire_get_gaps_query *query,
                    struct mg_wire_gap_report *ret, struct mg_error *error)
{
    const struct gaps_query asked = {query->wave, query->filter, query->by,
                                     query->ci,   query->boot,   query->seed};
    struct mg_gap_request gaps;
    return measure_gaps(request, id, &asked, &gaps, ret, error);
}

/* "line 1, /items/0" → "/study/items/0"; a column that the file hasn't is the study's fault. */
static int at_study(int rc, struct mg_error *error)
{
    char where[sizeof error->field];
    const char *slash = strchr(error->field, '/');
    if (!rc)
        return 0;
    snprintf(where, sizeof where, "%s", slash && slash[1] ? slash : "");
    mg_fail_at(error, "/study%s", where);
    return error->code = rc == MG_E_NOT_FOUND ? MG_E_INVALID : rc;
}

int mg_api_measure_upload(struct mg_request *request, const char *id,
                          const struct mg_wire_upload_gaps_request *body, struct mg_wire_gap_report *ret,
                          struct mg_error *error)
{
    struct mg_gap_request gaps = {.base = {.k = 1}};
    const char *text = body->study;
    int rc = at_study(mg_study_parse(request->ctx.arena, text, strlen(text), &gaps.base.study, error), error);
    if (!rc)
        rc = mg_listen_upload_source(&request->ctx, id, body->reading, &gaps.base.source, error);
    if (rc)
        return rc;
    rc = mg_measure_pair_rows(&request->ctx, &gaps.base, error);
    if (!rc)
        rc = mg_measure_gaps(&request->ctx, &gaps, ret, error);
    return rc == MG_E_NOT_FOUND ? at_study(rc, error) : rc;
}

static void put_gaps_csv(struct mg_request *request, const struct mg_wire_gap_report *report,
                         const struct mg_gap_csv_head *head)
{
    mg_buf_init(&request->reply.buf, MG_REPLY_BYTES_MAX);
    mg_measure_gaps_csv(report, head, &request->reply.buf);
    request->reply.status = 200;
    request->reply.type = "text/csv; charset=utf-8";
}

static int put_gaps_book(struct mg_request *request, const struct mg_wire_gap_report *report,
                         const struct mg_gap_csv_head *head, struct mg_error *error)
{
    const char *path = mg_reply_path(request, error);
    int rc = path ? mg_measure_gaps_xlsx(report, head, path, error) : error->code;
    return rc ? rc : mg_reply_file(request, path, mg_out_media(MG_OUT_XLSX), error);
}

int mg_api_export_gaps(struct mg_request *request, const char *id,
                       const struct mg_wire_export_gaps_query *query, struct mg_error *error)
{
    const struct gaps_query asked = {query->wave, query->filter, query->by,
                                     query->ci,   query->boot,   query->seed};
    struct mg_gap_request gaps;
    struct mg_wire_gap_report report = {0};
    int rc = measure_gaps(request, id, &asked, &gaps, &report, error);
    if (rc)
        return rc;
    bool csv = query->format == MG_WIRE_EXPORT_GAPS_QUERY_FORMAT_CSV,
         filtered = query->filter && *query->filter;
    struct mg_gap_csv_head head = {.wave = gaps.base.wave ? gaps.base.wave
                                                          : mg_tr(request->ctx.lang, "all waves"),
                                   .filters = filtered ? query->filter : NULL,
                                   .weight = gaps.base.weight,
                                   .lang = request->ctx.lang};
    if (csv)
        put_gaps_csv(request, &report, &head);
    else
        rc = put_gaps_book(request, &report, &head, error);
    return rc ? rc : mg_reply_attachment(request, report.study, csv ? "-gaps.csv" : "-gaps.xlsx", error);
}

int mg_api_get_drivers(struct mg_request *request, const char *id,
                       const struct mg_wire_get_drivers_query *query, struct mg_wire_driver_report *ret,
                       struct mg_error *error)
{
    struct mg_driver_request drivers = {
        .outcome = query->outcome,
        .level =
            query->level == MG_WIRE_GET_DRIVERS_QUERY_LEVEL_DIMENSION ? MG_DRIVER_DIMENSION : MG_DRIVER_ITEM,
        .cut_scale_middle = query->cut == MG_WIRE_GET_DRIVERS_QUERY_CUT_SCALE_MIDDLE,
        .leave_out_rare = query->rare == MG_WIRE_GET_DRIVERS_QUERY_RARE_LEAVE_OUT,
    };
    int rc = open_study(request, id, query->wave, query->filter, &drivers.base, error);
    if (rc)
        return rc;
    return mg_measure_drivers(&request->ctx, &drivers, ret, error);
}

int mg_api_get_nonresponse(struct mg_request *request, const char *id,
                           const struct mg_wire_get_nonresponse_query *query, struct mg_wire_nonresponse *ret,
                           struct mg_error *error)
{
    struct mg_measure_request base;
    int rc = open_study(request, id, query->wave, query->filter, &base, error);
    return rc ? rc : mg_measure_nonresponse(&request->ctx, &base, ret, error);
}

int mg_api_get_distribution(struct mg_request *request, const char *id, const char *code,
                            const struct mg_wire_get_distribution_query *query,
                            struct mg_wire_distribution *ret, struct mg_error *error)
{
    struct mg_measure_request base;
    int rc = open_study(request, id, query->wave, query->filter, &base, error);
    if (rc)
        return rc;
    return mg_measure_distribution(&request->ctx, &base, code, ret, error);
}

int mg_api_get_facets(struct mg_request *request, const char *id,
                      const struct mg_wire_get_facets_query *query, struct mg_wire_facets *ret,
                      struct mg_error *error)
{
    struct mg_measure_request base;
    int rc = open_study(request, id, query->wave, NULL, &base, error);
    if (rc)
        return rc;
    return mg_measure_facets(&request->ctx, &base, ret, error);
}
