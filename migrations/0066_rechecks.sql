-- What came out otherwise when decisions were made again by the code that ran. Made from scratch whenever somebody asks.
CREATE TABLE recheck (
    id        TEXT PRIMARY KEY,
    at        TIMESTAMPTZ NOT NULL,
    -- The programme by which it was: its version and its digest.
    programme TEXT NOT NULL,
    rules     TEXT NOT NULL,
    -- Findings, as JSON.
    found     TEXT NOT NULL
);
