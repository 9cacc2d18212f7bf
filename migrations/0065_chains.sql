-- 生态链: chains 产教评技能生态链 by the names that forms give them, so that what is on one chain stands together.
CREATE TABLE chain (
    id            TEXT PRIMARY KEY,
    name          TEXT NOT NULL,
    -- The name without what people write differently: width, blanks, brackets, case.
    evened        TEXT NOT NULL,
    -- Where it was first named, that of the school concerned; and the city of it: within a city one name is one chain.
    division      TEXT NOT NULL REFERENCES division (code),
    city          TEXT NOT NULL REFERENCES division (code),
    -- The major category that it serves, by the list of the programme; '' where nobody said.
    trade         TEXT NOT NULL,
    registered_by TEXT NOT NULL REFERENCES org (id),
    registered_on DATE NOT NULL,
    version       BIGINT NOT NULL
);
CREATE UNIQUE INDEX chain_once ON chain (city, evened);
CREATE INDEX chain_by_name ON chain (name, id);
CREATE INDEX chain_by_division ON chain (division);

-- What is on a chain, written with the entry or the output that names it. Who is a member, and since when, is read from that.
CREATE TABLE chain_use (
    -- The entry or the output.
    resource TEXT NOT NULL,
    -- The field of its form.
    field    TEXT NOT NULL,
    chain    TEXT NOT NULL REFERENCES chain (id),
    -- entry, output.
    kind     TEXT NOT NULL,
    -- The activity or the output in the programme.
    what     TEXT NOT NULL,
    -- An entry is seen with its pairing; an output with the place where it stands and with its pairing, and by who recorded it.
    pairing  TEXT REFERENCES pairing (id),
    org      TEXT REFERENCES org (id),
    recorder TEXT NOT NULL REFERENCES org (id),
    -- The last day of the entry; the day from which the output is in its first stage.
    day      DATE NOT NULL,
    PRIMARY KEY (resource, field),
    CHECK (kind = 'entry' OR org IS NOT NULL),
    CHECK (kind = 'output' OR pairing IS NOT NULL)
);
CREATE INDEX chain_use_by_chain ON chain_use (chain, what);
