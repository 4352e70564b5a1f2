/* Errors: what went wrong, where, and how to mend it.
 *
 * Functions return 0 or a negative mg_err code and fill the caller's struct mg_error. Messages are written
 * in English in the code; po/zh-CN holds the Chinese, chosen by `lang` of the caller's struct. The structure
 * owns its text; nothing is to be freed. */
#ifndef MG_BASE_ERR_H
#define MG_BASE_ERR_H

#include <stdarg.h>
#include <stddef.h>

enum mg_lang { MG_LANG_EN = 0, MG_LANG_ZH = 1 };

enum mg_err {
    MG_OK = 0,
    MG_E_INVALID = -1,         /* the input breaks a rule; `field` names where */
    MG_E_NOT_FOUND = -2,       /* no such thing, or not in the caller's organisation */
    MG_E_CONFLICT = -3,        /* not as things stand now: the message says what stands against it */
    MG_E_UNAUTHENTICATED = -4, /* who is calling is not known */
    MG_E_FORBIDDEN = -5,       /* known, but may not */
    MG_E_LIMIT = -6,           /* larger than a stated limit */
    MG_E_THROTTLED = -7,       /* too often; try later */
    MG_E_BUSY = -8,            /* a bounded queue is full; try again */
    MG_E_NO_MEMORY = -9,
    MG_E_IO = -10,          /* file, disk or socket */
    MG_E_ENGINE = -11,      /* SQLite or DuckDB refused */
    MG_E_CANCELLED = -12,   /* the user asked to stop */
    MG_E_INESTIMABLE = -13, /* the model can't be estimated from these data; the message says why */
    MG_E_UNSUPPORTED = -14, /* valid, but not done here: a format that isn't read */
    MG_E_FULL = -15,        /* a disk is full; nothing of the change was kept */
    MG_E_DAMAGED = -16,     /* a file of derived data is damaged; it is made anew */
    MG_E_CHANGED = -17,     /* somebody else changed it since it was read */
    MG_E_TAKEN = -18,       /* a code or address that must be its own belongs to something else; `field` */
};

/* Every function that can fail and says why (returns int, takes `struct mg_error *error`) is declared with
 * it, so that the compiler names a caller that doesn't look. tools/check_results.py sees to it that none is
 * forgotten. Where there is nothing to do about a failure, the call says so: `mg_ignore(mg_…(…));`. */
#define MG_CHECKED __attribute__((warn_unused_result))

static inline void mg_ignore(int rc)
{
    (void)rc;
}

#define MG_MESSAGE_SIZE 480

/* Zero-initialise (or set only `lang`) before use. */
struct mg_error {
    int code;                       /* one of enum mg_err */
    enum mg_lang lang;              /* set by the caller: language of message and hint */
    char message[MG_MESSAGE_SIZE];  /* one sentence: what is wrong */
    char in_other[MG_MESSAGE_SIZE]; /* the same in the other language, for who keeps it */
    char field[160];                /* where: a JSON pointer, a column, "line 3, key …"; may be empty */
    char hint[240];                 /* what to do about it; may be empty */
};

/* Fills `error` (NULL is allowed) and returns `code`, so that a failing function can `return mg_fail(…)`.
 * `format` must be a string literal: tools/gen/messages.py collects it for translation. */
int mg_fail(struct mg_error *error, enum mg_err code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A message that stands in a table of constants, so that it is collected too: mg_fail_text says it. */
#define MG_TEXT(english) english
int mg_fail_text(struct mg_error *error, enum mg_err code, const char *english);

/* There is no memory for it: the one sentence for MG_E_NO_MEMORY. */
int mg_fail_memory(struct mg_error *error);

/* A text in both languages, for what is kept: whoever reads it later reads it in their own. Borrowed. */
struct mg_both {
    const char *en, *zh;
};
struct mg_both mg_error_both(const struct mg_error *error);
static inline const char *mg_both_in(struct mg_both text, enum mg_lang lang)
{
    return lang == MG_LANG_ZH ? text.zh : text.en;
}
/* A message marked with MG_TEXT, as it stands. */
struct mg_both mg_tr_both(const char *english);

/* Adds where it went wrong. Not translated: it holds keys, columns and positions. */
void mg_fail_at(struct mg_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds what to do about it (a literal, translated like the message). */
void mg_fail_hint(struct mg_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same of a sentence that stands in a table, marked with MG_TEXT. */
void mg_fail_hint_text(struct mg_error *error, const char *english);

/* The text `english` in `lang`; `english` itself when there is no translation. Never NULL. */
const char *mg_tr(enum mg_lang lang, const char *english);

/* A message marked with MG_TEXT, with what goes into it; cut between characters where there is no room. */
void mg_tr_format(char *ret_text, size_t size, enum mg_lang lang, const char *format, va_list args);

/* Stable machine name of a code ("invalid", "not_found", …), used in problem documents and logs. */
const char *mg_err_name(int code);

#endif
