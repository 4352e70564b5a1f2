/* What the writer and the reader of chunks share; see chunk.h. */
#ifndef MG_SERVICE_RECORD_CHUNK_FORMAT_H
#define MG_SERVICE_RECORD_CHUNK_FORMAT_H

#define HEAD_MARK "MH\x01" /* the last byte is the version */
#define DATA_MARK "MD\x01"
#define MARK_BYTES 3

enum { TIMES_NONE, TIMES_SECONDS, TIMES_WHOLE };
enum { COLUMN_NUMBERS = 1, COLUMN_TEXTS = 2 };
enum { NUMBERS_BYTES = 1, NUMBERS_PLANES = 2 };

#define NO_NUMBER UINT64_C(0x7FF8000000000000) /* in planes; a NAN is no answer */
#define CUSTOMER_BYTES 16
#define ULID_LETTERS "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

#endif
