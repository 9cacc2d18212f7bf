-- A programme that somebody prepares while another is in use: what it says is in programme_file, by its digest.
CREATE TABLE programme_version (
    id          TEXT PRIMARY KEY,
    digest      TEXT NOT NULL,
    -- The programme in use on which it was built; it is activated on no other.
    base        TEXT NOT NULL,
    -- What is changed, one line for each.
    about       TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('prepared', 'active', 'former', 'dropped')),
    made_by     TEXT NOT NULL,
    made_at     TIMESTAMPTZ NOT NULL,
    decided_by  TEXT NOT NULL DEFAULT '',
    decided_at  TIMESTAMPTZ,
    -- When it was rehearsed on the facts; none where it was not yet.
    replayed_at TIMESTAMPTZ,
    -- The job that rehearses it.
    job         TEXT NOT NULL DEFAULT '',
    version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX programme_version_prepared ON programme_version (state) WHERE state = 'prepared';
CREATE UNIQUE INDEX programme_version_active ON programme_version (state) WHERE state = 'active';

-- Whose status or which figure it moves, as rehearsed: the note for users once it is active.
CREATE TABLE programme_effect (
    moved_by    TEXT NOT NULL REFERENCES programme_version (id),
    place       BIGINT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('status', 'figure')),
    clause      TEXT NOT NULL,
    -- The organisation whose status it is; '' for the whole.
    org         TEXT NOT NULL,
    what        TEXT NOT NULL,
    was         TEXT NOT NULL,
    becomes     TEXT NOT NULL,
    PRIMARY KEY (moved_by, place)
);
CREATE INDEX programme_effect_org ON programme_effect (org, moved_by);
