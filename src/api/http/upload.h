/* The body of an upload goes to a file in the data folder as it comes. All of it in pool threads.
 *
 * So that strangers can't fill the disk, nor one organisation the disk of all: an organisation has
 * MG_UPLOADS_PER_ORG on their way and keeps so many (service/listen/upload.h), and of the disk a twentieth, 1
 * GiB at most, is left to the record. */
#ifndef MG_API_HTTP_UPLOAD_H
#define MG_API_HTTP_UPLOAD_H

#include "api/http/request.h"

#define MG_UPLOADS_AT_ONCE 64
#define MG_UPLOADS_PER_ORG 16

/* Which uploads are on their way. NULL when memory is out. */
struct mg_uploads *mg_uploads_new(void);
void mg_uploads_free(struct mg_uploads *uploads);

/* Who is it, and may they? Is there room for it? Then makes the file; nothing when there is one. */
MG_CHECKED int mg_upload_open(struct mg_request *request, struct mg_error *error);
/* Writes what is in `body` and empties it. An error is kept in upload_errno. */
void mg_upload_write(struct mg_request *request);
/* The rest, and closes the file. */
MG_CHECKED int mg_upload_finish(struct mg_request *request, struct mg_error *error);
/* Closes; removes the file unless a service took it (upload_path set to NULL). */
void mg_upload_end(struct mg_request *request);

#endif
