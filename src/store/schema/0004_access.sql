-- Signing in, keys, and what lists count.

-- Who made a key: the name at the time, which outlives the user. A key works while its maker is there and enabled.
ALTER TABLE api_key ADD COLUMN made_by TEXT NOT NULL DEFAULT '';
CREATE INDEX api_key_by_user ON api_key (user_id) WHERE user_id IS NOT NULL;
UPDATE api_key SET made_by = coalesce(
    (SELECT u.name FROM "user" u WHERE u.id = api_key.user_id),
    (SELECT a.actor FROM audit a WHERE a.entity_id = api_key.id AND a.entity = 'api_key' AND a.action = 'create'
     ORDER BY a.id LIMIT 1), '');

-- sqlite:
-- Keys of users removed before are revoked now, each with an entry of the trail. Its id is a ULID: the time in
-- milliseconds as ten digits to the base 32, and the random letters of the key's own id.
INSERT INTO audit (id, org_id, at, actor, action, entity, entity_id)
SELECT (WITH RECURSIVE digit (place, text) AS (
            SELECT 0, ''
            UNION ALL
            SELECT place + 1, substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', ((n.ms >> (5 * place)) & 31) + 1, 1) || text
            FROM digit WHERE place < 10)
        SELECT text FROM digit WHERE place = 10) || substr(k.id, 11),
    k.org_id, n.ms * 1000, 'mindgap', 'revoke', 'api_key', k.id
FROM api_key k, (SELECT CAST(strftime('%s', 'now') AS INTEGER) * 1000 AS ms) n
WHERE k.user_id IS NULL AND k.revoked_at IS NULL;
UPDATE api_key SET revoked_at = CAST(strftime('%s', 'now') AS INTEGER) * 1000000
WHERE user_id IS NULL AND revoked_at IS NULL;
-- both:

-- Failures in a row of one account from one address, of one account from all addresses it isn't known at, and of one
-- address. key: a hash that tells none of them. Kept until their waits are over.
CREATE TABLE throttle (
    key BLOB NOT NULL PRIMARY KEY CHECK (length(key) = 32),
    failures INTEGER NOT NULL CHECK (failures >= 0),
    last_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX throttle_by_time ON throttle (last_at);
DROP TABLE login_attempt;

-- Where an account signed in lately: key is the hash of account and address. Guesses from elsewhere don't keep its owner
-- out here. Kept for 30 days after the last time.
CREATE TABLE known_address (
    key BLOB NOT NULL PRIMARY KEY CHECK (length(key) = 32),
    last_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX known_address_by_time ON known_address (last_at);

-- How many responses a study got one by one, so that lists needn't count. Changes with the responses, in the same write.
CREATE TABLE study_count (
    study_id TEXT NOT NULL PRIMARY KEY REFERENCES study (id) ON DELETE CASCADE,
    singles INTEGER NOT NULL CHECK (singles >= 0)
) STRICT, WITHOUT ROWID;
INSERT INTO study_count (study_id, singles)
SELECT s.id, (SELECT count(*) FROM response r WHERE r.study_id = s.id AND r.import_id IS NULL) FROM study s;

-- The same for imports that are done: the removal of a study that was cut off once left their counts too high.
UPDATE import SET rows_kept = (SELECT count(*) FROM response r WHERE r.import_id = import.id) WHERE state = 'done';
