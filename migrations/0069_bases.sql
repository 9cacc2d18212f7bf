-- What a decision rested on, kept with it byte for byte with its SHA-256, so that the running code can make it again.
-- Empty where it was taken before this was kept.
ALTER TABLE application_case ADD COLUMN basis TEXT NOT NULL DEFAULT '';
ALTER TABLE application_case ADD COLUMN basis_digest TEXT NOT NULL DEFAULT '';
ALTER TABLE commendation_nomination ADD COLUMN basis TEXT NOT NULL DEFAULT '';
ALTER TABLE commendation_nomination ADD COLUMN basis_digest TEXT NOT NULL DEFAULT '';
-- The digest of what was filed, and of the programme under which it was.
ALTER TABLE project_filing ADD COLUMN digest TEXT NOT NULL DEFAULT '';
ALTER TABLE project_filing ADD COLUMN rules TEXT NOT NULL DEFAULT '';
