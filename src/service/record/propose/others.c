/* What a response has besides answers: wave, weight, customer, id, time, how long it took; who answered,
 * which no group is made of; and the groups. Numbers are a group only where the name says so: a code of a
 * city, not an amount. */
#include <ctype.h>
#include <string.h>

#include "base/str.h"
#include "service/record/propose/private.h"
#include "words.gen.h"

#define GROUP_VALUES_MAX 20
#define ROWS_A_VALUE 5   /* of a group, at least */
#define PERSONAL_SHARE 2 /* one of so many values looks like a person's */
#define NUMBERS_SHARE 2  /* one of so many values of a weight is a number */
#define TEXT_BYTES_LONG 40

/* A column named by the whole name, or by a question that is nothing else. */
static bool is_called(const struct mg_propose_column *c, const struct mg_words *words)
{
    return mg_propose_is(&c->name, words) || mg_words_is(words, c->info->name) ||
           mg_propose_is(&c->label, words);
}

static void take_special(struct mg_propose *p, const struct mg_words *names, enum mg_proposal_role role,
                         const char *what, const char **ret_column)
{
    for (size_t i = 0; i < p->n && !*ret_column; i++) {
        struct mg_propose_column *c = &p->columns[i];
        if (c->taken || c->unusable || !is_called(c, names))
            continue;
        *ret_column = c->info->name;
        mg_propose_take(p, i, role, MG_CONFIDENCE_HIGH, mg_propose_say(p, MG_TEXT("by its name")));
        mg_propose_note(p, MG_TEXT("“%s” is the %s column."), *ret_column, mg_tr(p->lang, what));
    }
}

static bool are_numbers(const struct mg_propose_column *c)
{
    const struct mg_column_info *info = c->info;
    size_t others = 0;
    double value;
    if (info->type == MG_TYPE_INTEGER || info->type == MG_TYPE_NUMBER)
        return true;
    for (size_t i = 0; i < info->n_samples; i++)
        others += !mg_parse_double(info->samples[i], &value);
    return NUMBERS_SHARE * others <= info->n_samples;
}

/* Weights are numbers, all or most; a column of words that is called so is said, and not read. */
static void take_weight(struct mg_propose *p)
{
    for (size_t i = 0; i < p->n && !p->study->weight; i++) {
        struct mg_propose_column *c = &p->columns[i];
        if (c->taken || c->unusable || !is_called(c, &mg_words_weight))
            continue;
        if (are_numbers(c)) {
            p->study->weight = c->info->name;
            mg_propose_take(p, i, MG_PROPOSED_WEIGHT, MG_CONFIDENCE_HIGH,
                            mg_propose_say(p, MG_TEXT("by its name")));
            mg_propose_note(p, MG_TEXT("“%s” is the weight column: reports are weighted by it."),
                            c->info->name);
        } else {
            mg_propose_note(p, MG_TEXT("“%s” holds hardly any numbers: it isn't read as a weight."),
                            c->info->name);
        }
    }
}

/* Columns that have no part in a study, but a role. */
static void take_all(struct mg_propose *p, const struct mg_words *names, enum mg_proposal_role role)
{
    for (size_t i = 0; i < p->n; i++)
        if (!p->columns[i].taken && is_called(&p->columns[i], names))
            mg_propose_take(p, i, role, MG_CONFIDENCE_HIGH, mg_propose_say(p, MG_TEXT("by its name")));
}

void mg_propose_specials(struct mg_propose *p)
{
    take_special(p, &mg_words_wave, MG_PROPOSED_WAVE, MG_TEXT("wave"), &p->study->wave);
    take_weight(p);
    take_special(p, &mg_words_customer, MG_PROPOSED_CUSTOMER, MG_TEXT("customer"), &p->study->customer);
    take_special(p, &mg_words_episode, MG_PROPOSED_EPISODE, MG_TEXT("episode"), &p->study->episode);
    take_special(p, &mg_words_id, MG_PROPOSED_ID, MG_TEXT("id"), &p->study->id);
    take_special(p, &mg_words_time, MG_PROPOSED_TIME, MG_TEXT("time"), &p->study->time);
    take_all(p, &mg_words_id, MG_PROPOSED_ID);
    take_all(p, &mg_words_time, MG_PROPOSED_TIME);
    take_all(p, &mg_words_start, MG_PROPOSED_TIME);
    take_all(p, &mg_words_duration, MG_PROPOSED_DURATION);
    take_all(p, &mg_words_status, MG_PROPOSED_STATUS);
}

/* ---- who answered ---- */

static bool is_mail(const char *text)
{
    const char *at = strchr(text, '@');
    return at && at > text && !strchr(at + 1, '@') && strchr(at + 1, '.') && !strchr(text, ' ');
}

static bool is_ip(const char *text)
{
    size_t dots = 0, digits = 0;
    for (; *text; text++) {
        if (*text == '.' && digits)
            dots++, digits = 0;
        else if (isdigit((unsigned char)*text) && digits < 3)
            digits++;
        else
            return false;
    }
    return dots == 3 && digits;
}

/* A mobile number of China, or one with its country in front. */
static bool is_phone(const char *text)
{
    size_t n = strlen(text), digits = strspn(text + (*text == '+'), "0123456789 -");
    bool all = digits + (*text == '+') == n;
    return all && ((n == 11 && text[0] == '1' && text[1] >= '3' && strspn(text, "0123456789") == 11) ||
                   (*text == '+' && n >= 9));
}

/* Of a citizen of China: 17 digits and a digit or X. */
static bool is_identity(const char *text)
{
    return strlen(text) == 18 && strspn(text, "0123456789") >= 17 && strchr("0123456789Xx", text[17]);
}

static bool looks_personal(const struct mg_column_info *info)
{
    size_t found = 0;
    for (size_t i = 0; i < info->n_samples; i++) {
        const char *text = info->samples[i];
        found += is_mail(text) || is_ip(text) || is_phone(text) || is_identity(text);
    }
    return info->n_samples && PERSONAL_SHARE * found > info->n_samples;
}

static bool is_personal(const struct mg_propose_column *c)
{
    return is_called(c, &mg_words_personal_is) || mg_propose_says(c, &mg_words_personal_has) ||
           looks_personal(c->info);
}

/* Answers about an address are no addresses: ratings and words with a question in them stay. */
void mg_propose_personal(struct mg_propose *p)
{
    for (size_t i = 0; i < p->n; i++) {
        const struct mg_propose_column *c = &p->columns[i];
        bool answers = (c->rating && !c->slider) || c->dummy;
        if (c->taken || answers || !is_personal(c))
            continue;
        struct mg_text reason = looks_personal(c->info)
                                    ? mg_propose_say(p, MG_TEXT("its values are of persons"))
                                    : mg_propose_say(p, MG_TEXT("by its name"));
        mg_propose_take(p, i, MG_PROPOSED_PERSONAL, MG_CONFIDENCE_HIGH, reason);
    }
}

/* ---- groups ---- */

static bool is_group(const struct mg_propose *p, const struct mg_propose_column *c)
{
    const struct mg_column_info *info = c->info;
    bool words = info->type == MG_TYPE_TEXT || info->type == MG_TYPE_BOOLEAN;
    bool few = info->n_distinct >= 2 && info->n_distinct <= GROUP_VALUES_MAX &&
               info->n_distinct * ROWS_A_VALUE <= p->info->rows;
    return !c->taken && !c->unusable && few && (words || is_called(c, &mg_words_group)) &&
           strlen(info->name) <= MG_PROPOSE_CODE && strcmp(info->name, "wave") != 0;
}

/* Answers in words: many different ones, or long ones. */
static bool is_written(const struct mg_column_info *info)
{
    size_t longest = 0;
    for (size_t i = 0; i < info->n_samples; i++)
        longest = strlen(info->samples[i]) > longest ? strlen(info->samples[i]) : longest;
    return info->type == MG_TYPE_TEXT && (info->n_distinct > GROUP_VALUES_MAX || longest > TEXT_BYTES_LONG);
}

static void take_others(struct mg_propose *p)
{
    for (size_t i = 0; i < p->n; i++) {
        const struct mg_propose_column *c = &p->columns[i];
        if (c->taken)
            continue;
        if (c->info->type == MG_TYPE_TIME)
            mg_propose_take(p, i, MG_PROPOSED_TIME, MG_CONFIDENCE_MIDDLE,
                            mg_propose_say(p, MG_TEXT("its values are times")));
        else if (is_written(c->info))
            mg_propose_take(p, i, MG_PROPOSED_TEXT, MG_CONFIDENCE_MIDDLE,
                            mg_propose_say(p, MG_TEXT("its values are written answers")));
    }
}

int mg_propose_groups(struct mg_propose *p)
{
    struct mg_grouping *groups = mg_arena_array(p->arena, MG_STUDY_PARTS_MAX, sizeof *groups);
    if (!groups)
        return MG_E_NO_MEMORY;
    for (size_t i = 0; i < p->n && p->study->n_groups < MG_STUDY_PARTS_MAX; i++) {
        const struct mg_propose_column *c = &p->columns[i];
        if (!is_group(p, c))
            continue;
        struct mg_grouping *group = &groups[p->study->n_groups++];
        *group = (struct mg_grouping){.code = c->info->name, .column = c->info->name};
        mg_propose_take(p, i, MG_PROPOSED_GROUP, MG_CONFIDENCE_HIGH,
                        mg_propose_say(p, MG_TEXT("%lld different values"), (long long)c->info->n_distinct));
        mg_propose_note(p, MG_TEXT("Group “%s” with %lld values."), group->column,
                        (long long)c->info->n_distinct);
    }
    p->study->groups = groups;
    take_others(p);
    return 0;
}
