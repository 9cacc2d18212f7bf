-- Work that is too long for an answer: queued with the account that asked for it, worked on by whichever server or worker
-- takes it first, and taken up again where that one is heard of no more.
CREATE TABLE job (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    title      TEXT NOT NULL,
    account    TEXT NOT NULL REFERENCES account (id),
    name       TEXT NOT NULL,
    org        TEXT NOT NULL REFERENCES org (id),
    org_name   TEXT NOT NULL,
    -- What its kind needs to know, as JSON.
    args       TEXT NOT NULL,
    -- The name of the file that came with it; '' where none did.
    input      TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    queued_at  TIMESTAMPTZ NOT NULL,
    -- While it waits, not before; while it is worked on, the end of the lease.
    due_at     TIMESTAMPTZ NOT NULL,
    -- Who works on it; '' where nobody does.
    worker     TEXT NOT NULL,
    attempt    BIGINT NOT NULL,
    done       BIGINT NOT NULL,
    -- Of how many, where that is known.
    total      BIGINT,
    -- What is being done.
    step       TEXT NOT NULL,
    -- What came of it, or why nothing did.
    result     TEXT NOT NULL,
    file       TEXT NOT NULL,
    bytes      BIGINT NOT NULL,
    ended_at   TIMESTAMPTZ,
    -- Until when its file can be taken down.
    expires_at TIMESTAMPTZ,
    version    BIGINT NOT NULL,
    CHECK ((state IN ('done', 'failed', 'cancelled')) = (ended_at IS NOT NULL)),
    CHECK ((state = 'running') = (worker <> ''))
);
CREATE INDEX job_by_turn ON job (state, due_at, id);
CREATE INDEX job_by_account ON job (account, state, id);

-- The file that came with a job (attempt 0), and what an attempt made, in parts.
CREATE TABLE job_part (
    job     TEXT NOT NULL REFERENCES job (id),
    attempt BIGINT NOT NULL,
    place   BIGINT NOT NULL,
    bytes   BYTEA NOT NULL,
    PRIMARY KEY (job, attempt, place)
);
