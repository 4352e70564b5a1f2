-- Customers: numbers with attributes. Who it is stays with the organisation.

-- name: customer_get  kind: one  row: customer
-- params: org_id text, id text
-- result: id text, reference text, created_at int, version int, responses int
SELECT c.id, c.reference, c.created_at, c.version,
    (SELECT count(*) FROM visible_response r WHERE r.customer_id = c.id)
    + (SELECT count(*) FROM response_customer p JOIN visible_chunk k ON k.number = p.chunk WHERE p.customer_id = c.id)
FROM customer c WHERE c.id = :id AND c.org_id = :org_id;

-- name: customer_find  kind: one
-- params: org_id text, reference text
-- result: id text
SELECT id FROM customer WHERE org_id = :org_id AND reference = :reference;

-- A page of those whose reference begins so (struct mg_customer_span): `from` and `end` are where in the index they
-- can stand, `start` and `end` which they are in small letters.
-- name: customer_search  kind: many  row: customer
-- params: org_id text, from text, start text, end text, after text, limit int
SELECT c.id, c.reference, c.created_at, c.version,
    (SELECT count(*) FROM visible_response r WHERE r.customer_id = c.id)
    + (SELECT count(*) FROM response_customer p JOIN visible_chunk k ON k.number = p.chunk WHERE p.customer_id = c.id)
FROM customer c WHERE c.org_id = :org_id AND c.reference >= :from AND c.reference < :end
    AND lower(c.reference) >= :start AND lower(c.reference) < :end
    AND c.reference > coalesce((SELECT a.reference FROM customer a WHERE a.id = :after AND a.org_id = :org_id), '')
ORDER BY c.reference LIMIT :limit;

-- name: customer_count  kind: one
-- params: org_id text, from text, start text, end text
-- result: n int
SELECT count(*) FROM customer WHERE org_id = :org_id AND reference >= :from AND reference < :end
    AND lower(reference) >= :start AND lower(reference) < :end;

-- name: customer_ids  kind: many
-- params: org_id text, from text, start text, end text, limit int
-- result: id text
SELECT id FROM customer WHERE org_id = :org_id AND reference >= :from AND reference < :end
    AND lower(reference) >= :start AND lower(reference) < :end ORDER BY reference LIMIT :limit;

-- One that is there already, made by somebody else meanwhile, stays as it is: then no row changes.
-- name: customer_insert  kind: exec
-- params: id text, org_id text, reference text, now int
INSERT INTO customer (id, org_id, reference, created_at, updated_at) VALUES (:id, :org_id, :reference, :now, :now)
ON CONFLICT (org_id, reference) DO NOTHING;

-- name: customer_touch  kind: exec
-- params: org_id text, id text, version int, now int
UPDATE customer SET updated_at = :now, version = version + 1
WHERE id = :id AND org_id = :org_id AND version = :version;

-- name: customer_delete  kind: exec
-- params: org_id text, id text
DELETE FROM customer WHERE id = :id AND org_id = :org_id;

-- One that an import made, or that came while it ran, and of which there is nothing but the number.
-- name: customer_delete_unused  kind: exec
-- params: id text, import_id text
DELETE FROM customer WHERE id = :id AND version = 1
    AND created_at >= (SELECT i.created_at FROM import i WHERE i.id = :import_id)
    AND NOT EXISTS (SELECT 1 FROM response_customer p WHERE p.customer_id = :id)
    AND NOT EXISTS (SELECT 1 FROM response r WHERE r.customer_id = :id)
    AND NOT EXISTS (SELECT 1 FROM attribute a WHERE a.customer_id = :id);

-- name: customer_release_response  kind: exec
-- params: org_id text, response_id text
UPDATE response SET customer_id = NULL WHERE id = :response_id AND org_id = :org_id;

-- Some of a customer's responses. visible: not of an import that isn't done.
-- name: customer_responses  kind: many
-- params: org_id text, customer_id text, limit int
-- result: id text, study_id text, visible int
SELECT r.id, r.study_id, CASE WHEN r.import_id IS NULL OR i.state = 'done' THEN 1 ELSE 0 END
FROM response r LEFT JOIN import i ON i.id = r.import_id
WHERE r.customer_id = :customer_id AND r.org_id = :org_id ORDER BY r.at LIMIT :limit;

-- name: attribute_list  kind: many
-- params: org_id text, customer_id text
-- result: name text, value text
SELECT name, value FROM attribute WHERE customer_id = :customer_id AND org_id = :org_id ORDER BY name LIMIT 1000;

-- name: attribute_insert  kind: exec
-- params: org_id text, customer_id text, name text, value text, now int
INSERT INTO attribute (org_id, customer_id, name, value, updated_at)
VALUES (:org_id, :customer_id, :name, :value, :now);

-- name: attribute_clear  kind: exec
-- params: org_id text, customer_id text
DELETE FROM attribute WHERE customer_id = :customer_id AND org_id = :org_id;

-- name: customer_reference  kind: one
-- params: org_id text, id text
-- result: reference text
SELECT reference FROM customer WHERE id = :id AND org_id = :org_id;
