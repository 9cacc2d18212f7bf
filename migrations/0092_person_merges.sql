-- 同一个人的两条记录: of two records of one person the one leads to the other. What names the first is read as the
-- second; nothing that names it is written again.
CREATE TABLE person_merge (
    -- The record that leads on; it leads to one other at most.
    id          TEXT PRIMARY KEY REFERENCES person (id),
    leads_to    TEXT NOT NULL REFERENCES person (id),
    -- The unit among whose people it was said.
    org         TEXT NOT NULL REFERENCES org (id),
    -- The account that said so; '' for what no person did.
    proposed_by TEXT NOT NULL,
    proposed_on DATE NOT NULL,
    -- Absent until a second person agreed: so long both stand for themselves.
    agreed_on   DATE,
    version     BIGINT NOT NULL,
    CHECK (id <> leads_to)
);
CREATE INDEX person_merge_by_target ON person_merge (leads_to);
CREATE INDEX person_merge_by_org ON person_merge (org, proposed_on);
