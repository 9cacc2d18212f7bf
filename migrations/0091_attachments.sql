-- 争议时附的材料: what a side put beside an entry or an output while it was open. Nobody is asked for one and nothing counts them; the
-- content lies in the folder of files. What is taken back goes: history and log keep that it was there.
CREATE TABLE attachment (
    id          TEXT PRIMARY KEY,
    -- `entry` or `output`, and which.
    resource    TEXT NOT NULL,
    resource_id TEXT NOT NULL,
    -- Which side added it.
    org         TEXT NOT NULL REFERENCES org (id),
    hash        TEXT NOT NULL CHECK (length(hash) = 64),
    size        BIGINT NOT NULL CHECK (size > 0),
    mime        TEXT NOT NULL,
    name        TEXT NOT NULL,
    added_at    TIMESTAMPTZ NOT NULL
);
CREATE INDEX attachment_by_thing ON attachment (resource_id);
CREATE INDEX attachment_by_hash ON attachment (hash);
