-- Files that were taken in, each with what it did, so that it can be taken back as a whole while nothing builds on it.
CREATE TABLE import_done (
    id        TEXT PRIMARY KEY,
    -- Which import, as a manifest names it.
    kind      TEXT NOT NULL,
    -- Whose it is; '' where nobody had signed in.
    account   TEXT NOT NULL,
    by_name   TEXT NOT NULL,
    file      TEXT NOT NULL,
    sha256    TEXT NOT NULL,
    -- What came of it, in one sentence.
    summary   TEXT NOT NULL,
    -- What it did, as its mechanism takes it back, as JSON.
    done      TEXT NOT NULL,
    at        TIMESTAMPTZ NOT NULL,
    undone_at TIMESTAMPTZ,
    version   BIGINT NOT NULL
);
CREATE INDEX import_done_by_account ON import_done (account, at, id);
-- Whether a major of the catalogue is offered anywhere.
CREATE INDEX school_major_by_major ON school_major (major);
