-- What the scoring model reads beside needs, capacities and pairings.

-- Degrees; absent where nobody has said where the division lies.
ALTER TABLE division ADD COLUMN lon DOUBLE PRECISION;
ALTER TABLE division ADD COLUMN lat DOUBLE PRECISION;

-- Major categories 专业大类: of a school's majors (major), or of the industries of a county school's county (industry).
-- Names are those of the programme. A row that ends before it begins was set by mistake and never held.
CREATE TABLE org_category (
    id       TEXT PRIMARY KEY,
    org      TEXT NOT NULL REFERENCES org (id),
    kind     TEXT NOT NULL,
    category TEXT NOT NULL,
    source   TEXT NOT NULL,
    from_day DATE NOT NULL,
    to_day   DATE
);
CREATE INDEX org_category_by_org ON org_category (org, kind);
