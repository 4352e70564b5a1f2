-- Days on which an organisation serves nobody.
CREATE TABLE holiday (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 26),
    org_id TEXT NOT NULL REFERENCES org (id),
    code TEXT NOT NULL CHECK (length(code) = 10),
    label_en TEXT,
    label_zh TEXT,
    version INTEGER NOT NULL DEFAULT 1,
    UNIQUE (org_id, code)
) STRICT;
