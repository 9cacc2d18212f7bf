-- Who had the name of whom shown in full, where, and when: one row for each person.
CREATE TABLE name_view (
    id          TEXT PRIMARY KEY,
    person      TEXT NOT NULL REFERENCES person (id),
    at          TIMESTAMPTZ NOT NULL,
    account     TEXT NOT NULL,
    -- As they were called then.
    name        TEXT NOT NULL,
    org         TEXT NOT NULL,
    org_name    TEXT NOT NULL,
    -- The address of the page, what it is about, and the thing that it shows; '' for a list.
    page        TEXT NOT NULL,
    title       TEXT NOT NULL,
    resource_id TEXT NOT NULL
);
CREATE INDEX name_view_by_person ON name_view (person, at);
CREATE INDEX name_view_by_resource ON name_view (resource_id, at);
-- A person is looked for by name.
CREATE INDEX person_by_name ON person (name);
CREATE INDEX name_view_by_day ON name_view (at);
