-- People of the county school who took part in what an entry tells, by name (T4.2): coverage is counted by person.
CREATE TABLE entry_person (
    entry  TEXT NOT NULL REFERENCES entry (id),
    person TEXT NOT NULL REFERENCES person (id),
    PRIMARY KEY (entry, person)
);
CREATE INDEX entry_person_by_person ON entry_person (person);
