-- What publishing a scenario did to the pairings, so that it can be undone within some working days: it ended some and
-- began others. A scenario has one more state, taken_back: it was published and that was undone.
CREATE TABLE matching_effect (
    scenario TEXT NOT NULL REFERENCES matching_scenario (id),
    pairing  TEXT NOT NULL REFERENCES pairing (id),
    -- begins, ends.
    effect   TEXT NOT NULL CHECK (effect IN ('begins', 'ends')),
    PRIMARY KEY (scenario, pairing)
);
CREATE INDEX matching_effect_by_pairing ON matching_effect (pairing);
