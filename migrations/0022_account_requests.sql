-- Nobody makes an account, grants a role or resets a password alone: the system administrator asks, the security
-- administrator decides.
CREATE TABLE account_request (
    id           TEXT PRIMARY KEY,
    kind         TEXT NOT NULL CHECK (kind IN ('create', 'role', 'reset')),
    state        TEXT NOT NULL CHECK (state IN ('waiting', 'approved', 'returned', 'withdrawn')),
    -- Of a new one, once it was made.
    account      TEXT REFERENCES account (id),
    login        TEXT NOT NULL,
    name         TEXT NOT NULL,
    -- Where, and as what; '' where a password is to be reset.
    org          TEXT NOT NULL,
    role         TEXT NOT NULL,
    asked_by     TEXT NOT NULL REFERENCES account (id),
    asked_name   TEXT NOT NULL,
    asked_at     TIMESTAMPTZ NOT NULL,
    decided_by   TEXT REFERENCES account (id),
    decided_name TEXT NOT NULL,
    decided_at   TIMESTAMPTZ,
    -- Why it was returned.
    reason       TEXT NOT NULL,
    version      BIGINT NOT NULL,
    CHECK ((kind = 'reset') = (org = '')),
    CHECK (kind = 'create' OR account IS NOT NULL),
    CHECK ((state = 'waiting') = (decided_at IS NULL)),
    CHECK (state <> 'approved' OR (account IS NOT NULL AND decided_by IS NOT NULL AND decided_by <> asked_by))
);
CREATE INDEX account_request_by_state ON account_request (state, id);
CREATE UNIQUE INDEX account_request_once ON account_request (login, kind, org, role) WHERE state = 'waiting';
-- Of two that would make the same account one can wait.
CREATE UNIQUE INDEX account_request_login ON account_request (login) WHERE state = 'waiting' AND kind = 'create';

-- The link that opens once, by which its holder sets a first or another password.
CREATE TABLE account_link (
    account     TEXT PRIMARY KEY REFERENCES account (id),
    request     TEXT NOT NULL REFERENCES account_request (id),
    digest      TEXT NOT NULL UNIQUE,
    -- Whether there was a password before.
    reset       BOOLEAN NOT NULL,
    made_at     TIMESTAMPTZ NOT NULL,
    -- Who asked for it, and who decided: names for the holder.
    asked_name  TEXT NOT NULL,
    made_name   TEXT NOT NULL,
    expires_at  TIMESTAMPTZ NOT NULL,
    used_at     TIMESTAMPTZ,
    -- What the holder says of a reset.
    answer      TEXT NOT NULL CHECK (answer IN ('', 'own', 'not_own')),
    answered_at TIMESTAMPTZ,
    -- When the holder last said that a reset was not wanted, and whose it was; later codes leave it.
    denied_at    TIMESTAMPTZ,
    denied_asked TEXT NOT NULL,
    denied_made  TEXT NOT NULL,
    CHECK ((answer = '') = (answered_at IS NULL))
);
