/* The record in one SQLite file: a writer thread with group commit and a pool of readers. */
#ifndef MG_STORE_SQLITE_SQLITE_H
#define MG_STORE_SQLITE_SQLITE_H

#include "store/store.h"

#define MG_STORE_SQLITE_FILE "record.sqlite"

extern const struct mg_store_engine mg_store_sqlite;

#endif
