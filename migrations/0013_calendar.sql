-- 日程: what a helper announces before it happens, and addresses from which a calendar program reads it.

CREATE TABLE announcement (
    id       TEXT PRIMARY KEY,
    pairing  TEXT NOT NULL REFERENCES pairing (id),
    -- The helper that comes.
    org      TEXT NOT NULL REFERENCES org (id),
    activity TEXT NOT NULL,
    from_day DATE NOT NULL,
    to_day   DATE NOT NULL,
    person   TEXT REFERENCES person (id),
    -- Expected, where the activity is counted by a number.
    quantity BIGINT,
    purpose  TEXT NOT NULL,
    -- announced, held, not_held, cancelled.
    state    TEXT NOT NULL,
    -- The day that the county school would rather have; gone once the helper has answered.
    proposed_from DATE,
    proposed_to   DATE,
    -- The entry that it became.
    entry    TEXT REFERENCES entry (id),
    version  BIGINT NOT NULL,
    CHECK (from_day <= to_day),
    CHECK (proposed_from <= proposed_to),
    CHECK ((state = 'held') = (entry IS NOT NULL))
);
CREATE INDEX announcement_by_pairing ON announcement (pairing, from_day);
CREATE INDEX announcement_by_day ON announcement (state, from_day);
-- The same thing is announced once.
CREATE UNIQUE INDEX announcement_once ON announcement (pairing, org, activity, from_day) WHERE state = 'announced';

-- The secret address of one account's calendar: its digest only.
CREATE TABLE calendar_address (
    account TEXT PRIMARY KEY REFERENCES account (id),
    digest  TEXT NOT NULL UNIQUE,
    made_at TIMESTAMPTZ NOT NULL
);
