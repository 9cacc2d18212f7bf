-- 数据对接: tables that went to, or came from, an outside system (T1.1, T5.5, T9.2, T12.1). What came from there stands beside
-- what is ours and changes nothing of it.
CREATE TABLE exchange_run (
    id         TEXT PRIMARY KEY,
    -- The exchange of the programme, and who had it done.
    exchange   TEXT NOT NULL,
    org        TEXT NOT NULL REFERENCES org (id),
    -- Whether it came from there, and whether somebody carried it as a file.
    incoming   BOOLEAN NOT NULL,
    by_file    BOOLEAN NOT NULL,
    -- Those of one exchange are counted, so that the same content after another one is a new transfer to the other side.
    number     BIGINT NOT NULL,
    -- SHA-256 of the content as it went or came.
    digest     TEXT NOT NULL,
    total      BIGINT NOT NULL CHECK (total >= 0),
    accepted   BIGINT NOT NULL,
    refused    BIGINT NOT NULL,
    began_on   DATE NOT NULL,
    ended_on   DATE,
    state      TEXT NOT NULL,
    revision   BIGINT NOT NULL,
    version    BIGINT NOT NULL
);
-- Of one exchange one at a time; what was given up leaves its number to the next.
CREATE UNIQUE INDEX exchange_run_number ON exchange_run (exchange, number) WHERE state <> 'given_up';
CREATE INDEX exchange_run_by_exchange ON exchange_run (exchange, id);
CREATE INDEX exchange_run_by_org ON exchange_run (org);

-- What is sent, in parts, exactly as it is sent, so that a part which is sent again is the same part.
CREATE TABLE exchange_batch (
    run         TEXT NOT NULL REFERENCES exchange_run (id),
    place       BIGINT NOT NULL,
    -- Rows in front of it, and its own.
    in_front    BIGINT NOT NULL,
    total       BIGINT NOT NULL,
    content     TEXT NOT NULL,
    accepted    BIGINT,
    answered_on DATE,
    PRIMARY KEY (run, place)
);

-- Rows that did not go, were not taken, or are of nobody whom we know.
CREATE TABLE exchange_refusal (
    run      TEXT NOT NULL REFERENCES exchange_run (id),
    -- The batch; 0 where it was refused on this side.
    place    BIGINT NOT NULL,
    line     BIGINT NOT NULL,
    known_by TEXT NOT NULL,
    field    TEXT NOT NULL,
    words    TEXT NOT NULL,
    PRIMARY KEY (run, place, line, field)
);

-- What the other side says of a school, in our unit.
CREATE TABLE exchange_value (
    run    TEXT NOT NULL REFERENCES exchange_run (id),
    school TEXT NOT NULL REFERENCES org (id),
    field  TEXT NOT NULL,
    value  BIGINT NOT NULL,
    PRIMARY KEY (run, school, field)
);
CREATE INDEX exchange_value_by_school ON exchange_value (school);
