-- Rules that one writer alone kept are now the record's own, and what nothing used is gone.

-- One response a key. Two of them can't have been: the older keeps it, if ever.
UPDATE response SET idempotency_key = NULL
WHERE idempotency_key IS NOT NULL AND EXISTS (
    SELECT 1 FROM response older
    WHERE older.study_id = response.study_id AND older.idempotency_key = response.idempotency_key AND older.id < response.id);
DROP INDEX response_by_key;
CREATE UNIQUE INDEX response_by_key ON response (study_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

-- The same file in the same study is looked for in the statement that begins an import.
CREATE INDEX import_by_checksum ON import (study_id, checksum) WHERE checksum IS NOT NULL;

DROP TABLE wave;
DROP TABLE analysis;
