-- 交接: what a helper that left a county school hands to the one that took its place, as both agreed. Who was succeeded by
-- whom is computed from the pairings; a row is there once one of the two wrote it down.
CREATE TABLE handover (
    id        TEXT PRIMARY KEY,
    -- The pairing that ended, and the school's next one.
    pairing   TEXT NOT NULL REFERENCES pairing (id),
    successor TEXT NOT NULL REFERENCES pairing (id),
    leaving   TEXT NOT NULL REFERENCES org (id),
    arriving  TEXT NOT NULL REFERENCES org (id),
    recorder  TEXT NOT NULL REFERENCES org (id),
    -- What was open when it was written down, with what is to become of it.
    items     TEXT NOT NULL,
    note      TEXT NOT NULL,
    -- proposed, agreed, withdrawn.
    state     TEXT NOT NULL,
    revision  BIGINT NOT NULL,
    version   BIGINT NOT NULL,
    CHECK (leaving <> arriving)
);
CREATE UNIQUE INDEX handover_once ON handover (pairing, leaving) WHERE state <> 'withdrawn';
CREATE INDEX handover_by_successor ON handover (successor);
