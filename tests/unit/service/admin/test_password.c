/* Which passwords are refused, case by case. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "service/admin/password.h"

static const struct mg_password_owner owner = {"wang.xiaoming@example.com", "王小明·北辰热力客服部一组",
                                               "Northern Heat"};

static void guessable_passwords_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *password, *says;
    } cases[] = {
        {"short", "fewer than 10"},
        {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "UTF-8"},
        {"          ", "repeats"},
        {" \t \t \t \t \t \t", "repeats"},
        {"\u3000\u3000\u3000\u3000\u3000\u3000\u3000\u3000\u3000\u3000", "repeats"},
        {"aaaaaaaaaaaaaaaaaaaa", "repeats"},
        {"AaAaAaAaAaAa", "repeats"},
        {"一一一一一一一一一一", "repeats"},
        {"x            ", "repeats"},
        {"1212121212", "repeats"},
        {"wang.xiaoming@example.com", "organisation of its owner"},
        {"WANG.XIAOMING@EXAMPLE.COM", "organisation of its owner"},
        {"wang.xiaoming", "organisation of its owner"},
        {"wangxiaoming", "organisation of its owner"},
        {" Wang Xiaoming ", "organisation of its owner"},
        {"王小明·北辰热力客服部一组", "organisation of its owner"},
        {"northern heat", "organisation of its owner"},
        {"NORTHERN-HEAT", "organisation of its owner"},
        {"password123", "an attacker would try"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct mg_error error = {0};
        if (mg_password_check(cases[i].password, &owner, &error) != MG_E_INVALID)
            fail_msg("“%s” passes", cases[i].password);
        if (!strstr(error.message, cases[i].says))
            fail_msg("“%s”: %s", cases[i].password, error.message);
        assert_string_equal(error.field, "/password");
        assert_true(*error.hint);
    }
}

static void others_pass(void **state)
{
    (void)state;
    static const char *const good[] = {"correct horse battery", "十个汉字也可以作密码", "wang.xiaoming 77",
                                       "Northern Heat!",        "example.com is",       "aaaaaaaabc"};
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        struct mg_error error = {0};
        if (mg_password_check(good[i], &owner, &error) != 0)
            fail_msg("“%s”: %s", good[i], error.message);
        assert_int_equal(mg_password_check(good[i], &(struct mg_password_owner){0}, &error), 0);
    }
}

/* An unknown account must cost what a known one costs: the same algorithm, memory and passes. */
static void hashes_of_passwords_cost_what_they_should(void **state)
{
    (void)state;
    char hash[MG_PASSWORD_HASH_SIZE];
    assert_int_equal(mg_password_hash("correct horse battery", hash, NULL), 0);
    assert_int_equal(strncmp(hash, "$argon2id$v=19$m=19456,t=2,p=1$", 31), 0);
    assert_true(mg_password_matches(hash, "correct horse battery"));
    assert_false(mg_password_matches(hash, "correct horse batterz"));
    assert_false(mg_password_matches(NULL, "correct horse battery"));
    double known = -mg_clock_elapsed();
    for (int i = 0; i < 5; i++)
        mg_password_matches(hash, "wrong horse battery");
    known += mg_clock_elapsed();
    double unknown = -mg_clock_elapsed();
    for (int i = 0; i < 5; i++)
        mg_password_matches(NULL, "wrong horse battery");
    unknown += mg_clock_elapsed();
    assert_true(unknown > known / 4 && unknown < known * 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(guessable_passwords_are_refused),
        cmocka_unit_test(others_pass),
        cmocka_unit_test(hashes_of_passwords_cost_what_they_should),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
