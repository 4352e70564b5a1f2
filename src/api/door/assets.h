/* Files embedded in the binary, made by tools/gen/assets.py. */
#ifndef MG_API_DOOR_ASSETS_H
#define MG_API_DOOR_ASSETS_H

#include <stdbool.h>
#include <stddef.h>

enum mg_asset_form { MG_ASSET_PLAIN, MG_ASSET_GZIP, MG_ASSET_BROTLI, MG_ASSET_FORMS };

struct mg_asset {
    const char *path, *type;
    const char *etag; /* quoted */
    struct {
        size_t at, size; /* in mg_assets_bytes; size 0: not in this form */
    } forms[MG_ASSET_FORMS];
    bool immutable; /* its name changes with its content */
};

/* Sorted by path. */
extern const struct mg_asset mg_assets[];
extern const size_t mg_assets_count;
extern const unsigned char mg_assets_bytes[];

#endif
