/* Text encodings of files: finding out which one it is, and turning it into UTF-8. What reads a whole file
 * ends when `stop` says so. */
#ifndef MG_EXCHANGE_ENCODING_H
#define MG_EXCHANGE_ENCODING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/stop.h"

struct mg_encoding {
    const char *name; /* ICU's and everybody's: "UTF-8", "UTF-16LE", "GB18030", …; static text */
    size_t bom;       /* bytes of byte order mark to skip */
    bool plain;       /* the bytes are valid UTF-8 as they stand: nothing to convert */
    int64_t zeros; /* NUL bytes in text that has no place for them: left out; 0: none, or too many for text */
};

/* More NUL bytes than one in so many, and the file is no text; a file that is valid UTF-8 may have more.
 * Programs that cut a file short or write it over a longer one leave some. */
#define MG_ENCODING_ZEROS_SHARE 50
#define MG_ENCODING_ZEROS_SHARE_UTF8 4

/* Reads the whole file. A byte order mark decides; else valid UTF-8 is UTF-8; else UTF-16 by where its zero
 * bytes stand; else the double-byte encoding (GB18030, Big5, Shift_JIS, EUC-KR, EUC-JP) whose everyday
 * characters, and the letters that its language uses most, fit best; else the
 * Latin, Cyrillic, … set that ICU's detector names; else windows-1252. Text that is nearly all good UTF-8 is
 * called UTF-8: its bad bytes are then an error of the conversion, with their line. A few NUL bytes aren't
 * taken for text; the conversion leaves them out. */
MG_CHECKED int mg_encoding_detect(const char *path, const char *name, struct mg_stop *stop,
                                  struct mg_encoding *ret_encoding, struct mg_error *error);

/* Checks a name the user gave. */
MG_CHECKED int mg_encoding_named(const char *encoding, struct mg_encoding *ret_encoding,
                                 struct mg_error *error);

/* Streams `from` into the new file `to` as UTF-8 without byte order mark. Malformed bytes are an error naming
 * the line. Stops with MG_E_LIMIT beyond max_bytes of output. */
MG_CHECKED int mg_encoding_convert(const char *from, const char *name, struct mg_encoding encoding,
                                   const char *to, int64_t max_bytes, struct mg_stop *stop,
                                   struct mg_error *error);

#endif
