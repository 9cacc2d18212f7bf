-- 月调度: the month of one county school. Everything in it is computed; a row is there once somebody wrote down a problem or
-- accepted it. What was accepted is kept as it was: a later correction is restated in a later month.
CREATE TABLE month_report (
    id       TEXT PRIMARY KEY,
    -- 202611.
    month    BIGINT NOT NULL,
    school   TEXT NOT NULL REFERENCES org (id),
    -- 问题与诉求 in the school's words; "" for none.
    problems TEXT NOT NULL,
    -- open, county, city, closed: the highest level that accepted it.
    state    TEXT NOT NULL,
    -- What was accepted last, whole, and its SHA-256; "" before.
    parcel   TEXT NOT NULL,
    digest   TEXT NOT NULL,
    revision BIGINT NOT NULL,
    version  BIGINT NOT NULL,
    UNIQUE (month, school),
    CHECK ((state = 'open') OR (parcel <> ''))
);
CREATE INDEX month_report_by_school ON month_report (school, month);
