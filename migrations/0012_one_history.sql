-- One history for everything: what was done to an entry stands beside what was done to everything else.

-- Things answered together share it, so that they can be taken back together; '' otherwise.
ALTER TABLE step ADD COLUMN batch TEXT NOT NULL DEFAULT '';
CREATE INDEX step_by_batch ON step (batch);

-- The version that an old action was about was not kept: 0.
INSERT INTO step (id, thing, thing_id, at, account, name, org, org_name, kind, reason, content, change, batch)
SELECT id, 'entry', entry, at, account, name, org, org_name, kind, reason, 0, change, batch
FROM entry_action;

DROP TABLE entry_action;

-- The same action has one name in both; the audit log keeps what it said.
UPDATE step SET kind = 'adjudicate' WHERE kind = 'settle' AND thing IN ('entry', 'output');
UPDATE step SET kind = 'claim' WHERE kind = 'record' AND thing = 'output';
