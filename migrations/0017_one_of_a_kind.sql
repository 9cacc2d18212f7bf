-- What a rule looks for before it writes: of two transactions that look at the same moment neither sees the other's row, so
-- the database has the last word. Rules about spans of days cannot be said here and take a lock (registry::lock).

-- Among the schools that still exist.
CREATE UNIQUE INDEX org_school_once ON org (name) WHERE kind = 'school' AND ended_on IS NULL;
CREATE UNIQUE INDEX org_flag_once ON org_flag (org, flag, from_day);
CREATE UNIQUE INDEX person_post_once ON person_post (person, org, post, from_day);
-- Two that have no end overlap.
CREATE UNIQUE INDEX pairing_once ON pairing (county_school) WHERE to_day IS NULL;
CREATE UNIQUE INDEX output_thing_once ON output_thing (stands_at, output, title, since) WHERE state <> 'withdrawn';
CREATE UNIQUE INDEX application_case_once ON application_case (org, application, title)
    WHERE state NOT IN ('granted', 'refused', 'withdrawn');
CREATE UNIQUE INDEX project_filing_once ON project_filing (number);

-- Joint work: what a helper that did not enter it says of its own part. Without such a row its clock does not move.
CREATE TABLE entry_part (
    entry  TEXT NOT NULL REFERENCES entry (id),
    org    TEXT NOT NULL REFERENCES org (id),
    -- Its own person, where the activity names somebody of a helper.
    person TEXT REFERENCES person (id),
    post   TEXT NOT NULL,
    PRIMARY KEY (entry, org)
);
CREATE INDEX entry_part_by_person ON entry_part (person);

-- Nothing is owed by this helper to this county school in this period.
CREATE TABLE clock_exemption (
    id            TEXT PRIMARY KEY,
    obligation    TEXT NOT NULL,
    helper        TEXT NOT NULL REFERENCES org (id),
    county_school TEXT NOT NULL REFERENCES org (id),
    period        TEXT NOT NULL,
    reason        TEXT NOT NULL,
    -- Who gave it.
    org           TEXT NOT NULL REFERENCES org (id),
    given_by      TEXT NOT NULL,
    given_at      TIMESTAMPTZ NOT NULL,
    -- Taken back: '' while it holds.
    withdrawn     TEXT NOT NULL,
    version       BIGINT NOT NULL
);
CREATE UNIQUE INDEX clock_exemption_once ON clock_exemption (obligation, helper, county_school, period) WHERE withdrawn = '';

-- A county school's own first and last day of a semester.
CREATE TABLE school_semester (
    id            TEXT PRIMARY KEY,
    county_school TEXT NOT NULL REFERENCES org (id),
    semester      TEXT NOT NULL,
    from_day      DATE NOT NULL,
    to_day        DATE NOT NULL,
    reason        TEXT NOT NULL,
    given_by      TEXT NOT NULL,
    given_at      TIMESTAMPTZ NOT NULL,
    version       BIGINT NOT NULL,
    CHECK (from_day <= to_day),
    UNIQUE (county_school, semester)
);
