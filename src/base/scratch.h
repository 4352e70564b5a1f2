/* Files that are of use to this process only: copies that it unpacks, drafts of what it writes. They may hold
 * what customers said, so a signal that ends the program doesn't leave them behind. (kill -9 does; a server
 * sweeps its own.) Any thread may call. */
#ifndef MG_BASE_SCRATCH_H
#define MG_BASE_SCRATCH_H

/* Files known at a time; more are made all the same, and stay where a signal ends the program. */
#define MG_SCRATCH_MAX 32

/* mkostemp: makes the file from a template that ends in XXXXXX; its descriptor, or −1 and errno. */
int mg_scratch_make(char *path);
/* Removes it. */
void mg_scratch_remove(const char *path);
/* It has become something else: it stays, or has another name. */
void mg_scratch_forget(const char *path);
/* From now on SIGHUP, SIGINT, SIGTERM and a pipe that nobody reads remove what is there before they end the
 * program, unless it was started with them ignored. For the start of a program. */
void mg_scratch_guard(void);

#endif
