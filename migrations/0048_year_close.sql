-- 年度收尾: what the figures of a year were when the provincial office closed it. It locks nothing: what is corrected later stands
-- beside it.
CREATE TABLE year_close (
    id        TEXT PRIMARY KEY,
    year      BIGINT NOT NULL UNIQUE,
    host      TEXT NOT NULL REFERENCES org (id),
    closed_on DATE NOT NULL,
    -- What was kept, byte for byte, and its SHA-256.
    text      TEXT NOT NULL,
    digest    TEXT NOT NULL
);
