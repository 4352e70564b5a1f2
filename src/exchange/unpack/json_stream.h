/* The records of a file of JSON, one after another, whichever way they are laid out. */
#ifndef MG_EXCHANGE_UNPACK_JSON_STREAM_H
#define MG_EXCHANGE_UNPACK_JSON_STREAM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/stop.h"

#define MG_JSON_RECORDS_HINT                                                                                 \
    MG_TEXT("Write a list of objects, one a row: to_json(orient=\"records\") in pandas, toJSON() in R.")

enum mg_json_layout {
    MG_JSON_LINES,    /* an object a line: what is wrong with one leaves the others whole */
    MG_JSON_SEQUENCE, /* objects over several lines, one after another */
    MG_JSON_LIST,     /* [{…}, {…}] */
    MG_JSON_WRAPPED,  /* {"responses": [{…}, {…}], …}, and {"data": {"responses": […]}} */
    MG_JSON_COLUMNS,  /* {"a": [1, 2], "b": [3, 4]}: no records, refused */
};

struct mg_json_stream {
    const char *name;
    enum mg_json_layout layout;
    struct mg_buf list;   /* of a wrapped one: the list's name, with those around it */
    size_t n_lists;       /* how many there are */
    struct mg_buf record; /* the last one's text */
    int64_t record_line;  /* on which it begins, from 1 */
    FILE *file;
    struct mg_stop *stop;
    char *window;
    size_t at, filled;
    int64_t line; /* of `at` */
    bool inside;  /* the list was entered */
    unsigned looks;
};

/* Opens the file and finds out its layout. mg_json_stream_close is fine after a failure. */
MG_CHECKED int mg_json_stream_open(struct mg_json_stream *stream, const char *path, const char *name,
                                   struct mg_stop *stop, struct mg_error *error);
void mg_json_stream_close(struct mg_json_stream *stream);
void mg_json_stream_rewind(struct mg_json_stream *stream);

/* 1: a record, or what stands in its place; 0: the end; negative: an error that names the line (a record
 * above MG_JSON_RECORD_MAX, a list that breaks off). */
MG_CHECKED int mg_json_stream_next(struct mg_json_stream *stream, struct mg_error *error);

#endif
