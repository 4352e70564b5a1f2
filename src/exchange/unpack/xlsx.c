/* A workbook to CSV; see unpack.h. */
#include <string.h>

#include "base/str.h"
#include "exchange/note.h"
#include "exchange/unpack/rowtext.h"
#include "exchange/unpack/unpack.h"
#include "exchange/unpack/xlsx_book.h"
#include "exchange/unpack/xlsx_sheet.h"
#include "exchange/unpack/xlsx_text.h"

#define NAMES_SHOWN ((size_t)160) /* bytes of the sheets' names in a message */

struct work {
    const struct mg_unpack_options *options;
    const char *name, *to;
    struct mg_zip zip;
    struct mg_xlsx_book book;
    struct mg_xlsx_strings strings;
    struct mg_xlsx_shape first, second;
};

/* --- which sheet --- */

static void list_names(const struct mg_xlsx_book *book, char ret_names[NAMES_SHOWN + 4])
{
    struct mg_buf names;
    mg_buf_init(&names, MG_XLSX_BYTES_MAX);
    for (size_t i = 0; i < book->n_sheets; i++)
        mg_buf_printf(&names, "%s%s", i ? ", " : "", book->sheets[i].name);
    mg_str_cut(names.data ? names.data : "", names.len, NAMES_SHOWN, ret_names);
    mg_str_plain(ret_names);
    mg_buf_done(&names);
}

static int find_named(const struct work *work, size_t *ret_sheet, struct mg_error *error)
{
    const struct mg_xlsx_book *book = &work->book;
    for (size_t i = 0; i < book->n_sheets; i++)
        if (mg_str_equal_nocase(book->sheets[i].name, work->options->sheet)) {
            *ret_sheet = i;
            return 0;
        }
    char names[NAMES_SHOWN + 4];
    list_names(book, names);
    return mg_fail(error, MG_E_NOT_FOUND, "%s has no sheet “%.60s”. Its sheets are: %s.", work->name,
                   work->options->sheet, names);
}

/* --- reading one --- */

static int read_once(struct work *work, const struct mg_xlsx_sheet_info *sheet,
                     const struct mg_xlsx_shape *known, struct mg_xlsx_shape *ret_shape,
                     struct mg_error *error)
{
    struct mg_rowtext to;
    int rc = mg_rowtext_open(&to, work->to, work->options->max_bytes, error);
    if (!rc)
        rc = mg_xlsx_sheet_read(&work->book, &work->strings, sheet->entry, known, &to, work->options->stop,
                                ret_shape, error);
    if (mg_rowtext_failed(&to)) /* is what ended the reading; closing says it */
        rc = 0;
    return mg_rowtext_close(&to, work->name, rc, error);
}

/* What of a sheet is enough to be read. */
enum want { SOMETHING, A_TABLE };

/* Writes the sheet; *ret_filled: it has a value, or a table: two rows of two columns. */
static int read_sheet(struct work *work, const struct mg_xlsx_sheet_info *sheet, enum want want,
                      bool *ret_filled, struct mg_error *error)
{
    *ret_filled = false;
    if (sheet->entry < 0)
        return 0;
    int rc = read_once(work, sheet, NULL, &work->first, error);
    if (!rc && (work->first.ragged || work->first.n_merged))
        rc = read_once(work, sheet, &work->first, &work->second, error);
    *ret_filled =
        work->first.rows > 0 && (want == SOMETHING || (work->first.rows > 1 && work->first.width > 1));
    return rc;
}

static int read_named(struct work *work, size_t *ret_sheet, struct mg_error *error)
{
    bool filled;
    int rc = find_named(work, ret_sheet, error);
    if (!rc)
        rc = read_sheet(work, &work->book.sheets[*ret_sheet], SOMETHING, &filled, error);
    if (!rc && !filled)
        rc = mg_fail(error, MG_E_INVALID, "The sheet “%.60s” of %s has no cells with values.",
                     work->book.sheets[*ret_sheet].name, work->name);
    return rc;
}

/* The first that is visible and has a table (a cover has none), else the first that is visible and filled,
 * else the same of hidden ones. */
static int read_first(struct work *work, size_t *ret_sheet, struct mg_error *error)
{
    static const struct {
        bool hidden;
        enum want want;
    } turns[] = {{false, A_TABLE}, {false, SOMETHING}, {true, A_TABLE}, {true, SOMETHING}};
    const struct mg_xlsx_book *book = &work->book;
    for (size_t turn = 0; turn < ARRAY_LEN(turns); turn++)
        for (size_t i = 0; i < book->n_sheets; i++) {
            bool filled = false;
            int rc = 0;
            if (book->sheets[i].hidden == turns[turn].hidden)
                rc = read_sheet(work, &book->sheets[i], turns[turn].want, &filled, error);
            *ret_sheet = i;
            if (rc || filled)
                return rc;
        }
    return mg_fail(error, MG_E_INVALID, "%s has no cells with values.", work->name);
}

/* --- the whole --- */

static int describe(const struct work *work, size_t sheet, struct mg_arena *arena, struct mg_unpacked *ret,
                    struct mg_error *error)
{
    const struct mg_xlsx_book *book = &work->book;
    const char **names = mg_arena_array(arena, book->n_sheets, sizeof *names);
    size_t visible = 0;
    for (size_t i = 0; names && i < book->n_sheets; i++) {
        names[i] = mg_arena_strdup(arena, book->sheets[i].name);
        if (!names[i])
            return mg_fail_memory(error);
        visible += !book->sheets[i].hidden;
    }
    if (!names)
        return mg_fail_memory(error);
    *ret = (struct mg_unpacked){.format = MG_FILE_XLSX,
                                .counted = MG_COUNTED_ROWS,
                                .sheets = names,
                                .n_sheets = book->n_sheets,
                                .sheet = sheet};
    if (visible > 1 || book->sheets[sheet].hidden)
        mg_note_add(arena, ret->notes, &ret->n_notes, MG_UNPACK_NOTES_MAX,
                    MG_TEXT("The file has %zu sheets; “%.60s” was read."), book->n_sheets, names[sheet]);
    if (work->first.errors)
        mg_note_add(arena, ret->notes, &ret->n_notes, MG_UNPACK_NOTES_MAX,
                    MG_TEXT("%lld cells hold an error of a formula (such as #N/A); they count as missing."),
                    (long long)work->first.errors);
    return 0;
}

static int read_all(struct work *work, const char *from, struct mg_arena *of_book, size_t *ret_sheet,
                    struct mg_error *error)
{
    const char *wanted = work->options->sheet;
    int rc = of_book ? mg_zip_open(&work->zip, from, work->name, work->options->max_bytes, error)
                     : mg_fail_memory(error);
    if (!rc)
        rc = mg_xlsx_book_read(&work->book, &work->zip, of_book, work->options->stop, error);
    if (!rc)
        rc = mg_xlsx_strings_read(&work->strings, &work->zip, work->book.strings, work->options->stop, error);
    if (rc)
        return rc;
    return wanted && *wanted ? read_named(work, ret_sheet, error) : read_first(work, ret_sheet, error);
}

int mg_unpack_xlsx(const char *from, const char *name, const struct mg_unpack_options *options,
                   const char *to, struct mg_arena *arena, struct mg_unpacked *ret_unpacked,
                   struct mg_error *error)
{
    struct work work = {.options = options, .name = name, .to = to};
    struct mg_arena *of_book = mg_arena_new(MG_XLSX_BYTES_MAX);
    size_t sheet = 0;
    int rc = read_all(&work, from, of_book, &sheet, error);
    if (!rc)
        rc = describe(&work, sheet, arena, ret_unpacked, error);
    mg_xlsx_strings_done(&work.strings);
    mg_zip_close(&work.zip);
    mg_arena_free(of_book);
    return rc;
}
