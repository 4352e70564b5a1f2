/* Users, organisations and keys: rules, isolation, the trail. */
#include "fixture.h"

#include "service/admin/audit.h"
#include "service/admin/key.h"
#include "service/admin/user.h"

static struct mg_wire_user add_user(struct fixture *f, const char *email, enum mg_wire_role role)
{
    struct mg_wire_user_create create = {
        .name = "Somebody", .email = email, .role = role, .password = "correct horse battery"};
    struct mg_wire_user user;
    SUCCEEDS(mg_user_create(&f->ctx, &create, &user, &f->error));
    return user;
}

static void users_are_added_changed_and_removed(void **state)
{
    struct fixture *f = *state;
    struct mg_login login;
    set_up_owner(f, &login);
    struct mg_wire_user user = add_user(f, "ana@example.com", MG_WIRE_ROLE_VIEWER);
    struct mg_wire_user_create same = {.name = "Other",
                                       .email = "ANA@example.com",
                                       .role = MG_WIRE_ROLE_VIEWER,
                                       .password = "correct horse battery"};
    assert_int_equal(mg_user_create(&f->ctx, &same, &user, &f->error), MG_E_TAKEN);
    assert_string_equal(f->error.field, "/email");
    struct mg_wire_user_list list;
    SUCCEEDS(mg_user_list(&f->ctx, &list, &f->error));
    assert_int_equal(list.n_users, 2);
    user = list.users[0]; /* by address */
    assert_string_equal(user.email, "ana@example.com");
    struct mg_wire_user_update update = {
        .name = "Ana", .role = MG_WIRE_ROLE_ANALYST, .version = user.version};
    struct mg_wire_user changed;
    SUCCEEDS(mg_user_update(&f->ctx, user.id, &update, &changed, &f->error));
    assert_int_equal(changed.role, MG_WIRE_ROLE_ANALYST);
    assert_int_equal(changed.version, user.version + 1);
    assert_int_equal(mg_user_update(&f->ctx, user.id, &update, &changed, &f->error),
                     MG_E_CHANGED); /* stale */
    SUCCEEDS(mg_user_delete(&f->ctx, user.id, &f->error));
    assert_int_equal(mg_user_get(&f->ctx, user.id, &changed, &f->error), MG_E_NOT_FOUND);
    struct mg_wire_audit_list trail;
    SUCCEEDS(mg_audit_list(&f->ctx, NULL, 100, &trail, &f->error));
    size_t deletions = 0;
    for (size_t i = 0; i < trail.n_entries; i++)
        if (strcmp(trail.entries[i].action, "delete") == 0) {
            deletions++;
            assert_string_equal(trail.entries[i].actor, "Wang Min");
            assert_non_null(strstr(trail.entries[i].before, "ana@example.com"));
        }
    assert_int_equal(deletions, 1);
}

static void the_last_owner_stays(void **state)
{
    struct fixture *f = *state;
    struct mg_login login;
    set_up_owner(f, &login);
    const struct mg_wire_user *owner = &login.session.user;
    struct mg_wire_user changed;
    struct mg_wire_user_update demote = {.name = "W", .role = MG_WIRE_ROLE_VIEWER, .version = owner->version};
    struct mg_wire_user_update disable = {
        .name = "W", .role = MG_WIRE_ROLE_OWNER, .disabled = true, .version = owner->version};
    assert_int_equal(mg_user_update(&f->ctx, owner->id, &demote, &changed, &f->error), MG_E_CONFLICT);
    assert_int_equal(mg_user_update(&f->ctx, owner->id, &disable, &changed, &f->error), MG_E_CONFLICT);
    assert_int_equal(mg_user_delete(&f->ctx, owner->id, &f->error), MG_E_CONFLICT);
    assert_non_null(strstr(f->error.message, "last owner"));
    struct mg_wire_user_update rename = {.name = "V", .role = MG_WIRE_ROLE_OWNER, .version = owner->version};
    SUCCEEDS(mg_user_update(&f->ctx, owner->id, &rename, &changed, &f->error));
    assert_int_equal(mg_user_update(&f->ctx, owner->id, &demote, &changed, &f->error), MG_E_CHANGED);
    demote.version = changed.version;
    struct mg_wire_user disabled = add_user(f, "second@example.com", MG_WIRE_ROLE_OWNER);
    disable = (struct mg_wire_user_update){
        .name = "S", .role = MG_WIRE_ROLE_OWNER, .disabled = true, .version = disabled.version};
    SUCCEEDS(mg_user_update(&f->ctx, disabled.id, &disable, &disabled, &f->error));
    assert_int_equal(mg_user_delete(&f->ctx, owner->id, &f->error),
                     MG_E_CONFLICT); /* who can't sign in is none */
    SUCCEEDS(mg_user_delete(&f->ctx, disabled.id, &f->error));
    add_user(f, "third@example.com", MG_WIRE_ROLE_OWNER);
    SUCCEEDS(mg_user_update(&f->ctx, owner->id, &demote, &changed, &f->error));
}

static void a_disabled_user_is_out_at_once(void **state)
{
    struct fixture *f = *state;
    struct mg_login login, hers;
    set_up_owner(f, &login);
    struct mg_wire_user user = add_user(f, "ana@example.com", MG_WIRE_ROLE_VIEWER);
    struct mg_wire_login_request request = {.email = "ana@example.com", .password = "correct horse battery"};
    int64_t wait_s;
    SUCCEEDS(mg_login(&f->ctx, &request, "192.0.2.7", &hers, &wait_s, &f->error));
    struct mg_wire_user_update update = {
        .name = user.name, .role = user.role, .disabled = true, .version = user.version};
    SUCCEEDS(mg_user_update(&f->ctx, user.id, &update, &user, &f->error));
    struct mg_ctx other = f->ctx;
    assert_int_equal(mg_session_resolve(&other, hers.token, &f->error), MG_E_UNAUTHENTICATED);
    assert_int_equal(mg_login(&f->ctx, &request, "192.0.2.7", &hers, &wait_s, &f->error),
                     MG_E_UNAUTHENTICATED);
}

static void organisations_do_not_see_each_other(void **state)
{
    struct fixture *f = *state;
    struct mg_login login;
    set_up_owner(f, &login);
    struct mg_wire_user mine = add_user(f, "ana@example.com", MG_WIRE_ROLE_VIEWER);
    struct mg_ctx command_line = f->ctx;
    command_line.caller = (struct mg_caller){0};
    char other_org[27];
    SUCCEEDS(mg_org_create(&command_line, "Other", true, other_org, &f->error));
    struct mg_ctx other = command_line;
    strcpy(other.caller.org_id, other_org);
    struct mg_wire_user user;
    struct mg_wire_user_list list;
    assert_int_equal(mg_user_get(&other, mine.id, &user, &f->error), MG_E_NOT_FOUND);
    assert_int_equal(mg_user_delete(&other, mine.id, &f->error), MG_E_NOT_FOUND);
    SUCCEEDS(mg_user_list(&other, &list, &f->error));
    assert_int_equal(list.n_users, 0);
    struct mg_org_summary *orgs;
    size_t n;
    SUCCEEDS(mg_org_list(&command_line, &orgs, &n, &f->error));
    assert_int_equal(n, 2);
    struct mg_wire_organisation org;
    struct mg_wire_organisation_update rename = {.name = "北辰", .version = 1};
    SUCCEEDS(mg_org_update(&f->ctx, &rename, &org, &f->error));
    assert_string_equal(org.name, "北辰");
    assert_int_equal(mg_org_update(&f->ctx, &rename, &org, &f->error), MG_E_CHANGED);
    SUCCEEDS(mg_org_get(&other, &org, &f->error));
    assert_string_equal(org.name, "Other");
    assert_true(org.simulated);
}

static void keys_open_until_they_expire_or_are_revoked(void **state)
{
    struct fixture *f = *state;
    struct mg_login login;
    set_up_owner(f, &login);
    const enum mg_wire_scope scopes[] = {MG_WIRE_SCOPE_INTAKE, MG_WIRE_SCOPE_READ};
    struct mg_wire_api_key_create create = {
        .name = "till", .scopes = scopes, .n_scopes = 2, .expires_at = "2026-01-18T14:00:00Z"};
    struct mg_wire_api_key key, forever;
    SUCCEEDS(mg_key_create(&f->ctx, &create, &key, &f->error));
    create.expires_at = NULL;
    SUCCEEDS(mg_key_create(&f->ctx, &create, &forever, &f->error));
    assert_int_equal(strncmp(key.secret, "mgk_", 4), 0);
    assert_int_equal(strncmp(key.secret, key.prefix, strlen(key.prefix)), 0);
    struct mg_ctx caller = f->ctx;
    SUCCEEDS(mg_key_resolve(&caller, key.secret, &f->error));
    assert_string_equal(caller.caller.org_id, f->ctx.caller.org_id);
    assert_int_equal(caller.caller.scopes,
                     mg_scope_bit(MG_WIRE_SCOPE_INTAKE) | mg_scope_bit(MG_WIRE_SCOPE_READ));
    assert_int_equal(caller.caller.role, MG_ROLE_VIEWER);
    struct mg_wire_session session;
    SUCCEEDS(mg_session_get(&caller, NULL, &session, &f->error));
    assert_string_equal(session.user.name, "till");
    assert_string_equal(session.csrf_token, "");
    struct mg_wire_api_key_list list;
    SUCCEEDS(mg_key_list(&f->ctx, &list, &f->error));
    assert_int_equal(list.n_keys, 2);
    assert_null(list.keys[0].secret);
    assert_int_equal(list.keys[0].n_scopes, 2);
    assert_int_equal(mg_key_resolve(&caller, "mgk_wrong", &f->error), MG_E_UNAUTHENTICATED);
    assert_int_equal(mg_key_resolve(&caller, login.token, &f->error), MG_E_UNAUTHENTICATED);
    caller.clock.fixed_us += 21 * 60 * SECOND_US;
    assert_int_equal(mg_key_resolve(&caller, key.secret, &f->error), MG_E_UNAUTHENTICATED);
    SUCCEEDS(mg_key_resolve(&caller, forever.secret, &f->error));
    SUCCEEDS(mg_key_revoke(&f->ctx, forever.id, &f->error));
    assert_int_equal(mg_key_revoke(&f->ctx, forever.id, &f->error), MG_E_NOT_FOUND);
    assert_int_equal(mg_key_resolve(&caller, forever.secret, &f->error), MG_E_UNAUTHENTICATED);
    create.expires_at = "2020-01-01T00:00:00Z";
    assert_int_equal(mg_key_create(&f->ctx, &create, &key, &f->error), MG_E_INVALID);
    assert_string_equal(f->error.field, "/expires_at");
}

/* A key that `user` made; the caller stays who it is. */
static struct mg_wire_api_key key_of(struct fixture *f, const struct mg_wire_user *user)
{
    const enum mg_wire_scope scopes[] = {MG_WIRE_SCOPE_READ};
    struct mg_wire_api_key_create create = {.name = "till", .scopes = scopes, .n_scopes = 1};
    struct mg_wire_api_key key;
    struct mg_ctx theirs = f->ctx;
    snprintf(theirs.caller.user_id, sizeof theirs.caller.user_id, "%s", user->id);
    SUCCEEDS(mg_key_create(&theirs, &create, &key, &f->error));
    assert_string_equal(key.made_by, user->name);
    return key;
}

static struct mg_wire_api_key only_key(struct fixture *f)
{
    struct mg_wire_api_key_list list;
    SUCCEEDS(mg_key_list(&f->ctx, &list, &f->error));
    assert_int_equal(list.n_keys, 1);
    return list.keys[0];
}

static void keys_rest_while_their_maker_is_disabled(void **state)
{
    struct fixture *f = *state;
    struct mg_login login;
    set_up_owner(f, &login);
    struct mg_wire_user user = add_user(f, "ana@example.com", MG_WIRE_ROLE_OWNER);
    struct mg_wire_api_key key = key_of(f, &user);
    struct mg_ctx program = f->ctx;
    SUCCEEDS(mg_key_resolve(&program, key.secret, &f->error));
    assert_string_equal(only_key(f).made_by, "Somebody");
    assert_false(only_key(f).paused);
    struct mg_wire_user_update update = {
        .name = "Ana", .role = user.role, .disabled = true, .version = user.version};
    SUCCEEDS(mg_user_update(&f->ctx, user.id, &update, &user, &f->error));
    assert_int_equal(mg_key_resolve(&program, key.secret, &f->error), MG_E_UNAUTHENTICATED);
    assert_true(only_key(f).paused);
    update = (struct mg_wire_user_update){.name = "Ana", .role = user.role, .version = user.version};
    SUCCEEDS(mg_user_update(&f->ctx, user.id, &update, &user, &f->error));
    SUCCEEDS(mg_key_resolve(&program, key.secret, &f->error));
    assert_string_equal(only_key(f).made_by, "Somebody"); /* the name at the time */
}

static void keys_are_revoked_with_their_maker(void **state)
{
    struct fixture *f = *state;
    struct mg_login login;
    set_up_owner(f, &login);
    struct mg_wire_user user = add_user(f, "ana@example.com", MG_WIRE_ROLE_OWNER);
    struct mg_wire_api_key key = key_of(f, &user), mine = key_of(f, &login.session.user);
    struct mg_ctx program = f->ctx;
    SUCCEEDS(mg_user_delete(&f->ctx, user.id, &f->error));
    assert_int_equal(mg_key_resolve(&program, key.secret, &f->error), MG_E_UNAUTHENTICATED);
    SUCCEEDS(mg_key_resolve(&program, mine.secret, &f->error));
    assert_string_equal(only_key(f).id, mine.id);
    struct mg_wire_audit_list trail;
    SUCCEEDS(mg_audit_list(&f->ctx, NULL, 100, &trail, &f->error));
    size_t revoked = 0;
    for (size_t i = 0; i < trail.n_entries; i++)
        revoked +=
            strcmp(trail.entries[i].action, "revoke") == 0 && strcmp(trail.entries[i].entity_id, key.id) == 0;
    assert_int_equal(revoked, 1);
}

static void passwords_of_others_follow_the_same_rules(void **state)
{
    struct fixture *f = *state;
    struct mg_login login;
    set_up_owner(f, &login);
    struct mg_wire_user_create create = {.name = "Maria Gonzalez",
                                         .email = "maria.gonzalez@example.com",
                                         .role = MG_WIRE_ROLE_VIEWER,
                                         .password = "maria-gonzalez"};
    struct mg_wire_user user;
    assert_int_equal(mg_user_create(&f->ctx, &create, &user, &f->error), MG_E_INVALID);
    assert_string_equal(f->error.field, "/password");
    create.password = "correct horse battery";
    SUCCEEDS(mg_user_create(&f->ctx, &create, &user, &f->error));
    struct mg_wire_user_update update = {.name = user.name,
                                         .role = user.role,
                                         .version = user.version,
                                         .password = "maria.gonzalez@example.com"};
    assert_int_equal(mg_user_update(&f->ctx, user.id, &update, &user, &f->error), MG_E_INVALID);
    assert_string_equal(f->error.field, "/password");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(users_are_added_changed_and_removed),
        TEST(the_last_owner_stays),
        TEST(a_disabled_user_is_out_at_once),
        TEST(organisations_do_not_see_each_other),
        TEST(keys_open_until_they_expire_or_are_revoked),
        TEST(keys_rest_while_their_maker_is_disabled),
        TEST(keys_are_revoked_with_their_maker),
        TEST(passwords_of_others_follow_the_same_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
