-- Jobs have lanes, a time to run at, and may repeat. One that repeats is one row for ever, of no organisation: when it
-- has run it waits again, at a later run_at.
CREATE TABLE job_now (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 26),
    org_id TEXT REFERENCES org (id), -- NULL: the server's own
    user_id TEXT,
    kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 40),
    lane TEXT NOT NULL CHECK (length(lane) BETWEEN 1 AND 40),
    subject_id TEXT, -- what it works on, as an import
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    spec TEXT NOT NULL CHECK (json_valid(spec)),
    run_at INTEGER,   -- not before; NULL: as soon as its lane has room
    every_us INTEGER CHECK (every_us > 0), -- NULL: once
    progress REAL NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1),
    message TEXT NOT NULL DEFAULT '', -- what it is doing, or why it failed
    lang TEXT NOT NULL CHECK (lang IN ('zh-CN', 'en')), -- of whoever started it: its messages
    attempts INTEGER NOT NULL DEFAULT 0, -- runs that began and weren't stopped in good order
    cut_off INTEGER NOT NULL DEFAULT 0 CHECK (cut_off IN (0, 1)), -- the last run didn't end
    cancel_asked INTEGER NOT NULL DEFAULT 0 CHECK (cancel_asked IN (0, 1)),
    created_at INTEGER NOT NULL,
    started_at INTEGER, -- of the last run
    finished_at INTEGER,
    CHECK ((org_id IS NULL) = (every_us IS NOT NULL))
) STRICT;
INSERT INTO job_now (id, org_id, user_id, kind, lane, subject_id, state, spec, progress, message, lang, attempts,
    cut_off, cancel_asked, created_at, started_at, finished_at)
SELECT id, org_id, user_id, kind, CASE kind WHEN 'import' THEN 'import' ELSE 'quick' END, subject_id, state, spec, progress,
    message, lang, attempts, CASE WHEN attempts > 0 THEN 1 ELSE 0 END, cancel_asked, created_at, started_at, finished_at FROM job;
DROP TABLE job;
ALTER TABLE job_now RENAME TO job;
CREATE INDEX job_by_org ON job (org_id, id);
CREATE INDEX job_by_state ON job (state, lane, org_id, id);
CREATE INDEX job_served ON job (lane, org_id, started_at); -- whose turn it is
CREATE UNIQUE INDEX job_scheduled ON job (kind) WHERE every_us IS NOT NULL;

-- What hasn't ended, and what may have left rows, is looked for every minute.
CREATE INDEX import_unfinished ON import (id) WHERE state IN ('queued', 'running');
CREATE INDEX import_unseen ON import (id) WHERE state IN ('failed', 'cancelled', 'undone');
