-- For which unit a file was taken in, so that whoever has the same right there takes it back where its maker left; nothing
-- of files from before, which only their account takes back. And who took it back.
ALTER TABLE import_done ADD COLUMN org TEXT;
ALTER TABLE import_done ADD COLUMN undone_by TEXT;
CREATE INDEX import_done_by_org ON import_done (org, at, id);
