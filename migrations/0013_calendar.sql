-- 日程: what a helper announces before it happens, and addresses from which a calendar program reads it.

CREATE TABLE announcement (
    id       TEXT PRIMARY KEY,
    pairing  TEXT NOT NULL REFERENCES pairing (id),
    -- The helper that comes.
    org      TEXT NOT NULL REFERENCES org (id),
    activity TEXT NOT NULL,
    from_day DATE NOT NULL,
    to_day   DATE NOT NULL,
    -- Whom the entry will name, where its activity names somebody.
    person   TEXT REFERENCES person (id),
    -- Who else comes, as the helper wrote it; "" for nobody.
    visitors TEXT NOT NULL,
    place    TEXT NOT NULL,
    -- Expected, where the activity is counted by a number.
    quantity BIGINT,
    purpose  TEXT NOT NULL,
    -- announced, held, not_held, cancelled.
    state    TEXT NOT NULL,
    -- The days that the county school would rather have; gone once the helper has answered.
    proposed_from DATE,
    proposed_to   DATE,
    -- The entry that it became.
    entry      TEXT REFERENCES entry (id),
    changed_at TIMESTAMPTZ NOT NULL,
    version    BIGINT NOT NULL,
    CHECK (from_day <= to_day),
    CHECK (proposed_from <= proposed_to),
    CHECK ((proposed_from IS NULL) = (proposed_to IS NULL)),
    CHECK (proposed_from IS NULL OR state = 'announced'),
    CHECK ((state = 'held') = (entry IS NOT NULL))
);
CREATE INDEX announcement_by_pairing ON announcement (pairing, from_day);
CREATE INDEX announcement_by_org ON announcement (org, state, to_day);
CREATE INDEX announcement_by_day ON announcement (from_day, to_day);
-- The same thing is announced once, and an entry is what became of one announcement.
CREATE UNIQUE INDEX announcement_once ON announcement (pairing, org, activity, from_day) WHERE state = 'announced';
CREATE UNIQUE INDEX announcement_entry ON announcement (entry) WHERE entry IS NOT NULL;

-- The secret address of an account's calendar at one of its organisations: its digest only.
CREATE TABLE calendar_address (
    account TEXT NOT NULL REFERENCES account (id),
    org     TEXT NOT NULL REFERENCES org (id),
    digest  TEXT NOT NULL UNIQUE,
    made_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account, org)
);
