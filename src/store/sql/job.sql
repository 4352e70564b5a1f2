-- Long work: the rows are the queue.

-- name: job_insert  kind: exec
-- params: id text, org_id text, user_id text?, kind text, subject_id text?, spec text, lang text, now int
INSERT INTO job (id, org_id, user_id, kind, subject_id, state, spec, lang, created_at)
VALUES (:id, :org_id, :user_id, :kind, :subject_id, 'queued', :spec, :lang, :now);

-- name: job_count_queued  kind: one
-- result: n int
SELECT count(*) FROM job WHERE state = 'queued';

-- name: job_get  kind: one
-- params: org_id text, id text
-- result: id text, kind text, subject_id text?, state text, progress real, message text, created_at int, finished_at int?
SELECT id, kind, subject_id, state, progress, message, created_at, finished_at
FROM job WHERE id = :id AND org_id = :org_id;

-- name: job_list  kind: many
-- params: org_id text, limit int
-- result: id text, kind text, subject_id text?, state text, progress real, message text, created_at int, finished_at int?
SELECT id, kind, subject_id, state, progress, message, created_at, finished_at
FROM job WHERE org_id = :org_id ORDER BY id DESC LIMIT :limit;

-- The oldest that waits becomes running. attempts: with this one.
-- name: job_claim  kind: one
-- params: now int
-- result: id text, org_id text, user_id text?, kind text, subject_id text?, spec text, lang text, attempts int
UPDATE job SET state = 'running', started_at = :now, attempts = attempts + 1
WHERE id = (SELECT id FROM job WHERE state = 'queued' ORDER BY id LIMIT 1)
RETURNING id, org_id, user_id, kind, subject_id, spec, lang, attempts;

-- After a crash: whatever ran waits again.
-- name: job_requeue  kind: exec
UPDATE job SET state = 'queued' WHERE state = 'running';

-- name: job_progress  kind: exec
-- params: id text, progress real, message text
UPDATE job SET progress = :progress, message = :message WHERE id = :id AND state = 'running';

-- name: job_finish  kind: exec
-- params: id text, state text, progress real, message text, now int
UPDATE job SET state = :state, progress = :progress, message = :message, finished_at = :now WHERE id = :id;

-- name: job_ask_cancel  kind: exec
-- params: org_id text, id text
UPDATE job SET cancel_asked = 1 WHERE id = :id AND org_id = :org_id AND state IN ('queued', 'running');

-- name: job_cancel_asked  kind: one
-- params: id text
-- result: cancel_asked int
SELECT cancel_asked FROM job WHERE id = :id;
