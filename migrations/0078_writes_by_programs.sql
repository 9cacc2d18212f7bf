-- Whether programs may write by a token what its holder may write; nothing where it was made to read, before there was a choice.
ALTER TABLE access_token ADD COLUMN writes BOOLEAN;

-- What programs were answered that wrote something, by a digest of token and key: sending it again gets the same answer.
CREATE TABLE program_answer (
    id      TEXT PRIMARY KEY,
    -- A digest of what was sent.
    content TEXT NOT NULL,
    answer  TEXT NOT NULL,
    at      TIMESTAMPTZ NOT NULL
);
CREATE INDEX program_answer_by_time ON program_answer (at);
