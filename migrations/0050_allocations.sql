-- 倾斜分配 (T4.6, T7.4): places, teams or money divided by a rule of the programme, published as they were computed.
CREATE TABLE allocation (
    id           TEXT PRIMARY KEY,
    -- Who divides, and by which rule of the programme.
    issuer       TEXT NOT NULL REFERENCES org (id),
    rule         TEXT NOT NULL,
    title        TEXT NOT NULL,
    -- In the unit of the rule, money in cents.
    total        BIGINT NOT NULL CHECK (total > 0),
    drafted_on   DATE NOT NULL,
    published_on DATE,
    appeal_until DATE,
    -- Rule, bases and results as they were published, and its SHA-256; "" before.
    parcel       TEXT NOT NULL,
    digest       TEXT NOT NULL,
    state        TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    CHECK ((published_on IS NULL) = (parcel = ''))
);
CREATE INDEX allocation_by_issuer ON allocation (issuer);

-- What each school got: those who have a row see the allocation.
CREATE TABLE allocation_share (
    allocation TEXT NOT NULL REFERENCES allocation (id),
    -- By which what was paid of it names it, where it is money.
    id         TEXT NOT NULL UNIQUE,
    school     TEXT NOT NULL REFERENCES org (id),
    given      BIGINT NOT NULL CHECK (given >= 0),
    PRIMARY KEY (allocation, school)
);
CREATE INDEX allocation_share_by_school ON allocation_share (school);

-- 异议: one of each school against one allocation.
CREATE TABLE allocation_appeal (
    id          TEXT PRIMARY KEY,
    allocation  TEXT NOT NULL REFERENCES allocation (id),
    school      TEXT NOT NULL REFERENCES org (id),
    reason      TEXT NOT NULL,
    raised_on   DATE NOT NULL,
    answer      TEXT NOT NULL,
    answered_on DATE,
    state       TEXT NOT NULL,
    revision    BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    UNIQUE (allocation, school)
);
CREATE INDEX allocation_appeal_by_school ON allocation_appeal (school);
