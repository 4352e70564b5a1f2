-- Responses. Readers see visible_response: no half import.

-- One whose key has come before changes no row, nor one of a study that is being removed. document: '{}' where `answers` hold them.
-- name: response_insert  kind: exec
-- params: id text, org_id text, study_id text, import_id text?, customer_id text?, idempotency_key text?, wave text?,
--         weight real?, channel text?, at int, now int, document text, shape int?, answers blob?
INSERT INTO response (id, org_id, study_id, import_id, customer_id, idempotency_key, wave, weight, channel, at, created_at,
    document, shape, answers)
SELECT :id, :org_id, :study_id, :import_id, :customer_id, :idempotency_key, :wave, :weight, :channel, :at, :now, :document,
    :shape, :answers
WHERE NOT EXISTS (SELECT 1 FROM study s WHERE s.id = :study_id AND s.import_id = s.id)
ON CONFLICT (study_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING;

-- Only those that came one by one have a key.
-- name: response_by_key  kind: one
-- params: org_id text, study_id text, idempotency_key text
-- result: id text, customer_id text?, wave text?, weight real?, channel text?, at int, document text, columns blob?,
--         answers blob?
SELECT r.id, r.customer_id, r.wave, r.weight, r.channel, r.at, r.document, l.columns, r.answers
FROM response r LEFT JOIN layout l ON l.study_id = r.study_id AND l.shape = r.shape
WHERE r.study_id = :study_id AND r.org_id = :org_id AND r.idempotency_key = :idempotency_key;

-- respondent: those that were posted have none.
-- name: response_get  kind: one  row: response
-- params: org_id text, id text
-- result: id text, study_id text, import_id text?, customer text?, respondent text?, wave text?, weight real?, channel text?,
--         at int, document text, columns blob?, answers blob?
SELECT r.id, r.study_id, r.import_id, c.reference, NULL, r.wave, r.weight, r.channel, r.at, r.document,
    l.columns, r.answers
FROM visible_response r LEFT JOIN customer c ON c.id = r.customer_id
    LEFT JOIN layout l ON l.study_id = r.study_id AND l.shape = r.shape
WHERE r.id = :id AND r.org_id = :org_id;

-- Newest first. before_id NULL: from the newest; ULIDs begin with 0 to 7.
-- name: response_list  kind: many  row: response
-- params: org_id text, study_id text, before_id text?, limit int
SELECT r.id, r.study_id, r.import_id, c.reference, NULL, r.wave, r.weight, r.channel, r.at, r.document,
    l.columns, r.answers
FROM visible_response r LEFT JOIN customer c ON c.id = r.customer_id
    LEFT JOIN layout l ON l.study_id = r.study_id AND l.shape = r.shape
WHERE r.study_id = :study_id AND r.org_id = :org_id AND r.id < coalesce(:before_id, '8') ORDER BY r.id DESC LIMIT :limit;

-- By the time they were given, in `from_at` ≤ at < `below_at`; wave '', customer '': any; else its reference
-- begins so, in small letters from `customer` up to, not including, `customer_end`. A page goes on behind (last_at, last_id).
-- name: response_newest  kind: many  row: response
-- params: org_id text, study_id text, from_at int, below_at int, wave text, customer text, customer_end text, last_at int, last_id text, limit int
SELECT r.id, r.study_id, r.import_id, c.reference, NULL, r.wave, r.weight, r.channel, r.at, r.document,
    l.columns, r.answers
FROM visible_response r LEFT JOIN customer c ON c.id = r.customer_id
    LEFT JOIN layout l ON l.study_id = r.study_id AND l.shape = r.shape
WHERE r.study_id = :study_id AND r.org_id = :org_id AND r.at >= :from_at AND r.at < :below_at
    AND (r.at, r.id) < (:last_at, :last_id) AND (:wave = '' OR r.wave = :wave)
    AND (:customer = '' OR (lower(c.reference) >= :customer AND lower(c.reference) < :customer_end))
ORDER BY r.at DESC, r.id DESC LIMIT :limit;

-- name: response_oldest  kind: many  row: response
-- params: org_id text, study_id text, from_at int, below_at int, wave text, customer text, customer_end text, last_at int, last_id text, limit int
SELECT r.id, r.study_id, r.import_id, c.reference, NULL, r.wave, r.weight, r.channel, r.at, r.document,
    l.columns, r.answers
FROM visible_response r LEFT JOIN customer c ON c.id = r.customer_id
    LEFT JOIN layout l ON l.study_id = r.study_id AND l.shape = r.shape
WHERE r.study_id = :study_id AND r.org_id = :org_id AND r.at >= :from_at AND r.at < :below_at
    AND (r.at, r.id) > (:last_at, :last_id) AND (:wave = '' OR r.wave = :wave)
    AND (:customer = '' OR (lower(c.reference) >= :customer AND lower(c.reference) < :customer_end))
ORDER BY r.at, r.id LIMIT :limit;

-- How many of them there are.
-- name: response_count_between  kind: one
-- params: org_id text, study_id text, from_at int, below_at int, wave text, customer text, customer_end text
-- result: n int
SELECT count(*) FROM visible_response r LEFT JOIN customer c ON c.id = r.customer_id
WHERE r.study_id = :study_id AND r.org_id = :org_id AND r.at >= :from_at AND r.at < :below_at
    AND (:wave = '' OR r.wave = :wave)
    AND (:customer = '' OR (lower(c.reference) >= :customer AND lower(c.reference) < :customer_end));

-- name: response_delete  kind: exec
-- params: org_id text, id text
DELETE FROM response WHERE id = :id AND org_id = :org_id;

-- For the columns: one response as it is now.
-- name: response_for_columns  kind: one  row: stored_response
-- params: id text
-- result: id text, import_id text?, customer_id text?, wave text?, weight real?, at int, document text, columns blob?,
--         answers blob?
SELECT r.id, r.import_id, r.customer_id, r.wave, r.weight, r.at, r.document, l.columns, r.answers
FROM visible_response r LEFT JOIN layout l ON l.study_id = r.study_id AND l.shape = r.shape WHERE r.id = :id;

-- A page of an import, whatever its state.
-- name: response_of_import  kind: many  row: stored_response
-- params: import_id text, after_id text, limit int
SELECT r.id, r.import_id, r.customer_id, r.wave, r.weight, r.at, r.document, l.columns, r.answers
FROM response r LEFT JOIN layout l ON l.study_id = r.study_id AND l.shape = r.shape
WHERE r.import_id = :import_id AND r.id > :after_id ORDER BY r.id LIMIT :limit;

-- A page of everything visible in a study, for a rebuild.
-- name: response_of_study  kind: many  row: stored_response
-- params: study_id text, after_id text, limit int
SELECT r.id, r.import_id, r.customer_id, r.wave, r.weight, r.at, r.document, l.columns, r.answers
FROM visible_response r LEFT JOIN layout l ON l.study_id = r.study_id AND l.shape = r.shape
WHERE r.study_id = :study_id AND r.id > :after_id ORDER BY r.id LIMIT :limit;

-- name: layout_insert  kind: exec
-- params: study_id text, shape int, org_id text, columns blob
INSERT INTO layout (study_id, shape, org_id, columns) VALUES (:study_id, :shape, :org_id, :columns)
ON CONFLICT (study_id, shape) DO NOTHING;

-- Responses whose answers are JSON still, of all organisations, and how their imports stand.
-- name: response_old  kind: many
-- params: after_id text, limit int
-- result: id text, org_id text, study_id text, import_id text?, state text?, customer_id text?, wave text?, weight real?,
--         at int, created_at int, document text
SELECT r.id, r.org_id, r.study_id, r.import_id, i.state, r.customer_id, r.wave, r.weight, r.at, r.created_at, r.document
FROM response r LEFT JOIN import i ON i.id = r.import_id
WHERE r.answers IS NULL AND r.id > :after_id ORDER BY r.id LIMIT :limit;

-- name: response_set_answers  kind: exec
-- params: id text, shape int, answers blob
UPDATE response SET document = '{}', shape = :shape, answers = :answers WHERE id = :id;

-- How many there are of a study in all, as is kept count of.
-- name: response_count_all  kind: one
-- params: org_id text, study_id text
-- result: n int
SELECT (SELECT CAST(coalesce(sum(i.rows_kept - i.rows_hidden), 0) AS BIGINT) FROM import i
        WHERE i.study_id = :study_id AND i.org_id = :org_id AND i.state = 'done')
    + coalesce((SELECT c.singles FROM study_count c JOIN study s ON s.id = c.study_id
        WHERE c.study_id = :study_id AND s.org_id = :org_id), 0);
