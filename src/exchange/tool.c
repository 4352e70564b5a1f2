/* Recognising survey tools; see tool.h. All knowledge stands in tools/; here are only the matching of
 * patterns and the counting of signs. */
#include "exchange/tool.h"

#include <ctype.h>
#include <stdarg.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"

#include "tools.gen.h"

#define ROWS_MAX 20        /* looked through for signs in cells */
#define CELL_BYTES_MAX 512 /* a longer cell is no sign */

static const char *const meaning_names[] = {
    [MG_TOOL_ANSWER] = "answer",     [MG_TOOL_START] = "start",         [MG_TOOL_END] = "end",
    [MG_TOOL_TIME] = "time",         [MG_TOOL_DURATION] = "duration",   [MG_TOOL_ID] = "id",
    [MG_TOOL_NUMBER] = "number",     [MG_TOOL_CUSTOMER] = "customer",   [MG_TOOL_WAVE] = "wave",
    [MG_TOOL_LANGUAGE] = "language", [MG_TOOL_STATUS] = "status",       [MG_TOOL_FINISHED] = "finished",
    [MG_TOOL_PROGRESS] = "progress", [MG_TOOL_SOURCE] = "source",       [MG_TOOL_SCORE] = "score",
    [MG_TOOL_TAGS] = "tags",         [MG_TOOL_TECHNICAL] = "technical", [MG_TOOL_IP] = "ip",
    [MG_TOOL_EMAIL] = "email",       [MG_TOOL_PHONE] = "phone",         [MG_TOOL_NAME] = "name",
    [MG_TOOL_PLACE] = "place",       [MG_TOOL_DEVICE] = "device",
};

const char *mg_tool_meaning_name(enum mg_tool_meaning meaning)
{
    return meaning_names[meaning];
}

const struct mg_tool *mg_tools(size_t *ret_n)
{
    *ret_n = ARRAY_LEN(all_tools);
    return all_tools;
}

const struct mg_tool *mg_tool_of_code(const char *code)
{
    for (size_t i = 0; i < ARRAY_LEN(all_tools); i++)
        if (strcmp(all_tools[i].code, code) == 0)
            return &all_tools[i];
    return NULL;
}

/* --- patterns --- */

/* One step of a pattern against the text at `*text`: false where it doesn't fit. */
static bool take_one(const char **pattern, const char **text, const char *end)
{
    if (*text == end)
        return false;
    if (**pattern == '#') {
        if (!isdigit((unsigned char)**text))
            return false;
        while (*text < end && isdigit((unsigned char)**text))
            ++*text;
        ++*pattern;
        return true;
    }
    *pattern += **pattern == '\\';
    return tolower((unsigned char)*(*pattern)++) == tolower((unsigned char)*(*text)++);
}

/* Where a step fails, the last `*` takes one byte more and all behind it is tried again. */
static bool fits(const char *pattern, const char *text, const char *end)
{
    const char *star = NULL, *from = NULL;
    while (text < end || *pattern) {
        if (*pattern == '*') {
            star = ++pattern;
            from = text;
        } else if (!*pattern || !take_one(&pattern, &text, end)) {
            if (!star || from == end)
                return false;
            text = ++from;
            pattern = star;
        }
    }
    return true;
}

/* The text without white space around it. */
static void trim(const char **text, const char **end)
{
    while (*text < *end && isspace((unsigned char)**text))
        ++*text;
    while (*end > *text && isspace((unsigned char)(*end)[-1]))
        --*end;
}

static bool cell_fits(const char *pattern, const char *text, size_t n)
{
    const char *end = text + n;
    trim(&text, &end);
    return end - text <= CELL_BYTES_MAX && fits(pattern, text, end);
}

/* --- signs --- */

static bool row_shows(const struct mg_tool_cells *row, const char *pattern)
{
    for (size_t i = 0; i < row->n; i++)
        if (row->cells[i] && *row->cells[i] && cell_fits(pattern, row->cells[i], strlen(row->cells[i])))
            return true;
    return false;
}

static bool shows(const struct mg_tool_cells *rows, size_t n, const struct mg_tool_sign *sign)
{
    for (size_t p = 0; p < sign->n_patterns; p++)
        for (size_t r = 0; r < n; r++)
            if (row_shows(&rows[r], sign->patterns[p]))
                return true;
    return false;
}

static struct mg_tool_found weigh(const struct mg_tool *tool, const struct mg_tool_cells *header,
                                  size_t n_header, const struct mg_tool_cells *rows, size_t n_rows)
{
    struct mg_tool_found found = {.tool = tool};
    for (size_t i = 0; i < tool->n_signs; i++) {
        const struct mg_tool_sign *sign = &tool->signs[i];
        bool there = sign->in_cells ? shows(rows, n_rows, sign) : shows(header, n_header, sign);
        found.score += there ? sign->weight : 0;
        found.n_signs += there;
    }
    return found;
}

struct mg_tool_found mg_tool_find(const struct mg_tool_cells *header, size_t n_header,
                                  const struct mg_tool_cells *rows, size_t n_rows)
{
    struct mg_tool_found best = {.tool = NULL};
    for (size_t i = 0; i < ARRAY_LEN(all_tools); i++) {
        struct mg_tool_found found =
            weigh(&all_tools[i], header, n_header, rows, n_rows < ROWS_MAX ? n_rows : ROWS_MAX);
        if (found.score < MG_TOOL_SCORE_MIN || found.n_signs < 2 || found.score < best.score)
            continue;
        if (found.score == best.score)
            found.tool = NULL; /* either of two: neither */
        best = found;
    }
    return best;
}

enum mg_tool_meaning mg_tool_column(const struct mg_tool *tool, const char *name)
{
    size_t n = strlen(name);
    for (size_t i = 0; tool && i < tool->n_columns; i++)
        if (cell_fits(tool->columns[i].pattern, name, n))
            return tool->columns[i].meaning;
    return MG_TOOL_ANSWER;
}

/* --- rows --- */

enum mg_tool_verdict mg_tool_judge(const struct mg_tool *tool, enum mg_tool_meaning meaning, const char *text,
                                   size_t n)
{
    for (size_t i = 0; tool && i < tool->n_rules; i++)
        if (tool->rules[i].column == meaning && cell_fits(tool->rules[i].value, text, n))
            return tool->rules[i].verdict;
    return MG_TOOL_KEEP;
}

enum mg_tool_verdict mg_tool_judge_row(const struct mg_tool *tool, const enum mg_tool_meaning *meanings,
                                       const char *const *cells, size_t n)
{
    bool seen[MG_TOOL_VERDICTS] = {false};
    for (size_t i = 0; tool && i < n; i++) {
        const char *cell = cells[i] ? cells[i] : "";
        if (meanings[i] != MG_TOOL_ANSWER)
            seen[mg_tool_judge(tool, meanings[i], cell, strlen(cell))] = true;
    }
    static const enum mg_tool_verdict order[] = {MG_TOOL_SPAM, MG_TOOL_PREVIEW, MG_TOOL_COMPLETE,
                                                 MG_TOOL_UNFINISHED};
    for (size_t i = 0; i < ARRAY_LEN(order); i++)
        if (seen[order[i]])
            return order[i];
    return MG_TOOL_KEEP;
}

/* --- words --- */

__attribute__((format(printf, 4, 5))) static void say(char *ret_text, size_t size, enum mg_lang lang,
                                                      const char *format, ...)
{
    va_list args;
    va_start(args, format);
    mg_tr_format(ret_text, size, lang, format, args);
    va_end(args);
}

/* "previews and tests: 2, unfinished: 5" */
static void list_left_out(const int64_t counts[MG_TOOL_VERDICTS], enum mg_lang lang, struct mg_buf *out)
{
    static const char *const words[MG_TOOL_VERDICTS] = {
        [MG_TOOL_UNFINISHED] = MG_TEXT("unfinished: %lld"),
        [MG_TOOL_PREVIEW] = MG_TEXT("previews and tests: %lld"),
        [MG_TOOL_SPAM] = MG_TEXT("refused or marked as spam: %lld"),
    };
    for (size_t i = MG_TOOL_UNFINISHED; i < MG_TOOL_VERDICTS; i++) {
        char text[100];
        if (counts[i] == 0)
            continue;
        say(text, sizeof text, lang, words[i], (long long)counts[i]);
        mg_buf_printf(out, "%s%s", out->len == 0 ? "" : lang == MG_LANG_ZH ? "，" : ", ", text);
    }
}

int mg_tool_say(const struct mg_tool *tool, const int64_t counts[MG_TOOL_VERDICTS], struct mg_arena *arena,
                struct mg_text *ret_text, struct mg_error *error)
{
    const char *copies[2];
    for (enum mg_lang lang = MG_LANG_EN; lang <= MG_LANG_ZH; lang++) {
        struct mg_buf list;
        char text[400];
        const char *name = mg_text_in(&tool->name, lang, tool->code);
        mg_buf_init(&list, 300);
        list_left_out(counts, lang, &list);
        if (list.len)
            say(text, sizeof text, lang, MG_TEXT("Made by %s; not taken: %s."), name, list.data);
        else
            say(text, sizeof text, lang, MG_TEXT("Made by %s."), name);
        mg_buf_done(&list);
        copies[lang] = mg_arena_strdup(arena, text);
    }
    if (!copies[MG_LANG_EN] || !copies[MG_LANG_ZH])
        return mg_fail_memory(error);
    *ret_text = (struct mg_text){copies[MG_LANG_EN], copies[MG_LANG_ZH]};
    return 0;
}
