-- Responses that an import replaced, by chunk; service/record/hidden.h.

-- name: hidden_insert  kind: exec
-- params: chunk int, import_id text, n int, places blob
INSERT INTO response_hidden (chunk, import_id, n, places) VALUES (:chunk, :import_id, :n, :places);

-- name: hidden_update  kind: exec
-- params: chunk int, import_id text, n int, places blob
UPDATE response_hidden SET n = :n, places = :places WHERE chunk = :chunk AND import_id = :import_id;

-- name: hidden_delete  kind: exec
-- params: chunk int, import_id text
DELETE FROM response_hidden WHERE chunk = :chunk AND import_id = :import_id;

-- name: hidden_delete_of_chunk  kind: exec
-- params: chunk int
DELETE FROM response_hidden WHERE chunk = :chunk;

-- Some of an import that was taken back, once the columns have what it had replaced.
-- name: hidden_delete_some  kind: exec
-- params: import_id text
DELETE FROM response_hidden WHERE import_id = :import_id
    AND chunk IN (SELECT chunk FROM response_hidden WHERE import_id = :import_id ORDER BY chunk LIMIT 5000)
    AND (SELECT state FROM import WHERE id = :import_id) = 'undone';

-- What readers don't see of a chunk.
-- name: hidden_of_chunk  kind: many  row: hidden
-- params: chunk int
-- result: chunk int, import_id text, n int, places blob
SELECT h.chunk, h.import_id, h.n, h.places FROM response_hidden h JOIN import i ON i.id = h.import_id
WHERE h.chunk = :chunk AND i.state = 'done' ORDER BY h.import_id LIMIT 100000;

-- The same, of whatever import.
-- name: hidden_all_of_chunk  kind: many  row: hidden
-- params: chunk int
SELECT chunk, import_id, n, places FROM response_hidden WHERE chunk = :chunk ORDER BY import_id LIMIT 100000;

-- A page of what an import replaced, whatever its state.
-- name: hidden_of_import  kind: many
-- params: import_id text, after int, limit int
-- result: chunk int, chunk_id text, n int, places blob
SELECT h.chunk, k.id, h.n, h.places FROM response_hidden h JOIN response_chunk k ON k.number = h.chunk
WHERE h.import_id = :import_id AND h.chunk > :after ORDER BY h.chunk LIMIT :limit;

-- A customer's places in chunks of which something is hidden.
-- name: hidden_of_customer  kind: many
-- params: org_id text, customer_id text, limit int
-- result: place int, places blob
SELECT p.place, h.places
FROM response_customer p JOIN customer c ON c.id = p.customer_id JOIN response_hidden h ON h.chunk = p.chunk
    JOIN import i ON i.id = h.import_id JOIN visible_chunk k ON k.number = p.chunk
WHERE p.customer_id = :customer_id AND c.org_id = :org_id AND i.state = 'done' ORDER BY p.chunk, p.place LIMIT :limit;

-- Counts what an import replaced as hidden (sign 1), or as there again (-1), with the imports that had brought it.
-- name: hidden_count  kind: exec
-- params: import_id text, sign int
UPDATE import SET rows_hidden = rows_hidden + :sign * (
    SELECT coalesce(sum(h.n), 0) FROM response_hidden h JOIN response_chunk k ON k.number = h.chunk
    WHERE h.import_id = :import_id AND k.import_id = import.id)
WHERE id IN (SELECT k.import_id FROM response_hidden h JOIN response_chunk k ON k.number = h.chunk WHERE h.import_id = :import_id);

-- One hidden response was erased: it isn't kept any more, and not hidden.
-- name: hidden_lose  kind: exec
-- params: import_id text
UPDATE import SET rows_hidden = CASE WHEN rows_hidden > 0 THEN rows_hidden - 1 ELSE 0 END,
    rows_kept = CASE WHEN rows_kept > 0 THEN rows_kept - 1 ELSE 0 END WHERE id = :import_id;

-- An import that replaced responses of this one and isn't undone.
-- name: hidden_by  kind: one
-- params: import_id text
-- result: id text, file_name text, finished_at int
SELECT i.id, i.file_name, coalesce(i.finished_at, i.created_at) FROM response_chunk k JOIN response_hidden h ON h.chunk = k.number
    JOIN import i ON i.id = h.import_id
WHERE k.import_id = :import_id AND i.state = 'done' LIMIT 1;
