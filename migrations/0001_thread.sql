-- One text for SQLite and PostgreSQL. Identifiers are time-ordered texts made in Rust; days are DATE, instants
-- TIMESTAMPTZ in UTC; JSON is kept as TEXT because nothing queries inside it.

CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- Raised by every audited write, last before its commit: what was computed at one revision holds until the next.
CREATE TABLE revision (
    id BIGINT PRIMARY KEY,
    n  BIGINT NOT NULL
);
INSERT INTO revision (id, n) VALUES (1, 0);

CREATE TABLE division (
    code          TEXT PRIMARY KEY,
    name          TEXT NOT NULL,
    level         TEXT NOT NULL,
    parent        TEXT NOT NULL,
    region        TEXT NOT NULL,
    typical_batch TEXT NOT NULL,
    typical_class TEXT NOT NULL
);

CREATE TABLE org (
    id          TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,
    name        TEXT NOT NULL,
    division    TEXT NOT NULL REFERENCES division (code),
    parent      TEXT REFERENCES org (id),
    path        TEXT NOT NULL UNIQUE,
    level       TEXT NOT NULL,
    ownership   TEXT NOT NULL,
    credit_code TEXT NOT NULL,
    source      TEXT NOT NULL,
    demo        BOOLEAN NOT NULL,
    -- Division code, then pinyin: the order of names everywhere.
    sort_key    TEXT NOT NULL,
    ended_on    DATE,
    version     BIGINT NOT NULL
);
CREATE INDEX org_by_sort_key ON org (sort_key);
CREATE INDEX org_by_name ON org (name);

-- Dated attributes that the office sets: county_school, high_level.
CREATE TABLE org_flag (
    id       TEXT PRIMARY KEY,
    org      TEXT NOT NULL REFERENCES org (id),
    flag     TEXT NOT NULL,
    from_day DATE NOT NULL,
    to_day   DATE,
    source   TEXT NOT NULL
);
CREATE INDEX org_flag_by_org ON org_flag (org);

-- merged (into other), renamed (from note), moved (from note).
CREATE TABLE org_lineage (
    id    TEXT PRIMARY KEY,
    org   TEXT NOT NULL REFERENCES org (id),
    kind  TEXT NOT NULL,
    other TEXT REFERENCES org (id),
    day   DATE NOT NULL,
    note  TEXT NOT NULL
);
CREATE INDEX org_lineage_by_org ON org_lineage (org);

-- Minimal personal data: a name. No telephone, no identity number.
CREATE TABLE person (
    id      TEXT PRIMARY KEY,
    name    TEXT NOT NULL,
    demo    BOOLEAN NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE person_post (
    id       TEXT PRIMARY KEY,
    person   TEXT NOT NULL REFERENCES person (id),
    org      TEXT NOT NULL REFERENCES org (id),
    post     TEXT NOT NULL,
    title    TEXT NOT NULL,
    from_day DATE NOT NULL,
    to_day   DATE
);
CREATE INDEX person_post_by_org ON person_post (org);
CREATE INDEX person_post_by_person ON person_post (person);

CREATE TABLE account (
    id           TEXT PRIMARY KEY,
    login        TEXT NOT NULL UNIQUE,
    name         TEXT NOT NULL,
    password     TEXT NOT NULL,
    must_change  BOOLEAN NOT NULL,
    failed       BIGINT NOT NULL,
    locked_until TIMESTAMPTZ,
    disabled     BOOLEAN NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL
);

CREATE TABLE account_role (
    account TEXT NOT NULL REFERENCES account (id),
    org     TEXT NOT NULL REFERENCES org (id),
    role    TEXT NOT NULL,
    PRIMARY KEY (account, org, role)
);

-- The id is the SHA-256 of the cookie's token: a copy of the table signs nobody in.
CREATE TABLE session (
    id         TEXT PRIMARY KEY,
    account    TEXT NOT NULL REFERENCES account (id),
    org        TEXT NOT NULL REFERENCES org (id),
    csrf       TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    seen_at    TIMESTAMPTZ NOT NULL
);
CREATE INDEX session_by_account ON session (account);

CREATE TABLE pairing (
    id            TEXT PRIMARY KEY,
    county_school TEXT NOT NULL REFERENCES org (id),
    lead          TEXT NOT NULL REFERENCES org (id),
    nearby        TEXT NOT NULL REFERENCES org (id),
    agreed_on     DATE,
    from_day      DATE NOT NULL,
    to_day        DATE,
    end_reason    TEXT NOT NULL,
    source        TEXT NOT NULL,
    version       BIGINT NOT NULL
);
CREATE INDEX pairing_by_county_school ON pairing (county_school);

-- The three parties once more, as rows: the scope of everything that hangs on a pairing is read from here.
CREATE TABLE pairing_party (
    pairing TEXT NOT NULL REFERENCES pairing (id),
    party   TEXT NOT NULL,
    org     TEXT NOT NULL REFERENCES org (id),
    PRIMARY KEY (pairing, party)
);
CREATE INDEX pairing_party_by_org ON pairing_party (org);

CREATE TABLE entry (
    id            TEXT PRIMARY KEY,
    pairing       TEXT NOT NULL REFERENCES pairing (id),
    activity      TEXT NOT NULL,
    programme     TEXT NOT NULL,
    claimant      TEXT NOT NULL REFERENCES org (id),
    answerer      TEXT NOT NULL REFERENCES org (id),
    from_day      DATE NOT NULL,
    to_day        DATE NOT NULL,
    person        TEXT REFERENCES person (id),
    post          TEXT NOT NULL,
    quantity      BIGINT NOT NULL,
    confirmed     BIGINT NOT NULL,
    disputed_from DATE,
    disputed_to   DATE,
    state         TEXT NOT NULL,
    fields        TEXT NOT NULL,
    claimed_at    TIMESTAMPTZ NOT NULL,
    answered_at   TIMESTAMPTZ,
    answered_by   TEXT NOT NULL,
    version       BIGINT NOT NULL
);
CREATE INDEX entry_by_pairing ON entry (pairing, activity, to_day);
CREATE INDEX entry_by_answerer ON entry (answerer, state);
CREATE INDEX entry_by_claimant ON entry (claimant, state);
CREATE INDEX entry_by_person ON entry (person, from_day);
CREATE INDEX entry_by_day ON entry (to_day, id);

-- The providers: one row for each helper that gave it; their shares in per cent sum to 100.
CREATE TABLE entry_helper (
    entry TEXT NOT NULL REFERENCES entry (id),
    org   TEXT NOT NULL REFERENCES org (id),
    share BIGINT NOT NULL,
    PRIMARY KEY (entry, org)
);
CREATE INDEX entry_helper_by_org ON entry_helper (org);

-- What was done to an entry, in order; never changed, never removed. The entry's row is the sum of these.
CREATE TABLE entry_action (
    id       TEXT PRIMARY KEY,
    entry    TEXT NOT NULL REFERENCES entry (id),
    at       TIMESTAMPTZ NOT NULL,
    account  TEXT NOT NULL,
    name     TEXT NOT NULL,
    org      TEXT NOT NULL,
    org_name TEXT NOT NULL,
    kind     TEXT NOT NULL,
    reason   TEXT NOT NULL,
    change   TEXT NOT NULL,
    -- Entries answered together share it, so that they can be taken back together.
    batch    TEXT NOT NULL
);
CREATE INDEX entry_action_by_entry ON entry_action (entry, id);
CREATE INDEX entry_action_by_batch ON entry_action (batch);

CREATE TABLE audit_leaf (
    id       TEXT PRIMARY KEY,
    at       TIMESTAMPTZ NOT NULL,
    account  TEXT NOT NULL,
    name     TEXT NOT NULL,
    org      TEXT NOT NULL,
    org_name TEXT NOT NULL,
    action   TEXT NOT NULL,
    thing    TEXT NOT NULL,
    thing_id TEXT NOT NULL,
    body     TEXT NOT NULL,
    hash     TEXT NOT NULL,
    -- The place in the tree, given by the sequencer; a leaf without one is pending.
    position BIGINT UNIQUE
);
CREATE INDEX audit_leaf_by_thing ON audit_leaf (thing_id);

CREATE TABLE audit_sequencer (
    id    BIGINT PRIMARY KEY,
    size  BIGINT NOT NULL,
    peaks TEXT NOT NULL
);
INSERT INTO audit_sequencer (id, size, peaks) VALUES (1, 0, '[]');

-- The tree's root after each turn of the sequencer.
CREATE TABLE audit_head (
    size BIGINT PRIMARY KEY,
    root TEXT NOT NULL,
    at   TIMESTAMPTZ NOT NULL
);
