-- 投诉建议: what somebody says about the system, the forms and the demands behind them, and what the office answers.

CREATE TABLE complaint (
    id        TEXT PRIMARY KEY,
    -- By which the author finds it again; shown on no page.
    account   TEXT NOT NULL,
    -- NULL and '' where the author does not want to be named: then they are kept nowhere in this table.
    org       TEXT REFERENCES org (id),
    author    TEXT NOT NULL,
    -- duplicate, unreasonable, wrong, trouble, idea.
    kind      TEXT NOT NULL,
    -- The page on which it was written; without ids where the author is not named.
    page      TEXT NOT NULL,
    -- open, answered, closed.
    state     TEXT NOT NULL,
    -- 2 once the author was not content with the first answer.
    round     BIGINT NOT NULL,
    opened_on DATE NOT NULL,
    due_on    DATE NOT NULL,
    answered_on DATE,
    -- yes, no; '' as long as the author has not said.
    content_with TEXT NOT NULL,
    -- The form of the register that it is about, as kind/id; '' for none.
    form      TEXT NOT NULL,
    -- What was changed because of it, in the office's words.
    changed   TEXT NOT NULL,
    version   BIGINT NOT NULL
);
CREATE INDEX complaint_by_state ON complaint (state, due_on);
CREATE INDEX complaint_by_account ON complaint (account);
CREATE INDEX complaint_by_org ON complaint (org);

-- What was said, in order: the complaint, the answer, and once more each.
CREATE TABLE complaint_word (
    id        TEXT PRIMARY KEY,
    complaint TEXT NOT NULL REFERENCES complaint (id),
    at        TIMESTAMPTZ NOT NULL,
    -- complain, answer, insist, content.
    kind      TEXT NOT NULL,
    -- '' for an author who does not want to be named.
    name      TEXT NOT NULL,
    org_name  TEXT NOT NULL,
    words     TEXT NOT NULL
);
CREATE INDEX complaint_word_by_complaint ON complaint_word (complaint, id);
