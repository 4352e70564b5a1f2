-- Long work.

-- name: job_insert  kind: exec
-- params: id text, org_id text, user_id text?, kind text, subject_id text?, spec text, now int
INSERT INTO job (id, org_id, user_id, kind, subject_id, state, spec, created_at)
VALUES (:id, :org_id, :user_id, :kind, :subject_id, 'queued', :spec, :now);

-- name: job_get  kind: one
-- params: org_id text, id text
-- result: id text, org_id text, user_id text?, kind text, subject_id text?, state text, progress real, message text,
--         result text?, created_at int, started_at int?, finished_at int?
SELECT id, org_id, user_id, kind, subject_id, state, progress, message, result, created_at, started_at, finished_at
FROM job WHERE id = :id AND org_id = :org_id;

-- name: job_list  kind: many
-- params: org_id text, limit int
-- result: id text, org_id text, user_id text?, kind text, subject_id text?, state text, progress real, message text,
--         result text?, created_at int, started_at int?, finished_at int?
SELECT id, org_id, user_id, kind, subject_id, state, progress, message, result, created_at, started_at, finished_at
FROM job WHERE org_id = :org_id ORDER BY id DESC LIMIT :limit;

-- What a crash left behind, oldest first.
-- name: job_unfinished  kind: many
-- params: limit int
-- result: id text, org_id text, user_id text?, kind text, subject_id text?, state text, spec text
SELECT id, org_id, user_id, kind, subject_id, state, spec
FROM job WHERE state IN ('queued', 'running') ORDER BY id LIMIT :limit;

-- name: job_start  kind: exec
-- params: id text, now int
UPDATE job SET state = 'running', started_at = :now WHERE id = :id;

-- name: job_progress  kind: exec
-- params: id text, progress real, message text
UPDATE job SET progress = :progress, message = :message WHERE id = :id AND state = 'running';

-- name: job_finish  kind: exec
-- params: id text, state text, progress real, message text, result text?, now int
UPDATE job SET state = :state, progress = :progress, message = :message, result = :result, finished_at = :now
WHERE id = :id;
