-- What is kept above rows that grow without end, so that no page reads all of them. All of it follows from other tables:
-- it is compared with them by `jiedui indicators verify`, and brought in line where it differs.

-- Sums of figure_row by year. 'pairing' is '' for what has none.
CREATE TABLE figure_year (
    indicator TEXT NOT NULL,
    school    TEXT NOT NULL REFERENCES org (id),
    pairing   TEXT NOT NULL,
    year      BIGINT NOT NULL,
    -- How many rows are added up here: a sum of none is none, and not 0.
    number    BIGINT NOT NULL,
    claimed   BIGINT NOT NULL,
    confirmed BIGINT NOT NULL,
    PRIMARY KEY (indicator, school, pairing, year)
);

-- The same by all that a page can cut a figure by.
CREATE TABLE figure_month (
    indicator TEXT NOT NULL,
    school    TEXT NOT NULL REFERENCES org (id),
    pairing   TEXT NOT NULL,
    kind      TEXT NOT NULL,
    month     BIGINT NOT NULL,
    number    BIGINT NOT NULL,
    claimed   BIGINT NOT NULL,
    confirmed BIGINT NOT NULL,
    PRIMARY KEY (indicator, school, pairing, kind, month)
);

-- Sums of figure_change by the month in which the change was made: what was reported at the end of a former month.
CREATE TABLE figure_reported (
    indicator TEXT NOT NULL,
    school    TEXT NOT NULL REFERENCES org (id),
    pairing   TEXT NOT NULL,
    kind      TEXT NOT NULL,
    month     BIGINT NOT NULL,
    made      BIGINT NOT NULL,
    claimed   BIGINT NOT NULL,
    confirmed BIGINT NOT NULL,
    PRIMARY KEY (indicator, school, pairing, kind, month, made)
);

INSERT INTO figure_year (indicator, school, pairing, year, number, claimed, confirmed)
    SELECT indicator, school, COALESCE(pairing, ''), month / 100, COUNT(*), CAST(SUM(claimed) AS BIGINT),
        CAST(SUM(confirmed) AS BIGINT) FROM figure_row GROUP BY indicator, school, COALESCE(pairing, ''), month / 100;
INSERT INTO figure_month (indicator, school, pairing, kind, month, number, claimed, confirmed)
    SELECT indicator, school, COALESCE(pairing, ''), kind, month, COUNT(*), CAST(SUM(claimed) AS BIGINT),
        CAST(SUM(confirmed) AS BIGINT) FROM figure_row GROUP BY indicator, school, COALESCE(pairing, ''), kind, month;
INSERT INTO figure_reported (indicator, school, pairing, kind, month, made, claimed, confirmed)
    SELECT indicator, school, COALESCE(pairing, ''), kind, month,
        CAST(SUBSTR(CAST(made_on AS TEXT), 1, 4) || SUBSTR(CAST(made_on AS TEXT), 6, 2) AS BIGINT),
        CAST(SUM(d_claimed) AS BIGINT), CAST(SUM(d_confirmed) AS BIGINT) FROM figure_change
    GROUP BY indicator, school, COALESCE(pairing, ''), kind, month,
        CAST(SUBSTR(CAST(made_on AS TEXT), 1, 4) || SUBSTR(CAST(made_on AS TEXT), 6, 2) AS BIGINT);

-- What lies behind today is taken out of a sum; there is little of it.
CREATE INDEX figure_row_by_day ON figure_row (day);
CREATE INDEX figure_change_by_day ON figure_change (day);
-- The rows behind a figure, newest first.
CREATE INDEX figure_row_by_indicator ON figure_row (indicator, day, resource);

-- What the entries of a helper at a county school come to on the clock of one duty in one period.
CREATE TABLE clock_work (
    obligation    TEXT NOT NULL,
    helper        TEXT NOT NULL REFERENCES org (id),
    county_school TEXT NOT NULL REFERENCES org (id),
    period        TEXT NOT NULL,
    -- What it was computed by, beside the entries: the programme, and the days on which the two are paired. A reader for
    -- whom these are others computes by itself.
    basis         TEXT NOT NULL,
    claimed       BIGINT NOT NULL,
    confirmed     BIGINT NOT NULL,
    -- The last day on which one may still begin and reach what is owed, whatever today is.
    latest_start  DATE,
    PRIMARY KEY (obligation, helper, county_school, period)
);

-- A page of the ledger is found in an index, with the pairing that decides who sees it; so are those of one state.
DROP INDEX entry_by_day;
CREATE INDEX entry_by_day ON entry (to_day, id, pairing);
CREATE INDEX entry_by_state ON entry (state, to_day, id, pairing);
CREATE INDEX entry_of_pairing ON entry (pairing, to_day, id);
-- Entries that name a person, and rely on a post.
CREATE INDEX entry_with_person ON entry (claimant) WHERE person IS NOT NULL;
-- Claims that nobody answered in time.
CREATE INDEX entry_by_wait ON entry (state, claimed_at, id);
-- Who else names a person; how often an organisation filled in a form.
CREATE INDEX figure_person_by_person ON figure_person (person);
CREATE INDEX step_by_org ON step (org, at);
