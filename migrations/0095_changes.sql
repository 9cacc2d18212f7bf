-- What changed is told in the order of the revisions.
CREATE INDEX audit_leaf_by_revision ON audit_leaf (revision, ordinal);

-- By which token programs read on which day, how often, and from where last.
CREATE TABLE token_read (
    token     TEXT NOT NULL REFERENCES access_token (id),
    day       DATE NOT NULL,
    reads     BIGINT NOT NULL,
    last_at   TIMESTAMPTZ NOT NULL,
    last_from TEXT NOT NULL,
    PRIMARY KEY (token, day)
);
CREATE INDEX token_read_by_day ON token_read (day);
