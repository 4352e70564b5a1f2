-- The import that makes the study, while it hasn't ended well: till then nobody sees the study. NULL: it is there.
ALTER TABLE study ADD COLUMN import_id TEXT;
CREATE INDEX study_by_import ON study (import_id) WHERE import_id IS NOT NULL;
