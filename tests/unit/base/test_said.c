/* The program's own words go to stderr as they come; those of the library for sheets don't. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/said.h"

static void only_our_words_are_said(void **state)
{
    (void)state;
    char name[] = "/tmp/mg-said-XXXXXX", said[20000] = "";
    static char line[9000];
    int file = mkstemp(name), kept = dup(STDERR_FILENO);
    assert_true(file >= 0 && kept >= 0);
    memset(line, 'x', sizeof line - 1);
    dup2(file, STDERR_FILENO);
    mg_said_filter();
    fprintf(stderr, "%s: %d rows\n", "mindgap", 3);
    fprintf(
        stderr,
        "[ERROR] workbook_close(): Zip ZIP_ERRNO error while creating xlsx file '%s'. System error = %s\n",
        "a.xlsx", "x");
    fprintf(stderr,
            "[WARNING]: "
            "worksheet_write_string(): %s\n",
            "x");
    fputs("[note] stays\n", stderr);
    fprintf(stderr, "%s\n", line);
    dup2(kept, STDERR_FILENO);
    ssize_t n = pread(file, said, sizeof said - 1, 0);
    static const char first[] = "mindgap: 3 rows\n[note] stays\n";
    assert_int_equal(n, (ssize_t)(sizeof first - 1 + sizeof line));
    assert_memory_equal(said, first, sizeof first - 1);
    close(file);
    close(kept);
    unlink(name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(only_our_words_are_said)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
