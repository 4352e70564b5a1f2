-- The spine: people and keys, what is measured, what was answered, and what the column engine must still learn.
--
-- Ids are ULIDs (text), times UTC microseconds, documents JSON text. Every table carries org_id; nothing personal is in a
-- key. Rows that people edit carry `version`: an update names the version it read and adds one.

CREATE TABLE org (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 26),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    simulated INTEGER NOT NULL DEFAULT 0 CHECK (simulated IN (0, 1)), -- all its data are made up
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;

-- People who log in. A user belongs to one organisation; the e-mail address (lower case) is unique in the installation.
CREATE TABLE "user" (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 26),
    org_id TEXT NOT NULL REFERENCES org (id),
    email TEXT NOT NULL UNIQUE CHECK (length(email) BETWEEN 3 AND 254),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    role TEXT NOT NULL CHECK (role IN ('owner', 'analyst', 'agent', 'trainer', 'viewer')),
    lang TEXT NOT NULL DEFAULT 'zh-CN' CHECK (lang IN ('zh-CN', 'en')),
    password_hash TEXT NOT NULL,
    disabled_at INTEGER,
    last_seen_at INTEGER,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX user_by_org ON "user" (org_id, email);

-- The cookie's token is kept only as its BLAKE2b hash.
CREATE TABLE session (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 26),
    org_id TEXT NOT NULL REFERENCES org (id),
    user_id TEXT NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX session_by_user ON session (user_id);
CREATE INDEX session_by_expiry ON session (expires_at);

CREATE TABLE api_key (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 26),
    org_id TEXT NOT NULL REFERENCES org (id),
    user_id TEXT REFERENCES "user" (id) ON DELETE SET NULL, -- who made it
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    prefix TEXT NOT NULL, -- first letters of the key, to recognise it by
    key_hash BLOB NOT NULL UNIQUE CHECK (length(key_hash) = 32),
    scopes INTEGER NOT NULL CHECK (scopes BETWEEN 1 AND 7), -- 1 read, 2 write, 4 intake
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    last_used_at INTEGER
) STRICT;
CREATE INDEX api_key_by_org ON api_key (org_id, created_at);

-- Throttling of logins. Account and address are kept as hashes, for a day. No organisation: the account may not exist.
CREATE TABLE login_attempt (
    account_hash BLOB NOT NULL CHECK (length(account_hash) = 32),
    address_hash BLOB NOT NULL CHECK (length(address_hash) = 32),
    failures INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (account_hash, address_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX login_attempt_by_time ON login_attempt (last_at);
CREATE INDEX login_attempt_by_address ON login_attempt (address_hash, last_at);

-- Who did what to which row. before and after are JSON without secrets; NULL: there was or is nothing.
CREATE TABLE audit (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 26),
    org_id TEXT NOT NULL REFERENCES org (id),
    at INTEGER NOT NULL,
    user_id TEXT,    -- no foreign key: the trail outlives the user
    api_key_id TEXT,
    actor TEXT NOT NULL, -- name of the user or key at the time, or 'mindgap' for the command line
    action TEXT NOT NULL, -- create, update, delete, login, …
    entity TEXT NOT NULL, -- the table
    entity_id TEXT NOT NULL,
    before TEXT CHECK (before IS NULL OR json_valid(before)),
    after TEXT CHECK (after IS NULL OR json_valid(after))
) STRICT;
CREATE INDEX audit_by_org ON audit (org_id, id);
CREATE INDEX audit_by_entity ON audit (entity_id);

CREATE TABLE job (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 26),
    org_id TEXT NOT NULL REFERENCES org (id),
    user_id TEXT,
    kind TEXT NOT NULL,
    subject_id TEXT, -- what it works on, as an import
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    spec TEXT NOT NULL CHECK (json_valid(spec)),
    progress REAL NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1),
    message TEXT NOT NULL DEFAULT '', -- what it is doing, or why it failed
    lang TEXT NOT NULL CHECK (lang IN ('zh-CN', 'en')), -- of whoever started it: its messages
    attempts INTEGER NOT NULL DEFAULT 0,
    cancel_asked INTEGER NOT NULL DEFAULT 0 CHECK (cancel_asked IN (0, 1)),
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    finished_at INTEGER
) STRICT;
CREATE INDEX job_by_org ON job (org_id, id);
CREATE INDEX job_unfinished ON job (state, id) WHERE state IN ('queued', 'running');

-- What the column engine must still learn, in order of commit. kinds:
--   response  ref_id is a response that was added or replaced
--   import    ref_id is an import that became 'done': all its responses
--   import_undo  ref_id is an import that was taken back: erase all its responses
--   erase     ref_id is a response that was removed
--   study     ref_id is the study itself: its columns may have changed
CREATE TABLE outbox (
    sequence INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    org_id TEXT NOT NULL REFERENCES org (id),
    kind TEXT NOT NULL CHECK (kind IN ('response', 'import', 'import_undo', 'erase', 'study')),
    study_id TEXT NOT NULL,
    ref_id TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_by_study ON outbox (study_id, sequence);

CREATE TABLE dimension (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 26),
    org_id TEXT NOT NULL REFERENCES org (id),
    framework TEXT NOT NULL CHECK (framework IN ('servqual', 'component', 'level', 'kind', 'own')),
    code TEXT NOT NULL CHECK (length(code) BETWEEN 1 AND 64),
    parent_id TEXT REFERENCES dimension (id),
    label_en TEXT,
    label_zh TEXT,
    position INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 1,
    UNIQUE (org_id, framework, code)
) STRICT;
CREATE INDEX dimension_by_parent ON dimension (parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE touchpoint (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 26),
    org_id TEXT NOT NULL REFERENCES org (id),
    code TEXT NOT NULL CHECK (length(code) BETWEEN 1 AND 64),
    stage TEXT NOT NULL CHECK (stage IN ('before', 'during', 'after')),
    label_en TEXT,
    label_zh TEXT,
    position INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 1,
    UNIQUE (org_id, code)
) STRICT;

-- A customer is a number: who it is stays with the organisation's own systems until contacts come.
CREATE TABLE customer (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 26),
    org_id TEXT NOT NULL REFERENCES org (id),
    reference TEXT NOT NULL CHECK (length(reference) BETWEEN 1 AND 100), -- the organisation's own number
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    UNIQUE (org_id, reference)
) STRICT;
CREATE INDEX customer_by_org ON customer (org_id, id);

CREATE TABLE attribute (
    org_id TEXT NOT NULL REFERENCES org (id),
    customer_id TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (customer_id, name)
) STRICT, WITHOUT ROWID;

-- What is compared: the study file as document, and the parts of it that lists show.
CREATE TABLE study (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 26),
    org_id TEXT NOT NULL REFERENCES org (id),
    code TEXT NOT NULL CHECK (length(code) BETWEEN 1 AND 64),
    title_en TEXT,
    title_zh TEXT,
    document TEXT NOT NULL CHECK (json_valid(document)),
    simulated INTEGER NOT NULL DEFAULT 0 CHECK (simulated IN (0, 1)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    UNIQUE (org_id, code)
) STRICT;

CREATE TABLE wave (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 26),
    org_id TEXT NOT NULL REFERENCES org (id),
    study_id TEXT NOT NULL REFERENCES study (id) ON DELETE CASCADE,
    code TEXT NOT NULL CHECK (length(code) BETWEEN 1 AND 64),
    label_en TEXT,
    label_zh TEXT,
    starts_at INTEGER,
    ends_at INTEGER,
    position INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 1,
    UNIQUE (study_id, code)
) STRICT;

-- A file that came in, kept under <data>/uploads/<id> until it expires.
CREATE TABLE upload (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 26),
    org_id TEXT NOT NULL REFERENCES org (id),
    user_id TEXT,
    file_name TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    checksum BLOB NOT NULL CHECK (length(checksum) = 32),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX upload_by_org ON upload (org_id, id);
CREATE INDEX upload_by_expiry ON upload (expires_at);

-- One import of one file. Its responses count only once state is 'done', which the import's last transaction sets.
CREATE TABLE import (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 26),
    org_id TEXT NOT NULL REFERENCES org (id),
    study_id TEXT NOT NULL REFERENCES study (id),
    upload_id TEXT REFERENCES upload (id) ON DELETE SET NULL,
    job_id TEXT,
    user_id TEXT,
    file_name TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled', 'undone')),
    mapping TEXT NOT NULL CHECK (json_valid(mapping)),
    rows_read INTEGER NOT NULL DEFAULT 0,
    rows_kept INTEGER NOT NULL DEFAULT 0,
    rows_refused INTEGER NOT NULL DEFAULT 0,
    errors INTEGER NOT NULL DEFAULT 0, -- bad cells and rows, all of them; import_error holds the first
    checksum BLOB CHECK (checksum IS NULL OR length(checksum) = 32), -- of the file, to recognise it by
    message TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    finished_at INTEGER
) STRICT;
CREATE INDEX import_by_org ON import (org_id, id);
CREATE INDEX import_by_study ON import (study_id, id);
CREATE INDEX import_by_upload ON import (upload_id) WHERE upload_id IS NOT NULL;

CREATE TABLE import_error (
    org_id TEXT NOT NULL REFERENCES org (id),
    import_id TEXT NOT NULL REFERENCES import (id) ON DELETE CASCADE,
    number INTEGER NOT NULL, -- 1, 2, … in order of the file
    line INTEGER NOT NULL,
    column_name TEXT NOT NULL DEFAULT '',
    value TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL,
    PRIMARY KEY (import_id, number)
) STRICT, WITHOUT ROWID;

-- One answered survey, as submitted. document: {"column": answer, …}.
CREATE TABLE response (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 26),
    org_id TEXT NOT NULL REFERENCES org (id),
    study_id TEXT NOT NULL REFERENCES study (id),
    import_id TEXT REFERENCES import (id),
    customer_id TEXT REFERENCES customer (id),
    idempotency_key TEXT, -- the sender's own number, to recognise a repeat by
    wave TEXT,        -- a wave's code
    weight REAL,
    channel TEXT,
    at INTEGER NOT NULL,        -- when it was answered
    created_at INTEGER NOT NULL, -- when it was accepted
    sequence INTEGER, -- the outbox row that told of it; NULL: the import's row does
    document TEXT NOT NULL CHECK (json_valid(document))
) STRICT;
CREATE INDEX response_by_study ON response (study_id, id);
CREATE INDEX response_by_import ON response (import_id, id) WHERE import_id IS NOT NULL;
CREATE INDEX response_single ON response (study_id, created_at) WHERE import_id IS NULL;
CREATE INDEX response_by_customer ON response (customer_id, at) WHERE customer_id IS NOT NULL;
CREATE INDEX response_by_key ON response (study_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

-- What readers may see: no half import.
CREATE VIEW visible_response AS
SELECT r.*
FROM response r
LEFT JOIN import i ON i.id = r.import_id
WHERE r.import_id IS NULL OR i.state = 'done';

-- A view of a screen, by its address.
CREATE TABLE saved_view (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 26),
    org_id TEXT NOT NULL REFERENCES org (id),
    user_id TEXT NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    document TEXT NOT NULL CHECK (json_valid(document)),
    shared INTEGER NOT NULL DEFAULT 0 CHECK (shared IN (0, 1)),
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX saved_view_by_org ON saved_view (org_id, id);
CREATE INDEX saved_view_by_user ON saved_view (user_id);

-- Results that can be thrown away. key: hash of method, spec and data_sequence.
CREATE TABLE analysis (
    key BLOB NOT NULL PRIMARY KEY CHECK (length(key) = 32),
    org_id TEXT NOT NULL REFERENCES org (id),
    study_id TEXT NOT NULL REFERENCES study (id) ON DELETE CASCADE,
    method TEXT NOT NULL,
    spec TEXT NOT NULL CHECK (json_valid(spec)),
    data_sequence INTEGER NOT NULL, -- the columns' watermark it was computed from
    result TEXT NOT NULL CHECK (json_valid(result)),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX analysis_by_study ON analysis (study_id, created_at);
