-- Chunks of imported responses; service/record/chunk.h says what is in them. Readers see visible_chunk: no half import.

-- name: chunk_insert  kind: one
-- params: id text, org_id text, study_id text, import_id text, n_rows int, n_kept int, n_customers int, low_at int,
--         high_at int, wave text?, mixed_waves int, now int, head blob, data blob
-- result: number int
INSERT INTO response_chunk (id, org_id, study_id, import_id, n_rows, n_kept, n_customers, low_at, high_at, wave, mixed_waves,
    created_at, head, data)
VALUES (:id, :org_id, :study_id, :import_id, :n_rows, :n_kept, :n_customers, :low_at, :high_at, :wave, :mixed_waves, :now,
    :head, :data)
RETURNING number;

-- name: chunk_update  kind: exec
-- params: number int, n_kept int, n_customers int, low_at int, high_at int, wave text?, mixed_waves int, head blob, data blob
UPDATE response_chunk SET n_kept = :n_kept, n_customers = :n_customers, low_at = :low_at, high_at = :high_at, wave = :wave,
    mixed_waves = :mixed_waves, head = :head, data = :data
WHERE number = :number;

-- name: chunk_delete  kind: exec
-- params: number int
DELETE FROM response_chunk WHERE number = :number;

-- name: chunk_customer_insert  kind: exec
-- params: customer_id text, chunk int, place int
INSERT INTO response_customer (customer_id, chunk, place) VALUES (:customer_id, :chunk, :place);

-- name: chunk_customer_delete  kind: exec
-- params: customer_id text, chunk int, place int
DELETE FROM response_customer WHERE customer_id = :customer_id AND chunk = :chunk AND place = :place;

-- All of a chunk, where it can't be read any more: goes through the whole table.
-- name: chunk_customers_forget  kind: exec
-- params: chunk int
DELETE FROM response_customer WHERE chunk = :chunk;

-- The chunk in which a response with this id would lie.
-- name: chunk_around  kind: one  row: chunk
-- params: id text
-- result: number int, id text, org_id text, study_id text, import_id text, n_rows int, n_kept int, n_customers int,
--         visible int, head blob, data blob
SELECT k.number, k.id, k.org_id, k.study_id, k.import_id, k.n_rows, k.n_kept, k.n_customers, CASE WHEN i.state = 'done' THEN 1 ELSE 0 END, k.head, k.data
FROM response_chunk k JOIN import i ON i.id = k.import_id
WHERE k.id <= :id ORDER BY k.id DESC LIMIT 1;

-- name: chunk_get  kind: one  row: chunk
-- params: number int
SELECT k.number, k.id, k.org_id, k.study_id, k.import_id, k.n_rows, k.n_kept, k.n_customers, CASE WHEN i.state = 'done' THEN 1 ELSE 0 END, k.head, k.data
FROM response_chunk k JOIN import i ON i.id = k.import_id WHERE k.number = :number;

-- The next chunks of a study downwards.
-- name: chunk_before  kind: many  row: chunk
-- params: org_id text, study_id text, before_id text, limit int
SELECT k.number, k.id, k.org_id, k.study_id, k.import_id, k.n_rows, k.n_kept, k.n_customers, 1, k.head, k.data
FROM visible_chunk k WHERE k.study_id = :study_id AND k.org_id = :org_id AND k.id < :before_id AND k.n_kept > 0
ORDER BY k.id DESC LIMIT :limit;

-- A page of an import, whatever its state.
-- name: chunk_of_import  kind: many  row: chunk
-- params: import_id text, after_id text, limit int
SELECT k.number, k.id, k.org_id, k.study_id, k.import_id, k.n_rows, k.n_kept, k.n_customers, CASE WHEN i.state = 'done' THEN 1 ELSE 0 END, k.head, k.data
FROM response_chunk k JOIN import i ON i.id = k.import_id
WHERE k.import_id = :import_id AND k.id > :after_id ORDER BY k.id LIMIT :limit;

-- A page of a study, for a rebuild.
-- name: chunk_of_study  kind: many  row: chunk
-- params: study_id text, after_id text, limit int
SELECT k.number, k.id, k.org_id, k.study_id, k.import_id, k.n_rows, k.n_kept, k.n_customers, 1, k.head, k.data
FROM visible_chunk k WHERE k.study_id = :study_id AND k.id > :after_id ORDER BY k.id LIMIT :limit;

-- Heads in order of time: the newest first, behind (last_high, last_id); those that hold a response given in `from_at` ≤ at <
-- `below_at` and not after `most_at`, of a wave ('': any).
-- name: chunk_newest  kind: many  row: chunk_head
-- params: org_id text, study_id text, from_at int, below_at int, most_at int, wave text, last_high int, last_id text, limit int
-- result: number int, id text, low_at int, high_at int, head blob
SELECT k.number, k.id, k.low_at, k.high_at, k.head
FROM visible_chunk k
WHERE k.study_id = :study_id AND k.org_id = :org_id AND k.high_at >= :from_at AND k.low_at < :below_at AND k.low_at <= :most_at
    AND k.n_kept > 0 AND (:wave = '' OR k.mixed_waves = 1 OR k.wave = :wave) AND (k.high_at, k.id) < (:last_high, :last_id)
ORDER BY k.high_at DESC, k.id DESC LIMIT :limit;

-- name: chunk_oldest  kind: many  row: chunk_head
-- params: org_id text, study_id text, from_at int, below_at int, least_at int, wave text, last_low int, last_id text, limit int
SELECT k.number, k.id, k.low_at, k.high_at, k.head
FROM visible_chunk k
WHERE k.study_id = :study_id AND k.org_id = :org_id AND k.high_at >= :from_at AND k.low_at < :below_at AND k.high_at >= :least_at
    AND k.n_kept > 0 AND (:wave = '' OR k.mixed_waves = 1 OR k.wave = :wave) AND (k.low_at, k.id) > (:last_low, :last_id)
ORDER BY k.low_at, k.id LIMIT :limit;

-- How many responses lie in chunks that are all within a span and of a wave, and of which nothing may be hidden.
-- name: chunk_count_whole  kind: one
-- params: org_id text, study_id text, from_at int, below_at int, wave text
-- result: n int
SELECT CAST(coalesce(sum(k.n_kept), 0) AS BIGINT) FROM visible_chunk k
WHERE k.study_id = :study_id AND k.org_id = :org_id AND k.low_at >= :from_at AND k.high_at < :below_at
    AND (:wave = '' OR (k.mixed_waves = 0 AND k.wave = :wave))
    AND NOT EXISTS (SELECT 1 FROM response_hidden h WHERE h.chunk = k.number);

-- The chunks of which only a part may be.
-- name: chunk_partial  kind: many  row: chunk_head
-- params: org_id text, study_id text, from_at int, below_at int, wave text, after_id text, limit int
SELECT k.number, k.id, k.low_at, k.high_at, k.head
FROM visible_chunk k
WHERE k.study_id = :study_id AND k.org_id = :org_id AND k.high_at >= :from_at AND k.low_at < :below_at AND k.id > :after_id
    AND k.n_kept > 0
    AND (k.low_at < :from_at OR k.high_at >= :below_at OR (:wave <> '' AND k.mixed_waves = 1)
        OR EXISTS (SELECT 1 FROM response_hidden h WHERE h.chunk = k.number))
    AND (:wave = '' OR k.mixed_waves = 1 OR k.wave = :wave)
ORDER BY k.id LIMIT :limit;

-- One chunk's head, if it is seen.
-- name: chunk_head  kind: one  row: chunk_head
-- params: org_id text, study_id text, number int
SELECT k.number, k.id, k.low_at, k.high_at, k.head
FROM visible_chunk k WHERE k.number = :number AND k.study_id = :study_id AND k.org_id = :org_id;

-- The places of customers whose reference begins so (struct mg_customer_span), in pages.
-- name: chunk_places_of_span  kind: many
-- params: org_id text, from text, start text, end text, after text, chunk int, place int, limit int
-- result: reference text, chunk int, place int
SELECT c.reference, p.chunk, p.place
FROM customer c JOIN response_customer p ON p.customer_id = c.id
WHERE c.org_id = :org_id AND c.reference >= :from AND c.reference < :end AND c.reference >= :after
    AND lower(c.reference) >= :start AND lower(c.reference) < :end
    AND (c.reference, p.chunk, p.place) > (:after, :chunk, :place)
ORDER BY c.reference, p.chunk, p.place LIMIT :limit;

-- Some of a customer's places.
-- name: chunk_places_of_customer  kind: many
-- params: org_id text, customer_id text, limit int
-- result: chunk int, place int
SELECT p.chunk, p.place FROM response_customer p JOIN customer c ON c.id = p.customer_id
WHERE p.customer_id = :customer_id AND c.org_id = :org_id ORDER BY p.chunk, p.place LIMIT :limit;

-- Rows of an import that isn't seen yet were changed: what the columns were fed of it isn't to be used.
-- name: chunk_refill  kind: exec
-- params: import_id text
UPDATE import SET refill = 1 WHERE id = :import_id;

-- Some chunks of an import that isn't done: its job may have been killed between the import's end and its own.
-- name: chunk_of_ended  kind: many  row: chunk
-- params: import_id text, limit int
SELECT k.number, k.id, k.org_id, k.study_id, k.import_id, k.n_rows, k.n_kept, k.n_customers, 0, k.head, k.data
FROM response_chunk k JOIN import i ON i.id = k.import_id
WHERE k.import_id = :import_id AND i.state IN ('failed', 'cancelled', 'undone') ORDER BY k.id LIMIT :limit;

-- Some of a study, for its removal.
-- name: chunk_of_removed  kind: many  row: chunk
-- params: org_id text, study_id text, limit int
SELECT k.number, k.id, k.org_id, k.study_id, k.import_id, k.n_rows, k.n_kept, k.n_customers, CASE WHEN i.state = 'done' THEN 1 ELSE 0 END, k.head, k.data
FROM response_chunk k JOIN import i ON i.id = k.import_id
WHERE k.study_id = :study_id AND k.org_id = :org_id ORDER BY k.id LIMIT :limit;

-- How many responses lie in a study's chunks, hidden ones too.
-- name: chunk_total  kind: one
-- params: org_id text, study_id text
-- result: n int, chunks int
SELECT CAST(coalesce(sum(k.n_kept), 0) AS BIGINT), count(*) FROM visible_chunk k WHERE k.study_id = :study_id AND k.org_id = :org_id;
