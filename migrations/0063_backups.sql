-- Each backup that the server made by itself, and what came of it; the newest row is the last.
CREATE TABLE backup_run (
    id         TEXT PRIMARY KEY,
    at         TIMESTAMPTZ NOT NULL,
    -- Its name in the folder of backups.
    file       TEXT NOT NULL,
    bytes      BIGINT NOT NULL,
    -- How long it took to make, and how long to put back beside the data and check, in milliseconds.
    making_ms  BIGINT NOT NULL,
    checking_ms BIGINT NOT NULL,
    -- How far the check went: whole, copy, read; '' where there was none.
    depth      TEXT NOT NULL,
    -- How many records of the log it has, and the root over them.
    log_size   BIGINT NOT NULL,
    log_root   TEXT NOT NULL,
    -- Why it is none; '' where it is one.
    fault      TEXT NOT NULL
);
