-- 考核 (S4.3): outcomes measured from each one's own baseline by a scheme of the programme.
CREATE TABLE assessment (
    id           TEXT PRIMARY KEY,
    -- Who assesses, by which scheme of the programme, and which year.
    issuer       TEXT NOT NULL REFERENCES org (id),
    scheme       TEXT NOT NULL,
    year         BIGINT NOT NULL,
    title        TEXT NOT NULL,
    drafted_on   DATE NOT NULL,
    presented_on DATE,
    object_until DATE,
    frozen_on    DATE,
    -- Scheme, figures, results and what depends on the weights, as they were shown and at last frozen, and its SHA-256; "" before.
    parcel       TEXT NOT NULL,
    digest       TEXT NOT NULL,
    state        TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    CHECK ((presented_on IS NULL) = (parcel = ''))
);
CREATE INDEX assessment_by_issuer ON assessment (issuer, scheme, year);

-- What of a draft depends on the weights: long to compute, so a job does it, and it is kept until the figures are others.
CREATE TABLE assessment_weighing (
    assessment TEXT PRIMARY KEY REFERENCES assessment (id),
    -- The SHA-256 of the figures of which it was computed, the job that is at it, and what came of it; "" before.
    seen       TEXT NOT NULL,
    job        TEXT NOT NULL,
    body       TEXT NOT NULL
);

-- What is said of one of the assessed, with the scheme and nothing of the others.
CREATE TABLE assessment_sheet (
    id         TEXT PRIMARY KEY,
    assessment TEXT NOT NULL REFERENCES assessment (id),
    -- The county school, the pairing or the city's bureau.
    unit       TEXT NOT NULL,
    name       TEXT NOT NULL,
    -- Its place in the official order.
    division   TEXT NOT NULL,
    content    TEXT NOT NULL,
    digest     TEXT NOT NULL,
    UNIQUE (assessment, unit)
);

-- Whose sheet it is: those who have a row see it, and the bureaus above them.
CREATE TABLE assessment_party (
    sheet      TEXT NOT NULL REFERENCES assessment_sheet (id),
    assessment TEXT NOT NULL REFERENCES assessment (id),
    org        TEXT NOT NULL REFERENCES org (id),
    PRIMARY KEY (sheet, org)
);
CREATE INDEX assessment_party_by_org ON assessment_party (org);
CREATE INDEX assessment_party_by_assessment ON assessment_party (assessment);

-- 异议: one of each party against one sheet.
CREATE TABLE assessment_objection (
    id          TEXT PRIMARY KEY,
    sheet       TEXT NOT NULL REFERENCES assessment_sheet (id),
    org         TEXT NOT NULL REFERENCES org (id),
    reason      TEXT NOT NULL,
    raised_on   DATE NOT NULL,
    answer      TEXT NOT NULL,
    answered_on DATE,
    state       TEXT NOT NULL,
    revision    BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    UNIQUE (sheet, org)
);
CREATE INDEX assessment_objection_by_org ON assessment_objection (org);
