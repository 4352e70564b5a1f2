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

-- name: user_get  kind: one  row: user
-- params: org_id text, id text
-- result: id text, org_id text, email text, name text, role text, lang text, disabled_at int?, last_seen_at int?,
--         created_at int, version int
SELECT id, org_id, email, name, role, lang, disabled_at, last_seen_at, created_at, version
FROM "user" WHERE id = :id AND org_id = :org_id;

-- name: user_list  kind: many  row: user
-- params: org_id text
SELECT id, org_id, email, name, role, lang, disabled_at, last_seen_at, created_at, version
FROM "user" WHERE org_id = :org_id ORDER BY email LIMIT 10000;

-- Of the whole installation: addresses are unique in it.
-- name: user_login  kind: one
-- params: email text
-- result: id text, org_id text, role text, lang text, password_hash text, disabled_at int?
SELECT id, org_id, role, lang, password_hash, disabled_at FROM "user" WHERE email = :email;

-- name: user_password  kind: one
-- params: org_id text, id text
-- result: password_hash text, email text, name text, organisation text
SELECT u.password_hash, u.email, u.name, o.name FROM "user" u JOIN org o ON o.id = u.org_id
WHERE u.id = :id AND u.org_id = :org_id;

-- The last owner who may sign in stays one: then no row changes, as where somebody changed the user meanwhile.
-- name: user_update  kind: exec
-- params: org_id text, id text, version int, name text, role text, disabled_at int?
UPDATE "user" SET name = :name, role = :role, disabled_at = :disabled_at, version = version + 1
WHERE id = :id AND org_id = :org_id AND version = :version
    AND ((:role = 'owner' AND :disabled_at IS NULL) OR role <> 'owner' OR disabled_at IS NOT NULL OR EXISTS (
        SELECT 1 FROM "user" o
        WHERE o.org_id = :org_id AND o.id <> :id AND o.role = 'owner' AND o.disabled_at IS NULL));

-- name: user_set_password  kind: exec
-- params: org_id text, id text, password_hash text
UPDATE "user" SET password_hash = :password_hash, version = version + 1 WHERE id = :id AND org_id = :org_id;

-- name: user_set_preferences  kind: exec
-- params: org_id text, id text, name text, lang text
UPDATE "user" SET name = :name, lang = :lang, version = version + 1 WHERE id = :id AND org_id = :org_id;

-- name: user_seen  kind: exec
-- params: id text, now int
UPDATE "user" SET last_seen_at = :now WHERE id = :id;

-- The same: no row changes where it is the last owner who may sign in.
-- name: user_delete  kind: exec
-- params: org_id text, id text
DELETE FROM "user" WHERE id = :id AND org_id = :org_id
    AND (role <> 'owner' OR disabled_at IS NOT NULL OR EXISTS (
        SELECT 1 FROM "user" o
        WHERE o.org_id = :org_id AND o.id <> :id AND o.role = 'owner' AND o.disabled_at IS NULL));

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
DELETE FROM session WHERE id IN (SELECT id FROM session WHERE expires_at <= :now OR last_seen_at <= :idle_since LIMIT 5000);

-- The maker's name is kept with the key, which outlives them.
-- name: key_insert  kind: exec
-- params: id text, org_id text, user_id text?, name text, prefix text, key_hash blob, scopes int, now int, expires_at int?
INSERT INTO api_key (id, org_id, user_id, made_by, name, prefix, key_hash, scopes, created_at, expires_at)
VALUES (:id, :org_id, :user_id, coalesce((SELECT name FROM "user" WHERE id = :user_id), ''), :name, :prefix, :key_hash, :scopes,
    :now, :expires_at);

-- Those in force. paused: who made it is disabled.
-- name: key_list  kind: many
-- params: org_id text
-- result: id text, name text, prefix text, scopes int, made_by text, paused int, created_at int, expires_at int?,
--         last_used_at int?
SELECT k.id, k.name, k.prefix, k.scopes, k.made_by, CASE WHEN u.disabled_at IS NULL THEN 0 ELSE 1 END, k.created_at,
    k.expires_at, k.last_used_at
FROM api_key k LEFT JOIN "user" u ON u.id = k.user_id
WHERE k.org_id = :org_id AND k.revoked_at IS NULL ORDER BY k.id DESC LIMIT 1000;

-- name: key_get  kind: one
-- params: org_id text, id text
-- result: id text, name text, prefix text, scopes int, made_by text, created_at int, expires_at int?, last_used_at int?
SELECT id, name, prefix, scopes, made_by, created_at, expires_at, last_used_at
FROM api_key WHERE org_id = :org_id AND id = :id AND revoked_at IS NULL;

-- Only while who made it is there and not disabled.
-- name: key_by_hash  kind: one
-- params: key_hash blob, now int
-- result: id text, org_id text, scopes int, last_used_at int?
SELECT k.id, k.org_id, k.scopes, k.last_used_at FROM api_key k JOIN "user" u ON u.id = k.user_id
WHERE k.key_hash = :key_hash AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > :now)
    AND u.disabled_at IS NULL;

-- name: key_used  kind: exec
-- params: id text, now int
UPDATE api_key SET last_used_at = :now WHERE id = :id;

-- name: key_revoke  kind: exec
-- params: org_id text, id text, now int
UPDATE api_key SET revoked_at = :now WHERE id = :id AND org_id = :org_id AND revoked_at IS NULL;

-- Some of the keys in force that a user made.
-- name: key_of_user  kind: many
-- params: org_id text, user_id text
-- result: id text
SELECT id FROM api_key WHERE user_id = :user_id AND org_id = :org_id AND revoked_at IS NULL ORDER BY id LIMIT 1000;

-- name: throttle_get  kind: one
-- params: key blob
-- result: failures int, last_at int
SELECT failures, last_at FROM throttle WHERE key = :key;

-- Counts one failure if nobody counted since the row was read: then 1 row changes, else none.
-- name: throttle_count  kind: exec
-- params: key blob, seen_failures int, seen_at int, failures int, now int
INSERT INTO throttle (key, failures, last_at) VALUES (:key, :failures, :now)
ON CONFLICT (key) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at
WHERE throttle.failures = :seen_failures AND throttle.last_at = :seen_at;

-- name: throttle_mend_clock  kind: exec
-- params: key blob, now int
UPDATE throttle SET last_at = :now WHERE key = :key AND last_at > :now;

-- name: throttle_forgive  kind: exec
-- params: key blob, failures int
UPDATE throttle SET failures = CASE WHEN failures > :failures THEN failures - :failures ELSE 0 END WHERE key = :key;

-- name: throttle_delete_old  kind: exec
-- params: before int
DELETE FROM throttle WHERE key IN (SELECT key FROM throttle WHERE last_at < :before LIMIT 5000);

-- name: known_address_get  kind: one
-- params: key blob, since int
-- result: last_at int
SELECT last_at FROM known_address WHERE key = :key AND last_at > :since;

-- name: known_address_set  kind: exec
-- params: key blob, now int
INSERT INTO known_address (key, last_at) VALUES (:key, :now) ON CONFLICT (key) DO UPDATE SET last_at = excluded.last_at;

-- name: known_address_delete_old  kind: exec
-- params: before int
DELETE FROM known_address WHERE key IN (SELECT key FROM known_address WHERE last_at < :before LIMIT 5000);

-- The name of whoever acts is kept with the entry, which outlives them.
-- name: audit_insert  kind: exec
-- params: id text, org_id text, now int, user_id text?, api_key_id text?, action text, entity text, entity_id text,
--         before text?, after text?
INSERT INTO audit (id, org_id, at, user_id, api_key_id, actor, action, entity, entity_id, before, after)
VALUES (:id, :org_id, :now, :user_id, :api_key_id,
    coalesce((SELECT name FROM "user" WHERE id = :user_id), (SELECT name FROM api_key WHERE id = :api_key_id), 'mindgap'),
    :action, :entity, :entity_id, :before, :after);

-- Newest first, each with what the thing is called now. before_id NULL: from the newest; ULIDs begin with 0 to 7.
-- name: audit_list  kind: many
-- params: org_id text, before_id text?, limit int
-- result: id text, at int, actor text, action text, entity text, entity_id text, before text?, after text?,
--         name text?, name_en text?, name_zh text?
SELECT a.id, a.at, a.actor, a.action, a.entity, a.entity_id, a.before, a.after,
    CASE a.entity
        WHEN 'org' THEN (SELECT o.name FROM org o WHERE o.id = a.entity_id AND o.id = a.org_id)
        WHEN 'user' THEN (SELECT u.name FROM "user" u WHERE u.id = a.entity_id AND u.org_id = a.org_id)
        WHEN 'api_key' THEN (SELECT k.name FROM api_key k WHERE k.id = a.entity_id AND k.org_id = a.org_id)
        WHEN 'saved_view' THEN (SELECT v.name FROM saved_view v WHERE v.id = a.entity_id AND v.org_id = a.org_id)
        WHEN 'upload' THEN (SELECT f.file_name FROM upload f WHERE f.id = a.entity_id AND f.org_id = a.org_id)
        WHEN 'import' THEN (SELECT i.file_name FROM import i WHERE i.id = a.entity_id AND i.org_id = a.org_id)
        WHEN 'customer' THEN (SELECT c.reference FROM customer c WHERE c.id = a.entity_id AND c.org_id = a.org_id)
        WHEN 'study' THEN (SELECT s.code FROM study s WHERE s.id = a.entity_id AND s.org_id = a.org_id)
        WHEN 'dimension' THEN (SELECT d.code FROM dimension d WHERE d.id = a.entity_id AND d.org_id = a.org_id)
        WHEN 'touchpoint' THEN (SELECT t.code FROM touchpoint t WHERE t.id = a.entity_id AND t.org_id = a.org_id)
    END,
    CASE a.entity
        WHEN 'study' THEN (SELECT s.title_en FROM study s WHERE s.id = a.entity_id AND s.org_id = a.org_id)
        WHEN 'dimension' THEN (SELECT d.label_en FROM dimension d WHERE d.id = a.entity_id AND d.org_id = a.org_id)
        WHEN 'touchpoint' THEN (SELECT t.label_en FROM touchpoint t WHERE t.id = a.entity_id AND t.org_id = a.org_id)
    END,
    CASE a.entity
        WHEN 'study' THEN (SELECT s.title_zh FROM study s WHERE s.id = a.entity_id AND s.org_id = a.org_id)
        WHEN 'dimension' THEN (SELECT d.label_zh FROM dimension d WHERE d.id = a.entity_id AND d.org_id = a.org_id)
        WHEN 'touchpoint' THEN (SELECT t.label_zh FROM touchpoint t WHERE t.id = a.entity_id AND t.org_id = a.org_id)
    END
FROM audit a WHERE a.org_id = :org_id AND a.id < coalesce(:before_id, '8') ORDER BY a.id DESC LIMIT :limit;
