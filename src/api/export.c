/* Files as answers; see export.h. */
#include "api/export.h"

#include <string.h>

#include "base/file.h"
#include "base/percent.h"
#include "service/listen/upload.h"

#define LOSSES_BYTES_MAX ((size_t)4096) /* of a header: as many sentences as fit */

const char *mg_reply_path(struct mg_request *request, struct mg_error *error)
{
    const char *folder = mg_listen_upload_path(&request->ctx, "");
    const char *path =
        folder ? mg_arena_printf(request->ctx.arena, "%s/mindgap-answer-%s", folder, request->id) : NULL;
    if (!path)
        mg_fail_memory(error);
    return path && mg_dir_create(folder, error) == 0 ? path : NULL;
}

int mg_reply_attachment(struct mg_request *request, const char *name, const char *ending,
                        struct mg_error *error)
{
    struct mg_arena *arena = request->ctx.arena;
    const char *encoded = mg_percent_encode(arena, name);
    const char *value =
        encoded ? mg_arena_printf(arena, "attachment; filename*=UTF-8''%s%s", encoded, ending) : NULL;
    if (!value)
        return mg_fail_memory(error);
    mg_reply_header(request, "Content-Disposition", value);
    return 0;
}

/* The sentences in the request's language; NULL: there are none, or no memory for them. */
static const char *losses_of(const struct mg_request *request, const struct mg_out_report *report)
{
    struct mg_arena *arena = request->ctx.arena;
    const char *all = NULL;
    for (size_t i = 0; i < report->n_losses; i++) {
        const char *one = mg_percent_encode(arena, mg_text_in(&report->losses[i], request->ctx.lang, ""));
        const char *more = !one ? NULL : all ? mg_arena_printf(arena, "%s,%s", all, one) : one;
        if (!more || strlen(more) > LOSSES_BYTES_MAX)
            break;
        all = more;
    }
    return all;
}

int mg_reply_export(struct mg_request *request, const char *path, enum mg_out_format format, const char *name,
                    const struct mg_out_report *report, struct mg_error *error)
{
    const char *rows = mg_arena_printf(request->ctx.arena, "%lld", (long long)report->rows);
    const char *losses = losses_of(request, report);
    int rc = mg_reply_file(request, path, mg_out_media(format), error);
    if (rc == 0)
        rc = rows ? mg_reply_attachment(request, name, mg_out_ending(format), error) : mg_fail_memory(error);
    if (rc)
        return rc;
    mg_reply_header(request, "Mindgap-Rows", rows);
    if (losses)
        mg_reply_header(request, "Mindgap-Losses", losses);
    return 0;
}
