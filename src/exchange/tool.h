/* Which survey tool made a file, and what follows from it: what its own columns hold, which of its rows are
 * no answers (previews, tests, unfinished ones), how it writes several choices and no answer.
 *
 * A tool is data: a file in tools/ (docs/add/tool.md), of which tools/gen/tools.py makes tools.gen.h.
 * Recognition needs several signs that agree; one alone, however telling, is never enough. Nothing here
 * allocates but for notes, and all of struct mg_tool is constant. */
#ifndef MG_EXCHANGE_TOOL_H
#define MG_EXCHANGE_TOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/study.h"

/* What a column of the tool's own holds. Personal ones are left out of an import unless they are wanted. */
enum mg_tool_meaning {
    MG_TOOL_ANSWER, /* nothing of the tool's own: a question, or something we don't know */
    MG_TOOL_START,
    MG_TOOL_END,  /* when it was handed in: the time of the response */
    MG_TOOL_TIME, /* some other time: changed, recorded, approved */
    MG_TOOL_DURATION,
    MG_TOOL_ID,       /* of the response */
    MG_TOOL_NUMBER,   /* of the row in this file, which the next export may give to another response */
    MG_TOOL_CUSTOMER, /* who answered, by a code from outside */
    MG_TOOL_WAVE,
    MG_TOOL_LANGUAGE,
    MG_TOOL_STATUS,
    MG_TOOL_FINISHED,
    MG_TOOL_PROGRESS,
    MG_TOOL_SOURCE, /* how the respondent came: link, channel, collector */
    MG_TOOL_SCORE,  /* computed by the tool of other columns */
    MG_TOOL_TAGS,
    MG_TOOL_TECHNICAL, /* ids of forms and versions, page timings: no use here */
    MG_TOOL_IP,        /* from here on personal */
    MG_TOOL_EMAIL,
    MG_TOOL_PHONE,
    MG_TOOL_NAME,
    MG_TOOL_PLACE,
    MG_TOOL_DEVICE,
};
static inline bool mg_tool_is_personal(enum mg_tool_meaning meaning)
{
    return meaning >= MG_TOOL_IP;
}
/* "start", "end", "ip", …: as in tools/ and in profiles. */
const char *mg_tool_meaning_name(enum mg_tool_meaning meaning);

/* Whether a row is an answer. */
enum mg_tool_verdict { MG_TOOL_KEEP, MG_TOOL_COMPLETE, MG_TOOL_UNFINISHED, MG_TOOL_PREVIEW, MG_TOOL_SPAM };
#define MG_TOOL_VERDICTS 5

/* Names are matched without regard to ASCII case; `*` stands for any text, `#` for digits, `\` takes the
 * meaning from what follows it. */
struct mg_tool_column {
    const char *pattern;
    enum mg_tool_meaning meaning;
};

/* A cell that says what its row is; "" is an empty cell. */
struct mg_tool_rule {
    enum mg_tool_verdict verdict;
    enum mg_tool_meaning column;
    const char *value;
};

/* What speaks for a tool: any of the patterns, in any header row (or, `in_cells`, in the rows below). */
struct mg_tool_sign {
    int weight;
    bool in_cells;
    const char *const *patterns;
    size_t n_patterns;
};

struct mg_tool {
    const char *code;    /* "qualtrics" */
    struct mg_text name; /* "Qualtrics" */
    const struct mg_tool_sign *signs;
    size_t n_signs;
    const struct mg_tool_column *columns; /* the first that fits counts */
    size_t n_columns;
    const struct mg_tool_rule *rules;
    size_t n_rules;
    const char *const *missing; /* cells that hold no answer */
    size_t n_missing;
    const char *choice_mark; /* between several choices in one cell; NULL: not known */
};

const struct mg_tool *mg_tools(size_t *ret_n);
const struct mg_tool *mg_tool_of_code(const char *code); /* NULL: there is none */

/* Rows of cells; NULL cells are empty ones. */
struct mg_tool_cells {
    const char *const *cells;
    size_t n;
};

#define MG_TOOL_SCORE_MIN 4 /* of the weights of the signs found, which must be two at least */

struct mg_tool_found {
    const struct mg_tool *tool; /* NULL: no tool that we know, or two that fit as well */
    int score;                  /* sum of the weights of its signs that were found … */
    size_t n_signs;             /* … and their number */
};
struct mg_tool_found mg_tool_find(const struct mg_tool_cells *header, size_t n_header,
                                  const struct mg_tool_cells *rows, size_t n_rows);

/* What the column of this name holds by this tool's ways; NULL tool: MG_TOOL_ANSWER. */
enum mg_tool_meaning mg_tool_column(const struct mg_tool *tool, const char *name);
/* What one cell says of its row; `meaning` of its column. White space around it doesn't count. */
enum mg_tool_verdict mg_tool_judge(const struct mg_tool *tool, enum mg_tool_meaning meaning, const char *text,
                                   size_t n);
/* What the whole row is, by its cells: preview and spam win, then complete, then unfinished. */
enum mg_tool_verdict mg_tool_judge_row(const struct mg_tool *tool, const enum mg_tool_meaning *meanings,
                                       const char *const *cells, size_t n);

/* "Made by Qualtrics. Left out: 2 previews, 5 unfinished." `counts`: rows by verdict. */
MG_CHECKED int mg_tool_say(const struct mg_tool *tool, const int64_t counts[MG_TOOL_VERDICTS],
                           struct mg_arena *arena, struct mg_text *ret_text, struct mg_error *error);

#endif
