/* Table-driven command-line parsing. getopt_long isn't used: it permutes argv, prints by itself in English,
 * and can't suggest the option that was meant. */
#include "cli/args.h"

#include <string.h>

#include "base/str.h"

#define WORD_MAX 40 /* longest name looked up for suggestions */

static const struct mg_option *find_long(const struct mg_option *options, const char *name, size_t n)
{
    for (const struct mg_option *o = options; o && o->name; o++)
        if (strlen(o->name) == n && memcmp(o->name, name, n) == 0)
            return o;
    return NULL;
}

static const struct mg_option *find_letter(const struct mg_option *options, char letter)
{
    for (const struct mg_option *o = options; o && o->name; o++)
        if (o->letter == letter)
            return o;
    return NULL;
}

static void nearest(const struct mg_option *options, const char *name, const char **best, size_t *distance)
{
    for (const struct mg_option *o = options; o && o->name; o++) {
        size_t d = mg_str_distance(name, o->name);
        if (d < *distance) {
            *distance = d;
            *best = o->name;
        }
    }
}

static int unknown(const struct mg_option *options, const struct mg_option *common, const char *word,
                   struct mg_error *error)
{
    char name[WORD_MAX + 1] = "";
    size_t dashes = strspn(word, "-");
    strncat(name, word + dashes, WORD_MAX);
    name[strcspn(name, "=")] = '\0';
    const char *best = NULL;
    size_t distance = 3; /* two edits at most: further off is a guess, not a hint */
    nearest(options, name, &best, &distance);
    nearest(common, name, &best, &distance);
    mg_fail(error, MG_E_INVALID, "There is no option %s.", word);
    if (best)
        mg_fail_hint(error, "Did you mean --%s?", best);
    return MG_E_INVALID;
}

static bool is_choice(const char *const *choices, const char *value)
{
    for (; *choices; choices++)
        if (strcmp(*choices, value) == 0)
            return true;
    return false;
}

static int bad_choice(const struct mg_option *option, const char *value, struct mg_error *error)
{
    char list[160] = "";
    for (const char *const *c = option->choices; *c; c++) {
        if (*list)
            strncat(list, ", ", sizeof list - strlen(list) - 1);
        strncat(list, *c, sizeof list - strlen(list) - 1);
    }
    return mg_fail(error, MG_E_INVALID, "--%s can't be “%s”; it is one of %s.", option->name, value, list);
}

static int note(struct mg_args *args, const struct mg_option *option, const char *value,
                struct mg_error *error)
{
    if (args->n_given == MG_ARGS_MAX)
        return mg_fail(error, MG_E_LIMIT, "There are more than %d options.", MG_ARGS_MAX);
    if (value && option->choices && !is_choice(option->choices, value))
        return bad_choice(option, value, error);
    args->given[args->n_given].option = option;
    args->given[args->n_given++].value = value;
    return 0;
}

int mg_args_parse(const struct mg_option *options, const struct mg_option *common, int argc, char **argv,
                  struct mg_args *ret_args, struct mg_error *error)
{
    struct mg_args args = {0};
    bool only_operands = false;
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        if (only_operands || word[0] != '-' || !word[1]) {
            if (args.n_operands == MG_ARGS_MAX)
                return mg_fail(error, MG_E_LIMIT, "There are more than %d arguments.", MG_ARGS_MAX);
            args.operands[args.n_operands++] = word;
            continue;
        }
        if (strcmp(word, "--") == 0) {
            only_operands = true;
            continue;
        }
        bool is_long = word[1] == '-';
        const char *equals = is_long ? strchr(word, '=') : NULL;
        size_t n = is_long ? (equals ? (size_t)(equals - word) : strlen(word)) - 2 : 0;
        const struct mg_option *option =
            is_long ? find_long(options, word + 2, n) : (word[2] ? NULL : find_letter(options, word[1]));
        if (!option)
            option =
                is_long ? find_long(common, word + 2, n) : (word[2] ? NULL : find_letter(common, word[1]));
        if (!option)
            return unknown(options, common, word, error);
        if (!option->value && equals)
            return mg_fail(error, MG_E_INVALID, "--%s takes no value.", option->name);
        const char *value = NULL;
        if (option->value && !(value = equals ? equals + 1 : (i + 1 < argc ? argv[++i] : NULL)))
            return mg_fail(error, MG_E_INVALID, "--%s needs a value: %s.", option->name, option->value);
        int rc = note(&args, option, value, error);
        if (rc)
            return rc;
    }
    *ret_args = args;
    return 0;
}

bool mg_args_flag(const struct mg_args *args, const char *name)
{
    for (size_t i = 0; i < args->n_given; i++)
        if (strcmp(args->given[i].option->name, name) == 0)
            return true;
    return false;
}

const char *mg_args_get(const struct mg_args *args, const char *name)
{
    for (size_t i = args->n_given; i-- > 0;)
        if (strcmp(args->given[i].option->name, name) == 0)
            return args->given[i].value;
    return NULL;
}

int mg_args_number(const struct mg_args *args, const char *name, double low, double high, double fallback,
                   double *ret_value, struct mg_error *error)
{
    const char *text = mg_args_get(args, name);
    double value = fallback;
    if (text && (!mg_parse_double(text, &value) || value < low || value > high))
        return mg_fail(error, MG_E_INVALID, "--%s must be a number from %g to %g, not “%s”.", name, low, high,
                       text);
    *ret_value = value;
    return 0;
}

int mg_args_integer(const struct mg_args *args, const char *name, int64_t low, int64_t high, int64_t fallback,
                    int64_t *ret_value, struct mg_error *error)
{
    const char *text = mg_args_get(args, name);
    int64_t value = fallback;
    if (text && (!mg_parse_int(text, &value) || value < low || value > high))
        return mg_fail(error, MG_E_INVALID, "--%s must be a whole number from %lld to %lld, not “%s”.", name,
                       (long long)low, (long long)high, text);
    *ret_value = value;
    return 0;
}
