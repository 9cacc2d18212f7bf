-- 季会议、督办: meetings, what was put on their agenda and decided there, and what somebody has to see to because of it.
CREATE TABLE meeting (
    id       TEXT PRIMARY KEY,
    host     TEXT NOT NULL REFERENCES org (id),
    -- [[meeting]] of the programme. What one host holds of one kind is a series.
    kind     TEXT NOT NULL,
    title    TEXT NOT NULL,
    on_day   DATE NOT NULL,
    -- "09:30", or "".
    at_time  TEXT NOT NULL,
    place    TEXT NOT NULL,
    minutes  TEXT NOT NULL,
    -- announced, closed, cancelled.
    state    TEXT NOT NULL,
    -- The record that was made of it when it was closed.
    record   TEXT,
    -- What it said when it was closed, byte for byte, and its SHA-256.
    parcel   TEXT NOT NULL,
    digest   TEXT NOT NULL,
    revision BIGINT NOT NULL,
    version  BIGINT NOT NULL,
    CHECK ((state = 'closed') = (parcel <> ''))
);
CREATE INDEX meeting_by_host ON meeting (host, kind, on_day);
CREATE INDEX meeting_by_day ON meeting (on_day);

CREATE TABLE meeting_party (
    meeting  TEXT NOT NULL REFERENCES meeting (id),
    org      TEXT NOT NULL REFERENCES org (id),
    -- Whether it came, once that was said; who, where somebody wrote it down.
    attended BOOLEAN NOT NULL,
    persons  TEXT NOT NULL,
    PRIMARY KEY (meeting, org)
);
CREATE INDEX meeting_party_by_org ON meeting_party (org);

CREATE TABLE meeting_topic (
    id      TEXT PRIMARY KEY,
    meeting TEXT NOT NULL REFERENCES meeting (id),
    place   BIGINT NOT NULL,
    title   TEXT NOT NULL,
    -- What it came from: "month:…", "clock:…"; "" where somebody wrote it down.
    source  TEXT NOT NULL,
    -- Where its rows stand, and the names behind it when it was put on the agenda.
    href    TEXT NOT NULL,
    names   TEXT NOT NULL,
    school  TEXT REFERENCES org (id),
    project TEXT REFERENCES project (id),
    clause  TEXT NOT NULL
);
CREATE UNIQUE INDEX meeting_topic_once ON meeting_topic (meeting, source) WHERE source <> '';
CREATE INDEX meeting_topic_by_meeting ON meeting_topic (meeting, place);

CREATE TABLE meeting_decision (
    id      TEXT PRIMARY KEY,
    meeting TEXT NOT NULL REFERENCES meeting (id),
    topic   TEXT NOT NULL REFERENCES meeting_topic (id),
    text    TEXT NOT NULL,
    owner   TEXT NOT NULL REFERENCES org (id),
    due     DATE NOT NULL,
    school  TEXT REFERENCES org (id),
    project TEXT REFERENCES project (id),
    clause  TEXT NOT NULL
);
CREATE INDEX meeting_decision_by_meeting ON meeting_decision (meeting);

-- 督办事项: one line that somebody sees to by a day, and somebody else asked for.
CREATE TABLE followup (
    id       TEXT PRIMARY KEY,
    host     TEXT NOT NULL REFERENCES org (id),
    owner    TEXT NOT NULL REFERENCES org (id),
    text     TEXT NOT NULL,
    due      DATE NOT NULL,
    -- Where it comes from: a decision of a meeting, or what troubled a school in a month.
    meeting  TEXT REFERENCES meeting (id),
    decision TEXT REFERENCES meeting_decision (id),
    report   TEXT REFERENCES month_report (id),
    school   TEXT REFERENCES org (id),
    project  TEXT REFERENCES project (id),
    clause   TEXT NOT NULL,
    made_on  DATE NOT NULL,
    closed_on DATE,
    -- open, reported, closed, dropped.
    state    TEXT NOT NULL,
    revision BIGINT NOT NULL,
    version  BIGINT NOT NULL,
    CHECK ((meeting IS NULL) = (decision IS NULL)),
    CHECK ((closed_on IS NULL) = (state IN ('open', 'reported')))
);
CREATE UNIQUE INDEX followup_once ON followup (decision) WHERE decision IS NOT NULL;
CREATE INDEX followup_by_host ON followup (host, state);
CREATE INDEX followup_by_owner ON followup (owner, state);
CREATE INDEX followup_by_meeting ON followup (meeting);
CREATE INDEX followup_by_report ON followup (report);
CREATE INDEX followup_by_school ON followup (school);
CREATE INDEX followup_by_project ON followup (project);
