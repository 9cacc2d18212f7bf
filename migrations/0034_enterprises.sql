-- 企业库: enterprises by the names that forms give them, so that one that is written in several ways is one.
CREATE TABLE enterprise (
    id            TEXT PRIMARY KEY,
    name          TEXT NOT NULL,
    -- The name without what people write differently: width, blanks, brackets, case.
    evened        TEXT NOT NULL UNIQUE,
    -- Where it was first named: that of the school concerned.
    division      TEXT NOT NULL REFERENCES division (code),
    registered_by TEXT NOT NULL REFERENCES org (id),
    registered_on DATE NOT NULL,
    -- The enterprise that it turned out to be; nothing where it stands for itself. Its name then leads to the other one.
    joined        TEXT REFERENCES enterprise (id),
    -- The one at the end of that way, itself where it stands for itself: what it is counted and found under.
    leads_to      TEXT NOT NULL REFERENCES enterprise (id),
    version       BIGINT NOT NULL,
    CHECK ((joined IS NULL) = (leads_to = id))
);
CREATE INDEX enterprise_by_name ON enterprise (name, id);
CREATE INDEX enterprise_by_division ON enterprise (division);
CREATE INDEX enterprise_leading ON enterprise (leads_to);
CREATE INDEX enterprise_joined ON enterprise (joined);
-- Who stands in a division: whoever sees one of these sees its enterprises.
CREATE INDEX org_by_division ON org (division);

-- Where an enterprise is named, written with what names it.
CREATE TABLE enterprise_use (
    -- The entry or the output.
    resource   TEXT NOT NULL,
    -- The field of its form; title for the name of an output.
    field      TEXT NOT NULL,
    enterprise TEXT NOT NULL REFERENCES enterprise (id),
    -- entry, output.
    kind       TEXT NOT NULL,
    -- The activity or the output in the programme.
    what       TEXT NOT NULL,
    -- An entry is seen with its pairing; an output with the place where it stands and with its pairing, and by who recorded it.
    pairing    TEXT REFERENCES pairing (id),
    org        TEXT REFERENCES org (id),
    recorder   TEXT NOT NULL REFERENCES org (id),
    -- The last day of the entry; the day from which the output is in its first stage.
    day        DATE NOT NULL,
    PRIMARY KEY (resource, field, enterprise),
    CHECK (kind = 'entry' OR org IS NOT NULL),
    CHECK (kind = 'output' OR pairing IS NOT NULL)
);
CREATE INDEX enterprise_use_by_enterprise ON enterprise_use (enterprise, what);
