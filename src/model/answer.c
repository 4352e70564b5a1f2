/* See answer.h. */
#include "model/answer.h"

#include <stdio.h>
#include <string.h>

#include "base/step.h"
#include "base/str.h"
#include "model/words.h"
#include "words.gen.h"

#define WORD_BYTES 64 /* longer texts are no words for no answer, nor numbers */

struct mg_answer_rule mg_answer_rule_of_item(const struct mg_study *study, const struct mg_scale *scale,
                                             bool reverse)
{
    return (struct mg_answer_rule){.scale = *scale,
                                   .codes = study->missing_codes,
                                   .n_codes = study->n_missing_codes,
                                   .reverse = reverse};
}

struct mg_answer_rule mg_answer_rule_of_outcome(const struct mg_study *study,
                                                const struct mg_outcome *outcome)
{
    return (struct mg_answer_rule){.scale = outcome->scale,
                                   .codes = study->missing_codes,
                                   .n_codes = study->n_missing_codes,
                                   .answers_first = true};
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The text without white space around it in `scratch`; NULL where it is longer than that. */
static const char *trimmed(const char *text, char scratch[WORD_BYTES])
{
    while (is_space(*text))
        text++;
    size_t n = strlen(text);
    while (n > 0 && is_space(text[n - 1]))
        n--;
    if (n >= WORD_BYTES)
        return NULL;
    memcpy(scratch, text, n);
    scratch[n] = '\0';
    return scratch;
}

static bool is_blank(const char *trimmed_text)
{
    return !*trimmed_text || mg_words_is(&mg_words_missing, trimmed_text);
}

bool mg_answer_is_blank(const char *text)
{
    char scratch[WORD_BYTES];
    const char *word = trimmed(text, scratch);
    return word && is_blank(word);
}

static bool is_on_scale(const struct mg_scale *scale, double number)
{
    return !(scale->max > scale->min) || (number >= scale->min && number <= scale->max);
}

bool mg_answer_is_code(const struct mg_answer_rule *rule, double number)
{
    for (size_t i = 0; i < rule->n_codes; i++)
        if (rule->codes[i] == number)
            return !(rule->answers_first && is_on_scale(&rule->scale, number));
    return false;
}

enum mg_answer mg_answer_of_number(const struct mg_answer_rule *rule, double number, double *ret)
{
    const struct mg_scale *scale = &rule->scale;
    if (mg_answer_is_code(rule, number))
        return MG_ANSWER_MISSING;
    if (!is_on_scale(scale, number))
        return MG_ANSWER_OFF_SCALE;
    if (!mg_step_holds(number, scale->min, scale->step))
        return MG_ANSWER_OFF_STEP;
    *ret = rule->reverse ? scale->min + scale->max - number : number;
    return MG_ANSWER_GIVEN;
}

enum mg_answer mg_answer_of_text(const struct mg_answer_rule *rule, const char *text, double *ret)
{
    char scratch[WORD_BYTES];
    double number;
    if (text && text[0] >= '0' && text[0] <= '9' && !text[1]) /* most answers are one digit */
        return mg_answer_of_number(rule, text[0] - '0', ret);
    const char *word = text ? trimmed(text, scratch) : "";
    if (!word)
        return MG_ANSWER_NO_NUMBER;
    if (mg_parse_double(word, &number))
        return mg_answer_of_number(rule, number, ret);
    return is_blank(word) ? MG_ANSWER_MISSING : MG_ANSWER_NO_NUMBER;
}

bool mg_answer_is_stray(enum mg_answer answer)
{
    return answer > MG_ANSWER_MISSING;
}

const char *mg_answer_reason(enum mg_answer answer)
{
    static const char *const reasons[MG_ANSWERS] = {
        [MG_ANSWER_NO_NUMBER] = MG_TEXT("It is not a number."),
        [MG_ANSWER_OFF_SCALE] = MG_TEXT("It is not on the scale from %g to %g."),
        [MG_ANSWER_OFF_STEP] = MG_TEXT("It lies between the steps of the scale from %g to %g."),
    };
    return reasons[answer];
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* the literals are above and in po/ */
void mg_answer_explain(enum mg_answer answer, const struct mg_scale *scale, enum mg_lang lang, char *ret_text,
                       size_t size)
{
    snprintf(ret_text, size, mg_tr(lang, mg_answer_reason(answer)), scale->min, scale->max);
}
#pragma GCC diagnostic pop

bool mg_weight_holds(double weight)
{
    return weight > 0 && weight <= MG_WEIGHT_MAX;
}
