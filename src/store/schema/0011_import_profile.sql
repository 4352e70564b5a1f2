-- How the file of a finished import was read (service/listen/last.h), for the next wave's file. Of no use without its
-- import; an undone one has none.
CREATE TABLE import_profile (
    import_id TEXT NOT NULL PRIMARY KEY REFERENCES import (id) ON DELETE CASCADE,
    org_id TEXT NOT NULL REFERENCES org (id),
    study_id TEXT NOT NULL REFERENCES study (id),
    profile TEXT NOT NULL CHECK (json_valid(profile))
) STRICT;
CREATE INDEX import_profile_by_study ON import_profile (study_id, import_id);
