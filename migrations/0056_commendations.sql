-- 通报表扬 (S3.4): a year's round of nominations, shown before it is decided.
CREATE TABLE commendation (
    id             TEXT PRIMARY KEY,
    issuer         TEXT NOT NULL REFERENCES org (id),
    year           BIGINT NOT NULL,
    opened_on      DATE NOT NULL,
    nominate_until DATE NOT NULL,
    -- While the list is shown and may be objected to.
    noticed_on     DATE,
    notice_until   DATE,
    decided_on     DATE,
    state          TEXT NOT NULL,
    revision       BIGINT NOT NULL,
    version        BIGINT NOT NULL,
    CHECK ((noticed_on IS NULL) = (notice_until IS NULL))
);
CREATE UNIQUE INDEX commendation_once ON commendation (issuer, year) WHERE state <> 'withdrawn';

-- A school, or somebody at one, with one sentence. Reasons are entries of the ledger.
CREATE TABLE commendation_nomination (
    id           TEXT PRIMARY KEY,
    round        TEXT NOT NULL REFERENCES commendation (id),
    -- Of the programme.
    class        TEXT NOT NULL,
    nominator    TEXT NOT NULL REFERENCES org (id),
    -- Of the account that nominated, and of the one that proposed it to the second person; "" where there is none.
    nominated_by TEXT NOT NULL,
    proposed_by  TEXT NOT NULL,
    -- The school, or the unit of the person.
    school       TEXT NOT NULL REFERENCES org (id),
    person       TEXT REFERENCES person (id),
    sentence     TEXT NOT NULL,
    nominated_on DATE NOT NULL,
    -- How the person agreed: by its own account, on paper, or "" not yet; and on which day.
    agreed_how   TEXT NOT NULL,
    agreed_on    DATE,
    -- The record that it became.
    output       TEXT,
    state        TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    CHECK ((agreed_how = '') = (agreed_on IS NULL))
);
CREATE INDEX commendation_nomination_by_round ON commendation_nomination (round, state);
CREATE INDEX commendation_nomination_by_school ON commendation_nomination (school);
CREATE INDEX commendation_nomination_by_nominator ON commendation_nomination (nominator);

CREATE TABLE commendation_reason (
    nomination TEXT NOT NULL REFERENCES commendation_nomination (id),
    entry      TEXT NOT NULL REFERENCES entry (id),
    PRIMARY KEY (nomination, entry)
);
CREATE INDEX commendation_reason_by_entry ON commendation_reason (entry);

-- 异议: one of each unit against one name on the list.
CREATE TABLE commendation_objection (
    id          TEXT PRIMARY KEY,
    nomination  TEXT NOT NULL REFERENCES commendation_nomination (id),
    org         TEXT NOT NULL REFERENCES org (id),
    reason      TEXT NOT NULL,
    raised_on   DATE NOT NULL,
    answer      TEXT NOT NULL,
    answered_on DATE,
    state       TEXT NOT NULL,
    revision    BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    UNIQUE (nomination, org)
);
CREATE INDEX commendation_objection_by_org ON commendation_objection (org);
