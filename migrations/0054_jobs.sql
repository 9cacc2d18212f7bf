-- 岗位 (T12.2): what an enterprise looks for, recorded by a bureau or by the school that keeps the link. It ends by itself.
CREATE TABLE vacancy (
    id         TEXT PRIMARY KEY,
    enterprise TEXT NOT NULL REFERENCES enterprise (id),
    -- The county school to whose graduates it is offered; none where a bureau offers it to all.
    school     TEXT REFERENCES org (id),
    -- Who recorded it, and the other side, which answers; none where there is no other side.
    org        TEXT NOT NULL REFERENCES org (id),
    answerer   TEXT REFERENCES org (id),
    -- The county in which the work is.
    division   TEXT NOT NULL REFERENCES division (code),
    title      TEXT NOT NULL,
    -- Of the programme; the major category is "" where graduates of any major fit.
    occupation TEXT NOT NULL,
    major      TEXT NOT NULL,
    number     BIGINT NOT NULL CHECK (number > 0),
    -- A month, in cents.
    pay_low    BIGINT CHECK (pay_low > 0),
    pay_high   BIGINT CHECK (pay_high >= pay_low),
    first_day  DATE NOT NULL,
    last_day   DATE NOT NULL CHECK (last_day >= first_day),
    -- recorded, confirmed, disputed, withdrawn.
    state      TEXT NOT NULL,
    revision   BIGINT NOT NULL,
    version    BIGINT NOT NULL
);
CREATE INDEX vacancy_by_day ON vacancy (state, last_day, id);
CREATE INDEX vacancy_by_county ON vacancy (division, major, last_day);
CREATE INDEX vacancy_by_answerer ON vacancy (answerer, state);
CREATE INDEX vacancy_by_org ON vacancy (org, state);
CREATE INDEX vacancy_by_enterprise ON vacancy (enterprise);

-- 毕业去向 (T12.2, G2.5): where the graduates of a school and a year went. Sums only, of nobody in particular.
CREATE TABLE cohort (
    id       TEXT PRIMARY KEY,
    school   TEXT NOT NULL REFERENCES org (id),
    year     BIGINT NOT NULL,
    told_on  DATE NOT NULL,
    revision BIGINT NOT NULL,
    version  BIGINT NOT NULL,
    UNIQUE (school, year)
);
CREATE INDEX cohort_by_year ON cohort (year, school);

CREATE TABLE cohort_cell (
    cohort      TEXT NOT NULL REFERENCES cohort (id),
    -- A major category, and a destination of the programme.
    major       TEXT NOT NULL,
    destination TEXT NOT NULL,
    persons     BIGINT NOT NULL CHECK (persons > 0),
    PRIMARY KEY (cohort, major, destination)
);
