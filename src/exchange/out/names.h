/* Names that other programs take: short ones for SPSS, Stata's own for Stata. A name that is fine stays; the
 * others are made of what they have that is allowed, or are v<number of the column>; no two are alike. */
#ifndef MG_EXCHANGE_OUT_NAMES_H
#define MG_EXCHANGE_OUT_NAMES_H

#include "base/arena.h"
#include "base/err.h"
#include "exchange/out/out.h"

#define MG_OUT_SAV_NAME 8  /* ASCII characters */
#define MG_OUT_SAV_STEM 5  /* of which the names of a long text's parts are made */
#define MG_OUT_DTA_NAME 32 /* characters */

/* `split`: columns whose texts are so long that SPSS keeps them in parts, which the library names by the
 * first letters: no other name begins like theirs. Unique in any case of letters. */
MG_CHECKED int mg_out_names_sav(struct mg_arena *arena, const struct mg_out_column *columns,
                                const bool *split, size_t n, const char ***ret_names, struct mg_error *error);
MG_CHECKED int mg_out_names_dta(struct mg_arena *arena, const struct mg_out_column *columns, size_t n,
                                const char ***ret_names, struct mg_error *error);

#endif
