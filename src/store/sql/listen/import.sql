-- Uploads and imports.

-- name: upload_insert  kind: exec
-- params: id text, org_id text, user_id text?, file_name text, bytes int, checksum blob, now int, expires_at int
INSERT INTO upload (id, org_id, user_id, file_name, bytes, checksum, created_at, expires_at)
VALUES (:id, :org_id, :user_id, :file_name, :bytes, :checksum, :now, :expires_at);

-- name: upload_get  kind: one
-- params: org_id text, id text
-- result: id text, file_name text, bytes int, checksum blob, created_at int, expires_at int
SELECT id, file_name, bytes, checksum, created_at, expires_at FROM upload WHERE id = :id AND org_id = :org_id;

-- name: upload_of_org  kind: one
-- params: org_id text
-- result: n int, bytes int
SELECT count(*), CAST(coalesce(sum(bytes), 0) AS BIGINT) FROM upload WHERE org_id = :org_id;

-- Of all organisations.
-- name: upload_known  kind: one
-- params: id text
-- result: n int
SELECT count(*) FROM upload WHERE id = :id;

-- Of all organisations; none that an unfinished import still reads.
-- name: upload_expired  kind: many
-- params: now int
-- result: id text
SELECT id FROM upload u WHERE u.expires_at <= :now
    AND NOT EXISTS (SELECT 1 FROM import i WHERE i.upload_id = u.id AND i.state IN ('queued', 'running'))
ORDER BY u.expires_at LIMIT 1000;

-- name: upload_delete  kind: exec
-- params: id text
DELETE FROM upload WHERE id = :id;

-- Where the same file is in the study already, or on its way, no row changes, unless it is wanted again; nor where the study
-- is there no more.
-- name: import_insert  kind: exec
-- params: id text, org_id text, study_id text, upload_id text?, user_id text?, file_name text, mapping text, checksum blob,
--         again int, now int
INSERT INTO import (id, org_id, study_id, upload_id, user_id, file_name, state, mapping, checksum, created_at)
SELECT :id, :org_id, :study_id, :upload_id, :user_id, :file_name, 'queued', :mapping, :checksum, :now
WHERE EXISTS (SELECT 1 FROM study s
        WHERE s.id = :study_id AND s.org_id = :org_id AND (s.import_id IS NULL OR s.import_id = :id))
    AND (:again = 1 OR NOT EXISTS (
        SELECT 1 FROM import i WHERE i.study_id = :study_id AND i.org_id = :org_id AND i.checksum = :checksum
            AND i.state IN ('queued', 'running', 'done')));

-- name: import_set_job  kind: exec
-- params: org_id text, id text, job_id text
UPDATE import SET job_id = :job_id WHERE id = :id AND org_id = :org_id;

-- name: import_get  kind: one  row: import
-- params: org_id text, id text
-- result: id text, study_id text, upload_id text?, job_id text?, file_name text, state text, mapping text, rows_read int,
--         rows_kept int, rows_added int, rows_replaced int, rows_left int, rows_refused int, errors int, message_en text,
--         message_zh text, created_at int, finished_at int?
SELECT id, study_id, upload_id, job_id, file_name, state, mapping, rows_read, rows_kept, rows_added, rows_replaced, rows_left,
    rows_refused, errors, message_en, message_zh, created_at, finished_at
FROM import WHERE id = :id AND org_id = :org_id;

-- name: import_list  kind: many  row: import
-- params: org_id text, limit int
SELECT id, study_id, upload_id, job_id, file_name, state, mapping, rows_read, rows_kept, rows_added, rows_replaced, rows_left,
    rows_refused, errors, message_en, message_zh, created_at, finished_at
FROM import WHERE org_id = :org_id ORDER BY id DESC LIMIT :limit;

-- The same file in the same study, there or on its way.
-- name: import_same_file  kind: one
-- params: org_id text, study_id text, checksum blob
-- result: id text, created_at int
SELECT id, created_at FROM import
WHERE study_id = :study_id AND org_id = :org_id AND checksum = :checksum AND state IN ('queued', 'running', 'done')
ORDER BY id DESC LIMIT 1;

-- The finished import that brought exactly this file.
-- name: import_that_brought  kind: one
-- params: org_id text, study_id text, checksum blob
-- result: id text
SELECT id FROM import WHERE study_id = :study_id AND org_id = :org_id AND checksum = :checksum AND state = 'done'
ORDER BY id DESC LIMIT 1;

-- Other imports of the study that are being read.
-- name: import_others  kind: one
-- params: org_id text, study_id text, id text
-- result: n int
SELECT count(*) FROM import WHERE study_id = :study_id AND org_id = :org_id AND id <> :id AND state = 'running';

-- name: import_begin  kind: exec
-- params: id text
UPDATE import SET state = 'running' WHERE id = :id AND state IN ('queued', 'running');

-- What is brought is there and not hidden as long as nobody sees it.
-- name: import_progress  kind: exec
-- params: id text, rows_read int, rows_added int, rows_replaced int, rows_left int, rows_refused int, errors int
UPDATE import SET state = 'running', rows_read = :rows_read, rows_kept = :rows_added + :rows_replaced, rows_added = :rows_added,
    rows_replaced = :rows_replaced, rows_left = :rows_left, rows_refused = :rows_refused, errors = :errors
WHERE id = :id AND state IN ('queued', 'running');

-- name: import_finish  kind: exec
-- params: id text, state text, message_en text, message_zh text, now int
UPDATE import SET state = :state, message_en = :message_en, message_zh = :message_zh, finished_at = :now WHERE id = :id AND state IN ('queued', 'running');

-- name: import_undo  kind: exec
-- params: org_id text, id text, now int
UPDATE import SET state = 'undone', finished_at = :now WHERE id = :id AND org_id = :org_id AND state = 'done';

-- name: import_lose  kind: exec
-- params: id text, n int
UPDATE import SET rows_kept = CASE WHEN rows_kept > :n THEN rows_kept - :n ELSE 0 END WHERE id = :id;

-- Imports that haven't ended, of all organisations, and that no job will end.
-- name: import_unfinished  kind: many
-- result: id text
SELECT i.id FROM import i
WHERE i.state IN ('queued', 'running')
    AND NOT EXISTS (SELECT 1 FROM job j WHERE j.id = i.job_id AND j.state IN ('queued', 'running'))
ORDER BY i.id LIMIT 10000;

-- Imports that aren't to be seen and still have rows: those of an undone one too, when the columns were made anew before
-- they came to its entry.
-- name: import_with_leftovers  kind: many
-- result: id text
SELECT i.id FROM import i
WHERE i.state IN ('failed', 'cancelled', 'undone') AND (EXISTS (SELECT 1 FROM response_chunk k WHERE k.import_id = i.id)
    OR EXISTS (SELECT 1 FROM response r WHERE r.import_id = i.id))
ORDER BY i.id LIMIT 10000;

-- How an import ended, for the columns. told: the entry that says so, while the log has it.
-- name: import_extent  kind: one
-- params: id text
-- result: state text, rows_kept int, rows_replaced int, refill int, study_id text, told int
SELECT state, rows_kept, rows_replaced, refill, study_id, coalesce((SELECT max(sequence) FROM event e
    WHERE e.stream_id = import.study_id AND e.subject_id = import.id AND e.kind = 'import'), 0)
FROM import WHERE id = :id;

-- Never of an import that is done: its job may have been killed between the import's end and its own.
-- name: import_delete_some  kind: exec
-- params: id text
DELETE FROM response WHERE id IN (SELECT id FROM response WHERE import_id = :id ORDER BY id LIMIT 5000)
  AND (SELECT state FROM import WHERE id = :id) IN ('failed', 'cancelled', 'undone');

-- name: import_error_insert  kind: exec
-- params: org_id text, import_id text, number int, line int, column_name text, value text, reason_en text, reason_zh text
INSERT INTO import_error (org_id, import_id, number, line, column_name, value, reason_en, reason_zh)
VALUES (:org_id, :import_id, :number, :line, :column_name, :value, :reason_en, :reason_zh);

-- What stood in the cells, where somebody of the import was erased: lines, columns and reasons stay.
-- name: import_error_blank  kind: exec
-- params: import_id text
UPDATE import_error SET value = '' WHERE import_id = :import_id AND value <> '';

-- name: import_error_list  kind: many
-- params: org_id text, import_id text
-- result: line int, column_name text, value text, reason_en text, reason_zh text
SELECT line, column_name, value, reason_en, reason_zh FROM import_error
WHERE import_id = :import_id AND org_id = :org_id ORDER BY number LIMIT 10000;

-- A customer's number from all lists. Goes through those of the organisation.
-- name: import_error_blank_customer  kind: exec
-- params: org_id text, customer_id text
UPDATE import_error SET value = '' WHERE org_id = :org_id
    AND value = (SELECT c.reference FROM customer c WHERE c.id = :customer_id AND c.org_id = :org_id);

-- Rows of an import that isn't seen yet were changed: what the columns were fed of it isn't to be used.
-- name: import_refill  kind: exec
-- params: org_id text, response_id text
UPDATE import SET refill = 1
WHERE org_id = :org_id AND id = (SELECT import_id FROM response WHERE id = :response_id);

-- How the file of an import that ends now was read.
-- name: import_profile_insert  kind: exec
-- params: import_id text, org_id text, study_id text, profile text
INSERT INTO import_profile (import_id, org_id, study_id, profile) VALUES (:import_id, :org_id, :study_id, :profile);

-- name: import_profile_delete  kind: exec
-- params: org_id text, import_id text
DELETE FROM import_profile WHERE import_id = :import_id AND org_id = :org_id;

-- What is kept of an import that has few responses left speaks of each of them.
-- name: import_profile_forget  kind: exec
-- params: import_id text, few int
DELETE FROM import_profile WHERE import_id = :import_id
    AND (SELECT i.rows_kept FROM import i WHERE i.id = :import_id) <= :few;

-- The last import of a study, or of each ('': of any), newest first.
-- name: import_last_list  kind: many
-- params: org_id text, study_id text
-- result: import_id text, study_id text, code text, title_en text?, title_zh text?, file_name text, finished_at int?
SELECT p.import_id, p.study_id, s.code, s.title_en, s.title_zh, i.file_name, i.finished_at
FROM import_profile p JOIN import i ON i.id = p.import_id JOIN study s ON s.id = p.study_id
WHERE p.org_id = :org_id AND (:study_id = '' OR p.study_id = :study_id) AND s.import_id IS NULL
    AND NOT EXISTS (SELECT 1 FROM import_profile later WHERE later.study_id = p.study_id AND later.import_id > p.import_id)
ORDER BY p.import_id DESC LIMIT 100;

-- name: import_profile_get  kind: one
-- params: org_id text, import_id text
-- result: profile text, mapping text
SELECT p.profile, i.mapping FROM import_profile p JOIN import i ON i.id = p.import_id
WHERE p.import_id = :import_id AND p.org_id = :org_id;
