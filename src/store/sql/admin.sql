-- Organisations, users, sessions, keys, throttling, audit. Every query on an organisation's rows names org_id.

-- name: org_count  kind: one
-- result: n int
SELECT count(*) FROM org;

-- name: org_insert  kind: exec
-- params: id text, name text, simulated int, now int
INSERT INTO org (id, name, simulated, created_at) VALUES (:id, :name, :simulated, :now);

-- name: org_get  kind: one
-- params: id text
-- result: id text, name text, simulated int, created_at int, version int
SELECT id, name, simulated, created_at, version FROM org WHERE id = :id;

-- name: org_list  kind: many
-- result: id text, name text, simulated int, created_at int, version int, users int
SELECT o.id, o.name, o.simulated, o.created_at, o.version,
    (SELECT count(*) FROM "user" u WHERE u.org_id = o.id)
FROM org o ORDER BY o.id LIMIT 10000;

-- name: org_rename  kind: exec
-- params: id text, version int, name text
UPDATE org SET name = :name, version = version + 1 WHERE id = :id AND version = :version;

-- name: user_insert  kind: exec
-- params: id text, org_id text, email text, name text, role text, lang text, password_hash text, now int
INSERT INTO "user" (id, org_id, email, name, role, lang, password_hash, created_at)
VALUES (:id, :org_id, :email, :name, :role, :lang, :password_hash, :now);

-- name: user_get  kind: one
-- params: org_id text, id text
-- result: id text, org_id text, email text, name text, role text, lang text, disabled_at int?, last_seen_at int?,
--         created_at int, version int
SELECT id, org_id, email, name, role, lang, disabled_at, last_seen_at, created_at, version
FROM "user" WHERE id = :id AND org_id = :org_id;

-- name: user_list  kind: many
-- params: org_id text
-- result: id text, org_id text, email text, name text, role text, lang text, disabled_at int?, last_seen_at int?,
--         created_at int, version int
SELECT id, org_id, email, name, role, lang, disabled_at, last_seen_at, created_at, version
FROM "user" WHERE org_id = :org_id ORDER BY email LIMIT 10000;

-- Of the whole installation: addresses are unique in it.
-- name: user_login  kind: one
-- params: email text
-- result: id text, org_id text, role text, lang text, password_hash text, disabled_at int?
SELECT id, org_id, role, lang, password_hash, disabled_at FROM "user" WHERE email = :email;

-- name: user_password  kind: one
-- params: org_id text, id text
-- result: password_hash text
SELECT password_hash FROM "user" WHERE id = :id AND org_id = :org_id;

-- name: user_update  kind: exec
-- params: org_id text, id text, version int, name text, role text, disabled_at int?
UPDATE "user" SET name = :name, role = :role, disabled_at = :disabled_at, version = version + 1
WHERE id = :id AND org_id = :org_id AND version = :version;

-- name: user_set_password  kind: exec
-- params: org_id text, id text, password_hash text
UPDATE "user" SET password_hash = :password_hash, version = version + 1 WHERE id = :id AND org_id = :org_id;

-- name: user_set_preferences  kind: exec
-- params: org_id text, id text, name text, lang text
UPDATE "user" SET name = :name, lang = :lang, version = version + 1 WHERE id = :id AND org_id = :org_id;

-- name: user_seen  kind: exec
-- params: id text, now int
UPDATE "user" SET last_seen_at = :now WHERE id = :id;

-- name: user_delete  kind: exec
-- params: org_id text, id text
DELETE FROM "user" WHERE id = :id AND org_id = :org_id;

-- Owners who may sign in, apart from one.
-- name: user_other_owners  kind: one
-- params: org_id text, id text
-- result: n int
SELECT count(*) FROM "user"
WHERE org_id = :org_id AND id <> :id AND role = 'owner' AND disabled_at IS NULL;

-- name: session_insert  kind: exec
-- params: id text, org_id text, user_id text, token_hash blob, now int, expires_at int
INSERT INTO session (id, org_id, user_id, token_hash, created_at, last_seen_at, expires_at)
VALUES (:id, :org_id, :user_id, :token_hash, :now, :now, :expires_at);

-- name: session_by_token  kind: one
-- params: token_hash blob
-- result: id text, org_id text, user_id text, role text, lang text, last_seen_at int, expires_at int
SELECT s.id, s.org_id, s.user_id, u.role, u.lang, s.last_seen_at, s.expires_at
FROM session s JOIN "user" u ON u.id = s.user_id
WHERE s.token_hash = :token_hash AND u.disabled_at IS NULL;

-- name: session_get  kind: one
-- params: org_id text, id text
-- result: expires_at int
SELECT expires_at FROM session WHERE id = :id AND org_id = :org_id;

-- name: session_touch  kind: exec
-- params: id text, now int
UPDATE session SET last_seen_at = :now WHERE id = :id;

-- name: session_delete  kind: exec
-- params: id text
DELETE FROM session WHERE id = :id;

-- name: session_delete_of_user  kind: exec
-- params: user_id text, except_id text
DELETE FROM session WHERE user_id = :user_id AND id <> :except_id;

-- name: session_delete_expired  kind: exec
-- params: now int, idle_since int
DELETE FROM session WHERE expires_at <= :now OR last_seen_at <= :idle_since;

-- name: key_insert  kind: exec
-- params: id text, org_id text, user_id text?, name text, prefix text, key_hash blob, scopes int, now int, expires_at int?
INSERT INTO api_key (id, org_id, user_id, name, prefix, key_hash, scopes, created_at, expires_at)
VALUES (:id, :org_id, :user_id, :name, :prefix, :key_hash, :scopes, :now, :expires_at);

-- name: key_list  kind: many
-- params: org_id text
-- result: id text, name text, prefix text, scopes int, created_at int, expires_at int?, last_used_at int?
SELECT id, name, prefix, scopes, created_at, expires_at, last_used_at
FROM api_key WHERE org_id = :org_id AND revoked_at IS NULL ORDER BY id DESC LIMIT 1000;

-- name: key_get  kind: one
-- params: org_id text, id text
-- result: id text, name text, prefix text, scopes int, created_at int, expires_at int?, last_used_at int?
SELECT id, name, prefix, scopes, created_at, expires_at, last_used_at
FROM api_key WHERE org_id = :org_id AND id = :id AND revoked_at IS NULL;

-- name: key_by_hash  kind: one
-- params: key_hash blob, now int
-- result: id text, org_id text, scopes int, last_used_at int?
SELECT id, org_id, scopes, last_used_at FROM api_key
WHERE key_hash = :key_hash AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > :now);

-- name: key_used  kind: exec
-- params: id text, now int
UPDATE api_key SET last_used_at = :now WHERE id = :id;

-- name: key_revoke  kind: exec
-- params: org_id text, id text, now int
UPDATE api_key SET revoked_at = :now WHERE id = :id AND org_id = :org_id AND revoked_at IS NULL;

-- name: attempt_get  kind: one
-- params: account_hash blob, address_hash blob
-- result: failures int, last_at int
SELECT failures, last_at FROM login_attempt WHERE account_hash = :account_hash AND address_hash = :address_hash;

-- Failures of one address over all accounts.
-- name: attempt_of_address  kind: one
-- params: address_hash blob, since int
-- result: failures int, last_at int
SELECT coalesce(sum(failures), 0), coalesce(max(last_at), 0)
FROM login_attempt WHERE address_hash = :address_hash AND last_at > :since;

-- name: attempt_failed  kind: exec
-- params: account_hash blob, address_hash blob, now int, since int
INSERT INTO login_attempt (account_hash, address_hash, failures, last_at) VALUES (:account_hash, :address_hash, 1, :now)
ON CONFLICT (account_hash, address_hash) DO UPDATE SET
    failures = CASE WHEN login_attempt.last_at > :since THEN login_attempt.failures + 1 ELSE 1 END,
    last_at = :now;

-- name: attempt_forget  kind: exec
-- params: account_hash blob, address_hash blob
DELETE FROM login_attempt WHERE account_hash = :account_hash AND address_hash = :address_hash;

-- name: attempt_delete_old  kind: exec
-- params: before int
DELETE FROM login_attempt WHERE last_at < :before;

-- The name of whoever acts is kept with the entry, which outlives them.
-- name: audit_insert  kind: exec
-- params: id text, org_id text, now int, user_id text?, api_key_id text?, action text, entity text, entity_id text,
--         before text?, after text?
INSERT INTO audit (id, org_id, at, user_id, api_key_id, actor, action, entity, entity_id, before, after)
VALUES (:id, :org_id, :now, :user_id, :api_key_id,
    coalesce((SELECT name FROM "user" WHERE id = :user_id), (SELECT name FROM api_key WHERE id = :api_key_id), 'mindgap'),
    :action, :entity, :entity_id, :before, :after);

-- name: audit_list  kind: many
-- params: org_id text, before_id text, limit int
-- result: id text, at int, actor text, action text, entity text, entity_id text, before text?, after text?
SELECT id, at, actor, action, entity, entity_id, before, after
FROM audit WHERE org_id = :org_id AND id < :before_id ORDER BY id DESC LIMIT :limit;
