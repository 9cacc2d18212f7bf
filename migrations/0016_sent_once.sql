-- Forms that were sent, by a digest of who sent what from which page: sending again leads to what came of it first.
CREATE TABLE submission (
    id       TEXT PRIMARY KEY,
    location TEXT NOT NULL,
    at       TIMESTAMPTZ NOT NULL
);
CREATE INDEX submission_by_time ON submission (at);
