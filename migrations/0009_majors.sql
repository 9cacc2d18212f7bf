-- 专业布局: the catalogue by version, what schools offer and how it went, and what the counties' industries ask for.

CREATE TABLE major_catalogue (
    id        TEXT PRIMARY KEY,
    -- As the file says: 2024年省编专业目录.
    edition   TEXT NOT NULL UNIQUE,
    source    TEXT NOT NULL,
    read_on   DATE NOT NULL
);

-- A major of one edition. A code may be missing: a name alone is no code made up.
CREATE TABLE major (
    id        TEXT PRIMARY KEY,
    catalogue TEXT NOT NULL REFERENCES major_catalogue (id),
    place     BIGINT NOT NULL,
    code      TEXT NOT NULL,
    name      TEXT NOT NULL,
    category  TEXT NOT NULL,
    -- Whether somebody held this row against the printed catalogue.
    verified  BOOLEAN NOT NULL,
    source    TEXT NOT NULL,
    UNIQUE (catalogue, name)
);

-- A major at a school. Its name and category are copied: the catalogue may change, what was opened does not.
CREATE TABLE school_major (
    id        TEXT PRIMARY KEY,
    org       TEXT NOT NULL REFERENCES org (id),
    -- NULL for a name that is in no catalogue.
    major     TEXT REFERENCES major (id),
    name      TEXT NOT NULL,
    category  TEXT NOT NULL,
    -- planned, open, stopped.
    state     TEXT NOT NULL,
    from_day  DATE NOT NULL,
    to_day    DATE,
    -- Why the school does otherwise than the advice.
    differs   TEXT NOT NULL,
    version   BIGINT NOT NULL
);
CREATE INDEX school_major_by_org ON school_major (org);

-- One year of one major; NULL is 未填报.
CREATE TABLE school_major_year (
    id        TEXT PRIMARY KEY,
    school_major TEXT NOT NULL REFERENCES school_major (id),
    year      BIGINT NOT NULL,
    enrolled  BIGINT,
    graduates BIGINT,
    employed  BIGINT,
    in_field  BIGINT,
    version   BIGINT NOT NULL,
    UNIQUE (school_major, year)
);

-- Posts that the industries of a county offer in a year, by category, as its bureau knows them.
CREATE TABLE industry_demand (
    id        TEXT PRIMARY KEY,
    org       TEXT NOT NULL REFERENCES org (id),
    division  TEXT NOT NULL REFERENCES division (code),
    category  TEXT NOT NULL,
    year      BIGINT NOT NULL,
    posts     BIGINT NOT NULL,
    source    TEXT NOT NULL,
    version   BIGINT NOT NULL,
    UNIQUE (division, category, year)
);
