-- What the column engine must still learn.

-- name: outbox_add  kind: one
-- params: org_id text, kind text, study_id text, ref_id text, now int
-- result: sequence int
INSERT INTO outbox (org_id, kind, study_id, ref_id, at) VALUES (:org_id, :kind, :study_id, :ref_id, :now)
RETURNING sequence;

-- name: outbox_after  kind: many
-- params: sequence int, limit int
-- result: sequence int, org_id text, kind text, study_id text, ref_id text
SELECT sequence, org_id, kind, study_id, ref_id
FROM outbox WHERE sequence > :sequence ORDER BY sequence LIMIT :limit;

-- name: outbox_last  kind: one
-- result: sequence int
SELECT coalesce(max(sequence), 0) FROM outbox;
