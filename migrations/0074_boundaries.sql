-- Official boundaries of the divisions, as somebody loaded them from a file: one is in use, the others were.
CREATE TABLE boundary_file (
    id           TEXT PRIMARY KEY,
    -- 审图号: without it no map may be shown.
    approval     TEXT NOT NULL,
    -- The name of the file, and the SHA-256 of what stood in it.
    source       TEXT NOT NULL,
    digest       TEXT NOT NULL,
    -- JSON: of each division its code, its rings in whole units of the drawing, and a place within.
    shapes       TEXT NOT NULL,
    loaded_at    TIMESTAMPTZ NOT NULL,
    loaded_name  TEXT NOT NULL,
    removed_at   TIMESTAMPTZ,
    removed_name TEXT NOT NULL,
    -- 'in use', or the id of one that was taken out.
    slot         TEXT NOT NULL UNIQUE,
    CHECK ((removed_at IS NULL) = (slot = 'in use'))
);
CREATE INDEX boundary_file_by_time ON boundary_file (loaded_at, id);
