/* Holidays: made, changed, changed by somebody else, a day that is taken, removed twice, another
 * organisation's. */
#include "column/engine.h"
#include "service/listen/fixture.h"

#include "service/record/holiday.h"

static void holidays(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_holiday_edit edit = {.code = "2026-02-17", .label = {"New Year", "春节"}};
    struct mg_wire_holiday made, other;
    struct mg_wire_holiday_list list;
    SUCCEEDS(mg_record_holiday_create(&f->ctx, &edit, &made, &f->error));
    assert_int_equal(mg_record_holiday_create(&f->ctx, &edit, &other, &f->error), MG_E_TAKEN);
    assert_string_equal(f->error.message, "The code 2026-02-17 is taken.");
    SUCCEEDS(mg_record_holiday_get(&f->ctx, made.id, &other, &f->error));
    assert_string_equal(other.label.zh_cn, "春节");
    assert_int_equal(mg_record_holiday_update(&f->ctx, made.id, &edit, &other, &f->error), MG_E_INVALID);
    edit = (struct mg_wire_holiday_edit){.code = "2026-02-18", .version = 1, .has_version = true};
    SUCCEEDS(mg_record_holiday_update(&f->ctx, made.id, &edit, &made, &f->error));
    assert_int_equal(made.version, 2);
    assert_int_equal(mg_record_holiday_update(&f->ctx, made.id, &edit, &other, &f->error), MG_E_CHANGED);
    char own[27];
    strcpy(own, f->ctx.caller.org_id);
    SUCCEEDS(mg_org_create(&f->ctx, "Other", false, f->ctx.caller.org_id, &f->error));
    assert_int_equal(mg_record_holiday_get(&f->ctx, made.id, &other, &f->error), MG_E_NOT_FOUND);
    assert_int_equal(mg_record_holiday_delete(&f->ctx, made.id, &f->error), MG_E_NOT_FOUND);
    strcpy(f->ctx.caller.org_id, own);
    SUCCEEDS(mg_record_holiday_delete(&f->ctx, made.id, &f->error));
    assert_int_equal(mg_record_holiday_delete(&f->ctx, made.id, &f->error), MG_E_NOT_FOUND);
    SUCCEEDS(mg_record_holiday_list(&f->ctx, &list, &f->error));
    assert_int_equal(list.n_holidays, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(holidays, set_up, tear_down)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
