/* What a proposal makes of the columns of a file, for the terminal: a line a pair or column with scale, how
 * sure it is, why, and what else it could be; then the warnings. */
#ifndef MG_CLI_ROLES_H
#define MG_CLI_ROLES_H

#include "base/buf.h"
#include "service/record/propose.h"

/* All but the columns that are left out without a word. */
void mg_cli_put_roles(enum mg_lang lang, const struct mg_source_info *info,
                      const struct mg_proposal *proposal, struct mg_buf *out);

#endif
