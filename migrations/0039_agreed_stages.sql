-- What was confirmed of an output stays confirmed while its next stage waits for an answer: 1 where the output was confirmed
-- as this stage said before it went on.
ALTER TABLE output_stage ADD COLUMN agreed BIGINT NOT NULL DEFAULT 0;
