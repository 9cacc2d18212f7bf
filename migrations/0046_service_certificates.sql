-- 协作经历证明 (T4.7): what the ledger says of one person, kept as it was printed.
CREATE TABLE service_certificate (
    id           TEXT PRIMARY KEY,
    -- Who gave it, and to whom.
    org          TEXT NOT NULL REFERENCES org (id),
    person       TEXT NOT NULL REFERENCES person (id),
    -- Its place among those of this organisation and year.
    year         BIGINT NOT NULL,
    place        BIGINT NOT NULL,
    from_day     DATE NOT NULL,
    to_day       DATE NOT NULL,
    -- What the person lets the public page show, with commas between.
    shows        TEXT NOT NULL,
    -- What stands on the paper, its SHA-256, and the code printed beside it; who looks a code up knows it already.
    parcel       TEXT NOT NULL,
    digest       TEXT NOT NULL,
    code         TEXT NOT NULL,
    code_digest  TEXT NOT NULL UNIQUE,
    issued_on    DATE NOT NULL,
    withdrawn_on DATE,
    state        TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    version      BIGINT NOT NULL,
    UNIQUE (org, year, place)
);
CREATE INDEX service_certificate_by_person ON service_certificate (person);
