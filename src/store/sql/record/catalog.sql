-- What an organisation names: dimensions, touchpoints, saved views.

-- name: dimension_list  kind: many  row: dimension
-- params: org_id text
-- result: id text, framework text, code text, label_en text?, label_zh text?, version int
SELECT id, framework, code, label_en, label_zh, version
FROM dimension WHERE org_id = :org_id ORDER BY framework, position, code LIMIT 10000;

-- name: dimension_get  kind: one  row: dimension
-- params: org_id text, id text
SELECT id, framework, code, label_en, label_zh, version FROM dimension WHERE id = :id AND org_id = :org_id;

-- name: dimension_insert  kind: exec
-- params: id text, org_id text, framework text, code text, label_en text?, label_zh text?
INSERT INTO dimension (id, org_id, framework, code, label_en, label_zh, position)
VALUES (:id, :org_id, :framework, :code, :label_en, :label_zh,
    (SELECT coalesce(max(position), 0) + 1 FROM dimension WHERE org_id = :org_id));

-- name: dimension_update  kind: exec
-- params: org_id text, id text, version int, framework text, code text, label_en text?, label_zh text?
UPDATE dimension SET framework = :framework, code = :code, label_en = :label_en, label_zh = :label_zh, version = version + 1
WHERE id = :id AND org_id = :org_id AND version = :version;

-- name: dimension_delete  kind: exec
-- params: org_id text, id text
DELETE FROM dimension WHERE id = :id AND org_id = :org_id;

-- name: touchpoint_list  kind: many  row: touchpoint
-- params: org_id text
-- result: id text, code text, stage text, label_en text?, label_zh text?, version int
SELECT id, code, stage, label_en, label_zh, version
FROM touchpoint WHERE org_id = :org_id
ORDER BY CASE stage WHEN 'before' THEN 0 WHEN 'during' THEN 1 ELSE 2 END, position, code LIMIT 10000;

-- name: touchpoint_get  kind: one  row: touchpoint
-- params: org_id text, id text
SELECT id, code, stage, label_en, label_zh, version FROM touchpoint WHERE id = :id AND org_id = :org_id;

-- name: touchpoint_insert  kind: exec
-- params: id text, org_id text, code text, stage text, label_en text?, label_zh text?
INSERT INTO touchpoint (id, org_id, code, stage, label_en, label_zh, position)
VALUES (:id, :org_id, :code, :stage, :label_en, :label_zh,
    (SELECT coalesce(max(position), 0) + 1 FROM touchpoint WHERE org_id = :org_id));

-- name: touchpoint_update  kind: exec
-- params: org_id text, id text, version int, code text, stage text, label_en text?, label_zh text?
UPDATE touchpoint SET code = :code, stage = :stage, label_en = :label_en, label_zh = :label_zh, version = version + 1
WHERE id = :id AND org_id = :org_id AND version = :version;

-- name: touchpoint_delete  kind: exec
-- params: org_id text, id text
DELETE FROM touchpoint WHERE id = :id AND org_id = :org_id;

-- One's own and the shared ones.
-- name: view_list  kind: many  row: view
-- params: org_id text, user_id text
-- result: id text, user_id text, name text, document text, shared int, created_at int, version int
SELECT id, user_id, name, document, shared, created_at, version
FROM saved_view WHERE org_id = :org_id AND (user_id = :user_id OR shared = 1) ORDER BY name, id LIMIT 10000;

-- name: view_get  kind: one  row: view
-- params: org_id text, user_id text, id text
SELECT id, user_id, name, document, shared, created_at, version
FROM saved_view WHERE id = :id AND org_id = :org_id AND user_id = :user_id;

-- name: view_insert  kind: exec
-- params: id text, org_id text, user_id text, name text, document text, shared int, now int
INSERT INTO saved_view (id, org_id, user_id, name, document, shared, created_at)
VALUES (:id, :org_id, :user_id, :name, :document, :shared, :now);

-- name: view_update  kind: exec
-- params: org_id text, user_id text, id text, version int, name text, document text, shared int
UPDATE saved_view SET name = :name, document = :document, shared = :shared, version = version + 1
WHERE id = :id AND org_id = :org_id AND user_id = :user_id AND version = :version;

-- name: view_delete  kind: exec
-- params: org_id text, user_id text, id text
DELETE FROM saved_view WHERE id = :id AND org_id = :org_id AND user_id = :user_id;
