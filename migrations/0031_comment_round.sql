-- A comment round 征求意见 for a scenario: what is proposed to whom, until when they may say something, and what they said.
-- A scenario has one more state, consulting: it is being commented on and is not changed meanwhile.
CREATE TABLE matching_round (
    id        TEXT PRIMARY KEY,
    scenario  TEXT NOT NULL REFERENCES matching_scenario (id),
    -- Of the scenario: a round says nothing about what was changed after it.
    revision  BIGINT NOT NULL,
    opened_on DATE NOT NULL,
    -- The last day on which a remark can be made or changed.
    closes_on DATE NOT NULL,
    closed_on DATE,
    version   BIGINT NOT NULL,
    CHECK (opened_on <= closes_on)
);
CREATE UNIQUE INDEX matching_round_once ON matching_round (scenario) WHERE closed_on IS NULL;

-- One pair of it, as its parties see it.
CREATE TABLE matching_proposal (
    id            TEXT PRIMARY KEY,
    round         TEXT NOT NULL REFERENCES matching_round (id),
    scenario      TEXT NOT NULL REFERENCES matching_scenario (id),
    county_school TEXT NOT NULL REFERENCES org (id),
    lead          TEXT NOT NULL REFERENCES org (id),
    nearby        TEXT NOT NULL REFERENCES org (id),
    UNIQUE (round, county_school)
);
CREATE INDEX matching_proposal_by_school ON matching_proposal (county_school);
CREATE INDEX matching_proposal_by_lead ON matching_proposal (lead);
CREATE INDEX matching_proposal_by_nearby ON matching_proposal (nearby);

-- What a party says of its pair, once; it may change it until the round closes.
CREATE TABLE matching_remark (
    id       TEXT PRIMARY KEY,
    proposal TEXT NOT NULL REFERENCES matching_proposal (id),
    org      TEXT NOT NULL REFERENCES org (id),
    agrees   BOOLEAN NOT NULL,
    text     TEXT NOT NULL,
    at       TIMESTAMPTZ NOT NULL,
    version  BIGINT NOT NULL,
    UNIQUE (proposal, org)
);
