/* See said.h. */
#include "base/said.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"

static bool is_of_library(const char *bytes, size_t n)
{
    static const char *const marks[] = {"[ERROR]", "[WARNING]"};
    for (size_t i = 0; i < ARRAY_LEN(marks); i++)
        if (n > strlen(marks[i]) && memcmp(bytes, marks[i], strlen(marks[i])) == 0)
            return true;
    return false;
}

/* Unbuffered streams hand over what one call printed in one piece. */
static ssize_t pass(void *cookie, const char *bytes, size_t n)
{
    (void)cookie;
    size_t done = is_of_library(bytes, n) ? n : 0;
    while (done < n) {
        ssize_t wrote = write(STDERR_FILENO, bytes + done, n - done);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return 0;
        done += (size_t)wrote;
    }
    return (ssize_t)n;
}

void mg_said_filter(void)
{
    FILE *stream = fopencookie(NULL, "w", (cookie_io_functions_t){.write = pass});
    if (!stream)
        return;
    setvbuf(stream, NULL, _IONBF, 0);
    stderr = stream;
}
