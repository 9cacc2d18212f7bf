-- One row, written when somebody asks whether the server is ready: that the database answers questions does not say that
-- it still takes writes.
CREATE TABLE health (
    id BIGINT PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL
);
INSERT INTO health (id, at) VALUES (1, '1970-01-01 00:00:00+00:00');
