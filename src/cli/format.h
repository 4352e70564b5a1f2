/* Numbers and texts as people read them: true minus sign, fixed decimals, padding by terminal columns. */
#ifndef MG_CLI_FORMAT_H
#define MG_CLI_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "wire/wire.gen.h"

#define MG_NUMBER_BYTES 48

/* "−1.10"; "+0.28" with `plus`; "" when not finite. A value that rounds to 0 has no sign. */
void mg_format_number(double value, int decimals, bool plus, char ret_text[MG_NUMBER_BYTES]);
/* "12 406" with narrow spaces. */
void mg_format_count(int64_t value, char ret_text[MG_NUMBER_BYTES]);
/* "0.032", "<0.001"; "" when not finite. */
void mg_format_p(double p, char ret_text[MG_NUMBER_BYTES]);

enum mg_align { MG_ALIGN_LEFT, MG_ALIGN_RIGHT };

/* Adds `text` in exactly `columns` terminal columns: cut with … or padded. */
void mg_format_pad(struct mg_buf *out, const char *text, int columns, enum mg_align align);

/* The text in `lang`; never NULL. */
const char *mg_format_label(const struct mg_wire_text *text, enum mg_lang lang);

#endif
