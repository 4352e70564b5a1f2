/* One line a record, written with a single fwrite so that threads don't interleave. */
#include "base/log.h"

#include <stdarg.h>

#include "base/buf.h"
#include "base/json.h"

void mg_log_write(const struct mg_log *log, enum mg_log_level level, const char *event, const char *format,
                  ...)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    if (!log || !log->stream || level < log->level || level >= MG_LOG_OFF)
        return;
    char text[1024], when[32];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    mg_time_format(mg_now(&log->clock), when);

    struct mg_buf line;
    mg_buf_init(&line, 8192);
    struct mg_json_writer out = mg_json_writer(&line);
    mg_json_open(&out, '{');
    mg_json_key_string(&out, "at", when);
    mg_json_key_string(&out, "level", names[level]);
    mg_json_key_string(&out, "event", event);
    mg_json_key_string(&out, "message", text);
    mg_json_close(&out, '}');
    mg_buf_putc(&line, '\n');
    if (!line.failed) {
        fwrite(line.data, 1, line.len, log->stream);
        fflush(log->stream);
    }
    mg_buf_done(&line);
}
