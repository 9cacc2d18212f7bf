-- 岗位对口的专业 (T12.2): the majors that a post names within its category. None where any of the category fits.
CREATE TABLE vacancy_major (
    vacancy TEXT NOT NULL REFERENCES vacancy (id),
    -- Copied: the catalogue may change, what was asked for does not.
    name    TEXT NOT NULL,
    PRIMARY KEY (vacancy, name)
);
-- Who teaches what a post asks for, wherever that is.
CREATE INDEX school_major_by_category ON school_major (category, name);
CREATE INDEX school_major_by_name ON school_major (name, category);
