-- Where the server of a program's owner is told that something changed for the account: nothing of what it is.
CREATE TABLE web_hook (
    id            TEXT PRIMARY KEY,
    account       TEXT NOT NULL REFERENCES account (id),
    -- The organisation in whose place it is told.
    org           TEXT NOT NULL REFERENCES org (id),
    name          TEXT NOT NULL,
    address       TEXT NOT NULL,
    -- By what each message is signed; needed for every one, so it is kept as it is.
    secret        TEXT NOT NULL,
    made_at       TIMESTAMPTZ NOT NULL,
    -- The cursor of what was told last, and the revision up to which all was looked at.
    told          TEXT NOT NULL,
    seen          BIGINT NOT NULL,
    -- How often this message was tried, when it is looked at again, and since when nothing arrives.
    attempt       BIGINT NOT NULL,
    due_at        TIMESTAMPTZ NOT NULL,
    failing_since TIMESTAMPTZ,
    ended_at      TIMESTAMPTZ,
    -- holder, failed, refused, lost.
    ended_why     TEXT NOT NULL
);
CREATE INDEX web_hook_of ON web_hook (account, made_at, id);
CREATE INDEX web_hook_due ON web_hook (due_at, id) WHERE ended_at IS NULL;

-- Each try of a message.
CREATE TABLE web_hook_try (
    id       TEXT PRIMARY KEY,
    hook     TEXT NOT NULL REFERENCES web_hook (id),
    at       TIMESTAMPTZ NOT NULL,
    revision BIGINT NOT NULL,
    attempt  BIGINT NOT NULL,
    -- "" where it was taken.
    fault    TEXT NOT NULL
);
CREATE INDEX web_hook_try_of ON web_hook_try (hook, at, id);
CREATE INDEX web_hook_try_by_time ON web_hook_try (at);
