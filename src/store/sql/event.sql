-- The event log, and where its followers stand.

-- name: event_add  kind: one
-- params: org_id text, kind text, stream_id text, subject_id text, now int
-- result: sequence int
INSERT INTO event (org_id, kind, stream_id, subject_id, at) VALUES (:org_id, :kind, :stream_id, :subject_id, :now)
RETURNING sequence;

-- name: event_after  kind: many
-- params: sequence int, limit int
-- result: sequence int, org_id text, kind text, stream_id text, subject_id text
SELECT sequence, org_id, kind, stream_id, subject_id
FROM event WHERE sequence > :sequence ORDER BY sequence LIMIT :limit;

-- name: event_last  kind: one
-- result: sequence int
SELECT coalesce(max(sequence), 0) FROM event;
