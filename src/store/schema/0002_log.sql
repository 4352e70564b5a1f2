-- The outbox becomes the event log, which many followers read. Entries carry ids and numbers: no names, no texts.
--
-- stream_id   what order holds within: the id of a study
-- subject_id  what the entry tells of
-- Kinds so far:
--   response     a response was added or replaced
--   erase        a response was removed
--   import       an import became 'done': all its responses
--   import_undo  an import was taken back
--   study        the study's columns may have changed, or the study is gone
CREATE TABLE event (
    sequence INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    org_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 40),
    stream_id TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX event_by_stream ON event (stream_id, sequence);

INSERT INTO event (sequence, org_id, kind, stream_id, subject_id, at)
SELECT sequence, org_id, kind, study_id, ref_id, at FROM outbox ORDER BY sequence;
DROP TABLE outbox;

-- Where each follower stands: every entry up to the watermark is applied, unless its stream is held.
CREATE TABLE follower (
    name TEXT NOT NULL PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 40),
    watermark INTEGER NOT NULL,
    identity TEXT NOT NULL DEFAULT '', -- of the state outside the record that the watermark speaks of
    note TEXT NOT NULL DEFAULT '',     -- what happened to it last that a person should know
    noted_at INTEGER,
    updated_at INTEGER NOT NULL
) STRICT;

-- Streams that stand behind their follower's watermark: entries after `sequence` wait.
--   state  bulk       the lane for imports and rebuilds has them in hand
--          retry      an entry failed for want of something outside (disk, memory); tried again at retry_at
--          set_aside  an entry can't be applied; waits for a person
CREATE TABLE follower_hold (
    follower TEXT NOT NULL REFERENCES follower (name) ON DELETE CASCADE,
    stream_id TEXT NOT NULL,
    org_id TEXT NOT NULL,
    sequence INTEGER NOT NULL, -- the last one applied
    rebuild INTEGER NOT NULL DEFAULT 0 CHECK (rebuild IN (0, 1, 2)), -- to be made anew from the record first; 2: it was lost
    state TEXT NOT NULL CHECK (state IN ('bulk', 'retry', 'set_aside')),
    failed_sequence INTEGER,   -- the entry that failed
    failed_kind TEXT,
    erasure INTEGER NOT NULL DEFAULT 0 CHECK (erasure IN (0, 1)), -- an erasure fails or waits behind what fails
    message TEXT NOT NULL DEFAULT '',
    attempts INTEGER NOT NULL DEFAULT 0,
    retry_at INTEGER,
    since INTEGER NOT NULL,
    PRIMARY KEY (follower, stream_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX follower_hold_by_turn ON follower_hold (follower, org_id, sequence, stream_id);
CREATE INDEX follower_hold_by_stream ON follower_hold (stream_id);
CREATE INDEX follower_hold_by_org ON follower_hold (org_id, since);

-- An import whose rows changed while they were fed to the columns: they are filled from the record instead.
ALTER TABLE import ADD COLUMN refill INTEGER NOT NULL DEFAULT 0 CHECK (refill IN (0, 1));

-- One row: how far the log has been cut off behind its followers. Who stands before that is made anew from the record.
CREATE TABLE log_state (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    pruned_to INTEGER NOT NULL
) STRICT;
INSERT INTO log_state (one, pruned_to) VALUES (1, 0);
