-- Long work: the rows are the queue.

-- name: job_insert  kind: exec
-- params: id text, org_id text, user_id text?, kind text, lane text, subject_id text?, spec text, lang text, run_at int?,
--         now int
INSERT INTO job (id, org_id, user_id, kind, lane, subject_id, state, spec, lang, run_at, created_at)
VALUES (:id, :org_id, :user_id, :kind, :lane, :subject_id, 'queued', :spec, :lang, :run_at, :now);

-- Not what repeats: that is always there.
-- name: job_count_queued  kind: one
-- result: n int
SELECT count(*) FROM job WHERE state = 'queued' AND org_id IS NOT NULL;

-- name: job_count_queued_of_org  kind: one
-- params: org_id text
-- result: n int
SELECT count(*) FROM job WHERE state = 'queued' AND org_id = :org_id;

-- name: job_get  kind: one  row: job
-- params: org_id text, id text
-- result: id text, kind text, subject_id text?, state text, progress real, message_en text, message_zh text, created_at int, finished_at int?
SELECT id, kind, subject_id, state, progress, message_en, message_zh, created_at, finished_at
FROM job WHERE id = :id AND org_id = :org_id;

-- name: job_list  kind: many  row: job
-- params: org_id text, limit int
SELECT id, kind, subject_id, state, progress, message_en, message_zh, created_at, finished_at
FROM job WHERE org_id = :org_id ORDER BY id DESC LIMIT :limit;

-- Which job of a lane is next, as job_claim chooses it; no row where none may run now.
-- name: job_next  kind: one
-- params: lane text, per_org int, now int
-- result: id text
SELECT j.id FROM job j
WHERE j.state = 'queued' AND j.lane = :lane
    AND (j.run_at IS NULL OR j.run_at <= :now OR j.run_at > :now + 2 * j.every_us)
    AND (SELECT count(*) FROM job r WHERE r.state = 'running' AND r.lane = j.lane AND r.org_id = j.org_id) < :per_org
LIMIT 1;

-- One job of a lane becomes running: of the organisation that runs fewest there, then the one served longest ago, then
-- the oldest. One that repeats and lies more than two intervals ahead was armed by a clock that has been set back.
-- attempts: with this one. cut_off: the run before didn't end.
-- name: job_claim  kind: one
-- params: lane text, per_org int, now int
-- result: id text, org_id text?, user_id text?, kind text, subject_id text?, spec text, lang text, attempts int,
--         cut_off int
UPDATE job SET state = 'running', started_at = :now, attempts = attempts + 1
WHERE state = 'queued' AND id = (
    SELECT j.id FROM job j
    WHERE j.state = 'queued' AND j.lane = :lane
        AND (j.run_at IS NULL OR j.run_at <= :now OR j.run_at > :now + 2 * j.every_us)
        AND (SELECT count(*) FROM job r WHERE r.state = 'running' AND r.lane = j.lane AND r.org_id = j.org_id) < :per_org
    ORDER BY (SELECT count(*) FROM job r WHERE r.state = 'running' AND r.lane = j.lane AND r.org_id = j.org_id),
        coalesce((SELECT s.started_at FROM job s WHERE s.lane = j.lane AND s.org_id = j.org_id AND s.started_at IS NOT NULL
            ORDER BY s.started_at DESC LIMIT 1), 0), j.id
    LIMIT 1)
RETURNING id, org_id, user_id, kind, subject_id, spec, lang, attempts, cut_off;

-- After a crash: whatever ran waits again. To be called by the one server that a record has, at its start.
-- name: job_requeue  kind: exec
UPDATE job SET state = 'queued', cut_off = 1 WHERE state = 'running';

-- A run that was stopped in good order, or couldn't begin, is no attempt.
-- name: job_give_back  kind: exec
-- params: id text, cut_off int
UPDATE job SET state = 'queued', attempts = attempts - 1, cut_off = :cut_off WHERE id = :id AND state = 'running';

-- The lane of a kind may have changed with the program.
-- name: job_move_lane  kind: exec
-- params: kind text, lane text
UPDATE job SET lane = :lane WHERE kind = :kind AND state = 'queued' AND lane <> :lane;

-- The one row of a kind that repeats; an older one keeps its time. It isn't queued when a program that lacked the kind
-- gave it up.
-- name: job_arm  kind: exec
-- params: id text, kind text, lane text, every_us int, now int
INSERT INTO job (id, kind, lane, state, spec, lang, run_at, every_us, created_at)
VALUES (:id, :kind, :lane, 'queued', '{}', 'en', :now, :every_us, :now)
ON CONFLICT (kind) WHERE every_us IS NOT NULL DO UPDATE SET every_us = :every_us, state = 'queued',
    attempts = CASE WHEN job.state = 'queued' THEN job.attempts ELSE 0 END,
    cut_off = CASE WHEN job.state = 'queued' THEN job.cut_off ELSE 0 END;

-- name: job_rearm  kind: exec
-- params: id text, message_en text, message_zh text, run_at int, now int
UPDATE job SET state = 'queued', run_at = :run_at, message_en = :message_en, message_zh = :message_zh, progress = 0, attempts = 0, cut_off = 0,
    cancel_asked = 0, finished_at = :now
WHERE id = :id;

-- name: job_progress  kind: exec
-- params: id text, progress real, message_en text, message_zh text
UPDATE job SET progress = :progress, message_en = :message_en, message_zh = :message_zh WHERE id = :id AND state = 'running';

-- name: job_finish  kind: exec
-- params: id text, state text, progress real, message_en text, message_zh text, now int
UPDATE job SET state = :state, progress = :progress, message_en = :message_en, message_zh = :message_zh, finished_at = :now WHERE id = :id;

-- name: job_ask_cancel  kind: exec
-- params: org_id text, id text
UPDATE job SET cancel_asked = 1 WHERE id = :id AND org_id = :org_id AND state IN ('queued', 'running');

-- name: job_cancel_asked  kind: one
-- params: id text
-- result: cancel_asked int
SELECT cancel_asked FROM job WHERE id = :id;

-- Running jobs that are to stop; asked perhaps by another process.
-- name: job_to_cancel  kind: many
-- result: id text
SELECT id FROM job WHERE state = 'running' AND cancel_asked = 1 ORDER BY id LIMIT 200;

-- Work that repeats, for people.
-- name: job_schedule  kind: many
-- result: kind text, state text, run_at int?, finished_at int?, message_en text, message_zh text
SELECT kind, state, run_at, finished_at, message_en, message_zh FROM job WHERE every_us IS NOT NULL ORDER BY kind LIMIT 100;
