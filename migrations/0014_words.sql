-- One term for each thing: what a record is about is a resource; what is raised with every change that counts is a
-- revision; what an application may be given is preference.
ALTER TABLE step RENAME COLUMN thing TO resource;
ALTER TABLE step RENAME COLUMN thing_id TO resource_id;
ALTER TABLE step RENAME COLUMN content TO revision;
ALTER TABLE audit_leaf RENAME COLUMN thing TO resource;
ALTER TABLE audit_leaf RENAME COLUMN thing_id TO resource_id;
ALTER TABLE output_stage RENAME COLUMN thing TO resource;
ALTER TABLE output_helper RENAME COLUMN thing TO resource;
ALTER TABLE figure_row RENAME COLUMN thing TO resource;
ALTER TABLE figure_change RENAME COLUMN thing TO resource;
ALTER TABLE agreement RENAME COLUMN content TO revision;
ALTER TABLE school_plan RENAME COLUMN content TO revision;
ALTER TABLE project_list RENAME COLUMN content TO revision;
ALTER TABLE project_remark RENAME COLUMN content TO revision;
ALTER TABLE profile RENAME COLUMN content TO revision;
ALTER TABLE matching_scenario RENAME COLUMN content TO revision;
ALTER TABLE matching_result RENAME COLUMN content TO revision;
ALTER TABLE application_case RENAME COLUMN tilt TO preference;
ALTER TABLE application_case RENAME COLUMN tilt_words TO preference_words;
