/* The log: one JSON object a line, to a stream of the caller's. Never write personal data, answers,
 * passwords, tokens or request bodies to it: ids, counts, durations and error texts of our own only. Safe
 * from any thread. */
#ifndef MG_BASE_LOG_H
#define MG_BASE_LOG_H

#include <stdio.h>

#include "base/clock.h"

enum mg_log_level { MG_LOG_DEBUG, MG_LOG_INFO, MG_LOG_WARN, MG_LOG_ERROR, MG_LOG_OFF };

struct mg_log {
    FILE *stream; /* borrowed; NULL writes nothing */
    enum mg_log_level level;
    struct mg_clock clock;
};

/* `event` is a fixed name ("import.done"); the formatted text goes to "message". */
void mg_log_write(const struct mg_log *log, enum mg_log_level level, const char *event, const char *format,
                  ...) __attribute__((format(printf, 4, 5)));

#endif
