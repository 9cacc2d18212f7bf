-- 搜索: by what each thing is found, computed from its row and written with it (`jiedui search verify` compares the two).
-- Ids follow the time, so that the newest stand first where a term is read backwards.
CREATE TABLE search_thing (
    -- The table of the row.
    kind    TEXT NOT NULL,
    id      TEXT NOT NULL,
    -- By whom it can be seen, as far as one of these says it; '' where it is for more than those.
    pairing TEXT NOT NULL,
    org     TEXT NOT NULL,
    -- Its terms, divided by blanks.
    terms   TEXT NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE TABLE search_term (
    -- The kind, a colon, and the term.
    term TEXT NOT NULL,
    id   TEXT NOT NULL,
    PRIMARY KEY (term, id)
);

-- What an organisation recorded lately, the newest first.
CREATE INDEX entry_of_claimant ON entry (claimant, to_day, id);
