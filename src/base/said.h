/* What goes to the program's stderr: its own words, not those of a library for sheets that prints what it
 * also returns, with paths of ours in it. */
#ifndef MG_BASE_SAID_H
#define MG_BASE_SAID_H

/* From now on `stderr` is a stream that drops lines of that library ("[ERROR] …", "[WARNING] …") and writes
 * all else to descriptor 2 as it comes. Before any thread is started, once; where memory is out, nothing
 * changes. */
void mg_said_filter(void);

#endif
