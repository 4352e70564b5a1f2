/* What is in columns, gathered value by value in one pass: how many, of which type, their range, how many
 * different ones and the most frequent.
 *
 * Text has no type of its own: a column of text is a number when every present value reads as one, "NA" and
 * the like aside (they count as missing then, as they do in every analysis); times and booleans likewise.
 *
 * Different values are counted exactly up to a bound of each column's table (below), beyond it estimated by
 * adaptive sampling (Flajolet, Computing 43, 1990) with a standard error of 1.2/√bound. The most frequent
 * values are those among the first MG_PROFILE_FIRST: exactly where these hold at most MG_PROFILE_SLOTS
 * different ones, else by Misra and Gries (1982) beside the first twelve.
 *
 * Memory: one profile of n columns holds at most 64 MiB for n ≤ MG_COLUMN_COLUMNS_MAX, whatever the values:
 * tables of different values share 32 MiB (bound: 131,072 values a column up to 16 columns, 8,192 for 200,
 * 512 for 4,096), each column has some 1 KB beside, and 4 KB where its values are longer than seven bytes. */
#ifndef MG_COLUMN_PROFILE_H
#define MG_COLUMN_PROFILE_H

#include "column/file.h"

#define MG_PROFILE_SLOTS 32
#define MG_PROFILE_FIRST 100000
#define MG_PROFILE_SAMPLES 12

struct mg_profile;

struct mg_profile *mg_profile_new(size_t n_columns); /* NULL when memory is out */
void mg_profile_free(struct mg_profile *profile);    /* NULL is fine */

/* One value of column c. All values of a column come through the same one of these; a missing value may come
 * beside. */
void mg_profile_text(struct mg_profile *profile, size_t c, const char *text, size_t n);
void mg_profile_integer(struct mg_profile *profile, size_t c, int64_t value);
void mg_profile_number(struct mg_profile *profile, size_t c, double value);
void mg_profile_missing(struct mg_profile *profile, size_t c);

/* What was found in column c; `type` is the column's own, MG_TYPE_TEXT: what the values speak for. `name` is
 * borrowed. MG_E_NO_MEMORY also when memory ran out while values came. */
MG_CHECKED int mg_profile_finish(const struct mg_profile *profile, size_t c, struct mg_arena *arena,
                                 const char *name, enum mg_column_type type, struct mg_column_info *ret_info,
                                 struct mg_error *error);

#endif
