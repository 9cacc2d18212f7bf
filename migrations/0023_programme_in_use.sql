-- The files of every programme by which this system ran, so that the next one can be held against the last.
CREATE TABLE programme_file (
    digest TEXT NOT NULL,
    name   TEXT NOT NULL,
    text   TEXT NOT NULL,
    PRIMARY KEY (digest, name)
);
