-- What somebody said about one figure: bound to the indicator, its cut and its period, and found again there (S1.3).
CREATE TABLE figure_remark (
    id        TEXT PRIMARY KEY,
    indicator TEXT NOT NULL,
    -- The address of the figure behind its question mark, and how people call it.
    cut       TEXT NOT NULL,
    label     TEXT NOT NULL,
    -- Who said it, and to whom.
    author    TEXT NOT NULL REFERENCES org (id),
    about     TEXT NOT NULL REFERENCES org (id),
    text      TEXT NOT NULL,
    made_on   DATE NOT NULL,
    state     TEXT NOT NULL,
    revision  BIGINT NOT NULL,
    version   BIGINT NOT NULL
);
CREATE INDEX figure_remark_by_figure ON figure_remark (indicator, cut);
CREATE INDEX figure_remark_by_about ON figure_remark (about, state);
CREATE INDEX figure_remark_by_author ON figure_remark (author, state);

-- Why a school asks for its month to be given back; '' where it does not.
ALTER TABLE month_report ADD COLUMN asked TEXT NOT NULL DEFAULT '';
