-- What each thing adds to each indicator (G1–G3, T1–T12), kept with every change of the thing, so that a figure is a sum.

-- What stands now. A thing is an entry, an output, a year-profile, or a person who is covered (person:<id>).
CREATE TABLE figure_row (
    indicator TEXT NOT NULL,
    thing     TEXT NOT NULL,
    -- The day that decides to which month and year it belongs.
    day       DATE NOT NULL,
    -- Of that day: 202611.
    month     BIGINT NOT NULL,
    -- The activity or output that the thing is; profile, person.
    kind      TEXT NOT NULL,
    school    TEXT NOT NULL REFERENCES org (id),
    -- Of an entry: rows are seen by whoever sees the pairing. Others are seen by whoever sees the school.
    pairing   TEXT REFERENCES pairing (id),
    claimed   BIGINT NOT NULL,
    confirmed BIGINT NOT NULL,
    PRIMARY KEY (indicator, thing, day)
);
CREATE INDEX figure_row_by_thing ON figure_row (thing);
CREATE INDEX figure_row_by_school ON figure_row (school, indicator);

-- Each change of the above, appended and never changed: what was reported on a day is the sum of what came until then.
CREATE TABLE figure_change (
    id          TEXT PRIMARY KEY,
    at          TIMESTAMPTZ NOT NULL,
    -- The day of the change, in Asia/Shanghai.
    made_on     DATE NOT NULL,
    indicator   TEXT NOT NULL,
    thing       TEXT NOT NULL,
    day         DATE NOT NULL,
    month       BIGINT NOT NULL,
    kind        TEXT NOT NULL,
    school      TEXT NOT NULL REFERENCES org (id),
    pairing     TEXT REFERENCES pairing (id),
    d_claimed   BIGINT NOT NULL,
    d_confirmed BIGINT NOT NULL,
    -- new, confirmed, unconfirmed, corrected, moved, ended, gone, rebuilt.
    cause       TEXT NOT NULL
);
CREATE INDEX figure_change_by_indicator ON figure_change (indicator, made_on);
CREATE INDEX figure_change_by_thing ON figure_change (thing);

-- Which entries name whom: a person counts once, from the first of them.
CREATE TABLE figure_person (
    indicator TEXT NOT NULL,
    person    TEXT NOT NULL,
    entry     TEXT NOT NULL REFERENCES entry (id),
    day       DATE NOT NULL,
    school    TEXT NOT NULL REFERENCES org (id),
    confirmed BIGINT NOT NULL,
    PRIMARY KEY (indicator, person, entry)
);
CREATE INDEX figure_person_by_entry ON figure_person (entry);

-- Taken by whoever changes figure_person, so that two entries naming one person are counted one after the other.
CREATE TABLE figure_turn (
    id BIGINT PRIMARY KEY,
    n  BIGINT NOT NULL
);
INSERT INTO figure_turn (id, n) VALUES (1, 0);
