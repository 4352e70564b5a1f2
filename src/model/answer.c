/* See answer.h. */
#include "model/answer.h"

#include <stdio.h>
#include <string.h>

#include "base/step.h"
#include "model/cell.h"
#include "model/fold.h"

struct mg_answer_rule mg_answer_rule_of_item(const struct mg_study *study, const struct mg_scale *scale,
                                             bool reverse)
{
    return (struct mg_answer_rule){.scale = *scale,
                                   .codes = study->missing_codes,
                                   .n_codes = study->n_missing_codes,
                                   .reverse = reverse};
}

struct mg_answer_rule mg_answer_rule_of_expectation(const struct mg_study *study, const struct mg_item *item,
                                                    bool reverse)
{
    struct mg_answer_rule rule = mg_answer_rule_of_item(study, mg_item_expectation_scale(item), reverse);
    if (mg_item_is_rescaled(item))
        rule.onto = item->scale;
    return rule;
}

struct mg_answer_rule mg_answer_rule_of_outcome(const struct mg_study *study,
                                                const struct mg_outcome *outcome)
{
    return (struct mg_answer_rule){.scale = outcome->scale,
                                   .codes = study->missing_codes,
                                   .n_codes = study->n_missing_codes,
                                   .answers_first = true};
}

bool mg_answer_is_blank(const char *text)
{
    size_t n = strlen(text);
    mg_fold_trim(&text, &n);
    return mg_cell_is_no_value(text, n);
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
    number = rule->reverse ? scale->min + scale->max - number : number;
    *ret = rule->onto.max > rule->onto.min
               ? mg_step_carry(number, scale->min, scale->max, rule->onto.min, rule->onto.max)
               : number;
    return MG_ANSWER_GIVEN;
}

enum mg_answer mg_answer_of_text(const struct mg_answer_rule *rule, const char *text, double *ret)
{
    const struct mg_reading plain = mg_reading_plain();
    double number;
    if (!text)
        return MG_ANSWER_MISSING;
    if (text[0] >= '0' && text[0] <= '9' && !text[1]) /* most answers are one digit */
        return mg_answer_of_number(rule, text[0] - '0', ret);
    enum mg_cell_read read = mg_cell_read(&plain, text, strlen(text), &number);
    if (read == MG_READ_VALUE)
        return mg_answer_of_number(rule, number, ret);
    return read == MG_READ_MISSING ? MG_ANSWER_MISSING : MG_ANSWER_NO_NUMBER;
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
