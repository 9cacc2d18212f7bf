-- A file of many rows is written in slices, each a transaction of its own. Until it is through, its line says how far it is.
-- '' once it is through; 'writing', 'undoing', or 'stopped' where its job failed half way.
ALTER TABLE import_done ADD COLUMN course TEXT NOT NULL DEFAULT '';
-- What it is an import of: of two with one subject one alone is under way.
ALTER TABLE import_done ADD COLUMN subject TEXT NOT NULL DEFAULT '';
-- The job that writes it or takes it back; '' where it was written in one transaction.
ALTER TABLE import_done ADD COLUMN job TEXT NOT NULL DEFAULT '';
-- So many of its rows are written, of so many.
ALTER TABLE import_done ADD COLUMN place BIGINT NOT NULL DEFAULT 0;
ALTER TABLE import_done ADD COLUMN total BIGINT NOT NULL DEFAULT 0;
-- Why it was taken back before it was through: the row and what is wrong with it.
ALTER TABLE import_done ADD COLUMN why TEXT NOT NULL DEFAULT '';
CREATE INDEX import_done_by_course ON import_done (course, kind, subject);
CREATE INDEX import_done_by_job ON import_done (job);
