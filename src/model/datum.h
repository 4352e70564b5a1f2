/* One typed cell on its way between the record, the columns and files: a number, a text, a time, or none. */
#ifndef MG_MODEL_DATUM_H
#define MG_MODEL_DATUM_H

#include <stdint.h>

enum mg_datum_kind { MG_DATUM_NONE, MG_DATUM_NUMBER, MG_DATUM_TEXT, MG_DATUM_TIME };

/* Zeroed: none. A text is borrowed. */
struct mg_datum {
    enum mg_datum_kind kind;
    union {
        double number;
        const char *text;
        int64_t time; /* microseconds UTC */
    };
};

static inline struct mg_datum mg_datum_number(double number)
{
    return (struct mg_datum){.kind = MG_DATUM_NUMBER, .number = number};
}

/* NULL: none. */
static inline struct mg_datum mg_datum_text(const char *text)
{
    return (struct mg_datum){.kind = text ? MG_DATUM_TEXT : MG_DATUM_NONE, .text = text};
}

static inline struct mg_datum mg_datum_time(int64_t time)
{
    return (struct mg_datum){.kind = MG_DATUM_TIME, .time = time};
}

#endif
