/* Where a file goes; see target.h. */
#include "exchange/out/target.h"

static int choose(const char *path, const char *format, enum mg_out_format *ret_format,
                  struct mg_error *error)
{
    if (!format)
        return mg_out_by_ending(path, ret_format, error);
    if (mg_out_by_name(format, ret_format))
        return 0;
    return mg_fail(error, MG_E_UNSUPPORTED, "There is no format “%.40s” to write.", format);
}

int mg_out_target_open(const char *path, const char *format, const char *const *sources, size_t n,
                       struct mg_out_target *ret_target, struct mg_error *error)
{
    int rc = choose(path, format, &ret_target->format, error);
    for (size_t i = 0; i < n && rc == 0; i++)
        rc = mg_file_keep_apart(sources[i], path, error);
    return rc ? rc : mg_file_draft_open(path, "/tmp", &ret_target->draft, error);
}

int mg_out_target_close(const struct mg_out_target *target, int rc, struct mg_error *error)
{
    if (rc == 0)
        return mg_file_draft_keep(&target->draft, error);
    mg_file_draft_drop(&target->draft);
    return rc;
}
