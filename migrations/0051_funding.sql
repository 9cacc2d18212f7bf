-- 经费 (S2.1, S2.2, S2.3, T1.3): what was paid of a money, and what came that nothing else in the system carries. What was promised,
-- granted and received stands in output_thing and output_stage, what was planned in project and school_plan.
CREATE TABLE fund_move (
    id       TEXT PRIMARY KEY,
    school   TEXT NOT NULL REFERENCES org (id),
    -- Who recorded it, and who answers: the school and the bureau above it, either way round.
    org      TEXT NOT NULL REFERENCES org (id),
    answerer TEXT NOT NULL REFERENCES org (id),
    -- arrived, paid, returned, in_kind.
    kind     TEXT NOT NULL,
    -- A source of the programme.
    source   TEXT NOT NULL,
    -- The promise or grant whose money it is; none where no output carries it.
    output   TEXT REFERENCES output_thing (id),
    -- The share of an allocation whose money it is; then no output carries it.
    share    TEXT REFERENCES allocation_share (id),
    project  TEXT REFERENCES project (id),
    day      DATE NOT NULL,
    -- In cents.
    amount   BIGINT NOT NULL CHECK (amount > 0),
    words    TEXT NOT NULL,
    number   TEXT NOT NULL,
    -- recorded, confirmed, disputed, withdrawn.
    state    TEXT NOT NULL,
    revision BIGINT NOT NULL,
    version  BIGINT NOT NULL
);
CREATE INDEX fund_move_by_day ON fund_move (day, id);
CREATE INDEX fund_move_by_school ON fund_move (school, day, id);
CREATE INDEX fund_move_by_output ON fund_move (output);
CREATE INDEX fund_move_by_share ON fund_move (share);
CREATE INDEX fund_move_by_answerer ON fund_move (answerer, state);
CREATE INDEX fund_move_by_org ON fund_move (org, state);

-- Sums of fund_move, raised and lowered with it, so that no page adds up the ledger. '' where there is no output or project;
-- what is of a share has the share's id in the place of the output's.
CREATE TABLE fund_sum (
    school    TEXT NOT NULL REFERENCES org (id),
    source    TEXT NOT NULL,
    output    TEXT NOT NULL,
    project   TEXT NOT NULL,
    year      BIGINT NOT NULL,
    kind      TEXT NOT NULL,
    claimed   BIGINT NOT NULL,
    confirmed BIGINT NOT NULL,
    PRIMARY KEY (school, source, output, project, year, kind)
);
