-- 建设成果、承诺与记录: lasting things, with the stages they go through; and applications 申报 that may become one.

CREATE TABLE output_thing (
    id          TEXT PRIMARY KEY,
    -- Its type in the programme, and what of that the lists filter by.
    output      TEXT NOT NULL,
    kind        TEXT NOT NULL,
    clause      TEXT NOT NULL,
    programme   TEXT NOT NULL,
    -- Who recorded it.
    org         TEXT NOT NULL REFERENCES org (id),
    school      TEXT REFERENCES org (id),
    -- The school, or where it has none the one who recorded it: by this its place and its reach are known.
    stands_at   TEXT NOT NULL REFERENCES org (id),
    pairing     TEXT REFERENCES pairing (id),
    title       TEXT NOT NULL,
    quantity    BIGINT NOT NULL,
    achieved    BIGINT NOT NULL,
    -- claimed, confirmed, disputed, withdrawn.
    state       TEXT NOT NULL,
    -- The newest of its stages, copied.
    stage       TEXT NOT NULL,
    stage_from  DATE NOT NULL,
    since       DATE NOT NULL,
    fields      TEXT NOT NULL,
    -- Who answers; nobody for a pure record.
    answerer    TEXT REFERENCES org (id),
    claimed_at  TIMESTAMPTZ NOT NULL,
    answered_by TEXT NOT NULL,
    -- The earlier thing that it continues or replaces.
    follows     TEXT REFERENCES output_thing (id),
    -- The application that became it, '' where it was none.
    application TEXT NOT NULL,
    version     BIGINT NOT NULL
);
CREATE INDEX output_thing_by_place ON output_thing (stands_at, output);
CREATE INDEX output_thing_by_answerer ON output_thing (answerer, state);
CREATE INDEX output_thing_by_recorder ON output_thing (org, state);

CREATE TABLE output_stage (
    id       TEXT PRIMARY KEY,
    thing    TEXT NOT NULL REFERENCES output_thing (id),
    stage    TEXT NOT NULL,
    from_day DATE NOT NULL,
    achieved BIGINT NOT NULL,
    note     TEXT NOT NULL,
    at       TIMESTAMPTZ NOT NULL,
    who      TEXT NOT NULL
);
CREATE INDEX output_stage_by_thing ON output_stage (thing, id);

-- Joint builders.
CREATE TABLE output_helper (
    thing TEXT NOT NULL REFERENCES output_thing (id),
    org   TEXT NOT NULL REFERENCES org (id),
    PRIMARY KEY (thing, org)
);

CREATE TABLE application_case (
    id          TEXT PRIMARY KEY,
    application TEXT NOT NULL,
    clause      TEXT NOT NULL,
    programme   TEXT NOT NULL,
    org         TEXT NOT NULL REFERENCES org (id),
    title       TEXT NOT NULL,
    fields      TEXT NOT NULL,
    -- preparing, asked, recommended, returned, applied, granted, refused, withdrawn.
    state       TEXT NOT NULL,
    recommender TEXT REFERENCES org (id),
    decider     TEXT NOT NULL REFERENCES org (id),
    opened_on   DATE NOT NULL,
    asked_on    DATE,
    recommended_on DATE,
    applied_on  DATE,
    decided_on  DATE,
    -- How the conditions stood when it was handed in (JSON), '' before.
    eligibility TEXT NOT NULL,
    -- Why it was handed in although a condition is not met.
    reason      TEXT NOT NULL,
    -- '', yes, no; and in what it consisted.
    tilt        TEXT NOT NULL,
    tilt_words  TEXT NOT NULL,
    decision    TEXT NOT NULL,
    number      TEXT NOT NULL,
    result      TEXT REFERENCES output_thing (id),
    version     BIGINT NOT NULL
);
CREATE INDEX application_case_by_org ON application_case (org, application);
CREATE INDEX application_case_by_recommender ON application_case (recommender, state);
CREATE INDEX application_case_by_decider ON application_case (decider, state);
