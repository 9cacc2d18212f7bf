-- Two sums more above fund_move, coarser than fund_sum: what all the schools of a province come to is read from few rows.

-- What movements say of the money of one output, or of one share ('output' is then the share's id), over all years: claimed,
-- and what of it is confirmed. A thing with its value uses up no money.
CREATE TABLE fund_use (
    school        TEXT NOT NULL REFERENCES org (id),
    output        TEXT NOT NULL,
    arrived       BIGINT NOT NULL,
    arrived_sure  BIGINT NOT NULL,
    paid          BIGINT NOT NULL,
    paid_sure     BIGINT NOT NULL,
    returned      BIGINT NOT NULL,
    returned_sure BIGINT NOT NULL,
    PRIMARY KEY (school, output)
);

-- By all that the page of funding cuts by. What came of a share is not in it: that is read with its days.
CREATE TABLE fund_cut (
    school        TEXT NOT NULL REFERENCES org (id),
    project       TEXT NOT NULL,
    source        TEXT NOT NULL,
    year          BIGINT NOT NULL,
    arrived       BIGINT NOT NULL,
    arrived_sure  BIGINT NOT NULL,
    paid          BIGINT NOT NULL,
    paid_sure     BIGINT NOT NULL,
    returned      BIGINT NOT NULL,
    returned_sure BIGINT NOT NULL,
    in_kind       BIGINT NOT NULL,
    in_kind_sure  BIGINT NOT NULL,
    PRIMARY KEY (school, project, source, year)
);

INSERT INTO fund_use (school, output, arrived, arrived_sure, paid, paid_sure, returned, returned_sure)
    SELECT school, output,
        CAST(SUM(CASE WHEN kind = 'arrived' THEN claimed ELSE 0 END) AS BIGINT),
        CAST(SUM(CASE WHEN kind = 'arrived' THEN confirmed ELSE 0 END) AS BIGINT),
        CAST(SUM(CASE WHEN kind = 'paid' THEN claimed ELSE 0 END) AS BIGINT),
        CAST(SUM(CASE WHEN kind = 'paid' THEN confirmed ELSE 0 END) AS BIGINT),
        CAST(SUM(CASE WHEN kind = 'returned' THEN claimed ELSE 0 END) AS BIGINT),
        CAST(SUM(CASE WHEN kind = 'returned' THEN confirmed ELSE 0 END) AS BIGINT)
    FROM fund_sum WHERE output <> '' GROUP BY school, output;
INSERT INTO fund_cut (school, project, source, year, arrived, arrived_sure, paid, paid_sure, returned, returned_sure, in_kind, in_kind_sure)
    SELECT school, project, source, year,
        CAST(SUM(CASE WHEN kind = 'arrived' THEN claimed ELSE 0 END) AS BIGINT),
        CAST(SUM(CASE WHEN kind = 'arrived' THEN confirmed ELSE 0 END) AS BIGINT),
        CAST(SUM(CASE WHEN kind = 'paid' THEN claimed ELSE 0 END) AS BIGINT),
        CAST(SUM(CASE WHEN kind = 'paid' THEN confirmed ELSE 0 END) AS BIGINT),
        CAST(SUM(CASE WHEN kind = 'returned' THEN claimed ELSE 0 END) AS BIGINT),
        CAST(SUM(CASE WHEN kind = 'returned' THEN confirmed ELSE 0 END) AS BIGINT),
        CAST(SUM(CASE WHEN kind = 'in_kind' THEN claimed ELSE 0 END) AS BIGINT),
        CAST(SUM(CASE WHEN kind = 'in_kind' THEN confirmed ELSE 0 END) AS BIGINT)
    FROM fund_sum WHERE NOT (kind = 'arrived' AND output <> '') GROUP BY school, project, source, year;

-- What came of shares, school by school, without the movements beside it.
CREATE INDEX fund_move_came ON fund_move (school, share, day, amount, state) WHERE kind = 'arrived' AND share IS NOT NULL;
-- The list of movements, by what it is narrowed by, the newest first.
CREATE INDEX fund_move_by_state ON fund_move (state, day, id);
CREATE INDEX fund_move_by_source ON fund_move (source, day, id);
CREATE INDEX fund_move_by_kind ON fund_move (kind, day, id);
CREATE INDEX fund_move_by_project ON fund_move (project);
-- What waits for one organisation is read from an index of its own, in order, whatever else waits.
DROP INDEX fund_move_by_answerer;
DROP INDEX fund_move_by_org;
CREATE INDEX fund_move_by_answerer ON fund_move (answerer, state, day, id);
CREATE INDEX fund_move_by_org ON fund_move (org, state, day, id);

-- The index of the projects of one year, in the order of lists.
CREATE INDEX project_by_year ON project (year, order_key, id);
