/* Which way answers count whose words we know (model/labels.h): "1 - Very satisfied … 5 - Very dissatisfied"
 * runs down, its lowest number is the best answer.
 *
 * Evidence are value labels, words beside a number in the cells, and the question's own key ("1 = very
 * satisfied, 5 = very dissatisfied"). Words that are the cells themselves got their numbers from us and say
 * nothing. Two words at least have to stand on one ladder of words; what runs both ways is open. Pure; looks
 * at the first 10 000 labels and 800 bytes of a question. */
#ifndef MG_COLUMN_DIRECTION_H
#define MG_COLUMN_DIRECTION_H

#include "column/file.h"

enum mg_direction { MG_DIRECTION_OPEN, MG_DIRECTION_UP, MG_DIRECTION_DOWN };

enum mg_direction mg_column_direction(const struct mg_column_info *info);

#endif
