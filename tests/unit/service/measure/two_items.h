/* A study of two items, and answers to it. */
#ifndef TEST_MEASURE_TWO_ITEMS_H
#define TEST_MEASURE_TWO_ITEMS_H

#include "service/measure/fixture.h"

/* The answers to item 1 differ by −1, −2, 0, −1, −1: mean −1, variance 2/4, standard error √(0.5/5). */
#define HEAD "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},\"missing\":{\"codes\":[99]},"
#define ITEM_1 "{\"code\":\"1\",\"label\":{\"en\":\"Repair\"},\"expectation\":\"E1\",\"perception\":\"P1\"}"
#define ITEM_2 "{\"code\":\"2\",\"label\":{\"en\":\"Bills\"},\"expectation\":\"E2\",\"perception\":\"P2\"}"
#define TAIL "\"groups\":[{\"column\":\"g\"}],\"wave\":\"w\"}"

static const char two_items[] = HEAD "\"items\":[" ITEM_1 "," ITEM_2 "]," TAIL;
static const char by_hand[] =
    "w,g,E1,P1,E2,P2\n1,a,6,5,5,5\n1,a,7,5,6,6\n1,a,5,5,7,6\n1,a,6,5,5,6\n1,b,7,6,6,5\n";

#endif
