-- Responses are light. What an import brings lies in chunks: up to some hundred responses in two strings of bytes
-- (service/record/chunk.h); the id of a response is its chunk's, counted on by its place. What is posted is a row of typed
-- answers. Rows of before are read as they are, their answers JSON, until they
-- have become the same.

-- The names of the columns that rows of answers are of, in their order: one for each list of columns that a study had.
CREATE TABLE layout (
    study_id TEXT NOT NULL REFERENCES study (id) ON DELETE CASCADE,
    shape INTEGER NOT NULL, -- a hash of the names
    org_id TEXT NOT NULL REFERENCES org (id),
    columns BLOB NOT NULL,
    PRIMARY KEY (study_id, shape)
) STRICT, WITHOUT ROWID;

-- Where `answers` is there, `document` is an empty object.
ALTER TABLE response ADD COLUMN shape INTEGER;
ALTER TABLE response ADD COLUMN answers BLOB;
-- Those that are JSON still; they are moved bit by bit (service/listen/pack.c).
CREATE INDEX response_old ON response (answers, id) WHERE answers IS NULL;

CREATE TABLE response_chunk (
    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE CHECK (length(id) = 26), -- of its first response
    org_id TEXT NOT NULL REFERENCES org (id),
    study_id TEXT NOT NULL REFERENCES study (id),
    import_id TEXT NOT NULL REFERENCES import (id),
    n_rows INTEGER NOT NULL CHECK (n_rows > 0),                      -- places
    n_kept INTEGER NOT NULL CHECK (n_kept BETWEEN 0 AND n_rows),     -- responses that weren't erased
    n_customers INTEGER NOT NULL CHECK (n_customers BETWEEN 0 AND n_rows), -- of those, with a customer
    low_at INTEGER NOT NULL,  -- between these the responses were given; one without a time is the lowest number
    high_at INTEGER NOT NULL,
    wave TEXT,                -- of all of them
    mixed_waves INTEGER NOT NULL CHECK (mixed_waves IN (0, 1)), -- they are of several waves, or some are of none
    created_at INTEGER NOT NULL,
    head BLOB NOT NULL,
    data BLOB NOT NULL
) STRICT;
CREATE INDEX response_chunk_by_study ON response_chunk (study_id, id);
CREATE INDEX response_chunk_by_import ON response_chunk (import_id, id);
CREATE INDEX response_chunk_by_high ON response_chunk (study_id, high_at, id);
CREATE INDEX response_chunk_by_low ON response_chunk (study_id, low_at, id);

-- Which places of which chunks are of a customer. No more than that: there may be millions. A customer is of one organisation.
CREATE TABLE response_customer (
    customer_id TEXT NOT NULL,
    chunk INTEGER NOT NULL,
    place INTEGER NOT NULL,
    PRIMARY KEY (customer_id, chunk, place)
) STRICT, WITHOUT ROWID;

DROP VIEW visible_response;
CREATE VIEW visible_response AS
SELECT r.*
FROM response r
LEFT JOIN import i ON i.id = r.import_id
WHERE r.import_id IS NULL OR i.state = 'done';
CREATE VIEW visible_chunk AS
SELECT k.*
FROM response_chunk k
JOIN import i ON i.id = k.import_id
WHERE i.state = 'done';

-- Nothing looks for customers by it.
DROP INDEX customer_by_org;
