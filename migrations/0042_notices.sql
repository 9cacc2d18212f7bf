-- 消息: what concerns somebody and is told, the letters by which it goes out, and what each account chose of it.
CREATE TABLE notice (
    id          TEXT PRIMARY KEY,
    -- To everybody of a unit, or to one account alone.
    org         TEXT REFERENCES org (id),
    account     TEXT REFERENCES account (id),
    -- answered, returned, decided, urged, replied, account.
    kind        TEXT NOT NULL,
    -- What it is about.
    resource    TEXT NOT NULL,
    resource_id TEXT NOT NULL,
    -- The unit that did it; never a person.
    by_org      TEXT NOT NULL,
    words       TEXT NOT NULL,
    -- What was said with it.
    said        TEXT NOT NULL,
    -- What is done together is told once; '' otherwise.
    batch       TEXT NOT NULL,
    times       BIGINT NOT NULL,
    at          TIMESTAMPTZ NOT NULL,
    CHECK ((org IS NULL) <> (account IS NULL))
);
CREATE UNIQUE INDEX notice_once ON notice (org, kind, batch) WHERE batch <> '';
CREATE INDEX notice_by_org ON notice (org, at, id);
CREATE INDEX notice_by_account ON notice (account, at, id);
CREATE INDEX notice_by_age ON notice (at);

CREATE TABLE notice_read (
    account TEXT NOT NULL REFERENCES account (id),
    notice  TEXT NOT NULL REFERENCES notice (id),
    PRIMARY KEY (account, notice)
);
CREATE INDEX notice_read_by_notice ON notice_read (notice);

-- What an account chose; none where it goes by its role.
CREATE TABLE notice_choice (
    account TEXT PRIMARY KEY REFERENCES account (id),
    -- Kinds that are not told at all, between commas: ",answered,replied,".
    muted   TEXT NOT NULL,
    -- What the letter of the day tells: ",desk,returned,"; nothing where none is wanted.
    letters TEXT NOT NULL
);

CREATE TABLE mail_address (
    account      TEXT PRIMARY KEY REFERENCES account (id),
    address      TEXT NOT NULL,
    -- Digest of the code that was sent to it.
    code         TEXT NOT NULL,
    asked_at     TIMESTAMPTZ NOT NULL,
    -- Nothing but the code is sent before.
    confirmed_at TIMESTAMPTZ,
    -- The mail server said that there is no such address.
    refused_at   TIMESTAMPTZ
);
CREATE UNIQUE INDEX mail_address_by_code ON mail_address (code);

-- 群消息: the robot of a unit's group in an office messenger, which is told what stands on the desk of whoever connected it.
CREATE TABLE messenger (
    org     TEXT PRIMARY KEY REFERENCES org (id),
    account TEXT NOT NULL REFERENCES account (id),
    -- wecom, dingtalk, feishu.
    shape   TEXT NOT NULL,
    address TEXT NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE letter (
    id       TEXT PRIMARY KEY,
    account  TEXT NOT NULL REFERENCES account (id),
    -- The unit whose messenger is told; none for a letter.
    org      TEXT REFERENCES org (id),
    -- code, digest, group.
    kind     TEXT NOT NULL,
    day      DATE NOT NULL,
    subject  TEXT NOT NULL,
    -- Emptied once it is sent or given up.
    body     TEXT NOT NULL,
    -- What a digest told, so that the next one tells what is new.
    told     TEXT NOT NULL,
    -- waiting, sending, sent, unsure, refused, failed.
    state    TEXT NOT NULL,
    attempt  BIGINT NOT NULL,
    due_at   TIMESTAMPTZ NOT NULL,
    fault    TEXT NOT NULL,
    made_at  TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    CHECK ((state IN ('waiting', 'sending')) = (ended_at IS NULL))
);
CREATE UNIQUE INDEX letter_once ON letter (account, kind, day, COALESCE(org, '')) WHERE kind <> 'code';
CREATE INDEX letter_by_turn ON letter (state, due_at, id);
CREATE INDEX letter_by_account ON letter (account, kind, day);
