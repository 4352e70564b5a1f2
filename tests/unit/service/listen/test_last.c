/* A file beside the last wave's: every kind of difference is found, and none where there is none. The waves
 * are simulated people's, so that what was planted is known. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/rng.h"
#include "base/str.h"
#include "service/listen/last_compare.h"
#include "service/listen/mapping.h"

#define PAIRS 6
#define ROWS 300
#define ALL ((1u << PAIRS) - 1)

static const char study_text[] =
    "{\"study\":\"heat\",\"scale\":{\"min\":1,\"max\":7},\"items\":["
    "{\"code\":\"a\",\"expectation\":\"E0\",\"perception\":\"P0\"},"
    "{\"code\":\"b\",\"expectation\":\"E1\",\"perception\":\"P1\"},"
    "{\"code\":\"c\",\"expectation\":\"E2\",\"perception\":\"P2\"},"
    "{\"code\":\"d\",\"expectation\":\"E3\",\"perception\":\"P3\"},"
    "{\"code\":\"e\",\"expectation\":\"E4\",\"perception\":\"P4\"},"
    "{\"code\":\"f\",\"expectation\":\"E5\",\"perception\":\"P5\"}],"
    "\"groups\":[{\"column\":\"district\"}],\"customer\":\"customer\",\"missing\":{\"codes\":[9]}}";

static const char *const agree[] = {"strongly disagree", "disagree", "somewhat disagree", "neutral",
                                    "somewhat agree",    "agree",    "strongly agree"};

static char path[] = "/tmp/mg-last-XXXXXX";
static struct mg_arena *arena;
static struct mg_fields fields;

/* --- waves --- */

struct wave {
    uint64_t seed;
    double expected[PAIRS], got[PAIRS]; /* means of what people have in mind, on 1 to 7 */
    int points, above; /* of the scale as it is asked (0: 7), and by how much its answers lie higher */
    unsigned flip_expected, flip_got; /* bits of columns that are turned round */
    const char *const *words;         /* of 1 to 7; NULL: numbers */
    int rows;                         /* 0: ROWS */
    const char *rest;                 /* more columns' names */
    bool without_p5, p5_empty, p5_text;
};

static const struct wave honest = {
    .seed = 1, .expected = {6.2, 5.9, 6.0, 5.4, 6.3, 5.7}, .got = {5.2, 4.6, 5.4, 4.9, 4.1, 5.7}};

static int answer_of(const struct wave *wave, struct mg_rng *rng, double mean, bool flip)
{
    double x = round(mean + 1.1 * mg_rng_normal(rng));
    x = x < 1 ? 1 : x > 7 ? 7 : x;
    x = flip ? 8 - x : x;
    int points = wave->points ? wave->points : 7;
    return (int)round(1 + (x - 1) * (points - 1) / 6) + wave->above;
}

static void put_answer(FILE *file, const struct wave *wave, struct mg_rng *rng, double mean, bool flip)
{
    int x = answer_of(wave, rng, mean, flip);
    if (mg_rng_below(rng, 50) == 0)
        fputs(",9", file);
    else if (wave->words)
        fprintf(file, ",%s", wave->words[x - 1]);
    else
        fprintf(file, ",%d", x);
}

static void put_row(FILE *file, const struct wave *wave, struct mg_rng *rng, int row)
{
    fprintf(file, "a word from %d,K%d,%s", row, row, row % 2 ? "east" : "west");
    for (int i = 0; i < PAIRS; i++) {
        put_answer(file, wave, rng, wave->expected[i], wave->flip_expected >> i & 1);
        if (i == 5 && wave->without_p5)
            continue;
        if (i == 5 && (wave->p5_empty || wave->p5_text))
            fputs(wave->p5_empty ? "," : ",it was so so", file);
        else
            put_answer(file, wave, rng, wave->got[i], wave->flip_got >> i & 1);
    }
    fputs(wave->rest ? ",1\n" : "\n", file);
}

static struct mg_exchange *open_wave(const struct wave *wave)
{
    struct mg_rng rng = mg_rng_init(wave->seed, 0);
    struct mg_exchange *file = NULL;
    struct mg_error error = {0};
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fprintf(out, "note,customer,district,E0,P0,E1,P1,E2,P2,E3,P3,E4,P4,E5%s%s\n",
            wave->without_p5 ? "" : ",P5", wave->rest ? wave->rest : "");
    for (int row = 0; row < (wave->rows ? wave->rows : ROWS); row++)
        put_row(out, wave, &rng, row);
    fclose(out);
    if (mg_exchange_open(path, NULL, &file, &error))
        fail_msg("%s", error.message);
    return file;
}

/* --- what is kept, and the comparison --- */

static void add_mapping(const char **targets, struct mg_exchange *file, struct mg_wire_mapping *mapping,
                        size_t *n)
{
    for (size_t i = 0; i < file->n_columns; i++)
        if (targets[i])
            mapping[(*n)++] = (struct mg_wire_mapping){file->columns[i], targets[i]};
}

/* Written and read back, as from the record. */
static struct mg_last_profile kept_of(struct mg_exchange *file, const struct mg_wire_reading *reading)
{
    struct mg_error error = {0};
    struct mg_wire_mapping mapping[64];
    struct mg_last_profile profile, back;
    struct mg_buf text;
    const char **targets;
    size_t n = 0;
    struct mg_record_study study = {.fields = fields};
    struct mg_import_source source = {
        .file = file, .study = &study, .columns = file->columns, .n_columns = file->n_columns};
    assert_int_equal(
        mg_mapping_propose(arena, &fields, file->columns, file->given, file->n_columns, &targets, &error), 0);
    add_mapping(targets, file, mapping, &n);
    assert_int_equal(mg_mapping_resolve(arena, &fields, mapping, n, file->columns, file->n_columns,
                                        &source.targets, &error),
                     0);
    assert_int_equal(mg_last_profile_of(arena, &source, reading, &profile, &error), 0);
    mg_buf_init(&text, MG_LAST_BYTES_MAX);
    mg_last_profile_write(&profile, &text);
    assert_false(text.failed);
    if (mg_last_profile_parse(arena, text.data, &back, &error))
        fail_msg("%s", error.message);
    assert_null(strstr(text.data, "a word from"));
    assert_null(strstr(text.data, "\"note\""));
    assert_null(strstr(text.data, "K17"));
    assert_null(strstr(text.data, "east"));
    mg_buf_done(&text);
    return back;
}

static struct mg_wire_last_wave compare(const struct wave *before, const struct wave *now)
{
    struct mg_error error = {0};
    struct mg_wire_last_wave found = {0};
    struct mg_exchange *file = open_wave(before);
    const struct mg_last_profile last = kept_of(file, NULL);
    mg_exchange_close(file);
    file = open_wave(now);
    if (mg_last_compare(arena, MG_LANG_EN, &fields, file, &last, &found, &error))
        fail_msg("%s", error.message);
    mg_exchange_close(file);
    return found;
}

/* "scale_flipped P0; column_new x; " */
static const char *said(const struct mg_wire_last_wave *found)
{
    struct mg_buf text;
    mg_buf_init(&text, 1 << 16);
    mg_buf_puts(&text, "");
    for (size_t i = 0; i < found->n_differences; i++)
        mg_buf_printf(&text, "%s %s; ", mg_wire_wave_difference_kind_text(found->differences[i].kind),
                      found->differences[i].column);
    const char *copy = mg_arena_strdup(arena, text.data);
    mg_buf_done(&text);
    return copy;
}

static void assert_differences(const struct wave *before, const struct wave *now, const char *expected)
{
    const struct mg_wire_last_wave found = compare(before, now);
    assert_string_equal(said(&found), expected);
    assert_int_equal(found.more, 0);
    for (size_t i = 0; i < found.n_differences; i++)
        assert_non_null(strstr(found.differences[i].text, found.differences[i].column));
}

/* --- none --- */

static void the_same_file_has_no_differences(void **state)
{
    (void)state;
    struct wave words = honest;
    words.words = agree;
    assert_differences(&honest, &honest, "");
    assert_differences(&words, &words, "");
    const struct mg_wire_last_wave found = compare(&honest, &honest);
    assert_int_equal(found.columns, 14);
    assert_int_equal(found.found, 14);
}

static void other_people_of_the_same_mind_make_no_difference(void **state)
{
    (void)state;
    for (uint64_t seed = 2; seed < 40; seed++) {
        struct wave now = honest;
        now.seed = seed;
        now.rows = seed % 3 ? ROWS : 60;
        assert_differences(&honest, &now, "");
    }
}

/* All items, or some, as far as service goes down or up in a year, and much further. */
static void an_honest_change_of_answers_is_none_of_the_scale(void **state)
{
    (void)state;
    for (uint64_t seed = 2; seed < 20; seed++)
        for (double fall = -1; fall <= 2.5; fall += 0.25) {
            struct wave all = honest, two = honest;
            all.seed = two.seed = seed;
            for (int i = 0; i < PAIRS; i++)
                all.got[i] -= fall + 0.2 * (double)((seed + (uint64_t)i) % 3 - 1);
            two.got[1] -= fall / 2;
            two.got[4] -= fall / 2;
            assert_differences(&honest, &all, "");
            assert_differences(&honest, &two, "");
        }
}

/* --- turned round --- */

static void a_column_turned_round_is_found(void **state)
{
    (void)state;
    for (uint64_t seed = 2; seed < 30; seed++) {
        struct wave now = honest;
        now.seed = seed;
        now.flip_got = 1 << 0 | 1 << 2;
        for (int i = 0; i < PAIRS; i++)
            now.got[i] -= 0.15; /* the year was a little worse, too */
        assert_differences(&honest, &now, "scale_flipped P0; scale_flipped P2; ");
        now.flip_got = 0;
        now.flip_expected = 1 << 4;
        assert_differences(&honest, &now, "scale_flipped E4; ");
    }
}

static void a_half_turned_round_is_found(void **state)
{
    (void)state;
    for (uint64_t seed = 2; seed < 30; seed++) {
        struct wave now = honest;
        now.seed = seed;
        now.flip_got = ALL;
        assert_differences(&honest, &now,
                           "scale_flipped P0; scale_flipped P1; scale_flipped P2; scale_flipped P3; "
                           "scale_flipped P4; scale_flipped P5; ");
    }
}

/* The same words, with other numbers. */
static void words_that_count_the_other_way_are_found(void **state)
{
    (void)state;
    struct mg_error error = {0};
    struct wave words = honest;
    struct mg_wire_last_wave found = {0};
    words.words = agree;
    struct mg_exchange *file = open_wave(&words);
    const struct mg_last_profile last = kept_of(file, NULL);
    mg_exchange_close(file);
    const struct mg_exchange_correction told[] = {
        {.column = "P1", .flipped = true},
        {.column = "E2", .labels = &(struct mg_cell_label){"agree", 5}, .n_labels = 1}};
    const struct mg_exchange_options options = {.corrections = told, .n_corrections = 2};
    assert_int_equal(mg_exchange_open(path, &options, &file, &error), 0);
    assert_int_equal(mg_last_compare(arena, MG_LANG_EN, &fields, file, &last, &found, &error), 0);
    mg_exchange_close(file);
    assert_string_equal(said(&found), "scale_flipped P1; labels_changed E2; ");
    assert_string_equal(found.differences[1].before, "agree = 6");
    assert_string_equal(found.differences[1].now, "agree = 5");
}

/* --- the others --- */

static void a_scale_of_other_points_is_found(void **state)
{
    (void)state;
    struct wave shorter = honest, longer = honest, lower = honest;
    shorter.points = 5;
    longer.points = 11;
    lower.above = -1;
    const char *all =
        "scale_changed E0; scale_changed P0; scale_changed E1; scale_changed P1; scale_changed E2; "
        "scale_changed P2; scale_changed E3; scale_changed P3; scale_changed E4; scale_changed P4; "
        "scale_changed E5; scale_changed P5; ";
    assert_differences(&honest, &shorter, all);
    assert_differences(&honest, &longer, all);
    const struct mg_wire_last_wave found =
        compare(&honest, &lower); /* 0 to 6: those that somebody answered 0 */
    assert_true(found.n_differences >= PAIRS);
    for (size_t i = 0; i < found.n_differences; i++)
        assert_int_equal(found.differences[i].kind, MG_WIRE_WAVE_DIFFERENCE_KIND_SCALE_CHANGED);
}

static void columns_that_come_and_go_are_found(void **state)
{
    (void)state;
    struct wave more = honest, less = honest, empty = honest, text = honest;
    more.rest = ",again";
    less.without_p5 = true;
    empty.p5_empty = true;
    text.p5_text = true;
    assert_differences(&honest, &more, "column_new again; ");
    assert_differences(&more, &honest, ""); /* the study didn't take it */
    assert_differences(&more, &more, "");
    assert_differences(&honest, &less, "column_gone P5; ");
    assert_differences(&honest, &empty, "column_gone P5; ");
    assert_differences(&honest, &text, "type_changed P5; ");
    less.rest = ",again";
    assert_differences(&honest, &less, "column_gone P5; column_new again; ");
}

static void questions_are_compared(void **state)
{
    (void)state;
    struct mg_error error = {0};
    struct mg_wire_last_wave found = {0};
    struct mg_exchange *file = open_wave(&honest);
    const char **labels = (const char **)file->labels;
    labels[3] = "How warm should\n rooms  be";
    const struct mg_last_profile last = kept_of(file, NULL);
    labels[3] = "how warm should rooms be";
    assert_int_equal(mg_last_compare(arena, MG_LANG_EN, &fields, file, &last, &found, &error), 0);
    assert_string_equal(said(&found), "");
    labels[3] = NULL; /* another tool wrote the file: it says no questions */
    assert_int_equal(mg_last_compare(arena, MG_LANG_EN, &fields, file, &last, &found, &error), 0);
    assert_string_equal(said(&found), "");
    labels[3] = "How quiet should rooms be";
    assert_int_equal(mg_last_compare(arena, MG_LANG_EN, &fields, file, &last, &found, &error), 0);
    assert_string_equal(said(&found), "label_changed E0; ");
    mg_exchange_close(file);
}

/* Codes that we make of long questions count up: with one more in front they all move on. */
static void a_column_is_found_by_its_own_words_first(void **state)
{
    (void)state;
    struct mg_error error = {0};
    struct mg_exchange *file = open_wave(&honest);
    const char **given = (const char **)file->given;
    given[3] = "a question that is new";
    given[4] = "how warm should rooms be";
    const struct mg_last_column columns[] = {{.name = "E0", .given = "how warm should rooms be"},
                                             {.name = "P0", .given = "how warm are they"},
                                             {.name = "e1"},
                                             {.name = "gone"}};
    const struct mg_last_profile last = {.columns = columns, .n_columns = 4};
    size_t *places, n;
    assert_int_equal(mg_last_match(arena, file, &last, &places, &n, &error), 0);
    assert_int_equal(places[0], 4);
    assert_int_equal(places[1], SIZE_MAX); /* its name is another column's now */
    assert_int_equal(places[2], 5);
    assert_int_equal(places[3], SIZE_MAX);
    assert_int_equal(n, 2);
    mg_exchange_close(file);
}

/* --- what is kept --- */

static void the_told_reading_is_kept_of_columns_that_are_taken(void **state)
{
    (void)state;
    const struct mg_wire_reading_column told[] = {
        {.column = "note", .labels = &(struct mg_wire_reading_label){.text = "private words"}, .n_labels = 1},
        {.column = "P1", .flipped = true}};
    const struct mg_wire_reading reading = {.encoding = "GB18030", .columns = told, .n_columns = 2};
    struct mg_exchange *file = open_wave(&honest);
    const struct mg_last_profile kept = kept_of(file, &reading);
    mg_exchange_close(file);
    assert_string_equal(kept.reading->encoding, "GB18030");
    assert_int_equal(kept.reading->n_columns, 1);
    assert_string_equal(kept.reading->columns[0].column, "P1");
    assert_true(kept.reading->columns[0].flipped);
}

static void what_cannot_be_read_is_refused(void **state)
{
    (void)state;
    static const char *const odd[] = {
        "",
        "[]",
        "{}",
        "{\"version\":1}",
        "{\"version\":2,\"columns\":[],\"others\":[]}",
        "{\"version\":1,\"columns\":[{}],\"others\":[]}",
        "{\"version\":1,\"columns\":[{\"name\":\"a\",\"labels\":[1,2]}],\"others\":[]}",
        "{\"version\":1,\"columns\":[],\"others\":[7]}",
        "{\"version\":1,\"columns\":[],\"others\":[],\"reading\":{\"title_rows\":-1}}"};
    struct mg_last_profile profile;
    for (size_t i = 0; i < ARRAY_LEN(odd); i++)
        assert_int_not_equal(mg_last_profile_parse(arena, odd[i], &profile, NULL), 0);
    assert_int_equal(
        mg_last_profile_parse(arena, "{\"version\":1,\"columns\":[],\"others\":[]}", &profile, NULL), 0);
}

/* --- */

static int set_up(void **state)
{
    struct mg_error error = {0};
    const struct mg_study *study;
    (void)state;
    arena = mg_arena_new((size_t)1 << 30);
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    if (mg_study_parse(arena, study_text, strlen(study_text), &study, &error) ||
        mg_fields_of(arena, study, &fields, &error))
        fail_msg("%s", error.message);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(path);
    mg_arena_free(arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_file_has_no_differences),
        cmocka_unit_test(other_people_of_the_same_mind_make_no_difference),
        cmocka_unit_test(an_honest_change_of_answers_is_none_of_the_scale),
        cmocka_unit_test(a_column_turned_round_is_found),
        cmocka_unit_test(a_half_turned_round_is_found),
        cmocka_unit_test(words_that_count_the_other_way_are_found),
        cmocka_unit_test(a_scale_of_other_points_is_found),
        cmocka_unit_test(columns_that_come_and_go_are_found),
        cmocka_unit_test(questions_are_compared),
        cmocka_unit_test(a_column_is_found_by_its_own_words_first),
        cmocka_unit_test(the_told_reading_is_kept_of_columns_that_are_taken),
        cmocka_unit_test(what_cannot_be_read_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
