-- What a program of somebody's asks by, in that one's place: shown once when it is made, kept as a digest, and it ends.
CREATE TABLE access_token (
    id       TEXT PRIMARY KEY,
    digest   TEXT NOT NULL UNIQUE,
    account  TEXT NOT NULL REFERENCES account (id),
    -- The organisation in whose place the program asks.
    org      TEXT NOT NULL REFERENCES org (id),
    -- What it is for, in the words of its holder.
    name     TEXT NOT NULL,
    made_at  TIMESTAMPTZ NOT NULL,
    ends_at  TIMESTAMPTZ NOT NULL,
    -- Ended before its time.
    ended_at TIMESTAMPTZ,
    CHECK (ends_at > made_at)
);
CREATE INDEX access_token_of ON access_token (account, made_at, id);
