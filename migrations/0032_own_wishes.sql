-- Until which day county schools and colleges enter their own wishes. At most one is open.
CREATE TABLE matching_call (
    id        TEXT PRIMARY KEY,
    opened_on DATE NOT NULL,
    last_day  DATE NOT NULL,
    version   BIGINT NOT NULL,
    CHECK (opened_on <= last_day)
);

-- Of a wish that a school entered by itself; NULL where the office wrote down what it was told.
ALTER TABLE matching_wish ADD COLUMN call TEXT REFERENCES matching_call (id);
