-- The matching studio (G0.1, G1.1): scenarios of the provincial office, what the solver answered, and what was published.

CREATE TABLE matching_scenario (
    id           TEXT PRIMARY KEY,
    name         TEXT NOT NULL,
    -- first: county schools without a pairing; review: all of them, with the cost of changing.
    kind         TEXT NOT NULL,
    -- draft, published, dropped.
    state        TEXT NOT NULL,
    -- The day of which the facts are.
    day          DATE NOT NULL,
    -- Stances, weights, limits and choices, as JSON.
    body         TEXT NOT NULL,
    -- Raised with every change of what is asked.
    content      BIGINT NOT NULL,
    -- The scenario of which it began as a copy.
    base         TEXT REFERENCES matching_scenario (id),
    made_at      TIMESTAMPTZ NOT NULL,
    published_on DATE,
    -- The first day of the pairings that it makes.
    starts_on    DATE,
    version      BIGINT NOT NULL
);

-- The solved state of a scenario's present content. Facts and rules stand beside the answer, so that a published result
-- explains itself for ever.
CREATE TABLE matching_result (
    scenario  TEXT PRIMARY KEY REFERENCES matching_scenario (id),
    content   BIGINT NOT NULL,
    facts     TEXT NOT NULL,
    rules     TEXT NOT NULL,
    -- The two files, byte for byte.
    instance  TEXT NOT NULL,
    result    TEXT NOT NULL,
    -- optimal, feasible, infeasible; invalid where the question itself cannot be asked.
    status    TEXT NOT NULL,
    schools   BIGINT NOT NULL,
    objective BIGINT,
    bound     BIGINT,
    solved_at TIMESTAMPTZ NOT NULL
);

-- What a published scenario says of each county school, for those who do not see scenarios.
CREATE TABLE matching_assignment (
    scenario      TEXT NOT NULL REFERENCES matching_scenario (id),
    county_school TEXT NOT NULL REFERENCES org (id),
    lead          TEXT NOT NULL REFERENCES org (id),
    nearby        TEXT NOT NULL REFERENCES org (id),
    -- begins, stays.
    becomes       TEXT NOT NULL,
    PRIMARY KEY (scenario, county_school)
);
CREATE INDEX matching_assignment_by_school ON matching_assignment (county_school);
CREATE INDEX matching_assignment_by_lead ON matching_assignment (lead);
CREATE INDEX matching_assignment_by_nearby ON matching_assignment (nearby);

-- What one side wishes of the other, as the office was told: −2 … 2.
CREATE TABLE matching_wish (
    id       TEXT PRIMARY KEY,
    org      TEXT NOT NULL REFERENCES org (id),
    other    TEXT NOT NULL REFERENCES org (id),
    wish     BIGINT NOT NULL,
    reason   TEXT NOT NULL,
    from_day DATE NOT NULL,
    to_day   DATE
);
CREATE INDEX matching_wish_by_org ON matching_wish (org);
