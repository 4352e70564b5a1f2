/* Texts as a terminal shows them: padding by columns, labels in the language chosen. */
#ifndef MG_CLI_FORMAT_H
#define MG_CLI_FORMAT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/format.h"
#include "wire/wire.gen.h"

enum mg_align { MG_ALIGN_LEFT, MG_ALIGN_RIGHT };

/* Adds `text` in exactly `columns` terminal columns: cut with … or padded. */
void mg_format_pad(struct mg_buf *out, const char *text, int columns, enum mg_align align);

/* The text in `lang`; never NULL. */
const char *mg_format_label(const struct mg_wire_text *text, enum mg_lang lang);

#endif
