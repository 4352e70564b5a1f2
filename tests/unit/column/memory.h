/* Peak memory of this program, for tests of what reading may take. */
#ifndef MG_TESTS_COLUMN_MEMORY_H
#define MG_TESTS_COLUMN_MEMORY_H

#include <stdio.h>
#include <string.h>

/* Sanitizers keep memory of their own: with them peaks say nothing of ours. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MEMORY_IS_OURS 0
#else
#define MEMORY_IS_OURS 1
#endif

/* Forgets earlier peaks. */
static inline void forget_peak(void)
{
    FILE *file = fopen("/proc/self/clear_refs", "w");
    if (file) {
        fputs("5", file);
        fclose(file);
    }
}

/* MiB of resident memory at most since then (VmHWM). */
static inline long peak_mb(void)
{
    char line[128];
    long kb = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "VmHWM: %ld", &kb) == 1)
            break;
    if (file)
        fclose(file);
    return kb / 1024;
}

#endif
