/* Dimensions, touchpoints, views, customers: create, change, remove, conflicts, isolation. */
#include "column/engine.h"
#include "service/listen/fixture.h"

#include "service/admin/audit.h"
#include "service/record/catalog.h"
#include "service/record/customer.h"

static void dimensions(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_dimension_edit edit = {
        .framework = MG_WIRE_FRAMEWORK_OWN, .code = "warm", .label = {"Warmth", "温暖"}};
    struct mg_wire_dimension made, other;
    SUCCEEDS(mg_record_dimension_create(&f->ctx, &edit, &made, &f->error));
    assert_string_equal(made.label.zh_cn, "温暖");
    assert_int_equal(made.framework, MG_WIRE_FRAMEWORK_OWN);
    assert_int_equal(mg_record_dimension_create(&f->ctx, &edit, &other, &f->error), MG_E_TAKEN);
    assert_string_equal(f->error.message, "The code warm is taken.");
    edit.code = "cosy";
    edit.version = 1;
    edit.has_version = true;
    SUCCEEDS(mg_record_dimension_update(&f->ctx, made.id, &edit, &made, &f->error));
    assert_string_equal(made.code, "cosy");
    assert_string_equal(made.label.en, "Warmth");
    assert_int_equal(made.version, 2);
    assert_int_equal(mg_record_dimension_update(&f->ctx, made.id, &edit, &made, &f->error), MG_E_CHANGED);
    assert_non_null(strstr(f->error.message, "somebody else"));
    SUCCEEDS(mg_record_dimension_delete(&f->ctx, made.id, &f->error));
    assert_int_equal(mg_record_dimension_delete(&f->ctx, made.id, &f->error), MG_E_NOT_FOUND);
    struct mg_wire_dimension_list list;
    SUCCEEDS(mg_record_dimension_list(&f->ctx, &list, &f->error));
    assert_int_equal(list.n_dimensions, 0);
}

static void touchpoints_in_order_of_the_service(void **state)
{
    struct fixture *f = *state;
    static const enum mg_wire_stage stages[] = {MG_WIRE_STAGE_AFTER, MG_WIRE_STAGE_BEFORE,
                                                MG_WIRE_STAGE_DURING};
    struct mg_wire_touchpoint made;
    for (int i = 0; i < 3; i++) {
        char code[8];
        snprintf(code, sizeof code, "t%d", i);
        struct mg_wire_touchpoint_edit edit = {.code = code, .label = {"T", NULL}, .stage = stages[i]};
        SUCCEEDS(mg_record_touchpoint_create(&f->ctx, &edit, &made, &f->error));
        assert_int_equal(made.stage, stages[i]);
    }
    struct mg_wire_touchpoint_list list;
    SUCCEEDS(mg_record_touchpoint_list(&f->ctx, &list, &f->error));
    assert_int_equal(list.n_touchpoints, 3);
    assert_string_equal(list.touchpoints[0].code, "t1");
    assert_string_equal(list.touchpoints[2].code, "t0");
    struct mg_wire_touchpoint_edit edit = {
        .code = "t9", .stage = MG_WIRE_STAGE_AFTER, .version = 1, .has_version = true};
    SUCCEEDS(mg_record_touchpoint_update(&f->ctx, made.id, &edit, &made, &f->error));
    assert_string_equal(made.code, "t9");
    assert_null(made.label.en);
    char org[27];
    memcpy(org, f->ctx.caller.org_id, sizeof org);
    SUCCEEDS(mg_org_create(&f->ctx, "Other", false, f->ctx.caller.org_id, &f->error));
    assert_int_equal(mg_record_touchpoint_delete(&f->ctx, made.id, &f->error), MG_E_NOT_FOUND);
    memcpy(f->ctx.caller.org_id, org, sizeof org);
    SUCCEEDS(mg_record_touchpoint_delete(&f->ctx, made.id, &f->error));
}

static const char *add_user(struct fixture *f, const char *email)
{
    struct mg_wire_user user;
    struct mg_wire_user_create create = {
        .name = "U", .email = email, .role = MG_WIRE_ROLE_ANALYST, .password = "a long pass phrase"};
    SUCCEEDS(mg_user_create(&f->ctx, &create, &user, &f->error));
    return user.id;
}

static void views_belong_to_their_user(void **state)
{
    struct fixture *f = *state;
    const char *first = add_user(f, "a@example.org"), *second = add_user(f, "b@example.org");
    strcpy(f->ctx.caller.user_id, first);
    struct mg_wire_view_edit edit = {.name = "mine", .path = "/gaps?by=\"x\""};
    struct mg_wire_view view;
    struct mg_wire_view_list list;
    SUCCEEDS(mg_record_view_create(&f->ctx, &edit, &view, &f->error));
    assert_string_equal(view.path, "/gaps?by=\"x\"");
    assert_true(view.mine);
    strcpy(f->ctx.caller.user_id, second);
    SUCCEEDS(mg_record_view_list(&f->ctx, &list, &f->error));
    assert_int_equal(list.n_views, 0);
    assert_int_equal(mg_record_view_delete(&f->ctx, view.id, &f->error), MG_E_NOT_FOUND);
    strcpy(f->ctx.caller.user_id, first);
    edit.shared = true;
    edit.version = 1;
    edit.has_version = true;
    SUCCEEDS(mg_record_view_update(&f->ctx, view.id, &edit, &view, &f->error));
    strcpy(f->ctx.caller.user_id, second);
    SUCCEEDS(mg_record_view_list(&f->ctx, &list, &f->error));
    assert_int_equal(list.n_views, 1);
    assert_false(list.views[0].mine);
}

static void customers(void **state)
{
    struct fixture *f = *state;
    static const struct mg_wire_attribute attributes[] = {{"tariff", "A"}, {"since", "2019"}};
    struct mg_wire_customer customer, again;
    struct mg_wire_customer_list list;
    for (int i = 0; i < 5; i++) {
        char reference[16];
        snprintf(reference, sizeof reference, "%s%d", i < 3 ? "北-" : "N-", i);
        struct mg_wire_customer_edit edit = {
            .reference = reference, .attributes = attributes, .n_attributes = 2};
        SUCCEEDS(mg_record_customer_upsert(&f->ctx, &edit, &customer, &f->error));
    }
    assert_int_equal(customer.n_attributes, 2);
    struct mg_wire_customer_edit edit = {.reference = "N-4", .attributes = attributes, .n_attributes = 1};
    assert_int_equal(mg_record_customer_upsert(&f->ctx, &edit, &again, &f->error), MG_E_TAKEN);
    assert_string_equal(f->error.field, "/reference");
    edit.version = customer.version, edit.has_version = true;
    SUCCEEDS(mg_record_customer_upsert(&f->ctx, &edit, &again, &f->error));
    assert_string_equal(again.id, customer.id);
    assert_int_equal(again.n_attributes, 1);
    assert_int_equal(again.version, 2);
    /* Who read the first version would undo the second: nothing of it is written. */
    edit.n_attributes = 0;
    assert_int_equal(mg_record_customer_upsert(&f->ctx, &edit, &again, &f->error), MG_E_CHANGED);
    SUCCEEDS(mg_record_customer_get(&f->ctx, customer.id, &again, &f->error));
    assert_int_equal(again.n_attributes, 1);
    assert_int_equal(again.version, 2);
    SUCCEEDS(mg_record_customer_list(&f->ctx, "北", NULL, 2, &list, &f->error));
    assert_int_equal(list.total, 3);
    assert_int_equal(list.n_customers, 2);
    SUCCEEDS(mg_record_customer_list(&f->ctx, "北", list.customers[1].id, 2, &list, &f->error));
    assert_int_equal(list.n_customers, 1);
    assert_string_equal(list.customers[0].reference, "北-2");
}

static void an_erased_customer_leaves_the_answers(void **state)
{
    struct fixture *f = *state;
    const char *study = add_study(f, small_study);
    struct mg_wire_response_create create = {.answers = sent(f, "{\"E1\":7,\"P1\":6}"),
                                             .customer = "secret-17"};
    struct mg_wire_response_receipt receipt;
    struct mg_wire_customer_list list;
    SUCCEEDS(mg_listen_response_create(&f->ctx, study, &create, &receipt, &f->error));
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    SUCCEEDS(mg_record_customer_list(&f->ctx, NULL, NULL, 10, &list, &f->error));
    assert_int_equal(list.customers[0].responses, 1);
    SUCCEEDS(mg_record_customer_delete(&f->ctx, list.customers[0].id, &f->error));
    SUCCEEDS(mg_follower_run(&f->ctx, &mg_listen_columns, &f->error));
    assert_int_equal(count_record(f, study), 1);
    struct mg_wire_response response;
    SUCCEEDS(mg_listen_response_get(&f->ctx, receipt.id, &response, &f->error));
    assert_null(response.customer);
    struct mg_filter filter = {.column = MG_RECORD_CUSTOMER, .op = MG_FILTER_PRESENT};
    struct mg_source source = {.table = mg_record_table_name(f->ctx.arena, study)};
    const char *columns[] = {MG_RECORD_CUSTOMER};
    struct mg_count *counts;
    size_t n;
    SUCCEEDS(mg_column_duckdb.counts(f->ctx.columns.column, f->ctx.arena, &source, columns, 1, NULL, &filter,
                                     1, 10, &counts, &n, &f->error));
    assert_int_equal(n, 0);
}

/* What the newest entry's thing is called. */
static const struct mg_wire_text *newest_name(struct fixture *f)
{
    struct mg_wire_audit_list list;
    SUCCEEDS(mg_audit_list(&f->ctx, NULL, 1, &list, &f->error));
    assert_int_equal(list.n_entries, 1);
    return list.entries[0].name;
}

static void every_change_is_in_the_audit(void **state)
{
    struct fixture *f = *state;
    struct mg_wire_touchpoint_edit edit = {.code = "call", .stage = MG_WIRE_STAGE_DURING};
    struct mg_wire_touchpoint made;
    SUCCEEDS(mg_record_touchpoint_create(&f->ctx, &edit, &made, &f->error));
    assert_string_equal(newest_name(f)->en, "call"); /* its code, where it has no label */
    edit.label.zh_cn = "热线";
    edit.version = 1;
    edit.has_version = true;
    SUCCEEDS(mg_record_touchpoint_update(&f->ctx, made.id, &edit, &made, &f->error));
    assert_string_equal(newest_name(f)->zh_cn, "热线");
    assert_null(newest_name(f)->en);
    SUCCEEDS(mg_record_touchpoint_delete(&f->ctx, made.id, &f->error));
    assert_null(newest_name(f)); /* it is gone */
    struct mg_wire_audit_list list;
    SUCCEEDS(mg_audit_list(&f->ctx, NULL, 100, &list, &f->error));
    int found = 0;
    for (size_t i = 0; i < list.n_entries; i++)
        if (strcmp(list.entries[i].entity_id, made.id) == 0)
            found += strcmp(list.entries[i].action, "create") == 0   ? 1
                     : strcmp(list.entries[i].action, "update") == 0 ? 10
                     : strcmp(list.entries[i].action, "delete") == 0 ? 100
                                                                     : 1000;
    assert_int_equal(found, 111);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(dimensions), TEST(touchpoints_in_order_of_the_service),   TEST(views_belong_to_their_user),
        TEST(customers),  TEST(an_erased_customer_leaves_the_answers), TEST(every_change_is_in_the_audit),
    };
    return cmocka_run_group_tests_name("service/listen/catalog", tests, NULL, NULL);
}
