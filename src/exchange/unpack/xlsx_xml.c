/* XML of a workbook by expat; see xlsx_xml.h. */
#include "exchange/unpack/xlsx_xml.h"

#include <expat.h>
#include <string.h>

struct reading {
    const struct mg_xlsx_handler *handler;
    const struct mg_zip *zip;
    XML_Parser parser;
    unsigned depth;
    int rc;
    struct mg_error *error;
};

int mg_xlsx_fail(const struct mg_zip *zip, struct mg_error *error)
{
    mg_fail(error, MG_E_INVALID, "%s is a damaged Excel file.", zip->name);
    mg_fail_hint(error, "Open it in Excel or LibreOffice and save it again as .xlsx.");
    return MG_E_INVALID;
}

const char *mg_xlsx_local(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

const char *mg_xlsx_attribute(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (strcmp(mg_xlsx_local(*attributes), name) == 0)
            return attributes[1];
    return NULL;
}

static void stop_with(struct reading *r, int rc)
{
    if (!rc || r->rc)
        return;
    r->rc = rc;
    XML_StopParser(r->parser, XML_FALSE);
}

static void on_start(void *user, const char *name, const char **attributes)
{
    struct reading *r = user;
    if (r->rc)
        return;
    if (++r->depth > MG_XML_DEPTH_MAX)
        stop_with(r, mg_xlsx_fail(r->zip, r->error));
    else
        stop_with(r, r->handler->start(r->handler->user, mg_xlsx_local(name), attributes, r->error));
}

static void on_end(void *user, const char *name)
{
    struct reading *r = user;
    if (r->rc)
        return;
    r->depth--;
    stop_with(r, r->handler->end(r->handler->user, mg_xlsx_local(name), r->error));
}

static void on_text(void *user, const char *text, int n)
{
    struct reading *r = user;
    if (!r->rc)
        stop_with(r, r->handler->text(r->handler->user, text, (size_t)n, r->error));
}

static void on_document_type(void *user, const char *name, const char *system, const char *public, int inside)
{
    struct reading *r = user;
    (void)name, (void)system, (void)public, (void)inside;
    stop_with(r, mg_xlsx_fail(r->zip, r->error));
}

static int parse_chunk(struct reading *r, struct mg_zip_entry *entry, bool *ret_more, struct mg_error *error)
{
    size_t n;
    char *chunk = XML_GetBuffer(r->parser, (int)MG_ZIP_CHUNK);
    if (!chunk)
        return mg_fail_memory(error);
    int rc = mg_zip_entry_read(entry, chunk, MG_ZIP_CHUNK, &n, error);
    if (rc)
        return rc;
    *ret_more = n > 0;
    bool parsed = XML_ParseBuffer(r->parser, (int)n, n == 0) == XML_STATUS_OK;
    if (r->rc)
        return r->rc;
    if (!parsed && XML_GetErrorCode(r->parser) == XML_ERROR_NO_MEMORY)
        return mg_fail_memory(error);
    XML_Index behind = (XML_Index)entry->read - XML_GetCurrentByteIndex(r->parser);
    return parsed && (!*ret_more || behind <= (XML_Index)MG_XML_TAG_MAX) ? 0 : mg_xlsx_fail(r->zip, error);
}

int mg_xlsx_read(const struct mg_zip *zip, int64_t entry, const struct mg_xlsx_handler *handler,
                 struct mg_stop *stop, struct mg_error *error)
{
    struct mg_zip_entry in;
    struct reading r = {.handler = handler, .zip = zip, .error = error};
    int rc = mg_zip_entry_open(&in, zip, entry, error);
    r.parser = rc ? NULL : XML_ParserCreate(NULL);
    if (!rc && !r.parser)
        rc = mg_fail_memory(error);
    if (!rc) {
        XML_SetUserData(r.parser, &r);
        XML_SetElementHandler(r.parser, on_start, on_end);
        XML_SetCharacterDataHandler(r.parser, handler->text ? on_text : NULL);
        XML_SetStartDoctypeDeclHandler(r.parser, on_document_type);
    }
    for (bool more = true; more && !rc;) {
        rc = parse_chunk(&r, &in, &more, error);
        if (!rc)
            rc = mg_stop_check(stop, error);
    }
    if (r.parser)
        XML_ParserFree(r.parser);
    mg_zip_entry_close(&in);
    return rc;
}
