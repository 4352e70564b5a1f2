-- Responses that a later import replaced. They stay, hidden while that import is done: taking it back brings them back.

-- Which places of a chunk an import replaced; service/record/hidden.h says what is in `places`. A place is hidden by one import
-- that is done at most.
CREATE TABLE response_hidden (
    chunk INTEGER NOT NULL,
    import_id TEXT NOT NULL REFERENCES import (id) ON DELETE CASCADE, -- that replaced them
    n INTEGER NOT NULL CHECK (n > 0),
    places BLOB NOT NULL,
    PRIMARY KEY (chunk, import_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX response_hidden_by_import ON response_hidden (import_id, chunk);

-- What became of the rows when it was imported. rows_kept counts those that are there now, rows_hidden the hidden ones of them.
ALTER TABLE import ADD COLUMN rows_added INTEGER NOT NULL DEFAULT 0;
ALTER TABLE import ADD COLUMN rows_replaced INTEGER NOT NULL DEFAULT 0;
ALTER TABLE import ADD COLUMN rows_left INTEGER NOT NULL DEFAULT 0;
ALTER TABLE import ADD COLUMN rows_hidden INTEGER NOT NULL DEFAULT 0;
UPDATE import SET rows_added = rows_kept;
