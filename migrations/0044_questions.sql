-- 临时要数: a question for figures that is answered from what was recorded, what was answered, and whom it asked for the rest.
CREATE TABLE question (
    id          TEXT PRIMARY KEY,
    host        TEXT NOT NULL REFERENCES org (id),
    title       TEXT NOT NULL,
    -- Ids of indicators between commas: ",visits,enrolment,"; and what they were called then, to be found by.
    figures     TEXT NOT NULL,
    names       TEXT NOT NULL,
    year        BIGINT NOT NULL,
    -- 202601 and 202610, both ends within; 0 and 0 where the whole year is meant.
    first_month BIGINT NOT NULL,
    last_month  BIGINT NOT NULL,
    -- whole, city, county, school.
    split       TEXT NOT NULL,
    -- The figures as they were reported at the end of this day; none: as they are when one looks.
    as_of       DATE,
    asked_on    DATE NOT NULL,
    -- How many answers were kept; they are numbered from 1.
    answers     BIGINT NOT NULL,
    -- The day by which those who lack something were asked for it; none where nobody is.
    asked_until DATE,
    version     BIGINT NOT NULL,
    CHECK ((first_month = 0) = (last_month = 0) AND first_month <= last_month)
);
CREATE INDEX question_by_host ON question (host, asked_on);

CREATE TABLE question_answer (
    question TEXT NOT NULL REFERENCES question (id),
    number   BIGINT NOT NULL,
    -- The day of which its figures are.
    as_of    DATE NOT NULL,
    kept_at  TIMESTAMPTZ NOT NULL,
    -- What it said, byte for byte, and its SHA-256.
    text     TEXT NOT NULL,
    digest   TEXT NOT NULL,
    PRIMARY KEY (question, number)
);

-- 补报: a school lacks the year-profile of this year. Whether it has reported meanwhile, the profile says.
CREATE TABLE question_request (
    id           TEXT PRIMARY KEY,
    question     TEXT NOT NULL REFERENCES question (id),
    school       TEXT NOT NULL REFERENCES org (id),
    year         BIGINT NOT NULL,
    due          DATE NOT NULL,
    asked_on     DATE NOT NULL,
    cancelled_on DATE
);
CREATE INDEX question_request_by_question ON question_request (question);
CREATE INDEX question_request_by_school ON question_request (school, year);
