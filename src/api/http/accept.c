/* A list of "coding [ OWS ; OWS q=weight ]"; white space may stand around everything. */
#include "api/http/accept.h"

#include <string.h>
#include <strings.h>

static const char *skip_space(const char *p)
{
    return p + strspn(p, " \t");
}

/* "q=0", "q=0.000": the weight is 0. `p` stands behind the coding's name. */
static bool is_refused(const char *p)
{
    p = skip_space(p);
    if (*p != ';')
        return false;
    p = skip_space(p + 1);
    if (strncasecmp(p, "q=", 2) != 0)
        return false;
    p = skip_space(p + 2);
    return p[0] == '0' && strspn(p, "0.") == strcspn(p, ", \t;");
}

bool mg_accepts(const char *header, const char *coding)
{
    size_t n = strlen(coding);
    bool any = false;
    while (header && *header) {
        header += strspn(header, ", \t");
        size_t length = strcspn(header, ";, \t");
        if (length == n && strncasecmp(header, coding, n) == 0)
            return !is_refused(header + length);
        if (length == 1 && *header == '*')
            any = !is_refused(header + length);
        header += strcspn(header, ",");
    }
    return any;
}
