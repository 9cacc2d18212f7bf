-- 抽查: which confirmed entries of a month were drawn to be looked at again, and what a second person said of each.
CREATE TABLE spot_draw (
    -- "202611"; drawn once.
    month          TEXT PRIMARY KEY,
    -- SHA-256 of the month and the root of the log as it was: nobody could choose it.
    seed           TEXT NOT NULL,
    -- 0 and "" before the first head.
    log_size       BIGINT NOT NULL,
    log_root       TEXT NOT NULL,
    -- The version of the programme, and what it said then.
    programme      TEXT NOT NULL,
    share_permille BIGINT NOT NULL,
    most_per_unit  BIGINT NOT NULL,
    -- Among which was drawn, so that it can be drawn again for ever: a line for each, its id and the unit that confirmed it.
    candidates     TEXT NOT NULL,
    number         BIGINT NOT NULL,
    -- SHA-256 of them.
    digest         TEXT NOT NULL,
    drawn_at       TIMESTAMPTZ NOT NULL
);

CREATE TABLE spot_check (
    id        TEXT PRIMARY KEY,
    month     TEXT NOT NULL REFERENCES spot_draw (month),
    entry     TEXT NOT NULL REFERENCES entry (id),
    -- That confirmed it, and looks again by another account.
    unit      TEXT NOT NULL REFERENCES org (id),
    due       DATE NOT NULL,
    -- waiting, held, differs, lapsed.
    state     TEXT NOT NULL,
    -- Why nobody looked: late, alone, changed; "" elsewhere.
    why       TEXT NOT NULL,
    -- The unit, or the bureau above it where it has one account alone.
    looked_by TEXT REFERENCES org (id),
    looked_at TIMESTAMPTZ,
    version   BIGINT NOT NULL,
    CHECK ((state = 'lapsed') = (why <> '')),
    CHECK ((state IN ('held', 'differs')) = (looked_by IS NOT NULL)),
    CHECK ((looked_by IS NULL) = (looked_at IS NULL))
);
CREATE UNIQUE INDEX spot_check_once ON spot_check (month, entry);
CREATE INDEX spot_check_by_unit ON spot_check (unit, state);
CREATE INDEX spot_check_by_entry ON spot_check (entry);
CREATE INDEX spot_check_by_state ON spot_check (state, month);

-- Confirmations by the other side, by day: among those of a month is drawn.
CREATE INDEX step_confirming ON step (at) WHERE resource = 'entry' AND kind IN ('confirm', 'part');
