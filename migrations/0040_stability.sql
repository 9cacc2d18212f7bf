-- Which weight would part each pair of a scenario, made once in the background and kept: of what revision it is, and the job
-- that makes it. While that is at work there is no body.
CREATE TABLE matching_stability (
    scenario TEXT PRIMARY KEY REFERENCES matching_scenario (id),
    revision BIGINT NOT NULL,
    job      TEXT NOT NULL,
    body     TEXT NOT NULL
);
