-- The words of the plan itself, loaded by the office for one version of the programme. They are never a part of the program.
CREATE TABLE clause_text (
    -- The programme and its version, as programme.toml names them.
    programme TEXT NOT NULL,
    clause    TEXT NOT NULL,
    edition   TEXT NOT NULL,
    text      TEXT NOT NULL,
    loaded_by TEXT NOT NULL,
    loaded_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (programme, clause, edition)
);
