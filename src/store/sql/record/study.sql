-- Studies. How many responses: what the finished imports kept and no other replaced, and those that came one by one (study_count).
-- A study that an import makes (import_id) is seen by none of these before that import is done; one that is being removed is
-- seen by none either: its import_id is its own id.

-- name: study_list  kind: many  row: study
-- params: org_id text
-- result: id text, code text, title_en text?, title_zh text?, document text, simulated int, created_at int, updated_at int,
--         version int, imported int, single int, last_import int?, last_single int?, last_answer int?
SELECT s.id, s.code, s.title_en, s.title_zh, s.document, s.simulated, s.created_at, s.updated_at, s.version,
    (SELECT CAST(coalesce(sum(rows_kept - rows_hidden), 0) AS BIGINT) FROM import i WHERE i.study_id = s.id AND i.state = 'done'),
    coalesce((SELECT c.singles FROM study_count c WHERE c.study_id = s.id), 0),
    (SELECT max(finished_at) FROM import i WHERE i.study_id = s.id AND i.state = 'done'),
    (SELECT max(created_at) FROM response r WHERE r.study_id = s.id AND r.import_id IS NULL),
    (SELECT max(last.at) FROM (
        SELECT (SELECT r.at FROM visible_response r WHERE r.study_id = s.id ORDER BY r.at DESC LIMIT 1) AS at
        UNION ALL SELECT (SELECT k.high_at FROM visible_chunk k WHERE k.study_id = s.id AND k.n_kept > 0
            ORDER BY k.high_at DESC LIMIT 1)) last)
FROM study s WHERE s.org_id = :org_id AND s.import_id IS NULL ORDER BY s.id DESC LIMIT 1000;

-- name: study_get  kind: one  row: study
-- params: org_id text, id text
SELECT s.id, s.code, s.title_en, s.title_zh, s.document, s.simulated, s.created_at, s.updated_at, s.version,
    (SELECT CAST(coalesce(sum(rows_kept - rows_hidden), 0) AS BIGINT) FROM import i WHERE i.study_id = s.id AND i.state = 'done'),
    coalesce((SELECT c.singles FROM study_count c WHERE c.study_id = s.id), 0),
    (SELECT max(finished_at) FROM import i WHERE i.study_id = s.id AND i.state = 'done'),
    (SELECT max(created_at) FROM response r WHERE r.study_id = s.id AND r.import_id IS NULL),
    (SELECT max(last.at) FROM (
        SELECT (SELECT r.at FROM visible_response r WHERE r.study_id = s.id ORDER BY r.at DESC LIMIT 1) AS at
        UNION ALL SELECT (SELECT k.high_at FROM visible_chunk k WHERE k.study_id = s.id AND k.n_kept > 0
            ORDER BY k.high_at DESC LIMIT 1)) last)
FROM study s WHERE s.id = :id AND s.org_id = :org_id AND s.import_id IS NULL;

-- name: study_document  kind: one
-- params: org_id text, id text
-- result: code text, document text, version int
SELECT code, document, version FROM study WHERE id = :id AND org_id = :org_id AND import_id IS NULL;

-- name: study_by_code  kind: one
-- params: org_id text, code text
-- result: id text
SELECT id FROM study WHERE org_id = :org_id AND code = :code AND import_id IS NULL;

-- name: study_insert  kind: exec
-- params: id text, org_id text, code text, title_en text?, title_zh text?, document text, simulated int,
--         import_id text?, now int
INSERT INTO study (id, org_id, code, title_en, title_zh, document, simulated, import_id, created_at, updated_at)
VALUES (:id, :org_id, :code, :title_en, :title_zh, :document, :simulated, :import_id, :now, :now);

-- name: study_settle  kind: exec
-- params: org_id text, import_id text, now int
UPDATE study SET import_id = NULL, created_at = :now, updated_at = :now WHERE import_id = :import_id AND org_id = :org_id;

-- Its row stays, as the import's points to it, without what it said; its code is free again.
-- name: study_give_up  kind: exec
-- params: import_id text, code text
UPDATE study SET code = :code, title_en = NULL, title_zh = NULL, document = '{}' WHERE import_id = :import_id;

-- From here on nobody sees it, and nothing comes in.
-- name: study_hide  kind: exec
-- params: org_id text, id text
UPDATE study SET import_id = id WHERE id = :id AND org_id = :org_id AND import_id IS NULL;

-- Those of all organisations whose removal isn't over.
-- name: study_removed  kind: many
-- result: id text, org_id text
SELECT id, org_id FROM study WHERE import_id IS NOT NULL AND import_id = id ORDER BY id LIMIT 1000;

-- name: study_update  kind: exec
-- params: org_id text, id text, version int, code text, title_en text?, title_zh text?, document text, simulated int,
--         now int
UPDATE study SET code = :code, title_en = :title_en, title_zh = :title_zh, document = :document, simulated = :simulated,
    updated_at = :now, version = version + 1
WHERE id = :id AND org_id = :org_id AND version = :version AND import_id IS NULL;

-- name: study_delete  kind: exec
-- params: org_id text, id text
DELETE FROM study WHERE id = :id AND org_id = :org_id AND import_id = id;

-- name: study_delete_responses  kind: exec
-- params: org_id text, study_id text
DELETE FROM response WHERE study_id = :study_id AND org_id = :org_id;

-- name: study_delete_imports  kind: exec
-- params: org_id text, study_id text
DELETE FROM import WHERE study_id = :study_id AND org_id = :org_id;

-- Studies of all organisations, for what is made anew of each.
-- name: study_all  kind: many
-- params: after_id text, limit int
-- result: id text, org_id text
SELECT id, org_id FROM study WHERE id > :after_id AND import_id IS NULL ORDER BY id LIMIT :limit;

-- name: study_importing  kind: one
-- params: org_id text, study_id text
-- result: n int
SELECT count(*) FROM import WHERE study_id = :study_id AND org_id = :org_id AND state IN ('queued', 'running');

-- name: study_version  kind: one
-- params: org_id text, id text
-- result: version int
SELECT version FROM study WHERE id = :id AND org_id = :org_id AND import_id IS NULL;

-- name: study_count_insert  kind: exec
-- params: study_id text
INSERT INTO study_count (study_id, singles) VALUES (:study_id, 0);

-- name: study_count_add  kind: exec
-- params: study_id text, n int
UPDATE study_count SET singles = CASE WHEN singles + :n > 0 THEN singles + :n ELSE 0 END WHERE study_id = :study_id;

-- Studies, and imports that are done, whose count isn't the number of their responses.
-- name: study_count_wrong  kind: many
-- result: code text, counted int, found int
SELECT code, counted, found FROM (
    SELECT s.code AS code, coalesce((SELECT c.singles FROM study_count c WHERE c.study_id = s.id), 0) AS counted,
        (SELECT count(*) FROM response r WHERE r.study_id = s.id AND r.import_id IS NULL) AS found
    FROM study s
    UNION ALL
    SELECT s.code, i.rows_kept, (SELECT count(*) FROM response r WHERE r.import_id = i.id)
        + (SELECT CAST(coalesce(sum(k.n_kept), 0) AS BIGINT) FROM response_chunk k WHERE k.import_id = i.id)
    FROM import i JOIN study s ON s.id = i.study_id WHERE i.state = 'done'
    UNION ALL
    SELECT s.code, i.rows_hidden, (SELECT CAST(coalesce(sum(h.n), 0) AS BIGINT)
        FROM response_chunk k JOIN response_hidden h ON h.chunk = k.number JOIN import b ON b.id = h.import_id
        WHERE k.import_id = i.id AND b.state = 'done')
    FROM import i JOIN study s ON s.id = i.study_id WHERE i.state = 'done') counts
WHERE counted <> found ORDER BY code LIMIT 100;

-- name: study_delete_some_singles  kind: exec
-- params: org_id text, study_id text
DELETE FROM response WHERE id IN (
    SELECT id FROM response WHERE study_id = :study_id AND org_id = :org_id AND import_id IS NULL LIMIT 5000);

-- name: study_import_with_rows  kind: one
-- params: org_id text, study_id text
-- result: id text
SELECT i.id FROM import i WHERE i.study_id = :study_id AND i.org_id = :org_id
    AND EXISTS (SELECT 1 FROM response r WHERE r.import_id = i.id)
LIMIT 1;

-- name: study_delete_some_imported  kind: exec
-- params: org_id text, import_id text
DELETE FROM response WHERE id IN (
    SELECT id FROM response WHERE import_id = :import_id AND org_id = :org_id ORDER BY id LIMIT 5000);
