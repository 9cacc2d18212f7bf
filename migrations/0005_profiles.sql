-- Year-profiles of the county schools (T1.1), and what the province has checked of thresholds that come from memory.

-- One for each school and year. Frozen once accepted: a later change is a correction, which has rounds of its own and
-- leaves what was accepted in force until it is accepted too.
CREATE TABLE profile (
    id           TEXT PRIMARY KEY,
    org          TEXT NOT NULL REFERENCES org (id),
    year         BIGINT NOT NULL,
    -- draft, submitted, returned, accepted.
    state        TEXT NOT NULL,
    -- The day for which it speaks.
    as_of        DATE NOT NULL,
    submitted_on DATE,
    accepted_on  DATE,
    -- Raised each time it is handed in.
    content      BIGINT NOT NULL,
    -- '' none; draft, submitted, returned: an open correction.
    correction   TEXT NOT NULL,
    -- The number of the latest correction, 0 where there was none, and why it was begun.
    round        BIGINT NOT NULL,
    reason       TEXT NOT NULL,
    version      BIGINT NOT NULL,
    UNIQUE (org, year)
);

-- What is in force; before the first acceptance, the draft. An element without a row was not answered.
CREATE TABLE profile_value (
    profile TEXT NOT NULL REFERENCES profile (id),
    element TEXT NOT NULL,
    -- In the element's unit; a day as 20261031.
    value   BIGINT,
    -- value (zero is one), unknown, not_applicable.
    known   TEXT NOT NULL,
    -- typed, carried from the year before, imported from a file.
    source  TEXT NOT NULL,
    PRIMARY KEY (profile, element)
);

-- What a correction changes: the old value stays beside the new one for good.
CREATE TABLE profile_change (
    profile    TEXT NOT NULL REFERENCES profile (id),
    round      BIGINT NOT NULL,
    element    TEXT NOT NULL,
    old_value  BIGINT,
    old_known  TEXT NOT NULL,
    value      BIGINT,
    known      TEXT NOT NULL,
    source     TEXT NOT NULL,
    reason     TEXT NOT NULL,
    -- '' open, accepted, abandoned.
    outcome    TEXT NOT NULL,
    settled_on DATE,
    PRIMARY KEY (profile, round, element)
);

-- A threshold that the programme does not call usable judges from the day on which the province says that it compared
-- it with its source, and until it takes that back.
CREATE TABLE threshold_check (
    id           TEXT PRIMARY KEY,
    threshold    TEXT NOT NULL,
    source       TEXT NOT NULL,
    reason       TEXT NOT NULL,
    checked_on   DATE NOT NULL,
    checked_by   TEXT NOT NULL,
    withdrawn_on DATE,
    withdrawal   TEXT NOT NULL,
    -- The threshold while it holds, the id once it was withdrawn: one check at a time.
    slot         TEXT NOT NULL UNIQUE
);
CREATE INDEX threshold_check_by_threshold ON threshold_check (threshold);
