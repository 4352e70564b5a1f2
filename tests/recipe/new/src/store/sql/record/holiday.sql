-- Days on which an organisation serves nobody; the code is the day.

-- name: holiday_list  kind: many  row: holiday
-- params: org_id text
-- result: id text, code text, label_en text?, label_zh text?, version int
SELECT id, code, label_en, label_zh, version FROM holiday WHERE org_id = :org_id ORDER BY code LIMIT 10000;

-- name: holiday_get  kind: one  row: holiday
-- params: org_id text, id text
SELECT id, code, label_en, label_zh, version FROM holiday WHERE id = :id AND org_id = :org_id;

-- name: holiday_insert  kind: exec
-- params: id text, org_id text, code text, label_en text?, label_zh text?
INSERT INTO holiday (id, org_id, code, label_en, label_zh) VALUES (:id, :org_id, :code, :label_en, :label_zh);

-- name: holiday_update  kind: exec
-- params: org_id text, id text, version int, code text, label_en text?, label_zh text?
UPDATE holiday SET code = :code, label_en = :label_en, label_zh = :label_zh, version = version + 1
WHERE id = :id AND org_id = :org_id AND version = :version;

-- name: holiday_delete  kind: exec
-- params: org_id text, id text
DELETE FROM holiday WHERE id = :id AND org_id = :org_id;
