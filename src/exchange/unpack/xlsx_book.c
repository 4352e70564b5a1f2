/* Workbook, relations and styles; see xlsx_book.h. Kinds of relations are told by how they end, as the strict
 * and the transitional standard begin them differently. */
#include "exchange/unpack/xlsx_book.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"

#define FORMATS_MAX 65536

/* --- relations --- */

struct relations {
    struct mg_xlsx_book *book;
    const char *of; /* the part whose they are */
};

/* The name in the archive of what a part names: from the root ("/xl/…"), or beside the part. NULL: memory. */
static const char *resolve(const struct mg_xlsx_book *book, const char *of, const char *target)
{
    if (*target == '/')
        return mg_arena_strdup(book->arena, target + 1);
    const char *slash = strrchr(of, '/');
    int folder = slash ? (int)(slash - of) + 1 : 0;
    while (mg_str_starts(target, "./") || (mg_str_starts(target, "../") && folder > 0)) {
        bool up = target[1] == '.';
        target += up ? 3 : 2;
        folder -= up;
        while (up && folder > 0 && of[folder - 1] != '/')
            folder--;
    }
    return mg_arena_printf(book->arena, "%.*s%s", folder, of, target);
}

/* A relation of the workbook: leads to a sheet, the strings or the styles. */
static int take_relation(struct relations *relations, const char *type, const char *id, const char *target,
                         struct mg_error *error)
{
    struct mg_xlsx_book *book = relations->book;
    const char *part = resolve(book, relations->of, target);
    if (!part)
        return mg_fail_memory(error);
    if (!book->part && mg_str_ends(type, "/officeDocument"))
        book->part = part;
    else if (mg_str_ends(type, "/sharedStrings"))
        book->strings = mg_zip_find(book->zip, part);
    else if (mg_str_ends(type, "/styles"))
        book->styles = mg_zip_find(book->zip, part);
    else if (mg_str_ends(type, "/worksheet"))
        for (size_t i = 0; i < book->n_sheets; i++)
            if (strcmp(book->sheets[i].id, id) == 0)
                book->sheets[i].entry = mg_zip_find(book->zip, part);
    return 0;
}

static int start_relation(void *user, const char *name, const char **attributes, struct mg_error *error)
{
    const char *type = mg_xlsx_attribute(attributes, "Type"), *id = mg_xlsx_attribute(attributes, "Id"),
               *target = mg_xlsx_attribute(attributes, "Target");
    bool whole = strcmp(name, "Relationship") == 0 && type && id && target;
    return whole ? take_relation(user, type, id, target, error) : 0;
}

static int end_nothing(void *user, const char *name, struct mg_error *error)
{
    (void)user, (void)name, (void)error;
    return 0;
}

/* "xl/workbook.xml" has its relations in "xl/_rels/workbook.xml.rels". */
static int read_relations(struct mg_xlsx_book *book, const char *of, struct mg_stop *stop,
                          struct mg_error *error)
{
    struct relations relations = {book, of};
    struct mg_xlsx_handler handler = {.start = start_relation, .end = end_nothing, .user = &relations};
    const char *slash = strrchr(of, '/');
    int folder = slash ? (int)(slash - of) + 1 : 0;
    const char *part = mg_arena_printf(book->arena, "%.*s_rels/%s.rels", folder, of, of + folder);
    if (!part)
        return mg_fail_memory(error);
    int64_t entry = mg_zip_find(book->zip, part);
    return entry < 0 ? 0 : mg_xlsx_read(book->zip, entry, &handler, stop, error);
}

/* --- workbook --- */

static bool is_true(const char *value)
{
    return value && (strcmp(value, "1") == 0 || strcmp(value, "true") == 0);
}

/* The attribute with a prefix: "r:id", beside "sheetId". */
static const char *relation_of(const char **attributes)
{
    for (; *attributes; attributes += 2)
        if (strchr(*attributes, ':') && strcmp(mg_xlsx_local(*attributes), "id") == 0)
            return attributes[1];
    return NULL;
}

static int take_sheet(struct mg_xlsx_book *book, const char **attributes, struct mg_error *error)
{
    const char *name = mg_xlsx_attribute(attributes, "name"), *id = relation_of(attributes);
    const char *state = mg_xlsx_attribute(attributes, "state");
    if (!name || !id)
        return 0;
    if (book->n_sheets == MG_XLSX_SHEETS_MAX)
        return mg_fail(error, MG_E_LIMIT, "%s has more than %d sheets.", book->zip->name, MG_XLSX_SHEETS_MAX);
    struct mg_xlsx_sheet_info *sheet = &book->sheets[book->n_sheets++];
    *sheet = (struct mg_xlsx_sheet_info){.name = mg_arena_strdup(book->arena, name),
                                         .id = mg_arena_strdup(book->arena, id),
                                         .entry = -1,
                                         .hidden = state && strcmp(state, "visible") != 0};
    return sheet->name && sheet->id ? 0 : mg_fail_memory(error);
}

static int start_of_workbook(void *user, const char *name, const char **attributes, struct mg_error *error)
{
    struct mg_xlsx_book *book = user;
    if (strcmp(name, "workbookPr") == 0)
        book->from_1904 = is_true(mg_xlsx_attribute(attributes, "date1904"));
    return strcmp(name, "sheet") == 0 ? take_sheet(book, attributes, error) : 0;
}

/* --- styles --- */

struct styles {
    struct mg_xlsx_book *book;
    unsigned char *custom; /* of formats by id: how they show a number, + 1; 0: not defined */
    bool cells;            /* inside cellXfs */
};

static unsigned id_of(const char *text)
{
    int64_t id;
    return text && mg_parse_int(text, &id) && id >= 0 && id < FORMATS_MAX ? (unsigned)id : 0;
}

static int start_style(void *user, const char *name, const char **attributes, struct mg_error *error)
{
    struct styles *styles = user;
    struct mg_xlsx_book *book = styles->book;
    unsigned id = id_of(mg_xlsx_attribute(attributes, "numFmtId"));
    (void)error;
    if (strcmp(name, "numFmt") == 0) {
        const char *code = mg_xlsx_attribute(attributes, "formatCode");
        styles->custom[id] = code ? (unsigned char)(mg_xlsx_shown_by(code) + 1) : 0;
    } else if (strcmp(name, "cellXfs") == 0) {
        styles->cells = true;
    } else if (styles->cells && strcmp(name, "xf") == 0 && book->n_styles < MG_XLSX_STYLES_MAX) {
        unsigned char custom = styles->custom[id];
        book->shown[book->n_styles++] =
            custom ? (unsigned char)(custom - 1) : (unsigned char)mg_xlsx_shown_builtin(id);
    }
    return 0;
}

static int end_style(void *user, const char *name, struct mg_error *error)
{
    struct styles *styles = user;
    (void)error;
    if (strcmp(name, "cellXfs") == 0)
        styles->cells = false;
    return 0;
}

static int read_styles(struct mg_xlsx_book *book, struct mg_stop *stop, struct mg_error *error)
{
    struct styles styles = {.book = book, .custom = mg_arena_alloc(book->arena, FORMATS_MAX)};
    struct mg_xlsx_handler handler = {.start = start_style, .end = end_style, .user = &styles};
    if (book->styles < 0)
        return 0;
    return styles.custom ? mg_xlsx_read(book->zip, book->styles, &handler, stop, error)
                         : mg_fail_memory(error);
}

/* --- the whole --- */

static int read_workbook(struct mg_xlsx_book *book, struct mg_stop *stop, struct mg_error *error)
{
    struct mg_xlsx_handler handler = {.start = start_of_workbook, .end = end_nothing, .user = book};
    book->part = book->part ? book->part : "xl/workbook.xml";
    int64_t entry = mg_zip_find(book->zip, book->part);
    return entry < 0 ? mg_xlsx_fail(book->zip, error) : mg_xlsx_read(book->zip, entry, &handler, stop, error);
}

int mg_xlsx_book_read(struct mg_xlsx_book *book, const struct mg_zip *zip, struct mg_arena *arena,
                      struct mg_stop *stop, struct mg_error *error)
{
    *book = (struct mg_xlsx_book){.zip = zip, .arena = arena, .strings = -1, .styles = -1};
    book->sheets = mg_arena_array(arena, MG_XLSX_SHEETS_MAX, sizeof *book->sheets);
    book->shown = mg_arena_alloc(arena, MG_XLSX_STYLES_MAX);
    int rc = book->sheets && book->shown ? read_relations(book, "", stop, error) : mg_fail_memory(error);
    if (!rc)
        rc = read_workbook(book, stop, error);
    if (!rc)
        rc = read_relations(book, book->part, stop, error);
    return rc ? rc : read_styles(book, stop, error);
}
