-- The event log, and where its followers stand; see service/log.

-- name: event_add  kind: one
-- params: org_id text, kind text, stream_id text, subject_id text, now int
-- result: sequence int
INSERT INTO event (org_id, kind, stream_id, subject_id, at) VALUES (:org_id, :kind, :stream_id, :subject_id, :now)
RETURNING sequence;

-- name: event_after  kind: many  row: log_entry
-- params: sequence int, limit int
-- result: sequence int, org_id text, kind text, stream_id text, subject_id text
SELECT sequence, org_id, kind, stream_id, subject_id
FROM event WHERE sequence > :sequence ORDER BY sequence LIMIT :limit;

-- name: event_of_stream  kind: many  row: log_entry
-- params: stream_id text, sequence int, last int, limit int
SELECT sequence, org_id, kind, stream_id, subject_id
FROM event WHERE stream_id = :stream_id AND sequence > :sequence AND sequence <= :last ORDER BY sequence LIMIT :limit;

-- The log is cut off behind its followers, so its end is also remembered beside it.
-- name: event_last  kind: one
-- result: sequence int
SELECT max(sequence) FROM (SELECT pruned_to AS sequence FROM log_state UNION ALL SELECT max(sequence) FROM event) AS ends;

-- The last entry of each stream stays: it tells how far a follower's state has to reach.
-- name: event_prune  kind: exec
-- params: sequence int
DELETE FROM event WHERE sequence IN (SELECT e.sequence FROM event e WHERE e.sequence <= :sequence AND EXISTS (
    SELECT 1 FROM event later WHERE later.stream_id = e.stream_id AND later.sequence > e.sequence AND later.sequence <= :sequence)
    ORDER BY e.sequence LIMIT 5000);

-- name: event_set_pruned  kind: exec
-- params: sequence int
UPDATE log_state SET pruned_to = :sequence WHERE pruned_to < :sequence;

-- What no follower needs any more: all up to the slowest, held streams counted.
-- name: event_needed_by_nobody  kind: one
-- result: sequence int
SELECT min(sequence) FROM (SELECT coalesce(min(watermark), 0) AS sequence FROM follower
    UNION ALL SELECT min(sequence) FROM follower_hold WHERE rebuild = 0) AS needs;

-- name: follower_get  kind: one
-- params: name text
-- result: watermark int, identity text
SELECT watermark, identity FROM follower WHERE name = :name;

-- name: follower_insert  kind: exec
-- params: name text, watermark int, now int
INSERT INTO follower (name, watermark, updated_at) VALUES (:name, :watermark, :now);

-- name: follower_move  kind: exec
-- params: name text, watermark int, now int
UPDATE follower SET watermark = :watermark, updated_at = :now WHERE name = :name AND watermark < :watermark;

-- The state outside the record is another one than it was.
-- name: follower_begin_anew  kind: exec
-- params: name text, watermark int, identity text, note text, now int
UPDATE follower SET watermark = :watermark, identity = :identity, note = :note, noted_at = :now, updated_at = :now
WHERE name = :name;

-- How far each follower is, for people and metrics. waiting: entries beyond the watermark; held: streams behind it.
-- name: follower_list  kind: many
-- result: name text, identity text, watermark int, last int, waiting int, held int, rebuilding int, set_aside int, erasures int,
--         note text, noted_at int?, updated_at int
SELECT f.name, f.identity, f.watermark, log.last,
    (SELECT count(*) FROM event e WHERE e.sequence > f.watermark),
    (SELECT count(*) FROM follower_hold h WHERE h.follower = f.name),
    (SELECT count(*) FROM follower_hold h WHERE h.follower = f.name AND h.rebuild > 0),
    (SELECT count(*) FROM follower_hold h WHERE h.follower = f.name AND h.state = 'set_aside'),
    (SELECT count(*) FROM follower_hold h WHERE h.follower = f.name AND h.state = 'retry' AND h.erasure = 1),
    f.note, f.noted_at, f.updated_at
FROM follower f CROSS JOIN (SELECT max(sequence) AS last FROM (
    SELECT pruned_to AS sequence FROM log_state UNION ALL SELECT max(sequence) FROM event) AS ends) AS log
ORDER BY f.name LIMIT 1000;

-- Held streams among those of the next entries, sorted.
-- name: hold_among  kind: many  row: hold
-- params: follower text, sequence int, limit int
-- result: stream_id text, sequence int, rebuild int
SELECT stream_id, sequence, rebuild FROM follower_hold WHERE follower = :follower AND stream_id IN (
    SELECT stream_id FROM event WHERE sequence > :sequence ORDER BY sequence LIMIT :limit)
ORDER BY stream_id LIMIT 100000;
-- name: hold_list  kind: many  row: hold
-- params: follower text
SELECT stream_id, sequence, rebuild FROM follower_hold WHERE follower = :follower ORDER BY stream_id LIMIT 1000000;

-- For people: what of their organisation waits or was set aside.
-- name: hold_of_org  kind: many
-- params: org_id text
-- result: follower text, stream_id text, title_en text?, title_zh text?, state text, rebuild int, erasure int,
--         failed_sequence int?, failed_kind text?, message_en text, message_zh text, attempts int, retry_at int?, since int
SELECT h.follower, h.stream_id, s.title_en, s.title_zh, h.state, h.rebuild, h.erasure, h.failed_sequence, h.failed_kind, h.message_en,
    h.message_zh,
    h.attempts, h.retry_at, h.since
FROM follower_hold h LEFT JOIN study s ON s.id = h.stream_id
WHERE h.org_id = :org_id ORDER BY h.since, h.follower, h.stream_id LIMIT 1000;

-- name: hold_of_stream  kind: many
-- params: stream_id text
-- result: follower text, state text, rebuild int, sequence int
SELECT follower, state, rebuild, sequence FROM follower_hold WHERE stream_id = :stream_id ORDER BY follower LIMIT 100;

-- name: hold_add  kind: exec
-- params: follower text, stream_id text, org_id text, sequence int, rebuild int, now int
INSERT INTO follower_hold (follower, stream_id, org_id, sequence, state, rebuild, since)
VALUES (:follower, :stream_id, :org_id, :sequence, 'bulk', :rebuild, :now)
ON CONFLICT (follower, stream_id) DO NOTHING;

-- The stream is to be made anew, whatever held it. Each wish is another one: see write_hold.
-- name: hold_rebuild  kind: exec
-- params: follower text, stream_id text, org_id text, rebuild int, now int
INSERT INTO follower_hold (follower, stream_id, org_id, sequence, state, rebuild, since)
VALUES (:follower, :stream_id, :org_id, 0, 'bulk', :rebuild, :now)
ON CONFLICT (follower, stream_id) DO UPDATE SET
    sequence = CASE WHEN follower_hold.sequence < 0 THEN follower_hold.sequence ELSE 0 END - 1, state = 'bulk',
    rebuild = CASE WHEN follower_hold.rebuild > :rebuild THEN follower_hold.rebuild ELSE :rebuild END,
    failed_sequence = NULL, failed_kind = NULL,
    message_en = '', message_zh = '', attempts = 0, retry_at = NULL;

-- name: hold_get  kind: one
-- params: follower text, stream_id text
-- result: sequence int, rebuild int
SELECT sequence, rebuild FROM follower_hold WHERE follower = :follower AND stream_id = :stream_id;

-- Of the next organisation after the one that was served last, the stream that is furthest behind. A time to try again
-- beyond `latest` was set by a clock that has been set back.
-- name: hold_next  kind: one
-- params: follower text, served text, now int, latest int
-- result: stream_id text, org_id text, sequence int, rebuild int, attempts int
SELECT stream_id, org_id, sequence, rebuild, attempts FROM follower_hold
WHERE follower = :follower AND org_id > :served
    AND (state = 'bulk' OR (state = 'retry' AND (retry_at <= :now OR retry_at > :latest)))
ORDER BY org_id, sequence, stream_id LIMIT 1;

-- name: hold_move  kind: exec
-- params: follower text, stream_id text, sequence int
UPDATE follower_hold SET sequence = :sequence, rebuild = 0, erasure = 0, state = 'bulk', failed_sequence = NULL, failed_kind = NULL,
    message_en = '', message_zh = '', attempts = 0, retry_at = NULL
WHERE follower = :follower AND stream_id = :stream_id;

-- name: hold_fail  kind: exec
-- params: follower text, stream_id text, state text, failed_sequence int?, failed_kind text?, message_en text, message_zh text, retry_at int?,
--         erasure int, rebuild int
UPDATE follower_hold SET erasure = :erasure, rebuild = CASE WHEN :rebuild > rebuild THEN :rebuild ELSE rebuild END,
    state = :state, failed_sequence = :failed_sequence, failed_kind = :failed_kind,
    message_en = :message_en, message_zh = :message_zh, attempts = attempts + 1, retry_at = :retry_at
WHERE follower = :follower AND stream_id = :stream_id;

-- The stream is level with its follower: nothing of it lies between where it stands and the watermark.
-- name: hold_release  kind: exec
-- params: follower text, stream_id text
DELETE FROM follower_hold
WHERE follower = :follower AND stream_id = :stream_id AND rebuild = 0 AND NOT EXISTS (
    SELECT 1 FROM event e JOIN follower f ON f.name = :follower
    WHERE e.stream_id = :stream_id AND e.sequence > follower_hold.sequence AND e.sequence <= f.watermark);

-- By hand: what was set aside is tried again.
-- name: hold_retry  kind: exec
-- params: follower text, stream_id text, org_id text
UPDATE follower_hold SET state = 'bulk', attempts = 0, retry_at = NULL
WHERE follower = :follower AND stream_id = :stream_id AND org_id = :org_id AND state <> 'bulk';

-- The newest entry of a stream.
-- name: event_last_of_stream  kind: one
-- params: stream_id text
-- result: sequence int
SELECT coalesce(max(sequence), 0) FROM event WHERE stream_id = :stream_id;

-- The newest entries of a stream up to `sequence`, newest first: a few, since some are of kinds that a follower doesn't read.
-- name: event_of_stream_back  kind: many
-- params: stream_id text, sequence int
-- result: sequence int, kind text
SELECT sequence, kind FROM event WHERE stream_id = :stream_id AND sequence <= :sequence ORDER BY sequence DESC LIMIT 20;

-- Entries not yet applied: beyond the watermark, and those of held streams before it.
-- name: follower_lag  kind: one
-- params: name text
-- result: entries int
SELECT (SELECT count(*) FROM event WHERE sequence > coalesce((SELECT watermark FROM follower WHERE name = :name), 0))
    + (SELECT count(*) FROM follower_hold h JOIN follower f ON f.name = h.follower
       JOIN event e ON e.stream_id = h.stream_id AND e.sequence > h.sequence AND e.sequence <= f.watermark
       WHERE h.follower = :name)
    + (SELECT count(*) FROM follower_hold WHERE follower = :name AND rebuild > 0)
FROM log_state;

-- Of one stream, by one follower; what was set aside waits for a person and isn't counted.
-- name: follower_behind  kind: one
-- params: name text, stream_id text, sequence int
-- result: n int
SELECT count(*) FROM follower f LEFT JOIN follower_hold h ON h.follower = f.name AND h.stream_id = :stream_id
WHERE f.name = :name AND coalesce(h.state, '') <> 'set_aside'
    AND (coalesce(h.rebuild, 0) > 0 OR coalesce(h.sequence, f.watermark) < :sequence);

-- A follower that the program has no more.
-- name: follower_delete  kind: exec
-- params: name text
DELETE FROM follower WHERE name = :name;

-- Erasures of a stream that wait.
-- name: event_erasures  kind: one
-- params: stream_id text, sequence int
-- result: n int
SELECT count(*) FROM (SELECT 1 FROM event
    WHERE stream_id = :stream_id AND sequence > :sequence AND kind = 'erase' LIMIT 1) AS first;

-- An erasure came to a held stream: what was set aside is tried again, and made anew where that can be.
-- name: hold_note_erasure  kind: exec
-- params: follower text, stream_id text, can_rebuild int, now int
UPDATE follower_hold SET erasure = 1, rebuild = CASE WHEN rebuild = 0 THEN :can_rebuild ELSE rebuild END, state = 'retry',
    retry_at = :now
WHERE follower = :follower AND stream_id = :stream_id AND state = 'set_aside';
