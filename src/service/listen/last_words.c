/* What answers in words count as, beside last time: text by text; see last_private.h. */
#include <math.h>

#include "base/str.h"
#include "service/listen/last_private.h"

static const struct mg_cell_label *find_label(const struct mg_last_column *column, const char *text)
{
    for (size_t i = 0; i < column->n_labels; i++)
        if (mg_str_equal_nocase(column->labels[i].text, text))
            return &column->labels[i];
    return NULL;
}

/* What became of the words that both have. */
struct words {
    size_t common, changed, mirrored;
    const struct mg_cell_label *before, *now; /* the first that changed */
};

static struct words compare_words(const struct side *side)
{
    struct words words = {0};
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < side->before->n_labels; i++)
        if (find_label(&side->now, side->before->labels[i].text)) {
            low = fmin(low, side->before->labels[i].value);
            high = fmax(high, side->before->labels[i].value);
        }
    for (size_t i = 0; i < side->before->n_labels; i++) {
        const struct mg_cell_label *before = &side->before->labels[i];
        const struct mg_cell_label *now = find_label(&side->now, before->text);
        if (!now)
            continue;
        words.common++;
        words.mirrored += now->value == low + high - before->value;
        if (now->value == before->value)
            continue;
        if (words.changed++ == 0) {
            words.before = before;
            words.now = now;
        }
    }
    return words;
}

void mg_last_compare_words(struct comparison *c, struct side *side)
{
    const struct words words = compare_words(side);
    if (side->told || side->before->n_labels < 2 || side->now.n_labels < 2)
        return;
    if (words.common == 0) {
        const char *before = side->before->labels[0].text, *now = side->now.labels[0].text;
        mg_last_add(
            c, WORDS, side->now.name, before, now,
            mg_last_say(
                c,
                MG_TEXT("“%.100s” is answered in other words: “%.60s” and others last time, now “%.60s” and "
                        "others."),
                side->now.name, before, now));
        side->told = true;
    }
    if (words.changed == 0)
        return;
    bool turned = words.common > 1 && words.mirrored == words.common;
    const char *before = mg_last_print(c, "%.60s = %g", words.before->text, words.before->value);
    const char *now = mg_last_print(c, "%.60s = %g", words.now->text, words.now->value);
    mg_last_add(
        c, turned ? FLIP : WORDS, side->now.name, before, now,
        turned
            ? mg_last_say(
                  c, MG_TEXT("“%.100s” counts the other way round: “%.60s” was %g last time, now it is %g."),
                  side->now.name, words.before->text, words.before->value, words.now->value)
            : mg_last_say(c, MG_TEXT("“%.100s”: the answer “%.60s” counted as %g last time, now as %g."),
                          side->now.name, words.before->text, words.before->value, words.now->value));
    side->told = true;
}
