-- Wrong tries delay and never lock: whoever tries need not be the holder.
CREATE TABLE sign_in_try (
    -- The account; or the digest of a browser's cookie with it; or one of those that are shared by logins that nobody has.
    id       TEXT PRIMARY KEY,
    account  TEXT REFERENCES account (id),
    -- Strangers to the account together; a browser in which its holder signed in before; secrets asked for within a session.
    kind     TEXT NOT NULL CHECK (kind IN ('strangers', 'browser', 'inside')),
    -- Since the last right one.
    failed   BIGINT NOT NULL,
    tried_at TIMESTAMPTZ NOT NULL,
    -- Until then nothing is checked.
    next_at  TIMESTAMPTZ NOT NULL
);
CREATE INDEX sign_in_try_by_account ON sign_in_try (account);
ALTER TABLE account DROP COLUMN failed;
ALTER TABLE account DROP COLUMN locked_until;

-- What its holder is shown of a session, and why it ended where its next request is to say so.
ALTER TABLE session ADD COLUMN browser TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN ending TEXT NOT NULL DEFAULT '' CHECK (ending IN ('', 'crowded', 'closed'));

-- The second step of signing in: a secret that the holder's telephone has too.
CREATE TABLE second_factor (
    account      TEXT PRIMARY KEY REFERENCES account (id),
    -- RFC 4648, base 32.
    secret       TEXT NOT NULL,
    made_at      TIMESTAMPTZ NOT NULL,
    -- Asked for at sign-in from here on; nothing before the holder typed a right code.
    confirmed_at TIMESTAMPTZ,
    -- The half minute of the last code that was taken: none is taken twice.
    last_step    BIGINT NOT NULL
);

-- Each in place of one code, once.
CREATE TABLE recovery_code (
    id      TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id),
    digest  TEXT NOT NULL UNIQUE,
    used_at TIMESTAMPTZ
);
CREATE INDEX recovery_code_by_account ON recovery_code (account);

-- The password was right, the second step is still to come. The id is the digest of a cookie.
CREATE TABLE sign_in_pending (
    id      TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id),
    made_at TIMESTAMPTZ NOT NULL
);
