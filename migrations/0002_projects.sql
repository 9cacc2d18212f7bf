-- Needs, agreements, the plans of a school, and the yearly project list.

-- What was done to one of these things, in order; never changed, never removed. Consent is read from here: an answer
-- holds for the content it was given to.
CREATE TABLE step (
    id       TEXT PRIMARY KEY,
    thing    TEXT NOT NULL,
    thing_id TEXT NOT NULL,
    at       TIMESTAMPTZ NOT NULL,
    account  TEXT NOT NULL,
    name     TEXT NOT NULL,
    org      TEXT NOT NULL,
    org_name TEXT NOT NULL,
    kind     TEXT NOT NULL,
    reason   TEXT NOT NULL,
    -- Which content of the thing it was about: raised with every change that counts.
    content  BIGINT NOT NULL,
    change   TEXT NOT NULL
);
CREATE INDEX step_by_thing ON step (thing_id, id);

-- What somebody typed and has not sent; gone once it is sent.
CREATE TABLE draft (
    account  TEXT NOT NULL REFERENCES account (id),
    form     TEXT NOT NULL,
    body     TEXT NOT NULL,
    saved_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account, form)
);

-- 需求清单: one county school's needs, ranked by it.
CREATE TABLE need (
    id        TEXT PRIMARY KEY,
    org       TEXT NOT NULL REFERENCES org (id),
    rank      BIGINT NOT NULL,
    clause    TEXT NOT NULL,
    title     TEXT NOT NULL,
    detail    TEXT NOT NULL,
    -- Size, where it can be counted.
    quantity  BIGINT,
    unit      TEXT NOT NULL,
    wished_on DATE,
    -- open, met, dropped. Answered is no state of its own: it is whether projects name it.
    state     TEXT NOT NULL,
    -- When closed: yes, partly, no; and the school's own words.
    helped    TEXT NOT NULL,
    word      TEXT NOT NULL,
    closed_on DATE,
    version   BIGINT NOT NULL
);
CREATE INDEX need_by_org ON need (org, state, rank);

-- What a helper can give: one row for each field of strength.
CREATE TABLE capacity (
    id       TEXT PRIMARY KEY,
    org      TEXT NOT NULL REFERENCES org (id),
    clause   TEXT NOT NULL,
    majors   TEXT NOT NULL,
    strength TEXT NOT NULL,
    schools  BIGINT NOT NULL,
    from_day DATE NOT NULL,
    to_day   DATE,
    version  BIGINT NOT NULL
);
CREATE INDEX capacity_by_org ON capacity (org);

CREATE TABLE agreement (
    id        TEXT PRIMARY KEY,
    pairing   TEXT NOT NULL REFERENCES pairing (id),
    edition   BIGINT NOT NULL,
    -- first, amendment, renewal.
    kind      TEXT NOT NULL,
    signed_on DATE NOT NULL,
    from_day  DATE NOT NULL,
    to_day    DATE,
    summary   TEXT NOT NULL,
    recorder  TEXT NOT NULL REFERENCES org (id),
    -- recorded, signed, withdrawn.
    state     TEXT NOT NULL,
    content   BIGINT NOT NULL,
    file_name TEXT NOT NULL,
    version   BIGINT NOT NULL,
    UNIQUE (pairing, edition)
);

CREATE TABLE agreement_file (
    agreement TEXT PRIMARY KEY REFERENCES agreement (id),
    mime      TEXT NOT NULL,
    bytes     BYTEA NOT NULL
);

-- 协作方案 hangs on a pairing, 达标方案 on the county school alone. The text is JSON in the shape of its template.
CREATE TABLE school_plan (
    id       TEXT PRIMARY KEY,
    template TEXT NOT NULL,
    org      TEXT NOT NULL REFERENCES org (id),
    pairing  TEXT REFERENCES pairing (id),
    edition  BIGINT NOT NULL,
    -- draft, proposed, agreed, replaced.
    state    TEXT NOT NULL,
    body     TEXT NOT NULL,
    content  BIGINT NOT NULL,
    agreed_on DATE,
    version  BIGINT NOT NULL,
    -- Copies of a key, so that two parties cannot begin the same edition twice.
    slot     TEXT NOT NULL UNIQUE
);
CREATE INDEX school_plan_by_org ON school_plan (org);
CREATE INDEX school_plan_by_pairing ON school_plan (pairing);

CREATE TABLE project_list (
    id           TEXT PRIMARY KEY,
    pairing      TEXT NOT NULL REFERENCES pairing (id),
    year         BIGINT NOT NULL,
    -- draft, agreeing, submitted, returned, filed, amending.
    state        TEXT NOT NULL,
    -- How often it was filed.
    edition      BIGINT NOT NULL,
    content      BIGINT NOT NULL,
    submitted_on DATE,
    comment_due  DATE,
    number       TEXT NOT NULL,
    filed_on     DATE,
    version      BIGINT NOT NULL,
    UNIQUE (pairing, year)
);
CREATE INDEX project_list_by_state ON project_list (state, year);

-- The columns are what is in force (or, before the first filing, the draft); `proposed` is a change that is not filed
-- yet, so that work under way is always measured against what was filed.
CREATE TABLE project (
    id         TEXT PRIMARY KEY,
    list       TEXT NOT NULL REFERENCES project_list (id),
    pairing    TEXT NOT NULL REFERENCES pairing (id),
    year       BIGINT NOT NULL,
    place      BIGINT NOT NULL,
    title      TEXT NOT NULL,
    clause     TEXT NOT NULL,
    -- need, highlight, duty.
    basis      TEXT NOT NULL,
    need       TEXT REFERENCES need (id),
    outcome    TEXT NOT NULL,
    quantity   BIGINT NOT NULL,
    unit       TEXT NOT NULL,
    owner_org  TEXT NOT NULL REFERENCES org (id),
    owner      TEXT REFERENCES person (id),
    from_day   DATE NOT NULL,
    to_day     DATE NOT NULL,
    lead_does  TEXT NOT NULL,
    nearby_does TEXT NOT NULL,
    -- Source of the programme → cents.
    budget     TEXT NOT NULL,
    budget_sum BIGINT NOT NULL,
    filed      BOOLEAN NOT NULL,
    proposed   TEXT NOT NULL,
    -- '' in force or draft; removed, carried, closed.
    ended      TEXT NOT NULL,
    result     TEXT NOT NULL,
    ended_on   DATE,
    carried_from TEXT REFERENCES project (id),
    -- Typical counties first, then the county school's key, then the place: the order of every list.
    order_key  TEXT NOT NULL,
    version    BIGINT NOT NULL
);
CREATE INDEX project_by_list ON project (list, place);
CREATE INDEX project_by_pairing ON project (pairing, year);
CREATE INDEX project_by_need ON project (need);

-- Remarks of the provincial office on a list it returned, field by field; '' for the list or the whole project.
CREATE TABLE project_remark (
    id      TEXT PRIMARY KEY,
    list    TEXT NOT NULL REFERENCES project_list (id),
    project TEXT REFERENCES project (id),
    field   TEXT NOT NULL,
    text    TEXT NOT NULL,
    at      TIMESTAMPTZ NOT NULL,
    content BIGINT NOT NULL
);
CREATE INDEX project_remark_by_list ON project_remark (list);

-- A list as it was filed, each time: what changed is the difference of two of these.
CREATE TABLE project_filing (
    id       TEXT PRIMARY KEY,
    list     TEXT NOT NULL REFERENCES project_list (id),
    edition  BIGINT NOT NULL,
    number   TEXT NOT NULL,
    filed_on DATE NOT NULL,
    snapshot TEXT NOT NULL,
    UNIQUE (list, edition)
);

ALTER TABLE entry ADD COLUMN project TEXT REFERENCES project (id);
CREATE INDEX entry_by_project ON entry (project);
