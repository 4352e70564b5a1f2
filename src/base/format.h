/* Numbers as people read them: true minus sign, fixed decimals, narrow spaces between thousands. */
#ifndef MG_BASE_FORMAT_H
#define MG_BASE_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

#define MG_NUMBER_BYTES 48

/* "−1.10"; "+0.28" with `plus`; "" when not finite. A value that rounds to 0 has no sign. */
void mg_format_number(double value, int decimals, bool plus, char ret_text[MG_NUMBER_BYTES]);
/* "12 406" with narrow spaces. */
void mg_format_count(int64_t value, char ret_text[MG_NUMBER_BYTES]);
/* English after a number: "1 ‹row has|rows have›" becomes "1 row has", "2 ‹…|…›" "2 rows have". In place;
 * what doesn't follow a number stays. */
void mg_format_counts(char *text);
/* "0.032", "<0.001"; "" when not finite. */
void mg_format_p(double p, char ret_text[MG_NUMBER_BYTES]);

#endif
