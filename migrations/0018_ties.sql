-- What was built can be part of a project: which, and how much of it is done by it. Nothing while it is in a stage that
-- does not count.
ALTER TABLE output_thing ADD COLUMN project TEXT REFERENCES project (id);
ALTER TABLE output_thing ADD COLUMN project_part BIGINT;
CREATE INDEX output_thing_by_project ON output_thing (project);

-- What a check of the data found, as a list in JSON; the newest row is the last check.
CREATE TABLE invariant_check (
    id    TEXT PRIMARY KEY,
    at    TIMESTAMPTZ NOT NULL,
    found TEXT NOT NULL
);
