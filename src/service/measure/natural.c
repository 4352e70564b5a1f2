/* Natural order: runs of digits compare by value, the rest by bytes; "W2" < "W10", "2025-9" < "2025-10". */
#include <ctype.h>
#include <string.h>

#include "service/measure/measure.h"

static size_t digits(const char *text)
{
    size_t n = 0;
    while (isdigit((unsigned char)text[n]))
        n++;
    return n;
}

static int compare_digits(const char **a, const char **b)
{
    while (**a == '0' && isdigit((unsigned char)(*a)[1]))
        (*a)++;
    while (**b == '0' && isdigit((unsigned char)(*b)[1]))
        (*b)++;
    size_t n = digits(*a), m = digits(*b);
    if (n != m)
        return n < m ? -1 : 1;
    int order = strncmp(*a, *b, n);
    *a += n;
    *b += m;
    return order;
}

int mg_measure_natural_order(const char *a, const char *b)
{
    if (!a || !b)
        return (a != NULL) - (b != NULL); /* missing first */
    const char *whole_a = a, *whole_b = b;
    while (*a && *b) {
        if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
            int order = compare_digits(&a, &b);
            if (order)
                return order;
        } else if (*a != *b) {
            return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
        } else {
            a++;
            b++;
        }
    }
    if (*a || *b)
        return *a ? 1 : -1;
    return strcmp(whole_a, whole_b); /* "07" and "7" are different texts */
}
