-- Files that were read and looked at and are not accepted yet: kept between the preview and the word of whoever sent them,
-- one for each account and address, for a day at most.
CREATE TABLE import_pending (
    id      TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id),
    -- Where it was sent.
    address TEXT NOT NULL,
    -- The name of the file.
    name    TEXT NOT NULL,
    bytes   BYTEA NOT NULL,
    kept_at TIMESTAMPTZ NOT NULL,
    UNIQUE (account, address)
);
