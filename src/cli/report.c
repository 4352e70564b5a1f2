/* What a command says of a file that it wrote; see report.h. */
#include "cli/report.h"

#include <stdarg.h>

#include "base/format.h"

#define LINE_BYTES 4600

__attribute__((format(printf, 2, 3))) static void say(const struct mg_cli *cli, const char *format, ...)
{
    char line[LINE_BYTES];
    va_list args;
    va_start(args, format);
    mg_tr_format(line, sizeof line, cli->lang, format, args);
    va_end(args);
    mg_format_counts(line);
    fprintf(cli->err, "%s\n", line);
}

void mg_cli_say_written(const struct mg_cli *cli, const struct mg_out_report *report, const char *path)
{
    for (size_t i = 0; i < report->n_losses; i++)
        fprintf(cli->err, "%s\n", mg_text_in(&report->losses[i], cli->lang, ""));
    say(cli, MG_TEXT("%lld ‹row|rows› written to %s."), (long long)report->rows, path);
}
