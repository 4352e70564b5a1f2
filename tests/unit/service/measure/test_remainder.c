/* What a total less the groups that are shown would tell: each table has few whom only a subtraction finds.
 */
#include "service/measure/fixture.h"

#define STUDY                                                                                                \
    "{\"study\":\"s\",\"scale\":{\"min\":1,\"max\":7},\"items\":[{\"code\":\"1\",\"expectation\":\"E\","     \
    "\"perception\":\"P\",\"adequate\":\"M\",\"importance\":\"I\"}],\"outcomes\":[{\"code\":\"o\","          \
    "\"kind\":\"nps\",\"column\":\"O\"}],\"customer\":\"c\",\"groups\":[{\"column\":\"g\"}]}"
#define HEAD "c,g,E,P,M,I,O\n"

/* n rows of one group, each of another person, from number `first` on. */
static const char *rows_of(struct fixture *f, const char *group, int first, int n, const char *answers)
{
    const char *all = "";
    for (int i = first; i < first + n; i++)
        all =
            mg_arena_printf(f->ctx.arena, "%s%d,%s,%d,%d%s\n", all, i, group, 5 + i % 3, 2 + i % 4, answers);
    return all;
}

static struct mg_wire_gap_report by_group(struct fixture *f, const char *rows)
{
    given(f, STUDY, mg_arena_printf(f->ctx.arena, HEAD "%s", rows));
    return gaps_by(f, "g");
}

static const struct mg_wire_gap_row *item_in(const struct mg_wire_gap_report *r, const char *group)
{
    for (size_t g = 0; g < r->n_groups; g++)
        if (strcmp(r->groups[g].keys[0].value, group) == 0)
            return r->groups[g].suppressed ? NULL : &r->groups[g].items[0];
    fail_msg("there is no group %s", group);
    return NULL;
}

static const char *two(struct fixture *f, const char *a, const char *b)
{
    return mg_arena_printf(f->ctx.arena, "%s%s", a, b);
}

static void importance_of_one_person_takes_the_others_along(void **state)
{
    struct fixture *f = *state;
    const char *a = rows_of(f, "a", 1, 10, ",3,6,9"), *b = rows_of(f, "b", 21, 9, ",3,,9");
    struct mg_wire_gap_report r = by_group(f, two(f, two(f, a, b), rows_of(f, "b", 31, 1, ",3,1,9")));
    assert_non_null(r.items[0].importance);
    assert_null(item_in(&r, "b")->importance);
    assert_null(item_in(&r, "a")->importance); /* 11 × the total's − 10 × a's is one person's */
    assert_non_null(item_in(&r, "a")->gap);
    assert_non_null(item_in(&r, "a")->msa);
    r = by_group(f, two(f, two(f, a, b), rows_of(f, "b", 31, 5, ",3,1,9")));
    assert_non_null(item_in(&r, "a")->importance);
    assert_non_null(item_in(&r, "b")->importance);
}

static void so_does_the_zone_of_two(void **state)
{
    struct fixture *f = *state;
    const char *a = rows_of(f, "a", 1, 10, ",3,6,9"), *b = rows_of(f, "b", 21, 9, ",,6,9");
    struct mg_wire_gap_report r = by_group(f, two(f, two(f, a, b), rows_of(f, "b", 31, 2, ",3,6,9")));
    assert_non_null(r.items[0].msa);
    assert_null(item_in(&r, "b")->msa);
    assert_null(item_in(&r, "a")->msa);
    assert_null(item_in(&r, "a")->adequate);
    assert_false(item_in(&r, "a")->has_zone);
    assert_non_null(item_in(&r, "a")->importance);
}

/* The same three in a and in b are three; with three others in b they are six. */
static void people_of_two_hidden_groups_count_once(void **state)
{
    struct fixture *f = *state;
    const char *c = two(f, rows_of(f, "c", 11, 10, ",3,6,9"), rows_of(f, "d", 31, 12, ",3,6,9")),
               *a = rows_of(f, "a", 1, 3, ",3,6,2");
    struct mg_wire_gap_report r = by_group(f, two(f, two(f, a, rows_of(f, "b", 1, 3, ",3,6,2")), c));
    const struct mg_wire_gap_row *row = item_in(&r, "c");
    assert_true(row->suppressed && row->suppressed_for_others);
    assert_string_equal(row->note, "not shown, so that a few others can't be worked out from it");
    assert_true(isnan(r.groups[2].scores[0].estimate.value));
    assert_string_equal(r.groups[2].scores[0].note, row->note);
    assert_non_null(item_in(&r, "d")->gap);
    r = by_group(f, two(f, two(f, a, rows_of(f, "b", 4, 3, ",3,6,2")), c));
    assert_non_null(item_in(&r, "c")->gap);
    assert_true(isfinite(r.groups[2].scores[0].estimate.value));
}

/* Each side from other people: of c two expectations, of d five perceptions. d has no expectation to hide. */
static void who_is_hidden_besides_has_such_a_number(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_gap_report r =
        by_group(f, "1,a,5,,,,\n2,a,6,,,,\n3,a,7,,,,\n4,a,5,,,,\n5,a,6,,,,\n6,a,7,,,,\n"
                    "7,a,,2,,,\n8,a,,3,,,\n9,a,,4,,,\n10,a,,2,,,\n11,a,,3,,,\n12,a,,4,,,\n"
                    "21,b,5,,,,\n22,b,6,,,,\n23,b,7,,,,\n24,b,5,,,,\n25,b,6,,,,\n26,b,7,,,,\n27,b,7,,,,\n"
                    "31,b,,2,,,\n32,b,,3,,,\n33,b,,4,,,\n34,b,,2,,,\n35,b,,3,,,\n36,b,,4,,,\n37,b,,4,,,\n"
                    "41,c,5,,,,\n42,c,6,,,,\n43,c,,,,,9\n44,c,,,,,9\n45,c,,,,,9\n"
                    "51,d,,2,,,\n52,d,,3,,,\n53,d,,4,,,\n54,d,,2,,,\n55,d,,3,,,\n");
    assert_true(item_in(&r, "c")->suppressed && !item_in(&r, "c")->suppressed_for_others);
    assert_true(item_in(&r, "a")->suppressed_for_others); /* b's seven are more */
    assert_non_null(item_in(&r, "b")->expectation);
    assert_non_null(item_in(&r, "d")->perception);
}

static bool notes_others(const struct mg_wire_gap_report *r)
{
    for (size_t i = 0; i < r->n_notes; i++)
        if (strstr(r->notes[i].en, "can't be worked out"))
            return true;
    return false;
}

static void the_report_says_so(void **state)
{
    struct fixture *f = *state;
    const char *a = rows_of(f, "a", 1, 10, ",3,6,9"), *b = rows_of(f, "b", 21, 12, ",3,6,9");
    struct mg_wire_gap_report r = by_group(f, two(f, a, b));
    assert_false(notes_others(&r));
    r = by_group(f, two(f, two(f, a, b), rows_of(f, "c", 41, 2, ",3,6,9")));
    assert_true(notes_others(&r));
    assert_true(item_in(&r, "a")->suppressed_for_others);
    assert_false(item_in(&r, "b")->suppressed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(importance_of_one_person_takes_the_others_along),
        TEST(so_does_the_zone_of_two),
        TEST(people_of_two_hidden_groups_count_once),
        TEST(who_is_hidden_besides_has_such_a_number),
        TEST(the_report_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
