/* Columns → study. Names are taken apart by affixes (src/model/words/columns.txt; "exp_wait", "E01"): the
 * affix is the side, the rest the key that pairs the columns. Values decide whether a column can be a rating
 * at all: whole numbers, few of them, in a short range once the usual codes for "no answer" are set aside. */
#include "service/record/propose.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "column/file.h"
#include "model/words.h"
#include "words.gen.h"

#define NOTES_MAX 64
#define GROUP_VALUES_MAX 20
#define FRACTIONS_MIN 2   /* different fractions among the frequent values, and */
#define FRACTIONS_SHARE 4 /* one of so many, make a scale continuous */
#define WORDS_SHARE 4     /* one of so many may be no number, in a rating */
#define SLIDER_MAX 100
#define RARE_SHARE 100 /* one of so many values may lie off a scale that ends below it */
#define BATTERY                                                                                              \
    3 /* columns that differ only in their number: a battery of questions, not single outcomes               \
       */

enum side { SIDE_NONE, SIDE_EXPECTATION, SIDE_PERCEPTION, SIDE_ADEQUATE, SIDE_IMPORTANCE };

/* Which words say so. */
static const struct mg_words *const sides[] = {
    [SIDE_EXPECTATION] = &mg_words_expectation,
    [SIDE_PERCEPTION] = &mg_words_perception,
    [SIDE_ADEQUATE] = &mg_words_adequate,
    [SIDE_IMPORTANCE] = &mg_words_importance,
};

static const double no_answer_codes[] = {-99, -9, -8, -1, 77, 88, 98, 99, 777, 888, 998, 999};

/* What is known of a column. */
struct column {
    const struct mg_column_info *info;
    bool rating;     /* numbers in a short range */
    bool continuous; /* with fractions that are meant */
    bool used;       /* also where its name can't stand in a study */
    bool unusable;   /* that is so */
    double min, max; /* without codes, and what is off the scale */
    double off;      /* the largest value off it; NAN: none */
    enum side side;
    const char *key;
};

struct proposer {
    struct mg_arena *arena;
    const struct mg_source_info *info;
    enum mg_lang lang;
    struct column *columns;
    struct mg_study *study;
    const char **notes;
    size_t n_notes;
    struct mg_item *items;
    double codes[ARRAY_LEN(no_answer_codes) + 1];
    size_t n_codes;
};

__attribute__((format(printf, 2, 3))) static void note(struct proposer *p, const char *format, ...)
{
    char text[600];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (p->n_notes < NOTES_MAX)
        p->notes[p->n_notes++] = mg_arena_strdup(p->arena, text);
}

/* ---- names ---- */

/* Whether a name is written in Chinese. */
static bool is_chinese(const char *name)
{
    for (uint32_t c; (c = mg_utf8_next(&name));)
        if (c >= 0x3400 && c <= 0x9FFF)
            return true;
    return false;
}

static struct mg_text text_of(const char *name, bool chinese)
{
    return chinese ? (struct mg_text){.zh = name} : (struct mg_text){.en = name};
}

/* Whether most of the file's names are. */
static bool speaks_chinese(const struct mg_source_info *info)
{
    size_t n = 0;
    for (size_t i = 0; i < info->n_columns; i++)
        n += is_chinese(info->columns[i].name);
    return 2 * n > info->n_columns;
}

static bool is_separator(char c)
{
    return c == '_' || c == '-' || c == '.' || c == ' ' || c == ':';
}

/* May an affix end (or begin) beside this character? Letters would make it part of a word. */
static bool is_boundary(char c, bool ascii_affix)
{
    return !ascii_affix || is_separator(c) || isdigit((unsigned char)c) || (unsigned char)c >= 0x80;
}

static const char *trimmed(struct mg_arena *arena, const char *text, size_t n)
{
    while (n && is_separator(*text))
        text++, n--;
    while (n && is_separator(text[n - 1]))
        n--;
    return n ? mg_arena_strndup(arena, text, n) : NULL;
}

/* The name without the affix at one of its ends; NULL: it isn't there, or nothing else is. */
static const char *without(struct mg_arena *arena, const char *name, const char *affix)
{
    size_t n = strlen(name), m = strlen(affix);
    bool ascii = (unsigned char)affix[0] < 0x80;
    if (m >= n)
        return NULL;
    if (strncasecmp(name, affix, m) == 0 && is_boundary(name[m], ascii))
        return trimmed(arena, name + m, n - m);
    if (strcasecmp(name + n - m, affix) == 0 && is_boundary(name[n - m - 1], ascii))
        return trimmed(arena, name, n - m);
    return NULL;
}

/* Finds the column's side and key; SIDE_NONE leaves key NULL. The longest affix counts, so that "expect_1"
 * isn't "e" + "xpect_1".
 */
static void take_apart(struct mg_arena *arena, struct column *column)
{
    size_t longest = 0;
    for (size_t side = SIDE_EXPECTATION; side < ARRAY_LEN(sides); side++)
        for (size_t i = 0; i < sides[side]->n; i++) {
            const char *affix = sides[side]->words[i];
            const char *key = strlen(affix) > longest ? without(arena, column->info->name, affix) : NULL;
            if (key) {
                longest = strlen(affix);
                column->side = (enum side)side;
                column->key = key;
            }
        }
}

/* How many columns have this name up to their trailing number. */
static size_t battery_size(const struct proposer *p, const char *name)
{
    size_t stem = strlen(name), n = 0;
    while (stem && isdigit((unsigned char)name[stem - 1]))
        stem--;
    if (!name[stem])
        return 1;
    for (size_t i = 0; i < p->info->n_columns; i++) {
        const char *other = p->info->columns[i].name;
        n += strncmp(other, name, stem) == 0 && other[stem] &&
             strspn(other + stem, "0123456789") == strlen(other + stem);
    }
    return n;
}

/* ---- values ---- */

static bool is_code(double value)
{
    for (size_t i = 0; i < ARRAY_LEN(no_answer_codes); i++)
        if (value == no_answer_codes[i])
            return true;
    return false;
}

static void remember_code(struct proposer *p, double code)
{
    for (size_t i = 0; i < p->n_codes; i++)
        if (p->codes[i] == code)
            return;
    if (p->n_codes < MG_STUDY_CODES_MAX)
        p->codes[p->n_codes++] = code;
}

/* Whether so many of the frequent values are fractions that they are meant: 5.5 on half points, 6.83 on a
 * slider. One among the whole numbers is a mistake, which the scale's step then shows up. */
static bool has_common_fractions(const struct mg_column_info *info)
{
    size_t fractions = 0;
    for (size_t i = 0; i < info->n_samples; i++) {
        double value;
        fractions += mg_parse_double(info->samples[i], &value) && value != floor(value);
    }
    return fractions >= FRACTIONS_MIN && FRACTIONS_SHARE * fractions >= info->n_samples;
}

/* Whether so many of the frequent values are numbers that the rest are bad cells: all but one of `most`. */
static bool are_numbers(const struct mg_column_info *info, size_t most)
{
    size_t others = 0;
    double value;
    for (size_t i = 0; i < info->n_samples; i++)
        others += !mg_parse_double(info->samples[i], &value);
    return most * others <= info->n_samples;
}

static void add_value(struct column *column, double value)
{
    column->min = fmin(column->min, value);
    column->max = fmax(column->max, value);
}

/* What would remain without the largest value: its count, and the largest below it. */
static double below_max(const struct column *column, int64_t *ret_n, int64_t *ret_all)
{
    const struct mg_column_info *info = column->info;
    double value, below = -INFINITY;
    *ret_n = *ret_all = 0;
    for (size_t i = 0; i < info->n_samples; i++) {
        if (!mg_parse_double(info->samples[i], &value) || is_code(value))
            continue;
        *ret_all += info->sample_counts[i];
        *ret_n += value >= column->max ? info->sample_counts[i] : 0;
        below = value < column->max ? fmax(below, value) : below;
    }
    return below;
}

/* A 9 or two among hundreds of answers of 1 to 7, and no 8, are no scale to 10 but mistakes: what is rare and
 * stands apart is set aside. Of a scale that people really use, its last steps are rare too, but hang
 * together. */
static void set_aside(struct column *column)
{
    int64_t n, all;
    while (column->info->sample_counts && !column->continuous) {
        double below = below_max(column, &n, &all);
        if (!(below > column->min && column->max - below > 1 && n * RARE_SHARE < all))
            return;
        column->off = isnan(column->off) ? column->max : column->off;
        column->max = below;
    }
}

/* The most frequent values are among the samples, all where there are at most 12; of a slider's the ends
 * tell. */
static void look_at_values(struct column *column)
{
    const struct mg_column_info *info = column->info;
    bool fractions = info->type == MG_TYPE_NUMBER;
    column->min = INFINITY;
    column->max = -INFINITY;
    column->off = NAN;
    column->continuous = fractions && has_common_fractions(info);
    int64_t most_values = fractions ? 24 : 12; /* a few fractions by mistake among the whole numbers */
    if (info->n_distinct < 2 || (info->n_distinct > most_values && !column->continuous) ||
        info->n_samples == 0)
        return;
    for (size_t i = 0; i < info->n_samples; i++) {
        double value;
        bool number = mg_parse_double(info->samples[i], &value);
        if (!number && are_numbers(info, WORDS_SHARE))
            continue; /* a bad cell: the import lists it */
        if (!number || (!fractions && value != floor(value)))
            return;
        bool code = is_code(value) && info->n_samples > 2;
        if (!code && (column->continuous || value == floor(value)))
            add_value(column, value);
    }
    if (column->continuous && !is_code(info->min))
        add_value(column, info->min);
    if (column->continuous && !is_code(info->max))
        add_value(column, info->max);
    set_aside(column);
    double most = column->continuous ? SLIDER_MAX : 11;
    column->rating = column->min >= 0 && column->max <= most && column->max - column->min >= 1;
}

/* The usual scale that holds [min, max]; the values' own range where none does. */
static struct mg_scale usual_scale(double min, double max)
{
    static const struct mg_scale usual[] = {{1, 5, 1}, {1, 7, 1}, {1, 10, 1}, {0, 10, 1}};
    if (max <= 4 && min >= 1 && max == 4)
        return (struct mg_scale){1, 4, 1};
    for (size_t i = 0; i < ARRAY_LEN(usual); i++)
        if (min >= usual[i].min && max <= usual[i].max)
            return usual[i];
    return max > 11 && min >= 0 && max <= SLIDER_MAX ? (struct mg_scale){0, SLIDER_MAX, 1}
                                                     : (struct mg_scale){min, max, 1};
}

/* The same for a column; with fractions that are meant it has no steps. */
static struct mg_scale scale_of(double min, double max, bool continuous)
{
    struct mg_scale scale = usual_scale(min, max);
    scale.step = continuous ? 0 : scale.step;
    return scale;
}

/* ---- items ---- */

static struct column *partner(struct proposer *p, const char *key, enum side side)
{
    for (size_t i = 0; i < p->info->n_columns; i++) {
        struct column *c = &p->columns[i];
        if (c->rating && !c->used && c->side == side && mg_str_equal_nocase(c->key, key))
            return c;
    }
    return NULL;
}

static const char *use(struct column *column)
{
    if (!column)
        return NULL;
    column->used = true;
    return column->info->name;
}

static struct mg_item *add_item(struct proposer *p, const char *code)
{
    if (p->study->n_items == MG_STUDY_ITEMS_MAX || strlen(code) > 64)
        return NULL;
    for (size_t i = 0; i < p->study->n_items; i++)
        if (strcmp(p->items[i].code, code) == 0)
            return NULL;
    struct mg_item *item = &p->items[p->study->n_items++];
    bool number = strspn(code, "0123456789") == strlen(code);
    *item = (struct mg_item){.code = code,
                             .label = text_of(number ? NULL : code, is_chinese(code)),
                             .dimension = SIZE_MAX,
                             .touchpoint = SIZE_MAX,
                             .truth = NAN};
    return item;
}

static void add_pairs(struct proposer *p)
{
    for (size_t i = 0; i < p->info->n_columns; i++) {
        struct column *e = &p->columns[i];
        if (e->side != SIDE_EXPECTATION || !e->rating || e->used)
            continue;
        struct column *perceived = partner(p, e->key, SIDE_PERCEPTION);
        struct mg_item *item = perceived ? add_item(p, e->key) : NULL;
        if (!item)
            continue;
        struct column *importance = partner(p, e->key, SIDE_IMPORTANCE);
        struct mg_scale scale = scale_of(fmin(e->min, perceived->min), fmax(e->max, perceived->max),
                                         e->continuous || perceived->continuous);
        item->scale = scale;
        item->importance_scale =
            importance ? scale_of(importance->min, importance->max, importance->continuous) : scale;
        item->expectation = use(e);
        item->perception = use(perceived);
        item->adequate = use(partner(p, e->key, SIDE_ADEQUATE));
        item->importance = use(importance);
    }
    if (p->study->n_items)
        note(p, mg_tr(p->lang, "%zu pairs of expectation and perception by name, the first “%s” and “%s”."),
             p->study->n_items, p->items[0].expectation, p->items[0].perception);
}

/* Fractions without a partner are rather measurements and weights than ratings. */
static bool is_whole_rating(const struct column *c)
{
    return c->rating && !c->used && !c->continuous;
}

/* Without pairs: the columns that share the commonest range are taken as perceptions. */
static void add_perceptions(struct proposer *p)
{
    size_t best = 0, best_n = 0;
    for (size_t i = 0; i < p->info->n_columns; i++) {
        size_t n = 0;
        for (size_t j = 0; j < p->info->n_columns; j++)
            n += is_whole_rating(&p->columns[j]) && p->columns[j].max == p->columns[i].max;
        if (is_whole_rating(&p->columns[i]) && n > best_n) {
            best_n = n;
            best = i;
        }
    }
    if (best_n < BATTERY)
        return;
    double max = p->columns[best].max;
    for (size_t i = 0; i < p->info->n_columns; i++) {
        struct column *c = &p->columns[i];
        struct mg_item *item = is_whole_rating(c) && c->max == max ? add_item(p, c->info->name) : NULL;
        if (!item)
            continue;
        item->scale = usual_scale(fmax(c->min, max <= 7 ? 1 : 0), max);
        item->importance_scale = item->scale;
        item->perception = use(c);
        if (c->min == 0 && max <= 7)
            remember_code(p, 0);
    }
    note(p, mg_tr(p->lang, "No expectations found by name; %zu ratings are taken as perceptions."),
         p->study->n_items);
}

static struct mg_scale scale_of_all(const struct proposer *p, bool importance)
{
    double min = INFINITY, max = -INFINITY;
    bool continuous = false;
    for (size_t i = 0; i < p->study->n_items; i++) {
        const struct mg_item *item = &p->items[i];
        const struct mg_scale *scale = importance ? &item->importance_scale : &item->scale;
        if (importance && !item->importance)
            continue;
        min = fmin(min, scale->min);
        max = fmax(max, scale->max);
        continuous = continuous || scale->step == 0;
    }
    return min < max ? scale_of(min, max, continuous) : (struct mg_scale){0};
}

/* Columns with values that were set aside, if the scale chosen in the end doesn't hold them after all. */
static void note_off(struct proposer *p, const struct mg_scale *scale)
{
    const struct column *first = NULL;
    size_t n = 0;
    for (size_t i = 0; i < p->info->n_columns; i++) {
        const struct column *c = &p->columns[i];
        bool off = c->used && c->rating && c->off > scale->max;
        first = off && !first ? c : first;
        n += off;
    }
    if (n == 1)
        note(p,
             mg_tr(p->lang, "“%s” holds values beyond the scale, such as %g: they are rare and don't count."),
             first->info->name, first->off);
    else if (n)
        note(p,
             mg_tr(p->lang,
                   "%zu columns hold values beyond the scale, the first “%s” (%g): they are rare and "
                   "don't count."),
             n, first->info->name, first->off);
}

/* One scale for all items and one for all importances: not every item's answers use the whole of it. */
static void choose_scale(struct proposer *p)
{
    if (p->study->n_items == 0)
        return;
    struct mg_scale scale = scale_of_all(p, false), importance = scale_of_all(p, true);
    bool own = importance.max > importance.min &&
               (importance.min != scale.min || importance.max != scale.max || importance.step != scale.step);
    p->study->scale = scale;
    if (own)
        p->study->importance_scale = importance;
    for (size_t i = 0; i < p->study->n_items; i++) {
        p->items[i].scale = scale;
        p->items[i].importance_scale = own ? importance : scale;
    }
    note(p, mg_tr(p->lang, "Scale %g to %g, from the values."), scale.min, scale.max);
    note_off(p, &scale);
    if (scale.step == 0)
        note(p, "%s", mg_tr(p->lang, "Fractions are common: the scale has no steps (step 0)."));
}

static void collect_codes(struct proposer *p)
{
    for (size_t i = 0; i < p->info->n_columns; i++) {
        const struct mg_column_info *info = p->columns[i].info;
        for (size_t s = 0; p->columns[i].used && p->columns[i].rating && s < info->n_samples; s++) {
            double value;
            if (mg_parse_double(info->samples[s], &value) && is_code(value))
                remember_code(p, value);
        }
    }
    for (size_t i = 0; i < p->n_codes; i++)
        note(p, mg_tr(p->lang, "%g is taken as “no answer”."), p->codes[i]);
    p->study->missing_codes = p->codes;
    p->study->n_missing_codes = p->n_codes;
}

/* ---- outcomes, groups, special columns ---- */

/* Whether the value is whole: long ones are cut for show. */
static bool is_whole_sample(const char *text)
{
    return strlen(text) < MG_SAMPLE_BYTES;
}

static const char *positive_of(const struct mg_column_info *info)
{
    for (size_t i = 0; i < info->n_samples; i++)
        if (mg_words_is(&mg_words_positive, info->samples[i]))
            return info->samples[i];
    for (size_t i = 0; i < info->n_samples; i++)
        if (is_whole_sample(info->samples[i]))
            return info->samples[i];
    return NULL;
}

static bool outcome_kind(const struct column *c, enum mg_outcome_kind *ret_kind)
{
    const char *name = c->info->name;
    bool to_ten = c->max == 10 || c->off == 10; /* few give a 10, and nobody a 9 */
    if (is_whole_rating(c) && to_ten && mg_words_has(&mg_words_nps, name))
        return *ret_kind = MG_OUTCOME_NPS, true;
    if (c->rating && mg_words_has(&mg_words_csat, name))
        return *ret_kind = MG_OUTCOME_CSAT, true;
    if (c->rating && mg_words_has(&mg_words_ces, name))
        return *ret_kind = MG_OUTCOME_CES, true;
    if (c->info->n_distinct == 2 && c->info->type == MG_TYPE_TEXT && mg_words_has(&mg_words_csat, name) &&
        positive_of(c->info))
        return *ret_kind = MG_OUTCOME_BINARY, true;
    return false;
}

static int add_outcomes(struct proposer *p)
{
    static const char *const kinds[] = {MG_TEXT("Net Promoter Score (NPS)"), MG_TEXT("satisfaction (CSAT)"),
                                        MG_TEXT("customer effort (CES)"), MG_TEXT("satisfaction index"),
                                        MG_TEXT("satisfied or not")};
    struct mg_outcome *outcomes = mg_arena_array(p->arena, MG_STUDY_PARTS_MAX, sizeof *outcomes);
    if (!outcomes)
        return MG_E_NO_MEMORY;
    for (size_t i = 0; i < p->info->n_columns && p->study->n_outcomes < MG_STUDY_PARTS_MAX; i++) {
        struct column *c = &p->columns[i];
        enum mg_outcome_kind kind;
        if (c->used || strlen(c->info->name) > 64 || !outcome_kind(c, &kind) ||
            battery_size(p, c->info->name) >= BATTERY)
            continue;
        struct mg_outcome *outcome = &outcomes[p->study->n_outcomes++];
        *outcome = (struct mg_outcome){.code = c->info->name,
                                       .label = text_of(c->info->name, is_chinese(c->info->name)),
                                       .kind = kind,
                                       .column = use(c),
                                       .scale = {0, 1, 1}};
        if (kind == MG_OUTCOME_BINARY)
            outcome->positive = positive_of(c->info);
        else
            outcome->scale = kind == MG_OUTCOME_NPS ? (struct mg_scale){0, 10, 1}
                                                    : scale_of(c->min, c->max, c->continuous);
        if (kind == MG_OUTCOME_NPS)
            c->off = NAN; /* the 10 that is on its scale after all */
        note(p, mg_tr(p->lang, "Outcome “%s”: %s."), outcome->column, mg_tr(p->lang, kinds[kind]));
    }
    p->study->outcomes = outcomes;
    return 0;
}

static void take_special(struct proposer *p, const struct mg_words *names, const char *what,
                         const char **ret_column)
{
    for (size_t i = 0; i < p->info->n_columns && !*ret_column; i++) {
        struct column *c = &p->columns[i];
        if (c->used || !mg_words_is(names, c->info->name))
            continue;
        *ret_column = use(c);
        note(p, mg_tr(p->lang, "“%s” is the %s column."), *ret_column, mg_tr(p->lang, what));
    }
}

/* Weights are numbers, all or most; a column of words that is called so is said, and not read. */
static void take_weight(struct proposer *p)
{
    for (size_t i = 0; i < p->info->n_columns && !p->study->weight; i++) {
        struct column *c = &p->columns[i];
        if (c->used || !mg_words_is(&mg_words_weight, c->info->name))
            continue;
        if (are_numbers(c->info, 2)) {
            p->study->weight = use(c);
            c->rating = false; /* its −1 is no code for no answer */
            note(p, mg_tr(p->lang, "“%s” is the weight column: reports are weighted by it."), c->info->name);
        } else {
            note(p, mg_tr(p->lang, "“%s” holds hardly any numbers: it isn't read as a weight."),
                 c->info->name);
        }
    }
}

static void add_specials(struct proposer *p)
{
    take_special(p, &mg_words_wave, MG_TEXT("wave"), &p->study->wave);
    take_weight(p);
    take_special(p, &mg_words_customer, MG_TEXT("customer"), &p->study->customer);
    take_special(p, &mg_words_episode, MG_TEXT("episode"), &p->study->episode);
    take_special(p, &mg_words_id, MG_TEXT("id"), &p->study->id);
    take_special(p, &mg_words_time, MG_TEXT("time"), &p->study->time);
}

static int add_groups(struct proposer *p)
{
    struct mg_grouping *groups = mg_arena_array(p->arena, MG_STUDY_PARTS_MAX, sizeof *groups);
    if (!groups)
        return MG_E_NO_MEMORY;
    for (size_t i = 0; i < p->info->n_columns && p->study->n_groups < MG_STUDY_PARTS_MAX; i++) {
        struct column *c = &p->columns[i];
        bool words = c->info->type == MG_TYPE_TEXT || c->info->type == MG_TYPE_BOOLEAN;
        if (c->used || !words || c->info->n_distinct < 2 || c->info->n_distinct > GROUP_VALUES_MAX ||
            c->info->n_distinct * 5 > p->info->rows || strlen(c->info->name) > 64 ||
            strcmp(c->info->name, "wave") == 0)
            continue;
        struct mg_grouping *group = &groups[p->study->n_groups++];
        *group = (struct mg_grouping){.code = c->info->name, .column = use(c)};
        note(p, mg_tr(p->lang, "Group “%s” with %lld values."), group->column,
             (long long)c->info->n_distinct);
    }
    p->study->groups = groups;
    return 0;
}

static void note_left_out(struct proposer *p)
{
    char list[400] = "";
    size_t n = 0;
    for (size_t i = 0; i < p->info->n_columns; i++) {
        const char *name = p->columns[i].info->name;
        if (p->columns[i].used && !p->columns[i].unusable)
            continue;
        size_t used = strlen(list);
        if (n < 8 && used + strlen(name) + 3 < sizeof list)
            snprintf(list + used, sizeof list - used, "%s%s", n ? ", " : "", name);
        n++;
    }
    if (n == 1)
        note(p, mg_tr(p->lang, "1 column is left out: %s."), list);
    else if (n)
        note(p, mg_tr(p->lang, "%zu columns are left out: %s%s."), n, list, n > 8 ? ", …" : "");
    if (p->study->n_items && p->study->n_dimensions == 0)
        note(p, "%s",
             mg_tr(p->lang, "Dimensions and touchpoints can't be guessed: add them to get their gaps."));
}

/* Whether a study can name the column: its name fits, and none before it differs only in case. */
static bool is_usable(const struct mg_source_info *info, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (mg_str_equal_nocase(info->columns[i].name, info->columns[at].name))
            return false;
    return mg_study_column_fits(info->columns[at].name);
}

int mg_record_propose(struct mg_arena *arena, const char *code, const struct mg_source_info *info,
                      enum mg_lang lang, struct mg_proposal *ret_proposal, struct mg_error *error)
{
    struct mg_proposal *own = mg_arena_alloc(arena, sizeof *own);
    struct proposer *p = mg_arena_alloc(arena, sizeof *p);
    if (!own || !p)
        return mg_fail_memory(error);
    *p = (struct proposer){.arena = arena, .info = info, .lang = lang, .study = &own->study};
    p->columns = mg_arena_array(arena, info->n_columns + 1, sizeof *p->columns);
    p->notes = mg_arena_array(arena, NOTES_MAX, sizeof *p->notes);
    p->items = mg_arena_array(arena, MG_STUDY_ITEMS_MAX, sizeof *p->items);
    if (!p->columns || !p->notes || !p->items)
        return mg_fail_memory(error);
    own->study = (struct mg_study){.code = code,
                                   .title = text_of(code, is_chinese(code) || speaks_chinese(info)),
                                   .min_answered = 0.5,
                                   .margin = MG_STUDY_MARGIN,
                                   .items = p->items};
    for (size_t i = 0; i < info->n_columns; i++) {
        p->columns[i].info = &info->columns[i];
        p->columns[i].used = p->columns[i].unusable = !is_usable(info, i);
        look_at_values(&p->columns[i]);
        take_apart(arena, &p->columns[i]);
    }
    add_pairs(p);
    if (add_outcomes(p))
        return mg_fail_memory(error);
    add_specials(p);
    if (own->study.n_items == 0)
        add_perceptions(p);
    choose_scale(p);
    collect_codes(p);
    if (add_groups(p))
        return mg_fail_memory(error);
    note_left_out(p);
    own->notes = p->notes;
    own->n_notes = p->n_notes;
    *ret_proposal = *own;
    return 0;
}
