-- How often an organisation filled in a form in a month, of days that are over: what 报表减负 adds up. Made again from the steps.
CREATE TABLE form_month (
    org   TEXT NOT NULL REFERENCES org (id),
    -- The form in the register: kind and id.
    kind  TEXT NOT NULL,
    form  TEXT NOT NULL,
    -- As 2026-11.
    month TEXT NOT NULL,
    times BIGINT NOT NULL,
    PRIMARY KEY (org, month, kind, form)
);

-- The day before which all is counted in form_month, and the steps that were counted as forms. One row.
CREATE TABLE form_turn (
    id            TEXT PRIMARY KEY,
    counted_until DATE NOT NULL,
    steps         TEXT NOT NULL
);

-- The page of an indicator at one school walks its days from the last one on.
DROP INDEX figure_row_by_school;
CREATE INDEX figure_row_of_school ON figure_row (school, indicator, day, resource);

-- The ledger narrowed to a rare activity walks its days alone.
CREATE INDEX entry_of_activity ON entry (activity, to_day, id, pairing);
