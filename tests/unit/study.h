/* A study written in a test, in the test's arena. */
#ifndef TEST_STUDY_H
#define TEST_STUDY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "arena.h"
#include "model/study.h"

static const struct mg_study *parse(const char *text)
{
    struct mg_error error = {0};
    const struct mg_study *study = NULL;
    if (mg_study_parse(arena, text, strlen(text), &study, &error))
        fail_msg("%s (%s)", error.message, error.field);
    return study;
}

#endif
