-- The log binds the rows: a record carries the digest of every row that its action wrote, and the revision that its
-- transaction made, so that records have one order and none can be missing between them.
ALTER TABLE audit_leaf ADD COLUMN written TEXT;
ALTER TABLE audit_leaf ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
-- The place among the records of one transaction, from 0.
ALTER TABLE audit_leaf ADD COLUMN ordinal BIGINT NOT NULL DEFAULT 0;
CREATE INDEX audit_leaf_pending ON audit_leaf (revision, ordinal, id) WHERE position IS NULL;

-- Which record last wrote a row, and what the row was then: only to find the record, and to say what a changed row was.
CREATE TABLE audit_row (
    tbl      TEXT NOT NULL,
    key      TEXT NOT NULL,
    -- The entry, list, account that the row belongs to.
    resource TEXT NOT NULL,
    leaf     TEXT NOT NULL,
    digest   TEXT NOT NULL,
    image    TEXT,
    PRIMARY KEY (tbl, key)
);
CREATE INDEX audit_row_by_resource ON audit_row (resource);

-- Heads are numbered without gaps, so that one taken out shows; signed where the server was given a key.
ALTER TABLE audit_head ADD COLUMN number BIGINT NOT NULL DEFAULT 0;
ALTER TABLE audit_head ADD COLUMN signature TEXT NOT NULL DEFAULT '';
UPDATE audit_head SET number = numbered.number
FROM (SELECT size AS at_size, ROW_NUMBER() OVER (ORDER BY size) AS number FROM audit_head) AS numbered
WHERE numbered.at_size = audit_head.size;
